//! Samples of one signal, read as needed.

use super::timeline::Run;
use crate::{
    formats::bytes::FileBytes,
    recording::{INVALID_SAMPLE, SampleError, SampleSource},
};
use std::sync::Arc;

/// Bytes read at a time.
const CHUNK: usize = 1 << 17;

/// Data records up to this size are read whole, many at a time; of larger ones only this signal's bytes are.
const SMALL_RECORD: usize = 1 << 11;

/// One signal of an EDF or BDF file.
#[derive(Debug)]
pub(super) struct EdfSource {
    pub file: Arc<FileBytes>,
    /// Bytes before the first data record.
    pub header_bytes: u64,
    /// Data records in the file.
    pub records: u64,
    pub record_bytes: usize,
    /// Bytes of a data record before this signal's samples.
    pub offset: usize,
    pub samples_per_record: usize,
    /// 2 or 3.
    pub sample_bytes: usize,
    pub segments: Arc<[Segment]>,
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
                end = start.saturating_add(length);
                Self { start, length, first_record: run.first_record }
            })
            .collect()
    }

    pub(super) fn end(&self) -> u64 {
        self.start.saturating_add(self.length)
    }
}

impl EdfSource {
    /// Fills `out` with samples `from..` of a segment, all within it.
    fn read_segment(&self, segment: &Segment, mut from: u64, mut out: &mut [i32]) -> Result<(), SampleError> {
        let per_record = self.samples_per_record as u64;
        let own_bytes = self.samples_per_record * self.sample_bytes;
        let whole = self.record_bytes <= SMALL_RECORD || own_bytes * 2 > self.record_bytes;
        let records_at_a_time = if whole { (CHUNK / self.record_bytes).max(1) as u64 } else { 1 };
        while !out.is_empty() {
            let (record, within) = (segment.first_record + from / per_record, (from % per_record) as usize);
            let records = records_at_a_time.min(self.records.saturating_sub(record)).max(1);
            let count = (records as usize * self.samples_per_record - within).min(out.len());
            let (now, later) = out.split_at_mut(count);
            let start = self.header_bytes + record * self.record_bytes as u64 + self.offset as u64;
            if records == 1 {
                let start = start + (within * self.sample_bytes) as u64;
                self.file.with(start, count * self.sample_bytes, |bytes| self.decode(bytes, now))?;
            } else {
                // Up to the end of this signal's bytes in the last record.
                let bytes = (records as usize - 1) * self.record_bytes + own_bytes;
                self.file.with(start, bytes, |bytes| {
                    let mut rest = now;
                    let mut skipped = within;
                    for record in bytes.chunks(self.record_bytes) {
                        let count = (self.samples_per_record - skipped).min(rest.len());
                        let (now, later) = rest.split_at_mut(count);
                        self.decode(record.get(skipped * self.sample_bytes..).unwrap_or_default(), now);
                        (rest, skipped) = (later, 0);
                    }
                })?;
            }
            from += count as u64;
            out = later;
        }
        Ok(())
    }

    fn decode(&self, bytes: &[u8], out: &mut [i32]) {
        if self.sample_bytes == 2 {
            for (slot, sample) in out.iter_mut().zip(bytes.as_chunks::<2>().0) {
                *slot = i32::from(i16::from_le_bytes(*sample));
            }
        } else {
            for (slot, [low, middle, high]) in out.iter_mut().zip(bytes.as_chunks::<3>().0) {
                // 24 bits in the upper part, shifted down with their sign.
                *slot = i32::from_le_bytes([0, *low, *middle, *high]) >> 8;
            }
        }
    }
}

impl SampleSource for EdfSource {
    fn len(&self) -> u64 {
        self.segments.last().map_or(0, Segment::end)
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        out.fill(INVALID_SAMPLE);
        let end = start.saturating_add(out.len() as u64);
        let first = self.segments.partition_point(|segment| segment.end() <= start);
        for segment in self.segments.iter().skip(first).take_while(|segment| segment.start < end) {
            let (from, to) = (segment.start.max(start), segment.end().min(end));
            let slots = out.get_mut((from - start) as usize..(to - start) as usize).unwrap_or_default();
            self.read_segment(segment, from - segment.start, slots)?;
        }
        Ok(())
    }
}
