use super::*;
use crate::recording::Sex;

fn rate() -> Rate {
    Rate::new(100.0).expect("a rate")
}

/// Gaussian waves at times and of sizes and widths (seconds) before or after each beat.
fn lead(length_s: f64, beats: &[f64], waves: &[(f64, f64, f64)]) -> Vec<f32> {
    (0..(length_s * 100.0) as usize)
        .map(|i| {
            let t = i as f64 / 100.0;
            beats
                .iter()
                .flat_map(|b| waves.iter().map(move |w| w.1 * (-0.5 * ((t - b / 100.0 - w.0) / w.2).powi(2)).exp()))
                .sum::<f64>() as f32
        })
        .collect()
}

const NORMAL: [(f64, f64, f64); 4] = [(-0.16, 0.12, 0.02), (0.0, 1.0, 0.012), (0.03, -0.2, 0.01), (0.24, 0.3, 0.04)];
const WIDE: [(f64, f64, f64); 2] = [(0.0, -1.5, 0.04), (0.25, 0.4, 0.06)];

#[test]
fn names_are_those_of_the_fields() {
    let record = serde_json::to_value(RecordFeatures::default()).expect("json");
    let beat = serde_json::to_value(BeatFeatures::default()).expect("json");
    let (record, beat) = (record.as_object().expect("object"), beat.as_object().expect("object"));
    assert!(BEAT_FEATURES.len() == beat.len() && BEAT_FEATURES.iter().all(|f| beat.contains_key(f.name)));
    let plain = &RECORD_FEATURES[..record.len()];
    assert!(plain.iter().all(|f| record.contains_key(&f.name)));
    // Each value sits at its name's place.
    for (i, feature) in plain.iter().enumerate() {
        let name = feature.name.as_str();
        let one: RecordFeatures = serde_json::from_value(serde_json::json!({ name: 7.0 })).expect("one field");
        assert_eq!(one.values()[i], Some(7.0));
        assert_eq!(one.get(name), Some(7.0));
    }
    for (i, feature) in BEAT_FEATURES.iter().enumerate() {
        let one: BeatFeatures = serde_json::from_value(serde_json::json!({ feature.name: 7.0 })).expect("one field");
        assert_eq!(one.values()[i], Some(7.0));
        assert_eq!(one.get(feature.name), Some(7.0));
    }
    assert_eq!(RecordFeatures::default().get("nonsense"), None);
}

#[test]
fn a_regular_rhythm() {
    let beats: Vec<f64> = (0..12).map(|i| 50.0 + 80.0 * f64::from(i)).collect();
    let signal = lead(10.0, &beats, &NORMAL);
    let input = Input { leads: &[&signal], rate: rate(), beats: &beats };
    let f = record_features(&input, Some(61.0), Some(Sex::Female));
    assert_eq!((f.age_years, f.sex_male), (Some(61.0), Some(0.0)));
    let near = |a: Option<f32>, b: f32| a.is_some_and(|a| (a - b).abs() < 1e-3);
    assert!(near(f.rr_mean_s, 0.8) && near(f.rr_sd_s, 0.0) && near(f.rr_rmssd_s, 0.0) && near(f.rr_pnn50, 0.0), "{f:?}");
    assert!(near(f.rr_min_ratio, 1.0) && near(f.rr_max_ratio, 1.0) && near(f.rr_irregularity, 0.0));
    assert!(f.p_correlation.is_some_and(|p| p > 0.99) && f.p_amplitude_mv.is_some_and(|a| (0.08..0.15).contains(&a)), "{f:?}");
    for b in beat_features(&input).iter().skip(2).take(8) {
        assert!(near(b.rr_prev_ratio, 1.0) && near(b.rr_next_ratio, 1.0) && near(b.rr_prev2_ratio, 1.0), "{b:?}");
        assert!(near(b.template_correlation, 1.0) && near(b.amplitude_ratio, 1.0) && near(b.width_ratio, 1.0), "{b:?}");
        assert!(near(b.p_correlation, 1.0));
    }
}

#[test]
fn known_intervals_give_known_numbers() {
    // RR 0.8 1.0 0.8 1.2 s
    let beats = [100.0, 180.0, 280.0, 360.0, 480.0];
    let signal = lead(6.0, &beats, &NORMAL);
    let f = record_features(&Input { leads: &[&signal], rate: rate(), beats: &beats }, None, None);
    let near = |a: Option<f32>, b: f64| a.is_some_and(|a| (f64::from(a) - b).abs() < 1e-4);
    assert!(near(f.rr_mean_s, 0.95));
    assert!(near(f.rr_sd_s, (0.11f64 / 3.0).sqrt()), "{f:?}");
    assert!(near(f.rr_rmssd_s, ((0.04 + 0.04 + 0.16) / 3.0f64).sqrt()));
    assert!(near(f.rr_pnn50, 1.0));
    assert!(near(f.rr_irregularity, 0.2 / 0.9));
    assert!(near(f.rr_min_ratio, 0.8 / 0.9) && near(f.rr_max_ratio, 1.2 / 0.9));
    assert_eq!((f.age_years, f.sex_male), (None, None));
}

#[test]
fn gaps_interrupt_intervals() {
    let beats: Vec<f64> = (0..12).map(|i| 50.0 + 80.0 * f64::from(i)).collect();
    let mut signal = lead(10.0, &beats, &NORMAL);
    signal[460..480].fill(f32::NAN);
    let input = Input { leads: &[&signal], rate: rate(), beats: &beats };
    let each = beat_features(&input);
    assert_eq!((each[5].rr_next_s, each[6].rr_prev_s, each[7].rr_prev2_ratio), (None, None, None));
    assert!(each[6].rr_next_s.is_some() && each[7].rr_prev_s.is_some());
    // Another lead that goes on bridges the gap for rhythm.
    let other = lead(10.0, &beats, &NORMAL);
    assert!(beat_features(&Input { leads: &[&signal, &other], ..input })[5].rr_next_s.is_some());
}

#[test]
fn the_dominant_beat_in_bigeminy_is_the_normal_one() {
    let normal: Vec<f64> = (0..9).map(|i| 60.0 + 200.0 * f64::from(i)).collect();
    let ectopic: Vec<f64> = normal.iter().map(|b| b + 60.0).collect();
    let signal: Vec<f32> = lead(20.0, &normal, &NORMAL).iter().zip(lead(20.0, &ectopic, &WIDE)).map(|(a, b)| a + b).collect();
    let mut beats: Vec<f64> = normal.iter().chain(&ectopic).copied().collect();
    beats.sort_by(f64::total_cmp);
    let each = beat_features(&Input { leads: &[&signal], rate: rate(), beats: &beats });
    for (i, b) in each.iter().enumerate().skip(2).take(14) {
        let (r, width, p) = (b.template_correlation.expect("r"), b.width_ratio.expect("width"), b.p_correlation.expect("p"));
        if i % 2 == 0 {
            assert!(r > 0.98 && (0.9..1.1).contains(&width) && p > 0.95, "{i} {b:?}");
        } else {
            assert!(r < 0.5 && width > 1.5 && b.rr_prev_next.expect("rr") < 0.6, "{i} {b:?}");
        }
    }
}

#[test]
fn p_waves_that_are_not_there_do_not_look_alike() {
    let beats: Vec<f64> = (0..12).map(|i| 50.0 + 75.0 * f64::from(i) + f64::from((i * 37) % 19)).collect();
    let mut signal = lead(10.0, &beats, &NORMAL[1..]);
    let mut state = 1u64;
    for v in &mut signal {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        *v += ((state >> 40) as f32 / (1u64 << 24) as f32 - 0.5) * 0.1;
    }
    let f = record_features(&Input { leads: &[&signal], rate: rate(), beats: &beats }, None, None);
    assert!(f.p_correlation.is_some_and(|p| p < 0.5), "{f:?}");
}

#[test]
fn nothing_to_measure_is_none() {
    let empty = record_features(&Input { leads: &[], rate: rate(), beats: &[] }, None, None);
    assert_eq!(empty, RecordFeatures::default());
    let flat = vec![0.0f32; 1000];
    let one = beat_features(&Input { leads: &[&flat], rate: rate(), beats: &[500.0] });
    assert_eq!(one, vec![BeatFeatures::default()]);
    let off = vec![f32::NAN; 1000];
    let two = beat_features(&Input { leads: &[&off], rate: rate(), beats: &[300.0, 500.0, 99_999.0, -4.0] });
    assert!(two.iter().all(|b| *b == BeatFeatures::default()), "{two:?}");
    let outside = beat_features(&Input { leads: &[], rate: rate(), beats: &[1.0, 2.0] });
    assert_eq!(outside.len(), 2);
}
