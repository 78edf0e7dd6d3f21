//! Where it is saved to, and what became of it.

use crate::app::{
    message::Message,
    report::{Dialog, Preview, ReportMessage, Saving},
    theme,
    views::Out,
};
use egui::{Button, RichText, Ui};

/// Shows the lines below; true when the dialog is to be closed.
pub fn show(ui: &mut Ui, dialog: &Dialog, out: Out) -> bool {
    let mut send = |message| out.push(Message::Report(message));
    let close = ui.horizontal(|ui| {
        let mut text = dialog.path_text.clone();
        let field =
            egui::TextEdit::singleline(&mut text).desired_width(ui.available_width() - 360.0).hint_text("Path of the PDF file");
        let response = ui.add(field).accessible_name("Path of the PDF file");
        if response.changed() {
            send(ReportMessage::PathEdited(text));
        }
        if response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
            send(ReportMessage::Save);
        }
        if ui.button("Browse").clicked() {
            send(ReportMessage::ShowSaveDialog);
        }
        let ready = matches!(dialog.preview, Preview::Ready(..)) && dialog.saving != Saving::Busy;
        let word = if matches!(dialog.saving, Saving::Exists(_)) { "Replace the file" } else { "Save as PDF" };
        if ui.add_enabled(ready, Button::new(word)).clicked() {
            send(ReportMessage::Save);
        }
        let saved = matches!(dialog.saving, Saving::Done(_));
        let print = ui.add_enabled(saved, Button::new("Print"));
        let print = print
            .on_disabled_hover_text("Save it first")
            .on_hover_text("Opens the file with the system's viewer, which prints it");
        if print.clicked() {
            send(ReportMessage::OpenSaved);
        }
        ui.button("Close").clicked()
    });
    let (text, colour) = match &dialog.saving {
        Saving::No => (String::new(), theme::ui::weak()),
        Saving::Busy => ("Saving ...".to_owned(), theme::ui::weak()),
        Saving::Done(path) => (format!("Saved: {}", path.display()), theme::ui::weak()),
        Saving::Exists(path) => (format!("{}: there is such a file already.", path.display()), theme::ui::error()),
        Saving::Failed(reason) => (reason.clone(), theme::ui::error()),
    };
    ui.add(egui::Label::new(RichText::new(text).color(colour)).truncate());
    close.inner
}
