//! Time along the page's lower edge: round seconds, by the clock where the file tells when the recording began.

use super::{geometry::Geometry, paint::Cell};
use crate::{
    app::{theme::Palette, views::format},
    recording::Recording,
};
use chrono::Timelike;
use egui::{FontId, Painter, Rect, Stroke, pos2, vec2};

/// Steps of time that are round to people, in seconds.
const STEPS: [f64; 21] = [
    0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 10_800.0, 21_600.0, 43_200.0,
    86_400.0, 172_800.0, 604_800.0,
];
/// Points a time with its surroundings takes.
const LABEL: f32 = 96.0;
/// Least distance of two ticks, in points.
const APART: f32 = 8.0;

/// Seconds of the recording between `from` and `to` that get a tick, and their distance: the round ones, of clock time where `offset` is the
/// clock's second at the recording's beginning, in the smallest step of which no more than `most` fit.
pub fn ticks(from: f64, to: f64, offset: f64, most: f64) -> (f64, Vec<f64>) {
    let step = STEPS.into_iter().find(|step| (to - from) / step <= most).unwrap_or((to - from).max(1.0));
    let first = ((from + offset) / step).ceil() * step - offset;
    (step, (0..1000).map(|i| first + f64::from(i) * step).take_while(|second| *second <= to).collect())
}

/// The clock's second of the day at the recording's beginning; 0 where that is not known.
pub fn clock_offset(recording: &Recording) -> f64 {
    recording.start.map_or(0.0, |start| {
        let time = start.time();
        f64::from(time.num_seconds_from_midnight()) + f64::from(time.nanosecond()) * 1e-9
    })
}

/// Paints the axis below the cells of the lowest row, and below every row above whose columns show other times than the row below it.
pub(super) fn paint(painter: &Painter, recording: &Recording, cells: &[Cell], g: &Geometry, page: Rect, palette: &Palette) {
    let rows = cells.iter().map(|cell| cell.row).max().map_or(0, |last| last + 1);
    let starts = |row: usize| cells.iter().filter(move |cell| cell.row == row).map(|cell| cell.start_s);
    for row in 0..rows {
        // Columns that follow one another agree with the strip below them.
        let told_below = row + 1 < rows && (g.sequential || starts(row).eq(starts(row + 1)));
        if !told_below {
            for cell in cells.iter().filter(|cell| cell.row == row) {
                axis(painter, recording, cell, g, page, palette);
            }
        }
    }
}

fn axis(painter: &Painter, recording: &Recording, cell: &Cell, g: &Geometry, page: Rect, palette: &Palette) {
    let bottom = cell.rect.bottom().min(page.bottom());
    let seconds = f64::from(cell.rect.width() / g.px_per_s);
    let (from, to) = (cell.start_s, (cell.start_s + seconds).min(recording.duration_s()));
    let offset = clock_offset(recording);
    let x_of = |second: f64| cell.rect.left() + ((second - cell.start_s) * f64::from(g.px_per_s)) as f32;
    let most = |apart: f32| f64::from((cell.rect.width() / apart).max(1.0));
    let stroke = Stroke::new(1.0, palette.note);
    for second in ticks(from, to, offset, most(APART).min(60.0)).1 {
        painter.vline(x_of(second), bottom - 3.0..=bottom, stroke);
    }
    for second in ticks(from, to, offset, most(LABEL)).1 {
        let x = x_of(second);
        let galley = painter.layout_no_wrap(label(recording, second), FontId::proportional(11.0), palette.note);
        let size = galley.size();
        if x + 3.0 + size.x > cell.rect.right() {
            continue;
        }
        painter.vline(x, bottom - 7.0..=bottom, stroke);
        let at = pos2(x + 3.0, bottom - size.y - 1.0);
        painter.rect_filled(Rect::from_min_size(at, size).expand2(vec2(1.0, 0.0)), 1.0, palette.paper.gamma_multiply(0.8));
        painter.galley(at, galley, palette.note);
    }
}

/// A round time as the axis shows it: without hundredths that say nothing.
pub fn label(recording: &Recording, second: f64) -> String {
    format::whole(&format::time(recording, second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_stand_at_round_times() {
        assert_eq!(ticks(0.0, 10.0, 0.0, 10.0).1, (0..=10).map(f64::from).collect::<Vec<_>>());
        assert_eq!(ticks(0.0, 10.0, 0.0, 5.0).1, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(0.0, 1800.0, 0.0, 8.0).1, [0.0, 300.0, 600.0, 900.0, 1200.0, 1500.0, 1800.0]);
        // The clock shows 10:59:50 when the recording begins: ticks at 11:00, 11:10 ...
        assert_eq!(ticks(0.0, 1800.0, 39_590.0, 4.0).1, [10.0, 610.0, 1210.0]);
        assert!(ticks(0.0, 0.0, 0.0, 4.0).1.len() <= 1);
        for duration in [0.4, 3.0, 65.0, 1805.5, 86_400.0, 1e7] {
            let ticks = ticks(0.0, duration, 12.5, 12.0).1;
            assert!(ticks.len() <= 13 && ticks.iter().all(|second| (0.0..=duration).contains(second)), "{duration}: {ticks:?}");
        }
    }
}
