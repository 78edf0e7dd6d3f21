//! Features of the beats around a beat: they tell an early beat in a calm rhythm from one in a restless rhythm, and a run of early beats from a
//! fast rhythm.

use super::{BeatFeatures, rr};
use crate::signal::robust::median;

/// Intervals that stand for some minutes.
const LONG: usize = 300;
/// Intervals or beats that stand for the rhythm around.
const AROUND: usize = 60;

/// Sets what depends on the beats around; `intervals` as of [`rr::intervals`], the other features are there already.
pub(super) fn add(intervals: &[Option<f32>], features: &mut [BeatFeatures]) {
    let beats = features.len();
    let long = rr::medians_around(intervals, beats, LONG);
    let near = rr::medians_around(intervals, beats, AROUND);
    let p_waves: Vec<Option<f32>> = features.iter().map(|f| f.p_correlation).collect();
    let p_around = rr::medians_around(&p_waves, beats, AROUND);
    let mut changes = Vec::with_capacity(AROUND);
    for (beat, features) in features.iter_mut().enumerate() {
        features.rr_prev_long_ratio = over(features.rr_prev_s, long.get(beat).copied().flatten());
        changes.clear();
        let pairs = rr::around(intervals, beat, AROUND).windows(2);
        changes.extend(pairs.filter_map(|pair| Some((pair.get(1).copied()?? - pair.first().copied()??).abs())));
        features.rr_local_irregularity = over(median(&mut changes), near.get(beat).copied().flatten());
        features.p_correlation_local = p_around.get(beat).copied().flatten();
    }
}

fn over(value: Option<f32>, reference: Option<f32>) -> Option<f32> {
    Some(value? / reference?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_intervals(intervals: &[Option<f32>]) -> Vec<BeatFeatures> {
        let mut features: Vec<BeatFeatures> = std::iter::once(None)
            .chain(intervals.iter().copied())
            .map(|before| BeatFeatures { rr_prev_s: before, p_correlation: Some(0.9), ..Default::default() })
            .collect();
        add(intervals, &mut features);
        features
    }

    #[test]
    fn a_calm_rhythm_is_calm_around_an_early_beat_and_a_restless_one_is_not() {
        let mut calm = vec![Some(0.8); 400];
        (calm[200], calm[201]) = (Some(0.5), Some(1.1));
        let features = with_intervals(&calm);
        assert_eq!(features[201].rr_prev_long_ratio, Some(0.5 / 0.8));
        assert_eq!(features[201].rr_local_irregularity, Some(0.0));
        assert_eq!(features[0].rr_prev_long_ratio, None);
        assert_eq!(features[0].p_correlation_local, Some(0.9));
        let restless: Vec<Option<f32>> = (0..400).map(|i| Some(if i % 2 == 0 { 0.6 } else { 0.9 })).collect();
        let around = with_intervals(&restless)[200].rr_local_irregularity.expect("known");
        assert!((around - 0.4).abs() < 0.01, "{around}");
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let mut intervals = vec![Some(0.8); 100];
        intervals[30..90].fill(None);
        let features = with_intervals(&intervals);
        assert_eq!(features[60].rr_local_irregularity, None);
        assert_eq!(features[5].rr_local_irregularity, Some(0.0));
        assert!(with_intervals(&[])[0].rr_prev_long_ratio.is_none());
    }
}
