//! The notice in the place of what the machine says while it is hidden.

use super::{Out, widgets::section};
use crate::app::{message::Message, theme, tools::ToolMessage};
use egui::{RichText, Ui};

/// Says that the machine is hidden, and offers to ask it.
pub fn show(ui: &mut Ui, out: Out) {
    section(ui, "Machine");
    let text = "Read first: what the machine says is hidden until you ask. Measurements and signal quality are shown.";
    ui.add(egui::Label::new(RichText::new(text).color(theme::ui::weak())).wrap());
    let button = egui::Button::new("Show what the machine says (H)");
    if ui.add(button).on_hover_text("The moment is kept with the review").clicked() {
        out.push(Message::Tool(ToolMessage::Reveal));
    }
}
