//! The bar of label mode: that it is on, the chosen beat, what waits for a yes, what was done last.

use super::{super::Out, send};
use crate::app::{
    review::{Pending, ReviewMessage, look},
    state::State,
    theme,
};
use crate::words::{Bar, fill};
use egui::{Align, Label, Layout, RichText, Ui};

/// Whether the bar is shown.
pub fn wanted(state: &State) -> bool {
    state.desk.label_mode && state.recording().is_some()
}

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    // One line always: the page below must not jump when something is said.
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let words = &state.words().review.bar;
        let tag = RichText::new(format!("  {}  ", words.label_mode))
            .strong()
            .color(theme::ui::sheet())
            .background_color(theme::ui::accent());
        ui.label(tag).on_hover_text(&words.label_mode_help);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            match &state.desk.pending {
                Some(_) => answers(ui, words, out),
                None => {
                    if ui.small_button(&words.leave).clicked() {
                        send(out, ReviewMessage::ToggleLabelMode);
                    }
                    if state.desk.shapes.busy.is_some() {
                        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                            super::clusters::working(ui, state, out);
                            told(ui, state);
                        });
                        return;
                    }
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| told(ui, state));
        });
    });
}

/// What would be changed, or which beats are chosen and what was done last; keys where there is room.
fn told(ui: &mut Ui, state: &State) {
    let words = &state.words().review.bar;
    let mut say = |text: RichText| drop(ui.add(Label::new(text).truncate()));
    if let Some(pending) = &state.desk.pending {
        return say(RichText::new(asked(pending, words)).strong().color(theme::ui::caution()));
    }
    say(RichText::new(chosen(state)));
    if let Some(said) = &state.desk.said {
        say(RichText::new(said).strong().color(theme::ui::accent()));
    }
    say(RichText::new(&words.hint).color(theme::ui::weak()));
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
fn asked(pending: &Pending, words: &Bar) -> String {
    let from: Vec<String> = pending.preview.from.iter().map(|(label, count)| format!("{count} {label}")).collect();
    fill(&words.preview, &[("name", &pending.preview.name), ("from", &from.join(", "))])
}

/// Yes and no, from right to left.
fn answers(ui: &mut Ui, words: &Bar, out: Out) {
    if ui.button(&words.leave_it).clicked() {
        send(out, ReviewMessage::DropPending);
    }
    if ui.button(&words.do_it).clicked() {
        send(out, ReviewMessage::CarryOut);
    }
}
