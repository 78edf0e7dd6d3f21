//! `efficientecg evaluate`: annotations against a reference, beat by beat and run by run.

use super::{
    BadUsage, Exit,
    analyze::quiet_pipe,
    cli::{EvaluateArgs, MapArg, RunsArg},
    evaluation::{Document, Outcome, RunsOf, summary_text},
    message,
    output::Printer,
    recordings,
};
use crate::{
    analysis::{Analyzer, Demographics, Progress},
    formats::{self, wfdb},
    recording::{Annotation, FileFormat, LabelMap, Mnemonic, Rate, Recording},
    scoring::{LEARNING_S, RunKind, Settings, compare_beats, compare_runs, text},
};
use anyhow::{Context, Result, bail};
use std::{
    io::{self, Write},
    path::Path,
};

/// `--test` with this name judges the analysis.
const ANALYSIS: &str = "analysis";

/// Two annotators of one record.
struct Pair {
    record: String,
    rate: Rate,
    length: Option<u64>,
    reference: Vec<Annotation>,
    test: Vec<Annotation>,
}

/// Runs the command.
///
/// # Errors
/// When the engine or a model cannot be used, or standard output cannot be written. A record that fails is named on standard error (and in the JSON
/// document) and the rest goes on.
pub fn run(arguments: &EvaluateArgs) -> Result<Exit> {
    if arguments.reference == ANALYSIS {
        bail!(BadUsage("the reference must be an annotation file; `analysis` can only be tested".to_owned()));
    }
    let analyzer =
        (arguments.test == ANALYSIS).then(|| Analyzer::open(&arguments.engine.options()?).map_err(anyhow::Error::from));
    let analyzer = analyzer.transpose()?;
    if arguments.from.is_some_and(|from| from != LEARNING_S) {
        message("note: with --from this is not the standard comparison of EC57");
    }
    let items = recordings(&arguments.paths);
    let map = match arguments.map {
        MapArg::Aami => LabelMap::Aami,
        MapArg::Ml => LabelMap::Ml,
    };
    let mut document = Document::new(&arguments.reference, &arguments.test, map, arguments.from.unwrap_or(LEARNING_S));
    for item in &items {
        let file = &item.path;
        let found = item.fault.clone().map_or(Ok(()), |fault| Err(fault.into()));
        let done = found.and_then(|()| pair(file, arguments, analyzer.as_ref())).and_then(|pair| compare(&pair, map, arguments));
        match done {
            Ok(outcome) => {
                if !arguments.json {
                    quiet_pipe(print(&outcome, arguments))?;
                }
                document.add(file, outcome);
            }
            Err(error) => {
                message(&format!("{}: {error:#}", file.display()));
                document.fail(file, &error);
            }
        }
    }
    if arguments.json {
        quiet_pipe(
            Printer::new(io::stdout().lock(), false).print(&document.finished(arguments.runs.is_some(), arguments.verbose)),
        )?;
    } else if items.len() > 1 && !arguments.line {
        quiet_pipe(io::stdout().lock().write_all(summary_text(&document, arguments.runs).as_bytes()))?;
    }
    Ok(Exit::all(document.all_worked()))
}

fn pair(file: &Path, arguments: &EvaluateArgs, analyzer: Option<&Analyzer>) -> Result<Pair> {
    let Some(analyzer) = analyzer else { return stored(file, arguments) };
    let recording = formats::open(file)?;
    let demographics = Demographics { age_years: recording.patient.age_years, sex: recording.patient.sex };
    let reference = annotations_of(&recording, &arguments.reference)?;
    let analysis = analyzer.analyze(&recording, demographics, &Progress::new())?;
    if let Some(refusal) = analysis.refused.iter().find(|refusal| refusal.task == "beats") {
        message(&format!("{}: beats are not classified and count as Q: {}", file.display(), refusal.reason));
    }
    let test = analysis.beats.iter().map(|beat| Annotation {
        at: beat.sample,
        duration: None,
        mnemonic: Mnemonic(beat.label.map_or("Q", |label| label.letter()).to_owned()),
        subtype: 0,
        chan: 0,
        num: 0,
        text: String::new(),
    });
    Ok(Pair {
        record: recording.name.clone(),
        rate: recording.rate,
        length: Some(recording.length),
        reference,
        test: test.collect(),
    })
}

/// Both from annotation files; the signals of a WFDB record are not needed and may be absent.
fn stored(file: &Path, arguments: &EvaluateArgs) -> Result<Pair> {
    if formats::probe(file)? != Some(FileFormat::Wfdb) {
        let recording = formats::open(file)?;
        let (reference, test) = (annotations_of(&recording, &arguments.reference)?, annotations_of(&recording, &arguments.test)?);
        return Ok(Pair {
            record: recording.name.clone(),
            rate: recording.rate,
            length: Some(recording.length),
            reference,
            test,
        });
    }
    let record = wfdb::annotated(file, &[&arguments.reference, &arguments.test])?;
    for repair in &record.repairs {
        message(&format!("{}: {}: {}; taken: {}", file.display(), repair.field, repair.found, repair.assumed));
    }
    let mut sets = record.sets.into_iter().map(|set| set.annotations);
    let (reference, test) = sets.next().zip(sets.next()).context("two annotation files are needed")?;
    Ok(Pair { record: record.name, rate: record.rate, length: record.frames, reference, test })
}

fn annotations_of(recording: &Recording, annotator: &str) -> Result<Vec<Annotation>> {
    let found = recording.annotations.iter().find(|set| set.annotator == annotator);
    let Some(set) = found else {
        let known: Vec<&str> = recording.annotations.iter().map(|set| set.annotator.as_str()).collect();
        bail!("no annotations of `{annotator}`; there are: {}", known.join(", "));
    };
    Ok(set.annotations.clone())
}

fn compare(pair: &Pair, map: LabelMap, arguments: &EvaluateArgs) -> Result<Outcome> {
    let settings = Settings::starting_at(arguments.from.unwrap_or(LEARNING_S), pair.rate, pair.length, map)?;
    let beats = compare_beats(&pair.reference, &pair.test, &settings);
    let runs = match arguments.runs {
        Some(_) => {
            let of = |kind| compare_runs(&pair.reference, &pair.test, kind, &settings);
            Some(RunsOf { ventricular: of(RunKind::Ventricular)?, supraventricular: of(RunKind::Supraventricular)? })
        }
        None => None,
    };
    let paced = pair.reference.iter().any(|annotation| annotation.mnemonic.as_str() == "/");
    Ok(Outcome { record: pair.record.clone(), rate: pair.rate, paced, beats, runs })
}

/// The text of `bxb`, and of `rxr` where it is asked for.
fn print(outcome: &Outcome, arguments: &EvaluateArgs) -> io::Result<()> {
    let (record, mut out) = (outcome.record.as_str(), String::new());
    let names = text::Names { record, reference: &arguments.reference, test: &arguments.test };
    if arguments.runs != Some(RunsArg::Only) {
        out += &if arguments.line { text::beat_lines(record, &outcome.beats) } else { text::beat_report(&names, &outcome.beats) };
    }
    if let Some(runs) = &outcome.runs {
        for (kind, found) in [(RunKind::Ventricular, &runs.ventricular), (RunKind::Supraventricular, &runs.supraventricular)] {
            out += &if arguments.line { text::run_line(record, found) } else { text::run_report(&names, kind, found) };
        }
    }
    if arguments.verbose {
        // Progress and remarks are a courtesy: a closed standard error must not end the work.
        let _ = io::stderr().write_all(text::mismatch_lines(&outcome.beats.mismatches).as_bytes());
    }
    let mut stdout = io::stdout().lock();
    stdout.write_all(out.as_bytes())?;
    stdout.flush()
}
