//! The structure of a FLAC stream: its own header and the headers of its frames. Source: RFC 9639, sections 8 and 9.1.
//!
//! Samples are decoded by `claxon`; this module finds frames, which `claxon` only does one after the other.

use crate::{formats::bytes::FileBytes, recording::SampleError};

/// Longest header of a frame in bytes.
pub(super) const LONGEST_HEADER: usize = 16;

/// Metadata blocks before the frames at most.
const MOST_METADATA: u32 = 4096;

/// What the STREAMINFO block declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StreamInfo {
    /// Samples in a frame, where it is the same for all but the last.
    pub block: Option<u64>,
    pub longest_block: u64,
    pub channels: usize,
    pub bits: u32,
    /// Samples in each channel; `None` where the stream does not tell.
    pub samples: Option<u64>,
    /// Where the first frame begins, in bytes from the file's start.
    pub first_frame: u64,
}

impl StreamInfo {
    /// Reads the metadata blocks from byte `start` on.
    pub(super) fn read(file: &FileBytes, start: u64) -> Result<Self, String> {
        let at = |position: u64, count: u64| file.read(position, count).map_err(|e: SampleError| e.to_string());
        let opening = at(start, 42)?;
        if !opening.starts_with(b"fLaC") {
            return Err("it does not begin with `fLaC`".into());
        }
        let body = match opening.get(4..42) {
            Some([kind, 0, 0, 34, body @ ..]) if kind & 0x7f == 0 => body,
            _ => return Err("its first block is no STREAMINFO".into()),
        };
        let number = |from: usize, count: usize| {
            body.iter().skip(from).take(count).fold(0u64, |value, byte| value << 8 | u64::from(*byte))
        };
        let (shortest_block, longest_block) = (number(0, 2), number(2, 2));
        if longest_block == 0 {
            return Err("its blocks are empty".into());
        }
        let packed = number(10, 8);
        let mut first_frame = start + 42;
        let mut last = opening.get(4).is_none_or(|kind| kind & 0x80 != 0);
        let mut blocks = 0;
        while !last {
            blocks += 1;
            match at(first_frame, 4)?.as_slice() {
                _ if blocks > MOST_METADATA => return Err("its metadata does not end".into()),
                [kind, a, b, c] => {
                    last = kind & 0x80 != 0;
                    first_frame += 4 + u64::from(u32::from_be_bytes([0, *a, *b, *c]));
                }
                _ => return Err("it ends within its metadata".into()),
            }
        }
        if first_frame >= file.len() {
            return Err("it ends within its metadata".into());
        }
        Ok(Self {
            block: (shortest_block == longest_block).then_some(longest_block),
            longest_block,
            channels: (packed >> 41 & 7) as usize + 1,
            bits: (packed >> 36 & 0x1f) as u32 + 1,
            samples: Some(packed & 0xf_ffff_ffff).filter(|samples| *samples > 0),
            first_frame,
        })
    }
}

/// The header of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameHeader {
    /// The frame's first sample in each channel.
    pub sample: u64,
    /// Its samples in each channel.
    pub block: u64,
}

impl FrameHeader {
    /// The frame header that `bytes` begin with, if they do: right in every field, in its checksum and for this stream.
    pub(super) fn parse(bytes: &[u8], info: &StreamInfo) -> Option<Self> {
        let [0xff, sync, size, kind, ..] = *bytes else { return None };
        let variable = match sync {
            0xf8 => false,
            0xf9 => true,
            _ => return None,
        };
        let channels = match kind >> 4 {
            independent @ 0..=7 => usize::from(independent) + 1,
            8..=10 => 2,
            _ => return None,
        };
        let bits = match kind >> 1 & 7 {
            0 => info.bits,
            1 => 8,
            2 => 12,
            4 => 16,
            5 => 20,
            6 => 24,
            _ => return None,
        };
        if channels != info.channels || bits != info.bits || kind & 1 != 0 {
            return None;
        }
        let (number, mut at) = coded_number(bytes.get(4..)?)?;
        at += 4;
        let mut next = |count: usize| {
            let value = bytes.get(at..at + count)?.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
            at += count;
            Some(value)
        };
        let block = match size >> 4 {
            0 => return None,
            1 => 192,
            code @ 2..=5 => 144 << code,
            6 => next(1)? + 1,
            7 => next(2)? + 1,
            code => 1 << code,
        };
        match size & 15 {
            12 => drop(next(1)?),
            13 | 14 => drop(next(2)?),
            15 => return None,
            _ => {}
        }
        let header = bytes.get(..at)?;
        // Under a fuzzer checksums do not count, here as in `claxon`: it would never get past them.
        if !cfg!(fuzzing) && crc_8(header) != *bytes.get(at)? {
            return None;
        }
        let sample = if variable { number } else { number.checked_mul(info.block.unwrap_or(info.longest_block))? };
        Some(Self { sample, block })
    }
}

/// A number in the coding of UTF-8, extended to seven bytes, and how many bytes it takes.
fn coded_number(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let ones = first.leading_ones() as usize;
    let count = match ones {
        0 => return Some((u64::from(first), 1)),
        2..=7 => ones,
        _ => return None,
    };
    let start = u64::from(first) & (0x7f >> ones);
    let rest = bytes.get(1..count)?;
    let value =
        rest.iter().try_fold(start, |value, byte| (byte & 0xc0 == 0x80).then_some(value << 6 | u64::from(byte & 0x3f)))?;
    Some((value, count))
}

/// CRC-8 with polynomial x^8 + x^2 + x + 1.
fn crc_8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| (0..8).fold(crc ^ byte, |crc: u8, _| if crc & 0x80 != 0 { crc << 1 ^ 7 } else { crc << 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: StreamInfo =
        StreamInfo { block: Some(4096), longest_block: 4096, channels: 2, bits: 16, samples: Some(100_000), first_frame: 42 };

    /// The first frame of RFC 9639's second example (appendix D.2).
    const EXAMPLE: [u8; 9] = [0xff, 0xf8, 0x69, 0x98, 0x00, 0x0f, 0x99, 0x00, 0x00];

    #[test]
    fn the_specification_s_example() {
        let info = StreamInfo { block: Some(16), longest_block: 16, ..INFO };
        assert_eq!(FrameHeader::parse(&EXAMPLE, &info), Some(FrameHeader { sample: 0, block: 16 }));
        let mut wrong = EXAMPLE;
        wrong[6] ^= 1;
        assert_eq!(FrameHeader::parse(&wrong, &info), None);
        assert_eq!(FrameHeader::parse(&EXAMPLE, &StreamInfo { channels: 1, ..info }), None);
        for length in 0..7 {
            assert_eq!(FrameHeader::parse(&EXAMPLE[..length], &info), None);
        }
    }

    #[test]
    fn numbers_are_coded_in_one_to_seven_bytes() {
        assert_eq!(coded_number(&[0x7f]), Some((127, 1)));
        assert_eq!(coded_number(&[0xc2, 0x80]), Some((128, 2)));
        assert_eq!(coded_number("€".as_bytes()), Some((0x20ac, 3)));
        assert_eq!(coded_number(&[0xfe, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf]), Some((0xf_ffff_ffff, 7)));
        for wrong in [&[0x80][..], &[0xff, 0x80], &[0xc2], &[0xc2, 0x20], &[]] {
            assert_eq!(coded_number(wrong), None);
        }
    }
}
