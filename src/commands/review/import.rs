//! `review import`: another annotator's labels as a further reader.

use super::select;
use crate::{
    commands::{BadUsage, Exit, cli::ImportArgs, message},
    formats::{self, write::NewRecording},
    recording::{AnnotationSet, LeadName, Recording},
    review::{
        Baseline, BaselineSource, Beats, Clock, Reviewer, Session, SystemClock,
        exchange::{Incoming, csv, incoming},
        store::{RecordingFacts, SqliteStore, Store},
    },
};
use anyhow::{Context, Result, bail};
use std::{path::Path, sync::Arc};

/// Tables beyond this are none of beats.
const LARGEST_TABLE: u64 = 1 << 30;

/// Runs the command.
pub fn run(store: &SqliteStore, arguments: &ImportArgs) -> Result<Exit> {
    let recording = formats::open(&arguments.recording)?;
    let (came, annotator) = labels(&recording, arguments.from.as_deref(), arguments.annotator.as_deref())?;
    came.warnings.iter().for_each(|warning| message(&format!("{}: {warning}", arguments.recording.display())));
    if came.baseline.beats.is_empty() && came.baseline.intervals.is_empty() {
        bail!("{}: nothing to import from `{annotator}`", arguments.recording.display());
    }
    let name = arguments.name.as_deref().unwrap_or(&annotator);
    let facts = RecordingFacts::of(select::identity(&recording)?, &recording);
    let reader = reader(store, name)?;
    let beats = came.baseline.beats.len();
    // The session shares the database through a connection of its own.
    let folder = store.path().parent().unwrap_or(Path::new("."));
    let shared: Arc<dyn Store> = Arc::new(SqliteStore::open(folder)?);
    let mut session = Session::open(shared, Arc::new(SystemClock), &facts, &reader.id, false)?;
    if let Some(baseline) = session.review().baseline() {
        if baseline.stored().0 == came.baseline.stored().0 {
            message(&format!("{}: these labels of {name} are there already", arguments.recording.display()));
            return Ok(Exit::Done);
        }
        bail!(BadUsage(format!("{name} has other labels of this recording already; give the reader another name with --name")));
    }
    session.labels_arrived(came.baseline)?;
    message(&format!("{}: imported {beats} beats as reader {name}", arguments.recording.display()));
    Ok(Exit::Done)
}

/// The imported reader of that name, entered when new.
fn reader(store: &SqliteStore, name: &str) -> Result<Reviewer> {
    let wanted = Reviewer::imported(name)?;
    if let Some(known) = store.reviewers()?.into_iter().find(|known| known.imported && known.name == wanted.name) {
        return Ok(known);
    }
    store.add_reviewer(&wanted, SystemClock.now())?;
    Ok(wanted)
}

/// The labels and whose they are: from another file, or with `None` from the recording's own. `annotator`: which, where there are several.
pub(in crate::commands) fn labels(
    recording: &Recording,
    from: Option<&Path>,
    annotator: Option<&str>,
) -> Result<(Incoming, String)> {
    let file = from.unwrap_or(&recording.path);
    let file_name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
        let of_file = || file.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let annotator = annotator.map_or_else(of_file, str::to_owned);
        return Ok((table(recording, file, &annotator, &file_name)?, annotator));
    }
    let other;
    let source = match from {
        Some(from) => {
            other = formats::open(from)?;
            same_time(recording, &other)?;
            &other
        }
        None => recording,
    };
    let set = chosen(source, annotator, file)?;
    let signals: Vec<LeadName> =
        NewRecording::of(recording, "r").signals.iter().map(|signal| LeadName::parse(&signal.name)).collect();
    Ok((incoming(set, recording.rate, recording.length, &file_name, &signals), set.annotator.clone()))
}

/// Samples of one recording must mean the same in the other.
fn same_time(recording: &Recording, other: &Recording) -> Result<()> {
    // A file of annotations alone has neither leads nor a length of its own.
    if other.rate != recording.rate && !other.leads.is_empty() {
        bail!(
            "{}: its rate is {} Hz, the recording's {} Hz: its samples are not those of the recording",
            other.path.display(),
            other.rate.hz(),
            recording.rate.hz()
        );
    }
    Ok(())
}

fn chosen<'a>(source: &'a Recording, annotator: Option<&str>, file: &Path) -> Result<&'a AnnotationSet> {
    // `100.atr` names its annotator itself.
    let named = annotator.map(str::to_owned).or_else(|| {
        let extension = file.extension()?.to_str()?.to_owned();
        source.annotations.iter().any(|set| set.annotator == extension).then_some(extension)
    });
    let names: Vec<&str> = source.annotations.iter().map(|set| set.annotator.as_str()).collect();
    match (&named, source.annotations.as_slice()) {
        (Some(name), sets) => sets
            .iter()
            .find(|set| set.annotator == *name)
            .ok_or_else(|| BadUsage(format!("no annotations of `{name}` (there are: {})", names.join(", "))).into()),
        (None, [only]) => Ok(only),
        (None, []) => bail!("{}: no annotations", file.display()),
        (None, _) => bail!(BadUsage(format!("several annotators ({}); choose one with --annotator", names.join(", ")))),
    }
}

fn table(recording: &Recording, file: &Path, annotator: &str, file_name: &str) -> Result<Incoming> {
    let size = std::fs::metadata(file).with_context(|| file.display().to_string())?.len();
    if size > LARGEST_TABLE {
        bail!("{}: too large for a table of beats", file.display());
    }
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let beats = csv::read_beats(&text, recording.rate).map_err(|problem| anyhow::anyhow!("{}: {problem}", file.display()))?;
    let given = beats.len();
    let within: Vec<_> = beats.into_iter().filter(|beat| beat.sample.0 < recording.length).collect();
    let outside = given - within.len();
    let beats = Beats::new(within);
    let mut warnings = Vec::new();
    if outside > 0 {
        warnings.push(format!("{outside} beats stand outside the recording and were left out"));
    }
    if beats.len() + outside < given {
        warnings.push(format!("{} beats stand on the sample of another beat and were left out", given - outside - beats.len()));
    }
    let source = BaselineSource::Imported { annotator: annotator.to_owned(), file: file_name.to_owned() };
    let baseline = Baseline {
        source,
        rate: recording.rate,
        length: recording.length,
        beats: beats.as_slice().to_vec(),
        intervals: Vec::new(),
        findings: Vec::new(),
    };
    Ok(Incoming { baseline, warnings })
}
