//! Beats by their shape: "all like this", and groups with their mean beats for relabelling in bulk. Both are jobs: a day has a hundred thousand beats.

use super::{beats::Selection, composition::Composition, jobs::ReviewJob};
use crate::{
    analysis::Progress,
    app::{
        jobs::{Failure, Job},
        state::State,
        update::{Effect, notice},
    },
    recording::SampleIndex,
    review::select::{Clusters, DEFAULT_LIMIT, Shapes},
    words::fill,
};
use std::sync::Arc;

/// What is done once the shapes are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Choose all that look like this beat.
    Like(SampleIndex),
    /// Show the groups.
    Clusters,
}

/// What a job found.
#[derive(Debug, Clone)]
pub enum Found {
    /// Beats that look like this one.
    Alike(SampleIndex, Vec<SampleIndex>),
    /// Groups.
    Clusters(Box<Clusters>),
}

/// Shapes that were read, and which beats they are of.
#[derive(Debug, Clone)]
pub struct Read {
    /// The beats they are of.
    pub beats: Arc<[SampleIndex]>,
    /// Their shapes.
    pub shapes: Arc<Shapes>,
}

/// Groups of beats as they are shown.
#[derive(Debug, Clone)]
pub struct Grouped {
    /// The groups.
    pub clusters: Clusters,
    /// Of which types they are.
    pub types: Composition,
}

/// What is known of shapes.
#[derive(Debug, Clone)]
pub struct Shaped {
    /// Correlation from which beats are alike.
    pub limit: f32,
    /// A job is at it.
    pub busy: Option<Arc<Progress>>,
    /// Counts jobs; answers of older ones are dropped.
    pub number: u64,
    /// The shapes that were read last; another limit needs no reading.
    pub read: Option<Read>,
    /// The groups.
    pub grouped: Option<Grouped>,
    /// The groups are shown.
    pub shown: bool,
}

impl Default for Shaped {
    fn default() -> Self {
        Self { limit: DEFAULT_LIMIT, busy: None, number: 0, read: None, grouped: None, shown: false }
    }
}

impl Shaped {
    /// Stops the job, whose answer is dropped.
    pub fn stop(&mut self) {
        if let Some(busy) = self.busy.take() {
            busy.cancel();
        }
        self.number += 1;
    }
}

/// Starts the job; one that is under way gives way to it. Shapes that were read serve while the beats are where they were.
pub(super) fn wanted(state: &mut State, wanted: Wanted) -> Vec<Effect> {
    if wanted == Wanted::Clusters {
        state.desk.shapes.shown = true;
    }
    let (Some(review), Some(recording)) = (state.desk.review(), state.recording().cloned()) else { return Vec::new() };
    let now = review.content().beats.as_slice();
    let fits = |read: &&Read| read.beats.len() == now.len() && read.beats.iter().zip(now).all(|(at, beat)| *at == beat.sample);
    let read = state.desk.shapes.read.as_ref().filter(fits).cloned();
    let beats = read.as_ref().map_or_else(|| now.iter().map(|beat| beat.sample).collect(), |read| read.beats.clone());
    let shapes = read.map(|read| read.shapes);
    state.desk.shapes.stop();
    let progress = Arc::new(Progress::new());
    state.desk.shapes.busy = Some(progress.clone());
    let (limit, number, generation) = (state.desk.shapes.limit, state.desk.shapes.number, state.generation);
    let job = ReviewJob::Shapes { recording, beats, shapes, wanted, limit, number, generation };
    vec![Effect::Start(Job::Review(job), progress)]
}

/// Another limit: the groups are formed anew where they are shown.
pub(super) fn set_limit(state: &mut State, limit: f32) -> Vec<Effect> {
    state.desk.shapes.limit = if limit.is_finite() { limit.clamp(0.5, 0.99) } else { DEFAULT_LIMIT };
    if state.desk.shapes.shown { wanted(state, Wanted::Clusters) } else { Vec::new() }
}

/// The shapes came.
pub(super) fn arrived(state: &mut State, number: u64, result: Result<(Read, Found), Failure>) {
    if number != state.desk.shapes.number {
        return;
    }
    state.desk.shapes.busy = None;
    match result {
        Ok((read, found)) => {
            match found {
                Found::Alike(at, alike) => choose(state, at, alike),
                Found::Clusters(clusters) => {
                    let types = state
                        .desk
                        .session
                        .as_ref()
                        .map(|session| Composition::of(&clusters, &read.beats, &session.review().content().beats));
                    state.desk.shapes.grouped = types.map(|types| Grouped { clusters: *clusters, types });
                }
            }
            state.desk.shapes.read = Some(read);
        }
        Err(Failure::Cancelled) => {}
        Err(Failure::Failed(reason)) => notice(state, reason, true),
    }
}

/// Chooses the beats that are alike and still there.
fn choose(state: &mut State, at: SampleIndex, mut alike: Vec<SampleIndex>) {
    let words = &state.words().review.shapes;
    if alike.is_empty() {
        state.desk.said = Some(words.unreadable_here.clone());
        return;
    }
    let Some(beats) = state.desk.session.as_ref().map(|session| &session.review().content().beats) else { return };
    alike.retain(|at| beats.index_of(*at).is_some());
    state.desk.said = Some(fill(&words.alike, &[("count", &alike.len().to_string())]));
    state.desk.pending = None;
    state.desk.selection = Selection { at: Some(at), ..Selection::many(alike) };
}
