//! The bar of label mode: that it is on, the chosen beat, what waits for a yes, what was done last.

use super::{super::Out, send};
use crate::app::{
    review::{Pending, ReviewMessage, look},
    state::State,
    theme,
};
use crate::words::{ReviewWords, fill};
use egui::{RichText, Ui};

/// Whether the bar is shown.
pub fn wanted(state: &State) -> bool {
    state.desk.label_mode && state.recording().is_some()
}

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let review = &state.words().review;
        let words = &review.bar;
        let tag = RichText::new(format!("  {}  ", words.label_mode))
            .strong()
            .color(theme::ui::sheet())
            .background_color(theme::ui::accent());
        ui.label(tag).on_hover_text(&words.label_mode_help);
        if let Some(pending) = &state.desk.pending {
            return ask(ui, pending, review, out);
        }
        ui.label(chosen(state));
        if let Some(said) = &state.desk.said {
            ui.label(RichText::new(said).strong().color(theme::ui::accent()));
        }
        if state.desk.shapes.busy.is_some() {
            super::clusters::working(ui, state, out);
        }
        ui.label(RichText::new(&words.hint).color(theme::ui::weak()));
        if ui.small_button(&words.leave).clicked() {
            send(out, ReviewMessage::ToggleLabelMode);
        }
    });
}

/// The chosen beats in words.
fn chosen(state: &State) -> String {
    let words = &state.words().review.bar;
    let selection = &state.desk.selection;
    match (selection.beats.len(), state.desk.opening, state.desk.review()) {
        (_, Some(_), _) => words.opening.clone(),
        (_, _, None) => state.not_editable().unwrap_or_default(),
        (0, ..) => words.no_beat.clone(),
        (1, ..) => selection.at.and_then(|at| look::words(state, at)).unwrap_or_default(),
        (count, ..) => fill(&words.chosen, &[("count", &count.to_string())]),
    }
}

/// What an edit of many beats would do.
fn ask(ui: &mut Ui, pending: &Pending, words: &ReviewWords, out: Out) {
    let words = &words.bar;
    let from: Vec<String> = pending.preview.from.iter().map(|(label, count)| format!("{count} {label}")).collect();
    let text = fill(&words.preview, &[("name", &pending.preview.name), ("from", &from.join(", "))]);
    ui.label(RichText::new(text).strong().color(theme::ui::caution()));
    if ui.button(&words.do_it).clicked() {
        send(out, ReviewMessage::CarryOut);
    }
    if ui.button(&words.leave_it).clicked() {
        send(out, ReviewMessage::DropPending);
    }
}
