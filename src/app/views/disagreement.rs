//! Where rules and model contradict each other: a reason to look at the trace.

use super::format;
use crate::{
    app::{language, theme},
    words::fill,
};
use egui::{Frame, Margin, RichText, Ui};

/// One contradiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disagreement<'a> {
    /// What it is about.
    pub topic: &'a str,
    /// What the rules say.
    pub rules: &'a str,
    /// What the model says.
    pub model: &'a str,
}

/// Shows the block; nothing where there is no contradiction.
pub fn show(ui: &mut Ui, disagreements: &[Disagreement]) {
    if disagreements.is_empty() {
        return;
    }
    let words = &language::window().rules;
    Frame::new().fill(theme::ui::caution_soft()).corner_radius(4.0).inner_margin(Margin::symmetric(8, 5)).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.label(RichText::new(&words.disagree).strong().color(theme::ui::caution()));
        for disagreement in disagreements {
            let topic = format::capital(language::group(disagreement.topic));
            let text = fill(
                &words.sides,
                &[
                    ("topic", &topic),
                    ("rules", &language::words().statement(disagreement.rules)),
                    ("model", &language::said(disagreement.model)),
                ],
            );
            ui.add(egui::Label::new(RichText::new(text).size(13.0)).wrap());
        }
    });
}
