//! Comparison with another reader in the panel.

use super::{super::Out, send, weak};
use crate::{
    app::{
        review::{ReviewMessage, beats::Seek, compare::Other, name_of},
        state::State,
        theme,
    },
    recording::BeatLabel,
    review::{Whose, agreement::Comparison},
    scoring::Mark,
    words::{ReviewWords, fill},
};
use egui::{RichText, Ui};

/// Shows whom one can compare with, and the comparison.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let (comparing, review) = (&state.desk.comparison, &state.words().review);
    let words = &review.compare;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
        let others = state
            .desk
            .others
            .iter()
            .map(|reader| (Other::Reader(reader.id.clone()), name_of(&state.desk.others, &reader.id, state.words())));
        for (other, name) in std::iter::once((Other::Machine, words.machine.clone())).chain(others) {
            let whose = match &other {
                Other::Machine => Whose::Machine,
                Other::Reader(id) => Whose::Reader(id.clone()),
            };
            let hidden = state.desk.review().is_some_and(|review| !review.may_see(&whose));
            let chosen = comparing.other.as_ref() == Some(&other);
            let text = fill(if hidden { &words.with_hidden } else { &words.with }, &[("name", &name)]);
            if ui.selectable_label(chosen, text).clicked() {
                send(out, if chosen { ReviewMessage::EndComparison } else { ReviewMessage::Compare(other) });
            }
        }
    });
    if comparing.busy && comparing.found.is_none() {
        ui.label(&words.busy);
    }
    let Some(found) = &comparing.found else { return };
    let kappa = found.kappa().map_or_else(|| words.no_kappa.clone(), |kappa| state.words().number(kappa, 3));
    let (ours, theirs) = found.unpaired();
    let count = found.disagreements.len().to_string();
    ui.label(fill(&words.summary, &[("count", &count), ("kappa", &kappa)]));
    let (paired, ours, theirs) = (found.paired().to_string(), ours.to_string(), theirs.to_string());
    weak(ui, &fill(&words.paired, &[("count", &paired), ("ours", &ours), ("theirs", &theirs)]));
    matrix(ui, found, review);
    ui.horizontal(|ui| {
        for (forward, word, name) in [(false, &words.previous, &words.previous_one), (true, &words.next, &words.next_one)] {
            if ui.button(word).accessible_name(name).on_hover_text(&words.keys).clicked() {
                send(out, ReviewMessage::Seek { what: Seek::Disagreement, forward, extend: false });
            }
        }
        if ui.button(&words.take).on_hover_text(&words.take_help).clicked() {
            send(out, ReviewMessage::TakeTheirs);
        }
    });
    list(ui, state, found, out);
    findings(ui, state, out);
}

/// EC57's table: rows are one's own beats, columns theirs.
fn matrix(ui: &mut Ui, found: &Comparison, words: &ReviewWords) {
    let words = &words.compare;
    let marks: Vec<(Mark, &str)> = BeatLabel::ALL
        .into_iter()
        .map(|label| (Mark::Beat(label), label.letter()))
        .chain([(Mark::NoBeat, words.no_beat.as_str())])
        .collect();
    egui::Grid::new("agreement").num_columns(marks.len() + 1).spacing([10.0, 2.0]).show(ui, |ui| {
        ui.label(RichText::new(&words.corner).small().color(theme::ui::weak()));
        for (_, name) in &marks {
            ui.label(RichText::new(*name).small().strong());
        }
        ui.end_row();
        for (ours, name) in &marks {
            ui.label(RichText::new(*name).small().strong());
            for (theirs, _) in &marks {
                let count = found.matrix.get(*ours, *theirs);
                let text = RichText::new(if count == 0 { "·".to_owned() } else { count.to_string() }).small();
                ui.label(match (ours == theirs, count) {
                    (_, 0) => text.color(theme::ui::weak()),
                    (true, _) => text,
                    (false, _) => text.strong().color(theme::ui::caution()),
                });
            }
            ui.end_row();
        }
    });
}

/// The disagreements near the page, to jump to.
fn list(ui: &mut Ui, state: &State, found: &Comparison, out: Out) {
    const MOST: usize = 12;
    let Some(recording) = state.recording() else { return };
    let review = &state.words().review;
    let near = found.disagreements.partition_point(|d| d.at < state.view.start);
    let first = near.min(found.disagreements.len().saturating_sub(MOST));
    for d in found.disagreements.iter().skip(first).take(MOST) {
        let time = super::super::format::time(recording, recording.rate.seconds(d.at));
        let mut words = crate::app::review::compare::words(d, review);
        if d.same_class {
            words = fill(&review.compare.same_class, &[("words", &words)]);
        }
        let text = format!("{time}: {words}");
        if ui.link(RichText::new(text).small()).clicked() {
            let pick = d.ours.map_or(crate::app::review::beats::Pick::None, |(at, _)| crate::app::review::beats::Pick::One(at));
            send(out, ReviewMessage::Pick(pick));
            out.push(crate::app::message::Message::CentreOn(recording.rate.seconds(d.at)));
        }
    }
    if found.disagreements.len() > MOST {
        weak(ui, &review.compare.near);
    }
}

/// Findings on which both differ, each to be taken from the other.
fn findings(ui: &mut Ui, state: &State, out: Out) {
    let words = &state.words().review.compare;
    let found = &state.desk.comparison.findings;
    ui.add_space(4.0);
    let values = [("count", &*found.both.to_string()), ("agreed", &found.agreed.to_string())];
    ui.label(fill(&words.findings, &values));
    if found.differences.is_empty() {
        weak(ui, &words.findings_none);
    }
    let said = |side: Option<bool>| match side {
        Some(true) => words.present.as_str(),
        Some(false) => words.absent.as_str(),
        None => words.nothing.as_str(),
    };
    for one in &found.differences {
        let (task, code) = one.topic.parts();
        let name = super::super::format::capital(state.words().finding(task, code, &one.label));
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let values = [("name", &*name), ("ours", said(one.ours)), ("theirs", said(one.theirs))];
            ui.label(RichText::new(fill(&words.row, &values)).small());
            let take = ui.small_button(&words.take);
            if take.accessible_name(fill(&words.take_finding, &[("name", &name)])).clicked() {
                send(out, ReviewMessage::TakeFinding(one.topic.clone()));
            }
        });
    }
}
