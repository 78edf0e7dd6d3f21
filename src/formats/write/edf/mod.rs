//! EDF+ and, where samples need more than 16 bits, BDF+. Sources: edfplus.info, "EDF specification" (1992) and "EDF+ specification" (2003).
//!
//! A recording that comes from an EDF or BDF file is [copied](copy) as it is; any other is written by [`edf_plus`].

mod copy;
mod data;
mod header;
mod limits;
mod lists;
mod records;
mod texts;

use super::{
    Existing, Loss, NewRecording, WriteError, Written,
    atomic::{self, Pending},
    frames::Frames,
    loss,
    survey::Survey,
};
use crate::recording::{AnnotationSet, FileFormat, Recording, SampleIndex};
use header::{HeaderText, SignalText};
use limits::Limits;
use lists::Lists;
use records::Records;
use std::path::Path;

/// Sample widths: EDF's and BDF's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Bits16,
    Bits24,
}

impl Width {
    fn bytes(self) -> usize {
        match self {
            Self::Bits16 => 2,
            Self::Bits24 => 3,
        }
    }

    /// Smallest and largest digital value.
    fn range(self) -> (i32, i32) {
        match self {
            Self::Bits16 => (-(1 << 15), (1 << 15) - 1),
            Self::Bits24 => (-(1 << 23), (1 << 23) - 1),
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Bits16 => "edf",
            Self::Bits24 => "bdf",
        }
    }
}

/// Writes any recording to `folder/NAME.edf` or `.bdf` with the annotations `added`.
///
/// From an EDF or BDF file signal headers, samples, data records and its own annotations are copied byte for byte; only where the file had to be repaired
/// to be read is it written anew. From a WFDB record `added` are all the annotations that are written.
///
/// # Errors
/// As [`edf_plus`].
pub fn edf(
    folder: &Path,
    recording: &Recording,
    name: &str,
    added: &[AnnotationSet],
    existing: Existing,
) -> Result<Written, WriteError> {
    let mut new = NewRecording::of(recording, name);
    if recording.format == FileFormat::Wfdb {
        new.annotations = added.to_vec();
        return edf_plus(folder, &new, existing);
    }
    let Some(repair) = recording.repairs.iter().find(|repair| !copy::can_keep(repair)) else {
        return copy::copy(folder, recording, name, added, existing);
    };
    new.annotations.extend(added.iter().cloned());
    let mut written = edf_plus(folder, &new, existing)?;
    let what = format!("{} was repaired when it was read: the file is no exact copy", repair.field);
    written.losses.insert(0, Loss::new("file", what, "the recording as it was understood"));
    Ok(written)
}

/// Writes `folder/NAME.edf` (EDF+) or, where a sample needs more than 16 bits, `folder/NAME.bdf` (BDF+).
///
/// Samples are stored as they are; the scale is stored as physical limits of eight characters, in the unit (as given, or uV or
/// mV for voltages) and at the digital limits that keep it best. Recordings with gaps become discontinuous (EDF+D). Where a stretch is no whole
/// number of data records, its last one is filled with each signal's last sample and the filling is annotated as `padding`. Invalid samples, for
/// which EDF has no code, become the digital minimum and are annotated as `no signal: NAME`.
///
/// # Errors
/// [`WriteError`]: the file exists and may not be replaced or is one of the recording's own, the rates have no common frame rate, a sample needs more than
/// 24 bits, a scale does not fit into eight characters.
pub fn edf_plus(folder: &Path, recording: &NewRecording, existing: Existing) -> Result<Written, WriteError> {
    let guess = folder.join(format!("{}.edf", recording.name));
    recording.check(&guess)?;
    // Before the samples are read: a file that is in the way is known at once.
    atomic::refuse(&[&guess], &recording.sources, existing)?;
    let frames = Frames::of(recording, &guess)?;
    let runs = frames.runs(recording);
    if runs.is_empty() {
        return Err(WriteError::unsuitable(guess, "signals", "the recording has no samples outside its gaps"));
    }
    let surveys = surveys(recording, &frames, &runs, &guess)?;
    let width = width(recording, &surveys, &guess)?;
    let path = guess.with_extension(width.extension());
    atomic::refuse(&[&path], &recording.sources, existing)?;

    let mut losses = Vec::new();
    let records = Records::choose(&frames, &runs, width);
    records.warn(&frames, recording.rate, &mut losses);
    let mut signals = Vec::new();
    for (signal, survey) in recording.signals.iter().zip(&surveys) {
        let limits = Limits::of(signal, survey.range, width, &mut losses).ok_or_else(|| {
            WriteError::unsuitable(&path, format!("scale of {}", signal.name), "its limits do not fit into eight characters")
        })?;
        signals.push(SignalText::new(signal, limits, &mut losses));
    }
    let lists = annotation_lists(recording, &frames, &records, &surveys, &mut losses);
    let header = HeaderText { width, records: &records, frames: &frames, signals: &signals, list_bytes: lists.bytes(width) };
    let header = header.bytes(recording, &path, &mut losses)?;
    if !recording.comments.is_empty() {
        loss::counted(&mut losses, recording.comments.len(), "comments", "lines: EDF+ has no place for them", "nothing");
    }

    let mut pending = Pending::create(&path)?;
    pending.put(&header)?;
    data::write(&mut pending, recording, &frames, &records, &signals, &lists, width)?;
    atomic::commit(vec![pending.complete()?], existing)?;
    Ok(Written { path, losses })
}

/// What every signal's samples are like outside the recording's gaps.
fn surveys(recording: &NewRecording, frames: &Frames, runs: &[(u64, u64)], path: &Path) -> Result<Vec<Survey>, WriteError> {
    let signals = recording.signals.iter().zip(&frames.per_frame);
    signals
        .map(|(signal, per)| Survey::of(signal.source.as_ref(), runs.iter().map(|(start, end)| (start * per, end * per)), path))
        .collect()
}

/// The sample width that all signals need.
fn width(recording: &NewRecording, surveys: &[Survey], path: &Path) -> Result<Width, WriteError> {
    let mut width = Width::Bits16;
    for (signal, survey) in recording.signals.iter().zip(surveys) {
        let Some((low, high)) = survey.range else { continue };
        let holds = |width: Width| low >= width.range().0 && high <= width.range().1;
        if !holds(Width::Bits24) {
            let value = if low < Width::Bits24.range().0 { low } else { high };
            let problem = format!("the value {value} needs more than 24 bits; write it as WFDB instead");
            return Err(WriteError::unsuitable(path, format!("signal {}", signal.name), problem));
        }
        if !holds(Width::Bits16) {
            width = Width::Bits24;
        }
    }
    Ok(width)
}

/// All annotations, those about the file's own making too, each in the data record in which it begins.
fn annotation_lists(
    recording: &NewRecording,
    frames: &Frames,
    records: &Records,
    surveys: &[Survey],
    losses: &mut Vec<Loss>,
) -> Lists {
    let offset = recording.start.map_or(0.0, |start| f64::from(chrono::Timelike::nanosecond(&start)) * 1e-9);
    let mut lists = Lists::new(records.onsets().map(|seconds| lists::seconds(offset + seconds)));
    // The rate that readers will see: times must land on the same samples.
    let rate = records.rate_of(frames.of_recording);
    let mut put = |at: u64, duration: Option<u64>, texts: &[String]| {
        let record = records.record_at(at / frames.of_recording);
        lists.add(record, offset + at as f64 / rate, duration.map(|duration| duration as f64 / rate), texts);
    };
    for set in &recording.annotations {
        for annotation in &set.annotations {
            put(annotation.at.0, annotation.duration, &texts::of(annotation));
        }
    }
    for (end, filled) in records.fillings() {
        let per = frames.of_recording;
        put(end * per, Some(filled * per), &["padding".to_owned()]);
    }
    for ((signal, survey), per) in recording.signals.iter().zip(surveys).zip(&frames.per_frame) {
        let text = if survey.joined() { "no signal in parts" } else { "no signal" };
        for (start, end) in &survey.stretches {
            let at = |sample: u64| SampleIndex(sample * frames.of_recording / per).0;
            put(at(*start), Some(at(*end) - at(*start)), &[format!("{text}: {}", signal.name)]);
        }
        let written = "the digital minimum, annotated `no signal`";
        let count = usize::try_from(survey.invalid).unwrap_or(usize::MAX);
        loss::counted(losses, count, &format!("signal {}", signal.name), "invalid samples: EDF has no code for them", written);
    }
    texts::warn(&recording.annotations, losses);
    lists
}
