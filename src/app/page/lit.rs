//! What the chosen measurement was measured on, lit up on the page beat by beat.

use super::{decimate::Trace, geometry::Geometry, paint::Cell, spans::Lit};
use crate::{app::theme::Palette, recording::SampleError};
use egui::{FontId, Mesh, Painter, Rect, Stroke, pos2};
use std::{ops::Range, sync::Arc};

type Traces = [Result<Arc<Trace>, SampleError>];

/// Points a place without extent is given, so that it is seen.
const LEAST: f32 = 2.5;

/// The spans of one cell along x. None where the cell has no signal.
fn in_cell<'a>(
    lit: &'a Lit,
    cell: &'a Cell,
    trace: &'a Result<Arc<Trace>, SampleError>,
    g: &'a Geometry,
    rate: f64,
) -> impl Iterator<Item = (Range<f32>, f64)> + 'a {
    let of_lead = lit.spans.iter().filter(|(lead, _)| lead.as_ref().is_none_or(|lead| *lead == cell.signal.lead));
    of_lead.flat_map(|(_, spans)| spans).filter_map(move |span| {
        let Ok(trace) = trace else { return None };
        let [from, to] = [span.start, span.end].map(|at| cell.x_of(at, rate, g.px_per_s));
        let seen = to >= cell.rect.left() && from <= cell.rect.right();
        let clear = trace.covers(from - cell.rect.left(), to - cell.rect.left());
        (seen && clear).then_some((from..to, (span.end - span.start) / rate * 1e3))
    })
}

/// Adds a band under the traces for every span.
pub fn bands(mesh: &mut Mesh, lit: &Lit, cells: &[Cell], traces: &Traces, g: &Geometry, rate: f64, palette: &Palette) {
    for (cell, trace) in cells.iter().zip(traces) {
        let (top, bottom) = (cell.rect.top() + 2.0, cell.rect.bottom() - 2.0);
        for (span, _) in in_cell(lit, cell, trace, g, rate) {
            let widen = (0.5 * (LEAST - (span.end - span.start))).max(0.0);
            let (left, right) = ((span.start - widen).max(cell.rect.left()), (span.end + widen).min(cell.rect.right()));
            if right <= left {
                continue;
            }
            let rect = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
            mesh.add_colored_rect(rect, palette.lit);
            for (x, edge) in [(left, span.start - widen), (right, span.end + widen)] {
                if x == edge {
                    let line = Rect::from_min_max(pos2(x - 0.5, top), pos2(x + 0.5, bottom));
                    mesh.add_colored_rect(line, palette.lit_edge.gamma_multiply(0.7));
                }
            }
        }
    }
}

/// Writes each span's length below the trace: of spans over all leads in the rhythm strip only.
#[allow(clippy::too_many_arguments)] // A painter's primitives.
pub fn lengths(
    painter: &Painter,
    lit: &Lit,
    cells: &[Cell],
    traces: &Traces,
    g: &Geometry,
    beat_row: usize,
    rate: f64,
    palette: &Palette,
) {
    if !lit.length {
        return;
    }
    for (cell, trace) in cells.iter().zip(traces).filter(|(cell, _)| lit.leads.is_some() || cell.row == beat_row) {
        let low = (cell.baseline + 0.9 * g.px_per_mv).max(cell.baseline + 8.0 * g.px_per_mm);
        let y = low.min(cell.rect.bottom() - 6.0);
        let mut free_from = f32::NEG_INFINITY;
        for (span, ms) in in_cell(lit, cell, trace, g, rate) {
            let stroke = Stroke::new(1.2, palette.lit_edge);
            painter.hline(span.start.max(cell.rect.left())..=span.end.min(cell.rect.right()), y, stroke);
            for x in [span.start, span.end] {
                if cell.rect.x_range().contains(x) {
                    painter.vline(x, y - 4.0..=y + 4.0, stroke);
                }
            }
            let middle = 0.5 * (span.start + span.end);
            let galley = painter.layout_no_wrap(format!("{ms:.0}"), FontId::proportional(12.0), palette.lit_edge);
            let left = middle - 0.5 * galley.size().x;
            // Only whole spans are labelled: a number must not seem to belong to the part that is seen.
            let whole = span.start >= cell.rect.left() && span.end <= cell.rect.right();
            if whole && left > free_from {
                free_from = left + galley.size().x + 3.0;
                let patch =
                    Rect::from_min_size(pos2(left, y - 1.0 - galley.size().y), galley.size()).expand2(egui::vec2(2.0, 0.0));
                painter.rect_filled(patch, 2.0, palette.paper.gamma_multiply(0.75));
                painter.galley(pos2(left, y - 1.0 - galley.size().y), galley, palette.lit_edge);
            }
        }
    }
}
