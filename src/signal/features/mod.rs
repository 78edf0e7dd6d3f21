//! The numbers a model gets beside the signal: of a record, and of each beat. What cannot be measured is `None`.
//!
//! Names and meanings are those of `models/README.md`; [`RECORD_FEATURES`] and [`BEAT_FEATURES`] list them with labels and units.
//! Signals are the prepared ones ([`mod@super::prepare`]), positions of R peaks count in their samples and may be fractional.

mod beat;
mod context;
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

/// A feature's name with what people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeatureInfo {
    /// Name in cards and files.
    pub name: &'static str,
    /// Label for people.
    pub label: &'static str,
    /// Unit; empty for ratios, shares and correlations.
    pub unit: &'static str,
}

const fn info(name: &'static str, label: &'static str, unit: &'static str) -> FeatureInfo {
    FeatureInfo { name, label, unit }
}

/// Features of a beat, in the order of [`BeatFeatures::values`].
pub const BEAT_FEATURES: [FeatureInfo; 13] = [
    info("rr_prev_s", "RR interval before", "s"),
    info("rr_next_s", "RR interval after", "s"),
    info("rr_prev_ratio", "RR interval before over local median", ""),
    info("rr_next_ratio", "RR interval after over local median", ""),
    info("rr_prev_next", "RR interval before over after", ""),
    info("rr_prev2_ratio", "RR interval before the previous one over local median", ""),
    info("template_correlation", "Likeness to the dominant beat", ""),
    info("amplitude_ratio", "QRS amplitude over the dominant beat's", ""),
    info("width_ratio", "QRS width over the dominant beat's", ""),
    info("p_correlation", "P wave like the dominant beat's", ""),
    info("rr_prev_long_ratio", "RR interval before over the median of some minutes", ""),
    info("rr_local_irregularity", "RR irregularity around", ""),
    info("p_correlation_local", "P waves around like the dominant beat's", ""),
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
