//! Signal files in format 8: each byte is the difference from the sample before it. Source: signal(5).
//!
//! A sample is the sum of all before it. The sums at the beginning of every block are kept once they were passed, so that a window costs its own
//! block after the first walk there.

use super::packed::{Layout, checksum};
use crate::{
    formats::bytes::FileBytes,
    recording::{INVALID_SAMPLE, SampleError, SampleSource},
};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes in a block, or one frame where that takes more.
const BLOCK: u64 = 1 << 15;

/// A format 8 file with the sums that are known so far.
#[derive(Debug)]
pub(super) struct DifferenceFile {
    file: Arc<FileBytes>,
    byte_offset: u64,
    frame_samples: u64,
    stored_frames: u64,
    /// Frames in a block.
    block: u64,
    /// For each signal, its samples before the others' in a frame and their number.
    places: Vec<(u64, u64)>,
    /// Each signal's value before block 0, 1, ...
    sums: Mutex<Vec<Vec<i32>>>,
}

impl DifferenceFile {
    /// `signals`: samples in a frame and initial value of each signal of the file.
    pub(super) fn new(file: Arc<FileBytes>, byte_offset: u64, stored_frames: u64, signals: &[(u64, i32)]) -> Self {
        let mut frame_samples = 0;
        let places = signals.iter().map(|(per_frame, _)| {
            frame_samples += per_frame;
            (frame_samples - per_frame, *per_frame)
        });
        let places = places.collect();
        let block = (BLOCK / frame_samples.max(1)).max(1);
        let initial = signals.iter().map(|(_, initial)| *initial).collect();
        Self { file, byte_offset, frame_samples, stored_frames, block, places, sums: Mutex::new(vec![initial]) }
    }

    /// Calls `with` with the stored frames of block `block`.
    fn with_block<T>(&self, block: u64, with: impl FnOnce(&[u8]) -> T) -> Result<T, SampleError> {
        let first = block * self.block;
        let frames = self.stored_frames.saturating_sub(first).min(self.block);
        self.file.with(self.byte_offset + first * self.frame_samples, (frames * self.frame_samples) as usize, with)
    }

    /// The value of signal `signal` before block `block`.
    fn before(&self, block: u64, signal: usize) -> Result<i32, SampleError> {
        let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        while (sums.len() as u64) <= block {
            let mut next = sums.last().cloned().unwrap_or_default();
            self.with_block(sums.len() as u64 - 1, |bytes| {
                for frame in bytes.chunks(self.frame_samples as usize) {
                    for (value, (first, count)) in next.iter_mut().zip(&self.places) {
                        let own = frame.get(*first as usize..(first + count) as usize).unwrap_or_default();
                        *value = own.iter().fold(*value, |sum, difference| sum.wrapping_add(i32::from(*difference as i8)));
                    }
                }
            })?;
            sums.push(next);
        }
        Ok(sums.get(block as usize).and_then(|values| values.get(signal)).copied().unwrap_or(0))
    }
}

/// One signal of a format 8 file. The format has no code for invalid samples.
#[derive(Debug)]
pub(super) struct DifferenceSource {
    pub file: Arc<DifferenceFile>,
    pub signal: usize,
    pub layout: Layout,
}

impl DifferenceSource {
    /// Fills `out` with the stored samples from `start` on; what the file does not hold is [`INVALID_SAMPLE`].
    fn read_stored(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        out.fill(INVALID_SAMPLE);
        let Layout { first, per_frame, stored_frames, frame_samples, .. } = self.layout;
        let end = start.saturating_add(out.len() as u64).min(stored_frames * per_frame);
        let mut at = start;
        while at < end {
            let block = at / per_frame / self.file.block;
            let block_start = block * self.file.block * per_frame;
            let block_end = (block_start + self.file.block * per_frame).min(end);
            let mut value = self.file.before(block, self.signal)?;
            let slots = out.get_mut((at - start) as usize..(block_end - start) as usize).unwrap_or_default();
            self.file.with_block(block, |bytes| {
                let own = first as usize..(first + per_frame) as usize;
                let frames = bytes.chunks_exact(frame_samples as usize);
                let mut samples = frames.flat_map(|frame| frame.get(own.clone()).unwrap_or_default()).map(|difference| {
                    value = value.wrapping_add(i32::from(*difference as i8));
                    value
                });
                // Those before the window are passed over.
                let wanted = samples.by_ref().skip((at - block_start) as usize);
                for (slot, sample) in slots.iter_mut().zip(wanted) {
                    *slot = sample;
                }
            })?;
            at = block_end;
        }
        Ok(())
    }
}

impl SampleSource for DifferenceSource {
    fn len(&self) -> u64 {
        self.layout.frames * self.layout.per_frame
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let inside = self.len().saturating_sub(start).min(out.len() as u64) as usize;
        let (out, beyond) = out.split_at_mut(inside);
        beyond.fill(INVALID_SAMPLE);
        self.read_stored(start.saturating_add(self.layout.skew.saturating_mul(self.layout.per_frame)), out)
    }

    fn stored_checksum(&self) -> Result<Option<i16>, SampleError> {
        let stored = self.layout.stored_frames.min(self.layout.frames) * self.layout.per_frame;
        checksum(stored, |start, block| self.read_stored(start, block)).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two signals, the second with two samples a frame, over several blocks: whatever is read first.
    #[test]
    fn windows_anywhere_are_the_running_sums() {
        const FRAMES: u64 = BLOCK / 3;
        let frames = 3 * FRAMES + 100;
        let bytes: Vec<u8> = (0..frames * 3).map(|n| (n * 37 % 251) as u8).collect();
        let sums = |signal: usize, initial: i32| {
            let mut value = initial;
            let own: Vec<u8> = bytes.chunks(3).flat_map(|f| if signal == 0 { &f[..1] } else { &f[1..] }).copied().collect();
            own.into_iter()
                .map(|d| {
                    value += i32::from(d as i8);
                    value
                })
                .collect::<Vec<i32>>()
        };
        let content = Arc::new(FileBytes::memory(std::path::Path::new("x"), bytes.clone().into()).unwrap());
        let file = Arc::new(DifferenceFile::new(content, 0, frames, &[(1, 5), (2, -9)]));
        for (signal, first, per_frame, initial) in [(0, 0, 1, 5), (1, 1, 2, -9)] {
            let layout = Layout { byte_offset: 0, frame_samples: 3, first, per_frame, stored_frames: frames, frames, skew: 1 };
            let source = DifferenceSource { file: Arc::clone(&file), signal, layout };
            let wanted = sums(signal, initial);
            for start in [2 * FRAMES * per_frame + 3, 0, FRAMES * per_frame - 2, frames * per_frame - 4] {
                let mut read = vec![0; 9];
                source.read(start, &mut read).unwrap();
                let at = (start + per_frame) as usize;
                for (place, value) in read.into_iter().enumerate() {
                    let stored = wanted.get(at + place).copied().filter(|_| start + (place as u64) < source.len());
                    assert_eq!(value, stored.unwrap_or(INVALID_SAMPLE), "signal {signal}, {start}, {place}");
                }
            }
            let sum = wanted.iter().map(|v| i64::from(*v)).sum::<i64>() as i16;
            assert_eq!(source.stored_checksum().unwrap(), Some(sum));
        }
    }
}
