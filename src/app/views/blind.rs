//! The notice in the place of what the machine says while it is hidden.

use super::{Out, widgets::section};
use crate::app::{language, message::Message, theme, tools::ToolMessage};
use egui::{RichText, Ui};

/// Says that the machine is hidden, and offers to ask it.
pub fn show(ui: &mut Ui, out: Out) {
    let words = &language::window().blind;
    section(ui, &words.heading);
    ui.add(egui::Label::new(RichText::new(&words.hidden).color(theme::ui::weak())).wrap());
    let button = egui::Button::new(&words.show);
    if ui.add(button).on_hover_text(&words.show_help).clicked() {
        out.push(Message::Tool(ToolMessage::Reveal));
    }
}
