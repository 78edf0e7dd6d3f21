//! The beat confusion matrix and what EC57 reads from it.

use crate::recording::BeatLabel;

/// Classes that take part, and with them rows and columns: the five beat classes, no beat, shutdown.
const CLASSES: usize = 7;
const NO_BEAT: usize = 5;
const SHUTDOWN: usize = 6;

/// What one annotator says where the other has a beat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A beat.
    Beat(BeatLabel),
    /// Nothing (`O`): the other's beat is extra, or this annotator missed it.
    NoBeat,
    /// The annotator has declared the signal unreadable here (`X`).
    Shutdown,
    /// Reference-marked ventricular flutter or fibrillation (`*`): beats of the test annotator are not counted in it.
    Fibrillation,
}

impl Mark {
    /// The letter that `bxb` uses.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Beat(label) => label.letter(),
            Self::NoBeat => "O",
            Self::Shutdown => "X",
            Self::Fibrillation => "*",
        }
    }

    fn index(self) -> Option<usize> {
        match self {
            Self::Beat(label) => Some(index(label)),
            Self::NoBeat => Some(NO_BEAT),
            Self::Shutdown => Some(SHUTDOWN),
            Self::Fibrillation => None,
        }
    }
}

fn index(label: BeatLabel) -> usize {
    match label {
        BeatLabel::N => 0,
        BeatLabel::S => 1,
        BeatLabel::V => 2,
        BeatLabel::F => 3,
        BeatLabel::Q => 4,
    }
}

/// A part of a whole: `hits` of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// The part.
    pub hits: u64,
    /// The whole.
    pub of: u64,
}

impl Share {
    /// In percent; `None` of nothing.
    pub fn percent(self) -> Option<f64> {
        (self.of > 0).then(|| 100.0 * self.hits as f64 / self.of as f64)
    }
}

/// Counts of beat pairs: rows are the reference's marks, columns the test annotator's, both in the order N S V F Q O X.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BeatMatrix {
    counts: [[u64; CLASSES]; CLASSES],
}

/// The statistics of EC57 on beats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BeatStatistics {
    /// Beats found.
    pub qrs_sensitivity: Share,
    /// Found beats that are beats.
    pub qrs_predictivity: Share,
    /// Ventricular ectopic beats found and named so.
    pub veb_sensitivity: Share,
    /// Beats named ventricular that are; fusion and unclassifiable beats are left out.
    pub veb_predictivity: Share,
    /// Supraventricular ectopic beats found and named so.
    pub sveb_sensitivity: Share,
    /// Beats named supraventricular that are; unclassifiable beats are left out.
    pub sveb_predictivity: Share,
}

impl BeatMatrix {
    /// Counts a pair. Pairs in reference-marked fibrillation, and of nothing with nothing, are no pairs.
    pub(super) fn count(&mut self, reference: Mark, test: Mark) {
        let both_absent = !matches!(reference, Mark::Beat(_)) && !matches!(test, Mark::Beat(_));
        let (Some(row), Some(column)) = (reference.index(), test.index()) else { return };
        if !both_absent && let Some(count) = self.counts.get_mut(row).and_then(|counts| counts.get_mut(column)) {
            *count += 1;
        }
    }

    /// How often the reference said `reference` where the test annotator said `test`.
    pub fn get(&self, reference: Mark, test: Mark) -> u64 {
        let (Some(row), Some(column)) = (reference.index(), test.index()) else { return 0 };
        self.counts.get(row).and_then(|counts| counts.get(column)).copied().unwrap_or(0)
    }

    /// The sum of the cells that the two lists of letters span: `sum("NS", "V")` is Nv + Sv. Letters other than N S V F Q O X name no cell.
    pub fn sum(&self, reference: &str, test: &str) -> u64 {
        let index = |letter: char| "NSVFQOX".find(letter);
        let cell = |row: usize, column: usize| self.counts.get(row).and_then(|counts| counts.get(column)).copied().unwrap_or(0);
        let rows = reference.chars().filter_map(index);
        rows.map(|row| test.chars().filter_map(index).map(|column| cell(row, column)).sum::<u64>()).sum()
    }

    /// Adds another recording's counts.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().flatten().zip(other.counts.iter().flatten()) {
            *mine += theirs;
        }
    }

    /// All reference beats of the classes in `reference`, found or not.
    pub fn beats(&self, reference: &str) -> u64 {
        self.sum(reference, "NSVFQOX")
    }

    /// Sensitivities and positive predictivities.
    pub fn statistics(&self) -> BeatStatistics {
        let share = |hits: u64, misses: u64| Share { hits, of: hits + misses };
        let found = self.sum("NSVFQ", "NSVFQ");
        let (veb, sveb) = (self.sum("V", "V"), self.sum("S", "S"));
        BeatStatistics {
            qrs_sensitivity: share(found, self.sum("NSVFQ", "OX")),
            qrs_predictivity: share(found, self.sum("OX", "NSVFQ")),
            veb_sensitivity: share(veb, self.sum("V", "NSFQOX")),
            veb_predictivity: share(veb, self.sum("NSOX", "V")),
            sveb_sensitivity: share(sveb, self.sum("S", "NVFQOX")),
            sveb_predictivity: share(sveb, self.sum("NVFOX", "S")),
        }
    }

    /// Beats missed because the test annotator had shut down. `bxb` leaves missed S beats out of this figure, and so does this.
    pub fn missed_in_shutdown(&self) -> Share {
        Share { hits: self.sum("NVFQ", "X"), of: self.beats("NSVFQ") }
    }

    /// As [`Self::missed_in_shutdown`] for the beats of one class.
    pub fn missed_in_shutdown_of(&self, label: BeatLabel) -> Share {
        Share { hits: self.sum(label.letter(), "X"), of: self.beats(label.letter()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mark() -> impl Strategy<Value = Mark> {
        prop_oneof![
            (0usize..5).prop_map(|i| Mark::Beat(BeatLabel::ALL[i])),
            Just(Mark::NoBeat),
            Just(Mark::Shutdown),
            Just(Mark::Fibrillation)
        ]
    }

    #[test]
    fn fusion_beats_called_ventricular_cost_no_predictivity() {
        let mut matrix = BeatMatrix::default();
        let beat = Mark::Beat;
        matrix.count(beat(BeatLabel::V), beat(BeatLabel::V));
        matrix.count(beat(BeatLabel::F), beat(BeatLabel::V));
        matrix.count(beat(BeatLabel::Q), beat(BeatLabel::V));
        assert_eq!(matrix.statistics().veb_predictivity, Share { hits: 1, of: 1 });
        matrix.count(beat(BeatLabel::N), beat(BeatLabel::V));
        matrix.count(Mark::NoBeat, beat(BeatLabel::V));
        assert_eq!(matrix.statistics().veb_predictivity, Share { hits: 1, of: 3 });
        assert_eq!(matrix.statistics().sveb_sensitivity.percent(), None);
    }

    proptest! {
        #[test]
        fn every_reference_beat_counts_once(pairs in proptest::collection::vec((mark(), mark()), 0..200)) {
            let mut matrix = BeatMatrix::default();
            for (reference, test) in &pairs {
                matrix.count(*reference, *test);
            }
            let is_beat = |mark: Mark| matches!(mark, Mark::Beat(_));
            let fibrillation = |mark: Mark| mark == Mark::Fibrillation;
            let beats = pairs.iter().filter(|(r, t)| is_beat(*r) && !fibrillation(*t)).count() as u64;
            let extra = pairs.iter().filter(|(r, t)| !is_beat(*r) && !fibrillation(*r) && is_beat(*t)).count() as u64;
            prop_assert_eq!(matrix.beats("NSVFQ"), beats);
            let statistics = matrix.statistics();
            prop_assert_eq!(statistics.qrs_sensitivity.of, beats);
            prop_assert_eq!(statistics.qrs_predictivity.of - statistics.qrs_predictivity.hits, extra);
            let by_cell: u64 = BeatLabel::ALL.iter().map(|label| matrix.get(Mark::Beat(*label), Mark::NoBeat)).sum();
            prop_assert_eq!(by_cell, matrix.sum("NSVFQ", "O"));
        }
    }
}
