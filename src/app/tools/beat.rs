//! The chosen beat: stepping from beat to beat, what the beat model says of it, and the tangent at its T wave.

use super::{events::PageEvent, samples};
use crate::{
    analysis::{Beat, Finding, Progress},
    app::{
        jobs::{Failure, Job},
        state::State,
        update::{Effect, centre_on, scroll_to},
        waves,
    },
    recording::{BeatLabel, LeadName, SampleIndex},
    signal::{
        tangent::{NoTangent, Tangent, tangent},
        waves::{BeatWaves, Wave},
    },
};
use std::{collections::BTreeMap, sync::Arc};

/// A click chooses a beat no further away, in seconds.
const NEAR_S: f64 = 0.3;
/// Beats whose evidence is kept.
const KEPT: usize = 64;
/// Stretch around a beat that its tangent may need, in seconds before and behind R.
const AROUND_S: (f64, f64) = (0.6, 2.6);

/// The chosen beat.
#[derive(Debug, Clone, PartialEq)]
pub struct ChosenBeat {
    /// R peak.
    pub at: SampleIndex,
    /// The lead the tangent is drawn in.
    pub lead: LeadName,
    /// Code of the class whose evidence is shown; `None`: the beat's own.
    pub code: Option<String>,
}

/// What the beat model says of a beat.
#[derive(Debug, Clone)]
pub enum BeatEvidence {
    /// Asked for.
    Pending(Arc<Progress>),
    /// Here, class by class.
    Ready(Vec<Finding>),
    /// Not to be had; the reason.
    Failed(String),
}

/// What is known of single beats.
#[derive(Debug)]
pub struct BeatSeen {
    /// The chosen one.
    pub chosen: Option<ChosenBeat>,
    /// By R peak.
    pub evidence: BTreeMap<u64, BeatEvidence>,
    /// The class that is sought from beat to beat.
    pub sought: BeatLabel,
    /// The event the reader was taken to, and the page's begin then.
    pub event: Option<PageEvent>,
    /// The page's begin then.
    pub event_view: SampleIndex,
}

impl Default for BeatSeen {
    fn default() -> Self {
        Self { chosen: None, evidence: BTreeMap::new(), sought: BeatLabel::V, event: None, event_view: SampleIndex(0) }
    }
}

impl BeatSeen {
    /// Forgets what the model said and stops what is under way.
    pub fn forget(&mut self) {
        for one in std::mem::take(&mut self.evidence).into_values() {
            if let BeatEvidence::Pending(progress) = one {
                progress.cancel();
            }
        }
    }
}

impl State {
    /// The chosen beat as the analysis knows it, with its number; `None` while the machine is hidden.
    pub fn chosen_beat(&self) -> Option<(usize, &Beat)> {
        let chosen = self.tools.beat.chosen.as_ref().filter(|_| !self.machine_hidden())?;
        let beats = &self.analysis.as_ref()?.beats;
        let index = beats.binary_search_by_key(&chosen.at, |beat| beat.sample).ok()?;
        Some((index, beats.get(index)?))
    }

    /// What the model says of the chosen beat.
    pub fn beat_evidence(&self) -> Option<&BeatEvidence> {
        let (_, beat) = self.chosen_beat()?;
        self.tools.beat.evidence.get(&beat.sample.0)
    }

    /// The chosen beat's class whose evidence is shown.
    pub fn explained_beat(&self) -> Option<&Finding> {
        let Some(BeatEvidence::Ready(classes)) = self.beat_evidence() else { return None };
        let wanted = self.tools.beat.chosen.as_ref()?.code.as_deref();
        let own = || classes.iter().find(|class| class.present);
        wanted.and_then(|code| classes.iter().find(|class| class.code == code)).or_else(own).filter(|f| f.evidence.is_some())
    }
}

/// The sample in the middle of the page, and the rhythm lead.
pub fn middle(state: &State) -> (SampleIndex, Option<LeadName>) {
    let visible = state.visible();
    let lead = state.rhythm_lead().and_then(|lead| state.recording()?.leads.get(lead)).map(|signal| signal.lead.clone());
    (SampleIndex(visible.start.0 + visible.len() / 2), lead)
}

/// Chooses the beat nearest to a place, where one is near.
pub fn choose_near(state: &mut State, at: SampleIndex, lead: LeadName) -> Vec<Effect> {
    let reach = state.recording().map_or(0, |recording| recording.rate.samples_in(NEAR_S));
    let found = nearest_beat(state, at).filter(|beat| beat.0.abs_diff(at.0) <= reach);
    match found {
        Some(at) => choose(state, at, lead),
        None => {
            state.tools.beat.chosen = None;
            Vec::new()
        }
    }
}

/// Chooses the beat nearest to the middle of the page.
pub fn choose_middle(state: &mut State) -> Vec<Effect> {
    let (at, lead) = middle(state);
    match (nearest_beat(state, at), lead) {
        (Some(at), Some(lead)) => choose(state, at, lead),
        _ => Vec::new(),
    }
}

fn nearest_beat(state: &State, at: SampleIndex) -> Option<SampleIndex> {
    let beats = &state.analysis.as_ref().filter(|_| !state.machine_hidden())?.beats;
    let after = beats.partition_point(|beat| beat.sample < at);
    let near = [after.checked_sub(1).and_then(|i| beats.get(i)), beats.get(after)];
    near.into_iter().flatten().map(|beat| beat.sample).min_by_key(|sample| sample.0.abs_diff(at.0))
}

fn choose(state: &mut State, at: SampleIndex, lead: LeadName) -> Vec<Effect> {
    state.tools.beat.chosen = Some(ChosenBeat { at, lead, code: None });
    let mut effects = ask(state);
    effects.extend(waves::ask(state));
    effects
}

/// Chooses the beat (of that class) so many further on from the chosen one, or from the middle of the page, and brings it into view.
pub fn step(state: &mut State, by: isize, class: Option<BeatLabel>) -> Vec<Effect> {
    let Some(analysis) = state.analysis.clone().filter(|_| !state.machine_hidden()) else { return Vec::new() };
    let (middle, rhythm) = middle(state);
    let visible = state.visible();
    let kept = state.tools.beat.chosen.as_ref().filter(|chosen| visible.contains(chosen.at));
    let from = kept.map_or(middle, |chosen| chosen.at);
    let Some(lead) = kept.map(|chosen| chosen.lead.clone()).or(rhythm) else { return Vec::new() };
    let wanted = |beat: &&Beat| class.is_none_or(|class| beat.label == Some(class));
    let far = by.unsigned_abs().saturating_sub(1);
    let target = if by > 0 {
        let first = analysis.beats.partition_point(|beat| beat.sample <= from);
        analysis.beats[first..].iter().filter(wanted).nth(far)
    } else {
        let first = analysis.beats.partition_point(|beat| beat.sample < from);
        analysis.beats[..first].iter().rev().filter(wanted).nth(far)
    };
    let Some(target) = target.map(|beat| beat.sample) else { return Vec::new() };
    let mut effects = choose(state, target, lead);
    let margin = state.recording().map_or(0, |recording| recording.rate.samples_in(0.4)).min(visible.len() / 4);
    if target.0 < visible.start.0 + margin || target.0 + margin >= visible.end.0 {
        let second = state.recording().map_or(0.0, |recording| recording.rate.seconds(target));
        effects.extend(centre_on(state, second));
    } else {
        effects.extend(scroll_to(state, state.view.start.0 as f64));
    }
    effects
}

/// Asks the model about the chosen beat, one beat at a time.
pub fn ask(state: &mut State) -> Vec<Effect> {
    let Some(at) = state.chosen_beat().filter(|(_, beat)| beat.label.is_some()).map(|(_, beat)| beat.sample) else {
        return Vec::new();
    };
    let evidence = &mut state.tools.beat.evidence;
    let pending = evidence.values().any(|one| matches!(one, BeatEvidence::Pending(_)));
    if pending || evidence.contains_key(&at.0) {
        return Vec::new();
    }
    while evidence.len() >= KEPT {
        let Some(far) = evidence.keys().copied().max_by_key(|key| key.abs_diff(at.0)) else { break };
        evidence.remove(&far);
    }
    let progress = Arc::new(Progress::new());
    evidence.insert(at.0, BeatEvidence::Pending(progress.clone()));
    let Some(recording) = state.recording().cloned() else { return Vec::new() };
    vec![Effect::Start(Job::BeatEvidence { recording, beat: at, generation: state.generation, run: state.run }, progress)]
}

/// The model's answer arrived; the beat that was chosen meanwhile is asked about next.
pub fn arrived(state: &mut State, beat: SampleIndex, result: Result<Vec<Finding>, Failure>) -> Vec<Effect> {
    let entry = match result {
        Ok(classes) => BeatEvidence::Ready(classes),
        Err(Failure::Cancelled) => {
            state.tools.beat.evidence.remove(&beat.0);
            return Vec::new();
        }
        Err(Failure::Failed(reason)) => BeatEvidence::Failed(reason),
    };
    state.tools.beat.evidence.insert(beat.0, entry);
    ask(state)
}

/// The end of T of the chosen beat by the tangent, beside what the marks say.
#[derive(Debug, Clone, PartialEq)]
pub struct BeatTangent {
    /// In which lead.
    pub lead: LeadName,
    /// Sample of the recording that [`Tangent`]'s samples count from.
    pub from: u64,
    /// The tangent, or why there is none.
    pub tangent: Result<Tangent, NoTangent>,
    /// QT by the beat's own marks in that lead, in milliseconds.
    pub marked_ms: Option<f64>,
}

/// The tangent of the chosen beat; `None` where none is wanted or no beat is chosen.
pub fn tangent_of_chosen(state: &State) -> Option<BeatTangent> {
    if !state.tools.tangent {
        return None;
    }
    let (_, beat) = state.chosen_beat()?;
    let chosen = state.tools.beat.chosen.as_ref()?;
    let recording = state.recording()?;
    let (rate, lead) = (recording.rate, chosen.lead.clone());
    let calibrated = recording.lead(&lead)?.calibrated;
    let from = beat.sample.0.saturating_sub(rate.samples_in(AROUND_S.0));
    let until = beat.sample.0.saturating_add(rate.samples_in(AROUND_S.1));
    let samples = samples::of_recording(state, &lead, from, until - from);
    let mut beats: Vec<BeatWaves> = Vec::new();
    for (known, part) in waves::on_page(state) {
        let view = (from as f64).max(part.start)..(until as f64).min(part.end);
        if let (Some(own), true) = (known.lead(&lead), view.start < view.end) {
            let within = waves::within(&own.beats, view, rate.hz()).iter();
            beats.extend(within.filter(|b| b.qrs.is_some_and(|qrs| part.contains(&qrs.peak))).copied());
        }
    }
    let reach = 0.15 * rate.hz();
    let distance = |waves: &BeatWaves| waves.qrs.map_or(f64::INFINITY, |qrs| (qrs.peak - beat.sample.0 as f64).abs());
    let own = beats.iter().filter(|b| distance(b) <= reach).min_by(|a, b| distance(a).total_cmp(&distance(b))).copied();
    let own = own.unwrap_or_default();
    let next = beats.iter().filter_map(|b| b.qrs).map(|qrs| qrs.onset).filter(|at| own.qrs.is_some_and(|q| *at > q.offset));
    let next = next.min_by(f64::total_cmp).map(|at| at - from as f64);
    let here =
        |wave: Wave| Wave { onset: wave.onset - from as f64, peak: wave.peak - from as f64, offset: wave.offset - from as f64 };
    let moved = BeatWaves { beat: own.beat, p: own.p.map(here), qrs: own.qrs.map(here), t: own.t.map(here) };
    let marked_ms = own.qrs.zip(own.t).map(|(qrs, t)| (t.offset - qrs.onset) / rate.hz() * 1e3);
    Some(BeatTangent { lead, from, tangent: tangent(&samples, rate, &moved, next, calibrated), marked_ms })
}
