//! Nothing breaks it, and every absence has a reason.

use super::*;
use proptest::prelude::*;

fn sample() -> impl Strategy<Value = f32> {
    prop_oneof![8 => -2.0f32..2.0, 1 => Just(f32::NAN), 1 => Just(f32::INFINITY), 1 => Just(f32::MAX), 1 => Just(0.0)]
}

fn place() -> impl Strategy<Value = f64> {
    prop_oneof![8 => -100.0f64..2000.0, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => Just(1e300), 1 => Just(-1e300)]
}

fn wave() -> impl Strategy<Value = Option<Wave>> {
    proptest::option::of((place(), place(), place()).prop_map(|(onset, peak, offset)| Wave { onset, peak, offset }))
}

fn beats() -> impl Strategy<Value = Vec<BeatWaves>> {
    proptest::collection::vec(
        (0usize..12, wave(), wave(), wave()).prop_map(|(beat, p, qrs, t)| BeatWaves { beat, p, qrs, t }),
        0..12,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_input_is_measured_or_not_with_a_reason(
        samples in proptest::collection::vec(proptest::collection::vec(sample(), 0..1500), 0..6),
        constant: bool, hz in prop_oneof![0.1f64..100.0, 100.0f64..1000.0, 1000.0f64..100_000.0],
        peaks in proptest::collection::vec(place(), 0..10), sorted: bool,
        global in beats(), lead in beats(), used in proptest::option::of(proptest::collection::vec(any::<bool>(), 0..12)),
        age_years in proptest::option::of(prop_oneof![-1.0f32..120.0, Just(f32::NAN)]), calibrated: bool,
    ) {
        let mut peaks = peaks;
        if sorted {
            peaks.sort_by(f64::total_cmp);
        }
        let names: Vec<LeadName> = StandardLead::ALL.iter().map(|l| (*l).into()).take(samples.len()).collect();
        let samples: Vec<Vec<f32>> =
            if constant { samples.into_iter().map(|s| vec![0.7; s.len()]).collect() } else { samples };
        let waves = Waves { global, leads: vec![LeadWaves { lead: StandardLead::II.into(), beats: lead }] };
        let case = Case { names, samples, peaks, waves, rate: rate(hz), calibrated, used, age_years, sex: None };
        let out = case.measure();
        for (name, made) in &out.measurements.0 {
            prop_assert!(made.value.is_some() != made.reason.is_some(), "{}: {:?}", name, made);
            prop_assert!(made.value.is_none_or(f64::is_finite));
            prop_assert!(made.value.is_none() || made.confidence.is_some_and(|c| (0.0..=1.0).contains(&c)), "{}: {:?}", name, made);
        }
        for name in ["heart_rate", "pr", "qrs", "qt", "qtc_bazett", "qrs_axis", "sokolow_lyon", "cornell_product", "qrs_t_angle"] {
            prop_assert!(out.measurements.get(name).is_some());
        }
        if let Some(median) = &out.median {
            prop_assert_eq!(median.beats_used.len(), median.shifts.len());
            prop_assert!(median.leads.iter().all(|l| median.origin < l.samples.len()));
        }
    }
}

#[test]
fn no_beats_no_leads() {
    let empty = Case {
        names: Vec::new(),
        samples: Vec::new(),
        peaks: Vec::new(),
        waves: Waves::default(),
        rate: rate(500.0),
        calibrated: true,
        used: None,
        age_years: None,
        sex: None,
    };
    let out = empty.measure();
    assert!(out.median.is_none() && out.measurements.0.values().all(|m| m.value.is_none()));
    assert_eq!(out.measurements.get("heart_rate").and_then(|m| m.reason.as_deref()), Some("no beats found"));
}
