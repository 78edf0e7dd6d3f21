//! The review in the window: the bar of label mode, the panel beside the page, what is drawn on the page, and the dialogs.

pub mod bar;
mod beats;
mod clusters;
mod compare;
mod conclusion;
mod dialogs;
mod files;
mod findings;
mod history;
mod interval;
mod intervals;
pub mod on_page;
pub mod panel;
pub mod pointer;
pub mod tag;

use super::Out;
use crate::app::{message::Message, review::ReviewMessage, state::State, theme};
use crate::review::Whose;
use egui::{Context, RichText, Ui};

/// Shows whichever dialog is open.
pub fn dialogs(ctx: &Context, state: &State, out: Out) {
    dialogs::who(ctx, state, out);
    dialogs::reason(ctx, state, out);
    interval::show(ctx, state, out);
    files::show(ctx, state, out);
    history::show(ctx, state, out);
}

/// The two faces of the side panel.
pub fn tabs(ui: &mut Ui, state: &State, out: Out) {
    if state.recording().is_none() {
        return;
    }
    ui.horizontal(|ui| {
        let words = &state.words().review.panel;
        for (shown, name, help) in [(false, &words.reading, &words.reading_help), (true, &words.heading, &words.heading_help)] {
            let words = RichText::new(name).strong();
            if ui.selectable_label(state.desk.panel == shown, words).on_hover_text(help).clicked() {
                send(out, ReviewMessage::ShowPanel(shown));
            }
        }
    });
    ui.add_space(4.0);
}

/// Stands where the machine's answers are, while they are hidden from a blind reader.
pub fn hidden(ui: &mut Ui, state: &State, out: Out) {
    let words = &state.words().review.panel;
    super::widgets::strip(ui, &words.hidden, theme::ui::caution(), theme::ui::caution_soft());
    if ui.button(&words.show_machine).clicked() {
        send(out, ReviewMessage::Reveal(Whose::Machine));
    }
}

fn send(out: Out, message: ReviewMessage) {
    out.push(Message::Review(message));
}

fn weak(ui: &mut Ui, text: &str) {
    ui.add(egui::Label::new(RichText::new(text).small().color(theme::ui::weak())).wrap());
}
