//! Whether anybody stands for what the page says, in the page's header; and who reviews, in the bar below.

use super::{super::Out, send};
use crate::{
    app::{
        review::{ReviewMessage, Shelf},
        state::State,
        theme,
    },
    review::State as Workflow,
    words::fill,
};
use egui::{RichText, Ui};

/// In the page's header: unconfirmed until a person confirms.
pub fn page(ui: &mut Ui, state: &State) {
    let words = &state.words().review.tag;
    let confirmed = state.desk.review().and_then(|review| review.confirmation());
    let text = match (confirmed, state.desk.me()) {
        (Some(confirmation), Some(me)) => {
            let at = confirmation.at.to_string();
            let day = at.split('T').next().unwrap_or_default().to_owned();
            RichText::new(format!("  {}  ", fill(&words.confirmed, &[("initials", &me.initials), ("day", &day)])))
                .strong()
                .color(theme::ui::accent())
        }
        _ => {
            let amended = state.desk.review().is_some_and(|review| review.state() == Workflow::Amended);
            let text = if amended { &words.amended } else { &words.unconfirmed };
            RichText::new(format!("  {text}  ")).strong().color(theme::ui::caution()).background_color(theme::ui::caution_soft())
        }
    };
    ui.label(text).on_hover_text(&words.help);
}

/// In the bar below: who reviews and where the review stands; a press asks or changes it.
pub fn status(ui: &mut Ui, state: &State, out: Out) {
    let (desk, words) = (&state.desk, &state.words().review.tag);
    match &desk.shelf {
        Shelf::None => return,
        Shelf::Opening => {
            ui.label(&words.opening_store);
            return;
        }
        Shelf::Failed(reason) => {
            let text = RichText::new(&words.not_kept).color(theme::ui::error());
            ui.label(text).on_hover_text(reason);
            return;
        }
        Shelf::Open(_) => {}
    }
    let text = match (desk.me(), desk.review()) {
        (None, _) => words.who.clone(),
        (Some(me), Some(review)) => {
            fill(&words.standing, &[("initials", &me.initials), ("state", state.words().review.state(review.state()))])
        }
        (Some(me), None) => me.initials.clone(),
    };
    let help = desk.me().map_or_else(|| words.who_help.clone(), |me| fill(&words.person_help, &[("name", &me.name)]));
    if ui.button(text).on_hover_text(help).clicked() {
        send(out, ReviewMessage::AskWho);
    }
}
