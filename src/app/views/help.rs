//! The list of shortcuts.

use super::Out;
use crate::app::{message::Message, shortcuts::SHORTCUTS, state::State, theme};
use egui::{Context, RichText};

/// Shows the list while it is open.
pub fn show(ctx: &Context, state: &State, out: Out) {
    if !state.help_open {
        return;
    }
    let response = egui::Modal::new(egui::Id::unique("help")).show(ctx, |ui| {
        ui.set_width(460.0);
        ui.heading("Keyboard");
        ui.add_space(6.0);
        egui::Grid::new("shortcuts").num_columns(2).spacing([24.0, 5.0]).show(ui, |ui| {
            for shortcut in SHORTCUTS.iter().filter(|shortcut| !shortcut.help.is_empty()) {
                ui.label(RichText::new(shortcut.keys).strong());
                ui.label(shortcut.help);
                ui.end_row();
            }
        });
        ui.add_space(6.0);
        ui.label(
            RichText::new("Mouse: wheel scrolls, Ctrl and wheel zooms at the pointer, dragging moves the page.")
                .color(theme::ui::WEAK),
        );
        ui.add_space(6.0);
        ui.button("Close").clicked()
    });
    if response.inner || response.should_close() {
        out.push(Message::ToggleHelp);
    }
}
