//! The bar below: model, engine and provider, time taken, patient, pointer.

use super::{Out, drawer, findings::stage, format, review};
use crate::{
    app::{message::Message, page::evidence, state::State, theme},
    signal::filter::FilterSettings,
};
use egui::{Align, Layout, RichText, Ui};

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
        Some(engine) => format!("{} on {}", engine.engine, engine.provider),
        None => "no model ran".to_owned(),
    };
    ui.label(engine).on_hover_text(note.unwrap_or("Engine and provider that ran the models"));
    ui.label(format!("file to findings in {}", format::duration_ms(analysis.timings.total)));
    for model in &analysis.models {
        ui.label(format!("{} {}", model.name, model.version));
    }
    if let Some(note) = note {
        ui.label(RichText::new(format!("fallback: {note}")).color(theme::ui::caution())).on_hover_text(note);
    }
}

/// Age and sex as the models get them, and whether the reader entered them.
fn patient(state: &State) -> String {
    let known = state.demographics();
    let entered = |entered: bool| if entered { " (entered)" } else { "" };
    let age = match known.age_years {
        Some(years) => format!("{}{}", format::age(years), entered(state.entered.age_years == Some(years))),
        None => "age unknown".into(),
    };
    let sex = match known.sex {
        Some(sex) => format!("{}{}", format::sex(sex), entered(state.entered.sex == Some(sex))),
        None => "sex unknown".into(),
    };
    format!("{age}, {sex}")
}

/// Opening and listing, with a button to stop; whether anything was shown.
fn busy(ui: &mut Ui, state: &State, out: Out) -> bool {
    let (what, progress) = match (&state.opening, &state.worklist.listing, &state.analysing) {
        (Some(opening), _, _) => (format!("Opening {}", name(&opening.path)), &opening.progress),
        (None, Some(listing), _) => ("Looking for recordings".to_owned(), listing),
        (None, None, Some(analysing)) => (format!("Analysing: {}", stage(analysing.stage())), analysing),
        (None, None, None) => return false,
    };
    ui.label(what);
    ui.add(egui::ProgressBar::new(progress.fraction()).desired_width(120.0).desired_height(8.0));
    // The analysis has its button in the side panel, beside its own bar.
    let in_panel = state.opening.is_none() && state.worklist.listing.is_none();
    if !in_panel && ui.button("Cancel").clicked() {
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
        None => "no signal".to_owned(),
        Some(value) if cursor.calibrated => format!("{} mV", format::plain(value)),
        Some(value) => format!("{} (uncalibrated)", format::plain(value)),
    };
    // What is shown is read from the recording, not from the filtered trace.
    let unfiltered = state.filtering.applied(recording.rate) != FilterSettings::default() && cursor.millivolts.is_some();
    let value = if unfiltered { format!("{value} (unfiltered)") } else { value };
    let mut text = format!("{}   {}   {value}", cursor.lead, format::time(recording, recording.rate.seconds(cursor.at)));
    let here = state.drawn_evidence().0.into_iter().find_map(|e| evidence::value_at(&e, &cursor.lead, cursor.at));
    if let Some(here) = here {
        text.push_str(&format!("   evidence {} logit", format::small(here)));
    }
    ui.label(text);
}
