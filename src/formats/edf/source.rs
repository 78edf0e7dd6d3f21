//! Samples of one signal, read through the memory map.

use super::timeline::Run;
use crate::{
    formats::bytes::MappedFile,
    recording::{INVALID_SAMPLE, SampleError, SampleSource},
};
use std::sync::Arc;

/// One signal of an EDF or BDF file.
#[derive(Debug)]
pub(super) struct EdfSource {
    pub file: Arc<MappedFile>,
    /// Bytes before the first data record.
    pub header_bytes: usize,
    pub record_bytes: usize,
    /// Bytes of a data record before this signal's samples.
    pub offset: usize,
    pub samples_per_record: usize,
    /// 2 or 3.
    pub sample_bytes: usize,
    pub segments: Vec<Segment>,
}

/// A run of data records on this signal's time line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub start: u64,
    pub length: u64,
    pub first_record: u64,
}

impl Segment {
    /// The runs at `rate`. A later run never begins before the one before it ends: rounding could make it, by one sample.
    pub(super) fn of_runs(runs: &[Run], samples_per_record: usize, rate: f64) -> Vec<Self> {
        let mut end = 0;
        runs.iter()
            .map(|run| {
                let start = ((run.onset_s * rate).round().max(0.0) as u64).max(end);
                let length = run.records * samples_per_record as u64;
                end = start + length;
                Self { start, length, first_record: run.first_record }
            })
            .collect()
    }

    pub(super) fn end(&self) -> u64 {
        self.start + self.length
    }
}

impl EdfSource {
    /// Copies samples `from..` of a segment as far as one data record reaches; gives how many.
    fn copy(&self, bytes: &[u8], segment: &Segment, from: u64, out: &mut [i32]) -> usize {
        let per_record = self.samples_per_record as u64;
        let (record, within) = (segment.first_record + from / per_record, (from % per_record) as usize);
        let count = (self.samples_per_record - within).min(out.len()).min((segment.length - from) as usize);
        let start = self.header_bytes + record as usize * self.record_bytes + self.offset + within * self.sample_bytes;
        let stored = bytes.get(start..start + count * self.sample_bytes).unwrap_or_default();
        for (slot, sample) in out.iter_mut().take(count).zip(stored.chunks_exact(self.sample_bytes)) {
            *slot = match sample {
                [low, high] => i32::from(i16::from_le_bytes([*low, *high])),
                // 24 bits in the upper part, shifted down with their sign.
                [low, middle, high] => i32::from_le_bytes([0, *low, *middle, *high]) >> 8,
                _ => INVALID_SAMPLE,
            };
        }
        count
    }
}

impl SampleSource for EdfSource {
    fn len(&self) -> u64 {
        self.segments.last().map_or(0, Segment::end)
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let bytes = self.file.bytes()?;
        out.fill(INVALID_SAMPLE);
        let end = start.saturating_add(out.len() as u64);
        let first = self.segments.partition_point(|segment| segment.end() <= start);
        for segment in self.segments.iter().skip(first).take_while(|segment| segment.start < end) {
            let mut at = segment.start.max(start);
            while at < segment.end().min(end) {
                let slots = out.get_mut((at - start) as usize..).unwrap_or_default();
                let copied = self.copy(bytes, segment, at - segment.start, slots);
                if copied == 0 {
                    break;
                }
                at += copied as u64;
            }
        }
        Ok(())
    }
}
