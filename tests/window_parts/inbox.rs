//! Errors, warnings and repairs in one list that keeps them.

use crate::window_fake::drive::*;
use egui::Key;
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

#[test]
fn repairs_and_warnings_are_counted_and_marked_read_one_by_one() {
    let mut window = analysed(&Arc::default(), "/ecg/raw.hea");
    assert!(sees(&window, "Messages (3)"), "engine, calibration, repair");
    window.key_press(Key::R);
    window.run();
    assert!(sees(&window, "3 messages, 3 unread") && sees(&window, "Repaired: gain of signal 3"));
    assert!(sees(&window, "Warning: Uncalibrated leads") && sees(&window, "ONNX Runtime was not found"));
    window.get_all_by_label("Read").next().expect("a button").click();
    window.run();
    assert!(sees(&window, "Messages (2)") && sees(&window, "3 messages, 2 unread"));
    window.get_by_label("Mark everything read").click();
    window.run();
    assert!(sees(&window, "3 messages, 0 unread") && !sees(&window, "Messages ("));
    assert!(sees(&window, "Repaired: gain of signal 3"), "what was read stays to be seen");
    window.key_press(Key::R);
    window.run();
    assert!(!sees(&window, "gain of signal 3"));
}
