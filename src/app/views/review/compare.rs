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
};
use egui::{RichText, Ui};

/// Shows whom one can compare with, and the comparison.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let comparing = &state.desk.comparison;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
        let others =
            state.desk.others.iter().map(|reader| (Other::Reader(reader.id.clone()), name_of(&state.desk.others, &reader.id)));
        for (other, name) in std::iter::once((Other::Machine, "the machine".to_owned())).chain(others) {
            let whose = match &other {
                Other::Machine => Whose::Machine,
                Other::Reader(id) => Whose::Reader(id.clone()),
            };
            let hidden = state.desk.review().is_some_and(|review| !review.may_see(&whose));
            let chosen = comparing.other.as_ref() == Some(&other);
            let text = format!("Compare with {name}{}", if hidden { " (asking is recorded)" } else { "" });
            if ui.selectable_label(chosen, text).clicked() {
                send(out, if chosen { ReviewMessage::EndComparison } else { ReviewMessage::Compare(other) });
            }
        }
    });
    if comparing.busy && comparing.found.is_none() {
        ui.label("Comparing ...");
    }
    let Some(found) = &comparing.found else { return };
    let kappa = found.kappa().map_or("not to be had: one class alone".to_owned(), |kappa| format!("{kappa:.3}"));
    let (ours, theirs) = found.unpaired();
    ui.label(format!("{} disagreements · Cohen's kappa {kappa}", found.disagreements.len()));
    weak(ui, &format!("{} beats paired within 150 ms; only yours {ours}, only theirs {theirs}", found.paired()));
    matrix(ui, found);
    ui.horizontal(|ui| {
        for (forward, word) in [(false, "Previous"), (true, "Next")] {
            if ui.button(word).accessible_name(format!("{word} difference")).on_hover_text("d, D in label mode").clicked() {
                send(out, ReviewMessage::Seek { what: Seek::Disagreement, forward, extend: false });
            }
        }
        if ui.button("Take theirs").on_hover_text("Of the chosen beats (t in label mode)").clicked() {
            send(out, ReviewMessage::TakeTheirs);
        }
    });
    list(ui, state, found, out);
}

/// EC57's table: rows are one's own beats, columns theirs.
fn matrix(ui: &mut Ui, found: &Comparison) {
    let marks: Vec<(Mark, &str)> =
        BeatLabel::ALL.into_iter().map(|label| (Mark::Beat(label), label.letter())).chain([(Mark::NoBeat, "none")]).collect();
    egui::Grid::new("agreement").num_columns(marks.len() + 1).spacing([10.0, 2.0]).show(ui, |ui| {
        ui.label(RichText::new("yours \\ theirs").small().color(theme::ui::weak()));
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
    let near = found.disagreements.partition_point(|d| d.at < state.view.start);
    let first = near.min(found.disagreements.len().saturating_sub(MOST));
    for d in found.disagreements.iter().skip(first).take(MOST) {
        let time = super::super::format::time(recording, recording.rate.seconds(d.at));
        let finer = if d.same_class { " (same class)" } else { "" };
        let text = format!("{time}: {}{finer}", crate::app::review::compare::words(d));
        if ui.link(RichText::new(text).small()).clicked() {
            let pick = d.ours.map_or(crate::app::review::beats::Pick::None, |(at, _)| crate::app::review::beats::Pick::One(at));
            send(out, ReviewMessage::Pick(pick));
            out.push(crate::app::message::Message::CentreOn(recording.rate.seconds(d.at)));
        }
    }
    if found.disagreements.len() > MOST {
        weak(ui, "Those near the page; Next and Previous go through all");
    }
}
