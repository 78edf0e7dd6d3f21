//! The pages as they will print.

use crate::{
    app::{
        message::Message,
        report::{Dialog, Drawn, Preview, ReportMessage},
        state::State,
        theme,
        views::Out,
    },
    words::{Dialog as Texts, fill},
};
use egui::{ColorImage, RichText, ScrollArea, TextureHandle, TextureOptions, Ui, vec2};
use std::sync::Arc;

/// Shows the pages' bar and the page that is looked at.
pub fn show(ui: &mut Ui, state: &State, dialog: &Dialog, out: Out) {
    let words = &state.words().dialog;
    let report = match &dialog.preview {
        Preview::Pending => return waiting(ui, &words.making),
        Preview::Failed(reason) => return failed(ui, words, reason),
        Preview::Ready(report, _) => report,
    };
    bar(ui, words, dialog, report.document.pages.len(), out);
    match dialog.pages.get(&dialog.page) {
        None | Some(Drawn::Pending) => waiting(ui, &words.drawing),
        Some(Drawn::Failed(reason)) => failed(ui, words, reason),
        Some(Drawn::Ready(image)) => page(ui, words, dialog, image, report.document.pages.len()),
    }
}

fn bar(ui: &mut Ui, words: &Texts, dialog: &Dialog, pages: usize, out: Out) {
    ui.horizontal(|ui| {
        let at = dialog.page;
        if ui.add_enabled(at > 0, egui::Button::new(&words.previous)).clicked() {
            out.push(Message::Report(ReportMessage::Page(at - 1)));
        }
        ui.label(place(&words.page, at, pages));
        if ui.add_enabled(at + 1 < pages, egui::Button::new(&words.next)).clicked() {
            out.push(Message::Report(ReportMessage::Page(at + 1)));
        }
        if ui.selectable_label(dialog.close_up, &words.close_up).clicked() {
            out.push(Message::Report(ReportMessage::ToggleCloseUp));
        }
    });
}

fn page(ui: &mut Ui, words: &Texts, dialog: &Dialog, image: &Arc<ColorImage>, pages: usize) {
    let texture = texture(ui, (dialog.number, dialog.page), image);
    let full = texture.size_vec2() / ui.ctx().pixels_per_point();
    let room = ui.available_size();
    let scale = if dialog.close_up { 1.0 } else { (room.x / full.x).min(room.y / full.y).min(1.0) };
    let name = place(&words.preview, dialog.page, pages);
    ScrollArea::both().id_salt("report page").auto_shrink([false, false]).show(ui, |ui| {
        let picture = egui::Image::from_texture((texture.id(), full)).fit_to_exact_size(vec2(full.x, full.y) * scale);
        ui.add(picture.alt_text(name));
    });
}

/// The page that was shown last stays with the graphics card until another is shown.
fn texture(ui: &Ui, key: (u64, usize), image: &Arc<ColorImage>) -> TextureHandle {
    type Kept = ((u64, usize), TextureHandle);
    let id = egui::Id::unique("report texture");
    if let Some((kept, texture)) = ui.data(|data| data.get_temp::<Kept>(id))
        && kept == key
    {
        return texture;
    }
    let texture = ui.ctx().load_texture("report page", image.clone(), TextureOptions::LINEAR);
    ui.data_mut(|data| data.insert_temp::<Kept>(id, (key, texture.clone())));
    texture
}

/// Which page of how many, in a text.
fn place(text: &str, page: usize, pages: usize) -> String {
    fill(text, &[("page", &(page + 1).to_string()), ("pages", &pages.to_string())])
}

fn waiting(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).color(theme::ui::weak()));
}

fn failed(ui: &mut Ui, words: &Texts, reason: &str) {
    ui.add(egui::Label::new(RichText::new(fill(&words.failed, &[("reason", reason)])).color(theme::ui::error())).wrap());
}
