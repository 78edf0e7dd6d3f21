//! Comparison with another reader or the machine: where both differ, how much, and taking theirs.

use super::{
    beats::Selection,
    deeds,
    deeds::{Deed, act},
    jobs::ReviewJob,
    people,
};
use crate::{
    app::{
        jobs::{Failure, Job},
        state::State,
        update::{Effect, notice},
    },
    recording::{LabelMap, SampleIndex},
    review::{
        Beats, Command, ReviewKey, ReviewerId, Taken, Whose,
        agreement::{Comparison, Disagreement},
    },
};
use std::sync::Arc;

/// Whom the reader is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Other {
    /// The machine.
    Machine,
    /// Another reader.
    Reader(ReviewerId),
}

impl Other {
    fn whose(&self) -> Whose {
        match self {
            Self::Machine => Whose::Machine,
            Self::Reader(id) => Whose::Reader(id.clone()),
        }
    }
}

/// A comparison under way.
#[derive(Debug, Clone, Default)]
pub struct Comparing {
    /// With whom.
    pub other: Option<Other>,
    /// Their beats.
    pub theirs: Option<Arc<Beats>>,
    /// What it found.
    pub found: Option<Comparison>,
    /// Counts questions; answers to older ones are dropped.
    pub number: u64,
    /// Waits for a job.
    pub busy: bool,
}

/// Begins a comparison. For a blind reader this asks to see the other's labels, which is recorded.
pub(super) fn begin(state: &mut State, other: Other) -> Vec<Effect> {
    if !people::reveal(state, &other.whose()) {
        if let Some(refusal) = state.not_editable() {
            notice(state, refusal, true);
        }
        return Vec::new();
    }
    let number = state.desk.comparison.number + 1;
    state.desk.comparison = Comparing { other: Some(other.clone()), number, busy: true, ..Comparing::default() };
    let Some(review) = state.desk.review() else { return Vec::new() };
    match other {
        Other::Machine => {
            let beats = review.baseline().map(|baseline| Arc::new(Beats::new(baseline.beats.clone())));
            state.desk.comparison.theirs = beats;
            if state.desk.comparison.theirs.is_none() {
                state.desk.comparison = Comparing { number, ..Comparing::default() };
                state.desk.said = Some("The machine has not answered yet".into());
                return Vec::new();
            }
            ask(state).into_iter().collect()
        }
        Other::Reader(reviewer) => {
            let Some(store) = state.desk.store().cloned() else { return Vec::new() };
            let key = ReviewKey { recording: review.key().recording.clone(), reviewer };
            let job = ReviewJob::Theirs { store, key, length: review.length(), number, generation: state.generation };
            vec![Effect::Start(Job::Review(job), Arc::default())]
        }
    }
}

/// Their beats came.
pub(super) fn theirs(state: &mut State, number: u64, result: Result<Beats, Failure>) -> Vec<Effect> {
    if number != state.desk.comparison.number {
        return Vec::new();
    }
    match result {
        Ok(beats) => {
            state.desk.comparison.theirs = Some(Arc::new(beats));
            ask(state).into_iter().collect()
        }
        Err(failure) => {
            state.desk.comparison = Comparing { number, ..Comparing::default() };
            notice(state, deeds::capital(&failure.to_string()), true);
            Vec::new()
        }
    }
}

/// Compares again, where a comparison is under way: after every edit.
pub(super) fn ask(state: &mut State) -> Option<Effect> {
    let rate = state.recording()?.rate;
    let theirs = state.desk.comparison.theirs.clone()?;
    let review = state.desk.session.as_ref().map(|session| session.review())?;
    let (ours, length) = (review.content().beats.clone(), review.length());
    state.desk.comparison.number += 1;
    state.desk.comparison.busy = true;
    let (number, generation) = (state.desk.comparison.number, state.generation);
    let job = ReviewJob::Compare { ours, theirs, rate, length, map: LabelMap::Aami, number, generation };
    Some(Effect::Start(Job::Review(job), Arc::default()))
}

/// The comparison came.
pub(super) fn compared(state: &mut State, number: u64, result: Result<Comparison, Failure>) {
    if number != state.desk.comparison.number {
        return;
    }
    state.desk.comparison.busy = false;
    match result {
        Ok(found) => state.desk.comparison.found = Some(found),
        Err(failure) => {
            state.desk.comparison = Comparing { number, ..Comparing::default() };
            notice(state, deeds::capital(&failure.to_string()), true);
        }
    }
}

/// To the next or previous disagreement.
pub(super) fn step(state: &mut State, forward: bool, out: &mut Vec<Effect>) {
    let Some(found) = &state.desk.comparison.found else {
        state.desk.said = Some("Compare with another reader first".into());
        return;
    };
    let visible = state.visible();
    let from = match state.desk.selection.at {
        Some(at) if visible.contains(at) => at,
        _ if forward => SampleIndex(visible.start.0.saturating_sub(1)),
        _ => visible.end,
    };
    let next = if forward { found.next(from) } else { found.previous(from) };
    let Some(next) = next.copied() else {
        let which = if forward { "after" } else { "before" };
        state.desk.said = Some(format!("No disagreement {which} this"));
        return;
    };
    // Where they have a beat and we have none, there is nothing of ours to choose; the place alone is.
    state.desk.selection = match next.ours {
        Some((at, _)) => Selection::one(at),
        None => Selection { beats: Vec::new(), at: Some(next.at), ..Selection::default() },
    };
    state.desk.said = Some(words(&next));
    deeds::show(state, next.at, out);
}

/// A disagreement in words.
pub fn words(disagreement: &Disagreement) -> String {
    match (disagreement.ours, disagreement.theirs) {
        (Some((_, ours)), Some((_, theirs))) => format!("Yours {ours}, theirs {theirs}"),
        (Some((_, ours)), None) => format!("Yours {ours}, theirs no beat"),
        (None, Some((_, theirs))) => format!("Yours no beat, theirs {theirs}"),
        (None, None) => "No beat".to_owned(),
    }
}

/// Takes what the other has: of the chosen beats, or of the place the last jump led to.
pub(super) fn take(state: &mut State, out: &mut Vec<Effect>) {
    let selection = &state.desk.selection;
    let Some(found) = &state.desk.comparison.found else {
        state.desk.said = Some("Compare with another reader first".into());
        return;
    };
    let meant = |d: &&Disagreement| match d.ours {
        Some((at, _)) => selection.has(at),
        None => selection.at == Some(d.at),
    };
    let meant: Vec<Disagreement> = found.disagreements.iter().filter(meant).copied().collect();
    let pairs: Vec<Taken> = meant.iter().map(Disagreement::taken).collect();
    if pairs.is_empty() {
        state.desk.said = Some("The readers agree here: nothing to take".into());
        return;
    }
    let place = meant.first().map(|d| d.at);
    if act(state, Deed::Perform(Command::TakeTheirs { pairs }), None, out) {
        if let Some(found) = state.desk.comparison.found.as_mut() {
            // The matrix follows when the job is done; a jump must not lead here again before.
            found.disagreements.retain(|d| !meant.contains(d));
        }
        state.desk.selection.at = state.desk.selection.at.or(place);
    }
}
