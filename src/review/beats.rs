//! The beats of a review: in time order, found by binary search.

use super::{BeatType, ReviewError};
use crate::recording::{Annotation, SampleIndex, SampleRange};
use serde::{Deserialize, Serialize};

/// Where a beat comes from. It stays with the beat through every relabelling.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BeatSource {
    /// The machine found it.
    Machine {
        /// Calibrated probability of the class it gave; `None`: not classified.
        probability: Option<f32>,
        /// It was not sure.
        uncertain: bool,
    },
    /// Another annotator's file.
    Imported,
    /// A person placed it.
    Person,
}

/// What a WFDB annotation holds besides time and mnemonic. Kept as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WfdbFields {
    /// SUBTYP.
    #[serde(default)]
    pub subtype: i8,
    /// CHAN.
    #[serde(default)]
    pub chan: u8,
    /// NUM.
    #[serde(default)]
    pub num: i8,
    /// AUX.
    #[serde(default)]
    pub text: String,
}

/// One beat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beat {
    /// R peak, at the recording's rate.
    #[serde(rename = "at")]
    pub sample: SampleIndex,
    /// What it is.
    pub label: BeatType,
    /// Where it comes from.
    #[serde(rename = "by")]
    pub source: BeatSource,
    /// A person has said what it is (relabelled, or confirmed the label it had).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub decided: bool,
    /// Fields of the annotation it was imported from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Box<WfdbFields>>,
}

impl Beat {
    /// A beat that a person places.
    pub fn placed(sample: SampleIndex, label: BeatType) -> Self {
        Self { sample, label, source: BeatSource::Person, decided: true, fields: None }
    }

    /// The machine was not sure, and nobody has decided since.
    pub fn is_uncertain(&self) -> bool {
        !self.decided && matches!(self.source, BeatSource::Machine { uncertain: true, .. })
    }

    /// As a WFDB annotation.
    pub fn annotation(&self) -> Annotation {
        let WfdbFields { subtype, chan, num, text } = self.fields.as_deref().cloned().unwrap_or_default();
        Annotation { at: self.sample, duration: None, mnemonic: self.label.mnemonic(), subtype, chan, num, text }
    }
}

/// Beats in time order, no two on one sample.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beats(Vec<Beat>);

impl Beats {
    /// Sorts beats; of several on one sample the first stays.
    pub fn new(mut beats: Vec<Beat>) -> Self {
        beats.sort_by_key(|beat| beat.sample);
        beats.dedup_by_key(|beat| beat.sample);
        Self(beats)
    }

    /// All, in time order.
    pub fn as_slice(&self) -> &[Beat] {
        &self.0
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Index of the beat on this sample.
    pub fn index_of(&self, at: SampleIndex) -> Option<usize> {
        self.0.binary_search_by_key(&at, |beat| beat.sample).ok()
    }

    /// The beat on this sample.
    pub fn at(&self, at: SampleIndex) -> Option<&Beat> {
        self.index_of(at).and_then(|index| self.0.get(index))
    }

    /// The beats within a range of samples.
    pub fn in_range(&self, range: SampleRange) -> &[Beat] {
        let from = self.0.partition_point(|beat| beat.sample < range.start);
        let to = self.0.partition_point(|beat| beat.sample < range.end);
        self.0.get(from..to.max(from)).unwrap_or_default()
    }

    /// The beat nearest to `at`, at most `reach` samples away.
    pub fn nearest(&self, at: SampleIndex, reach: u64) -> Option<&Beat> {
        let next = self.0.partition_point(|beat| beat.sample < at);
        let around = [next.checked_sub(1), Some(next)];
        let near = around.into_iter().flatten().filter_map(|index| self.0.get(index));
        near.map(|beat| (beat.sample.0.abs_diff(at.0), beat))
            .filter(|(far, _)| *far <= reach)
            .min_by_key(|(far, _)| *far)
            .map(|(_, beat)| beat)
    }

    /// The first beat after `at` that `wanted` holds for.
    pub fn next_after(&self, at: SampleIndex, wanted: impl Fn(&Beat) -> bool) -> Option<&Beat> {
        let from = self.0.partition_point(|beat| beat.sample <= at);
        self.0.get(from..).unwrap_or_default().iter().find(|beat| wanted(beat))
    }

    /// The last beat before `at` that `wanted` holds for.
    pub fn last_before(&self, at: SampleIndex, wanted: impl Fn(&Beat) -> bool) -> Option<&Beat> {
        let to = self.0.partition_point(|beat| beat.sample < at);
        self.0.get(..to).unwrap_or_default().iter().rev().find(|beat| wanted(beat))
    }

    pub(super) fn at_mut(&mut self, at: SampleIndex) -> Option<&mut Beat> {
        self.index_of(at).and_then(|index| self.0.get_mut(index))
    }

    /// Takes beats out and puts others in; all or nothing. Both lists are in time order.
    pub(super) fn replace(&mut self, removed: &[Beat], added: &[Beat]) -> Result<(), ReviewError> {
        let ascending = |beats: &[Beat]| beats.windows(2).all(|pair| pair[0].sample < pair[1].sample);
        if !ascending(removed) || !ascending(added) {
            return Err(ReviewError::Nothing("beats of an edit are not in time order".into()));
        }
        if let Some(missing) = removed.iter().find(|beat| self.at(beat.sample) != Some(beat)) {
            return Err(ReviewError::NoBeat { at: missing.sample });
        }
        let leaves = |at: SampleIndex| removed.binary_search_by_key(&at, |beat| beat.sample).is_ok();
        for beat in added {
            if let Some(there) = self.at(beat.sample).filter(|there| !leaves(there.sample)) {
                return Err(ReviewError::BeatThere { at: there.sample, label: there.label });
            }
        }
        // One beat is moved within the list; many are done in one pass.
        if removed.len() + added.len() <= 4 {
            for beat in removed {
                if let Some(index) = self.index_of(beat.sample) {
                    self.0.remove(index);
                }
            }
            for beat in added {
                let index = self.0.partition_point(|there| there.sample < beat.sample);
                self.0.insert(index, beat.clone());
            }
        } else {
            if !removed.is_empty() {
                self.0.retain(|beat| !leaves(beat.sample));
            }
            self.0.extend_from_slice(added);
            self.0.sort_by_key(|beat| beat.sample);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn beats(samples: &[u64]) -> Beats {
        Beats::new(samples.iter().map(|at| Beat::placed(SampleIndex(*at), BeatType::Normal)).collect())
    }

    #[test]
    fn beats_are_found_by_place() {
        let beats = beats(&[30, 10, 20, 10]);
        assert_eq!(beats.len(), 3);
        assert_eq!(beats.in_range(SampleRange::new(10, 30)).len(), 2);
        assert_eq!(beats.nearest(SampleIndex(14), 5).map(|b| b.sample.0), Some(10));
        assert_eq!(beats.nearest(SampleIndex(36), 5), None);
        assert_eq!(beats.next_after(SampleIndex(10), |_| true).map(|b| b.sample.0), Some(20));
        assert_eq!(beats.last_before(SampleIndex(10), |_| true), None);
        assert!(beats.in_range(SampleRange { start: SampleIndex(9), end: SampleIndex(3) }).is_empty());
    }

    proptest! {
        #[test]
        fn replacing_is_undone_by_replacing_back(
            start in proptest::collection::btree_set(0u64..200, 0..40),
            added in proptest::collection::btree_set(0u64..200, 0..12),
            keep in 0usize..12,
        ) {
            let before = beats(&start.iter().copied().collect::<Vec<_>>());
            let removed: Vec<Beat> = before.as_slice().iter().step_by(keep + 1).cloned().collect();
            let added: Vec<Beat> = added.into_iter().map(|at| Beat::placed(SampleIndex(at), BeatType::Fusion)).collect();
            let mut after = before.clone();
            if after.replace(&removed, &added).is_err() {
                prop_assert_eq!(&after, &before, "all or nothing");
                return Ok(());
            }
            prop_assert!(after.as_slice().windows(2).all(|pair| pair[0].sample < pair[1].sample));
            prop_assert_eq!(after.len(), before.len() - removed.len() + added.len());
            after.replace(&added, &removed).unwrap();
            prop_assert_eq!(after, before);
        }
    }
}
