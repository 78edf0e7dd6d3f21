//! `review export`: reviewed labels as files.

use super::select;
use crate::{
    commands::{
        BadUsage, Exit, Item,
        cli::{ExportTo, ReviewExportArgs},
        message,
        outgoing::{self, Outgoing},
        recordings,
    },
    formats::write::{self, Loss, NewRecording},
    recording::{AnnotationSet, FileFormat, LeadName, Recording},
    review::{
        Review, Reviewer,
        exchange::{self, ReviewDocument, csv},
        load,
        store::SqliteStore,
    },
};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Runs the command.
pub fn run(store: &SqliteStore, arguments: &ReviewExportArgs) -> Result<Exit> {
    if !write::is_annotator(&arguments.annotator) {
        bail!(BadUsage(format!(
            "--annotator {}: letters, digits, `_` and `-`, and no other file's extension, are needed",
            arguments.annotator
        )));
    }
    let items = recordings(&arguments.paths);
    let mut out = Outgoing::new(&arguments.out, arguments.force, &items)?;
    let labels = arguments.out.join("labels.csv");
    if arguments.training && labels.exists() && !arguments.force {
        bail!(BadUsage(format!("{}: exists already; choose another folder or --force", labels.display())));
    }
    let mut worked = true;
    let mut table = exchange::TRAINING_HEADER.to_owned();
    for item in &items {
        match one(store, arguments, item, &mut out) {
            Ok(rows) => table += &rows,
            Err(error) => {
                message(&format!("{}: {error:#}", item.path.display()));
                worked = false;
            }
        }
    }
    if arguments.training {
        write::whole(&labels, table.as_bytes(), out.existing())?;
        outgoing::tell(&labels, &[]);
    }
    Ok(Exit::all(worked))
}

/// Writes one recording's review; gives its rows of a training table.
fn one(store: &SqliteStore, arguments: &ReviewExportArgs, item: &Item, out: &mut Outgoing) -> Result<String> {
    let recording = item.open()?;
    let (head, reviewer) = select::one(store, &select::identity(&recording)?, arguments.reviewer.as_deref())?;
    let review = load(store, &head.key, recording.length)?;
    if arguments.training && !review.state().is_confirmed() && !arguments.unconfirmed {
        message(&format!("{}: left out, its review by {} is unconfirmed", item.path.display(), reviewer.name));
        return Ok(String::new());
    }
    let name = out.name(&recording.name, &item.path)?;
    let how = How { to: arguments.to, annotator: &arguments.annotator, training: arguments.training };
    for (path, losses) in files(&recording, &review, &reviewer, &how, &name, out)? {
        outgoing::tell(&path, &losses);
    }
    if !arguments.training {
        return Ok(String::new());
    }
    let (rows, unknown) = exchange::training_rows(&review, &name, &recording.patient);
    unknown.iter().for_each(|problem| message(&format!("{}: {problem}", item.path.display())));
    Ok(rows)
}

/// The form that labels leave in.
pub(in crate::commands) struct How<'a> {
    /// The form; `None`: WFDB.
    pub to: Option<ExportTo>,
    /// Annotator's name.
    pub annotator: &'a str,
    /// For training: the review's labels alone, without what names the patient.
    pub training: bool,
}

/// Writes the files of one review; gives each with what is not in it.
pub(in crate::commands) fn files(
    recording: &Recording,
    review: &Review,
    reviewer: &Reviewer,
    how: &How,
    name: &str,
    out: &Outgoing,
) -> Result<Vec<(PathBuf, Vec<Loss>)>> {
    match how.to {
        Some(ExportTo::Edf) => Ok(vec![edf(recording, review, reviewer, how, name, out)?]),
        Some(ExportTo::Csv) => {
            let file = |kind: &str| out.folder.join(format!("{name}.{kind}.csv"));
            let files = [
                (file("beats"), csv::beats(review, recording.rate).into_bytes()),
                (file("intervals"), csv::intervals(review.content(), recording.rate).into_bytes()),
                (file("findings"), csv::findings(review).into_bytes()),
            ];
            write::texts(&files, recording, out.existing())?;
            Ok(files.into_iter().map(|(path, _)| (path, Vec::new())).collect())
        }
        Some(ExportTo::Json) => {
            let mut document =
                serde_json::to_vec_pretty(&ReviewDocument::new(review, reviewer, &recording.name, recording.rate))?;
            document.push(b'\n');
            let path: PathBuf = out.folder.join(format!("{name}.review.json"));
            write::texts(&[(path.clone(), document)], recording, out.existing())?;
            Ok(vec![(path, Vec::new())])
        }
        Some(ExportTo::Wfdb) | None => Ok(vec![wfdb(recording, review, reviewer, how, name, out)?]),
    }
}

/// The record with everybody's annotations and the review's; of a training folder the review's alone, without what names the patient.
fn wfdb(
    recording: &Recording,
    review: &Review,
    reviewer: &Reviewer,
    how: &How,
    name: &str,
    out: &Outgoing,
) -> Result<(PathBuf, Vec<Loss>)> {
    let mut new = NewRecording::of(recording, name);
    let signals: Vec<LeadName> = new.signals.iter().map(|signal| LeadName::parse(&signal.name)).collect();
    let (set, mut losses) = exchange::wfdb_set(review.content(), how.annotator, &signals);
    if how.training {
        new.annotations.clear();
        new.comments.clear();
    } else if new.annotations.iter().any(|own| own.annotator == set.annotator) {
        bail!(BadUsage(format!("has annotations of `{}` already; choose another name with --annotator", set.annotator)));
    }
    new.annotations.push(set);
    new.comments.push(format!(" {}", exchange::statement(review, &reviewer.name)));
    let written = write::wfdb(&out.folder, &new, None, out.existing())?;
    losses.extend(written.losses);
    Ok((written.path, losses))
}

/// A copy of the recording with the review's annotations, the conclusion and whether anybody stands for it as notes.
fn edf(
    recording: &Recording,
    review: &Review,
    reviewer: &Reviewer,
    how: &How,
    name: &str,
    out: &Outgoing,
) -> Result<(PathBuf, Vec<Loss>)> {
    let (mut set, mut losses) = exchange::edf_set(review.content(), how.annotator);
    let conclusion = &review.content().conclusion;
    let mut words = vec![exchange::statement(review, &reviewer.name)];
    if !conclusion.is_empty() {
        words.push(format!("conclusion: {conclusion}"));
    }
    set.annotations.splice(0..0, words.into_iter().map(exchange::note_at_start));
    let sets: Vec<AnnotationSet> = vec![set];
    let written = write::edf(&out.folder, recording, name, &sets, out.existing())?;
    losses.extend(written.losses);
    if recording.format == FileFormat::EdfPlus && !recording.annotations.is_empty() {
        losses.push(Loss::new("annotators", "the file's own annotations stand beside the review's in one list", "both"));
    }
    Ok((written.path, losses))
}
