//! `efficientecg analyze`: findings, beats and measurements as JSON.

use super::{
    Exit, Item, batch,
    cli::{AnalyzeArgs, EngineArgs},
    limit_threads, message,
    output::{ANALYSIS_SCHEMA, AnalysisDocument, ErrorDocument, Printer},
    recordings, threads,
};
use crate::{
    analysis::{Analysis, Analyzer, Demographics, Progress},
    recording::Recording,
};
use anyhow::Result;
use std::{
    io,
    num::NonZeroUsize,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// Runs the command.
///
/// # Errors
/// When the engine or a model cannot be used, or standard output cannot be written. A recording that fails gets an object with
/// `error` and the rest goes on.
pub fn run(arguments: &AnalyzeArgs) -> Result<Exit> {
    let mut printer = Printer::new(io::stdout().lock(), arguments.form.jsonl);
    let items = recordings(&arguments.paths);
    each(&arguments.engine, &items, one, |path, result| {
        let worked = result.is_ok();
        match result {
            Ok((recording, analysis)) => printer.print(&AnalysisDocument::new(&recording, &analysis)),
            Err(error) => {
                message(&format!("{}: {error:#}", path.display()));
                printer.print(&ErrorDocument::new(ANALYSIS_SCHEMA, path, &error))
            }
        }?;
        Ok(worked)
    })
}

/// Works on every item with an analyzer, several at a time, and hands the results on in the items' order. `done` tells whether the item counts as
/// done.
///
/// # Errors
/// When the engine or a model cannot be used, or `done` cannot write.
pub(super) fn each<R: Send>(
    engine: &EngineArgs,
    items: &[Item],
    work: impl Fn(&Analyzer, &Item) -> Result<R> + Sync,
    mut done: impl FnMut(&Path, Result<R>) -> io::Result<bool>,
) -> Result<Exit> {
    let threads = threads(engine.threads);
    let mut options = engine.options()?;
    let mut counter = batch::Counter::new(items.len());
    let workers = threads.min(items.len()).max(1);
    // One recording: its model runs use all threads. Many: each worker has models of its own and computes with one thread.
    options.threads = NonZeroUsize::new(if workers > 1 { 1 } else { threads });
    limit_threads(threads, || ());
    let first = Analyzer::open(&options)?;
    if let Some(note) = first.engine().note {
        message(&format!("note: {note}"));
    }
    let first = Mutex::new(Some(first));
    let start = || {
        let first = first.lock().unwrap_or_else(PoisonError::into_inner).take();
        first.map_or_else(|| Analyzer::open(&options), Ok)
    };
    let handed_on = batch::in_order(
        items,
        workers,
        start,
        |analyzer, item| match analyzer {
            Ok(analyzer) => work(analyzer, item),
            Err(error) => Err(error.clone().into()),
        },
        |position, result| {
            let result = result.unwrap_or_else(|panicked| Err(panicked.into()));
            let path = items.get(position).map_or(Path::new(""), |item| item.path.as_path());
            let worked = done(path, result)?;
            counter.count(!worked);
            Ok(())
        },
    );
    quiet_pipe(handed_on)?;
    Ok(Exit::all(counter.finish()))
}

fn one(analyzer: &Analyzer, item: &Item) -> Result<(Recording, Analysis)> {
    let started = Instant::now();
    let recording = item.open()?;
    let opened = started.elapsed().as_secs_f64() * 1e3;
    let (recording, mut analysis) = analyzed(analyzer, recording)?;
    analysis.timings.read += opened;
    analysis.timings.total += opened;
    Ok((recording, analysis))
}

/// Analyses an opened recording with the age and sex that its file tells.
pub(super) fn analyzed(analyzer: &Analyzer, recording: Recording) -> Result<(Recording, Analysis)> {
    let demographics = Demographics { age_years: recording.patient.age_years, sex: recording.patient.sex };
    let analysis = analyzer.analyze(&recording, demographics, &Progress::new())?;
    Ok((recording, analysis))
}

/// A reader that has seen enough (`| head`) is no fault.
pub(super) fn quiet_pipe(result: io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => Ok(other?),
    }
}
