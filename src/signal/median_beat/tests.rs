use super::*;
use crate::simulate::{Simulated, SimulatedLead, Spec, simulate};

fn rate(hz: f64) -> Rate {
    Rate::new(hz).expect("a rate")
}

fn of(simulated: &Simulated, peaks: &[f64], edit: impl Fn(&mut Vec<Vec<f32>>)) -> Option<MedianBeats> {
    let names: Vec<LeadName> = simulated.leads.iter().map(|l| l.lead.into()).collect();
    let mut samples: Vec<Vec<f32>> = simulated.leads.iter().map(SimulatedLead::millivolts).collect();
    edit(&mut samples);
    let leads: Vec<SourceLead> = names.iter().zip(&samples).map(|(name, samples)| SourceLead { name, samples }).collect();
    median_beats(&MedianInput { leads: &leads, rate: simulated.rate, peaks, used: None })
}

fn peaks(simulated: &Simulated) -> Vec<f64> {
    simulated.beats.iter().map(|b| b.sample.0 as f64).collect()
}

#[test]
fn misplaced_peaks_are_brought_back_to_a_fraction_of_a_sample() {
    // No respiration: all beats are alike, and R lies where the simulator puts it, between samples.
    let spec = Spec { respiration: 0.0, noise_mv: 0.01, ..Spec::default() };
    for hz in [250.0, 500.0, 1000.0] {
        let simulated = simulate("m", "", &Spec { rate: rate(hz), ..spec.clone() });
        let true_peaks = peaks(&simulated);
        let by = |i: usize| (((i * 7919) % 61) as f64 - 30.0) / 1000.0 * hz;
        let moved: Vec<f64> = true_peaks.iter().enumerate().map(|(i, p)| p + by(i)).collect();
        let median = of(&simulated, &moved, |_| ()).expect("a median beat");
        assert!(median.beats_used.len() >= 10);
        let mut off: Vec<f64> = median.aligned(&moved).map(|(beat, at)| at - true_peaks[beat]).collect();
        off.sort_by(f64::total_cmp);
        // Truth is rounded to whole samples; the rest is a common shift.
        assert!(off[off.len() - 1] - off[0] < 1.0 + 0.0004 * hz, "{hz}: {off:?}");
    }
}

#[test]
fn noise_falls_with_the_number_of_beats_and_is_known() {
    let spec = Spec { respiration: 0.0, duration_s: 60.0, ..Spec::default() };
    let quiet = simulate("q", "", &spec);
    let clean = of(&quiet, &peaks(&quiet), |_| ()).expect("a median beat");
    for noise_mv in [0.02, 0.1, 0.2] {
        let noisy = simulate("n", "", &Spec { noise_mv, ..spec.clone() });
        let median = of(&noisy, &peaks(&noisy), |_| ()).expect("a median beat");
        assert!(median.beats_used.len() > 50, "{noise_mv}: {} beats", median.beats_used.len());
        for (a, b) in median.leads.iter().zip(&clean.leads).take(2) {
            let n = a.samples.len().min(b.samples.len());
            let off = (median.origin as i64 - clean.origin as i64).unsigned_abs() as usize;
            assert!(off == 0, "one window");
            let rms = (0..n).map(|k| (a.samples[k] - b.samples[k]).powi(2)).filter(|v| v.is_finite()).sum::<f32>() / n as f32;
            let (rms, said) = (rms.sqrt(), a.noise_mv.expect("noise"));
            assert!(rms < noise_mv as f32 / 3.5 && rms < 2.0 * said && said < 2.0 * rms, "{noise_mv}: {rms} {said}");
        }
    }
}

#[test]
fn noisy_beats_and_beats_in_gaps_are_left_out() {
    let simulated = simulate("g", "", &Spec::default());
    let all = peaks(&simulated);
    let (noisy, gone) = (3usize, 6usize);
    let median = of(&simulated, &all, |samples| {
        for (index, lead) in samples.iter_mut().enumerate() {
            let span = |beat: usize| all[beat] as usize - 150..all[beat] as usize + 200;
            lead[span(gone)].fill(f32::NAN);
            for (k, v) in lead[span(noisy)].iter_mut().enumerate() {
                *v += 1.5 * (((k * 2_654_435_761 + index * 97) >> 7) % 1000) as f32 / 1000.0 - 0.75;
            }
        }
    })
    .expect("a median beat");
    assert!(!median.beats_used.contains(&gone) && !median.beats_used.contains(&noisy), "{:?}", median.beats_used);
    assert!(median.beats_used.len() >= all.len() - 4);
}

#[test]
fn the_isoelectric_segment_is_level() {
    let simulated = simulate("w", "", &Spec { wander_mv: 0.4, ..Spec::default() });
    let median = of(&simulated, &peaks(&simulated), |_| ()).expect("a median beat");
    for lead in &median.leads {
        let at = |ms: f64| lead.samples[(median.origin as f64 + ms * 0.5) as usize];
        // Before QRS, and after T.
        assert!(at(-50.0).abs() < 0.02 && at(420.0).abs() < 0.03, "{}: {} {}", lead.lead, at(-50.0), at(420.0));
    }
}

#[test]
fn too_little_makes_no_median_beat() {
    let simulated = simulate("s", "", &Spec { rate: rate(100.0), duration_s: 2.0, ..Spec::default() });
    assert!(of(&simulated, &[], |_| ()).is_none());
    assert!(of(&simulated, &[50.0], |samples| samples.iter_mut().flatten().for_each(|v| *v = f32::NAN)).is_none());
    assert!(of(&simulated, &[1e9, f64::NAN, -5.0], |_| ()).is_none());
    let slow = Simulated { rate: rate(20.0), ..simulated };
    assert!(of(&slow, &[50.0], |_| ()).is_none());
}
