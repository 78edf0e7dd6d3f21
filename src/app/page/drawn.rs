//! The strokes of the traces on the page, made once and kept while neither trace nor place changes.

use super::{
    decimate::Trace,
    halves::in_halves,
    stroke::{self, Pen},
};
use egui::{Mesh, Pos2, Rect, pos2};
use std::sync::Arc;

/// Least distance, in points, between two marks of a trace that leaves its space.
const MARKS_APART: f32 = 9.0;

/// Where a trace goes on the screen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    /// Its cell.
    pub cell: Rect,
    /// Where the trace may go; beyond, it is cut off.
    pub clip: Rect,
    /// The level that lies at `baseline`, in millivolts.
    pub centre: f32,
    /// Height of that level on the screen.
    pub baseline: f32,
    /// Points a millivolt takes.
    pub px_per_mv: f32,
    /// With what it is drawn.
    pub pen: Pen,
}

/// A trace as it is drawn.
#[derive(Debug)]
pub(super) struct Drawn {
    trace: Arc<Trace>,
    place: Spot,
    pub mesh: Arc<Mesh>,
    /// Where it is cut off: x, and whether above.
    pub cut_off: Vec<(f32, bool)>,
}

/// What was drawn last, by the cells' order.
#[derive(Debug, Default)]
pub(super) struct Strokes(Vec<Option<Drawn>>);

impl Strokes {
    /// Draws the traces of the cells, in their order; a cell without a trace has no stroke.
    pub fn draw(&mut self, wanted: Vec<Option<(Arc<Trace>, Spot)>>) {
        self.0.resize_with(wanted.len(), || None);
        let mut changed: Vec<_> = self.0.iter_mut().zip(wanted).filter(|(slot, wanted)| !is_drawn(slot, wanted)).collect();
        in_halves(&mut changed, |(slot, wanted)| {
            let last = slot.take();
            **slot = wanted.take().map(|(trace, place)| draw(trace, place, last));
        });
    }

    /// The stroke in the cell of that number.
    pub fn of(&self, cell: usize) -> Option<&Drawn> {
        self.0.get(cell)?.as_ref()
    }
}

fn is_drawn(slot: &Option<Drawn>, wanted: &Option<(Arc<Trace>, Spot)>) -> bool {
    match (slot, wanted) {
        (Some(drawn), Some((trace, place))) => Arc::ptr_eq(&drawn.trace, trace) && drawn.place == *place,
        (None, None) => true,
        _ => false,
    }
}

/// Adds the stroke of `trace` to `mesh`; `to` places its points, from the left edge and in millivolts, on the screen.
pub fn add(mesh: &mut Mesh, trace: &Trace, pen: Pen, to: impl Fn(&[f32; 2]) -> Pos2) {
    let mut points = Vec::new();
    for line in &trace.lines {
        points.clear();
        points.extend(line.iter().map(&to));
        if trace.reduced { stroke::band(mesh, &points, pen) } else { stroke::line(mesh, &points, pen) }
    }
}

fn draw(trace: Arc<Trace>, place: Spot, last: Option<Drawn>) -> Drawn {
    // The memory of the stroke before, where nobody else holds it any more.
    let mut mesh = last.and_then(|last| Arc::into_inner(last.mesh)).unwrap_or_default();
    mesh.clear();
    let Spot { cell, clip, centre, baseline, px_per_mv, pen } = place;
    let to = |p: &[f32; 2]| pos2(cell.left() + p[0], baseline - (p[1] - centre) * px_per_mv);
    add(&mut mesh, &trace, pen, to);
    let mut cut_off: Vec<(f32, bool)> = Vec::new();
    for at in trace.lines.iter().flatten().map(to).filter(|at| at.y < clip.top() || at.y > clip.bottom()) {
        let far = cut_off.last().is_none_or(|(x, _)| at.x - x > MARKS_APART);
        if far && cell.x_range().contains(at.x) {
            cut_off.push((at.x, at.y < clip.top()));
        }
    }
    Drawn { trace, place, mesh: Arc::new(mesh), cut_off }
}
