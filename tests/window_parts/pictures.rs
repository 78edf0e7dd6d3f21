//! The page as a picture, against the one that was looked at and kept in `tests/snapshots`. `UPDATE_SNAPSHOTS=1` keeps new ones: look at them.

use crate::window_fake::drive::*;
use efficientecg::{
    app::{message::Message, paper::PaperMessage},
    layout::LayoutId,
};
use egui_kittest::{SnapshotResults, kittest::Queryable, try_image_snapshot};
use image::imageops::crop_imm;
use std::sync::Arc;

/// The page of a recording by that name, in a theme and a layout.
fn page(name: &str, theme: &str, layout: &str) -> image::RgbaImage {
    let mut window = analysed(&Arc::default(), &format!("/ecg/{name}.hea"));
    // High enough for twelve rows.
    window.set_size(egui::vec2(1000.0, if layout == "12x1" { 960.0 } else { 620.0 }));
    window.state_mut().apply(Message::Paper(PaperMessage::SetTheme(theme.to_owned())));
    window.state_mut().apply(Message::SetLayout(LayoutId::new(layout)));
    for _ in 0..4 {
        window.run();
    }
    let picture = window.render().expect("a picture");
    let page = window.get_by_label_contains("ECG page").rect();
    let (left, top) = (page.left().max(0.0) as u32, page.top().max(0.0) as u32);
    crop_imm(&picture, left, top, page.width() as u32, page.height() as u32).to_image()
}

#[test]
fn pages_look_as_they_were_looked_at() {
    let mut results = SnapshotResults::new();
    for (name, theme, layout) in [
        ("demo", "classic", "3x4+1"),
        ("demo", "dark", "12x1"),
        ("demo", "contrast", "cabrera-6x2"),
        ("demo", "blue", "6x2-simultaneous"),
        ("gap", "classic", "3x4+1"),
        ("off", "grey", "6x2"),
        ("raw", "classic", "3x4+3"),
        ("lead1", "classic", "3x4+1"),
    ] {
        results.add(try_image_snapshot(&page(name, theme, layout), format!("{name}-{theme}-{layout}")));
    }
}
