//! The bar above: opening, layout, scales, evidence, help.

use super::Out;
use crate::app::{
    message::Message,
    page::{
        layout::{Layout, LayoutKind},
        scale::{Gain, NOMINAL_PX_PER_MM, Speed, Zoom},
    },
    state::State,
};
use egui::{ComboBox, Ui};

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    ui.horizontal_wrapped(|ui| {
        open(ui, state, out);
        ui.separator();
        layout(ui, state, out);
        scales(ui, state, out);
        zoom(ui, state, out);
        ui.separator();
        let evidence = ui.selectable_label(state.evidence_visible && state.chosen.is_some(), "Evidence");
        if evidence.on_hover_text("Hide or show the evidence (E)").clicked() {
            out.push(Message::ToggleEvidence);
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
    let field = egui::TextEdit::singleline(&mut text).desired_width(210.0).hint_text("Path of a file or folder");
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

fn layout(ui: &mut Ui, state: &State, out: Out) {
    let leads = state.recording().map_or(12, |recording| recording.leads.len());
    let mut chosen = state.view.layout;
    ComboBox::new("layout", "Layout").selected_text(Layout::name(chosen, leads)).width(130.0).show_ui(ui, |ui| {
        for kind in LayoutKind::ALL {
            ui.selectable_value(&mut chosen, kind, Layout::name(kind, leads));
        }
    });
    if chosen != state.view.layout {
        out.push(Message::SetLayout(chosen));
    }
}

fn scales(ui: &mut Ui, state: &State, out: Out) {
    let mut gain = state.view.scale.gain;
    ComboBox::new("gain", "Gain").selected_text(gain.label()).width(92.0).show_ui(ui, |ui| {
        for value in Gain::ALL {
            ui.selectable_value(&mut gain, value, value.label());
        }
    });
    if gain != state.view.scale.gain {
        out.push(Message::SetGain(gain));
    }
    let mut speed = state.view.scale.speed;
    ComboBox::new("speed", "Speed").selected_text(speed.label()).width(82.0).show_ui(ui, |ui| {
        for value in Speed::ALL {
            ui.selectable_value(&mut speed, value, value.label());
        }
    });
    if speed != state.view.scale.speed {
        out.push(Message::SetSpeed(speed));
    }
}

fn zoom(ui: &mut Ui, state: &State, out: Out) {
    ui.separator();
    let name = |text: &str, help: &str| (egui::Button::new(text.to_owned()), help.to_owned());
    for (text, help, factor) in [("−", "Smaller paper (-)", 0.8), ("+", "Larger paper (+)", 1.25)] {
        let (button, help) = name(text, &help);
        if ui.add(button.min_size(egui::vec2(26.0, 26.0))).on_hover_text(help).clicked() {
            out.push(Message::ZoomAt { factor, x: None });
        }
    }
    let percent = 100.0 * state.geometry().px_per_mm / NOMINAL_PX_PER_MM;
    if ui
        .selectable_label(state.view.scale.zoom == Zoom::Fit, "Fit")
        .on_hover_text("Ten seconds at 25 mm/s fill the window (0)")
        .clicked()
    {
        out.push(Message::ZoomFit);
    }
    ui.label(format!("{percent:.0} %"));
}
