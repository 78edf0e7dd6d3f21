//! The conclusion and the phrases it is made of.

use super::{super::Out, super::widgets, send};
use crate::app::{
    review::{
        ReviewMessage,
        findings::{FindingMessage, conclusion, phrases_in},
    },
    state::State,
};
use egui::{TextEdit, Ui};

/// Shows the part.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let say = |message| ReviewMessage::Finding(message);
    let words = &state.words().review.conclusion;
    let mut text = conclusion(state);
    let field = TextEdit::multiline(&mut text).desired_rows(4).desired_width(f32::INFINITY).hint_text(&words.field);
    let field = ui.add(field).accessible_name(&words.field);
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
    widgets::folded(ui, &words.phrases, |ui| {
        for (heading, phrases) in phrases_in(state.paper.settings.language) {
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
