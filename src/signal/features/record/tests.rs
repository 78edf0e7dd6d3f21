use super::*;
use crate::{
    recording::{LeadName, Rate, StandardLead},
    signal::{
        measurements::{MeasureInput, MeasureLead, measure},
        waves::Waves,
    },
};
use std::collections::BTreeSet;

/// Measurements that are no features: see `measured.rs`.
const LEFT_OUT: [&str; 11] = [
    "heart_rate",
    "heart_rate_min",
    "heart_rate_max",
    "rr_mean",
    "rr_sd",
    "rr_rmssd",
    "rr_pnn50",
    "qtc_bazett",
    "qtc_framingham",
    "qtc_hodges",
    "cornell_product",
];

#[test]
fn names_are_unique_and_ranges_rise() {
    let names: BTreeSet<&str> = RECORD_FEATURES.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names.len(), RECORD_FEATURES.len());
    let labels: BTreeSet<&str> = RECORD_FEATURES.iter().map(|f| f.label.as_str()).collect();
    assert_eq!(labels.len(), RECORD_FEATURES.len(), "no two features are called the same");
    assert!(RECORD_FEATURES.iter().all(|f| f.min < f.max));
}

#[test]
fn every_measurement_is_a_feature_of_its_unit_or_left_out_on_purpose() {
    let names: Vec<LeadName> = StandardLead::ALL.into_iter().map(LeadName::from).collect();
    let samples = vec![0.0f32; 5000];
    let leads: Vec<MeasureLead<'_>> =
        names.iter().map(|name| MeasureLead { name, samples: &samples, calibrated: true }).collect();
    let made = measure(&MeasureInput {
        leads: &leads,
        rate: Rate::HZ_500,
        peaks: &[500.0, 1000.0, 1500.0],
        used: None,
        waves: &Waves::default(),
        age_years: None,
        sex: None,
    });
    let table: Vec<RecordFeature> = measured::table().collect();
    for (name, measured) in &made.measurements.0 {
        match table.iter().find(|f| f.name == *name) {
            Some(feature) => assert_eq!(feature.unit, measured.unit, "{name}"),
            None => assert!(LEFT_OUT.contains(&name.as_str()), "{name}"),
        }
    }
    assert!(table.iter().all(|f| made.measurements.get(&f.name).is_some()));
    assert_eq!(table.len() + LEFT_OUT.len(), made.measurements.0.len());
}

#[test]
fn all_that_is_measured_is_listed() {
    let signal: Vec<f32> = (0..3000).map(|i| if i % 90 == 40 { 1.0 } else { (i as f32 * 0.3).sin() * 0.05 }).collect();
    let beats: Vec<f64> = (0..33).map(|i| 40.0 + 90.0 * f64::from(i)).collect();
    let input = Input { leads: &[&signal], rate: Rate::new(100.0).unwrap(), beats: &beats };
    let mut values = signal_features(&input, Some(50.0), Some(Sex::Male), true);
    assert_eq!((values["beat_count"], values["duration_s"]), (Some(33.0), Some(30.0)));
    assert!(values["beat_odd_share"].is_some() && values["age_years"] == Some(50.0));
    assert!(!signal_features(&input, None, None, false).contains_key("beat_odd_share"));
    wave_marks(&[Default::default(); 3], input.rate, &mut values);
    noise(&[LeadNoise::default()], &mut values);
    measurements(&Default::default(), &mut values);
    assert!(values.keys().all(|name| RECORD_FEATURES.iter().any(|f| f.name == *name)));
    assert!(any_beat_share(["age_years", "beat_odd_share"].into_iter()) && !any_beat_share(["rr_cv"].into_iter()));
}
