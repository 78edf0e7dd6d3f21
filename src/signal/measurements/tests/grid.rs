//! Intervals, axes and amplitudes over the range of hearts.

use super::*;
use crate::{
    recording::StandardLead,
    simulate::{COUNTS_PER_MV, Conduction, Rhythm, Spec, simulate},
};

/// Lead sets of one to twelve.
fn lead_sets() -> Vec<Vec<StandardLead>> {
    use StandardLead::{I, II, V1, V2, V5};
    vec![
        StandardLead::ALL.to_vec(),
        vec![II],
        vec![II, V1],
        vec![I, II, V5],
        [&[I, II][..], &[V1, V2, V5][..]].concat(),
        vec![I, II, V1, V2, StandardLead::V3, StandardLead::V4, V5, StandardLead::V6],
    ]
}

/// The axis of one wave from leads I and II of a recording without noise: independent of how axes are measured.
fn true_axis(quiet: &Simulated, range: impl Fn(&crate::simulate::TrueBeat) -> Option<SampleRange>) -> f64 {
    let area = |lead: StandardLead| -> f64 {
        let counts = &quiet.lead(lead).expect("lead").counts;
        let beats = quiet.beats.iter().filter_map(&range);
        beats.flat_map(|r| &counts[r.start.0 as usize..=r.end.0 as usize]).map(|c| f64::from(*c)).sum()
    };
    let (one, two) = (area(StandardLead::I), area(StandardLead::II));
    ((2.0 * two - one) / 3f64.sqrt()).atan2(one).to_degrees()
}

#[test]
fn intervals_and_axes_of_every_heart() {
    let sets = lead_sets();
    let (mut tried, mut worst, mut worst_axis) = (0usize, 0.0f64, 0.0f64);
    for heart_rate in [30.0, 50.0, 75.0, 110.0, 150.0, 220.0] {
        for qrs in [0.070, 0.100, 0.140, 0.180] {
            for qt in [0.300, 0.380, 0.450, 0.520] {
                for pr in [0.100, 0.160, 0.240, 0.320] {
                    // The next P wave begins after T has ended, and T is no shorter than waves are.
                    if pr + qt + 0.02 > 60.0 / heart_rate || qt - qrs < 0.15 {
                        continue;
                    }
                    for noise_mv in [0.0, 0.02, 0.2] {
                        tried += 1;
                        let leads = sets[tried % sets.len()].clone();
                        let spec = Spec {
                            seed: tried as u64,
                            heart_rate,
                            qrs_s: Some(qrs),
                            qt_s: Some(qt),
                            pr_s: Some(pr),
                            noise_mv,
                            leads,
                            ..Spec::default()
                        };
                        let what =
                            format!("{heart_rate}/min QRS {qrs} QT {qt} PR {pr} noise {noise_mv} {} leads", spec.leads.len());
                        let out = Case::new(&simulate("grid", "", &spec), Jitter(3.0, 4.0, 3.0)).measure();
                        for (name, wanted) in [("qrs", qrs), ("qt", qt), ("pr", pr), ("p_duration", 0.108)] {
                            let off = value(&out, name) - 1000.0 * wanted;
                            worst = worst.max(off.abs());
                            assert!(off.abs() <= 10.0, "{what}: {name} off by {off:.1} ms");
                        }
                        assert!((value(&out, "heart_rate") / heart_rate - 1.0).abs() < 0.03, "{what}");
                        if noise_mv <= 0.02 && spec.leads.contains(&StandardLead::I) && spec.leads.contains(&StandardLead::II) {
                            let quiet = simulate("quiet", "", &Spec { noise_mv: 0.0, ..spec.clone() });
                            for (name, wanted) in [
                                ("qrs_axis", true_axis(&quiet, |b| Some(b.qrs))),
                                ("t_axis", true_axis(&quiet, |b| b.t)),
                                ("p_axis", true_axis(&quiet, |b| b.p.filter(|p| p.end <= b.qrs.start))),
                            ] {
                                // P that runs into QRS has no axis of its own.
                                if name == "p_axis" && pr < 0.11 {
                                    continue;
                                }
                                let off = apart(value(&out, name), wanted);
                                worst_axis = worst_axis.max(off);
                                assert!(off <= 5.0, "{what}: {name} {:.1} for {wanted:.1}", value(&out, name));
                            }
                        }
                    }
                }
            }
        }
    }
    println!("{tried} recordings: intervals within {worst:.1} ms, axes within {worst_axis:.1} degrees");
    assert!(tried > 300);
}

#[test]
fn amplitudes_within_25_microvolts() {
    let (mut tried, mut worst) = (0usize, 0.0f64);
    for heart_rate in [40.0, 70.0, 100.0] {
        for qrs in [0.070, 0.100, 0.150] {
            for conduction in [Conduction::Normal, Conduction::LeftBundleBranchBlock, Conduction::InferiorStElevation] {
                for (noise_mv, hz) in [(0.0, 250.0), (0.005, 500.0), (0.01, 1000.0)] {
                    tried += 1;
                    let spec = Spec {
                        seed: tried as u64,
                        heart_rate,
                        conduction,
                        qrs_s: (conduction == Conduction::Normal).then_some(qrs),
                        pr_s: Some(0.16),
                        qt_s: Some(0.38),
                        noise_mv,
                        rate: rate(hz),
                        respiration: 0.0,
                        ..Spec::default()
                    };
                    let out = Case::new(&simulate("a", "", &spec), Jitter(0.0, 0.0, 1.0)).measure();
                    let quiet = simulate("q", "", &Spec { noise_mv: 0.0, ..spec.clone() });
                    let truth = &quiet.beats[quiet.beats.len() / 2];
                    for lead in StandardLead::ALL {
                        let counts = &quiet.lead(lead).expect("lead").counts;
                        let of = |r: SampleRange| {
                            counts[r.start.0 as usize..=r.end.0 as usize]
                                .iter()
                                .map(|c| f64::from(*c) / COUNTS_PER_MV)
                                .collect::<Vec<_>>()
                        };
                        let high = |v: &[f64]| v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                        let low = |v: &[f64]| v.iter().copied().fold(f64::INFINITY, f64::min);
                        let larger = |v: &[f64]| if -low(v) > high(v) { low(v) } else { high(v) };
                        let (p, complex, t) = (of(truth.p.expect("P")), of(truth.qrs), of(truth.t.expect("T")));
                        let end = truth.qrs.end.0 as usize;
                        let after = |s: f64| f64::from(counts[end + (s * hz).round() as usize]) / COUNTS_PER_MV;
                        let mut checks = vec![
                            ("p_amplitude", larger(&p)),
                            ("qrs_pp", high(&complex) - low(&complex)),
                            ("t_amplitude", larger(&t)),
                            ("st_j60", after(0.060)),
                            ("st_j80", after(0.080)),
                        ];
                        // Where the complex ends steeply J is as sharp as its place: truth is rounded to samples.
                        if qrs > 0.08 && hz > 300.0 {
                            checks.push(("st_j", after(0.0)));
                        }
                        if high(&complex) > 0.06 && high(&complex) > after(0.0) + 0.06 {
                            checks.push(("r_amplitude", high(&complex)));
                        }
                        for (name, wanted) in checks {
                            let name = lead_name(name, lead.name());
                            let found = value(&out, &name);
                            // Of biphasic waves of equal parts either may be the larger.
                            let tie = (found + wanted).abs() < 0.03 && found.abs() < 0.15;
                            let off = if tie { found.abs() - wanted.abs() } else { found - wanted };
                            let allowed = 0.025f64.max(0.05 * wanted.abs());
                            worst = worst.max(off.abs() / allowed);
                            assert!(
                                off.abs() <= allowed,
                                "{heart_rate}/min {conduction:?} QRS {qrs} {hz} Hz noise {noise_mv}: {name} {found:.3} for {wanted:.3}"
                            );
                        }
                    }
                }
            }
        }
    }
    println!("{tried} recordings: amplitudes off by at most {worst:.2} of 25 microvolts or 5 %");
}

#[test]
fn the_axis_of_any_planted_vector() {
    // One vector that grows and shrinks: Q, R and T all along it, P too.
    let hz = 500.0;
    let lobe = |t: f64, at: f64, width: f64| (-0.5 * ((t - at) / width).powi(2)).exp();
    for degrees in (-175..=180).step_by(5) {
        let seen = |angle: f64, gain: f64| -> Vec<f32> {
            let share = gain * (f64::from(degrees) - angle).to_radians().cos();
            (0..5000)
                .map(|i| {
                    let t = (f64::from(i) / hz).rem_euclid(0.8);
                    (share * (0.15 * lobe(t, 0.2, 0.02) + 1.2 * lobe(t, 0.4, 0.012) + 0.3 * lobe(t, 0.65, 0.03))) as f32
                })
                .collect()
        };
        use StandardLead::{AVF, AVL, I, II};
        for pair in [
            [(I, 0.0, 1.0), (II, 60.0, 1.0)],
            [(I, 0.0, 1.0), (AVF, 90.0, 0.75f64.sqrt())],
            [(AVL, -30.0, 0.75f64.sqrt()), (II, 60.0, 1.0)],
        ] {
            let beats = 12;
            let wave = |beat: usize, at: f64, half: f64| {
                let at = (0.8 * beat as f64 + at) * hz;
                Some(Wave { onset: at - half * hz, peak: at, offset: at + half * hz })
            };
            let list: Vec<BeatWaves> = (0..beats)
                .map(|beat| BeatWaves { beat, p: wave(beat, 0.2, 0.05), qrs: wave(beat, 0.4, 0.035), t: wave(beat, 0.65, 0.08) })
                .collect();
            let case = Case {
                names: pair.iter().map(|(lead, ..)| (*lead).into()).collect(),
                samples: pair.iter().map(|(_, angle, gain)| seen(*angle, *gain)).collect(),
                peaks: (0..beats).map(|b| (0.8 * b as f64 + 0.4) * hz).collect(),
                waves: Waves { global: list, leads: Vec::new() },
                rate: rate(hz),
                calibrated: true,
                used: None,
                age_years: None,
                sex: None,
            };
            let out = case.measure();
            for name in ["qrs_axis", "t_axis", "p_axis"] {
                let found = value(&out, name);
                assert!(apart(found, f64::from(degrees)) < 1.5 && found > -180.0 && found <= 180.0, "{degrees}: {name} {found}");
            }
            assert!(value(&out, "qrs_t_angle") < 2.0);
        }
    }
}

#[test]
fn the_rhythm_does_not_matter_to_the_median_beat() {
    for rhythm in [Rhythm::Sinus, Rhythm::AtrialFibrillation, Rhythm::Bigeminy] {
        let spec = Spec { rhythm, duration_s: 20.0, qrs_s: Some(0.10), qt_s: Some(0.36), noise_mv: 0.01, ..Spec::default() };
        let out = Case::new(&simulate("r", "", &spec), Jitter(2.0, 2.0, 2.0)).measure();
        assert!((value(&out, "qrs") - 100.0).abs() <= 10.0 && (value(&out, "qt") - 360.0).abs() <= 10.0, "{rhythm:?}");
    }
}
