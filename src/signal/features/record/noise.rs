//! How good the signal is: a model can take what it sees in a noisy record for less.

use super::{
    FeatureValues, Row, put,
    spread::{ascending, quantile},
};
use crate::signal::quality::LeadNumbers;

pub(super) const TABLE: [Row; 7] = [
    ("snr_db", "Signal to noise", "dB", -20.0, 60.0),
    ("noise_mv", "Noise", "mV", 0.0, 1.0),
    ("wander_mv", "Baseline wander", "mV", 0.0, 5.0),
    ("mains_mv", "Mains hum", "mV", 0.0, 1.0),
    ("qrs_size_mv", "QRS size", "mV", 0.0, 10.0),
    ("valid_share", "Valid samples", "share", 0.0, 1.0),
    ("problem_share", "Time with a signal problem", "share", 0.0, 1.0),
];

/// Quality of a usable lead.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LeadNoise {
    /// Noise, wander and hum.
    pub numbers: LeadNumbers,
    /// Share of samples that are valid, 0 to 1.
    pub valid: f32,
    /// Share of seconds in which something is wrong, 0 to 1.
    pub problems: f32,
}

/// The median over usable leads of each number.
pub fn measure(leads: &[LeadNoise], out: &mut FeatureValues) {
    let middle = |of: fn(&LeadNoise) -> Option<f32>| quantile(&ascending(leads.iter().filter_map(of).map(f64::from)), 0.5);
    put(out, "snr_db", middle(|lead| lead.numbers.snr_db));
    put(out, "noise_mv", middle(|lead| lead.numbers.noise_mv));
    put(out, "wander_mv", middle(|lead| lead.numbers.wander_mv));
    put(out, "mains_mv", middle(|lead| lead.numbers.mains_mv));
    put(out, "qrs_size_mv", middle(|lead| lead.numbers.qrs_mv));
    put(out, "valid_share", middle(|lead| Some(lead.valid)));
    put(out, "problem_share", middle(|lead| Some(lead.problems)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_the_median_over_leads_that_have_it() {
        let lead = |snr, noise| LeadNoise {
            numbers: LeadNumbers { snr_db: Some(snr), noise_mv: noise, ..LeadNumbers::default() },
            valid: 1.0,
            problems: 0.2,
        };
        let mut out = FeatureValues::new();
        measure(&[lead(10.0, Some(0.01)), lead(30.0, None), lead(24.0, Some(0.03))], &mut out);
        assert_eq!((out["snr_db"], out["noise_mv"], out["mains_mv"]), (Some(24.0), Some(0.02), None));
        assert_eq!((out["valid_share"], out["problem_share"]), (Some(1.0), Some(0.2)));
        measure(&[], &mut out);
        assert!(out.values().all(Option::is_none));
    }
}
