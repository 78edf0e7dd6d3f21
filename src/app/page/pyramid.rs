//! Minimum and maximum of blocks of samples at growing block sizes: a whole day is drawn without reading it again.

use crate::{
    analysis::Progress,
    recording::{SampleError, Signal},
};

/// Samples in a block of the finest level.
pub const BLOCK: u64 = 256;
/// Blocks of one level in a block of the next.
const STEP: usize = 4;
/// Samples read at a time while building.
const READ: u64 = BLOCK * 256;

/// Why a pyramid was not built.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PyramidError {
    /// Nobody waits for it any more.
    #[error(transparent)]
    Cancelled(#[from] crate::analysis::Cancelled),
    /// Samples could not be read.
    #[error(transparent)]
    Unreadable(#[from] SampleError),
}

/// Extremes of one lead, in millivolts; `NaN` where a block has no valid sample.
#[derive(Debug, Clone, Default)]
pub struct Pyramid {
    /// Samples covered.
    length: u64,
    /// Finest first; `[minimum, maximum]` a block.
    levels: Vec<Vec<[f32; 2]>>,
}

impl Pyramid {
    /// Reads the whole lead once. `progress` may cancel it.
    pub fn build(signal: &Signal, progress: &Progress) -> Result<Self, PyramidError> {
        let length = signal.len();
        let mut finest = Vec::new();
        let mut samples = Vec::new();
        let mut start = 0;
        while start < length {
            progress.report("drawing the overview", (start as f64 / length as f64) as f32)?;
            let count = (length - start).min(READ);
            samples.clear();
            signal.read_millivolts(start, count as usize, &mut samples)?;
            finest.extend(samples.chunks(BLOCK as usize).map(extent));
            start += count;
        }
        let mut levels = vec![finest];
        while let Some(last) = levels.last().filter(|level| level.len() > STEP) {
            let next = last.chunks(STEP).map(merge).collect();
            levels.push(next);
        }
        Ok(Self { length, levels })
    }

    /// Extremes in each of `columns` equal parts of `start..end` (samples); `None` where nothing is valid. Blocks that reach
    /// over a column's edge count on both sides, so that no extreme is lost.
    pub fn envelope(&self, start: u64, end: u64, columns: usize) -> Vec<Option<[f32; 2]>> {
        let end = end.min(self.length);
        let per_column = end.saturating_sub(start) as f64 / columns.max(1) as f64;
        let mut size = BLOCK;
        let mut level = 0;
        while level + 1 < self.levels.len() && (size * STEP as u64) as f64 <= per_column {
            size *= STEP as u64;
            level += 1;
        }
        let Some(blocks) = self.levels.get(level) else { return vec![None; columns] };
        (0..columns)
            .map(|column| {
                let from = start as f64 + column as f64 * per_column;
                let first = (from / size as f64) as usize;
                let last = (((from + per_column) / size as f64).ceil() as usize).max(first + 1);
                let merged = merge(blocks.get(first.min(blocks.len())..last.min(blocks.len()))?);
                merged[0].is_finite().then_some(merged)
            })
            .collect()
    }
}

fn extent(samples: &[f32]) -> [f32; 2] {
    samples.iter().fold([f32::NAN; 2], |[low, high], value| [low.min(*value), high.max(*value)])
}

fn merge(blocks: &[[f32; 2]]) -> [f32; 2] {
    blocks.iter().fold([f32::NAN; 2], |[low, high], block| [low.min(block[0]), high.max(block[1])])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{Data, INVALID_SAMPLE, LeadName, MemorySource, Rate, Scale};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn signal(digital: Vec<i32>) -> Signal {
        Signal {
            label: "II".into(),
            lead: LeadName::parse("II"),
            rate: Rate::new(500.0).expect("positive"),
            calibrated: true,
            declared_checksum: None,
            data: Data::Recorded {
                source: Arc::new(MemorySource(digital)),
                scale: Scale { gain: 1.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) },
            },
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_spike_shows_at_every_zoom(length in 1u64..300_000, place in 0.0f64..1.0, columns in 1usize..400) {
            let at = ((length - 1) as f64 * place) as u64;
            let mut digital = vec![0; length as usize];
            digital[at as usize] = 9;
            let pyramid = Pyramid::build(&signal(digital), &Progress::new()).expect("readable");
            let highest = pyramid.envelope(0, length, columns).into_iter().flatten().map(|e| e[1]).fold(0.0, f32::max);
            prop_assert_eq!(highest, 9.0);
        }
    }

    #[test]
    fn invalid_stretches_stay_empty() {
        let mut digital = vec![5; BLOCK as usize * 8];
        digital[BLOCK as usize * 2..BLOCK as usize * 4].fill(INVALID_SAMPLE);
        let pyramid = Pyramid::build(&signal(digital), &Progress::new()).expect("readable");
        let envelope = pyramid.envelope(0, BLOCK * 8, 8);
        assert_eq!(envelope.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false, false, true, true, true, true]);
    }

    #[test]
    fn a_cancelled_build_ends() {
        let progress = Progress::new();
        progress.cancel();
        assert!(matches!(Pyramid::build(&signal(vec![0; 10]), &progress), Err(PyramidError::Cancelled(_))));
    }
}
