use super::*;
use crate::simulate::{Spec, simulate};
use proptest::prelude::*;
use std::f64::consts::TAU;

fn lead(seconds: f64, noise_mv: f64) -> Vec<f32> {
    let spec = Spec { duration_s: seconds, noise_mv, ..Spec::default() };
    simulate("", "", &spec).leads.swap_remove(1).millivolts()
}

fn seen(lead: &[f32]) -> LeadQuality {
    assess(lead, Rate::HZ_500, true)
}

/// Kinds and seconds of what was seen.
fn spans(lead: &[f32]) -> Vec<(Problem, u32, u32)> {
    seen(lead).timeline.spans.into_iter().map(|s| (s.problem, s.start, s.end)).collect()
}

#[test]
fn a_good_lead_has_no_problem_and_a_high_ratio() {
    let quality = seen(&lead(10.0, 0.005));
    assert!(quality.timeline.spans.is_empty() && quality.timeline.seconds == 10, "{quality:?}");
    let numbers = quality.numbers;
    assert!((numbers.noise_mv.expect("noise") - 0.005).abs() < 0.0015, "{numbers:?}");
    assert!(numbers.snr_db.expect("ratio") > 35.0 && numbers.mains_hz.is_none(), "{numbers:?}");
}

#[test]
fn noise_is_measured_at_its_true_size_at_any_rate() {
    for hz in [250.0, 360.0, 500.0, 1000.0] {
        for noise in [0.01, 0.05, 0.1] {
            let spec = Spec { rate: Rate::new(hz).expect("rate"), noise_mv: noise, ..Spec::default() };
            let lead = simulate("", "", &spec).leads.swap_remove(7).millivolts();
            let found = f64::from(assess(&lead, spec.rate, true).numbers.noise_mv.expect("noise"));
            // White noise above 20 Hz: less than all of it, the more so the slower the rate.
            assert!(found > 0.65 * noise && found < 1.25 * noise, "{hz} Hz, {noise}: {found}");
        }
    }
}

#[test]
fn hum_is_measured_and_is_not_noise() {
    for (hz, tone) in [(250.0, 50.0), (360.0, 60.0), (500.0, 50.1), (500.0, 60.0)] {
        let spec = Spec { rate: Rate::new(hz).expect("rate"), noise_mv: 0.005, ..Spec::default() };
        let mut lead = simulate("", "", &spec).leads.swap_remove(1).millivolts();
        lead.iter_mut().enumerate().for_each(|(i, v)| *v += (0.1 * (TAU * tone * i as f64 / hz).sin()) as f32);
        let quality = assess(&lead, spec.rate, true);
        let numbers = quality.numbers;
        assert!((numbers.mains_mv.expect("hum") - 0.1).abs() < 0.01, "{hz} {tone}: {numbers:?}");
        assert!((f64::from(numbers.mains_hz.expect("hum")) - tone).abs() < 0.2 && numbers.noise_mv < Some(0.015), "{numbers:?}");
        assert_eq!(quality.timeline.seconds_of(Problem::Mains), 10);
        assert_eq!(quality.timeline.spans.len(), 1, "{quality:?}");
    }
}

#[test]
fn each_problem_is_placed_where_it_is() {
    let good = lead(12.0, 0.006);
    let with = |change: &dyn Fn(&mut [f32])| {
        let mut lead = good.clone();
        change(&mut lead);
        spans(&lead)
    };
    assert_eq!(with(&|l| l[2000..4000].fill(0.0)), [(Problem::LeadOff, 4, 8)]);
    assert_eq!(with(&|l| l[2000..4000].fill(f32::NAN)), [(Problem::Missing, 4, 8)]);
    let small = with(&|l| l[2000..4000].iter_mut().for_each(|v| *v *= 0.004));
    assert!(small.contains(&(Problem::LeadOff, 4, 8)) || small.contains(&(Problem::Flat, 4, 8)), "{small:?}");
    let railed = with(&|l| l[2000..4000].fill(40.0));
    assert!(railed.contains(&(Problem::LeadOff, 4, 8)), "{railed:?}");
    let burst = with(&|l| {
        let mut random = 7u32;
        for v in &mut l[2000..4000] {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *v += (random >> 8) as f32 / 2.0f32.powi(24) * 0.4 - 0.2;
        }
    });
    assert_eq!(burst, [(Problem::Noise, 4, 8)]);
    let jump = with(&|l| l[3250..].iter_mut().for_each(|v| *v += 1.0));
    assert_eq!(jump, [(Problem::Wander, 6, 7)]);
    let cut: Vec<f32> = good.iter().map(|v| (v * 3.0).min(1.2)).collect();
    assert_eq!(seen(&cut).timeline.seconds_of(Problem::Saturated), 12);
}

#[test]
fn small_pieces_and_unknown_scales() {
    assert_eq!(spans(&[]), []);
    assert_eq!(spans(&[1.0; 100]), [(Problem::LeadOff, 0, 1)]);
    assert_eq!(spans(&[f32::NAN; 100]), [(Problem::Missing, 0, 1)]);
    let counts: Vec<f32> = lead(10.0, 0.005).iter().map(|v| v * 2000.0).collect();
    let quality = assess(&counts, Rate::HZ_500, false);
    assert!(quality.timeline.spans.is_empty() && quality.numbers.noise_mv.is_none(), "{quality:?}");
    assert!(quality.numbers.snr_db.is_some_and(|db| db > 35.0));
}

#[test]
fn it_is_written_compactly() {
    let mut off = lead(6.0, 0.005);
    off[..1500].fill(0.0);
    let text = serde_json::to_string(&seen(&off).timeline).expect("json");
    assert_eq!(text, r#"{"seconds":6,"spans":[{"problem":"lead_off","start":0,"end":3}]}"#);
}

proptest! {
    #[test]
    fn anything_is_judged_without_harm(
        values in proptest::collection::vec(prop_oneof![
            8 => -5.0f32..5.0, 2 => Just(0.5f32), 1 => Just(f32::NAN), 1 => Just(f32::INFINITY), 1 => Just(f32::MAX), 1 => Just(-f32::MAX)
        ], 0..900),
        hz in prop_oneof![0.1f64..100_000.0, 1.0f64..300.0], calibrated: bool,
    ) {
        let quality = assess(&values, Rate::new(hz).expect("rate"), calibrated);
        for span in &quality.timeline.spans {
            prop_assert!(span.start < span.end && span.end <= quality.timeline.seconds);
        }
        for pair in quality.timeline.spans.windows(2) {
            prop_assert!(pair[0].problem < pair[1].problem || pair[0].end < pair[1].start);
        }
    }
}
