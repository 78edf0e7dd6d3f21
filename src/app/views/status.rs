//! The bar below: model, engine and provider, time taken, patient, pointer.

use super::{Out, drawer, format, review};
use crate::{
    app::{language, message::Message, page::evidence, state::State, theme},
    signal::filter::FilterSettings,
    words::{fill, window::Status},
};
use egui::{Align, Layout, RichText, Ui};

/// The words of this part.
fn words() -> &'static Status {
    &language::window().status
}

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    // From the right, so that the pointer's values keep their place and the rest is cut where there is no room.
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        pointer(ui, state);
        ui.add_space(16.0);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.set_clip_rect(ui.max_rect().intersect(ui.clip_rect()));
            drawer::buttons(ui, state, out);
            ui.separator();
            ui.spacing_mut().item_spacing.x = 16.0;
            facts(ui, state, out);
        });
    });
}

fn facts(ui: &mut Ui, state: &State, out: Out) {
    if busy(ui, state, out) {
        ui.separator();
    }
    review::tag::status(ui, state, out);
    if state.recording().is_some() {
        ui.label(patient(state));
    }
    let Some(analysis) = &state.analysis else { return };
    let note = analysis.engine.as_ref().and_then(|engine| engine.note.as_deref());
    let engine = match &analysis.engine {
        Some(engine) => fill(&words().engine, &[("engine", &engine.engine), ("provider", &engine.provider)]),
        None => words().no_model.clone(),
    };
    let engine = RichText::new(engine);
    let engine = if note.is_some() { engine.color(theme::ui::caution()) } else { engine };
    ui.label(engine).on_hover_text(note.unwrap_or(&words().engine_help));
    // Before what matters less; where there is no room it is cut with dots, and the engine has the colour of caution all the same.
    if let Some(note) = note {
        let text = RichText::new(fill(&words().fallback, &[("note", note)])).color(theme::ui::caution());
        ui.add(egui::Label::new(text).truncate()).on_hover_text(note);
    }
    ui.label(fill(&words().took, &[("time", &format::duration_ms(analysis.timings.total))]));
    for model in &analysis.models {
        ui.label(format!("{} {}", model.name, model.version));
    }
}

/// Age and sex as the models get them, and whether the reader entered them.
fn patient(state: &State) -> String {
    let known = state.demographics();
    let entered = |value: String, entered: bool| if entered { fill(&words().entered, &[("value", &value)]) } else { value };
    let age = match known.age_years {
        Some(years) => entered(format::age(years), state.entered.age_years == Some(years)),
        None => words().age_unknown.clone(),
    };
    let sex = match known.sex {
        Some(sex) => entered(format::sex(sex).to_owned(), state.entered.sex == Some(sex)),
        None => words().sex_unknown.clone(),
    };
    format!("{age}, {sex}")
}

/// Opening and listing, with a button to stop; whether anything was shown.
fn busy(ui: &mut Ui, state: &State, out: Out) -> bool {
    let (what, progress) = match (&state.opening, &state.worklist.listing, &state.analysing) {
        (Some(opening), _, _) => (fill(&words().opening, &[("name", &name(&opening.path))]), &opening.progress),
        (None, Some(listing), _) => (words().listing.clone(), listing),
        (None, None, Some(analysing)) => (fill(&words().analysing, &[("stage", language::stage(analysing.stage()))]), analysing),
        (None, None, None) => return false,
    };
    ui.label(what);
    ui.add(egui::ProgressBar::new(progress.fraction()).desired_width(120.0).desired_height(8.0));
    // The analysis has its button in the side panel, beside its own bar.
    let in_panel = state.opening.is_none() && state.worklist.listing.is_none();
    if !in_panel && ui.button(&words().cancel).clicked() {
        out.push(Message::Cancel);
    }
    true
}

fn name(path: &std::path::Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn pointer(ui: &mut Ui, state: &State) {
    let (Some(cursor), Some(recording)) = (&state.cursor, state.recording()) else { return };
    let value = match cursor.millivolts {
        None => words().no_signal.clone(),
        Some(value) if cursor.calibrated => format!("{} mV", format::plain(value)),
        Some(value) => fill(&words().uncalibrated, &[("value", &format::plain(value))]),
    };
    // What is shown is read from the recording, not from the filtered trace.
    let unfiltered = state.filtering.applied(recording.rate) != FilterSettings::default() && cursor.millivolts.is_some();
    let value = if unfiltered { fill(&words().unfiltered, &[("value", &value)]) } else { value };
    let mut text = format!("{}   {}   {value}", cursor.lead, format::time(recording, recording.rate.seconds(cursor.at)));
    let here = state.drawn_evidence().0.into_iter().find_map(|e| evidence::value_at(&e, &cursor.lead, cursor.at));
    if let Some(here) = here {
        text.push_str("   ");
        text.push_str(&fill(&words().evidence, &[("value", &format::small(here))]));
    }
    ui.label(text);
}
