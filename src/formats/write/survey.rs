//! A first reading of a signal: what its digital values need, and where it has none.

use super::WriteError;
use crate::recording::{INVALID_SAMPLE, SampleSource};
use std::path::Path;

/// Samples read at a time.
pub(super) const BLOCK: u64 = 1 << 16;

/// Stretches without valid samples that are listed one by one.
const LISTED: usize = 1000;

/// What a signal's samples are like.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Survey {
    /// Smallest and largest valid value; `None`: there is no valid sample.
    pub range: Option<(i32, i32)>,
    /// Samples without a valid value.
    pub invalid: u64,
    /// Where they are, start and end in samples; beyond a thousand stretches the rest is joined to the last one.
    pub stretches: Vec<(u64, u64)>,
}

impl Survey {
    /// Reads `source` from start to end of every one of `ranges` (in samples, ascending). `path` is named in errors.
    pub(super) fn of(
        source: &dyn SampleSource,
        ranges: impl IntoIterator<Item = (u64, u64)>,
        path: &Path,
    ) -> Result<Self, WriteError> {
        let mut survey = Self::default();
        let mut block = Vec::new();
        for (start, end) in ranges {
            let mut at = start;
            // A stretch does not reach from one range into the next.
            let mut last_was_invalid = false;
            while at < end {
                block.resize((end - at).min(BLOCK) as usize, INVALID_SAMPLE);
                source.read(at, &mut block).map_err(|e| WriteError::source(path, &e))?;
                for (sample, value) in (at..).zip(&block) {
                    if *value == INVALID_SAMPLE {
                        survey.add_invalid(sample, last_was_invalid);
                        last_was_invalid = true;
                    } else {
                        let (low, high) = survey.range.unwrap_or((*value, *value));
                        survey.range = Some((low.min(*value), high.max(*value)));
                        last_was_invalid = false;
                    }
                }
                at += block.len() as u64;
            }
        }
        Ok(survey)
    }

    fn add_invalid(&mut self, sample: u64, continues: bool) {
        self.invalid += 1;
        let full = self.stretches.len() >= LISTED;
        match self.stretches.last_mut() {
            Some((_, end)) if continues || full => *end = sample + 1,
            _ => self.stretches.push((sample, sample + 1)),
        }
    }

    /// Whether stretches were joined that have valid samples between them.
    pub(super) fn joined(&self) -> bool {
        self.stretches.iter().map(|(start, end)| end - start).sum::<u64>() > self.invalid
    }
}
