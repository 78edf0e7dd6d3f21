//! From a header's signal lines to readable signals.

use super::{
    differences::{DifferenceFile, DifferenceSource},
    flac::{FlacFile, FlacSource},
    header::{Header, SignalSpec},
    null::NullSource,
    packed::{Layout, PackedSource, Packing},
};
use crate::{
    formats::{FormatError, bytes::FileBytes, folder::Folder},
    recording::{Data, LeadName, Rate, Repair, SampleSource, Scale, Signal},
};
use std::{path::Path, sync::Arc};

/// Gain assumed where the header gives none; the signal is then marked uncalibrated.
pub(super) const DEFAULT_GAIN: f64 = 200.0;

/// The signals of a record in header order, and its length in frames.
pub(super) struct Opened {
    pub signals: Vec<Signal>,
    pub frames: u64,
    /// Samples of all signals that the files hold.
    pub stored: u64,
    /// Stretches without any signal, in frames: start and end.
    pub gaps: Vec<(u64, u64)>,
}

/// Signals that share a file: consecutive lines with the same file name.
struct Group<'a> {
    file_name: &'a str,
    specs: &'a [SignalSpec],
}

/// Samples of all signals of one file in a frame.
const MOST_IN_FRAME: u64 = 1 << 22;

/// Opens the signal files of a header. `check`: samples that may still be held against the header's checksums now; those that are, are taken off.
pub(super) fn open(
    path: &Path,
    folder: &Folder,
    header: &Header,
    check: &mut u64,
    repairs: &mut Vec<Repair>,
) -> Result<Opened, FormatError> {
    let mut opened = Vec::new();
    for specs in header.signals.chunk_by(|a, b| a.file_name == b.file_name) {
        let Some(first) = specs.first() else { continue };
        let same_file = |earlier: &Stored| earlier.file_name == first.file_name && !earlier.is_null();
        if opened.iter().any(same_file) {
            return Err(FormatError::Header {
                path: path.into(),
                field: "signal file".into(),
                found: first.file_name.clone(),
                problem: "the signals of one file must follow each other".into(),
            });
        }
        opened.push(Stored::open(path, folder, &Group { file_name: &first.file_name, specs }, repairs)?);
    }
    let frames = record_length(header, &opened, repairs);
    for stored in &opened {
        if let Some(fault) = &stored.fault {
            repairs.push(Repair::new(format!("signal file {}", stored.file_name), fault.clone(), "samples up to the fault"));
        }
    }

    let samples =
        header.signals.iter().fold(0, |sum: u64, spec| sum.saturating_add(frames.saturating_mul(spec.samples_per_frame)));
    let checked = samples <= *check;
    if checked {
        *check -= samples;
    }
    let held = opened.iter().filter(|stored| !stored.is_null());
    let held =
        held.fold(0, |sum: u64, stored| sum.saturating_add(stored.frames.min(frames).saturating_mul(stored.frame_samples)));
    let mut signals = Vec::new();
    for stored in opened {
        let sources = stored.sources(frames);
        for (spec, source) in stored.specs.iter().zip(sources) {
            let signal = signal(path, header.frame_rate, signals.len(), spec, source)?;
            // What is missing is listed already, and no sum of the rest could fit.
            let missing = stored.frames < frames || stored.fault.is_some() || header.frames.is_some_and(|n| n > frames);
            if checked && !missing {
                check_sum(&signal, repairs);
            }
            signals.push(signal);
        }
    }
    Ok(Opened { signals, frames, stored: held, gaps: Vec::new() })
}

/// Frames of the record: as declared, but not more than the longest file has.
fn record_length(header: &Header, opened: &[Stored], repairs: &mut Vec<Repair>) -> u64 {
    let stored = || opened.iter().filter(|stored| !stored.is_null());
    let longest = stored().map(|stored| stored.frames).max();
    let shortest = stored().map(|stored| stored.frames).min();
    match (header.frames, longest) {
        // Signals without a file are as long as the header says, up to what somebody could have recorded.
        (declared, None) => declared.filter(|n| *n as f64 / header.frame_rate <= super::LONGEST_SECONDS).unwrap_or(0),
        (None, Some(longest)) => {
            if shortest < Some(longest) {
                let found = format!("{} to {longest}", shortest.unwrap_or(0));
                repairs.push(Repair::new("samples per signal", found, "the longest signal file"));
            }
            longest
        }
        (Some(declared), Some(longest)) => {
            for stored in stored().filter(|stored| stored.frames < declared) {
                repairs.push(Repair::new(
                    format!("samples per signal in {}", stored.file_name),
                    format!("{} of {declared}", stored.frames),
                    "the file's samples; the rest is missing",
                ));
            }
            declared.min(longest)
        }
    }
}

/// Holds the stored samples against the checksum that the header declares.
fn check_sum(signal: &Signal, repairs: &mut Vec<Repair>) {
    // Samples that cannot be read are an error for whoever reads them.
    if let (Some(declared), Data::Recorded { source, .. }) = (signal.declared_checksum, &signal.data)
        && let Ok(Some(stored)) = source.stored_checksum()
        && declared != stored
    {
        repairs.push(super::checksum_finding(&signal.label, declared, stored));
    }
}

/// A signal from its line in the header and its samples.
pub(super) fn signal(
    path: &Path,
    frame_rate: f64,
    index: usize,
    spec: &SignalSpec,
    source: Arc<dyn SampleSource>,
) -> Result<Signal, FormatError> {
    let rate = Rate::new(frame_rate * spec.samples_per_frame as f64).ok_or_else(|| FormatError::Header {
        path: path.into(),
        field: format!("samples per frame of signal {index}"),
        found: spec.samples_per_frame.to_string(),
        problem: "the sampling rate is out of range".into(),
    })?;
    let label = if spec.description.is_empty() { format!("signal {index}") } else { spec.description.clone() };
    Ok(Signal {
        lead: LeadName::Other(label.clone()),
        label,
        rate,
        calibrated: spec.gain.is_some(),
        declared_checksum: spec.checksum,
        data: Data::Recorded {
            source,
            scale: Scale {
                gain: spec.gain.unwrap_or(DEFAULT_GAIN),
                baseline: spec.baseline,
                unit: spec.unit.clone(),
                millivolts_per_unit: Scale::voltage_unit(&spec.unit),
            },
        },
    })
}

/// An opened signal file.
struct Stored<'a> {
    file_name: String,
    specs: &'a [SignalSpec],
    frames: u64,
    fault: Option<String>,
    /// Bytes before the first sample.
    byte_offset: u64,
    /// Samples of all the file's signals in a frame.
    frame_samples: u64,
    content: Content,
}

enum Content {
    Null,
    Differences(Arc<DifferenceFile>),
    Packed { file: Arc<FileBytes>, packing: Packing },
    Flac(Arc<FlacFile>),
}

impl<'a> Stored<'a> {
    fn open(path: &Path, folder: &Folder, group: &Group<'a>, repairs: &mut Vec<Repair>) -> Result<Self, FormatError> {
        let file_name = group.file_name;
        let fail = |field: &str, found: String, problem: &str| FormatError::Header {
            path: path.into(),
            field: format!("{field} of {file_name}"),
            found,
            problem: problem.into(),
        };
        // The group's offset is on its first line; some writers repeat it, others do not.
        let (format, byte_offset) = group.specs.first().map_or((0, 0), |spec| (spec.format, spec.byte_offset));
        if let Some(other) = group.specs.iter().find(|spec| spec.format != format) {
            return Err(fail("storage format", format!("{format} and {}", other.format), "one file has one format"));
        }
        let frame_samples: u64 = group.specs.iter().map(|spec| spec.samples_per_frame).sum();
        if frame_samples > MOST_IN_FRAME {
            return Err(fail("samples per frame", frame_samples.to_string(), "more than any recorder writes (limit 4194304)"));
        }
        let mut stored = Self {
            file_name: file_name.into(),
            specs: group.specs,
            frames: 0,
            fault: None,
            byte_offset,
            frame_samples,
            content: Content::Null,
        };
        if format == 0 || file_name == "~" {
            return Ok(stored);
        }
        let file = Arc::new(open_signal_file(path, folder, file_name, repairs)?);
        let bytes = file.len().saturating_sub(byte_offset);
        if let Some(packing) = Packing::of_format(format) {
            stored.frames = packing.samples_in(bytes) / frame_samples.max(1);
            stored.content = Content::Packed { file, packing };
        } else if format == 8 {
            stored.frames = bytes / frame_samples.max(1);
            let signals: Vec<_> = group.specs.iter().map(|spec| (spec.samples_per_frame, spec.initial)).collect();
            stored.content = Content::Differences(Arc::new(DifferenceFile::new(file, byte_offset, stored.frames, &signals)));
        } else if matches!(format, 508 | 516 | 524) {
            let per_frame = group.specs.first().map_or(1, |spec| spec.samples_per_frame);
            if group.specs.iter().any(|spec| spec.samples_per_frame != per_frame) {
                return Err(fail("samples per frame", "differing values".into(), "the channels of a FLAC file are equally long"));
            }
            let flac = FlacFile::open(file, byte_offset, format, group.specs.len())?;
            let (samples, fault) = flac.length();
            stored.frames = samples / per_frame;
            stored.fault = fault.map(str::to_owned);
            stored.content = Content::Flac(Arc::new(flac));
        } else {
            return Err(FormatError::NotYetRead {
                path: path.into(),
                what: format!("signals in WFDB format {format} ({file_name}) are"),
            });
        }
        Ok(stored)
    }

    fn is_null(&self) -> bool {
        matches!(self.content, Content::Null)
    }

    /// A reader for each signal of a record of `frames` frames.
    fn sources(&self, frames: u64) -> Vec<Arc<dyn SampleSource>> {
        let mut first = 0;
        let mut sources: Vec<Arc<dyn SampleSource>> = Vec::new();
        for (channel, spec) in self.specs.iter().enumerate() {
            let per_frame = spec.samples_per_frame;
            let layout = Layout {
                byte_offset: self.byte_offset,
                frame_samples: self.frame_samples,
                first,
                per_frame,
                stored_frames: self.frames,
                frames,
                skew: spec.skew,
            };
            sources.push(match &self.content {
                Content::Null => Arc::new(NullSource { length: frames.saturating_mul(per_frame) }),
                Content::Packed { file, packing } => Arc::new(PackedSource { file: Arc::clone(file), packing: *packing, layout }),
                Content::Differences(file) => Arc::new(DifferenceSource { file: Arc::clone(file), signal: channel, layout }),
                Content::Flac(file) => Arc::new(FlacSource {
                    file: Arc::clone(file),
                    channel,
                    length: frames * per_frame,
                    skew: spec.skew.saturating_mul(per_frame),
                }),
            });
            first += per_frame;
        }
        sources
    }
}

/// Opens a signal file that a header names.
fn open_signal_file(path: &Path, folder: &Folder, name: &str, repairs: &mut Vec<Repair>) -> Result<FileBytes, FormatError> {
    match folder.open(path, name) {
        Err(FormatError::NotFound { .. }) => {
            Err(FormatError::SignalFileAbsent { path: path.into(), signal_file: name.to_owned() })
        }
        Err(error) => Err(error),
        Ok(found) => {
            if let Some(found_as) = found.found_as {
                repairs.push(Repair::new("signal file", name, format!("{found_as}: the same name in other letters")));
            }
            Ok(found.bytes)
        }
    }
}
