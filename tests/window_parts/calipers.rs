//! Calipers, made and moved as a reader does.

use crate::window_fake::drive::*;
use efficientecg::{
    app::page::place::{Place, places},
    recording::{CaliperKind, LeadName, SampleIndex},
};
use egui::{Key, Modifiers, Rect, Role, vec2};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

fn page(window: &Window) -> Rect {
    window.get_by_label_contains("ECG page").rect()
}

/// The place of a lead on the page.
fn place(window: &Window, lead: &str) -> Place {
    let page = page(window);
    let all = places(window.state().state(), page);
    all.into_iter().find(|place| place.lead == LeadName::parse(lead)).expect("on the page")
}

fn list(window: &Window) -> Vec<efficientecg::recording::Caliper> {
    window.state().state().tools.calipers.list.clone()
}

#[test]
fn a_caliper_is_dragged_read_moved_and_deleted() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    let at = place(&window, "II");
    let (from, to) = (at.point(SampleIndex(200), 0.5), at.point(SampleIndex(600), 0.5));
    drag(&mut window, from, to);
    assert!(list(&window).is_empty(), "dragging moves the page until calipers are wanted");

    window.key_press(Key::C);
    window.run();
    assert!(sees(&window, "Drag on a lead"));
    drag(&mut window, from, to);
    let made = list(&window);
    assert_eq!(made.len(), 1);
    assert_eq!((made[0].kind, made[0].lead.clone()), (CaliperKind::Interval, LeadName::parse("II")));
    assert!(made[0].samples().abs_diff(400) <= 3, "{:?}", made[0]);
    assert!(sees(&window, "1 II Interval"));
    let ms = made[0].samples() as f64 * 2.0;
    assert!(sees(&window, &format!("{ms:.0} ms")));

    // Its second end is taken hold of, out of caliper mode too.
    window.key_press(Key::C);
    window.run();
    let end = place(&window, "II").point(made[0].to.at, made[0].from.millivolts);
    drag(&mut window, end, end + vec2(-30.0, 0.0));
    let moved = list(&window);
    assert_eq!(moved.len(), 1);
    assert!(moved[0].samples() < made[0].samples() - 5);
    assert_eq!(moved[0].from, made[0].from);

    window.get_by_label("Delete caliper 1").click();
    window.run();
    assert!(list(&window).is_empty());
    assert!(!sees(&window, "Delete all calipers"));
}

#[test]
fn kinds_are_chosen_and_each_tells_its_own_value() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press(Key::C);
    window.run();
    let at = place(&window, "II");
    drag(&mut window, at.point(SampleIndex(200), 0.0), at.point(SampleIndex(600), 0.6));
    let made = list(&window)[0].clone();
    window.key_press(Key::K);
    window.run();
    assert!(sees(&window, &format!("{:.0} bpm", 30_000.0 / made.samples() as f64)));
    window.key_press(Key::K);
    window.run();
    assert!(sees(&window, "1 II Amplitude") && sees(&window, " mV"));
    let mv = list(&window)[0].amplitude_mv().expect("calibrated");
    assert!((mv - 0.6).abs() < 0.05, "{mv}");
    window.get_by_role_and_label(Role::ComboBox, "Caliper kind").click();
    window.run();
    window.get_by_label("March-through").click();
    window.run();
    assert_eq!(list(&window)[0].kind, CaliperKind::MarchThrough);
}

#[test]
fn an_uncalibrated_lead_never_gets_millivolts() {
    let mut window = analysed(&Arc::default(), "/ecg/raw.hea");
    window.key_press(Key::C);
    window.key_press(Key::K);
    window.key_press(Key::K);
    window.run();
    let at = place(&window, "II");
    drag(&mut window, at.point(SampleIndex(200), 0.0), at.point(SampleIndex(600), 0.3));
    assert!(sees(&window, "1 II Amplitude"));
    assert!(sees(&window, "uncalibrated: not measurable"));
}

#[test]
fn calipers_are_made_and_moved_by_keys_alone() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press_modifiers(Modifiers::SHIFT, Key::C);
    window.run();
    // From one beat to the next around the middle of the page.
    let made = list(&window);
    assert_eq!(made.len(), 1);
    let beats: Vec<SampleIndex> =
        window.state().state().analysis.as_ref().expect("analysed").beats.iter().map(|beat| beat.sample).collect();
    assert!(beats.windows(2).any(|pair| pair == [made[0].from.at, made[0].to.at]), "{:?}", made[0]);
    assert!((made[0].from.at.0..made[0].to.at.0).contains(&2500));
    window.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
    window.key_press_modifiers(Modifiers::COMMAND, Key::ArrowRight);
    window.run();
    assert_eq!(list(&window)[0].to.at.0, made[0].to.at.0 + 21);
    window.key_press(Key::X);
    window.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    window.run();
    assert_eq!(list(&window)[0].from.at.0, made[0].from.at.0 - 1);
    assert_eq!(window.state().state().view.start.0, 0, "the page stays");
    window.key_press_modifiers(Modifiers::SHIFT, Key::C);
    window.run();
    assert_eq!(list(&window).len(), 2, "several at once");
    window.key_press_modifiers(Modifiers::SHIFT, Key::K);
    window.key_press(Key::Backspace);
    window.run();
    assert_eq!(list(&window).len(), 1);
    window.key_press_modifiers(Modifiers::SHIFT, Key::Backspace);
    window.run();
    assert!(list(&window).is_empty());
}

#[test]
fn ends_snap_to_beats_and_peaks_when_asked() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    let beats: Vec<u64> = window.state().state().analysis.as_ref().expect("analysed").beats.iter().map(|b| b.sample.0).collect();
    window.key_press(Key::C);
    window.key_press_modifiers(Modifiers::SHIFT, Key::X);
    window.run();
    let at = place(&window, "II");
    drag(&mut window, at.point(SampleIndex(beats[0] + 9), 0.2), at.point(SampleIndex(beats[1] - 8), 0.2));
    let made = list(&window)[0].clone();
    assert_eq!((made.from.at.0, made.to.at.0), (beats[0], beats[1]));
}

#[test]
fn calipers_belong_to_their_recording() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/two.hea"]);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    window.key_press_modifiers(Modifiers::SHIFT, Key::C);
    window.run();
    assert_eq!(window.state().state().tools.calipers.of.as_deref(), Some("/ecg/one.hea".as_ref()));
    window.key_press(Key::CloseBracket);
    wait(&mut window, "the second", |w| sees(w, "2 of 2") && w.state().state().analysis.is_some());
    assert!(list(&window).is_empty());
}
