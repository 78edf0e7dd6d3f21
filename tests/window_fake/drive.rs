//! Driving the window as a reader does.

use super::Fake;
use efficientecg::app::{App, Options};
use efficientecg_raster::Raster;
use egui::{Pos2, TexturesDelta};
use egui_kittest::{Harness, TestRenderer, kittest::Queryable};
use image::RgbaImage;
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// The window under test.
pub type Window = Harness<'static, App>;

/// Draws the window without a graphics card: pictures are the same everywhere.
#[derive(Default)]
struct Processor(Raster);

impl TestRenderer for Processor {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.textures(delta);
    }

    fn render(&mut self, ctx: &egui::Context, output: &egui::FullOutput) -> Result<RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size = ctx.content_rect().size() * scale;
        let (width, height) = (size.x.round() as usize, size.y.round() as usize);
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        let picture = self.0.draw(&primitives, [width, height], scale, egui::Color32::BLACK);
        let bytes = picture.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
        RgbaImage::from_raw(width as u32, height as u32, bytes).ok_or_else(|| "too few pixels".to_owned())
    }
}

/// A window that begins by opening `paths`.
pub fn window(fake: &Arc<Fake>, paths: &[&str]) -> Window {
    let paths = paths.iter().map(PathBuf::from).collect();
    window_with(fake, Options { paths, ..Options::default() })
}

/// A window that begins as the options say.
pub fn window_with(fake: &Arc<Fake>, options: Options) -> Window {
    let backend = fake.clone();
    Harness::builder()
        .with_size([1560.0, 940.0])
        .with_max_steps(60)
        .renderer(Processor::default())
        .build_eframe(move |creation| App::new(&creation.egui_ctx, backend, options))
}

/// Runs frames until `done` or, after a minute (of a busy machine), fails.
pub fn wait(window: &mut Window, what: &str, done: impl Fn(&Window) -> bool) {
    let begun = Instant::now();
    loop {
        window.run();
        if done(window) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "waited in vain for: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A window with an analysed recording.
pub fn analysed(fake: &Arc<Fake>, path: &str) -> Window {
    let mut window = window(fake, &[path]);
    wait(&mut window, "the analysis", |w| w.state().state().analysis.is_some());
    window
}

/// Presses the pointer at one place and moves it to another, as a hand does; the button stays down.
pub fn begin_drag(window: &mut Window, from: Pos2, to: Pos2) {
    window.hover_at(from);
    window.run();
    window.drag_at(from);
    window.run();
    for share in [0.3, 0.7, 1.0] {
        window.hover_at(from + (to - from) * share);
        window.run();
    }
}

/// The same, and lets go.
pub fn drag(window: &mut Window, from: Pos2, to: Pos2) {
    begin_drag(window, from, to);
    window.drop_at(to);
    window.run();
}

/// Whether somebody can read this.
pub fn sees(window: &Window, text: &str) -> bool {
    window.query_all_by_label_contains(text).next().is_some()
}
