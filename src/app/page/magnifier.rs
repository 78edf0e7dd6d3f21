//! What lies under the pointer, enlarged, on paper of its own.

use super::{
    place::Place,
    strip::{self, StripLine, StripScale},
};
use crate::{
    app::{language::window, state::State, theme::Palette, views::format},
    words::fill,
};
use egui::{Align2, FontId, Painter, Pos2, Rect, Stroke, StrokeKind, pos2, vec2};

/// How much it enlarges.
pub const FACTOR: f32 = 4.0;
/// Its size in points.
const SIZE: egui::Vec2 = vec2(300.0, 220.0);
/// How far it stands from the pointer.
const APART: f32 = 18.0;

/// Draws the magnifier for the pointer at `at` on `place`, within `page`.
pub fn draw(painter: &Painter, state: &State, place: &Place, at: Pos2, page: Rect, palette: &Palette) {
    let Some(signal) = state.recording().and_then(|recording| recording.leads.get(place.index)) else { return };
    let room = page.intersect(painter.clip_rect());
    let left = if at.x + APART + SIZE.x <= room.right() { at.x + APART } else { at.x - APART - SIZE.x };
    let top = (at.y - APART - SIZE.y).max(room.top() + 2.0).min(room.bottom() - SIZE.y - 2.0);
    let rect = Rect::from_min_size(pos2(left.max(room.left() + 2.0), top), SIZE);
    let scale = StripScale {
        start_s: place.start_s + f64::from((at.x - place.rect.left() - 0.5 * SIZE.x / FACTOR) / place.px_per_s),
        px_per_s: place.px_per_s * FACTOR,
        px_per_mv: place.px_per_mv * FACTOR,
        px_per_mm: place.px_per_mm * FACTOR,
    };
    // The point under the pointer stands in the middle; the grid is the page's.
    let (_, level) = place.at(at);
    let up = if place.inverted { -scale.px_per_mv } else { scale.px_per_mv };
    let baseline = rect.center().y + (level - place.centre) * up;
    let origin = pos2(rect.center().x - (at.x - place.rect.left()) * FACTOR, baseline);
    let clipped = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    strip::paper(&clipped, rect, scale.px_per_mm, origin, palette);
    let line = StripLine { signal, baseline, centre: place.centre, inverted: place.inverted, colour: palette.trace, width: 1.8 };
    strip::lines(&clipped, state, rect, scale, &[line], palette);
    let cross = Stroke::new(1.0, palette.note.gamma_multiply(0.7));
    clipped.vline(rect.center().x, rect.center().y - 10.0..=rect.center().y + 10.0, cross);
    clipped.hline(rect.center().x - 10.0..=rect.center().x + 10.0, rect.center().y, cross);
    painter.rect_stroke(rect, 3.0, Stroke::new(1.6, palette.note), StrokeKind::Outside);
    let text = legend(state, place);
    let galley = painter.layout_no_wrap(text, FontId::proportional(12.0), palette.label);
    let patch = Rect::from_min_size(rect.left_bottom() + vec2(4.0, -galley.size().y - 3.0), galley.size());
    painter.rect_filled(patch.expand(2.0), 2.0, palette.paper);
    painter.galley(patch.min, galley, palette.label);
    painter.text(rect.left_top() + vec2(6.0, 3.0), Align2::LEFT_TOP, place.name(), FontId::proportional(14.0), palette.label);
}

/// Its factor, and what a small square is worth.
fn legend(state: &State, place: &Place) -> String {
    let scale = state.view.scale;
    let ms = format::trimmed(f64::from(1000.0 / scale.speed.mm_per_s()));
    let height = if place.calibrated {
        format!("{} mV", format::trimmed(f64::from(1.0 / scale.gain.mm_per_mv())))
    } else {
        window().paint.uncalibrated.clone()
    };
    fill(&window().paint.magnified, &[("factor", &FACTOR.to_string()), ("ms", &ms), ("height", &height)])
}
