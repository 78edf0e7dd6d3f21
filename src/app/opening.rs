//! Opening and closing recordings: the worklist, what is forgotten, what is kept.

use super::{
    demographics,
    filtering::{self, Filtering, Hum},
    jobs::{Failure, Job, Opened},
    language,
    state::{Opening, State, WindowEvidence},
    tabs,
    tools::blind,
    update::{Effect, analyse, notice, overview},
    waves::WavesSeen,
};
use crate::{analysis::Progress, recording::SampleIndex, words::fill};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Lists recordings in these files and folders for a new worklist.
pub fn open_paths(state: &mut State, paths: Vec<PathBuf>) -> Vec<Effect> {
    if paths.is_empty() {
        return Vec::new();
    }
    if let Some(listing) = state.worklist.listing.take() {
        listing.cancel();
    }
    let progress = Arc::new(Progress::new());
    state.worklist.listings += 1;
    state.worklist.listing = Some(progress.clone());
    vec![Effect::Start(Job::ListPaths { paths, generation: state.worklist.listings }, progress)]
}

/// Takes up what was listed: files become the worklist once the first of them is open.
pub fn on_listed(state: &mut State, files: Vec<PathBuf>, folders: Vec<PathBuf>, failures: Vec<Failure>) -> Vec<Effect> {
    state.worklist.listing = None;
    for failure in failures.into_iter().filter(|failure| *failure != Failure::Cancelled) {
        notice(state, failure.to_string(), true);
    }
    match files.first().cloned() {
        Some(first) => open(state, first, files, folders),
        None => {
            // Where nothing else is to be done, what is still to come may be waited for.
            if state.worklist.rows().is_empty() && !folders.is_empty() {
                state.worklist.replace(files, folders);
            }
            Vec::new()
        }
    }
}

/// Opens an entry of the worklist, or shows the tab it is open in.
pub fn open_entry(state: &mut State, index: usize) -> Vec<Effect> {
    let Some(path) = state.worklist.path(index).map(Path::to_path_buf) else { return Vec::new() };
    if let Some(place) = tabs::place_of(state, &path) {
        return tabs::show(state, place);
    }
    close(state);
    state.worklist.current = Some(index);
    open(state, path, Vec::new(), Vec::new())
}

/// Begins to open `path`. Where `files` are given they become the worklist, and what is open stays until `path` is.
fn open(state: &mut State, path: PathBuf, files: Vec<PathBuf>, folders: Vec<PathBuf>) -> Vec<Effect> {
    if let Some(earlier) = &state.opening {
        earlier.progress.cancel();
    }
    state.attempts += 1;
    let (number, progress) = (state.attempts, Arc::new(Progress::new()));
    state.opening = Some(Opening { number, files, folders, path: path.clone(), progress: progress.clone() });
    vec![Effect::Start(Job::Open { path, generation: number }, progress)]
}

/// A state without a recording that looks like this one: what a reader set for one recording holds for the next.
pub(super) fn fresh(state: &State) -> State {
    let mut fresh = State {
        generation: tabs::next_generation(state),
        run: state.run,
        chosen: state.chosen.clone(),
        view: state.view.clone(),
        evidence_visible: state.evidence_visible,
        filtering: Filtering { hum: Hum::Unknown, ..state.filtering.clone() },
        waves: WavesSeen { visible: state.waves.visible, ..Default::default() },
        measurement: state.measurement.clone(),
        qtc: state.qtc,
        tools: state.tools.for_another(),
        ..State::default()
    };
    fresh.view.start = SampleIndex(0);
    fresh
}

/// Forgets the recording and all that belongs to it; what its jobs still send has an old number.
pub fn close(state: &mut State) {
    stop_jobs(state);
    state.desk = super::review::closed(state);
    let mut next = fresh(state);
    tabs::carry(state, &mut next);
    *state = next;
    state.paper.lead = 0;
}

/// Stops all that runs for the recording.
pub(super) fn stop_jobs(state: &mut State) {
    for progress in
        [&state.analysing, &state.overview_job, &state.opening.as_ref().map(|o| o.progress.clone())].into_iter().flatten()
    {
        progress.cancel();
    }
    if let Hum::Pending(progress) = &state.filtering.hum {
        progress.cancel();
    }
    state.waves.forget();
    state.tools.beat.forget();
    state.beside.forget();
    for window in state.window_evidence.values() {
        if let WindowEvidence::Pending(progress) = window {
            progress.cancel();
        }
    }
}

/// Stops opening, listing and analysing.
pub fn cancel(state: &mut State) {
    if let Some(listing) = &state.worklist.listing {
        listing.cancel();
    }
    if let Some(opening) = &state.opening {
        opening.progress.cancel();
    }
    if let Some(analysing) = &state.analysing {
        analysing.cancel();
    }
}

/// Takes up a recording that was opened, or says why it was not.
pub fn on_opened(
    state: &mut State,
    path: PathBuf,
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    result: Result<Opened, Failure>,
) -> Vec<Effect> {
    match result {
        Ok(opened) => {
            if !files.is_empty() {
                close(state);
                state.worklist.replace(files, folders);
            }
            state.not_opened = None;
            demographics::recall(state, &path);
            state.worklist.on_opened(&path, &opened.recording);
            state.opened = Some(Arc::new(opened));
            blind::opened(state);
            let mut effects = analyse(state);
            effects.extend(overview(state));
            effects.extend(filtering::ask(state));
            effects.extend(super::review::opened(state));
            effects
        }
        Err(failure) => {
            let name = path.display().to_string();
            let reason = match failure {
                Failure::Cancelled => fill(&language::window().inbox.opening_cancelled, &[("name", &name)]),
                Failure::Failed(reason) if reason.contains(&name) => reason,
                Failure::Failed(reason) => format!("{name}: {reason}"),
            };
            // A single file that was mistyped or cannot be read must not cost the reader what is open.
            if files.len() == 1 && folders.is_empty() {
                notice(state, reason, true);
                return Vec::new();
            }
            if !files.is_empty() {
                close(state);
                state.worklist.replace(files, folders);
            }
            state.worklist.on_failure(&path, &reason);
            state.not_opened = Some((path, reason));
            Vec::new()
        }
    }
}
