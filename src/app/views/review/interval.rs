//! The dialog with one interval: what it is, searched as you type, from when to when, on which lead.

use super::{super::Out, super::widgets, send};
use crate::app::{
    review::{ReviewMessage, intervals::IntervalMessage, intervals::kinds, rhythm_colours},
    state::State,
    theme,
};
use egui::{Context, Key, RichText, TextEdit, Ui};

/// Shows the dialog while it is open.
pub fn show(ctx: &Context, state: &State, out: Out) {
    let Some(draft) = &state.desk.intervals.draft else { return };
    let say = |message| ReviewMessage::Interval(message);
    let review = &state.words().review;
    let words = &review.intervals;
    let response = widgets::dialog(ctx, egui::Id::unique("interval")).show(ctx, |ui| {
        ui.set_width(460.0);
        ui.heading(if draft.id.is_some() { &words.change_heading } else { &words.mark_heading });
        let mut search = draft.search.clone();
        let field = TextEdit::singleline(&mut search).hint_text(&words.search_hint).desired_width(f32::INFINITY);
        let field = ui.add(field).accessible_name(&words.search);
        if ui.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
        }
        if field.changed() {
            send(out, say(IntervalMessage::Search(search)));
        }
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
            for kind in kinds(&draft.search, review) {
                let chosen = draft.kind.as_ref() == Some(&kind);
                let colour = rhythm_colours::colour(&kind);
                let name = RichText::new(review.kind(&kind));
                let name = if chosen { name.strong().color(rhythm_colours::on(colour)) } else { name };
                let mut button = egui::Button::new(name).stroke(egui::Stroke::new(1.5, colour));
                if chosen {
                    button = button.fill(colour);
                }
                if ui.add(button).clicked() {
                    send(out, say(IntervalMessage::Kind(kind)));
                }
            }
        });
        fields(ui, state, out);
        if let Some(fault) = &draft.fault {
            ui.label(RichText::new(fault).color(theme::ui::error()));
        }
        ui.add_space(8.0);
        let enter = ui.input(|input| input.key_pressed(Key::Enter));
        ui.horizontal(|ui| {
            if ui.button(&words.keep).clicked() || enter {
                send(out, say(IntervalMessage::Save));
            }
            if ui.button(&words.cancel).clicked() {
                send(out, say(IntervalMessage::Drop));
            }
        });
    });
    if response.should_close() {
        send(out, say(IntervalMessage::Drop));
    }
}

fn fields(ui: &mut Ui, state: &State, out: Out) {
    let Some(draft) = &state.desk.intervals.draft else { return };
    let say = |message| ReviewMessage::Interval(message);
    let words = &state.words().review.intervals;
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        for (name, text, message) in [
            (&words.from, &draft.from, IntervalMessage::From as fn(String) -> IntervalMessage),
            (&words.to, &draft.to, IntervalMessage::To),
        ] {
            let label = ui.label(name);
            let mut text = text.clone();
            if ui.add(TextEdit::singleline(&mut text).desired_width(90.0)).labelled_by(label.id).changed() {
                send(out, say(message(text)));
            }
        }
        let label = ui.label(&words.lead);
        let chosen = draft.lead.as_ref().map_or_else(|| words.all_leads.clone(), ToString::to_string);
        let combo = egui::ComboBox::from_id_salt("interval lead").selected_text(chosen).width(80.0).show_ui(ui, |ui| {
            if ui.selectable_label(draft.lead.is_none(), &words.all_leads).clicked() {
                send(out, say(IntervalMessage::Lead(None)));
            }
            for lead in state.lead_names() {
                if ui.selectable_label(draft.lead.as_ref() == Some(&lead), lead.to_string()).clicked() {
                    send(out, say(IntervalMessage::Lead(Some(lead))));
                }
            }
        });
        combo.response.labelled_by(label.id);
    });
    ui.horizontal(|ui| {
        let label = ui.label(&words.remark);
        let mut text = draft.text.clone();
        if ui.add(TextEdit::singleline(&mut text).desired_width(340.0)).labelled_by(label.id).changed() {
            send(out, say(IntervalMessage::Text(text)));
        }
    });
}
