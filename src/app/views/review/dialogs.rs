//! Who reviews, and why a confirmed review is changed.

use super::{super::Out, super::widgets, send};
use crate::app::{
    review::{ReviewMessage, deeds::Deed},
    state::State,
    theme,
};
use egui::{Context, Key, RichText, TextEdit, Ui};

/// Asks who reviews: somebody known, or a new name.
pub fn who(ctx: &Context, state: &State, out: Out) {
    let Some(form) = &state.desk.people.form else { return };
    let response = widgets::dialog(ctx, egui::Id::unique("who")).show(ctx, |ui| {
        ui.set_width(400.0);
        ui.heading("Who reviews?");
        ui.label(RichText::new("Every correction is kept with the name of who made it.").color(theme::ui::weak()));
        ui.add_space(6.0);
        for person in state.desk.people.persons() {
            let chosen = state.desk.people.chosen.as_ref() == Some(&person.id);
            if ui.selectable_label(chosen, format!("{} ({})", person.name, person.initials)).clicked() {
                send(out, ReviewMessage::ChooseReviewer(person.id.clone()));
            }
        }
        let nobody = state.desk.people.persons().next().is_none();
        if !nobody {
            widgets::subsection(ui, "Somebody else");
        }
        let name = field(ui, "Name", &form.name, 240.0, ReviewMessage::WhoName, out);
        if nobody && ui.memory(|memory| memory.focused().is_none()) {
            name.request_focus();
        }
        field(ui, "Initials", &form.initials, 80.0, ReviewMessage::WhoInitials, out);
        if let Some(fault) = &form.fault {
            ui.label(RichText::new(fault).color(theme::ui::error()));
        }
        let mut blind = state.desk.people.blind;
        let help =
            "Reviews begun from now on hide what the machine and other readers say until it is asked for; asking is recorded";
        if ui.checkbox(&mut blind, "Blind first read").on_hover_text(help).clicked() {
            send(out, ReviewMessage::ToggleBlind);
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let ready = !form.name.trim().is_empty();
            let enter = ready && ui.input(|input| input.key_pressed(Key::Enter));
            if ui.add_enabled(ready, egui::Button::new("Enter")).clicked() || enter {
                send(out, ReviewMessage::EnterWho);
            }
            ui.button("Cancel").clicked()
        })
        .inner
    });
    if response.inner || response.should_close() {
        send(out, ReviewMessage::CloseWho);
    }
}

fn field(ui: &mut Ui, name: &str, text: &str, width: f32, message: fn(String) -> ReviewMessage, out: Out) -> egui::Response {
    let mut text = text.to_owned();
    ui.horizontal(|ui| {
        let label = ui.label(name);
        let field = ui.add(TextEdit::singleline(&mut text).desired_width(width)).labelled_by(label.id);
        if field.changed() {
            send(out, message(text));
        }
        field
    })
    .inner
}

/// Asks why a confirmed review is changed.
pub fn reason(ctx: &Context, state: &State, out: Out) {
    let Some(asking) = &state.desk.asking else { return };
    let response = widgets::dialog(ctx, egui::Id::unique("reason")).show(ctx, |ui| {
        ui.set_width(420.0);
        ui.heading("Why is the confirmed review changed?");
        let what = match &asking.deed {
            Deed::Perform(command) => {
                let preview = state.desk.review().and_then(|review| review.preview(command).ok());
                preview.map(|preview| preview.name).unwrap_or_default()
            }
            Deed::Undo | Deed::UndoTo(_) => "Undo".to_owned(),
            Deed::Redo => "Redo".to_owned(),
            Deed::Reopen => "Take up again".to_owned(),
        };
        let text = format!("{what}. The change un-confirms the review; the reason is kept with it.");
        ui.add(egui::Label::new(RichText::new(text).color(theme::ui::weak())).wrap());
        ui.add_space(6.0);
        let mut text = asking.reason.clone();
        let field = ui.add(TextEdit::singleline(&mut text).desired_width(f32::INFINITY)).accessible_name("Reason");
        if ui.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
        }
        if field.changed() {
            send(out, ReviewMessage::ReasonEdited(text.clone()));
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let ready = !text.trim().is_empty();
            let enter = ready && ui.input(|input| input.key_pressed(Key::Enter));
            if ui.add_enabled(ready, egui::Button::new("Change it")).clicked() || enter {
                send(out, ReviewMessage::GiveReason);
            }
            ui.button("Leave it confirmed").clicked()
        })
        .inner
    });
    if response.inner || response.should_close() {
        send(out, ReviewMessage::DropReason);
    }
}
