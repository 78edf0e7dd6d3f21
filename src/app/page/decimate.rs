//! From samples to polylines: every sample where there is room, the minimum and maximum of every pixel column where not.

use std::ops::Range;

/// What is drawn of a stretch of one lead.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    /// Polylines of `[points from the left edge, millivolts]`; a gap ends one and begins the next.
    pub lines: Vec<Vec<[f32; 2]>>,
    /// The lines hold the extremes of pixel columns, up to two points at one x, not samples.
    pub reduced: bool,
    /// Stretches without valid samples, in points from the left edge.
    pub invalid: Vec<Range<f32>>,
    /// Not read yet: there is nothing to draw, and nothing to say about the signal.
    pub pending: bool,
}

impl Trace {
    /// The trace's value in millivolts at `x` points from the left edge; `None` where there is no signal.
    pub fn at(&self, x: f32) -> Option<f32> {
        let after = self.lines.partition_point(|line| line.first().is_some_and(|point| point[0] <= x));
        let line = self.lines.get(after.checked_sub(1)?)?;
        let next = line.partition_point(|point| point[0] <= x);
        match (line.get(next.checked_sub(1)?)?, line.get(next)) {
            ([x0, y0], Some([x1, y1])) => Some(y0 + (y1 - y0) * (x - x0) / (x1 - x0).max(1e-6)),
            // The last point of a line still is signal.
            ([x0, y0], None) => (x - x0 < 0.5).then_some(*y0),
        }
    }

    /// Whether there is signal all the way from one place to the other (points from the left edge).
    pub fn covers(&self, from: f32, to: f32) -> bool {
        !self.pending && !self.invalid.iter().any(|range| range.start < to && range.end > from)
    }
}

/// Samples a pixel column may hold before it is reduced to its extremes.
const DENSE: f64 = 1.0;

/// Lays `samples` (millivolts, NaN where invalid) along x: sample `i` lies at `x0 + i * dx` points. `pixel` is the
/// width of a physical pixel in points. No sample's value is lost: each lies within the drawn extent of its column,
/// and no line is drawn across an invalid sample.
pub fn trace(samples: &[f32], x0: f64, dx: f64, pixel: f64) -> Trace {
    let reduce = dx * DENSE < pixel;
    let mut out = Trace { reduced: reduce, ..Trace::default() };
    let mut index = 0;
    while index < samples.len() {
        let valid = samples[index].is_finite();
        let end = samples[index..].iter().position(|s| s.is_finite() != valid).map_or(samples.len(), |length| index + length);
        if valid {
            let run = &samples[index..end];
            let first = x0 + index as f64 * dx;
            out.lines.push(if reduce { extremes(run, first, dx, pixel) } else { all(run, first, dx) });
        } else {
            // Half a sample to each side: what lies between the last valid and the next valid sample is not known.
            let from = if index == 0 { x0 } else { x0 + (index as f64 - 0.5) * dx };
            out.invalid.push(from as f32..(x0 + (end as f64 - 0.5) * dx) as f32);
        }
        index = end;
    }
    out
}

fn all(run: &[f32], x0: f64, dx: f64) -> Vec<[f32; 2]> {
    let mut points: Vec<_> = run.iter().enumerate().map(|(i, value)| [(x0 + i as f64 * dx) as f32, *value]).collect();
    widen_single(&mut points, dx as f32);
    points
}

/// Least and largest of the valid samples; `None` without any.
pub(super) fn extent(samples: &[f32]) -> Option<[f32; 2]> {
    // Comparisons, not `f32::min`: they are false for what is no number, and several are made at once.
    let (low, high) = samples.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
        (if *value < low { *value } else { low }, if *value > high { *value } else { high })
    });
    (low <= high).then_some([low, high])
}

fn extremes(run: &[f32], x0: f64, dx: f64, pixel: f64) -> Vec<[f32; 2]> {
    let column_of = |i: usize| ((x0 + i as f64 * dx) / pixel).floor();
    let mut points = Vec::with_capacity(2 * (run.len() as f64 * dx / pixel) as usize + 4);
    let mut index = 0;
    while index < run.len() {
        let column = column_of(index);
        // Where the column ends by the same numbers, give or take their rounding.
        let end = (((column + 1.0) * pixel - x0) / dx).ceil().max(0.0) as usize;
        let end = if end < run.len() && column_of(end) == column { end + 1 } else { end };
        let samples = &run[index..end.clamp(index + 1, run.len())];
        let Some([low, high]) = extent(samples) else { break };
        let x = ((column + 0.5) * pixel) as f32;
        let first = samples.iter().copied().find(|value| *value == low || *value == high).unwrap_or(low);
        points.push([x, first]);
        if low != high {
            points.push([x, if first == low { high } else { low }]);
        }
        index += samples.len();
    }
    widen_single(&mut points, pixel as f32);
    points
}

/// A lone point would not be seen: it becomes a dash of `width`.
fn widen_single(points: &mut Vec<[f32; 2]>, width: f32) {
    if let [point] = points[..] {
        points.push([point[0] + width.max(1.0), point[1]]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn signal() -> impl Strategy<Value = Vec<f32>> {
        prop::collection::vec(prop_oneof![9 => -20.0f32..20.0, 1 => Just(f32::NAN)], 1..3000)
    }

    proptest! {
        /// However far out, the extent drawn in a column holds the value of every sample of that column.
        #[test]
        fn no_spike_is_dropped(samples in signal(), dx in 0.0005f64..3.0, x0 in -2.0f64..2.0, ppp in prop_oneof![Just(1.0f64), Just(1.25), Just(2.0)]) {
            let pixel = 1.0 / ppp;
            let drawn = trace(&samples, x0, dx, pixel);
            for (i, value) in samples.iter().enumerate().filter(|(_, v)| v.is_finite()) {
                let x = x0 + i as f64 * dx;
                let held = drawn.lines.iter().any(|line| {
                    let near: Vec<f32> = line.iter().filter(|p| (f64::from(p[0]) - x).abs() <= 0.51 * pixel + 1e-3).map(|p| p[1]).collect();
                    let low = near.iter().copied().fold(f32::INFINITY, f32::min);
                    let high = near.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    low <= *value && *value <= high
                });
                prop_assert!(held, "sample {i} = {value} at {x}");
            }
        }

        /// One polyline per stretch of valid samples, one shaded range per stretch without: nothing is bridged.
        #[test]
        fn gaps_are_never_bridged(samples in signal(), dx in 0.0005f64..3.0) {
            let drawn = trace(&samples, 0.0, dx, 1.0);
            let mut runs = [0usize; 2];
            let mut last = None;
            for sample in &samples {
                let valid = sample.is_finite();
                if last != Some(valid) {
                    runs[usize::from(valid)] += 1;
                }
                last = Some(valid);
            }
            prop_assert_eq!([drawn.invalid.len(), drawn.lines.len()], runs);
            prop_assert!(drawn.lines.iter().flatten().all(|p| p[1].is_finite()));
        }

        /// Work for the painter is bounded by the width, not by the length.
        #[test]
        fn points_are_bounded_by_columns(length in 1usize..20_000) {
            let samples: Vec<f32> = (0..length).map(|i| (i as f32 * 0.7).sin()).collect();
            let drawn = trace(&samples, 0.0, 100.0 / length as f64, 1.0);
            prop_assert!(drawn.lines.iter().map(Vec::len).sum::<usize>() <= 2 * 101 + 1);
        }
    }

    #[test]
    fn values_are_read_off_the_trace_and_none_where_there_is_none() {
        let drawn = trace(&[0.0, 1.0, f32::NAN, f32::NAN, 3.0, 2.0], 10.0, 2.0, 1.0);
        assert_eq!(drawn.at(11.0), Some(0.5));
        assert_eq!(drawn.at(12.0), Some(1.0));
        assert_eq!((drawn.at(9.0), drawn.at(15.0), drawn.at(30.0)), (None, None, None));
        assert_eq!(drawn.at(19.0), Some(2.5));
        assert!(drawn.covers(10.0, 12.0) && !drawn.covers(11.0, 19.0));
        assert_eq!(Trace::default().at(0.0), None);
    }

    #[test]
    fn a_lone_sample_is_seen() {
        let drawn = trace(&[f32::NAN, 1.0, f32::NAN], 0.0, 1.0, 1.0);
        assert_eq!(drawn.lines, vec![vec![[1.0, 1.0], [2.0, 1.0]]]);
        assert_eq!(drawn.invalid, vec![0.0..0.5, 1.5..2.5]);
    }
}
