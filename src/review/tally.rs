//! How many beats there are of each type, kept up to date with every edit instead of counted anew.

use super::{Beat, BeatType};

/// Counts of beats. Of a hundred thousand beats one edit changes two numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    types: [usize; BeatType::COUNT],
    uncertain: usize,
    decided: usize,
}

impl Tally {
    /// Counts beats.
    pub fn of<'a>(beats: impl IntoIterator<Item = &'a Beat>) -> Self {
        let mut tally = Self::default();
        beats.into_iter().for_each(|beat| tally.add(beat));
        tally
    }

    /// One more.
    pub(super) fn add(&mut self, beat: &Beat) {
        self.change(beat, |count| count.saturating_add(1));
    }

    /// One less.
    pub(super) fn remove(&mut self, beat: &Beat) {
        self.change(beat, |count| count.saturating_sub(1));
    }

    fn change(&mut self, beat: &Beat, by: fn(usize) -> usize) {
        if let Some(count) = self.types.get_mut(beat.label as usize) {
            *count = by(*count);
        }
        if beat.is_uncertain() {
            self.uncertain = by(self.uncertain);
        }
        if beat.decided {
            self.decided = by(self.decided);
        }
    }

    /// Beats of a type.
    pub fn of_type(&self, label: BeatType) -> usize {
        self.types.get(label as usize).copied().unwrap_or(0)
    }

    /// Types that occur with their counts, the most frequent first.
    pub fn types(&self) -> Vec<(BeatType, usize)> {
        let all = BeatType::all().map(|label| (label, self.of_type(label))).filter(|(_, count)| *count > 0);
        let mut types: Vec<(BeatType, usize)> = all.collect();
        types.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        types
    }

    /// Beats that the machine was not sure of and nobody has decided.
    pub fn uncertain(&self) -> usize {
        self.uncertain
    }

    /// Beats that a person decided.
    pub fn decided(&self) -> usize {
        self.decided
    }
}
