//! The window: state, messages, views, theme, shortcuts.
//!
//! Views read [`state::State`] and emit [`message::Message`]s; [`update::update`] applies them and answers with jobs, which run
//! off the window's thread ([`jobs`]). The layers below are reached through [`jobs::Backend`] alone.

mod arranged;
pub mod background;
pub mod beside;
mod demographics;
pub mod drawer;
pub mod filtering;
pub mod inbox;
pub mod jobs;
pub mod language;
pub mod measuring;
pub mod message;
mod opening;
pub mod page;
pub mod paper;
pub mod report;
pub mod review;
pub mod settings;
pub mod shortcuts;
pub mod state;
pub mod tabs;
pub mod theme;
pub mod tools;
pub mod update;
pub mod views;
pub mod waves;
pub mod worklist;

pub use jobs::{Backend, Failure};

use crate::{
    analysis::Progress,
    layout::{Catalogue, LayoutId},
};
use jobs::{Job, Jobs};
use message::Message;
use page::paint::Cache;
use paper::{PaperMessage, Screen};
use settings::Store;
use state::State;
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use update::Effect;

/// How the window starts.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Files and folders to open.
    pub paths: Vec<PathBuf>,
    /// Code of the finding to choose once the first recording is analysed.
    pub show: Option<String>,
    /// Folder with settings and own layouts; `None`: settings are neither read nor kept.
    pub settings: Option<PathBuf>,
    /// Folder that reviews are kept in; `None`: corrections cannot be kept, and so not be made.
    pub reviews: Option<PathBuf>,
    /// Save what the window shows once the first recording is analysed, then close.
    pub screenshot: Option<PathBuf>,
}

/// Why the window could not be opened or did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// No display, or no usable OpenGL.
    #[error("the window could not be opened ({0}); the commands (`efficientecg --help`) work without one")]
    NoWindow(#[from] eframe::Error),
    /// The screenshot was asked for but not saved.
    #[error("the screenshot was not saved: {0}")]
    Screenshot(String),
}

/// How often running jobs' progress is drawn again.
const PROGRESS_EVERY: Duration = Duration::from_millis(200);

/// How long the start may wait to learn what is to be opened: plain files are listed in less, folders are not waited for.
const HEAD_START: Duration = Duration::from_millis(20);

/// How long a frame may wait for the recording that it is to show.
const OPENING: Duration = Duration::from_millis(8);

/// Opens the window and returns when it is closed.
pub fn run(backend: Arc<dyn Backend>, options: Options) -> Result<(), WindowError> {
    let viewport = egui::ViewportBuilder::default()
        .with_title(TITLE)
        .with_app_id("efficientecg")
        .with_inner_size([1560.0, 940.0])
        .with_min_inner_size([900.0, 560.0])
        .with_drag_and_drop(true);
    let native = eframe::NativeOptions {
        viewport,
        centered: true,
        renderer: eframe::Renderer::Glow,
        dithering: false,
        ..Default::default()
    };
    let outcome: Arc<std::sync::Mutex<Option<Result<(), String>>>> = Arc::default();
    let asked = options.screenshot.is_some();
    let shot = outcome.clone();
    let ctx = context();
    let mut app = App::new(&ctx, backend, options).with_outcome(shot);
    app.head_start();
    eframe::run_native_ext(TITLE, native, Some(ctx), Box::new(move |_| Ok(Box::new(app))))?;
    match outcome.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take() {
        Some(Err(reason)) => Err(WindowError::Screenshot(reason)),
        None if asked => Err(WindowError::Screenshot("the window was closed before a recording was analysed".into())),
        _ => Ok(()),
    }
}

/// A context as eframe makes it for a window of its own.
fn context() -> egui::Context {
    let ctx = egui::Context::default();
    ctx.set_embed_viewports(false);
    ctx
}

const TITLE: &str = "EfficientECG Review";

/// What became of the screenshot.
type Outcome = Arc<std::sync::Mutex<Option<Result<(), String>>>>;

/// The application: state, jobs, and what the painter keeps.
pub struct App {
    state: State,
    jobs: Jobs,
    cache: Cache,
    title: String,
    /// Not yet told on standard error that the first analysis is shown.
    announce: bool,
    screenshot: Option<PathBuf>,
    outcome: Outcome,
    store: Option<Store>,
    drawn_with: Option<&'static theme::Theme>,
    /// Something was being dragged in the frame before.
    dragging: bool,
    /// The recording that was drawn last, by number, and the first frame that did.
    drawn: Option<(u64, u64)>,
    /// The attempt to open something that a frame waited for last.
    awaited: u64,
    /// Jobs that wait until what was opened is on screen.
    held: Vec<(Job, Arc<Progress>)>,
}

impl App {
    /// An application that begins by opening what `options` names.
    pub fn new(ctx: &egui::Context, backend: Arc<dyn Backend>, options: Options) -> Self {
        theme::fonts::install(ctx);
        let wake = ctx.clone();
        let mut app = Self {
            state: State { choose_when_ready: options.show, ..State::default() },
            jobs: Jobs::new(backend, Arc::new(move || wake.request_repaint())),
            cache: Cache::that_does_not_wait(),
            title: TITLE.to_owned(),
            announce: true,
            screenshot: options.screenshot,
            outcome: Outcome::default(),
            store: None,
            drawn_with: None,
            dragging: false,
            drawn: None,
            awaited: 0,
            held: Vec::new(),
        };
        if let Some(folder) = options.settings {
            app.take_settings(&folder);
        }
        if let Some(folder) = options.reviews {
            app.apply(Message::Review(review::ReviewMessage::OpenStore(folder)));
        }
        app.dress(ctx);
        app.apply(Message::OpenPaths(options.paths));
        app
    }

    /// Settings and own layouts of a folder.
    fn take_settings(&mut self, folder: &std::path::Path) {
        let (store, notice) = Store::open(folder);
        let (layouts, faults) = Catalogue::with_own(folder);
        let (state, settings) = (&mut self.state, store.settings().clone());
        for text in notice.into_iter().chain(faults.iter().map(ToString::to_string)) {
            update::notice(state, text, false);
        }
        state.view.layout = LayoutId::new(&settings.layout);
        state.view.scale.gain = settings.gain;
        state.view.scale.speed = settings.speed;
        state.paper.layouts = Arc::new(layouts);
        state.paper.settings = settings;
        self.store = Some(store);
    }

    /// Colours and interface scale as they are set.
    fn dress(&mut self, ctx: &egui::Context) {
        language::with(self.state.paper.settings.language);
        let theme = self.state.paper.theme();
        theme::with(theme);
        if self.drawn_with != Some(theme) {
            theme::apply(ctx, theme);
            self.drawn_with = Some(theme);
        }
        let scale = self.state.paper.settings.interface_scale;
        if ctx.zoom_factor() != scale {
            ctx.set_zoom_factor(scale);
        }
    }

    /// The screen the window is on, where that is news.
    fn screen(&self, ctx: &egui::Context) -> Option<Message> {
        let pixels_per_point = ctx.pixels_per_point();
        let screen = ctx.input(|input| {
            let viewport = input.viewport();
            let native = viewport.native_pixels_per_point.unwrap_or(1.0);
            // Monitor sizes come in points of the interface.
            let size = viewport.monitor_size? * pixels_per_point;
            Some(Screen { key: format!("{:.0}x{:.0}@{native}", size.x, size.y), pixels_per_point })
        })?;
        (self.state.paper.screen.as_ref() != Some(&screen)).then_some(Message::Paper(PaperMessage::OnScreen(screen)))
    }

    fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// What the window knows.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Applies a message as if a view had emitted it.
    pub fn apply(&mut self, message: Message) {
        for effect in update::update(&mut self.state, message) {
            match effect {
                Effect::Start(job, progress) if job.is_background() && self.is_undrawn() => self.held.push((job, progress)),
                Effect::Start(job, progress) => self.jobs.start(job, progress),
            }
        }
    }

    /// Begins to open what was named before there is a window, which takes as long as opening.
    fn head_start(&mut self) {
        self.wait_while(HEAD_START, |state| state.worklist.listing.is_some());
    }

    /// A recording is mostly open before its page has to be laid: waits a little for one that was just asked for, so that no empty page flashes up.
    fn await_opening(&mut self) {
        let Some(number) = self.state.opening.as_ref().map(|opening| opening.number) else { return };
        if std::mem::replace(&mut self.awaited, number) != number {
            self.wait_while(OPENING, |state| state.opening.is_some());
        }
    }

    /// Takes up what jobs send for as long as `is_waiting`, but not longer than `at_most`.
    fn wait_while(&mut self, at_most: Duration, is_waiting: impl Fn(&State) -> bool) {
        let until = Instant::now() + at_most;
        while is_waiting(&self.state) {
            let Some(event) = self.jobs.wait(until.saturating_duration_since(Instant::now())) else { return };
            self.apply(Message::Job(event));
        }
    }

    /// A recording is open that is not on screen yet.
    fn is_undrawn(&self) -> bool {
        self.state.opened.is_some() && self.drawn.is_none_or(|(recording, _)| recording != self.state.generation)
    }

    /// Starts what was held back once the frame before has shown the recording.
    fn let_go(&mut self, ctx: &egui::Context) {
        if self.drawn.is_some_and(|(_, frame)| frame < ctx.cumulative_frame_nr()) && !self.is_undrawn() {
            for (job, progress) in self.held.drain(..) {
                self.jobs.start(job, progress);
            }
        }
    }

    /// Notes that this frame shows what is open.
    fn note_drawn(&mut self, ctx: &egui::Context) {
        if self.is_undrawn() {
            self.drawn = Some((self.state.generation, ctx.cumulative_frame_nr()));
        }
        if !self.held.is_empty() {
            ctx.request_repaint();
        }
    }

    /// Shows one frame.
    pub fn show(&mut self, ui: &mut egui::Ui) {
        self.let_go(ui.ctx());
        for event in self.jobs.poll() {
            self.apply(Message::Job(event));
        }
        // Keys act before the page is laid: what they ask for is in this frame, not in the next one.
        let pressed = self.input(ui.ctx());
        for message in pressed.into_iter().chain(self.screen(ui.ctx())) {
            self.apply(message);
        }
        self.await_opening();
        self.dress(ui.ctx());
        let mut messages = Vec::new();
        views::show(ui, &self.state, &mut self.cache, &mut messages);
        let first = self.is_undrawn();
        self.note_drawn(ui.ctx());
        self.state.focus_path = false;
        self.state.tools.jump.focus = false;
        self.state.worklist.focus_filter = false;
        (self.state.desk.findings.focus, self.state.desk.findings.focus_conclusion) = (false, false);
        if !messages.is_empty() {
            ui.ctx().request_repaint();
            if first {
                // Only now may the page know its size: what was laid before is not worth showing.
                ui.ctx().request_discard("the size of the page was not known");
            }
        }
        for message in messages {
            self.apply(message);
        }
        if self.state.is_busy() {
            ui.ctx().request_repaint_after(PROGRESS_EVERY);
        }
        if let Some(store) = &mut self.store {
            store.keep(&paper::kept(&self.state));
            if let Some(fault) = store.fault() {
                update::notice(&mut self.state, fault, false);
            }
        }
        self.dragging = ui.ctx().dragged_id().is_some();
        self.after(ui.ctx());
    }

    /// Dropped files and keys.
    fn input(&self, ctx: &egui::Context) -> Vec<Message> {
        let typing = ctx.text_edit_focused();
        let menu = egui::Popup::is_any_open(ctx);
        let paper = &self.state.paper;
        if paper.rebinding.is_some() {
            return ctx.input(|input| self.rebound(&input.events));
        }
        let focused = ctx.memory(|memory| memory.focused().is_some());
        // Esc ends a drag before anybody is asked.
        let dragging = self.dragging;
        let asking = self.state.desk.is_asking() || self.state.reports.dialog.is_some();
        let dialog = self.state.help_open || paper.looks_open || paper.calibration.is_some() || asking;
        // Arrows move the page, not the focus, except where they serve text, a menu or a dialog.
        let arrow = |event: &egui::Event| {
            use egui::Key::{ArrowDown, ArrowLeft, ArrowRight, ArrowUp};
            matches!(event, egui::Event::Key { key: ArrowDown | ArrowLeft | ArrowRight | ArrowUp, pressed: true, .. })
        };
        if !typing && !menu && !dialog && ctx.input(|input| input.events.iter().any(arrow)) {
            ctx.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
        }
        ctx.input(|input| {
            let dropped: Vec<PathBuf> = input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect();
            let mut messages = if menu {
                Vec::new()
            } else if typing {
                // Letters belong to the text, and so does what a text field does with Ctrl; everything else with Ctrl still works.
                let rest = input.events.iter().filter(|event| shortcuts::is_beside_text(event));
                shortcuts::messages(rest, &self.state.paper.settings.shortcuts)
            } else {
                let (mut messages, rest) = review::keys::take(&input.events, &self.state.desk, focused || dialog);
                messages.extend(shortcuts::messages(rest, &self.state.paper.settings.shortcuts));
                messages
            };
            // Esc lets go of what is being dragged, and of nothing else.
            messages.retain(|message| !dragging || !matches!(message, Message::Review(review::ReviewMessage::Escape)));
            // What has the keyboard is pressed by Space.
            messages.retain(|message| !focused || !matches!(message, Message::Tool(tools::ToolMessage::TogglePlay)));
            // A dialog closes itself on Esc; other keys must not act on what it covers.
            messages
                .retain(|message| !dialog || matches!(message, Message::ToggleHelp | Message::Paper(PaperMessage::ToggleLooks)));
            messages.retain(|message| {
                !dialog || matches!(message, Message::ToggleHelp | Message::Paper(PaperMessage::ToggleLooks) | Message::Report(_))
            });
            if !dropped.is_empty() {
                messages.push(Message::OpenPaths(dropped));
            }
            messages
        })
    }

    /// A shortcut waits for its new key: Esc leaves it as it is, any other key is its.
    fn rebound(&self, events: &[egui::Event]) -> Vec<Message> {
        let first = shortcuts::pressed(events).next().map(|keys| match keys.key {
            egui::Key::Escape => PaperMessage::Rebind(None),
            _ => PaperMessage::Bind(keys),
        });
        first.map(Message::Paper).into_iter().collect()
    }

    /// Title, the line for whoever waits on standard error, the screenshot.
    fn after(&mut self, ctx: &egui::Context) {
        let title = match self.state.recording() {
            Some(recording) => format!("{} · {TITLE}", recording.name),
            None => TITLE.to_owned(),
        };
        if title != self.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
        if self.state.is_busy() || (self.state.opened.is_some() && self.cache.is_pending()) {
            return;
        }
        let settled = self.state.analysis.is_some() || self.state.analysis_failure.is_some();
        if !settled {
            // Whoever waits for a picture is told why there will be none.
            let entry = self.state.not_opened.as_ref().map(|(_, reason)| reason);
            let reason = entry.or(self.state.notices.last().map(|notice| &notice.text)).cloned();
            if let (Some(reason), Some(path)) = (reason, &self.screenshot) {
                self.finish(Err(format!("{}: {reason}", path.display())));
                self.screenshot = None;
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
            return;
        }
        if let (true, Some(recording)) = (self.announce, self.state.recording()) {
            self.announce = false;
            let word = if self.state.analysis.is_some() { "ready" } else { "failed" };
            eprintln!("{word}: {}", recording.path.display());
        }
        if let Some(path) = self.screenshot.take() {
            let (outcome, window) = (self.outcome.clone(), ctx.clone());
            ctx.request_screenshot(move |image| {
                let result = save_png(&image, &path).map_err(|reason| format!("{}: {reason}", path.display()));
                *outcome.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(result);
                window.send_viewport_cmd(egui::ViewportCommand::Close);
                window.request_repaint();
            });
            ctx.request_repaint();
        }
    }

    fn finish(&self, result: Result<(), String>) {
        *self.outcome.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(result);
    }
}

fn save_png(image: &egui::ColorImage, path: &std::path::Path) -> Result<(), String> {
    use eframe::icon_data::IconDataExt;
    let [width, height] = image.size;
    let side = |length: usize| u32::try_from(length).map_err(|e| e.to_string());
    let rgba = image.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b(), 255]).collect();
    let png = egui::IconData { rgba, width: side(width)?, height: side(height)? }.to_png_bytes()?;
    std::fs::write(path, png).map_err(|e| e.to_string())
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        // What was typed last is kept too.
        self.state.desk = review::closed(&mut self.state);
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        theme::ui::panel().to_normalized_gamma_f32()
    }
}
