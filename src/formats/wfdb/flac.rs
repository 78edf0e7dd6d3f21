//! Signal files compressed with FLAC: formats 508, 516 and 524 (8, 16 and 24 bits).
//!
//! The signals of the file are the channels of the stream; the sampling rate in the stream means nothing. Decoding is
//! sequential, so a file is decoded whole on first use and kept as long as the recording is.

use crate::{
    formats::{FormatError, bytes::MappedFile},
    recording::{INVALID_SAMPLE, SampleError, SampleSource},
};
use claxon::FlacReader;
use std::{
    io::Cursor,
    sync::{Arc, OnceLock},
};

/// Samples of all channels together that one file may decode to (1 GiB in memory): a few kilobytes of FLAC can declare, and
/// even decode to, far more than fits in memory.
const MOST_SAMPLES: u64 = 1 << 28;

/// Files that decode to at most this many samples are decoded when they are opened, so that damage is known at once.
const DECODE_AT_OPENING: u64 = 1 << 21;

/// A FLAC signal file.
#[derive(Debug)]
pub(super) struct FlacFile {
    file: Arc<MappedFile>,
    byte_offset: usize,
    channels: usize,
    bits: u32,
    declared: Option<u64>,
    /// Decoded at opening, so that a fault is among the recording's repairs.
    fault_is_known: bool,
    decoded: OnceLock<Decoded>,
}

/// The channels' samples as far as they could be decoded.
#[derive(Debug)]
struct Decoded {
    channels: Vec<Vec<i32>>,
    fault: Option<String>,
}

impl FlacFile {
    /// Reads the stream's own header and holds it against the WFDB header's format and number of signals.
    pub(super) fn open(file: Arc<MappedFile>, byte_offset: usize, format: u32, signals: usize) -> Result<Self, FormatError> {
        let damaged = |problem: String| FormatError::Damaged { path: file.path().into(), problem };
        let bytes = file.bytes().map_err(|e| damaged(e.to_string()))?.get(byte_offset..).unwrap_or_default();
        let info =
            FlacReader::new(Cursor::new(bytes)).map_err(|e| damaged(format!("no readable FLAC stream ({e})")))?.streaminfo();
        let bits = format - 500;
        if info.channels as usize != signals {
            return Err(damaged(format!("the FLAC stream has {} channels, the header {signals} signals", info.channels)));
        }
        if info.bits_per_sample != bits {
            return Err(damaged(format!(
                "the FLAC stream has {} bits a sample, format {format} means {bits}",
                info.bits_per_sample
            )));
        }
        let samples = info.samples.map(|samples| samples.saturating_mul(signals as u64));
        let opened = Self {
            file: Arc::clone(&file),
            byte_offset,
            channels: signals,
            bits,
            declared: info.samples,
            fault_is_known: samples.is_none_or(|samples| samples <= DECODE_AT_OPENING),
            decoded: OnceLock::new(),
        };
        if samples.is_some_and(|samples| samples > MOST_SAMPLES) {
            return Err(damaged(format!(
                "the FLAC stream declares {} samples in each of {signals} channels, more than the {MOST_SAMPLES} that are decoded",
                opened.declared.unwrap_or(0)
            )));
        }
        if opened.fault_is_known {
            opened.decoded();
        }
        Ok(opened)
    }

    /// Samples in each channel, and what was wrong in the stream if that is known already.
    pub(super) fn length(&self) -> (u64, Option<&str>) {
        match (self.decoded.get(), self.declared) {
            (Some(decoded), _) => (decoded.channels.first().map_or(0, Vec::len) as u64, decoded.fault.as_deref()),
            (None, declared) => (declared.unwrap_or(0), None),
        }
    }

    fn decoded(&self) -> &Decoded {
        self.decoded.get_or_init(|| {
            let mut channels = vec![Vec::new(); self.channels];
            let fault = self.decode_into(&mut channels).err();
            Decoded { channels, fault }
        })
    }

    fn decode_into(&self, channels: &mut [Vec<i32>]) -> Result<(), String> {
        let bytes = self.file.bytes().map_err(|e| e.to_string())?.get(self.byte_offset..).unwrap_or_default();
        let mut reader = FlacReader::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
        let mut frames = reader.blocks();
        let mut buffer = Vec::new();
        let mut total = 0u64;
        while let Some(block) = frames.read_next_or_eof(buffer).map_err(|e| format!("FLAC frame: {e}"))? {
            if block.channels() as usize != channels.len() {
                return Err(format!("a FLAC frame has {} channels instead of {}", block.channels(), channels.len()));
            }
            total += u64::from(block.duration()) * u64::from(block.channels());
            if total > MOST_SAMPLES {
                return Err(format!("more than {MOST_SAMPLES} samples"));
            }
            for (number, channel) in (0u32..).zip(channels.iter_mut()) {
                channel.extend_from_slice(block.channel(number));
            }
            buffer = block.into_buffer();
        }
        let read = channels.first().map_or(0, Vec::len) as u64;
        match self.declared {
            Some(declared) if read < declared => Err(format!("the FLAC stream ends after {read} of {declared} samples")),
            _ => Ok(()),
        }
    }
}

/// One channel of a FLAC signal file.
#[derive(Debug)]
pub(super) struct FlacSource {
    pub file: Arc<FlacFile>,
    pub channel: usize,
    /// Samples in the record.
    pub length: u64,
    /// Stored samples skipped before the first.
    pub skew: u64,
}

impl FlacSource {
    /// The stored samples, of which those before `end` are wanted. A fault known at opening is among the recording's repairs and leaves the samples
    /// behind it invalid; one found only now is an error for whoever wants these samples.
    fn samples(&self, end: u64) -> Result<&[i32], SampleError> {
        let decoded = self.file.decoded();
        let samples = decoded.channels.get(self.channel).map_or(&[][..], Vec::as_slice);
        match &decoded.fault {
            Some(reason) if !self.file.fault_is_known && end > samples.len() as u64 => {
                Err(SampleError::Unreadable { file: self.file.file.path().display().to_string(), reason: reason.clone() })
            }
            _ => Ok(samples),
        }
    }
}

impl SampleSource for FlacSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let end = start.saturating_add(out.len() as u64).min(self.length);
        let samples = self.samples(end.saturating_add(self.skew))?;
        let invalid = self.invalid_code();
        let from = usize::try_from(start.saturating_add(self.skew)).unwrap_or(usize::MAX).min(samples.len());
        let inside = self.length.saturating_sub(start).min(out.len() as u64).min((samples.len() - from) as u64) as usize;
        let stored = samples.get(from..from + inside).unwrap_or_default();
        for (slot, value) in out.iter_mut().zip(stored.iter().map(Some).chain(std::iter::repeat(None))) {
            *slot = value.copied().filter(|v| *v != invalid).unwrap_or(INVALID_SAMPLE);
        }
        Ok(())
    }

    fn invalid_code(&self) -> i32 {
        -(1 << (self.file.bits - 1))
    }

    fn stored_checksum(&self) -> Result<Option<i16>, SampleError> {
        let stored = self.samples(self.length)?.iter().take(usize::try_from(self.length).unwrap_or(usize::MAX));
        Ok(Some(stored.fold(0i64, |sum, value| sum.wrapping_add(i64::from(*value))) as i16))
    }
}
