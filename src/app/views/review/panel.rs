//! The panel beside the page with everything a person decides.

use super::{
    super::{Out, widgets},
    beats, clusters, compare, conclusion, findings, intervals, send, weak,
};
use crate::{
    app::{
        review::{ReviewMessage, files::FileMessage},
        state::State,
        theme,
    },
    review::{Review, State as Workflow},
};
use egui::{Button, RichText, Ui};

/// Room for the scroll bar.
const SCROLL_BAR: f32 = 12.0;

/// Shows the panel.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    ui.take_available_width();
    egui::ScrollArea::vertical().id_salt("review").auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - SCROLL_BAR);
        let Some(review) = state.desk.review() else { return without(ui, state, out) };
        head(ui, state, review, out);
        if state.machine_hidden() {
            ui.add_space(6.0);
            super::hidden(ui, out);
        }
        widgets::section(ui, "Beats");
        beats::show(ui, state, out);
        clusters::show(ui, state, out);
        widgets::section(ui, "Intervals");
        intervals::show(ui, state, review, out);
        widgets::section(ui, "Findings");
        findings::show(ui, state, review, out);
        widgets::section(ui, "Conclusion");
        conclusion::show(ui, state, out);
        widgets::section(ui, "Other readers");
        compare::show(ui, state, out);
        widgets::section(ui, "Files");
        ui.horizontal(|ui| {
            if ui.button("Export labels").on_hover_text("To WFDB, EDF+, CSV, JSON or a training folder (Ctrl E)").clicked() {
                send(out, ReviewMessage::File(FileMessage::AskExport));
            }
            if ui.button("Import labels").on_hover_text("Of another annotator, as a further reader (Ctrl I)").clicked() {
                send(out, ReviewMessage::File(FileMessage::AskImport));
            }
        });
        ui.add_space(12.0);
    });
}

/// Why there is no review, and what helps.
fn without(ui: &mut Ui, state: &State, out: Out) {
    let Some(reason) = state.not_editable() else { return };
    ui.add(egui::Label::new(RichText::new(reason).color(theme::ui::caution())).wrap());
    if state.desk.store().is_some() && state.desk.me().is_none() && ui.button("Say who reviews").clicked() {
        send(out, ReviewMessage::AskWho);
    }
}

/// Who, where it stands, confirming, undo and redo, label mode.
fn head(ui: &mut Ui, state: &State, review: &Review, out: Out) {
    ui.horizontal_wrapped(|ui| {
        let name = state.desk.me().map(|me| me.name.clone()).unwrap_or_default();
        ui.label(RichText::new(name).strong());
        let colour = if review.state().is_confirmed() { theme::ui::accent() } else { theme::ui::caution() };
        ui.label(RichText::new(review.state().name()).color(colour));
        if let Some(reason) = review.reason() {
            ui.label(RichText::new(format!("reason: {reason}")).small().color(theme::ui::weak()));
        }
    });
    ui.horizontal_wrapped(|ui| {
        if review.state() == Workflow::Confirmed {
            if ui.button("Take up again").on_hover_text("Un-confirms the review; a reason is asked for").clicked() {
                send(out, ReviewMessage::Reopen);
            }
        } else if ui.button(RichText::new("Confirm").strong()).on_hover_text("You stand for the review (Ctrl Enter)").clicked() {
            send(out, ReviewMessage::Confirm);
        }
        let step = |name: Option<&str>, verb: &str| name.map_or(format!("Nothing to {verb}"), |name| format!("{verb}: {name}"));
        let undo = ui.add_enabled(review.undo_name().is_some(), Button::new("Undo"));
        if undo.on_hover_text(format!("{} (Ctrl Z)", step(review.undo_name(), "Undo"))).clicked() {
            send(out, ReviewMessage::Undo);
        }
        let redo = ui.add_enabled(review.redo_name().is_some(), Button::new("Redo"));
        if redo.on_hover_text(format!("{} (Ctrl Shift Z)", step(review.redo_name(), "Redo"))).clicked() {
            send(out, ReviewMessage::Redo);
        }
        if ui.button("Steps").on_hover_text("List of all steps (Ctrl H)").clicked() {
            send(out, ReviewMessage::ToggleHistory);
        }
        let label = ui.selectable_label(state.desk.label_mode, "Label mode");
        if label.on_hover_text("Letters are beat types (A)").clicked() {
            send(out, ReviewMessage::ToggleLabelMode);
        }
    });
    if let Some(name) = review.undo_name() {
        weak(ui, &format!("Last step: {name}"));
    }
    if let Some(said) = state.desk.said.as_ref().filter(|_| !state.desk.label_mode) {
        ui.add(egui::Label::new(RichText::new(said).color(theme::ui::accent())).wrap());
    }
}
