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
};
use egui::{Button, Color32, RichText, Ui};

fn colour(label: BeatType) -> Color32 {
    theme::beat(label.class(LabelMap::Aami))
}

/// Shows the part.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let desk = &state.desk;
    let total: usize = desk.census.types.iter().map(|(_, count)| count).sum();
    if state.machine_hidden() {
        weak(ui, &format!("{total} beats, {} decided by you; labels are hidden", desk.census.decided));
    } else if total == 0 {
        weak(ui, "No beats yet");
    } else {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
            for (label, count) in &desk.census.types {
                let words = RichText::new(format!("{label} {count}")).color(colour(*label));
                let help = format!("{}: choose all {count}", label.name());
                if ui.add(Button::new(words)).on_hover_text(help).clicked() {
                    send(out, ReviewMessage::Pick(Pick::OfType(*label)));
                }
            }
        });
        weak(ui, &format!("{} uncertain, {} decided by you", desk.census.uncertain, desk.census.decided));
    }
    jump(ui, state, out);
    let chosen = desk.selection.beats.len();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
        let one = desk.selection.at.is_some();
        if ui.add_enabled(one, Button::new("All like this")).on_hover_text("By the shape of the complex (k)").clicked() {
            send(out, ReviewMessage::Pick(Pick::Like));
        }
        if ui.add_enabled(one, Button::new("All of this type")).on_hover_text("o").clicked() {
            send(out, ReviewMessage::Pick(Pick::OfThisType));
        }
        if ui.button("All").on_hover_text("Every beat (Ctrl A in label mode)").clicked() {
            send(out, ReviewMessage::Pick(Pick::All));
        }
        if ui.add_enabled(chosen > 0, Button::new("None")).clicked() {
            send(out, ReviewMessage::Pick(Pick::None));
        }
        ui.label(format!("{chosen} chosen"));
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(3.0, 3.0);
        for label in BeatType::settable() {
            let words = RichText::new(label.to_string()).strong().color(colour(label));
            let button = Button::new(words).min_size(egui::vec2(26.0, 24.0));
            let response = ui.add_enabled(chosen > 0, button).on_hover_text(label.name());
            if response.accessible_name(format!("Relabel as {label}, {}", label.name())).clicked() {
                send(out, ReviewMessage::Relabel(label));
            }
        }
    });
    if let Some(pending) = &desk.pending {
        let from: Vec<String> = pending.preview.from.iter().map(|(label, count)| format!("{count} {label}")).collect();
        let text = format!("{}? Now {}", pending.preview.name, from.join(", "));
        ui.add(egui::Label::new(RichText::new(text).color(theme::ui::caution())).wrap());
        ui.horizontal(|ui| {
            if ui.button("Do it").clicked() {
                send(out, ReviewMessage::CarryOut);
            }
            if ui.button("Leave it").clicked() {
                send(out, ReviewMessage::DropPending);
            }
        });
    }
    ui.horizontal_wrapped(|ui| {
        if ui.add_enabled(chosen > 0, Button::new("Delete")).on_hover_text("Delete the chosen beats (Delete)").clicked() {
            send(out, ReviewMessage::DeleteBeats);
        }
        let mut advance = desk.advance;
        if ui.checkbox(&mut advance, "Next beat after a label").clicked() {
            send(out, ReviewMessage::ToggleAdvance);
        }
    });
}

/// To the next of a kind.
fn jump(ui: &mut Ui, state: &State, out: Out) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
        let uncertain = !state.machine_hidden() && state.desk.census.uncertain > 0;
        let differ = state.desk.comparison.found.as_ref().is_some_and(|found| !found.disagreements.is_empty());
        for (what, name, keys, can) in [
            (Seek::Uncertain, "uncertain", "u", uncertain),
            (Seek::ThisType, "of this type", "c", state.desk.selection.at.is_some()),
            (Seek::Disagreement, "disagreement", "d", differ),
        ] {
            for (forward, arrow, word, key) in
                [(false, "◀", "Previous", keys.to_uppercase()), (true, "▶", "Next", keys.to_owned())]
            {
                let text = if forward { format!("{name} {arrow}") } else { arrow.to_owned() };
                let response = ui.add_enabled(can, Button::new(RichText::new(text).small()));
                let response = response.on_hover_text(format!("{word} {name} ({key})"));
                if response.accessible_name(format!("{word} {name}")).clicked() {
                    send(out, ReviewMessage::Seek { what, forward, extend: false });
                }
            }
        }
    });
}
