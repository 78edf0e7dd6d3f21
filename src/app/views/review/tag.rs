//! Whether anybody stands for what the page says, in the page's header; and who reviews, in the bar below.

use super::{super::Out, send};
use crate::{
    app::{
        review::{ReviewMessage, Shelf},
        state::State,
        theme,
    },
    review::State as Workflow,
};
use egui::{RichText, Ui};

/// In the page's header: unconfirmed until a person confirms.
pub fn page(ui: &mut Ui, state: &State) {
    let confirmed = state.desk.review().and_then(|review| review.confirmation());
    let text = match (confirmed, state.desk.me()) {
        (Some(confirmation), Some(me)) => {
            let at = confirmation.at.to_string();
            let day = at.split('T').next().unwrap_or_default().to_owned();
            RichText::new(format!("  Confirmed by {}, {day}  ", me.initials)).strong().color(theme::ui::accent())
        }
        _ => {
            let amended = state.desk.review().is_some_and(|review| review.state() == Workflow::Amended);
            let words = if amended { "  UNCONFIRMED (amended)  " } else { "  UNCONFIRMED  " };
            RichText::new(words).strong().color(theme::ui::caution()).background_color(theme::ui::caution_soft())
        }
    };
    ui.label(text).on_hover_text("Whether a person stands for what is said about this recording");
}

/// In the bar below: who reviews and where the review stands; a press asks or changes it.
pub fn status(ui: &mut Ui, state: &State, out: Out) {
    let desk = &state.desk;
    match &desk.shelf {
        Shelf::None => return,
        Shelf::Opening => {
            ui.label("opening the reviews ...");
            return;
        }
        Shelf::Failed(reason) => {
            let text = RichText::new("corrections cannot be kept").color(theme::ui::error());
            ui.label(text).on_hover_text(reason);
            return;
        }
        Shelf::Open(_) => {}
    }
    let words = match (desk.me(), desk.review()) {
        (None, _) => "Who reviews?".to_owned(),
        (Some(me), Some(review)) => format!("{} · {}", me.initials, review.state()),
        (Some(me), None) => me.initials.clone(),
    };
    let help = desk.me().map_or("Say who reviews, so that corrections can be made".to_owned(), |me| {
        format!("{} reviews; press to change", me.name)
    });
    if ui.button(words).on_hover_text(help).clicked() {
        send(out, ReviewMessage::AskWho);
    }
}
