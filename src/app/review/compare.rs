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
        agreement::{
            Comparison, Disagreement,
            findings::{self, FindingComparison, Opinions, Topic},
        },
    },
    words::{ReviewWords, fill},
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
    pub theirs: Option<Beats>,
    /// What they say of findings.
    pub opinions: Option<Arc<Opinions>>,
    /// What it found.
    pub found: Option<Comparison>,
    /// What it found of findings.
    pub findings: FindingComparison,
    /// Counts questions; answers to older ones are dropped.
    pub number: u64,
    /// Waits for a job.
    pub busy: bool,
    /// Beats were edited since the job began: once more when it ends.
    pub(super) stale: bool,
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
            let labels = review.baseline().map(|labels| (Beats::new(labels.beats.clone()), Opinions::of_machine(labels)));
            let Some((beats, opinions)) = labels else {
                state.desk.comparison = Comparing { number, ..Comparing::default() };
                state.desk.said = Some(state.words().review.said.machine_silent.clone());
                return Vec::new();
            };
            theirs(state, number, Ok((beats, opinions)))
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
pub(super) fn theirs(state: &mut State, number: u64, result: Result<(Beats, Opinions), Failure>) -> Vec<Effect> {
    if number != state.desk.comparison.number {
        return Vec::new();
    }
    match result {
        Ok((beats, opinions)) => {
            let comparison = &mut state.desk.comparison;
            (comparison.theirs, comparison.opinions, comparison.busy) = (Some(beats), Some(Arc::new(opinions)), false);
            findings(state);
            ask(state).into_iter().collect()
        }
        Err(failure) => {
            state.desk.comparison = Comparing { number, ..Comparing::default() };
            notice(state, deeds::capital(&failure.to_string()), true);
            Vec::new()
        }
    }
}

/// Compares findings again: there are few.
pub(super) fn findings(state: &mut State) {
    let desk = &mut state.desk;
    if let (Some(theirs), Some(session)) = (&desk.comparison.opinions, &desk.session) {
        desk.comparison.findings = findings::compare(&Opinions::of_reader(session.review()), theirs);
    }
}

/// Takes what the other says of a finding.
pub(super) fn take_finding(state: &mut State, topic: &Topic, out: &mut Vec<Effect>) {
    let differs = state.desk.comparison.findings.differences.iter().find(|difference| difference.topic == *topic);
    let Some(theirs) = differs.map(|difference| difference.theirs) else { return };
    let command = state.desk.review().and_then(|review| findings::taken(review, topic, theirs));
    if let Some(command) = command {
        act(state, Deed::Perform(command), None, out);
    }
}

/// Compares again, where a comparison is under way: after every edit of beats. One job at a time; edits made meanwhile are compared together after it.
pub(super) fn ask(state: &mut State) -> Option<Effect> {
    let rate = state.recording()?.rate;
    let theirs = Box::new(state.desk.comparison.theirs.clone()?);
    if state.desk.comparison.busy {
        state.desk.comparison.stale = true;
        return None;
    }
    let review = state.desk.session.as_ref().map(|session| session.review())?;
    let (ours, length) = (Box::new(review.content().beats.clone()), review.length());
    state.desk.comparison.number += 1;
    state.desk.comparison.busy = true;
    let (number, generation) = (state.desk.comparison.number, state.generation);
    let job = ReviewJob::Compare { ours, theirs, rate, length, map: LabelMap::Aami, number, generation };
    Some(Effect::Start(Job::Review(job), Arc::default()))
}

/// The comparison came.
pub(super) fn compared(state: &mut State, number: u64, result: Result<Box<Comparison>, Failure>) -> Vec<Effect> {
    if number != state.desk.comparison.number {
        return Vec::new();
    }
    state.desk.comparison.busy = false;
    if std::mem::take(&mut state.desk.comparison.stale) {
        return ask(state).into_iter().collect();
    }
    match result {
        Ok(found) => state.desk.comparison.found = Some(*found),
        Err(failure) => {
            state.desk.comparison = Comparing { number, ..Comparing::default() };
            notice(state, deeds::capital(&failure.to_string()), true);
        }
    }
    Vec::new()
}

/// To the next or previous disagreement.
pub(super) fn step(state: &mut State, forward: bool, out: &mut Vec<Effect>) {
    let review = &state.words().review;
    let Some(found) = &state.desk.comparison.found else {
        state.desk.said = Some(review.said.compare_first.clone());
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
        let none = if forward { &review.said.no_difference_after } else { &review.said.no_difference_before };
        state.desk.said = Some(none.clone());
        return;
    };
    // Where they have a beat and we have none, there is nothing of ours to choose; the place alone is.
    state.desk.selection = match next.ours {
        Some((at, _)) => Selection::one(at),
        None => Selection { beats: Vec::new(), at: Some(next.at), ..Selection::default() },
    };
    state.desk.said = Some(words(&next, review));
    deeds::show(state, next.at, out);
}

/// A disagreement in words.
pub fn words(disagreement: &Disagreement, words: &ReviewWords) -> String {
    let text =
        |side: Option<(SampleIndex, crate::review::BeatType)>| side.map_or_else(String::new, |(_, label)| label.to_string());
    let (ours, theirs) = (text(disagreement.ours), text(disagreement.theirs));
    let whole = match (disagreement.ours, disagreement.theirs) {
        (Some(_), Some(_)) => &words.compare.differ,
        (Some(_), None) => &words.compare.only_yours,
        (None, Some(_)) => &words.compare.only_theirs,
        (None, None) => &words.compare.neither,
    };
    fill(whole, &[("ours", &ours), ("theirs", &theirs)])
}

/// Takes what the other has: of the chosen beats, or of the place the last jump led to.
pub(super) fn take(state: &mut State, out: &mut Vec<Effect>) {
    let selection = state.desk.selection.clone();
    let said = &state.words().review.said;
    let Some(found) = &state.desk.comparison.found else {
        state.desk.said = Some(said.compare_first.clone());
        return;
    };
    let meant = |d: &Disagreement| match d.ours {
        Some((at, _)) => selection.has(at),
        None => selection.at == Some(d.at),
    };
    let pairs: Vec<Taken> = found.disagreements.iter().filter(|d| meant(d)).map(Disagreement::taken).collect();
    if pairs.is_empty() {
        state.desk.said = Some(said.agree_here.clone());
        return;
    }
    let place = found.disagreements.iter().find(|d| meant(d)).map(|d| d.at);
    if act(state, Deed::Perform(Command::TakeTheirs { pairs }), None, out) {
        if let Some(found) = state.desk.comparison.found.as_mut() {
            // The matrix follows when the job is done; a jump must not lead here again before.
            found.disagreements.retain(|d| !meant(d));
        }
        state.desk.selection.at = state.desk.selection.at.or(place);
    }
}
