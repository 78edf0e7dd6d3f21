//! The legend of the evidence on the page.

use super::{Out, corner, format, measured, widgets::together};
use crate::{
    analysis::{Evidence, Finding},
    app::{language, message::Message, page::paint, state::State, theme},
    layout::Shows,
    recording::LeadName,
    words::{fill, window::Legend},
};
use egui::{RichText, Sense, TextWrapMode, Ui, UiBuilder, vec2};
use std::sync::Arc;

/// The words of this part.
fn words() -> &'static Legend {
    &language::window().legend
}

/// Height of a line of the legend.
const LINE: f32 = 22.0;
/// Where there is less room than this the legend takes two lines.
const ONE_LINE: f32 = 1080.0;

/// Shows the legend of the evidence that is drawn. Its room is kept where there is none, so that choosing a finding moves nothing.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let lines = if ui.available_width() < ONE_LINE { 2.0 } else { 1.0 };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), lines * LINE), Sense::hover());
    let mut line = ui.new_child(UiBuilder::new().max_rect(rect));
    line.set_clip_rect(rect.intersect(ui.clip_rect()));
    line.spacing_mut().item_spacing = vec2(6.0, 2.0);
    line.spacing_mut().interact_size.y = LINE - 2.0;
    line.style_mut().wrap_mode = Some(TextWrapMode::Extend);
    line.horizontal_wrapped(|ui| content(ui, state, out));
}

fn content(ui: &mut Ui, state: &State, out: Out) {
    if state.machine_hidden() {
        ui.label(RichText::new(&words().hidden).color(theme::ui::weak()));
        return;
    }
    if state.layout().shows == Shows::MedianBeats && !state.explained().is_empty() {
        ui.label(RichText::new(&words().not_on_median).color(theme::ui::weak()));
        return;
    }
    if let Some(beat) = state.explained_beat() {
        return scale(ui, state, beat, &words().scale_beat, out);
    }
    let Some(chosen) = state.chosen_finding() else {
        if let Some((name, measured)) = state.chosen_measurement() {
            let title = format!("{} {}", format::measurement_name(name), measured::told(measured));
            ui.label(RichText::new(title).strong().background_color(theme::lit_soft()));
            ui.label(corner::in_view(state));
            return;
        }
        if state.analysis.as_ref().is_some_and(|analysis| !analysis.findings.is_empty()) {
            ui.label(RichText::new(&words().choose).color(theme::ui::weak()));
        }
        return;
    };
    let windows = state.analysis.as_ref().is_some_and(|analysis| !analysis.windows.is_empty()) && chosen.evidence.is_none();
    scale(ui, state, chosen, if windows { &words().scale_windows } else { &words().scale_record }, out);
}

/// The scale of what is drawn: class, model and version, for and against, normalisation, leads the model was not given.
fn scale(ui: &mut Ui, state: &State, chosen: &Finding, scale: &str, out: Out) {
    let (drawn, peak) = state.drawn_evidence();
    if drawn.is_empty() {
        return;
    }
    ui.label(RichText::new(&words().looked).strong());
    ui.label(RichText::new(language::finding_of(chosen)).strong().color(theme::ui::accent()));
    ui.label(RichText::new(format!("({})", model_name(state, &chosen.model))).color(theme::ui::weak()));
    together(ui, "ramp", |ui| {
        ui.label(&words().against);
        swatch(ui, 40.0, |painter, rect| paint::hatching(painter, rect, theme::palette()));
        ui.label("0");
        swatch(ui, 110.0, |painter, rect| paint::ramp(painter, rect, theme::palette()));
        ui.label(fill(&words().for_up_to, &[("peak", format::small(peak).trim_start_matches('+'))]));
    });
    elsewhere(ui, state, &drawn, peak, out);
    ui.add_space(10.0);
    ui.label(RichText::new(scale).color(theme::ui::weak()));
    let unseen = unseen(state, &drawn);
    // The beat model takes the best leads of those there are; the panel names them.
    if !unseen.is_empty() && state.explained_beat().is_none() {
        ui.add_space(10.0);
        let text = fill(&words().unseen, &[("leads", &unseen.join(", "))]);
        ui.label(RichText::new(text).color(theme::ui::caution()));
    }
}

/// A page without colour must not be read as "it looked nowhere": tells where the strongest evidence is when that is on another page, and goes there.
fn elsewhere(ui: &mut Ui, state: &State, drawn: &[Arc<Evidence>], peak: f32, out: Out) {
    let Some(recording) = state.recording().filter(|_| state.is_longer_than_page()) else { return };
    let Some(strongest) = drawn.iter().filter(|evidence| evidence.peak() == peak).find_map(|one| one.strongest()) else { return };
    let (at, start) = (recording.rate.seconds(strongest), recording.rate.seconds(state.view.start));
    if (start..start + state.geometry().visible_s()).contains(&at) {
        return;
    }
    let text = fill(&words().strongest_at, &[("time", &format::time(recording, at))]);
    if ui.link(text).on_hover_text(&words().strongest_help).clicked() {
        out.push(Message::CentreOn(at));
    }
}

/// Leads on the page that the model was not given: they have no colour, which must not be read as "nothing there".
fn unseen(state: &State, drawn: &[Arc<Evidence>]) -> Vec<String> {
    let seen = |lead: &LeadName| drawn.iter().any(|evidence| evidence.leads.contains(lead));
    state.lead_names().iter().filter(|lead| !seen(lead)).map(ToString::to_string).collect()
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
