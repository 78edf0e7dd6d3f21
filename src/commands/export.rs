//! `efficientecg export`: labels of recordings as files that other programs read.

mod labels;
mod tables;

use super::{
    BadUsage, Exit, analyze,
    cli::{ExportArgs, ExportTo},
    message,
    outgoing::{self, Outgoing},
    output::AnalysisDocument,
    recordings,
};
use crate::{
    analysis::{Analysis, Analyzer},
    formats::write::{self, Loss, NewRecording, Written},
    recording::{AnnotationSet, FileFormat, Recording},
};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// The machine's annotator, unless another is asked for.
const MACHINE: &str = "eecg";

/// A recording ready to be written. Without an analysis: its annotator's own labels are exported.
type Ready = (Recording, Option<Analysis>);

/// Runs the command.
///
/// # Errors
/// An annotator that is none, a folder that cannot be made, an unusable engine or model. A recording that fails is named and the rest goes on.
pub fn run(arguments: &ExportArgs) -> Result<Exit> {
    let annotator = arguments.annotator.as_deref().unwrap_or(MACHINE);
    // `edf` names an EDF+ file's own annotations.
    if !write::is_annotator(annotator) && annotator != "edf" {
        bail!(BadUsage(format!(
            "--annotator {annotator}: letters, digits, `_` and `-`, and no other file's extension, are needed"
        )));
    }
    let items = recordings(&arguments.paths);
    let mut out = Outgoing::new(&arguments.out, arguments.force, &items)?;
    let needs_analysis =
        |recording: &Recording| matches!(arguments.to, ExportTo::Csv | ExportTo::Json) || own_set(recording, annotator).is_none();
    analyze::each(
        &arguments.engine,
        &items,
        |analyzer: &Analyzer, item| -> Result<Ready> {
            let recording = item.open()?;
            if needs_analysis(&recording) {
                return analyze::analyzed(analyzer, recording).map(|(recording, analysis)| (recording, Some(analysis)));
            }
            Ok((recording, None))
        },
        |path, ready| {
            let done = ready.and_then(|ready| one(arguments, annotator, path, &ready, &mut out));
            if let Err(error) = &done {
                message(&format!("{}: {error:#}", path.display()));
            }
            Ok(done.is_ok())
        },
    )
}

fn own_set<'a>(recording: &'a Recording, annotator: &str) -> Option<&'a AnnotationSet> {
    recording.annotations.iter().find(|set| set.annotator == annotator)
}

fn one(arguments: &ExportArgs, annotator: &str, path: &Path, (recording, analysis): &Ready, out: &mut Outgoing) -> Result<()> {
    let name = out.name(&recording.name, path)?;
    let own = own_set(recording, annotator);
    if own.is_some() && arguments.to != ExportTo::Json {
        message(&format!("{}: has annotations of `{annotator}`; they are exported, not the machine's", path.display()));
    } else if own.is_none() && arguments.annotator.is_some() {
        message(&format!("{}: no annotations of `{annotator}`; the machine's are written under that name", path.display()));
    }
    let machine = || labels::set(annotator, analysis.as_ref());
    match arguments.to {
        ExportTo::Wfdb => {
            let mut new = NewRecording::of(recording, &name);
            if own.is_none() {
                new.annotations.push(machine());
                new.comments.extend(labels::comments(analysis.as_ref()));
            }
            let written = write::wfdb(&out.folder, &new, None, out.existing())?;
            outgoing::tell(&written.path, &written.losses);
        }
        ExportTo::Edf => {
            let written =
                edf(recording, &name, own, own.is_none().then(|| labels::with_notes(machine(), analysis.as_ref())), out)?;
            outgoing::tell(&written.path, &written.losses);
        }
        ExportTo::Csv => {
            let set = own.cloned().unwrap_or_else(machine);
            let beats = tables::beats(recording, &set, analysis.as_ref().filter(|_| own.is_none()));
            let mut files: Vec<(PathBuf, Vec<u8>)> = vec![(out.folder.join(format!("{name}.beats.csv")), beats.into_bytes())];
            if let Some(analysis) = analysis {
                files.push((out.folder.join(format!("{name}.findings.csv")), tables::findings(analysis).into_bytes()));
            }
            write::texts(&files, recording, out.existing())?;
            files.iter().for_each(|(path, _)| outgoing::tell(path, &[]));
        }
        ExportTo::Json => {
            let Some(analysis) = analysis else { return Ok(()) };
            let mut document = serde_json::to_vec_pretty(&AnalysisDocument::new(recording, analysis))?;
            document.push(b'\n');
            let path = out.folder.join(format!("{name}.json"));
            write::texts(&[(path.clone(), document)], recording, out.existing())?;
            outgoing::tell(&path, &[]);
        }
    }
    Ok(())
}

/// The signals unchanged, what annotations an EDF file has, and one annotator's. Of a WFDB record the other annotators are left out: EDF+ could not tell
/// their beats from these.
fn edf(
    recording: &Recording,
    name: &str,
    own: Option<&AnnotationSet>,
    machine: Option<AnnotationSet>,
    out: &Outgoing,
) -> Result<Written> {
    let wfdb = recording.format == FileFormat::Wfdb;
    // An EDF file's own annotations are in it as they are.
    let added: Vec<AnnotationSet> = machine.into_iter().chain(own.filter(|_| wfdb).cloned()).collect();
    let mut written = write::edf(&out.folder, recording, name, &added, out.existing())?;
    let left_out: Vec<&str> = recording
        .annotations
        .iter()
        .map(|set| set.annotator.as_str())
        .filter(|other| wfdb && added.iter().all(|set| set.annotator != *other))
        .collect();
    if !left_out.is_empty() {
        let lost = format!("{} are not written: EDF+ could not tell their beats from those exported", left_out.join(", "));
        written.losses.push(Loss::new("annotators", lost, "nothing"));
    }
    Ok(written)
}
