//! What must hold whatever the table says.

use super::*;
use crate::signal::criteria::Group;
use proptest::prelude::*;

/// Names of all measurements, with the range their values are drawn from.
fn names() -> Vec<(String, f64, f64)> {
    let whole = [
        ("heart_rate", 20.0, 220.0),
        ("rr_mean", 250.0, 3000.0),
        ("rr_sd", 0.0, 400.0),
        ("pr", 60.0, 320.0),
        ("qrs", 60.0, 200.0),
        ("qtc_framingham", 300.0, 560.0),
        ("qtc_fridericia", 300.0, 560.0),
        ("qtc_hodges", 300.0, 560.0),
        ("qtc_bazett", 300.0, 560.0),
        ("p_axis", -180.0, 180.0),
        ("qrs_axis", -180.0, 180.0),
        ("sokolow_lyon", 0.0, 6.0),
        ("cornell", 0.0, 5.0),
        ("cornell_product", 0.0, 500.0),
        ("ptf_v1", -8.0, 8.0),
        ("p_duration", 80.0, 150.0),
    ];
    let by_lead = [
        ("p_amplitude", -0.3, 0.4),
        ("q_amplitude", 0.0, 0.5),
        ("q_duration", 0.0, 60.0),
        ("r_amplitude", 0.0, 2.0),
        ("r_duration", 0.0, 100.0),
        ("s_amplitude", 0.0, 2.0),
        ("s_duration", 0.0, 100.0),
        ("r2_amplitude", 0.0, 1.0),
        ("qrs_pp", 0.0, 2.0),
        ("st_j", -0.4, 0.4),
        ("st_j60", -0.4, 0.4),
        ("t_amplitude", -0.5, 0.8),
        ("rpt", 0.0, 110.0),
    ];
    let leads = StandardLead::ALL;
    whole
        .into_iter()
        .map(|(name, low, high)| (name.to_owned(), low, high))
        .chain(by_lead.into_iter().flat_map(|(name, low, high)| leads.map(|l| (lead_name(name, l.name()), low, high))))
        .collect()
}

/// A value as it may come: in range, none of a wave, missing, or no number.
fn value(low: f64, high: f64) -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        12 => (low..=high).prop_map(Some),
        3 => Just(Some(0.0)),
        1 => Just(None),
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(-1e300), Just(1e300)].prop_map(Some),
    ]
}

fn facts() -> impl Strategy<Value = RhythmFacts> {
    let label = prop_oneof![
        6 => Just(Some(BeatLabel::N)),
        1 => Just(Some(BeatLabel::S)),
        2 => Just(Some(BeatLabel::V)),
        1 => Just(Some(BeatLabel::Q)),
        1 => Just(None),
    ];
    let rr = prop_oneof![8 => (0.3..1.5f64).prop_map(Some), 1 => Just(None), 1 => prop_oneof![Just(f64::NAN), Just(-1.0), Just(5.0)].prop_map(Some)];
    let steady = prop_oneof![Just(None), (0.4..1.2f64).prop_map(Some)];
    let p = prop_oneof![
        3 => prop::collection::vec(Just(Some(true)), 0..30),
        2 => prop::collection::vec(Just(Some(false)), 0..30),
        2 => prop::collection::vec(any::<Option<bool>>(), 0..30),
    ];
    let pr = prop_oneof![
        2 => prop::collection::vec(Just(Some(150.0)), 0..30),
        1 => prop::collection::vec(prop::option::of(80.0..300.0f64), 0..30),
    ];
    let spikes = prop::collection::vec(prop::bool::weighted(0.3), 0..30);
    let pacing = prop_oneof![
        1 => Just(None),
        3 => Just(Some(PacingFacts::default())),
        1 => (spikes.clone(), spikes).prop_map(|(atrial, ventricular)| Some(PacingFacts { spikes: 9, atrial, ventricular })),
    ];
    (prop::collection::vec(rr, 0..30), steady, prop::collection::vec(label, 0..30), p, pr, pacing, prop::option::of(0.0..20.0f64))
        .prop_map(|(rr, steady, labels, p_present, pr, pacing, longest_without_beat)| RhythmFacts {
            rr: if steady.is_some() { vec![steady; rr.len()] } else { rr },
            labels,
            p_present,
            pr,
            longest_without_beat,
            pacing,
        })
}

/// A random table; most of them a typical one with some values replaced, so that rules with many parts are met too.
fn case() -> impl Strategy<Value = Case> {
    let all = names();
    let values: Vec<_> = all.iter().map(|(_, low, high)| value(*low, *high)).collect();
    let keep = prop::collection::vec(prop::bool::weighted(0.85), all.len());
    let base = 0usize..6;
    let age = prop_oneof![3 => (18.0..95.0f32).prop_map(Some), 1 => (0.0..18.0f32).prop_map(Some), 1 => Just(None), 1 => Just(Some(f32::NAN))];
    let sex = prop_oneof![Just(Some(Sex::Male)), Just(Some(Sex::Female)), Just(None)];
    (values, keep, base, prop::option::of(facts()), age, sex).prop_map(move |(values, keep, base, facts, age, sex)| {
        let mut case = match base {
            0 => Case::normal(),
            1 => left_block(),
            2 => right_block(),
            3 => inferior_infarction(),
            4 => anterior_block(),
            _ => Case { measurements: Measurements::default(), ..Case::normal() },
        };
        for (((name, _, _), value), keep) in all.iter().zip(values).zip(keep) {
            if keep && base < 5 {
                continue;
            }
            match value {
                Some(value) => {
                    case.measurements.0.insert(name.clone(), Measured { value: Some(value), ..Measured::missing("", "") })
                }
                None => case.measurements.0.insert(name.clone(), Measured::missing("", "")),
            };
        }
        (case.age, case.sex) = (age, sex);
        case.rhythm = facts.unwrap_or(case.rhythm);
        case
    })
}

/// At most one of each row may be said.
const EXCLUSIVE: [&[&str]; 9] = [
    &["SR", "STACH", "SBRAD", "AFIB", "SVTAC"],
    &["SARRH", "AFIB"],
    &["1AVB", "LPR"],
    &["CLBBB", "CRBBB", "IRBBB", "ILBBB", "IVCD", "WPW"],
    &["LAFB", "LPFB"],
    &["LPFB", "RVH"],
    &["LVH", "VCLVH", "HVOLT", "LVOLT"],
    &["PAC", "AFIB"],
    &["1AVB", "AFIB"],
];
/// The same for AHA codes, modifiers left out.
const EXCLUSIVE_AHA: [&[&str]; 6] = [
    &["20", "21", "22", "27", "34", "40", "50", "56", "76", "63"],
    &["120", "121", "122"],
    &["80", "82"],
    &["148", "149"],
    &["1", "2"],
    &["101", "102", "120", "122"],
];
/// The first forbids the rest.
const HIDES: [&[&str]; 3] = [
    &["CLBBB", "LVH", "VCLVH", "RVH", "IMI", "ASMI", "AMI", "LMI", "STE_", "STD_", "INVT", "LAFB", "LPFB"],
    &["WPW", "LVH", "VCLVH", "RVH", "IMI", "ASMI", "AMI", "LMI", "STE_", "STD_", "INVT", "LAFB", "LPFB"],
    &["CRBBB", "RVH"],
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn contradictions_never_appear(case in case()) {
        let said = case.judge();
        let scp: Vec<&str> = said.statements.iter().filter_map(|s| s.scp.as_deref()).collect();
        for row in EXCLUSIVE {
            let met: Vec<&&str> = row.iter().filter(|code| scp.contains(code)).collect();
            prop_assert!(met.len() <= 1, "{met:?}");
        }
        let aha: Vec<&str> = said.statements.iter().filter_map(|s| s.code.strip_prefix("AHA ")?.split('+').next()).collect();
        for row in EXCLUSIVE_AHA {
            let met: Vec<&&str> = row.iter().filter(|code| aha.contains(code)).collect();
            prop_assert!(met.len() <= 1, "{met:?}");
        }
        for row in HIDES {
            if scp.contains(&row[0]) {
                prop_assert!(row[1..].iter().all(|code| !scp.contains(code)), "{row:?} in {scp:?}");
            }
        }
        let ventricular = case.rhythm.pacing.as_ref().is_some_and(|p| p.ventricular.iter().take(case.rhythm.beats()).any(|v| *v));
        if ventricular {
            prop_assert!(HIDES[0].iter().chain(&["CRBBB", "IRBBB", "IVCD", "WPW"]).all(|code| !scp.contains(code)), "{scp:?}");
        }
        // No lead is both elevated and depressed.
        let leads = |code: &str| said.statements.iter().filter(|s| s.is_scp(code)).flat_map(|s| s.leads.clone()).collect::<Vec<_>>();
        let up = leads("STE_");
        prop_assert!(leads("STD_").iter().all(|l| !up.contains(l)));
    }

    #[test]
    fn normal_means_nothing_abnormal_and_nothing_open(case in case()) {
        let said = case.judge();
        if said.scp("NORM").is_some() {
            prop_assert!(said.not_judged.is_empty());
            prop_assert!(said.statements.iter().all(|s| s.severity <= Severity::Variant));
            prop_assert!(case.age.is_some_and(|a| a >= 18.0));
        }
        if case.age.is_some_and(|a| a < 18.0) {
            let groups = [Group::Conduction, Group::Axis, Group::Hypertrophy, Group::Infarction, Group::Repolarisation, Group::Overall];
            prop_assert!(said.statements.iter().all(|s| !groups.contains(&s.group)));
        }
    }

    #[test]
    fn a_statement_shows_only_values_that_were_there(case in case()) {
        let said = case.judge();
        for statement in &said.statements {
            prop_assert!(!statement.text.is_empty() && !statement.rule.is_empty());
            for (name, value) in &statement.values {
                prop_assert!(value.is_finite(), "{name}");
                if let Some(measured) = case.measurements.get(name) {
                    prop_assert_eq!(measured.value, Some(*value), "{}", name);
                }
            }
        }
        prop_assert!(said.statements.is_sorted_by_key(|s| s.group));
    }

    /// Q and S given as recorded (negative) say the same as their sizes.
    #[test]
    fn the_sign_of_q_and_s_does_not_matter(case in case()) {
        let mut signed = case.clone();
        for (name, measured) in &mut signed.measurements.0 {
            if ["q_amplitude_", "s_amplitude_", "s2_amplitude_"].iter().any(|start| name.starts_with(start)) {
                measured.value = measured.value.map(|v| -v);
            }
        }
        prop_assert_eq!(case.codes(), signed.codes());
    }

    /// Taking a value away from a statement's own values never leaves a statement that shows it.
    #[test]
    fn no_statement_from_a_missing_measurement(case in case(), pick in any::<prop::sample::Index>()) {
        let said = case.judge();
        let used: Vec<String> = said.statements.iter().flat_map(|s| s.values.keys().cloned()).filter(|n| case.measurements.get(n).is_some()).collect();
        if !used.is_empty() {
            let gone = &used[pick.index(used.len())];
            let mut without = case.clone();
            without.without(gone);
            prop_assert!(without.judge().statements.iter().all(|s| !s.values.contains_key(gone)));
        }
    }
}

/// The tables above reach the rules: otherwise the properties would hold of nothing.
#[test]
fn the_random_tables_meet_many_rules() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let strategy = case();
    let mut codes = std::collections::BTreeSet::new();
    for _ in 0..1500 {
        let case = strategy.new_tree(&mut runner).expect("draws").current();
        codes.extend(case.codes());
    }
    let wanted = [
        "AHA 1",
        "AHA 2",
        "AHA 20",
        "AHA 21",
        "AHA 22",
        "AHA 23",
        "AHA 27",
        "AHA 34+312",
        "AHA 40",
        "AHA 41",
        "AHA 50+312",
        "AHA 60",
        "AHA 80",
        "AHA 82",
        "AHA 101",
        "AHA 104",
        "AHA 105",
        "AHA 106",
        "AHA 107",
        "AHA 108+312",
        "AHA 120",
        "AHA 121",
        "AHA 122",
        "AHA 125",
        "AHA 140",
        "AHA 140+312",
        "AHA 141",
        "AHA 142",
        "AHA 142+312",
        "AHA 143",
        "AHA 148",
        "AHA 149",
        "AHA 161+312+333",
        "AHA 165+312+333",
        "AHA 181",
        "AHA 147+367",
        "AHA 501",
        "AHA 502",
        "X-RHYTHM",
        "X-ASYSTOLE",
    ];
    let missed: Vec<&str> = wanted.into_iter().filter(|code| !codes.contains(*code)).collect();
    assert!(missed.is_empty(), "{missed:?} of {codes:?}");
}
