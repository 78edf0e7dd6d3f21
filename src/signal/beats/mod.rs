//! QRS detection on all usable leads together.
//!
//! A classical detector, offline: each lead becomes an envelope of its QRS band, normalised by its own running amplitude; the envelopes
//! are summed with weights that follow how far each lead's QRS complexes stand out of its noise, so that a lead counts
//! while it is good; peaks of the sum are taken or left by adaptive thresholds with a refractory period, T-wave
//! discrimination and search-back. The ideas are those of Pan and Tompkins (IEEE Trans Biomed Eng 1985;32:230-6) with global statistics
//! in place of their causal ones. Time is linear in the length of the recording.

mod decide;
mod envelope;
mod locate;

use crate::recording::{Rate, SampleIndex};

/// Rate at which beats are looked for, whatever the recording's: all constants of the detector count in its samples.
pub(crate) const WORK_HZ: f64 = 200.0;

/// Slowest rate at which beats are looked for.
pub const LEAST_HZ: f64 = 50.0;

/// The beats of a recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beats {
    /// R peaks at the rate of the leads, ascending: where the QRS complex is largest over all good leads together; of one or two
    /// leads the largest deviation in [`Self::reference_lead`].
    pub peaks: Vec<SampleIndex>,
    /// The lead (index into those given) with the largest clean QRS complexes. `None` when there is no beat.
    pub reference_lead: Option<usize>,
}

/// Finds the beats in `leads` (millivolts at `rate`, not filtered, NaN = no valid sample; any number, any polarity; where lengths differ
/// the missing end counts as invalid).
///
/// Below [`LEAST_HZ`] no QRS complex can be told from noise: there are no beats then. Leads that show no QRS complexes (flat, off, noise only) do not count; when all are so, there are no beats.
pub fn detect(leads: &[&[f32]], rate: Rate) -> Beats {
    if rate.hz() < LEAST_HZ {
        return Beats::default();
    }
    let Some(work) = Rate::new(WORK_HZ) else { return Beats::default() };
    let envelopes = envelope::of_all(leads, rate, work);
    let Some(fused) = envelope::fuse(&envelopes) else { return Beats::default() };
    let found = decide::beats(&fused);
    locate::peaks(leads, rate, &envelopes, &found)
}

#[cfg(test)]
mod tests;
