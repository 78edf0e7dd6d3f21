//! A review: one reader's decisions about one recording, rebuilt from its log.

use super::{
    Baseline, BaselineId, CaliperId, Change, Content, Entry, Event, FindingKey, IntervalId, Judgement, MachineFinding,
    RecordingId, ReviewError, ReviewerId, State, Step, Timestamp, Version, Whose, vocabulary,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// Which review: everybody has one of their own on a recording.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReviewKey {
    /// Of what.
    pub recording: RecordingId,
    /// By whom.
    pub reviewer: ReviewerId,
}

/// Who stood for a review, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Who.
    pub by: ReviewerId,
    /// When.
    pub at: Timestamp,
}

/// A finding with both sides of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReviewedFinding<'a> {
    /// Which.
    pub key: &'a FindingKey,
    /// What the machine says; `None`: a person added it.
    pub machine: Option<&'a MachineFinding>,
    /// What the person decided; `None`: nothing yet.
    pub judgement: Option<&'a Judgement>,
}

/// One reader's review of one recording.
#[derive(Debug, Clone)]
pub struct Review {
    key: ReviewKey,
    length: u64,
    version: Version,
    state: State,
    blind: bool,
    baselines: Vec<(BaselineId, Arc<Baseline>)>,
    content: Content,
    done: Vec<Arc<Step>>,
    undone: Vec<Arc<Step>>,
    next_interval: u64,
    next_caliper: u64,
    confirmation: Option<Confirmation>,
    reason: Option<String>,
    revealed: BTreeSet<Whose>,
}

impl Review {
    /// A review nobody has begun. `length`: samples of the recording.
    pub fn new(key: ReviewKey, length: u64) -> Self {
        Self {
            key,
            length,
            version: Version::default(),
            state: State::default(),
            blind: false,
            baselines: Vec::new(),
            content: Content::default(),
            done: Vec::new(),
            undone: Vec::new(),
            next_interval: 1,
            next_caliper: 1,
            confirmation: None,
            reason: None,
            revealed: BTreeSet::new(),
        }
    }

    /// Which review it is.
    pub fn key(&self) -> &ReviewKey {
        &self.key
    }

    /// Samples of the recording.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Entries of the log it was built from.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// Who stands for it; `None` while unconfirmed.
    pub fn confirmation(&self) -> Option<&Confirmation> {
        self.confirmation.as_ref()
    }

    /// Why it was changed after the last confirmation.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Labels, marks and words as they are now.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The labels that the review began with; `None` until they arrive.
    pub fn baseline(&self) -> Option<&Arc<Baseline>> {
        self.baselines.first().map(|(_, baseline)| baseline)
    }

    /// The labels that arrived last: the newest analysis.
    pub fn latest_baseline(&self) -> Option<&Arc<Baseline>> {
        self.baselines.last().map(|(_, baseline)| baseline)
    }

    /// Whether these labels have arrived already.
    pub fn has_baseline(&self, id: &BaselineId) -> bool {
        self.baselines.iter().any(|(known, _)| known == id)
    }

    /// Every finding, the machine's in its order, then those added.
    pub fn findings(&self) -> impl Iterator<Item = ReviewedFinding<'_>> {
        let machine = self.baseline().map(|baseline| baseline.findings.as_slice()).unwrap_or_default();
        let judged = |key: &FindingKey| self.content.judgements.get(key);
        let of_machine = machine.iter().map(move |finding| ReviewedFinding {
            key: &finding.key,
            machine: Some(finding),
            judgement: judged(&finding.key),
        });
        let added = self.content.judgements.iter().filter(|(key, _)| self.machine_finding(key).is_none());
        of_machine.chain(added.map(|(key, judgement)| ReviewedFinding { key, machine: None, judgement: Some(judgement) }))
    }

    /// Name of a finding for people.
    pub fn finding_label(&self, key: &FindingKey) -> String {
        match self.machine_finding(key) {
            Some(finding) => finding.label.clone(),
            None => vocabulary::by_scp(&key.code).map_or_else(|| key.to_string(), |statement| statement.text.clone()),
        }
    }

    pub(super) fn machine_finding(&self, key: &FindingKey) -> Option<&MachineFinding> {
        self.baseline().and_then(|baseline| baseline.finding(key))
    }

    pub(super) fn next_interval(&self) -> IntervalId {
        IntervalId(self.next_interval)
    }

    pub(super) fn next_caliper(&self) -> CaliperId {
        CaliperId(self.next_caliper)
    }

    /// Name of the step that undo would take back.
    pub fn undo_name(&self) -> Option<&str> {
        self.done.last().map(|step| step.name.as_str())
    }

    /// Name of the step that redo would do again.
    pub fn redo_name(&self) -> Option<&str> {
        self.undone.last().map(|step| step.name.as_str())
    }

    /// The step that redo would do again.
    pub fn next_redo(&self) -> Option<&Step> {
        self.undone.last().map(AsRef::as_ref)
    }

    /// The steps that can be taken back, the oldest first.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = &Step> + ExactSizeIterator {
        self.done.iter().map(AsRef::as_ref)
    }

    /// The first read is blind.
    pub fn is_blind(&self) -> bool {
        self.blind
    }

    /// Whether these labels may be shown: the read is not blind, they were asked for, or the review was confirmed once.
    pub fn may_see(&self, whose: &Whose) -> bool {
        !self.blind || self.revealed.contains(whose) || matches!(self.state, State::Confirmed | State::Amended)
    }

    /// Labels that a blind reader asked to see.
    pub fn revealed(&self) -> impl Iterator<Item = &Whose> {
        self.revealed.iter()
    }

    /// Whether an event may happen now.
    ///
    /// # Errors
    /// [`ReviewError::ReasonNeeded`] for a change of a confirmed review without a reason, [`ReviewError::Workflow`] and
    /// [`ReviewError::EndOfHistory`] for what the state does not allow.
    pub fn check(&self, event: &Event, reason: Option<&str>) -> Result<(), ReviewError> {
        match event {
            Event::Undo if self.done.is_empty() => return Err(ReviewError::EndOfHistory("undo")),
            Event::Redo if self.undone.is_empty() => return Err(ReviewError::EndOfHistory("redo")),
            Event::Confirmed if self.state.is_confirmed() => {
                return Err(ReviewError::Workflow("the review is confirmed already"));
            }
            Event::Reopened if !self.state.is_confirmed() => return Err(ReviewError::Workflow("the review is not confirmed")),
            Event::Opened { .. } if self.version != Version::default() => {
                return Err(ReviewError::Workflow("the review is open already"));
            }
            Event::ReviewerAdded { .. } => return Err(ReviewError::Workflow("adding a reviewer is no part of a review")),
            _ => {}
        }
        if reason.is_some_and(|reason| reason.chars().count() > super::LONGEST_REMARK) {
            return Err(ReviewError::TooLong { field: "the reason", most: super::LONGEST_REMARK });
        }
        let reason_given = reason.is_some_and(|reason| !reason.trim().is_empty());
        if self.state.is_confirmed() && event.needs_reason() && !reason_given {
            return Err(ReviewError::ReasonNeeded);
        }
        Ok(())
    }

    /// The state that follows when an event happens.
    pub fn state_after(&self, event: &Event) -> State {
        match (event, self.state) {
            (Event::Confirmed, _) => State::Confirmed,
            (Event::Begun, State::Unread) => State::InReview,
            (event, State::Confirmed | State::Amended) if event.needs_reason() => State::Amended,
            (event, _) if event.needs_reason() => State::InReview,
            (_, state) => state,
        }
    }

    /// Applies one entry; the review is unchanged when it does not fit. `baseline`: the labels, for an entry that says that they arrived.
    ///
    /// # Errors
    /// As [`Review::check`]; and when a change does not fit what the review holds.
    pub fn apply(&mut self, entry: &Entry, baseline: Option<Arc<Baseline>>) -> Result<(), ReviewError> {
        self.check(&entry.event, entry.reason.as_deref())?;
        match &entry.event {
            Event::Opened { blind } => self.blind = *blind,
            Event::Baseline { baseline: id } => self.take_in(id, baseline)?,
            Event::Step(step) => {
                self.content.apply_all(&step.changes)?;
                self.count_ids(step);
                self.done.push(Arc::new(step.clone()));
                self.undone.clear();
            }
            Event::Undo => {
                let step = self.done.last().ok_or(ReviewError::EndOfHistory("undo"))?;
                self.content.revert_all(&step.changes)?;
                self.undone.extend(self.done.pop());
            }
            Event::Redo => {
                let step = self.undone.last().ok_or(ReviewError::EndOfHistory("redo"))?;
                self.content.apply_all(&step.changes)?;
                self.done.extend(self.undone.pop());
            }
            Event::Confirmed => {
                self.confirmation = Some(Confirmation { by: entry.by.clone(), at: entry.at });
                self.reason = None;
            }
            Event::Begun | Event::Reopened | Event::ReviewerAdded { .. } => {}
            Event::Revealed { whose } => {
                self.revealed.insert(whose.clone());
            }
        }
        self.state = self.state_after(&entry.event);
        if entry.event.needs_reason() {
            self.confirmation = None;
            if entry.reason.is_some() {
                self.reason.clone_from(&entry.reason);
            }
        }
        self.version = self.version.next();
        Ok(())
    }

    /// The first labels become the review's own, beside what was decided before they came; later ones only stand beside.
    fn take_in(&mut self, id: &BaselineId, baseline: Option<Arc<Baseline>>) -> Result<(), ReviewError> {
        let baseline = baseline.ok_or_else(|| ReviewError::Unknown(format!("labels {id}")))?;
        if self.baselines.is_empty() && !self.state.is_confirmed() {
            self.next_interval = self.content.take_in(&baseline, self.next_interval);
        }
        self.baselines.push((id.clone(), baseline));
        Ok(())
    }

    /// Identities are never given twice, not even after an undo.
    fn count_ids(&mut self, step: &Step) {
        for change in &step.changes {
            match change {
                Change::Interval { id, .. } => self.next_interval = self.next_interval.max(id.0.saturating_add(1)),
                Change::Caliper { id, .. } => self.next_caliper = self.next_caliper.max(id.0.saturating_add(1)),
                _ => {}
            }
        }
    }
}
