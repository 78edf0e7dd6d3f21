//! The whole recording in one strip: extent of the rhythm lead, ectopic beats, the chosen finding by window, the page's place.

use super::{Out, format};
use crate::{
    app::{message::Message, state::State, theme},
    recording::BeatLabel,
};
use egui::{Align2, Color32, FontId, Mesh, Rect, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Height of the lane with the chosen finding's windows, and of the ticks of ectopic beats.
const LANE: f32 = 6.0;

/// Shows the strip; a click or drag moves the page.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let Some(recording) = state.recording() else { return };
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
    let (duration, start) = (recording.duration_s(), recording.rate.seconds(state.view.start));
    response.widget_info(|| WidgetInfo::slider(true, start, "Position in the recording, seconds"));
    if let Some(at) = response.interact_pointer_pos()
        && (response.clicked() || response.dragged())
    {
        out.push(Message::CentreOn(f64::from((at.x - rect.left()) / rect.width()) * duration));
    }
    let painter = ui.painter().with_clip_rect(rect);
    let strip = rect.with_max_y(rect.bottom() - 14.0);
    painter.rect(strip, 2.0, theme::ui::PANEL, Stroke::new(1.0, theme::ui::LINE), StrokeKind::Inside);
    let x_of = |sample: u64| strip.left() + (sample as f64 / recording.length.max(1) as f64) as f32 * strip.width();
    windows(&painter, state, strip, &x_of);
    envelope(&painter, state, strip);
    ectopic(&painter, state, strip, &x_of);

    let visible = state.visible();
    let view =
        Rect::from_x_y_ranges(x_of(visible.start.0)..=x_of(visible.end.0).max(x_of(visible.start.0) + 3.0), strip.y_range());
    painter.rect(view, 2.0, theme::ui::ACCENT.gamma_multiply(0.12), Stroke::new(1.5, theme::ui::ACCENT), StrokeKind::Inside);
    let font = FontId::proportional(11.5);
    let y = strip.bottom() + 1.0;
    for (share, align) in [
        (0.0, Align2::LEFT_TOP),
        (0.25, Align2::CENTER_TOP),
        (0.5, Align2::CENTER_TOP),
        (0.75, Align2::CENTER_TOP),
        (1.0, Align2::RIGHT_TOP),
    ] {
        let text = format::time(recording, (f64::from(share) * duration).round());
        let text = text.trim_end_matches(".00");
        painter.text(pos2(strip.left() + share * strip.width(), y), align, text, font.clone(), theme::ui::WEAK);
    }
}

/// Extent of the rhythm lead in every column of pixels.
fn envelope(painter: &egui::Painter, state: &State, strip: Rect) {
    let Some(pyramid) = &state.overview else { return };
    let Some(signal) = state.rhythm_lead().and_then(|lead| state.recording()?.leads.get(lead)) else { return };
    let columns = (strip.width() as usize).max(1);
    let envelope = pyramid.envelope(0, signal.len(), columns);
    // The middle 98 % of the extents set the scale: one artefact must not flatten a day.
    let mut lows: Vec<f32> = envelope.iter().flatten().map(|e| e[0]).collect();
    let mut highs: Vec<f32> = envelope.iter().flatten().map(|e| e[1]).collect();
    lows.sort_by(f32::total_cmp);
    highs.sort_by(f32::total_cmp);
    let (Some(low), Some(high)) = (lows.get(lows.len() / 100), highs.get(highs.len() - 1 - highs.len() / 100)) else { return };
    let span = (high - low).max(1e-6);
    let inner = Rect::from_min_max(pos2(strip.left(), strip.top() + LANE + 2.0), pos2(strip.right(), strip.bottom() - LANE));
    let y = |value: f32| (inner.bottom() - (value - low) / span * inner.height()).clamp(inner.top(), inner.bottom());
    let mut mesh = Mesh::default();
    let colour = Color32::from_rgb(120, 126, 138);
    for (column, extent) in envelope.iter().enumerate() {
        if let Some([low, high]) = extent {
            let (top, bottom) = (y(*high), y(*low));
            let min = pos2(inner.left() + column as f32, top);
            mesh.add_colored_rect(Rect::from_min_size(min, vec2(1.0, (bottom - top).max(1.0))), colour);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// Ticks of beats that are not normal, one at most in every column of pixels.
fn ectopic(painter: &egui::Painter, state: &State, strip: Rect, x_of: &dyn Fn(u64) -> f32) {
    let Some(analysis) = &state.analysis else { return };
    let mut last = (f32::NEG_INFINITY, None);
    for beat in analysis.beats.iter().filter(|beat| !matches!(beat.label, None | Some(BeatLabel::N))) {
        let x = x_of(beat.sample.0).round();
        if (x, beat.label) != last {
            last = (x, beat.label);
            painter.vline(x, strip.bottom() - LANE..=strip.bottom() - 1.0, Stroke::new(1.0, theme::beat(beat.label)));
        }
    }
}

/// The chosen finding's probability in every window.
fn windows(painter: &egui::Painter, state: &State, strip: Rect, x_of: &dyn Fn(u64) -> f32) {
    let (Some(analysis), Some(key)) = (&state.analysis, &state.chosen) else { return };
    let mut mesh = Mesh::default();
    for window in &analysis.windows {
        let Some(finding) = window.findings.iter().find(|finding| key.names(finding)) else { continue };
        let (left, right) = (x_of(window.range.start.0), x_of(window.range.end.0));
        let rect = Rect::from_min_max(pos2(left, strip.top() + 1.0), pos2(right.max(left + 0.5), strip.top() + 1.0 + LANE));
        mesh.add_colored_rect(rect, theme::CLASSIC.evidence(finding.probability));
    }
    painter.add(Shape::mesh(mesh));
}
