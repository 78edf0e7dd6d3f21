//! Leads over one another: one baseline, one time axis.

use super::{Out, format};
use crate::app::{
    language,
    message::Message,
    page::{
        paint,
        strip::{self, StripLine, StripScale},
    },
    state::State,
    theme,
    tools::ToolMessage,
};
use crate::words::{fill, window::Superimposed};
use egui::{Color32, Context, RichText, Role, Sense, Ui, Vec2, WidgetInfo, Window, pos2, vec2};

/// The words of this part.
fn words() -> &'static Superimposed {
    &language::window().superimposed
}

/// Stretch around a chosen beat, in seconds before and behind R.
const BEAT_S: (f64, f64) = (0.35, 0.65);
/// Longest stretch without one.
const PAGE_S: f64 = 2.5;

/// A lead's colour.
fn colour(index: usize) -> Color32 {
    let colours = &theme::palette().leads;
    colours[index % colours.len()]
}

/// Shows the window while it is wanted.
pub fn show(ctx: &Context, state: &State, out: Out) {
    if !state.tools.superimposed.open || state.recording().is_none() {
        return;
    }
    let mut open = true;
    Window::new(&words().title)
        .id(egui::Id::unique("superimposed"))
        .open(&mut open)
        .default_size([620.0, 380.0])
        .default_pos([80.0, 420.0])
        .resizable(true)
        .show(ctx, |ui| content(ui, state, out));
    if !open {
        out.push(Message::Tool(ToolMessage::ToggleSuperimposed));
    }
}

/// The stretch that is shown, in seconds.
fn stretch(state: &State) -> Option<(f64, f64)> {
    let rate = state.recording()?.rate;
    if let Some((_, beat)) = state.chosen_beat() {
        let at = rate.seconds(beat.sample);
        return Some(((at - BEAT_S.0).max(0.0), at + BEAT_S.1));
    }
    let visible = state.visible();
    let (start, end) = (rate.seconds(visible.start), rate.seconds(visible.end));
    Some((start, end.min(start + PAGE_S)))
}

fn content(ui: &mut Ui, state: &State, out: Out) {
    let (Some(recording), Some((start, end))) = (state.recording(), stretch(state)) else { return };
    let hidden = &state.tools.superimposed.hidden;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (index, signal) in recording.leads.iter().enumerate() {
            let colour = colour(index);
            let shown = !hidden.contains(&signal.lead);
            let text = RichText::new(signal.lead.to_string()).color(if shown { colour } else { theme::ui::weak() }).strong();
            let help = fill(&words().toggle, &[("lead", &signal.lead.to_string())]);
            if ui.selectable_label(shown, text).on_hover_text(help).clicked() {
                out.push(Message::Tool(ToolMessage::ToggleSuperimposedLead(signal.lead.clone())));
            }
        }
        for (text, all) in [(&words().all, true), (&words().none, false)] {
            if ui.button(text).clicked() {
                out.push(Message::Tool(ToolMessage::SuperimposeAll(all)));
            }
        }
    });
    let note = if state.chosen_beat().is_some() { &words().beat } else { &words().beginning };
    let note = fill(note, &[("from", &format::time(recording, start)), ("to", &format::time(recording, end))]);
    let uncalibrated = recording.leads.iter().any(|signal| !signal.calibrated && !hidden.contains(&signal.lead));
    let note = if uncalibrated { fill(&words().uncalibrated, &[("text", &note)]) } else { note };
    ui.label(RichText::new(note).small().color(theme::ui::weak()));
    let size = vec2(ui.available_width(), ui.available_height().max(240.0));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let shown: Vec<usize> = (0..recording.leads.len()).filter(|i| !hidden.contains(&recording.leads[*i].lead)).collect();
    response.widget_info(|| {
        let names: Vec<String> = shown.iter().map(|i| recording.leads[*i].lead.to_string()).collect();
        WidgetInfo::labeled(Role::Image, true, fill(&words().picture, &[("leads", &names.join(", "))]))
    });
    let seconds = (end - start).max(0.05);
    // Scales keep the page's proportions between time and millivolts.
    let px_per_s = rect.width() / seconds as f32;
    let px_per_mm = px_per_s / state.view.scale.speed.mm_per_s();
    let scale = StripScale { start_s: start, px_per_s, px_per_mm, px_per_mv: px_per_mm * state.view.scale.gain.mm_per_mv() };
    let fitted = fit(state, &shown, start, end, rect.size(), scale);
    let painter = ui.painter_at(rect);
    let origin = pos2(rect.left(), rect.top() + fitted.1);
    strip::paper(&painter, rect, fitted.0.px_per_mm, origin, theme::palette());
    let lines: Vec<StripLine> = shown
        .iter()
        .map(|index| StripLine {
            signal: &recording.leads[*index],
            baseline: origin.y,
            centre: paint::centre_of(state, &recording.leads[*index], *index),
            inverted: false,
            colour: colour(*index),
            width: 1.5,
        })
        .collect();
    strip::lines(&painter, state, rect, fitted.0, &lines, theme::palette());
}

/// Where the baseline lies so that the highest and lowest of the traces are seen, and a smaller scale where they would not fit.
fn fit(state: &State, shown: &[usize], start: f64, end: f64, size: Vec2, scale: StripScale) -> (StripScale, f32) {
    let (mut low, mut high) = (-0.2f32, 0.2f32);
    for index in shown {
        let Some(signal) = state.recording().and_then(|recording| recording.leads.get(*index)) else { continue };
        let centre = paint::centre_of(state, signal, *index);
        let Some((_, _, values)) = crate::app::tools::samples::shown(state, signal, start..end) else { continue };
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value - centre);
            high = high.max(value - centre);
        }
    }
    let room = 0.92 * size.y / (high - low).max(1e-3);
    let px_per_mv = scale.px_per_mv.min(room);
    let scale = StripScale { px_per_mv, px_per_mm: scale.px_per_mm, ..scale };
    (scale, 0.5 * size.y + 0.5 * (high + low) * px_per_mv)
}
