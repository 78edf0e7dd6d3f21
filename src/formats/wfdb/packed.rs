//! Signal files with samples of a fixed width: formats 16, 24, 32, 61, 80, 160, 212, 310, 311. Source: signal(5).

use crate::{
    formats::bytes::FileBytes,
    recording::{INVALID_SAMPLE, SampleError, SampleSource},
};
use std::sync::Arc;

/// How samples are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// 16 bits, little-endian.
    P16,
    /// 24 bits, little-endian.
    P24,
    /// 32 bits, little-endian.
    P32,
    /// 16 bits, big-endian.
    P61,
    /// 8 bits, offset binary.
    P80,
    /// 16 bits, offset binary.
    P160,
    /// Two samples of 12 bits in three bytes.
    P212,
    /// Three samples of 10 bits in two 16-bit words.
    P310,
    /// Three samples of 10 bits in one 32-bit word.
    P311,
}

impl Packing {
    pub(super) fn of_format(format: u32) -> Option<Self> {
        Some(match format {
            16 => Self::P16,
            24 => Self::P24,
            32 => Self::P32,
            61 => Self::P61,
            80 => Self::P80,
            160 => Self::P160,
            212 => Self::P212,
            310 => Self::P310,
            311 => Self::P311,
            _ => return None,
        })
    }

    /// Samples in `bytes` bytes; for the packed formats a begun group counts as far as its samples are complete.
    pub(super) fn samples_in(self, bytes: u64) -> u64 {
        match self {
            Self::P80 => bytes,
            Self::P16 | Self::P61 | Self::P160 => bytes / 2,
            Self::P24 => bytes / 3,
            Self::P32 => bytes / 4,
            Self::P212 => bytes / 3 * 2 + u64::from(bytes % 3 == 2),
            // Sample 0 lies in bytes 0-1, sample 1 in 2-3, sample 2 in all four.
            Self::P310 => bytes / 4 * 3 + u64::from(bytes % 4 >= 2),
            // Sample 0 lies in bytes 0-1, sample 1 in 1-2, sample 2 in 2-3.
            Self::P311 => bytes / 4 * 3 + [0, 0, 1, 2][(bytes % 4) as usize],
        }
    }

    /// The value that means "no valid sample".
    pub(super) fn invalid(self) -> i32 {
        match self {
            Self::P80 => -128,
            Self::P310 | Self::P311 => -512,
            Self::P212 => -2048,
            Self::P16 | Self::P61 | Self::P160 => -32768,
            Self::P24 => -(1 << 23),
            Self::P32 => i32::MIN,
        }
    }

    /// Samples that are packed together, and the bytes they take.
    fn group(self) -> (u64, u64) {
        match self {
            Self::P80 => (1, 1),
            Self::P16 | Self::P61 | Self::P160 => (1, 2),
            Self::P24 => (1, 3),
            Self::P32 => (1, 4),
            Self::P212 => (2, 3),
            Self::P310 | Self::P311 => (3, 4),
        }
    }

    /// Every sample of a regular stride: `out[k]` is sample `place` of the group that begins at byte `start + k * stride` of `bytes`. Where
    /// the bytes end before a sample is complete, `out` keeps what it holds.
    fn decode(self, bytes: &[u8], start: usize, stride: usize, place: u64, out: Strided<'_>) {
        fn sign<const BITS: u32>(value: u32) -> i32 {
            ((value << (32 - BITS)) as i32) >> (32 - BITS)
        }
        let pick = Pick { bytes, start, stride };
        match (self, place) {
            (Self::P16, _) => pick.each(out, 0, |b| i32::from(i16::from_le_bytes(b))),
            (Self::P61, _) => pick.each(out, 0, |b| i32::from(i16::from_be_bytes(b))),
            (Self::P160, _) => pick.each(out, 0, |b| i32::from(u16::from_le_bytes(b)) - 32768),
            (Self::P80, _) => pick.each(out, 0, |[b]| i32::from(b) - 128),
            (Self::P24, _) => pick.each(out, 0, |[a, b, c]| sign::<24>(u32::from_le_bytes([a, b, c, 0]))),
            (Self::P32, _) => pick.each(out, 0, i32::from_le_bytes),
            // The first byte and the low half of the second; the high half of the second and the third.
            (Self::P212, 0) => pick.each(out, 0, |b| sign::<12>(u32::from(u16::from_le_bytes(b)))),
            (Self::P212, _) => pick.each(out, 1, |[b, c]| sign::<12>(u32::from(b) << 4 & 0xf00 | u32::from(c))),
            // Bits 1-10 of either word; the third sample is the upper five bits of both.
            (Self::P310, 0) => pick.each(out, 0, |b| sign::<10>(u32::from(u16::from_le_bytes(b)) >> 1)),
            (Self::P310, 1) => pick.each(out, 2, |b| sign::<10>(u32::from(u16::from_le_bytes(b)) >> 1)),
            (Self::P310, _) => pick.each(out, 0, |[a, b, c, d]| {
                let word = |low, high| u32::from(u16::from_le_bytes([low, high])) >> 11;
                sign::<10>(word(a, b) | word(c, d) << 5)
            }),
            // Ten bits each, from the lowest up.
            (Self::P311, 0) => pick.each(out, 0, |b| sign::<10>(u32::from(u16::from_le_bytes(b)))),
            (Self::P311, 1) => pick.each(out, 1, |b| sign::<10>(u32::from(u16::from_le_bytes(b)) >> 2)),
            (Self::P311, _) => pick.each(out, 2, |b| sign::<10>(u32::from(u16::from_le_bytes(b)) >> 4)),
        }
    }
}

/// Places of a slice at a regular distance.
struct Strided<'a> {
    out: &'a mut [i32],
    step: usize,
}

/// Bytes at a regular distance.
struct Pick<'a> {
    bytes: &'a [u8],
    start: usize,
    stride: usize,
}

impl Pick<'_> {
    /// Decodes the `N` bytes at `offset` of every group.
    fn each<const N: usize>(&self, out: Strided<'_>, offset: usize, decode: impl Fn([u8; N]) -> i32) {
        let bytes = self.bytes.get(self.start + offset..).unwrap_or_default();
        // Mostly every place is filled, which is much quicker without counting steps.
        if out.step == 1 {
            self.fill(bytes, out.out.iter_mut(), decode);
        } else {
            self.fill(bytes, out.out.iter_mut().step_by(out.step), decode);
        }
    }

    fn fill<'a, const N: usize>(
        &self,
        bytes: &[u8],
        mut slots: impl Iterator<Item = &'a mut i32>,
        decode: impl Fn([u8; N]) -> i32,
    ) {
        let whole = bytes.chunks_exact(self.stride);
        // The last group may be a begun one that holds this sample all the same.
        let last = whole.remainder().first_chunk::<N>();
        for (group, slot) in whole.zip(slots.by_ref()) {
            if let Some(stored) = group.first_chunk::<N>() {
                *slot = decode(*stored);
            }
        }
        if let (Some(slot), Some(stored)) = (slots.next(), last) {
            *slot = decode(*stored);
        }
    }
}

/// One signal of a signal file with samples of a fixed width, read as needed.
#[derive(Debug)]
pub(super) struct PackedSource {
    pub file: Arc<FileBytes>,
    pub packing: Packing,
    pub layout: Layout,
}

/// Where a signal's samples lie among those of its file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Bytes before the first sample of the file.
    pub byte_offset: u64,
    /// Samples of all the file's signals in a frame.
    pub frame_samples: u64,
    /// Samples of other signals before this one's in a frame.
    pub first: u64,
    /// Samples of this signal in a frame.
    pub per_frame: u64,
    /// Frames that the file really holds.
    pub stored_frames: u64,
    /// Frames of the record.
    pub frames: u64,
    /// Stored frames skipped before the first.
    pub skew: u64,
}

/// Bytes read at a time.
const CHUNK: u64 = 1 << 17;

impl PackedSource {
    /// Fills `out` with the stored values from sample `start`, a multiple of the samples in a frame or not, of the file's own frames; what the
    /// file does not hold is [`INVALID_SAMPLE`].
    fn read_stored(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let Layout { frame_samples, per_frame, stored_frames, .. } = self.layout;
        let stored = stored_frames.saturating_mul(per_frame).saturating_sub(start).min(out.len() as u64) as usize;
        let (out, beyond) = out.split_at_mut(stored);
        beyond.fill(INVALID_SAMPLE);
        let (group_samples, group_bytes) = self.packing.group();
        let frames_at_a_time = (CHUNK * group_samples / group_bytes / frame_samples).max(1);
        let mut at = start;
        let mut rest = out;
        while !rest.is_empty() {
            let within = at % per_frame;
            let count = (frames_at_a_time * per_frame - within).min(rest.len() as u64);
            let (now, later) = rest.split_at_mut(count as usize);
            self.read_chunk(at / per_frame, within, now)?;
            at += count;
            rest = later;
        }
        Ok(())
    }

    /// Fills `out` from sample `within` of frame `frame` on, all of it stored, with one read.
    fn read_chunk(&self, frame: u64, within: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let Layout { byte_offset, frame_samples, first, per_frame, .. } = self.layout;
        let (group_samples, group_bytes) = self.packing.group();
        let frames = (within + out.len() as u64).div_ceil(per_frame);
        // `stored_frames` was computed from the file's length, so that these products are below it.
        let begin = frame * frame_samples;
        let base = begin / group_samples;
        let end = (begin + frames * frame_samples).div_ceil(group_samples) * group_bytes;
        let start = byte_offset + base * group_bytes;
        let count = (end - base * group_bytes).min(self.file.len().saturating_sub(start));
        // After so many frames a sample lies at the same place of its group again.
        let period = group_samples / greatest_common_divisor(group_samples, frame_samples);
        let stride = (period * frame_samples / group_samples * group_bytes) as usize;
        self.file.with(start, count as usize, |bytes| {
            for phase in 0..period {
                for sample in 0..per_frame {
                    let slot = phase * per_frame + sample;
                    // Samples of the first frame that come before the wanted ones are passed over by beginning one period later.
                    let skipped = if slot < within { period } else { 0 };
                    let Some(slot) = (slot + skipped * per_frame).checked_sub(within) else { continue };
                    let index = begin % group_samples + (phase + skipped) * frame_samples + first + sample;
                    let from = (index / group_samples * group_bytes) as usize;
                    let out = out.get_mut(slot as usize..).unwrap_or_default();
                    let step = (period * per_frame) as usize;
                    self.packing.decode(bytes, from, stride, index % group_samples, Strided { out, step });
                }
            }
        })
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

impl SampleSource for PackedSource {
    fn len(&self) -> u64 {
        self.layout.frames * self.layout.per_frame
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let inside = self.len().saturating_sub(start).min(out.len() as u64) as usize;
        let (out, beyond) = out.split_at_mut(inside);
        beyond.fill(INVALID_SAMPLE);
        if out.is_empty() {
            return Ok(());
        }
        self.read_stored(start.saturating_add(self.layout.skew.saturating_mul(self.layout.per_frame)), out)?;
        mark_invalid(out, self.packing.invalid());
        Ok(())
    }

    fn invalid_code(&self) -> i32 {
        self.packing.invalid()
    }

    fn stored_checksum(&self) -> Result<Option<i16>, SampleError> {
        let stored = self.layout.stored_frames.min(self.layout.frames) * self.layout.per_frame;
        checksum(stored, |start, block| self.read_stored(start, block)).map(Some)
    }
}

/// Puts [`INVALID_SAMPLE`] for the file's own code.
pub(super) fn mark_invalid(samples: &mut [i32], code: i32) {
    for value in samples {
        // A choice of values, not of whether to store: the compiler makes vector instructions of it.
        *value = if *value == code { INVALID_SAMPLE } else { *value };
    }
}

/// Low 16 bits of the sum of `length` samples that `read` gives block by block.
pub(super) fn checksum(
    length: u64,
    mut read: impl FnMut(u64, &mut [i32]) -> Result<(), SampleError>,
) -> Result<i16, SampleError> {
    const BLOCK: u64 = 1 << 15;
    let mut sum = 0i64;
    let mut block = vec![0; BLOCK.min(length) as usize];
    let mut start = 0;
    while start < length {
        let count = BLOCK.min(length - start);
        let block = block.get_mut(..count as usize).unwrap_or_default();
        read(start, block)?;
        sum = block.iter().fold(sum, |sum, value| sum.wrapping_add(i64::from(*value)));
        start += count;
    }
    Ok(sum as i16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PACKINGS: [Packing; 9] = [
        Packing::P16,
        Packing::P24,
        Packing::P32,
        Packing::P61,
        Packing::P80,
        Packing::P160,
        Packing::P212,
        Packing::P310,
        Packing::P311,
    ];

    fn source(packing: Packing, bytes: &[u8], frame_samples: u64, first: u64, per_frame: u64, skew: u64) -> PackedSource {
        let stored_frames = packing.samples_in(bytes.len() as u64) / frame_samples;
        let layout = Layout { byte_offset: 0, frame_samples, first, per_frame, stored_frames, frames: stored_frames, skew };
        let file = Arc::new(FileBytes::memory(std::path::Path::new("x"), bytes.into()).unwrap());
        PackedSource { file, packing, layout }
    }

    fn stored(source: &PackedSource, start: u64, count: usize) -> Vec<i32> {
        let mut out = vec![i32::MAX; count];
        source.read_stored(start, &mut out).unwrap();
        out
    }

    fn all(packing: Packing, bytes: &[u8]) -> Vec<i32> {
        if bytes.is_empty() {
            return Vec::new();
        }
        let count = packing.samples_in(bytes.len() as u64) as usize;
        stored(&source(packing, bytes, 1, 0, 1, 0), 0, count)
    }

    #[test]
    fn known_bytes_give_known_samples() {
        assert_eq!(all(Packing::P16, &[0x01, 0x80, 0xff, 0xff, 0x07]), [-32767, -1]);
        assert_eq!(all(Packing::P61, &[0x80, 0x01]), [-32767]);
        assert_eq!(all(Packing::P160, &[0x00, 0x80, 0x00, 0x00]), [0, -32768]);
        assert_eq!(all(Packing::P80, &[128, 0, 255]), [0, -128, 127]);
        assert_eq!(all(Packing::P24, &[0xff, 0xff, 0xff, 0x00, 0x00, 0x80]), [-1, -(1 << 23)]);
        assert_eq!(all(Packing::P32, &[0xfe, 0xff, 0xff, 0xff]), [-2]);
        // signal(5): the low 12 bits of the first byte pair, then its high 4 bits on top of the third byte.
        assert_eq!(all(Packing::P212, &[0x34, 0xf2, 0xff, 0x00, 0x08]), [0x234, -1, -2048]);
    }

    #[test]
    fn nothing_is_read_beyond_the_last_complete_sample() {
        for packing in PACKINGS {
            for length in 1..32u64 {
                let bytes = vec![0xa5u8; length as usize];
                let count = packing.samples_in(length) as usize;
                let read = stored(&source(packing, &bytes, 1, 0, 1, 0), 0, count + 2);
                assert!(read[..count].iter().all(|v| *v != INVALID_SAMPLE && *v != i32::MAX), "{packing:?} {length}");
                assert_eq!(read[count..], [INVALID_SAMPLE; 2], "{packing:?} {length}");
            }
        }
    }

    /// Packs as signal(5) words it, independently of the reader.
    fn pack_212(samples: &[i32]) -> Vec<u8> {
        samples
            .chunks(2)
            .flat_map(|pair| {
                let (a, b) = (pair[0] & 0xfff, pair.get(1).copied().unwrap_or(0) & 0xfff);
                let bytes = [a as u8, (a >> 8 | b >> 8 << 4) as u8, b as u8];
                bytes.into_iter().take(if pair.len() == 2 { 3 } else { 2 })
            })
            .collect()
    }

    proptest! {
        /// However the samples are dealt out to signals and whichever window is read: the stream's own samples.
        #[test]
        fn any_window_of_any_signal(
            which in 0usize..9,
            bytes in prop::collection::vec(any::<u8>(), 1..300),
            frame in prop::collection::vec(1u64..4, 1..5),
            signal in any::<prop::sample::Index>(),
            start in 0u64..80,
            count in 0usize..80,
            skew in 0u64..4,
        ) {
            let packing = PACKINGS[which];
            let stream = all(packing, &bytes);
            let signal = signal.index(frame.len());
            let (first, per_frame) = (frame[..signal].iter().sum::<u64>(), frame[signal]);
            let source = source(packing, &bytes, frame.iter().sum(), first, per_frame, skew);
            let mut read = vec![7; count];
            source.read(start, &mut read).unwrap();
            for (place, value) in read.into_iter().enumerate() {
                let at = start + place as u64;
                let frame_at = at / per_frame + skew;
                let inside = at < source.len() && frame_at < source.layout.stored_frames;
                let index = (frame_at * source.layout.frame_samples + first + at % per_frame) as usize;
                let wanted = if inside { stream[index] } else { INVALID_SAMPLE };
                prop_assert_eq!(value, if wanted == packing.invalid() { INVALID_SAMPLE } else { wanted });
            }
        }

        #[test]
        fn packing_212_round_trips(samples in prop::collection::vec(-2048i32..2048, 0..50)) {
            prop_assert_eq!(all(Packing::P212, &pack_212(&samples)), samples);
        }

        #[test]
        fn packing_16_round_trips(samples in prop::collection::vec(any::<i16>(), 0..50)) {
            let bytes: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
            prop_assert_eq!(all(Packing::P16, &bytes), samples.into_iter().map(i32::from).collect::<Vec<_>>());
        }
    }
}
