//! Choosing beats, relabelling, adding, moving and deleting them.

use super::{
    Pending, deeds,
    deeds::{Deed, act},
    tidy,
};
use crate::{
    app::{
        state::State,
        update::{Effect, notice},
    },
    recording::{SampleIndex, SampleRange},
    review::{
        Beat, BeatType, Command, Review,
        select::{self, Wanted},
        snap,
    },
};

/// Chosen beats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// R peaks, ascending.
    pub beats: Vec<SampleIndex>,
    /// The beat that keys start from: the one chosen last.
    pub at: Option<SampleIndex>,
    /// Where a range of beats begins.
    pub(super) anchor: Option<SampleIndex>,
}

impl Selection {
    /// One beat.
    pub fn one(at: SampleIndex) -> Self {
        Self { beats: vec![at], at: Some(at), anchor: Some(at) }
    }

    /// Many beats; keys start from the first.
    pub fn many(beats: Vec<SampleIndex>) -> Self {
        let beats = tidy(beats);
        Self { at: beats.first().copied(), anchor: beats.first().copied(), beats }
    }

    /// Whether a beat is chosen.
    pub fn has(&self, at: SampleIndex) -> bool {
        self.beats.binary_search(&at).is_ok()
    }

    /// Keeps the beats that are still there.
    pub(super) fn keep(&mut self, there: impl Fn(SampleIndex) -> bool) {
        self.beats.retain(|at| there(*at));
        self.at = self.at.filter(|at| there(*at)).or(self.beats.first().copied());
        self.anchor = self.anchor.filter(|at| there(*at)).or(self.at);
    }

    fn toggle(&mut self, at: SampleIndex) {
        match self.beats.binary_search(&at) {
            Ok(index) => drop(self.beats.remove(index)),
            Err(index) => self.beats.insert(index, at),
        }
        (self.at, self.anchor) = (Some(at), Some(at));
    }
}

/// How beats are chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Pick {
    /// This one.
    One(SampleIndex),
    /// This one too, or no longer.
    Toggle(SampleIndex),
    /// From the one chosen last to this one.
    Through(SampleIndex),
    /// All within these stretches; `add`: besides those that are chosen.
    Within {
        /// Where.
        ranges: Vec<SampleRange>,
        /// Keep what is chosen.
        add: bool,
    },
    /// All of a type.
    OfType(BeatType),
    /// All of the type of the chosen beat.
    OfThisType,
    /// All that look like the chosen beat.
    Like,
    /// These.
    These(Vec<SampleIndex>),
    /// Every beat.
    All,
    /// None.
    None,
}

/// A kind of beat to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seek {
    /// Any.
    Any,
    /// Not sure, and not decided.
    Uncertain,
    /// Of the type of the chosen beat.
    ThisType,
    /// On which the compared readers differ.
    Disagreement,
}

/// What a reader may know of a beat's label: nothing, where it is the machine's and hidden from them.
pub fn label_of(beat: &Beat, hidden: bool) -> Option<BeatType> {
    (!hidden || beat.decided).then_some(beat.label)
}

/// Chooses beats.
pub(super) fn pick(state: &mut State, pick: Pick) -> Vec<Effect> {
    state.desk.pending = None;
    let hidden = state.machine_hidden();
    let Some(review) = state.desk.session.as_ref().map(|session| session.review()) else { return Vec::new() };
    let beats = &review.content().beats;
    let of_type = |label: BeatType| -> Vec<SampleIndex> {
        let all = beats.as_slice().iter().filter(|beat| label_of(beat, hidden) == Some(label));
        all.map(|beat| beat.sample).collect()
    };
    let selection = &mut state.desk.selection;
    match pick {
        Pick::One(at) => *selection = Selection::one(at),
        Pick::Toggle(at) => selection.toggle(at),
        Pick::Through(at) => {
            let anchor = selection.anchor.unwrap_or(at);
            let range = SampleRange { start: anchor.min(at), end: SampleIndex(anchor.max(at).0.saturating_add(1)) };
            let within = beats.in_range(range).iter().map(|beat| beat.sample).collect();
            *selection = Selection { beats: within, at: Some(at), anchor: Some(anchor) };
        }
        Pick::Within { ranges, add } => {
            let within = ranges.into_iter().flat_map(|range| beats.in_range(range)).map(|beat| beat.sample);
            let before = if add { std::mem::take(&mut selection.beats) } else { Vec::new() };
            *selection = Selection::many(before.into_iter().chain(within).collect());
        }
        Pick::OfType(label) => *selection = Selection::many(of_type(label)),
        Pick::OfThisType => {
            let this = selection.at.and_then(|at| beats.at(at)).and_then(|beat| label_of(beat, hidden));
            if let (Some(label), Some(at)) = (this, selection.at) {
                *selection = Selection { at: Some(at), ..Selection::many(of_type(label)) };
            }
        }
        Pick::Like => return like_this(state),
        Pick::These(list) => {
            *selection = Selection::many(list.into_iter().filter(|at| beats.index_of(*at).is_some()).collect());
        }
        Pick::All => *selection = Selection::many(beats.as_slice().iter().map(|beat| beat.sample).collect()),
        Pick::None => *selection = Selection::default(),
    }
    Vec::new()
}

/// "All like this": at once where the shapes are known, else once they are.
fn like_this(state: &mut State) -> Vec<Effect> {
    let Some(at) = state.desk.selection.at else {
        state.desk.said = Some(state.words().review.said.choose_beat.clone());
        return Vec::new();
    };
    super::shapes::wanted(state, super::shapes::Wanted::Like(at))
}

/// Goes to the next or previous beat of a kind.
pub(super) fn seek(state: &mut State, what: Seek, forward: bool, extend: bool) -> Vec<Effect> {
    let mut out = Vec::new();
    if what == Seek::Disagreement {
        super::compare::step(state, forward, &mut out);
        return out;
    }
    let hidden = state.machine_hidden();
    let from = start_of(state, forward);
    let Some(review) = state.desk.session.as_ref().map(|session| session.review()) else { return out };
    let beats = &review.content().beats;
    let found = match what {
        // Which beats the machine was not sure of is its answer too.
        Seek::Uncertain if hidden => None,
        Seek::Uncertain => go(review, Wanted::Uncertain, from, forward),
        Seek::ThisType => {
            let this = state.desk.selection.at.and_then(|at| beats.at(at)).and_then(|beat| label_of(beat, hidden));
            this.and_then(|label| {
                let fits = |beat: &Beat| label_of(beat, hidden) == Some(label);
                let found = if forward { beats.next_after(from, fits) } else { beats.last_before(from, fits) };
                found.map(|beat| beat.sample)
            })
        }
        Seek::Any | Seek::Disagreement => go(review, Wanted::Any, from, forward),
    };
    let Some(at) = found else {
        let words = &state.words().review.said;
        let said = match (what, forward) {
            (Seek::Uncertain, true) => &words.no_uncertain_after,
            (Seek::Uncertain, false) => &words.no_uncertain_before,
            (Seek::ThisType, true) => &words.no_type_after,
            (Seek::ThisType, false) => &words.no_type_before,
            (Seek::Any | Seek::Disagreement, true) => &words.no_beat_after,
            (Seek::Any | Seek::Disagreement, false) => &words.no_beat_before,
        };
        state.desk.said = Some(said.clone());
        return out;
    };
    let how = if extend { Pick::Through(at) } else { Pick::One(at) };
    out.extend(pick(state, how));
    deeds::show(state, at, &mut out);
    out
}

/// Where seeking starts: the chosen beat while it is in view, else the edge of the page, so that a step never leaps back to where one was long ago.
fn start_of(state: &State, forward: bool) -> SampleIndex {
    let visible = state.visible();
    match state.desk.selection.at {
        Some(at) if visible.contains(at) => at,
        _ if forward => SampleIndex(visible.start.0.saturating_sub(1)),
        _ => visible.end,
    }
}

fn go(review: &Review, wanted: Wanted, from: SampleIndex, forward: bool) -> Option<SampleIndex> {
    let beats = &review.content().beats;
    // The very first sample may hold a beat.
    let first = beats.as_slice().first().filter(|beat| forward && from.0 == 0 && beat.sample.0 == 0 && wanted.fits(beat));
    match first {
        Some(beat) if beats.len() == 1 => Some(beat.sample),
        _ if forward => select::next(beats, wanted, from),
        _ => select::previous(beats, wanted, from),
    }
}

/// The chosen beats are this: at once for one beat, else after a look at what would change.
pub(super) fn relabel(state: &mut State, to: BeatType) -> Vec<Effect> {
    let mut out = Vec::new();
    state.desk.last_label = Some(to);
    let chosen = state.desk.selection.beats.clone();
    if chosen.is_empty() {
        state.desk.said = Some(state.words().review.said.choose_beat_how.clone());
        return out;
    }
    let command = Command::Relabel { beats: chosen, to };
    if state.desk.pending.as_ref().is_some_and(|pending| pending.command == command) {
        return carry_out(state);
    }
    if state.desk.selection.beats.len() > 1 {
        preview(state, command, &mut out);
        return out;
    }
    if act(state, Deed::Perform(command), None, &mut out) && state.desk.advance {
        out.extend(seek(state, Seek::Any, true, false));
    }
    out
}

/// Shows what an edit of many beats would do, and waits.
fn preview(state: &mut State, command: Command, out: &mut Vec<Effect>) {
    let Some(review) = state.desk.session.as_ref().map(|session| session.review()) else {
        // The refusal is told the same way.
        act(state, Deed::Perform(command), None, out);
        return;
    };
    match review.preview(&command) {
        Ok(preview) => state.desk.pending = Some(Pending { command, preview }),
        Err(error) => state.desk.said = Some(deeds::capital(&error.to_string())),
    }
}

/// Carries out what was looked at.
pub(super) fn carry_out(state: &mut State) -> Vec<Effect> {
    let mut out = Vec::new();
    if let Some(pending) = state.desk.pending.take() {
        act(state, Deed::Perform(pending.command), None, &mut out);
    }
    out
}

/// The labels of the chosen beats are right: they count as decided.
pub(super) fn accept(state: &mut State) -> Vec<Effect> {
    let mut out = Vec::new();
    // Nobody stands for a label they have not seen.
    if state.machine_hidden() {
        state.desk.said = Some(state.words().review.said.hidden.clone());
        return out;
    }
    let words = &state.words().review.said;
    let Some(review) = state.desk.session.as_ref().map(|session| session.review()) else {
        act(state, Deed::Perform(Command::DeleteBeats { beats: Vec::new() }), None, &mut out);
        return out;
    };
    let mut labels: Vec<BeatType> =
        state.desk.selection.beats.iter().filter_map(|at| review.content().beats.at(*at)).map(|beat| beat.label).collect();
    labels.sort_unstable();
    labels.dedup();
    match labels.as_slice() {
        [] => state.desk.said = Some(words.choose_beat.clone()),
        [only] => return relabel(state, *only),
        _ => state.desk.said = Some(words.several_labels.clone()),
    }
    out
}

/// Adds a beat at the R peak nearest to `at`, else to the pointer, else halfway to the beat after the chosen one, where a missed beat mostly lies.
pub(super) fn add(state: &mut State, at: Option<SampleIndex>) -> Vec<Effect> {
    let mut out = Vec::new();
    let Some(at) = snapped(state, at) else { return out };
    let label = state.desk.last_label.unwrap_or(BeatType::Normal);
    if act(state, Deed::Perform(Command::AddBeat { at, label }), None, &mut out) {
        state.desk.selection = Selection::one(at);
    }
    out
}

/// Halfway from the chosen beat to the next.
fn gap(state: &State) -> Option<SampleIndex> {
    let chosen = state.desk.selection.at?;
    let next = state.desk.review()?.content().beats.next_after(chosen, |_| true)?.sample;
    Some(SampleIndex(chosen.0 + next.0.saturating_sub(chosen.0) / 2))
}

/// The R peak near a place.
fn snapped(state: &mut State, at: Option<SampleIndex>) -> Option<SampleIndex> {
    let recording = state.recording()?.clone();
    let visible = state.visible();
    let pointer = state.cursor.as_ref().map(|cursor| cursor.at);
    let at = at.or(pointer).or_else(|| gap(state)).unwrap_or(SampleIndex(visible.start.0 + visible.len() / 2));
    match snap(&recording, at) {
        Ok(at) => Some(at),
        Err(error) => {
            notice(state, deeds::capital(&error.to_string()), true);
            None
        }
    }
}

/// Moves the one chosen beat by samples.
pub(super) fn move_by(state: &mut State, samples: i64) -> Vec<Effect> {
    let Some(from) = only_chosen(state) else { return Vec::new() };
    let to = SampleIndex(from.0.saturating_add_signed(samples));
    move_to(state, from, to)
}

/// Moves the one chosen beat to the R peak nearest to the pointer.
pub(super) fn move_here(state: &mut State) -> Vec<Effect> {
    let Some(from) = only_chosen(state) else { return Vec::new() };
    if state.cursor.is_none() {
        state.desk.said = Some(state.words().review.said.point_first.clone());
        return Vec::new();
    }
    match snapped(state, None) {
        Some(to) => move_to(state, from, to),
        None => Vec::new(),
    }
}

/// Moves a beat that was dragged. Dropped beyond the recording or on itself it stays.
pub(super) fn move_from(state: &mut State, from: SampleIndex, to: SampleIndex, snap: bool) -> Vec<Effect> {
    let to = if snap { snapped(state, Some(to)) } else { Some(to) };
    match to {
        Some(to) if to != from => move_to(state, from, to),
        _ => Vec::new(),
    }
}

fn only_chosen(state: &mut State) -> Option<SampleIndex> {
    match state.desk.selection.beats.as_slice() {
        [only] => Some(*only),
        _ => {
            state.desk.said = Some(state.words().review.said.choose_one.clone());
            None
        }
    }
}

fn move_to(state: &mut State, from: SampleIndex, to: SampleIndex) -> Vec<Effect> {
    let mut out = Vec::new();
    if act(state, Deed::Perform(Command::MoveBeat { from, to }), None, &mut out) {
        state.desk.selection = Selection::one(to);
    }
    out
}

/// Deletes the chosen beats: one at once, many after a look. The next one is chosen then.
pub(super) fn delete(state: &mut State) -> Vec<Effect> {
    let mut out = Vec::new();
    let chosen = state.desk.selection.beats.clone();
    if chosen.is_empty() {
        state.desk.said = Some(state.words().review.said.choose_beat.clone());
        return out;
    }
    let last = chosen.last().copied();
    let several = chosen.len() > 1;
    let command = Command::DeleteBeats { beats: chosen };
    if several && state.desk.pending.as_ref().is_none_or(|pending| pending.command != command) {
        preview(state, command, &mut out);
        return out;
    }
    if act(state, Deed::Perform(command), None, &mut out) {
        let beats = state.desk.session.as_ref().map(|session| &session.review().content().beats);
        let next = beats.zip(last).and_then(|(beats, last)| {
            let next = beats.next_after(last, |_| true).or_else(|| beats.last_before(last, |_| true));
            next.map(|beat| beat.sample)
        });
        state.desk.selection = next.map(Selection::one).unwrap_or_default();
    }
    out
}
