use super::*;
use crate::{
    signal::beats::detect,
    simulate::{Conduction, Rhythm, Spec, simulate},
};
use proptest::prelude::*;

fn found(spec: &Spec) -> (Vec<Stimulus>, Vec<u64>) {
    let simulated = simulate("", "", spec);
    let leads: Vec<Vec<f32>> = simulated.leads.iter().map(|l| l.millivolts()).collect();
    let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
    let peaks = detect(&views, spec.rate).peaks;
    (stimuli(&views, spec.rate, &peaks), simulated.beats.iter().map(|b| b.qrs.start.0).collect())
}

#[test]
fn each_stimulus_of_a_paced_heart_is_found() {
    for hz in [500.0, 1000.0] {
        for noise_mv in [0.0, 0.01, 0.02] {
            let rate = Rate::new(hz).expect("a rate");
            let spec = Spec { rate, noise_mv, wander_mv: 0.05, rhythm: Rhythm::VentricularPaced, ..Spec::default() };
            let (stimuli, onsets) = found(&spec);
            assert!(stimuli.len() + 1 >= onsets.len(), "{hz} Hz {noise_mv}: {} of {}", stimuli.len(), onsets.len());
            for stimulus in &stimuli {
                let near = onsets.iter().any(|o| (*o as f64 - stimulus.at.0 as f64 - 0.008 * hz).abs() <= 0.004 * hz);
                assert!(near && stimulus.before == Before::Qrs, "{stimulus:?} {onsets:?}");
            }
        }
    }
}

#[test]
fn other_hearts_have_none() {
    for hz in [250.0, 360.0, 500.0, 1000.0] {
        for rhythm in [Rhythm::Sinus, Rhythm::AtrialFibrillation, Rhythm::Bigeminy] {
            for conduction in [Conduction::Normal, Conduction::LeftBundleBranchBlock] {
                for (noise_mv, size) in [(0.0, 1.0), (0.02, 1.0), (0.05, 2.5)] {
                    let rate = Rate::new(hz).expect("a rate");
                    let spec = Spec { rate, rhythm, conduction, noise_mv, size, ..Spec::default() };
                    assert!(found(&spec).0.is_empty(), "{hz} {rhythm:?} {conduction:?} {noise_mv}");
                }
            }
        }
    }
}

#[test]
fn a_single_artefact_is_no_pacemaker() {
    let simulated = simulate("", "", &Spec::default());
    let mut leads: Vec<Vec<f32>> = simulated.leads.iter().map(|l| l.millivolts()).collect();
    leads.iter_mut().for_each(|l| l[2000] += 2.0);
    let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
    assert!(stimuli(&views, Rate::HZ_500, &detect(&views, Rate::HZ_500).peaks).is_empty());
}

proptest! {
    #[test]
    fn anything_goes_in(
        values in proptest::collection::vec(prop_oneof![8 => -5.0f32..5.0, 1 => Just(f32::NAN), 1 => Just(f32::INFINITY)], 0..300),
        short in proptest::collection::vec(-1.0f32..1.0, 0..20), hz in 0.1f64..100_000.0, peaks in proptest::collection::vec(0u64..400, 0..9),
    ) {
        let mut peaks: Vec<SampleIndex> = peaks.into_iter().map(SampleIndex).collect();
        peaks.sort();
        for stimulus in stimuli(&[&values, &short, &[]], Rate::new(hz).expect("rate"), &peaks) {
            prop_assert!((stimulus.at.0 as usize) < values.len());
        }
    }
}
