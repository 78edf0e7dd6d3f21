//! What is shown below the page.

use super::{Out, inbox, serial, trends};
use crate::app::{drawer::Drawer, language, message::Message, state::State, theme};
use egui::{Align, Frame, Layout, Margin, Panel, RichText, Ui};

/// Buttons of what can be shown below the page.
pub fn buttons(ui: &mut Ui, state: &State, out: Out) {
    for drawer in [Drawer::Trends, Drawer::Comparison] {
        let button = egui::Button::selectable(state.drawer == Some(drawer), drawer.label());
        if ui.add(button).on_hover_text(drawer.help()).clicked() {
            out.push(Message::ToggleDrawer(drawer));
        }
    }
    inbox::badge(ui, state, out);
}

/// Shows what is chosen.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let Some(drawer) = state.drawer else { return };
    let frame = Frame::new().fill(theme::ui::panel()).inner_margin(Margin { left: 12, right: 8, top: 6, bottom: 4 });
    let height = ui.available_height();
    let share = if drawer == Drawer::Messages { 0.28 } else { 0.46 };
    Panel::bottom(egui::Id::unique(("drawer", drawer)))
        .frame(frame)
        .resizable(true)
        .default_size(share * height)
        .size_range(110.0..=(0.8 * height).max(120.0))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(drawer.label()).strong().color(theme::ui::accent()));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let close = ui.button("×").on_hover_text(&language::window().drawer.close).clicked();
                    if close {
                        out.push(Message::ToggleDrawer(drawer));
                    }
                });
            });
            if drawer != Drawer::Messages {
                // It keeps its height while what it shows is still being computed.
                ui.set_min_height(ui.available_height());
            }
            match drawer {
                Drawer::Messages => inbox::list(ui, state, out),
                Drawer::Trends => trends::show(ui, state, out),
                Drawer::Comparison => serial::show(ui, state, out),
            }
        });
}
