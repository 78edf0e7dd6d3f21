//! Paints the page: paper, evidence, grid, traces, pulse, names, beats.

use super::{
    beats::beats,
    decimate::Trace,
    drawn::{Spot, Strokes},
    evidence,
    geometry::Geometry,
    grid::Grid,
    lead_off, lit, marks, median,
    scale::PULSE_S,
    spans,
    stroke::Pen,
    time_axis,
    traces::Traces,
};
use crate::{
    app::{
        language,
        state::{Cursor, State},
        theme::{self, Palette},
        views::overview::Kept,
        waves,
    },
    layout::{Layout, Shows},
    recording::{SampleError, SampleIndex, Signal},
};
use egui::{Align2, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use std::{ops::Range, sync::Arc, time::Duration};

/// What need not be computed again while neither page nor recording change.
#[derive(Debug, Default)]
pub struct Cache {
    grid: Grid,
    traces: Traces,
    strokes: Strokes,
    /// The strip of the whole recording.
    pub(in crate::app) overview: Kept,
}

/// One lead's place on the page.
pub(in crate::app) struct Cell<'a> {
    pub signal: &'a Arc<Signal>,
    pub lead: usize,
    /// Drawn turned over, as -aVR.
    pub inverted: bool,
    pub row: usize,
    pub rect: Rect,
    pub baseline: f32,
    /// Time at the left edge.
    pub start_s: f64,
}

impl Cell<'_> {
    /// The lead's name; one that is drawn turned over has a minus.
    pub fn name(&self) -> String {
        format!("{}{}", if self.inverted { "−" } else { "" }, self.signal.lead)
    }

    /// Where a sample of the recording lies along x; it may be outside of the cell.
    pub fn x_of(&self, sample: f64, rate_hz: f64, px_per_s: f32) -> f32 {
        self.rect.left() + ((sample / rate_hz - self.start_s) * f64::from(px_per_s)) as f32
    }
}

/// A page is shown without those of its traces that take longer to read than this.
const PATIENCE: Duration = Duration::from_millis(6);
/// Who waits longer for a trace is told what for.
const TOLD_AFTER: Duration = Duration::from_millis(200);

impl Cache {
    /// For a window that must not stand still while a disk is slow: traces that are not read within a few milliseconds follow in later frames. A cache
    /// of `default` waits for them, and paints whole pages.
    pub fn that_does_not_wait() -> Self {
        let mut cache = Self::default();
        cache.traces.patience = PATIENCE;
        cache
    }

    /// Some of the traces on the page are not read yet.
    pub fn is_pending(&self) -> bool {
        self.traces.pending_since.is_some()
    }

    /// Says of traces that are not there yet why, and comes back for them.
    fn pending(&self, painter: &Painter, cells: &[Cell], traces: &[Result<Arc<Trace>, SampleError>], palette: &Palette) {
        let Some(since) = self.traces.pending_since else { return };
        painter.ctx().request_repaint();
        if since.elapsed() < TOLD_AFTER {
            return;
        }
        let pending = cells.iter().zip(traces).filter(|(_, trace)| trace.as_ref().is_ok_and(|trace| trace.pending));
        for (cell, _) in pending {
            let font = FontId::proportional(12.0);
            painter.text(cell.rect.center(), Align2::CENTER_CENTER, &language::window().paint.reading, font, palette.note);
        }
    }

    /// Paints the page of an open recording into `page`. `under` is painted on the grid, below the traces.
    pub fn paint(&mut self, painter: &Painter, page: Rect, state: &State, palette: &Palette, under: impl FnOnce(&Painter)) {
        let Some(opened) = &state.opened else { return };
        let (geometry, layout) = (state.geometry(), state.layout());
        let painter = painter.with_clip_rect(page.intersect(painter.clip_rect()));
        let cells = cells(state, &geometry, &layout, page, opened.recording.rate.seconds(state.view.start));
        painter.rect_filled(page, 0.0, palette.paper);
        if layout.shows == Shows::MedianBeats {
            self.traces.pending_since = None;
            painter.add(self.grid.shape(page, &geometry, palette, painter.pixels_per_point()));
            return median::paint(&painter, state, &cells, &layout, &geometry, page, palette);
        }

        // Under the grid and the traces, so that both stay readable.
        let rate = opened.recording.rate.hz();
        let mut mesh = Mesh::default();
        let (drawn, peak) = state.drawn_evidence();
        for evidence in &drawn {
            for cell in &cells {
                let (lead, rect) = (&cell.signal.lead, cell.rect.shrink2(vec2(0.0, 0.04 * cell.rect.height())));
                evidence::add_row(&mut mesh, evidence, peak, lead, rect, cell.start_s, geometry.px_per_s, rate, palette);
            }
        }
        let pixel = 1.0 / f64::from(painter.pixels_per_point());
        let traces = self.traces.of(&cells, state.generation, &state.filtering, geometry.px_per_s, pixel);
        self.pending(&painter, &cells, &traces, palette);
        let lit = spans::lit(state);
        if let Some(lit) = &lit {
            lit::bands(&mut mesh, lit, &cells, &traces, &geometry, rate, palette);
        }
        painter.add(Shape::mesh(mesh));
        if !drawn.is_empty() {
            window_borders(&painter, state, &cells, &geometry, palette);
        }
        painter.add(self.grid.shape(page, &geometry, palette, painter.pixels_per_point()));

        under(&painter);
        for row in rows_with_pulse(state, &layout, &geometry) {
            pulse(&painter, &geometry, page, row, palette);
        }
        // All shading first: a neighbour's high wave may reach into a row without signal.
        for (cell, trace) in cells.iter().zip(&traces) {
            for range in trace.iter().flat_map(|trace| &trace.invalid) {
                no_signal(&painter, cell, range, palette);
            }
        }
        lead_off::paint(&painter, state, &cells, &geometry, palette);
        time_axis::paint(&painter, &opened.recording, &cells, &geometry, page, palette);
        // Patches of paper before traces: they must not hide signal. The beats' letters follow after the traces.
        let beats = beats(&painter, state, &geometry, page);
        for label in beats.iter().filter(|label| label.shown && !label.normal) {
            painter.rect_filled(label.rect.expand2(vec2(2.0, 0.0)), 2.0, palette.paper);
        }
        for cell in &cells {
            // The waves' lane stands where the name would.
            let lower = state.waves.visible && cell.row == layout.beat_row && marks::name_below(&geometry);
            name(&painter, cell, &geometry, page, if lower { marks::LANE } else { 0.0 }, palette);
        }
        let centre_of = |cell: &Cell| centre_of(state, cell.signal, cell.lead) * if cell.inverted { -1.0 } else { 1.0 };
        let pen = pen(geometry.px_per_mm, painter.pixels_per_point(), palette);
        // A trace may use its row and one row to each side.
        let clip = |cell: &Cell| cell.rect.expand2(vec2(0.0, cell.rect.height())).intersect(page);
        let place = |cell: &Cell| {
            let (centre, baseline) = (centre_of(cell), cell.baseline);
            Spot { cell: cell.rect, clip: clip(cell), centre, baseline, px_per_mv: geometry.px_per_mv, pen }
        };
        let wanted = cells.iter().zip(&traces).map(|(cell, trace)| Some((trace.as_ref().ok()?.clone(), place(cell))));
        self.strokes.draw(wanted.collect());
        for (number, (cell, trace)) in cells.iter().zip(&traces).enumerate() {
            match trace {
                Ok(_) => {
                    let Some(drawn) = self.strokes.of(number) else { continue };
                    let clip = clip(cell);
                    let painter = painter.with_clip_rect(clip.intersect(painter.clip_rect()));
                    for (x, above) in &drawn.cut_off {
                        cut_off(&painter, *x, *above, clip, palette);
                    }
                    painter.add(Shape::Mesh(drawn.mesh.clone()));
                }
                Err(error) => {
                    let at = cell.rect.center();
                    painter.text(at, Align2::CENTER_CENTER, error, FontId::proportional(13.0), theme::ui::error());
                }
            }
        }
        for label in beats {
            let bottom = page.top() + geometry.beat_lane_top() + geometry.beat_lane;
            let (tick, width) = if label.normal { (3.0, 1.0) } else { (5.0, 1.6) };
            painter.vline(label.x, bottom - tick..=bottom, Stroke::new(width, label.colour));
            if label.shown {
                painter.galley(label.rect.min, label.galley.clone(), label.colour);
            }
            label.decision(&painter, bottom);
        }
        if let Some(lit) = &lit {
            lit::lengths(&painter, lit, &cells, &traces, &geometry, layout.beat_row, rate, palette);
        }
        if state.waves.visible && marks::fit(&geometry) {
            let known = waves::on_page(state);
            let mut mesh = Mesh::default();
            for (cell, trace) in cells.iter().zip(&traces) {
                let Ok(trace) = trace else { continue };
                marks::add(&mut mesh, &known, cell, trace, centre_of(cell), &geometry, rate, page, palette);
            }
            painter.add(Shape::mesh(mesh));
            if let Some((cell, Ok(trace))) = cells.iter().zip(&traces).find(|(cell, _)| cell.row == layout.beat_row) {
                marks::lane(&painter, &known, cell, trace, &geometry, rate, page, palette);
            }
        }
    }
}

/// Thin lines where one window of a long recording ends and the next begins: the model saw nothing across them.
fn window_borders(painter: &Painter, state: &State, cells: &[Cell], g: &Geometry, palette: &Palette) {
    let Some(recording) = state.recording() else { return };
    for border in state.windows_on_page().into_iter().map(|window| recording.rate.seconds(window.start)) {
        for cell in cells {
            let x = cell.rect.left() + ((border - cell.start_s) * f64::from(g.px_per_s)) as f32;
            if x > cell.rect.left() + 0.5 && x < cell.rect.right() {
                painter.vline(x, cell.rect.y_range(), Stroke::new(1.0, palette.note.gamma_multiply(0.55)));
            }
        }
    }
}

/// Level in millivolts that is drawn at a lead's baseline. A high-pass has already taken the centre out.
pub(in crate::app) fn centre_of(state: &State, signal: &Signal, lead: usize) -> f32 {
    match state.filtering.applied(signal.rate).high_pass {
        Some(_) => 0.0,
        None => state.opened.as_ref().and_then(|opened| opened.centres.get(lead).copied()).unwrap_or(0.0),
    }
}

/// The leads' places on a page that begins at `page_start` seconds.
pub(in crate::app) fn cells<'a>(
    state: &'a State,
    geometry: &Geometry,
    layout: &Layout,
    page: Rect,
    page_start: f64,
) -> Vec<Cell<'a>> {
    let Some(opened) = &state.opened else { return Vec::new() };
    let mut cells = Vec::new();
    for (row, line) in layout.rows.iter().enumerate() {
        for (column, place) in line.places.iter().enumerate() {
            let Some(signal) = opened.recording.leads.get(place.lead) else { continue };
            let (x, width) = geometry.cell(column, line.places.len());
            cells.push(Cell {
                signal,
                lead: place.lead,
                inverted: place.inverted,
                row,
                rect: Rect::from_min_size(page.min + vec2(x, geometry.row_top(row)), vec2(width, geometry.row_height())),
                baseline: page.top() + geometry.baseline(row),
                start_s: page_start + geometry.cell_start_s(column, line.places.len()),
            });
        }
    }
    cells
}

/// Width of a trace's stroke on paper of that scale, in points.
pub(super) fn pen(px_per_mm: f32, pixels_per_point: f32, palette: &Palette) -> Pen {
    Pen { width: (0.3 * px_per_mm).clamp(1.1, 2.4), pixel: 1.0 / pixels_per_point, colour: palette.trace }
}

fn no_signal(painter: &Painter, cell: &Cell, range: &Range<f32>, palette: &Palette) {
    let left = (cell.rect.left() + range.start).max(cell.rect.left());
    let right = (cell.rect.left() + range.end).min(cell.rect.right());
    if right <= left {
        return;
    }
    let rect = Rect::from_x_y_ranges(left..=right.max(left + 1.0), cell.rect.y_range()).shrink2(vec2(0.0, 2.0));
    painter.rect_filled(rect, 0.0, palette.invalid);
    if rect.width() > 70.0 {
        painter.text(
            rect.center(),
            Align2::CENTER_CENTER,
            &language::window().paint.no_signal,
            FontId::proportional(12.0),
            palette.note,
        );
    }
}

/// A small arrowhead at the edge beyond which the trace goes on.
fn cut_off(painter: &Painter, x: f32, above: bool, clip: Rect, palette: &Palette) {
    let (tip, base) = if above { (clip.top() + 1.0, clip.top() + 7.0) } else { (clip.bottom() - 1.0, clip.bottom() - 7.0) };
    let corners = vec![pos2(x, tip), pos2(x - 4.0, base), pos2(x + 4.0, base)];
    painter.add(Shape::convex_polygon(corners, palette.invalid_edge, Stroke::NONE));
}

/// Rows with a calibration pulse: those of calibrated leads. Pulses higher than their row would run into one another; then
/// the first that fits on the page stands for all.
pub(super) fn rows_with_pulse(state: &State, layout: &Layout, g: &Geometry) -> Vec<usize> {
    let leads = state.recording().map(|recording| recording.leads.as_slice()).unwrap_or_default();
    let calibrated = |row: usize| {
        let first = layout.rows.get(row).and_then(|line| line.places.first());
        first.and_then(|place| leads.get(place.lead)).is_some_and(|signal| signal.calibrated)
    };
    // One that is cut off by the page's edge measures nothing.
    let mut rows = (0..layout.rows.len()).filter(|row| calibrated(*row) && g.baseline(*row) >= g.px_per_mv + 2.0);
    if g.px_per_mv <= g.row_height() { rows.collect() } else { rows.next().into_iter().collect() }
}

pub(super) fn pulse(painter: &Painter, g: &Geometry, page: Rect, row: usize, palette: &Palette) {
    let mm = g.px_per_mm;
    let length = PULSE_S * g.px_per_s;
    let (x, y) = (page.left() + g.left - length - 3.0 * mm, page.top() + g.baseline(row));
    let points =
        [(0.0, 0.0), (mm, 0.0), (mm, g.px_per_mv), (mm + length, g.px_per_mv), (mm + length, 0.0), (2.0 * mm + length, 0.0)];
    let crisp = |at: f32| painter.round_to_pixel_center(at);
    let points = points.map(|(dx, dy)| pos2(crisp(x + dx), crisp(y - dy))).to_vec();
    painter.add(Shape::line(points, Stroke::new((0.3 * mm).clamp(1.1, 2.0), palette.trace)));
}

/// The lead's name on a patch of paper, and what has to be said about it.
pub(super) fn name(painter: &Painter, cell: &Cell, g: &Geometry, page: Rect, lower: f32, palette: &Palette) {
    if cell.rect.left() > page.left() + g.left + 1.0 {
        let half = 2.5 * g.px_per_mm;
        painter.vline(cell.rect.left(), cell.baseline - half..=cell.baseline + half, Stroke::new(1.0, palette.note));
    }
    let at = pos2(cell.rect.left() + 4.0, (page.top() + g.above_trace(cell.row)).max(cell.rect.top() + 1.0) + lower);
    let title = painter.layout_no_wrap(cell.name(), FontId::proportional(15.0), palette.label);
    let remark = match (cell.signal.calibrated, cell.signal.is_derived()) {
        (false, _) => &language::window().paint.uncalibrated,
        (true, true) => &language::window().paint.derived,
        (true, false) => "",
    };
    let remark = painter.layout_no_wrap(remark.to_owned(), FontId::proportional(11.5), palette.note);
    let (title_size, remark_size) = (title.size(), remark.size());
    let gap = if remark_size.x > 0.0 { 5.0 } else { 0.0 };
    let patch = Rect::from_min_size(at, vec2(title_size.x + gap + remark_size.x, title_size.y));
    painter.rect_filled(patch.expand2(vec2(2.0, 0.0)), 2.0, palette.paper.gamma_multiply(0.8));
    painter.galley(at, title, palette.label);
    painter.galley(pos2(at.x + title_size.x + gap, at.y + title_size.y - remark_size.y - 1.0), remark, palette.note);
}

/// What lies under the pointer at `at` (screen points).
pub fn cursor_at(state: &State, page: Rect, at: Pos2) -> Option<Cursor> {
    let recording = state.recording()?;
    let (geometry, layout) = (state.geometry(), state.layout());
    if layout.shows == Shows::MedianBeats {
        return None;
    }
    let row = geometry.row_at(at.y - page.top())?;
    let cells = cells(state, &geometry, &layout, page, recording.rate.seconds(state.view.start));
    let cell = cells
        .iter()
        .find(|cell| cell.rect.x_range().contains(at.x) && (cell.rect.top() - page.top() - geometry.row_top(row)).abs() < 0.5)?;
    let second = cell.start_s + f64::from(at.x - cell.rect.left()) / f64::from(geometry.px_per_s);
    let index = recording.rate.sample_at(second);
    if index.0 >= recording.length {
        return None;
    }
    let mut value = Vec::new();
    let sample: SampleIndex = cell.signal.rate.sample_at(second);
    cell.signal.read_millivolts(sample.0, 1, &mut value).ok()?;
    Some(Cursor {
        lead: cell.signal.lead.clone(),
        at: index,
        millivolts: value.first().copied().filter(|v| v.is_finite()),
        calibrated: cell.signal.calibrated,
    })
}

/// A swatch of the evidence's ramp from nothing to the scale's end.
pub fn ramp(painter: &Painter, rect: Rect, palette: &Palette) {
    const STEPS: usize = 32;
    let width = rect.width() / STEPS as f32;
    let mut mesh = Mesh::default();
    for step in 0..STEPS {
        let min = pos2(rect.left() + step as f32 * width, rect.top());
        mesh.add_colored_rect(
            Rect::from_min_size(min, vec2(width, rect.height())),
            palette.evidence(step as f32 / (STEPS - 1) as f32),
        );
    }
    painter.add(Shape::mesh(mesh));
    painter.rect_stroke(rect, 0.0, Stroke::new(1.0, theme::ui::line()), egui::StrokeKind::Outside);
}

/// A swatch of the hatching.
pub fn hatching(painter: &Painter, rect: Rect, palette: &Palette) {
    let mut mesh = Mesh::default();
    mesh.add_colored_rect(rect, palette.paper);
    evidence::hatch(&mut mesh, rect, palette.against);
    painter.add(Shape::mesh(mesh));
    painter.rect_stroke(rect, 0.0, Stroke::new(1.0, theme::ui::line()), egui::StrokeKind::Outside);
}
