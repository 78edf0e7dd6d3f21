//! Signal files.

use super::{
    WfdbFormat,
    flac::{self, CHANNELS},
};
use crate::{
    formats::write::{NewRecording, WriteError, atomic::Pending, frames::Frames},
    recording::INVALID_SAMPLE,
};
use std::{ops::Range, path::Path};

/// Samples of all signals together that are read at a time.
const BLOCK: u64 = 1 << 18;

/// One signal file and the signals in it.
#[derive(Debug, PartialEq)]
pub(super) struct SignalFile {
    pub name: String,
    pub signals: Range<usize>,
}

/// What the header says of a signal as stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stored {
    pub file_name: String,
    /// First stored sample.
    pub initial: i32,
    /// Low 16 bits of the sum of all.
    pub checksum: i16,
}

/// `NAME.dat` for all signals. FLAC streams have at most eight channels, all of one rate: `NAME_1.dat`, `NAME_2.dat` ... where one does
/// not do.
pub(super) fn files(recording: &NewRecording, frames: &Frames, flac: bool) -> Vec<SignalFile> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (index, per_frame) in frames.per_frame.iter().enumerate() {
        match groups.last_mut() {
            Some(group) if !flac || (group.len() < CHANNELS && frames.per_frame.get(group.start) == Some(per_frame)) => {
                group.end = index + 1;
            }
            _ => groups.push(index..index + 1),
        }
    }
    let one = groups.len() == 1;
    let name = |number: usize| if one { format!("{}.dat", recording.name) } else { format!("{}_{number}.dat", recording.name) };
    groups.into_iter().enumerate().map(|(index, signals)| SignalFile { name: name(index + 1), signals }).collect()
}

/// Writes the samples of one file.
pub(super) fn write(
    pending: &mut Pending,
    recording: &NewRecording,
    frames: &Frames,
    file: &SignalFile,
    format: WfdbFormat,
) -> Result<Vec<Stored>, WriteError> {
    let target = pending.path().to_owned();
    let mut blocks = Blocks::new(recording, frames, file, format);
    if format.is_flac() {
        flac::write(pending, &mut blocks, format)?;
    } else {
        let mut packer = Packer { format, waiting: None };
        let mut bytes = Vec::new();
        while blocks.next(&target)? {
            bytes.clear();
            for frame in 0..blocks.frames_in_block {
                for (values, per_frame) in blocks.values.iter().zip(&blocks.per_frame) {
                    let samples = values.get(frame * per_frame..(frame + 1) * per_frame).unwrap_or_default();
                    samples.iter().for_each(|value| packer.put(*value, &mut bytes));
                }
            }
            pending.put(&bytes)?;
        }
        bytes.clear();
        packer.finish(&mut bytes);
        pending.put(&bytes)?;
    }
    Ok(blocks.stored(file))
}

/// Reads a file's signals side by side, block after block, as they will be stored.
pub(super) struct Blocks<'a> {
    recording: &'a NewRecording,
    signals: Range<usize>,
    format: WfdbFormat,
    frame: u64,
    frames: u64,
    block: u64,
    /// Samples of each signal in a frame.
    pub per_frame: Vec<usize>,
    /// Frames in the block read last.
    pub frames_in_block: usize,
    /// Its stored values, signal by signal.
    pub values: Vec<Vec<i32>>,
    initial: Vec<Option<i32>>,
    sums: Vec<i16>,
}

impl<'a> Blocks<'a> {
    fn new(recording: &'a NewRecording, frames: &Frames, file: &SignalFile, format: WfdbFormat) -> Self {
        let per_frame: Vec<usize> =
            frames.per_frame.get(file.signals.clone()).unwrap_or_default().iter().map(|per| *per as usize).collect();
        let count = per_frame.len();
        Self {
            recording,
            signals: file.signals.clone(),
            format,
            frame: 0,
            frames: frames.count,
            block: (BLOCK / per_frame.iter().sum::<usize>().max(1) as u64).max(1),
            per_frame,
            frames_in_block: 0,
            values: vec![Vec::new(); count],
            initial: vec![None; count],
            sums: vec![0; count],
        }
    }

    /// Samples of each signal in the whole file, all signals together.
    pub(super) fn total(&self) -> u64 {
        self.frames * self.per_frame.iter().sum::<usize>() as u64
    }

    /// Reads the next block; false at the end.
    pub(super) fn next(&mut self, target: &Path) -> Result<bool, WriteError> {
        let frames = (self.frames - self.frame).min(self.block);
        self.frames_in_block = frames as usize;
        let invalid = self.format.invalid();
        let signals = self.recording.signals.get(self.signals.clone()).unwrap_or_default();
        for (index, (signal, per_frame)) in signals.iter().zip(&self.per_frame).enumerate() {
            let Some(values) = self.values.get_mut(index) else { continue };
            values.resize(frames as usize * per_frame, INVALID_SAMPLE);
            signal.source.read(self.frame * *per_frame as u64, values).map_err(|e| WriteError::source(target, &e))?;
            let mut sum = 0i16;
            for value in values.iter_mut() {
                if *value == INVALID_SAMPLE {
                    *value = invalid;
                } else if *value <= invalid || *value > !invalid {
                    // The survey saw other samples: the file is being changed.
                    let problem = "its samples changed while they were being written";
                    return Err(WriteError::unsuitable(target, format!("signal {}", signal.name), problem));
                }
                sum = sum.wrapping_add(*value as i16);
            }
            if let (Some(total), Some(initial)) = (self.sums.get_mut(index), self.initial.get_mut(index)) {
                *total = total.wrapping_add(sum);
                *initial = initial.or(values.first().copied());
            }
        }
        self.frame += frames;
        Ok(frames > 0)
    }

    fn stored(self, file: &SignalFile) -> Vec<Stored> {
        self.initial
            .into_iter()
            .zip(self.sums)
            .map(|(initial, checksum)| Stored { file_name: file.name.clone(), initial: initial.unwrap_or(0), checksum })
            .collect()
    }
}

/// Stored values to bytes.
struct Packer {
    format: WfdbFormat,
    /// The first sample of a pair in format 212.
    waiting: Option<i32>,
}

impl Packer {
    fn put(&mut self, value: i32, out: &mut Vec<u8>) {
        let bytes = value.to_le_bytes();
        match self.format {
            WfdbFormat::Bits32 => out.extend_from_slice(&bytes),
            WfdbFormat::Bits24 => out.extend_from_slice(&bytes[..3]),
            WfdbFormat::Packed212 => match self.waiting.take() {
                None => self.waiting = Some(value),
                Some(first) => {
                    let [low, high, ..] = first.to_le_bytes();
                    out.extend_from_slice(&[low, (high & 0x0f) | (bytes[1] & 0x0f) << 4, bytes[0]]);
                }
            },
            WfdbFormat::Bits16 | WfdbFormat::Flac516 | WfdbFormat::Flac524 => out.extend_from_slice(&bytes[..2]),
        }
    }

    /// A pair begun is filled up with 0, as WFDB's own libraries do; the header says how many samples count.
    fn finish(&mut self, out: &mut Vec<u8>) {
        if self.waiting.is_some() {
            self.put(0, out);
        }
    }
}
