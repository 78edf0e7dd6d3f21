//! Driving the window as a reader does.

use super::Fake;
use efficientecg::app::{App, Options};
use egui_kittest::{Harness, kittest::Queryable};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// The window under test.
pub type Window = Harness<'static, App>;

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

/// Whether somebody can read this.
pub fn sees(window: &Window, text: &str) -> bool {
    window.query_all_by_label_contains(text).next().is_some()
}
