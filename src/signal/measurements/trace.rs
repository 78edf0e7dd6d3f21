//! One lead of the median beat with the boundaries it is measured between.

use super::{Fiducials, MeasureInput, RelativeWaves};
use crate::signal::{median_beat::MedianBeats, waves::Wave};

/// A lead of the median beat.
#[derive(Debug, Clone)]
pub(super) struct Trace<'a> {
    samples: &'a [f32],
    origin: f64,
    /// Rate.
    pub hz: f64,
    /// Standard error of the samples, millivolts.
    pub noise_mv: f64,
    /// Number of beats.
    pub beats: usize,
    /// The millivolts are true.
    pub calibrated: bool,
    /// Boundaries over all leads; all places in samples relative to R.
    pub global: RelativeWaves,
    /// Boundaries in this lead, where it has its own.
    pub own: RelativeWaves,
    /// Why there is no P wave to be measured.
    pub no_p: &'static str,
}

/// Smallest wave: 30 microvolts (IEC 60601-2-51, annex GG.5).
pub(super) const SMALLEST_MV: f64 = 0.030;
/// A wave must stand this many standard errors out of the noise.
const OUT_OF_NOISE: f64 = 3.0;
/// The level at the onset of P is taken over this long before it, seconds.
const P_LEVEL_S: f64 = 0.020;
/// It counts when it stands this many standard errors off the PR segment: else it would only add its noise.
const P_LEVEL_ERRORS: f64 = 2.0;

/// For each lead its trace, or why it cannot be measured.
pub(super) fn traces<'a>(
    input: &MeasureInput,
    median: Option<&'a MedianBeats>,
    fiducials: &Fiducials,
    no_p: Option<&'static str>,
) -> Vec<Result<Trace<'a>, &'static str>> {
    input
        .leads
        .iter()
        .map(|lead| {
            let median = median.ok_or("no beats to measure")?;
            let beat = median.lead(lead.name).ok_or("no valid signal in this lead")?;
            if fiducials.global.qrs.is_none() {
                return Err("QRS boundaries not seen");
            }
            let own = fiducials.leads.iter().find(|l| l.lead == *lead.name).map(|l| l.waves).unwrap_or_default();
            Ok(Trace {
                samples: &beat.samples,
                origin: median.origin as f64,
                hz: input.rate.hz(),
                noise_mv: beat.noise_mv.map_or(0.0, f64::from),
                beats: beat.beats,
                calibrated: lead.calibrated,
                global: fiducials.global,
                own,
                no_p: no_p.unwrap_or("no P waves seen"),
            })
        })
        .collect()
}

/// An extreme and where it is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Extreme {
    pub at: f64,
    pub mv: f64,
}

impl Trace<'_> {
    /// Value at a place, between samples by a straight line.
    pub fn value(&self, at: f64) -> Option<f64> {
        let place = at + self.origin;
        if place.is_nan() || place < 0.0 {
            return None;
        }
        let (index, t) = (place.floor() as usize, place - place.floor());
        let a = f64::from(*self.samples.get(index)?);
        let value = if t < 1e-9 { a } else { a + t * (f64::from(*self.samples.get(index + 1)?) - a) };
        value.is_finite().then_some(value)
    }

    /// Samples in a span with their places; `None` where it leaves the trace or meets an invalid sample.
    pub fn span(&self, from: f64, to: f64) -> Option<Vec<(f64, f64)>> {
        let (first, last) = ((from + self.origin).ceil(), (to + self.origin).floor());
        if !(first >= 0.0 && last >= first) {
            return None;
        }
        let samples = self.samples.get(first as usize..=last as usize)?;
        let place = |k: usize| first + k as f64 - self.origin;
        samples.iter().enumerate().map(|(k, v)| v.is_finite().then(|| (place(k), f64::from(*v)))).collect()
    }

    /// Mean over a span; a span shorter than a sample is the value at its middle.
    pub fn mean(&self, from: f64, to: f64) -> Option<f64> {
        if to - from < 1.0 {
            return self.value((from + to) / 2.0);
        }
        let span = self.span(from, to)?;
        Some(span.iter().map(|(_, v)| v).sum::<f64>() / span.len().max(1) as f64)
    }

    /// From here waves count.
    pub fn smallest(&self) -> f64 {
        // Without a scale: that share of the QRS complex which 30 microvolts are of a usual one.
        let least = if self.calibrated { SMALLEST_MV } else { SMALLEST_MV * self.peak_to_peak().unwrap_or(1.0) };
        least.max(OUT_OF_NOISE * self.noise_mv)
    }

    /// Largest less smallest value of the QRS complex.
    pub fn peak_to_peak(&self) -> Option<f64> {
        let (low, high) = extremes(&self.qrs()?.1)?;
        Some(high.mv - low.mv)
    }

    /// The QRS complex over all leads, and its samples.
    pub fn qrs(&self) -> Option<(Wave, Vec<(f64, f64)>)> {
        let wave = self.global.qrs?;
        Some((wave, self.span(wave.onset, wave.offset)?))
    }

    /// The P wave's samples above the line from the level at its onset to the PR segment, and its boundaries.
    pub fn p(&self) -> Option<(Wave, Vec<(f64, f64)>)> {
        let (wave, qrs) = (self.global.p?, self.global.qrs?);
        let end = wave.offset.min(qrs.onset);
        let mut span = self.span(wave.onset, end)?;
        let reach = P_LEVEL_S * self.hz;
        let level = self.mean(wave.onset - reach, wave.onset).or_else(|| self.value(wave.onset)).unwrap_or(0.0);
        let error = self.noise_mv / reach.max(1.0).sqrt();
        let level = if level.abs() > P_LEVEL_ERRORS * error { level } else { 0.0 };
        for (at, mv) in &mut span {
            *mv -= level * ((end - *at) / (end - wave.onset)).clamp(0.0, 1.0);
        }
        Some((wave, span))
    }

    /// The T wave's samples and its boundaries.
    pub fn t(&self) -> Option<(Wave, Vec<(f64, f64)>)> {
        let (all, qrs) = (self.global.t?, self.global.qrs?);
        let wave = self.own.t.unwrap_or(all);
        let onset = wave.onset.max(qrs.offset);
        let span = self.span(onset, wave.offset).or_else(|| self.span(all.onset.max(qrs.offset), all.offset))?;
        Some((wave, span))
    }
}

/// Lowest and highest of samples.
pub(super) fn extremes(span: &[(f64, f64)]) -> Option<(Extreme, Extreme)> {
    let mut all = span.iter().map(|(at, mv)| Extreme { at: *at, mv: *mv });
    let first = all.next()?;
    Some(all.fold((first, first), |(low, high), e| (if e.mv < low.mv { e } else { low }, if e.mv > high.mv { e } else { high })))
}

/// Integral over samples, and that of their sizes, in value times samples.
pub(super) fn areas(span: &[(f64, f64)]) -> (f64, f64) {
    span.iter().fold((0.0, 0.0), |(net, gross), (_, mv)| (net + mv, gross + mv.abs()))
}
