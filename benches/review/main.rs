//! What correcting costs: relabelling through the command layer and through the window's `update`, keeping each edit on the disk, opening a long
//! history, grouping a day's beats.
//!
//! `cargo bench --bench review`; `TMPDIR` chooses the disk. The peer of the store is SQLite itself, writing the same bytes in the same kind of transaction without chain,
//! versions and checks.

mod window;

use efficientecg::{
    recording::{Data, FileFormat, LeadName, MemorySource, Patient, Rate, Recording, SampleIndex, Scale, Signal},
    review::{
        Baseline, BaselineSource, Beat, BeatSource, BeatType, Command, RecordingId, Reviewer, Session, SystemClock, Timestamp,
        load,
        select::{self, Shapes},
        store::{MemoryStore, RecordingFacts, SqliteStore, Store},
    },
};
use std::{sync::Arc, time::Instant};

const BEATS: u64 = 100_000;
const STEP: u64 = 200;
/// Edits of the memory's and the disk's rounds.
const EDITS: u64 = 20_000;
const KEPT: u64 = 2_000;

fn rate() -> Rate {
    Rate::new(250.0).expect("a rate")
}

fn facts() -> RecordingFacts {
    let id = RecordingId::try_from("be".repeat(32)).expect("an identity");
    RecordingFacts { id, name: "day".into(), rate: rate(), length: BEATS * STEP, place: None }
}

fn labels() -> Baseline {
    let beats = (0..BEATS).map(|n| Beat {
        sample: SampleIndex(n * STEP + 100),
        label: BeatType::Normal,
        source: BeatSource::Machine { probability: Some(0.9), uncertain: false },
        decided: false,
        fields: None,
    });
    let source = BaselineSource::Machine { models: vec!["bench".into()] };
    Baseline { source, rate: rate(), length: facts().length, beats: beats.collect(), intervals: vec![], findings: vec![] }
}

fn session(store: &Arc<dyn Store>) -> Session {
    let me = Reviewer::new("Bench", "B").expect("a name");
    store.add_reviewer(&me, Timestamp(0)).expect("a reviewer");
    let mut session = Session::open(Arc::clone(store), Arc::new(SystemClock), &facts(), &me.id, false).expect("a review");
    session.labels_arrived(labels()).expect("labels");
    session
}

/// Relabels one beat after another, back and forth over the day; milliseconds of each edit, ascending.
fn relabel(session: &mut Session, edits: u64) -> Vec<f64> {
    let types: Vec<BeatType> = BeatType::settable().collect();
    let mut times: Vec<f64> = (0..edits)
        .map(|n| {
            let at = SampleIndex((n * 7919 % BEATS) * STEP + 100);
            let command = Command::Relabel { beats: vec![at], to: types[(1 + n as usize) % types.len()] };
            let begun = Instant::now();
            let _ = session.perform(&command, None);
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

fn tell(what: &str, times: &[f64]) {
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let all: f64 = times.iter().sum();
    println!(
        "{what}: {:.0} a second; median {:.3} ms, 95 % {:.3} ms, 99 % {:.3} ms",
        times.len() as f64 * 1000.0 / all,
        at(0.5),
        at(0.95),
        at(0.99)
    );
}

fn main() {
    println!("{BEATS} beats");
    let memory: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let mut in_memory = session(&memory);
    tell("relabel one beat, command layer", &relabel(&mut in_memory, EDITS));
    let half: Vec<SampleIndex> = (0..BEATS / 2).map(|n| SampleIndex(n * 2 * STEP + 100)).collect();
    let begun = Instant::now();
    in_memory.perform(&Command::Relabel { beats: half, to: BeatType::VentricularPremature }, None).expect("bulk");
    println!("relabel 50,000 beats at once, command layer: {:.1} ms", begun.elapsed().as_secs_f64() * 1000.0);

    let folder = tempfile::tempdir().expect("a folder");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).expect("a store"));
    let mut on_disk = session(&store);
    let kept = relabel(&mut on_disk, KEPT);
    tell("relabel one beat, kept on the disk", &kept);
    let peer = bare(folder.path());
    tell("  peer: SQLite alone, same bytes", &peer);
    println!("  ratio of the medians {:.2}", kept[kept.len() / 2] / peer[peer.len() / 2]);
    let key = on_disk.review().key().clone();
    drop(on_disk);
    let begun = Instant::now();
    let review = load(store.as_ref(), &key, facts().length).expect("a review");
    println!("open a review of {} entries: {:.0} ms", review.version().0, begun.elapsed().as_secs_f64() * 1000.0);
    let begun = Instant::now();
    let verified = store.verify().expect("whole");
    println!("verify {} entries: {:.0} ms", verified.entries, begun.elapsed().as_secs_f64() * 1000.0);
    let day = day();
    window::measure(&day);
    clusters(&day);
}

/// The same number of bytes, a transaction each.
fn bare(folder: &std::path::Path) -> Vec<f64> {
    let connection = rusqlite::Connection::open(folder.join("bare.sqlite")).expect("a database");
    connection.pragma_update(None, "journal_mode", "wal").expect("wal");
    connection.pragma_update(None, "synchronous", "FULL").expect("full");
    connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)").expect("a table");
    let text = "x".repeat(600);
    let mut times: Vec<f64> = (0..KEPT)
        .map(|_| {
            let begun = Instant::now();
            connection.execute("INSERT INTO t (text) VALUES (?1)", [&text]).expect("a row");
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

/// A day of two shapes in one lead.
fn day() -> Recording {
    let bump = |offset: i64, width: f64| (-0.5 * (offset as f64 / width).powi(2)).exp();
    let samples: Vec<i32> = (0..(BEATS * STEP) as i64)
        .map(|n| {
            let (beat, offset) = (n / STEP as i64, n % STEP as i64 - 100);
            let height = if beat % 9 == 8 { -220.0 * bump(offset, 12.0) } else { 180.0 * bump(offset, 4.0) };
            height as i32 + (n * 7919 % 23) as i32 - 11
        })
        .collect();
    let scale = Scale { gain: 200.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) };
    let signal = Signal {
        label: "II".into(),
        lead: LeadName::parse("II"),
        rate: rate(),
        calibrated: true,
        declared_checksum: None,
        data: Data::Recorded { source: Arc::new(MemorySource(samples)), scale },
    };
    Recording {
        path: "day.hea".into(),
        name: "day".into(),
        format: FileFormat::Wfdb,
        start: None,
        rate: rate(),
        length: BEATS * STEP,
        leads: vec![Arc::new(signal)],
        other_signals: Vec::new(),
        gaps: Vec::new(),
        patient: Patient::default(),
        annotations: Vec::new(),
        repairs: Vec::new(),
        comments: Vec::new(),
        simulated: true,
    }
}

fn clusters(recording: &Recording) {
    let places: Vec<SampleIndex> = (0..BEATS).map(|n| SampleIndex(n * STEP + 100)).collect();
    let begun = Instant::now();
    let shapes = Shapes::read(recording, &places, &|_| true).expect("shapes");
    println!("shapes of {BEATS} beats in one lead: {:.2} s", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let alike = shapes.similar(places[8], 0.9, &|_| true).expect("not stopped").len();
    println!("all like this ({alike} found): {:.0} ms", begun.elapsed().as_secs_f64() * 1000.0);
    let begun = Instant::now();
    let found = select::cluster(&shapes, select::DEFAULT_LIMIT, &|_| true).expect("clusters");
    println!("template clusters ({}): {:.2} s", found.clusters.len(), begun.elapsed().as_secs_f64());
}
