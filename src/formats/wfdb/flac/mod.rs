//! Signal files compressed with FLAC: formats 508, 516 and 524 (8, 16 and 24 bits).
//!
//! The signals of the file are the channels of the stream; the sampling rate in the stream means nothing. Frames are decoded as they are needed
//! and kept for a while.

mod cache;
mod escaped;
mod file;
mod stream;
#[cfg(test)]
mod tests;

use super::packed::{checksum, mark_invalid};
use crate::{
    formats::{FormatError, bytes::FileBytes},
    recording::{INVALID_SAMPLE, SampleError, SampleSource},
};
use std::sync::Arc;

/// A FLAC signal file.
#[derive(Debug)]
pub(super) struct FlacFile(file::FlacFile);

impl FlacFile {
    /// Reads the stream's own header and holds it against the WFDB header's format and number of signals.
    pub(super) fn open(file: Arc<FileBytes>, byte_offset: u64, format: u32, signals: usize) -> Result<Self, FormatError> {
        file::FlacFile::open(file, byte_offset, format, signals).map(Self)
    }

    /// Samples in each channel that can be read, and what was wrong at opening.
    pub(super) fn length(&self) -> (u64, Option<&str>) {
        self.0.length()
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
    /// Fills `out` with the stored samples from `start` on; what the stream does not hold is [`INVALID_SAMPLE`]. A fault that is known since the
    /// file was opened is among the recording's repairs; one found only now is an error for whoever wants these samples.
    fn read_stored(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let file = &self.file.0;
        let stored = file.length().0.saturating_sub(start).min(out.len() as u64) as usize;
        let (mut rest, beyond) = out.split_at_mut(stored);
        beyond.fill(INVALID_SAMPLE);
        let mut at = start;
        while !rest.is_empty() {
            let frame = file.frame(at).map_err(|reason| file.file().unreadable(reason))?;
            let copied = frame.copy(self.channel, at, rest);
            at += copied as u64;
            rest = rest.get_mut(copied.max(1)..).unwrap_or_default();
        }
        Ok(())
    }
}

impl SampleSource for FlacSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let inside = self.length.saturating_sub(start).min(out.len() as u64) as usize;
        let (out, beyond) = out.split_at_mut(inside);
        beyond.fill(INVALID_SAMPLE);
        self.read_stored(start.saturating_add(self.skew), out)?;
        mark_invalid(out, self.invalid_code());
        Ok(())
    }

    fn invalid_code(&self) -> i32 {
        -(1 << (self.file.0.bits() - 1))
    }

    fn stored_checksum(&self) -> Result<Option<i16>, SampleError> {
        let stored = self.file.0.length().0.min(self.length);
        checksum(stored, |start, block| self.read_stored(start, block)).map(Some)
    }
}
