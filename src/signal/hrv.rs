//! Heart rate variability of long recordings, as the Task Force of the ESC and NASPE defines it (Circulation 1996;93:1043).
//!
//! Only normal-to-normal (NN) intervals count: both beats are normal, follow each other, and no gap lies between them. Powers are those of
//! gap-free segments of five minutes, by the Lomb-Scargle periodogram, which needs no interpolation and leaves room for left-out
//! beats; each segment without its linear trend and under a Hann window.

use super::measurements::{Measured, Measurements};
use crate::recording::Rate;
use std::{f64::consts::TAU, ops::Range};

/// Shortest time of NN intervals that is judged, and length of the segments whose spectrum is taken, seconds.
pub const SEGMENT_S: f64 = 300.0;
/// Low frequencies, Hz.
pub const LF_HZ: Range<f64> = 0.04..0.15;
/// High frequencies, Hz.
pub const HF_HZ: Range<f64> = 0.15..0.40;
/// A segment counts when its NN intervals fill at least this share of it.
const FILLED: f64 = 0.9;
/// Intervals outside of these (seconds) are no heart's: a missed or an invented beat.
const PLAUSIBLE_S: Range<f64> = 0.2..3.0;
/// Frequencies are this share of the segment's resolution apart: the Hann window spreads a line over four of them.
const STEP: f64 = 1.0;

/// What the variability is measured of.
#[derive(Debug, Clone, Copy)]
pub struct HrvInput<'a> {
    /// R peaks of all beats, ectopic ones included, in samples, ascending.
    pub peaks: &'a [f64],
    /// Rate of the samples.
    pub rate: Rate,
    /// Which beats are normal (class N).
    pub normal: &'a [bool],
    /// Gap-free stretches of the recording in samples, ascending ([`super::stretches`] of its best lead).
    pub stretches: &'a [Range<usize>],
}

/// A normal-to-normal interval.
#[derive(Debug, Clone, Copy)]
struct Interval {
    /// Its end, seconds.
    at: f64,
    /// Its length, seconds.
    nn: f64,
    /// The interval before it is NN too and ends where this begins.
    joined: bool,
    stretch: usize,
}

/// `hrv_mean_nn`, `hrv_sdnn`, `hrv_rmssd` (ms), `hrv_pnn50` (%), `hrv_lf`, `hrv_hf` (ms^2), `hrv_lf_hf` (no unit): each the value or
/// why there is none. The number of intervals or, for powers, that of the beats in the segments is given as `beats`.
pub fn hrv(input: &HrvInput) -> Measurements {
    let intervals = intervals(input);
    let total: f64 = intervals.iter().map(|i| i.nn).sum();
    let mut out = Measurements::default();
    let mut put = |name: &str, unit: &str, value: Option<f64>, reason: &str, beats: usize| {
        let made = value.map_or_else(
            || Measured::missing(unit, reason),
            |value| Measured { beats: Some(beats), confidence: Some(nn_share(input, beats)), ..Measured::new(value, unit) },
        );
        out.0.insert(name.to_owned(), made);
    };
    let enough = total >= SEGMENT_S;
    let few = "fewer than five minutes of normal-to-normal intervals";
    let count = intervals.len();
    let mean = total / count.max(1) as f64;
    let sdnn = (intervals.iter().map(|i| (i.nn - mean).powi(2)).sum::<f64>() / count.saturating_sub(1).max(1) as f64).sqrt();
    let steps: Vec<f64> = intervals.windows(2).filter(|w| w[1].joined).map(|w| w[1].nn - w[0].nn).collect();
    let rmssd = (steps.iter().map(|d| d * d).sum::<f64>() / steps.len().max(1) as f64).sqrt();
    // Task Force: divided by the number of all NN intervals. A whisker over 50 ms is rounding.
    let pnn50 = 100.0 * steps.iter().filter(|d| d.abs() > 0.050 + 1e-9).count() as f64 / count.max(1) as f64;
    put("hrv_mean_nn", "ms", enough.then_some(1000.0 * mean), few, count);
    put("hrv_sdnn", "ms", enough.then_some(1000.0 * sdnn), few, count);
    let successive = enough && !steps.is_empty();
    put("hrv_rmssd", "ms", successive.then_some(1000.0 * rmssd), few, count);
    put("hrv_pnn50", "%", successive.then_some(pnn50), few, count);

    let none = if enough { "no gap-free five minutes with at least 90 % normal beats" } else { few };
    let powers = powers(&intervals, input);
    let beats = powers.as_ref().map_or(0, |p| p.beats);
    put("hrv_lf", "ms^2", powers.as_ref().map(|p| p.lf), none, beats);
    put("hrv_hf", "ms^2", powers.as_ref().map(|p| p.hf), none, beats);
    let ratio = powers.as_ref().filter(|p| p.hf > 0.0).map(|p| p.lf / p.hf);
    put("hrv_lf_hf", "", ratio, if powers.is_some() { "no power at high frequencies" } else { none }, beats);
    out
}

/// How far the intervals used stand for all: ectopic beats and gaps leave less.
fn nn_share(input: &HrvInput, used: usize) -> f32 {
    (used as f64 / input.peaks.len().saturating_sub(1).max(1) as f64).clamp(0.0, 1.0) as f32
}

fn intervals(input: &HrvInput) -> Vec<Interval> {
    let hz = input.rate.hz();
    let stretch = |at: f64| {
        let index = input.stretches.partition_point(|s| s.start as f64 <= at + 0.5).checked_sub(1)?;
        input.stretches.get(index).filter(|s| at <= s.end as f64).map(|_| index)
    };
    let mut out = Vec::new();
    let mut joined = false;
    for (pair, normal) in input.peaks.windows(2).zip(input.normal.windows(2)) {
        let ([a, b], [true, true]) = (pair, normal) else {
            joined = false;
            continue;
        };
        let nn = (b - a) / hz;
        match (stretch(*a), stretch(*b)) {
            (Some(from), Some(to)) if from == to && PLAUSIBLE_S.contains(&nn) => {
                out.push(Interval { at: b / hz, nn, joined, stretch: from });
                joined = true;
            }
            _ => joined = false,
        }
    }
    out
}

/// Means over segments.
struct Powers {
    lf: f64,
    hf: f64,
    beats: usize,
}

/// `None` without a segment that counts.
fn powers(intervals: &[Interval], input: &HrvInput) -> Option<Powers> {
    let hz = input.rate.hz();
    let (mut lf, mut hf, mut segments, mut beats) = (0.0, 0.0, 0usize, 0usize);
    let mut rest = intervals;
    while let Some(first) = rest.first() {
        let stretch_end = input.stretches.get(first.stretch).map_or(0.0, |s| s.end as f64 / hz);
        let begin = first.at - first.nn;
        let end = begin + SEGMENT_S;
        let count = rest.iter().take_while(|i| i.stretch == first.stretch && i.at <= end).count().max(1);
        let (segment, after) = rest.split_at(count);
        rest = after;
        let filled: f64 = segment.iter().map(|i| i.nn).sum();
        // Beats end short of the segment by up to an interval.
        if end > stretch_end + PLAUSIBLE_S.end || filled < FILLED * SEGMENT_S {
            continue;
        }
        let (low, high) = periodogram(segment);
        if low.is_finite() && high.is_finite() {
            lf += low;
            hf += high;
            segments += 1;
            beats += segment.len();
        }
    }
    (segments > 0).then(|| Powers { lf: lf / segments as f64, hf: hf / segments as f64, beats })
}

/// Power of one segment at low and at high frequencies, ms^2.
///
/// Lomb's periodogram (Astrophys Space Sci 1976;39:447) of `n` values reaches `n A^2 / 4` for a sine of amplitude `A`, with an area of that over
/// the duration; times `2 duration / n` it is a density whose area is the variance, `A^2 / 2`.
fn periodogram(segment: &[Interval]) -> (f64, f64) {
    let (Some(first), Some(last)) = (segment.first(), segment.last()) else { return (0.0, 0.0) };
    let begin = first.at - first.nn;
    let duration = last.at - begin;
    if !(duration > 0.0 && duration <= SEGMENT_S) {
        return (f64::NAN, f64::NAN);
    }
    let values = windowed(segment, begin, duration);
    let n = values.len() as f64;
    let step = STEP / duration;
    let mut sums = [0.0; 2];
    for (sum, band) in sums.iter_mut().zip([LF_HZ, HF_HZ]) {
        let mut k = (band.start / step).ceil();
        while k * step < band.end {
            *sum += lomb(&values, k * step) * 2.0 * duration / n * step * 1e6;
            k += 1.0;
        }
    }
    (sums[0], sums[1])
}

/// The intervals without their linear trend under a Hann window that leaves the power of noise as it is.
fn windowed(segment: &[Interval], begin: f64, duration: f64) -> Vec<(f64, f64)> {
    let n = segment.len() as f64;
    let (mt, mv) = (segment.iter().map(|i| i.at).sum::<f64>() / n, segment.iter().map(|i| i.nn).sum::<f64>() / n);
    let tv: f64 = segment.iter().map(|i| (i.at - mt) * (i.nn - mv)).sum();
    let tt: f64 = segment.iter().map(|i| (i.at - mt).powi(2)).sum();
    let trend = if tt > 0.0 { tv / tt } else { 0.0 };
    // The mean square of a Hann window is three eighths.
    let gain = (8.0f64 / 3.0).sqrt();
    let hann = |t: f64| 0.5 * gain * (1.0 - (TAU * (t - begin) / duration).cos());
    segment.iter().map(|i| (i.at - begin, hann(i.at - i.nn / 2.0) * (i.nn - mv - trend * (i.at - mt)))).collect()
}

/// Lomb's periodogram at one frequency.
fn lomb(values: &[(f64, f64)], hz: f64) -> f64 {
    let w = TAU * hz;
    let (s2, c2) = values.iter().fold((0.0, 0.0), |(s, c), (t, _)| {
        let (sin, cos) = (2.0 * w * t).sin_cos();
        (s + sin, c + cos)
    });
    let tau = s2.atan2(c2) / (2.0 * w);
    let (mut vc, mut vs, mut cc, mut ss) = (0.0, 0.0, 0.0, 0.0);
    for (t, v) in values {
        let (sin, cos) = (w * (t - tau)).sin_cos();
        vc += v * cos;
        vs += v * sin;
        cc += cos * cos;
        ss += sin * sin;
    }
    let part = |v: f64, q: f64| if q > 1e-9 { v * v / q } else { 0.0 };
    0.5 * (part(vc, cc) + part(vs, ss))
}

#[cfg(test)]
mod tests;
