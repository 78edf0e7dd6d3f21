//! What comes first: the page before the analysis, and what a key asks for in the frame of its press.

use crate::window_fake::Fake;
use efficientecg::app::{App, Options};
use egui::{Event, Key, Modifiers, Pos2, RawInput, Rect, Shape, vec2};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// One frame without a screen; gives the texts it shows.
fn frame(ctx: &egui::Context, app: &mut App, events: Vec<Event>) -> Vec<String> {
    let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(1560.0, 940.0)));
    let output = ctx.run_ui(RawInput { screen_rect, events, ..RawInput::default() }, |ui| app.show(ui));
    let mut texts = Vec::new();
    for clipped in &output.shapes {
        collect(&clipped.shape, &mut texts);
    }
    output.drop_without_applying_deltas();
    texts
}

fn collect(shape: &Shape, texts: &mut Vec<String>) {
    match shape {
        Shape::Text(text) => texts.push(text.galley.job.text.clone()),
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, texts)),
        _ => {}
    }
}

fn frames_until(ctx: &egui::Context, app: &mut App, what: &str, done: impl Fn(&App) -> bool) -> Vec<String> {
    let begun = Instant::now();
    loop {
        let texts = frame(ctx, app, Vec::new());
        if done(app) {
            return texts;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_recording_is_on_the_screen_before_its_analysis_begins_and_keys_act_in_their_frame() {
    let (ctx, fake) = (egui::Context::default(), Arc::<Fake>::default());
    let options = Options { paths: vec!["/ecg/demo.hea".into()], ..Options::default() };
    let mut app = App::new(&ctx, fake.clone(), options);
    let texts = frames_until(&ctx, &mut app, "opened", |app| app.state().opened.is_some());
    assert!(texts.iter().any(|text| text == "aVR"), "the frame that learns of the recording shows it: {texts:?}");
    std::thread::sleep(Duration::from_millis(100));
    assert!(fake.asked.lock().expect("no panic while held").is_empty(), "the analysis begins with the next frame");
    frames_until(&ctx, &mut app, "analysed", |app| app.state().analysis.is_some());

    let pressed = Event::Key { key: Key::Num2, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE };
    let simultaneous = |texts: &[String]| texts.iter().any(|text| text == "all leads simultaneous");
    assert!(!simultaneous(&frame(&ctx, &mut app, Vec::new())));
    assert!(simultaneous(&frame(&ctx, &mut app, vec![pressed])), "the new layout is in the frame of the key");
}
