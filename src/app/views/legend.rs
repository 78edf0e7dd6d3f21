//! The legend of the evidence on the page.

use super::format;
use crate::app::{page::paint, state::State, theme};
use egui::{RichText, Sense, Ui, vec2};

/// Shows the legend while evidence is drawn.
pub fn show(ui: &mut Ui, state: &State) {
    let (Some(chosen), true) = (state.chosen_finding(), state.evidence_visible) else { return };
    let explained = state.explained();
    if explained.is_empty() {
        return;
    }
    let windows = state.analysis.as_ref().is_some_and(|analysis| !analysis.windows.is_empty()) && chosen.evidence.is_none();
    let peak = explained.iter().filter_map(|f| f.evidence.as_ref()).map(|e| e.peak()).fold(0.0, f32::max);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(RichText::new("Where the model looked").strong());
        ui.label(RichText::new(&chosen.label).strong().color(theme::ui::ACCENT));
        ui.label(RichText::new(format!("({})", model_name(state, &chosen.model))).color(theme::ui::WEAK));
        ui.add_space(10.0);
        ui.label("against");
        swatch(ui, 40.0, |painter, rect| paint::hatching(painter, rect, &theme::CLASSIC));
        ui.label("0");
        swatch(ui, 110.0, |painter, rect| paint::ramp(painter, rect, &theme::CLASSIC));
        ui.label(format!("for, up to {} logit", format::plain(peak)));
        ui.add_space(10.0);
        let scale = if windows { "scaled per window of the recording" } else { "one scale per record" };
        ui.label(RichText::new(scale).color(theme::ui::WEAK));
    });
}

fn model_name(state: &State, name: &str) -> String {
    let models = state.analysis.as_ref().map(|analysis| analysis.models.as_slice()).unwrap_or_default();
    match models.iter().find(|model| model.name == name) {
        Some(model) => format!("{} {}", model.name, model.version),
        None => name.to_owned(),
    }
}

fn swatch(ui: &mut Ui, width: f32, paint: impl FnOnce(&egui::Painter, egui::Rect)) {
    let (rect, _) = ui.allocate_exact_size(vec2(width, 14.0), Sense::hover());
    paint(ui.painter(), rect);
}
