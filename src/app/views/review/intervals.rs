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
    words::fill,
};
use egui::{RichText, Ui};

/// Intervals that the list shows at most; the nearest to the page are.
const MOST: usize = 200;

/// Shows the part.
pub fn show(ui: &mut Ui, state: &State, review: &Review, out: Out) {
    let interval = |message| ReviewMessage::Interval(message);
    let words = &state.words().review.intervals;
    ui.horizontal_wrapped(|ui| {
        if ui.button(&words.mark_view).on_hover_text(&words.mark_view_help).clicked() {
            let SampleRange { start, end } = state.visible();
            send(out, interval(IntervalMessage::New(SampleRange { start, end })));
        }
    });
    let mut all: Vec<(&IntervalId, &Interval)> = review.content().intervals.iter().collect();
    if all.is_empty() {
        weak(ui, &words.none);
        return;
    }
    all.sort_by_key(|(_, interval)| (interval.start(), interval.range.end));
    let near = all.partition_point(|(_, interval)| interval.range.end < state.view.start);
    let first = near.saturating_sub(MOST / 2).min(all.len().saturating_sub(MOST));
    if all.len() > MOST {
        weak(ui, &fill(&words.many, &[("count", &all.len().to_string())]));
    }
    for (id, one) in all.iter().skip(first).take(MOST) {
        row(ui, state, **id, one, out);
    }
}

fn row(ui: &mut Ui, state: &State, id: IntervalId, one: &Interval, out: Out) {
    let Some(recording) = state.recording() else { return };
    let interval = |message| ReviewMessage::Interval(message);
    let words = &state.words().review.intervals;
    let at = |sample| format::time(recording, recording.rate.seconds(sample));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        let colour = rhythm_colours::colour(&one.kind);
        let tag = format!(" {} ", rhythm_colours::text(&one.kind, "", &state.words().review));
        ui.label(RichText::new(tag).small().color(rhythm_colours::on(colour)).background_color(colour));
        let lead = one.lead.as_ref().map(|lead| format!(" {lead}")).unwrap_or_default();
        let when = match one.is_event() {
            true => at(one.start()),
            false => fill(&words.span, &[("from", &at(one.start())), ("to", &at(one.range.end))]),
        };
        let name = format!("{}{lead}, {when}", state.words().review.kind(&one.kind));
        if ui.link(RichText::new(&name).small()).on_hover_text(&words.show).clicked() {
            send(out, interval(IntervalMessage::GoTo(id)));
        }
        if !one.text.is_empty() {
            ui.label(RichText::new(&one.text).small().color(theme::ui::weak()));
        }
        if ui.small_button(&words.edit).accessible_name(fill(&words.edit_one, &[("name", &name)])).clicked() {
            send(out, interval(IntervalMessage::Edit(id)));
        }
        if ui.small_button(&words.delete).accessible_name(fill(&words.delete_one, &[("name", &name)])).clicked() {
            send(out, interval(IntervalMessage::Delete(id)));
        }
    });
}
