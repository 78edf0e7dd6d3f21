//! Reports of recordings that somebody has reviewed, on the real binary.

use super::{squeezed, text};
use efficientecg::{
    formats,
    recording::{LeadName, Recording, SampleRange},
    review::{
        Baseline, BaselineSource, Beat, BeatSource, BeatType, Command as Edit, FindingKey, Interval, IntervalKind, Judgement,
        MachineFinding, RecordingId, Reviewer, Rhythm, Session, SystemClock, Timestamp,
        store::{RecordingFacts, SqliteStore, Store},
    },
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

/// A folder with the demo recordings and places for reviews and reports.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        let demo = desk.path("demo");
        assert!(binary().arg("demo").arg("--out").arg(demo).output().unwrap().status.success());
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn record(&self) -> PathBuf {
        let folder = fs::read_dir(self.path("demo/wfdb")).unwrap();
        let mut all: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
        all.retain(|path| path.extension().is_some_and(|e| e == "hea"));
        all.sort();
        all.remove(0)
    }

    /// `report` with the folder of reviews from the environment, as a script would give it.
    fn report(&self, more: &[&str]) -> Output {
        binary()
            .arg("report")
            .arg(self.record())
            .arg("--out")
            .arg(self.path("out"))
            .args(["--engine", "rten", "--force", "--format", "pdf,json", "--sections", "audit"])
            .args(more)
            .env("EFFICIENTECG_REVIEWS", self.path("reviews"))
            .output()
            .unwrap()
    }

    fn printed(&self, more: &[&str]) -> (String, serde_json::Value) {
        let done = self.report(more);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let name = self.record().file_stem().unwrap().to_string_lossy().into_owned();
        let json = fs::read_to_string(self.path("out").join(format!("{name}.report.json"))).unwrap();
        (text(&fs::read(self.path("out").join(format!("{name}.pdf"))).unwrap()), serde_json::from_str(&json).unwrap())
    }

    /// Somebody's review: a relabelled beat, a finding rejected, one added, a conclusion.
    fn review(&self, name: &str, confirm: bool) {
        let recording = formats::open(&self.record()).unwrap();
        let store = SqliteStore::open(&self.path("reviews")).unwrap();
        let me = Reviewer::new(name, "").unwrap();
        store.add_reviewer(&me, Timestamp(0)).unwrap();
        let facts = RecordingFacts::of(RecordingId::of(&recording).unwrap(), &recording);
        let mut session = Session::open(Arc::new(store), Arc::new(SystemClock), &facts, &me.id, false).unwrap();
        session.labels_arrived(labels(&recording)).unwrap();
        let first = session.review().content().beats.as_slice()[1].sample;
        for edit in [
            Edit::Relabel { beats: vec![first], to: BeatType::VentricularPremature },
            Edit::Judge { key: FindingKey::new("superclass", "MI"), judgement: Some(Judgement::absent()) },
            Edit::AddFinding { scp: "AFLT".into(), judgement: Judgement::present() },
            Edit::AddInterval(marked(IntervalKind::Rhythm(Rhythm::parse("AFIB").unwrap()), 2, 4, None, "")),
            Edit::AddInterval(marked(IntervalKind::Noise, 5, 6, Some("V1"), "")),
            Edit::AddInterval(marked(IntervalKind::Note, 7, 7, None, "coughs")),
            Edit::Conclude("One premature beat, else normal.".into()),
        ] {
            session.perform(&edit, None).unwrap();
        }
        if confirm {
            session.confirm().unwrap();
        }
    }
}

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_efficientecg"));
    command.env("SOURCE_DATE_EPOCH", "1700000000");
    command
}

/// A stretch in seconds of a recording at 500 Hz.
fn marked(kind: IntervalKind, from_s: u64, to_s: u64, lead: Option<&str>, text: &str) -> Interval {
    Interval { kind, range: SampleRange::new(from_s * 500, to_s * 500), lead: lead.map(LeadName::parse), text: text.into() }
}

fn labels(recording: &Recording) -> Baseline {
    let beats = recording.annotations[0].annotations.iter().filter(|a| a.mnemonic.is_beat()).map(|a| Beat {
        sample: a.at,
        label: BeatType::Normal,
        source: BeatSource::Machine { probability: Some(0.8), uncertain: false },
        decided: false,
        fields: None,
    });
    Baseline {
        source: BaselineSource::Machine { models: vec!["test 1".into()] },
        rate: recording.rate,
        length: recording.length,
        beats: beats.collect(),
        intervals: Vec::new(),
        findings: vec![MachineFinding {
            key: FindingKey::new("superclass", "MI"),
            label: "Myocardial infarction".into(),
            scp: None,
            probability: Some(0.93),
            present: true,
            uncertain: false,
            by: "test".into(),
        }],
    }
}

#[test]
fn a_confirmed_review_is_printed_with_its_trail() {
    let desk = Desk::new();
    desk.review("Ada Lovelace", true);
    let (all, json) = desk.printed(&[]);
    for wanted in [
        "CONFIRMED by Ada Lovelace on 20",
        "One premature beat, else normal.",
        "Atrial flutter",
        "Myocardial infarction",
        "Audit trail",
        "machine: Myocardial infarction present 93 %",
        "Atrial fibrillation: 0:02.0–0:04.0",
        "Noise, V1: 0:05.0–0:06.0",
        "Note, coughs: 0:07.0",
    ] {
        assert!(all.contains(&squeezed(wanted)), "{wanted} is not in {all}");
    }
    assert!(!all.contains("UNCONFIRMED"));
    let review = &json["review"];
    assert_eq!((review["status"].as_str(), review["reader"].as_str()), (Some("confirmed"), Some("Ada Lovelace")));
    assert_eq!(review["beats_changed"], 1);
    assert_eq!(review["episodes"][0]["kind"]["rhythm"]["code"], "AFIB");
    assert_eq!((&review["episodes"][1]["kind"], &review["episodes"][1]["lead"]), (&"noise".into(), &"V1".into()));
    let verdicts: Vec<&str> = review["findings"].as_array().unwrap().iter().filter_map(|f| f["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["rejected", "added"]);
    let what: Vec<&str> = review["audit"].as_array().unwrap().iter().filter_map(|entry| entry["what"].as_str()).collect();
    assert_eq!((what.first(), what.last()), (Some(&"opened"), Some(&"confirmed")));
    let relabelled = review["audit"].as_array().unwrap().iter().find(|e| e["after"] == "V").unwrap();
    assert!(relabelled["before"].as_str().unwrap().starts_with("N at "), "{relabelled}");
}

#[test]
fn until_it_is_confirmed_the_report_says_so() {
    let desk = Desk::new();
    let (all, json) = desk.printed(&[]);
    assert!(all.contains("UNCONFIRMED") && !desk.path("reviews").exists(), "no folder is made for reading");
    assert_eq!(json["review"]["status"], "unread");
    desk.review("Ada Lovelace", false);
    let (all, json) = desk.printed(&[]);
    assert!(all.contains(&squeezed("REVIEWED by Ada Lovelace")) && all.contains(&squeezed("not confirmed")), "{all}");
    assert_eq!(json["review"]["status"], "in_review");
}

#[test]
fn of_several_readers_one_has_to_be_named() {
    let desk = Desk::new();
    desk.review("Ada Lovelace", true);
    desk.review("Bo Diddley", false);
    let refused = desk.report(&[]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("--reader") && said.contains("Bo Diddley (in review)"), "{said}");
    assert!(desk.printed(&["--reader", "bd"]).0.contains(&squeezed("REVIEWED by Bo Diddley")));
    assert!(desk.printed(&["--reader", "Ada Lovelace"]).0.contains(&squeezed("CONFIRMED by Ada Lovelace")));
    assert_eq!(desk.report(&["--reader", "Nobody"]).status.code(), Some(2));
    assert_eq!(desk.report(&["--reviews", "/absent"]).status.code(), Some(2));
    let elsewhere = desk.path("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    assert!(desk.printed(&["--reviews", elsewhere.to_str().unwrap()]).0.contains("UNCONFIRMED"));
    assert!(Path::new(&elsewhere).read_dir().unwrap().next().is_none(), "nothing is written there");
}
