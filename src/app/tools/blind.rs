//! The first read without the machine: what it says is hidden until it is asked, and the moment is kept.
//!
//! Readers agree with wrong advice far more often than they err without any (Tsai 2003, Bond 2018): who reads first and
//! asks then has an opinion of their own to compare.

use crate::{
    app::{
        review,
        state::State,
        worklist::{ReadStatus, Row},
    },
    review::Whose,
};
use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlindEvent {
    /// A recording was opened with the machine hidden.
    Hidden,
    /// The reader asked the machine.
    Revealed,
}

/// One thing that happened in a blind read, for the log of the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlindMoment {
    /// What.
    pub what: BlindEvent,
    /// When.
    pub at: SystemTime,
    /// On which recording.
    pub recording: PathBuf,
}

/// What was asked of the machine. Whether readers want to read first is a setting: `blind_first`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blind {
    /// It was asked about the open recording.
    pub revealed: bool,
    /// What happened, in order.
    pub log: Vec<BlindMoment>,
}

impl State {
    /// Findings, beats, statements and evidence of the machine are hidden; measurements and signal quality stay. The one place that says so.
    pub fn machine_hidden(&self) -> bool {
        match self.desk.review() {
            // A review that was begun blind keeps whether and when the machine was asked: it alone decides.
            Some(review) if review.is_blind() => !review.may_see(&Whose::Machine),
            // While the review is being opened nobody knows; a blind reader must not catch a glimpse.
            None if self.desk.opening.is_some() => true,
            _ => self.paper.settings.blind_first && !self.tools.blind.revealed,
        }
    }

    /// Asking the machine becomes part of the review.
    pub fn asking_is_recorded(&self) -> bool {
        self.machine_hidden() && self.desk.review().is_some_and(crate::review::Review::is_blind)
    }

    /// The same for a recording of the list: hidden until the machine was asked about it, or somebody stood for its review.
    pub fn machine_hidden_of(&self, path: &Path) -> bool {
        if self.recording().is_some_and(|recording| recording.path == path) {
            return self.machine_hidden();
        }
        let row = self.worklist.place(path).and_then(|place| self.worklist.rows().get(place));
        row.is_none_or(Row::is_hidden) && self.paper.settings.blind_first
    }

    /// Whether the machine was asked about a recording in this session.
    pub(in crate::app) fn was_asked(&self, path: &Path) -> bool {
        let asked = |moment: &BlindMoment| moment.what == BlindEvent::Revealed && moment.recording == path;
        self.tools.blind.log.iter().any(asked)
    }
}

/// Whether a status says that the machine need not be hidden any more.
pub fn is_settled(status: ReadStatus) -> bool {
    matches!(status, ReadStatus::Confirmed | ReadStatus::Amended)
}

/// Hides the machine from now on, or never. Reviews begun from now on keep whether they were read first.
pub fn toggle(state: &mut State) {
    state.paper.settings.blind_first = !state.paper.settings.blind_first;
    state.tools.blind.revealed = false;
    opened(state);
}

/// Keeps that the open recording is read blind.
pub fn opened(state: &mut State) {
    if state.machine_hidden() {
        state.tools.beat.chosen = None;
        note(state, BlindEvent::Hidden);
    }
}

/// Shows what the machine says, and keeps when.
pub fn reveal(state: &mut State) {
    if state.machine_hidden() && state.recording().is_some() {
        // A review that was begun blind keeps that it was asked; where that cannot be kept nothing is shown.
        if state.asking_is_recorded() && !review::people::reveal(state, &Whose::Machine) {
            return;
        }
        note(state, BlindEvent::Revealed);
        state.tools.blind.revealed = true;
    }
}

fn note(state: &mut State, what: BlindEvent) {
    let Some(recording) = state.recording().map(|recording| recording.path.clone()) else { return };
    state.tools.blind.log.push(BlindMoment { what, at: SystemTime::now(), recording });
}
