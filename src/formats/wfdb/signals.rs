//! From a header's signal lines to readable signals.

use super::{
    differences::DifferenceSource,
    flac::{FlacFile, FlacSource},
    header::{Header, SignalSpec},
    packed::{Layout, PackedSource, Packing},
};
use crate::{
    formats::{FormatError, bytes::MappedFile},
    recording::{Data, LeadName, Rate, Repair, SampleSource, Scale, Signal},
};
use std::{
    path::{Component, Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// Gain assumed where the header gives none; the signal is then marked uncalibrated.
pub(super) const DEFAULT_GAIN: f64 = 200.0;

/// The signals of a record in header order, and its length in frames.
pub(super) struct Opened {
    pub signals: Vec<Signal>,
    pub frames: u64,
    /// Stretches without any signal, in frames: start and end.
    pub gaps: Vec<(u64, u64)>,
}

/// Signals that share a file: consecutive lines with the same file name.
struct Group<'a> {
    file_name: &'a str,
    specs: &'a [SignalSpec],
}

pub(super) fn open(path: &Path, header: &Header, repairs: &mut Vec<Repair>) -> Result<Opened, FormatError> {
    if header.signals.iter().any(|spec| spec.file_name == "~" || spec.format == 0) {
        return Err(FormatError::NotYetRead {
            path: path.into(),
            what: "signals without a file (the layout of a multi-segment record) are".into(),
        });
    }
    let mut opened = Vec::new();
    for specs in header.signals.chunk_by(|a, b| a.file_name == b.file_name) {
        let Some(first) = specs.first() else { continue };
        if opened.iter().any(|earlier: &Stored| earlier.file_name == first.file_name) {
            return Err(FormatError::Header {
                path: path.into(),
                field: "signal file".into(),
                found: first.file_name.clone(),
                problem: "the signals of one file must follow each other".into(),
            });
        }
        opened.push(Stored::open(path, &Group { file_name: &first.file_name, specs })?);
    }
    let longest = opened.iter().map(|stored| stored.frames).max().unwrap_or(0);
    let shortest = opened.iter().map(|stored| stored.frames).min().unwrap_or(0);
    let frames = match header.frames {
        None => longest,
        Some(declared) => {
            for stored in opened.iter().filter(|stored| stored.frames < declared) {
                repairs.push(Repair::new(
                    format!("samples per signal in {}", stored.file_name),
                    format!("{} of {declared}", stored.frames),
                    "the file's samples; the rest is missing",
                ));
            }
            declared.min(longest)
        }
    };
    if header.frames.is_none() && shortest < longest {
        repairs.push(Repair::new("samples per signal", format!("{shortest} to {longest}"), "the longest signal file"));
    }
    for stored in &opened {
        if let Some(fault) = &stored.fault {
            repairs.push(Repair::new(format!("signal file {}", stored.file_name), fault.clone(), "samples up to the fault"));
        }
    }

    let mut signals = Vec::new();
    for stored in opened {
        let sources = stored.sources(frames);
        for (spec, source) in stored.specs.iter().zip(sources) {
            signals.push(signal(path, header.frame_rate, signals.len(), spec, source)?);
        }
    }
    Ok(Opened { signals, frames, gaps: Vec::new() })
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
    content: Content,
}

enum Content {
    Differences { file: Arc<MappedFile>, byte_offset: usize, frame_samples: u64 },
    Packed { file: Arc<MappedFile>, packing: Packing, byte_offset: usize, frame_samples: u64 },
    Flac(Arc<FlacFile>),
}

impl<'a> Stored<'a> {
    fn open(path: &Path, group: &Group<'a>) -> Result<Self, FormatError> {
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
        let file = Arc::new(open_signal_file(path, file_name)?);
        let byte_offset = usize::try_from(byte_offset).unwrap_or(usize::MAX);
        let mut stored =
            Self { file_name: file_name.into(), specs: group.specs, frames: 0, fault: None, content: Content::none(&file) };
        if let Some(packing) = Packing::of_format(format) {
            let bytes = file.len().saturating_sub(byte_offset) as u64;
            let frame_samples: u64 = group.specs.iter().map(|spec| spec.samples_per_frame).sum();
            stored.frames = packing.samples_in(bytes) / frame_samples.max(1);
            stored.content = Content::Packed { file, packing, byte_offset, frame_samples };
        } else if format == 8 {
            let frame_samples: u64 = group.specs.iter().map(|spec| spec.samples_per_frame).sum();
            stored.frames = file.len().saturating_sub(byte_offset) as u64 / frame_samples.max(1);
            stored.content = Content::Differences { file, byte_offset, frame_samples };
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

    /// A reader for each signal of a record of `frames` frames.
    fn sources(&self, frames: u64) -> Vec<Arc<dyn SampleSource>> {
        let mut first = 0;
        let mut sources: Vec<Arc<dyn SampleSource>> = Vec::new();
        for (channel, spec) in self.specs.iter().enumerate() {
            let per_frame = spec.samples_per_frame;
            let layout = |byte_offset: usize, frame_samples: u64| Layout {
                byte_offset,
                frame_samples,
                first,
                per_frame,
                stored_frames: self.frames,
                frames,
                skew: spec.skew,
            };
            sources.push(match &self.content {
                Content::Packed { file, packing, byte_offset, frame_samples } => Arc::new(PackedSource {
                    file: Arc::clone(file),
                    packing: *packing,
                    layout: layout(*byte_offset, *frame_samples),
                }),
                Content::Differences { file, byte_offset, frame_samples } => Arc::new(DifferenceSource {
                    file: Arc::clone(file),
                    layout: layout(*byte_offset, *frame_samples),
                    initial: spec.initial,
                    decoded: OnceLock::new(),
                }),
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

impl Content {
    /// Stands until the format is known.
    fn none(file: &Arc<MappedFile>) -> Self {
        Self::Packed { file: Arc::clone(file), packing: Packing::P16, byte_offset: 0, frame_samples: 1 }
    }
}

/// Maps a signal file that a header names.
fn open_signal_file(path: &Path, name: &str) -> Result<MappedFile, FormatError> {
    match MappedFile::open(&beside(path, name)?) {
        Err(FormatError::NotFound { .. }) => {
            Err(FormatError::SignalFileAbsent { path: path.into(), signal_file: name.to_owned() })
        }
        other => other,
    }
}

/// The file of that name beside the header. The name may lead into a folder below the header's and nowhere else.
pub(super) fn beside(path: &Path, name: &str) -> Result<PathBuf, FormatError> {
    let relative = Path::new(name);
    let stays = !name.contains(['\\', ':', '\0'])
        && !name.is_empty()
        && relative.components().all(|part| matches!(part, Component::Normal(_)));
    if !stays {
        return Err(FormatError::UnsafeFileName { path: path.into(), name: name.chars().take(60).collect() });
    }
    Ok(path.with_file_name(name))
}
