//! Statements by rule beside the model's findings, and the parts that are fed with plain data.

use crate::window_fake::drive::*;
use efficientecg::app::{
    page::scale::Speed,
    views::{
        criteria::{self, Rule},
        disagreement::{self, Disagreement},
        median::{self, Of, Tile},
    },
};
use egui_kittest::{Harness, kittest::Queryable};
use std::sync::Arc;

#[test]
fn rules_stand_apart_from_the_model() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    let top = |w: &Window, label: &str| w.get_by_label(label).rect().top();
    assert!(top(&window, "Criteria (rules)") < top(&window, "Model findings"));
    let statement = window.get_by_label_contains("Prolonged QT interval").rect().top();
    assert!(statement > top(&window, "Criteria (rules)") && statement < top(&window, "Model findings"));
    assert!(sees(&window, "Left-axis deviation  AHA 121") && !sees(&window, "Rule: QTc above 450 ms in men"));
    assert!(sees(&window, "Atrial fibrillation: rules: sinus rhythm; model: present (87 %)"));
    window.get_by_label_contains("Prolonged QT interval").click();
    window.run();
    assert!(sees(&window, "Rule: QTc above 450 ms in men") && sees(&window, "458 ms"));
}

#[test]
fn long_statements_wrap_and_leave_the_page_its_width() {
    let width = |path: &str| analysed(&Arc::default(), path).get_by_label_contains("ECG page").rect().width();
    assert_eq!(width("/ecg/longwords.hea"), width("/ecg/metnone.hea"));
}

#[test]
fn no_rules_and_no_rule_met_are_told_apart() {
    assert!(sees(&analysed(&Arc::default(), "/ecg/norules.hea"), "Criteria were not judged."));
    assert!(sees(&analysed(&Arc::default(), "/ecg/metnone.hea"), "No criterion was met."));
}

#[test]
fn groups_leads_caveats_and_what_was_not_judged_are_shown() {
    let rule = |group: &str, text: &str| Rule {
        group: group.into(),
        text: text.into(),
        code: "AHA 1".into(),
        leads: vec!["V1".into(), "V2".into()],
        caveats: vec!["age is unknown".into()],
        ..Rule::default()
    };
    let rules = [rule("rhythm", "sinus rhythm"), rule("rhythm", "pause"), rule("axis", "left-axis deviation")];
    let not_judged = [("PR interval".to_owned(), "no P wave".to_owned())];
    let mut harness = Harness::new_ui(move |ui| criteria::show(ui, Some(&rules), &not_judged));
    harness.run();
    assert_eq!(harness.query_all_by_label("Rhythm").count(), 1);
    assert_eq!(harness.query_all_by_label("Axis").count(), 1);
    harness.get_by_label_contains("Pause in V1, V2").click();
    harness.run();
    assert!(harness.query_by_label("Age is unknown").is_some());
    harness.get_by_label("Not judged: 1").click();
    harness.run();
    assert!(harness.query_by_label("PR interval: no P wave").is_some());
}

#[test]
fn contradictions_are_said_and_silence_is_kept_where_there_are_none() {
    let one = [Disagreement { topic: "Atrial fibrillation", rules: "sinus rhythm", model: "present, 87 %" }];
    let mut harness = Harness::new_ui(move |ui| disagreement::show(ui, &one));
    harness.run();
    assert!(harness.query_by_label_contains("Rules and model disagree").is_some());
    assert!(harness.query_by_label("Atrial fibrillation: rules: sinus rhythm; model: present, 87 %").is_some());
    let mut harness = Harness::new_ui(|ui| disagreement::show(ui, &[]));
    harness.run();
    assert!(harness.query_by_label_contains("disagree").is_none());
}

#[test]
fn median_beats_are_drawn_whatever_they_hold() {
    let beat: Vec<f32> = (0..400).map(|i| (-(0.5 * ((i as f32 - 180.0) / 8.0).powi(2))).exp()).collect();
    let mut harness = Harness::builder().with_size([380.0, 700.0]).build_ui(move |ui| {
        let fiducials = [(Of::P, 60.0), (Of::Qrs, 150.0), (Of::T, f64::NAN), (Of::T, 1e12)];
        let broken = [f32::NAN, f32::INFINITY, 1.0];
        let leads: [(&str, &[f32]); 4] = [("I", &beat), ("II", &[]), ("V1", &broken), ("V2", &beat)];
        let tiles = leads.map(|(lead, samples)| Tile { lead: lead.into(), samples, rate_hz: 500.0, fiducials: fiducials.into() });
        median::show(ui, &tiles, Speed::Mm25);
    });
    harness.run();
    harness.get_by_label("Median beat").click();
    harness.run();
    assert!(harness.query_by_label("25 mm/s · 10 mm/mV").is_some());
    assert_eq!(harness.query_all_by_label_contains("Median beat in").count(), 4);
}
