//! Calipers: setting, moving, snapping, deleting.

use super::samples;
use crate::{
    app::{review, state::State, update::Effect, waves},
    recording::{Caliper, CaliperKind, CaliperPoint, LeadName, SampleIndex},
    signal::snap::{extremum, nearest},
};
use std::path::PathBuf;

/// How far a snapped end may jump to a mark, in seconds: one and a half small squares.
const REACH_S: f64 = 0.06;
/// How far it may jump to the trace's nearest peak or trough.
const PEAK_REACH_S: f64 = 0.04;
/// Length of a caliper set by key where no beats are known, in seconds.
const DEFAULT_S: f64 = 0.2;
/// Its height in millivolts where it measures amplitudes.
const DEFAULT_MV: f32 = 0.5;
/// Most calipers on a recording.
const MOST: usize = 200;

/// The first or the second end of a caliper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum End {
    /// The one set first.
    From,
    /// The other.
    #[default]
    To,
}

/// The calipers of the open recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calipers {
    /// Dragging on the page makes calipers.
    pub active: bool,
    /// Of this kind.
    pub kind: CaliperKind,
    /// Ends jump to peaks and to where waves begin and end.
    pub snap: bool,
    /// The recording they were set on.
    pub of: Option<PathBuf>,
    /// The calipers, in the order they were set.
    pub list: Vec<Caliper>,
    /// Number of the chosen one.
    pub chosen: Option<usize>,
    /// The end that keys move.
    pub end: End,
    /// An end follows the pointer.
    pub held: bool,
}

/// What happens to calipers.
#[derive(Debug, Clone, PartialEq)]
pub enum CaliperMessage {
    /// Dragging makes calipers, or not.
    ToggleMode,
    /// Make calipers of this kind; the chosen one becomes one.
    SetKind(CaliperKind),
    /// The next kind.
    NextKind,
    /// Ends snap, or not.
    ToggleSnap,
    /// A new caliper begins here and its other end follows the pointer.
    Begin {
        /// On this lead.
        lead: LeadName,
        /// Where.
        at: SampleIndex,
        /// On the lead's scale.
        millivolts: f32,
        /// Snap.
        snap: bool,
    },
    /// An end was taken hold of.
    Grab {
        /// Number of the caliper.
        index: usize,
        /// Which end.
        end: End,
    },
    /// The end that is held is moved here.
    DragTo {
        /// Where.
        at: SampleIndex,
        /// On the lead's scale.
        millivolts: f32,
        /// Snap.
        snap: bool,
    },
    /// The end was let go.
    Release,
    /// A new caliper by key: from one beat to the next, at the pointer or in the middle of the page.
    Add,
    /// Choose a caliper.
    Choose(usize),
    /// Choose the next.
    Next,
    /// Keys move the other end.
    OtherEnd,
    /// Move the chosen caliper's end by so many samples.
    MoveEnd(i64),
    /// Raise it by so many millivolts.
    RaiseEnd(f32),
    /// Delete one.
    Delete(usize),
    /// Delete the chosen one.
    DeleteChosen,
    /// Delete all.
    DeleteAll,
}

impl Calipers {
    /// Calipers belong to one recording; how they are set stays.
    pub fn for_another(&self) -> Self {
        Self { active: self.active, kind: self.kind, snap: self.snap, ..Self::default() }
    }

    fn end_mut(&mut self) -> Option<&mut CaliperPoint> {
        let end = self.end;
        let caliper = self.list.get_mut(self.chosen?)?;
        Some(match end {
            End::From => &mut caliper.from,
            End::To => &mut caliper.to,
        })
    }

    fn delete(&mut self, index: usize) {
        if index < self.list.len() {
            self.list.remove(index);
            self.held = false;
            self.chosen = match self.chosen {
                Some(chosen) if chosen == index => None,
                Some(chosen) if chosen > index => Some(chosen - 1),
                other => other,
            };
        }
    }
}

/// Applies a message.
pub fn update(state: &mut State, message: CaliperMessage) -> Vec<Effect> {
    apply(state, message);
    let mut effects = Vec::new();
    // What is still being dragged is kept when it is let go.
    if !state.tools.calipers.held {
        review::calipers::keep(state, &mut effects);
    }
    effects
}

fn apply(state: &mut State, message: CaliperMessage) {
    let Some(last) = state.recording().map(|recording| recording.length.saturating_sub(1)) else { return };
    match message {
        CaliperMessage::ToggleMode => state.tools.calipers.active = !state.tools.calipers.active,
        CaliperMessage::SetKind(kind) => set_kind(&mut state.tools.calipers, kind),
        CaliperMessage::NextKind => {
            let kind = state.tools.calipers.kind.next();
            set_kind(&mut state.tools.calipers, kind);
        }
        CaliperMessage::ToggleSnap => state.tools.calipers.snap = !state.tools.calipers.snap,
        CaliperMessage::Begin { lead, at, millivolts, snap } => {
            let point = settled(state, &lead, at, millivolts, snap);
            if add(state, lead, point, point) {
                state.tools.calipers.held = true;
            }
        }
        CaliperMessage::Grab { index, end } => {
            let calipers = &mut state.tools.calipers;
            if index < calipers.list.len() {
                (calipers.chosen, calipers.end, calipers.held) = (Some(index), end, true);
            }
        }
        CaliperMessage::DragTo { at, millivolts, snap } => {
            let calipers = &state.tools.calipers;
            let Some(lead) = calipers.chosen.filter(|_| calipers.held).and_then(|i| calipers.list.get(i)).map(|c| c.lead.clone())
            else {
                return;
            };
            let point = settled(state, &lead, at, millivolts, snap);
            if let Some(end) = state.tools.calipers.end_mut() {
                *end = point;
            }
        }
        CaliperMessage::Release => {
            let calipers = &mut state.tools.calipers;
            calipers.held = false;
            // A click is no caliper.
            if let Some(index) = calipers.chosen
                && calipers.list.get(index).is_some_and(|caliper| caliper.from == caliper.to)
            {
                calipers.delete(index);
            }
        }
        CaliperMessage::Add => add_by_key(state),
        CaliperMessage::Choose(index) => {
            let calipers = &mut state.tools.calipers;
            calipers.chosen = (index < calipers.list.len()).then_some(index);
        }
        CaliperMessage::Next => {
            let calipers = &mut state.tools.calipers;
            let count = calipers.list.len();
            calipers.chosen = (count > 0).then(|| calipers.chosen.map_or(0, |chosen| (chosen + 1) % count));
        }
        CaliperMessage::OtherEnd => {
            let calipers = &mut state.tools.calipers;
            calipers.end = if calipers.end == End::To { End::From } else { End::To };
        }
        CaliperMessage::MoveEnd(by) => {
            if let Some(end) = state.tools.calipers.end_mut() {
                end.at = SampleIndex(end.at.0.saturating_add_signed(by).min(last));
            }
        }
        CaliperMessage::RaiseEnd(by) => {
            if let Some(end) = state.tools.calipers.end_mut() {
                end.millivolts += by;
            }
        }
        CaliperMessage::Delete(index) => state.tools.calipers.delete(index),
        CaliperMessage::DeleteChosen => {
            if let Some(index) = state.tools.calipers.chosen {
                state.tools.calipers.delete(index);
            }
        }
        CaliperMessage::DeleteAll => {
            let calipers = &mut state.tools.calipers;
            calipers.list.clear();
            (calipers.chosen, calipers.held) = (None, false);
        }
    }
}

fn set_kind(calipers: &mut Calipers, kind: CaliperKind) {
    calipers.kind = kind;
    if let Some(caliper) = calipers.chosen.and_then(|index| calipers.list.get_mut(index)) {
        caliper.kind = kind;
    }
}

/// Adds a caliper and chooses it; false where there are too many or the lead is not there.
fn add(state: &mut State, lead: LeadName, from: CaliperPoint, to: CaliperPoint) -> bool {
    let Some(recording) = state.recording() else { return false };
    let Some(calibrated) = recording.lead(&lead).map(|signal| signal.calibrated) else { return false };
    let path = recording.path.clone();
    let calipers = &mut state.tools.calipers;
    if calipers.of.as_ref() != Some(&path) {
        *calipers = Calipers { of: Some(path), ..std::mem::take(calipers).for_another() };
    }
    if calipers.list.len() >= MOST {
        return false;
    }
    calipers.list.push(Caliper { kind: calipers.kind, lead, calibrated, from, to });
    calipers.chosen = Some(calipers.list.len() - 1);
    calipers.end = End::To;
    true
}

/// A new caliper without a pointer: from one beat to the next.
fn add_by_key(state: &mut State) {
    let Some(recording) = state.recording().cloned() else { return };
    let visible = state.visible();
    let middle = SampleIndex(visible.start.0 + visible.len() / 2);
    let rhythm = || state.rhythm_lead().and_then(|lead| recording.leads.get(lead)).map(|signal| signal.lead.clone());
    let pointed = state.cursor.as_ref().map(|cursor| (cursor.lead.clone(), cursor.at));
    let Some((lead, at)) = pointed.or_else(|| Some((rhythm()?, middle))) else { return };
    let beats = if state.machine_hidden() { None } else { state.analysis.as_ref().map(|analysis| analysis.beats.as_slice()) };
    let beats = beats.unwrap_or_default();
    let after = beats.partition_point(|beat| beat.sample <= at);
    let pair = after.checked_sub(1).and_then(|before| Some((beats.get(before)?.sample, beats.get(after)?.sample)));
    let far = SampleIndex(at.0.saturating_add(recording.rate.samples_in(DEFAULT_S)).min(recording.length.saturating_sub(1)));
    let (from, to) = pair.unwrap_or((at, far));
    let level = samples::value_at(state, &lead, from).unwrap_or(0.0);
    let height = if state.tools.calipers.kind == CaliperKind::Amplitude { DEFAULT_MV } else { 0.0 };
    let point = |at, millivolts| CaliperPoint { at, millivolts };
    let (from, to) = match state.tools.calipers.kind {
        CaliperKind::Amplitude => (point(at, level), point(at, level + height)),
        _ => (point(from, level), point(to, level)),
    };
    add(state, lead, from, to);
}

/// Where an end comes to lie: at the nearest mark, else at the trace's nearest peak or trough, else where it was put.
fn settled(state: &State, lead: &LeadName, at: SampleIndex, millivolts: f32, snap: bool) -> CaliperPoint {
    let plain = CaliperPoint { at, millivolts };
    let Some(recording) = state.recording().filter(|_| snap) else { return plain };
    let rate = recording.rate;
    let (position, reach) = (at.0 as f64, REACH_S * rate.hz());
    let snapped = match nearest(marks(state, lead, position, reach).into_iter(), position, reach) {
        Some(mark) => SampleIndex(mark.round().max(0.0) as u64),
        None => {
            let around = rate.samples_in(PEAK_REACH_S);
            let start = at.0.saturating_sub(around);
            let part = samples::of_recording(state, lead, start, 2 * around + 1);
            match extremum(&part) {
                Some(index) => SampleIndex(start + index as u64),
                None => return plain,
            }
        }
    };
    let snapped = SampleIndex(snapped.0.min(recording.length.saturating_sub(1)));
    // A caliper of times keeps its height; one of amplitudes goes to the trace.
    let level =
        match state.tools.calipers.chosen.and_then(|i| state.tools.calipers.list.get(i)).filter(|_| state.tools.calipers.held) {
            Some(caliper) => caliper.kind,
            None => state.tools.calipers.kind,
        };
    let millivolts = match level {
        CaliperKind::Amplitude => samples::value_at(state, lead, snapped).unwrap_or(millivolts),
        _ => millivolts,
    };
    CaliperPoint { at: snapped, millivolts }
}

/// R peaks, and where waves of the lead (else over all leads) begin, peak and end, near a position.
fn marks(state: &State, lead: &LeadName, position: f64, reach: f64) -> Vec<f64> {
    let (Some(recording), Some(analysis)) = (state.recording(), &state.analysis) else { return Vec::new() };
    let mut out = Vec::new();
    if !state.machine_hidden() {
        let first = analysis.beats.partition_point(|beat| (beat.sample.0 as f64) < position - reach);
        let near = analysis.beats[first..].iter().map(|beat| beat.sample.0 as f64);
        out.extend(near.take_while(|at| *at <= position + reach));
    }
    for (known, part) in waves::on_page(state) {
        let own = known.lead(lead).map(|lead| lead.beats.as_slice()).unwrap_or_default();
        let beats = if own.is_empty() { &known.global } else { own };
        let view = (position - reach).max(part.start)..(position + reach).min(part.end);
        if view.start >= view.end {
            continue;
        }
        for beat in waves::within(beats, view, recording.rate.hz()) {
            out.extend([beat.p, beat.qrs, beat.t].into_iter().flatten().flat_map(|w| [w.onset, w.peak, w.offset]));
        }
    }
    out
}
