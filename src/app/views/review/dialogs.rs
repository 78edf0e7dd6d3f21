//! Who reviews, and why a confirmed review is changed.

use super::{super::Out, super::widgets, send};
use crate::app::{
    review::{ReviewMessage, deeds::Deed},
    state::State,
    theme,
};
use crate::words::fill;
use egui::{Context, Key, RichText, TextEdit, Ui};

/// Asks who reviews: somebody known, or a new name.
pub fn who(ctx: &Context, state: &State, out: Out) {
    let Some(form) = &state.desk.people.form else { return };
    let words = &state.words().review.people;
    let response = widgets::dialog(ctx, egui::Id::unique("who")).show(ctx, |ui| {
        ui.set_width(400.0);
        ui.heading(&words.heading);
        ui.label(RichText::new(&words.text).color(theme::ui::weak()));
        ui.add_space(6.0);
        for person in state.desk.people.persons() {
            let chosen = state.desk.people.chosen.as_ref() == Some(&person.id);
            let text = fill(&words.person, &[("name", &person.name), ("initials", &person.initials)]);
            if ui.selectable_label(chosen, text).clicked() {
                send(out, ReviewMessage::ChooseReviewer(person.id.clone()));
            }
        }
        let nobody = state.desk.people.persons().next().is_none();
        if !nobody {
            widgets::subsection(ui, &words.else_heading);
        }
        let name = field(ui, &words.name, &form.name, 240.0, ReviewMessage::WhoName, out);
        if nobody && ui.memory(|memory| memory.focused().is_none()) {
            name.request_focus();
        }
        field(ui, &words.initials, &form.initials, 80.0, ReviewMessage::WhoInitials, out);
        if let Some(fault) = &form.fault {
            ui.label(RichText::new(fault).color(theme::ui::error()));
        }
        let mut blind = state.paper.settings.blind_first;
        if ui.checkbox(&mut blind, &words.blind).on_hover_text(&words.blind_help).clicked() {
            send(out, ReviewMessage::ToggleBlind);
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let ready = !form.name.trim().is_empty();
            let enter = ready && ui.input(|input| input.key_pressed(Key::Enter));
            if ui.add_enabled(ready, egui::Button::new(&words.enter)).clicked() || enter {
                send(out, ReviewMessage::EnterWho);
            }
            ui.button(&words.cancel).clicked()
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
    let words = &state.words().review.people;
    let response = widgets::dialog(ctx, egui::Id::unique("reason")).show(ctx, |ui| {
        ui.set_width(420.0);
        ui.heading(&words.reason_heading);
        let what = match &asking.deed {
            Deed::Perform(command) => {
                let preview = state.desk.review().and_then(|review| review.preview(command).ok());
                preview.map(|preview| preview.name).unwrap_or_default()
            }
            Deed::Undo | Deed::UndoTo(_) => words.undo.clone(),
            Deed::Redo => words.redo.clone(),
            Deed::Reopen => words.reopen.clone(),
        };
        let text = fill(&words.reason_text, &[("what", &what)]);
        ui.add(egui::Label::new(RichText::new(text).color(theme::ui::weak())).wrap());
        ui.add_space(6.0);
        let mut text = asking.reason.clone();
        let field = ui.add(TextEdit::singleline(&mut text).desired_width(f32::INFINITY)).accessible_name(&words.reason);
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
            if ui.add_enabled(ready, egui::Button::new(&words.change)).clicked() || enter {
                send(out, ReviewMessage::GiveReason);
            }
            ui.button(&words.leave).clicked()
        })
        .inner
    });
    if response.inner || response.should_close() {
        send(out, ReviewMessage::DropReason);
    }
}
