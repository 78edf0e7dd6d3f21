//! Waves on the page.

use crate::window_fake::{Fake, drive::*};
use efficientecg::{
    app::{message::Message, waves},
    recording::SampleRange,
};
use egui::Key;
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

#[test]
fn waves_are_off_until_they_are_wanted_and_stay_on_with_the_next_recording() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/two.hea"]);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    assert!(!window.state().state().waves.visible);
    window.key_press(Key::W);
    window.run();
    assert!(window.state().state().waves.visible);
    assert_eq!(waves::on_page(window.state().state()).len(), 1);
    assert!(!sees(&window, "no waves"));
    window.get_by_label("Next").click();
    wait(&mut window, "the second", |w| sees(w, "2 of 2") && w.state().state().analysis.is_some());
    assert!(window.state().state().waves.visible, "remembered");
    window.get_by_label("Waves").click();
    window.run();
    assert!(!window.state().state().waves.visible);
}

#[test]
fn who_asks_for_waves_that_are_not_there_is_told_why() {
    let mut window = analysed(&Arc::default(), "/ecg/unwaved.hea");
    window.key_press(Key::W);
    window.run();
    assert!(sees(&window, "no waves: no wave model is installed"));
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press(Key::W);
    for _ in 0..5 {
        window.key_press(Key::Minus);
    }
    window.run();
    assert!(sees(&window, "waves are marked on larger paper"));
}

#[test]
fn a_long_recording_delineates_what_is_on_the_page_and_once_only() {
    let fake: Arc<Fake> = Arc::default();
    let mut window = analysed(&fake, "/ecg/long.hea");
    let asked = |fake: &Fake| fake.waves.lock().expect("no panic").clone();
    window.state_mut().apply(Message::CentreOn(605.0));
    window.run();
    assert!(asked(&fake).is_empty(), "nobody looks at waves yet");
    window.key_press(Key::W);
    wait(&mut window, "the window's waves", |w| waves::on_page(w.state().state()).len() == 1);
    assert_eq!(asked(&fake), [SampleRange::new(300_000, 305_000)]);
    window.state_mut().apply(Message::ScrollBy(5.0));
    wait(&mut window, "the next window's waves", |w| waves::on_page(w.state().state()).len() == 2);
    window.state_mut().apply(Message::ScrollBy(-5.0));
    wait(&mut window, "rest", |w| !w.state().state().is_busy());
    assert_eq!(asked(&fake).len(), 2, "known windows are not asked for again");

    window.state_mut().apply(Message::OpenPaths(vec!["/ecg/demo.hea".into()]));
    wait(&mut window, "the other recording", |w| {
        let state = w.state().state();
        state.recording().is_some_and(|r| r.name == "demo") && state.analysis.is_some()
    });
    assert!(window.state().state().waves.windows.is_empty(), "dropped with the recording");
}
