//! Layouts, scales, scrolling, and what keeps its place.

use crate::window_fake::drive::*;
use efficientecg::app::{
    message::Message,
    page::scale::{Gain, Speed, Zoom},
};
use efficientecg::layout::{Catalogue, LayoutId};
use egui::{Key, Role};
use egui_kittest::kittest::{NodeT as _, Queryable};
use std::sync::Arc;

/// Whether every column of the page shows a stretch of time within the recording.
fn every_column_has_signal(window: &Window) -> bool {
    let state = window.state().state();
    let (geometry, layout) = (state.geometry(), state.layout());
    let length = state.recording().expect("open").duration_s();
    let start = state.view.start.0 as f64 / 500.0;
    (0..layout.columns).all(|column| {
        let from = start + geometry.cell_start_s(column, layout.columns);
        from + geometry.column_s() <= length + 1e-3 && geometry.column_s() > 0.0
    })
}

#[test]
fn layout_gain_speed_and_zoom_follow_controls_and_keys() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press(Key::Num2);
    window.run();
    assert!(sees(&window, "all leads simultaneous"));
    assert_eq!(window.state().state().view.layout, LayoutId::new("12x1"));
    window.key_press(Key::G);
    window.key_press(Key::T);
    window.run();
    assert!(sees(&window, "50 mm/s · 20 mm/mV"));
    assert_eq!(window.state().state().view.scale.gain, Gain::Mm20);
    assert_eq!(window.state().state().view.scale.speed, Speed::Mm50);
    window.key_press(Key::Plus);
    window.run();
    assert!(matches!(window.state().state().view.scale.zoom, Zoom::Factor(_)));
    window.key_press(Key::Num0);
    window.run();
    assert_eq!(window.state().state().view.scale.zoom, Zoom::Fit);

    window.get_by_role_and_label(Role::ComboBox, "Gain").click();
    window.run();
    window.get_by_label("5 mm/mV").click();
    window.run();
    assert!(sees(&window, "50 mm/s · 5 mm/mV"));
}

#[test]
fn the_page_scrolls_within_the_recording() {
    let mut window = analysed(&Arc::default(), "/ecg/long.hea");
    let start = |w: &Window| w.state().state().view.start.0;
    window.key_press(Key::ArrowLeft);
    window.run();
    assert_eq!(start(&window), 0);
    window.key_press(Key::ArrowRight);
    window.run();
    assert_eq!(start(&window), 500);
    window.key_press(Key::End);
    window.run();
    assert_eq!(window.state().state().visible().end.0, 900_000);
    window.key_press(Key::PageUp);
    window.run();
    assert_eq!(start(&window), 900_000 - 5000 - 4500);
    window.key_press(Key::Home);
    window.run();
    assert_eq!(start(&window), 0);
}

#[test]
fn zooming_keeps_the_time_under_the_pointer() {
    let mut window = analysed(&Arc::default(), "/ecg/long.hea");
    window.state_mut().apply(Message::CentreOn(600.0));
    let at = |w: &Window, x| {
        let state = w.state().state();
        state.view.start.0 as f64 / 500.0 + state.geometry().seconds_at(x)
    };
    let before = at(&window, 700.0);
    for factor in [1.7, 1.2, 0.5] {
        window.state_mut().apply(Message::ZoomAt { factor, x: Some(700.0) });
        assert!((at(&window, 700.0) - before).abs() < 0.005, "{factor}");
    }
}

#[test]
fn the_overview_is_there_only_when_it_is_needed() {
    let window = analysed(&Arc::default(), "/ecg/demo.hea");
    assert!(!sees(&window, "Position in the recording"));
    let mut window = analysed(&Arc::default(), "/ecg/long.hea");
    wait(&mut window, "the overview", |w| w.state().state().overview.is_some());
    let strip = window.get_by_label_contains("Position in the recording").rect();
    window.hover_at(strip.center());
    window.run();
    window.get_by_label_contains("Position in the recording").click();
    window.run();
    let middle = window.state().state().view.start.0 as f64 / 500.0 + 5.0;
    assert!((middle - 900.0).abs() < 5.0, "{middle}");
}

#[test]
fn uncalibrated_leads_are_never_given_in_millivolts() {
    let mut window = analysed(&Arc::default(), "/ecg/raw.hea");
    assert!(sees(&window, "uncalibrated leads are on an assumed scale"));
    let page = window.get_by_label_contains("ECG page").rect();
    window.hover_at(page.center());
    window.run();
    assert!(sees(&window, "(uncalibrated)"));
    assert!(
        window.query_all_by_label_contains(" mV").all(|node| !node.accesskit_node().label().unwrap_or_default().contains("0:0"))
    );
}

#[test]
fn every_number_of_leads_and_gaps_can_be_shown() {
    for name in ["lead1", "lead2", "lead3", "lead8", "lead12", "lead15", "gap", "derived"] {
        for layout in Catalogue::standard().all() {
            let mut window = analysed(&Arc::default(), &format!("/ecg/{name}.hea"));
            window.state_mut().apply(Message::SetLayout(layout.id.clone()));
            window.run();
            assert!(sees(&window, "ECG page"), "{name} {}", layout.id);
        }
    }
}

#[test]
fn no_column_lies_beyond_the_recordings_end() {
    for name in ["/ecg/demo.hea", "/ecg/short.hea", "/ecg/long.hea"] {
        let mut window = analysed(&Arc::default(), name);
        for speed in Speed::ALL {
            window.state_mut().apply(Message::SetSpeed(speed));
            for key in [Key::Num0, Key::Minus, Key::Minus, Key::Minus, Key::Minus, Key::Minus] {
                window.key_press(key);
                window.run();
                assert!(every_column_has_signal(&window), "{name} {speed:?} {:?}", window.state().state().view);
            }
            window.key_press(Key::End);
            window.run();
            assert!(every_column_has_signal(&window), "{name} {speed:?} at the end");
        }
    }
}

#[test]
fn choosing_a_finding_moves_nothing() {
    for size in [[1560.0, 940.0], [1000.0, 650.0]] {
        let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
        window.set_size(size.into());
        window.run();
        let place = |w: &Window| (w.get_by_label_contains("ECG page").rect(), w.state().state().page_size);
        let before = place(&window);
        window.key_press(Key::Period);
        window.run();
        assert!(sees(&window, "one scale per record"));
        assert_eq!(place(&window), before, "{size:?}");
        window.key_press(Key::E);
        window.run();
        assert_eq!(place(&window), before, "{size:?}");
    }
}

#[test]
fn the_toolbar_stays_one_line() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.set_size([1000.0, 650.0].into());
    window.run();
    let middle = |w: &Window, label: &str| w.get_by_label(label).rect().center().y;
    let open = middle(&window, "Open");
    for label in ["Fit", "Evidence", "?"] {
        assert!((middle(&window, label) - open).abs() < 8.0, "{label} is at {} not {open}", middle(&window, label));
        assert!(window.get_by_label(label).rect().right() <= 1000.0, "{label} is beyond the edge");
    }
    let percent = window.get_by_label("True size").rect();
    assert!(percent.height() < 30.0, "the percentage is one line: {percent:?}");
    // Whatever is chosen, the controls keep their places.
    let fit = window.get_by_label("Fit").rect();
    window.state_mut().apply(Message::SetLayout(LayoutId::new("12x1")));
    window.state_mut().apply(Message::SetGain(Gain::Mm5));
    window.state_mut().apply(Message::SetSpeed(Speed::Mm5));
    window.run();
    assert_eq!(window.get_by_label("Fit").rect(), fit);
}

#[test]
fn arrows_scroll_the_page_and_leave_the_focus() {
    let mut window = analysed(&Arc::default(), "/ecg/long.hea");
    window.get_by_label("Folder").focus();
    window.run();
    for key in [Key::ArrowRight, Key::ArrowDown, Key::ArrowRight, Key::ArrowUp, Key::ArrowLeft] {
        window.key_press(key);
        window.run();
        assert!(window.get_by_label("Folder").is_focused(), "{key:?}");
    }
    assert_eq!(window.state().state().view.start.0, 500);
}

#[test]
fn low_windows_scroll_instead_of_squeezing_rows() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.set_size([1000.0, 560.0].into());
    window.key_press(Key::Num2);
    for _ in 0..4 {
        window.key_press(Key::Plus);
    }
    window.run();
    let geometry = window.state().state().geometry();
    assert!(geometry.row_height() >= 12.0 * geometry.px_per_mm - 0.01);
    let top = |w: &Window| w.get_by_label_contains("ECG page").rect().top();
    assert!(geometry.height > geometry.size[1]);
    let before = top(&window);
    window.key_press(Key::ArrowDown);
    window.run();
    assert!(top(&window) < before - 1.0, "the page moved up");
}

#[test]
fn annotations_without_signals_are_said_so() {
    let window = analysed(&Arc::default(), "/ecg/lead0.hea");
    assert!(sees(&window, "This file holds annotations but no signals"));
    assert!(!sees(&window, "ECG page") && !sees(&window, "screen not calibrated"));
    assert!(window.query_by_role_and_label(Role::ComboBox, "Layout").is_none());
}
