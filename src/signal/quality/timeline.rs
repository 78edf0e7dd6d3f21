//! What is wrong with a lead, second by second, and how good it is in numbers.

use super::seconds::{Second, look};
use crate::{
    recording::Rate,
    signal::{filter::MAINS_HZ, robust::percentile},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A second in which the lead stays within this many millivolts shows no heart.
const FLAT_MV: f32 = 0.020;
/// A lead that is flat within this, or does not change at all, has no electrode's noise: nothing is connected.
const OFF_MV: f32 = 0.004;
/// Beyond this many millivolts from 0 no electrode potential is an ECG: amplifiers are at their limits (300 mV offset is removed by them).
const RAIL_MV: f32 = 30.0;
/// Shortest run of flat seconds that is called so: one second may lie between two beats of a small lead.
const FLAT_SECONDS: usize = 2;
/// Share of a second's samples at the limit of the range from which it is called saturated.
const SATURATED: f32 = 0.02;
/// Change of the baseline (0.5-s means) within a second from which wander is called, in mV: half a large square of the paper.
const WANDER_MV: f32 = 0.25;
/// RMS of broadband noise from which it is called, in mV: some 0.2 mV from peak to peak, the size of P waves.
const NOISE_MV: f32 = 0.035;
/// Noise this small a share of the QRS complex is not called.
const NOISE_SHARE: f32 = 0.015;
/// Amplitude of hum from which it is called, in mV: a band of 0.6 mm on the paper.
const MAINS_MV: f32 = 0.030;
/// Share of missing samples from which a second is called so.
const MISSING: f32 = 0.02;
/// Signal-to-noise ratios are given up to here: beyond, the noise is the recorder's last digit.
const MOST_DB: f32 = 60.0;

/// What may be wrong with a lead for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// Samples are missing.
    Missing,
    /// Not connected: exactly flat, or railed, for two seconds or more. Asystole is not this: see [`super::pauses`].
    LeadOff,
    /// Within 0.02 mV for two seconds or more, yet with some noise: no heart to be seen in this lead.
    Flat,
    /// At the limit of the range: the tops of waves are cut off.
    Saturated,
    /// The baseline wanders or jumps.
    Wander,
    /// Muscle or other broadband noise.
    Noise,
    /// Mains hum.
    Mains,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "samples missing",
            Self::LeadOff => "lead off",
            Self::Flat => "flat",
            Self::Saturated => "at the limit of the range",
            Self::Wander => "baseline wander",
            Self::Noise => "noise",
            Self::Mains => "mains hum",
        })
    }
}

impl Problem {
    /// Whether beats cannot be seen while it lasts.
    pub fn hides_the_heart(self) -> bool {
        matches!(self, Self::Missing | Self::LeadOff | Self::Flat)
    }
}

/// A problem that lasts from second `start` up to but not including second `end`, counted from the lead's first sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProblemSpan {
    /// What.
    pub problem: Problem,
    /// First second.
    pub start: u32,
    /// One past the last second.
    pub end: u32,
}

/// All problems of a lead, by kind and then by time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadTimeline {
    /// Length of the lead in seconds; the last may be part of one.
    pub seconds: u32,
    /// Spans; spans of one kind neither overlap nor touch.
    pub spans: Vec<ProblemSpan>,
}

impl LeadTimeline {
    /// What is wrong in one second.
    pub fn at(&self, second: u32) -> impl Iterator<Item = Problem> {
        self.spans.iter().filter(move |s| s.start <= second && second < s.end).map(|s| s.problem)
    }

    /// Number of seconds with that problem.
    pub fn seconds_of(&self, problem: Problem) -> u32 {
        self.spans.iter().filter(|s| s.problem == problem).map(|s| s.end - s.start).sum()
    }
}

/// How good a lead is as a whole. Millivolts and decibels are `None` where the scale is unknown or nothing could be measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct LeadNumbers {
    /// Signal-to-noise ratio in dB, as the noise stress test defines it: (QRS peak-to-peak)^2 / 8 over the power of the broadband noise
    /// (above 20 Hz, hum not counted). At most 60. Needs no scale.
    pub snr_db: Option<f32>,
    /// Baseline's median change within a second.
    pub wander_mv: Option<f32>,
    /// Median RMS of broadband noise.
    pub noise_mv: Option<f32>,
    /// Median amplitude of hum (half of peak-to-peak).
    pub mains_mv: Option<f32>,
    /// Nominal frequency of that hum, where it exceeds 0.005 mV.
    pub mains_hz: Option<f32>,
    /// Median peak-to-peak of the band above 5 Hz, by second: about the QRS complex's size.
    pub qrs_mv: Option<f32>,
}

/// One lead's quality.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LeadQuality {
    /// Second by second.
    pub timeline: LeadTimeline,
    /// As a whole.
    pub numbers: LeadNumbers,
}

/// Looks at one lead as recorded (millivolts, not filtered, NaN = no valid sample). Where `calibrated` is false the lead's typical QRS
/// complex is taken as 1 mV high. Linear in time. At rates under 2 Hz, which hold no ECG, two samples stand for a second.
pub fn assess(lead_mv: &[f32], rate: Rate, calibrated: bool) -> LeadQuality {
    of_seconds(&look(lead_mv, rate), calibrated)
}

pub(super) fn of_seconds(seconds: &[Second], calibrated: bool) -> LeadQuality {
    let live: Vec<&Second> = seconds.iter().filter(|s| s.valid > 0.5 && s.high > s.low).collect();
    let typical = |of: fn(&Second) -> f32| percentile(&mut live.iter().map(|s| of(s)).collect(), 0.5);
    // The median over pairs of seconds: slow hearts leave every other second without a QRS complex.
    let mut pairs = live.chunks(2).map(|pair| pair.iter().map(|s| s.qrs).fold(0.0, f32::max)).collect();
    let qrs = percentile(&mut pairs, 0.5).filter(|v| *v > 0.0);
    let unit = if calibrated { 1.0 } else { qrs.unwrap_or(1.0) };
    let noise = typical(|s| s.noise);
    let hums: [f32; 2] = [typical(|s| s.mains[0]).unwrap_or(0.0), typical(|s| s.mains[1]).unwrap_or(0.0)];
    let stronger = usize::from(hums[1] > hums[0]);
    let known = |value: Option<f32>| value.filter(|_| calibrated);
    let numbers = LeadNumbers {
        snr_db: qrs.zip(noise).map(|(q, n)| (10.0 * (q * q / 8.0 / (n * n).max(1e-12)).log10()).min(MOST_DB)),
        wander_mv: known(
            percentile(&mut (0..seconds.len()).map(|i| wander(seconds, i)).collect(), 0.5).filter(|_| !live.is_empty()),
        ),
        noise_mv: known(noise),
        mains_mv: known(Some(hums[stronger]).filter(|_| !live.is_empty())),
        mains_hz: (hums[stronger] > 0.005 * unit).then_some(MAINS_HZ[stronger] as f32),
        qrs_mv: known(qrs),
    };
    LeadQuality { timeline: timeline(seconds, unit, qrs.unwrap_or(0.0)), numbers }
}

/// Change of the baseline within a second: the range of its half-second means and of those on either side; NaN where it cannot be told.
pub(super) fn wander(seconds: &[Second], index: usize) -> f32 {
    let Some(here) = seconds.get(index).filter(|s| s.valid > 0.5) else { return f32::NAN };
    // Three neighbouring means smooth the ECG's own part (a QRS complex in one half and not in the other).
    let before = index.checked_sub(1).and_then(|i| seconds.get(i)).filter(|s| s.valid > 0.5).map_or(here.level, |s| s.level);
    let after = seconds.get(index + 1).filter(|s| s.valid > 0.5).map_or(here.level, |s| s.level);
    let all = [before[1], here.level[0], here.level[1], after[0]];
    let steps = [(all[0] + all[1]) / 2.0, (all[1] + all[2]) / 2.0, (all[2] + all[3]) / 2.0];
    steps.iter().copied().fold(f32::NEG_INFINITY, f32::max) - steps.iter().copied().fold(f32::INFINITY, f32::min)
}

fn timeline(seconds: &[Second], unit: f32, qrs: f32) -> LeadTimeline {
    let count = u32::try_from(seconds.len()).unwrap_or(u32::MAX);
    let mut spans = Vec::new();
    let is_off = |s: &Second| s.valid > 0.0 && (s.high - s.low <= OFF_MV * unit || (s.still > 0.9 && s.railed > 0.9));
    let is_railed = |s: &Second| s.valid > 0.0 && unit == 1.0 && s.low.abs().min(s.high.abs()) > RAIL_MV && s.still > 0.5;
    let off = |i: usize| is_off(&seconds[i]) || is_railed(&seconds[i]);
    let flat = |i: usize| seconds[i].valid > 0.0 && seconds[i].high - seconds[i].low < FLAT_MV * unit;
    runs(&mut spans, Problem::Missing, count, 1, |i| seconds[i].valid < 1.0 - MISSING);
    runs(&mut spans, Problem::LeadOff, count, FLAT_SECONDS, off);
    runs(&mut spans, Problem::Flat, count, FLAT_SECONDS, |i| flat(i) && !off(i));
    let live = |i: usize| seconds[i].valid > 0.2 && !off(i) && !flat(i);
    runs(&mut spans, Problem::Saturated, count, 1, |i| live(i) && seconds[i].railed > SATURATED);
    runs(&mut spans, Problem::Wander, count, 1, |i| live(i) && wander(seconds, i) > WANDER_MV * unit);
    runs(&mut spans, Problem::Noise, count, 1, |i| live(i) && seconds[i].noise > (NOISE_MV * unit).max(NOISE_SHARE * qrs));
    runs(&mut spans, Problem::Mains, count, 1, |i| live(i) && seconds[i].mains.iter().any(|m| *m > MAINS_MV * unit));
    LeadTimeline { seconds: count, spans }
}

/// Appends the runs of at least `least` seconds in which `holds`; a lead shorter than that is one run.
fn runs(spans: &mut Vec<ProblemSpan>, problem: Problem, count: u32, least: usize, holds: impl Fn(usize) -> bool) {
    let least = u32::try_from(least).unwrap_or(1).min(count);
    let mut start = None;
    for second in 0..=count {
        let now = second < count && holds(second as usize);
        match (start, now) {
            (None, true) => start = Some(second),
            (Some(from), false) => {
                if second - from >= least {
                    spans.push(ProblemSpan { problem, start: from, end: second });
                }
                start = None;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
