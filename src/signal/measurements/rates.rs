//! Rate and RR intervals.

use super::{MeasureInput, Measured, Measurements, confidence};
use crate::signal::stretch::bridge_samples;

/// From this ratio of standard deviation to mean of the RR intervals the rate is unstable.
const UNSTABLE: f64 = 0.10;

/// What the rate-corrected intervals need.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rhythm {
    /// Mean RR interval, seconds.
    pub rr_s: Option<f64>,
    /// RR intervals differ so much that no formula corrects for the rate.
    pub unstable: bool,
}

/// RR intervals in seconds between consecutive beats that no gap separates, each with whether it follows the one before it directly.
pub(super) fn intervals(input: &MeasureInput) -> Vec<(f64, bool)> {
    let bridge = bridge_samples(input.rate).max(1);
    let mut out = Vec::new();
    let mut joined = false;
    for pair in input.peaks.windows(2) {
        let [a, b] = pair else { continue };
        let whole = b > a && input.leads.iter().any(|lead| uninterrupted(lead.samples, *a, *b, bridge));
        if whole {
            out.push(((b - a) / input.rate.hz(), joined));
        }
        joined = whole;
    }
    out
}

/// Whether no invalid run longer than `bridge` lies between two places.
fn uninterrupted(samples: &[f32], from: f64, to: f64, bridge: usize) -> bool {
    if !(from >= 0.0 && to < samples.len() as f64 + 0.5) {
        return false;
    }
    let end = (to.floor() as usize).min(samples.len());
    let mut run = 0;
    samples.get((from as usize).min(end)..end).is_some_and(|piece| {
        piece.iter().all(|v| {
            run = if v.is_finite() { 0 } else { run + 1 };
            run <= bridge
        })
    })
}

/// Successive intervals whose mean counts for the rate's range: one alone may be a missed or an invented beat.
const TOGETHER: usize = 3;

/// Shortest and longest mean of [`TOGETHER`] successive intervals (seconds, and whether each follows the one before it directly); of single
/// ones where there are none. `None` without intervals.
pub fn range(intervals: &[(f64, bool)]) -> Option<(f64, f64)> {
    let extremes = |values: &mut dyn Iterator<Item = f64>| {
        values.fold(None, |range: Option<(f64, f64)>, rr| Some(range.map_or((rr, rr), |(low, high)| (low.min(rr), high.max(rr)))))
    };
    let joined = intervals.windows(TOGETHER).filter(|run| run.iter().skip(1).all(|(_, joined)| *joined));
    let mut means = joined.map(|run| run.iter().map(|(rr, _)| rr).sum::<f64>() / TOGETHER as f64);
    extremes(&mut means).or_else(|| extremes(&mut intervals.iter().map(|(rr, _)| *rr)))
}

pub(super) fn measure(input: &MeasureInput, out: &mut Measurements) -> Rhythm {
    let intervals = intervals(input);
    let count = intervals.len();
    let sum: f64 = intervals.iter().map(|(rr, _)| rr).sum();
    let mean = (count > 0).then(|| sum / count as f64).filter(|rr| *rr > 0.0);
    let sd = mean
        .filter(|_| count > 1)
        .map(|mean| (intervals.iter().map(|(rr, _)| (rr - mean).powi(2)).sum::<f64>() / (count - 1) as f64).sqrt());
    let steps: Vec<f64> = intervals.windows(2).filter(|w| w[1].1).map(|w| w[1].0 - w[0].0).collect();
    let rmssd = (!steps.is_empty()).then(|| (steps.iter().map(|d| d * d).sum::<f64>() / steps.len() as f64).sqrt());
    let pnn50 = (!steps.is_empty()).then(|| 100.0 * steps.iter().filter(|d| d.abs() > 0.050).count() as f64 / steps.len() as f64);
    let (shortest, longest) = range(&intervals).unzip();
    let unstable = mean.zip(sd).is_some_and(|(mean, sd)| sd / mean > UNSTABLE);

    let few = if input.peaks.is_empty() { "no beats found" } else { "too few RR intervals" };
    let mut put = |name: &str, value: Option<f64>, unit: &str| {
        let mut made = value.map_or_else(|| Measured::missing(unit, few), |v| Measured::new(v, unit));
        if made.value.is_some() {
            made.confidence = Some(confidence::all(&[confidence::of_beats(count)]));
            made.beats = Some(count + 1);
        }
        out.0.insert(name.to_owned(), made);
    };
    put("heart_rate", mean.map(|rr| 60.0 / rr), "bpm");
    put("heart_rate_min", longest.map(|rr| 60.0 / rr), "bpm");
    put("heart_rate_max", shortest.map(|rr| 60.0 / rr), "bpm");
    put("rr_mean", mean.map(|rr| 1000.0 * rr), "ms");
    put("rr_sd", sd.map(|sd| 1000.0 * sd), "ms");
    put("rr_rmssd", rmssd.map(|v| 1000.0 * v), "ms");
    put("rr_pnn50", pnn50, "%");
    if unstable && let Some(rate) = out.0.get_mut("heart_rate") {
        rate.warning = Some("the rate is unstable: this is the mean".to_owned());
    }
    Rhythm { rr_s: mean, unstable }
}
