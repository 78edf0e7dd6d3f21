//! Where samples lie on the page, and which samples lie where.

use crate::{
    app::{page::geometry::Geometry, state::State},
    layout::Shows,
    recording::{Rate, SampleIndex, SampleRange},
};
use egui::{Pos2, Rect, pos2};

/// One lead's place on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Where it is drawn, in screen points.
    pub rect: Rect,
    /// Row.
    pub row: usize,
    /// Lead.
    pub lead: usize,
    /// Seconds of the recording at its left edge.
    pub start_s: f64,
    px_per_s: f64,
    rate: Rate,
}

impl Place {
    /// Where a sample lies along x; it may be outside.
    pub fn x_of(&self, at: SampleIndex) -> f32 {
        self.rect.left() + ((self.rate.seconds(at) - self.start_s) * self.px_per_s) as f32
    }

    /// The sample at x.
    pub fn sample_at(&self, x: f32) -> SampleIndex {
        self.rate.sample_at((self.start_s + f64::from(x - self.rect.left()) / self.px_per_s).max(0.0))
    }

    /// The samples it shows.
    pub fn range(&self) -> SampleRange {
        let end = self.sample_at(self.rect.right());
        SampleRange { start: self.sample_at(self.rect.left()).min(end), end }
    }
}

/// The leads' places on a page at `page`; none where no strips are shown.
pub fn places(state: &State, page: Rect) -> Vec<Place> {
    let Some(recording) = state.recording() else { return Vec::new() };
    let layout = state.layout();
    if layout.shows == Shows::MedianBeats {
        return Vec::new();
    }
    let (geometry, rate) = (state.geometry(), recording.rate);
    let page_s = rate.seconds(state.view.start);
    let mut all = Vec::new();
    for (row, line) in layout.rows.iter().enumerate() {
        let cells = line.places.len();
        for (column, place) in line.places.iter().enumerate() {
            let (x, width) = geometry.cell(column, cells);
            let min = pos2(page.left() + x, page.top() + geometry.row_top(row));
            let rect = Rect::from_min_max(min, pos2(min.x + width, min.y + geometry.row_height()));
            let start_s = page_s + geometry.cell_start_s(column, cells);
            all.push(Place { rect, row, lead: place.lead, start_s, px_per_s: f64::from(geometry.px_per_s), rate });
        }
    }
    all
}

/// The sample under a place on the page: on a trace, or in the lane with the beats' letters.
pub fn sample_under(state: &State, page: Rect, at: Pos2) -> Option<SampleIndex> {
    let (geometry, all) = (state.geometry(), places(state, page));
    let lane = lane(&geometry, page);
    let row = lane.y_range().contains(at.y).then_some(geometry.beat_row);
    let inside = |place: &&Place| match row {
        Some(row) => place.row == row && place.rect.x_range().contains(at.x),
        None => place.rect.contains(at),
    };
    all.iter().find(inside).map(|place| place.sample_at(at.x))
}

/// The lane with the beats' letters.
pub fn lane(geometry: &Geometry, page: Rect) -> Rect {
    let top = page.top() + geometry.beat_lane_top();
    Rect::from_min_max(
        pos2(page.left() + geometry.left, top),
        pos2(page.left() + geometry.left + geometry.width, top + geometry.beat_lane),
    )
}

/// What a rectangle drawn on the page encloses.
pub fn stretches(state: &State, page: Rect, drawn: Rect) -> Vec<SampleRange> {
    let geometry = state.geometry();
    let lane = lane(&geometry, page);
    let mut ranges = Vec::new();
    for place in places(state, page) {
        // The letters belong to their row.
        let rect = if place.row == geometry.beat_row {
            place.rect.union(Rect::from_x_y_ranges(place.rect.x_range(), lane.y_range()))
        } else {
            place.rect
        };
        let both = rect.intersect(drawn);
        if both.is_positive() {
            ranges.push(SampleRange { start: place.sample_at(both.left()), end: place.sample_at(both.right()) });
        }
    }
    ranges
}
