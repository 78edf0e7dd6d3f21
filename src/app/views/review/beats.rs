//! Beats in the panel: how many of which type, choosing them, relabelling them by mouse.

use super::{super::Out, send, weak};
use crate::{
    app::{
        review::{
            ReviewMessage,
            beats::{Pick, Seek},
        },
        state::State,
        theme,
    },
    recording::LabelMap,
    review::BeatType,
    words::fill,
};
use egui::{Button, Color32, RichText, Ui};

fn colour(label: BeatType) -> Color32 {
    theme::beat(label.class(LabelMap::Aami))
}

/// Shows the part.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let (desk, names) = (&state.desk, &state.words().review);
    let words = &names.beats;
    let total: usize = desk.census.types.iter().map(|(_, count)| count).sum();
    if state.machine_hidden() {
        let values = [("count", &*total.to_string()), ("decided", &desk.census.decided.to_string())];
        weak(ui, &fill(&words.hidden, &values));
    } else if total == 0 {
        weak(ui, &words.none);
    } else {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
            for (label, count) in &desk.census.types {
                let text = RichText::new(format!("{label} {count}")).color(colour(*label));
                let help = fill(&words.choose_type, &[("name", names.beat_type(*label)), ("count", &count.to_string())]);
                if ui.add(Button::new(text)).on_hover_text(help).clicked() {
                    send(out, ReviewMessage::Pick(Pick::OfType(*label)));
                }
            }
        });
        let values = [("uncertain", &*desk.census.uncertain.to_string()), ("decided", &desk.census.decided.to_string())];
        weak(ui, &fill(&words.tally, &values));
    }
    jump(ui, state, out);
    let chosen = desk.selection.beats.len();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
        let one = desk.selection.at.is_some();
        if ui.add_enabled(one, Button::new(&words.like)).on_hover_text(&words.like_help).clicked() {
            send(out, ReviewMessage::Pick(Pick::Like));
        }
        if ui.add_enabled(one, Button::new(&words.same_type)).on_hover_text(&words.same_type_help).clicked() {
            send(out, ReviewMessage::Pick(Pick::OfThisType));
        }
        if ui.button(&words.all).on_hover_text(&words.all_help).clicked() {
            send(out, ReviewMessage::Pick(Pick::All));
        }
        if ui.add_enabled(chosen > 0, Button::new(&words.clear)).clicked() {
            send(out, ReviewMessage::Pick(Pick::None));
        }
        // Goes to the next line whole.
        ui.add(egui::Label::new(fill(&words.chosen, &[("count", &chosen.to_string())])).extend());
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(3.0, 3.0);
        for label in BeatType::settable() {
            let letter = RichText::new(label.to_string()).strong().color(colour(label));
            let button = Button::new(letter).min_size(egui::vec2(26.0, 24.0));
            let name = names.beat_type(label);
            let response = ui.add_enabled(chosen > 0, button).on_hover_text(name);
            if response.accessible_name(fill(&words.relabel, &[("label", &label.to_string()), ("name", name)])).clicked() {
                send(out, ReviewMessage::Relabel(label));
            }
        }
    });
    if let Some(pending) = &desk.pending {
        let from: Vec<String> = pending.preview.from.iter().map(|(label, count)| format!("{count} {label}")).collect();
        let text = fill(&words.ask, &[("name", &pending.preview.name), ("from", &from.join(", "))]);
        ui.add(egui::Label::new(RichText::new(text).color(theme::ui::caution())).wrap());
        ui.horizontal(|ui| {
            if ui.button(&words.do_it).clicked() {
                send(out, ReviewMessage::CarryOut);
            }
            if ui.button(&words.leave_it).clicked() {
                send(out, ReviewMessage::DropPending);
            }
        });
    }
    ui.horizontal_wrapped(|ui| {
        if ui.add_enabled(chosen > 0, Button::new(&words.delete)).on_hover_text(&words.delete_help).clicked() {
            send(out, ReviewMessage::DeleteBeats);
        }
        let mut advance = desk.advance;
        if ui.checkbox(&mut advance, &words.advance).clicked() {
            send(out, ReviewMessage::ToggleAdvance);
        }
    });
}

/// To the next of a kind.
fn jump(ui: &mut Ui, state: &State, out: Out) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
        let words = &state.words().review.beats;
        let uncertain = !state.machine_hidden() && state.desk.census.uncertain > 0;
        let differ = state.desk.comparison.found.as_ref().is_some_and(|found| !found.disagreements.is_empty());
        for (what, name, keys, can) in [
            (Seek::Uncertain, &words.uncertain, "u", uncertain),
            (Seek::ThisType, &words.of_type, "c", state.desk.selection.at.is_some()),
            (Seek::Disagreement, &words.disagreement, "d", differ),
        ] {
            let directions = [(false, "◀", &words.previous, keys.to_uppercase()), (true, "▶", &words.next, keys.to_owned())];
            for (forward, arrow, word, key) in directions {
                let text = if forward { format!("{name} {arrow}") } else { arrow.to_owned() };
                let response = ui.add_enabled(can, Button::new(RichText::new(text).small()));
                let help = fill(word, &[("what", name), ("key", &key)]);
                if response.on_hover_text(&help).accessible_name(&help).clicked() {
                    send(out, ReviewMessage::Seek { what, forward, extend: false });
                }
            }
        }
    });
}
