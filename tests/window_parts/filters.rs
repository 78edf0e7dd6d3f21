//! Display filters.

use crate::window_fake::{Fake, drive::*};
use efficientecg::{
    app::{filtering::Hum, message::Message},
    signal::filter::{FilterSettings, Mains},
};
use egui::{Key, Role};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

const CAUTION: &str = "ST and QRS amplitudes may be changed; measurements are made on the unfiltered signal";

/// Chooses an entry of the filter menu.
fn choose(window: &mut Window, entry: &str) {
    window.get_by_role_and_label(Role::Button, "Filter").click();
    window.run();
    window.get_by_label(entry).click();
    window.run();
    window.key_press(Key::Escape);
    window.run();
}

#[test]
fn a_narrow_band_is_cautioned_against_and_one_press_ends_it() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    assert!(sees(&window, "25 mm/s · 10 mm/mV · unfiltered") && !sees(&window, CAUTION));
    let place = |w: &Window| (w.get_by_label_contains("ECG page").rect(), w.state().state().page_size);
    let before = place(&window);
    choose(&mut window, "Monitor: 0.5–40 Hz");
    wait(&mut window, "the hum", |w| matches!(w.state().state().filtering.hum, Hum::Found(_)));
    assert!(sees(&window, "25 mm/s · 10 mm/mV · 0.5–40 Hz, no mains hum found"));
    assert!(sees(&window, &format!("Filtered 0.5–40 Hz: {CAUTION}")));
    assert_eq!(place(&window), before, "no row moves, so that both pictures can be compared");
    window.key_press(Key::F);
    window.run();
    assert!(sees(&window, "10 mm/mV · unfiltered") && !sees(&window, CAUTION));
    window.key_press(Key::F);
    window.run();
    assert!(sees(&window, CAUTION), "the same key brings the last filters back");
    window.get_by_label_contains(CAUTION).click();
    window.run();
    assert!(!sees(&window, CAUTION));
    assert_eq!(window.state().state().filtering.chosen, FilterSettings::default());
}

#[test]
fn a_diagnostic_band_needs_no_caution() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press(Key::F);
    window.run();
    assert!(sees(&window, "0.05–150 Hz") && !sees(&window, CAUTION));
    window.state_mut().apply(Message::SetFilter(FilterSettings { low_pass: Some(100.0), ..Default::default() }));
    window.run();
    assert!(sees(&window, "10 mm/mV · up to 100 Hz") && sees(&window, "Filtered up to 100 Hz: ST and QRS"));
}

#[test]
fn hum_is_looked_for_once_a_recording() {
    let mut window = analysed(&Arc::default(), "/ecg/hum.hea");
    window.state_mut().apply(Message::SetFilter(FilterSettings { mains: Mains::Auto, ..Default::default() }));
    wait(&mut window, "the hum", |w| sees(w, "mains 50 Hz removed"));
    assert!(matches!(window.state().state().filtering.hum, Hum::Found(Some(50.0))));
    assert!(!sees(&window, CAUTION), "its removal takes nothing of the ECG");
    window.state_mut().apply(Message::OpenPaths(vec!["/ecg/demo.hea".into()]));
    wait(&mut window, "the other recording's", |w| sees(w, "unfiltered, no mains hum found"));
}

#[test]
fn values_under_the_pointer_say_that_they_are_unfiltered() {
    let mut window = analysed(&Arc::default(), "/ecg/gap.hea");
    window.key_press(Key::F);
    let page = window.get_by_label_contains("ECG page").rect();
    window.hover_at(page.left_top() + egui::vec2(300.0, 60.0));
    window.run();
    assert!(sees(&window, "mV (unfiltered)"));
}

#[test]
fn every_recording_can_be_filtered() {
    let fake: Arc<Fake> = Arc::default();
    for name in ["lead1", "short", "gap", "raw", "long", "lead0"] {
        let mut window = analysed(&fake, &format!("/ecg/{name}.hea"));
        for settings in [FilterSettings::MONITOR, FilterSettings::DIAGNOSTIC] {
            window.state_mut().apply(Message::SetFilter(settings));
            window.state_mut().apply(Message::End);
            wait(&mut window, "rest", |w| !w.state().state().is_busy());
        }
    }
}
