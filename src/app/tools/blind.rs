//! The first read without the machine: what it says is hidden until it is asked, and the moment is kept.
//!
//! Readers agree with wrong advice far more often than they err without any (Tsai 2003, Bond 2018): who reads first and
//! asks then has an opinion of their own to compare.

use crate::{
    app::{review, state::State},
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

/// Whether and since when the machine is hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blind {
    /// The machine is hidden until it is asked.
    pub wanted: bool,
    /// It was asked about the open recording.
    pub revealed: bool,
    /// What happened, in order.
    pub log: Vec<BlindMoment>,
}

impl State {
    /// Findings, beats, statements and evidence of the machine are hidden; measurements and signal quality stay.
    pub fn machine_hidden(&self) -> bool {
        (self.tools.blind.wanted && !self.tools.blind.revealed) || self.desk.hides_machine()
    }

    /// The same for a recording that is not open: hidden until the machine was asked about it.
    pub fn machine_hidden_of(&self, path: &Path) -> bool {
        let blind = &self.tools.blind;
        let asked = |moment: &BlindMoment| moment.what == BlindEvent::Revealed && moment.recording == path;
        blind.wanted && !blind.log.iter().any(asked)
    }
}

/// Hides the machine from now on, or never.
pub fn toggle(state: &mut State) {
    let blind = &mut state.tools.blind;
    blind.wanted = !blind.wanted;
    // Reviews begun from now on keep whether they were read first.
    state.desk.people.blind = blind.wanted;
    blind.revealed = false;
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
        if state.desk.hides_machine() && !review::people::reveal(state, &Whose::Machine) {
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
