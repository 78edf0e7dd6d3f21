use super::*;
use proptest::prelude::*;

fn rate() -> Rate {
    Rate::new(1000.0).expect("a rate")
}

/// R peaks in samples of a tachogram with sines of given amplitude (ms) and frequency.
fn peaks(seconds: f64, mean_s: f64, sines: &[(f64, f64)]) -> Vec<f64> {
    let mut at = 0.5;
    let mut out = Vec::new();
    while at < seconds {
        out.push(at * 1000.0);
        at += mean_s + sines.iter().map(|(ms, hz)| ms / 1000.0 * (TAU * hz * at).sin()).sum::<f64>();
    }
    out
}

fn of(peaks: &[f64], normal: &[bool], stretches: &[Range<usize>]) -> Measurements {
    hrv(&HrvInput { peaks, rate: rate(), normal, stretches })
}

fn whole(peaks: &[f64]) -> Measurements {
    let end = peaks.last().map_or(0, |p| *p as usize + 500);
    of(peaks, &vec![true; peaks.len()], std::slice::from_ref(&(0..end)))
}

#[test]
fn powers_are_those_of_the_sines_put_in() {
    for (mean_s, low, high) in [(0.8, 30.0, 20.0), (1.0, 15.0, 40.0), (0.6, 40.0, 10.0)] {
        let made = whole(&peaks(1850.0, mean_s, &[(low, 0.095), (high, 0.25)]));
        let value = |name: &str| made.value(name).expect(name);
        let (lf, hf) = (low * low / 2.0, high * high / 2.0);
        assert!((value("hrv_lf") / lf - 1.0).abs() < 0.1, "LF {} for {lf}", value("hrv_lf"));
        assert!((value("hrv_hf") / hf - 1.0).abs() < 0.1, "HF {} for {hf}", value("hrv_hf"));
        assert!((value("hrv_lf_hf") / (lf / hf) - 1.0).abs() < 0.15);
        assert!((value("hrv_sdnn") / (lf + hf).sqrt() - 1.0).abs() < 0.05, "SDNN {}", value("hrv_sdnn"));
        assert!((value("hrv_mean_nn") / (1000.0 * mean_s) - 1.0).abs() < 0.01);
    }
}

#[test]
fn slow_trends_are_neither_low_nor_high_frequencies() {
    let made = whole(&peaks(1250.0, 0.8, &[(80.0, 0.004), (10.0, 0.1), (10.0, 0.3)]));
    assert!((made.value("hrv_lf").expect("LF") / 50.0 - 1.0).abs() < 0.15, "{:?}", made.value("hrv_lf"));
    assert!((made.value("hrv_hf").expect("HF") / 50.0 - 1.0).abs() < 0.15, "{:?}", made.value("hrv_hf"));
}

#[test]
fn time_domain_by_hand() {
    // 800 and 900 ms in turn: every step is 100 ms.
    let mut at = 0.0;
    let alternating: Vec<f64> = (0..601)
        .map(|k| {
            at += if k % 2 == 0 { 800.0 } else { 900.0 };
            at
        })
        .collect();
    let made = whole(&alternating);
    assert!((made.value("hrv_mean_nn").expect("mean") - 850.0).abs() < 0.1);
    assert!((made.value("hrv_sdnn").expect("SDNN") - 50.0).abs() < 0.1);
    assert!((made.value("hrv_rmssd").expect("RMSSD") - 100.0).abs() < 1e-6);
    assert!((made.value("hrv_pnn50").expect("pNN50") - 100.0 * 599.0 / 600.0).abs() < 1e-6);
}

#[test]
fn ectopic_beats_and_gaps_are_left_out() {
    let clean = peaks(1850.0, 0.8, &[(30.0, 0.1), (20.0, 0.25)]);
    let expected = whole(&clean);
    let mut with = clean.clone();
    let mut normal = vec![true; with.len()];
    for k in (20..with.len()).step_by(50) {
        with[k] -= 300.0;
        normal[k] = false;
    }
    let end = with.last().map_or(0, |p| *p as usize + 500);
    let left_out = of(&with, &normal, std::slice::from_ref(&(0..end)));
    for name in ["hrv_sdnn", "hrv_rmssd", "hrv_lf", "hrv_hf"] {
        let (a, b) = (left_out.value(name).expect(name), expected.value(name).expect(name));
        assert!((a / b - 1.0).abs() < 0.12, "{name}: {a} for {b}");
    }
    // Taken for normal they would change everything.
    let counted = of(&with, &vec![true; with.len()], std::slice::from_ref(&(0..end)));
    assert!(counted.value("hrv_rmssd") > Some(2.0 * expected.value("hrv_rmssd").expect("RMSSD")));
    // A gap: the interval across it is none, and no segment spans it.
    let broken = of(&clean, &vec![true; clean.len()], &[0..900_000, 1_000_000..end]);
    assert!(broken.get("hrv_lf").is_some_and(|m| m.value.is_some() && m.beats < expected.get("hrv_lf").and_then(|m| m.beats)));
}

#[test]
fn too_short_is_not_judged() {
    for made in [
        whole(&peaks(290.0, 0.8, &[])),
        whole(&[]),
        of(&peaks(900.0, 0.8, &[]), &[false; 2000], std::slice::from_ref(&(0..900_000))),
    ] {
        assert_eq!(made.0.len(), 7);
        assert!(made.0.values().all(|m| m.value.is_none() && m.reason.is_some()));
    }
    // Ten minutes in pieces of four: the time domain holds, the spectrum does not.
    let pieces = peaks(720.0, 0.8, &[(30.0, 0.1)]);
    let made = of(&pieces, &vec![true; pieces.len()], &[0..240_000, 240_001..480_000, 480_001..720_000]);
    assert!(made.value("hrv_sdnn").is_some() && made.value("hrv_lf").is_none());
}

proptest! {
    #[test]
    fn nothing_breaks_it(
        peaks in proptest::collection::vec(prop_oneof![0.0f64..1e7, Just(f64::NAN), Just(f64::INFINITY), Just(-1.0)], 0..50),
        normal in proptest::collection::vec(any::<bool>(), 0..60), hz in 0.1f64..1e5, from in 0usize..1000, to in 0usize..10_000_000,
    ) {
        let rate = Rate::new(hz).expect("a rate");
        let made = hrv(&HrvInput { peaks: &peaks, rate, normal: &normal, stretches: std::slice::from_ref(&(from..to.max(from))) });
        prop_assert!(made.0.values().all(|m| m.value.is_some() != m.reason.is_some()));
    }
}
