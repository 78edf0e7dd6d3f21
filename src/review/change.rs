//! Edits as small deltas that go both ways.

use super::{Beat, BeatType, CaliperId, Content, FindingKey, Interval, IntervalId, Judgement, ReviewError};
use crate::recording::SampleIndex;
use serde::{Deserialize, Serialize};

/// Beats that had the same label before they were relabelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relabelled {
    /// What they were.
    pub label: BeatType,
    /// Whether a person had said so.
    pub decided: bool,
    /// Where they are.
    pub samples: Vec<SampleIndex>,
}

/// One change of a review's content; knows what was there before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Beats get a label.
    Relabel {
        /// The new one.
        to: BeatType,
        /// What they were.
        from: Vec<Relabelled>,
    },
    /// Beats are taken out and put in: add, delete, move, take theirs. Both in time order.
    Beats {
        /// Out.
        removed: Vec<Beat>,
        /// In.
        added: Vec<Beat>,
    },
    /// An interval appears, changes or goes.
    Interval {
        /// Which.
        id: IntervalId,
        /// `None`: it appears.
        before: Option<Interval>,
        /// `None`: it goes.
        after: Option<Interval>,
    },
    /// A finding is judged, or the judgement withdrawn.
    Finding {
        /// Which.
        key: FindingKey,
        /// The judgement so far.
        before: Option<Judgement>,
        /// The new one.
        after: Option<Judgement>,
    },
    /// The conclusion's text.
    Conclusion {
        /// So far.
        before: String,
        /// From now on.
        after: String,
    },
    /// A caliper; what it is, the window alone knows.
    Caliper {
        /// Which.
        id: CaliperId,
        /// `None`: it appears.
        before: Option<serde_json::Value>,
        /// `None`: it goes.
        after: Option<serde_json::Value>,
    },
}

impl Change {
    /// The change that takes this one back, for everything but relabelling, which [`Content::revert`] does itself.
    fn swapped(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Relabel { .. } => return None,
            Self::Beats { removed, added } => Self::Beats { removed: added, added: removed },
            Self::Interval { id, before, after } => Self::Interval { id, before: after, after: before },
            Self::Finding { key, before, after } => Self::Finding { key, before: after, after: before },
            Self::Conclusion { before, after } => Self::Conclusion { before: after, after: before },
            Self::Caliper { id, before, after } => Self::Caliper { id, before: after, after: before },
        })
    }

    /// Samples of the beats it touches, each once.
    pub fn beats_touched(&self) -> Vec<SampleIndex> {
        let mut samples: Vec<SampleIndex> = match self {
            Self::Relabel { from, .. } => from.iter().flat_map(|group| group.samples.iter().copied()).collect(),
            Self::Beats { removed, added } => removed.iter().chain(added).map(|beat| beat.sample).collect(),
            _ => Vec::new(),
        };
        samples.sort_unstable();
        samples.dedup();
        samples
    }
}

impl Content {
    /// Applies changes, all or none.
    ///
    /// # Errors
    /// [`ReviewError`] when what a change says was there before is not there.
    pub(super) fn apply_all(&mut self, changes: &[Change]) -> Result<(), ReviewError> {
        for (done, change) in changes.iter().enumerate() {
            if let Err(error) = self.apply(change) {
                for change in changes.iter().take(done).rev() {
                    // What was just applied can be taken back.
                    self.revert(change)?;
                }
                return Err(error);
            }
        }
        Ok(())
    }

    /// Takes changes back, the last first, all or none.
    ///
    /// # Errors
    /// As [`Content::apply_all`].
    pub(super) fn revert_all(&mut self, changes: &[Change]) -> Result<(), ReviewError> {
        for (done, change) in changes.iter().rev().enumerate() {
            if let Err(error) = self.revert(change) {
                for change in changes.iter().rev().take(done).collect::<Vec<_>>().into_iter().rev() {
                    self.apply(change)?;
                }
                return Err(error);
            }
        }
        Ok(())
    }

    fn revert(&mut self, change: &Change) -> Result<(), ReviewError> {
        let Change::Relabel { to, from } = change else {
            return change.swapped().map_or(Ok(()), |swapped| self.apply(&swapped));
        };
        for at in from.iter().flat_map(|group| &group.samples) {
            self.beats.at(*at).filter(|beat| beat.label == *to && beat.decided).ok_or(ReviewError::NoBeat { at: *at })?;
        }
        for group in from {
            for at in &group.samples {
                self.beats.label(*at, group.label, group.decided);
            }
        }
        Ok(())
    }

    fn apply(&mut self, change: &Change) -> Result<(), ReviewError> {
        match change {
            Change::Relabel { to, from } => {
                for group in from {
                    for at in &group.samples {
                        let fits = |beat: &&Beat| beat.label == group.label && beat.decided == group.decided;
                        self.beats.at(*at).filter(fits).ok_or(ReviewError::NoBeat { at: *at })?;
                    }
                }
                for at in from.iter().flat_map(|group| &group.samples) {
                    self.beats.label(*at, *to, true);
                }
            }
            Change::Beats { removed, added } => self.beats.replace(removed, added)?,
            Change::Interval { id, before, after } => put(&mut self.intervals, *id, before, after, "such interval")?,
            Change::Finding { key, before, after } => {
                put(&mut self.judgements, key.clone(), before, after, "such judgement")?;
            }
            Change::Conclusion { before, after } => {
                if self.conclusion != *before {
                    return Err(ReviewError::Unknown("such conclusion".into()));
                }
                self.conclusion.clone_from(after);
            }
            Change::Caliper { id, before, after } => put(&mut self.calipers, *id, before, after, "such caliper")?,
        }
        Ok(())
    }
}

fn put<K: Ord, V: Clone + PartialEq>(
    map: &mut std::collections::BTreeMap<K, V>,
    key: K,
    before: &Option<V>,
    after: &Option<V>,
    what: &str,
) -> Result<(), ReviewError> {
    if map.get(&key) != before.as_ref() {
        return Err(ReviewError::Unknown(what.into()));
    }
    match after {
        Some(value) => map.insert(key, value.clone()),
        None => map.remove(&key),
    };
    Ok(())
}
