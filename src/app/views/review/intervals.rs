//! The list of intervals in the panel.

use super::{super::Out, send, weak};
use crate::{
    app::{
        review::{ReviewMessage, intervals::IntervalMessage, rhythm_colours},
        state::State,
        theme,
        views::format,
    },
    recording::SampleRange,
    review::{Interval, IntervalId, Review},
};
use egui::{RichText, Ui};

/// Intervals that the list shows at most; the nearest to the page are.
const MOST: usize = 200;

/// Shows the part.
pub fn show(ui: &mut Ui, state: &State, review: &Review, out: Out) {
    let interval = |message| ReviewMessage::Interval(message);
    ui.horizontal_wrapped(|ui| {
        if ui
            .button("Mark what is in view")
            .on_hover_text("Shift and dragging marks on the page; g marks by key in label mode")
            .clicked()
        {
            let SampleRange { start, end } = state.visible();
            send(out, interval(IntervalMessage::New(SampleRange { start, end })));
        }
    });
    let mut all: Vec<(&IntervalId, &Interval)> = review.content().intervals.iter().collect();
    if all.is_empty() {
        weak(ui, "None marked. Shift and dragging on the page marks one.");
        return;
    }
    all.sort_by_key(|(_, interval)| (interval.start(), interval.range.end));
    let near = all.partition_point(|(_, interval)| interval.range.end < state.view.start);
    let first = near.saturating_sub(MOST / 2).min(all.len().saturating_sub(MOST));
    if all.len() > MOST {
        weak(ui, &format!("{} in all; those near the page:", all.len()));
    }
    for (id, one) in all.iter().skip(first).take(MOST) {
        row(ui, state, **id, one, out);
    }
}

fn row(ui: &mut Ui, state: &State, id: IntervalId, one: &Interval, out: Out) {
    let Some(recording) = state.recording() else { return };
    let interval = |message| ReviewMessage::Interval(message);
    let at = |sample| format::time(recording, recording.rate.seconds(sample));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        let colour = rhythm_colours::colour(&one.kind);
        let tag = format!(" {} ", rhythm_colours::text(&one.kind, ""));
        ui.label(RichText::new(tag).small().color(rhythm_colours::on(colour)).background_color(colour));
        let lead = one.lead.as_ref().map(|lead| format!(" {lead}")).unwrap_or_default();
        let when = if one.is_event() { at(one.start()) } else { format!("{} to {}", at(one.start()), at(one.range.end)) };
        let name = format!("{}{lead}, {when}", one.kind.name());
        if ui.link(RichText::new(&name).small()).on_hover_text("Show it").clicked() {
            send(out, interval(IntervalMessage::GoTo(id)));
        }
        if !one.text.is_empty() {
            ui.label(RichText::new(&one.text).small().color(theme::ui::weak()));
        }
        if ui.small_button("Edit").accessible_name(format!("Edit {name}")).clicked() {
            send(out, interval(IntervalMessage::Edit(id)));
        }
        if ui.small_button("Delete").accessible_name(format!("Delete {name}")).clicked() {
            send(out, interval(IntervalMessage::Delete(id)));
        }
    });
}
