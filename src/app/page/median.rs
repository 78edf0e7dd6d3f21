//! The median beats instead of strips, each in its lead's frame, all from the same instant of the beat.

use super::{
    decimate::trace,
    drawn,
    geometry::Geometry,
    paint::{self, Cell, name, pulse, rows_with_pulse},
};
use crate::{
    app::{language, state::State, theme::Palette},
    layout::Layout,
};
use egui::{Align2, FontId, Mesh, Painter, Rect, Shape, Stroke, pos2};

/// Paints the frames on the grid: each lead's median beat with the boundaries over all leads.
pub(super) fn paint(
    painter: &Painter,
    state: &State,
    cells: &[Cell],
    layout: &Layout,
    g: &Geometry,
    page: Rect,
    palette: &Palette,
) {
    for row in rows_with_pulse(state, layout, g) {
        pulse(painter, g, page, row, palette);
    }
    let view = state.analysis.as_ref().and_then(|analysis| analysis.median_beat.as_ref());
    for cell in cells {
        name(painter, cell, g, page, 0.0, palette);
        let Some(beat) = view.and_then(|view| Some((view, view.beats.lead(&cell.signal.lead)?))) else {
            let paint = &language::window().paint;
            let text =
                if state.analysis.is_none() && state.analysing.is_some() { &paint.being_measured } else { &paint.no_median };
            painter.text(cell.rect.center(), Align2::CENTER_CENTER, text, FontId::proportional(12.0), palette.note);
            continue;
        };
        let (view, beat) = beat;
        let painter =
            painter.with_clip_rect(cell.rect.expand2(egui::vec2(0.0, cell.rect.height())).intersect(painter.clip_rect()));
        let dx = f64::from(g.px_per_s) / view.beats.rate.hz();
        let global = &view.fiducials.global;
        for (wave, colour) in [global.p, global.qrs, global.t].into_iter().zip(palette.waves) {
            for at in wave.iter().flat_map(|wave| [wave.onset, wave.offset]) {
                let x = cell.rect.left() + ((view.beats.origin as f64 + at) * dx) as f32;
                let height = 6.0 * g.px_per_mm;
                if cell.rect.x_range().contains(x) {
                    painter.vline(x, cell.baseline - height..=cell.baseline + height, Stroke::new(1.0, colour));
                }
            }
        }
        let sign = if cell.inverted { -1.0 } else { 1.0 };
        let place = |p: &[f32; 2]| pos2(cell.rect.left() + p[0], cell.baseline - sign * p[1] * g.px_per_mv);
        let pen = paint::pen(g.px_per_mm, painter.pixels_per_point(), palette);
        let mut mesh = Mesh::default();
        drawn::add(&mut mesh, &trace(&beat.samples, 0.0, dx, f64::from(pen.pixel)), pen, place);
        painter.with_clip_rect(painter.clip_rect().with_max_x(cell.rect.right())).add(Shape::mesh(mesh));
    }
}
