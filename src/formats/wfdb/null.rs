//! Signals without a file (format 0): every sample is missing. Source: signal(5).

use crate::recording::{INVALID_SAMPLE, SampleError, SampleSource};

/// A signal of which the record holds no sample.
#[derive(Debug)]
pub(super) struct NullSource {
    /// Samples in the record.
    pub length: u64,
}

impl SampleSource for NullSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read(&self, _start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        out.fill(INVALID_SAMPLE);
        Ok(())
    }
}
