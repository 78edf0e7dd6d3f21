//! The chosen beat: its class, where the beat model looked, and QT by the tangent.

use super::{Out, explain, format, widgets::section};
use crate::{
    analysis::{Evidence, Finding},
    app::{
        language,
        message::Message,
        page::place::{self, Place},
        state::State,
        theme,
        tools::{
            ToolMessage,
            beat::{BeatEvidence, tangent_of_chosen},
        },
    },
    recording::SampleIndex,
    words::{fill, window::Beat},
};
use egui::{Pos2, Rect, RichText, Ui};

/// The words of this part.
fn words() -> &'static Beat {
    &language::window().beat
}

/// Shows the chosen beat, if one is chosen.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let (Some((index, beat)), Some(recording)) = (state.chosen_beat(), state.recording()) else { return };
    section(ui, &words().heading);
    let class = beat.label.map_or_else(
        || words().not_classified.clone(),
        |label| {
            let sure = beat.probability.map(|p| format!(", {}", format::percent(p))).unwrap_or_default();
            let class = format!("{label}{sure}");
            if beat.uncertain { fill(&words().uncertain, &[("class", &class)]) } else { class }
        },
    );
    let at = format::time(recording, recording.rate.seconds(beat.sample));
    ui.horizontal(|ui| {
        let title = fill(&words().title, &[("number", &(index + 1).to_string()), ("time", &at), ("class", &class)]);
        ui.label(RichText::new(title).strong());
        if ui.small_button("×").on_hover_text(&words().let_go_help).accessible_name(&words().let_go).clicked() {
            out.push(Message::Tool(ToolMessage::ClearBeat));
        }
    });
    tangent(ui, state);
    let classes = match state.beat_evidence() {
        Some(BeatEvidence::Ready(classes)) => classes,
        Some(BeatEvidence::Pending(_)) => return weak(ui, &words().pending),
        Some(BeatEvidence::Failed(reason)) => return weak(ui, &fill(&words().failed, &[("reason", reason)])),
        None if beat.label.is_none() => return weak(ui, &words().no_class),
        None => return,
    };
    let Some(shown) = state.explained_beat() else { return weak(ui, &words().none) };
    section(ui, &fill(&words().looked, &[("class", class_name(shown))]));
    choices(ui, classes, shown, out);
    if let Some(evidence) = &shown.evidence {
        leads(ui, state, evidence, beat.sample);
    }
    let own = classes.iter().find(|class| class.present);
    if let (Some(own), Some(label)) = (own, beat.label)
        && own.code != label.letter()
    {
        let text = fill(&words().alone, &[("code", &own.code)]);
        ui.add(egui::Label::new(RichText::new(text).color(theme::ui::caution())).wrap());
    }
    explain::body(ui, state, shown, out);
}

/// A class of beats: as on the model's card, or in the reader's language.
fn class_name(class: &Finding) -> &str {
    language::beat_class(&class.code, &class.label)
}

fn weak(ui: &mut Ui, text: &str) {
    ui.add(egui::Label::new(RichText::new(text).color(theme::ui::weak())).wrap());
}

/// Which leads the beat model was given, and that they show another time where the page's columns follow one another.
fn leads(ui: &mut Ui, state: &State, evidence: &Evidence, at: SampleIndex) {
    let names: Vec<String> = evidence.leads.iter().map(ToString::to_string).collect();
    let names = names.into_iter().reduce(|first, second| fill(&words().given_two, &[("first", &first), ("second", &second)]));
    let mut text = fill(&words().given, &[("leads", &names.unwrap_or_default())]);
    // Only times and leads matter here, not where on the screen the page lies.
    let page = Rect::from_min_size(Pos2::ZERO, state.page_size.into());
    let seen = |place: &Place| evidence.leads.contains(&place.lead) && place.shows(at);
    if !place::places(state, page).iter().any(seen) {
        text = fill(&words().given_elsewhere, &[("text", &text)]);
    }
    weak(ui, &text);
}

/// The classes with their probabilities; choosing one shows its evidence.
fn choices(ui: &mut Ui, classes: &[Finding], shown: &Finding, out: Out) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for class in classes {
            let text = format!("{} {}", class.code, format::percent(class.probability));
            let help = fill(&words().show_class, &[("class", class_name(class))]);
            if ui.selectable_label(class.code == shown.code, text).on_hover_text(help).clicked() {
                out.push(Message::Tool(ToolMessage::ShowBeatClass(class.code.clone())));
            }
        }
    });
}

/// QT by the tangent beside the QT by marks and the one measured over all leads.
fn tangent(ui: &mut Ui, state: &State) {
    let (Some(found), Some(recording)) = (tangent_of_chosen(state), state.recording()) else { return };
    let by_tangent = match &found.tangent {
        Ok(tangent) => format!("{:.0} ms", tangent.qt_ms(recording.rate)),
        Err(reason) => fill(&words().not_measurable_because, &[("reason", &language::said(&reason.to_string()))]),
    };
    let lead = found.lead.to_string();
    let text = fill(&words().tangent, &[("lead", &lead), ("value", &by_tangent)]);
    ui.add(egui::Label::new(RichText::new(text).strong()).wrap());
    let told = |ms: Option<f64>| ms.map_or_else(|| words().not_measurable.clone(), |ms| format!("{ms:.0} ms"));
    let marked = told(found.marked_ms);
    let global = state.analysis.as_ref().and_then(|analysis| analysis.measurements.value("qt"));
    let global = told(global);
    weak(ui, &fill(&words().marked, &[("lead", &lead), ("marked", &marked), ("global", &global)]));
}
