//! Rules beside the model's findings.

use super::*;
use crate::signal::criteria::agreement::{Agreement, Disagreement, ModelFinding, STATEMENTS, compare};

fn model(task: &'static str, code: &'static str, present: bool) -> ModelFinding<'static> {
    ModelFinding { task, code, present, probability: if present { 0.87 } else { 0.04 } }
}

fn compared(case: &Case, findings: &[ModelFinding]) -> Agreement {
    compare(&case.judge(), findings)
}

fn topics(disagreements: &[Disagreement]) -> Vec<&str> {
    disagreements.iter().map(|d| d.topic.as_str()).collect()
}

#[test]
fn a_normal_ecg_on_both_sides() {
    let findings = [
        model("rhythm", "N", true),
        model("superclass", "NORM", true),
        model("superclass", "MI", false),
        model("superclass", "CD", false),
        model("superclass", "HYP", false),
        model("superclass", "STTC", false),
    ];
    let found = compared(&Case::normal(), &findings);
    assert_eq!((found.agreed.len(), found.disagreements.len(), found.apart.len()), (6, 0, 0), "{found:?}");
}

#[test]
fn rhythm_against_rhythm() {
    let fibrillation = with(|c| {
        c.fibrillation();
    });
    let sinus = Case::normal();
    let agree = |case: &Case, code| compared(case, &[model("rhythm", code, true)]).disagreements.is_empty();
    assert!(agree(&sinus, "N") && !agree(&sinus, "A") && !agree(&sinus, "O"));
    assert!(agree(&fibrillation, "A") && !agree(&fibrillation, "N") && !agree(&fibrillation, "O"));
    let said = compared(&sinus, &[model("rhythm", "A", true)]).disagreements;
    assert_eq!(said[0].rule_says, "Sinus rhythm");
    assert_eq!(said[0].model_says, "atrial fibrillation (probability 87 %)");
    let ectopic = with(|c| {
        c.rhythm.labels[4] = Some(crate::recording::BeatLabel::V);
    });
    assert!(agree(&ectopic, "O") && agree(&ectopic, "N"));
    // One lead: P waves, but no axis that would tell sinus rhythm.
    let single = with(|c| {
        c.without("p_axis");
    });
    assert!(agree(&single, "N") && !agree(&single, "A"));
    assert_eq!(compared(&single, &[model("rhythm", "N", true)]).apart.len(), 1);
    let noise = compared(&sinus, &[model("rhythm", "~", true)]);
    assert!(noise.disagreements.is_empty() && noise.apart.len() == 1);
    // Rules without a rhythm have nothing to disagree with.
    let none = with(|c| c.rhythm.p_present.clear());
    let found = compared(&none, &[model("rhythm", "A", true)]);
    assert!(found.disagreements.is_empty() && found.agreed.is_empty() && found.apart.len() == 1);
}

#[test]
fn superclasses_against_rules() {
    let infarction = inferior_infarction();
    let yes = compared(&infarction, &[model("superclass", "MI", true), model("superclass", "NORM", false)]);
    assert_eq!(yes.agreed.len(), 2);
    let no = compared(&infarction, &[model("superclass", "MI", false), model("superclass", "NORM", true)]);
    assert_eq!(topics(&no.disagreements), ["myocardial infarction", "normal ECG"]);
    assert_eq!(no.disagreements[0].model_says, "no myocardial infarction (probability 4 %)");
    assert!(no.disagreements[0].rule_says.contains("possible inferior MI"));
    let missed = compared(&Case::normal(), &[model("superclass", "HYP", true)]);
    assert_eq!(topics(&missed.disagreements), ["hypertrophy"]);
    assert_eq!(missed.disagreements[0].rule_says, "no hypertrophy by the rules");
}

#[test]
fn a_hint_agrees_and_never_contradicts() {
    let high = with(|c| {
        c.set("sokolow_lyon", 4.0);
    });
    assert_eq!(compared(&high, &[model("superclass", "HYP", true)]).agreed.len(), 1);
    let silent = compared(&high, &[model("superclass", "HYP", false)]);
    assert!(silent.disagreements.is_empty() && silent.agreed.is_empty() && silent.apart.len() == 1);
}

#[test]
fn what_the_rules_left_open_is_no_disagreement() {
    let findings = [model("superclass", "MI", true), model("superclass", "STTC", true), model("superclass", "CD", true)];
    let found = compared(&left_block(), &findings);
    assert!(found.disagreements.is_empty());
    assert_eq!(found.agreed.len(), 1);
    assert_eq!(found.apart.len(), 2);
    assert!(found.apart[0].reason.contains("left bundle branch block"));
}

#[test]
fn statements_by_their_code() {
    let high = with(|c| {
        c.set("sokolow_lyon", 4.0);
    });
    let found =
        compared(&high, &[model("statement", "LVH", true), model("statement", "CRBBB", true), model("statement", "DIG", true)]);
    assert_eq!(found.agreed.len(), 1, "voltage criteria and hypertrophy are near enough");
    assert_eq!(topics(&found.disagreements), ["statement CRBBB"]);
    assert_eq!(found.apart.len(), 1);
    let silent = compared(
        &high,
        &[model("statement", "LVH", false), model("statement", "VCLVH", false), model("statement", "DIG", false)],
    );
    assert_eq!(topics(&silent.disagreements), ["statement VCLVH"]);
}

#[test]
fn every_scp_code_the_rules_use_can_be_compared() {
    let mut cases = vec![Case::normal(), left_block(), right_block(), inferior_infarction()];
    cases.push(with(|c| {
        c.leads("t_amplitude", &[V5, V6], -0.3).set("qtc_framingham", 470.0).set("pr", 240.0).set("sokolow_lyon", 4.0);
    }));
    for code in cases.iter().flat_map(Case::scp) {
        assert!(code == "NORM" || STATEMENTS.iter().any(|(known, _)| *known == code), "{code}");
    }
}
