//! Signal files with samples of a fixed width: formats 16, 24, 32, 61, 80, 160, 212, 310, 311. Source: signal(5).

use crate::{
    formats::bytes::MappedFile,
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

    /// Sample number `index` of the packed stream; `None` beyond its end.
    fn sample(self, bytes: &[u8], index: usize) -> Option<i32> {
        fn at<const N: usize>(bytes: &[u8], start: usize) -> Option<[u8; N]> {
            bytes.get(start..start.checked_add(N)?)?.try_into().ok()
        }
        let sign_extend = |value: u32, bits: u32| ((value << (32 - bits)) as i32) >> (32 - bits);
        Some(match self {
            Self::P16 => i32::from(i16::from_le_bytes(at(bytes, index * 2)?)),
            Self::P61 => i32::from(i16::from_be_bytes(at(bytes, index * 2)?)),
            Self::P160 => i32::from(u16::from_le_bytes(at(bytes, index * 2)?)) - 32768,
            Self::P80 => i32::from(*bytes.get(index)?) - 128,
            Self::P24 => {
                let [a, b, c] = at(bytes, index * 3)?;
                sign_extend(u32::from_le_bytes([a, b, c, 0]), 24)
            }
            Self::P32 => i32::from_le_bytes(at(bytes, index * 4)?),
            Self::P212 => {
                let group = index / 2 * 3;
                let middle = u32::from(*bytes.get(group + 1)?);
                let value = if index.is_multiple_of(2) {
                    u32::from(*bytes.get(group)?) | (middle & 0x0f) << 8
                } else {
                    u32::from(*bytes.get(group + 2)?) | (middle & 0xf0) << 4
                };
                sign_extend(value, 12)
            }
            Self::P310 => {
                let group = index / 3 * 4;
                let word = |start| at(bytes, start).map(|b| u32::from(u16::from_le_bytes(b)));
                let value = match index % 3 {
                    0 => word(group)? >> 1,
                    1 => word(group + 2)? >> 1,
                    _ => (word(group)? >> 11) | (word(group + 2)? >> 11) << 5,
                };
                sign_extend(value & 0x3ff, 10)
            }
            Self::P311 => {
                let group = index / 3 * 4;
                let byte = |offset| bytes.get(group + offset).map(|b: &u8| u32::from(*b));
                let value = match index % 3 {
                    0 => byte(0)? | byte(1)? << 8,
                    1 => (byte(1)? | byte(2)? << 8) >> 2,
                    _ => (byte(2)? | byte(3)? << 8) >> 4,
                };
                sign_extend(value & 0x3ff, 10)
            }
        })
    }
}

/// One signal of a signal file with samples of a fixed width, read through the memory map.
#[derive(Debug)]
pub(super) struct PackedSource {
    pub file: Arc<MappedFile>,
    pub packing: Packing,
    pub layout: Layout,
}

/// Where a signal's samples lie among those of its file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Bytes before the first sample of the file.
    pub byte_offset: usize,
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

impl PackedSource {
    /// Calls `put` with each stored value of `count` samples from `start`; `None` where nothing is stored.
    fn visit(&self, start: u64, count: u64, skew: u64, mut put: impl FnMut(Option<i32>)) -> Result<(), SampleError> {
        let bytes = self.file.bytes()?.get(self.layout.byte_offset..).unwrap_or_default();
        let Layout { frame_samples, first, per_frame, stored_frames, .. } = self.layout;
        let mut frame = (start / per_frame).saturating_add(skew);
        let mut within = start % per_frame;
        for _ in 0..count {
            if frame >= stored_frames {
                put(None);
                continue;
            }
            // `stored_frames` was computed from the file's length, so that the product is below it.
            let index = frame * frame_samples + first + within;
            put(self.packing.sample(bytes, index as usize));
            within += 1;
            if within == per_frame {
                within = 0;
                frame += 1;
            }
        }
        Ok(())
    }
}

impl SampleSource for PackedSource {
    fn len(&self) -> u64 {
        self.layout.frames * self.layout.per_frame
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let inside = self.len().saturating_sub(start).min(out.len() as u64);
        let invalid = self.packing.invalid();
        let mut slots = out.iter_mut();
        self.visit(start, inside, self.layout.skew, |value| {
            if let Some(slot) = slots.next() {
                *slot = value.filter(|v| *v != invalid).unwrap_or(INVALID_SAMPLE);
            }
        })?;
        slots.for_each(|slot| *slot = INVALID_SAMPLE);
        Ok(())
    }

    fn invalid_code(&self) -> i32 {
        self.packing.invalid()
    }

    fn stored_checksum(&self) -> Result<Option<i16>, SampleError> {
        let mut sum = 0i64;
        let stored = self.layout.stored_frames.min(self.layout.frames) * self.layout.per_frame;
        self.visit(0, stored, 0, |value| sum = sum.wrapping_add(i64::from(value.unwrap_or(0))))?;
        Ok(Some(sum as i16))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(packing: Packing, bytes: &[u8]) -> Vec<i32> {
        (0..packing.samples_in(bytes.len() as u64) as usize).map(|i| packing.sample(bytes, i).unwrap()).collect()
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
        for packing in [
            Packing::P16,
            Packing::P24,
            Packing::P32,
            Packing::P61,
            Packing::P80,
            Packing::P160,
            Packing::P212,
            Packing::P310,
            Packing::P311,
        ] {
            for length in 0..32u64 {
                let bytes = vec![0xa5u8; length as usize];
                let count = packing.samples_in(length) as usize;
                assert!(count == 0 || packing.sample(&bytes, count - 1).is_some(), "{packing:?} {length}");
                assert!(packing.sample(&bytes, count).is_none(), "{packing:?} {length}");
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
