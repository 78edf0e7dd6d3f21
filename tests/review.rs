//! `efficientecg review` on the real binary.

use efficientecg::{
    formats,
    recording::{Recording, SampleRange},
    review::{
        Baseline, BaselineSource, Beat, BeatSource, BeatType, Command as Edit, FindingKey, Interval, IntervalKind, Judgement,
        MachineFinding, RecordingId, Reviewer, Rhythm, Session, SystemClock, Timestamp,
        store::{RecordingFacts, SqliteStore, Store},
    },
};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

/// A folder with the demo recordings and a folder for reviews.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let made =
            Command::new(env!("CARGO_BIN_EXE_efficientecg")).arg("demo").arg("--out").arg(desk.path("demo")).output().unwrap();
        assert!(made.status.success());
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn record(&self) -> PathBuf {
        let mut all: Vec<PathBuf> = fs::read_dir(self.path("demo/wfdb")).unwrap().map(|entry| entry.unwrap().path()).collect();
        all.retain(|path| path.extension().is_some_and(|e| e == "hea"));
        all.sort();
        all.remove(0)
    }

    /// The data folder comes from the environment, as a script would give it.
    fn review(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_efficientecg"))
            .arg("review")
            .args(arguments)
            .env("EFFICIENTECG_REVIEWS", self.path("reviews"))
            .output()
            .unwrap()
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.review(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A person's review: labels of a machine, a few edits, confirmed or not.
    fn reviewed(&self, confirm: bool) -> (Recording, Vec<(u64, char)>) {
        let recording = formats::open(&self.record()).unwrap();
        let store = SqliteStore::open(&self.path("reviews")).unwrap();
        let me = Reviewer::new("Ada Lovelace", "AL").unwrap();
        store.add_reviewer(&me, Timestamp(0)).unwrap();
        let facts = RecordingFacts::of(RecordingId::of(&recording).unwrap(), &recording);
        let mut session = Session::open(Arc::new(store), Arc::new(SystemClock), &facts, &me.id, false).unwrap();
        let beats = recording.annotations[0].annotations.iter().filter(|a| a.mnemonic.is_beat()).map(|a| Beat {
            sample: a.at,
            label: BeatType::Normal,
            source: BeatSource::Machine { probability: Some(0.8), uncertain: false },
            decided: false,
            fields: None,
        });
        let finding = |task: &str, code: &str, label: &str| MachineFinding {
            key: FindingKey::new(task, code),
            label: label.into(),
            scp: None,
            probability: Some(0.3),
            present: false,
            uncertain: false,
            by: "test".into(),
        };
        let labels = Baseline {
            source: BaselineSource::Machine { models: vec!["test 1".into()] },
            rate: recording.rate,
            length: recording.length,
            beats: beats.collect(),
            intervals: Vec::new(),
            findings: vec![
                finding("rhythm", "A", "Atrial fibrillation"),
                finding("superclass", "MI", "Myocardial infarction"),
                finding("statement", "CLBBB", "Complete left bundle branch block"),
            ],
        };
        session.labels_arrived(labels).unwrap();
        let first = session.review().content().beats.as_slice()[1].sample;
        let rhythm = Interval {
            kind: IntervalKind::Rhythm(Rhythm::parse("AFIB").unwrap()),
            range: SampleRange::new(100, 900),
            lead: None,
            text: String::new(),
        };
        for edit in [
            Edit::Relabel { beats: vec![first], to: BeatType::VentricularPremature },
            Edit::AddInterval(rhythm),
            Edit::Judge { key: FindingKey::new("superclass", "MI"), judgement: Some(Judgement::absent()) },
            Edit::AddFinding { scp: "AFIB".into(), judgement: Judgement::present() },
            Edit::AddFinding { scp: "CLBBB".into(), judgement: Judgement::present() },
            Edit::Conclude("Atrial fibrillation, \"new\".".into()),
        ] {
            session.perform(&edit, None).unwrap();
        }
        if confirm {
            session.confirm().unwrap();
        }
        let meant = session.review().content().beats.as_slice().iter().map(|beat| (beat.sample.0, beat.label.key())).collect();
        (recording, meant)
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn beats(recording: &Recording, annotator: &str) -> Vec<(u64, char)> {
    let set = recording.annotations.iter().find(|set| set.annotator == annotator).expect("the annotator");
    let beats = set.annotations.iter().filter(|a| a.mnemonic.is_beat());
    beats.map(|a| (a.at.0, a.mnemonic.as_str().chars().next().unwrap())).collect()
}

#[test]
fn reviewed_labels_go_out_as_they_were_meant() {
    let desk = Desk::new();
    let (recording, meant) = desk.reviewed(true);
    let (record, out) = (desk.record(), desk.path("out"));
    desk.done(&["export", text(&record), "--to", "wfdb", "--annotator", "ada", "--out", text(&out)]);
    let written = formats::open(&out.join(record.file_name().unwrap())).unwrap();
    assert_eq!(beats(&written, "ada"), meant);
    let all = written.annotations.iter().find(|set| set.annotator == "ada").unwrap();
    assert!(all.annotations.iter().any(|a| a.mnemonic.as_str() == "+" && a.text == "(AFIB" && a.at.0 == 100));
    assert!(written.comments.iter().any(|line| line.contains("confirmed by Ada Lovelace")), "{:?}", written.comments);
    assert_eq!(RecordingId::of(&written).unwrap(), RecordingId::of(&recording).unwrap(), "the copy has the same review");

    desk.done(&["export", text(&record), "--to", "edf", "--out", text(&desk.path("edf"))]);
    let edf = formats::open(&desk.path("edf").join(format!("{}.edf", recording.name))).unwrap();
    assert_eq!(beats(&edf, "edf"), meant);
    let rhythm = edf.annotations[0].annotations.iter().find(|a| a.text == "(AFIB").unwrap();
    assert_eq!((rhythm.at.0, rhythm.duration), (100, Some(800)));

    desk.done(&["export", text(&record), "--to", "csv", "--out", text(&out)]);
    let table = fs::read_to_string(out.join(format!("{}.beats.csv", recording.name))).unwrap();
    assert_eq!(table.lines().count(), meant.len() + 1);
    assert!(table.lines().nth(2).unwrap().contains(",V,V,N,true,"), "{table}");
    let again = desk.review(&["export", text(&record), "--to", "csv", "--out", text(&out)]);
    assert_eq!(again.status.code(), Some(1), "files that are there stay");
}

#[test]
fn the_document_fits_its_schema() {
    let desk = Desk::new();
    desk.reviewed(false);
    let record = desk.record();
    let schema: Value = serde_json::from_str(include_str!("../docs/schema/review-1.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document: Value = serde_json::from_str(&desk.done(&["show", text(&record), "--json", "--trail"])).unwrap();
    let faults: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!((&document["state"], &document["confirmed"]), (&Value::from("in_review"), &Value::from(false)));
    assert_eq!(document["trail"].as_array().unwrap().len(), 8);
    let af = document["findings"].as_array().unwrap().iter().find(|f| f["scp"] == "AFIB").unwrap();
    assert_eq!(
        (&af["aha"], &af["snomed"], &af["verdict"]),
        (&Value::from("50"), &Value::from("164889003"), &Value::from("present"))
    );
    desk.done(&["export", text(&record), "--to", "json", "--out", text(&desk.path("out"))]);
    let name = record.file_stem().unwrap().to_str().unwrap();
    let written: Value =
        serde_json::from_slice(&fs::read(desk.path("out").join(format!("{name}.review.json"))).unwrap()).unwrap();
    assert!(validator.is_valid(&written));
    let shown = desk.done(&["show", name, "--trail"]);
    assert!(shown.contains("UNCONFIRMED review by Ada Lovelace") && shown.contains("Relabel beat as V"), "{shown}");
}

#[test]
fn a_training_folder_has_what_people_decided_and_confirmed() {
    let desk = Desk::new();
    let (recording, meant) = desk.reviewed(true);
    let out = desk.path("train");
    let run = desk.review(&["export", text(&desk.record()), "--training", "--out", text(&out)]);
    assert!(run.status.success(), "{}", said(&run));
    let labels = fs::read_to_string(out.join("labels.csv")).unwrap();
    let lines: Vec<String> = labels.lines().map(|line| line.split(',').take(4).collect::<Vec<_>>().join(",")).collect();
    let name = &recording.name;
    let expected: Vec<String> =
        ["rhythm,A,1", "statement,CLBBB,1", "superclass,MI,0"].iter().map(|line| format!("{name},{line}")).collect();
    assert_eq!(lines[0], "record,task,code,present");
    assert_eq!(lines[1..], expected);
    let written = formats::open(&out.join(format!("{name}.hea"))).unwrap();
    assert_eq!(written.annotations.len(), 1);
    assert_eq!(beats(&written, "review"), meant);
}

/// The table that `models/training` reads in its own tests (`tests/test_own.py`) is the one that is written here.
#[test]
fn the_training_folder_is_what_models_training_reads() {
    let desk = Desk::new();
    let (recording, meant) = desk.reviewed(true);
    let out = std::env::var_os("EFFICIENTECG_TRAINING_FOLDER").map_or_else(|| desk.path("corrections"), PathBuf::from);
    let run = desk.review(&["export", text(&desk.record()), "--training", "--annotator", "al", "--out", text(&out)]);
    assert!(run.status.success(), "{}", said(&run));
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/training/tests/fixtures/corrections/labels.csv");
    let fixture = fs::read_to_string(&fixture).unwrap_or_else(|error| panic!("{}: {error}", fixture.display()));
    // Git may give the file other ends of line.
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&fs::read_to_string(out.join("labels.csv")).unwrap()), lines(&fixture));

    // `prepare` takes the folder as it is: its one recording by the name in the table, and the corrected beats.
    let prepared = desk.path("prepared");
    let run = Command::new(env!("CARGO_BIN_EXE_efficientecg"))
        .args(["prepare", text(&out), "--annotator", "al", "--out", text(&prepared)])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", said(&run));
    let index = fs::read_to_string(prepared.join("index.jsonl")).unwrap();
    let entries: Vec<Value> = index.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(entries.iter().map(|entry| entry["record"].as_str().unwrap()).collect::<Vec<_>>(), [&recording.name]);
    let labels: String = entries[0]["beats"].as_array().unwrap().iter().filter_map(|beat| beat["label"].as_str()).collect();
    assert!(labels.contains('V') && labels.matches('V').count() == meant.iter().filter(|(_, label)| *label == 'V').count());
}

#[test]
fn unconfirmed_reviews_are_not_trained_on() {
    let desk = Desk::new();
    desk.reviewed(false);
    let run = desk.review(&["export", text(&desk.record()), "--training", "--out", text(&desk.path("train"))]);
    assert!(run.status.success() && said(&run).contains("left out, its review by Ada Lovelace is unconfirmed"), "{}", said(&run));
    assert_eq!(fs::read_to_string(desk.path("train/labels.csv")).unwrap().lines().count(), 1);
}

#[test]
fn others_labels_come_in_as_further_readers() {
    let desk = Desk::new();
    let (recording, meant) = desk.reviewed(false);
    let record = desk.record();
    let annotator = recording.annotations[0].annotator.clone();
    desk.done(&["import", text(&record), "--annotator", &annotator]);
    desk.done(&["import", text(&record), "--annotator", &annotator]);
    desk.done(&["export", text(&record), "--to", "csv", "--out", text(&desk.path("out"))]);
    let table = desk.path("out").join(format!("{}.beats.csv", recording.name));
    desk.done(&["import", text(&record), "--from", text(&table), "--name", "Table"]);
    let edf = desk.path("demo/edf").join(format!("{}.edf", recording.name));
    desk.done(&["import", text(&record), "--from", text(&edf), "--name", "From EDF"]);
    let list: Value = serde_json::from_str(&desk.done(&["list", "--json"])).unwrap();
    let mut names: Vec<&str> =
        list["reviews"].as_array().unwrap().iter().map(|r| r["reviewer"]["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Ada Lovelace", "From EDF", "Table", &annotator]);
    let shown: Value = serde_json::from_str(&desk.done(&["show", text(&record), "--reviewer", "table", "--json"])).unwrap();
    let came: Vec<(u64, char)> = shown["beats"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| (b["sample"].as_u64().unwrap(), b["mnemonic"].as_str().unwrap().chars().next().unwrap()))
        .collect();
    assert_eq!(came, meant);
    let wrong = desk.review(&["import", text(&record), "--annotator", "nobody"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", said(&wrong));
    assert!(said(&wrong).contains("no annotations of `nobody`"), "{}", said(&wrong));
}

#[test]
fn a_moved_and_renamed_recording_keeps_its_review() {
    let desk = Desk::new();
    let (recording, _) = desk.reviewed(false);
    let moved = desk.path("moved");
    fs::create_dir(&moved).unwrap();
    for entry in fs::read_dir(desk.path("demo/wfdb")).unwrap().map(Result::unwrap) {
        if entry.path().file_stem().is_some_and(|stem| *stem == *recording.name) {
            fs::copy(entry.path(), moved.join(entry.file_name())).unwrap();
        }
    }
    fs::remove_dir_all(desk.path("demo")).unwrap();
    let shown = desk.done(&["show", text(&moved.join(format!("{}.hea", recording.name)))]);
    assert!(shown.contains("Ada Lovelace"), "{shown}");
}

#[test]
fn the_trail_is_proved_and_damage_found() {
    let desk = Desk::new();
    desk.reviewed(true);
    let proved: Value = serde_json::from_str(&desk.done(&["verify", "--json"])).unwrap();
    assert_eq!(
        (&proved["whole"], &proved["entries"], &proved["reviews"]),
        (&Value::from(true), &Value::from(10), &Value::from(1))
    );
    let backup = desk.path("backup.sqlite");
    desk.done(&["backup", text(&backup)]);
    let connection = rusqlite::Connection::open(desk.path("reviews/reviews.sqlite")).unwrap();
    connection.execute_batch("DROP TRIGGER trail_stays; UPDATE trail SET at = at + 1 WHERE number = 5").unwrap();
    drop(connection);
    let broken = desk.review(&["verify"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(said(&broken).contains("broken at entry 5"), "{}", said(&broken));
    let run = desk.review(&["restore", text(&backup)]);
    assert!(run.status.success() && said(&run).contains("what was there before is in"), "{}", said(&run));
    assert!(desk.done(&["verify"]).contains("whole"));
}

#[test]
fn a_newer_database_is_refused_in_words() {
    let desk = Desk::new();
    desk.done(&["list"]);
    let connection = rusqlite::Connection::open(desk.path("reviews/reviews.sqlite")).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let refused = desk.review(&["list"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("newer version of this program"), "{}", said(&refused));
}

#[test]
fn the_folder_can_be_given_on_the_command_line() {
    let desk = Desk::new();
    let out = desk.done(&["--data", text(&desk.path("other")), "list"]);
    assert!(out.contains("no reviews in") && desk.path("other/reviews.sqlite").exists(), "{out}");
    assert!(!desk.path("reviews").exists());
}
