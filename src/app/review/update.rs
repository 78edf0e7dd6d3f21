//! Applies what happens at the desk.

use super::{
    ReviewMessage, Shelf,
    beats::{self, Selection},
    calipers, compare, deeds,
    deeds::{Deed, act},
    files, findings, intervals,
    jobs::{Found, ReviewEvent, ReviewJob, Stored},
    people, shapes,
};
use crate::{
    app::{
        jobs::{Failure, Job},
        state::State,
        tools::blind,
        update::{Effect, notice},
    },
    review::{Labels, ReviewError, Session, store::StoreError},
    words::fill,
};
use std::sync::Arc;

/// Applies one message.
pub fn update(state: &mut State, message: ReviewMessage) -> Vec<Effect> {
    let mut out = Vec::new();
    match message {
        ReviewMessage::OpenStore(folder) => return people::open_store(state, folder),
        ReviewMessage::AskWho => people::ask(state, false),
        ReviewMessage::CloseWho => state.desk.people.form = None,
        ReviewMessage::WhoName(text) => with_form(state, |form| (form.name, form.fault) = (text, None)),
        ReviewMessage::WhoInitials(text) => with_form(state, |form| (form.initials, form.fault) = (text, None)),
        ReviewMessage::EnterWho => return people::enter(state),
        ReviewMessage::ChooseReviewer(id) => return people::choose(state, id),
        ReviewMessage::ToggleBlind => blind::toggle(state),
        ReviewMessage::Reveal(crate::review::Whose::Machine) => blind::reveal(state),
        ReviewMessage::Reveal(whose) => {
            people::reveal(state, &whose);
        }

        ReviewMessage::ShowPanel(shown) => {
            out.extend(findings::flush(state));
            state.desk.panel = shown;
        }
        ReviewMessage::ToggleLabelMode => toggle_label_mode(state, &mut out),
        ReviewMessage::Escape => escape(state),
        ReviewMessage::ToggleAdvance => state.desk.advance = !state.desk.advance,
        ReviewMessage::Pick(pick) => return beats::pick(state, pick),
        ReviewMessage::Seek { what, forward, extend } => return beats::seek(state, what, forward, extend),
        ReviewMessage::Relabel(to) => return beats::relabel(state, to),
        ReviewMessage::Accept => return beats::accept(state),
        ReviewMessage::CarryOut if state.desk.pending.is_some() => return beats::carry_out(state),
        ReviewMessage::CarryOut => return beats::accept(state),
        ReviewMessage::DropPending => state.desk.pending = None,
        ReviewMessage::AddBeat(at) => return beats::add(state, at),
        ReviewMessage::MoveBy(samples) => return beats::move_by(state, samples),
        ReviewMessage::MoveHere => return beats::move_here(state),
        ReviewMessage::MoveFrom { from, to, snap } => return beats::move_from(state, from, to, snap),
        ReviewMessage::DeleteBeats => return beats::delete(state),
        ReviewMessage::FindClusters => return shapes::wanted(state, shapes::Wanted::Clusters),
        ReviewMessage::StopShapes => state.desk.shapes.stop(),
        ReviewMessage::SetLimit(limit) => return shapes::set_limit(state, limit),

        ReviewMessage::Undo => drop(act(state, Deed::Undo, None, &mut out)),
        ReviewMessage::Redo => drop(act(state, Deed::Redo, None, &mut out)),
        ReviewMessage::UndoTo(left) => drop(act(state, Deed::UndoTo(left), None, &mut out)),
        ReviewMessage::Confirm => deeds::confirm(state, &mut out),
        ReviewMessage::Reopen => {
            if state.desk.review().is_some_and(|review| review.state().is_confirmed()) {
                state.desk.asking = Some(super::Asking { deed: Deed::Reopen, reason: String::new() });
            }
        }
        ReviewMessage::ReasonEdited(text) => {
            if let Some(asking) = state.desk.asking.as_mut() {
                asking.reason = text;
            }
        }
        ReviewMessage::GiveReason => give_reason(state, &mut out),
        ReviewMessage::DropReason => drop_reason(state),
        ReviewMessage::ToggleHistory => state.desk.history_open = !state.desk.history_open,

        ReviewMessage::Compare(other) => return compare::begin(state, other),
        ReviewMessage::EndComparison => {
            let number = state.desk.comparison.number + 1;
            state.desk.comparison = compare::Comparing { number, ..Default::default() };
        }
        ReviewMessage::TakeTheirs => compare::take(state, &mut out),
        ReviewMessage::TakeFinding(topic) => compare::take_finding(state, &topic, &mut out),

        ReviewMessage::Interval(message) => return intervals::update(state, message),
        ReviewMessage::Finding(message) => return findings::update(state, message),
        ReviewMessage::File(message) => return files::update(state, message),
    }
    out
}

fn with_form(state: &mut State, edit: impl FnOnce(&mut people::Form)) {
    if let Some(form) = state.desk.people.form.as_mut() {
        edit(form);
    }
}

/// Enters or leaves label mode. It is entered only where labels can be kept.
fn toggle_label_mode(state: &mut State, out: &mut Vec<Effect>) {
    if state.desk.label_mode {
        leave(state);
        return;
    }
    if state.desk.store().is_some() && state.desk.me().is_none() {
        return people::ask(state, true);
    }
    if let Some(refusal) = state.not_editable().filter(|_| state.desk.opening.is_none()) {
        return notice(state, refusal, true);
    }
    state.desk.label_mode = true;
    state.desk.panel = true;
    state.desk.said = None;
    begin(state, out);
}

/// Somebody is at it now.
fn begin(state: &mut State, out: &mut Vec<Effect>) {
    match state.desk.session.as_mut().map(Session::begin) {
        // Another window was first: what it did is read, and somebody is at it then.
        Some(Err(ReviewError::Store(StoreError::Conflict { .. }))) => deeds::reload(state, out),
        Some(Err(error)) => notice(state, deeds::capital(&error.to_string()), true),
        Some(Ok(())) | None => {}
    }
}

fn leave(state: &mut State) {
    state.desk.label_mode = false;
    state.desk.pending = None;
    state.desk.intervals.begun = None;
    state.desk.intervals.drawn = None;
    state.desk.selection = Selection::default();
}

fn escape(state: &mut State) {
    if state.desk.pending.take().is_some() || state.desk.intervals.begun.take().is_some() {
        return;
    }
    leave(state);
}

fn give_reason(state: &mut State, out: &mut Vec<Effect>) {
    let Some(asking) = state.desk.asking.take() else { return };
    if asking.reason.trim().is_empty() {
        state.desk.asking = Some(asking);
        return;
    }
    if !act(state, asking.deed.clone(), Some(&asking.reason), out) && state.desk.asking.is_some() {
        state.desk.asking = Some(asking);
    }
}

/// Nothing is changed; a conclusion that was typed stays in its field.
fn drop_reason(state: &mut State) {
    if let Some(super::Asking { deed: Deed::Perform(crate::review::Command::Conclude(text)), .. }) = state.desk.asking.take() {
        state.desk.findings.conclusion = Some(text);
    }
}

/// Opens the review of the open recording by whoever reviews.
pub(super) fn open_review(state: &mut State) -> Vec<Effect> {
    let (Some(recording), Some(store)) = (state.recording().cloned(), state.desk.store().cloned()) else { return Vec::new() };
    let Some(reviewer) = state.desk.people.chosen.clone() else { return Vec::new() };
    state.desk.attempts += 1;
    state.desk.opening = Some(state.desk.attempts);
    let (number, blind, facts) = (state.desk.attempts, state.paper.settings.blind_first, state.desk.facts.clone());
    let job = ReviewJob::Open { store, recording, facts, reviewer, blind, number };
    vec![Effect::Start(Job::Review(job), Arc::default())]
}

/// A recording was opened.
pub fn opened(state: &mut State) -> Vec<Effect> {
    open_review(state)
}

/// A recording is about to be closed: what was typed is kept, and what belonged to it is forgotten. Gives the desk as it is then.
pub fn closed(state: &mut State) -> super::Desk {
    findings::flush(state);
    if state.desk.asking.take().is_some() {
        let text = state.words().review.refused.not_kept.clone();
        notice(state, text, false);
    }
    state.desk.shapes.stop();
    std::mem::take(&mut state.desk).without_recording()
}

/// The machine's labels are there, or the review is: where both are, the labels are made ready for the review in a job.
pub fn labels(state: &mut State) -> Vec<Effect> {
    let (Some(recording), Some(analysis)) = (state.recording().cloned(), state.analysis.clone()) else { return Vec::new() };
    if state.desk.session.is_none() {
        return Vec::new();
    }
    let job = ReviewJob::Labels { recording, analysis, generation: state.generation, run: state.run };
    vec![Effect::Start(Job::Review(job), Arc::default())]
}

/// The review takes the labels in beside what was decided before.
fn labels_ready(state: &mut State, result: Result<Box<Labels>, Failure>) -> Vec<Effect> {
    let mut out = Vec::new();
    let labels = match result {
        Ok(labels) => *labels,
        Err(failure) => {
            notice(state, deeds::capital(&failure.to_string()), true);
            return out;
        }
    };
    let Some(session) = state.desk.session.as_mut() else { return out };
    let mut arrived = session.labels_arrived(labels.clone());
    if let Err(ReviewError::Store(StoreError::Conflict { .. })) = arrived {
        deeds::reload(state, &mut out);
        let Some(session) = state.desk.session.as_mut() else { return out };
        arrived = session.labels_arrived(labels);
    }
    match arrived {
        Ok(committed) => {
            if let Some(warning) = committed.and_then(|committed| committed.warning()) {
                notice(state, warning, false);
            }
        }
        Err(error) => notice(state, deeds::capital(&error.to_string()), true),
    }
    deeds::after(state, &deeds::Touched::All, &mut out);
    out
}

/// Which tab an event is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// The window: the tab that is shown.
    Window,
    /// The tab whose review is opened with this number.
    Attempt(u64),
    /// The tab of the recording with this number.
    Recording(u64),
}

impl Meant {
    /// Whether that tab's state is this one.
    pub fn is(self, state: &State) -> bool {
        match self {
            Self::Window => true,
            Self::Attempt(number) => state.desk.opening == Some(number),
            Self::Recording(generation) => state.generation == generation,
        }
    }
}

/// Which tab an event is for.
pub fn meant(event: &ReviewEvent) -> Meant {
    match event {
        ReviewEvent::StoreOpened(_) | ReviewEvent::Browsed(_) => Meant::Window,
        ReviewEvent::Opened { number, .. } => Meant::Attempt(*number),
        ReviewEvent::Labels { generation, .. }
        | ReviewEvent::Shapes { generation, .. }
        | ReviewEvent::Theirs { generation, .. }
        | ReviewEvent::Compared { generation, .. }
        | ReviewEvent::Exported { generation, .. }
        | ReviewEvent::Imported { generation, .. } => Meant::Recording(*generation),
    }
}

/// Another tab is about to be shown: what was typed is kept.
pub fn parked(state: &mut State) {
    findings::flush(state);
}

/// A tab is shown again. Somebody else may review by now, or the store was opened meanwhile.
pub fn shown(state: &mut State) -> Vec<Effect> {
    let (reviewer, review) = (&state.desk.people.chosen, state.desk.review());
    let mine = review.is_some_and(|review| Some(&review.key().reviewer) == reviewer.as_ref());
    if mine || reviewer.is_none() || state.opened.is_none() || (state.desk.opening.is_some() && review.is_none()) {
        return Vec::new();
    }
    let desk = std::mem::take(&mut state.desk);
    let facts = desk.facts.clone();
    state.desk = super::Desk { facts, ..desk.without_recording() };
    open_review(state)
}

/// A job of the desk ended.
pub fn arrived(state: &mut State, event: ReviewEvent) -> Vec<Effect> {
    let now = state.generation;
    match event {
        ReviewEvent::StoreOpened(result) => store_opened(state, result),
        ReviewEvent::Opened { number, result } if state.desk.opening == Some(number) => {
            state.desk.opening = None;
            review_opened(state, result)
        }
        ReviewEvent::Labels { generation, run, result } if (generation, run) == (now, state.run) => labels_ready(state, result),
        ReviewEvent::Shapes { generation, number, result } if generation == now => {
            shapes::arrived(state, number, result);
            Vec::new()
        }
        ReviewEvent::Theirs { generation, number, result } if generation == now => compare::theirs(state, number, result),
        ReviewEvent::Compared { generation, number, result } if generation == now => compare::compared(state, number, result),
        ReviewEvent::Exported { generation, result } if generation == now => {
            files::exported(state, result);
            Vec::new()
        }
        ReviewEvent::Imported { generation, result } if generation == now => {
            files::imported(state, result);
            Vec::new()
        }
        ReviewEvent::Browsed(path) => {
            files::browsed(state, path);
            Vec::new()
        }
        // Of a recording, reader or comparison that is no longer the one: dropped.
        ReviewEvent::Opened { .. }
        | ReviewEvent::Labels { .. }
        | ReviewEvent::Shapes { .. }
        | ReviewEvent::Theirs { .. }
        | ReviewEvent::Compared { .. }
        | ReviewEvent::Exported { .. }
        | ReviewEvent::Imported { .. } => Vec::new(),
    }
}

fn store_opened(state: &mut State, result: Result<Stored, Failure>) -> Vec<Effect> {
    match result {
        Ok(Stored { store, people, last, standing }) => {
            state.worklist.know(standing.into_iter().map(|(path, state)| (path, deeds::read_status(state))));
            state.desk.shelf = Shelf::Open(store);
            state.desk.people.all = people;
            state.desk.people.chosen = last;
            open_review(state)
        }
        Err(failure) => {
            let reason = failure.to_string();
            let text = fill(&state.words().review.refused.store_failed, &[("reason", &reason)]);
            notice(state, text, false);
            state.desk.shelf = Shelf::Failed(reason);
            Vec::new()
        }
    }
}

fn review_opened(state: &mut State, result: Result<Box<Found>, Failure>) -> Vec<Effect> {
    match result {
        Ok(found) => {
            let Found { session, facts, people, others } = *found;
            state.desk.session = Some(session);
            state.desk.facts = Some(facts);
            state.desk.people.all = people;
            state.desk.others = others;
            let mut out = labels(state);
            if state.desk.label_mode {
                begin(state, &mut out);
            }
            deeds::after(state, &deeds::Touched::All, &mut out);
            calipers::opened(state, &mut out);
            out
        }
        Err(failure) => {
            notice(state, deeds::capital(&failure.to_string()), true);
            Vec::new()
        }
    }
}
