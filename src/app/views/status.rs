//! The bar below: model, engine and provider, time taken, patient, pointer.

use super::{Out, findings::stage, format};
use crate::app::{message::Message, page::evidence, state::State, theme};
use egui::{Align, Layout, RichText, Ui};

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 14.0;
        if busy(ui, state, out) {
            ui.separator();
        }
        if let Some(analysis) = &state.analysis {
            for model in &analysis.models {
                ui.label(format!("{} {}", model.name, model.version));
            }
            match &analysis.engine {
                Some(engine) => {
                    let text = format!("{} on {}", engine.engine, engine.provider);
                    match &engine.note {
                        Some(note) => {
                            let text = RichText::new(format!("{text} (fallback: {note})")).color(theme::ui::CAUTION);
                            ui.add(egui::Label::new(text).truncate()).on_hover_text(note);
                        }
                        None => {
                            ui.label(text);
                        }
                    }
                }
                None => {
                    ui.label("no model ran");
                }
            }
            ui.label(format!("file to findings in {}", format::duration_ms(analysis.timings.total)));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| pointer(ui, state));
    });
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
    let mut text = format!("{}   {}   {value}", cursor.lead, format::time(recording, recording.rate.seconds(cursor.at)));
    let here = state.drawn_evidence().into_iter().find_map(|(e, _)| evidence::value_at(&e, &cursor.lead, cursor.at));
    if let Some(here) = here {
        text.push_str(&format!("   evidence {} logit", signed_fine(here)));
    }
    ui.label(text);
}

/// Single tokens add little each: three decimals.
fn signed_fine(value: f32) -> String {
    format!("{}{:.3}", if value < 0.0 { '−' } else { '+' }, value.abs())
}
