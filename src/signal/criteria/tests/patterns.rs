//! Typical tables as a whole.

use super::*;
use crate::signal::criteria::{Criteria, Group};

#[test]
fn a_normal_table_is_normal_and_nothing_else() {
    let said = Case::normal().judge();
    assert_eq!(said.not_judged, vec![]);
    let texts: Vec<&str> = said.statements.iter().map(|s| s.text.as_str()).collect();
    assert_eq!(texts, ["Sinus rhythm", "Normal ECG"]);
    assert_eq!(said.statements[0].values["heart_rate"], 72.0);
    assert!(said.statements[0].rule.contains("P axis 50 degrees"), "{}", said.statements[0].rule);
}

#[test]
fn left_bundle_branch_block_hides_what_is_secondary() {
    let case = left_block();
    assert_eq!(case.scp(), ["SR", "CLBBB"]);
    let said = case.judge();
    let statement = said.scp("CLBBB").expect("said above");
    assert_eq!(statement.code, "AHA 104");
    assert!(statement.caveats.iter().any(|c| c.contains("Strauss") && c.contains("are met")), "{:?}", statement.caveats);
    for group in [Group::Hypertrophy, Group::Infarction, Group::Repolarisation] {
        assert!(!said.judged(group), "{group}");
        assert!(said.not_judged.iter().any(|n| n.group == group && n.reason.contains("left bundle branch block")), "{group}");
    }
}

#[test]
fn left_bundle_branch_block_is_only_possible_without_the_stricter_criteria() {
    let at = |sex, qrs| {
        let case = with(|c| {
            *c = left_block();
            c.sex = sex;
            c.set("qrs", qrs);
        });
        case.has("AHA 104")
    };
    assert!(at(Some(Sex::Male), 140.0) && !at(Some(Sex::Male), 139.0));
    assert!(at(Some(Sex::Female), 130.0) && !at(Some(Sex::Female), 129.0));
    assert!(at(None, 140.0) && !at(None, 139.0));
    let case = with(|c| {
        *c = left_block();
        c.set("qrs", 125.0);
    });
    let said = case.judge();
    assert!(said.scp("CLBBB").is_some_and(|s| s.code == "AHA 104+312" && s.caveats.iter().any(|c| c.contains("not met"))));
}

#[test]
fn right_bundle_branch_block_takes_away_v1_to_v3_only() {
    let case = right_block();
    assert_eq!(case.scp(), ["SR", "CRBBB"]);
    assert!(case.skipped("V1 to V3"));
    let lateral = with(|c| {
        *c = right_block();
        c.leads("t_amplitude", &[V5, V6], -0.2);
    });
    assert!(lateral.has_scp("INVT"));
    let infarction = with(|c| {
        *c = right_block();
        c.leads("q_amplitude", &[II, III, AVF], 0.3).leads("q_duration", &[II, III, AVF], 40.0);
    });
    assert!(infarction.has_scp("IMI"));
}

#[test]
fn inferior_infarction_with_its_mirror() {
    let said = inferior_infarction().judge();
    let codes: Vec<&str> = said.statements.iter().map(|s| s.code.as_str()).collect();
    assert_eq!(codes, ["AHA 20", "AHA 161+312+333", "AHA 501", "AHA 502"]);
    let q = said.scp("IMI").expect("said above");
    assert_eq!(q.values["q_duration_aVF"], 42.0);
    assert!(!q.values.contains_key("q_amplitude_V4"), "only the leads of the finding are shown");
    assert_eq!(q.leads, vec![LeadName::from(II), III.into(), AVF.into()]);
    let st = said.scp("STE_").expect("said above");
    assert_eq!(st.severity, Severity::Urgent);
    assert!(st.text.contains("with ST depression in I, aVL"), "{}", st.text);
    assert!(said.group(Group::Overall).next().is_none());
}

#[test]
fn a_child_gets_no_limits_of_adults() {
    let case = with(|c| {
        *c = inferior_infarction();
        c.age = Some(7.0);
        c.set("qrs_axis", 110.0).set("qrs", 125.0).set("pr", 230.0).set("heart_rate", 115.0).set("sokolow_lyon", 4.5);
    });
    let said = case.judge();
    assert_eq!(said.statements.iter().map(|s| s.code.as_str()).collect::<Vec<_>>(), ["AHA 20"]);
    for group in [Group::Conduction, Group::Axis, Group::Hypertrophy, Group::Infarction, Group::Repolarisation] {
        assert!(said.not_judged.iter().any(|n| n.group == group && n.reason.contains("age 7")), "{group}");
    }
}

#[test]
fn unknown_age_is_a_caveat_and_no_normal_ecg() {
    for age in [None, Some(f32::NAN), Some(-1.0)] {
        let case = with(|c| {
            c.age = age;
            c.set("pr", 230.0);
        });
        let said = case.judge();
        assert!(said.scp("1AVB").is_some_and(|s| s.caveats.iter().any(|c| c.contains("age unknown"))));
        let normal = with(|c| c.age = age).judge();
        assert!(normal.scp("NORM").is_none());
        assert!(!normal.judged(Group::Overall));
    }
}

#[test]
fn no_normal_ecg_while_anything_is_open() {
    type Change = fn(&mut Case);
    let changes: [Change; 6] = [
        |c| {
            c.without("st_j_V2");
        },
        |c| {
            c.without("qtc_framingham").without("qtc_fridericia").without("qtc_hodges").without("qtc_bazett");
        },
        |c| c.rhythm.pacing = None,
        |c| c.rhythm.labels.clear(),
        |c| {
            c.without("ptf_v1");
        },
        |c| {
            c.without("qrs_axis");
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let said = with(change).judge();
        assert!(said.scp("NORM").is_none(), "{number}");
        assert!(!said.not_judged.is_empty(), "{number}");
        assert!(!said.judged(Group::Overall), "{number}");
    }
}

#[test]
fn otherwise_normal_names_what_is_beside() {
    let said = with(|c| {
        c.set("heart_rate", 55.0);
    })
    .judge();
    let last = said.statements.last().expect("some");
    assert_eq!((last.code.as_str(), last.text.as_str()), ("AHA 2", "Otherwise normal ECG"));
    assert!(last.rule.contains("Sinus bradycardia"));
}

#[test]
fn an_empty_table_says_nothing_and_why() {
    let case =
        Case { measurements: Measurements::default(), rhythm: RhythmFacts::default(), leads: Vec::new(), age: None, sex: None };
    let said = case.judge();
    assert_eq!(said.statements, vec![]);
    for group in Group::ALL {
        assert!(!said.judged(group), "{group}");
    }
    assert!(said.not_judged.iter().all(|n| !n.reason.is_empty() && !n.what.is_empty()));
}

#[test]
fn statements_survive_json() {
    let said = inferior_infarction().judge();
    let text = serde_json::to_string(&said).expect("serialises");
    assert_eq!(serde_json::from_str::<Criteria>(&text).expect("reads"), said);
    assert!(text.contains("\"group\":\"infarction\""));
}

#[test]
fn doubt_and_confidence_of_a_measurement_reach_the_statement() {
    let case = with(|c| {
        let mut pr = Measured::new(230.0, "ms");
        pr.confidence = Some(0.4);
        pr.warning = Some("few beats agree".to_owned());
        c.measurements.0.insert("pr".to_owned(), pr);
    });
    let said = case.judge();
    let statement = said.scp("1AVB").expect("PR 230 ms");
    assert_eq!(statement.confidence, Some(0.4));
    assert!(statement.caveats.contains(&"pr: few beats agree".to_owned()));
    // What is remarked on a wave in one lead is no caveat.
    let case = with(|c| {
        *c = left_block();
        c.measurements.0.entry("q_amplitude_I".to_owned()).and_modify(|m| m.warning = Some("no such wave".to_owned()));
    });
    assert!(case.judge().scp("CLBBB").is_some_and(|s| s.caveats.iter().all(|c| !c.contains("no such wave"))));
}
