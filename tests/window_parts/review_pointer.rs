//! Label mode by the pointer, through the events a mouse makes.

use crate::{
    review::{Folder, NONE, labelling, labels, press, review, typed},
    window_fake::drive::*,
};
use efficientecg::{
    app::review::place::{Place, lane, places},
    recording::SampleIndex,
};
use egui::{Event, Key, Modifiers, Pos2, Rect, pos2, vec2};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

fn page(window: &Window) -> Rect {
    window.get_by_label_contains("ECG page").rect()
}

/// The rhythm strip, which has the beats' letters above it.
fn strip(window: &Window) -> Place {
    let row = window.state().state().geometry().beat_row;
    places(window.state().state(), page(window)).into_iter().find(|place| place.row == row).expect("a rhythm strip")
}

fn beat(window: &Window, number: usize) -> SampleIndex {
    review(window).content().beats.as_slice()[number].sample
}

/// On the trace, at a sample.
fn on_trace(window: &Window, at: SampleIndex) -> Pos2 {
    let place = strip(window);
    pos2(place.x_of(at), place.rect.bottom() - 4.0)
}

/// On a beat's letter.
fn on_letter(window: &Window, at: SampleIndex) -> Pos2 {
    pos2(strip(window).x_of(at), lane(&window.state().state().geometry(), page(window)).center().y)
}

fn hold(window: &mut Window, modifiers: Modifiers) {
    window.event(Event::ModifiersChanged(modifiers));
    window.run();
}

fn click(window: &mut Window, at: Pos2) {
    window.hover_at(at);
    window.run();
    window.drag_at(at);
    window.drop_at(at);
    window.run();
    // Two clicks of a person who is not double-clicking.
    window.run_steps(8);
}

fn chosen(window: &Window) -> Vec<usize> {
    let beats = &review(window).content().beats;
    window.state().state().desk.selection.beats.iter().filter_map(|at| beats.index_of(*at)).collect()
}

fn beside(window: &Window, at: SampleIndex, seconds: f64) -> SampleIndex {
    let rate = window.state().state().recording().expect("open").rate;
    rate.sample_at(rate.seconds(at) + seconds)
}

#[test]
fn clicks_choose_beats_and_what_lies_between() {
    let folder = Folder::new("click");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    let at = on_trace(&window, beat(&window, 2));
    click(&mut window, at);
    assert_eq!(chosen(&window), [2]);
    let at = on_letter(&window, beat(&window, 4)) + vec2(3.0, 0.0);
    click(&mut window, at);
    assert_eq!(chosen(&window), [4], "on the letter, a little beside");

    hold(&mut window, Modifiers::SHIFT);
    let at = on_trace(&window, beat(&window, 7));
    click(&mut window, at);
    assert_eq!(chosen(&window), [4, 5, 6, 7]);
    hold(&mut window, Modifiers::COMMAND);
    let at = on_trace(&window, beat(&window, 5));
    click(&mut window, at);
    assert_eq!(chosen(&window), [4, 6, 7], "one of them no longer");
    hold(&mut window, NONE);

    let between = beside(&window, beat(&window, 2), 0.4);
    let at = on_trace(&window, between);
    click(&mut window, at);
    assert!(chosen(&window).is_empty(), "beside all beats");
}

#[test]
fn a_rubber_band_chooses_what_it_encloses() {
    let folder = Folder::new("band");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    let start = window.state().state().view.start;
    let (from, to) = (beside(&window, beat(&window, 1), -0.2), beside(&window, beat(&window, 3), 0.2));
    let (from, to) = (on_trace(&window, from), on_trace(&window, to) - vec2(0.0, 30.0));
    hold(&mut window, Modifiers::COMMAND);
    drag(&mut window, from, to);
    assert_eq!(chosen(&window), [1, 2, 3]);
    hold(&mut window, Modifiers { shift: true, ..Modifiers::COMMAND });
    let (from, to) = (beside(&window, beat(&window, 6), -0.2), beside(&window, beat(&window, 6), 0.2));
    let (from, to) = (on_letter(&window, from), on_letter(&window, to) + vec2(0.0, 6.0));
    drag(&mut window, from, to);
    assert_eq!(chosen(&window), [1, 2, 3, 6], "besides, by its letter");
    hold(&mut window, NONE);
    assert_eq!(window.state().state().view.start, start, "the page stays");
    assert_eq!(labels(&window), "NNNNNVNNNNNN", "nothing is edited by choosing");
}

#[test]
fn a_double_click_adds_a_beat_at_the_r_peak_near_it() {
    let folder = Folder::new("double");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    let third = beat(&window, 2);
    let at = on_trace(&window, third);
    click(&mut window, at);
    press(&mut window, &[(NONE, Key::Delete)]);
    assert_eq!(labels(&window).len(), 11);
    let at = on_trace(&window, beside(&window, third, 0.03));
    // A frame of the test takes as long as a slow double click.
    window.ctx.options_mut(|options| options.input_options.max_double_click_delay = 2.0);
    window.hover_at(at);
    window.run();
    for _ in 0..2 {
        window.drag_at(at);
        window.event(Event::PointerButton { pos: at, button: egui::PointerButton::Primary, pressed: false, modifiers: NONE });
    }
    window.run();
    assert_eq!(labels(&window).len(), 12);
    assert!(beat(&window, 2).0.abs_diff(third.0) <= 5, "on the R peak");
    assert_eq!(chosen(&window), [2]);
}

#[test]
fn a_beat_is_dragged_by_its_letter_and_snaps() {
    let folder = Folder::new("dragbeat");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    let start = window.state().state().view.start;
    let (second, third) = (beat(&window, 1), beat(&window, 2));
    // Away from its peak first: with Alt a beat goes exactly where it is dropped.
    let (from, aside) = (on_letter(&window, third), beside(&window, third, 0.2));
    let to = on_letter(&window, aside);
    hold(&mut window, Modifiers::ALT);
    drag(&mut window, from, to);
    hold(&mut window, NONE);
    let moved = beat(&window, 2);
    assert!(moved.0.abs_diff(aside.0) <= 3 && moved != third, "{moved:?}, wanted {aside:?}");
    assert!(sees(&window, "Last step: Move N beat"));
    // Back to near its peak: it snaps.
    let (from, near) = (on_letter(&window, moved), beside(&window, third, 0.025));
    let to = on_letter(&window, near);
    drag(&mut window, from, to);
    assert!(beat(&window, 2).0.abs_diff(third.0) <= 5);
    // Esc lets go without a change.
    let before = labels(&window);
    let from = on_letter(&window, second);
    begin_drag(&mut window, from, from + vec2(40.0, 0.0));
    window.key_press(Key::Escape);
    window.run();
    window.drop_at(from + vec2(40.0, 0.0));
    window.run();
    assert_eq!((beat(&window, 1), labels(&window)), (second, before));
    assert!(window.state().state().desk.label_mode, "label mode stays");
    assert_eq!(window.state().state().view.start, start, "the page stays");
}

#[test]
fn an_interval_is_drawn_and_its_ends_are_dragged() {
    let folder = Folder::new("dragend");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    let (from, to) = (SampleIndex(1000), SampleIndex(2000));
    let (a, b) = (on_trace(&window, from), on_trace(&window, to));
    hold(&mut window, Modifiers::SHIFT);
    drag(&mut window, a, b);
    hold(&mut window, NONE);
    assert!(sees(&window, "Mark interval"));
    window.run();
    typed(&mut window, "noise");
    press(&mut window, &[(NONE, Key::Enter)]);
    let range = |window: &Window| review(window).content().intervals.values().next().expect("marked").range;
    let near = |at: SampleIndex, wanted: u64| at.0.abs_diff(wanted) <= 8;
    assert!(near(range(&window).start, 1000) && near(range(&window).end, 2000), "{:?}", range(&window));

    // The bar lies above the lane with the letters.
    let bar = |window: &Window, at: SampleIndex| {
        pos2(strip(window).x_of(at), lane(&window.state().state().geometry(), page(window)).top() - 8.0)
    };
    let (end, later) = (bar(&window, range(&window).end), bar(&window, SampleIndex(2600)));
    drag(&mut window, end, later);
    assert!(near(range(&window).start, 1000) && near(range(&window).end, 2600), "{:?}", range(&window));
    let (start, earlier) = (bar(&window, range(&window).start), bar(&window, SampleIndex(700)));
    drag(&mut window, start, earlier);
    assert!(near(range(&window).start, 700) && near(range(&window).end, 2600), "{:?}", range(&window));
    // Beyond the other end the two change places.
    let (start, beyond) = (bar(&window, range(&window).start), bar(&window, SampleIndex(3200)));
    drag(&mut window, start, beyond);
    assert!(near(range(&window).start, 2600) && near(range(&window).end, 3200), "{:?}", range(&window));
    press(&mut window, &[(Modifiers::COMMAND, Key::Z)]);
    assert!(near(range(&window).start, 700), "each drag is one step");
    assert!(window.state().state().desk.intervals.drawn.is_none());
}
