//! Paints the page: paper, evidence, grid, traces, pulse, names, beats.

use super::{
    decimate::{Trace, trace},
    evidence,
    geometry::Geometry,
    grid::Grid,
    layout::Layout,
    scale::PULSE_S,
};
use crate::{
    app::{
        state::{Cursor, State},
        theme::{self, Palette},
    },
    recording::{BeatLabel, SampleError, SampleIndex, Signal},
};
use egui::{Align2, Color32, FontId, Galley, Mesh, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use std::{collections::HashMap, ops::Range, sync::Arc};

/// What need not be computed again while neither page nor recording change.
#[derive(Debug, Default)]
pub struct Cache {
    grid: Grid,
    traces: HashMap<TraceKey, Cached>,
    frame: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct TraceKey {
    generation: u64,
    lead: usize,
    /// Start, width, scale and pixel as bits: equal numbers, equal traces.
    numbers: [u64; 4],
}

#[derive(Debug, Clone)]
struct Cached {
    trace: Result<Arc<Trace>, SampleError>,
    used: u64,
}

/// One lead's place on the page.
struct Cell<'a> {
    signal: &'a Arc<Signal>,
    lead: usize,
    row: usize,
    rect: Rect,
    baseline: f32,
    /// Time at the left edge.
    start_s: f64,
}

impl Cache {
    /// Paints the page of an open recording into `page`.
    pub fn paint(&mut self, painter: &Painter, page: Rect, state: &State, palette: &Palette) {
        let Some(opened) = &state.opened else { return };
        self.frame += 1;
        let (geometry, layout) = (state.geometry(), state.layout());
        let painter = painter.with_clip_rect(page.intersect(painter.clip_rect()));
        let cells = cells(state, &geometry, &layout, page);
        painter.rect_filled(page, 0.0, palette.paper);

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
        painter.add(Shape::mesh(mesh));
        if !drawn.is_empty() {
            window_borders(&painter, state, &cells, &geometry, palette);
        }
        painter.add(self.grid.shape(page, &geometry, palette, painter.pixels_per_point()));

        for row in rows_with_pulse(state, &layout, &geometry) {
            pulse(&painter, &geometry, page, row, palette);
        }
        let traces: Vec<_> =
            cells.iter().map(|cell| self.trace(state.generation, cell, &geometry, painter.pixels_per_point())).collect();
        // All shading first: a neighbour's high wave may reach into a row without signal.
        for (cell, trace) in cells.iter().zip(&traces) {
            for range in trace.iter().flat_map(|trace| &trace.invalid) {
                no_signal(&painter, cell, range, palette);
            }
        }
        // Patches of paper before traces: they must not hide signal. The beats' letters follow after the traces.
        let beats = beats(&painter, state, &geometry, page);
        for label in beats.iter().filter(|label| label.shown && !label.normal) {
            painter.rect_filled(label.rect.expand2(vec2(2.0, 0.0)), 2.0, palette.paper);
        }
        for cell in &cells {
            name(&painter, cell, &geometry, page, palette);
        }
        for (cell, trace) in cells.iter().zip(&traces) {
            let centre = opened.centres.get(cell.lead).copied().unwrap_or(0.0);
            match trace {
                Ok(trace) => paint_trace(&painter, trace, cell, centre, &geometry, page, palette),
                Err(error) => {
                    let at = cell.rect.center();
                    painter.text(at, Align2::CENTER_CENTER, error, FontId::proportional(13.0), theme::ui::ERROR);
                }
            }
        }
        for label in beats {
            let bottom = page.top() + geometry.beat_lane_top() + geometry.beat_lane;
            let (tick, width) = if label.normal { (3.0, 1.0) } else { (5.0, 1.6) };
            painter.vline(label.x, bottom - tick..=bottom, Stroke::new(width, label.colour));
            if label.shown {
                painter.galley(label.rect.min, label.galley, label.colour);
            }
        }
        self.traces.retain(|_, cached| cached.used == self.frame);
    }

    fn trace(&mut self, generation: u64, cell: &Cell, geometry: &Geometry, ppp: f32) -> Result<Arc<Trace>, SampleError> {
        let numbers = [
            cell.start_s.to_bits(),
            u64::from(cell.rect.width().to_bits()),
            u64::from(geometry.px_per_s.to_bits()),
            u64::from(ppp.to_bits()),
        ];
        let key = TraceKey { generation, lead: cell.lead, numbers };
        let frame = self.frame;
        let cached = self.traces.entry(key).or_insert_with(|| {
            let px_per_s = f64::from(geometry.px_per_s);
            let seconds = f64::from(cell.rect.width()) / px_per_s;
            Cached { trace: read(cell.signal, cell.start_s, seconds, px_per_s, 1.0 / f64::from(ppp)).map(Arc::new), used: frame }
        });
        cached.used = frame;
        cached.trace.clone()
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

/// Reads what a cell shows (one sample more on each side) and lays it along x.
fn read(signal: &Signal, start_s: f64, seconds: f64, px_per_s: f64, pixel: f64) -> Result<Trace, SampleError> {
    let rate = signal.rate.hz();
    let first = ((start_s * rate).floor() - 1.0).max(0.0) as u64;
    let last = (((start_s + seconds) * rate).ceil().max(0.0) as u64).saturating_add(2).min(signal.len());
    let mut samples = Vec::new();
    signal.read_millivolts(first, last.saturating_sub(first) as usize, &mut samples)?;
    Ok(trace(&samples, (first as f64 / rate - start_s) * px_per_s, px_per_s / rate, pixel))
}

fn cells<'a>(state: &'a State, geometry: &Geometry, layout: &Layout, page: Rect) -> Vec<Cell<'a>> {
    let Some(opened) = &state.opened else { return Vec::new() };
    let page_start = opened.recording.rate.seconds(state.view.start);
    let mut cells = Vec::new();
    for (row, line) in layout.rows.iter().enumerate() {
        for (column, lead) in line.leads.iter().enumerate() {
            let Some(signal) = opened.recording.leads.get(*lead) else { continue };
            let (x, width) = geometry.cell(column, line.leads.len());
            cells.push(Cell {
                signal,
                lead: *lead,
                row,
                rect: Rect::from_min_size(page.min + vec2(x, geometry.row_top(row)), vec2(width, geometry.row_height())),
                baseline: page.top() + geometry.baseline(row),
                start_s: page_start + geometry.cell_start_s(column, line.leads.len()),
            });
        }
    }
    cells
}

/// Trace, and marks where it leaves the space it may use (its row and one row to each side).
fn paint_trace(painter: &Painter, trace: &Trace, cell: &Cell, centre: f32, g: &Geometry, page: Rect, palette: &Palette) {
    let clip = cell.rect.expand2(vec2(0.0, cell.rect.height())).intersect(page);
    let painter = painter.with_clip_rect(clip.intersect(painter.clip_rect()));
    let stroke = Stroke::new((0.3 * g.px_per_mm).clamp(1.1, 2.4), palette.trace);
    let place = |p: &[f32; 2]| pos2(cell.rect.left() + p[0], cell.baseline - (p[1] - centre) * g.px_per_mv);
    let mut marked = f32::NEG_INFINITY;
    for line in &trace.lines {
        let points: Vec<Pos2> = line.iter().map(place).collect();
        for point in points.iter().filter(|p| p.y < clip.top() || p.y > clip.bottom()) {
            if point.x - marked > 9.0 && cell.rect.x_range().contains(point.x) {
                marked = point.x;
                cut_off(&painter, point.x, point.y < clip.top(), clip, palette);
            }
        }
        painter.add(Shape::line(points, stroke));
    }
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
        painter.text(rect.center(), Align2::CENTER_CENTER, "no signal", FontId::proportional(12.0), palette.note);
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
fn rows_with_pulse(state: &State, layout: &Layout, g: &Geometry) -> Vec<usize> {
    let leads = state.recording().map(|recording| recording.leads.as_slice()).unwrap_or_default();
    let calibrated = |row: usize| {
        let first = layout.rows.get(row).and_then(|line| line.leads.first());
        first.and_then(|lead| leads.get(*lead)).is_some_and(|signal| signal.calibrated)
    };
    let rows = (0..layout.rows.len()).filter(|row| calibrated(*row));
    if g.px_per_mv <= g.row_height() {
        return rows.collect();
    }
    let mut rows = rows.skip_while(|row| g.baseline(*row) < g.px_per_mv + 2.0);
    rows.next().into_iter().collect()
}

fn pulse(painter: &Painter, g: &Geometry, page: Rect, row: usize, palette: &Palette) {
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
fn name(painter: &Painter, cell: &Cell, g: &Geometry, page: Rect, palette: &Palette) {
    if cell.rect.left() > page.left() + g.left + 1.0 {
        let half = 2.5 * g.px_per_mm;
        painter.vline(cell.rect.left(), cell.baseline - half..=cell.baseline + half, Stroke::new(1.0, palette.note));
    }
    let at = pos2(cell.rect.left() + 4.0, (page.top() + g.above_trace(cell.row)).max(cell.rect.top() + 1.0));
    let title = painter.layout_no_wrap(cell.signal.lead.to_string(), FontId::proportional(15.0), palette.label);
    let remark = match (cell.signal.calibrated, cell.signal.is_derived()) {
        (false, _) => "uncalibrated",
        (true, true) => "(derived)",
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

/// A beat's mark and letter over the rhythm strip.
struct BeatMark {
    /// Of the R peak.
    x: f32,
    rect: Rect,
    galley: Arc<Galley>,
    colour: Color32,
    normal: bool,
    /// There is room for the letter; the tick is drawn always.
    shown: bool,
}

/// Letters over the rhythm strip; those that would touch another are left out, normal beats before others.
fn beats(painter: &Painter, state: &State, g: &Geometry, page: Rect) -> Vec<BeatMark> {
    let (Some(recording), Some(analysis)) = (state.recording(), &state.analysis) else { return Vec::new() };
    let bottom = page.top() + g.beat_lane_top() + g.beat_lane;
    let start_s = recording.rate.seconds(state.view.start);
    let visible = state.visible();
    let first = analysis.beats.partition_point(|beat| beat.sample < visible.start);
    let mut marks: Vec<BeatMark> = analysis.beats[first..]
        .iter()
        .take_while(|beat| beat.sample < visible.end)
        .map(|beat| {
            let x = page.left() + g.left + ((recording.rate.seconds(beat.sample) - start_s) * f64::from(g.px_per_s)) as f32;
            let colour = theme::beat(beat.label);
            let normal = matches!(beat.label, None | Some(BeatLabel::N));
            let text = beat.label.map(|label| format!("{label}{}", if beat.uncertain { "?" } else { "" }));
            let font = FontId::proportional(if normal { 11.5 } else { 15.0 });
            let galley = painter.layout_no_wrap(text.unwrap_or_default(), font, colour);
            let size = galley.size();
            let rect = Rect::from_min_size(pos2(x - 0.5 * size.x, bottom - 4.0 - size.y), size);
            BeatMark { x, rect, galley, colour, normal, shown: beat.label.is_some() }
        })
        .collect();
    let wanted: Vec<(f32, f32, bool)> =
        marks.iter().filter(|mark| mark.shown).map(|mark| (mark.rect.left(), mark.rect.right(), mark.normal)).collect();
    let room = with_room(&wanted);
    for (mark, room) in marks.iter_mut().filter(|mark| mark.shown).zip(room) {
        mark.shown = room;
    }
    marks
}

/// Which labels (left edge, right edge, of a normal beat; in order of time) can be drawn without touching one another. Labels of
/// beats that are not normal take their place first.
fn with_room(labels: &[(f32, f32, bool)]) -> Vec<bool> {
    const GAP: f32 = 2.0;
    let mut shown = vec![false; labels.len()];
    let mut free_from = f32::NEG_INFINITY;
    for (index, (left, right, normal)) in labels.iter().enumerate() {
        if !normal && *left >= free_from {
            shown[index] = true;
            free_from = right + GAP;
        }
    }
    let mut free_from = f32::NEG_INFINITY;
    let mut next_taken = 0;
    for (index, (left, right, _)) in labels.iter().enumerate() {
        if shown[index] {
            free_from = right + GAP;
            continue;
        }
        next_taken = next_taken.max(index);
        while next_taken < labels.len() && (!shown[next_taken] || labels[next_taken].2) {
            next_taken += 1;
        }
        let until = labels.get(next_taken).map_or(f32::INFINITY, |label| label.0);
        if *left >= free_from && right + GAP <= until {
            shown[index] = true;
            free_from = right + GAP;
        }
    }
    shown
}

/// What lies under the pointer at `at` (screen points).
pub fn cursor_at(state: &State, page: Rect, at: Pos2) -> Option<Cursor> {
    let recording = state.recording()?;
    let (geometry, layout) = (state.geometry(), state.layout());
    let row = geometry.row_at(at.y - page.top())?;
    let cells = cells(state, &geometry, &layout, page);
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
    painter.rect_stroke(rect, 0.0, Stroke::new(1.0, theme::ui::LINE), egui::StrokeKind::Outside);
}

/// A swatch of the hatching.
pub fn hatching(painter: &Painter, rect: Rect, palette: &Palette) {
    let mut mesh = Mesh::default();
    mesh.add_colored_rect(rect, Color32::WHITE);
    evidence::hatch(&mut mesh, rect, palette.against);
    painter.add(Shape::mesh(mesh));
    painter.rect_stroke(rect, 0.0, Stroke::new(1.0, theme::ui::LINE), egui::StrokeKind::Outside);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ectopic_beats_take_their_place_first() {
        let labels = [(0.0, 8.0, true), (6.0, 16.0, false), (15.0, 23.0, true), (18.5, 26.5, true), (40.0, 50.0, false)];
        assert_eq!(with_room(&labels), [false, true, false, true, true]);
    }

    proptest! {
        #[test]
        fn shown_labels_never_touch_and_no_ectopic_gives_way_to_a_normal_one(
            steps in proptest::collection::vec((0.0f32..30.0, proptest::bool::ANY), 0..60)
        ) {
            let mut x = 0.0;
            let labels: Vec<_> = steps
                .into_iter()
                .map(|(step, normal)| {
                    x += step;
                    let half = if normal { 4.0 } else { 5.5 };
                    (x - half, x + half, normal)
                })
                .collect();
            let shown = with_room(&labels);
            let drawn: Vec<_> = labels.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(label, _)| *label).collect();
            prop_assert!(drawn.windows(2).all(|pair| pair[0].1 <= pair[1].0));
            let ectopic: Vec<_> = labels.iter().filter(|label| !label.2).copied().collect();
            let alone = with_room(&ectopic).iter().filter(|shown| **shown).count();
            prop_assert_eq!(drawn.iter().filter(|label| !label.2).count(), alone);
        }
    }
}
