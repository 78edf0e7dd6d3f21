//! Whole pieces of work at the desk: from opening to export by keyboard alone, with real files out and in.

use crate::{
    review::{CTRL, CTRL_SHIFT, Folder, NONE, SHIFT, labels, press, review, typed},
    window_fake::{Fake, drive::*},
};
use efficientecg::{
    analysis::*,
    app::{Backend, Failure, Options, review::files::ExportOrder},
    commands::{demo, review::from_window},
    formats,
    recording::*,
    review::{Review, Reviewer, State, exchange::Incoming},
    signal::waves::Waves,
};
use egui::{Key, Role};
use egui_kittest::{Harness, kittest::Queryable};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

/// Real files; the analysis is the beats that the recording's own annotations have, all called normal.
#[derive(Default)]
struct Files {
    fake: Fake,
    beats: Mutex<Vec<SampleIndex>>,
}

impl Backend for Files {
    fn open(&self, path: &Path, _: &Progress) -> Result<Recording, Failure> {
        let recording = formats::open(path).map_err(Failure::new)?;
        let annotated = recording.annotations.iter().flat_map(|set| &set.annotations).filter(|a| a.mnemonic.is_beat());
        *self.beats.lock().expect("no panic while held") = annotated.map(|a| a.at).collect();
        Ok(recording)
    }

    fn list(&self, folder: &Path, progress: &Progress) -> Result<Vec<PathBuf>, Failure> {
        self.fake.list(folder, progress)
    }

    fn analyse(&self, recording: Arc<Recording>, known: Demographics, progress: &Progress) -> Result<Analysis, Failure> {
        let beats = self.beats.lock().expect("no panic while held").clone();
        let beat = |at: &SampleIndex| Beat { sample: *at, label: Some(BeatLabel::N), probability: Some(0.9), uncertain: false };
        let analysis = self.fake.analyse(recording, known, progress)?;
        Ok(Analysis { beats: beats.iter().map(beat).collect(), waves: None, ..analysis })
    }

    fn evidence(&self, r: Arc<Recording>, d: Demographics, w: SampleRange, p: &Progress) -> Result<Vec<Finding>, Failure> {
        self.fake.evidence(r, d, w, p)
    }

    fn waves(&self, recording: Arc<Recording>, window: SampleRange, progress: &Progress) -> Result<Waves, Failure> {
        self.fake.waves(recording, window, progress)
    }

    fn beat_evidence(&self, recording: Arc<Recording>, beat: SampleIndex, p: &Progress) -> Result<Vec<Finding>, Failure> {
        self.fake.beat_evidence(recording, beat, p)
    }

    fn export_review(&self, review: &Review, by: &Reviewer, of: &Recording, order: &ExportOrder) -> Result<Vec<String>, Failure> {
        from_window::export(review, by, of, order).map_err(|error| Failure::new(format!("{error:#}")))
    }

    fn import_labels(&self, of: &Recording, file: Option<&Path>, annotator: Option<&str>) -> Result<Incoming, Failure> {
        from_window::labels(of, file, annotator).map_err(|error| Failure::new(format!("{error:#}")))
    }

    fn reviewed(&self, recording: &Recording, progress: &Progress) -> Result<efficientecg::report::Reviewed, Failure> {
        self.fake.reviewed(recording, progress)
    }
}

/// A window on the first demo recording, as files in `folder`.
fn window_on_files(folder: &Folder) -> (Window, PathBuf) {
    let demo = demo::in_folder(&folder.0.join("demo")).expect("demo recordings");
    let mut records: Vec<PathBuf> = std::fs::read_dir(demo).expect("a folder").flatten().map(|entry| entry.path()).collect();
    records.retain(|path| path.extension().is_some_and(|e| e == "hea"));
    records.sort();
    let record = records.remove(0);
    let options = Options { paths: vec![record.clone()], reviews: Some(folder.0.join("reviews")), ..Options::default() };
    let mut window = Harness::builder()
        .with_size([1560.0, 940.0])
        .with_max_steps(60)
        .build_eframe(move |creation| efficientecg::app::App::new(&creation.egui_ctx, Arc::<Files>::default(), options));
    wait(&mut window, "the store", |w| w.state().state().desk.store().is_some());
    wait(&mut window, "the analysis", |w| w.state().state().analysis.is_some());
    (window, record)
}

fn name_oneself(window: &mut Window) {
    press(window, &[(NONE, Key::A)]);
    assert!(sees(window, "Who reviews?"));
    window.run();
    typed(window, "Ada Lovelace");
    press(window, &[(NONE, Key::Enter)]);
    wait(window, "the review", |w| w.state().state().desk.session.is_some() && !labels(w).is_empty());
}

/// Exports into a folder by keys, and waits for what is told.
fn export(window: &mut Window, folder: &Path) {
    press(window, &[(CTRL, Key::E)]);
    window.run();
    // The folder of the last export stands there.
    press(window, &[(CTRL, Key::A)]);
    typed(window, &folder.display().to_string());
    press(window, &[(NONE, Key::Enter)]);
    wait(window, "the export", |w| sees(w, "Wrote "));
    press(window, &[(NONE, Key::Escape)]);
    assert!(!sees(window, "Wrote "));
}

fn exported(folder: &Path) -> Vec<(u64, char)> {
    let header = std::fs::read_dir(folder).expect("written").flatten().map(|entry| entry.path());
    let header = header.into_iter().find(|path| path.extension().is_some_and(|e| e == "hea")).expect("a header");
    let recording = formats::open(&header).expect("readable");
    let beats = recording.annotations[0].annotations.iter().filter(|a| a.mnemonic.is_beat());
    beats.map(|a| (a.at.0, a.mnemonic.0.chars().next().expect("a mnemonic"))).collect()
}

#[test]
fn an_annotator_opens_corrects_exports_and_confirms_without_a_mouse() {
    let folder = Folder::new("work");
    let (mut window, _) = window_on_files(&folder);
    name_oneself(&mut window);
    let count = labels(&window).len();
    assert!(count > 5 && labels(&window).chars().all(|label| label == 'N'));

    // Two beats by their letters, one deleted and set again, a stretch of noise, all like the first, a note of the reader's own.
    press(&mut window, &[(NONE, Key::ArrowRight), (SHIFT, Key::V), (NONE, Key::ArrowRight), (NONE, Key::A)]);
    press(&mut window, &[(NONE, Key::ArrowRight), (NONE, Key::Delete), (NONE, Key::ArrowLeft), (NONE, Key::I), (SHIFT, Key::F)]);
    press(&mut window, &[(NONE, Key::ArrowRight), (NONE, Key::G), (NONE, Key::ArrowRight), (NONE, Key::G)]);
    window.run();
    typed(&mut window, "noise");
    press(&mut window, &[(NONE, Key::Enter)]);
    assert_eq!(review(&window).content().intervals.len(), 1);
    assert_eq!(labels(&window).chars().take(3).collect::<String>(), "VaF");
    press(&mut window, &[(NONE, Key::K)]);
    wait(&mut window, "the shapes", |w| sees(w, "Beats like this: "));
    press(&mut window, &[(CTRL_SHIFT, Key::F)]);
    window.run();
    typed(&mut window, "pvc");
    press(&mut window, &[(NONE, Key::Enter)]);
    assert!(review(&window).content().judgements.keys().any(|key| key.code == "PVC"));
    press(&mut window, &[(NONE, Key::Escape), (CTRL, Key::J)]);
    window.run();
    typed(&mut window, "Single ventricular premature beat.");
    // While a text is typed Ctrl Z is the field's own.
    let steps = review(&window).history().len();
    press(&mut window, &[(CTRL, Key::Z)]);
    assert_eq!(review(&window).history().len(), steps);
    press(&mut window, &[(CTRL_SHIFT, Key::Z)]);
    let meant: Vec<(u64, char)> =
        review(&window).content().beats.as_slice().iter().map(|beat| (beat.sample.0, beat.label.key())).collect();
    export(&mut window, &folder.0.join("out"));
    assert_eq!(exported(&folder.0.join("out")), meant);

    press(&mut window, &[(CTRL, Key::J)]);
    window.run();
    typed(&mut window, " Otherwise normal.");
    press(&mut window, &[(CTRL, Key::Enter)]);
    assert_eq!(review(&window).state(), State::Confirmed, "Ctrl Enter confirms while the field has the keyboard");
    assert!(review(&window).content().conclusion.ends_with("Otherwise normal."), "{}", review(&window).content().conclusion);
    assert!(!review(&window).content().conclusion.contains('\n'));
    assert!(sees(&window, "Confirmed by AL"));
}

#[test]
fn labels_go_out_in_every_form_and_come_in_as_another_reader() {
    let folder = Folder::new("files");
    let (mut window, record) = window_on_files(&folder);
    name_oneself(&mut window);
    let count = labels(&window).len();
    press(&mut window, &[(NONE, Key::ArrowRight), (SHIFT, Key::V), (NONE, Key::Escape), (CTRL, Key::Enter)]);
    assert_eq!(review(&window).state(), State::Confirmed);
    for (form, expected) in [
        ("WFDB annotations", ".al"),
        ("EDF+ annotations", ".edf"),
        ("CSV tables", ".beats.csv"),
        ("JSON", ".json"),
        ("Training folder", "labels.csv"),
    ] {
        let out = folder.0.join(form.replace(['+', ' '], ""));
        press(&mut window, &[(CTRL, Key::E)]);
        window.get_by_label(form).click();
        window.run();
        window.get_by_role_and_label(Role::TextInput, "Folder").focus();
        window.run();
        press(&mut window, &[(CTRL, Key::A)]);
        typed(&mut window, &out.display().to_string());
        window.get_by_label("Write").click();
        window.run();
        wait(&mut window, form, |w| sees(w, "Wrote "));
        let written: Vec<String> =
            std::fs::read_dir(&out).expect("written").flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        assert!(written.iter().any(|name| name.ends_with(expected)), "{form}: {written:?}");
        // Once more into the same folder: nothing is written over, and that is said.
        window.get_by_label("Write").click();
        window.run();
        wait(&mut window, "the refusal", |w| !w.state().state().desk.files.is_busy() && sees(w, "exist"));
        press(&mut window, &[(NONE, Key::Escape)]);
    }

    // The recording's own annotations, and the table that went out, as further readers.
    press(&mut window, &[(CTRL, Key::I)]);
    window.get_by_label_contains("The recording's own `").click();
    window.run();
    wait(&mut window, "the recording's own", |w| sees(w, "as a further reader."));
    press(&mut window, &[(NONE, Key::Escape), (CTRL, Key::I)]);
    let stem = record.file_stem().expect("a name").to_string_lossy();
    let table = folder.0.join("CSVtables").join(format!("{stem}.beats.csv"));
    window.run();
    typed(&mut window, &table.display().to_string());
    press(&mut window, &[(NONE, Key::Enter)]);
    wait(&mut window, "the table", |w| sees(w, &format!("as a further reader. Beats: {count}")));
    press(&mut window, &[(NONE, Key::Escape)]);
    assert_eq!(window.state().state().desk.others.len(), 2);
    let table = window.state().state().desk.others.iter().find(|reader| reader.name.contains(".beats.csv")).expect("a reader");
    let compare = format!("Compare with {}", table.name);
    window.get_by_label_contains(&compare).click_accesskit();
    window.run();
    wait(&mut window, "the comparison", |w| sees(w, "Disagreements on beats: 0"));

    // What cannot be read is told in the dialog.
    press(&mut window, &[(CTRL, Key::I)]);
    window.run();
    typed(&mut window, &folder.0.join("nothing.atr").display().to_string());
    press(&mut window, &[(NONE, Key::Enter)]);
    wait(&mut window, "the refusal", |w| {
        w.state().state().desk.files.import.as_ref().is_some_and(|import| !import.busy && !import.told.is_empty())
    });
    assert_eq!(window.state().state().desk.others.len(), 2);
}
