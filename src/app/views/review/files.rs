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
use egui::{Button, Context, Key, RichText, TextEdit, Ui};

/// Shows the dialog that is open.
pub fn show(ctx: &Context, state: &State, out: Out) {
    let say = |message| ReviewMessage::File(message);
    if let Some(wanted) = &state.desk.files.export {
        let response = widgets::dialog(ctx, egui::Id::unique("export")).show(ctx, |ui| {
            ui.set_width(520.0);
            export(ui, state, wanted, out);
            ui.button("Close").clicked()
        });
        if response.inner || response.should_close() {
            send(out, say(FileMessage::Close));
        }
    }
    if let Some(wanted) = &state.desk.files.import {
        let response = widgets::dialog(ctx, egui::Id::unique("import")).show(ctx, |ui| {
            ui.set_width(520.0);
            import(ui, state, wanted, out);
            ui.button("Close").clicked()
        });
        if response.inner || response.should_close() {
            send(out, say(FileMessage::Close));
        }
    }
}

fn export(ui: &mut Ui, state: &State, wanted: &Export, out: Out) {
    let say = |message| ReviewMessage::File(message);
    ui.heading("Export labels");
    let confirmed = state.desk.review().is_some_and(|review| review.state().is_confirmed());
    if !confirmed {
        let text = "The review is unconfirmed; every file says so.";
        widgets::strip(ui, text, theme::ui::caution(), theme::ui::caution_soft());
    }
    ui.horizontal_wrapped(|ui| {
        for form in Form::ALL {
            if ui.selectable_label(wanted.form == form, form.name()).clicked() {
                send(out, say(FileMessage::Form(form)));
            }
        }
    });
    let entered = path(ui, "Folder", &wanted.folder, FileMessage::Folder, FileMessage::BrowseFolder, out);
    if matches!(wanted.form, Form::Wfdb | Form::Edf | Form::Training) {
        ui.horizontal(|ui| {
            let label = ui.label("Annotator");
            let mut text = wanted.annotator.clone();
            let field = ui.add(TextEdit::singleline(&mut text).desired_width(100.0)).labelled_by(label.id);
            if field.on_hover_text("Becomes the extension of the annotation file").changed() {
                send(out, say(FileMessage::Annotator(text)));
            }
        });
    }
    told(ui, &wanted.told);
    ui.add_space(6.0);
    if ui.add_enabled(!wanted.busy, Button::new(if wanted.busy { "Writing ..." } else { "Write" })).clicked() || entered {
        send(out, say(FileMessage::Export));
    }
}

fn import(ui: &mut Ui, state: &State, wanted: &Import, out: Out) {
    let say = |message| ReviewMessage::File(message);
    ui.heading("Import labels of another annotator");
    let text = "They become a further reader of this recording, to compare with. Your own labels stay as they are.";
    ui.add(egui::Label::new(RichText::new(text).color(theme::ui::weak())).wrap());
    let entered = path(ui, "File", &wanted.path, FileMessage::Path, FileMessage::BrowseFile, out);
    let hint = "A WFDB annotation file, an EDF+ file or a CSV table";
    ui.label(RichText::new(hint).small().color(theme::ui::weak()));
    let sets = state.recording().map(|recording| recording.annotations.as_slice()).unwrap_or_default();
    for set in sets.iter().filter(|set| !set.annotations.is_empty()) {
        let text = format!("The recording's own `{}`: {} annotations", set.annotator, set.annotations.len());
        if ui.add_enabled(!wanted.busy, Button::new(text)).clicked() {
            send(out, say(FileMessage::ImportOwn(set.annotator.clone())));
        }
    }
    told(ui, &wanted.told);
    ui.add_space(6.0);
    if ui.add_enabled(!wanted.busy, Button::new(if wanted.busy { "Reading ..." } else { "Read" })).clicked() || entered {
        send(out, say(FileMessage::Import));
    }
}

/// A field for a path with a button for the system's dialog; whether Enter was pressed in it.
fn path(ui: &mut Ui, name: &str, text: &str, edited: fn(String) -> FileMessage, browse: FileMessage, out: Out) -> bool {
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
        if ui.button("Choose ...").clicked() {
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
