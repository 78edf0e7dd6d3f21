//! A recording on its way to a file.

use super::WriteError;
use crate::{
    formats::{bytes, folder::Folder, listing, wfdb},
    recording::{AnnotationSet, Data, FileFormat, Gap, Patient, Rate, Recording, SampleSource, Scale, Signal},
};
use chrono::NaiveDateTime;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Headers larger than this are not looked into for the files they name.
const LARGEST_HEADER: u64 = 16 << 20;

/// A recording to be written. Signals may have different rates.
#[derive(Debug, Clone)]
pub struct NewRecording {
    /// Record name: letters, digits, `_` and `-`.
    pub name: String,
    /// Rate of the annotations' sample indices and of `gaps`: that of the fastest ECG lead.
    pub rate: Rate,
    /// Local start time.
    pub start: Option<NaiveDateTime>,
    /// Whose recording.
    pub patient: Patient,
    /// The signals in file order.
    pub signals: Vec<NewSignal>,
    /// Stretches in which no signal has a sample, ascending.
    pub gaps: Vec<Gap>,
    /// The annotations of every annotator, each in time order.
    pub annotations: Vec<AnnotationSet>,
    /// Header comments as they stand after the `#`, mostly with a leading blank (WFDB only: EDF+ has no place for them). A comment
    /// `annotator NAME: TEXT` is a note of that annotator's file, which is how the reader gives it.
    pub comments: Vec<String>,
    /// Marks the files as simulated, in a way the readers recognise: a comment line `# SIMULATED` in WFDB, `SIMULATED` in the
    /// recording field of EDF+.
    pub simulated: bool,
    /// Files that the recording is read from: they are never written to.
    pub sources: Vec<PathBuf>,
}

/// One signal to be written.
#[derive(Debug, Clone)]
pub struct NewSignal {
    /// Name, e.g. `aVR`.
    pub name: String,
    /// Whether it is an ECG lead (a standard lead `aVR` gets EDF+'s standard label `ECG aVR`).
    pub ecg: bool,
    /// Samples a second.
    pub rate: Rate,
    /// Scale of the samples. `millivolts_per_unit` plays no part.
    pub scale: Scale,
    /// False: `scale` is an assumption, and the file must not claim it.
    pub calibrated: bool,
    /// The digital samples.
    pub source: Arc<dyn SampleSource>,
}

impl NewRecording {
    /// A recording as it was read, to be written under `name`: its recorded signals (leads, then the others; of WFDB records in the header's
    /// order, to which the annotations' signal numbers refer), everybody's annotations, comments.
    pub fn of(recording: &Recording, name: &str) -> Self {
        let wfdb = recording.format == FileFormat::Wfdb;
        let ecg = recording.leads.iter().map(|signal| (signal, true));
        let mut signals: Vec<NewSignal> = ecg
            .chain(recording.other_signals.iter().map(|signal| (signal, false)))
            .filter_map(|(signal, ecg)| new_signal(signal, ecg))
            .collect();
        if wfdb {
            in_header_order(&recording.path, &mut signals);
        }
        // As a line of its own a comment begins with a blank; what a WFDB header has is left as it is.
        let comment = |text: &String| if wfdb { text.clone() } else { format!(" {text}") };
        Self {
            name: name.to_owned(),
            rate: recording.rate,
            start: recording.start,
            patient: recording.patient.clone(),
            signals,
            gaps: recording.gaps.clone(),
            annotations: recording.annotations.clone(),
            comments: recording.comments.iter().map(comment).collect(),
            simulated: recording.simulated,
            sources: files_of(recording),
        }
    }

    /// What every format needs of a recording. `path` is named in errors.
    pub(super) fn check(&self, path: &Path) -> Result<(), WriteError> {
        let name_fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if self.name.is_empty() || !self.name.chars().all(name_fits) {
            return Err(WriteError::unsuitable(path, "record name", "only letters, digits, `_` and `-` are allowed"));
        }
        if self.signals.iter().all(|signal| signal.source.is_empty()) {
            return Err(WriteError::unsuitable(path, "signals", "a recording needs at least one signal with samples"));
        }
        for signal in &self.signals {
            let scale = &signal.scale;
            if !scale.gain.is_finite() || scale.gain == 0.0 || !scale.baseline.is_finite() {
                let problem = "gain and baseline must be finite and the gain not 0";
                return Err(WriteError::unsuitable(path, format!("signal {}", signal.name), problem));
            }
            if signal.name.trim().is_empty() || signal.name.chars().chain(scale.unit.chars()).any(char::is_control) {
                let field = format!("signal {}", signal.name.escape_debug());
                return Err(WriteError::unsuitable(path, field, "a name and a unit without control characters are needed"));
            }
        }
        Ok(())
    }
}

fn new_signal(signal: &Arc<Signal>, ecg: bool) -> Option<NewSignal> {
    let Data::Recorded { source, scale } = &signal.data else { return None };
    let printable = |text: &str| text.replace(char::is_control, " ").trim().to_owned();
    let label = printable(&signal.label);
    Some(NewSignal {
        name: if label.is_empty() { "unnamed".to_owned() } else { label },
        ecg,
        rate: signal.rate,
        scale: Scale { unit: printable(&scale.unit), ..scale.clone() },
        calibrated: signal.calibrated,
        source: Arc::clone(source),
    })
}

fn header(path: &Path) -> Option<wfdb::header::Header> {
    wfdb::header::parse(path, &bytes::small_file(path, LARGEST_HEADER).ok()?).ok()
}

/// Sorts signals as the header lists them; of a multi-segment record as its first segment does. Without a readable header they stay as they are.
fn in_header_order(path: &Path, signals: &mut [NewSignal]) {
    let Some(mut found) = header(path) else { return };
    if let Some(first) = found.segments.iter().find(|segment| segment.name != "~") {
        let Some(segment) = header(&path.with_file_name(format!("{}.hea", first.name))) else { return };
        found = segment;
    }
    let mut order: Vec<Option<String>> = found
        .signals
        .iter()
        .enumerate()
        .map(|(index, spec)| Some(if spec.description.is_empty() { format!("signal {index}") } else { spec.description.clone() }))
        .collect();
    // Of signals with the same description each takes a place of its own.
    let mut place = |signal: &NewSignal| {
        let place = order.iter().position(|name| name.as_deref() == Some(signal.name.as_str())).unwrap_or(usize::MAX);
        if let Some(taken) = order.get_mut(place) {
            *taken = None;
        }
        place
    };
    let places: Vec<usize> = signals.iter().map(&mut place).collect();
    let mut sorted: Vec<(usize, NewSignal)> = places.into_iter().zip(signals.iter().cloned()).collect();
    sorted.sort_by_key(|(place, _)| *place);
    for (slot, (_, signal)) in signals.iter_mut().zip(sorted) {
        *slot = signal;
    }
}

/// Every file that a recording is stored in.
pub(super) fn files_of(recording: &Recording) -> Vec<PathBuf> {
    stored_files(&recording.path, Some(recording.format))
}

/// Every file that the recording at `path` is stored in, as far as headers tell.
pub(super) fn stored_files(path: &Path, format: Option<FileFormat>) -> Vec<PathBuf> {
    let mut files = vec![path.to_owned()];
    if format != Some(FileFormat::Wfdb) {
        return files;
    }
    if let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) {
        let extensions = Folder::of(path).extensions(stem).unwrap_or_default();
        let annotations = extensions.iter().filter(|extension| super::wfdb::may_be_annotations(extension));
        files.extend(annotations.map(|extension| path.with_file_name(format!("{stem}.{extension}"))));
    }
    let mut headers = vec![path.to_owned()];
    headers.extend(wfdb::segments_of(path));
    for path in headers {
        if let Some(header) = header(&path) {
            files.extend(header.signals.iter().map(|signal| signal_file(&path, &signal.file_name)));
        }
        files.push(path);
    }
    files
}

/// The file that a header names, or the one that the reader takes for it because its name differs in upper and lower case only.
fn signal_file(header: &Path, name: &str) -> PathBuf {
    let file = header.with_file_name(name);
    if file.exists() {
        return file;
    }
    let folder = header.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = listing::names(folder).ok();
    names.and_then(|names| listing::in_other_letters(&names, name)).map_or(file, |other| header.with_file_name(other))
}
