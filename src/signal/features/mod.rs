//! The numbers a model gets beside the signal: of a record, and of each beat. What cannot be measured is `None`.
//!
//! Names and meanings are those of `models/README.md`; [`RECORD_FEATURES`] and [`BEAT_FEATURES`] list them with labels and units.
//! Signals are the prepared ones ([`mod@super::prepare`]), positions of R peaks count in their samples and may be fractional.

mod beat;
mod record;
mod rr;
mod window;

pub use beat::{BeatFeatures, beat_features};
pub use record::{
    FeatureValues, LeadNoise, RECORD_FEATURES, RecordFeature, RecordFeatures, any_beat_share, beat_shares, measurements, noise,
    record_features, rhythm, rr_features, signal_features, wave_marks,
};
pub use rr::intervals as rr_intervals;

use crate::recording::Rate;
use serde::Serialize;

/// A feature's name with what people read, and the range outside of which a value cannot be right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FeatureInfo {
    /// Name in cards and files.
    pub name: &'static str,
    /// Label for people.
    pub label: &'static str,
    /// Unit; empty for ratios, shares and correlations.
    pub unit: &'static str,
    /// Lowest plausible value.
    pub min: f32,
    /// Highest plausible value.
    pub max: f32,
}

const fn info(name: &'static str, label: &'static str, unit: &'static str, min: f32, max: f32) -> FeatureInfo {
    FeatureInfo { name, label, unit, min, max }
}

/// Features of a beat, in the order of [`BeatFeatures::values`].
pub const BEAT_FEATURES: [FeatureInfo; 35] = [
    info("rr_prev_s", "RR interval before", "s", 0.1, 5.0),
    info("rr_next_s", "RR interval after", "s", 0.1, 5.0),
    info("rr_prev_ratio", "RR interval before over local median", "", 0.0, 5.0),
    info("rr_next_ratio", "RR interval after over local median", "", 0.0, 5.0),
    info("rr_prev_next", "RR interval before over after", "", 0.0, 5.0),
    info("rr_prev2_ratio", "RR interval before the previous one over local median", "", 0.0, 5.0),
    info("template_correlation", "Likeness to the dominant beat", "", -1.0, 1.0),
    info("amplitude_ratio", "QRS amplitude over the dominant beat's", "", 0.0, 10.0),
    info("width_ratio", "QRS width over the dominant beat's", "", 0.0, 10.0),
    info("p_correlation", "P wave like the dominant beat's", "", -1.0, 1.0),
    info("rr_prev_long_ratio", "RR interval before over the median of some minutes", "", 0.0, 5.0),
    info("rr_local_irregularity", "RR irregularity around", "", 0.0, 2.0),
    info("p_correlation_local", "P waves around like the dominant beat's", "", -1.0, 1.0),
    info("rr_base_ratio", "RR interval before over that of the slow rhythm around", "", 0.0, 5.0),
    info("rr_next_base_ratio", "RR interval after over that of the slow rhythm around", "", 0.0, 5.0),
    info("rr_prematurity", "Prematurity in units of the usual RR change", "", -50.0, 50.0),
    info("rr_prior_ratio", "RR interval before over the 8 before it", "", 0.0, 5.0),
    info("rr_run_onset", "Abruptness of the run of early beats", "", 0.0, 3.0),
    info("rr_run_length", "Beats of the run of early beats", "beats", 0.0, 30.0),
    info("rr_change_local", "Relative RR change around", "", 0.0, 2.0),
    info("early_share", "Share of early beats around", "", 0.0, 1.0),
    info("qrs_correlation", "QRS like the dominant beat's, all leads", "", -1.0, 1.0),
    info("beat_correlation", "Likeness to the dominant beat, all leads", "", -1.0, 1.0),
    info("qrs_residual", "QRS difference from the dominant beat's", "", 0.0, 10.0),
    info("beat_residual", "Difference from the dominant beat", "", 0.0, 10.0),
    info("kind_margin", "Likeness to the dominant kind over the next", "", -2.0, 2.0),
    info("previous_correlation", "Likeness to the beat before", "", -1.0, 1.0),
    info("qrs_correlation_prev", "QRS of the beat before like the dominant beat's", "", -1.0, 1.0),
    info("qrs_correlation_around", "QRS complexes around like the dominant beat's", "", -1.0, 1.0),
    info("t_correlation", "T wave like the dominant beat's", "", -1.0, 1.0),
    info("p_joint_relative", "P wave like the dominant beat's, against those around", "", -2.0, 2.0),
    info("p_joint_long", "P waves alike for some minutes", "", -1.0, 1.0),
    info("p_residual_ratio", "P window's difference against those around", "", 0.0, 100.0),
    info("noise_ratio", "Noise around over the recording's", "", 0.0, 50.0),
    info("noise_level", "Noise around over the QRS size", "", 0.0, 1.0),
];

/// Prepared leads and the beats found in them.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Leads in millivolts at `rate`, NaN = no valid sample; where lengths differ the missing end counts as invalid.
    pub leads: &'a [&'a [f32]],
    /// Their rate.
    pub rate: Rate,
    /// R peaks in samples at `rate`, ascending, fractional. Position 0 is the first sample.
    pub beats: &'a [f64],
}

#[cfg(test)]
mod tests;
