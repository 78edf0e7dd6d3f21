use super::*;

/// Deterministic noise, uniform in -1..1.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 40) as f32 / (1u64 << 23) as f32) - 1.0
    }
}

fn rate(hz: f64) -> Rate {
    Rate::new(hz).expect("a rate")
}

/// P, QRS and T waves at `beats` (seconds), of height `size` in mV.
fn lead(hz: f64, seconds: f64, beats: &[f64], size: f64, noise: f32) -> Vec<f32> {
    let waves = [(-0.16, 0.12, 0.022), (-0.025, -0.1, 0.008), (0.0, 1.0, 0.011), (0.028, -0.25, 0.010), (0.27, 0.3, 0.045)];
    let mut random = Noise(7);
    (0..(seconds * hz) as usize)
        .map(|i| {
            let t = i as f64 / hz;
            let heart: f64 = beats
                .iter()
                .filter(|b| (t - **b).abs() < 0.8)
                .flat_map(|b| waves.iter().map(move |w| w.1 * (-0.5 * ((t - b - w.0) / w.2).powi(2)).exp()))
                .sum();
            (heart * size + 0.2 * (t * 1.3).sin()) as f32 + noise * random.next()
        })
        .collect()
}

fn regular(seconds: f64, per_minute: f64) -> Vec<f64> {
    let rr = 60.0 / per_minute;
    (0..).map(|i| 0.4 + rr * f64::from(i)).take_while(|t| *t < seconds - 0.4).collect()
}

fn assert_found(found: &Beats, truth: &[f64], hz: f64, tolerance_s: f64, what: &str) {
    let seconds: Vec<f64> = found.peaks.iter().map(|p| p.0 as f64 / hz).collect();
    assert_eq!(seconds.len(), truth.len(), "{what}: {seconds:?}");
    for (a, b) in seconds.iter().zip(truth) {
        assert!((a - b).abs() <= tolerance_s, "{what}: {a} for {b}");
    }
}

#[test]
fn any_rate_polarity_and_heart_rate() {
    for hz in [100.0, 128.0, 250.0, 257.3, 360.0, 500.0, 1000.0, 2000.0] {
        for per_minute in [40.0, 72.0, 130.0, 180.0] {
            for size in [1.0, -0.8, 0.25] {
                let truth = regular(10.0, per_minute);
                let signal = lead(hz, 10.0, &truth, size, 0.01);
                let found = detect(&[&signal], rate(hz));
                assert_found(&found, &truth, hz, 0.011, &format!("{hz} Hz, {per_minute}/min, {size} mV"));
            }
        }
    }
}

#[test]
fn five_seconds_are_enough() {
    let truth = regular(5.0, 65.0);
    let signal = lead(250.0, 5.0, &truth, 1.0, 0.02);
    assert_found(&detect(&[&signal], rate(250.0)), &truth, 250.0, 0.008, "5 s");
}

#[test]
fn leads_that_show_nothing_do_not_count() {
    let truth = regular(12.0, 80.0);
    let good = lead(300.0, 12.0, &truth, 0.9, 0.02);
    let flat = vec![0.0; good.len()];
    let off = vec![f32::NAN; good.len()];
    let mut random = Noise(3);
    let noise: Vec<f32> = good.iter().map(|_| 0.8 * random.next()).collect();
    let found = detect(&[&flat, &noise, &off, &good], rate(300.0));
    assert_found(&found, &truth, 300.0, 0.008, "one good lead of four");
    assert_eq!(found.reference_lead, Some(3));
}

#[test]
fn nothing_is_invented() {
    for hz in [100.0, 360.0, 500.0] {
        let count = (30.0 * hz) as usize;
        let mut random = Noise(11);
        let noise: Vec<f32> = (0..count).map(|_| 0.3 * random.next()).collect();
        let hum: Vec<f32> = (0..count).map(|i| (std::f64::consts::TAU * 50.0 * i as f64 / hz).sin() as f32).collect();
        let wander: Vec<f32> = (0..count).map(|i| (std::f64::consts::TAU * 0.3 * i as f64 / hz).sin() as f32).collect();
        for (name, signal) in
            [("noise", &noise), ("hum", &hum), ("wander", &wander), ("zero", &vec![0.0; count]), ("constant", &vec![4.2; count])]
        {
            let found = detect(&[signal], rate(hz));
            assert!(found.peaks.is_empty() && found.reference_lead.is_none(), "{name} at {hz} Hz: {} beats", found.peaks.len());
        }
    }
    assert_eq!(detect(&[], rate(500.0)), Beats::default());
    assert_eq!(detect(&[&[1.0; 5000]], rate(1e-6)), Beats::default());
    assert_eq!(detect(&[&[], &[f32::NAN]], rate(500.0)), Beats::default());
}

#[test]
fn beats_stay_out_of_gaps_and_go_on_behind_them() {
    let truth = regular(20.0, 75.0);
    let mut signal = lead(250.0, 20.0, &truth, 1.0, 0.01);
    signal[2000..3000].fill(f32::NAN);
    let outside: Vec<f64> = truth.into_iter().filter(|t| !(7.95..12.05).contains(t)).collect();
    assert_found(&detect(&[&signal], rate(250.0)), &outside, 250.0, 0.008, "gap");
}

#[test]
fn bursts_of_noise_in_one_lead_make_few_beats() {
    let truth = regular(30.0, 70.0);
    let good = lead(360.0, 30.0, &truth, 1.0, 0.03);
    let mut random = Noise(5);
    // Motion of an electrode: slow, large, unlike any QRS complex for long.
    let mut level = 0.0f32;
    let disturbed: Vec<f32> = good
        .iter()
        .enumerate()
        .map(|(i, v)| {
            level = 0.97 * level + 0.3 * random.next();
            if (2000..6000).contains(&i) { v + level } else { *v }
        })
        .collect();
    let found = detect(&[&disturbed, &good], rate(360.0));
    assert_found(&found, &truth, 360.0, 0.03, "one disturbed lead of two");
}
