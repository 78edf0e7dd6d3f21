//! Several recordings at once.

use crate::window_fake::{Fake, drive::*};
use efficientecg::app::{message::Message, tabs::KEPT_ANALYSES};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::sync::{Arc, atomic::Ordering};

fn ready(window: &mut Window, name: &str) {
    wait(window, name, |w| w.state().state().recording().is_some_and(|r| r.name == name) && w.state().state().analysis.is_some());
}

/// Opens a row with Ctrl held.
fn open_in_tab(window: &mut Window, row: &str) {
    window.get_by_label_contains(row).click_modifiers(Modifiers::COMMAND);
    window.run();
}

#[test]
fn each_tab_keeps_its_view_and_its_analysis() {
    let fake: Arc<Fake> = Arc::default();
    let mut window = window(&fake, &["/ecg/long1.hea", "/ecg/lead1.hea", "/ecg/demo.hea"]);
    ready(&mut window, "long1");
    assert!(!sees(&window, "Close tab"), "one recording needs no tabs");
    window.state_mut().apply(Message::CentreOn(900.0));
    window.key_press(Key::G);
    window.run();
    let place = window.state().state().view.clone();
    open_in_tab(&mut window, "lead1.hea");
    ready(&mut window, "lead1");
    assert!(sees(&window, "Tab long1") && sees(&window, "Tab lead1") && sees(&window, "2 of 3"));
    window.key_press(Key::G);
    window.run();
    assert_ne!(window.state().state().view.scale.gain, place.scale.gain);

    window.get_by_label("Tab long1").click();
    window.run();
    assert_eq!(window.state().state().view, place, "the view is as it was left");
    assert!(window.state().state().analysis.is_some() && sees(&window, "1 of 3"), "and nothing is computed again");
    window.key_press_modifiers(Modifiers::COMMAND, Key::PageDown);
    window.run();
    assert!(sees(&window, "1 lead, 500 Hz"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::PageDown);
    window.run();
    assert!(sees(&window, "1 of 3"), "the first follows the last");
}

#[test]
fn a_recording_is_open_in_one_tab_only() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/two.hea"]);
    ready(&mut window, "one");
    open_in_tab(&mut window, "two.hea");
    ready(&mut window, "two");
    window.get_by_label_contains("one.hea").click();
    window.run();
    assert!(sees(&window, "1 of 2"));
    assert_eq!(window.state().state().tabs.len(), 2);
    open_in_tab(&mut window, "two.hea");
    assert!(sees(&window, "2 of 2"));
    assert_eq!(window.state().state().tabs.len(), 2);
}

#[test]
fn closing_a_tab_shows_its_neighbour_and_the_last_leaves_an_empty_page() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/two.hea"]);
    ready(&mut window, "one");
    open_in_tab(&mut window, "two.hea");
    ready(&mut window, "two");
    window.get_by_label("Close tab one").click();
    window.run();
    assert!(!sees(&window, "Close tab") && sees(&window, "2 of 2"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::T);
    window.run();
    assert!(sees(&window, "Drop an ECG recording or a folder here") && sees(&window, "Tab empty"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.run();
    assert!(sees(&window, "2 of 2") && sees(&window, "ECG page"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.run();
    assert!(!sees(&window, "ECG page"));
}

#[test]
fn an_analysis_goes_on_in_a_tab_that_waits_and_lands_there() {
    let fake: Arc<Fake> = Arc::default();
    fake.hold.store(true, Ordering::Relaxed);
    let mut window = window(&fake, &["/ecg/one.hea", "/ecg/lead1.hea"]);
    wait(&mut window, "the first", |w| sees(w, "ECG page"));
    open_in_tab(&mut window, "lead1.hea");
    wait(&mut window, "the second", |w| sees(w, "1 lead, 500 Hz"));
    fake.hold.store(false, Ordering::Relaxed);
    ready(&mut window, "lead1");
    assert!(sees(&window, "needs leads I, II and V1 to V6"));
    wait(&mut window, "the one that waits", |w| w.state().state().tabs.waiting().all(|state| state.analysis.is_some()));
    window.get_by_label("Tab one").click();
    window.run();
    assert!(!sees(&window, "needs leads I, II and V1 to V6") && sees(&window, "Myocardial infarction"));
}

#[test]
fn many_tabs_keep_few_analyses() {
    let fake: Arc<Fake> = Arc::default();
    let names: Vec<String> = (0..KEPT_ANALYSES + 3).map(|i| format!("/ecg/demo{i}.hea")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut window = window(&fake, &names);
    ready(&mut window, "demo0");
    for i in 1..names.len() {
        open_in_tab(&mut window, &format!("demo{i}.hea"));
        ready(&mut window, &format!("demo{i}"));
    }
    let kept = window.state().state().tabs.waiting().filter(|state| state.analysis.is_some()).count();
    assert_eq!(kept, KEPT_ANALYSES);
    window.get_by_label("Tab demo0").click();
    ready(&mut window, "demo0");
    assert_eq!(window.state().state().tabs.len(), names.len());
}
