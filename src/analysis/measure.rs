//! Measurements of this version: rate and RR intervals. What is not measured yet says so.

use crate::{
    recording::LeadName,
    signal::{
        features::RecordFeatures,
        measurements::{Measured, Measurements},
    },
};
use std::collections::BTreeMap;

/// Names and units of measurements that are published but not made by this version.
const NOT_YET: [(&str, &str); 13] = [
    ("p_duration", "ms"),
    ("pr", "ms"),
    ("qrs", "ms"),
    ("qt", "ms"),
    ("qtc_bazett", "ms"),
    ("qtc_fridericia", "ms"),
    ("qtc_framingham", "ms"),
    ("qtc_hodges", "ms"),
    ("p_axis", "degrees"),
    ("qrs_axis", "degrees"),
    ("t_axis", "degrees"),
    ("sokolow_lyon", "mV"),
    ("cornell", "mV"),
];

/// Rate and RR statistics from the beats of a whole recording.
pub fn measurements<'a>(features: &RecordFeatures, beats: usize, leads: impl Iterator<Item = &'a LeadName>) -> Measurements {
    let none = if beats == 0 { "no beats found" } else { "too few RR intervals" };
    let made = |value: Option<f32>, factor: f64, unit: &str| {
        value.map_or_else(|| Measured::missing(unit, none), |value| Measured::new(f64::from(value) * factor, unit))
    };
    let rate = features.rr_mean_s.filter(|rr| *rr > 0.0).map(|rr| 60.0 / rr);
    let mut out = BTreeMap::from([
        ("heart_rate".to_owned(), made(rate, 1.0, "bpm")),
        ("rr_mean".to_owned(), made(features.rr_mean_s, 1000.0, "ms")),
        ("rr_sd".to_owned(), made(features.rr_sd_s, 1000.0, "ms")),
    ]);
    let not_yet = |unit: &str| Measured::missing(unit, "this version does not measure it yet");
    out.extend(NOT_YET.map(|(name, unit)| (name.to_owned(), not_yet(unit))));
    out.extend(leads.map(|lead| (format!("st_j60_{lead}"), not_yet("mV"))));
    Measurements(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_follows_rr_and_absence_has_a_reason() {
        let features = RecordFeatures { rr_mean_s: Some(0.8), ..Default::default() };
        let made = measurements(&features, 10, [].iter());
        assert!((made.0["heart_rate"].value.unwrap() - 75.0).abs() < 1e-4);
        assert_eq!(made.0["rr_sd"].value, None);
        assert!(made.0["rr_sd"].reason.is_some() && made.0["pr"].reason.is_some());
        assert_eq!(
            measurements(&RecordFeatures::default(), 0, [].iter()).0["heart_rate"].reason.as_deref(),
            Some("no beats found")
        );
    }
}
