//! Going to times, beats and events, and follow-on scrolling.

use crate::window_fake::{Fake, RATE, drive::*};
use efficientecg::recording::BeatLabel;
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable};
use std::sync::Arc;

fn start(window: &Window) -> u64 {
    window.state().state().view.start.0
}

fn middle(window: &Window) -> f64 {
    let visible = window.state().state().visible();
    (visible.start.0 + visible.end.0) as f64 / 2.0 / RATE
}

fn chosen(window: &Window) -> Option<u64> {
    window.state().state().tools.beat.chosen.as_ref().map(|chosen| chosen.at.0)
}

#[test]
fn a_time_is_typed_and_gone_to() {
    let mut window = analysed(&Arc::default(), "/ecg/long.hea");
    window.key_press_modifiers(Modifiers::COMMAND, Key::G);
    window.run();
    let field = window.get_by_role_and_label(Role::TextInput, "Go to time");
    assert!(field.accesskit_node().is_focused(), "the field has the keyboard");
    field.type_text("0:10:00");
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert!((middle(&window) - 600.0).abs() < 0.1, "{}", middle(&window));
    window.key_press_modifiers(Modifiers::COMMAND, Key::G);
    window.run();
    window.get_by_role_and_label(Role::TextInput, "Go to time").type_text("99");
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert!(sees(&window, "outside of the recording") || sees(&window, "not a time"));
    assert!((middle(&window) - 600.0).abs() < 0.1, "a wrong time moves nothing");
}

#[test]
fn beats_are_stepped_through_and_stay_in_view() {
    let fake: Arc<Fake> = Arc::default();
    let mut window = analysed(&fake, "/ecg/long.hea");
    let beats: Vec<_> = window.state().state().analysis.as_ref().expect("analysed").beats.clone();
    window.key_press(Key::B);
    wait(&mut window, "rest", |w| !w.state().state().is_busy());
    let first = chosen(&window).expect("a beat");
    window.key_press(Key::B);
    wait(&mut window, "rest", |w| !w.state().state().is_busy());
    let second = chosen(&window).expect("a beat");
    let index = beats.iter().position(|beat| beat.sample.0 == first).expect("a beat of the analysis");
    assert_eq!(second, beats[index + 1].sample.0);
    window.key_press_modifiers(Modifiers::SHIFT, Key::B);
    wait(&mut window, "rest", |w| !w.state().state().is_busy());
    assert_eq!(chosen(&window), Some(first));
    for _ in 0..30 {
        window.key_press(Key::B);
    }
    wait(&mut window, "rest", |w| !w.state().state().is_busy());
    let state = window.state().state();
    assert!(state.visible().contains(state.chosen_beat().expect("chosen").1.sample));
    // The next ventricular beat.
    window.key_press(Key::D);
    wait(&mut window, "rest", |w| !w.state().state().is_busy());
    assert_eq!(window.state().state().chosen_beat().expect("chosen").1.label, Some(BeatLabel::V));
}

#[test]
fn events_are_gone_to_and_named() {
    let mut window = analysed(&Arc::default(), "/ecg/long.hea");
    window.key_press(Key::End);
    window.run();
    for _ in 0..40 {
        window.key_press_modifiers(Modifiers::SHIFT, Key::I);
        window.run();
        if sees(&window, "lead off (reader)") {
            break;
        }
    }
    assert!(sees(&window, "lead off (reader)"), "the annotation of the file");
    window.key_press_modifiers(Modifiers::SHIFT, Key::I);
    window.run();
    assert!(!sees(&window, "lead off (reader)") && sees(&window, " begins"), "what is found from the first window on");
}

#[test]
fn the_page_follows_time_until_it_is_stopped() {
    let mut window = analysed(&Arc::default(), "/ecg/long.hea");
    window.get_by_label("×4").click();
    window.run();
    window.key_press(Key::Space);
    window.run_steps(10);
    let moved = start(&window);
    assert!(moved > 0);
    assert!(window.state().state().tools.play.running);
    window.key_press(Key::Space);
    window.run();
    let stopped = start(&window);
    window.run_steps(5);
    assert_eq!(start(&window), stopped);
    // At the end it stops by itself.
    window.key_press(Key::End);
    window.key_press(Key::ArrowLeft);
    window.run();
    window.key_press(Key::Space);
    window.run_steps(60);
    assert!(!window.state().state().tools.play.running);
}

#[test]
fn a_short_recording_has_nothing_to_follow() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press(Key::Space);
    window.run();
    assert!(!window.state().state().tools.play.running);
}
