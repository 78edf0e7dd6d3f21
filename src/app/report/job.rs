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
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
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
        /// What the dialog is headed.
        title: String,
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
        /// The file.
        path: PathBuf,
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
        ReportJob::Choose { suggested, title } => ReportEvent::Chosen { path: choose(&suggested, &title) },
        ReportJob::Save { report, recording, path, replace } => {
            let saving = match guarded(progress, || save(&report, &recording, &path, replace)) {
                Ok(saving) => saving,
                Err(failure) => Saving::Failed(failure.to_string()),
            };
            ReportEvent::Saved { saving }
        }
        ReportJob::Open { path } => {
            let result = open(&path, &viewer());
            ReportEvent::Opened { path, result }
        }
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
        Err(Failure::Failed(reason)) => (Reviewed::default(), Some(reason)),
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

fn choose(suggested: &Path, title: &str) -> Option<PathBuf> {
    let mut dialog = rfd::FileDialog::new().set_title(title).add_filter("PDF", &["pdf"]);
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
    // Whatever it is called: a recording is never replaced by a report.
    if crate::formats::probe(path).ok().flatten().is_some() {
        return Err(Failure::new(format!("{}: this is a recording and is not written over", path.display())));
    }
    let pdf = report.pdf().map_err(Failure::new)?;
    let sources = Sources::of_recordings([recording.path.as_path()]);
    let existing = if replace { Existing::ReplaceBut(&sources) } else { Existing::Keep };
    texts(&[(path.to_owned(), pdf)], recording, existing).map_err(Failure::new)?;
    Ok(Saving::Done(path.to_owned()))
}

/// Names the program that shows and prints reports, where it is not the system's own choice.
const VIEWER: &str = "EFFICIENTECG_PDF_VIEWER";

/// What the system shows PDF files with.
fn viewer() -> OsString {
    let own = if cfg!(target_os = "windows") {
        "explorer"
    } else if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    std::env::var_os(VIEWER).filter(|name| !name.is_empty()).unwrap_or_else(|| own.into())
}

/// Hands a file to a viewer and waits until that has taken it; a viewer that stays on the screen is not waited for.
fn open(path: &Path, viewer: &OsStr) -> Result<(), String> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let named = |reason: String| format!("{}: {reason}", viewer.display());
    let mut child = Command::new(viewer).arg(&path).stdin(Stdio::null()).spawn().map_err(|error| named(error.to_string()))?;
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match child.try_wait().map_err(|error| named(error.to_string()))? {
            // Explorer tells of success with a status of 1.
            Some(status) if status.success() || cfg!(target_os = "windows") => return Ok(()),
            Some(status) => return Err(named(status.to_string())),
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    // Waited for elsewhere, so that it does not stay as a dead process.
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// How long a viewer has to refuse.
const PATIENCE: Duration = Duration::from_secs(3);

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt};

    fn program(folder: &Path, text: &str) -> OsString {
        let path = folder.join("viewer");
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.into()
    }

    #[test]
    fn the_viewer_gets_the_file_and_its_refusal_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (file, seen) = (folder.path().join("a b.pdf"), folder.path().join("seen"));
        let taking = program(folder.path(), &format!("printf %s \"$1\" > {}", seen.display()));
        assert_eq!(open(&file, &taking), Ok(()));
        assert_eq!(fs::read_to_string(&seen).unwrap(), file.display().to_string());
        let refusing = program(folder.path(), "exit 4");
        assert!(open(&file, &refusing).unwrap_err().contains('4'));
        let absent = folder.path().join("absent");
        assert!(open(&file, absent.as_os_str()).unwrap_err().contains("absent"));
    }
}
