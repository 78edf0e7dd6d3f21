//! Features of each beat, against the recording's dominant beat.

mod compare;
mod context;
mod dominant;
mod joint;
mod noise;
mod rhythm;

use super::{
    BEAT_FEATURES, Input, rr,
    window::{Window, detrend},
};
use serde::{Deserialize, Serialize};

/// Features of one beat; `None` = not measurable. Fields carry the names of [`super::BEAT_FEATURES`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct BeatFeatures {
    /// RR interval before, seconds; `None` at the start and after a gap.
    pub rr_prev_s: Option<f32>,
    /// RR interval after, seconds.
    pub rr_next_s: Option<f32>,
    /// Before over the median RR of the 20 beats around.
    pub rr_prev_ratio: Option<f32>,
    /// After over that median.
    pub rr_next_ratio: Option<f32>,
    /// Before over after.
    pub rr_prev_next: Option<f32>,
    /// The interval before the previous one over that median.
    pub rr_prev2_ratio: Option<f32>,
    /// Correlation with the dominant beat from R - 150 to R + 250 ms, best lead.
    pub template_correlation: Option<f32>,
    /// Peak-to-peak of the QRS complex over the dominant beat's, over all leads.
    pub amplitude_ratio: Option<f32>,
    /// Time that holds the middle half of the QRS complex's slope energy, over the dominant beat's, over all leads.
    pub width_ratio: Option<f32>,
    /// Correlation of the P window, freed of its trend, with the dominant beat's, best lead.
    pub p_correlation: Option<f32>,
    /// RR interval before over the median of the 300 intervals around.
    pub rr_prev_long_ratio: Option<f32>,
    /// Median absolute difference of successive intervals over their median, of the 60 intervals around.
    pub rr_local_irregularity: Option<f32>,
    /// Median `p_correlation` of the 60 beats around.
    pub p_correlation_local: Option<f32>,
    /// RR before over the slowest of the medians of 20, 60 and 300 RR intervals around: also within a long run the rhythm before it.
    pub rr_base_ratio: Option<f32>,
    /// RR after over it.
    pub rr_next_base_ratio: Option<f32>,
    /// Logarithm of `rr_base_ratio` over the usual relative change between intervals (2 % at least): very negative where an early beat stands out, near 0 in fibrillation.
    pub rr_prematurity: Option<f32>,
    /// RR before over the median of the 8 intervals before it.
    pub rr_prior_ratio: Option<f32>,
    /// In a run of early beats: the first (or second) interval of the run over the median of the 8 before; 1 outside of runs.
    pub rr_run_onset: Option<f32>,
    /// Beats of the run of early beats, 30 at most; 0 outside of runs.
    pub rr_run_length: Option<f32>,
    /// Median absolute logarithm of the ratio of successive intervals, of the 60 around.
    pub rr_change_local: Option<f32>,
    /// Share of beats with `rr_prev_ratio` below 0.85 among the 60 around.
    pub early_share: Option<f32>,
    /// Correlation of the QRS complex (R - 80 to R + 100 ms) with the calm dominant beat's, all leads together.
    pub qrs_correlation: Option<f32>,
    /// The same from R - 150 to R + 250 ms.
    pub beat_correlation: Option<f32>,
    /// What remains of the QRS complex without the dominant beat's, over its size (root of energies), all leads.
    pub qrs_residual: Option<f32>,
    /// The same from R - 150 to R + 250 ms.
    pub beat_residual: Option<f32>,
    /// Likeness to the dominant kind of beats less that to the most alike other common kind.
    pub kind_margin: Option<f32>,
    /// Correlation with the beat before, all leads.
    pub previous_correlation: Option<f32>,
    /// `qrs_correlation` of the beat before.
    pub qrs_correlation_prev: Option<f32>,
    /// Lower quartile of `qrs_correlation` of the 12 beats around: low in noise and in runs of other beats.
    pub qrs_correlation_around: Option<f32>,
    /// Correlation from R + 140 to R + 360 ms with the dominant beat's, all leads.
    pub t_correlation: Option<f32>,
    /// Correlation of the P window with the dominant beat's, all leads together, less its median of the 60 beats around.
    pub p_joint_relative: Option<f32>,
    /// Median of that correlation of the 300 beats around: how steady P waves are.
    pub p_joint_long: Option<f32>,
    /// What remains of the P window without the dominant beat's, over the median of the 300 beats around.
    pub p_residual_ratio: Option<f32>,
    /// Median absolute second difference of the signal within 2 s of the beat, over its median over the recording.
    pub noise_ratio: Option<f32>,
    /// The same over the peak-to-peak of the dominant QRS complex.
    pub noise_level: Option<f32>,
}

impl BeatFeatures {
    /// Values in the order of [`super::BEAT_FEATURES`].
    pub fn values(&self) -> [Option<f32>; BEAT_FEATURES.len()] {
        [
            self.rr_prev_s,
            self.rr_next_s,
            self.rr_prev_ratio,
            self.rr_next_ratio,
            self.rr_prev_next,
            self.rr_prev2_ratio,
            self.template_correlation,
            self.amplitude_ratio,
            self.width_ratio,
            self.p_correlation,
            self.rr_prev_long_ratio,
            self.rr_local_irregularity,
            self.p_correlation_local,
            self.rr_base_ratio,
            self.rr_next_base_ratio,
            self.rr_prematurity,
            self.rr_prior_ratio,
            self.rr_run_onset,
            self.rr_run_length,
            self.rr_change_local,
            self.early_share,
            self.qrs_correlation,
            self.beat_correlation,
            self.qrs_residual,
            self.beat_residual,
            self.kind_margin,
            self.previous_correlation,
            self.qrs_correlation_prev,
            self.qrs_correlation_around,
            self.t_correlation,
            self.p_joint_relative,
            self.p_joint_long,
            self.p_residual_ratio,
            self.noise_ratio,
            self.noise_level,
        ]
    }

    /// The value of that name; `None` also for names that are no beat feature.
    pub fn get(&self, name: &str) -> Option<f32> {
        let index = BEAT_FEATURES.iter().position(|f| f.name == name)?;
        self.values().get(index).copied().flatten()
    }
}

/// Measures every beat of `input.beats`, in their order.
pub fn beat_features(input: &Input) -> Vec<BeatFeatures> {
    let intervals = rr::intervals(input);
    let (mut out, survey) = compared(input, &intervals);
    context::add(&intervals, &mut out);
    rhythm::add(&intervals, &mut out);
    let qrs_size = joint::add(input, &survey, &mut out);
    noise::add(input, qrs_size, &mut out);
    out
}

/// Only the intervals beside each beat and its likeness to the dominant one: what a record's shares of odd and early beats need.
pub(super) fn likeness_features(input: &Input) -> Vec<BeatFeatures> {
    compared(input, &rr::intervals(input)).0
}

fn compared(input: &Input, intervals: &[Option<f32>]) -> (Vec<BeatFeatures>, dominant::Survey) {
    let medians = rr::local_medians(intervals, input.beats.len());
    let interval = |i: Option<usize>| i.and_then(|i| intervals.get(i).copied().flatten());
    let mut out: Vec<BeatFeatures> = medians
        .iter()
        .enumerate()
        .map(|(i, median)| {
            let (before, after) = (interval(i.checked_sub(1)), interval(Some(i)));
            let earlier = before.and(interval(i.checked_sub(2)));
            let over = |value: Option<f32>, reference: Option<f32>| Some(value? / reference?);
            BeatFeatures {
                rr_prev_s: before,
                rr_next_s: after,
                rr_prev_ratio: over(before, *median),
                rr_next_ratio: over(after, *median),
                rr_prev_next: over(before, after),
                rr_prev2_ratio: over(earlier, *median),
                ..Default::default()
            }
        })
        .collect();
    let survey = dominant::survey(input, &out);
    let mut scratch = Vec::new();
    for (features, beat) in out.iter_mut().zip(input.beats) {
        compare::compare(input, *beat, &survey.templates, features, &mut scratch);
    }
    (out, survey)
}
