//! Killed at random instants, an editor loses no edit that was acknowledged, and the store opens and verifies.
//!
//! `cargo test --test review_kill` kills 25 editors; `EFFICIENTECG_KILLS=1000 cargo test --test review_kill -- --nocapture` as many as asked, and tells the
//! figures of docs/reliability.md.

use efficientecg::{
    recording::{Rate, SampleIndex, SampleRange},
    review::{
        Baseline, BaselineSource, Beat, BeatSource, BeatType, Command, Content, Event, Interval, IntervalKind, RecordingId,
        Review, ReviewKey, Reviewer, Session, SystemClock, Version,
        store::{RecordingFacts, SqliteStore, Store},
    },
};
use std::{
    hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{self, Stdio},
    sync::Arc,
    time::Duration,
};

/// Folder of the store that a child edits.
const FOLDER: &str = "EFFICIENTECG_KILL_FOLDER";

/// Beats of the recording under edit.
const BEATS: u64 = 300;

/// Longest life of a child in ms: some die while the store is being made, most between and within edits.
const LIFE_MS: u64 = 120;

fn facts() -> RecordingFacts {
    let id = RecordingId::try_from("5e".repeat(32)).unwrap();
    RecordingFacts { id, name: "killed".into(), rate: Rate::new(250.0).unwrap(), length: BEATS * 200, place: None }
}

fn labels() -> Baseline {
    let beats = (0..BEATS).map(|n| Beat {
        sample: SampleIndex(n * 200),
        label: BeatType::Normal,
        source: BeatSource::Machine { probability: Some(0.9), uncertain: n % 9 == 0 },
        decided: false,
        fields: None,
    });
    let source = BaselineSource::Machine { models: vec!["scripted".into()] };
    Baseline { source, rate: facts().rate, length: facts().length, beats: beats.collect(), intervals: vec![], findings: vec![] }
}

fn digest(content: &Content) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{content:?}").hash(&mut hasher);
    hasher.finish()
}

fn random() -> u64 {
    RandomState::new().hash_one(0u8)
}

/// The reviewer of the store, entered by whoever comes first.
fn reviewer(store: &SqliteStore) -> Reviewer {
    if let Some(known) = store.reviewers().unwrap().into_iter().next() {
        return known;
    }
    let reviewer = Reviewer::new("Scripted Editor", "").unwrap();
    store.add_reviewer(&reviewer, efficientecg::review::Clock::now(&SystemClock)).unwrap();
    reviewer
}

/// The child: edits without end and says what was acknowledged.
#[test]
#[ignore = "the process that is killed; started by the test"]
fn editor() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = SqliteStore::open(Path::new(&folder)).unwrap();
    let me = reviewer(&store).id;
    let mut session = Session::open(Arc::new(store), Arc::new(SystemClock), &facts(), &me, false).unwrap();
    session.labels_arrived(labels()).unwrap();
    let mut said = std::io::stdout();
    loop {
        let place = SampleIndex(random() % facts().length);
        let near = session.review().content().beats.nearest(place, 400).map(|beat| beat.sample);
        let types: Vec<BeatType> = BeatType::settable().collect();
        let label = types[(random() % types.len() as u64) as usize];
        let beats = session.review().content().beats.as_slice();
        let command = match (random() % 10, near) {
            (0, Some(at)) => Command::DeleteBeats { beats: vec![at] },
            (1, _) => Command::AddBeat { at: place, label },
            (2, Some(from)) => Command::MoveBeat { from, to: place },
            (3, _) => Command::Relabel { beats: beats.iter().step_by(7).map(|beat| beat.sample).collect(), to: label },
            (4, _) => {
                let range = SampleRange::new(place.0, place.0 + 50.min(facts().length - place.0));
                Command::AddInterval(Interval { kind: IntervalKind::Noise, range, lead: None, text: String::new() })
            }
            (5, _) => Command::Conclude(format!("conclusion {}", random())),
            (_, Some(at)) => Command::Relabel { beats: vec![at], to: label },
            (_, None) => continue,
        };
        let done = match random() % 8 {
            0 => session.undo(None),
            1 => session.redo(None),
            _ => session.perform(&command, None),
        };
        if done.is_ok() {
            let review = session.review();
            writeln!(said, "ack {} {}", review.version().0, digest(review.content())).unwrap();
        }
    }
}

/// What a killed child had said last: version and digest.
fn acknowledged(child: &mut process::Child) -> Option<(Version, u64)> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let whole = lines.filter_map(|line| {
        let words: Vec<u64> = line.split("ack ").nth(1)?.split(' ').filter_map(|word| word.parse().ok()).collect();
        // A line goes to the pipe in one short write: it is there whole or not at all.
        Some((Version(*words.first()?), *words.get(1)?))
    });
    whole.last()
}

#[test]
fn no_acknowledged_edit_is_lost() {
    let kills: u64 = std::env::var("EFFICIENTECG_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(25);
    let mut folder = tempfile::tempdir().unwrap();
    let (mut last, mut edits, mut entries, mut unacknowledged, mut early) = (Version(0), 0, 0, 0, 0);
    for kill in 0..kills {
        if kill % 20 == 0 {
            // Now and then a new store, so that it is killed while it is being made too.
            folder = tempfile::tempdir().unwrap();
            last = Version(0);
        }
        let mut child = process::Command::new(std::env::current_exe().unwrap())
            .args(["editor", "--exact", "--ignored", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(random() % (LIFE_MS * 1000)));
        // SIGKILL on Unix.
        child.kill().unwrap();
        child.wait().unwrap();
        let said = acknowledged(&mut child);

        let store = SqliteStore::open(folder.path()).unwrap_or_else(|error| panic!("kill {kill}: {error}"));
        let verified = store.verify().unwrap_or_else(|error| panic!("kill {kill}: {error}"));
        let key = ReviewKey { recording: facts().id, reviewer: reviewer(&store).id };
        let now = store.reviews().unwrap().first().map(|head| head.version).unwrap_or_default();
        assert!(now >= last, "kill {kill}: version {} after {}", now.0, last.0);
        early += u64::from(said.is_none());
        if let Some((version, expected)) = said {
            assert!(now >= version, "kill {kill}: version {} was acknowledged, {} is there", version.0, now.0);
            assert!(now.0 <= version.0 + 1, "kill {kill}: at most the edit under way may be there without acknowledgement");
            assert_eq!(
                digest(replayed(&store, &key, version).content()),
                expected,
                "kill {kill}: what was acknowledged is what is there"
            );
            unacknowledged += now.0 - version.0;
        }
        replayed(&store, &key, now);
        edits += now.0 - last.0;
        entries = verified.entries;
        last = now;
    }
    println!(
        "{kills} kills, {edits} events kept, 0 acknowledged ones lost, {unacknowledged} kept without acknowledgement, {early} killed before the first edit, {entries} entries in the last store"
    );
    assert!(edits > 0, "something was edited");
}

/// The review as it was at a version.
fn replayed(store: &SqliteStore, key: &ReviewKey, version: Version) -> Review {
    let mut review = Review::new(key.clone(), facts().length);
    for stored in store.entries(key, Version(0)).unwrap().into_iter().filter(|stored| stored.version <= version) {
        let entry = stored.entry().unwrap();
        let labels = matches!(entry.event, Event::Baseline { .. }).then(|| Arc::new(labels()));
        review.apply(&entry, labels).unwrap();
    }
    assert_eq!(review.version(), version);
    review
}
