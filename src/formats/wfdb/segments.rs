//! Multi-segment records: segments that are records of their own, one after the other. Source: header(5).
//!
//! In a record of fixed layout every segment has the same signals. In one of variable layout the first segment has length 0 and lists all
//! signals; each other segment has some of them, found by their descriptions. `~` is a stretch without any signal.

use super::{
    header::{self, Header, SignalSpec},
    signals::{self, Opened},
};
use crate::{
    formats::{FormatError, folder::Folder},
    recording::{Data, INVALID_SAMPLE, Repair, SampleError, SampleSource, Scale, Signal},
};
use std::{path::Path, sync::Arc};

/// Bytes of one segment's header, and of all of them together.
const LARGEST_SEGMENT_HEADER: u64 = 1 << 20;
const MOST_HEADER_BYTES: u64 = 1 << 28;

/// Counts a common scale may reach, when the segments' own scales differ.
const LARGEST_COMMON: f64 = 1e9;

/// Opens the segments of a multi-segment header and joins their signals.
///
/// `check` as in [`signals::open`].
pub(super) fn open(
    path: &Path,
    folder: &Folder,
    header: &Header,
    check: &mut u64,
    repairs: &mut Vec<Repair>,
) -> Result<Opened, FormatError> {
    let fail = |field: String, found: &str, problem: &str| FormatError::Header {
        path: path.into(),
        field,
        found: found.into(),
        problem: problem.into(),
    };
    let mut joined: Vec<Joined> = Vec::new();
    let mut gaps: Vec<(u64, u64)> = Vec::new();
    let mut start = 0u64;
    let mut header_bytes = MOST_HEADER_BYTES;
    let mut stored = 0u64;
    let mut variable = false;
    for (index, segment) in header.segments.iter().enumerate() {
        let end = start.checked_add(segment.frames).ok_or_else(|| {
            fail("segment length".into(), &segment.frames.to_string(), "the record would be longer than can be counted")
        })?;
        if end as f64 / header.frame_rate > super::LONGEST_SECONDS {
            return Err(fail("segment length".into(), &segment.frames.to_string(), "the record would span more than a year"));
        }
        if segment.name == "~" {
            match gaps.last_mut() {
                Some(last) if last.1 == start => last.1 = end,
                _ if end > start => gaps.push((start, end)),
                _ => {}
            }
            start = end;
            continue;
        }
        let name = format!("{}.hea", segment.name);
        let segment_path = folder.path_of(&name);
        let content = folder.small_file(path, &name, LARGEST_SEGMENT_HEADER.min(header_bytes))?;
        header_bytes -= content.len() as u64;
        let segment_header = header::parse(&segment_path, &content)?;
        if !segment_header.segments.is_empty() {
            return Err(fail(format!("segment {index}"), &segment.name, "a segment cannot have segments itself"));
        }
        if (segment_header.frame_rate / header.frame_rate - 1.0).abs() > 1e-6 {
            let rate = segment_header.frame_rate.to_string();
            return Err(fail(format!("sampling frequency of segment {}", segment.name), &rate, "it must be the record's"));
        }
        if index == 0 && segment.frames == 0 {
            variable = true;
            joined = segment_header.signals.into_iter().map(Joined::new).collect();
            continue;
        }
        if joined.is_empty() {
            joined = segment_header.signals.iter().cloned().map(Joined::new).collect();
        }
        repairs.extend(segment_header.repairs.iter().cloned());
        let opened = signals::open(&segment_path, folder, &segment_header, check, repairs)?;
        stored = stored.saturating_add(opened.stored);
        if opened.frames < segment.frames {
            let found = format!("{} of {} samples", opened.frames, segment.frames);
            repairs.push(Repair::new(format!("segment {}", segment.name), found, "the rest is missing"));
        }
        for (place, (spec, signal)) in segment_header.signals.iter().zip(opened.signals).enumerate() {
            let slot = if variable {
                // Of several signals with one description each takes a place of its own.
                joined
                    .iter_mut()
                    .find(|j| j.spec.description == spec.description && j.parts.last().is_none_or(|p| p.start != start))
            } else {
                joined.get_mut(place).filter(|j| j.spec.description == spec.description)
            };
            let Some(slot) = slot else {
                return Err(fail(
                    format!("signals of segment {}", segment.name),
                    &spec.description,
                    "the record's layout lacks it",
                ));
            };
            slot.add(start, segment.frames, spec, signal)
                .map_err(|problem| fail(format!("{} in segment {}", spec.description, segment.name), &spec.unit, problem))?;
        }
        start = end;
    }
    if let Some(declared) = header.frames.filter(|declared| *declared != start) {
        repairs.push(Repair::new("number of samples per signal", declared.to_string(), format!("{start}, the segments' sum")));
    }
    let signals = joined
        .into_iter()
        .enumerate()
        .map(|(index, joined)| joined.signal(path, header.frame_rate, index, start))
        .collect::<Result<_, _>>()?;
    Ok(Opened { signals, frames: start, stored, gaps })
}

/// One signal of the record while its parts are being collected.
struct Joined {
    spec: SignalSpec,
    parts: Vec<NewPart>,
}

/// A segment's share of a signal.
struct NewPart {
    start: u64,
    frames: u64,
    source: Arc<dyn SampleSource>,
    scale: Scale,
    calibrated: bool,
}

impl Joined {
    fn new(spec: SignalSpec) -> Self {
        Self { spec, parts: Vec::new() }
    }

    fn add(&mut self, start: u64, frames: u64, spec: &SignalSpec, signal: Signal) -> Result<(), &'static str> {
        let Data::Recorded { source, scale } = signal.data else { return Ok(()) };
        if self.parts.is_empty() {
            self.spec.samples_per_frame = spec.samples_per_frame;
        }
        if spec.samples_per_frame != self.spec.samples_per_frame {
            return Err("its samples per frame differ between segments");
        }
        if spec.unit != self.spec.unit {
            return Err("its unit differs between segments");
        }
        self.parts.push(NewPart { start, frames, source, scale, calibrated: signal.calibrated });
        Ok(())
    }

    /// The joined signal. Where the segments' scales differ, samples are converted to a common scale, finer than any of them.
    fn signal(self, path: &Path, frame_rate: f64, index: usize, frames: u64) -> Result<Signal, FormatError> {
        let per_frame = self.spec.samples_per_frame;
        let length = frames.checked_mul(per_frame).ok_or_else(|| FormatError::Header {
            path: path.into(),
            field: "segment length".into(),
            found: frames.to_string(),
            problem: "the record would be longer than can be counted".into(),
        })?;
        let common = self.common_scale();
        let calibrated = self.parts.iter().all(|part| part.calibrated) && !self.parts.is_empty();
        let parts = self.parts.into_iter().map(|part| Part {
            start: part.start * per_frame,
            length: part.frames * per_frame,
            own_scale: common.as_ref().map(|_| part.scale),
            source: part.source,
        });
        let source =
            Arc::new(JoinedSource { parts: parts.collect(), length, common_gain: common.as_ref().map_or(1.0, |c| c.gain) });
        let mut signal = signals::signal(path, frame_rate, index, &self.spec, source)?;
        signal.calibrated = calibrated;
        signal.declared_checksum = None;
        if let (Data::Recorded { scale, .. }, Some(common)) = (&mut signal.data, common) {
            *scale = common;
        }
        Ok(signal)
    }

    /// `None` where all parts have the scale that the signal's line gives.
    fn common_scale(&self) -> Option<Scale> {
        let own_gain = self.spec.gain.unwrap_or(signals::DEFAULT_GAIN);
        let first = self.parts.first()?;
        if self.parts.iter().all(|part| part.scale.gain == own_gain && part.scale.baseline == self.spec.baseline) {
            return None;
        }
        let reach =
            |part: &NewPart| (f64::from(part.source.invalid_code()).abs() + part.scale.baseline.abs()) / part.scale.gain.abs();
        let largest = self.parts.iter().map(reach).fold(f64::MIN_POSITIVE, f64::max);
        let gain = 10f64.powf((LARGEST_COMMON / largest).log10().floor());
        Some(Scale { gain, baseline: 0.0, ..first.scale.clone() })
    }
}

/// A signal that runs through several segments.
#[derive(Debug)]
struct JoinedSource {
    /// In time order, not overlapping.
    parts: Vec<Part>,
    length: u64,
    common_gain: f64,
}

#[derive(Debug)]
struct Part {
    start: u64,
    length: u64,
    source: Arc<dyn SampleSource>,
    /// The part's scale where samples are converted to the common one.
    own_scale: Option<Scale>,
}

impl SampleSource for JoinedSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        out.fill(INVALID_SAMPLE);
        let end = start.saturating_add(out.len() as u64);
        let first = self.parts.partition_point(|part| part.start + part.length <= start);
        for part in self.parts.iter().skip(first).take_while(|part| part.start < end) {
            let (from, to) = (part.start.max(start), (part.start + part.length).min(end));
            let slots = out.get_mut((from - start) as usize..(to - start) as usize).unwrap_or_default();
            part.source.read(from - part.start, slots)?;
            if let Some(scale) = &part.own_scale {
                for slot in slots.iter_mut().filter(|slot| **slot != INVALID_SAMPLE) {
                    *slot = (scale.physical(*slot) * self.common_gain).round() as i32;
                }
            }
        }
        Ok(())
    }
}
