//! What a review holds at one moment.

use super::{Baseline, Beat, Beats, FindingKey, Interval, IntervalId, Judgement};
use crate::recording::Rate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Identity of a caliper within its review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaliperId(pub u64);

/// Beats this near are the same beat (EC57's match window).
pub(super) fn match_window(rate: Rate) -> u64 {
    rate.samples_in(crate::scoring::WINDOW_S)
}

/// Labels, marks and words of a review.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    /// Beats.
    pub beats: Beats,
    /// Marked stretches.
    pub intervals: BTreeMap<IntervalId, Interval>,
    /// Decisions about findings, the machine's and added ones.
    pub judgements: BTreeMap<FindingKey, Judgement>,
    /// The reader's conclusion.
    pub conclusion: String,
    /// Calipers left on the page.
    pub calipers: BTreeMap<CaliperId, serde_json::Value>,
}

impl Content {
    /// Puts in what a baseline has, beside what people decided before it came: a beat of theirs stands for a baseline's within the match window.
    /// Intervals get the ids from `next` on; gives the next free one.
    pub(super) fn take_in(&mut self, baseline: &Baseline, mut next: u64) -> u64 {
        let window = match_window(baseline.rate);
        let new: Vec<Beat> =
            baseline.beats.iter().filter(|beat| self.beats.nearest(beat.sample, window).is_none()).cloned().collect();
        let own = self.beats.as_slice().to_vec();
        self.beats = Beats::new(own.into_iter().chain(new).collect());
        for interval in &baseline.intervals {
            self.intervals.insert(IntervalId(next), interval.clone());
            next += 1;
        }
        next
    }
}
