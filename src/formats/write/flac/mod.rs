//! FLAC streams as WFDB's formats 516 and 524 need them. Source: RFC 9639.
//!
//! Frames of 4096 samples, every channel by itself, predicted by the fixed predictors, which suit the slow curves of an ECG, with Rice-coded
//! rests. Escaped partitions, which many decoders cannot read, are never written. The stream is written in one go, block after block; its
//! header and seek table are filled in at the end.

mod bits;
mod frame;

use super::{WriteError, atomic::Pending};
use frame::Encoder;
use std::io::{Seek, SeekFrom, Write};

/// Samples of a channel in a frame.
const BLOCK: usize = 4096;

/// Means nothing in WFDB, whose header has the rate; this is what its own programs write, because ECGs have sampling rates that FLAC streams
/// usually do not.
const NOMINAL_RATE: u32 = 96_000;

/// Frames from one point of the seek table to the next: two minutes at 500 Hz.
const SEEK_EVERY: u64 = 16;

/// Bytes of a point of the seek table.
const SEEK_POINT: usize = 18;

/// Channels that a stream can have.
pub(super) const CHANNELS: usize = 8;

/// Samples of each channel that a stream can have (36 bits in its header).
pub(super) const LONGEST: u64 = (1 << 36) - 1;

/// A stream being written.
pub(super) struct Stream<'a> {
    file: &'a mut Pending,
    encoder: Encoder,
    channels: usize,
    bits: u32,
    /// Samples in each channel.
    total: u64,
    /// Samples that wait for their frame, channel by channel.
    waiting: Vec<Vec<i32>>,
    frames: u64,
    /// Bytes of frames written.
    bytes: u64,
    shortest_frame: u32,
    longest_frame: u32,
    seek_table: Vec<u8>,
}

impl<'a> Stream<'a> {
    /// A stream of `total` samples (at most [`LONGEST`]) in each of `channels` (1 to 8), of `bits` (16 or 24) each.
    pub(super) fn new(file: &'a mut Pending, channels: usize, bits: u32, total: u64) -> Result<Self, WriteError> {
        let stream = Self {
            file,
            encoder: Encoder::new(bits),
            channels,
            bits,
            total,
            waiting: vec![Vec::with_capacity(2 * BLOCK); channels],
            frames: 0,
            bytes: 0,
            shortest_frame: u32::MAX,
            longest_frame: 0,
            seek_table: Vec::new(),
        };
        // Its place, until it is known.
        let header = stream.header();
        stream.file.put(&header)?;
        Ok(stream)
    }

    /// Appends samples, as many for each channel.
    pub(super) fn put(&mut self, channels: &[Vec<i32>]) -> Result<(), WriteError> {
        for (waiting, samples) in self.waiting.iter_mut().zip(channels) {
            waiting.extend_from_slice(samples);
        }
        let whole = self.waiting.first().map_or(0, Vec::len) / BLOCK;
        for block in 0..whole {
            self.frame(block * BLOCK, BLOCK)?;
        }
        for waiting in &mut self.waiting {
            waiting.drain(..whole * BLOCK);
        }
        Ok(())
    }

    /// Writes what waits and then the header.
    pub(super) fn finish(mut self) -> Result<(), WriteError> {
        let rest = self.waiting.first().map_or(0, Vec::len);
        if rest > 0 {
            self.frame(0, rest)?;
        }
        let header = self.header();
        let path = self.file.path().to_owned();
        self.file
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.file.write_all(&header))
            .and_then(|()| self.file.seek(SeekFrom::End(0)))
            .map(drop)
            .map_err(|error| WriteError::Unwritable { path, reason: error.to_string() })
    }

    fn frame(&mut self, from: usize, count: usize) -> Result<(), WriteError> {
        let channels = self.waiting.iter().map(|samples| samples.get(from..from + count).unwrap_or_default());
        let frame = self.encoder.frame(self.frames, channels);
        if self.frames.is_multiple_of(SEEK_EVERY) {
            self.seek_table.extend_from_slice(&(self.frames * BLOCK as u64).to_be_bytes());
            self.seek_table.extend_from_slice(&self.bytes.to_be_bytes());
            self.seek_table.extend_from_slice(&(count as u16).to_be_bytes());
        }
        let length = frame.len() as u32;
        self.shortest_frame = self.shortest_frame.min(length);
        self.longest_frame = self.longest_frame.max(length);
        self.frames += 1;
        self.bytes += u64::from(length);
        self.file.put(frame)
    }

    /// `fLaC`, STREAMINFO and SEEKTABLE.
    fn header(&self) -> Vec<u8> {
        let mut header = b"fLaC\x00\x00\x00\x22".to_vec();
        header.extend_from_slice(&[(BLOCK as u16).to_be_bytes(); 2].concat());
        let (shortest, longest) = if self.frames > 0 { (self.shortest_frame, self.longest_frame) } else { (0, 0) };
        header.extend(shortest.to_be_bytes().into_iter().skip(1).chain(longest.to_be_bytes().into_iter().skip(1)));
        let packed =
            u64::from(NOMINAL_RATE) << 44 | (self.channels as u64 - 1) << 41 | u64::from(self.bits - 1) << 36 | self.total;
        header.extend_from_slice(&packed.to_be_bytes());
        // No MD5 sum: the WFDB header has sums of the samples.
        header.extend_from_slice(&[0; 16]);
        let points = self.total.div_ceil(BLOCK as u64).div_ceil(SEEK_EVERY) as usize;
        let bytes = points * SEEK_POINT;
        // The last block of metadata.
        header.push(0x83);
        header.extend((bytes as u32).to_be_bytes().into_iter().skip(1));
        header.extend_from_slice(&self.seek_table);
        // Points that lead nowhere.
        header.resize(4 + 4 + 34 + 4 + bytes, 0xff);
        header
    }
}

impl std::fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("channels", &self.channels).field("bits", &self.bits).finish_non_exhaustive()
    }
}
