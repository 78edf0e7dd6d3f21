//! Layouts, true scale, colours, keys, and that they are there again.

use crate::window_fake::drive::*;
use efficientecg::app::{
    Options,
    message::Message,
    page::scale::{Gain, Zoom},
    paper::{Calibration, PaperMessage},
    settings::FILE,
    theme,
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable;
use std::{path::Path, sync::Arc};

/// A window whose settings lie in `folder`, with an analysed recording.
fn window_of(folder: &Path) -> Window {
    let options = Options { paths: vec!["/ecg/demo.hea".into()], settings: Some(folder.to_owned()), ..Options::default() };
    let mut window = window_with(&Arc::default(), options);
    wait(&mut window, "the analysis", |w| w.state().state().analysis.is_some());
    window
}

/// Puts the window on a monitor so many pixels wide.
fn on_screen(window: &mut Window, width: f32) {
    let points = window.ctx.pixels_per_point();
    let root = window.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default();
    root.monitor_size = Some(egui::vec2(width, 1440.0) / points);
    root.native_pixels_per_point = Some(1.0);
    window.run();
}

#[test]
fn every_layout_is_chosen_by_its_name_and_says_what_it_shows() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    for (name, says) in [
        ("12 × 1", "all leads simultaneous"),
        ("6 × 2", "2 columns of 5 s each, sequential"),
        ("6 × 2, same time", "2 columns of the same 5 s, simultaneous"),
        ("3 × 4", "4 columns of 2.5 s each, sequential"),
        ("3 × 4 + 3 strips", "4 columns of 2.5 s each, sequential"),
        ("Cabrera 6 × 2", "2 columns of 5 s each, sequential"),
        ("Cabrera 12 × 1", "all leads simultaneous"),
        ("One lead", "lead I, 1 of 12"),
        ("Median beats", "median beats, all leads of the same instant"),
        ("3 × 4 + 1 strip", "4 columns of 2.5 s each, sequential"),
    ] {
        window.get_by_role_and_label(Role::ComboBox, "Layout").click();
        window.run();
        window.get_by_role_and_label(Role::Button, name).click();
        window.run();
        assert!(sees(&window, says), "{name}");
    }
    window.key_press(Key::Num4);
    window.run();
    window.key_press(Key::L);
    window.run();
    assert!(sees(&window, "lead II, 2 of 12"));
    window.key_press_modifiers(Modifiers::SHIFT, Key::L);
    window.run();
    assert!(sees(&window, "lead I, 1 of 12"));
}

#[test]
fn a_key_is_changed_in_the_list_and_works_instead() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    let gain = |w: &Window| w.state().state().view.scale.gain;
    window.key_press(Key::Questionmark);
    window.run();
    // A dialog finds its place after it was first measured.
    window.run_steps(3);
    // It may lie below what the dialog shows without scrolling.
    window.get_by_label_contains("G: Next gain").click_accesskit();
    window.run();
    assert!(sees(&window, "Press the new key for"));
    window.key_press(Key::F);
    window.run();
    assert!(sees(&window, "F is taken by"), "a conflict is told");
    window.key_press(Key::F7);
    window.run();
    let paper = &window.state().state().paper;
    assert!(sees(&window, "F7: Next gain"), "{:?} {:?}", paper.settings.shortcuts, paper.rebinding_fault);
    window.get_by_label("Close").click();
    window.run();
    window.key_press(Key::G);
    window.run();
    assert_eq!(gain(&window), Gain::Mm10);
    window.key_press(Key::F7);
    window.run();
    assert_eq!(gain(&window), Gain::Mm20);
    window.key_press(Key::Questionmark);
    window.run();
    window.get_by_label("All keys as they were").click_accesskit();
    window.run();
    assert!(sees(&window, "G: Next gain"));
}

#[test]
fn a_measured_screen_has_true_millimetres() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    on_screen(&mut window, 2560.0);
    assert!(sees(&window, "screen not calibrated"));
    window.get_by_label("True size").click();
    window.run();
    assert!(sees(&window, "Hold a ruler to the screen"));
    window.get_by_label("Bank card, 85.6 mm").click();
    window.run();
    window.get_by_label("Longer by 2 %").click();
    window.run();
    let bar = window.get_by_label_contains("Bar that is to be 85.6 mm long").rect().width();
    window.get_by_label("The bar is right").click();
    window.run();
    assert!(sees(&window, "true size on this screen"));
    let px_per_mm = window.state().state().geometry().px_per_mm;
    assert!((px_per_mm * 85.6 - bar).abs() < 1.0, "{px_per_mm} points a millimetre, the bar had {bar}");
    // Writing grows, millimetres do not.
    window.state_mut().apply(Message::Paper(PaperMessage::SetInterfaceScale(2.0)));
    window.run();
    on_screen(&mut window, 2560.0);
    assert!((window.state().state().geometry().px_per_mm - 0.5 * px_per_mm).abs() < 1e-3);
    on_screen(&mut window, 1920.0);
    assert!(sees(&window, "screen not calibrated"), "another monitor was not measured");
}

#[test]
fn colours_are_chosen_and_everything_is_there_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window_of(folder.path());
    on_screen(&mut window, 2560.0);
    window.get_by_label("Settings").click();
    window.run();
    window.get_by_label("Dark").click();
    window.run();
    window.get_by_label("110 %").click();
    window.run();
    window.get_by_label("Close").click();
    window.run();
    on_screen(&mut window, 2560.0);
    assert_eq!(theme::current().id, "dark");
    window.key_press(Key::Num2);
    window.key_press(Key::G);
    window.run();
    window.state_mut().apply(Message::Paper(PaperMessage::ToggleCalibration));
    window.state_mut().apply(Message::Paper(PaperMessage::Bar(Calibration { pixels_per_mm: 4.5, bar: 0 })));
    window.state_mut().apply(Message::Paper(PaperMessage::Calibrated));
    window.run();
    drop(window);

    let mut window = window_of(folder.path());
    on_screen(&mut window, 2560.0);
    let state = window.state().state();
    assert_eq!((state.paper.theme().id.as_str(), state.paper.settings.interface_scale), ("dark", 1.1));
    assert_eq!((state.view.layout.as_str(), state.view.scale.gain), ("12x1", Gain::Mm20));
    assert!(matches!(state.view.scale.zoom, Zoom::Factor(_)));
    assert!(sees(&window, "true size on this screen"));
}

#[test]
fn broken_settings_are_told_and_kept_aside() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(FILE), "gain = 11").expect("written");
    std::fs::write(folder.path().join("layouts.toml"), "[[layout]]\nid = \"mine\"\nrows = [[\"I\", \"I\"]]\n").expect("written");
    let window = window_of(folder.path());
    assert!(sees(&window, "settings.toml.bad"));
    assert!(sees(&window, "lead I stands twice"));
    assert!(folder.path().join("settings.toml.bad").exists());
}

#[test]
fn an_own_layout_can_be_chosen() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "[[layout]]\nid = \"inferior\"\nname = \"Inferior first\"\nrows = [[\"II\"], [\"III\"], [\"aVF\"]]\n";
    std::fs::write(folder.path().join("layouts.toml"), text).expect("written");
    let mut window = window_of(folder.path());
    window.get_by_role_and_label(Role::ComboBox, "Layout").click();
    window.run();
    window.get_by_role_and_label(Role::Button, "Inferior first").click();
    window.run();
    let state = window.state().state();
    let names = state.lead_names();
    let first: Vec<String> = state.layout().rows[..3].iter().map(|row| names[row.places[0].lead].to_string()).collect();
    assert_eq!(first, ["II", "III", "aVF"]);
    assert_eq!(state.layout().rows.len(), 12, "the others follow");
}
