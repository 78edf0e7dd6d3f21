//! The list's analysis in the background: headers first, then one recording at a time, and only while the reader waits for nothing.

use super::{Facts, Row, Summary, Work};
use crate::{
    analysis::{Demographics, Progress},
    app::{
        jobs::{Backend, Failure, Job, guarded},
        language::window,
        state::State,
        update::Effect,
    },
    words::fill,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// Headers read by one job.
const HEADERS: usize = 256;
/// A job that reads headers ends after this time, so that the list fills before the reader's eyes.
const HEADERS_FOR: Duration = Duration::from_millis(200);
/// So often a row's analysis gives way to what the reader waits for; then it is left to end, or a day's recording would never be done.
const GIVES_WAY: u8 = 3;

/// The background work of the list.
#[derive(Debug, Default)]
pub struct Screening {
    running: Option<Running>,
    /// The reader stopped it.
    pub stopped: bool,
    /// Nothing is left to do until a row changes.
    finished: bool,
}

#[derive(Debug)]
struct Running {
    /// The row that is analysed; `None`: headers are read.
    row: Option<usize>,
    progress: Arc<Progress>,
}

impl Screening {
    /// Rows were added or changed.
    pub fn look_again(&mut self) {
        self.finished = false;
    }

    /// Whether a job runs.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Stops the job that runs.
    pub fn cancel(&mut self) {
        if let Some(running) = &self.running {
            running.progress.cancel();
        }
    }

    /// Stops or resumes.
    pub fn toggle(&mut self) {
        self.stopped = !self.stopped;
        if self.stopped {
            self.cancel();
        }
    }
}

/// The next job, when one is due; what runs while the reader waits for something else is cancelled and begun again later.
pub fn next(state: &mut State) -> Option<Effect> {
    if state.worklist.rows().len() < 2 {
        return None;
    }
    let waited_for = state.is_busy() || state.overview_job.is_some();
    let list = &mut state.worklist;
    if let Some(running) = &list.screening.running {
        let gives_way = running.row.and_then(|row| list.rows.get(row)).is_none_or(|row| row.gave_way < GIVES_WAY);
        if waited_for && gives_way {
            running.progress.cancel();
        }
        return None;
    }
    if waited_for || list.screening.stopped || list.screening.finished {
        return None;
    }
    let headers: Vec<(usize, PathBuf)> = list
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.facts.is_none() && row.work == Work::Waiting)
        .take(HEADERS)
        .map(|(index, row)| (index, row.path.clone()))
        .collect();
    let progress = Arc::new(Progress::new());
    let generation = list.generation;
    if !headers.is_empty() {
        list.screening.running = Some(Running { row: None, progress: progress.clone() });
        return Some(Effect::Start(Job::List(ListJob::Headers { generation, files: headers }), progress));
    }
    let waiting = |row: &Row| row.work == Work::Waiting;
    // Nearest to the current row first: those are looked at next. What is filtered away comes last.
    let row = list.next_where(waiting).or_else(|| list.rows.iter().position(waiting));
    let Some(row) = row else {
        list.screening.finished = true;
        return None;
    };
    let path = list.path(row)?.to_path_buf();
    list.change(row, |row| row.set_work(Work::Running));
    list.screening.running = Some(Running { row: Some(row), progress: progress.clone() });
    let entered = state.remembered.get(&path).copied().unwrap_or_default();
    Some(Effect::Start(Job::List(ListJob::Screen { generation, row, path, entered }), progress))
}

/// What has to be done for the list.
#[derive(Debug)]
pub enum ListJob {
    /// Read headers.
    Headers {
        /// Number of the list.
        generation: u64,
        /// Rows and their files.
        files: Vec<(usize, PathBuf)>,
    },
    /// Analyse a row and keep the summary.
    Screen {
        /// Number of the list.
        generation: u64,
        /// The row.
        row: usize,
        /// Its file.
        path: PathBuf,
        /// Age and sex the reader entered for it.
        entered: Demographics,
    },
    /// Wait until recordings appear in folders.
    Watch {
        /// Number of the list.
        generation: u64,
        /// The folders.
        folders: Vec<PathBuf>,
        /// Files of the list.
        known: Vec<PathBuf>,
    },
}

/// How a job of the list ended.
#[derive(Debug)]
pub enum ListEvent {
    /// [`ListJob::Headers`].
    Headers {
        /// Number of the list.
        generation: u64,
        /// What was read, by row; rows that were not come again.
        facts: Vec<(usize, Result<Facts, Failure>)>,
    },
    /// [`ListJob::Screen`].
    Screened {
        /// Number of the list.
        generation: u64,
        /// The row.
        row: usize,
        /// The summary.
        result: Result<Summary, Failure>,
    },
    /// [`ListJob::Watch`].
    Watched {
        /// Number of the list.
        generation: u64,
        /// New files.
        result: Result<Vec<PathBuf>, Failure>,
    },
}

/// Reads headers until all are read, time is up or the reader waits for something else.
pub fn read_headers(
    backend: &dyn Backend,
    files: Vec<(usize, PathBuf)>,
    progress: &Progress,
) -> Vec<(usize, Result<Facts, Failure>)> {
    let begun = Instant::now();
    let mut read = Vec::new();
    for (row, path) in files {
        if progress.is_cancelled() || begun.elapsed() > HEADERS_FOR {
            break;
        }
        let facts = guarded(progress, || backend.open(&path, progress)).map(|recording| Facts::of(&recording));
        if facts != Err(Failure::Cancelled) {
            read.push((row, facts));
        }
    }
    read
}

/// Opens and analyses a file with the age and sex of the file, else those entered.
pub fn screen(backend: &dyn Backend, path: &Path, entered: Demographics, progress: &Progress) -> Result<Summary, Failure> {
    let recording = Arc::new(backend.open(path, progress)?);
    let demographics =
        Demographics { age_years: recording.patient.age_years.or(entered.age_years), sex: recording.patient.sex.or(entered.sex) };
    Ok(Summary::of(&backend.analyse(recording, demographics, progress)?))
}

/// Takes up what a job of the list found.
pub fn on_event(state: &mut State, event: ListEvent) {
    let list = &mut state.worklist;
    match event {
        ListEvent::Headers { generation, facts } if generation == list.generation => {
            list.screening.running = None;
            for (row, facts) in facts {
                list.change(row, |row| match facts {
                    Ok(facts) => row.set_facts(facts),
                    // What was opened meanwhile is not broken.
                    Err(failure) if row.work == Work::Waiting && row.facts.is_none() => {
                        row.set_work(Work::Failed(failure.to_string()))
                    }
                    Err(_) => {}
                });
            }
        }
        ListEvent::Screened { generation, row, result } if generation == list.generation => {
            list.screening.running = None;
            list.change(row, |row| match result {
                // Opened and analysed for the reader meanwhile.
                _ if row.work != Work::Running => {}
                Ok(summary) => row.set_work(Work::Done(summary)),
                Err(Failure::Cancelled) => {
                    row.gave_way = row.gave_way.saturating_add(1);
                    row.set_work(Work::Waiting);
                }
                Err(Failure::Failed(reason)) => row.set_work(Work::Failed(reason)),
            });
        }
        ListEvent::Watched { generation, result } if generation == list.generation => {
            list.watching = None;
            match result {
                Ok(files) => {
                    // A file that was still being written when it was first looked at.
                    for row in 0..list.rows().len() {
                        let retry = list.rows()[row].appeared && matches!(list.rows()[row].work, Work::Failed(_));
                        if retry {
                            list.change(row, |row| row.set_work(Work::Waiting));
                        }
                    }
                    list.append(files, true);
                }
                Err(Failure::Cancelled) => {}
                Err(Failure::Failed(reason)) => {
                    list.folders.clear();
                    crate::app::update::notice(state, fill(&window().worklist.unwatched, &[("reason", &reason)]), false);
                }
            }
        }
        // Of an earlier list.
        ListEvent::Headers { .. } | ListEvent::Screened { .. } | ListEvent::Watched { .. } => {}
    }
}
