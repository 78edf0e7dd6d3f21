//! Samples for the paper: a window of a lead, filtered as chosen.

use crate::{
    recording::{Rate, SampleError, Signal},
    signal::{
        filter::{self, FilterSettings},
        quality,
    },
};
use std::ops::Range;

/// A window of one lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    /// Millivolts; NaN where there is no valid sample.
    pub samples: Vec<f32>,
    /// Rate.
    pub rate: Rate,
    /// Time of the first sample, seconds from the recording's start.
    pub from_s: f64,
    /// Stretches without contact (a flat line), as ranges of `samples`.
    pub flat: Vec<Range<usize>>,
}

impl Strip {
    /// Reads `from_s` to `to_s` of a lead at its own rate. What lies outside of the recording is left out.
    ///
    /// # Errors
    /// When samples cannot be read.
    pub fn read(signal: &Signal, from_s: f64, to_s: f64, settings: &FilterSettings) -> Result<Self, SampleError> {
        let rate = signal.rate;
        let first = rate.sample_at(from_s).0.min(signal.len());
        let last = rate.sample_at(to_s).0.clamp(first, signal.len());
        let margin = settings.margin(rate) as u64;
        let begin = first.saturating_sub(margin);
        let end = last.saturating_add(margin).min(signal.len());
        let mut raw = Vec::new();
        signal.read_millivolts(begin, (end - begin) as usize, &mut raw)?;
        let core = (first - begin) as usize..(last - begin) as usize;
        let wanted = raw.get(core.clone()).unwrap_or_default();
        let flat = quality::flat_stretches(wanted, rate, signal.calibrated);
        let plain = *settings == FilterSettings::default();
        let samples = if plain {
            wanted.to_vec()
        } else {
            filter::apply(&raw, rate, settings).samples.get(core).unwrap_or_default().to_vec()
        };
        Ok(Self { samples, rate, from_s: first as f64 / rate.hz(), flat })
    }

    /// The samples between two times, with the time of the first.
    pub fn part(&self, from_s: f64, to_s: f64) -> (&[f32], f64) {
        let index = |s: f64| (((s - self.from_s) * self.rate.hz()).round().max(0.0) as usize).min(self.samples.len());
        let (first, last) = (index(from_s), index(to_s));
        (self.samples.get(first..last.max(first)).unwrap_or_default(), self.from_s + first as f64 / self.rate.hz())
    }

    /// Lowest and highest value about the level at which a strip is drawn, millivolts.
    pub fn reach(samples: &[f32]) -> (f32, f32) {
        let level = Self::level(samples);
        let valid = samples.iter().filter(|value| value.is_finite()).map(|value| value - level);
        valid.fold((0.0, 0.0), |(low, high): (f32, f32), value| (low.min(value), high.max(value)))
    }

    /// The level about which a strip is drawn: the median of its valid samples, which is near the isoelectric line.
    pub fn level(samples: &[f32]) -> f32 {
        let mut valid: Vec<f32> = samples.iter().copied().filter(|v| v.is_finite()).collect();
        if valid.is_empty() {
            return 0.0;
        }
        let middle = valid.len() / 2;
        *valid.select_nth_unstable_by(middle, f32::total_cmp).1
    }
}
