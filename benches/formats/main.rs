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
    recording::{Data, Recording},
};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// An hour of twelve leads at 500 Hz.
const SECONDS: u64 = 3600;

/// Times of which the best counts.
const ROUNDS: usize = 5;

/// A file, what reads it beside us, and how many times as fast we mean to be.
struct Case {
    name: &'static str,
    path: PathBuf,
    peer: &'static str,
    target: f64,
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
        "Decoding all samples of {SECONDS} s of 12 leads at 500 Hz ({} million samples), best of {ROUNDS}, file in the system's cache",
        SECONDS * 6 / 1000
    );
    println!(
        "{:<10} {:>12} {:>10} {:>14} {:>10} {:>8} {:>8}",
        "format", "ours (ms)", "ns/sample", "peer", "peer (ms)", "ratio", "target"
    );
    for case in &cases {
        let (ours, sums) = ours(&case.path);
        let samples = (SECONDS * 500 * 12) as f64;
        let (peer, theirs) = match peers.read(case.peer, &case.path, ROUNDS) {
            Ok(read) => {
                assert_eq!(read.sums, sums, "{} and we read different samples from {}", case.peer, case.path.display());
                (read.version, Some(read.best))
            }
            Err(reason) => (format!("{}: {reason}", case.peer), None),
        };
        let ratio = theirs.map_or_else(|| "-".to_owned(), |theirs| format!("{:.1}", theirs.as_secs_f64() / ours.as_secs_f64()));
        let theirs = theirs.map_or_else(|| "-".to_owned(), milliseconds);
        let per_sample = ours.as_secs_f64() * 1e9 / samples;
        println!(
            "{:<10} {:>12} {per_sample:>10.2} {peer:>14} {theirs:>10} {ratio:>8} {:>8}",
            case.name,
            milliseconds(ours),
            case.target
        );
    }
    for case in cases.iter().filter(|case| case.peer == "wfdb") {
        if let Some(theirs) = peers::rdsamp(&case.path, ROUNDS) {
            println!("{:<10} rdsamp (which prints every sample as text): {} ms", case.name, milliseconds(theirs));
        }
    }
    day::run(folder.path());
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e3)
}

fn write_cases(folder: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, format, target) in
        [("16", WfdbFormat::Bits16, 1.0), ("212", WfdbFormat::Packed212, 20.0), ("516", WfdbFormat::Flac516, 1.0)]
    {
        let recording = tape::recording(&format!("bench{name}"), SECONDS, format == WfdbFormat::Packed212);
        let written = wfdb(folder, &recording, Some(format), Existing::Keep).expect("the record is written");
        cases.push(Case { name, path: written.path, peer: "wfdb", target });
    }
    let recording = tape::recording("bench", SECONDS, false);
    let written = edf_plus(folder, &recording, Existing::Keep).expect("the file is written");
    cases.push(Case { name: "EDF+", path: written.path, peer: "pyedflib", target: 5.0 });
    cases
}

/// Opens the file and decodes everything, as a program would that needs all of it. The best time, and each signal's sum.
fn ours(path: &Path) -> (Duration, Vec<i64>) {
    let mut best = Duration::MAX;
    let mut sums = Vec::new();
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let samples = decode(&formats::open(path).expect("the file opens"));
        best = best.min(begin.elapsed());
        sums = samples.iter().map(|samples| samples.iter().map(|v| i64::from(*v)).sum()).collect();
    }
    (best, sums)
}

/// All samples of all signals, one thread.
fn decode(recording: &Recording) -> Vec<Vec<i32>> {
    let signals = recording.leads.iter().filter(|lead| !lead.is_derived());
    signals
        .map(|signal| {
            let Data::Recorded { source, .. } = &signal.data else { return Vec::new() };
            let mut samples = vec![0; source.len() as usize];
            source.read(0, &mut samples).expect("the samples are read");
            samples
        })
        .collect()
}
