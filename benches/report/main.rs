//! Reports: pages a second on one core.
//!
//! Counted: reading the samples from the files, filtering them (0.05-150 Hz, hum), composing the page, and writing it as PDF/A-2a in memory,
//! for each of the recordings again. Not counted: the analysis, which is made once before, and the writing to disk.
//!
//! `cargo bench --bench report [-- PATH...]`; without paths the simulated demo recordings are used.

use chrono::NaiveDateTime;
use efficientecg::{
    analysis::{Analysis, Analyzer, Demographics, Progress},
    commands::demo,
    formats::{self, write::Existing},
    model::{EngineChoice, ModelOptions},
    recording::Recording,
    report::{Dpi, Report, ReportInput, ReportOptions, Reviewed, png, svg},
};
use std::{path::PathBuf, time::Instant};

/// Pages that are made for each figure at least.
const PAGES: usize = 60;

fn main() {
    let asked: Vec<PathBuf> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).map(PathBuf::from).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let paths = if asked.is_empty() {
        demo::write_all(folder.path(), Existing::Keep).expect("demo recordings");
        vec![folder.path().join("wfdb")]
    } else {
        asked
    };
    // One core for everything that is counted.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("one thread");
    let options = ModelOptions { engine: EngineChoice::Rten, ..ModelOptions::default() };
    let analyzer = Analyzer::open(&options).expect("the built-in models");
    let found = paths.iter().flat_map(|path| formats::find_recordings(path).expect("recordings"));
    let ready: Vec<(Recording, Analysis)> = found
        .map(|found| formats::open(&found.path).expect("a recording"))
        .filter(|recording| recording.duration_s() < 120.0)
        .map(|recording| {
            let demographics = Demographics { age_years: recording.patient.age_years, sex: recording.patient.sex };
            let analysis = analyzer.analyze(&recording, demographics, &Progress::new()).expect("an analysis");
            (recording, analysis)
        })
        .collect();
    let leads: usize = ready.iter().map(|(recording, _)| recording.leads.len()).sum();
    println!("{} recordings of up to two minutes, {leads} leads, one core, analysis not counted", ready.len());
    measure("PDF/A, page composed and written", &ready, |report| report.pdf().expect("a PDF").len());
    measure("composed only", &ready, |report| report.document.pages.len());
    measure("SVG", &ready, |report| report.document.pages.iter().map(|page| svg(page, "en").len()).sum());
    measure("PNG, 150 dpi", &ready, |report| {
        report.document.pages.iter().map(|page| png(page, "en", Dpi::SCREEN).expect("a picture").len()).sum()
    });
}

fn measure(name: &str, ready: &[(Recording, Analysis)], finish: impl Fn(&Report) -> usize) {
    let (options, reviewed) = (ReportOptions::default(), Reviewed::default());
    let make = |(recording, analysis): &(Recording, Analysis)| {
        let input = ReportInput { recording, analysis: Some(analysis), reviewed: &reviewed, made: NaiveDateTime::default() };
        let report = Report::new(&input, &options).expect("a report");
        (report.document.pages.len(), finish(&report))
    };
    // Fonts are read once a process.
    ready.first().map(make);
    let (mut pages, mut bytes, started) = (0, 0, Instant::now());
    while pages < PAGES {
        for one in ready {
            let made = make(one);
            pages += made.0;
            bytes += made.1;
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{name}: {:.1} pages/s ({pages} pages in {seconds:.2} s, {} kB a page)",
        pages as f64 / seconds,
        bytes / pages / 1000
    );
}
