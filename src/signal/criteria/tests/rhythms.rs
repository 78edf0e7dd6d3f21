//! Rhythm, ectopic beats, pacing.

use super::*;
use crate::signal::criteria::Group;
use BeatLabel::{N, S, V};

fn of(labels: &[BeatLabel], rr: f64) -> Case {
    with(|c| {
        c.beats(labels, rr);
    })
}

fn main_rhythms(case: &Case) -> Vec<String> {
    case.judge().group(Group::Rhythm).map(|s| s.code.clone()).collect()
}

#[test]
fn p_waves_before_most_beats() {
    let at = |with_p: usize| {
        with(|c| {
            c.beats(&[N; 10], 0.8);
            c.rhythm.p_present = (0..10).map(|b| Some(b < with_p)).collect();
        })
    };
    assert_eq!(main_rhythms(&at(7)), ["AHA 20"]);
    assert_eq!(main_rhythms(&at(6)), ["X-RHYTHM"]);
    // Few P waves, regular and narrow.
    assert_eq!(main_rhythms(&at(3)), ["AHA 27"]);
}

#[test]
fn a_changing_pr_is_no_sinus_rhythm_with_constant_conduction() {
    let case = with(|c| {
        c.rhythm.pr = (0..12).map(|b| Some(150.0 + 30.0 * f64::from(b % 4))).collect();
    });
    assert_eq!(main_rhythms(&case), ["X-RHYTHM"]);
    let unknown = with(|c| c.rhythm.pr.clear());
    assert_eq!(main_rhythms(&unknown), Vec::<String>::new());
    assert!(unknown.skipped("rhythm"));
}

#[test]
fn the_p_axis_tells_sinus_rhythm() {
    for (axis, code) in [(-30.0, "AHA 20"), (75.0, "AHA 20"), (105.0, "AHA 20"), (106.0, "AHA 34+312"), (-31.0, "AHA 34+312")] {
        let case = with(|c| {
            c.set("p_axis", axis);
        });
        assert_eq!(main_rhythms(&case), [code], "{axis}");
    }
    let single = with(|c| {
        c.without("p_axis");
    });
    assert_eq!(main_rhythms(&single), ["AHA 40"]);
    assert!(single.judge().scp("NORM").is_none());
}

#[test]
fn irregular_without_p_waves() {
    let case = with(|c| {
        c.fibrillation();
    });
    assert_eq!(main_rhythms(&case), ["AHA 50+312"]);
    assert!(case.has_scp("AFIB") && !case.has_scp("SR") && !case.has_scp("SARRH"));
    let fast = with(|c| {
        c.fibrillation().set("heart_rate", 130.0);
    });
    assert_eq!(main_rhythms(&fast), ["AHA 50+312+346"]);
    // The same RR intervals with P waves are sinus arrhythmia, not fibrillation.
    let arrhythmia = with(|c| {
        let rr = with(|f| {
            f.fibrillation();
        })
        .rhythm
        .rr;
        c.rhythm.rr = rr;
    });
    assert_eq!(main_rhythms(&arrhythmia), ["AHA 20", "AHA 23"]);
    // Premature beats in fibrillation mean nothing.
    let early = with(|c| {
        c.fibrillation();
        c.rhythm.labels[5] = Some(S);
    });
    assert!(!early.has_scp("PAC"));
}

#[test]
fn irregularity_has_a_limit() {
    // Alternating RR of 1 +- d: RMSSD / mean is 2 d.
    let at = |d: f64| {
        with(|c| {
            c.fibrillation();
            c.rhythm.rr = (0..11).map(|b| Some(if b % 2 == 0 { 1.0 - d } else { 1.0 + d })).collect();
        })
        .has_scp("AFIB")
    };
    assert!(!at(0.045) && at(0.055));
}

#[test]
fn sinus_arrhythmia_has_a_limit_and_ectopic_beats_do_not_count() {
    let at = |ms: f64| {
        with(|c| {
            c.rhythm.rr = (0..11).map(|b| Some(0.8 + if b == 5 { ms / 1000.0 } else { 0.0 })).collect();
        })
        .has_scp("SARRH")
    };
    assert!(!at(159.0) && at(161.0));
    let ectopic = with(|c| {
        c.beats(&[N, N, N, N, S, N, N, N, N, N, N, N], 0.8);
        c.rhythm.rr[3] = Some(0.5);
        c.rhythm.rr[4] = Some(1.1);
    });
    assert!(!ectopic.has_scp("SARRH") && ectopic.has_scp("PAC"));
}

#[test]
fn tachycardias_without_p_waves() {
    let at = |qrs: f64, rate: f64| {
        with(|c| {
            c.beats(&[N; 12], 0.4);
            c.rhythm.p_present = vec![Some(false); 12];
            c.set("qrs", qrs).set("heart_rate", rate);
        })
    };
    assert_eq!(main_rhythms(&at(90.0, 150.0)), ["AHA 56"]);
    assert_eq!(main_rhythms(&at(140.0, 150.0)), ["AHA 76"]);
    assert_eq!(main_rhythms(&at(90.0, 70.0)), ["AHA 27"]);
    assert_eq!(main_rhythms(&at(140.0, 70.0)), ["X-RHYTHM"]);
}

#[test]
fn a_ventricular_rhythm_is_no_bundle_branch_block() {
    for (rate, code) in [(150.0, "AHA 70+312"), (80.0, "AHA 64+312"), (35.0, "AHA 63+312")] {
        let case = with(|c| {
            *c = left_block();
            c.beats(&[V; 12], 60.0 / rate).set("heart_rate", rate);
        });
        assert_eq!(main_rhythms(&case), [code]);
        assert!(!case.has_scp("CLBBB") && !case.has_scp("PVC") && !case.has_scp("INVT"));
    }
}

#[test]
fn beats_labelled_paced_are_not_judged_for_conduction() {
    let case = with(|c| {
        *c = left_block();
        c.beats(&[BeatLabel::Q; 12], 0.8);
    });
    let said = case.judge();
    assert!(said.scp("CLBBB").is_none() && said.scp("STE_").is_none() && said.scp("NORM").is_none());
    assert!(said.not_judged.iter().any(|n| n.group == Group::Conduction && n.reason.contains("paced or unclassifiable")));
}

#[test]
fn ectopic_beats_are_counted() {
    assert!(!of(&[N; 10], 0.8).has_scp("PVC"));
    let one = of(&[N, N, V, N, N, N, N, N, N, N], 0.8).judge();
    assert!(
        one.scp("PVC").is_some_and(|s| s.text == "Ventricular premature complex (1)" && !s.values.contains_key("per_minute"))
    );
    let many: Vec<BeatLabel> = (0..120).map(|b| if b % 10 == 5 { V } else { N }).collect();
    assert!(
        of(&many, 0.8).judge().scp("PVC").is_some_and(|s| (s.values["per_minute"] - 12.0 / (119.0 * 0.8 / 60.0)).abs() < 1e-9)
    );
    let late = with(|c| {
        c.beats(&[N, N, N, V, N, N, N, N], 0.8);
        c.rhythm.rr[2] = Some(1.3);
    });
    assert!(late.has("AHA 62") && !late.has_scp("PVC"), "an escape beat");
    let partly = with(|c| {
        c.rhythm.labels = vec![Some(N), Some(V)];
    });
    assert!(partly.has_scp("PVC") && partly.skipped("ectopic beats"));
    let none = with(|c| c.rhythm.labels.clear());
    assert!(none.skipped("ectopic beats"));
}

#[test]
fn bigeminy_trigeminy_couplets() {
    assert!(of(&[N, V, N, V, N, V, N, N], 0.8).has_scp("BIGU"));
    assert!(!of(&[N, V, N, V, N, N, V, N, N, N], 0.8).has_scp("BIGU"), "two cycles");
    assert!(of(&[N, N, V, N, N, V, N, N, V, N], 0.8).has_scp("TRIGU"));
    assert!(of(&[N, N, N, V, N, N, V, N, N, V], 0.8).has_scp("TRIGU"), "wherever it begins");
    assert!(!of(&[N, N, V, N, N, V, N, N, N, V], 0.8).has_scp("TRIGU"));
    assert!(of(&[N, N, V, V, N, N, N, N], 0.8).has("AHA 60+340"));
    assert!(of(&[N, S, N, S, N, S, N, N], 0.8).has("AHA 41+341"));
    let gap = with(|c| {
        c.beats(&[N, V, N, V, N, V, N, N], 0.8);
        c.rhythm.rr[2] = None;
    });
    assert!(!gap.has_scp("BIGU"), "a gap breaks the pattern");
    let torn = with(|c| {
        c.beats(&[N, N, V, V, N, N, N, N], 0.8);
        c.rhythm.rr[2] = None;
    });
    assert!(!torn.has("AHA 60+340"), "a gap breaks the couplet");
}

#[test]
fn runs_by_length_and_rate() {
    let run = |beats: usize, rr: f64| {
        let mut labels = vec![N; 40];
        labels[10..10 + beats].fill(V);
        with(|c| {
            c.beats(&labels, 0.8);
            for interval in &mut c.rhythm.rr[10..10 + beats - 1] {
                *interval = Some(rr);
            }
        })
    };
    assert!(!run(2, 0.4).has("AHA 71") && run(2, 0.4).has("AHA 60+340"));
    assert!(run(3, 0.4).has("AHA 71") && !run(3, 0.4).has("AHA 60+340"));
    assert!(run(3, 0.599).has("AHA 71"));
    assert!(!run(3, 0.61).has("AHA 71") && run(3, 0.61).has("AHA 64"));
    let mut long = vec![N; 300];
    long[10..100].fill(V);
    let sustained = with(|c| {
        c.beats(&long, 0.4);
    });
    assert!(sustained.has("AHA 70") && !sustained.has("AHA 71"));
    assert!(of(&[N, N, S, S, S, N, N, N, N, N], 0.4).has_scp("PSVT"));
}

#[test]
fn pauses_and_standstill() {
    let at = |longest: f64| {
        with(|c| {
            c.rhythm.rr[5] = Some(longest);
        })
    };
    assert!(!at(2.0).has("AHA 26+312") && at(2.01).has("AHA 26+312"));
    assert_eq!(severity(&at(2.9), "AHA 26+312"), Some(Severity::Abnormal));
    assert_eq!(severity(&at(3.0), "AHA 26+312"), Some(Severity::Urgent));
    assert!(at(4.0).has("X-ASYSTOLE") && !at(4.0).has("AHA 26+312") && !at(3.9).has("X-ASYSTOLE"));
    let nothing = with(|c| {
        c.rhythm = RhythmFacts { longest_without_beat: Some(10.0), ..RhythmFacts::default() };
    });
    assert_eq!(main_rhythms(&nothing), ["X-ASYSTOLE"]);
    let slow = with(|c| {
        c.beats(&[N; 6], 2.2).set("heart_rate", 27.0);
    });
    assert!(!slow.has("AHA 26+312"), "a rate, not a pause");
    let bad = with(|c| c.rhythm.rr[5] = Some(f64::INFINITY));
    assert!(!bad.has("X-ASYSTOLE"));
}

#[test]
fn pacing_by_where_the_spikes_are() {
    let paced = |atrial: usize, ventricular: usize, p: bool| {
        with(|c| {
            *c = left_block();
            c.rhythm.p_present = vec![Some(p); 12];
            c.rhythm.pacing = Some(PacingFacts {
                spikes: atrial + ventricular,
                atrial: (0..12).map(|b| b < atrial).collect(),
                ventricular: (0..12).map(|b| b < ventricular).collect(),
            });
        })
    };
    for (case, code) in [
        (paced(12, 0, true), "AHA 180"),
        (paced(0, 12, false), "AHA 181"),
        (paced(0, 12, true), "AHA 183"),
        (paced(12, 12, true), "AHA 184"),
    ] {
        assert!(case.has(code) && case.has_scp("PACE"), "{code}");
        assert!(main_rhythms(&case).is_empty(), "the pacemaker's rhythm is no other");
    }
    // Ventricular spikes anywhere: conduction, ST and T are not judged.
    for case in [paced(0, 12, false), paced(0, 2, true)] {
        let scp = case.scp();
        for hidden in ["CLBBB", "IVCD", "STD_", "INVT", "STE_", "LVH", "VCLVH", "NORM"] {
            assert!(!scp.iter().any(|s| s == hidden), "{hidden}");
        }
    }
    assert!(paced(12, 0, true).has_scp("CLBBB"), "atrial pacing leaves the ventricles alone");
    let stray = with(|c| c.rhythm.pacing = Some(PacingFacts { spikes: 3, ..PacingFacts::default() }));
    assert!(stray.has("X-SPIKES") && stray.has_scp("SR") && !stray.has_scp("NORM"));
}
