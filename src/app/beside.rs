//! What is shown beside the page of the open recording: its trends, and an earlier recording it is compared with.

use super::{
    drawer::Drawer,
    jobs::{Backend, Failure, Job, guarded},
    language,
    state::State,
    update::Effect,
};
use crate::{
    analysis::{
        Analysis, Demographics, Progress,
        serial::{self, Comparison},
        trends::Trends,
    },
    recording::Recording,
};
use chrono::NaiveDateTime;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Something made in the background when it is wanted.
#[derive(Debug, Default)]
pub enum Made<T> {
    /// Nobody asked.
    #[default]
    Not,
    /// Being made.
    Pending(Arc<Progress>),
    /// Here.
    Ready(Arc<T>),
    /// Not to be had; the reason.
    Failed(String),
}

impl<T> Made<T> {
    /// Stops what is being made and forgets what was.
    pub fn forget(&mut self) {
        if let Self::Pending(progress) = self {
            progress.cancel();
        }
        *self = Self::Not;
    }

    fn take_up(&mut self, result: Result<Box<T>, Failure>) {
        *self = match result {
            Ok(made) => Self::Ready(Arc::from(made)),
            Err(Failure::Cancelled) => Self::Not,
            Err(Failure::Failed(reason)) => Self::Failed(reason),
        };
    }
}

/// The recording compared with, and what changed since.
#[derive(Debug)]
pub struct Compared {
    /// Its file.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// When it was recorded.
    pub start: Option<NaiveDateTime>,
    /// The patient as its file tells.
    pub patient: Option<String>,
    /// The same identification stands in both files.
    pub same_patient: bool,
    /// What changed from that recording to the open one.
    pub comparison: Comparison,
}

/// What is beside the page; of one recording.
#[derive(Debug, Default)]
pub struct Beside {
    /// Trends.
    pub trends: Made<Trends>,
    /// The recording the reader chose to compare with; `None`: the previous one of the same patient.
    pub chosen: Option<PathBuf>,
    /// The comparison.
    pub compared: Made<Compared>,
    /// The analysis both belong to.
    run: u64,
}

impl Beside {
    /// Stops all jobs and forgets all but the reader's choice.
    pub fn forget(&mut self) {
        self.trends.forget();
        self.compared.forget();
    }
}

/// What has to be made.
#[derive(Debug)]
pub enum BesideJob {
    /// Trends of an analysis.
    Trends(Arc<Recording>, Arc<Analysis>),
    /// Open and analyse a recording, and compare.
    Compare {
        /// The open recording.
        now: (Arc<Recording>, Arc<Analysis>),
        /// The file to compare with.
        with: PathBuf,
        /// Age and sex the reader entered for it.
        entered: Demographics,
        /// Its analysis, where a tab has it.
        known: Option<(Arc<Recording>, Arc<Analysis>)>,
    },
}

/// What was made.
#[derive(Debug)]
pub enum BesideMade {
    /// [`BesideJob::Trends`].
    Trends(Result<Box<Trends>, Failure>),
    /// [`BesideJob::Compare`].
    Compared(Result<Box<Compared>, Failure>),
}

/// Makes it.
pub fn make(backend: &dyn Backend, job: BesideJob, progress: &Progress) -> BesideMade {
    match job {
        BesideJob::Trends(recording, analysis) => {
            BesideMade::Trends(guarded(progress, || Ok(Box::new(Trends::of(&recording, &analysis, progress)?))))
        }
        BesideJob::Compare { now, with, entered, known } => BesideMade::Compared(guarded(progress, || {
            let (recording, analysis) = match known {
                Some(known) => known,
                None => {
                    let recording = Arc::new(backend.open(&with, progress)?);
                    let patient = &recording.patient;
                    let demographics =
                        Demographics { age_years: patient.age_years.or(entered.age_years), sex: patient.sex.or(entered.sex) };
                    let analysis = backend.analyse(recording.clone(), demographics, progress)?;
                    (recording, Arc::new(analysis))
                }
            };
            let id = |recording: &Recording| recording.patient.id.clone().filter(|id| !id.trim().is_empty());
            Ok(Box::new(Compared {
                name: recording.name.clone(),
                start: recording.start,
                patient: recording.patient.name.clone().or_else(|| id(&recording)),
                same_patient: id(&recording).is_some() && id(&recording) == id(&now.0),
                comparison: serial::compare(&analysis, &now.1),
                path: with,
            }))
        })),
    }
}

/// Takes up what was made for the analysis `run`.
pub fn on_made(state: &mut State, run: u64, made: BesideMade) {
    if run != state.run {
        return;
    }
    match made {
        BesideMade::Trends(result) => state.beside.trends.take_up(result),
        BesideMade::Compared(result) => state.beside.compared.take_up(result),
    }
}

/// The previous recording of the open one's patient among the worklist: the latest with the same identification that began earlier.
/// Without identification or time nothing is guessed; the words say what is missing.
pub fn previous(state: &State) -> Result<PathBuf, &'static str> {
    let words = &language::window().serial;
    let recording = state.recording().ok_or(words.no_recording.as_str())?;
    let id = recording.patient.id.as_deref().map(str::trim).filter(|id| !id.is_empty());
    let id = id.ok_or(words.no_patient.as_str())?;
    let start = recording.start.ok_or(words.no_start.as_str())?;
    state
        .worklist
        .rows()
        .iter()
        .filter(|row| row.path != recording.path)
        .filter_map(|row| {
            let facts = row.facts.as_ref()?;
            let same = facts.patient_id.as_deref().map(str::trim) == Some(id);
            Some((facts.start.filter(|other| same && *other < start)?, row.path.clone()))
        })
        .max()
        .map(|(_, path)| path)
        .ok_or(words.no_earlier.as_str())
}

/// The recording to compare with: the reader's choice, else the previous one.
pub fn compared_with(state: &State) -> Result<PathBuf, &'static str> {
    state.beside.chosen.clone().map_or_else(|| previous(state), Ok)
}

/// Compares with this file from now on and shows it.
pub fn choose(state: &mut State, path: PathBuf) {
    state.beside.compared.forget();
    state.beside.chosen = Some(path);
    state.drawer = Some(Drawer::Comparison);
}

/// Begins what the part below the page lacks.
pub fn ask(state: &mut State) -> Option<Effect> {
    let drawer = state.drawer?;
    let now = (state.recording()?.clone(), state.analysis.clone()?);
    if state.beside.run != state.run {
        state.beside.forget();
        state.beside.run = state.run;
    }
    let progress = Arc::new(Progress::new());
    let job = match drawer {
        Drawer::Trends if matches!(state.beside.trends, Made::Not) => {
            state.beside.trends = Made::Pending(progress.clone());
            BesideJob::Trends(now.0, now.1)
        }
        Drawer::Comparison if matches!(state.beside.compared, Made::Not) => {
            let with = compared_with(state).ok()?;
            let known = analysed_in_a_tab(state, &with);
            let entered = state.remembered.get(&with).copied().unwrap_or_default();
            state.beside.compared = Made::Pending(progress.clone());
            BesideJob::Compare { now, with, entered, known }
        }
        _ => return None,
    };
    Some(Effect::Start(Job::Beside { job, generation: state.generation, run: state.run }, progress))
}

fn analysed_in_a_tab(state: &State, path: &Path) -> Option<(Arc<Recording>, Arc<Analysis>)> {
    let other = state.tabs.waiting().find(|other| other.recording().is_some_and(|recording| recording.path == path))?;
    Some((other.recording()?.clone(), other.analysis.clone()?))
}
