//! The bar above: opening, layout, scales, evidence, help.

use super::{Out, filter};
use crate::app::{
    message::Message,
    page::scale::{Gain, NOMINAL_PX_PER_MM, Speed, Zoom},
    paper::PaperMessage,
    report::ReportMessage,
    state::State,
    theme, waves,
};
use egui::{ComboBox, RichText, Ui};

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    ui.horizontal_wrapped(|ui| {
        if !has_words(ui) {
            ui.spacing_mut().item_spacing.x = 4.0;
        }
        open(ui, state, out);
        separator(ui);
        // A file without signals has no page.
        if state.recording().is_none_or(|recording| !recording.leads.is_empty()) {
            layout(ui, state, out);
            scales(ui, state, out);
            zoom(ui, state, out);
            separator(ui);
            filter::menu(ui, state, out);
            waves(ui, state, out);
        }
        let subject = state.chosen_finding().is_some() || state.explained_beat().is_some();
        let shown = state.evidence_visible && subject;
        let evidence = ui.add_enabled(subject, egui::Button::selectable(shown, "Evidence"));
        let evidence = evidence.on_disabled_hover_text("Choose a finding or a beat first");
        if evidence.on_hover_text("Hide or show the evidence (E)").clicked() {
            out.push(Message::ToggleEvidence);
        }
        let report = ui.add_enabled(state.opened.is_some(), egui::Button::new("Report"));
        let report = report.on_disabled_hover_text("Open a recording first");
        if report.on_hover_text("Preview, save and print a report (Ctrl P)").clicked() {
            out.push(Message::Report(ReportMessage::Toggle));
        }
        if ui.button("Settings").on_hover_text("Language, colours, sizes, screen (Ctrl ,)").clicked() {
            out.push(Message::Paper(PaperMessage::ToggleLooks));
        }
        if ui.button("?").on_hover_text("Keyboard shortcuts (?)").clicked() {
            out.push(Message::ToggleHelp);
        }
    });
}

fn open(ui: &mut Ui, state: &State, out: Out) {
    if ui.button("Open").on_hover_text("Open recordings (Ctrl O); or drop files or a folder on the window").clicked() {
        out.push(Message::ShowDialog { folder: false });
    }
    if ui.button("Folder").on_hover_text("Open a folder as a worklist (Ctrl Shift O)").clicked() {
        out.push(Message::ShowDialog { folder: true });
    }
    let mut text = state.path_text.clone();
    let field = egui::TextEdit::singleline(&mut text).desired_width(path_width(ui)).hint_text("Path of a file or folder");
    let response = ui.add(field).accessible_name("Path of a file or folder");
    if response.changed() {
        out.push(Message::PathEdited(text));
    }
    if state.focus_path {
        response.request_focus();
    }
    if response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
        out.push(Message::OpenTypedPath);
    }
}

/// From this width of the window on there is room for the words before the boxes.
const WORDS: f32 = 1200.0;

fn has_words(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() >= WORDS
}

/// A line between groups, where there is room for it.
fn separator(ui: &mut Ui) {
    if has_words(ui) {
        ui.separator();
    }
}

/// Width of the path field: what the rest of the bar leaves, so that the bar stays one line in a small window.
fn path_width(ui: &Ui) -> f32 {
    // What follows the field takes.
    let rest = if has_words(ui) { 1110.0 } else { 840.0 };
    (ui.available_size_before_wrap().x - rest).clamp(40.0, 260.0)
}

fn layout(ui: &mut Ui, state: &State, out: Out) {
    let layouts = state.paper.layouts.all();
    let ids: Vec<usize> = (0..layouts.len()).collect();
    let current = layouts.iter().position(|layout| layout.id == state.view.layout).unwrap_or(0);
    let mut chosen = current;
    choice(ui, "Layout", 130.0, &mut chosen, &ids, |index| layouts.get(index).map(|l| l.name.clone()).unwrap_or_default());
    if chosen != current
        && let Some(layout) = layouts.get(chosen)
    {
        out.push(Message::SetLayout(layout.id.clone()));
    }
}

fn scales(ui: &mut Ui, state: &State, out: Out) {
    let mut gain = state.view.scale.gain;
    choice(ui, "Gain", 100.0, &mut gain, &Gain::ALL, |gain| gain.label().to_owned());
    if gain != state.view.scale.gain {
        out.push(Message::SetGain(gain));
    }
    let mut speed = state.view.scale.speed;
    choice(ui, "Speed", 92.0, &mut speed, &Speed::ALL, |speed| speed.label().to_owned());
    if speed != state.view.scale.speed {
        out.push(Message::SetSpeed(speed));
    }
}

/// A box of fixed width to choose one of `values` from, named by the word before it.
fn choice<T: Copy + PartialEq>(ui: &mut Ui, name: &str, width: f32, chosen: &mut T, values: &[T], text: impl Fn(T) -> String) {
    let label = has_words(ui).then(|| ui.label(RichText::new(name).color(theme::ui::weak())));
    let combo = ComboBox::from_id_salt(name).selected_text(text(*chosen)).width(width).height(460.0).truncate();
    let shown = combo.show_ui(ui, |ui| {
        for value in values {
            ui.selectable_value(chosen, *value, text(*value));
        }
    });
    match label {
        Some(label) => shown.response.labelled_by(label.id),
        None => shown.response.accessible_name(name).on_hover_text(name),
    };
}

fn waves(ui: &mut Ui, state: &State, out: Out) {
    let button = ui.selectable_label(state.waves.visible, "Waves");
    let help = "Hide or show where P waves, QRS complexes and T waves begin, peak and end (W)";
    let button = match waves::missing(state) {
        Some(reason) => button.on_hover_text(format!("{help}. Not to be had here: {reason}")),
        None => button.on_hover_text(help),
    };
    if button.clicked() {
        out.push(Message::ToggleWaves);
    }
}

fn zoom(ui: &mut Ui, state: &State, out: Out) {
    separator(ui);
    for (text, help, factor) in [("−", "Smaller paper (-)", 0.8), ("+", "Larger paper (+)", 1.25)] {
        let button = egui::Button::new(text).min_size(egui::vec2(26.0, 26.0));
        if ui.add(button).on_hover_text(help).accessible_name(help).clicked() {
            out.push(Message::ZoomAt { factor, x: None });
        }
    }
    let true_size = state.paper.true_px_per_mm();
    let percent = 100.0 * state.geometry().px_per_mm / true_size.unwrap_or(NOMINAL_PX_PER_MM);
    if ui
        .selectable_label(state.view.scale.zoom == Zoom::Fit, "Fit")
        .on_hover_text("Ten seconds at 25 mm/s fill the window (0)")
        .clicked()
    {
        out.push(Message::ZoomFit);
    }
    let (of, then) = match true_size {
        Some(_) => ("Of the paper's true size on this screen", "true size (9)"),
        None => ("Of the paper's true size on a screen of 96 dpi; this screen was not measured", "measure it for true size (9)"),
    };
    let is_true = true_size.is_some() && percent.round() == 100.0;
    // As wide as any, so that what follows keeps its place.
    let button = egui::Button::selectable(is_true, format!("{percent:.0} %")).min_size(egui::vec2(56.0, 26.0));
    if ui.add(button).on_hover_text(format!("{of}; press for {then}")).accessible_name("True size").clicked() {
        out.push(Message::Paper(PaperMessage::TrueSize));
    }
}
