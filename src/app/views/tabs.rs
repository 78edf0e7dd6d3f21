//! The tabs, where there is more than one.

use super::Out;
use crate::app::{
    message::Message,
    state::State,
    tabs::{self, TabMessage},
    theme,
};
use egui::{Button, RichText, Ui};

/// One tab needs no bar.
pub fn wanted(state: &State) -> bool {
    state.tabs.len() > 1
}

/// Longest name in a tab, in characters.
const LONGEST: usize = 28;

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    egui::ScrollArea::horizontal().id_salt("tabs").auto_shrink([false, true]).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            for (place, title) in tabs::titles(state).into_iter().enumerate() {
                let shown = place == state.tabs.shown();
                let mut words = title.name.clone();
                if let Some(patient) = &title.patient {
                    words = format!("{words} · {patient}");
                }
                let mut text: String = words.chars().take(LONGEST).collect();
                if text.len() < words.len() {
                    text.push('…');
                }
                if title.busy {
                    text.push_str(" ...");
                }
                let text = if shown { RichText::new(text).strong() } else { RichText::new(text) };
                let tab = ui.add(Button::selectable(shown, text)).accessible_name(format!("Tab {words}"));
                if tab.clicked() {
                    out.push(Message::Tab(TabMessage::Show(place)));
                }
                let close = ui.add(Button::new("×").frame(false)).accessible_name(format!("Close tab {}", title.name));
                if tab.middle_clicked() || close.on_hover_text("Close this tab").clicked() {
                    out.push(Message::Tab(TabMessage::Close(place)));
                }
                tab.on_hover_text(format!("{words}\nCtrl Page Down and Ctrl Page Up go through the tabs; a middle click closes"));
                ui.add_space(6.0);
            }
            if ui.button(RichText::new("+").color(theme::ui::accent())).on_hover_text("New tab (Ctrl T)").clicked() {
                out.push(Message::Tab(TabMessage::New));
            }
        });
    });
}
