//! Signal files in format 8: each byte is the difference from the sample before it. Source: signal(5).
//!
//! A sample is the sum of all before it, so the signals of a file are decoded whole on first use.

use super::packed::Layout;
use crate::{
    formats::bytes::MappedFile,
    recording::{INVALID_SAMPLE, SampleError, SampleSource},
};
use std::sync::{Arc, OnceLock};

/// One signal of a format 8 file. The format has no code for invalid samples.
#[derive(Debug)]
pub(super) struct DifferenceSource {
    pub file: Arc<MappedFile>,
    pub layout: Layout,
    /// The value to which the first difference is added.
    pub initial: i32,
    pub decoded: OnceLock<Result<Vec<i32>, SampleError>>,
}

impl DifferenceSource {
    /// The stored samples, not more than the file has bytes.
    fn samples(&self) -> Result<&[i32], SampleError> {
        let decoded = self.decoded.get_or_init(|| {
            let Layout { byte_offset, frame_samples, first, per_frame, stored_frames, .. } = self.layout;
            let bytes = self.file.bytes()?.get(byte_offset..).unwrap_or_default();
            let mut value = self.initial;
            let frames = bytes.chunks_exact(usize::try_from(frame_samples).unwrap_or(usize::MAX));
            let own = first as usize..(first + per_frame) as usize;
            Ok(frames
                .take(usize::try_from(stored_frames).unwrap_or(usize::MAX))
                .flat_map(|frame| frame.get(own.clone()).unwrap_or_default())
                .map(|difference| {
                    value = value.wrapping_add(i32::from(*difference as i8));
                    value
                })
                .collect())
        });
        decoded.as_deref().map_err(Clone::clone)
    }
}

impl SampleSource for DifferenceSource {
    fn len(&self) -> u64 {
        self.layout.frames * self.layout.per_frame
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let samples = self.samples()?;
        let end = self.len();
        let skew = self.layout.skew.saturating_mul(self.layout.per_frame);
        for (place, slot) in out.iter_mut().enumerate() {
            let at = start.saturating_add(place as u64);
            let stored = usize::try_from(at.saturating_add(skew)).ok().and_then(|at| samples.get(at));
            *slot = stored.copied().filter(|_| at < end).unwrap_or(INVALID_SAMPLE);
        }
        Ok(())
    }

    fn stored_checksum(&self) -> Result<Option<i16>, SampleError> {
        let stored = self.samples()?.iter().take(usize::try_from(self.len()).unwrap_or(usize::MAX));
        Ok(Some(stored.fold(0i64, |sum, value| sum.wrapping_add(i64::from(*value))) as i16))
    }
}
