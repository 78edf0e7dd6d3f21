//! Where labels go, and which come in.

use super::{super::Out, super::widgets, send};
use crate::app::{
    review::{
        ReviewMessage,
        files::{Export, FileMessage, Form, Import},
    },
    state::State,
    theme,
};
use crate::words::fill;
use egui::{Button, Context, Key, RichText, TextEdit, Ui};

/// Shows the dialog that is open.
pub fn show(ctx: &Context, state: &State, out: Out) {
    let say = |message| ReviewMessage::File(message);
    let words = &state.words().review.files;
    if let Some(wanted) = &state.desk.files.export {
        let response = widgets::dialog(ctx, egui::Id::unique("export")).show(ctx, |ui| {
            ui.set_width(520.0);
            export(ui, state, wanted, out);
            ui.button(&words.close).clicked()
        });
        if response.inner || response.should_close() {
            send(out, say(FileMessage::Close));
        }
    }
    if let Some(wanted) = &state.desk.files.import {
        let response = widgets::dialog(ctx, egui::Id::unique("import")).show(ctx, |ui| {
            ui.set_width(520.0);
            import(ui, state, wanted, out);
            ui.button(&words.close).clicked()
        });
        if response.inner || response.should_close() {
            send(out, say(FileMessage::Close));
        }
    }
}

fn export(ui: &mut Ui, state: &State, wanted: &Export, out: Out) {
    let say = |message| ReviewMessage::File(message);
    let words = &state.words().review.files;
    ui.heading(&words.export_heading);
    let confirmed = state.desk.review().is_some_and(|review| review.state().is_confirmed());
    if !confirmed {
        widgets::strip(ui, &words.unconfirmed, theme::ui::caution(), theme::ui::caution_soft());
    }
    ui.horizontal_wrapped(|ui| {
        for form in Form::ALL {
            if ui.selectable_label(wanted.form == form, form.name(&state.words().review)).clicked() {
                send(out, say(FileMessage::Form(form)));
            }
        }
    });
    let names = (words.folder.as_str(), words.choose.as_str());
    let entered = path(ui, names, &wanted.folder, FileMessage::Folder, FileMessage::BrowseFolder, out);
    if matches!(wanted.form, Form::Wfdb | Form::Edf | Form::Training) {
        ui.horizontal(|ui| {
            let label = ui.label(&words.annotator);
            let mut text = wanted.annotator.clone();
            let field = ui.add(TextEdit::singleline(&mut text).desired_width(100.0)).labelled_by(label.id);
            if field.on_hover_text(&words.annotator_help).changed() {
                send(out, say(FileMessage::Annotator(text)));
            }
        });
    }
    told(ui, &wanted.told);
    ui.add_space(6.0);
    if ui.add_enabled(!wanted.busy, Button::new(if wanted.busy { &words.writing } else { &words.write })).clicked() || entered {
        send(out, say(FileMessage::Export));
    }
}

fn import(ui: &mut Ui, state: &State, wanted: &Import, out: Out) {
    let say = |message| ReviewMessage::File(message);
    let words = &state.words().review.files;
    ui.heading(&words.import_heading);
    ui.add(egui::Label::new(RichText::new(&words.import_text).color(theme::ui::weak())).wrap());
    let names = (words.file.as_str(), words.choose.as_str());
    let entered = path(ui, names, &wanted.path, FileMessage::Path, FileMessage::BrowseFile, out);
    ui.label(RichText::new(&words.file_hint).small().color(theme::ui::weak()));
    let sets = state.recording().map(|recording| recording.annotations.as_slice()).unwrap_or_default();
    for set in sets.iter().filter(|set| !set.annotations.is_empty()) {
        let count = set.annotations.len().to_string();
        let text = fill(&words.own, &[("annotator", &set.annotator), ("count", &count)]);
        if ui.add_enabled(!wanted.busy, Button::new(text)).clicked() {
            send(out, say(FileMessage::ImportOwn(set.annotator.clone())));
        }
    }
    told(ui, &wanted.told);
    ui.add_space(6.0);
    if ui.add_enabled(!wanted.busy, Button::new(if wanted.busy { &words.reading } else { &words.read })).clicked() || entered {
        send(out, say(FileMessage::Import));
    }
}

/// A field for a path with a button for the system's dialog; whether Enter was pressed in it.
fn path(
    ui: &mut Ui,
    (name, choose): (&str, &str),
    text: &str,
    edited: fn(String) -> FileMessage,
    browse: FileMessage,
    out: Out,
) -> bool {
    ui.horizontal(|ui| {
        let label = ui.label(name);
        let mut text = text.to_owned();
        let field = ui.add(TextEdit::singleline(&mut text).desired_width(340.0)).labelled_by(label.id);
        // Asked before the focus comes back: then it was never lost.
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if ui.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
        }
        if field.changed() {
            send(out, ReviewMessage::File(edited(text)));
        }
        if ui.button(choose).clicked() {
            send(out, ReviewMessage::File(browse));
        }
        entered
    })
    .inner
}

fn told(ui: &mut Ui, told: &[String]) {
    egui::ScrollArea::vertical().max_height(200.0).show(ui, |ui| {
        for text in told {
            ui.add(egui::Label::new(text).wrap());
        }
    });
}
