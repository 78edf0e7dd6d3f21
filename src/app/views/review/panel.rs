//! The panel beside the page with everything a person decides.

use super::{
    super::{Out, widgets},
    beats, clusters, compare, conclusion, findings, intervals, send, weak,
};
use crate::{
    app::{
        language,
        review::{ReviewMessage, files::FileMessage},
        state::State,
        theme,
    },
    review::{Review, State as Workflow},
    words::fill,
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
        let words = &state.words().review.panel;
        head(ui, state, review, out);
        if state.machine_hidden() {
            ui.add_space(6.0);
            super::hidden(ui, state, out);
        }
        widgets::section(ui, &words.beats);
        beats::show(ui, state, out);
        clusters::show(ui, state, out);
        widgets::section(ui, &words.intervals);
        intervals::show(ui, state, review, out);
        widgets::section(ui, &words.findings);
        findings::show(ui, state, review, out);
        widgets::section(ui, &words.conclusion);
        conclusion::show(ui, state, out);
        widgets::section(ui, &words.others);
        compare::show(ui, state, out);
        widgets::section(ui, &words.files);
        ui.horizontal(|ui| {
            if ui.button(&words.export).on_hover_text(&words.export_help).clicked() {
                send(out, ReviewMessage::File(FileMessage::AskExport));
            }
            if ui.button(&words.import).on_hover_text(&words.import_help).clicked() {
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
    if state.desk.store().is_some() && state.desk.me().is_none() && ui.button(&state.words().review.panel.say_who).clicked() {
        send(out, ReviewMessage::AskWho);
    }
}

/// Who, where it stands, confirming, undo and redo, label mode.
fn head(ui: &mut Ui, state: &State, review: &Review, out: Out) {
    let words = &state.words().review.panel;
    ui.horizontal_wrapped(|ui| {
        let name = state.desk.me().map(|me| me.name.clone()).unwrap_or_default();
        ui.label(RichText::new(name).strong());
        let colour = if review.state().is_confirmed() { theme::ui::accent() } else { theme::ui::caution() };
        ui.label(RichText::new(state.words().review.state(review.state())).color(colour));
        if let Some(reason) = review.reason() {
            ui.label(RichText::new(fill(&words.reason, &[("reason", reason)])).small().color(theme::ui::weak()));
        }
    });
    ui.horizontal_wrapped(|ui| {
        if review.state() == Workflow::Confirmed {
            if ui.button(&words.reopen).on_hover_text(&words.reopen_help).clicked() {
                send(out, ReviewMessage::Reopen);
            }
        } else if ui.button(RichText::new(&words.confirm).strong()).on_hover_text(&words.confirm_help).clicked() {
            send(out, ReviewMessage::Confirm);
        }
        let help = |name: Option<&str>, some: &str, none: &str| {
            name.map_or_else(|| none.to_owned(), |name| fill(some, &[("name", &language::said(name))]))
        };
        let undo = ui.add_enabled(review.undo_name().is_some(), Button::new(&words.undo));
        if undo.on_hover_text(help(review.undo_name(), &words.undo_help, &words.nothing_to_undo)).clicked() {
            send(out, ReviewMessage::Undo);
        }
        let redo = ui.add_enabled(review.redo_name().is_some(), Button::new(&words.redo));
        if redo.on_hover_text(help(review.redo_name(), &words.redo_help, &words.nothing_to_redo)).clicked() {
            send(out, ReviewMessage::Redo);
        }
        if ui.button(&words.steps).on_hover_text(&words.steps_help).clicked() {
            send(out, ReviewMessage::ToggleHistory);
        }
        let label = ui.selectable_label(state.desk.label_mode, &words.label_mode);
        if label.on_hover_text(&words.label_mode_help).clicked() {
            send(out, ReviewMessage::ToggleLabelMode);
        }
    });
    if let Some(name) = review.undo_name() {
        weak(ui, &fill(&words.last_step, &[("name", &language::said(name))]));
    }
    if let Some(said) = state.desk.said.as_ref().filter(|_| !state.desk.label_mode) {
        ui.add(egui::Label::new(RichText::new(said).color(theme::ui::accent())).wrap());
    }
}
