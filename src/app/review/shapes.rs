//! Beats by their shape: "all like this", and groups with their mean beats for relabelling in bulk.

use super::{beats, beats::Selection};
use crate::{
    analysis::Progress,
    app::{
        jobs::Failure,
        state::State,
        update::{Effect, notice},
    },
    recording::SampleIndex,
    review::select::{Clusters, DEFAULT_LIMIT, Shapes},
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

/// Shapes of the beats of one state of the review.
#[derive(Debug, Clone)]
pub struct Known {
    /// The beats they are of.
    pub beats: Arc<[SampleIndex]>,
    /// Their shapes.
    pub shapes: Arc<Shapes>,
    /// Groups of them.
    pub clusters: Arc<Clusters>,
}

/// What is known of shapes.
#[derive(Debug, Clone)]
pub struct Shaped {
    /// Correlation from which beats are alike.
    pub limit: f32,
    /// They are being read.
    pub busy: Option<Arc<Progress>>,
    /// What waits for them.
    pub then: Option<Wanted>,
    /// The shapes.
    pub known: Option<Known>,
    /// The groups are shown.
    pub shown: bool,
}

impl Default for Shaped {
    fn default() -> Self {
        Self { limit: DEFAULT_LIMIT, busy: None, then: None, known: None, shown: false }
    }
}

/// The shapes are wanted: what is known serves while the beats are where they were.
pub(super) fn wanted(state: &mut State, what: Wanted) -> Vec<Effect> {
    if what == Wanted::Clusters {
        state.desk.shapes.shown = true;
    }
    let Some(review) = state.desk.review() else { return Vec::new() };
    let now = review.content().beats.as_slice();
    let fits = |known: &Known| known.beats.len() == now.len() && known.beats.iter().zip(now).all(|(a, b)| *a == b.sample);
    if state.desk.shapes.known.as_ref().is_some_and(fits) {
        serve(state, what);
        return Vec::new();
    }
    state.desk.shapes.then = Some(what);
    if state.desk.shapes.busy.is_some() {
        return Vec::new();
    }
    let progress = Arc::new(Progress::new());
    state.desk.shapes.busy = Some(progress.clone());
    beats::start_shapes(state, progress)
}

/// Another limit: the groups are formed anew where they are shown.
pub(super) fn set_limit(state: &mut State, limit: f32) -> Vec<Effect> {
    let limit = if limit.is_finite() { limit.clamp(0.5, 0.99) } else { DEFAULT_LIMIT };
    state.desk.shapes.limit = limit;
    if let Some(busy) = state.desk.shapes.busy.take() {
        busy.cancel();
    }
    state.desk.shapes.known = None;
    if state.desk.shapes.shown { wanted(state, Wanted::Clusters) } else { Vec::new() }
}

/// The shapes came.
pub(super) fn arrived(state: &mut State, result: Result<Known, Failure>) -> Vec<Effect> {
    match result {
        Ok(known) => {
            state.desk.shapes.busy = None;
            state.desk.shapes.known = Some(known);
            match state.desk.shapes.then.take() {
                // Beats may have been added meanwhile: then once more.
                Some(what) => wanted(state, what),
                None => Vec::new(),
            }
        }
        // Another limit was chosen, and its job is on the way.
        Err(Failure::Cancelled) => Vec::new(),
        Err(Failure::Failed(reason)) => {
            (state.desk.shapes.busy, state.desk.shapes.then) = (None, None);
            notice(state, reason, true);
            Vec::new()
        }
    }
}

fn serve(state: &mut State, what: Wanted) {
    let (Wanted::Like(at), Some(known)) = (what, &state.desk.shapes.known) else { return };
    let alike = known.shapes.similar(at, state.desk.shapes.limit);
    if alike.is_empty() {
        state.desk.said = Some("The signal around this beat cannot be read: nothing to compare".into());
        return;
    }
    state.desk.said = Some(format!("{} beats like this", alike.len()));
    state.desk.selection = Selection { at: Some(at), ..Selection::many(alike) };
}
