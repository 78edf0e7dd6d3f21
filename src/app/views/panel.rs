//! The side panel: patient, measurements, criteria, the model's findings and what explains the chosen one, beats, quality, model.

use super::{
    Out, beat, blind, calipers, corner, criteria, explain, findings, format, median, review,
    widgets::{fact, section, strip},
};
use crate::{
    analysis::Analysis,
    app::{language, message::Message, state::State, theme},
    recording::{BeatLabel, Recording, Sex},
    words::{fill, window::Side},
};
use egui::{Color32, RichText, Ui};
use std::sync::Arc;

/// The words of this part.
fn words() -> &'static Side {
    &language::window().side
}

/// Room for the scroll bar, so that numbers at the right edge are never under it.
const SCROLL_BAR: f32 = 12.0;

/// Shows the panel's content.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    ui.take_available_width();
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width() - SCROLL_BAR);
        strip(ui, &words().notice, theme::ui::caution(), theme::ui::caution_soft());
    });
    let Some(recording) = state.recording() else {
        ui.add_space(8.0);
        let text = RichText::new(&words().nothing).color(theme::ui::weak());
        ui.add(egui::Label::new(text).wrap());
        return;
    };
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - SCROLL_BAR);
        patient(ui, state, recording, out);
        calipers::show(ui, state, out);
        beat::show(ui, state, out);
        if let Some(analysis) = &state.analysis {
            for suspicion in &analysis.quality.suspected {
                ui.add_space(6.0);
                strip(ui, &language::suspicion(suspicion), theme::ui::error(), theme::ui::error_soft());
            }
            corner::show(ui, state, analysis, out);
            if let Some(view) = &analysis.median_beat {
                median::show(ui, &median::tiles(view), state.view.scale.speed);
            }
            if !state.machine_hidden() {
                criteria::of_analysis(ui, analysis);
            }
        }
        if state.asking_is_recorded() {
            review::hidden(ui, state, out);
        } else if state.desk.review().is_none() && state.desk.opening.is_some() && state.analysis.is_some() {
            // For a moment: whether this person reads first is not known yet.
            ui.label(&state.words().review.bar.opening);
        } else if state.machine_hidden() && state.analysis.is_some() {
            blind::show(ui, out);
        } else {
            findings::show(ui, state, out);
        }
        explain::show(ui, state, out);
        if let Some(analysis) = &state.analysis {
            if !state.machine_hidden() {
                census(ui, analysis);
            }
            quality(ui, analysis);
            model(ui, analysis);
        }
        ui.add_space(12.0);
    });
}

fn patient(ui: &mut Ui, state: &State, recording: &Recording, out: Out) {
    section(ui, &words().patient);
    match recording.patient.age_years {
        Some(years) => {
            // Files write ages of 90 and above as 90.
            let text = if years == 90.0 { words().ninety.clone() } else { format::age(years) };
            fact(ui, &words().age, &fill(&words().from_file, &[("value", &text)]), false);
        }
        None => age_field(ui, state, out),
    }
    match recording.patient.sex {
        Some(sex) => {
            fact(ui, &words().sex, &fill(&words().from_file, &[("value", format::sex(sex))]), false);
        }
        None => sex_choice(ui, state, out),
    }
}

fn age_field(ui: &mut Ui, state: &State, out: Out) {
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new(&words().age_in_years).color(theme::ui::weak()));
        let mut text = state.age_text.clone();
        let field = egui::TextEdit::singleline(&mut text).desired_width(92.0).hint_text(&words().unknown_age).char_limit(6);
        let response = ui.add(field).labelled_by(label.id);
        if response.changed() {
            out.push(Message::AgeEdited(text));
        }
        if response.lost_focus() {
            let escaped = ui.input(|input| input.key_pressed(egui::Key::Escape));
            out.push(if escaped { Message::AgeRestored } else { Message::AgeEntered });
        }
        if state.entered.age_years.is_some() {
            ui.label(RichText::new(&words().entered).color(theme::ui::caution()));
        }
    });
    // The line is kept free where nothing is wrong, so that nothing below moves.
    let error = state.age_error.as_deref().unwrap_or(" ");
    ui.label(RichText::new(error).small().color(theme::ui::error()));
}

fn sex_choice(ui: &mut Ui, state: &State, out: Out) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(&words().sex).color(theme::ui::weak()));
        ui.spacing_mut().item_spacing.x = 4.0;
        for (sex, name) in [(Some(Sex::Female), &words().female), (Some(Sex::Male), &words().male), (None, &words().unknown)] {
            if ui.selectable_label(state.entered.sex == sex, name).clicked() {
                out.push(Message::SexEntered(sex));
            }
        }
        if state.entered.sex.is_some() {
            ui.label(RichText::new(&words().entered).color(theme::ui::caution()));
        }
    });
}

/// Beats by class, counted once for each analysis.
#[derive(Clone)]
struct Census {
    of: Arc<Analysis>,
    unlabelled: usize,
    /// In the order of [`BeatLabel::ALL`]: all, and of these the uncertain ones.
    classes: [(usize, usize); BeatLabel::ALL.len()],
}

impl Census {
    fn of(ui: &Ui, analysis: &Arc<Analysis>) -> Self {
        let id = egui::Id::unique("census of beats");
        let kept: Option<Self> = ui.data(|data| data.get_temp(id));
        if let Some(kept) = kept.filter(|kept| Arc::ptr_eq(&kept.of, analysis)) {
            return kept;
        }
        let mut new = Self { of: analysis.clone(), unlabelled: 0, classes: Default::default() };
        for beat in &analysis.beats {
            match BeatLabel::ALL.iter().position(|label| Some(*label) == beat.label) {
                None => new.unlabelled += 1,
                Some(class) => {
                    new.classes[class].0 += 1;
                    new.classes[class].1 += usize::from(beat.uncertain);
                }
            }
        }
        ui.data_mut(|data| data.insert_temp(id, new.clone()));
        new
    }
}

fn census(ui: &mut Ui, analysis: &Arc<Analysis>) {
    section(ui, &words().beats);
    let counted = Census::of(ui, analysis);
    fact(ui, &words().detected, &analysis.beats.len().to_string(), false);
    if counted.unlabelled == analysis.beats.len() {
        if !analysis.beats.is_empty() {
            fact(ui, &words().classes, &words().no_classes, true);
        }
        return;
    }
    egui::Grid::new("census").num_columns(BeatLabel::ALL.len()).spacing([8.0, 2.0]).min_col_width(56.0).show(ui, |ui| {
        for label in BeatLabel::ALL {
            ui.label(RichText::new(label.letter()).strong().color(theme::beat(Some(label)))).on_hover_text(beat_name(label));
        }
        ui.end_row();
        for (label, (count, uncertain)) in BeatLabel::ALL.into_iter().zip(counted.classes) {
            let text = if uncertain > 0 { format!("{count} ({uncertain}?)") } else { count.to_string() };
            ui.label(RichText::new(text).color(if count == 0 { theme::ui::weak() } else { theme::ui::text() })).on_hover_text(
                fill(
                    &words().class_count,
                    &[("class", beat_name(label)), ("count", &count.to_string()), ("uncertain", &uncertain.to_string())],
                ),
            );
        }
        ui.end_row();
    });
    let unsure: usize = counted.classes.iter().map(|(_, uncertain)| uncertain).sum();
    if unsure > 0 {
        let text = if unsure == 1 { &words().one_uncertain } else { &words().uncertain };
        let text = fill(text, &[("count", &unsure.to_string())]);
        ui.add(egui::Label::new(RichText::new(text).small().color(theme::ui::caution())).wrap());
    }
    if counted.unlabelled > 0 {
        fact(ui, &words().not_classified, &counted.unlabelled.to_string(), true);
    }
}

fn beat_name(label: BeatLabel) -> &'static str {
    match label {
        BeatLabel::N => &words().class_n,
        BeatLabel::S => &words().class_s,
        BeatLabel::V => &words().class_v,
        BeatLabel::F => &words().class_f,
        BeatLabel::Q => &words().class_q,
    }
}

fn quality(ui: &mut Ui, analysis: &Analysis) {
    section(ui, &words().quality);
    match analysis.quality.acceptable {
        Some(true) => fact(ui, &words().recording, &words().acceptable, false),
        Some(false) => fact(ui, &words().recording, &words().not_acceptable, false),
        None => fact(ui, &words().recording, &words().not_judged, true),
    };
    if let Some(reason) = &analysis.quality.reason {
        ui.add(egui::Label::new(RichText::new(language::said(reason)).small().color(theme::ui::weak())).wrap());
    }
    let leads = &analysis.quality.leads;
    let remarkable = |q: &crate::analysis::LeadQuality| !q.usable || !q.notes.is_empty() || q.valid < 0.995;
    for (lead, q) in leads.iter().filter(|(_, q)| remarkable(q)) {
        let mut notes: Vec<String> = q.notes.iter().map(|note| language::said(note).into_owned()).collect();
        // "no valid samples" and the like are in the notes.
        if q.valid > 0.0 && q.valid < 0.995 {
            notes.push(fill(&words().valid, &[("share", &format::percent(q.valid))]));
        }
        let verdict = if q.usable { &words().usable } else { &words().not_usable };
        let text = if notes.is_empty() { verdict.clone() } else { format!("{verdict}: {}", notes.join(", ")) };
        fact(ui, lead, &text, q.usable);
    }
    let plain = leads.values().filter(|q| !remarkable(q)).count();
    if plain > 0 {
        let name = if plain == leads.len() { &words().leads } else { &words().other_leads };
        fact(ui, name, &fill(&words().plain, &[("count", &plain.to_string())]), true);
    }
}

fn model(ui: &mut Ui, analysis: &Analysis) {
    section(ui, &words().model);
    for model in &analysis.models {
        let hash: String = model.sha256.chars().take(12).collect();
        fact(ui, &model.name, &fill(&words().version, &[("version", &model.version)]), false)
            .on_hover_text(fill(&words().hash, &[("hash", &hash)]));
    }
    match &analysis.engine {
        Some(engine) => {
            fact(ui, &words().engine, &format!("{}, {}", engine.engine, engine.provider), false);
            if let Some(note) = &engine.note {
                ui.label(RichText::new(note).small().color(theme::ui::caution()));
            }
        }
        None => {
            fact(ui, &words().engine, &words().no_model, true);
        }
    }
    let t = analysis.timings;
    let parts =
        [(&words().reading, t.read), (&words().signal, t.signal), (&words().model_time, t.model), (&words().total, t.total)];
    for (name, ms) in parts {
        fact(ui, name, &format::duration_ms(ms), true);
    }
}

/// Colour of the bars of evidence for: the ramp's dark end.
pub fn evidence_colour() -> Color32 {
    theme::palette().evidence(1.0)
}
