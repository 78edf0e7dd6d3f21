use super::*;
use crate::simulate::{Spec, simulate};
use proptest::prelude::*;

fn rate(hz: f64) -> Rate {
    Rate::new(hz).expect("a rate")
}

fn only(high_pass: f64) -> FilterSettings {
    FilterSettings { high_pass: Some(high_pass), ..FilterSettings::default() }
}

fn leads() -> Vec<Vec<f32>> {
    simulate("", "", &Spec { noise_mv: 0.005, ..Spec::default() }).leads.iter().map(|l| l.millivolts()).collect()
}

#[test]
fn offset_and_drift_leave_nothing_behind() {
    for corner in HIGH_PASS_HZ {
        for lead in leads() {
            let plain = apply(&lead, Rate::HZ_500, &only(corner)).samples;
            let moved: Vec<f32> = lead.iter().enumerate().map(|(i, v)| v + 3.0 - 0.0006 * i as f32).collect();
            let out = apply(&moved, Rate::HZ_500, &only(corner)).samples;
            let worst = plain.iter().zip(&out).map(|(a, b)| (a - b).abs()).fold(0.0f32, f32::max);
            assert!(worst < 0.002, "{corner} Hz: {worst} mV");
        }
    }
}

#[test]
fn the_diagnostic_band_leaves_a_clean_ecg_as_it_is() {
    for lead in leads() {
        let out = apply(&lead, Rate::HZ_500, &FilterSettings { low_pass: None, mains: Mains::Off, ..FilterSettings::DIAGNOSTIC });
        // What is changed changes slowly: over 0.4 s (from the PR segment to the T wave) by less than 10 uV, up to the very ends.
        let change: Vec<f32> = lead.iter().zip(&out.samples).map(|(a, b)| a - b).collect();
        let worst = change.windows(200).map(|w| (w[199] - w[0]).abs()).fold(0.0f32, f32::max);
        assert!(worst < 0.010, "{worst} mV");
    }
}

#[test]
fn a_padded_window_looks_like_the_whole() {
    let spec = Spec { duration_s: 120.0, wander_mv: 0.2, noise_mv: 0.01, ..Spec::default() };
    let lead = simulate("", "", &spec).leads.swap_remove(1).millivolts();
    for high_pass in HIGH_PASS_HZ {
        let settings = FilterSettings { high_pass: Some(high_pass), low_pass: Some(40.0), mains: Mains::Hz50 };
        let whole = apply(&lead, Rate::HZ_500, &settings).samples;
        let (from, to, margin) = (28_000, 33_000, settings.margin(Rate::HZ_500));
        let part = apply(&lead[from - margin..to + margin], Rate::HZ_500, &settings).samples;
        let worst = whole[from..to].iter().zip(&part[margin..]).map(|(a, b)| (a - b).abs()).fold(0.0f32, f32::max);
        assert!(worst < 0.010, "{high_pass} Hz: {worst} mV");
    }
}

#[test]
fn labels_and_the_diagnostic_band() {
    let settings = FilterSettings { mains: Mains::Hz50, ..FilterSettings::DIAGNOSTIC };
    assert_eq!(settings.label(), "0.05–150 Hz, mains 50 Hz");
    assert!(is_diagnostic(&settings) && is_diagnostic(&FilterSettings::default()));
    assert!(!is_diagnostic(&FilterSettings::MONITOR));
    assert!(!is_diagnostic(&FilterSettings { low_pass: Some(100.0), ..FilterSettings::DIAGNOSTIC }));
    assert_eq!(FilterSettings::default().label(), "unfiltered");
    let text = serde_json::to_string(&settings).expect("json");
    assert_eq!(text, r#"{"high_pass":0.05,"low_pass":150.0,"mains":"hz50"}"#);
    assert_eq!(serde_json::from_str::<FilterSettings>(&text).expect("json"), settings);
    assert_eq!(serde_json::from_str::<FilterSettings>("{}").expect("json"), FilterSettings::default());
}

#[test]
fn automatic_hum_removal_says_what_it_found() {
    let lead = &leads()[1];
    let hum: Vec<f32> = lead.iter().enumerate().map(|(i, v)| v + 0.1 * (i as f32 * 0.7539).sin()).collect();
    let settings = FilterSettings { mains: Mains::Auto, ..FilterSettings::default() };
    let found = apply(&hum, Rate::HZ_500, &settings).mains_hz.expect("hum of 60 Hz");
    assert!((found - 60.0).abs() < 0.05, "{found}");
    let clean = apply(lead, Rate::HZ_500, &settings);
    assert!(clean.mains_hz.is_none() && clean.samples == *lead);
}

proptest! {
    #[test]
    fn length_gaps_and_finiteness_hold(
        values in proptest::collection::vec(prop_oneof![8 => -5.0f32..5.0, 1 => Just(f32::NAN), 1 => Just(f32::INFINITY)], 0..600),
        hz in prop_oneof![0.1f64..100_000.0, 100.0f64..1000.0], high in 0usize..5, low in 0usize..4, mains in 0usize..4,
    ) {
        let settings = FilterSettings {
            high_pass: HIGH_PASS_HZ.get(high).copied(),
            low_pass: LOW_PASS_HZ.get(low).copied(),
            mains: [Mains::Off, Mains::Auto, Mains::Hz50, Mains::Hz60][mains],
        };
        let out = apply(&values, rate(hz), &settings).samples;
        prop_assert_eq!(out.len(), values.len());
        for (x, y) in values.iter().zip(&out) {
            prop_assert!(y.is_nan() || !x.is_finite() || y.abs() < 1000.0);
            prop_assert!(x.is_finite() || !y.is_finite());
        }
    }
}
