//! What a reader of the demo recordings would expect.

use super::*;
use crate::{
    recording::StandardLead,
    simulate::{Spec, demo_recordings, simulate},
};

const USUAL: Jitter = Jitter(2.0, 4.0, 2.0);

#[test]
fn a_normal_recording_is_within_its_limits() {
    let out = Case::new(&demo_recordings()[0], USUAL).measure();
    for name in ["heart_rate", "pr", "qrs", "qtc_fridericia", "qrs_axis", "sokolow_lyon", "cornell", "p_duration"] {
        let made = out.measurements.get(name).expect(name);
        let (value, limits) = (made.value.expect(name), made.limits.as_ref().expect(name));
        assert!(limits.low.is_none_or(|low| value >= low) && limits.high.is_none_or(|high| value <= high), "{name}: {made:?}");
        assert!(made.confidence.is_some_and(|c| c > 0.5 && c <= 1.0), "{name}: {made:?}");
    }
    assert!(out.measurements.in_lead("r_amplitude", "V5") > Some(0.8));
    assert!(out.measurements.in_lead("s_amplitude", "V2") < Some(-0.4));
    // The simulated left atrium: 80 microvolts under the baseline for about 50 ms.
    assert!((-5.0..-3.0).contains(&value(&out, "ptf_v1")), "{}", value(&out, "ptf_v1"));
    let median = out.median.expect("a median beat");
    assert!(median.beats_used.len() >= 18 && median.leads.len() == 12);
    assert!(median.leads.iter().all(|l| l.noise_mv.is_some_and(|n| n < 0.02)), "{:?}", median.leads[1].noise_mv);
}

#[test]
fn fibrillation_has_no_p_waves_and_an_unstable_rate() {
    let out = Case::new(&demo_recordings()[1], USUAL).measure();
    for name in ["pr", "p_duration", "p_axis", "p_amplitude_II", "ptf_v1"] {
        let made = out.measurements.get(name).expect(name);
        assert!(made.value.is_none() && made.reason.as_deref() == Some("no P waves seen"), "{name}: {made:?}");
    }
    let qtc = out.measurements.get("qtc_bazett").expect("QTc");
    assert!(qtc.value.is_some() && qtc.warning.as_deref().is_some_and(|w| w.contains("unstable")), "{qtc:?}");
    assert!(qtc.confidence < out.measurements.get("qt").and_then(|m| m.confidence));
    assert!(value(&out, "heart_rate_max") > 1.3 * value(&out, "heart_rate_min"));
}

#[test]
fn p_waves_that_march_through_have_no_pr() {
    let mut case = Case::new(&demo_recordings()[0], USUAL);
    // As in complete block: the same P waves, at any distance.
    for lead in &mut case.waves.leads {
        for waves in &mut lead.beats {
            let by = ((waves.beat * 37) % 100) as f64 - 50.0;
            waves.p = waves.p.map(|p| Wave { onset: p.onset - by, peak: p.peak - by, offset: p.offset - by });
        }
    }
    let pr = case.measure().measurements.0.remove("pr").expect("pr");
    assert!(pr.value.is_none() && pr.reason.as_deref().is_some_and(|r| r.contains("constant relation")), "{pr:?}");
}

#[test]
fn ectopic_beats_are_left_out_of_the_median_beat() {
    let demo = &demo_recordings()[2];
    for used in [None, Some(demo.beats.iter().map(|b| b.mnemonic.as_str() == "N").collect())] {
        let out = Case { used, ..Case::new(demo, USUAL) }.measure();
        let median = out.median.as_ref().expect("a median beat");
        assert!(median.beats_used.iter().all(|b| demo.beats[*b].mnemonic.as_str() == "N"), "{:?}", median.beats_used);
        assert!(median.beats_used.len() >= 10);
        assert!(value(&out, "qrs") < 105.0);
    }
    // Asked for the ectopic beats, those are measured.
    let ectopic: Vec<bool> = demo.beats.iter().map(|b| b.mnemonic.as_str() == "V").collect();
    let out = Case { used: Some(ectopic), ..Case::new(demo, USUAL) }.measure();
    assert!(value(&out, "qrs") > 140.0 && out.measurements.value("pr").is_none());
}

#[test]
fn left_bundle_branch_block_peaks_late_in_the_lateral_leads() {
    let out = Case::new(&demo_recordings()[3], USUAL).measure();
    assert!(value(&out, "qrs") > 120.0);
    assert!(value(&out, "rpt_V6") > 60.0 && value(&out, "rpt_I") > 60.0, "{} {}", value(&out, "rpt_V6"), value(&out, "rpt_I"));
    assert_eq!(value(&out, "q_amplitude_V6"), 0.0);
    assert!(
        out.measurements.in_lead("s_amplitude", "V2") < Some(-0.8) && out.measurements.in_lead("t_amplitude", "V6") < Some(-0.1)
    );
    // Where S passes into the raised ST segment there is no R'.
    for lead in ["V1", "V2", "V3"] {
        assert_eq!(out.measurements.in_lead("r2_amplitude", lead), Some(0.0), "{lead}");
        assert!(out.measurements.in_lead("st_j60", lead) > Some(0.08), "{lead}");
    }
    // The product follows sex, and needs it.
    let female = Case { sex: Some(Sex::Female), ..Case::new(&demo_recordings()[3], USUAL) }.measure();
    let male = Case { sex: Some(Sex::Male), ..Case::new(&demo_recordings()[3], USUAL) }.measure();
    assert!((value(&female, "cornell_product") - value(&male, "cornell_product") - 0.6 * value(&male, "qrs")).abs() < 1e-6);
    let unknown = Case { sex: None, ..Case::new(&demo_recordings()[3], USUAL) }.measure();
    assert_eq!(unknown.measurements.get("cornell_product").and_then(|m| m.reason.as_deref()), Some("sex not known"));
}

#[test]
fn inferior_elevation_is_seen_where_it_is() {
    let out = Case::new(&demo_recordings()[4], USUAL).measure();
    for lead in ["II", "III", "aVF"] {
        assert!(
            out.measurements.in_lead("st_j", lead) > Some(0.1) && out.measurements.in_lead("st_j60", lead) > Some(0.1),
            "{lead}"
        );
        assert!(out.measurements.in_lead("q_amplitude", lead) < Some(-0.1), "{lead}");
    }
    assert!(out.measurements.in_lead("st_j60", "aVL") < Some(-0.1));
    assert!(value(&out, "q_duration_III") > 15.0 && value(&out, "q_duration_III") < 45.0, "{}", value(&out, "q_duration_III"));
}

#[test]
fn pacing_has_a_superior_axis_and_a_qs_complex() {
    let out = Case::new(&demo_recordings()[5], USUAL).measure();
    assert!(value(&out, "qrs_axis") < -60.0 && value(&out, "qrs_t_angle") > 100.0);
    let q = out.measurements.get("q_amplitude_III").expect("Q");
    assert!(q.value < Some(-0.5) && q.warning.as_deref() == Some("QS complex"), "{q:?}");
    assert_eq!(out.measurements.in_lead("r_amplitude", "III"), Some(0.0));
}

#[test]
fn one_lead_that_errs_moves_no_interval() {
    let mut case = Case::new(&demo_recordings()[0], USUAL);
    let before = case.measure();
    for waves in &mut case.waves.leads[7].beats {
        waves.qrs = waves.qrs.map(|w| Wave { onset: w.onset - 20.0, offset: w.offset + 25.0, ..w });
        waves.t = waves.t.map(|w| Wave { offset: w.offset + 50.0, ..w });
        waves.p = waves.p.map(|w| Wave { onset: w.onset - 30.0, ..w });
    }
    let after = case.measure();
    for name in ["pr", "qrs", "qt", "p_duration"] {
        assert!(
            (value(&before, name) - value(&after, name)).abs() < 4.0,
            "{name}: {} {}",
            value(&before, name),
            value(&after, name)
        );
    }
}

#[test]
fn without_a_scale_there_are_times_but_no_amplitudes() {
    let mut case = Case::new(&demo_recordings()[0], USUAL);
    case.calibrated = false;
    case.samples.iter_mut().flatten().for_each(|v| *v *= 437.0);
    let out = case.measure();
    let calibrated = Case::new(&demo_recordings()[0], USUAL).measure();
    for name in ["pr", "qrs", "qt", "heart_rate", "rpt_V5", "r_duration_II"] {
        assert!((value(&out, name) - value(&calibrated, name)).abs() < 4.0, "{name}");
    }
    for name in ["r_amplitude_V5", "st_j60_V2", "sokolow_lyon", "cornell", "qrs_axis", "ptf_v1", "st_slope_II", "qrs_pp_I"] {
        let made = out.measurements.get(name).expect(name);
        assert!(made.value.is_none() && made.reason.as_deref() == Some("uncalibrated: amplitudes unknown"), "{name}: {made:?}");
    }
}

#[test]
fn missing_leads_have_reasons() {
    let spec = Spec { leads: vec![StandardLead::II, StandardLead::V5], ..Spec::default() };
    let out = Case::new(&simulate("two", "", &spec), USUAL).measure();
    let reason = |name: &str| out.measurements.get(name).and_then(|m| m.reason.clone()).unwrap_or_default();
    assert_eq!(reason("qrs_axis"), "limb leads are missing");
    assert_eq!(reason("sokolow_lyon"), "lead V1 is missing");
    assert_eq!(reason("cornell"), "lead aVL is missing");
    assert!(out.measurements.get("r_amplitude_V1").is_none() && out.measurements.value("r_amplitude_V5").is_some());
    assert!(out.measurements.value("qrs").is_some());
    let one = Case::new(&simulate("one", "", &Spec { leads: vec![StandardLead::II], ..spec }), USUAL).measure();
    assert!(one.measurements.get("qrs").is_some_and(|m| m.warning.as_deref().is_some_and(|w| w.contains("one lead"))));
}

#[test]
fn the_median_beat_of_a_long_recording_is_made_of_few_beats() {
    let spec = Spec { duration_s: 1200.0, noise_mv: 0.05, wander_mv: 0.2, ..Spec::default() };
    let out = Case::new(&simulate("long", "", &spec), USUAL).measure();
    let median = out.median.as_ref().expect("a median beat");
    assert!(median.beats_used.len() <= 300 && median.looked_at <= 400);
    assert!(median.beats_used.last() > Some(&1300) && median.beats_used.first() < Some(&20));
    assert!(median.leads.iter().all(|l| l.noise_mv < Some(0.015)));
    assert!((value(&out, "heart_rate") - 72.0).abs() < 1.0);
}
