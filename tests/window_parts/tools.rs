//! Magnifier, leads over one another, the pinned stretch, the tangent, evidence by segment and by beat, the blind first read.

use crate::window_fake::{Fake, drive::*};
use efficientecg::app::{page::place::places, tools::blind::BlindEvent};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

#[test]
fn leads_are_shown_over_one_another() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press_modifiers(Modifiers::SHIFT, Key::U);
    window.run();
    assert!(sees(&window, "Superimposed: I, II, III, aVR"));
    window.get_by_label("None").click();
    window.run();
    window.get_by_label("V2").click();
    window.run();
    assert!(window.query_by_label("Superimposed: V2").is_some());
    window.key_press_modifiers(Modifiers::SHIFT, Key::U);
    window.run();
    assert!(!sees(&window, "Superimposed: "));
}

#[test]
fn a_stretch_is_pinned_beside_the_page() {
    let mut window = analysed(&Arc::default(), "/ecg/long.hea");
    window.key_press(Key::PageDown);
    window.run();
    window.key_press(Key::P);
    window.run();
    assert!(sees(&window, "Pinned: 0:0"));
    let pinned = window.state().state().tools.pinned.expect("pinned").start;
    window.key_press(Key::PageDown);
    window.run();
    assert_ne!(window.state().state().view.start, pinned);
    assert_eq!(window.state().state().tools.pinned.expect("pinned").start, pinned);
    let (left, right) = (window.get_by_label("Pinned stretch").rect(), window.get_by_label_contains("ECG page").rect());
    assert!(left.right() <= right.left() + 1.0, "side by side");
    assert!((left.width() - right.width()).abs() < 30.0);
    window.key_press(Key::P);
    window.run();
    assert!(!sees(&window, "Pinned: "));
}

#[test]
fn the_magnifier_follows_the_pointer() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    let shapes = |window: &Window| window.output().shapes.len();
    let page = window.get_by_label_contains("ECG page").rect();
    window.hover_at(page.center());
    window.run();
    let without = shapes(&window);
    window.key_press(Key::M);
    window.run();
    assert!(shapes(&window) > without + 3);
    window.key_press(Key::M);
    window.run();
    assert_eq!(shapes(&window), without);
}

#[test]
fn qt_by_the_tangent_stands_beside_the_measured_qt() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press(Key::Y);
    wait(&mut window, "rest", |w| !w.state().state().is_busy());
    assert!(window.state().state().chosen_beat().is_some(), "a beat in the middle is chosen");
    assert!(sees(&window, "QT by tangent in II: "));
    assert!(sees(&window, "QT by this beat's marks in II: "));
    let mut window = analysed(&Arc::default(), "/ecg/unwaved.hea");
    window.key_press(Key::Y);
    wait(&mut window, "rest", |w| !w.state().state().is_busy());
    assert!(sees(&window, "QT by tangent in II: not measurable: no QRS complex is marked"));
}

#[test]
fn a_beat_is_chosen_by_a_click_and_shows_where_the_model_looked() {
    let fake: Arc<Fake> = Arc::default();
    let mut window = analysed(&fake, "/ecg/demo.hea");
    let page = window.get_by_label_contains("ECG page").rect();
    let beat = window.state().state().analysis.as_ref().expect("analysed").beats[5].sample;
    let all = places(window.state().state(), page);
    let place = all.iter().rfind(|place| place.shows(beat)).expect("in the rhythm strip");
    let at = place.point(beat, 0.0);
    window.hover_at(at);
    window.run();
    window.drag_at(at);
    window.run();
    window.drop_at(at);
    wait(&mut window, "the beat's evidence", |w| w.state().state().explained_beat().is_some());
    assert_eq!(*fake.beats.lock().expect("no panic"), [beat]);
    assert!(sees(&window, "Beat 6 at "));
    assert!(sees(&window, "Where the model looked: beat class Ventricular ectopic beat"));
    assert!(sees(&window, "one scale per beat"));
    assert!(!sees(&window, "do not add up"));
    assert!(!sees(&window, "because"));
    window.get_by_label("N 3 %").click();
    window.run();
    assert!(sees(&window, "beat class Normal beat"));
    window.key_press(Key::E);
    window.run();
    assert!(window.state().state().drawn_evidence().0.is_empty(), "one key hides it");
    window.key_press(Key::Escape);
    window.run();
    assert!(!sees(&window, "Chosen beat"));
}

#[test]
fn evidence_is_divided_by_lead_and_part_of_the_beat() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press(Key::Period);
    window.run();
    assert!(sees(&window, "Evidence by lead and part of the beat"));
    assert!(sees(&window, "Evidence in II: P ") && sees(&window, "Evidence in all: P "));
    assert!(sees(&window, "Age, sex and measurements: +1"), "what they add together");
    let state = window.state().state();
    let evidence = state.drawn_evidence().0[0].clone();
    let sum = format!("The table adds up to the evidence: +{:.2} logit", evidence.sum());
    assert!(sees(&window, &sum), "{sum}");
    let mut window = analysed(&Arc::default(), "/ecg/unwaved.hea");
    window.key_press(Key::Period);
    window.run();
    assert!(sees(&window, "Not divided: no wave model is installed"));
}

#[test]
fn the_first_read_can_be_blind_and_asking_is_kept() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/two.hea"]);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    window.key_press(Key::Period);
    window.run();
    window.get_by_label("Read first").click();
    window.run();
    let hidden = |window: &Window| {
        !sees(window, "Atrial fibrillation")
            && !sees(window, "Where the model looked")
            && !sees(window, "Rules and model disagree")
            && !sees(window, "Statements by rule")
            && window.state().state().drawn_evidence().0.is_empty()
    };
    assert!(hidden(&window));
    assert!(sees(&window, "one.hea, hidden"), "in the worklist too");
    assert!(sees(&window, "P axis: not measurable"), "measurements stay");
    window.key_press(Key::Period);
    window.key_press(Key::B);
    window.run();
    assert!(hidden(&window) && window.state().state().chosen_beat().is_none(), "keys reveal nothing");
    window.get_by_label("Ask the machine").click();
    window.run();
    assert!(sees(&window, "Atrial fibrillation: most likely"));
    let log = window.state().state().tools.blind.log.clone();
    assert_eq!(log.iter().map(|moment| moment.what).collect::<Vec<_>>(), [BlindEvent::Hidden, BlindEvent::Revealed]);
    assert!(log[0].at <= log[1].at && log.iter().all(|moment| moment.recording.ends_with("one.hea")));

    window.key_press(Key::CloseBracket);
    wait(&mut window, "the second", |w| sees(w, "2 of 2") && w.state().state().analysis.is_some());
    assert!(!sees(&window, "Atrial fibrillation: most likely"), "the next recording is read blind again");
    assert!(sees(&window, "two.hea, hidden") && !sees(&window, "one.hea, hidden"), "in the worklist too");
    window.key_press(Key::H);
    window.run();
    assert!(sees(&window, "Atrial fibrillation: most likely"));
    assert_eq!(window.state().state().tools.blind.log.len(), 4);
    window.key_press_modifiers(Modifiers::SHIFT, Key::H);
    window.run();
    assert!(!window.state().state().paper.settings.blind_first);
}

#[test]
fn who_does_not_see_the_strongest_evidence_is_told_where_it_is_and_taken_there() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press(Key::Period);
    window.run();
    assert!(!sees(&window, "strongest at "), "the whole recording is on the page");
    let strongest = |window: &Window| {
        let state = window.state().state();
        let evidence = state.drawn_evidence().0[0].clone();
        state.recording().expect("open").rate.seconds(evidence.strongest().expect("the model looked somewhere"))
    };
    let visible = |window: &Window| {
        let state = window.state().state();
        let start = state.recording().expect("open").rate.seconds(state.view.start);
        start..start + state.geometry().visible_s()
    };
    for _ in 0..8 {
        window.key_press(Key::Plus);
        window.run();
    }
    let at = strongest(&window);
    window.key_press(if at < 5.0 { Key::End } else { Key::Home });
    window.run();
    assert!(!visible(&window).contains(&at), "{at} {:?}", visible(&window));
    window.get_by_label_contains("strongest at ").click();
    window.run();
    assert!(visible(&window).contains(&at), "{at} {:?}", visible(&window));
    assert!(!sees(&window, "strongest at "));
}
