//! EDF, EDF+, BDF and BDF+.
//!
//! Annotations of EDF+ are texts without a vocabulary. [`mnemonic_of`] tells what is taken from them: a text that is exactly a WFDB
//! beat mnemonic (`N`, `V` ...) is that beat, a rhythm in WFDB's spelling (`(AFIB`) a rhythm change, everything else a note.

mod header;
pub(super) mod patient;
mod source;
pub(super) mod tal;
mod timeline;

pub(super) use header::{format_of, looks_like_header};
pub use tal::EdfAnnotation;

use super::{FormatError, assemble, bytes::FileBytes, limits};
use crate::recording::{
    Annotation, AnnotationSet, Data, FileFormat, Gap, LeadName, Mnemonic, Rate, Recording, Repair, Scale, Signal,
};
use chrono::TimeDelta;
use header::{Header, SignalHeader, sample_bytes};
use source::{EdfSource, Segment};
use std::{collections::HashMap, path::Path, sync::Arc};
use timeline::Timeline;

/// Counts per millivolt assumed where a file gives no usable scale, as WFDB does; the signal is then marked uncalibrated.
const DEFAULT_GAIN: f64 = 200.0;

/// Annotation times of a file without ordinary signals are counted in milliseconds.
const RATE_WITHOUT_SIGNALS: f64 = 1000.0;

/// Opens an EDF, EDF+, BDF or BDF+ file.
///
/// Sample indices count from the first data record. Gaps of discontinuous files (EDF+D) are gaps on the time line, without samples.
/// A file that holds annotations alone opens without leads, its times counted at 1000 Hz.
///
/// # Errors
/// A [`FormatError`] for a damaged header, a file shorter than its header or one data record, records that overlap in time.
pub fn open(path: &Path) -> Result<Recording, FormatError> {
    open_bytes(path, FileBytes::open(path)?)
}

/// Opens the file `path` whose bytes are given.
pub(super) fn open_bytes(path: &Path, file: FileBytes) -> Result<Recording, FormatError> {
    let file = Arc::new(file);
    let (header, timeline, mut repairs) = read(path, &file)?;
    let start = header
        .start
        .and_then(|start| start.checked_add_signed(TimeDelta::nanoseconds((timeline.start_offset_s * 1e9).round() as i64)));
    check_gaps(path, &header, &timeline)?;
    let channels = assemble::assemble(signals(&file, &header, &timeline, &mut repairs), &mut repairs);
    let rate_of = |hz: f64| Rate::new(hz).ok_or_else(|| no_rate(path, &header));
    let (rate, leads, other_signals) = match channels {
        Some(channels) => (channels.rate, channels.leads, channels.others),
        None => (rate_of(RATE_WITHOUT_SIGNALS)?, Vec::new(), Vec::new()),
    };
    let per_record = (rate.hz() * header.record_seconds).round() as usize;
    let segments = Segment::of_runs(&timeline.runs, per_record, rate.hz());
    let gaps = segments.windows(2).filter_map(|pair| match pair {
        [before, after] if after.start > before.end() => Some(Gap::new(before.end(), after.start)),
        _ => None,
    });
    let gaps = gaps.collect();
    let annotations = annotation_set(&timeline, rate, &mut repairs);
    let last_annotation =
        annotations.iter().flat_map(|set| &set.annotations).map(|a| a.at.0.saturating_add(a.duration.unwrap_or(0))).max();
    let length = match segments.last().map_or(0, Segment::end) {
        0 => last_annotation.map_or(0, |last| last.saturating_add(1)),
        length => length,
    };
    let plus = matches!(header.format, FileFormat::EdfPlus | FileFormat::BdfPlus);
    Ok(Recording {
        path: path.into(),
        name: path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned()),
        format: header.format,
        start,
        rate,
        length,
        leads,
        other_signals,
        gaps,
        patient: patient::patient(&header.patient, plus, start),
        annotations,
        repairs,
        comments: comments(&header),
        simulated: patient::declares_simulated(&header.recording),
    })
}

/// Every annotation of an EDF+ or BDF+ file as stored, in file order, onsets in seconds from the header's start time.
///
/// # Errors
/// As [`open`].
pub fn annotations(path: &Path) -> Result<Vec<EdfAnnotation>, FormatError> {
    Ok(read(path, &FileBytes::open(path)?)?.1.annotations)
}

/// What a text of an EDF+ annotation says in WFDB's vocabulary.
pub fn mnemonic_of(text: &str) -> Mnemonic {
    let exact = Mnemonic(text.to_owned());
    let rhythm = |text: &str| {
        text.strip_prefix('(')
            .is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()))
    };
    if exact.is_beat() || matches!(text, "~" | "|" | "!" | "x" | "+") {
        exact
    } else if rhythm(text) {
        Mnemonic("+".into())
    } else {
        Mnemonic("\"".into())
    }
}

fn read(path: &Path, file: &FileBytes) -> Result<(Header, Timeline, Vec<Repair>), FormatError> {
    let head = header::read(file).map_err(|e| FormatError::Unreadable { path: path.into(), reason: e.to_string() })?;
    let mut header = header::parse(path, &head, file.len())?;
    let mut repairs = std::mem::take(&mut header.repairs);
    let fastest = header.signals.iter().filter(|s| !s.is_annotations).map(|s| s.samples_per_record).max().unwrap_or(0);
    let fastest = if header.record_seconds > 0.0 { fastest as f64 / header.record_seconds } else { RATE_WITHOUT_SIGNALS };
    let timeline = timeline::read(path, &header, file, fastest, &mut repairs)?;
    Ok((header, timeline, repairs))
}

/// Refuses files whose gaps would take far more samples than they store.
fn check_gaps(path: &Path, header: &Header, timeline: &Timeline) -> Result<(), FormatError> {
    let signals = header.signals.iter().filter(|signal| !signal.is_annotations);
    let per_record: f64 = signals.map(|signal| signal.samples_per_record as f64).sum();
    let spanned = timeline.runs.last().map_or(0.0, |run| run.onset_s / header.record_seconds + run.records as f64);
    let missing = (spanned - header.records as f64) * per_record;
    // Without samples it is no number.
    if missing.is_nan() || missing <= limits::MOST_MISSING as f64 {
        return Ok(());
    }
    let problem = format!("its gaps span {missing:.0} samples, more than the {} that are read", limits::MOST_MISSING);
    Err(FormatError::Damaged { path: path.into(), problem })
}

fn no_rate(path: &Path, header: &Header) -> FormatError {
    FormatError::Header {
        path: path.into(),
        field: "duration of a data record".into(),
        found: header.record_seconds.to_string(),
        problem: "no sampling rate follows from it".into(),
    }
}

/// The ordinary signals.
fn signals(file: &Arc<FileBytes>, header: &Header, timeline: &Timeline, repairs: &mut Vec<Repair>) -> Vec<Signal> {
    let mut signals = Vec::new();
    // Signals of one rate share their time line, which of a file with many gaps is long.
    let mut segments: HashMap<usize, Arc<[Segment]>> = HashMap::new();
    for signal in header.signals.iter().filter(|signal| !signal.is_annotations) {
        let hz = signal.samples_per_record as f64 / header.record_seconds;
        let Some(rate) = Rate::new(hz).filter(|_| hz <= limits::FASTEST_HZ) else {
            let found = format!("{} ({hz} Hz)", signal.samples_per_record);
            repairs.push(Repair::new(format!("samples of {} in a data record", signal.label), found, "the signal is left out"));
            continue;
        };
        let (scale, calibrated) = scale(signal, repairs);
        let source = EdfSource {
            file: Arc::clone(file),
            header_bytes: header.bytes as u64,
            records: header.records,
            record_bytes: header.record_bytes,
            offset: signal.offset,
            samples_per_record: signal.samples_per_record,
            sample_bytes: sample_bytes(header.format),
            segments: Arc::clone(
                segments
                    .entry(signal.samples_per_record)
                    .or_insert_with(|| Segment::of_runs(&timeline.runs, signal.samples_per_record, rate.hz()).into()),
            ),
        };
        signals.push(Signal {
            label: signal.label.clone(),
            lead: LeadName::Other(signal.label.clone()),
            rate,
            calibrated,
            declared_checksum: None,
            data: Data::Recorded { source: Arc::new(source), scale },
        });
    }
    signals
}

/// The scale, and whether it is the file's own. Signals without limits get WFDB's default; a signal whose label says ECG but that has no unit
/// does so too, because its values mean nothing in millivolts.
fn scale(signal: &SignalHeader, repairs: &mut Vec<Repair>) -> (Scale, bool) {
    let unknown = Scale { gain: DEFAULT_GAIN, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) };
    let (Some((physical_low, physical_high)), Some((digital_low, digital_high))) = (signal.physical, signal.digital) else {
        return (unknown, false);
    };
    let upper = signal.label.to_ascii_uppercase();
    let says_ecg = LeadName::parse(&signal.label).standard().is_some() || upper.starts_with("ECG") || upper.starts_with("EKG");
    if signal.unit.is_empty() && says_ecg {
        repairs.push(Repair::new(format!("physical dimension of {}", signal.label), "", "unknown: the signal is uncalibrated"));
        return (unknown, false);
    }
    let gain = (digital_high - digital_low) / (physical_high - physical_low);
    let baseline = digital_low - physical_low * gain;
    if !gain.is_finite() || gain == 0.0 || !baseline.is_finite() {
        repairs.push(Repair::new(format!("scale of {}", signal.label), gain.to_string(), "unknown: the signal is uncalibrated"));
        return (unknown, false);
    }
    (Scale { gain, baseline, unit: signal.unit.clone(), millivolts_per_unit: Scale::voltage_unit(&signal.unit) }, true)
}

/// The annotation signals' annotations at the recording's rate, counted from the first data record.
fn annotation_set(timeline: &Timeline, rate: Rate, repairs: &mut Vec<Repair>) -> Vec<AnnotationSet> {
    if timeline.annotations.is_empty() {
        return Vec::new();
    }
    let mut early = 0;
    let mut annotations: Vec<Annotation> = timeline
        .annotations
        .iter()
        .map(|stored| {
            let seconds = stored.onset_s - timeline.start_offset_s;
            early += u64::from(seconds * rate.hz() <= -0.5);
            Annotation {
                at: rate.sample_at(seconds),
                duration: stored.duration_s.map(|seconds| rate.samples_in(seconds)),
                mnemonic: mnemonic_of(&stored.text),
                subtype: 0,
                chan: 0,
                num: 0,
                text: stored.text.clone(),
            }
        })
        .collect();
    if early > 0 {
        repairs.push(Repair::new("annotations", format!("{early} before the recording's start"), "at its start"));
    }
    annotations.sort_by_key(|annotation| annotation.at);
    vec![AnnotationSet { annotator: "edf".into(), annotations }]
}

/// The recording field and the filters it was recorded with, which decide what may be measured in it.
fn comments(header: &Header) -> Vec<String> {
    let recording = Some(header.recording.clone()).filter(|text| !text.is_empty());
    let filters = header
        .signals
        .iter()
        .filter(|signal| !signal.is_annotations && !signal.prefilter.is_empty())
        .map(|signal| format!("prefilter of {}: {}", signal.label, signal.prefilter));
    recording.into_iter().chain(filters).collect()
}
