//! Trends and the comparison with an earlier recording, below the page.

use crate::window_fake::drive::*;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

#[test]
fn trends_are_shown_and_a_click_goes_there() {
    let mut window = analysed(&Arc::default(), "/ecg/long.hea");
    window.key_press(Key::V);
    wait(&mut window, "the trends", |w| sees(w, "Trend: RR interval (ms)"));
    for name in
        ["Trend: Heart rate", "Trend: Beats by class", "Trend: Lead time without a problem", "Trend: QT against RR before"]
    {
        assert!(sees(&window, name), "{name}");
    }
    assert_eq!(window.state().state().view.start.0, 0);
    // The middle of the plot is about the middle of half an hour.
    window.get_by_label_contains("Trend: RR interval").click();
    window.run();
    let start = window.state().state().view.start.0 as f64 / crate::window_fake::RATE;
    assert!((700.0..1100.0).contains(&start), "{start}");
    window.key_press(Key::V);
    window.run();
    assert!(!sees(&window, "Trend:") && sees(&window, "ECG page"));
}

#[test]
fn the_previous_recording_of_the_same_patient_is_compared() {
    let paths = ["/ecg/doe-2025-03-01.hea", "/ecg/doe-2024-03-01.hea", "/ecg/doe-2023-03-01.hea", "/ecg/other.hea"];
    let mut window = window(&Arc::default(), &paths);
    wait(&mut window, "the list's headers", |w| {
        let state = w.state().state();
        state.analysis.is_some()
            && state.worklist.rows().len() == 4
            && state.worklist.rows().iter().all(|row| row.facts.is_some())
    });
    window.key_press_modifiers(Modifiers::SHIFT, Key::P);
    wait(&mut window, "the comparison", |w| sees(w, "before: doe-2024-03-01 (2024-03-01 12:00)"));
    assert!(sees(&window, "365 days later") && sees(&window, "no difference beyond tolerance"));
    assert!(!sees(&window, "the files do not say"));
}

#[test]
fn without_a_patient_nothing_is_guessed_and_the_reader_can_choose() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/two.hea"]);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    window.key_press_modifiers(Modifiers::SHIFT, Key::P);
    window.run();
    assert!(sees(&window, "The file names no patient identification"));
    window.get_by_label_contains("two.hea").click_secondary();
    window.run();
    window.get_by_label("Compare with the open recording").click();
    wait(&mut window, "the comparison", |w| sees(w, "before: two"));
    assert!(sees(&window, "the files do not say that both are of one patient"));
}
