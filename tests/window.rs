//! The window driven as a reader drives it: by what is on screen and by keys. No display is needed.
#![cfg(feature = "window")]

mod window_fake;

#[path = "window_parts/beside.rs"]
mod beside;
#[path = "window_parts/calipers.rs"]
mod calipers;
#[path = "window_parts/criteria.rs"]
mod criteria;
#[path = "window_parts/filters.rs"]
mod filters;
#[path = "window_parts/findings.rs"]
mod findings;
#[path = "window_parts/inbox.rs"]
mod inbox;
#[path = "window_parts/jumps.rs"]
mod jumps;
#[path = "window_parts/language.rs"]
mod language;
#[path = "window_parts/measurements.rs"]
mod measurements;
#[path = "window_parts/names.rs"]
mod names;
#[path = "window_parts/page.rs"]
mod page;
#[path = "window_parts/paper.rs"]
mod paper;
#[path = "window_parts/pictures.rs"]
mod pictures;
#[path = "window_parts/report.rs"]
mod report;
#[path = "window_parts/review.rs"]
mod review;
#[path = "window_parts/review_kept.rs"]
mod review_kept;
#[path = "window_parts/review_pointer.rs"]
mod review_pointer;
#[path = "window_parts/review_work.rs"]
mod review_work;
#[path = "window_parts/start.rs"]
mod start;
#[path = "window_parts/tabs.rs"]
mod tabs;
#[path = "window_parts/tools.rs"]
mod tools;
#[path = "window_parts/waves.rs"]
mod waves;
#[path = "window_parts/worklist.rs"]
mod worklist;

use efficientecg::{
    app::{App, Options, message::Message},
    recording::Sex,
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable};
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};
use window_fake::{Fake, drive::*};

#[test]
fn a_recording_opens_and_its_evidence_is_shown_and_hidden() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    assert!(sees(&window, "Research software, not for diagnosis"));
    assert!(sees(&window, "SIMULATED"));
    assert!(sees(&window, "ECG page: leads I, II, III, aVR"));
    assert!(sees(&window, "25 mm/s · 10 mm/mV · unfiltered"));
    assert!(sees(&window, "4 columns of 2.5 s each, sequential"));
    assert!(sees(&window, "screen not calibrated"));
    assert!(sees(&window, "Atrial fibrillation: most likely, probability 87 %"));
    assert!(sees(&window, "Other rhythm: probability 38 %"));
    assert!(sees(&window, "one of three"));
    assert!(sees(&window, "ST/T change: uncertain, probability 44 %, threshold 45 %"));
    assert!(sees(&window, "P axis: not measurable: P waves are too small"));
    assert!(sees(&window, "fallback: ONNX Runtime was not found"));
    assert!(sees(&window, "file to findings in 88 ms"));
    assert!(sees(&window, "age unknown, sex unknown"));
    assert!(!sees(&window, "one scale per record"));

    window.get_by_label_contains("Atrial fibrillation: most likely").click();
    window.run();
    assert!(sees(&window, "Where the model looked"));
    assert!(sees(&window, "one scale per record"));
    assert!(sees(&window, "(efficientecg-record 0.1.0)"));
    assert!(sees(&window, "not given to the model: V6"));
    assert!(sees(&window, "bias −1.20 + features"));
    assert!(!sees(&window, "do not add up"));
    assert!(sees(&window, "RR irregularity 0.18 +0.92") && sees(&window, "Small 6 1 ms +0.01") && !sees(&window, "Small 7"));
    assert!(sees(&window, "8 others together  +0.06"), "age and sex, which are unknown, and six small ones");
    assert_eq!(window.state().state().drawn_evidence().0.len(), 1);

    window.key_press(Key::E);
    window.run();
    assert!(!sees(&window, "one scale per record"));
    assert!(window.state().state().drawn_evidence().0.is_empty());
    window.key_press(Key::E);
    window.run();
    assert!(sees(&window, "one scale per record"));
    window.key_press(Key::Escape);
    window.run();
    assert!(!sees(&window, "Where the model looked"));
    assert_eq!(window.state().state().chosen, None);
}

#[test]
fn findings_are_reached_by_keys_alone() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press(Key::Period);
    window.run();
    let first = window.state().state().chosen.clone().expect("the first finding");
    assert_eq!(first.code, "A", "present findings come first");
    window.key_press(Key::Period);
    window.run();
    assert_ne!(window.state().state().chosen, Some(first.clone()));
    window.key_press(Key::Comma);
    window.run();
    assert_eq!(window.state().state().chosen, Some(first));
}

#[test]
fn entered_age_and_sex_are_used_and_marked() {
    let fake: Arc<Fake> = Arc::default();
    let mut window = analysed(&fake, "/ecg/demo.hea");
    let runs = |fake: &Fake| fake.asked.lock().expect("no panic").len();
    assert_eq!(runs(&fake), 1);

    window.get_by_role_and_label(Role::TextInput, "Age in years").focus();
    window.run();
    window.get_by_role_and_label(Role::TextInput, "Age in years").type_text("140");
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert!(sees(&window, "Age in years, 0 to 120"));
    assert_eq!(runs(&fake), 1, "a wrong age is not used");

    window.state_mut().apply(Message::AgeEdited("63".into()));
    window.state_mut().apply(Message::AgeEntered);
    wait(&mut window, "the second analysis", |w| w.state().state().analysis.is_some());
    window.get_by_label("Female").click();
    wait(&mut window, "the third analysis", |w| w.state().state().analysis.is_some() && runs(&fake) == 3);
    let last = *fake.asked.lock().expect("no panic").last().expect("three");
    assert_eq!((last.age_years, last.sex), (Some(63.0), Some(Sex::Female)));
    assert_eq!(window.query_all_by_label("entered").count(), 2);
    assert!(sees(&window, "63 years (entered), female (entered)"));
}

#[test]
fn age_and_sex_of_the_file_are_not_editable() {
    let fake: Arc<Fake> = Arc::default();
    let window = analysed(&fake, "/ecg/patient.hea");
    assert!(sees(&window, "58 years, from the file"));
    assert!(sees(&window, "female, from the file"));
    assert!(window.query_by_role_and_label(Role::TextInput, "Age in years").is_none());
    assert_eq!(fake.asked.lock().expect("no panic")[0].age_years, Some(58.0));
}

#[test]
fn an_error_names_the_file_and_stays_until_read() {
    let mut window = window(&Arc::default(), &["/ecg/missing.hea"]);
    wait(&mut window, "the error", |w| sees(w, "/ecg/missing.hea: the signal file missing.dat is absent"));
    window.key_press(Key::Escape);
    window.run();
    assert!(sees(&window, "is absent"));
    assert!(sees(&window, "Messages (1)"));
    window.get_by_label("Mark read").click();
    window.run();
    assert!(window.query_all_by_label("Mark read").next().is_none());
    window.key_press(Key::R);
    window.run();
    assert!(sees(&window, "is absent"), "what was read stays in the list");
}

#[test]
fn an_analysis_can_be_cancelled_and_begun_again() {
    let fake: Arc<Fake> = Arc::default();
    fake.hold.store(true, Ordering::Relaxed);
    let mut window = window(&fake, &["/ecg/demo.hea"]);
    wait(&mut window, "the stage", |w| sees(w, "Analysing: detecting beats"));
    assert!(sees(&window, "ECG page"), "traces are shown while the analysis runs");
    window.get_by_label("Cancel").click();
    wait(&mut window, "the end", |w| sees(w, "The analysis was cancelled."));
    fake.hold.store(false, Ordering::Relaxed);
    window.get_by_label("Analyse again").click();
    wait(&mut window, "the findings", |w| sees(w, "Atrial fibrillation: most likely"));
}

#[test]
fn the_analysis_of_a_closed_recording_is_dropped() {
    let fake: Arc<Fake> = Arc::default();
    fake.hold.store(true, Ordering::Relaxed);
    let mut window = window(&fake, &["/ecg/demo.hea"]);
    wait(&mut window, "the analysis to begin", |_| fake.asked.lock().expect("no panic").len() == 1);
    let old = (window.state().state().generation, window.state().state().run);
    let (sender, receiver) = std::sync::mpsc::channel();
    let running = window.state().state().analysing.clone().expect("running");
    window.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.run();
    assert!(running.is_cancelled(), "closing cancels");
    assert!(sees(&window, "Drop an ECG recording"));

    // The same result as if the job had finished just before it was cancelled.
    let recording = efficientecg::app::Backend::open(&*fake, "/ecg/demo.hea".as_ref(), &Default::default()).expect("opens");
    fake.hold.store(false, Ordering::Relaxed);
    let analysis = efficientecg::app::Backend::analyse(&*fake, Arc::new(recording), Default::default(), &Default::default());
    sender.send(Box::new(analysis.expect("analysed"))).expect("open");
    let late =
        efficientecg::app::jobs::Event::Analysed { generation: old.0, run: old.1, result: Ok(receiver.recv().expect("sent")) };
    window.state_mut().apply(Message::Job(late));
    window.run();
    assert!(window.state().state().analysis.is_none());
    assert!(!sees(&window, "Atrial fibrillation"));
}

#[test]
fn several_files_become_a_worklist() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/lead1.hea", "/ecg/missing.hea"]);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    assert!(sees(&window, "1 of 3"));
    window.key_press(Key::CloseBracket);
    wait(&mut window, "the second", |w| sees(w, "2 of 3") && w.state().state().analysis.is_some());
    assert!(sees(&window, "1 lead, 500 Hz"));
    assert!(sees(&window, "Not answered: needs leads I, II and V1 to V6"));
    window.get_by_label("Next").click();
    wait(&mut window, "the error", |w| sees(w, "missing.dat is absent"));
    assert!(!sees(&window, "ECG page"), "no earlier trace under another name");
    window.get_by_label("Previous").click();
    wait(&mut window, "the second again", |w| sees(w, "2 of 3") && sees(w, "ECG page"));
}

#[test]
fn a_long_recording_looks_again_at_the_window_shown() {
    let fake: Arc<Fake> = Arc::default();
    let mut window = analysed(&fake, "/ecg/long.hea");
    window.state_mut().apply(Message::CentreOn(605.0));
    window.run();
    window.get_by_label_contains("Myocardial infarction: present").scroll_to_me();
    window.run();
    window.get_by_label_contains("Myocardial infarction: present").click();
    wait(&mut window, "the window's evidence", |w| {
        w.state().state().drawn_evidence().0.len() == 1 && !w.state().state().is_busy()
    });
    let asked = fake.windows.lock().expect("no panic").clone();
    assert_eq!(asked, vec![efficientecg::recording::SampleRange::new(300_000, 305_000)]);
    assert!(sees(&window, "one scale for all windows on the page"));
    window.state_mut().apply(Message::ScrollBy(5.0));
    wait(&mut window, "the next window's evidence", |w| w.state().state().drawn_evidence().0.len() == 2);
}

#[test]
fn help_lists_the_shortcuts_and_repairs_are_listed() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.key_press_modifiers(Modifiers::SHIFT, Key::Questionmark);
    window.run();
    assert!(sees(&window, "Hide or show the evidence"));
    assert!(sees(&window, "Next gain"));
    window.key_press(Key::Escape);
    window.run();
    assert!(!sees(&window, "Next gain"));
    window.get_by_label("1 repair").click();
    window.run();
    assert!(sees(&window, "taken instead: 200 counts per mV"));
}

/// A file let go over the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the window opens paths".into())
    }
}

#[test]
fn dropped_files_open_as_a_worklist() {
    let mut window = window(&Arc::default(), &[]);
    window.run();
    for name in ["/ecg/one.hea", "/ecg/two.hea"] {
        window.input_mut().dropped_files.push(Arc::new(Dropped(name.into())));
    }
    wait(&mut window, "the first file", |w| sees(w, "1 of 2") && w.state().state().analysis.is_some());
}

#[test]
fn a_typed_path_opens() {
    let mut window = window(&Arc::default(), &[]);
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::L);
    window.run();
    window.get_by_role_and_label(Role::TextInput, "Path of a file or folder").type_text("/ecg/demo.hea");
    window.run();
    window.key_press(Key::Enter);
    wait(&mut window, "the recording", |w| w.state().state().analysis.is_some());
}

#[test]
fn a_finding_named_at_the_start_is_chosen() {
    let options = Options { paths: vec!["/ecg/demo.hea".into()], show: Some("mi".into()), ..Options::default() };
    let mut window = window_with(&Arc::default(), options);
    wait(&mut window, "the legend", |w| sees(w, "one scale per record"));
    assert_eq!(window.state().state().chosen.as_ref().map(|key| key.code.as_str()), Some("MI"));
}

/// What the window's own code costs a frame, printed for whoever measures:
/// `cargo test --release --test window frame_cost -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a test"]
fn frame_cost() {
    let ctx = egui::Context::default();
    let options = Options { paths: vec!["/ecg/long.hea".into()], show: Some("A".into()), ..Options::default() };
    let mut app = App::new(&ctx, Arc::<Fake>::default(), options);
    let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1560.0, 940.0));
    let frame = |app: &mut App| {
        let input = egui::RawInput { screen_rect: Some(screen), ..Default::default() };
        let mut own = Duration::ZERO;
        let output = ctx.run_ui(input, |ui| {
            let begun = Instant::now();
            app.show(ui);
            own += begun.elapsed();
        });
        output.drop_without_applying_deltas();
        own
    };
    while app.state().analysis.is_none() || app.state().is_busy() || app.state().overview.is_none() {
        frame(&mut app);
        std::thread::sleep(Duration::from_millis(10));
    }
    let everything = [
        Message::ToggleWaves,
        Message::ChooseMeasurement("qt".into()),
        Message::SetFilter(efficientecg::signal::filter::FilterSettings::DIAGNOSTIC),
    ];
    let mut modes = vec![("idle", 0.0, None), ("scrolling", 0.1, None)];
    for message in everything {
        modes.extend([("and", 0.0, Some(message)), ("scrolling", 0.1, None)]);
    }
    for (what, by, message) in modes {
        if let Some(message) = message {
            println!("{message:?}");
            app.apply(message);
            while app.state().is_busy() {
                frame(&mut app);
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        let mut times: Vec<Duration> = (0..200)
            .map(|_| {
                if by > 0.0 {
                    app.apply(Message::ScrollBy(by));
                }
                frame(&mut app)
            })
            .collect();
        times.sort();
        println!("{what}: median {:?}, 95th percentile {:?}, longest {:?}", times[100], times[190], times[199]);
    }
}

#[test]
fn an_exclusive_class_is_never_called_present() {
    for path in ["/ecg/demo.hea", "/ecg/long.hea"] {
        let window = analysed(&Arc::default(), path);
        let rhythms = ["Normal sinus rhythm", "Atrial fibrillation", "Other rhythm"];
        for node in window.query_all_by_label_contains("probability") {
            let text = node.accesskit_node().label().unwrap_or_default();
            if rhythms.iter().any(|rhythm| text.starts_with(rhythm)) {
                assert!(!text.contains("present") && !text.contains("absent") && !text.contains("threshold"), "{text}");
            }
        }
    }
}

#[test]
fn a_mistyped_path_costs_nothing() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/two.hea"]);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    window.state_mut().apply(Message::AgeEdited("67,5".into()));
    window.state_mut().apply(Message::AgeEntered);
    wait(&mut window, "the analysis", |w| w.state().state().analysis.is_some());
    for _ in 0..2 {
        window.state_mut().apply(Message::PathEdited("/ecg/missing.hea".into()));
        window.state_mut().apply(Message::OpenTypedPath);
        wait(&mut window, "the error", |w| sees(w, "missing.dat is absent") && !w.state().state().is_busy());
    }
    assert_eq!(window.state().state().notices.len(), 1, "nothing is said twice");
    assert!(sees(&window, "ECG page") && sees(&window, "1 of 2") && sees(&window, "67.5 years (entered)"));
    assert!(window.state().state().analysis.is_some());

    window.get_by_label("Next").click();
    wait(&mut window, "the second", |w| sees(w, "2 of 2") && w.state().state().analysis.is_some());
    assert!(sees(&window, "missing.dat is absent"), "nothing vanishes by itself");
    assert!(sees(&window, "age unknown"));
    window.get_by_label("Previous").click();
    wait(&mut window, "the first again", |w| sees(w, "1 of 2") && w.state().state().analysis.is_some());
    assert!(sees(&window, "67.5 years (entered)"), "what was entered is kept");
}

#[test]
fn many_errors_leave_room_for_the_page() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    for i in 0..5 {
        window.state_mut().apply(Message::OpenPaths(vec![format!("/ecg/missing{i}.hea").into()]));
        wait(&mut window, "the error", |w| !w.state().state().is_busy() && w.state().state().notices.len() == i + 1);
    }
    window.run();
    assert_eq!(window.query_all_by_label("Mark read").count(), 3);
    assert!(sees(&window, "missing4.hea") && sees(&window, "and 2 more"));
    assert!(window.get_by_label_contains("ECG page").rect().height() > 500.0);
    window.get_by_label("Mark all read").click();
    window.run();
    assert!(window.state().state().notices.iter().all(|notice| notice.read) && !sees(&window, "missing4.hea"));
}

#[test]
fn the_worklist_keeps_its_place_and_follows() {
    let names: Vec<String> = (0..80).map(|i| format!("/ecg/{}{i:02}.hea", if i == 41 { "missing" } else { "demo" })).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut window = window(&Arc::default(), &names);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    window.state_mut().apply(Message::OpenEntry(60));
    wait(&mut window, "the entry", |w| w.state().state().analysis.is_some());
    window.run();
    let row = window.get_by_label_contains("demo60.hea").rect();
    assert!(row.top() > 80.0 && row.bottom() < 906.0, "the row is in view: {row:?}");

    window.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.run();
    assert!(!sees(&window, "ECG page"));
    window.get_by_label("Next").click();
    wait(&mut window, "the next", |w| sees(w, "62 of 80") && w.state().state().analysis.is_some());

    window.state_mut().apply(Message::OpenEntry(41));
    wait(&mut window, "the reason in the page's middle", |w| sees(w, "missing41.hea could not be opened"));
    assert!(sees(&window, "missing.dat is absent") && !sees(&window, "ECG page"));
    window.key_press(Key::CloseBracket);
    wait(&mut window, "the next", |w| sees(w, "43 of 80") && sees(w, "ECG page"));
}

#[test]
fn a_wrong_age_leaves_the_page_where_it_is_and_escape_restores() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.state_mut().apply(Message::AgeEdited("67".into()));
    window.state_mut().apply(Message::AgeEntered);
    wait(&mut window, "the analysis", |w| w.state().state().analysis.is_some());
    let place = |w: &Window| w.get_by_label_contains("Atrial fibrillation: most likely").rect();
    let before = place(&window);
    let field = |w: &Window| w.get_by_role_and_label(Role::TextInput, "Age in years").rect().center();
    let at = field(&window);
    window.hover_at(at);
    window.get_by_role_and_label(Role::TextInput, "Age in years").focus();
    window.run();
    window.get_by_role_and_label(Role::TextInput, "Age in years").type_text("9999");
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert!(sees(&window, "still 67 used"));
    assert_eq!(place(&window), before, "nothing jumps");
    window.get_by_role_and_label(Role::TextInput, "Age in years").focus();
    window.run();
    window.key_press(Key::Escape);
    window.run();
    assert_eq!(window.state().state().age_text, "67");
    assert!(!sees(&window, "still 67 used"));
}

#[test]
fn one_scale_holds_for_everything_drawn() {
    let mut window = analysed(&Arc::default(), "/ecg/long.hea");
    window.state_mut().apply(Message::CentreOn(610.0));
    window.run();
    window.get_by_label_contains("Myocardial infarction: present").scroll_to_me();
    window.run();
    window.get_by_label_contains("Myocardial infarction: present").click();
    wait(&mut window, "both windows", |w| w.state().state().drawn_evidence().0.len() == 2);
    let (drawn, peak) = window.state().state().drawn_evidence();
    assert!(drawn.iter().all(|evidence| evidence.peak() <= peak));
    assert!(drawn.iter().any(|evidence| evidence.peak() == peak));
}

#[test]
fn worthless_and_missing_answers_are_told_at_the_top() {
    let window = analysed(&Arc::default(), "/ecg/untrained.hea");
    assert!(sees(&window, "Untrained model (efficientecg-record): random weights. Its answers mean nothing."));
    let window = analysed(&Arc::default(), "/ecg/refused.hea");
    assert!(sees(&window, "No findings: every question was refused"));
    assert!(sees(&window, "Not answered: needs leads"));
    let window = analysed(&Arc::default(), "/ecg/demo.hea");
    assert!(!sees(&window, "Untrained") && !sees(&window, "No findings"));
}
