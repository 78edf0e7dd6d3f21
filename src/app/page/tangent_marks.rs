//! The tangent at the chosen beat's T wave, and which beat is chosen.

use super::place::Place;
use crate::{
    app::{language::window, state::State, theme::Palette, tools::beat::tangent_of_chosen},
    words::fill,
};
use egui::{FontId, Painter, Rect, Shape, Stroke, pos2, vec2};

/// Marks the chosen beat in every lead's place that shows it.
pub fn chosen(painter: &Painter, state: &State, places: &[Place], palette: &Palette) {
    let Some((_, beat)) = state.chosen_beat() else { return };
    for place in places.iter().filter(|place| place.shows(beat.sample)) {
        let x = place.x_of(beat.sample);
        let stroke = Stroke::new(1.0, palette.chosen_beat.gamma_multiply(0.55));
        let ends = [pos2(x, place.rect.top() + 2.0), pos2(x, place.rect.bottom() - 2.0)];
        painter.extend(Shape::dashed_line(&ends, stroke, 2.0, 4.0));
    }
}

/// Draws the tangent, the baseline, and where they meet.
pub fn tangent(painter: &Painter, state: &State, places: &[Place], palette: &Palette) {
    let (Some(found), Some(recording)) = (tangent_of_chosen(state), state.recording()) else { return };
    let Some((_, beat)) = state.chosen_beat() else { return };
    for place in places.iter().filter(|place| place.lead == found.lead && place.shows(beat.sample)) {
        let text = match &found.tangent {
            Ok(tangent) => {
                let at = |sample: f64| place.x_at(sample + found.from as f64);
                let on = |sample: f64| tangent.level + ((sample - tangent.steepest) as f32) * tangent.slope;
                // From as far before the steepest place as the end lies behind it.
                let first = tangent.steepest - (tangent.end - tangent.steepest);
                let past = tangent.end + 0.2 * (tangent.end - tangent.steepest);
                let stroke = Stroke::new(1.6, palette.chosen_beat);
                let ends = [first, past].map(|sample| pos2(at(sample), place.y_of(on(sample))));
                painter.line_segment(ends, stroke);
                let base = place.y_of(tangent.baseline);
                painter.hline(at(tangent.onset)..=at(past), base, Stroke::new(1.0, palette.chosen_beat));
                let half = 3.0 * place.px_per_mm;
                for x in [at(tangent.onset), at(tangent.end)] {
                    painter.vline(x, base - half..=base + half, stroke);
                }
                (
                    at(tangent.end),
                    base + half,
                    fill(&window().paint.tangent, &[("ms", &format!("{:.0}", tangent.qt_ms(recording.rate)))]),
                )
            }
            Err(reason) => {
                let below = place.baseline + 4.0 * place.px_per_mm;
                (place.x_of(beat.sample), below, fill(&window().paint.no_tangent, &[("reason", &reason.to_string())]))
            }
        };
        let (x, y, words) = text;
        let galley = painter.layout_no_wrap(words, FontId::proportional(12.5), palette.chosen_beat);
        let left = x.min(place.rect.right() - galley.size().x - 4.0).max(place.rect.left() + 2.0);
        let patch = Rect::from_min_size(pos2(left, y + 1.0), galley.size());
        painter.rect_filled(patch.expand2(vec2(3.0, 0.0)), 2.0, palette.paper.gamma_multiply(0.85));
        painter.galley(patch.min, galley, palette.chosen_beat);
    }
}
