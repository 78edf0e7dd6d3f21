//! How early a beat is, and the run of early beats that it belongs to.

use super::{BeatFeatures, rr};
use crate::signal::robust::median;

/// Numbers of intervals whose medians stand for the rhythm around: beats, a minute, some minutes.
const AROUND: [usize; 3] = [20, 60, 300];
/// Number of intervals before that a sudden change is seen against.
const PRIOR: usize = 8;
/// A beat is early when its interval is shorter than this part of the slow rhythm's.
const EARLY: f32 = 0.87;
/// A beat in a run may be late once, but not later than the slow rhythm.
const SLOW: f32 = 1.0;
/// Intervals change by this much at least, in seconds and as a part.
const LEAST_CHANGE: f32 = 0.02;
/// Runs are counted up to this length.
const LONGEST: usize = 30;
/// A beat whose interval is shorter than this part of the local median counts into the share of early beats.
const EARLY_LOCAL: f32 = 0.85;

/// Sets what the RR intervals tell; `intervals` as of [`rr::intervals`].
pub(super) fn add(intervals: &[Option<f32>], features: &mut [BeatFeatures]) {
    let beats = features.len();
    // Entry i: change from interval i - 1 to interval i, in seconds and as a logarithm.
    let pairs = || std::iter::once(None).chain(intervals.windows(2).map(|w| Some((w.first().copied()??, w.get(1).copied()??))));
    let changes: Vec<Option<f32>> = pairs().map(|pair| pair.map(|(a, b)| (b - a).abs())).collect();
    let relative: Vec<Option<f32>> = pairs().map(|pair| pair.map(|(a, b)| (b / a).ln().abs())).collect();
    let medians = AROUND.map(|count| rr::medians_around(intervals, beats, count));
    let [change_near, change_around, _] =
        AROUND.map(|count| if count > 60 { Vec::new() } else { rr::medians_around(&changes, beats, count) });
    let relative_around = rr::medians_around(&relative, beats, 60);
    let early: Vec<Option<f32>> =
        features.iter().map(|f| f.rr_prev_ratio.map(|ratio| f32::from(u8::from(ratio < EARLY_LOCAL)))).collect();
    let mut prior = Vec::with_capacity(PRIOR);
    for (beat, features) in features.iter_mut().enumerate() {
        let at = |values: &[Option<f32>]| values.get(beat).copied().flatten();
        let base = medians.iter().filter_map(|m| at(m)).reduce(f32::max);
        let over = |value: Option<f32>, reference: Option<f32>| Some(value? / reference?);
        features.rr_base_ratio = over(features.rr_prev_s, base);
        features.rr_next_base_ratio = over(features.rr_next_s, base);
        let change = [at(&change_near), at(&change_around)].into_iter().flatten().fold(LEAST_CHANGE, f32::max);
        features.rr_prematurity =
            features.rr_base_ratio.zip(base).map(|(ratio, base)| ratio.ln() / (change / base).max(LEAST_CHANGE));
        // The interval before this beat is number beat - 1.
        prior.clear();
        let last = beat.saturating_sub(1);
        prior.extend(intervals.get(last.saturating_sub(PRIOR)..last).unwrap_or_default().iter().flatten());
        features.rr_prior_ratio = over(features.rr_prev_s, median(&mut prior));
        features.rr_change_local = at(&relative_around);
        let (count, sum) =
            rr::around(&early, beat, 60).iter().flatten().fold((0.0f32, 0.0), |(n, sum), share| (n + 1.0, sum + share));
        features.early_share = (count > 0.0).then(|| sum / count);
    }
    runs(features);
}

/// Marks the runs of early beats.
fn runs(features: &mut [BeatFeatures]) {
    let ratio = |features: &[BeatFeatures], beat: usize| features.get(beat).and_then(|f| f.rr_base_ratio);
    let is_early = |features: &[BeatFeatures], beat: usize| ratio(features, beat).is_some_and(|r| r < EARLY);
    let mut beat = 0;
    while beat < features.len() {
        let mut end = beat;
        if is_early(features, beat) {
            loop {
                end += 1;
                let one_late = is_early(features, end + 1) && ratio(features, end).is_some_and(|r| r < SLOW);
                if !is_early(features, end) && !one_late {
                    break;
                }
            }
        }
        let length = end - beat;
        let onset = if length > 0 { onset(features, beat, length) } else { Some(1.0) };
        for features in features.iter_mut().take(end.max(beat + 1)).skip(beat) {
            let known = features.rr_base_ratio.is_some();
            features.rr_run_length = known.then_some(length.min(LONGEST) as f32);
            features.rr_run_onset = onset.filter(|_| known);
        }
        beat = end.max(beat + 1);
    }
}

/// The first interval of a run over the median of those before it; of longer runs the second too, against the same, where that is shorter.
fn onset(features: &[BeatFeatures], first: usize, length: usize) -> Option<f32> {
    let start = features.get(first)?;
    let before = start.rr_prev_s? / start.rr_prior_ratio?;
    let second = features.get(first + 1).filter(|_| length > 1).and_then(|f| f.rr_prev_s);
    Some(second.map_or(start.rr_prev_s?, |second| second.min(start.rr_prev_s.unwrap_or(second))) / before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(intervals: &[Option<f32>]) -> Vec<BeatFeatures> {
        let before = std::iter::once(None).chain(intervals.iter().copied());
        let after = intervals.iter().copied().chain(std::iter::once(None));
        let medians = rr::medians_around(intervals, intervals.len() + 1, 20);
        let mut features: Vec<BeatFeatures> = before
            .zip(after)
            .zip(medians)
            .map(|((before, after), median)| BeatFeatures {
                rr_prev_s: before,
                rr_next_s: after,
                rr_prev_ratio: before.zip(median).map(|(rr, median)| rr / median),
                ..Default::default()
            })
            .collect();
        add(intervals, &mut features);
        features
    }

    #[test]
    fn a_long_run_is_early_to_its_end_and_begins_suddenly() {
        let mut intervals = vec![Some(0.8); 400];
        intervals[200..260].fill(Some(0.4));
        let features = measured(&intervals);
        let in_run = features[240];
        assert_eq!(in_run.rr_base_ratio, Some(0.5));
        assert_eq!((in_run.rr_run_length, in_run.rr_run_onset), (Some(30.0), Some(0.5)));
        assert!(in_run.rr_prematurity.is_some_and(|p| p < -20.0));
        assert_eq!(in_run.rr_prior_ratio, Some(1.0));
        let calm = features[100];
        assert_eq!((calm.rr_run_length, calm.rr_run_onset, calm.rr_prematurity), (Some(0.0), Some(1.0), Some(0.0)));
        assert_eq!((calm.early_share, calm.rr_change_local), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn an_early_beat_in_a_restless_rhythm_does_not_stand_out() {
        let restless: Vec<Option<f32>> = (0..400).map(|i| Some([0.5, 0.9, 0.7, 1.0, 0.6][i % 5])).collect();
        assert!(measured(&restless)[201].rr_prematurity.is_some_and(|p| p > -2.0));
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        assert!(measured(&[])[0].rr_run_length.is_none());
        let mut intervals = vec![Some(0.8); 100];
        (intervals[50], intervals[49]) = (None, Some(0.5));
        let features = measured(&intervals);
        assert_eq!((features[51].rr_base_ratio, features[51].rr_run_length), (None, None));
        assert_eq!(features[50].rr_run_length, Some(1.0));
    }
}
