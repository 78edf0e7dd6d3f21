//! Opening and closing recordings: the worklist, what is forgotten, what is kept.

use super::{
    demographics,
    filtering::{self, Filtering, Hum},
    jobs::{Failure, Job, Opened},
    state::{Opening, State, WindowEvidence, Worklist},
    update::{Effect, analyse, notice, overview},
    waves::WavesSeen,
};
use crate::{analysis::Progress, recording::SampleIndex};
use std::{path::PathBuf, sync::Arc};

/// Lists recordings in these files and folders for a new worklist.
pub fn open_paths(state: &mut State, paths: Vec<PathBuf>) -> Vec<Effect> {
    if paths.is_empty() {
        return Vec::new();
    }
    if let Some(listing) = state.worklist.listing.take() {
        listing.cancel();
    }
    let progress = Arc::new(Progress::new());
    let generation = state.worklist.generation + 1;
    state.worklist.generation = generation;
    state.worklist.listing = Some(progress.clone());
    vec![Effect::Start(Job::List { paths, generation }, progress)]
}

/// Opens an entry of the worklist.
pub fn open_entry(state: &mut State, index: usize) -> Vec<Effect> {
    let Some(path) = state.worklist.files.get(index).cloned() else { return Vec::new() };
    close(state);
    state.worklist.current = Some(index);
    open(state, path, Vec::new())
}

/// Begins to open `path`. Where `files` are given they become the worklist, and what is open stays until `path` is.
pub fn open(state: &mut State, path: PathBuf, files: Vec<PathBuf>) -> Vec<Effect> {
    if let Some(earlier) = &state.opening {
        earlier.progress.cancel();
    }
    state.attempts += 1;
    let (number, progress) = (state.attempts, Arc::new(Progress::new()));
    state.opening = Some(Opening { number, files, path: path.clone(), progress: progress.clone() });
    vec![Effect::Start(Job::Open { path, generation: number }, progress)]
}

/// Forgets the recording and all that belongs to it; what its jobs still send has an old number.
pub fn close(state: &mut State) {
    stop_jobs(state);
    let desk = super::review::closed(state);
    let keep = (state.worklist.clone(), state.view.clone(), state.page_size, state.evidence_visible);
    *state = State {
        generation: state.generation + 1,
        attempts: state.attempts,
        run: state.run,
        remembered: std::mem::take(&mut state.remembered),
        notices: std::mem::take(&mut state.notices),
        notice_count: state.notice_count,
        path_text: std::mem::take(&mut state.path_text),
        chosen: state.chosen.take(),
        choose_when_ready: state.choose_when_ready.take(),
        help_open: state.help_open,
        paper: std::mem::take(&mut state.paper),
        worklist: keep.0,
        view: keep.1,
        page_size: keep.2,
        evidence_visible: keep.3,
        filtering: Filtering { hum: Hum::Unknown, ..state.filtering.clone() },
        waves: WavesSeen { visible: state.waves.visible, ..Default::default() },
        measurement: state.measurement.take(),
        qtc: state.qtc,
        desk,
        ..State::default()
    };
    state.view.start = SampleIndex(0);
    state.paper.lead = 0;
}

fn stop_jobs(state: &mut State) {
    for progress in
        [&state.analysing, &state.overview_job, &state.opening.as_ref().map(|o| o.progress.clone())].into_iter().flatten()
    {
        progress.cancel();
    }
    if let Hum::Pending(progress) = &state.filtering.hum {
        progress.cancel();
    }
    state.waves.forget();
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
pub fn on_opened(state: &mut State, path: PathBuf, files: Vec<PathBuf>, result: Result<Opened, Failure>) -> Vec<Effect> {
    match result {
        Ok(opened) => {
            if !files.is_empty() {
                close(state);
                state.worklist = Worklist { files, current: Some(0), ..std::mem::take(&mut state.worklist) };
            }
            state.notices.retain(|notice| !notice.of_file);
            state.not_opened = None;
            demographics::recall(state, &path);
            state.opened = Some(Arc::new(opened));
            let mut effects = analyse(state);
            effects.extend(overview(state));
            effects.extend(filtering::ask(state));
            effects.extend(super::review::opened(state));
            effects
        }
        Err(failure) => {
            let name = path.display().to_string();
            let reason = match failure {
                Failure::Cancelled => format!("Opening {name} was cancelled."),
                Failure::Failed(reason) if reason.contains(&name) => reason,
                Failure::Failed(reason) => format!("{name}: {reason}"),
            };
            // A single file that was mistyped or cannot be read must not cost the reader what is open.
            if files.len() == 1 {
                notice(state, reason, true);
                return Vec::new();
            }
            if !files.is_empty() {
                close(state);
                state.worklist = Worklist { files, current: Some(0), ..std::mem::take(&mut state.worklist) };
            }
            state.not_opened = Some((path, reason));
            Vec::new()
        }
    }
}
