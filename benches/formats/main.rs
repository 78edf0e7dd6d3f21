//! Reading speed against other programs on the same files in the same run, and what a day of twelve leads costs to open and browse.
//!
//! `cargo xtask bench` sets the other programs up and runs this; `cargo bench --bench formats` runs it with whatever `python3` (or
//! `EFFICIENTECG_BENCH_PYTHON`) has. Files are written to a temporary folder and removed.

mod day;
mod peers;
mod tape;

use efficientecg::{
    formats::{
        self,
        write::{Existing, WfdbFormat, edf_plus, wfdb},
    },
    recording::{Data, Recording, Signal},
};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// An hour at 500 Hz.
const SECONDS: u64 = 3600;

/// Times of which the best counts.
const ROUNDS: usize = 7;

/// Samples of each signal that are read in turn, as whoever works through a recording does.
const BLOCK: usize = 4096;

/// What is read, how we do it, and how the peer did.
type Kind<'a> = (&'a str, fn(&Recording), &'a Result<peers::Read, String>);

/// A file, and what reads it beside us.
struct Case {
    name: &'static str,
    leads: usize,
    path: PathBuf,
    peer: &'static str,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(path) = arguments.iter().position(|a| a == "--browse").and_then(|at| arguments.get(at + 1)) {
        day::browse_and_print(Path::new(path));
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cases = write_cases(folder.path());
    let peers = peers::Peers::find();

    println!(
        "Reading all samples of an hour at 500 Hz, one thread, best of {ROUNDS}, files in the system's cache; ms (ns a sample)"
    );
    println!(
        "digital: integers, through a buffer of {BLOCK} samples as this application works; whole: into new arrays, as the others do;"
    );
    println!("mV: scaled, into new arrays. Targets: EDF+ 5 times pyedflib, 212 20 times wfdb (Python), as digital samples\n");
    println!("| format | leads | as | ours | peer | its time | ratio |\n|---|---|---|---|---|---|---|");
    for case in &cases {
        let samples = (SECONDS * 500) as f64 * case.leads as f64;
        let time = |time: Duration| format!("{} ({:.2})", milliseconds(time), time.as_secs_f64() * 1e9 / samples);
        let their_digital = peers.read(case.peer, &case.path, false, ROUNDS);
        let their_physical = peers.read(case.peer, &case.path, true, ROUNDS);
        if let Ok(read) = &their_digital {
            assert_eq!(read.sums, sums(&case.path), "{} reads other samples from {}", case.peer, case.path.display());
        }
        let kinds: [Kind; 3] = [
            ("digital", through, &their_digital),
            ("digital, whole", |recording| drop(digital(recording)), &their_digital),
            ("mV, whole", |recording| drop(millivolts(recording)), &their_physical),
        ];
        for (kind, read, theirs) in kinds {
            let ours = best(&case.path, read);
            let (peer, their_time, ratio) = match theirs {
                Ok(read) => {
                    (read.version.clone(), time(read.best), format!("{:.1}", read.best.as_secs_f64() / ours.as_secs_f64()))
                }
                Err(reason) => (format!("{}: {reason}", case.peer), "-".to_owned(), "-".to_owned()),
            };
            println!("| {} | {} | {kind} | {} | {peer} | {their_time} | {ratio} |", case.name, case.leads, time(ours));
        }
    }
    for case in cases.iter().filter(|case| case.peer == "wfdb") {
        if let Some(theirs) = peers::rdsamp(&case.path, ROUNDS) {
            println!("{} {}: rdsamp (which prints every sample as text) {} ms", case.name, case.leads, milliseconds(theirs));
        }
    }
    day::run(folder.path());
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e3)
}

fn write_cases(folder: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, format, leads) in [
        ("16", WfdbFormat::Bits16, 12),
        ("212", WfdbFormat::Packed212, 12),
        ("212", WfdbFormat::Packed212, 2),
        ("516", WfdbFormat::Flac516, 12),
    ] {
        let recording = tape::recording(&format!("bench{name}_{leads}"), SECONDS, leads, format == WfdbFormat::Packed212);
        let path = wfdb(folder, &recording, Some(format), Existing::Keep).expect("the record is written").path;
        cases.push(Case { name, leads, path, peer: "wfdb" });
    }
    let recording = tape::recording("bench", SECONDS, 12, false);
    let path = edf_plus(folder, &recording, Existing::Keep).expect("the file is written").path;
    cases.push(Case { name: "EDF+", leads: 12, path, peer: "pyedflib" });
    cases
}

/// The best time to open the file and read everything.
fn best(path: &Path, read: fn(&Recording)) -> Duration {
    let times = (0..ROUNDS).map(|_| {
        let begin = Instant::now();
        read(&formats::open(path).expect("the file opens"));
        begin.elapsed()
    });
    times.min().unwrap_or_default()
}

/// Each signal's sum of digital samples.
fn sums(path: &Path) -> Vec<i64> {
    let samples = digital(&formats::open(path).expect("the file opens"));
    samples.iter().map(|samples| samples.iter().map(|v| i64::from(*v)).sum()).collect()
}

fn recorded(recording: &Recording) -> Vec<&Signal> {
    recording.leads.iter().map(AsRef::as_ref).filter(|lead: &&Signal| !lead.is_derived()).collect()
}

/// Reads everything and keeps nothing.
fn through(recording: &Recording) {
    let signals = recorded(recording);
    let longest = signals.iter().map(|signal| signal.len()).max().unwrap_or(0);
    let mut block = vec![0; BLOCK];
    for start in (0..longest).step_by(BLOCK) {
        for signal in &signals {
            let Data::Recorded { source, .. } = &signal.data else { continue };
            source.read(start, &mut block).expect("the samples are read");
            std::hint::black_box(&block);
        }
    }
}

fn digital(recording: &Recording) -> Vec<Vec<i32>> {
    let signals = recorded(recording);
    let mut samples: Vec<Vec<i32>> = signals.iter().map(|signal| vec![0; signal.len() as usize]).collect();
    let longest = samples.iter().map(Vec::len).max().unwrap_or(0);
    for start in (0..longest).step_by(BLOCK) {
        for (signal, out) in signals.iter().zip(&mut samples) {
            let Data::Recorded { source, .. } = &signal.data else { continue };
            let end = (start + BLOCK).min(out.len());
            source.read(start as u64, &mut out[start.min(end)..end]).expect("the samples are read");
        }
    }
    samples
}

fn millivolts(recording: &Recording) -> Vec<Vec<f32>> {
    let signals = recorded(recording);
    let mut values: Vec<Vec<f32>> = signals.iter().map(|signal| Vec::with_capacity(signal.len() as usize)).collect();
    let longest = signals.iter().map(|signal| signal.len()).max().unwrap_or(0);
    for start in (0..longest).step_by(BLOCK) {
        for (signal, out) in signals.iter().zip(&mut values) {
            let count = signal.len().saturating_sub(start).min(BLOCK as u64) as usize;
            signal.read_millivolts(start, count, out).expect("the samples are read");
        }
    }
    values
}
