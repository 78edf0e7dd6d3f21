//! The bar above: opening, layout, scales, evidence, help.

use super::{Out, filter};
use crate::app::{
    language,
    message::Message,
    page::scale::{Gain, NOMINAL_PX_PER_MM, Speed, Zoom},
    paper::PaperMessage,
    report::ReportMessage,
    state::State,
    theme, waves,
};
use crate::words::{fill, window::Toolbar};
use egui::{ComboBox, RichText, Ui};

/// The words of this bar.
fn words() -> &'static Toolbar {
    &language::window().toolbar
}

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    ui.horizontal_wrapped(|ui| {
        if !has_words(ui) {
            ui.spacing_mut().item_spacing.x = 4.0;
        }
        let path = open(ui, state, out);
        let field = ui.cursor().min;
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
        let evidence = ui.add_enabled(subject, egui::Button::selectable(shown, &words().evidence));
        let evidence = evidence.on_disabled_hover_text(&words().evidence_none);
        if evidence.on_hover_text(&words().evidence_help).clicked() {
            out.push(Message::ToggleEvidence);
        }
        let report = ui.add_enabled(state.opened.is_some(), egui::Button::new(&words().report));
        let report = report.on_disabled_hover_text(&words().report_none);
        if report.on_hover_text(&words().report_help).clicked() {
            out.push(Message::Report(ReportMessage::Toggle));
        }
        if ui.button(&words().settings).on_hover_text(&words().settings_help).clicked() {
            out.push(Message::Paper(PaperMessage::ToggleLooks));
        }
        if ui.button("?").on_hover_text(&words().help).clicked() {
            out.push(Message::ToggleHelp);
        }
        keep(ui, field, path);
    });
}

/// Buttons and the path field; its width.
fn open(ui: &mut Ui, state: &State, out: Out) -> f32 {
    if ui.button(&words().open).on_hover_text(&words().open_help).clicked() {
        out.push(Message::ShowDialog { folder: false });
    }
    if ui.button(&words().folder).on_hover_text(&words().folder_help).clicked() {
        out.push(Message::ShowDialog { folder: true });
    }
    let mut text = state.path_text.clone();
    let path = path_width(ui);
    let field = egui::TextEdit::singleline(&mut text).desired_width(path).hint_text(&words().path);
    let response = ui.add(field).accessible_name(&words().path);
    if response.changed() {
        out.push(Message::PathEdited(text));
    }
    if state.focus_path {
        response.request_focus();
    }
    if response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
        out.push(Message::OpenTypedPath);
    }
    path
}

/// From this width of the window on there may be room for the words before the boxes.
const WORDS: f32 = 1200.0;

/// Whether the words before the boxes fit: as far as they were ever drawn it is known how long the bar is with them.
fn has_words(ui: &Ui) -> bool {
    /// The bar's margins and the path field's least width.
    const AROUND: f32 = 70.0;
    let kept: Kept = ui.data(|data| data.get_temp(kept_id())).unwrap_or_default();
    let width = ui.ctx().content_rect().width();
    let own = kept.language.is_none_or(|language| language == language::words().language.code);
    width >= WORDS && (!own || kept.with_words + AROUND <= width)
}

/// A line between groups, where there is room for it.
fn separator(ui: &mut Ui) {
    if has_words(ui) {
        ui.separator();
    }
}

/// How wide the bar was drawn, in points.
#[derive(Clone, Copy, Default, PartialEq)]
struct Kept {
    /// What follows the path field.
    rest: f32,
    /// All but the path field, with words.
    with_words: f32,
    /// Code of the language it was drawn in.
    language: Option<&'static str>,
}

fn kept_id() -> egui::Id {
    egui::Id::unique("width of the tool bar")
}

/// Width of the path field: what the rest of the bar leaves, so that the bar stays one line as long as it can.
fn path_width(ui: &Ui) -> f32 {
    let kept: Kept = ui.data(|data| data.get_temp(kept_id())).unwrap_or(Kept { rest: 1110.0, ..Kept::default() });
    (ui.available_size_before_wrap().x - kept.rest).clamp(40.0, 260.0)
}

/// Remembers how wide the bar was drawn; the path field ended at `field` and was `path` wide.
fn keep(ui: &Ui, field: egui::Pos2, path: f32) {
    /// The field's frame, and what rounding takes.
    const FRAME: f32 = 12.0;
    let (end, row) = (ui.cursor().min, ui.max_rect().x_range());
    let wrapped = end.y > field.y + 1.0;
    let before: Kept = ui.data(|data| data.get_temp(kept_id())).unwrap_or_default();
    let length = if wrapped { row.span() + end.x - row.min } else { end.x - row.min } - path;
    let kept = Kept {
        rest: if wrapped { f32::MAX } else { (end.x - field.x + FRAME).ceil() },
        with_words: if has_words(ui) { length.ceil() } else { before.with_words },
        language: Some(&language::words().language.code),
    };
    if kept != before {
        ui.data_mut(|data| data.insert_temp(kept_id(), kept));
        ui.ctx().request_repaint();
    }
}

fn layout(ui: &mut Ui, state: &State, out: Out) {
    let layouts = state.paper.layouts.all();
    let ids: Vec<usize> = (0..layouts.len()).collect();
    let current = layouts.iter().position(|layout| layout.id == state.view.layout).unwrap_or(0);
    let mut chosen = current;
    let name =
        |index: usize| layouts.get(index).map(|l| language::named(|words| &words.layouts, l.id.as_str(), &l.name).to_owned());
    choice(ui, &words().layout, 130.0, &mut chosen, &ids, |index| name(index).unwrap_or_default());
    if chosen != current
        && let Some(layout) = layouts.get(chosen)
    {
        out.push(Message::SetLayout(layout.id.clone()));
    }
}

fn scales(ui: &mut Ui, state: &State, out: Out) {
    let mut gain = state.view.scale.gain;
    choice(ui, &words().gain, 100.0, &mut gain, &Gain::ALL, |gain| language::decimal(gain.label()));
    if gain != state.view.scale.gain {
        out.push(Message::SetGain(gain));
    }
    let mut speed = state.view.scale.speed;
    choice(ui, &words().speed, 92.0, &mut speed, &Speed::ALL, |speed| language::decimal(speed.label()));
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
    let button = ui.selectable_label(state.waves.visible, &words().waves);
    let help = &words().waves_help;
    let button = match waves::missing(state) {
        Some(reason) => {
            button.on_hover_text(fill(&words().waves_missing, &[("help", help), ("reason", &language::said(&reason))]))
        }
        None => button.on_hover_text(help),
    };
    if button.clicked() {
        out.push(Message::ToggleWaves);
    }
}

fn zoom(ui: &mut Ui, state: &State, out: Out) {
    separator(ui);
    for (text, help, factor) in [("−", &words().smaller, 0.8), ("+", &words().larger, 1.25)] {
        let button = egui::Button::new(text).min_size(egui::vec2(26.0, 26.0));
        if ui.add(button).on_hover_text(help).accessible_name(help).clicked() {
            out.push(Message::ZoomAt { factor, x: None });
        }
    }
    let true_size = state.paper.true_px_per_mm();
    let percent = 100.0 * state.geometry().px_per_mm / true_size.unwrap_or(NOMINAL_PX_PER_MM);
    if ui.selectable_label(state.view.scale.zoom == Zoom::Fit, &words().fit).on_hover_text(&words().fit_help).clicked() {
        out.push(Message::ZoomFit);
    }
    let help = match true_size {
        Some(_) => &words().true_size_measured,
        None => &words().true_size_unmeasured,
    };
    let is_true = true_size.is_some() && percent.round() == 100.0;
    // As wide as any, so that what follows keeps its place.
    let button = egui::Button::selectable(is_true, format!("{percent:.0} %")).min_size(egui::vec2(56.0, 26.0));
    if ui.add(button).on_hover_text(help).accessible_name(&words().true_size).clicked() {
        out.push(Message::Paper(PaperMessage::TrueSize));
    }
}
