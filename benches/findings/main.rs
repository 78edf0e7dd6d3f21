//! From file to findings: what one recording of ten seconds and twelve leads costs with every model, on one thread.
//!
//! `cargo bench --bench findings` takes the simulated demo recording; `cargo bench --bench findings -- RECORDING...` others. Medians of several
//! rounds, after one that is not counted; the models are loaded once, as they are in the window and for a folder of recordings.

use efficientecg::{
    analysis::{Analysis, Analyzer, Demographics, Progress},
    formats,
    model::ModelOptions,
};
use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Instant,
};

/// Rounds of which the middle one counts.
const ROUNDS: usize = 30;

/// What is told of a round, in milliseconds.
type Part = (&'static str, fn(&Round) -> f64);

struct Round {
    total: f64,
    analysis: Analysis,
}

const PARTS: [Part; 4] = [
    ("file to findings", |round| round.total),
    ("read", |round| round.analysis.timings.read),
    ("signal", |round| round.analysis.timings.signal),
    ("record and beat models", |round| round.analysis.timings.model),
];

fn main() {
    let given: Vec<PathBuf> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).map(PathBuf::from).collect();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/wfdb/demo_normal.hea");
    let paths = if given.is_empty() { vec![demo] } else { given };
    // It fails only when the pool exists already; then nothing here is right.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("a pool of one thread");
    let started = Instant::now();
    let analyzer = Analyzer::open(&ModelOptions { threads: NonZeroUsize::new(1), ..ModelOptions::default() }).expect("models");
    let engine = analyzer.engine();
    println!("{} on {}, one thread; models loaded and tested in {:.0} ms", engine.engine, engine.provider, ms(started));
    println!("median ms of {ROUNDS} rounds (best)\n");
    println!("| recording | leads | s | findings | {} |", PARTS.map(|(name, _)| name).join(" | "));
    println!("|---|---|---|---|{}", "---|".repeat(PARTS.len()));
    for path in &paths {
        let Err(error) = bench(&analyzer, path) else { continue };
        println!("| {} | {error} |", path.display());
    }
}

fn bench(analyzer: &Analyzer, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut rounds = Vec::with_capacity(ROUNDS);
    let mut about = String::new();
    for number in 0..=ROUNDS {
        let started = Instant::now();
        let recording = formats::open(path)?;
        let demographics = Demographics { age_years: recording.patient.age_years, sex: recording.patient.sex };
        let analysis = analyzer.analyze(&recording, demographics, &Progress::new())?;
        let total = ms(started);
        about = format!(
            "{} | {} | {:.1} | {}",
            recording.name,
            recording.leads.len(),
            recording.duration_s(),
            analysis.findings.len()
        );
        if number > 0 {
            rounds.push(Round { total, analysis });
        }
    }
    let cells = PARTS.map(|(_, part)| {
        let mut times: Vec<f64> = rounds.iter().map(part).collect();
        times.sort_by(f64::total_cmp);
        format!("{:.1} ({:.1})", times[times.len() / 2], times[0])
    });
    println!("| {about} | {} |", cells.join(" | "));
    Ok(())
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
