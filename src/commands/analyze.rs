//! `efficientecg analyze`: findings, beats and measurements as JSON.

use super::{
    Exit, batch,
    cli::AnalyzeArgs,
    output::{ANALYSIS_SCHEMA, AnalysisDocument, ErrorDocument, Printer},
    recordings, threads,
};
use crate::{
    analysis::{Analysis, Analyzer, Demographics, Progress},
    formats,
    model::ModelOptions,
    recording::Recording,
};
use anyhow::Result;
use std::{io, num::NonZeroUsize, path::Path, time::Instant};

/// Runs the command.
///
/// # Errors
/// When the engine or a model cannot be used, or standard output cannot be written. A recording that fails gets an object with
/// `error` and the rest goes on.
pub fn run(arguments: &AnalyzeArgs) -> Result<Exit> {
    let threads = threads(arguments.engine.threads);
    let mut options = arguments.engine.options()?;
    let mut printer = Printer::new(io::stdout().lock(), arguments.form.jsonl);
    let (files, faults) = recordings(&arguments.paths);
    let mut counter = batch::Counter::new(files.len() + faults.len());
    let workers = threads.min(files.len()).max(1);
    // One recording: its model runs use all threads. Many: each worker has models of its own and computes with one thread.
    options.threads = NonZeroUsize::new(if workers > 1 { 1 } else { threads });
    limit_threads(threads);
    let analyzers = open(&options, workers)?;
    let spare = std::sync::Mutex::new(analyzers);
    let take = || spare.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
    let printed = batch::in_order(
        &files,
        workers,
        take,
        |analyzer, file| match analyzer {
            Some(analyzer) => one(analyzer, file),
            None => Err(anyhow::anyhow!("no analyzer for this thread")),
        },
        |position, result| {
            counter.count(result.is_err());
            match (result, files.get(position)) {
                (Ok((recording, analysis)), _) => printer.print(&AnalysisDocument::new(&recording, &analysis)),
                (Err(error), file) => {
                    let file = file.map_or(Path::new(""), |f| f.as_path());
                    eprintln!("{}: {error:#}", file.display());
                    printer.print(&ErrorDocument::new(ANALYSIS_SCHEMA, file, &error))
                }
            }
        },
    );
    quiet_pipe(printed)?;
    for (path, error) in &faults {
        counter.count(true);
        eprintln!("{error:#}");
        quiet_pipe(printer.print(&ErrorDocument::new(ANALYSIS_SCHEMA, path, error)))?;
    }
    Ok(Exit::all(counter.finish()))
}

/// The pool that filters leads side by side takes part in the limit that the user set.
fn limit_threads(threads: usize) {
    // It fails only when the pool exists already, which is then as good.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
}

fn open(options: &ModelOptions, count: usize) -> Result<Vec<Analyzer>> {
    let mut out = vec![Analyzer::open(options)?];
    if let Some(note) = out.first().and_then(|a| a.engine().note) {
        eprintln!("note: {note}");
    }
    while out.len() < count {
        out.push(Analyzer::open(options)?);
    }
    Ok(out)
}

fn one(analyzer: &Analyzer, file: &Path) -> Result<(Recording, Analysis)> {
    let started = Instant::now();
    let recording = formats::open(file)?;
    let opened = started.elapsed().as_secs_f64() * 1e3;
    let demographics = Demographics { age_years: recording.patient.age_years, sex: recording.patient.sex };
    let mut analysis = analyzer.analyze(&recording, demographics, &Progress::new())?;
    analysis.timings.read += opened;
    analysis.timings.total += opened;
    Ok((recording, analysis))
}

/// A reader that has seen enough (`| head`) is no fault.
pub(super) fn quiet_pipe(result: io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => Ok(other?),
    }
}
