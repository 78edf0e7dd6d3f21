//! Reports off the window's thread: made, drawn, saved, shown by the system.

use super::{Choices, Saving};
use crate::{
    analysis::{Analysis, Progress},
    app::jobs::{Backend, Failure, guarded},
    formats::write::{Existing, Sources, texts},
    layout::Description,
    recording::{Recording, SampleIndex},
    report::{Dpi, Report, ReportInput, ReportOptions, Reviewed, Template, pixels},
};
use chrono::{DateTime, NaiveDateTime};
use egui::ColorImage;
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// What a job has to do.
#[derive(Debug)]
pub enum ReportJob {
    /// Make a report.
    Make {
        /// Its number.
        number: u64,
        /// Of this recording.
        recording: Arc<Recording>,
        /// What the machine says of it.
        analysis: Option<Arc<Analysis>>,
        /// What the reader chose.
        choices: Box<Choices>,
        /// The chosen layout.
        layout: Box<Description>,
        /// Lead of a layout that shows one.
        lead: usize,
        /// Where the first page begins.
        from: SampleIndex,
    },
    /// Draw a page as it will print.
    Draw {
        /// The report's number.
        number: u64,
        /// The report.
        report: Arc<Report>,
        /// Which page, from 0.
        page: usize,
    },
    /// Show the system's dialog.
    Choose {
        /// What stands in the path field.
        suggested: PathBuf,
    },
    /// Write the PDF file.
    Save {
        /// The report.
        report: Arc<Report>,
        /// Its recording, whose files are never written to.
        recording: Arc<Recording>,
        /// To.
        path: PathBuf,
        /// A file there may be replaced.
        replace: bool,
    },
    /// Show a file with the system's viewer.
    Open {
        /// The file.
        path: PathBuf,
    },
}

/// A report that was made.
#[derive(Debug)]
pub struct Made {
    /// The report.
    pub report: Arc<Report>,
    /// Why the review is not in it, where it is not.
    pub note: Option<String>,
}

/// How a job ended.
#[derive(Debug)]
pub enum ReportEvent {
    /// [`ReportJob::Make`].
    Made {
        /// The report's number.
        number: u64,
        /// The report.
        result: Result<Made, Failure>,
    },
    /// [`ReportJob::Draw`].
    Drawn {
        /// The report's number.
        number: u64,
        /// Which page.
        page: usize,
        /// The picture.
        result: Result<Arc<ColorImage>, Failure>,
    },
    /// [`ReportJob::Choose`]; `None` when the reader closed the dialog or the system has none.
    Chosen {
        /// What was chosen.
        path: Option<PathBuf>,
    },
    /// [`ReportJob::Save`].
    Saved {
        /// What became of it.
        saving: Saving,
    },
    /// [`ReportJob::Open`].
    Opened {
        /// Why the system does not show it.
        result: Result<(), String>,
    },
}

/// Does a job.
pub fn run(backend: &dyn Backend, job: ReportJob, progress: &Progress) -> ReportEvent {
    match job {
        ReportJob::Make { number, recording, analysis, choices, layout, lead, from } => {
            let result = guarded(progress, || {
                let options = options(*choices, *layout, lead, from)?;
                make(backend, &recording, analysis.as_deref(), &options, progress)
            });
            ReportEvent::Made { number, result }
        }
        ReportJob::Draw { number, report, page } => {
            ReportEvent::Drawn { number, page, result: guarded(progress, || draw(&report, page)) }
        }
        ReportJob::Choose { suggested } => ReportEvent::Chosen { path: choose(&suggested) },
        ReportJob::Save { report, recording, path, replace } => {
            let saving = match guarded(progress, || save(&report, &recording, &path, replace)) {
                Ok(saving) => saving,
                Err(failure) => Saving::Failed(failure.to_string()),
            };
            ReportEvent::Saved { saving }
        }
        ReportJob::Open { path } => ReportEvent::Opened { result: open(&path) },
    }
}

fn options(choices: Choices, layout: Description, lead: usize, from: SampleIndex) -> Result<ReportOptions, Failure> {
    let template = match &choices.template {
        Some(path) => Template::read(path).map_err(Failure::new)?,
        None => Template::default(),
    };
    Ok(ReportOptions {
        paper: choices.paper,
        layout,
        lead,
        speed: choices.speed,
        gain: choices.gain,
        filter: choices.filter,
        from,
        sections: choices.sections.into_iter().collect(),
        evidence: Vec::new(),
        language: choices.language,
        template,
    })
}

fn make(
    backend: &dyn Backend,
    recording: &Recording,
    analysis: Option<&Analysis>,
    options: &ReportOptions,
    progress: &Progress,
) -> Result<Made, Failure> {
    let (reviewed, note) = match backend.reviewed(recording, progress) {
        Ok(reviewed) => (reviewed, None),
        Err(Failure::Cancelled) => return Err(Failure::Cancelled),
        // A report without the review says that it is unconfirmed, which is safe.
        Err(Failure::Failed(reason)) => (Reviewed::default(), Some(format!("No review is printed: {reason}"))),
    };
    progress.check()?;
    let input = ReportInput { recording, analysis, reviewed: &reviewed, made: now() };
    let report = Report::new(&input, options).map_err(Failure::new)?;
    Ok(Made { report: Arc::new(report), note })
}

fn now() -> NaiveDateTime {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(seconds).ok().and_then(|at| DateTime::from_timestamp(at, 0)).map(|at| at.naive_utc()).unwrap_or_default()
}

fn draw(report: &Report, page: usize) -> Result<Arc<ColorImage>, Failure> {
    let page = report.document.pages.get(page).ok_or_else(|| Failure::new("there is no such page"))?;
    let drawn = pixels(page, report.document.language, Dpi::SCREEN).map_err(Failure::new)?;
    let [width, height] = [drawn.width, drawn.height].map(|side| side as usize);
    Ok(Arc::new(ColorImage::from_rgba_unmultiplied([width, height], &drawn.rgba)))
}

fn choose(suggested: &Path) -> Option<PathBuf> {
    let mut dialog = rfd::FileDialog::new().set_title("Save the report").add_filter("PDF", &["pdf"]);
    if let Some(folder) = suggested.parent().filter(|folder| folder.is_dir()) {
        dialog = dialog.set_directory(folder);
    }
    if let Some(name) = suggested.file_name() {
        dialog = dialog.set_file_name(name.to_string_lossy());
    }
    dialog.save_file()
}

fn save(report: &Report, recording: &Recording, path: &Path, replace: bool) -> Result<Saving, Failure> {
    if path.exists() && !replace {
        return Ok(Saving::Exists(path.to_owned()));
    }
    let pdf = report.pdf().map_err(Failure::new)?;
    let sources = Sources::of_recordings([recording.path.as_path()]);
    let existing = if replace { Existing::ReplaceBut(&sources) } else { Existing::Keep };
    texts(&[(path.to_owned(), pdf)], recording, existing).map_err(Failure::new)?;
    Ok(Saving::Done(path.to_owned()))
}

/// Hands a file to whatever the system shows PDF files with.
fn open(path: &Path) -> Result<(), String> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut command = if cfg!(target_os = "windows") {
        Command::new("explorer")
    } else if cfg!(target_os = "macos") {
        Command::new("open")
    } else {
        Command::new("xdg-open")
    };
    let said =
        |reason: String| format!("{}: the system's viewer did not open it ({reason}); open the file yourself", path.display());
    let status = command.arg(&path).status().map_err(|error| said(error.to_string()))?;
    // Explorer tells of success with a status of 1.
    if status.success() || cfg!(target_os = "windows") { Ok(()) } else { Err(said(status.to_string())) }
}
