//! What happens to a review, one entry of its log each.

use super::{BaselineId, Change, Reviewer, ReviewerId, Timestamp};
use crate::recording::SampleIndex;
use serde::{Deserialize, Serialize};

/// Number of entries of a review so far. An edit names the version that it was made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u64);

impl Version {
    /// The one after it.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// A named step: what undo takes back at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// For people: "Relabel 12 beats as V".
    pub name: String,
    /// Its changes, in the order they were made.
    pub changes: Vec<Change>,
}

impl Step {
    /// Samples of the beats it touches, ascending, each once.
    pub fn beats_touched(&self) -> Vec<SampleIndex> {
        let mut samples: Vec<SampleIndex> = self.changes.iter().flat_map(Change::beats_touched).collect();
        samples.sort_unstable();
        samples.dedup();
        samples
    }
}

/// Whose labels a blind reader asked to see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The machine's.
    Machine,
    /// Another reader's.
    Reader(ReviewerId),
}

/// One entry of a review's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The review was begun on this recording; nothing was looked at yet.
    Opened {
        /// The first read is blind: the machine's and other readers' labels stay hidden until asked for.
        blind: bool,
    },
    /// Labels of the machine or of a file came.
    Baseline {
        /// Their digest.
        baseline: BaselineId,
    },
    /// The person looked at the recording.
    Begun,
    /// An edit.
    Step(Step),
    /// The last step was taken back.
    Undo,
    /// The last step taken back was done again.
    Redo,
    /// The person stands for it.
    Confirmed,
    /// A confirmed review was taken up again without an edit.
    Reopened,
    /// A blind reader asked for labels that were hidden.
    Revealed {
        /// Whose.
        whose: Whose,
    },
    /// A person was entered, or an annotator imported. Belongs to no review.
    ReviewerAdded {
        /// Who.
        reviewer: Reviewer,
    },
}

impl Event {
    /// Word for lists: `step`, `undo` ...
    pub fn word(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Baseline { .. } => "labels arrived",
            Self::Begun => "begun",
            Self::Step(_) => "edit",
            Self::Undo => "undo",
            Self::Redo => "redo",
            Self::Confirmed => "confirmed",
            Self::Reopened => "reopened",
            Self::Revealed { .. } => "revealed",
            Self::ReviewerAdded { .. } => "reviewer added",
        }
    }

    /// Whether it changes what a confirmed review says.
    pub fn needs_reason(&self) -> bool {
        matches!(self, Self::Step(_) | Self::Undo | Self::Redo | Self::Reopened)
    }
}

/// An event with who, when and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What.
    pub event: Event,
    /// When, by the clock of the machine it was made on.
    pub at: Timestamp,
    /// Who.
    pub by: ReviewerId,
    /// Why a confirmed review was changed.
    pub reason: Option<String>,
}
