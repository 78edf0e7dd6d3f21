//! Proof that nothing recorded was changed.

use super::super::{BaselineId, Event, ReviewKey, Reviewer, Version};
use super::{Hash, Store, StoreError};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// Entries read at a time.
const PAGE: usize = 256;

/// What was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Entries of the trail.
    pub entries: u64,
    /// Reviews they make up.
    pub reviews: u64,
    /// Hash of the last entry: written down elsewhere, it proves later that nothing before it was changed or cut off.
    pub head: Hash,
    /// Entries whose clock was behind the one before.
    pub clock_behind: u64,
}

/// Walks the whole trail.
pub(super) fn verify(store: &dyn Store) -> Result<Verified, StoreError> {
    let mut state = Walk::default();
    loop {
        let page = store.trail(state.number, PAGE)?;
        if page.is_empty() {
            break;
        }
        for entry in &page {
            let broken = |problem: &str| StoreError::Broken { entry: entry.number, problem: problem.to_owned() };
            if entry.number != state.number + 1 {
                return Err(broken("an entry before it is missing"));
            }
            if entry.previous != state.head {
                return Err(broken("it does not follow from the entry before"));
            }
            if entry.computed() != entry.hash {
                return Err(broken("its content is not what was recorded"));
            }
            state.number = entry.number;
            state.head = entry.hash;
            state.behind += u64::from(entry.behind_ms > 0);
            let event = entry.parsed()?;
            if let Some(key) = &entry.review {
                let version = state.versions.entry(key.clone()).or_default();
                *version = version.next();
                if entry.version != *version {
                    return Err(broken("it is not the next version of its review"));
                }
            }
            match event {
                Event::Baseline { baseline } if state.baselines.insert(baseline.clone()) => {
                    let text = store.baseline(&baseline)?.ok_or_else(|| broken("the labels that it names are gone"))?;
                    if BaselineId::of(&text) != baseline {
                        return Err(broken("the labels that it names were changed"));
                    }
                }
                Event::ReviewerAdded { reviewer } => state.reviewers.push(reviewer),
                _ => {}
            }
        }
    }
    state.finish(store)
}

#[derive(Default)]
struct Walk {
    number: u64,
    head: Hash,
    behind: u64,
    versions: HashMap<ReviewKey, Version>,
    baselines: HashSet<BaselineId>,
    reviewers: Vec<Reviewer>,
}

impl Walk {
    /// What is kept for quick reading must say what the trail says.
    fn finish(self, store: &dyn Store) -> Result<Verified, StoreError> {
        let broken = |problem: String| StoreError::Broken { entry: self.number, problem };
        let heads = store.reviews()?;
        for head in &heads {
            if self.versions.get(&head.key) != Some(&head.version) {
                let short = head.key.recording.short();
                return Err(broken(format!("the review of {short} is at version {}, the trail says otherwise", head.version.0)));
            }
        }
        if heads.len() != self.versions.len() {
            return Err(broken("a review that the trail tells of is gone".into()));
        }
        if store.reviewers()? != self.reviewers {
            return Err(broken("the reviewers are not those that were entered".into()));
        }
        Ok(Verified { entries: self.number, reviews: heads.len() as u64, head: self.head, clock_behind: self.behind })
    }
}
