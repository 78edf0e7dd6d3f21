//! A store that forgets: for tests, and for a window that must not keep anything.

use super::super::{BaselineId, Event, ReviewKey, Reviewer, ReviewerId, Timestamp, Version};
use super::{Commit, Committed, RecordingFacts, ReviewHead, Store, StoreError, TrailEntry, Verified, verify};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Keeps everything in memory.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    reviewers: Vec<Reviewer>,
    recordings: Vec<RecordingFacts>,
    heads: BTreeMap<ReviewKey, ReviewHead>,
    baselines: BTreeMap<BaselineId, String>,
    trail: Vec<TrailEntry>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Appends an entry; gives by how much its clock is behind.
    fn append(&mut self, mut entry: TrailEntry) -> i64 {
        let last = self.trail.last();
        entry.number = last.map_or(1, |last| last.number + 1);
        entry.behind_ms = last.map_or(0, |last| last.at.0.saturating_sub(entry.at.0).max(0));
        let behind = entry.behind_ms;
        let previous = last.map(|last| last.hash).unwrap_or_default();
        self.trail.push(entry.sealed(previous));
        behind
    }

    fn knows(&self, reviewer: &ReviewerId) -> bool {
        self.reviewers.iter().any(|known| known.id == *reviewer)
    }
}

impl Store for MemoryStore {
    fn add_reviewer(&self, reviewer: &Reviewer, at: Timestamp) -> Result<(), StoreError> {
        let mut kept = self.kept();
        if kept.knows(&reviewer.id) {
            return Err(StoreError::Exists(reviewer.name.clone()));
        }
        kept.append(super::new_reviewer_entry(reviewer, at)?);
        kept.reviewers.push(reviewer.clone());
        Ok(())
    }

    fn reviewers(&self) -> Result<Vec<Reviewer>, StoreError> {
        Ok(self.kept().reviewers.clone())
    }

    fn note_recording(&self, facts: &RecordingFacts) -> Result<(), StoreError> {
        let mut kept = self.kept();
        kept.recordings.retain(|known| known.id != facts.id);
        kept.recordings.push(facts.clone());
        kept.recordings.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }

    fn recordings(&self) -> Result<Vec<RecordingFacts>, StoreError> {
        Ok(self.kept().recordings.clone())
    }

    fn reviews(&self) -> Result<Vec<ReviewHead>, StoreError> {
        let mut heads: Vec<ReviewHead> = self.kept().heads.values().cloned().collect();
        heads.sort_by_key(|head| std::cmp::Reverse(head.changed));
        Ok(heads)
    }

    fn entries(&self, review: &ReviewKey, after: Version) -> Result<Vec<TrailEntry>, StoreError> {
        let kept = self.kept();
        Ok(kept.trail.iter().filter(|e| e.review.as_ref() == Some(review) && e.version > after).cloned().collect())
    }

    fn baseline(&self, id: &BaselineId) -> Result<Option<String>, StoreError> {
        Ok(self.kept().baselines.get(id).cloned())
    }

    fn commit(&self, commit: &Commit<'_>) -> Result<Committed, StoreError> {
        let mut kept = self.kept();
        let entry = super::new_entry(commit)?;
        if !kept.knows(&commit.review.reviewer) || !kept.knows(commit.by) {
            return Err(StoreError::Missing(format!("reviewer {}", commit.by)));
        }
        if kept.recordings.iter().all(|known| known.id != commit.review.recording) {
            return Err(StoreError::Missing(format!("recording {}", commit.review.recording)));
        }
        let now = kept.heads.get(commit.review).map(|head| head.version).unwrap_or_default();
        if now != commit.on {
            return Err(StoreError::Conflict { on: commit.on, now });
        }
        if let (Event::Baseline { baseline }, Some(text)) = (commit.event, commit.baseline) {
            kept.baselines.entry(baseline.clone()).or_insert_with(|| text.to_owned());
        }
        let version = entry.version;
        let behind_ms = kept.append(entry);
        let head = ReviewHead { key: commit.review.clone(), version, state: commit.state, changed: commit.at };
        kept.heads.insert(commit.review.clone(), head);
        Ok(Committed { version, entry: kept.trail.len() as u64, behind_ms })
    }

    fn trail(&self, after: u64, most: usize) -> Result<Vec<TrailEntry>, StoreError> {
        let kept = self.kept();
        Ok(kept.trail.iter().skip(usize::try_from(after).unwrap_or(usize::MAX)).take(most).cloned().collect())
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        verify::verify(self)
    }
}
