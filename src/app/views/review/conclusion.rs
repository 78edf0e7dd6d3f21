//! The conclusion and the phrases it is made of.

use super::{super::Out, super::widgets, send};
use crate::app::{
    review::{
        ReviewMessage,
        findings::{FindingMessage, PHRASES, conclusion},
    },
    state::State,
};
use egui::{TextEdit, Ui};

/// Shows the part.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let say = |message| ReviewMessage::Finding(message);
    let mut text = conclusion(state);
    let field = TextEdit::multiline(&mut text).desired_rows(4).desired_width(f32::INFINITY).hint_text("Conclusion");
    let field = ui.add(field).accessible_name("Conclusion");
    if state.desk.findings.focus_conclusion {
        field.request_focus();
        field.scroll_to_me(None);
    }
    if field.changed() {
        send(out, say(FindingMessage::Conclusion(text)));
    }
    if field.lost_focus() {
        send(out, say(FindingMessage::TypingEnded));
    }
    widgets::folded(ui, "Phrases", |ui| {
        for (heading, phrases) in PHRASES.iter() {
            ui.menu_button(heading, |ui| {
                for phrase in phrases {
                    if ui.button(phrase).clicked() {
                        send(out, say(FindingMessage::Phrase(phrase.clone())));
                        ui.close();
                    }
                }
            });
        }
    });
}
