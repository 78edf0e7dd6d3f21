//! Gap-free stretches of a signal whose invalid samples are NaN.

use crate::recording::Rate;
use std::ops::Range;

/// Runs of invalid samples up to this long (seconds) do not end a stretch: they are bridged while filtering and stay NaN in the result.
pub const BRIDGED_S: f64 = 0.040;

/// Stretches shorter than this (seconds) are no signal: where the baseline lies cannot be told from so little, so filters
/// return NaN for them.
pub const MIN_STRETCH_S: f64 = 0.5;

/// The stretches of `signal` that hold valid samples, ascending; each begins and ends with a valid sample. Invalid runs of at most
/// `bridge` samples do not end a stretch.
pub fn stretches(signal: &[f32], bridge: usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < signal.len() {
        if !signal[at].is_finite() {
            at += 1;
            continue;
        }
        let start = at;
        while at < signal.len() && signal[at].is_finite() {
            at += 1;
        }
        match found.last_mut() {
            Some(last) if start - last.end <= bridge => last.end = at,
            _ => found.push(start..at),
        }
    }
    found
}

/// Samples that [`BRIDGED_S`] spans at `rate`.
pub(crate) fn bridge_samples(rate: Rate) -> usize {
    (BRIDGED_S * rate.hz() + 1e-9).floor() as usize
}

/// Shortest stretch in samples that is filtered at `rate`.
pub(crate) fn min_stretch_samples(rate: Rate) -> usize {
    (MIN_STRETCH_S * rate.hz()).ceil().max(2.0) as usize
}

/// One stretch as `f64` with its invalid runs bridged by straight lines. The stretch begins and ends with a valid sample.
pub(crate) fn bridged(stretch: &[f32]) -> Vec<f64> {
    let mut out: Vec<f64> = stretch.iter().map(|v| f64::from(*v)).collect();
    let mut at = 0;
    while at < out.len() {
        if out[at].is_finite() {
            at += 1;
            continue;
        }
        let start = at;
        while at < out.len() && !out[at].is_finite() {
            at += 1;
        }
        let left = start.checked_sub(1).map(|i| out[i]);
        let right = out.get(at).copied();
        let (left, right) = (left.or(right).unwrap_or(0.0), right.or(left).unwrap_or(0.0));
        let run = (at - start + 1) as f64;
        for (step, value) in out[start..at].iter_mut().enumerate() {
            *value = left + (right - left) * (step + 1) as f64 / run;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f32 = f32::NAN;

    #[test]
    fn stretches_end_at_long_gaps_only() {
        let signal = [NAN, 1.0, 2.0, NAN, 3.0, NAN, NAN, 4.0, NAN];
        assert_eq!(stretches(&signal, 0), vec![1..3, 4..5, 7..8]);
        assert_eq!(stretches(&signal, 1), vec![1..5, 7..8]);
        assert_eq!(stretches(&signal, 2), vec![1..8]);
        assert!(stretches(&[NAN; 3], 9).is_empty());
        assert!(stretches(&[], 1).is_empty());
    }

    #[test]
    fn bridges_are_straight_lines() {
        assert_eq!(bridged(&[1.0, NAN, NAN, 4.0, f32::INFINITY, 2.0]), vec![1.0, 2.0, 3.0, 4.0, 3.0, 2.0]);
    }
}
