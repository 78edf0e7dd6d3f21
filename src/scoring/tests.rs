//! Matching, learning period, shutdown, fibrillation, runs and label maps on annotations made up for each.

use super::{
    test_support::{annotations, settings},
    *,
};
use crate::recording::BeatLabel;
use proptest::prelude::*;
use std::ops::RangeInclusive;

fn compared(reference: &str, test: &str) -> BeatComparison {
    compare_beats(&annotations(reference), &annotations(test), &settings(0.0, Some(10_000)))
}

/// Pairs found, missed and extra.
fn outcome(comparison: &BeatComparison) -> (u64, u64, u64) {
    let matrix = &comparison.matrix;
    (matrix.sum("NSVFQ", "NSVFQ"), matrix.sum("NSVFQ", "OX"), matrix.sum("OX", "NSVFQ"))
}

#[test]
fn the_window_is_150_ms_inclusive_on_both_sides() {
    for (test, expected) in
        [("N1015", (1, 0, 0)), ("N1016", (0, 1, 1)), ("N985", (1, 0, 0)), ("N984", (0, 1, 1)), ("N1000", (1, 0, 0))]
    {
        assert_eq!(outcome(&compared("N1000", test)), expected, "{test}");
    }
}

#[test]
fn of_two_candidates_the_nearer_is_taken() {
    assert_eq!(outcome(&compared("N1000", "N990 V1002")), (1, 0, 1));
    assert_eq!(compared("N1000", "N990 V1002").matrix.sum("N", "V"), 1);
    assert_eq!(outcome(&compared("N990 V1002", "N1000")), (1, 1, 0));
    assert_eq!(compared("N990 V1002", "N1000").matrix.sum("V", "N"), 1);
}

/// A test beat exactly between two reference beats belongs to the first when the second has a nearer partner of its own.
#[test]
fn ties_go_to_the_beat_that_has_no_other() {
    assert_eq!(outcome(&compared("N1000 N1020", "N1010 N1025")), (2, 0, 0));
    assert_eq!(outcome(&compared("N1010 N1025", "N1000 N1020")), (2, 0, 0));
}

#[test]
fn the_learning_period_is_not_scored() {
    let settings = settings(300.0, Some(40_000));
    let reference = annotations("N29000 N29500 N30010 N31000");
    // Before the period: missed and extra beats count for nothing; a test beat that fits the first scored one counts, wherever it lies.
    let test = annotations("V100 V29200 N29996 N31000");
    assert_eq!(outcome(&compare_beats(&reference, &test, &settings)), (2, 0, 0));
    // Just after the start, belonging to a reference beat before it: passed over.
    let reference = annotations("N29995 N30100");
    let test = annotations("N30004 N30100");
    assert_eq!(outcome(&compare_beats(&reference, &test, &settings)), (1, 0, 0));
    // Just after the start, with nothing before it that fits: it is passed over too, as in bxb.
    let test = annotations("N30015 N30100");
    assert_eq!(outcome(&compare_beats(&annotations("N30100"), &test, &settings)), (1, 0, 0));
    let test = annotations("N30016 N30100");
    assert_eq!(outcome(&compare_beats(&annotations("N30100"), &test, &settings)), (1, 0, 1));
}

#[test]
fn recordings_shorter_than_the_learning_period_are_refused() {
    let rate = Rate::new(100.0).unwrap();
    let refused = Settings::ec57(rate, Some(1_000), LabelMap::Aami).unwrap_err();
    assert_eq!(refused, ScoringError::TooShort { learning_s: 300.0, length_s: 10.0 });
    assert!(refused.to_string().contains("--from 0"), "{refused}");
    assert!(Settings::starting_at(0.0, rate, Some(1_000), LabelMap::Aami).is_ok());
    assert_eq!(Settings::ec57(rate, None, LabelMap::Aami).unwrap().end, None);
}

#[test]
fn beats_after_the_end_are_not_scored() {
    assert_eq!(outcome(&compared("N1000 N10001", "N1000 N10001")), (1, 0, 0));
    let to_the_end_of_the_reference = settings(0.0, None);
    let late = compare_beats(&annotations("N1000 N10001"), &annotations("N1000 N10001 N20000"), &to_the_end_of_the_reference);
    assert_eq!(outcome(&late), (2, 0, 0));
}

#[test]
fn beats_missed_in_the_test_annotators_shutdown_are_told_apart() {
    let found = compared("N500 N1000 V1500 N2500", "N500 ~600/48 ~2000/0 N2500");
    assert_eq!(found.matrix.sum("N", "X"), 1);
    assert_eq!(found.matrix.sum("V", "X"), 1);
    assert_eq!(found.matrix.missed_in_shutdown(), Share { hits: 2, of: 4 });
    assert_eq!(found.shutdown_s, 14);
    // Only both bits mean shutdown.
    for subtype in [16, 32, 15] {
        let noise = compared("N500 N1000 V1500 N2500", &format!("N500 ~600/{subtype} ~2000/0 N2500"));
        assert_eq!((noise.matrix.sum("NV", "X"), noise.matrix.sum("NV", "O"), noise.shutdown_s), (0, 2, 0), "{subtype}");
    }
    // In the reference's shutdown the test annotator's beats are X/n.
    let reference = compared("N500 ~600/48 ~2000/0 N2500", "N500 N1000 V1500 N2500");
    assert_eq!(reference.matrix.sum("X", "NV"), 2);
    assert_eq!(reference.matrix.statistics().qrs_predictivity, Share { hits: 2, of: 4 });
}

/// The AHA database marks a shutdown by one annotation within it.
#[test]
fn a_lone_shutdown_mark_reaches_from_beat_to_beat() {
    let found = compared("N500 N510 N1000 N2500", "N500 ~1500/48 N2500");
    assert_eq!(found.matrix.sum("N", "X"), 1, "the beat at 1000 lies within");
    assert_eq!(found.matrix.sum("N", "O"), 1, "the beat at 510 lies within the window of the one before the shutdown");
    // 515 to 2485.
    assert_eq!(found.shutdown_s, 20);
}

#[test]
fn a_shutdown_to_the_end_of_the_file_lasts_to_the_end_of_the_recording() {
    let found = compared("N500 N1000 N9000", "N500 ~600/48");
    assert_eq!(found.matrix.sum("N", "X"), 2);
    assert_eq!(found.shutdown_s, 94);
}

#[test]
fn test_beats_in_reference_fibrillation_are_not_counted() {
    let found = compared("N500 [1000 !1100 !1200 ]2000 N2500", "N500 V1100 V1200 V1999 N2500");
    assert_eq!(outcome(&found), (2, 0, 0));
    // A test annotator's own fibrillation excuses nothing.
    let found = compared("N500 V1100 V1200 N2500", "N500 [1000 ]2000 N2500");
    assert_eq!(outcome(&found), (2, 2, 0));
    // After its end beats count again.
    assert_eq!(outcome(&compared("N500 [1000 ]2000 N2500", "N500 V2001 N2500")), (2, 0, 1));
}

#[test]
fn rr_errors_are_of_intervals_without_interruption() {
    // Reference 100, 100; test 101, 97: squares 1 and 9, 10 ms a sample.
    let found = compared("N100 N200 N300 N400", "N100 N200 N301 N398");
    assert_eq!(found.rr_error.count, 3);
    assert!((found.rr_rms_ms().unwrap() - (10.0f64 / 3.0).sqrt() * 10.0).abs() < 1e-9);
    let interrupted = compared("N100 N200 [250 ]260 N300 N400", "N100 N200 N301 N398");
    assert_eq!(interrupted.rr_error.count, 2);
    assert_eq!(compared("", "").rr_rms_ms(), None);
}

#[test]
fn label_maps_differ_in_escape_beats() {
    let all =
        annotations("e100 j200 n300 A400 a500 J600 S700 N800 L900 R1000 B1100 V1200 E1300 r1400 F1500 /1600 f1700 Q1800 ?1900");
    let matrix = |map| {
        let settings = Settings { map, ..settings(0.0, Some(10_000)) };
        compare_beats(&all, &all, &settings).matrix
    };
    let beats = |matrix: &BeatMatrix| ["N", "S", "V", "F", "Q"].map(|label| matrix.sum(label, label));
    assert_eq!(beats(&matrix(LabelMap::Aami)), [4, 7, 3, 1, 4]);
    assert_eq!(beats(&matrix(LabelMap::Ml)), [6, 5, 3, 1, 4]);
}

fn runs(reference: &str, test: &str, kind: RunKind) -> RunComparison {
    compare_runs(&annotations(reference), &annotations(test), kind, &settings(0.0, Some(100_000))).unwrap()
}

/// A run of `count` beats between normal ones, 100 samples apart from `start` on.
fn run_of(mnemonic: char, count: usize, start: usize) -> String {
    let beats: Vec<String> = (0..count).map(|i| format!("{mnemonic}{}", start + 100 * (i + 1))).collect();
    format!("N{start} {} N{}", beats.join(" "), start + 100 * (count + 1))
}

#[test]
fn couplets_have_two_beats_short_runs_three_to_five_long_ones_six() {
    for (mnemonic, kind) in [('V', RunKind::Ventricular), ('F', RunKind::Ventricular), ('A', RunKind::Supraventricular)] {
        for count in 1..=9 {
            let text = run_of(mnemonic, count, 1000);
            let found = runs(&text, &text, kind);
            let expected = |range: RangeInclusive<usize>| u64::from(range.contains(&count));
            for (length, range) in [(RunLength::Couplet, 2..=2), (RunLength::Short, 3..=5), (RunLength::Long, 6..=9)] {
                let share = Share { hits: expected(range.clone()), of: expected(range) };
                assert_eq!(found.sensitivity(length), share, "{mnemonic} {count}");
                assert_eq!(found.predictivity(length), share, "{mnemonic} {count}");
            }
            let counted = count.min(LONGEST);
            assert_eq!(found.by_reference.counts[counted][counted], 1);
        }
    }
}

#[test]
fn a_longer_run_in_the_test_annotations_is_found_but_not_predictive() {
    let (couplet, short) = ("N900 V1000 V1100 N1200 N1300 N1400", "N900 V1000 V1100 V1200 N1300 N1400");
    let found = runs(couplet, short, RunKind::Ventricular);
    // Within 150 ms around the couplet there are two of the three beats.
    assert_eq!(found.by_reference.counts[2][2], 1);
    assert_eq!(found.sensitivity(RunLength::Couplet), Share { hits: 1, of: 1 });
    assert_eq!(found.by_test.counts[2][3], 1);
    assert_eq!(found.predictivity(RunLength::Short), Share { hits: 0, of: 1 });
    assert_eq!(found.predictivity(RunLength::Couplet), Share::default());
    let missed = runs(short, couplet, RunKind::Ventricular);
    assert_eq!(missed.sensitivity(RunLength::Short), Share { hits: 0, of: 1 });
    assert_eq!(missed.predictivity(RunLength::Couplet), Share { hits: 1, of: 1 });
}

#[test]
fn kinds_of_run_break_each_other() {
    let text = "N100 V200 V300 A400 V500 A600 A700 N800";
    let ventricular = runs(text, text, RunKind::Ventricular);
    assert_eq!((ventricular.by_reference.counts[2][2], ventricular.by_reference.counts[1][1]), (1, 1));
    let supraventricular = runs(text, text, RunKind::Supraventricular);
    assert_eq!((supraventricular.by_reference.counts[2][2], supraventricular.by_reference.counts[1][1]), (1, 1));
}

#[test]
fn fibrillation_is_a_run_of_the_greatest_length() {
    let reference = "N500 [1000 ]2000 N2500";
    assert_eq!(runs(reference, reference, RunKind::Ventricular).by_reference.counts[6][6], 1);
    assert_eq!(runs(reference, "N500 V1000 V1100 N2500", RunKind::Ventricular).by_reference.counts[6][2], 1);
    // Beats are normal again after "(N"; within "(AFIB" they are supraventricular.
    let atrial = "N500 +1000(AFIB N1100 N1200 V1300 N1400 +1500(N N1600";
    let found = runs(atrial, atrial, RunKind::Supraventricular);
    assert_eq!(found.by_reference.counts[6][6], 1, "{found:?}");
    let rhythm = "N500 +1000(VFL ]2000 N2500";
    assert_eq!(runs(rhythm, reference, RunKind::Ventricular).by_reference.counts[6][6], 1);
}

#[test]
fn runs_without_annotations_give_no_answer() {
    let settings = settings(0.0, Some(1_000));
    let nothing =
        |reference, test| compare_runs(&annotations(reference), &annotations(test), RunKind::Ventricular, &settings).unwrap_err();
    assert_eq!(nothing("", "N100"), ScoringError::NoAnnotations { side: Side::Reference });
    assert_eq!(nothing("N100", ""), ScoringError::NoAnnotations { side: Side::Test });
}

#[test]
fn gross_counts_beats_and_average_counts_recordings() {
    let mut summary = Summary::default();
    summary.add(&compared("N100 N200 N300 N400", "N100 N200 N300 N400"));
    summary.add(&compared("N100 V200", "N100"));
    assert_eq!(summary.gross()[0], Share { hits: 5, of: 6 });
    assert_eq!(summary.averages[0].mean(), Some(75.0));
    assert_eq!((summary.averages[2].mean(), summary.averages[2].recordings), (Some(0.0), 1));
    assert_eq!(summary.averages[4].mean(), None);
    assert_eq!(summary.recordings, 2);
}

fn any_annotations() -> impl Strategy<Value = String> {
    let one =
        (0u32..12_000, proptest::sample::select(vec!["N", "V", "A", "F", "Q", "~/48", "~/0", "[", "]", "+(AFIB", "+(N", "e"]));
    proptest::collection::vec(one, 0..60).prop_map(|mut list| {
        // Two beats of one annotator on the same sample are nobody's match, in bxb too.
        list.sort();
        list.dedup_by_key(|(at, _)| *at);
        let word = |(at, kind): (u32, &str)| format!("{}{at}{}", &kind[..1], &kind[1..]);
        list.into_iter().map(word).collect::<Vec<_>>().join(" ")
    })
}

proptest! {
    #[test]
    fn an_annotator_agrees_with_itself(text in any_annotations(), learning in prop_oneof![Just(0.0), Just(20.0)]) {
        let list = annotations(&text);
        let settings = settings(learning, Some(10_000));
        let found = compare_beats(&list, &list, &settings);
        prop_assert_eq!(outcome(&found).2, 0);
        prop_assert_eq!(found.matrix.sum("NSVFQ", "O"), 0);
        prop_assert_eq!(found.rr_rms_ms().unwrap_or(0.0), 0.0);
    }

    #[test]
    fn no_scored_reference_beat_is_lost(reference in any_annotations(), test in any_annotations()) {
        let (reference, test) = (annotations(&reference), annotations(&test));
        let settings = settings(20.0, Some(10_000));
        let found = compare_beats(&reference, &test, &settings);
        let fibrillation = reference.iter().chain(&test).any(|a| a.mnemonic.as_str() == "[");
        let scored = |a: &&crate::recording::Annotation| {
            BeatLabel::from_mnemonic(&a.mnemonic, LabelMap::Aami).is_some() && (2_000..=10_000).contains(&a.at.0)
        };
        if !fibrillation {
            // One beat each may be taken from beyond the end by a partner within it.
            let beats = reference.iter().filter(scored).count() as u64;
            prop_assert!((beats..=beats + 1).contains(&found.matrix.beats("NSVFQ")), "{beats} {:?}", found.matrix);
        }
        for kind in [RunKind::Ventricular, RunKind::Supraventricular] {
            let _ = compare_runs(&reference, &test, kind, &settings);
        }
    }
}
