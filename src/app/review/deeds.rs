//! Edits, undo, confirming: what is done to the review, the reason where one is needed, and what follows.

use super::{Asking, Census, compare, people};
use crate::{
    app::{
        message::Message,
        state::State,
        update::{Effect, notice},
        worklist::ReadStatus,
    },
    recording::SampleIndex,
    review::{Change, Command, Review, ReviewError, Session, Step, store::StoreError},
};
use std::collections::BTreeMap;

/// Something to be done to the review.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// An edit.
    Perform(Command),
    /// Take the last step back.
    Undo,
    /// Do it again.
    Redo,
    /// Take steps back until so many are left.
    UndoTo(usize),
    /// Take a confirmed review up again.
    Reopen,
}

/// Does it. Where the review is confirmed a dialog asks for the reason first; what cannot be done is told. True: it is done.
pub(super) fn act(state: &mut State, deed: Deed, reason: Option<&str>, out: &mut Vec<Effect>) -> bool {
    if let Some(refusal) = state.not_editable() {
        if state.desk.store().is_some() && state.desk.me().is_none() && state.recording().is_some() {
            people::ask(state, false);
        } else {
            notice(state, refusal, true);
        }
        return false;
    }
    let Some(session) = state.desk.session.as_mut() else { return false };
    let place = place_of(session.review(), &deed);
    match run(session, &deed, reason) {
        Ok((said, warning)) => {
            state.desk.said = Some(said);
            if let Some(warning) = warning {
                notice(state, warning, false);
            }
            after(state, out);
            if let Some(at) = place {
                show(state, at, out);
            }
            true
        }
        Err(ReviewError::ReasonNeeded) => {
            state.desk.asking = Some(Asking { deed, reason: String::new() });
            false
        }
        Err(ReviewError::Store(conflict @ StoreError::Conflict { .. })) => {
            notice(state, capital(&conflict.to_string()), true);
            reload(state, out);
            false
        }
        Err(error @ (ReviewError::Nothing(_) | ReviewError::EndOfHistory(_))) => {
            state.desk.said = Some(capital(&error.to_string()));
            false
        }
        Err(error) => {
            notice(state, capital(&error.to_string()), true);
            false
        }
    }
}

/// What was done in words, and a warning of the store's.
fn run(session: &mut Session, deed: &Deed, reason: Option<&str>) -> Result<(String, Option<String>), ReviewError> {
    match deed {
        Deed::Perform(command) => session.perform(command, reason).map(|done| (done.name, done.committed.warning())),
        Deed::Undo => session.undo(reason).map(|done| (format!("Undone: {}", done.name), done.committed.warning())),
        Deed::Redo => session.redo(reason).map(|done| (format!("Done again: {}", done.name), done.committed.warning())),
        Deed::UndoTo(left) => {
            let mut warning = None;
            let mut steps = 0;
            while session.review().history().count() > *left {
                warning = session.undo(reason)?.committed.warning().or(warning);
                steps += 1;
            }
            Ok((format!("Undone: {steps} steps"), warning))
        }
        Deed::Reopen => {
            let committed = session.reopen(reason.unwrap_or_default())?;
            Ok(("Taken up again".to_owned(), committed.warning()))
        }
    }
}

/// Reads what was changed in another window.
pub(super) fn reload(state: &mut State, out: &mut Vec<Effect>) {
    let Some(session) = state.desk.session.as_mut() else { return };
    if let Err(error) = session.reload() {
        notice(state, capital(&error.to_string()), true);
        // What is shown would not be what is kept.
        state.desk.session = None;
    }
    after(state, out);
}

/// The person stands for the review; what is typed but not yet taken over belongs to it.
pub(super) fn confirm(state: &mut State, out: &mut Vec<Effect>) {
    super::findings::flush(state);
    if let Some(refusal) = state.not_editable() {
        if state.desk.store().is_some() && state.desk.me().is_none() && state.recording().is_some() {
            people::ask(state, false);
        } else {
            notice(state, refusal, true);
        }
        return;
    }
    // A reason is being asked for: that comes first.
    let Some(session) = state.desk.session.as_mut().filter(|_| state.desk.asking.is_none()) else { return };
    match session.confirm() {
        Ok(committed) => {
            state.desk.said = Some("Confirmed".to_owned());
            if let Some(warning) = committed.warning() {
                notice(state, warning, false);
            }
        }
        Err(ReviewError::Store(conflict @ StoreError::Conflict { .. })) => {
            notice(state, capital(&conflict.to_string()), true);
            reload(state, out);
        }
        Err(error) => state.desk.said = Some(capital(&error.to_string())),
    }
    after(state, out);
}

/// Brings what hangs on the review up to date.
pub(super) fn after(state: &mut State, out: &mut Vec<Effect>) {
    state.desk.pending = None;
    let Some(review) = state.desk.session.as_ref().map(Session::review) else {
        state.desk.selection = Default::default();
        state.desk.census = Census::default();
        return;
    };
    if let Some(path) = state.recording().map(|recording| recording.path.clone()) {
        let status = read_status(review.state());
        state.worklist.know([(path, status)]);
    }
    let Some(review) = state.desk.session.as_ref().map(Session::review) else { return };
    let beats = &review.content().beats;
    state.desk.selection.keep(|at| beats.index_of(at).is_some());
    state.desk.census = census(review);
    out.extend(compare::ask(state));
}

/// What the worklist says of a review.
pub(super) fn read_status(state: crate::review::State) -> ReadStatus {
    use crate::review::State;
    match state {
        // It is on screen, or was.
        State::Unread => ReadStatus::Seen,
        State::InReview => ReadStatus::InReview,
        State::Confirmed => ReadStatus::Confirmed,
        State::Amended => ReadStatus::Amended,
    }
}

/// Counts beats by type.
fn census(review: &Review) -> Census {
    let mut types = BTreeMap::new();
    let mut census = Census::default();
    for beat in review.content().beats.as_slice() {
        *types.entry(beat.label).or_insert(0usize) += 1;
        census.uncertain += usize::from(beat.is_uncertain());
        census.decided += usize::from(beat.decided);
    }
    census.types = types.into_iter().collect();
    census.types.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    census
}

/// Where undo and redo will change something: what is not in view is shown.
fn place_of(review: &Review, deed: &Deed) -> Option<SampleIndex> {
    let of_step = |step: &Step| {
        step.changes.iter().find_map(|change| match change {
            Change::Relabel { from, .. } => from.first().and_then(|group| group.samples.first()).copied(),
            Change::Beats { removed, added } => removed.first().or(added.first()).map(|beat| beat.sample),
            Change::Interval { before, after, .. } => after.as_ref().or(before.as_ref()).map(|interval| interval.start()),
            _ => None,
        })
    };
    match deed {
        Deed::Undo => review.history().next_back().and_then(of_step),
        _ => None,
    }
}

/// Scrolls so that a sample is in view, where it is not.
pub(super) fn show(state: &mut State, at: SampleIndex, out: &mut Vec<Effect>) {
    let Some(rate) = state.recording().map(|recording| recording.rate) else { return };
    let visible = state.visible();
    let edge = visible.len() / 20;
    let inside = visible.start.0 + edge..visible.end.0.saturating_sub(edge);
    if !inside.contains(&at.0) {
        let message = Message::CentreOn(rate.seconds(at));
        out.extend(crate::app::update::update(state, message));
    }
}

/// Errors are written as parts of sentences.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
