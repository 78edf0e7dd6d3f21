//! Questions about the beats that several rules ask.

use super::types::RhythmFacts;
use crate::{recording::BeatLabel, signal::robust::median_f64};

/// Labels of beats that do not come from the sinus node or the atria in the ordinary way.
const FOREIGN: [BeatLabel; 3] = [BeatLabel::V, BeatLabel::F, BeatLabel::Q];

impl RhythmFacts {
    /// Number of beats.
    pub fn beats(&self) -> usize {
        let from_rr = if self.rr.is_empty() { 0 } else { self.rr.len() + 1 };
        from_rr.max(self.labels.len()).max(self.p_present.len()).max(self.pr.len())
    }

    /// RR interval after beat `i` in seconds, if it is one.
    pub(super) fn rr_after(&self, beat: usize) -> Option<f64> {
        self.rr.get(beat).copied().flatten().filter(|rr| rr.is_finite() && *rr > 0.0)
    }

    pub(super) fn label(&self, beat: usize) -> Option<BeatLabel> {
        self.labels.get(beat).copied().flatten()
    }

    fn has_p(&self, beat: usize) -> Option<bool> {
        self.p_present.get(beat).copied().flatten()
    }

    /// Not labelled ventricular, fusion or paced.
    fn is_supraventricular(&self, beat: usize) -> bool {
        self.label(beat).is_none_or(|label| !FOREIGN.contains(&label))
    }

    /// Neither that nor a supraventricular ectopic beat.
    fn is_ordinary(&self, beat: usize) -> bool {
        self.is_supraventricular(beat) && self.label(beat) != Some(BeatLabel::S)
    }

    /// Number of labelled beats.
    pub(super) fn labelled(&self) -> usize {
        self.labels.iter().flatten().count()
    }

    pub(super) fn count(&self, label: BeatLabel) -> usize {
        self.labels.iter().flatten().filter(|l| **l == label).count()
    }

    /// More than half of the labelled beats carry that label.
    pub(super) fn mostly(&self, label: BeatLabel) -> bool {
        self.labelled() >= 3 && self.count(label) * 2 > self.labelled()
    }

    /// Among supraventricular beats whose P wave could be judged: share with one, and how many were judged. `None`: fewer than 3, or
    /// fewer than half of the beats.
    pub(super) fn p_share(&self) -> Option<(f64, usize)> {
        let beats: Vec<usize> = (0..self.beats()).filter(|b| self.is_supraventricular(*b)).collect();
        let judged: Vec<bool> = beats.iter().filter_map(|b| self.has_p(*b)).collect();
        let with = judged.iter().filter(|p| **p).count();
        (judged.len() >= 3 && judged.len() * 2 >= beats.len()).then(|| (with as f64 / judged.len() as f64, judged.len()))
    }

    /// Median PR interval of ordinary beats in ms, and the share of them within `tolerance` ms of it. `None`: fewer than 3.
    pub(super) fn pr_constancy(&self, tolerance: f64) -> Option<(f64, f64)> {
        let known: Vec<f64> = (0..self.pr.len())
            .filter(|b| self.is_ordinary(*b))
            .filter_map(|b| self.pr.get(b).copied().flatten())
            .filter(|pr| pr.is_finite())
            .collect();
        let middle = median_f64(&known)?;
        let near = known.iter().filter(|pr| (**pr - middle).abs() <= tolerance).count();
        (known.len() >= 3).then(|| (middle, near as f64 / known.len() as f64))
    }

    /// RR intervals between beats that satisfy `wanted`, in order; `None` breaks the sequence.
    fn intervals(&self, wanted: impl Fn(usize) -> bool) -> Vec<Option<f64>> {
        (0..self.rr.len()).map(|b| self.rr_after(b).filter(|_| wanted(b) && wanted(b + 1))).collect()
    }

    /// Irregularity of supraventricular beats: root mean square of successive RR differences over the mean RR, and the number of
    /// differences. `None`: fewer than 4 differences.
    pub(super) fn irregularity(&self) -> Option<(f64, usize)> {
        let intervals = self.intervals(|b| self.is_supraventricular(b));
        let differences: Vec<f64> =
            intervals.windows(2).filter_map(|pair| Some(pair.get(1).copied()?? - pair.first().copied()??)).collect();
        let known: Vec<f64> = intervals.into_iter().flatten().collect();
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        let rmssd = (differences.iter().map(|d| d * d).sum::<f64>() / differences.len() as f64).sqrt();
        (differences.len() >= 4 && mean > 0.0 && rmssd.is_finite()).then(|| (rmssd / mean, differences.len()))
    }

    /// How far ordinary RR intervals differ (longest less shortest) within 12 in a row, and their mean, both in ms: the median over the
    /// recording, so that a day's slow changes of rate do not count. `None`: fewer than 3 intervals.
    pub(super) fn spread(&self) -> Option<(f64, f64)> {
        const IN_A_ROW: usize = 12;
        let known: Vec<f64> = self.intervals(|b| self.is_ordinary(b)).into_iter().flatten().collect();
        if known.len() < 3 {
            return None;
        }
        let spreads: Vec<f64> = known
            .chunks(IN_A_ROW)
            .filter(|part| part.len() >= 3)
            .map(|part| part.iter().copied().fold(0.0, f64::max) - part.iter().copied().fold(f64::INFINITY, f64::min))
            .collect();
        Some((median_f64(&spreads)? * 1000.0, known.iter().sum::<f64>() / known.len() as f64 * 1000.0))
    }

    /// Median RR interval between ordinary beats in seconds.
    pub(super) fn ordinary_rr(&self) -> Option<f64> {
        median_f64(&self.intervals(|b| self.is_ordinary(b)).into_iter().flatten().collect::<Vec<_>>())
    }

    /// Time that the known RR intervals cover, in seconds.
    pub(super) fn covered(&self) -> f64 {
        (0..self.rr.len()).filter_map(|b| self.rr_after(b)).sum()
    }

    /// Stretches of successive beats with that label, as ranges of beats. A gap or an unlabelled beat ends one.
    pub(super) fn runs(&self, label: BeatLabel) -> Vec<std::ops::Range<usize>> {
        let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
        for beat in (0..self.labels.len()).filter(|b| self.label(*b) == Some(label)) {
            match runs.last_mut() {
                Some(run) if run.end == beat && self.rr_after(beat.wrapping_sub(1)).is_some() => run.end = beat + 1,
                _ => runs.push(beat..beat + 1),
            }
        }
        runs
    }

    /// Mean rate within a run of beats, in bpm, and how long it lasts from its first to its last beat, in seconds.
    pub(super) fn rate_within(&self, run: &std::ops::Range<usize>) -> Option<(f64, f64)> {
        let intervals: Option<Vec<f64>> = (run.start..run.end.saturating_sub(1)).map(|b| self.rr_after(b)).collect();
        let intervals = intervals.filter(|i| !i.is_empty())?;
        let lasts: f64 = intervals.iter().sum();
        Some((60.0 * intervals.len() as f64 / lasts, lasts))
    }

    /// Most beats with that label in a row that stand `period` beats apart with only ordinary beats (N) and no gap between.
    pub(super) fn every(&self, label: BeatLabel, period: usize) -> usize {
        let (mut longest, mut chain, mut last) = (0, 0, None::<usize>);
        for beat in (0..self.labels.len()).filter(|b| self.label(*b) == Some(label)) {
            let joins = last.is_some_and(|last| {
                beat - last == period
                    && (last + 1..beat).all(|b| self.label(b) == Some(BeatLabel::N))
                    && (last..beat).all(|b| self.rr_after(b).is_some())
            });
            chain = if joins { chain + 1 } else { 1 };
            longest = longest.max(chain);
            last = Some(beat);
        }
        longest
    }
}
