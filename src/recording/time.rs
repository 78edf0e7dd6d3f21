//! Time is counted in samples; seconds appear only where a person reads them.

use serde::{Deserialize, Serialize};

/// A position in a recording: samples since its first sample at the recording's rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SampleIndex(pub u64);

/// Sampling rate in Hz; finite and above zero by construction.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Rate(f64);

impl Rate {
    /// 500 Hz: the usual rate of diagnostic 12-lead recorders.
    pub const HZ_500: Self = Self(500.0);

    /// `None` unless `hz` is finite and above zero.
    pub fn new(hz: f64) -> Option<Self> {
        (hz.is_finite() && hz > 0.0).then_some(Self(hz))
    }

    /// Hertz.
    pub fn hz(self) -> f64 {
        self.0
    }

    /// Seconds from the recording's start to `at`.
    pub fn seconds(self, at: SampleIndex) -> f64 {
        at.0 as f64 / self.0
    }

    /// The sample nearest to `seconds` (negative times give 0).
    pub fn sample_at(self, seconds: f64) -> SampleIndex {
        SampleIndex((seconds * self.0).round().max(0.0) as u64)
    }

    /// Number of samples in `seconds`, rounded.
    pub fn samples_in(self, seconds: f64) -> u64 {
        self.sample_at(seconds).0
    }
}

impl TryFrom<f64> for Rate {
    type Error = String;
    fn try_from(hz: f64) -> Result<Self, String> {
        Self::new(hz).ok_or_else(|| format!("a sampling rate must be finite and above zero, not {hz}"))
    }
}

impl From<Rate> for f64 {
    fn from(rate: Rate) -> f64 {
        rate.0
    }
}

/// Half-open range of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SampleRange {
    /// First sample.
    pub start: SampleIndex,
    /// One past the last sample.
    pub end: SampleIndex,
}

impl SampleRange {
    /// Range from two plain sample counts.
    pub fn new(start: u64, end: u64) -> Self {
        Self { start: SampleIndex(start), end: SampleIndex(end.max(start)) }
    }

    /// Number of samples.
    pub fn len(self) -> u64 {
        self.end.0 - self.start.0
    }

    /// True when it holds no sample.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether `at` lies inside.
    pub fn contains(self, at: SampleIndex) -> bool {
        self.start <= at && at < self.end
    }
}

/// A stretch without signal.
pub type Gap = SampleRange;
