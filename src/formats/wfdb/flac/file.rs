//! A FLAC file whose frames are decoded as they are needed.
//!
//! Frames say which samples they hold but not how long they are. Where a frame is not known yet it is looked for between its known neighbours, in
//! proportion, as in a telephone book; every frame that was passed is remembered.

use super::{
    cache::{self, Frame, Samples},
    escaped,
    stream::{FrameHeader, LONGEST_HEADER, StreamInfo},
};
use crate::formats::{FormatError, bytes::FileBytes, limits::MOST_MISSING};
use claxon::frame::FrameReader;
use std::{
    collections::BTreeMap,
    io::{Cursor, ErrorKind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

/// Files that decode to at most this many samples are decoded when they are opened, so that damage is known at once.
const DECODE_AT_OPENING: u64 = 1 << 21;

/// Samples that a stream without a declared length is decoded to at most: finding its end takes decoding it.
const MOST_UNDECLARED: u64 = 1 << 28;

/// Bytes in which every frame ends: eight channels of 65,535 samples stored as they are take five megabytes at most.
const LONGEST_FRAME: u64 = 8 << 20;

/// No frame takes fewer bytes than this.
const SHORTEST_FRAME: u64 = 9;

/// Frames that are decoded one after the other rather than looked for.
const NEAR_FRAMES: u64 = 4;

/// Bytes that are searched for a frame's header at a time.
const SEARCH: u64 = 1 << 17;

/// Bytes at a stream's end that are searched for its last frame.
const SEARCH_FROM_END: [u64; 3] = [1 << 16, 1 << 19, 1 << 22];

/// Headers found in one search whose frames are tried: chance and malice make false ones.
const MOST_TRIES: usize = 8;

/// A FLAC signal file.
#[derive(Debug)]
pub(super) struct FlacFile {
    file: Arc<FileBytes>,
    info: StreamInfo,
    /// Tells this file's frames in the cache.
    number: u64,
    /// Where frames begin: first sample and byte. Never empty.
    known: Mutex<BTreeMap<u64, u64>>,
    /// Bytes that probably hold a frame.
    usual_size: AtomicUsize,
    /// Samples that can be read in each channel, as far as was seen at opening.
    length: u64,
    /// What was wrong at opening; samples from `length` on are lost.
    fault: Option<String>,
}

impl Drop for FlacFile {
    fn drop(&mut self) {
        cache::forget(self.number);
    }
}

impl FlacFile {
    /// Reads the stream's own header and holds it against the WFDB header's format and number of signals.
    pub(super) fn open(file: Arc<FileBytes>, byte_offset: u64, format: u32, signals: usize) -> Result<Self, FormatError> {
        Self::open_lazily(file, byte_offset, format, signals, DECODE_AT_OPENING)
    }

    /// As [`FlacFile::open`]; streams of more than `at_once` samples are not decoded yet.
    pub(super) fn open_lazily(
        file: Arc<FileBytes>,
        byte_offset: u64,
        format: u32,
        signals: usize,
        at_once: u64,
    ) -> Result<Self, FormatError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let damaged = |problem: String| FormatError::Damaged { path: file.path().into(), problem };
        let info = StreamInfo::read(&file, byte_offset).map_err(|e| damaged(format!("no readable FLAC stream ({e})")))?;
        let bits = format - 500;
        if info.channels != signals {
            return Err(damaged(format!("the FLAC stream has {} channels, the header {signals} signals", info.channels)));
        }
        if info.bits != bits {
            return Err(damaged(format!("the FLAC stream has {} bits a sample, format {format} means {bits}", info.bits)));
        }
        let most = (file.len() / SHORTEST_FRAME + 1).saturating_mul(info.longest_block);
        if let Some(samples) = info.samples.filter(|samples| *samples > most) {
            return Err(damaged(format!("the FLAC stream declares {samples} samples, more than its bytes can hold")));
        }
        // Silence takes next to no bytes.
        if let Some(samples) = info.samples.filter(|samples| samples.saturating_mul(signals as u64) > MOST_MISSING) {
            return Err(damaged(format!("the FLAC stream declares {samples} samples of {signals} channels, more than are read")));
        }
        let mut opened = Self {
            file: Arc::clone(&file),
            info,
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            known: Mutex::new(BTreeMap::from([(0, info.first_frame)])),
            usual_size: AtomicUsize::new(1 << 15),
            length: 0,
            fault: None,
        };
        (opened.length, opened.fault) = match info.samples {
            Some(samples) if samples.saturating_mul(signals as u64) > at_once => opened.check_end(samples),
            declared => opened.decode_all(declared),
        };
        Ok(opened)
    }

    #[cfg(test)]
    pub(super) fn known_frames(&self) -> usize {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub(super) fn file(&self) -> &FileBytes {
        &self.file
    }

    pub(super) fn bits(&self) -> u32 {
        self.info.bits
    }

    /// Samples in each channel that can be read, and what was wrong at opening.
    pub(super) fn length(&self) -> (u64, Option<&str>) {
        (self.length, self.fault.as_deref())
    }

    /// Decodes frame after frame; gives how many samples there are, and what ended them too early.
    fn decode_all(&self, declared: Option<u64>) -> (u64, Option<String>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut at = (0, self.info.first_frame);
        let fault = loop {
            if declared.is_some_and(|declared| at.0 >= declared) {
                break None;
            }
            if declared.is_none() && at.0.saturating_mul(self.info.channels as u64) > MOST_UNDECLARED {
                break Some(format!("more than {MOST_UNDECLARED} samples in a stream that does not declare its length"));
            }
            match self.next(&mut known, at) {
                Ok(Some((frame, next))) => at = (frame.end(), next),
                Ok(None) => break declared.map(|declared| format!("the FLAC stream ends after {} of {declared} samples", at.0)),
                Err(reason) => break Some(reason),
            }
        };
        (declared.map_or(at.0, |declared| at.0.min(declared)), fault)
    }

    /// Looks whether the stream has its last frame; gives how many samples there are, and what is missing.
    fn check_end(&self, declared: u64) -> (u64, Option<String>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for reach in SEARCH_FROM_END {
            let start = self.file.len().saturating_sub(reach).max(self.info.first_frame);
            let headers = self.headers(start, self.file.len().saturating_sub(start), 1..declared);
            for (byte, header) in headers.into_iter().rev().take(MOST_TRIES) {
                if let Ok(Some((frame, _))) = self.next(&mut known, (header.sample, byte)) {
                    known.insert(header.sample, byte);
                    let end = frame.end();
                    let fault = (end < declared).then(|| format!("the FLAC stream ends after {end} of {declared} samples"));
                    return (end.min(declared), fault);
                }
            }
        }
        // Nothing that looks like a last frame: whoever reads there will be told.
        (declared, None)
    }

    /// The frame that holds `sample` of each channel.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the stream on the way there.
    pub(super) fn frame(&self, sample: u64) -> Result<Arc<Frame>, String> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let nearest = |known: &BTreeMap<u64, u64>| known.range(..=sample).next_back().map_or((0, 0), |(s, b)| (*s, *b));
        let mut at = nearest(&known);
        if sample - at.0 > NEAR_FRAMES * self.info.longest_block {
            self.approach(&mut known, sample);
            at = nearest(&known);
        }
        loop {
            let cached = cache::get(self.number, at.0);
            let (frame, next) = match cached.and_then(|frame| Some((Arc::clone(&frame), *known.get(&frame.end())?))) {
                Some(cached) => cached,
                None => self.next(&mut known, at)?.ok_or_else(|| format!("the FLAC stream ends after {} samples", at.0))?,
            };
            if frame.end() > sample {
                return Ok(frame);
            }
            at = (frame.end(), next);
        }
    }

    /// Finds frames nearer and nearer before `sample`.
    fn approach(&self, known: &mut BTreeMap<u64, u64>, sample: u64) {
        let mut low = known.range(..=sample).next_back().map_or((0, self.info.first_frame), |(s, b)| (*s, *b));
        let end = (self.info.samples.unwrap_or(self.length), self.file.len());
        let mut high = known.range(sample + 1..).next().map_or(end, |(s, b)| (*s, *b));
        // Halving would take as many steps as a 64-bit number has digits; proportion takes a few.
        for _ in 0..64 {
            if sample - low.0 <= NEAR_FRAMES * self.info.longest_block || high.1 <= low.1 + 1 || high.0 <= low.0 {
                return;
            }
            let share = u128::from(high.1 - low.1) * u128::from(sample - low.0) / u128::from(high.0 - low.0);
            let usual = self.usual_size.load(Ordering::Relaxed) as u64;
            let guess = (low.1 + share as u64).saturating_sub(usual).max(low.1 + 1);
            let found = self.headers(guess, SEARCH.min(high.1.saturating_sub(guess)), low.0 + 1..high.0);
            let frame = found.into_iter().take(MOST_TRIES).find_map(|(byte, header)| {
                let (frame, _) = self.next(known, (header.sample, byte)).ok()??;
                Some((frame.start, byte))
            });
            match frame {
                Some(frame) => {
                    known.insert(frame.0, frame.1);
                    if frame.0 <= sample {
                        low = frame;
                    } else {
                        high = frame;
                    }
                }
                None => high.1 = guess,
            }
        }
    }

    /// Headers of frames that hold `samples`, among `count` bytes from `start`.
    fn headers(&self, start: u64, count: u64, samples: std::ops::Range<u64>) -> Vec<(u64, FrameHeader)> {
        let bytes = self.file.read(start, count + LONGEST_HEADER as u64).unwrap_or_default();
        let starts =
            (0..bytes.len().min(usize::try_from(count).unwrap_or(usize::MAX))).filter(|at| bytes.get(*at) == Some(&0xff));
        starts
            .filter_map(|at| Some((start + at as u64, FrameHeader::parse(bytes.get(at..)?, &self.info)?)))
            .filter(|(_, header)| samples.contains(&header.sample))
            .collect()
    }

    /// Decodes the frame at `at`, its first sample and byte, and notes where the next one begins, which is given too. `None` at the end of the
    /// file.
    fn next(&self, known: &mut BTreeMap<u64, u64>, at: (u64, u64)) -> Result<Option<(Arc<Frame>, u64)>, String> {
        let (sample, byte) = at;
        let left = self.file.len().saturating_sub(byte).min(LONGEST_FRAME);
        if left == 0 {
            return Ok(None);
        }
        let mut count = (self.usual_size.load(Ordering::Relaxed) as u64).min(left);
        loop {
            let decoded = self.file.with(byte, count as usize, |bytes| self.decode(bytes, sample)).map_err(|e| e.to_string())?;
            match decoded {
                Decoded::Frame(frame, size) => {
                    self.usual_size.store((size * 2).max(1 << 13), Ordering::Relaxed);
                    let (frame, next) = (Arc::new(frame), byte + size as u64);
                    cache::put(self.number, &frame);
                    known.insert(frame.end(), next);
                    return Ok(Some((frame, next)));
                }
                Decoded::TooShort if count < left => count = (count * 4).min(left),
                Decoded::TooShort => return Err(format!("the FLAC frame of sample {sample} does not end")),
                Decoded::Fault(reason) => return Err(format!("FLAC frame of sample {sample}: {reason}")),
            }
        }
    }

    /// Decodes the frame that `bytes` begin with and that should hold `sample` first.
    fn decode(&self, bytes: &[u8], sample: u64) -> Decoded {
        let Some(header) = FrameHeader::parse(bytes, &self.info) else {
            let short = bytes.len() < LONGEST_HEADER;
            return if short { Decoded::TooShort } else { Decoded::Fault("no frame header, or a damaged one".into()) };
        };
        if header.sample != sample {
            return Decoded::Fault(format!("it says that it begins with sample {}", header.sample));
        }
        let mut reader = FrameReader::new(Cursor::new(bytes));
        let (samples, size) = match reader.read_next_or_eof(Vec::new()) {
            Ok(Some(block)) if block.channels() as usize == self.info.channels => {
                (block.into_buffer(), reader.into_inner().position() as usize)
            }
            Ok(Some(block)) => return Decoded::Fault(format!("it has {} channels", block.channels())),
            Ok(None) => return Decoded::TooShort,
            Err(claxon::Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => return Decoded::TooShort,
            Err(claxon::Error::Unsupported(_)) => match escaped::decode(bytes, self.info.channels) {
                Ok(decoded) => decoded,
                Err(escaped::Fault::TooShort) => return Decoded::TooShort,
                Err(escaped::Fault::Damaged(reason)) => return Decoded::Fault(reason),
            },
            Err(error) => return Decoded::Fault(error.to_string()),
        };
        if samples.len() as u64 != header.block * self.info.channels as u64 {
            return Decoded::Fault("it has another length than its header says".into());
        }
        let samples = if self.info.bits <= 16 {
            Samples::Narrow(samples.into_iter().map(|value| value as i16).collect())
        } else {
            Samples::Wide(samples)
        };
        Decoded::Frame(Frame { start: sample, block: header.block, samples }, size)
    }
}

enum Decoded {
    /// The frame and its size in bytes.
    Frame(Frame, usize),
    /// The bytes end before the frame does.
    TooShort,
    Fault(String),
}
