//! The chosen beat: its class, where the beat model looked, and QT by the tangent.

use super::{Out, explain, format, widgets::section};
use crate::{
    analysis::{Evidence, Finding},
    app::{
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
};
use egui::{Pos2, Rect, RichText, Ui};

/// Shows the chosen beat, if one is chosen.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let (Some((index, beat)), Some(recording)) = (state.chosen_beat(), state.recording()) else { return };
    section(ui, "Chosen beat");
    let class = beat.label.map_or("not classified".to_owned(), |label| {
        let sure = beat.probability.map(|p| format!(", {}", format::percent(p))).unwrap_or_default();
        format!("{label}{sure}{}", if beat.uncertain { ", uncertain" } else { "" })
    });
    let at = format::time(recording, recording.rate.seconds(beat.sample));
    ui.horizontal(|ui| {
        ui.label(RichText::new(format!("Beat {} at {at}: {class}", index + 1)).strong());
        if ui.small_button("×").on_hover_text("Let the beat go (Esc)").accessible_name("Let the beat go").clicked() {
            out.push(Message::Tool(ToolMessage::ClearBeat));
        }
    });
    tangent(ui, state);
    let classes = match state.beat_evidence() {
        Some(BeatEvidence::Ready(classes)) => classes,
        Some(BeatEvidence::Pending(_)) => return weak(ui, "Looking again at this beat ..."),
        Some(BeatEvidence::Failed(reason)) => return weak(ui, &format!("No evidence for this beat: {reason}")),
        None if beat.label.is_none() => return weak(ui, "The beat model gave no class, so there is no evidence."),
        None => return,
    };
    let Some(shown) = state.explained_beat() else { return weak(ui, "The model gives no evidence for this beat.") };
    section(ui, &format!("Where the model looked: beat class {}", shown.label));
    choices(ui, classes, shown, out);
    if let Some(evidence) = &shown.evidence {
        leads(ui, state, evidence, beat.sample);
    }
    let own = classes.iter().find(|class| class.present);
    if let (Some(own), Some(label)) = (own, beat.label)
        && own.code != label.letter()
    {
        let text =
            format!("Looked at with two minutes on either side alone the model says {}: take this picture with care.", own.code);
        ui.add(egui::Label::new(RichText::new(text).color(theme::ui::caution())).wrap());
    }
    explain::body(ui, state, shown, out);
}

fn weak(ui: &mut Ui, text: &str) {
    ui.add(egui::Label::new(RichText::new(text).color(theme::ui::weak())).wrap());
}

/// Which leads the beat model was given, and that they show another time where the page's columns follow one another.
fn leads(ui: &mut Ui, state: &State, evidence: &Evidence, at: SampleIndex) {
    let names: Vec<String> = evidence.leads.iter().map(ToString::to_string).collect();
    let mut text = format!("The beat model was given {}.", names.join(" and "));
    // Only times and leads matter here, not where on the screen the page lies.
    let page = Rect::from_min_size(Pos2::ZERO, state.page_size.into());
    let seen = |place: &Place| evidence.leads.contains(&place.lead) && place.shows(at);
    if !place::places(state, page).iter().any(seen) {
        text.push_str(" On this layout they show another stretch of time: choose one row a lead (2) to see where it looked.");
    }
    weak(ui, &text);
}

/// The classes with their probabilities; choosing one shows its evidence.
fn choices(ui: &mut Ui, classes: &[Finding], shown: &Finding, out: Out) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for class in classes {
            let text = format!("{} {}", class.code, format::percent(class.probability));
            let help = format!("Show where the model looked for {}", class.label);
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
        Err(reason) => format!("not measurable: {reason}"),
    };
    ui.add(egui::Label::new(RichText::new(format!("QT by tangent in {}: {by_tangent}", found.lead)).strong()).wrap());
    let marked = found.marked_ms.map_or("not measurable".to_owned(), |ms| format!("{ms:.0} ms"));
    let global = state.analysis.as_ref().and_then(|analysis| analysis.measurements.value("qt"));
    let global = global.map_or("not measurable".to_owned(), |ms| format!("{ms:.0} ms"));
    weak(ui, &format!("QT by this beat's marks in {}: {marked}; measured over all leads: {global}", found.lead));
}
