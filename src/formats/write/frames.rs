//! Signals of different rates in step: frames, each with a whole number of samples of every signal.

use super::{NewRecording, WriteError};
use crate::recording::Rate;
use std::path::Path;

/// Samples of one signal in a frame (what readers of WFDB allow).
const MOST_SAMPLES_PER_FRAME: f64 = 100_000.0;

/// Rates come from divisions: so little off a whole number counts as one.
const ROUNDING: f64 = 1e-12;

/// How a recording divides into frames.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Frames {
    /// Frames a second.
    pub rate: f64,
    /// Samples of each signal in a frame.
    pub per_frame: Vec<u64>,
    /// Samples in a frame at the recording's rate.
    pub of_recording: u64,
    /// Frames in the recording: as many as the longest signal has.
    pub count: u64,
}

impl Frames {
    /// The largest frames-per-second of which every rate is a whole multiple.
    ///
    /// # Errors
    /// [`WriteError::Unsuitable`] where there is none.
    pub(super) fn of(recording: &NewRecording, path: &Path) -> Result<Self, WriteError> {
        let rates: Vec<f64> = recording.signals.iter().map(|signal| signal.rate).chain([recording.rate]).map(Rate::hz).collect();
        let Some((rate, mut per_frame)) = common(&rates) else {
            let list: Vec<String> = rates.iter().map(f64::to_string).collect();
            return Err(WriteError::unsuitable(
                path,
                "sampling rates",
                format!("{} Hz have no common frame rate: no whole numbers of samples take equally long", list.join(", ")),
            ));
        };
        let of_recording = per_frame.pop().unwrap_or(1);
        let count = recording.signals.iter().zip(&per_frame).map(|(signal, per)| signal.source.len().div_ceil(*per)).max();
        Ok(Self { rate, per_frame, of_recording, count: count.unwrap_or(0) })
    }

    /// Stretches that have samples, in frames: start and end. A frame that lies partly in a gap is not in it.
    pub(super) fn runs(&self, recording: &NewRecording) -> Vec<(u64, u64)> {
        let mut runs = Vec::new();
        let mut start = 0;
        for gap in &recording.gaps {
            let (from, to) = (gap.start.0.div_ceil(self.of_recording), gap.end.0 / self.of_recording);
            if to <= from {
                continue;
            }
            if from.min(self.count) > start {
                runs.push((start, from.min(self.count)));
            }
            start = to.min(self.count);
        }
        if start < self.count {
            runs.push((start, self.count));
        }
        runs
    }
}

/// Frame rate and samples per frame for each rate.
fn common(rates: &[f64]) -> Option<(f64, Vec<u64>)> {
    let slowest = rates.iter().copied().min_by(f64::total_cmp)?;
    let fastest = rates.iter().copied().max_by(f64::total_cmp)?;
    let most = (MOST_SAMPLES_PER_FRAME * slowest / fastest).floor() as u64;
    (1..=most).find_map(|slowest_per_frame| {
        let per_frame: Vec<u64> = rates
            .iter()
            .map(|rate| {
                let samples = rate / slowest * slowest_per_frame as f64;
                ((samples - samples.round()).abs() <= samples * ROUNDING).then_some(samples.round() as u64)
            })
            .collect::<Option<_>>()?;
        // Of the values that differ in their last digit, one that gives all rates back exactly.
        let candidates = rates.iter().zip(&per_frame).map(|(rate, per)| rate / *per as f64);
        let exact = |frame: &f64| rates.iter().zip(&per_frame).all(|(rate, per)| frame * *per as f64 == *rate);
        let frame = candidates.clone().find(exact).or_else(|| candidates.clone().next())?;
        Some((frame, per_frame))
    })
}

#[cfg(test)]
mod tests {
    use super::common;

    #[test]
    fn the_largest_common_frame_rate_is_found() {
        assert_eq!(common(&[500.0]), Some((500.0, vec![1])));
        assert_eq!(common(&[500.0, 125.0, 62.5]), Some((62.5, vec![8, 2, 1])));
        assert_eq!(common(&[200.0, 150.0, 1.0]), Some((1.0, vec![200, 150, 1])));
        assert_eq!(common(&[360.0, 250.0]), Some((10.0, vec![36, 25])));
        assert_eq!(common(&[100.0, 100.0 * std::f64::consts::SQRT_2]), None);
        assert_eq!(common(&[1000.0, 0.001]), None, "a million samples a frame");
        let third = common(&[100.0 / 3.0, 100.0]).unwrap();
        assert_eq!(third.1, [1, 3]);
    }
}
