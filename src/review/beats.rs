//! The beats of a review: in time order, found by binary search.

use super::{BeatType, ReviewError, Tally};
use crate::recording::{Annotation, SampleIndex, SampleRange};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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

/// Beats in time order, no two on one sample, with their counts by type.
///
/// A clone shares the list until one of both is edited, so that a job can be given the beats without a copy of them.
#[derive(Debug, Clone, Default)]
pub struct Beats {
    list: Arc<Vec<Beat>>,
    tally: Tally,
    places: u64,
}

impl PartialEq for Beats {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Beats {
    /// Sorts beats; of several on one sample the first stays.
    pub fn new(mut beats: Vec<Beat>) -> Self {
        beats.sort_by_key(|beat| beat.sample);
        beats.dedup_by_key(|beat| beat.sample);
        Self { tally: Tally::of(&beats), list: Arc::new(beats), places: 0 }
    }

    /// Counts by type.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Changes when beats come or go; relabelling leaves it.
    pub fn places(&self) -> u64 {
        self.places
    }

    /// All, in time order.
    pub fn as_slice(&self) -> &[Beat] {
        &self.list
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Index of the beat on this sample.
    pub fn index_of(&self, at: SampleIndex) -> Option<usize> {
        self.list.binary_search_by_key(&at, |beat| beat.sample).ok()
    }

    /// The beat on this sample.
    pub fn at(&self, at: SampleIndex) -> Option<&Beat> {
        self.index_of(at).and_then(|index| self.list.get(index))
    }

    /// The beats within a range of samples.
    pub fn in_range(&self, range: SampleRange) -> &[Beat] {
        let from = self.list.partition_point(|beat| beat.sample < range.start);
        let to = self.list.partition_point(|beat| beat.sample < range.end);
        self.list.get(from..to.max(from)).unwrap_or_default()
    }

    /// The beat nearest to `at`, at most `reach` samples away.
    pub fn nearest(&self, at: SampleIndex, reach: u64) -> Option<&Beat> {
        let next = self.list.partition_point(|beat| beat.sample < at);
        let around = [next.checked_sub(1), Some(next)];
        let near = around.into_iter().flatten().filter_map(|index| self.list.get(index));
        near.map(|beat| (beat.sample.0.abs_diff(at.0), beat))
            .filter(|(far, _)| *far <= reach)
            .min_by_key(|(far, _)| *far)
            .map(|(_, beat)| beat)
    }

    /// The first beat after `at` that `wanted` holds for.
    pub fn next_after(&self, at: SampleIndex, wanted: impl Fn(&Beat) -> bool) -> Option<&Beat> {
        let from = self.list.partition_point(|beat| beat.sample <= at);
        self.list.get(from..).unwrap_or_default().iter().find(|beat| wanted(beat))
    }

    /// The last beat before `at` that `wanted` holds for.
    pub fn last_before(&self, at: SampleIndex, wanted: impl Fn(&Beat) -> bool) -> Option<&Beat> {
        let to = self.list.partition_point(|beat| beat.sample < at);
        self.list.get(..to).unwrap_or_default().iter().rev().find(|beat| wanted(beat))
    }

    /// Labels the beat on this sample, where there is one.
    pub(super) fn label(&mut self, at: SampleIndex, label: BeatType, decided: bool) {
        let Some(index) = self.index_of(at) else { return };
        if let Some(beat) = Arc::make_mut(&mut self.list).get_mut(index) {
            self.tally.remove(beat);
            (beat.label, beat.decided) = (label, decided);
            self.tally.add(beat);
        }
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
        removed.iter().for_each(|beat| self.tally.remove(beat));
        added.iter().for_each(|beat| self.tally.add(beat));
        self.places = self.places.wrapping_add(1);
        let list = Arc::make_mut(&mut self.list);
        // One beat is moved within the list; many are done in one pass.
        if removed.len() + added.len() <= 4 {
            for beat in removed {
                if let Ok(index) = list.binary_search_by_key(&beat.sample, |beat| beat.sample) {
                    list.remove(index);
                }
            }
            for beat in added {
                let index = list.partition_point(|there| there.sample < beat.sample);
                list.insert(index, beat.clone());
            }
        } else {
            if !removed.is_empty() {
                list.retain(|beat| !leaves(beat.sample));
            }
            list.extend_from_slice(added);
            list.sort_by_key(|beat| beat.sample);
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

    #[test]
    fn counts_follow_labels_and_a_clone_keeps_its_own() {
        let mut beats = beats(&[10, 20, 30]);
        let before = beats.clone();
        beats.label(SampleIndex(20), BeatType::VentricularPremature, false);
        beats.label(SampleIndex(25), BeatType::VentricularPremature, false);
        assert_eq!(beats.tally().types(), [(BeatType::Normal, 2), (BeatType::VentricularPremature, 1)]);
        assert_eq!((beats.tally().decided(), before.tally().decided()), (2, 3));
        assert_eq!(before.at(SampleIndex(20)).map(|beat| beat.label), Some(BeatType::Normal));
        assert_eq!(beats.tally(), &Tally::of(beats.as_slice()));
        assert_eq!(beats.places(), before.places());
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
            prop_assert_eq!(after.tally(), &Tally::of(after.as_slice()));
            after.replace(&added, &removed).unwrap();
            prop_assert_eq!(after.tally(), before.tally());
            prop_assert_eq!(after, before);
        }
    }
}
