//! Errors, warnings and repairs: new errors over the page until they are marked read, and the list of all.

use super::Out;
use crate::app::{
    drawer::Drawer,
    inbox::{self, InboxMessage, Item, Key, Level},
    language,
    message::Message,
    state::State,
    theme,
};
use crate::words::{fill, window::Inbox};
use egui::{Align, Color32, Frame, Layout, Margin, RichText, Ui};

/// The words of this part.
fn words() -> &'static Inbox {
    &language::window().inbox
}

/// Whether there is an error nobody read.
pub fn any(state: &State) -> bool {
    state.notices.iter().any(|notice| !notice.read)
}

/// Errors shown at once over the page; the others are in the list.
const SHOWN: usize = 3;

fn colours(level: Level) -> (Color32, Color32) {
    match level {
        Level::Error => (theme::ui::error(), theme::ui::error_soft()),
        Level::Warning | Level::Repair => (theme::ui::caution(), theme::ui::caution_soft()),
    }
}

/// Shows the newest unread errors. However long they are, the page keeps its room.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let unread: Vec<_> = state.notices.iter().rev().filter(|notice| !notice.read).collect();
    egui::ScrollArea::vertical().id_salt("unread").max_height(120.0).auto_shrink([false, true]).show(ui, |ui| {
        for notice in unread.iter().take(SHOWN) {
            Frame::new().fill(theme::ui::error_soft()).corner_radius(4.0).inner_margin(Margin::symmetric(8, 4)).show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        if ui.button(&words().mark).on_hover_text(&words().mark_help).clicked() {
                            out.push(Message::Inbox(InboxMessage::Read(Key::Notice(notice.id))));
                        }
                        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                            ui.add(egui::Label::new(RichText::new(&notice.text).color(theme::ui::error())).wrap());
                        });
                    });
                });
            });
        }
    });
    if unread.len() > 1 {
        ui.horizontal(|ui| {
            let more = unread.len().saturating_sub(SHOWN);
            if more > 0 {
                ui.label(RichText::new(fill(&words().more, &[("count", &more.to_string())])).color(theme::ui::error()));
            }
            if ui.button(&words().mark_all).clicked() {
                for notice in &unread {
                    out.push(Message::Inbox(InboxMessage::Read(Key::Notice(notice.id))));
                }
            }
        });
    }
}

/// The button of the bar with the number of unread messages.
pub fn badge(ui: &mut Ui, state: &State, out: Out) {
    let items = inbox::items(state);
    let unread = items.iter().filter(|item| !item.read).count();
    let worst = items.iter().filter(|item| !item.read).map(|item| item.level).min();
    let label = Drawer::Messages.label();
    let text =
        if unread == 0 { label.to_owned() } else { fill(&words().badge, &[("label", label), ("count", &unread.to_string())]) };
    let text = match worst {
        Some(level) => RichText::new(text).color(colours(level).0).strong(),
        None => RichText::new(text),
    };
    let button = egui::Button::selectable(state.drawer == Some(Drawer::Messages), text);
    if ui.add(button).on_hover_text(Drawer::Messages.help()).clicked() {
        out.push(Message::ToggleDrawer(Drawer::Messages));
    }
}

/// The list of all messages of the session and of the open recording.
pub fn list(ui: &mut Ui, state: &State, out: Out) {
    let items = inbox::items(state);
    let unread = items.iter().filter(|item| !item.read).count();
    let counts = fill(&words().counts, &[("count", &items.len().to_string()), ("unread", &unread.to_string())]);
    ui.horizontal(|ui| {
        ui.label(RichText::new(counts).color(theme::ui::weak()));
        if ui.add_enabled(unread > 0, egui::Button::new(&words().mark_everything)).clicked() {
            out.push(Message::Inbox(InboxMessage::ReadAll));
        }
        ui.label(RichText::new(&words().unchanged).color(theme::ui::weak()));
    });
    if items.is_empty() {
        ui.label(&words().nothing);
    }
    egui::ScrollArea::vertical().id_salt("messages").auto_shrink(false).show(ui, |ui| {
        for item in &items {
            message(ui, item, out);
        }
    });
}

fn message(ui: &mut Ui, item: &Item, out: Out) {
    let (colour, soft) = colours(item.level);
    let behind = if item.read { Color32::TRANSPARENT } else { soft };
    let ink = if item.read { theme::ui::weak() } else { colour };
    Frame::new().fill(behind).corner_radius(4.0).inner_margin(Margin::symmetric(8, 3)).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
                if item.read {
                    ui.label(RichText::new(&words().read).small().color(theme::ui::weak()));
                } else if ui.button(&words().mark_one).on_hover_text(&words().mark_one_help).clicked() {
                    out.push(Message::Inbox(InboxMessage::Read(item.key.clone())));
                }
                ui.with_layout(Layout::top_down(Align::LEFT), |ui| {
                    let title = match item.title.as_str() {
                        "" => item.level.label().to_owned(),
                        title => fill(&words().titled, &[("level", item.level.label()), ("title", title)]),
                    };
                    ui.label(RichText::new(title).strong().color(ink));
                    for line in &item.lines {
                        ui.add(
                            egui::Label::new(RichText::new(line).color(if item.read { ink } else { theme::ui::text() })).wrap(),
                        );
                    }
                });
            });
        });
    });
}
