//! The list of findings: what is uncertain, many of them, and what was not answered.

use crate::window_fake::drive::*;
use efficientecg::app::message::Message;
use egui::Key;
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

#[test]
fn what_is_uncertain_is_told_in_words_in_findings_and_beats() {
    let window = analysed(&Arc::default(), "/ecg/demo.hea");
    assert!(sees(&window, "ST/T change: uncertain, probability 44 %, threshold 45 %"));
    assert!(sees(&window, "Other rhythm: probability 38 %"), "of a rhythm that is not the chosen one nothing is said");
    let window = analysed(&Arc::default(), "/ecg/long.hea");
    assert!(sees(&window, "beats uncertain: counted with ? in brackets, marked with ? on the page"));
}

#[test]
fn of_many_statements_the_absent_ones_are_folded_away() {
    let mut window = analysed(&Arc::default(), "/ecg/many.hea");
    for words in ["Statements", "AFIB: present, probability 90 %", "CLBBB: uncertain, probability 52 %", "12 not present"] {
        assert!(sees(&window, words), "{words}");
    }
    assert!(!sees(&window, "CRBBB: absent"));
    // Present ones first, then uncertain ones, each the more probable first.
    let shown: Vec<String> =
        ["LVH: present", "ISC_: present", "QWAVE: present", "AFIB: present", "IMI: uncertain", "CLBBB: uncertain"]
            .map(str::to_owned)
            .into();
    let mut tops: Vec<(f32, &String)> =
        shown.iter().map(|words| (window.get_by_label_contains(words.as_str()).rect().top(), words)).collect();
    tops.sort_by(|a, b| a.0.total_cmp(&b.0));
    let order: Vec<&str> = tops.iter().map(|(_, words)| words.split(':').next().unwrap_or_default()).collect();
    assert_eq!(order, ["QWAVE", "ISC_", "LVH", "AFIB", "IMI", "CLBBB"]);

    window.get_by_label("12 not present").scroll_to_me();
    window.run();
    window.get_by_label("12 not present").click();
    window.run();
    assert!(sees(&window, "CRBBB: absent, probability 10 %, threshold 50 %"));
}

#[test]
fn a_finding_chosen_by_keys_is_seen_even_if_it_is_absent() {
    let mut window = analysed(&Arc::default(), "/ecg/many.hea");
    for _ in 0..25 {
        window.key_press(Key::Period);
        window.run();
    }
    let chosen = window.state().state().chosen.clone().expect("a finding");
    assert_eq!(chosen.task, "statement");
    assert!(sees(&window, &format!("{}: absent", chosen.code)), "{chosen:?}");
}

#[test]
fn a_window_that_was_not_answered_says_why() {
    let mut window = analysed(&Arc::default(), "/ecg/long_strange.hea");
    window.state_mut().apply(Message::CentreOn(605.0));
    window.run();
    assert!(sees(&window, "In the window shown not answered: unlike the recordings the model was trained on"));
}
