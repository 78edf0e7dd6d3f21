//! Where it is saved to, and what became of it.

use crate::{
    app::{
        message::Message,
        report::{Dialog, Preview, ReportMessage, Saving},
        state::State,
        theme,
        views::Out,
    },
    words::fill,
};
use egui::{Button, RichText, Ui};

/// Shows the lines below; true when the dialog is to be closed.
pub fn show(ui: &mut Ui, state: &State, dialog: &Dialog, out: Out) -> bool {
    let words = &state.words().dialog;
    let mut send = |message| out.push(Message::Report(message));
    let close = ui.horizontal(|ui| {
        let mut text = dialog.path_text.clone();
        let field = egui::TextEdit::singleline(&mut text).desired_width(ui.available_width() - 360.0).hint_text(&words.path);
        let response = ui.add(field).accessible_name(&words.path);
        if response.changed() {
            send(ReportMessage::PathEdited(text));
        }
        if response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
            send(ReportMessage::Save);
        }
        if ui.button(&words.browse).clicked() {
            send(ReportMessage::ShowSaveDialog);
        }
        let ready = matches!(dialog.preview, Preview::Ready(..)) && dialog.saving != Saving::Busy;
        let word = if matches!(dialog.saving, Saving::Exists(_)) { &words.replace } else { &words.save };
        if ui.add_enabled(ready, Button::new(word)).clicked() {
            send(ReportMessage::Save);
        }
        let saved = matches!(dialog.saving, Saving::Done(_));
        let print = ui.add_enabled(saved, Button::new(&words.print));
        let print = print.on_disabled_hover_text(&words.print_first).on_hover_text(&words.print_about);
        if print.clicked() {
            send(ReportMessage::OpenSaved);
        }
        ui.button(&words.close).clicked()
    });
    let at = |text: &str, path: &std::path::Path| fill(text, &[("path", &path.display().to_string())]);
    let (text, colour) = match &dialog.saving {
        Saving::No => (String::new(), theme::ui::weak()),
        Saving::Busy => (words.saving.clone(), theme::ui::weak()),
        Saving::Done(path) => (at(&words.saved, path), theme::ui::weak()),
        Saving::Exists(path) => (at(&words.exists, path), theme::ui::error()),
        Saving::Failed(reason) => (reason.clone(), theme::ui::error()),
    };
    ui.add(egui::Label::new(RichText::new(text).color(colour)).truncate());
    close.inner
}
