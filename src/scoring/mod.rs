//! Scoring of beat annotations against a reference: beat by beat and run by run.
//!
//! What is counted is laid down in ANSI/AAMI EC57 (and IEC 60601-2-47); its public reference programs are WFDB's `bxb` and `rxr`, whose man pages
//! (bxb(1), rxr(1)) and results of version 10.7.0 this module was checked against. Pure functions on annotations: no files.

mod beats;
mod error;
mod matrix;
mod runs;
mod summary;
pub mod text;
mod track;

pub use beats::{BeatComparison, Mismatch, RrError, compare_beats};
pub use error::{ScoringError, Side};
pub use matrix::{BeatMatrix, BeatStatistics, Mark, Share};
pub use runs::{LONGEST, RunComparison, RunKind, RunLength, RunMatrix, compare_runs};
pub use summary::{Average, Summary};

use crate::recording::{LabelMap, Rate};

/// Time in samples. Signed, because windows reach beyond the recording's start and differences of times are taken.
pub(crate) type Time = i64;

/// The time after all times: where an annotation file has ended.
pub(crate) const NEVER: Time = Time::MAX;

/// Learning period of EC57: these first seconds are not scored.
pub const LEARNING_S: f64 = 300.0;

/// Match window of EC57: a beat and its reference may lie this many seconds apart, inclusive.
pub const WINDOW_S: f64 = 0.15;

/// What is scored, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Which mnemonics count as S.
    pub map: LabelMap,
    /// Samples a second of all annotation times.
    pub rate: Rate,
    /// First sample that is scored.
    pub start: i64,
    /// Last sample that is scored: the recording's length. `None`, where the length is not known: to the end of the reference.
    pub end: Option<i64>,
    /// Match window in samples, inclusive.
    pub window: i64,
}

impl Settings {
    /// The standard comparison on a recording of `length` samples: first five minutes for learning, 150 ms window.
    ///
    /// # Errors
    /// As [`Settings::starting_at`].
    pub fn ec57(rate: Rate, length: Option<u64>, map: LabelMap) -> Result<Self, ScoringError> {
        Self::starting_at(LEARNING_S, rate, length, map)
    }

    /// As [`Settings::ec57`] with another learning period: no standard comparison any more.
    ///
    /// # Errors
    /// [`ScoringError::TooShort`] when the recording ends before the learning period does.
    pub fn starting_at(learning_s: f64, rate: Rate, length: Option<u64>, map: LabelMap) -> Result<Self, ScoringError> {
        let time = |samples: u64| Time::try_from(samples).unwrap_or(NEVER - 1).min(NEVER - 1);
        // A header that gives length 0 tells no length, as in WFDB.
        let end = length.filter(|length| *length > 0).map(time);
        let start = time(rate.samples_in(learning_s));
        if let Some(end) = end.filter(|end| *end < start) {
            return Err(ScoringError::TooShort { learning_s, length_s: end as f64 / rate.hz() });
        }
        Ok(Self { map, rate, start, end, window: time(rate.samples_in(WINDOW_S)) })
    }

    /// Whole samples a second, as WFDB converts durations.
    pub(crate) fn samples_per_second(&self) -> i64 {
        (self.rate.samples_in(1.0) as i64).max(1)
    }
}

#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;
