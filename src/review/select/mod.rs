//! Choosing beats: by place, by class, by shape; and going from one to the next. Pure functions: nothing here changes a review.

mod clusters;
mod shapes;
#[cfg(test)]
mod tests;

pub use clusters::{Cluster, Clusters, DEFAULT_LIMIT, cluster};
pub use shapes::{Shapes, ShapesError};

use super::{Beat, BeatType, Beats};
use crate::recording::{BeatLabel, LabelMap, SampleIndex, SampleRange};

/// What to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Beats that the machine was not sure of and nobody has decided.
    Uncertain,
    /// Beats of a class of EC57.
    Class(BeatLabel, LabelMap),
    /// Beats of one type.
    Type(BeatType),
    /// Any beat.
    Any,
}

impl Wanted {
    /// Whether a beat is one.
    pub fn fits(self, beat: &Beat) -> bool {
        match self {
            Self::Uncertain => beat.is_uncertain(),
            Self::Class(class, map) => beat.label.class(map) == Some(class),
            Self::Type(label) => beat.label == label,
            Self::Any => true,
        }
    }
}

/// Every beat of that kind within a range, or in all of the recording.
pub fn all(beats: &Beats, wanted: Wanted, range: Option<SampleRange>) -> Vec<SampleIndex> {
    let within = range.map_or(beats.as_slice(), |range| beats.in_range(range));
    within.iter().filter(|beat| wanted.fits(beat)).map(|beat| beat.sample).collect()
}

/// The next beat of that kind after `at`.
pub fn next(beats: &Beats, wanted: Wanted, at: SampleIndex) -> Option<SampleIndex> {
    beats.next_after(at, |beat| wanted.fits(beat)).map(|beat| beat.sample)
}

/// The previous one before `at`.
pub fn previous(beats: &Beats, wanted: Wanted, at: SampleIndex) -> Option<SampleIndex> {
    beats.last_before(at, |beat| wanted.fits(beat)).map(|beat| beat.sample)
}
