//! The desk: what a person decides about the open recording, and what of it is under way.
//!
//! The review itself is [`crate::review`]; here is which beats are chosen, which dialog asks for what, and the jobs that open the store, read the
//! shapes of beats, compare readers and write files. Nothing is shown as done before the store has it.

pub mod beats;
pub mod calipers;
pub mod compare;
pub mod composition;
pub mod deeds;
pub mod files;
pub mod findings;
pub mod intervals;
pub mod jobs;
pub mod keys;
pub mod look;
pub mod message;
pub mod people;
pub mod place;
pub mod rhythm_colours;
pub mod shapes;
mod update;

pub use message::ReviewMessage;
pub use update::{arrived, closed, labels, meant, opened, parked, shown, update};

use super::state::State;
use crate::{
    recording::SampleIndex,
    review::{BeatType, Command, Preview, Review, Reviewer, ReviewerId, Session, Tally, store::RecordingFacts, store::Store},
    words::{Words, fill},
};
use std::{fmt, sync::Arc};

/// Where corrections are kept.
#[derive(Clone, Default)]
pub enum Shelf {
    /// Nobody named a folder.
    #[default]
    None,
    /// Being opened.
    Opening,
    /// Open.
    Open(Arc<dyn Store>),
    /// Not to be had; the reason.
    Failed(String),
}

/// An edit that waits for a person's yes, because it changes many beats.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// The edit.
    pub command: Command,
    /// What it would do.
    pub preview: Preview,
}

/// A deed on a confirmed review that waits for its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Asking {
    /// The deed.
    pub deed: deeds::Deed,
    /// The reason so far.
    pub reason: String,
}

/// How many beats there are of each type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Census {
    /// Type and count, the most frequent first.
    pub types: Vec<(BeatType, usize)>,
    /// Beats that the machine was not sure of and nobody has decided.
    pub uncertain: usize,
    /// Beats that a person decided.
    pub decided: usize,
}

impl From<&Tally> for Census {
    fn from(tally: &Tally) -> Self {
        Self { types: tally.types(), uncertain: tally.uncertain(), decided: tally.decided() }
    }
}

/// Everything the desk knows.
#[derive(Default)]
pub struct Desk {
    /// Where corrections are kept.
    pub shelf: Shelf,
    /// Who reviews.
    pub people: people::People,
    /// The open recording's review by the reviewer.
    pub session: Option<Session>,
    /// A review is being opened: number of the attempt.
    pub opening: Option<u64>,
    /// Counts attempts.
    pub attempts: u64,
    /// What the store knows the recording by.
    pub facts: Option<RecordingFacts>,
    /// Other readers of the recording.
    pub others: Vec<Reviewer>,
    /// Letters are labels.
    pub label_mode: bool,
    /// After a relabelling of one beat the next one is chosen.
    pub advance: bool,
    /// The side panel shows the review.
    pub panel: bool,
    /// Chosen beats.
    pub selection: beats::Selection,
    /// The label that was given last: a beat that is added gets it.
    pub last_label: Option<BeatType>,
    /// An edit of many beats waits for its yes.
    pub pending: Option<Pending>,
    /// A deed waits for its reason.
    pub asking: Option<Asking>,
    /// What was done last, in words.
    pub said: Option<String>,
    /// Beats by type.
    pub census: Census,
    /// [`crate::review::Beats::places`] that the chosen beats were last held against.
    pub(super) places: u64,
    /// What the worklist was told of the review.
    pub(super) status: Option<crate::app::worklist::ReadStatus>,
    /// The calipers as the review has them.
    pub calipers: calipers::Kept,
    /// Shapes of beats.
    pub shapes: shapes::Shaped,
    /// Intervals under way.
    pub intervals: intervals::Marking,
    /// Findings under way.
    pub findings: findings::Judging,
    /// Comparison with another reader.
    pub comparison: compare::Comparing,
    /// Files on their way out and in.
    pub files: files::Filing,
    /// The list of steps is shown.
    pub history_open: bool,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.review().map(Review::key);
        f.debug_struct("Desk").field("review", &key).field("label_mode", &self.label_mode).finish_non_exhaustive()
    }
}

impl Desk {
    /// The review of the open recording.
    pub fn review(&self) -> Option<&Review> {
        self.session.as_ref().map(Session::review)
    }

    /// The store, where there is one.
    pub fn store(&self) -> Option<&Arc<dyn Store>> {
        match &self.shelf {
            Shelf::Open(store) => Some(store),
            _ => None,
        }
    }

    /// Who reviews.
    pub fn me(&self) -> Option<&Reviewer> {
        self.people.me()
    }

    /// A job of the desk runs whose progress is shown.
    pub fn is_busy(&self) -> bool {
        self.shapes.busy.is_some() || self.comparison.busy || self.files.is_busy()
    }

    /// A dialog of the desk is open: keys belong to it.
    pub fn is_asking(&self) -> bool {
        self.people.form.is_some()
            || self.asking.is_some()
            || self.intervals.draft.is_some()
            || self.files.is_asking()
            || self.history_open
    }

    /// Swaps what belongs to the window, not to a recording, with another tab's.
    pub fn swap_window(&mut self, to: &mut Self) {
        std::mem::swap(&mut self.shelf, &mut to.shelf);
        std::mem::swap(&mut self.people, &mut to.people);
        std::mem::swap(&mut self.attempts, &mut to.attempts);
        std::mem::swap(&mut self.label_mode, &mut to.label_mode);
        std::mem::swap(&mut self.advance, &mut to.advance);
        std::mem::swap(&mut self.panel, &mut to.panel);
        std::mem::swap(&mut self.last_label, &mut to.last_label);
        std::mem::swap(&mut self.files, &mut to.files);
    }

    /// What a recording leaves behind when it is closed.
    pub fn without_recording(self) -> Self {
        Self {
            shelf: self.shelf,
            people: self.people,
            attempts: self.attempts,
            label_mode: self.label_mode,
            advance: self.advance,
            panel: self.panel,
            last_label: self.last_label,
            files: self.files.without_recording(),
            ..Self::default()
        }
    }
}

impl State {
    /// Why nothing can be edited now; `None`: it can.
    pub fn not_editable(&self) -> Option<String> {
        let words = &self.words().review.refused;
        if self.recording().is_none() {
            return Some(words.no_recording.clone());
        }
        let text = match &self.desk.shelf {
            Shelf::None => &words.no_folder,
            Shelf::Opening => &words.opening_store,
            Shelf::Failed(reason) => return Some(fill(&words.failed, &[("reason", reason)])),
            Shelf::Open(_) if self.desk.me().is_none() => &words.nobody,
            Shelf::Open(_) if self.desk.session.is_none() && self.desk.opening.is_some() => &words.opening_review,
            Shelf::Open(_) if self.desk.session.is_none() => &words.not_opened,
            Shelf::Open(_) => return None,
        };
        Some(text.clone())
    }
}

/// Name of a reader in lists: the name, and that their labels come from a file where they do.
pub fn name_of(people: &[Reviewer], id: &ReviewerId, words: &Words) -> String {
    match people.iter().find(|reviewer| reviewer.id == *id) {
        Some(reviewer) if reviewer.imported => fill(&words.review.people.imported, &[("name", &reviewer.name)]),
        Some(reviewer) => reviewer.name.clone(),
        None => words.review.people.unknown.clone(),
    }
}

/// Beats in view count from sample to sample; a list of them is ascending and holds none twice.
pub(crate) fn tidy(mut beats: Vec<SampleIndex>) -> Vec<SampleIndex> {
    beats.sort_unstable();
    beats.dedup();
    beats
}
