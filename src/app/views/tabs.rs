//! The tabs, where there is more than one.

use super::Out;
use crate::app::{
    language,
    message::Message,
    state::State,
    tabs::{self, TabMessage},
    theme,
};
use crate::words::{fill, window};
use egui::{Button, RichText, Ui};

/// The words of this part.
fn words() -> &'static window::Tabs {
    &language::window().tabs
}

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
                let mut name = title.name.clone();
                if let Some(patient) = &title.patient {
                    name = format!("{name} · {patient}");
                }
                let mut text: String = name.chars().take(LONGEST).collect();
                if text.len() < name.len() {
                    text.push('…');
                }
                if title.busy {
                    text.push_str(" ...");
                }
                let text = if shown { RichText::new(text).strong() } else { RichText::new(text) };
                let tab = ui.add(Button::selectable(shown, text)).accessible_name(fill(&words().tab, &[("name", &name)]));
                if tab.clicked() {
                    out.push(Message::Tab(TabMessage::Show(place)));
                }
                let close = ui.add(Button::new("×").frame(false)).accessible_name(fill(&words().close, &[("name", &title.name)]));
                if tab.middle_clicked() || close.on_hover_text(&words().close_help).clicked() {
                    out.push(Message::Tab(TabMessage::Close(place)));
                }
                tab.on_hover_text(fill(&words().tab_help, &[("name", &name)]));
                ui.add_space(6.0);
            }
            if ui.button(RichText::new("+").color(theme::ui::accent())).on_hover_text(&words().new).clicked() {
                out.push(Message::Tab(TabMessage::New));
            }
        });
    });
}
