//! Of which types groups of beats are, followed from edit to edit: a frame and an edit must not wait for a hundred thousand beats.

use crate::{
    recording::SampleIndex,
    review::{Beat, BeatType, Beats, select::Clusters},
};
use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

/// A beat that is in no group.
const NONE: u16 = u16::MAX;

/// A beat's label, and whether a person decided it.
type Label = (BeatType, bool);

/// Counts by group and type.
#[derive(Debug, Clone)]
pub struct Composition {
    /// The beats that were grouped, ascending.
    beats: Arc<[SampleIndex]>,
    /// Each beat's group.
    group: Vec<u16>,
    /// What each beat was when it was last looked at; `None`: gone.
    known: Vec<Option<Label>>,
    counts: Vec<BTreeMap<Label, usize>>,
}

fn label(beat: &Beat) -> Label {
    (beat.label, beat.decided)
}

impl Composition {
    /// Counts the groups once. `grouped`: the beats that were grouped, ascending.
    pub fn of(clusters: &Clusters, grouped: &Arc<[SampleIndex]>, beats: &Beats) -> Self {
        let mut group = vec![NONE; grouped.len()];
        for (number, cluster) in clusters.clusters.iter().enumerate() {
            // Both ascend.
            let mut place = 0;
            for at in &cluster.beats {
                place += grouped.get(place..).unwrap_or_default().partition_point(|other| other < at);
                if let (Some(slot), Ok(number)) = (group.get_mut(place), u16::try_from(number)) {
                    *slot = number;
                }
            }
        }
        let mut all = Self {
            beats: grouped.clone(),
            known: vec![None; group.len()],
            group,
            counts: vec![BTreeMap::new(); clusters.clusters.len()],
        };
        all.recount(beats);
        all
    }

    /// Looks at every beat again.
    pub fn recount(&mut self, beats: &Beats) {
        let mut now = beats.as_slice().iter().peekable();
        for (place, at) in self.beats.clone().iter().enumerate() {
            while now.next_if(|beat| beat.sample < *at).is_some() {}
            let here = now.peek().filter(|beat| beat.sample == *at).map(|beat| label(beat));
            self.set(place, here);
        }
    }

    fn set(&mut self, place: usize, now: Option<Label>) {
        let Some(before) = self.known.get_mut(place).map(|known| std::mem::replace(known, now)) else { return };
        let Some(counts) = self.group.get(place).and_then(|group| self.counts.get_mut(usize::from(*group))) else { return };
        if before == now {
            return;
        }
        if let Some(before) = before
            && let Some(count) = counts.get_mut(&before)
        {
            *count -= 1;
            if *count == 0 {
                counts.remove(&before);
            }
        }
        if let Some(now) = now {
            *counts.entry(now).or_default() += 1;
        }
    }

    /// Follows an edit of the beats on these samples.
    pub fn follow(&mut self, touched: &[SampleIndex], beats: &Beats) {
        for at in touched {
            if let Ok(place) = self.beats.binary_search(at) {
                self.set(place, beats.at(*at).map(label));
            }
        }
    }

    /// The types within a group with their counts, the most frequent first. `hidden`: what nobody decided is not told.
    pub fn types(&self, group: usize, hidden: bool) -> Vec<(Option<BeatType>, usize)> {
        let mut types: BTreeMap<Option<BeatType>, usize> = BTreeMap::new();
        for ((label, decided), count) in self.counts.get(group).into_iter().flatten() {
            *types.entry((!hidden || *decided).then_some(*label)).or_default() += count;
        }
        let mut types: Vec<_> = types.into_iter().collect();
        types.sort_by_key(|(_, count)| Reverse(*count));
        types
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{BeatSource, select::Cluster};

    fn beat(at: u64, label: BeatType) -> Beat {
        let source = BeatSource::Machine { probability: None, uncertain: false };
        Beat { sample: SampleIndex(at), label, source, decided: false, fields: None }
    }

    #[test]
    fn what_is_followed_is_what_would_be_counted() {
        let all: Vec<SampleIndex> = (0..100).map(|n| SampleIndex(n * 10)).collect();
        let of = |wanted: fn(&u64) -> bool| Cluster {
            beats: all.iter().copied().filter(|at| wanted(&(at.0 / 10))).collect(),
            mean: Vec::new(),
        };
        let clusters =
            Clusters { leads: Vec::new(), clusters: vec![of(|n| n % 3 == 1), of(|n| n % 3 == 2)], unreadable: Vec::new() };
        let grouped: Arc<[SampleIndex]> = all.clone().into();
        let mut list: Vec<Beat> = (0..100).map(|n| beat(n * 10, BeatType::Normal)).collect();
        let mut types = Composition::of(&clusters, &grouped, &Beats::new(list.clone()));
        assert_eq!(types.types(0, false), [(Some(BeatType::Normal), 33)]);
        assert_eq!(types.types(0, true), [(None, 33)], "hidden while nobody decided");
        // One relabelled, one deleted, one that is in no group, one that was never grouped.
        list[4].label = BeatType::Fusion;
        list[4].decided = true;
        list[6].label = BeatType::Paced;
        list.remove(1);
        let now = Beats::new(list);
        types.follow(&[10, 40, 60, 45].map(SampleIndex), &now);
        assert_eq!(types.types(0, false), [(Some(BeatType::Normal), 31), (Some(BeatType::Fusion), 1)]);
        assert_eq!(types.types(0, true), [(None, 31), (Some(BeatType::Fusion), 1)]);
        let anew = Composition::of(&clusters, &grouped, &now);
        assert_eq!((anew.counts, anew.known), (types.counts, types.known));
    }
}
