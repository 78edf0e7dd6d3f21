//! Where reviews are kept: one trait, so that a department's shared database can be a second implementation.
//!
//! What every implementation promises (the conformance suite in `store::conformance` holds it to that):
//! - An edit is one transaction; [`Store::commit`] returns after it is durable, or nothing has changed.
//! - An edit names the version it was made on; on any other version it is a [`StoreError::Conflict`].
//! - Entries are never changed or removed, and each has the hash of the one before ([`TrailEntry`]).
//! - Nothing depends on the machine: people and recordings have identities of their own, order is the entries' number and never a clock's time.

#[cfg(test)]
mod conformance;
mod error;
mod memory;
mod sqlite;
mod trail;
mod verify;

pub use error::StoreError;
pub use memory::MemoryStore;
pub use sqlite::{DATA_FOLDER_VARIABLE, SqliteStore, data_folder};
pub use trail::{Hash, TrailEntry};
pub use verify::Verified;

use super::{BaselineId, Event, RecordingId, ReviewKey, Reviewer, ReviewerId, State, Timestamp, Version};
use crate::recording::{Rate, Recording};
use serde::Serialize;

/// What the store knows of a recording besides its reviews.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordingFacts {
    /// Identity by content.
    pub id: RecordingId,
    /// Record name as last seen.
    pub name: String,
    /// Rate that samples count at.
    pub rate: Rate,
    /// Samples.
    pub length: u64,
    /// Where it was last seen: a hint for this machine, no identity.
    pub place: Option<String>,
}

impl RecordingFacts {
    /// Of an opened recording.
    pub fn of(id: RecordingId, recording: &Recording) -> Self {
        let absolute = std::path::absolute(&recording.path).unwrap_or_else(|_| recording.path.clone());
        Self {
            id,
            name: recording.name.clone(),
            rate: recording.rate,
            length: recording.length,
            place: absolute.to_str().map(str::to_owned),
        }
    }
}

/// A review at a glance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewHead {
    /// Which.
    pub key: ReviewKey,
    /// Entries so far.
    pub version: Version,
    /// Where it stands.
    pub state: State,
    /// Time of the last entry.
    pub changed: Timestamp,
}

/// One event on its way into the store.
#[derive(Debug, Clone)]
pub struct Commit<'a> {
    /// Of which review.
    pub review: &'a ReviewKey,
    /// The version it was made on.
    pub on: Version,
    /// What happens.
    pub event: &'a Event,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: &'a ReviewerId,
    /// Why a confirmed review is changed.
    pub reason: Option<&'a str>,
    /// What the machine had said there, as JSON.
    pub said: Option<&'a str>,
    /// The review's state afterwards.
    pub state: State,
    /// The labels' text, with [`Event::Baseline`].
    pub baseline: Option<&'a str>,
}

/// What was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// The review's version now.
    pub version: Version,
    /// Number of the trail's entry.
    pub entry: u64,
    /// Milliseconds that the clock was behind the entry before; 0 mostly.
    pub behind_ms: i64,
}

impl Committed {
    /// A sentence for the person when the clock was set back by more than a second.
    pub fn warning(&self) -> Option<String> {
        (self.behind_ms > 1000).then(|| {
            format!(
                "this computer's clock is {} s behind the last entry of the trail; the edit was kept, in its right order. Set the clock",
                self.behind_ms / 1000
            )
        })
    }
}

/// Keeps reviews, their baselines, the people and the audit trail.
pub trait Store: Send + Sync {
    /// Enters a person or an imported annotator.
    ///
    /// # Errors
    /// [`StoreError::Exists`] for one who is there; as [`Store::commit`].
    fn add_reviewer(&self, reviewer: &Reviewer, at: Timestamp) -> Result<(), StoreError>;

    /// Everybody, in the order entered.
    ///
    /// # Errors
    /// The store cannot be read.
    fn reviewers(&self) -> Result<Vec<Reviewer>, StoreError>;

    /// Notes a recording, or its new name and place.
    ///
    /// # Errors
    /// As [`Store::commit`].
    fn note_recording(&self, facts: &RecordingFacts) -> Result<(), StoreError>;

    /// Every recording noted, by name.
    ///
    /// # Errors
    /// The store cannot be read.
    fn recordings(&self) -> Result<Vec<RecordingFacts>, StoreError>;

    /// Every review, the last changed first.
    ///
    /// # Errors
    /// The store cannot be read.
    fn reviews(&self) -> Result<Vec<ReviewHead>, StoreError>;

    /// The entries of a review after a version, in order; empty for a review nobody opened.
    ///
    /// # Errors
    /// The store cannot be read.
    fn entries(&self, review: &ReviewKey, after: Version) -> Result<Vec<TrailEntry>, StoreError>;

    /// The text of labels that arrived once.
    ///
    /// # Errors
    /// The store cannot be read.
    fn baseline(&self, id: &BaselineId) -> Result<Option<String>, StoreError>;

    /// Keeps one event. It is durable when this returns.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] on another version; [`StoreError::Missing`] for a reviewer or recording that was never entered;
    /// [`StoreError::Full`], [`StoreError::ReadOnly`], [`StoreError::Busy`] ... with nothing changed.
    fn commit(&self, commit: &Commit<'_>) -> Result<Committed, StoreError>;

    /// The trail after an entry, at most so many.
    ///
    /// # Errors
    /// The store cannot be read.
    fn trail(&self, after: u64, most: usize) -> Result<Vec<TrailEntry>, StoreError>;

    /// Proves that the trail is whole: every hash, every number, every version, every baseline and every reviewer.
    ///
    /// # Errors
    /// [`StoreError::Broken`] at the first entry that does not fit.
    fn verify(&self) -> Result<Verified, StoreError>;
}

/// The entry of a commit, without number and hash.
fn new_entry(commit: &Commit<'_>) -> Result<TrailEntry, StoreError> {
    if let Event::Baseline { baseline } = commit.event
        && commit.baseline.map(BaselineId::of).as_ref() != Some(baseline)
    {
        return Err(StoreError::Missing(format!("labels with the digest {baseline}")));
    }
    Ok(TrailEntry {
        number: 0,
        review: Some(commit.review.clone()),
        version: commit.on.next(),
        at: commit.at,
        behind_ms: 0,
        by: commit.by.clone(),
        event: text_of(commit.event)?,
        reason: commit.reason.map(str::to_owned),
        said: commit.said.map(str::to_owned),
        previous: Hash::default(),
        hash: Hash::default(),
    })
}

/// The entry that tells of a new reviewer, without number and hash. They enter themselves.
fn new_reviewer_entry(reviewer: &Reviewer, at: Timestamp) -> Result<TrailEntry, StoreError> {
    Ok(TrailEntry {
        number: 0,
        review: None,
        version: Version::default(),
        at,
        behind_ms: 0,
        by: reviewer.id.clone(),
        event: text_of(&Event::ReviewerAdded { reviewer: reviewer.clone() })?,
        reason: None,
        said: None,
        previous: Hash::default(),
        hash: Hash::default(),
    })
}

fn text_of(event: &Event) -> Result<String, StoreError> {
    serde_json::to_string(event).map_err(|error| StoreError::Missing(format!("form for this edit ({error})")))
}
