//! From samples to lines on paper.

use super::scale::Scale;
use crate::report::page::Point;
use std::ops::Range;

/// What is drawn of a stretch of one lead.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    /// Lines; where there is no valid sample one ends and the next begins.
    pub lines: Vec<Vec<Point>>,
    /// Stretches without valid samples, mm from the page's left edge.
    pub missing: Vec<Range<f32>>,
    /// Highest and lowest point drawn, mm from the page's top; `None`: nothing is.
    pub extent: Option<(f32, f32)>,
}

/// Points that lie this near to the line between their neighbours are left out, mm: a twentieth of the line's width, a microvolt.
const NEAR: f32 = 0.01;

/// Where a stretch lies on paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Where the first sample lies, mm from the left edge.
    pub x: f32,
    /// Where `level` lies, mm from the top edge.
    pub y: f32,
    /// Millivolts at `y`.
    pub level: f32,
    /// Turned over.
    pub inverted: bool,
}

/// Lays samples (millivolts, NaN where invalid) out from a place on. Each sample that is not within [`NEAR`] of the line is a point of it.
pub fn trace(samples: &[f32], rate_hz: f64, place: Place, scale: Scale) -> Trace {
    let mut out = Trace::default();
    let dx = f64::from(scale.mm_per_s) / rate_hz;
    let x_of = |index: f64| (f64::from(place.x) + index * dx) as f32;
    let up = if place.inverted { -scale.mm_per_mv } else { scale.mm_per_mv };
    let mut index = 0;
    while index < samples.len() {
        let valid = samples[index].is_finite();
        let end = index + samples[index..].iter().take_while(|v| v.is_finite() == valid).count();
        if valid {
            let points: Vec<Point> = (index..end)
                // What is off the sheet by metres (an untrusted file may hold any number) need not be exact.
                .map(|i| Point { x: x_of(i as f64), y: place.y - ((samples[i] - place.level) * up).clamp(-1e4, 1e4) })
                .collect();
            for point in &points {
                let (top, bottom) = out.extent.unwrap_or((point.y, point.y));
                out.extent = Some((top.min(point.y), bottom.max(point.y)));
            }
            out.lines.push(thinned(points, dx as f32));
        } else {
            let from = if index == 0 { 0.0 } else { index as f64 - 0.5 };
            let to = if end == samples.len() { end as f64 } else { end as f64 - 0.5 };
            out.missing.push(x_of(from)..x_of(to));
        }
        index = end;
    }
    out
}

/// Leaves out points that lie on the line: from each kept point the line goes as far as all points between stay near it.
fn thinned(points: Vec<Point>, dx: f32) -> Vec<Point> {
    let [first, .., last] = points[..] else {
        // A lone sample is seen as a dash.
        return points.first().map(|p| vec![*p, Point { x: p.x + dx.max(0.1), y: p.y }]).unwrap_or_default();
    };
    let mut out = vec![first];
    let mut anchor = first;
    // Slopes that pass within NEAR of every point since the anchor.
    let (mut low, mut high) = (f32::NEG_INFINITY, f32::INFINITY);
    let mut before = first;
    for point in points.iter().skip(1) {
        let run = point.x - anchor.x;
        let slope = (point.y - anchor.y) / run;
        if slope < low || slope > high {
            out.push(before);
            anchor = before;
            (low, high) = (f32::NEG_INFINITY, f32::INFINITY);
        }
        let run = point.x - anchor.x;
        low = low.max((point.y - NEAR - anchor.y) / run);
        high = high.min((point.y + NEAR - anchor.y) / run);
        before = *point;
    }
    out.push(last);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCALE: Scale = Scale { mm_per_s: 25.0, mm_per_mv: 10.0 };
    const PLACE: Place = Place { x: 20.0, y: 100.0, level: 0.0, inverted: false };

    /// Height of a drawn line at x.
    fn height(lines: &[Vec<Point>], x: f32) -> Option<f32> {
        lines.iter().find_map(|line| {
            line.windows(2).find(|w| w[0].x <= x + 1e-4 && x <= w[1].x + 1e-4).map(|w| {
                let t = ((x - w[0].x) / (w[1].x - w[0].x)).clamp(0.0, 1.0);
                w[0].y + t * (w[1].y - w[0].y)
            })
        })
    }

    proptest! {
        /// Every sample is drawn within a fiftieth of a millimetre of where it belongs, and nothing is drawn where there is none.
        #[test]
        fn no_sample_is_lost(samples in prop::collection::vec(prop_oneof![12 => -1.0f32..1.0, 4 => -0.02f32..0.02, 1 => Just(f32::NAN)], 1..600)) {
            // Slow enough that a hundredth of a millimetre to the side is no height.
            let scale = Scale { mm_per_s: 2500.0, mm_per_mv: 10.0 };
            let drawn = trace(&samples, 500.0, PLACE, scale);
            for (i, value) in samples.iter().enumerate() {
                let x = 20.0 + i as f32 * 5.0;
                match value.is_finite() {
                    true => {
                        let y = height(&drawn.lines, x).unwrap();
                        prop_assert!((y - (100.0 - 10.0 * value)).abs() < 0.02, "{} at {}: {}", value, x, y);
                    }
                    false => prop_assert!(drawn.missing.iter().any(|m| m.start <= x + 2.6 && x <= m.end + 2.6)),
                }
            }
            let runs = samples.chunk_by(|a, b| a.is_finite() == b.is_finite()).filter(|run| run[0].is_finite()).count();
            prop_assert_eq!(drawn.lines.len(), runs);
        }
    }

    #[test]
    fn a_straight_line_needs_two_points() {
        let samples: Vec<f32> = (0..1000).map(|i| i as f32 * 1e-3).collect();
        let drawn = trace(&samples, 500.0, PLACE, SCALE);
        assert_eq!(drawn.lines[0].len(), 2);
        let end = drawn.lines[0][1];
        assert!((end.x - (20.0 + 999.0 * 0.05)).abs() < 1e-3 && (end.y - (100.0 - 9.99)).abs() < 1e-3);
        let turned = trace(&samples, 500.0, Place { inverted: true, ..PLACE }, SCALE);
        assert!((turned.lines[0][1].y - 109.99).abs() < 1e-3);
        assert_eq!(drawn.extent.unwrap().1, 100.0);
    }
}
