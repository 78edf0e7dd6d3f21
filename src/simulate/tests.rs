use super::*;
use crate::signal::{
    beats::detect,
    features::{Input, beat_features, record_features},
    prepare::prepare,
};
use proptest::prelude::*;

fn rate(hz: f64) -> Rate {
    Rate::new(hz).expect("a rate")
}

fn found_in(simulated: &Simulated) -> Vec<u64> {
    let leads: Vec<Vec<f32>> = simulated.leads.iter().map(SimulatedLead::millivolts).collect();
    let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
    detect(&views, simulated.rate).peaks.into_iter().map(|p| p.0).collect()
}

fn assert_beats_found(simulated: &Simulated, tolerance_s: f64, what: &str) {
    let found = found_in(simulated);
    let truth: Vec<u64> = simulated.beats.iter().map(|b| b.sample.0).collect();
    assert_eq!(found.len(), truth.len(), "{what}: {found:?} for {truth:?}");
    for (a, b) in found.iter().zip(&truth) {
        let apart = a.abs_diff(*b) as f64 / simulated.rate.hz();
        assert!(apart <= tolerance_s + 1e-9, "{what}: beat at {b} found {:.0} ms away", apart * 1e3);
    }
}

/// Mean of a lead over a span relative to R, over all beats, less the PR segment before QRS onset.
fn level(simulated: &Simulated, lead: StandardLead, from_s: f64, to_s: f64, mnemonic: &str) -> f64 {
    let counts = &simulated.lead(lead).expect("lead").counts;
    let hz = simulated.rate.hz();
    let mean = |from: f64, to: f64| {
        let span = &counts[from.max(0.0) as usize..(to as usize).clamp(1, counts.len())];
        span.iter().map(|c| f64::from(*c)).sum::<f64>() / span.len() as f64 / COUNTS_PER_MV
    };
    let levels: Vec<f64> = simulated
        .beats
        .iter()
        .filter(|b| b.mnemonic.as_str() == mnemonic && b.t.is_some() && b.qrs.start.0 > 20)
        .map(|b| {
            let (r, on) = (b.sample.0 as f64, b.qrs.start.0 as f64);
            mean(r + from_s * hz, r + to_s * hz) - mean(on - 0.020 * hz, on - 0.002 * hz)
        })
        .collect();
    levels.iter().sum::<f64>() / levels.len() as f64
}

#[test]
fn six_demos_with_their_beats() {
    let demos = demo_recordings();
    let names: Vec<&str> = demos.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(names, ["demo_normal", "demo_af", "demo_bigeminy", "demo_lbbb", "demo_inferior_st_elevation", "demo_paced"]);
    for demo in &demos {
        assert_eq!(demo.leads.len(), 12);
        assert!(demo.leads.iter().all(|l| l.counts.len() == 10_000));
        assert!(demo.beats.len() >= 18, "{}", demo.name);
        assert_beats_found(demo, 0.020, &demo.name);
    }
    let kinds: Vec<String> = demos
        .iter()
        .map(|d| {
            let mut kinds: Vec<&str> = d.beats.iter().map(|b| b.mnemonic.as_str()).collect();
            kinds.sort_unstable();
            kinds.dedup();
            kinds.concat()
        })
        .collect();
    assert_eq!(kinds, ["N", "N", "NV", "L", "N", "/"]);
    assert_eq!(demos.iter().map(|d| d.rhythm).collect::<Vec<_>>(), ["(N", "(AFIB", "(B", "(N", "(N", "(P"]);
}

#[test]
fn the_same_every_time() {
    assert_eq!(demo_recordings(), demo_recordings());
    let other = Spec { seed: 2, noise_mv: 0.01, ..Spec::default() };
    assert_ne!(simulate("a", "", &other).leads, simulate("a", "", &Spec { seed: 3, ..other.clone() }).leads);
    // Noise does not move beats.
    assert_eq!(simulate("a", "", &other).beats, simulate("a", "", &Spec { noise_mv: 0.3, ..other.clone() }).beats);
}

#[test]
fn limb_leads_obey_einthoven_and_goldberger_to_the_count() {
    for demo in demo_recordings() {
        let of = |lead| demo.lead(lead).expect("lead").counts.iter().map(|c| i32::from(*c)).collect::<Vec<i32>>();
        let [i, ii, iii] = [of(StandardLead::I), of(StandardLead::II), of(StandardLead::III)];
        let [avr, avl, avf] = [of(StandardLead::AVR), of(StandardLead::AVL), of(StandardLead::AVF)];
        for k in 0..i.len() {
            assert_eq!(ii[k], i[k] + iii[k]);
            assert_eq!((2 * avr[k], 2 * avl[k], 2 * avf[k]), (-(i[k] + ii[k]), i[k] - iii[k], ii[k] + iii[k]));
        }
    }
}

#[test]
fn r_grows_from_v1_to_v5() {
    let normal = simulate("n", "", &Spec::default());
    let height = |lead: StandardLead| normal.lead(lead).and_then(|l| l.counts.iter().copied().max()).unwrap_or(0);
    let depth = |lead: StandardLead| normal.lead(lead).and_then(|l| l.counts.iter().copied().min()).unwrap_or(0);
    use StandardLead::{AVR, II, V1, V2, V3, V4, V5, V6};
    assert!(height(V1) < height(V3) && height(V3) < height(V4) && height(V5) > height(V6));
    assert!(depth(V2) < depth(V4) && depth(V4) < depth(V6));
    assert!(height(V1) < -depth(V1) && height(V5) > -2 * depth(V5));
    assert!(height(II) > 800 && depth(AVR) < -500);
}

#[test]
fn left_bundle_branch_block_is_wide_and_discordant() {
    let demo = &demo_recordings()[3];
    let hz = demo.rate.hz();
    assert!(demo.beats.iter().all(|b| (0.13..0.17).contains(&(b.qrs.len() as f64 / hz))));
    use StandardLead::{AVL, I, V1, V2, V3, V5, V6};
    for (lead, qrs_up) in [(I, true), (AVL, true), (V5, true), (V6, true), (V1, false), (V2, false), (V3, false)] {
        let (qrs, t) = (level(demo, lead, -0.04, 0.04, "L"), level(demo, lead, 0.22, 0.32, "L"));
        assert!(if qrs_up { qrs > 0.2 && t < -0.05 } else { qrs < -0.2 && t > 0.05 }, "{lead:?}: QRS {qrs:.2}, T {t:.2}");
    }
}

#[test]
fn inferior_leads_are_raised_and_the_opposite_ones_depressed() {
    let demo = &demo_recordings()[4];
    use StandardLead::{AVF, AVL, I, II, III, V2, V6};
    let st = |lead| level(demo, lead, 0.09, 0.11, "N");
    assert!(st(II) > 0.15 && st(AVF) > 0.2 && st(III) > st(II), "{} {} {}", st(II), st(AVF), st(III));
    assert!(st(I) < -0.05 && st(AVL) < -0.1 && st(V2) < -0.05 && st(V6).abs() < 0.1);
    assert!(level(demo, III, -0.035, -0.02, "N") < -0.1, "Q wave");
    let normal = &demo_recordings()[0];
    for lead in StandardLead::ALL {
        let st = level(normal, lead, 0.06, 0.09, "N");
        assert!(st.abs() < 0.1, "normal {lead:?}: {st:.3}");
    }
}

#[test]
fn bigeminy_has_wide_early_beats_and_full_pauses() {
    let demo = &demo_recordings()[2];
    let hz = demo.rate.hz();
    for three in demo.beats.windows(3) {
        let [a, b, c] = [&three[0], &three[1], &three[2]].map(|beat| beat.sample.0 as f64 / hz);
        if three[1].mnemonic.as_str() == "V" {
            assert!(three[1].p.is_none() && three[1].qrs.len() as f64 / hz > 0.14);
            assert!(b - a < 0.7 * (c - b));
            assert!((c - a - 2.0 * 60.0 / 76.0).abs() < 0.06, "two sinus cycles, not {:.3} s", c - a);
        } else {
            assert!(three[1].p.is_some());
        }
    }
}

#[test]
fn fibrillation_is_irregular_without_p_waves() {
    let demo = &demo_recordings()[1];
    assert!(demo.beats.iter().all(|b| b.p.is_none()));
    let rr: Vec<f64> = demo.beats.windows(2).map(|p| (p[1].sample.0 - p[0].sample.0) as f64 / demo.rate.hz()).collect();
    let mean = rr.iter().sum::<f64>() / rr.len() as f64;
    let sd = (rr.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / rr.len() as f64).sqrt();
    assert!((0.15..0.45).contains(&(sd / mean)), "{}", sd / mean);
}

#[test]
fn pacing_is_fixed_wide_and_preceded_by_a_spike() {
    let demo = &demo_recordings()[5];
    let two = &demo.lead(StandardLead::II).expect("II").counts;
    for pair in demo.beats.windows(2) {
        assert!((pair[1].sample.0 - pair[0].sample.0).abs_diff(500) <= 1);
        let onset = pair[0].qrs.start.0 as usize;
        let steepest = (onset.saturating_sub(8)..onset + 1).map(|i| (i32::from(two[i + 1]) - i32::from(two[i])).abs()).max();
        assert!(steepest > Some(600), "{steepest:?}");
        assert!(pair[0].qrs.len() as f64 / demo.rate.hz() > 0.14);
    }
}

#[test]
fn intervals_asked_for_are_intervals_drawn() {
    let spec = Spec { pr_s: Some(0.22), qrs_s: Some(0.13), qt_s: Some(0.43), rate: rate(1000.0), ..Spec::default() };
    let simulated = simulate("i", "", &spec);
    for b in simulated.beats.iter().filter(|b| b.p.is_some() && b.t.is_some()) {
        let (p, t) = (b.p.expect("P"), b.t.expect("T"));
        assert!((b.qrs.start.0 - p.start.0).abs_diff(220) <= 2, "PR {}", b.qrs.start.0 - p.start.0);
        assert!(b.qrs.len().abs_diff(130) <= 2, "QRS {}", b.qrs.len());
        assert!((t.end.0 - b.qrs.start.0).abs_diff(430) <= 4, "QT {}", t.end.0 - b.qrs.start.0);
        assert!(p.start < p.end && p.end < b.qrs.start && b.qrs.contains(b.sample) && b.qrs.end <= t.start);
    }
}

#[test]
fn the_detector_finds_beats_at_any_rate_noise_and_lead_set() {
    for per_minute in [40.0, 60.0, 100.0, 150.0, 200.0] {
        for noise_mv in [0.0, 0.03, 0.1] {
            for hz in [100.0, 250.0, 500.0] {
                let spec = Spec { heart_rate: per_minute, noise_mv, rate: rate(hz), seed: 5, ..Spec::default() };
                let twelve = simulate("all", "", &spec);
                assert_beats_found(&twelve, 0.020, &format!("12 leads, {per_minute}/min, {noise_mv} mV, {hz} Hz"));
            }
        }
        for count in 1..=12 {
            for size in [1.0, -1.0] {
                let leads = [&StandardLead::ALL[1..2], &StandardLead::ALL[..1], &StandardLead::ALL[2..]].concat();
                let spec =
                    Spec { heart_rate: per_minute, noise_mv: 0.03, size, leads: leads[..count].to_vec(), ..Spec::default() };
                assert_beats_found(&simulate("some", "", &spec), 0.020, &format!("{count} leads, {per_minute}/min, size {size}"));
            }
        }
    }
    // A single lead places its own R or S peak, up to half a QRS complex from where all leads together are largest.
    for lead in StandardLead::ALL {
        let spec = Spec { noise_mv: 0.02, leads: vec![lead], ..Spec::default() };
        assert_beats_found(&simulate("one", "", &spec), 0.045, lead.name());
    }
}

#[test]
fn features_tell_fibrillation_from_sinus_rhythm_and_ectopic_from_normal_beats() {
    let demos = demo_recordings();
    let to = rate(100.0);
    let measured = |simulated: &Simulated| {
        let leads: Vec<Vec<f32>> =
            simulated.leads.iter().map(|l| prepare(&l.millivolts(), simulated.rate, to, (0.5, 45.0))).collect();
        let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
        let beats: Vec<f64> = simulated.beats.iter().map(|b| b.sample.0 as f64 / 5.0).collect();
        let input = Input { leads: &views, rate: to, beats: &beats };
        (record_features(&input, None, None), beat_features(&input))
    };
    let (sinus, fibrillation) = (measured(&demos[0]).0, measured(&demos[1]).0);
    assert!(sinus.p_correlation > Some(0.9) && fibrillation.p_correlation.is_some_and(|v| v < 0.6), "{sinus:?} {fibrillation:?}");
    assert!(
        sinus.rr_irregularity.is_some_and(|v| v < 0.05) && fibrillation.rr_irregularity > Some(0.1),
        "{sinus:?} {fibrillation:?}"
    );
    for (features, beat) in measured(&demos[2]).1.iter().zip(&demos[2].beats).skip(1) {
        if beat.mnemonic.as_str() == "V" {
            // The last beat has no interval after it.
            let early = features.rr_next_s.is_none() || features.rr_prev_next.is_some_and(|v| v < 0.8);
            assert!(features.width_ratio > Some(1.5) && early, "{features:?}");
        } else {
            assert!(features.template_correlation > Some(0.95) && features.p_correlation > Some(0.8), "{features:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_specification_gives_a_consistent_recording(
        seed: u64, hz in 100.0f64..1000.0, duration_s in 0.0f64..12.0, heart_rate in -10.0f64..500.0, noise_mv in 0.0f64..20.0,
        rhythm in prop_oneof![Just(Rhythm::Sinus), Just(Rhythm::AtrialFibrillation), Just(Rhythm::Bigeminy), Just(Rhythm::VentricularPaced)],
        qrs_s in proptest::option::of(0.0f64..0.5), qt_s in proptest::option::of(0.0f64..1.0), pr_s in proptest::option::of(0.0f64..1.0),
    ) {
        let spec = Spec { seed, rate: rate(hz), duration_s, heart_rate, noise_mv, rhythm, qrs_s, qt_s, pr_s, ..Spec::default() };
        let simulated = simulate("any", "", &spec);
        let length = (duration_s * hz).round() as u64;
        prop_assert!(simulated.leads.iter().all(|l| l.counts.len() as u64 == length));
        prop_assert!(simulated.beats.iter().all(|b| b.qrs.contains(b.sample) && b.qrs.end.0 < length));
        prop_assert!(simulated.beats.windows(2).all(|p| p[0].sample < p[1].sample));
    }
}
