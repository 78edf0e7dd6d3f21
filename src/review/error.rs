//! Why an edit or a review is refused.

use super::{BeatType, Version};
use crate::recording::{SampleError, SampleIndex};

/// Why something was not done. Nothing has changed then.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReviewError {
    /// A reviewer's name or initials.
    #[error("reviewer: {problem}")]
    Reviewer {
        /// What is wrong, and what would do.
        problem: String,
    },
    /// There is no beat there.
    #[error("there is no beat at sample {}; it was moved or deleted", .at.0)]
    NoBeat {
        /// Where one was expected.
        at: SampleIndex,
    },
    /// There is a beat already.
    #[error("there is a beat ({label}) at sample {} already; relabel or move that one", .at.0)]
    BeatThere {
        /// Where.
        at: SampleIndex,
        /// What it is.
        label: BeatType,
    },
    /// Outside the recording, or an interval that ends before it begins.
    #[error("{what}: outside the recording, which has {length} samples")]
    Outside {
        /// Which beat or interval.
        what: String,
        /// Samples of the recording.
        length: u64,
    },
    /// An edit that changes nothing.
    #[error("nothing to do: {0}")]
    Nothing(String),
    /// No such interval, finding, caliper or statement.
    #[error("there is no {0}")]
    Unknown(String),
    /// A text beyond what is kept.
    #[error("{field} is longer than {most} characters")]
    TooLong {
        /// Which text.
        field: &'static str,
        /// Characters that are kept.
        most: usize,
    },
    /// The review is confirmed.
    #[error("the review is confirmed; changing it un-confirms it and needs a reason")]
    ReasonNeeded,
    /// A step of the workflow that the state does not allow.
    #[error("{0}")]
    Workflow(&'static str),
    /// Nothing is left to undo or redo.
    #[error("there is nothing to {0}")]
    EndOfHistory(&'static str),
    /// What the store holds does not fit together.
    #[error("the stored review is damaged at version {}: {problem}; `efficientecg review verify` tells more, `review restore` brings back a backup", .version.0)]
    Damaged {
        /// Where.
        version: Version,
        /// What does not fit.
        problem: String,
    },
    /// The recording's own samples.
    #[error("{0}")]
    Samples(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] super::store::StoreError),
}

impl From<SampleError> for ReviewError {
    fn from(error: SampleError) -> Self {
        Self::Samples(error.to_string())
    }
}
