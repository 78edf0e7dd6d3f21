//! Stretches in which a lead saw no heart: hatched, and named, so that a flat line is never read as asystole.

use super::{evidence::hatch, geometry::Geometry, paint::Cell};
use crate::{
    app::{language, state::State, theme::Palette},
    signal::quality::Problem,
};
use egui::{FontId, Mesh, Painter, Rect, Shape, pos2, vec2};

/// Names are written where they have this many points.
const ROOM: f32 = 64.0;

/// Paints the stretches of the cells below the traces. Missing samples have a look of their own.
pub(super) fn paint(painter: &Painter, state: &State, cells: &[Cell], g: &Geometry, palette: &Palette) {
    let Some(analysis) = &state.analysis else { return };
    let mut mesh = Mesh::default();
    let mut names = Vec::new();
    for cell in cells {
        let Some(quality) = analysis.quality.leads.get(&cell.signal.lead.to_string()) else { continue };
        for span in quality.problems.iter().filter(|span| matches!(span.problem, Problem::LeadOff | Problem::Flat)) {
            let x_of = |second: u32| cell.rect.left() + ((f64::from(second) - cell.start_s) * f64::from(g.px_per_s)) as f32;
            let (left, right) = (x_of(span.start).max(cell.rect.left()), x_of(span.end).min(cell.rect.right()));
            if right - left < 1.0 {
                continue;
            }
            let half = (0.5 * cell.rect.height() - 2.0).min(8.0 * g.px_per_mm);
            let rect = Rect::from_x_y_ranges(left..=right, cell.baseline - half..=cell.baseline + half).intersect(cell.rect);
            hatch(&mut mesh, rect, palette.note.gamma_multiply(0.35));
            if rect.width() > ROOM {
                names.push((rect, span.problem));
            }
        }
    }
    painter.add(Shape::mesh(mesh));
    for (rect, problem) in names {
        let galley = painter.layout_no_wrap(language::problem(problem).to_owned(), FontId::proportional(12.5), palette.note);
        // Below the line: names of leads stand above it.
        let at = pos2(rect.center().x - 0.5 * galley.size().x, rect.bottom() - galley.size().y - 1.0);
        painter.rect_filled(Rect::from_min_size(at, galley.size()).expand2(vec2(4.0, 1.0)), 2.0, palette.paper);
        painter.galley(at, galley, palette.note);
    }
}
