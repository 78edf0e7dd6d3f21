//! The bar of label mode: that it is on, the chosen beat, what waits for a yes, what was done last.

use super::{super::Out, send};
use crate::app::{
    review::{Pending, ReviewMessage, look},
    state::State,
    theme,
};
use egui::{RichText, Ui};

/// Whether the bar is shown.
pub fn wanted(state: &State) -> bool {
    state.desk.label_mode && state.recording().is_some()
}

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let tag = RichText::new("  LABEL MODE  ").strong().color(theme::ui::sheet()).background_color(theme::ui::accent());
        ui.label(tag).on_hover_text("Letters are beat types now, not shortcuts");
        if let Some(pending) = &state.desk.pending {
            return ask(ui, pending, out);
        }
        ui.label(chosen(state));
        if let Some(said) = &state.desk.said {
            ui.label(RichText::new(said).strong().color(theme::ui::accent()));
        }
        let hint = "a letter relabels · arrows: beats · u: uncertain · i: add · Del: delete · g: interval · Esc: leave";
        ui.label(RichText::new(hint).color(theme::ui::weak()));
        if ui.small_button("Leave label mode").clicked() {
            send(out, ReviewMessage::ToggleLabelMode);
        }
    });
}

/// The chosen beats in words.
fn chosen(state: &State) -> String {
    let selection = &state.desk.selection;
    match (selection.beats.len(), state.desk.opening, state.desk.review()) {
        (_, Some(_), _) => "The review is being opened ...".to_owned(),
        (_, _, None) => state.not_editable().unwrap_or_default(),
        (0, ..) => "No beat chosen: click one, or press an arrow key".to_owned(),
        (1, ..) => selection.at.and_then(|at| look::words(state, at)).unwrap_or_default(),
        (count, ..) => format!("{count} beats chosen"),
    }
}

/// What an edit of many beats would do.
fn ask(ui: &mut Ui, pending: &Pending, out: Out) {
    let from: Vec<String> = pending.preview.from.iter().map(|(label, count)| format!("{count} {label}")).collect();
    let text = format!("{}: now {}", pending.preview.name, from.join(", "));
    ui.label(RichText::new(text).strong().color(theme::ui::caution()));
    if ui.button("Do it (Enter)").clicked() {
        send(out, ReviewMessage::CarryOut);
    }
    if ui.button("Leave it (Esc)").clicked() {
        send(out, ReviewMessage::DropPending);
    }
}
