//! Where rules and model contradict each other: a reason to look at the trace.

use super::format;
use crate::app::theme;
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
    Frame::new().fill(theme::ui::caution_soft()).corner_radius(4.0).inner_margin(Margin::symmetric(8, 5)).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.label(RichText::new("Rules and model disagree: look at the trace").strong().color(theme::ui::caution()));
        for disagreement in disagreements {
            let text =
                format!("{}: rules: {}; model: {}", format::capital(disagreement.topic), disagreement.rules, disagreement.model);
            ui.add(egui::Label::new(RichText::new(text).size(13.0)).wrap());
        }
    });
}
