//! Edits, undo, confirming: what is done to the review, the reason where one is needed, and what follows.

use super::{Asking, Census, calipers, compare, people};
use crate::{
    app::{
        message::Message,
        state::State,
        update::{Effect, notice},
        worklist::ReadStatus,
    },
    recording::SampleIndex,
    review::{Change, Command, Done, Review, ReviewError, Session, Step, store::StoreError},
    words::{Words, fill},
};

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

/// Which beats an edit touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Touched {
    /// Those on these samples.
    Beats(Vec<SampleIndex>),
    /// Any.
    All,
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
    let words = state.words();
    let Some(session) = state.desk.session.as_mut() else { return false };
    let place = place_of(session.review(), &deed);
    match run(session, &deed, reason, words) {
        Ok(Ran { said, warning, touched }) => {
            state.desk.said = Some(said);
            if let Some(warning) = warning {
                notice(state, warning, false);
            }
            after(state, &Touched::Beats(touched), out);
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
            // Of several steps some may be done.
            after(state, &Touched::All, out);
            false
        }
    }
}

/// What was done.
struct Ran {
    /// In words.
    said: String,
    /// A warning of the store's.
    warning: Option<String>,
    /// Beats that were touched.
    touched: Vec<SampleIndex>,
}

fn run(session: &mut Session, deed: &Deed, reason: Option<&str>, words: &Words) -> Result<Ran, ReviewError> {
    let words = &words.review.said;
    let ran = |done: Done, text: &str| Ran {
        said: fill(text, &[("name", &done.name)]),
        warning: done.committed.warning(),
        touched: done.touched,
    };
    match deed {
        Deed::Perform(command) => session.perform(command, reason).map(|done| ran(done, "{name}")),
        Deed::Undo => session.undo(reason).map(|done| ran(done, &words.undone)),
        Deed::Redo => session.redo(reason).map(|done| ran(done, &words.redone)),
        Deed::UndoTo(left) => {
            let (mut warning, mut touched, mut steps) = (None, Vec::new(), 0);
            while session.review().history().len() > *left {
                let done = session.undo(reason)?;
                warning = done.committed.warning().or(warning);
                touched.extend(done.touched);
                steps += 1;
            }
            Ok(Ran { said: fill(&words.undone_steps, &[("count", &steps.to_string())]), warning, touched })
        }
        Deed::Reopen => {
            let committed = session.reopen(reason.unwrap_or_default())?;
            Ok(Ran { said: words.taken_up.clone(), warning: committed.warning(), touched: Vec::new() })
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
    after(state, &Touched::All, out);
}

/// The person stands for the review; what is typed but not yet taken over belongs to it.
pub(super) fn confirm(state: &mut State, out: &mut Vec<Effect>) {
    super::findings::flush(state);
    let words = state.words();
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
            state.desk.said = Some(words.review.said.confirmed.clone());
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
    after(state, &Touched::Beats(Vec::new()), out);
}

/// Brings what hangs on the review up to date. What it costs goes with the beats that were touched, not with those there are.
pub(super) fn after(state: &mut State, touched: &Touched, out: &mut Vec<Effect>) {
    state.desk.pending = None;
    let Some(status) = state.desk.review().map(|review| read_status(review.state())) else {
        state.desk.selection = Default::default();
        state.desk.census = Census::default();
        return;
    };
    // The worklist may be long.
    if state.desk.status != Some(status)
        && let Some(path) = state.recording().map(|recording| recording.path.clone())
    {
        state.desk.status = Some(status);
        state.worklist.know([(path, status)]);
    }
    let desk = &mut state.desk;
    let Some(beats) = desk.session.as_ref().map(|session| &session.review().content().beats) else { return };
    if desk.places != beats.places() || *touched == Touched::All {
        desk.places = beats.places();
        desk.selection.keep(|at| beats.index_of(at).is_some());
    }
    desk.census = Census::from(beats.tally());
    let mut changed = true;
    if let Touched::Beats(samples) = touched {
        changed = !samples.is_empty();
        if let Some(grouped) = desk.shapes.grouped.as_mut() {
            grouped.types.follow(samples, beats);
        }
    } else if let Some(grouped) = desk.shapes.grouped.as_mut() {
        grouped.types.recount(beats);
    }
    calipers::show(state);
    if changed {
        out.extend(compare::ask(state));
    }
    compare::findings(state);
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
