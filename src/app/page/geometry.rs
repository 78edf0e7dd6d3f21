//! Where rows, columns, baselines and times lie on the page, in points from its upper left corner.

use super::scale::{Gain, NOMINAL_PX_PER_MM, PAGE_MM, Speed, Zoom, margin_mm};
use crate::layout::Layout;

/// What the reader chose for the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageScale {
    /// Amplitude scale.
    pub gain: Gain,
    /// Paper speed.
    pub speed: Speed,
    /// Size of the paper.
    pub zoom: Zoom,
}

/// The page's measures. All lengths are points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geometry {
    /// Width and height of the part of the window the page is seen through.
    pub size: [f32; 2],
    /// Height of the page; more than that part's where rows would become too low to be read.
    pub height: f32,
    /// Points a millimetre of paper takes.
    pub px_per_mm: f32,
    /// Points a second takes.
    pub px_per_s: f32,
    /// Points a millivolt takes.
    pub px_per_mv: f32,
    /// Where the traces begin.
    pub left: f32,
    /// Width of a full row of trace: the page's, or the recording's where that is shorter.
    pub width: f32,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Columns show consecutive stretches of time; else all show the same.
    pub sequential: bool,
    /// No row shows more time than a column does.
    pub folded: bool,
    /// Height of the lane with the beats' labels, above row `beat_row`.
    pub beat_lane: f32,
    /// Row below the lane.
    pub beat_row: usize,
}

/// Height of the lane with the beats' labels.
const BEAT_LANE: f32 = 20.0;
/// Millimetres above the baseline where names stand in high rows.
const HEADROOM_MM: f32 = 17.0;
/// Millivolts above the baseline where beats' labels stand in high rows: above nearly all R waves.
const BEATS_ABOVE_MV: f32 = 2.2;
/// Millimetres of paper a row has at least.
const MIN_ROW_MM: f32 = 12.0;

impl Geometry {
    /// Measures of a page of `size` points for a recording of `duration_s` seconds. A recording shorter than the page ends
    /// where its signal ends and leaves free paper to the right, so that no column lies beyond its end.
    pub fn new(size: [f32; 2], scale: PageScale, layout: &Layout, duration_s: f64) -> Self {
        let margin = margin_mm(scale.speed);
        let px_per_mm = match scale.zoom {
            Zoom::Fit => (size[0] / (margin + PAGE_MM + 2.0)).max(0.5),
            Zoom::Factor(factor) => NOMINAL_PX_PER_MM * factor,
        };
        let left = margin * px_per_mm;
        let width = match scale.zoom {
            Zoom::Fit => PAGE_MM * px_per_mm,
            Zoom::Factor(_) => (size[0] - left).max(px_per_mm),
        };
        let px_per_s = px_per_mm * scale.speed.mm_per_s();
        let folded = layout.columns > 1 && !layout.is_sequential() && layout.rows.iter().all(|row| row.places.len() > 1);
        let stretches = if folded { layout.columns as f64 } else { 1.0 };
        let width = width.min((stretches * duration_s.max(0.0)) as f32 * px_per_s).max(1.0);
        let rows = layout.rows.len().max(1);
        let height = size[1].max(BEAT_LANE + rows as f32 * MIN_ROW_MM * px_per_mm);
        Self {
            size,
            height,
            px_per_mm,
            px_per_s,
            px_per_mv: px_per_mm * scale.gain.mm_per_mv(),
            left,
            width,
            rows,
            columns: layout.columns.max(1),
            sequential: layout.columns <= 1 || layout.is_sequential(),
            folded,
            beat_lane: BEAT_LANE,
            beat_row: layout.beat_row,
        }
    }

    /// Seconds a row of one frame takes.
    fn row_s(&self) -> f64 {
        f64::from(self.width) / f64::from(self.px_per_s)
    }

    /// Seconds the page shows: a full row's, or a column's where all columns show the same.
    pub fn visible_s(&self) -> f64 {
        if self.folded { self.column_s() } else { self.row_s() }
    }

    /// Seconds one column shows.
    pub fn column_s(&self) -> f64 {
        self.row_s() / self.columns as f64
    }

    /// Height of a row.
    pub fn row_height(&self) -> f32 {
        (self.height - self.beat_lane).max(1.0) / self.rows as f32
    }

    /// Upper edge of a row (below its beat lane, where it has one).
    pub fn row_top(&self, row: usize) -> f32 {
        let lane = if row >= self.beat_row { self.beat_lane } else { 0.0 };
        lane + row as f32 * self.row_height()
    }

    /// Upper edge of the lane with the beats' labels: right above the trace of its row, however high that row is.
    pub fn beat_lane_top(&self) -> f32 {
        let rise = (BEATS_ABOVE_MV * self.px_per_mv).max(HEADROOM_MM * self.px_per_mm);
        (self.baseline(self.beat_row) - rise).max(self.row_top(self.beat_row)) - self.beat_lane
    }

    /// A height in a row that ordinary traces stay below: [`HEADROOM_MM`] above the baseline, or the row's upper edge.
    pub fn above_trace(&self, row: usize) -> f32 {
        (self.baseline(row) - HEADROOM_MM * self.px_per_mm).max(self.row_top(row))
    }

    /// Where 0 mV lies in a row: its middle, on the nearest fine line of the grid.
    pub fn baseline(&self, row: usize) -> f32 {
        let middle = self.row_top(row) + 0.5 * self.row_height();
        (middle / self.px_per_mm).round() * self.px_per_mm
    }

    /// Left edge and width of a cell in a row of `cells`.
    pub fn cell(&self, column: usize, cells: usize) -> (f32, f32) {
        let width = self.width / cells.max(1) as f32;
        (self.left + column as f32 * width, width)
    }

    /// Seconds from the page's start at the left edge of a cell.
    pub fn cell_start_s(&self, column: usize, cells: usize) -> f64 {
        if self.sequential { self.row_s() * column as f64 / cells.max(1) as f64 } else { 0.0 }
    }

    /// Seconds from the page's start at `x`, in a row of one cell or of consecutive columns alike; where all columns show the same,
    /// those of the column at `x`.
    pub fn seconds_at(&self, x: f32) -> f64 {
        let along = f64::from(x - self.left) / f64::from(self.px_per_s);
        let inside = self.folded && (0.0..self.row_s()).contains(&along);
        if inside { along % self.column_s() } else { along }
    }

    /// The row at `y`.
    pub fn row_at(&self, y: f32) -> Option<usize> {
        (0..self.rows).find(|row| (self.row_top(*row)..self.row_top(*row) + self.row_height()).contains(&y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        layout::{Catalogue, LayoutId},
        recording::{LeadName, StandardLead},
    };

    const COLUMNS: &str = "3x4+1";
    const ROWS: &str = "12x1";

    fn layout(id: &str) -> Layout {
        of(id, 12)
    }

    fn of(id: &str, leads: usize) -> Layout {
        let catalogue = Catalogue::standard();
        let layout = catalogue.get(&LayoutId::new(id)).expect("a layout of the program");
        layout.arrange(&StandardLead::ALL.map(LeadName::Standard)[..leads], 0)
    }

    #[test]
    fn a_fitted_page_shows_ten_seconds_at_25_mm_per_s() {
        for (speed, seconds) in [(Speed::Mm25, 10.0), (Speed::Mm50, 5.0), (Speed::Mm10, 25.0)] {
            let scale = PageScale { gain: Gain::Mm10, speed, zoom: Zoom::Fit };
            let g = Geometry::new([1200.0, 800.0], scale, &layout(COLUMNS), 60.0);
            assert!((g.visible_s() - seconds).abs() < 1e-4, "{speed:?}: {}", g.visible_s());
            assert!(g.left + g.width <= 1200.0);
            assert!((g.column_s() * 4.0 - seconds).abs() < 1e-4);
        }
    }

    #[test]
    fn scales_follow_the_paper() {
        let scale = PageScale { gain: Gain::Mm20, speed: Speed::Mm50, zoom: Zoom::Factor(2.0) };
        let g = Geometry::new([1000.0, 800.0], scale, &layout(ROWS), 60.0);
        assert!((g.px_per_mm - 2.0 * 96.0 / 25.4).abs() < 1e-4);
        assert!((g.px_per_s - 50.0 * g.px_per_mm).abs() < 1e-3);
        assert!((g.px_per_mv - 20.0 * g.px_per_mm).abs() < 1e-3);
    }

    #[test]
    fn columns_follow_one_another_in_time() {
        let scale = PageScale { gain: Gain::Mm10, speed: Speed::Mm25, zoom: Zoom::Fit };
        let g = Geometry::new([1200.0, 800.0], scale, &layout(COLUMNS), 60.0);
        for column in 0..4 {
            let (x, _) = g.cell(column, 4);
            assert!((g.seconds_at(x) - g.cell_start_s(column, 4)).abs() < 1e-3);
        }
    }

    #[test]
    fn columns_of_the_same_time_begin_together_and_hold_no_more_than_there_is() {
        let scale = PageScale { gain: Gain::Mm10, speed: Speed::Mm25, zoom: Zoom::Fit };
        for (duration, shown) in [(60.0, 5.0), (3.0, 3.0)] {
            let g = Geometry::new([1200.0, 800.0], scale, &layout("6x2-simultaneous"), duration);
            assert!((g.visible_s() - shown).abs() < 1e-3, "{duration} s: {}", g.visible_s());
            assert_eq!((g.cell_start_s(0, 2), g.cell_start_s(1, 2)), (0.0, 0.0));
            let (x, width) = g.cell(1, 2);
            assert!((g.seconds_at(x + 0.5 * width) - 0.5 * shown).abs() < 1e-3);
        }
    }

    #[test]
    fn every_column_lies_within_the_recording() {
        let zooms = [Zoom::Fit, Zoom::Factor(Zoom::RANGE.0), Zoom::Factor(1.0), Zoom::Factor(Zoom::RANGE.1)];
        for duration in [0.5, 4.0, 9.99, 10.0, 25.0, 3600.0] {
            for (speed, zoom) in Speed::ALL.into_iter().flat_map(|speed| zooms.map(|zoom| (speed, zoom))) {
                let scale = PageScale { gain: Gain::Mm10, speed, zoom };
                let g = Geometry::new([1200.0, 800.0], scale, &layout(COLUMNS), duration);
                let last = g.cell_start_s(3, 4);
                assert!(last < duration, "{duration} s, {scale:?}: the last column begins at {last} s");
                assert!((last + g.column_s() - g.visible_s()).abs() < 1e-3, "columns follow one another");
                let (x, _) = g.cell(3, 4);
                assert!((g.seconds_at(x) - last).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn rows_tile_the_page_and_leave_the_lane_free() {
        for kind in [COLUMNS, ROWS] {
            let scale = PageScale { gain: Gain::Mm10, speed: Speed::Mm25, zoom: Zoom::Fit };
            let g = Geometry::new([1200.0, 800.0], scale, &layout(kind), 60.0);
            let last = g.rows - 1;
            assert!((g.row_top(last) + g.row_height() - 800.0).abs() < 1e-2);
            assert_eq!(g.row_at(g.row_top(last) + 1.0), Some(last));
            let lane = g.row_top(g.beat_row) - 1.0;
            assert_eq!(g.row_at(lane), None, "the lane belongs to no row");
        }
    }

    #[test]
    fn rows_are_never_too_low_to_be_read() {
        for (kind, zoom) in [COLUMNS, ROWS].into_iter().flat_map(|kind| [(kind, Zoom::Fit), (kind, Zoom::Factor(1.5))]) {
            let scale = PageScale { gain: Gain::Mm10, speed: Speed::Mm25, zoom };
            let g = Geometry::new([620.0, 300.0], scale, &layout(kind), 10.0);
            assert!(g.row_height() >= MIN_ROW_MM * g.px_per_mm - 0.01);
            assert!(g.height >= 300.0);
        }
    }

    #[test]
    fn beats_are_labelled_right_above_the_trace() {
        for leads in [1, 2, 12] {
            let layout = of(COLUMNS, leads);
            let scale = PageScale { gain: Gain::Mm10, speed: Speed::Mm25, zoom: Zoom::Fit };
            let g = Geometry::new([1200.0, 800.0], scale, &layout, 10.0);
            let distance = g.baseline(g.beat_row) - (g.beat_lane_top() + g.beat_lane);
            assert!(distance <= BEATS_ABOVE_MV * g.px_per_mv + 0.01, "{leads} leads: {distance}");
            assert!(g.beat_lane_top() >= 0.0);
        }
    }
}
