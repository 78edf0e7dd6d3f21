//! A strip of paper with traces, apart from the page: for the magnifier, leads over one another, and a pinned stretch.

use super::{decimate::trace, drawn, stroke::Pen};
use crate::{
    app::{state::State, theme::Palette, tools::samples},
    recording::Signal,
};
use egui::{Color32, Mesh, Painter, Rect, Shape, pos2, vec2};
use std::sync::Arc;

/// Lines of the grid closer than this many points are left out.
const CLOSEST: f32 = 3.0;

/// What the strip's scales are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StripScale {
    /// Seconds of the recording at the left edge.
    pub start_s: f64,
    /// Points a second takes.
    pub px_per_s: f32,
    /// Points a millivolt takes.
    pub px_per_mv: f32,
    /// Points a millimetre of paper takes.
    pub px_per_mm: f32,
}

/// One trace on the strip.
pub struct StripLine<'a> {
    /// The lead.
    pub signal: &'a Arc<Signal>,
    /// Where `centre` lies.
    pub baseline: f32,
    /// Level in millivolts drawn at the baseline.
    pub centre: f32,
    /// Drawn turned over.
    pub inverted: bool,
    /// Its colour.
    pub colour: Color32,
    /// Its width in points.
    pub width: f32,
}

/// Paper and millimetre grid; lines lie at whole millimetres from `origin`.
pub fn paper(painter: &Painter, rect: Rect, px_per_mm: f32, origin: egui::Pos2, palette: &Palette) {
    painter.rect_filled(rect, 0.0, palette.paper);
    let mut mesh = Mesh::default();
    for (every, colour) in [(1, palette.fine), (5, palette.bold)] {
        let step = px_per_mm * every as f32;
        if step < CLOSEST || !step.is_finite() {
            continue;
        }
        let lines = |from: f32, to: f32, at: f32| {
            let first = ((from - at) / step).ceil() as i64;
            let last = ((to - at) / step).floor() as i64;
            (first..=last).take(5000).map(move |i| at + i as f32 * step)
        };
        for x in lines(rect.left(), rect.right(), origin.x) {
            mesh.add_colored_rect(Rect::from_min_size(pos2(x - 0.5, rect.top()), vec2(1.0, rect.height())), colour);
        }
        for y in lines(rect.top(), rect.bottom(), origin.y) {
            mesh.add_colored_rect(Rect::from_min_size(pos2(rect.left(), y - 0.5), vec2(rect.width(), 1.0)), colour);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// Draws traces into `rect`; where there is no signal, that is shaded.
pub fn lines(painter: &Painter, state: &State, rect: Rect, scale: StripScale, lines: &[StripLine], palette: &Palette) {
    let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let end_s = scale.start_s + f64::from(rect.width() / scale.px_per_s);
    let pixel = 1.0 / f64::from(painter.pixels_per_point());
    for line in lines {
        let Some((first_s, step_s, values)) = samples::shown(state, line.signal, scale.start_s..end_s) else { continue };
        let x0 = (first_s - scale.start_s) * f64::from(scale.px_per_s);
        let laid = trace(&values, x0, step_s * f64::from(scale.px_per_s), pixel);
        for range in laid.invalid.iter().filter(|_| lines.len() == 1) {
            let left = (rect.left() + range.start).max(rect.left());
            let right = (rect.left() + range.end).min(rect.right());
            if right > left {
                painter.rect_filled(Rect::from_x_y_ranges(left..=right, rect.y_range()), 0.0, palette.invalid);
            }
        }
        let up = if line.inverted { -scale.px_per_mv } else { scale.px_per_mv };
        let mut mesh = Mesh::default();
        let pen = Pen { width: line.width, pixel: pixel as f32, colour: line.colour };
        drawn::add(&mut mesh, &laid, pen, |p| pos2(rect.left() + p[0], line.baseline - (p[1] - line.centre) * up));
        painter.add(Shape::mesh(mesh));
    }
}
