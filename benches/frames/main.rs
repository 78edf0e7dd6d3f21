//! What a frame of the window costs without drawing it: update, layout and tessellation, at 1920 x 1080.
//!
//! `cargo bench --bench frames` prints the median, the 95th percentile and the largest of several hundred frames for each scene. Scenes move in
//! every frame, as under a reader who scrolls and zooms; nothing is drawn from what was laid before. Recordings are simulated and lie in
//! memory: what reading a file costs is measured by the bench `formats`.

use efficientecg::{
    analysis::{Analysis, Beat, Demographics, Finding, Progress, Quality, Timings},
    app::{
        App, Backend, Failure, Options, background,
        message::Message,
        page::scale::Speed,
        review::files::ExportOrder,
        worklist::{Column, ListMessage},
    },
    layout::LayoutId,
    recording::{
        BeatLabel, Data, FileFormat, INVALID_SAMPLE, LeadName, Patient, Rate, Recording, SampleError, SampleIndex, SampleRange,
        SampleSource, Scale, Signal,
    },
    report::Reviewed,
    review::{Review, Reviewer, exchange::Incoming},
    signal::{
        criteria::agreement::Agreement,
        filter::{FilterSettings, Mains, apply},
        waves::Waves,
    },
    simulate::{COUNTS_PER_MV, Simulated as SimulatedRecord, Spec, simulate},
};
use egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, RawInput, Rect, TouchPhase, pos2, vec2};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Frames of a scene.
const FRAMES: usize = 400;
/// Recordings in the folder.
const LISTED: usize = 5000;
/// Hours of the long recording.
const HOURS: u64 = 24;

/// Ten seconds over and over.
#[derive(Debug)]
struct Repeated {
    ten: Vec<i32>,
    length: u64,
}

impl SampleSource for Repeated {
    fn len(&self) -> u64 {
        self.length
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let period = self.ten.len() as u64;
        let mut at = start;
        let mut rest = out;
        while !rest.is_empty() && at < self.length {
            let from = &self.ten[(at % period) as usize..];
            let count = from.len().min(rest.len()).min(usize::try_from(self.length - at).unwrap_or(usize::MAX));
            let (now, later) = rest.split_at_mut(count);
            now.copy_from_slice(&from[..count]);
            (rest, at) = (later, at + count as u64);
        }
        rest.fill(INVALID_SAMPLE);
        Ok(())
    }
}

static SIMULATED: LazyLock<SimulatedRecord> =
    LazyLock::new(|| simulate("bench", "bench", &Spec { noise_mv: 0.01, wander_mv: 0.05, ..Spec::default() }));

/// Opens `short` and `long`; its analysis marks as many beats as the name says.
struct Simulated;

impl Backend for Simulated {
    fn open(&self, path: &Path, _: &Progress) -> Result<Recording, Failure> {
        let simulated = LazyLock::force(&SIMULATED);
        let length = match name(path) {
            "short" => 5000,
            _ => HOURS * 3600 * 500,
        };
        let leads = simulated.leads.iter().map(|lead| {
            let ten = lead.counts.iter().map(|count| i32::from(*count)).collect();
            let scale = Scale { gain: COUNTS_PER_MV, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) };
            Arc::new(Signal {
                label: lead.lead.name().into(),
                lead: LeadName::Standard(lead.lead),
                rate: simulated.rate,
                calibrated: true,
                declared_checksum: None,
                data: Data::Recorded { source: Arc::new(Repeated { ten, length }), scale },
            })
        });
        Ok(Recording {
            path: path.to_owned(),
            name: name(path).to_owned(),
            format: FileFormat::Wfdb,
            start: None,
            rate: simulated.rate,
            length,
            leads: leads.collect(),
            other_signals: Vec::new(),
            gaps: Vec::new(),
            patient: Patient::default(),
            annotations: Vec::new(),
            repairs: Vec::new(),
            comments: Vec::new(),
            simulated: true,
        })
    }

    fn list(&self, folder: &Path, _: &Progress) -> Result<Vec<PathBuf>, Failure> {
        Ok((0..LISTED).map(|i| folder.join(format!("ward {}/{i:05}/short", i % 40))).collect())
    }

    fn analyse(&self, recording: Arc<Recording>, demographics: Demographics, _: &Progress) -> Result<Analysis, Failure> {
        // A beat every 0.8 s: 108,000 in a day.
        let labels = [BeatLabel::N, BeatLabel::N, BeatLabel::N, BeatLabel::V, BeatLabel::N, BeatLabel::S];
        let beats = (0..recording.length / 400).map(|i| Beat {
            sample: SampleIndex(i * 400 + 130),
            label: Some(labels[(i % 6) as usize]),
            probability: Some(0.9),
            uncertain: false,
        });
        Ok(Analysis {
            engine: None,
            models: Vec::new(),
            refused: Vec::new(),
            quality: Quality::default(),
            demographics,
            findings: Vec::new(),
            windows: Vec::new(),
            beats: beats.collect(),
            waves: None,
            measurements: Default::default(),
            statements: None,
            not_judged: Vec::new(),
            agreement: Agreement::default(),
            median_beat: None,
            repairs: Vec::new(),
            timings: Timings::default(),
        })
    }

    fn beat_evidence(&self, _: Arc<Recording>, _: SampleIndex, _: &Progress) -> Result<Vec<Finding>, Failure> {
        Err(Failure::new("no evidence here"))
    }

    fn evidence(&self, _: Arc<Recording>, _: Demographics, _: SampleRange, _: &Progress) -> Result<Vec<Finding>, Failure> {
        Ok(Vec::new())
    }

    fn waves(&self, _: Arc<Recording>, _: SampleRange, _: &Progress) -> Result<Waves, Failure> {
        Err(Failure::new("no waves here"))
    }

    fn export_review(&self, _: &Review, _: &Reviewer, _: &Recording, _: &ExportOrder) -> Result<Vec<String>, Failure> {
        Err(Failure::new("nothing is written here"))
    }

    fn reviewed(&self, _: &Recording, _: &Progress) -> Result<Reviewed, Failure> {
        Ok(Reviewed::default())
    }

    fn import_labels(&self, _: &Recording, _: Option<&Path>, _: Option<&str>) -> Result<Incoming, Failure> {
        Err(Failure::new("nothing is read here"))
    }
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The window without a screen.
struct Window {
    ctx: egui::Context,
    app: App,
    time: f64,
    /// Of the last frame, before tessellation.
    shown: Duration,
}

impl Window {
    fn open(path: &str) -> Self {
        let ctx = egui::Context::default();
        let options = Options { paths: vec![PathBuf::from(path)], ..Options::default() };
        let app = App::new(&ctx, Arc::new(Simulated), options);
        Self { ctx, app, time: 0.0, shown: Duration::ZERO }
    }

    /// One frame: its cost, and the number of triangles.
    fn frame(&mut self) -> (Duration, usize) {
        self.frame_with(Vec::new())
    }

    /// A frame in which something was done with pointer or keys.
    fn frame_with(&mut self, events: Vec<Event>) -> (Duration, usize) {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1920.0, 1080.0))),
            time: Some(self.time),
            events,
            ..RawInput::default()
        };
        let begun = Instant::now();
        let mut output = self.ctx.run_ui(input, |ui| self.app.show(ui));
        // Nothing is drawn.
        output.textures_delta.clear();
        self.shown = begun.elapsed();
        let meshes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let spent = begun.elapsed();
        let triangles = meshes.iter().map(|clipped| match &clipped.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.indices.len() / 3,
            egui::epaint::Primitive::Callback(_) => 0,
        });
        (spent, triangles.sum())
    }

    /// Frames until the recording is analysed and its overview is there.
    fn settle(&mut self) {
        while self.app.state().analysis.is_none() || (self.app.state().overview.is_none()) {
            self.frame();
            std::thread::sleep(Duration::from_millis(2));
        }
        for _ in 0..10 {
            self.frame();
        }
    }

    fn scene(&mut self, title: &str, mut step: impl FnMut(usize) -> Option<Message>) {
        self.scene_of(title, |window, frame| {
            let message = step(frame)?;
            let begun = Instant::now();
            window.app.apply(message);
            Some((begun.elapsed(), Vec::new()))
        });
    }

    /// `step` says how long it took and which events come with the frame; `None`: the frame is not counted.
    fn scene_of(&mut self, title: &str, mut step: impl FnMut(&mut Self, usize) -> Option<(Duration, Vec<Event>)>) {
        let mut spent = Vec::with_capacity(FRAMES);
        let mut shown = Vec::with_capacity(FRAMES);
        let mut triangles = 0;
        for frame in 0..FRAMES {
            if let Some((update, events)) = step(self, frame) {
                let (rest, count) = self.frame_with(events);
                triangles = count;
                spent.push(update + rest);
                shown.push(update + self.shown);
            }
        }
        spent.sort_unstable();
        shown.sort_unstable();
        let half = shown[shown.len() / 2].as_secs_f64() * 1e3;
        let ms = |share: f64| spent[((spent.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        println!("{title:<58} {half:>8.2} {:>8.2} {:>8.2} {:>8.2} {triangles:>10}", ms(0.5), ms(0.95), ms(1.0));
    }
}

/// Does something while another thread is as busy with signals as an analysis is.
fn while_busy(mut work: impl FnMut()) {
    let over = AtomicBool::new(false);
    let settings = FilterSettings { high_pass: Some(0.5), low_pass: Some(40.0), mains: Mains::Hz50 };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            background::step_back();
            let mut samples: Vec<f32> = (0..500_000).map(|i| (i as f32 * 0.01).sin()).collect();
            while !over.load(Ordering::Relaxed) {
                samples = apply(&samples, Rate::HZ_500, &settings).samples;
            }
        });
        work();
        over.store(true, Ordering::Relaxed);
    });
}

/// A folder of thousands: its list scrolled, filtered, sorted and read through while headers are read and recordings analysed in the background.
fn worklist() {
    let folder = tempfile::tempdir().expect("a folder");
    let begun = Instant::now();
    let mut window = Window::open(&folder.path().to_string_lossy());
    while window.app.state().opened.is_none() {
        window.frame();
    }
    window.frame();
    let listed = begun.elapsed();
    let title = |what: &str| format!("worklist of {LISTED}, {what}");
    window.scene(&title("headers being read"), |_| Some(Message::PointAt(None)));
    while window.app.state().worklist.rows().iter().any(|row| row.facts.is_none()) {
        window.frame();
        std::thread::sleep(Duration::from_millis(2));
    }
    let over_list = pos2(120.0, 600.0);
    window.frame_with(vec![Event::PointerMoved(over_list)]);
    window.scene_of(&title("scrolling it while it is analysed"), |_, _| {
        let wheel = Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, -300.0),
            phase: TouchPhase::Move,
            source: MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        };
        Some((Duration::ZERO, vec![wheel]))
    });
    window.frame_with(vec![Event::PointerGone]);
    let list = |message| Some(Message::List(message));
    window
        .scene(&title("a letter typed into the filter"), |frame| list(ListMessage::Filter("ward 3"[..1 + frame % 6].to_owned())));
    window.scene(&title("sorting"), |frame| list(ListMessage::Sort(Column::ALL[frame % 5])));
    window.app.apply(Message::List(ListMessage::Filter(String::new())));
    window.scene(&title("next unread"), |_| list(ListMessage::NextUnread));
    println!(
        "a folder of {LISTED} listed and the first recording shown: {:.0} ms (without window and files)",
        listed.as_secs_f64() * 1e3
    );
}

fn main() {
    LazyLock::force(&SIMULATED);
    println!("1920 x 1080, milliseconds a frame                      laid out   median      p95      max  triangles");
    let begun = Instant::now();
    let mut window = Window::open("short");
    let mut drawn = window.app.state().opened.is_some();
    while !drawn {
        window.frame();
        drawn = window.app.state().opened.is_some();
    }
    window.frame();
    let first = begun.elapsed();
    window.settle();
    window.scene("12 leads of 10 s, at rest", |_| Some(Message::PointAt(None)));
    window.scene("12 leads of 10 s, zooming", |frame| {
        Some(Message::ZoomAt { factor: if (frame / 20) % 2 == 0 { 1.04 } else { 1.0 / 1.04 }, x: Some(800.0) })
    });
    window.app.apply(Message::SetLayout(LayoutId::new("12x1")));
    window.scene("12 leads of 10 s, 12 x 1, zooming", |frame| {
        Some(Message::ZoomAt { factor: if (frame / 20) % 2 == 0 { 1.04 } else { 1.0 / 1.04 }, x: Some(800.0) })
    });

    let mut window = Window::open("long");
    window.settle();
    window.app.apply(Message::SetLayout(LayoutId::new("12x1")));
    let beats = window.app.state().analysis.as_ref().map_or(0, |analysis| analysis.beats.len());
    for (speed, zoom) in [(Speed::Mm100, 1.0), (Speed::Mm25, 1.0), (Speed::Mm10, 1.0), (Speed::Mm5, 1.0), (Speed::Mm5, 0.01)] {
        window.app.apply(Message::SetSpeed(speed));
        window.app.apply(Message::ZoomFit);
        if zoom != 1.0 {
            window.app.apply(Message::ZoomAt { factor: zoom, x: None });
        }
        window.app.apply(Message::CentreOn(3600.0));
        let page = window.app.state().geometry().visible_s();
        // Let what lies beside be made, as it would be between two movements of a hand.
        for _ in 0..5 {
            window.frame();
            std::thread::sleep(Duration::from_millis(20));
        }
        let title = format!("{HOURS} h, {beats} beats, {page:.0} s a page, scrolling");
        window.scene(&title, |_| Some(Message::ScrollBy(page / 120.0)));
        window.scene(&format!("{HOURS} h, {page:.0} s a page, jumping"), |frame| {
            Some(Message::CentreOn((frame * 7919 % 86_000) as f64))
        });
    }
    while_busy(|| {
        window.app.apply(Message::SetSpeed(Speed::Mm25));
        window.app.apply(Message::ZoomFit);
        window.app.apply(Message::CentreOn(3600.0));
        window.scene("24 h, 10 s a page, scrolling, while a core analyses", |_| Some(Message::ScrollBy(0.1)));
    });
    worklist();
    println!(
        "\nfrom the application's start to the first page of 10 s: {:.0} ms (without window and file)",
        first.as_secs_f64() * 1e3
    );
}
