//! The list of shortcuts, where each can be given another key.

use super::Out;
use crate::app::{
    language,
    message::Message,
    paper::PaperMessage,
    review::keys::KEYS,
    shortcuts::{Keys, SHORTCUTS, Shortcut, help_of, spelled},
    state::State,
    theme,
};
use crate::{
    review::BeatType,
    words::{fill, window::Help},
};
use egui::{Context, RichText, Ui};

/// The words of this part.
fn words() -> &'static Help {
    &language::window().help
}

/// Shows the list while it is open.
pub fn show(ctx: &Context, state: &State, out: Out) {
    if !state.help_open {
        return;
    }
    let response = super::widgets::dialog(ctx, egui::Id::unique("help")).show(ctx, |ui| {
        ui.set_width(560.0);
        ui.heading(&words().heading);
        ui.label(RichText::new(&words().how).color(theme::ui::weak()));
        ui.add_space(6.0);
        let height = (ctx.content_rect().height() - 260.0).max(160.0);
        egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
            // What the keys do now comes first.
            if state.desk.label_mode {
                label_mode(ui, state);
                ui.add_space(10.0);
            }
            list(ui, state, out);
            if !state.desk.label_mode {
                label_mode(ui, state);
            }
        });
        waiting(ui, state);
        ui.add_space(6.0);
        ui.label(RichText::new(&words().mouse).color(theme::ui::weak()));
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            let changed = !state.paper.settings.shortcuts.is_empty();
            if ui.add_enabled(changed, egui::Button::new(&words().defaults)).clicked() {
                out.push(Message::Paper(PaperMessage::DefaultKeys));
            }
            ui.button(&words().close).clicked()
        })
        .inner
    });
    // Esc first of all ends the waiting for a key.
    if response.inner || (response.should_close() && state.paper.rebinding.is_none()) {
        out.push(Message::Paper(PaperMessage::Rebind(None)));
        out.push(Message::ToggleHelp);
    }
}

fn list(ui: &mut Ui, state: &State, out: Out) {
    egui::Grid::new("shortcuts").num_columns(2).spacing([24.0, 5.0]).show(ui, |ui| {
        let mut rest = SHORTCUTS;
        while let Some((first, after)) = rest.split_first() {
            let more = after.iter().take_while(|shortcut| shortcut.help().is_empty()).count();
            ui.horizontal(|ui| {
                for shortcut in std::iter::once(first).chain(&after[..more]) {
                    key(ui, state, shortcut, out);
                }
            });
            ui.label(help_of(first.default()));
            ui.end_row();
            rest = &after[more..];
        }
    });
}

/// Keys of label mode: beat types by their letters, and the keys around them.
fn label_mode(ui: &mut Ui, state: &State) {
    let review = &state.words().review;
    super::widgets::subsection(ui, &review.label_keys.heading);
    ui.label(RichText::new(&review.label_keys.text).color(theme::ui::weak()));
    egui::Grid::new("label mode").num_columns(2).spacing([24.0, 5.0]).show(ui, |ui| {
        for key in KEYS {
            ui.label(spelled(key.keys));
            ui.label((key.help)(&review.label_keys));
            ui.end_row();
        }
        for label in BeatType::settable() {
            ui.label(label.to_string());
            ui.label(review.beat_type(label));
            ui.end_row();
        }
    });
    ui.add(egui::Label::new(RichText::new(&review.label_keys.mouse).color(theme::ui::weak())).wrap());
}

fn key(ui: &mut Ui, state: &State, shortcut: &Shortcut, out: Out) {
    let default: Keys = shortcut.default();
    let current = shortcut.current(&state.paper.settings.shortcuts);
    let waits = state.paper.rebinding == Some(default);
    let text = if waits { words().press.clone() } else { current.to_string() };
    let text = if current == default { RichText::new(text) } else { RichText::new(text).strong().color(theme::ui::accent()) };
    let name = fill(&words().key, &[("keys", &current.to_string()), ("help", help_of(default))]);
    if ui.selectable_label(waits, text).accessible_name(&name).on_hover_text(&words().change).clicked() {
        out.push(Message::Paper(PaperMessage::Rebind(if waits { None } else { Some(default) })));
    }
}

fn waiting(ui: &mut Ui, state: &State) {
    let Some(default) = state.paper.rebinding else { return };
    ui.add_space(4.0);
    let text = match &state.paper.rebinding_fault {
        Some(fault) => fault.clone(),
        None => fill(&words().waiting, &[("help", help_of(default))]),
    };
    super::widgets::strip(ui, &text, theme::ui::caution(), theme::ui::caution_soft());
}
