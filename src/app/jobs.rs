//! Work off the window's thread: opening, analysing, evidence of a window, the overview, dialogs, folders.
//!
//! Every job runs on a thread of its own and sends one [`Event`] when it ends. Events carry the numbers of the recording
//! (and run) they belong to; `update` drops those of a recording that is no longer open.

use super::{
    background,
    beside::{self, BesideJob, BesideMade},
    filtering::{HumError, find_hum},
    page::pyramid::{Pyramid, PyramidError},
    report::{self, ReportEvent, ReportJob},
    review::{
        files::ExportOrder,
        jobs::{ReviewEvent, ReviewJob},
    },
    worklist::{
        screening::{self, ListEvent, ListJob},
        watch,
    },
};
use crate::{
    analysis::{Analysis, Cancelled, Demographics, Finding, Progress},
    recording::{Recording, SampleIndex, SampleRange, Signal},
    report::Reviewed,
    review::{Review, Reviewer, exchange::Incoming},
    signal::waves::Waves,
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    time::Duration,
};

/// Why a job has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The reader cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// It failed; the text names the file and the fault.
    #[error("{0}")]
    Failed(String),
}

impl Failure {
    /// A failure from whatever can be displayed.
    pub fn new(reason: impl std::fmt::Display) -> Self {
        Self::Failed(reason.to_string())
    }
}

impl From<Cancelled> for Failure {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// What the window asks of the layers below. Every method may take long and is called on a thread of its own; all look at
/// `progress` and return [`Failure::Cancelled`] soon after it was cancelled.
pub trait Backend: Send + Sync + 'static {
    /// Opens one recording.
    fn open(&self, path: &Path, progress: &Progress) -> Result<Recording, Failure>;

    /// The recordings in a folder and the folders below it, in the order of their names. An empty list is a failure that says so.
    fn list(&self, folder: &Path, progress: &Progress) -> Result<Vec<PathBuf>, Failure>;

    /// Analyses a recording with the given age and sex.
    fn analyse(&self, recording: Arc<Recording>, demographics: Demographics, progress: &Progress) -> Result<Analysis, Failure>;

    /// Findings with their evidence for one window of a long recording whose analysis has only summaries.
    fn evidence(
        &self,
        recording: Arc<Recording>,
        demographics: Demographics,
        window: SampleRange,
        progress: &Progress,
    ) -> Result<Vec<Finding>, Failure>;

    /// Where waves begin and end in one window of a long recording whose analysis has only samples of them.
    fn waves(&self, recording: Arc<Recording>, window: SampleRange, progress: &Progress) -> Result<Waves, Failure>;

    /// What the beat model says of one beat, class by class with its evidence. `beat`: its R peak.
    fn beat_evidence(&self, recording: Arc<Recording>, beat: SampleIndex, progress: &Progress) -> Result<Vec<Finding>, Failure>;

    /// Writes a review's labels as files; gives what was written and what is not in it, a sentence each.
    fn export_review(
        &self,
        review: &Review,
        reviewer: &Reviewer,
        recording: &Recording,
        order: &ExportOrder,
    ) -> Result<Vec<String>, Failure>;

    /// Reads another annotator's labels of a recording from a file, or with `None` from what the recording came with. `annotator`: which, where there are
    /// several.
    fn import_labels(&self, recording: &Recording, file: Option<&Path>, annotator: Option<&str>) -> Result<Incoming, Failure>;
    /// The reader's side of a report, from where reviews are kept; unread where nobody has begun.
    fn reviewed(&self, recording: &Recording, progress: &Progress) -> Result<Reviewed, Failure>;
}

/// An opened recording with what the page needs beside it.
#[derive(Debug)]
pub struct Opened {
    /// The recording.
    pub recording: Arc<Recording>,
    /// For each lead the median in millivolts: the page draws each lead centred on it. 0 where nothing is valid.
    pub centres: Vec<f32>,
}

impl Opened {
    /// Takes the medians; reads at most about two minutes of each lead, spread over the recording.
    pub fn new(recording: Recording, progress: &Progress) -> Result<Self, Failure> {
        let mut centres = Vec::with_capacity(recording.leads.len());
        for signal in &recording.leads {
            progress.check()?;
            centres.push(median(signal).map_err(Failure::new)?);
        }
        Ok(Self { recording: Arc::new(recording), centres })
    }
}

/// Median of a lead from up to 60 stretches of two seconds.
fn median(signal: &Signal) -> Result<f32, crate::recording::SampleError> {
    const STRETCHES: u64 = 60;
    let length = signal.len();
    let stretch = signal.rate.samples_in(2.0).clamp(1, 20_000);
    let mut values = Vec::new();
    if length <= stretch * STRETCHES {
        signal.read_millivolts(0, length as usize, &mut values)?;
    } else {
        for i in 0..STRETCHES {
            signal.read_millivolts((length - stretch) / (STRETCHES - 1) * i, stretch as usize, &mut values)?;
        }
    }
    values.retain(|value| value.is_finite());
    let middle = values.len() / 2;
    Ok(if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(middle, f32::total_cmp).1 })
}

/// What a job has to do.
#[derive(Debug)]
pub enum Job {
    /// Open a recording.
    Open {
        /// The file.
        path: PathBuf,
        /// Number of the attempt.
        generation: u64,
    },
    /// List recordings of files and folders for a new worklist.
    ListPaths {
        /// Files and folders as the reader named them.
        paths: Vec<PathBuf>,
        /// Number of the list.
        generation: u64,
    },
    /// Analyse.
    Analyse {
        /// The recording.
        recording: Arc<Recording>,
        /// Age and sex to use.
        demographics: Demographics,
        /// The recording's number.
        generation: u64,
        /// Number of the analysis: a new age starts a new one.
        run: u64,
    },
    /// Evidence of one window.
    Evidence {
        /// The recording.
        recording: Arc<Recording>,
        /// Age and sex to use.
        demographics: Demographics,
        /// The window.
        window: SampleRange,
        /// The recording's number.
        generation: u64,
        /// Number of the analysis it belongs to.
        run: u64,
    },
    /// Waves of one window.
    Waves {
        /// The recording.
        recording: Arc<Recording>,
        /// The window.
        window: SampleRange,
        /// The recording's number.
        generation: u64,
        /// Number of the analysis it belongs to.
        run: u64,
    },
    /// Evidence of one beat.
    BeatEvidence {
        /// The recording.
        recording: Arc<Recording>,
        /// R peak.
        beat: SampleIndex,
        /// The recording's number.
        generation: u64,
        /// Number of the analysis it belongs to.
        run: u64,
    },
    /// The frequency of the mains hum.
    Hum {
        /// The recording.
        recording: Arc<Recording>,
        /// The recording's number.
        generation: u64,
    },
    /// Extremes of a whole lead for the overview.
    Overview {
        /// The lead.
        signal: Arc<Signal>,
        /// The recording's number.
        generation: u64,
    },
    /// Trends or a comparison.
    Beside {
        /// What.
        job: BesideJob,
        /// The recording's number.
        generation: u64,
        /// Number of the analysis it belongs to.
        run: u64,
    },
    /// Something about a report.
    Report(ReportJob),
    /// Something for the worklist, in the background.
    List(ListJob),
    /// Of the review.
    Review(ReviewJob),
    /// The system's dialog.
    Choose {
        /// A folder instead of files.
        folder: bool,
        /// What the dialog says.
        words: &'static crate::words::window::Choose,
    },
}

/// How a job ended.
#[derive(Debug)]
pub enum Event {
    /// [`Job::Open`].
    Opened {
        /// The file.
        path: PathBuf,
        /// Number of the attempt.
        generation: u64,
        /// The recording.
        result: Result<Opened, Failure>,
    },
    /// [`Job::ListPaths`].
    Listed {
        /// Number of the list.
        generation: u64,
        /// Files.
        files: Vec<PathBuf>,
        /// The folders among what was named.
        folders: Vec<PathBuf>,
        /// One sentence a path that gave nothing.
        failures: Vec<Failure>,
    },
    /// [`Job::Analyse`].
    Analysed {
        /// The recording's number.
        generation: u64,
        /// The analysis' number.
        run: u64,
        /// The analysis.
        result: Result<Box<Analysis>, Failure>,
    },
    /// [`Job::Evidence`].
    Evidence {
        /// The recording's number.
        generation: u64,
        /// The analysis' number.
        run: u64,
        /// The window.
        window: SampleRange,
        /// Findings with evidence.
        result: Result<Vec<Finding>, Failure>,
    },
    /// [`Job::Waves`].
    Waves {
        /// The recording's number.
        generation: u64,
        /// The analysis' number.
        run: u64,
        /// The window.
        window: SampleRange,
        /// The waves.
        result: Result<Waves, Failure>,
    },
    /// [`Job::BeatEvidence`].
    BeatEvidence {
        /// The recording's number.
        generation: u64,
        /// The analysis' number.
        run: u64,
        /// R peak.
        beat: SampleIndex,
        /// Class by class.
        result: Result<Vec<Finding>, Failure>,
    },
    /// [`Job::Hum`].
    Hum {
        /// The recording's number.
        generation: u64,
        /// 50 or 60 Hz; `None`: no hum.
        result: Result<Option<f64>, Failure>,
    },
    /// [`Job::Overview`].
    Overview {
        /// The recording's number.
        generation: u64,
        /// The extremes.
        result: Result<Pyramid, Failure>,
    },
    /// [`Job::Beside`].
    Beside {
        /// What was made.
        made: BesideMade,
        /// The recording's number.
        generation: u64,
        /// The analysis' number.
        run: u64,
    },
    /// [`Job::Report`].
    Report(ReportEvent),
    /// [`Job::List`] of the worklist's own.
    List(ListEvent),
    /// [`Job::Review`].
    Review(ReviewEvent),
    /// [`Job::Choose`]; empty when the reader closed the dialog or the system has none.
    Chosen {
        /// What was chosen.
        paths: Vec<PathBuf>,
    },
}

impl Job {
    /// Whether it may take all that the machine has for long: it runs after the page is on screen and behind whatever draws it.
    pub fn is_background(&self) -> bool {
        match self {
            Self::Analyse { .. }
            | Self::Evidence { .. }
            | Self::Waves { .. }
            | Self::BeatEvidence { .. }
            | Self::Hum { .. }
            | Self::Overview { .. }
            | Self::Beside { .. }
            | Self::List(_) => true,
            Self::Open { .. } | Self::ListPaths { .. } | Self::Report(_) | Self::Review(_) | Self::Choose { .. } => false,
        }
    }
}

/// Starts jobs and collects what they send.
pub struct Jobs {
    backend: Arc<dyn Backend>,
    wake: Arc<dyn Fn() + Send + Sync>,
    sender: mpsc::Sender<Event>,
    receiver: mpsc::Receiver<Event>,
}

impl Jobs {
    /// `wake` is called from a job's thread when an event lies ready.
    pub fn new(backend: Arc<dyn Backend>, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { backend, wake, sender, receiver }
    }

    /// Starts a job; `progress` shows how far it is and cancels it.
    pub fn start(&self, job: Job, progress: Arc<Progress>) {
        let (backend, wake, sender) = (self.backend.clone(), self.wake.clone(), self.sender.clone());
        std::thread::spawn(move || {
            if job.is_background() {
                background::step_back();
            }
            // The receiver is gone only when the window is: nobody is left to tell.
            let _ = sender.send(run(&*backend, job, &progress));
            wake();
        });
    }

    /// What ends within `at_most`.
    pub fn wait(&self, at_most: Duration) -> Option<Event> {
        self.receiver.recv_timeout(at_most).ok()
    }

    /// What ended since the last call.
    pub fn poll(&self) -> Vec<Event> {
        self.receiver.try_iter().collect()
    }
}

fn run(backend: &dyn Backend, job: Job, progress: &Progress) -> Event {
    match job {
        Job::Open { path, generation } => {
            let result = guarded(progress, || Opened::new(backend.open(&path, progress)?, progress));
            Event::Opened { path, generation, result }
        }
        Job::ListPaths { paths, generation } => {
            let (mut files, mut folders, mut failures) = (Vec::new(), Vec::new(), Vec::new());
            for path in paths {
                if path.is_dir() {
                    match guarded(progress, || backend.list(&path, progress)) {
                        Ok(found) => files.extend(found),
                        Err(failure) => failures.push(failure),
                    }
                    folders.push(path);
                } else {
                    files.push(path);
                }
            }
            Event::Listed { generation, files, folders, failures }
        }
        Job::Analyse { recording, demographics, generation, run } => {
            let result = guarded(progress, || backend.analyse(recording, demographics, progress).map(Box::new));
            Event::Analysed { generation, run, result }
        }
        Job::Evidence { recording, demographics, window, generation, run } => {
            let result = guarded(progress, || backend.evidence(recording, demographics, window, progress));
            Event::Evidence { generation, run, window, result }
        }
        Job::Waves { recording, window, generation, run } => {
            let result = guarded(progress, || backend.waves(recording, window, progress));
            Event::Waves { generation, run, window, result }
        }
        Job::BeatEvidence { recording, beat, generation, run } => {
            let result = guarded(progress, || backend.beat_evidence(recording, beat, progress));
            Event::BeatEvidence { generation, run, beat, result }
        }
        Job::Hum { recording, generation } => {
            let result = guarded(progress, || {
                find_hum(&recording, progress).map_err(|error| match error {
                    HumError::Cancelled(_) => Failure::Cancelled,
                    HumError::Unreadable(error) => Failure::new(error),
                })
            });
            Event::Hum { generation, result }
        }
        Job::Overview { signal, generation } => {
            let result = guarded(progress, || {
                Pyramid::build(&signal, progress).map_err(|error| match error {
                    PyramidError::Cancelled(_) => Failure::Cancelled,
                    PyramidError::Unreadable(error) => Failure::new(error),
                })
            });
            Event::Overview { generation, result }
        }
        Job::Beside { job, generation, run } => Event::Beside { made: beside::make(backend, job, progress), generation, run },
        Job::Report(job) => Event::Report(report::run(backend, job, progress)),
        Job::List(job) => Event::List(run_for_list(backend, job, progress)),
        Job::Review(job) => Event::Review(super::review::jobs::run(backend, job, progress)),
        Job::Choose { folder, words } => Event::Chosen { paths: choose(folder, words) },
    }
}

fn run_for_list(backend: &dyn Backend, job: ListJob, progress: &Progress) -> ListEvent {
    match job {
        ListJob::Headers { generation, files } => {
            ListEvent::Headers { generation, facts: screening::read_headers(backend, files, progress) }
        }
        ListJob::Screen { generation, row, path, entered } => {
            let result = guarded(progress, || screening::screen(backend, &path, entered, progress));
            ListEvent::Screened { generation, row, result }
        }
        ListJob::Watch { generation, folders, known } => {
            let result = guarded(progress, || watch::wait(backend, &folders, known, progress));
            ListEvent::Watched { generation, result }
        }
    }
}

/// A fault in the code of a job must not leave the window waiting for ever: it becomes a failure that says so. A result that
/// comes after the reader cancelled counts as cancelled.
pub(super) fn guarded<T>(progress: &Progress, job: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let result = catch_unwind(AssertUnwindSafe(job))
        .unwrap_or_else(|_| Err(Failure::new("an internal error stopped this; the details are on standard error")));
    if progress.is_cancelled() { Err(Failure::Cancelled) } else { result }
}

fn choose(folder: bool, words: &crate::words::window::Choose) -> Vec<PathBuf> {
    let dialog = rfd::FileDialog::new().set_title(if folder { &words.folder } else { &words.files });
    if folder {
        return dialog.pick_folder().into_iter().collect();
    }
    dialog
        .add_filter(&words.ecg, &["hea", "edf", "bdf", "dat", "EDF", "BDF", "rec"])
        .add_filter(&words.all, &["*"])
        .pick_files()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{Data, INVALID_SAMPLE, LeadName, MemorySource, Rate, Scale};

    fn signal(digital: Vec<i32>) -> Signal {
        Signal {
            label: "II".into(),
            lead: LeadName::parse("II"),
            rate: Rate::new(100.0).expect("positive"),
            calibrated: true,
            declared_checksum: None,
            data: Data::Recorded {
                source: Arc::new(MemorySource(digital)),
                scale: Scale { gain: 1.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) },
            },
        }
    }

    #[test]
    fn the_median_ignores_what_is_invalid() {
        assert_eq!(median(&signal(vec![3; 50])).expect("readable"), 3.0);
        let mut digital = vec![INVALID_SAMPLE; 60];
        digital.extend([1, 7, 2]);
        assert_eq!(median(&signal(digital)).expect("readable"), 2.0);
        assert_eq!(median(&signal(vec![INVALID_SAMPLE; 5])).expect("readable"), 0.0);
        assert_eq!(median(&signal(vec![-4; 200_000])).expect("readable"), -4.0);
    }

    #[test]
    fn a_panic_and_a_late_result_become_failures() {
        let progress = Progress::new();
        assert!(matches!(guarded::<()>(&progress, || panic!("test")), Err(Failure::Failed(_))));
        progress.cancel();
        assert_eq!(guarded(&progress, || Ok(1)), Err(Failure::Cancelled));
    }
}
