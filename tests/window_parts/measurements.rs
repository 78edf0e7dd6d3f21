//! The corner of measurements, and looking at what they were measured on.

use crate::window_fake::{Fake, drive::*};
use efficientecg::app::{measuring::Qtc, message::Message, page::spans};
use egui::{Key, Role};
use egui_kittest::kittest::{NodeT as _, Queryable};
use std::sync::Arc;

#[test]
fn the_corner_shows_values_limits_and_what_is_missing() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    for text in [
        "Rate: 72 bpm (58–104)",
        "PR: 200 ms",
        "QRS: 100 ms",
        "QT: 430 ms",
        "QTc Fridericia: 458 ms, above 450 ms",
        "QTc Framingham: 449 ms",
        "QRS axis: −34°, below −30°",
        "T axis: 41°, uncertain",
        "P axis: not measurable: P waves are too small",
        "QTc Bazett: the rate is unstable",
    ] {
        assert!(sees(&window, text), "{text}");
    }
    assert!(!sees(&window, "Lowest rate"), "told with the rate");

    let row = window.get_by_label_contains("QTc Fridericia: 458 ms").rect().center();
    window.hover_at(row);
    wait(&mut window, "the tooltip", |w| sees(w, "Limits: 390 ms to 450 ms (AHA/ACCF/HRS 2009, part IV)"));
    assert!(sees(&window, "From 11 beats") && sees(&window, "Confidence 90 %"));
}

#[test]
fn the_preferred_formula_stands_first_and_is_remembered() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/two.hea"]);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    let order = |w: &Window| {
        let mut rows: Vec<(f32, String)> = w
            .query_all_by_label_contains("QTc ")
            .filter(|node| node.accesskit_node().role() == Role::Button)
            .map(|node| (node.rect().top(), node.accesskit_node().label().unwrap_or_default()))
            .collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        rows.into_iter().map(|(_, label)| label).collect::<Vec<_>>()
    };
    assert_eq!(order(&window).len(), 4);
    window.get_by_role_and_label(Role::ComboBox, "QTc shown first").click();
    window.run();
    window.get_by_label("Bazett").click();
    window.run();
    assert_eq!(window.state().state().qtc, Qtc::Bazett);
    window.key_press(Key::CloseBracket);
    wait(&mut window, "the second", |w| sees(w, "2 of 2") && w.state().state().analysis.is_some());
    assert_eq!(window.state().state().qtc, Qtc::Bazett);
}

#[test]
fn choosing_qt_lights_up_every_beat_from_qrs_onset_to_t_offset() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    let page = |w: &Window| (w.get_by_label_contains("ECG page").rect(), w.state().state().page_size);
    let before = page(&window);
    window.get_by_label("QT: 430 ms").click();
    window.run();
    let lit = spans::lit(window.state().state()).expect("lit");
    assert_eq!((lit.words, &lit.leads), ("QRS onset to T offset", &None));
    let (lead, spans) = &lit.spans[0];
    assert!(lead.is_none() && spans.len() == 12, "{}", spans.len());
    assert!((spans[0].start - 150.0).abs() < 1.0 && (spans[0].end - 365.0).abs() < 1.0, "{:?}", spans[0]);
    // Ten of the normal beats measure what the table says; the ectopic one is seen to differ.
    assert!(sees(&window, "On the page: QRS onset to T offset, over all leads; 12 in view, 430 to 530 ms, median 430 ms"));
    assert_eq!(page(&window), before, "the page stays where it is");
    window.key_press(Key::Escape);
    window.run();
    assert!(!sees(&window, "On the page: QRS onset") && spans::lit(window.state().state()).is_none());

    window.get_by_label_contains("Rate: 72 bpm").click();
    window.run();
    assert!(sees(&window, "On the page: R peak to R peak;"));
    window.get_by_label_contains("Rate: 72 bpm").click();
    window.run();
    assert!(spans::lit(window.state().state()).is_none(), "a second press clears");
}

#[test]
fn amplitudes_light_up_in_their_leads_only() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.get_by_label_contains("Sokolow-Lyon: 2.1 mV").click();
    window.run();
    assert!(sees(&window, "On the page: the QRS complex, in V1, V5"));
    window.state_mut().apply(Message::ChooseMeasurement("st_j60_V2".into()));
    window.run();
    let lit = spans::lit(window.state().state()).expect("lit");
    assert_eq!(lit.spans.len(), 1);
    assert_eq!(lit.spans[0].0.as_ref().map(ToString::to_string).as_deref(), Some("V2"));
    assert!(lit.spans[0].1.iter().all(|span| span.start == span.end), "a point in time");
    assert!((lit.spans[0].1[0].start - 230.0).abs() < 1e-6, "60 ms after the J point");
    assert!(sees(&window, "ST at J+60 in V2 0.21 mV (high)"));
}

#[test]
fn the_table_of_leads_opens_and_is_pressed() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    assert!(!sees(&window, "R amplitude in V5"));
    window.get_by_label("Lead by lead").click();
    window.run();
    assert!(sees(&window, "ST level 60 ms after the J point in V2: 0.21 mV, above 0.1 mV"));
    assert!(sees(&window, "S amplitude in V1: not measurable"));
    window.get_by_label_contains("R amplitude in V5: 1.1 mV").click();
    window.run();
    assert!(sees(&window, "On the page: the QRS complex, in V5"));
}

#[test]
fn what_cannot_be_lit_up_says_why() {
    let mut window = analysed(&Arc::default(), "/ecg/unwaved.hea");
    assert!(sees(&window, "PR, QT: not measurable: waves are not delineated"));
    assert!(!sees(&window, "QTc shown first") && !sees(&window, "Lead by lead"));
    window.state_mut().apply(Message::ChooseMeasurement("qt".into()));
    window.run();
    assert!(spans::lit(window.state().state()).is_none());
}

#[test]
fn in_a_long_recording_a_chosen_measurement_asks_for_the_waves_in_view() {
    let fake: Arc<Fake> = Arc::default();
    let mut window = analysed(&fake, "/ecg/long.hea");
    window.get_by_label("QT: 430 ms").click();
    wait(&mut window, "the waves", |w| sees(w, "median 430 ms"));
    assert_eq!(fake.waves.lock().expect("no panic").len(), 1);
    let lit = spans::lit(window.state().state()).expect("lit");
    assert!((11..=13).contains(&lit.spans[0].1.len()), "each beat once: {}", lit.spans[0].1.len());
}
