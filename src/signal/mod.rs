//! Signal analysis: no files, no model.
//!
//! Everything here is a pure function of samples in millivolts (`f32`, NaN = no valid sample) and a rate. Nothing is filtered, detected
//! or measured across a gap. Leads that are analysed together have one rate and one length.
//!
//! | module | what it answers |
//! |---|---|
//! | [`filter`] | filters without delay: Butterworth bands, mains hum, presets |
//! | [`resample`] | the same signal at another rate |
//! | [`prepare`](mod@prepare) | what a model is shown: filter and resample as its card says |
//! | [`quality`] | which leads can be analysed, what is wrong with them and when, exchanged electrodes |
//! | [`spikes`] | where a pacemaker stimulates |
//! | [`beats`] | where the heart beats |
//! | [`waves`] | where P, QRS and T begin and end |
//! | [`median_beat`](mod@median_beat) | what the dominant beats have in common |
//! | [`measurements`] | rate, intervals, axes, amplitudes, with limits |
//! | [`hrv`](mod@hrv) | how the intervals of a long recording vary |
//! | [`criteria`] | statements that follow from them by rule |
//! | [`tangent`](mod@tangent) | the end of T where the tangent at its last limb meets the baseline |
//! | [`snap`] | where a hand-set mark most likely was meant to be |
//! | [`features`] | the numbers a model gets beside the signal |

pub mod beats;
pub mod criteria;
pub mod features;
pub mod filter;
pub mod hrv;
pub mod measurements;
pub mod median_beat;
pub mod prepare;
pub mod quality;
pub mod resample;
mod robust;
pub mod snap;
pub mod spikes;
mod stretch;
pub mod tangent;
pub mod waves;

pub use stretch::{BRIDGED_S, MIN_STRETCH_S, stretches};
