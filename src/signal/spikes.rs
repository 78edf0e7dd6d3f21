//! Pacemaker stimuli.
//!
//! A stimulus is one to three samples wide, steep on both sides, rises from a quiet line, is seen in several leads at once, and looks
//! the same each time, at the same distance before the QRS complex (or the P wave). Single sharp deflections are artefacts as often as
//! stimuli: three that agree are needed. Recorders with a 150-Hz low-pass show stimuli small or not at all: that none is found does not
//! say that there is no pacemaker.

use super::robust::median;
use crate::recording::{Rate, SampleIndex};
use serde::{Deserialize, Serialize};

/// Slowest rate at which a stimulus can be told from a QRS complex.
pub const LEAST_HZ: f64 = 240.0;
/// Half of the longest stimulus.
const NEAR_S: f64 = 0.004;
/// A QRS complex goes on rising or falling over this; a stimulus is over.
const FAR_S: f64 = 0.010;
/// The line before a stimulus is looked at over this.
const QUIET_S: f64 = 0.024;
/// A stimulus exceeds so many typical second differences of its lead.
const ABOVE_NOISE: f32 = 8.0;
/// ... and this many millivolts.
const LEAST_MV: f32 = 0.04;
/// Share of the deflection over [`FAR_S`] that lies within [`NEAR_S`].
const SHARP: f32 = 0.6;
/// Largest range of the line before a stimulus, as a share of its height.
const QUIET: f32 = 0.5;
/// Two stimuli of one pattern (atrial, ventricular) are at least this far apart.
const APART_S: f64 = 0.03;
/// From the stimulus to the R peak.
const TO_R_S: std::ops::RangeInclusive<f64> = 0.024..=0.36;
/// Stimuli of one kind keep their distance to the R peak within this.
const SAME_DELAY_S: f64 = 0.016;
/// Likeness (cosine over leads) with the usual stimulus.
const ALIKE: f32 = 0.6;
/// So many stimuli of a kind are needed,
const LEAST: usize = 3;
/// and this share of all candidates before R peaks, of which noise has many that agree in nothing.
const LEAST_SHARE: f64 = 0.3;
/// and this share of the candidates anywhere.
const LEAST_SHARE_OF_ALL: f64 = 0.25;

/// The usual stimulus of a kind is at least this high: smaller ones are as often notches and noise.
const LEAST_USUAL_MV: f32 = 0.2;

/// Where a stimulus lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Before {
    /// Just before the QRS complex: the ventricles are paced.
    Qrs,
    /// Farther before it: the atria are paced.
    P,
}

/// A pacemaker stimulus.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stimulus {
    /// Sample of its largest deflection over all leads.
    pub at: SampleIndex,
    /// What follows.
    pub before: Before,
    /// Largest height over the leads in mV; sampled, hence often less than its true height.
    pub height_mv: f32,
}

/// A sharp deflection seen in enough leads.
struct Candidate {
    at: usize,
    /// Signed heights by lead; 0 where it is not seen.
    heights: Vec<f32>,
}

impl Candidate {
    fn size(&self) -> f32 {
        self.heights.iter().map(|h| h.abs()).sum()
    }
}

/// The stimuli in `leads` (mV at `rate`, not filtered, of one length), given the R peaks (ascending). Empty where none is seen, or the rate
/// is below [`LEAST_HZ`]. Linear in time.
pub fn stimuli(leads: &[&[f32]], rate: Rate, peaks: &[SampleIndex]) -> Vec<Stimulus> {
    if rate.hz() < LEAST_HZ || peaks.len() < LEAST {
        return Vec::new();
    }
    let candidates = candidates(leads, rate);
    let delays = delays(&candidates, rate, peaks);
    let before_r = delays.iter().flatten().count();
    let mut left: Vec<usize> = (0..candidates.len()).filter(|i| delays[*i].is_some()).collect();
    let mut found = Vec::new();
    // At most two kinds: before the QRS complex and before the P wave.
    for _ in 0..2 {
        let Some(group) = most_alike(&candidates, &delays, &left) else { break };
        let enough = group.len() as f64 >= LEAST_SHARE * before_r as f64
            && group.len() as f64 >= LEAST_SHARE_OF_ALL * candidates.len() as f64
            && group.len() as f64 >= 0.1 * peaks.len() as f64;
        let largest = |i: &usize| candidates[*i].heights.iter().map(|h| h.abs()).fold(0.0, f32::max);
        let usual = median(&mut group.iter().map(largest).collect()).unwrap_or(0.0);
        if group.len() < LEAST || usual < LEAST_USUAL_MV || !enough {
            break;
        }
        let delay = median(&mut group.iter().filter_map(|i| delays[*i]).map(|d| d as f32).collect()).unwrap_or(0.0);
        let before = if delay < 0.13 { Before::Qrs } else { Before::P };
        found.extend(group.iter().map(|i| Stimulus { at: SampleIndex(candidates[*i].at as u64), before, height_mv: largest(i) }));
        left.retain(|i| !group.contains(i));
    }
    found.sort_by_key(|s| s.at);
    found
}

/// From each candidate to the R peak that it may have caused, in seconds.
fn delays(candidates: &[Candidate], rate: Rate, peaks: &[SampleIndex]) -> Vec<Option<f64>> {
    candidates
        .iter()
        .map(|c| {
            let next = peaks.partition_point(|p| p.0 <= c.at as u64);
            let delay = peaks.get(next)?.0.abs_diff(c.at as u64) as f64 / rate.hz();
            TO_R_S.contains(&delay).then_some(delay)
        })
        .collect()
}

/// The largest set of candidates that agree with one of them in delay and pattern. Of a long recording a few hundred are tried as centres.
fn most_alike(candidates: &[Candidate], delays: &[Option<f64>], left: &[usize]) -> Option<Vec<usize>> {
    let group = |centre: usize| -> Vec<usize> {
        let Some(delay) = delays[centre] else { return Vec::new() };
        let same = |i: &usize| {
            delays[*i].is_some_and(|d| (d - delay).abs() <= SAME_DELAY_S)
                && likeness(&candidates[*i].heights, &candidates[centre].heights) >= ALIKE
        };
        left.iter().copied().filter(same).collect()
    };
    let step = left.len().div_ceil(200).max(1);
    left.iter().step_by(step).map(|centre| group(*centre)).max_by_key(Vec::len).filter(|g| !g.is_empty())
}

/// Cosine of the angle between two patterns.
fn likeness(a: &[f32], b: &[f32]) -> f32 {
    let dot: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
    let size = |v: &[f32]| v.iter().map(|x| x * x).sum::<f32>();
    dot / (size(a) * size(b)).sqrt().max(1e-9)
}

fn candidates(leads: &[&[f32]], rate: Rate) -> Vec<Candidate> {
    let length = leads.iter().map(|l| l.len()).max().unwrap_or(0);
    let steps = Steps::new(rate);
    // By sample: in how many leads, and how high together.
    let mut seen: Vec<(u8, f32)> = vec![(0, 0.0); length];
    let limits: Vec<f32> = leads.iter().map(|lead| steps.limit(lead)).collect();
    for (lead, limit) in leads.iter().zip(&limits) {
        let places = lead.len().saturating_sub(steps.far);
        for (at, (count, sum)) in seen.iter_mut().enumerate().take(places).skip(steps.quiet + 1) {
            let height = steps.height(lead, at, *limit);
            if height != 0.0 {
                *count = count.saturating_add(1);
                *sum += height.abs();
            }
        }
    }
    let needed = match leads.len() {
        0 | 1 => 1,
        2..=8 => 2,
        _ => 3,
    };
    let mut best: Vec<usize> = Vec::new();
    let apart = (APART_S * rate.hz()).ceil() as usize;
    for at in (0..length).filter(|at| seen[*at].0 >= needed) {
        match best.last_mut() {
            Some(last) if at - *last < apart => {
                if seen[at].1 > seen[*last].1 {
                    *last = at;
                }
            }
            _ => best.push(at),
        }
    }
    let pattern = |at: usize| leads.iter().zip(&limits).map(|(lead, limit)| steps.height(lead, at, *limit)).collect();
    let found = best.into_iter().map(|at| Candidate { at, heights: pattern(at) });
    found.filter(|c| c.size() >= if needed == 1 { 3.0 } else { 1.0 } * 0.15).collect()
}

/// The spans looked at, in samples.
struct Steps {
    near: usize,
    far: usize,
    quiet: usize,
}

impl Steps {
    fn new(rate: Rate) -> Self {
        let near = ((NEAR_S * rate.hz()).round() as usize).max(1);
        Self {
            near,
            far: ((FAR_S * rate.hz()).round() as usize).max(near + 1),
            quiet: ((QUIET_S * rate.hz()).round() as usize).max(near + 3),
        }
    }

    /// Smallest height of a stimulus in this lead.
    fn limit(&self, lead: &[f32]) -> f32 {
        // Some thousand places tell what is usual as well as all do.
        let end = lead.len().saturating_sub(self.near);
        let step = (end / 20_000).max(1);
        let mut sizes =
            (self.near..end).step_by(step).map(|i| (lead[i] - 0.5 * (lead[i - self.near] + lead[i + self.near])).abs()).collect();
        (ABOVE_NOISE * 1.48 * median(&mut sizes).unwrap_or(f32::INFINITY)).max(LEAST_MV)
    }

    /// Signed height of the stimulus at a sample, 0 when there is none. The sample lies far enough from the ends.
    fn height(&self, lead: &[f32], at: usize, limit: f32) -> f32 {
        let here = |i: usize| lead.get(i).copied().unwrap_or(f32::NAN);
        let value = here(at);
        let (left, right) = (value - here(at.wrapping_sub(self.near)), value - here(at + self.near));
        // NaN fails every comparison here.
        if !(left * right > 0.0 && left.abs() >= limit && right.abs() >= limit) {
            return 0.0;
        }
        let sharp = left.abs().min(right.abs());
        let wide = (value - here(at.wrapping_sub(self.far))).abs().max((value - here(at + self.far)).abs());
        let before = lead.get(at.saturating_sub(self.quiet)..at.saturating_sub(self.near)).unwrap_or_default();
        let (low, high) = before.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
        if sharp > SHARP * wide && high - low < QUIET * sharp { sharp.copysign(left) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests;
