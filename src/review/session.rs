//! A review that is being worked on: every edit is kept in the store before it shows.

use super::{
    Baseline, BaselineId, Clock, Command, Entry, Event, Labels, Review, ReviewError, ReviewKey, ReviewerId, State, Step, Version,
    Whose,
    said::said,
    store::{Commit, Committed, RecordingFacts, Store, StoreError},
};
use crate::recording::SampleIndex;
use std::sync::Arc;

/// What was done and kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// Name of the step, for the status line and the undo menu.
    pub name: String,
    /// What the store acknowledged.
    pub committed: Committed,
    /// Samples of the beats that it touched, each once.
    pub touched: Vec<SampleIndex>,
}

/// A review, its store and a clock.
pub struct Session {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    review: Review,
}

impl Session {
    /// Opens a reader's review of a recording; a new one is begun where there is none. `blind`: of a new one, whether the first read is blind.
    ///
    /// # Errors
    /// [`StoreError::Missing`] for a reviewer who was never entered; the store; a log that does not fit together.
    pub fn open(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        facts: &RecordingFacts,
        reviewer: &ReviewerId,
        blind: bool,
    ) -> Result<Self, ReviewError> {
        store.note_recording(facts)?;
        let key = ReviewKey { recording: facts.id.clone(), reviewer: reviewer.clone() };
        let review = load(store.as_ref(), &key, facts.length)?;
        let mut session = Self { store, clock, review };
        if session.review.version() == Version::default() {
            match session.happen(Event::Opened { blind }, None, None) {
                // Another window opened it at this moment.
                Err(ReviewError::Store(StoreError::Conflict { .. })) => session.reload()?,
                done => drop(done?),
            }
        }
        Ok(session)
    }

    /// The review as it is.
    pub fn review(&self) -> &Review {
        &self.review
    }

    /// The labels of the machine (or of a file) arrived. What a person has decided stays; labels that arrived before are nothing new. `None`: they were
    /// there already.
    ///
    /// # Errors
    /// The store.
    pub fn labels_arrived(&mut self, labels: impl Into<Labels>) -> Result<Option<Committed>, ReviewError> {
        let Labels { baseline, id, text } = labels.into();
        if self.review.has_baseline(&id) {
            return Ok(None);
        }
        self.happen(Event::Baseline { baseline: id }, None, Some((baseline, &text))).map(Some)
    }

    /// Carries a command out. `reason`: needed when the review is confirmed, which it then is no more.
    ///
    /// # Errors
    /// [`ReviewError::ReasonNeeded`]; what [`Review::step`] refuses; [`StoreError::Conflict`] when the review was changed elsewhere (call
    /// [`Session::reload`]); any other error of the store. Nothing has changed then.
    pub fn perform(&mut self, command: &Command, reason: Option<&str>) -> Result<Done, ReviewError> {
        let step = self.review.step(command)?;
        self.step(step, reason)
    }

    fn step(&mut self, step: Step, reason: Option<&str>) -> Result<Done, ReviewError> {
        let (name, touched) = (step.name.clone(), step.beats_touched());
        let committed = self.happen(Event::Step(step), reason, None)?;
        Ok(Done { name, committed, touched })
    }

    /// Takes the last step back.
    ///
    /// # Errors
    /// As [`Session::perform`]; [`ReviewError::EndOfHistory`].
    pub fn undo(&mut self, reason: Option<&str>) -> Result<Done, ReviewError> {
        let step = self.review.history().next_back().ok_or(ReviewError::EndOfHistory("undo"))?;
        let (name, touched) = (step.name.clone(), step.beats_touched());
        let committed = self.happen(Event::Undo, reason, None)?;
        Ok(Done { name, committed, touched })
    }

    /// Does the last step taken back again.
    ///
    /// # Errors
    /// As [`Session::undo`].
    pub fn redo(&mut self, reason: Option<&str>) -> Result<Done, ReviewError> {
        let step = self.review.next_redo().ok_or(ReviewError::EndOfHistory("redo"))?;
        let (name, touched) = (step.name.clone(), step.beats_touched());
        let committed = self.happen(Event::Redo, reason, None)?;
        Ok(Done { name, committed, touched })
    }

    /// The person has the recording before them: unread becomes in review. Nothing is recorded when it is already.
    ///
    /// # Errors
    /// The store.
    pub fn begin(&mut self) -> Result<(), ReviewError> {
        if self.review.state() == State::Unread {
            self.happen(Event::Begun, None, None)?;
        }
        Ok(())
    }

    /// The person stands for what the review says.
    ///
    /// # Errors
    /// It is confirmed already; the store.
    pub fn confirm(&mut self) -> Result<Committed, ReviewError> {
        self.happen(Event::Confirmed, None, None)
    }

    /// Takes a confirmed review up again.
    ///
    /// # Errors
    /// It is not confirmed; without a reason; the store.
    pub fn reopen(&mut self, reason: &str) -> Result<Committed, ReviewError> {
        self.happen(Event::Reopened, Some(reason), None)
    }

    /// A blind reader asks to see labels. The asking is recorded, once.
    ///
    /// # Errors
    /// The store.
    pub fn reveal(&mut self, whose: &Whose) -> Result<(), ReviewError> {
        if !self.review.may_see(whose) {
            self.happen(Event::Revealed { whose: whose.clone() }, None, None)?;
        }
        Ok(())
    }

    /// Reads what was changed elsewhere.
    ///
    /// # Errors
    /// The store; entries that do not fit.
    pub fn reload(&mut self) -> Result<(), ReviewError> {
        replay(self.store.as_ref(), &mut self.review)
    }

    fn happen(
        &mut self,
        event: Event,
        reason: Option<&str>,
        labels: Option<(Arc<Baseline>, &str)>,
    ) -> Result<Committed, ReviewError> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let by = self.review.key().reviewer.clone();
        let entry = Entry { event, at: self.clock.now(), by, reason: reason.map(str::to_owned) };
        self.review.check(&entry.event, reason)?;
        let said = said(&entry.event, self.review.latest_baseline().map(AsRef::as_ref)).map(|said| said.to_string());
        let (baseline, text) = labels.unzip();
        // First in the store, then on the screen: what is seen is kept.
        let committed = self.store.commit(&Commit {
            review: self.review.key(),
            on: self.review.version(),
            event: &entry.event,
            at: entry.at,
            by: &entry.by,
            reason,
            said: said.as_deref(),
            state: self.review.state_after(&entry.event),
            baseline: text,
        })?;
        self.review.apply(&entry, baseline)?;
        Ok(committed)
    }
}

/// A review from the store; one that nobody opened is empty.
///
/// # Errors
/// The store; [`ReviewError::Damaged`] when the entries do not fit together.
pub fn load(store: &dyn Store, key: &ReviewKey, length: u64) -> Result<Review, ReviewError> {
    let mut review = Review::new(key.clone(), length);
    replay(store, &mut review)?;
    Ok(review)
}

/// Applies what the store has beyond the review's version.
fn replay(store: &dyn Store, review: &mut Review) -> Result<(), ReviewError> {
    for stored in store.entries(&review.key().clone(), review.version())? {
        let damaged = |problem: String| ReviewError::Damaged { version: stored.version, problem };
        if stored.version != review.version().next() {
            return Err(damaged("an entry before it is missing".into()));
        }
        let entry = stored.entry()?;
        let baseline = match &entry.event {
            Event::Baseline { baseline } => Some(Arc::new(labels(store, baseline).map_err(damaged)?)),
            _ => None,
        };
        review.apply(&entry, baseline).map_err(|error| damaged(error.to_string()))?;
    }
    Ok(())
}

fn labels(store: &dyn Store, id: &BaselineId) -> Result<Baseline, String> {
    let text = store.baseline(id).map_err(|error| error.to_string())?.ok_or("its labels are gone")?;
    if BaselineId::of(&text) != *id {
        return Err("its labels were changed".into());
    }
    serde_json::from_str(&text).map_err(|error| format!("its labels cannot be read ({error})"))
}
