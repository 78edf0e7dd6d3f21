use super::*;
use crate::simulate::{Rhythm, Spec, simulate};

fn rate(hz: f64) -> Rate {
    Rate::new(hz).expect("a rate")
}

fn hum(count: usize, rate_hz: f64, tone_hz: f64, size: f64) -> Vec<f32> {
    (0..count).map(|i| (size * (TAU * tone_hz * i as f64 / rate_hz + 0.7).sin()) as f32).collect()
}

fn rms(values: impl Iterator<Item = f32>) -> f64 {
    let squares: Vec<f64> = values.filter(|v| v.is_finite()).map(|v| f64::from(v).powi(2)).collect();
    (squares.iter().sum::<f64>() / squares.len().max(1) as f64).sqrt()
}

fn heart(hz: f64, rhythm: Rhythm, per_minute: f64, noise_mv: f64) -> Vec<Vec<f32>> {
    let spec = Spec { rate: rate(hz), rhythm, heart_rate: per_minute, noise_mv, wander_mv: 0.1, ..Spec::default() };
    simulate("", "", &spec).leads.iter().map(|l| l.millivolts()).collect()
}

#[test]
fn nothing_rings_at_the_qrs_complex() {
    for hz in [250.0, 360.0, 500.0, 1000.0] {
        for (rhythm, per_minute) in [(Rhythm::Sinus, 60.0), (Rhythm::Sinus, 150.0), (Rhythm::Bigeminy, 80.0)] {
            for (lead, clean) in heart(hz, rhythm, per_minute, 0.0).iter().enumerate() {
                for mains in MAINS_HZ {
                    let out = remove_mains(clean, rate(hz), mains);
                    let worst = clean.iter().zip(&out).map(|(a, b)| (a - b).abs()).fold(0.0f32, f32::max);
                    assert!(worst < 0.010, "{hz} Hz, {rhythm:?} {per_minute}, lead {lead}, {mains}: {:.1} uV", worst * 1e3);
                }
            }
        }
    }
}

#[test]
fn hum_is_reduced_a_hundredfold_in_power_also_off_its_nominal_frequency() {
    for hz in [250.0, 360.0, 500.0, 1000.0] {
        for (tone, nominal) in [(50.0, 50.0), (50.1, 50.0), (49.9, 50.0), (49.6, 50.0), (60.0, 60.0), (60.1, 60.0)] {
            for clean in heart(hz, Rhythm::Sinus, 75.0, 0.005).iter().step_by(4) {
                let hum = hum(clean.len(), hz, tone, 0.2);
                let dirty: Vec<f32> = clean.iter().zip(&hum).map(|(a, b)| a + b).collect();
                assert_eq!(find_mains(&dirty, rate(hz)).map(f64::round), Some(nominal));
                let out = remove_mains(&dirty, rate(hz), nominal);
                let left = rms(out.iter().zip(clean).map(|(a, b)| a - b));
                let reduction = 20.0 * (rms(hum.into_iter()) / left).log10();
                assert!(reduction > 20.0, "{hz} Hz, tone {tone}: {reduction:.1} dB");
            }
        }
    }
}

#[test]
fn changing_hum_and_harmonics_are_followed() {
    let hz = 500.0;
    let clean = &heart(hz, Rhythm::Sinus, 70.0, 0.005)[1];
    let add: Vec<f32> = (0..clean.len())
        .map(|i| {
            let t = i as f64 / hz;
            let size = 0.1 + 0.02 * t;
            (size * ((TAU * 50.04 * t).sin() + 0.4 * (TAU * 150.12 * t + 1.0).sin() + 0.3 * (TAU * 100.08 * t).cos())) as f32
        })
        .collect();
    let dirty: Vec<f32> = clean.iter().zip(&add).map(|(a, b)| a + b).collect();
    let left = rms(remove_mains(&dirty, rate(hz), 50.0).iter().zip(clean).map(|(a, b)| a - b));
    let reduction = 20.0 * (rms(add.into_iter()) / left).log10();
    assert!(reduction > 20.0, "{reduction:.1} dB");
}

#[test]
fn no_hum_is_found_where_there_is_none() {
    for hz in [100.0, 128.0, 250.0, 360.0, 500.0, 1000.0] {
        for noise in [0.0, 0.02, 0.1] {
            for clean in heart(hz, Rhythm::Sinus, 75.0, noise) {
                assert_eq!(find_mains(&clean, rate(hz)), None, "{hz} Hz, noise {noise}");
            }
        }
    }
}

#[test]
fn hostile_input_gives_length_and_gaps_back() {
    for hz in [0.1, 50.0, 101.0, 500.0, 100_000.0] {
        for signal in [vec![], vec![f32::NAN; 40], vec![1.0], vec![3.0; 900], [f32::MAX, -f32::MAX, f32::INFINITY].repeat(300)] {
            let out = remove_mains(&signal, rate(hz), 50.0);
            assert_eq!(out.len(), signal.len());
            assert_eq!(find_mains(&signal, rate(hz)).filter(|f| !f.is_finite()), None);
        }
    }
    let mut signal = heart(500.0, Rhythm::Sinus, 75.0, 0.0).swap_remove(0);
    signal[1000..1400].fill(f32::NAN);
    let out = remove_mains(&signal, rate(500.0), 50.0);
    assert!(signal.iter().zip(&out).all(|(a, b)| a.is_nan() == b.is_nan()));
}
