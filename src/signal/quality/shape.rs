//! The usual beat of each lead, and how well its beats agree with it.

use crate::{
    recording::{Rate, SampleIndex},
    signal::{
        filter::{Band, band_pass_all},
        robust::median,
    },
};

/// Band in which beats are compared: without wander, hum and most muscle noise.
const BAND_HZ: (f64, f64) = (0.67, 40.0);
/// From the R peak back to before the P wave and on to the T wave's end, seconds.
pub(super) const BEFORE_S: f64 = 0.24;
const AFTER_S: f64 = 0.40;
/// Beats that correlate less than this with the median beat are odd: ectopic, or disturbed.
const ODD: f32 = 0.7;
/// So many beats at most, evenly chosen: a day has a hundred thousand.
const MOST_BEATS: usize = 40;

/// A lead's median beat.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    /// Samples from [`BEFORE_S`] before the R peak on, in mV; empty when no beat lies wholly within valid signal.
    pub beat: Vec<f32>,
    /// Index of the R peak in it.
    pub r: usize,
    /// Mean correlation of the beats with it, -1 to 1.
    pub agreement: f32,
    /// Share of the beats whose correlation with it is below 0.7.
    pub odd: f32,
    /// RMS in mV of the difference between a beat and the median beat: of the strangest beat, and the median over beats.
    pub strangest: f32,
    pub rest: f32,
    /// Number of beats it was made of.
    pub beats: usize,
}

impl Shape {
    /// Part of the beat, in seconds from the R peak.
    pub fn part(&self, rate: Rate, from_s: f64, to_s: f64) -> &[f32] {
        let at = |s: f64| ((self.r as f64 + s * rate.hz()).round().max(0.0) as usize).min(self.beat.len());
        &self.beat[at(from_s)..at(to_s).max(at(from_s))]
    }
}

/// The median beats of leads (mV at `rate`) at the R peaks.
pub(super) fn of_all(leads_mv: &[&[f32]], rate: Rate, peaks: &[SampleIndex]) -> Vec<Shape> {
    band_pass_all(leads_mv, rate, Band::new(BAND_HZ.0, BAND_HZ.1)).iter().map(|clean| of(clean, rate, peaks)).collect()
}

fn of(clean: &[f32], rate: Rate, peaks: &[SampleIndex]) -> Shape {
    let (before, after) = ((BEFORE_S * rate.hz()).round() as usize, (AFTER_S * rate.hz()).round() as usize);
    let step = peaks.len().div_ceil(MOST_BEATS).max(1);
    let windows: Vec<&[f32]> = peaks
        .iter()
        .step_by(step)
        .filter_map(|p| {
            let at = usize::try_from(p.0).ok()?;
            let window = clean.get(at.checked_sub(before)?..at.checked_add(after)?)?;
            (!window.is_empty() && window.iter().all(|v| v.is_finite())).then_some(window)
        })
        .collect();
    let Some(first) = windows.first() else { return Shape::default() };
    let beat: Vec<f32> = (0..first.len()).map(|i| median(&mut windows.iter().map(|w| w[i]).collect()).unwrap_or(0.0)).collect();
    let (mut sum, mut odd, mut rests) = (0.0f32, 0usize, Vec::new());
    for window in &windows {
        let with = correlation(window, &beat);
        sum += with;
        let squares: f32 = window.iter().zip(&beat).map(|(a, b)| (a - b) * (a - b)).sum();
        rests.push((squares / window.len() as f32).sqrt());
        odd += usize::from(with < ODD);
    }
    let strangest = rests.iter().copied().fold(0.0, f32::max);
    let rest = median(&mut rests).unwrap_or(0.0);
    let count = windows.len() as f32;
    let (agreement, odd) = (sum / count, odd as f32 / count);
    Shape { r: before.min(beat.len()), agreement, odd, strangest, rest, beats: windows.len(), beat }
}

/// Pearson's correlation of the common part; 0 where one of them is constant.
pub(super) fn correlation(a: &[f32], b: &[f32]) -> f32 {
    let count = a.len().min(b.len()) as f64;
    let (mut sa, mut sb, mut aa, mut bb, mut ab) = (0.0f64, 0.0f64, 0.0f64, 0.0f64, 0.0f64);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (f64::from(*x), f64::from(*y));
        sa += x;
        sb += y;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    let (va, vb) = (aa - sa * sa / count, bb - sb * sb / count);
    let covariance = ab - sa * sb / count;
    if va > 1e-12 && vb > 1e-12 { (covariance / (va * vb).sqrt()) as f32 } else { 0.0 }
}
