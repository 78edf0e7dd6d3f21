//! WFDB records: signal files, annotation files and the header. Sources: header(5), signal(5), annot(5).

mod annotations;
mod flac;
mod format;
mod header;
mod signals;

pub use annotations::is_annotator;
pub(super) use annotations::may_be_annotations;
pub use format::WfdbFormat;

use super::{
    Existing, Loss, NewRecording, WriteError, Written,
    atomic::{self, Pending},
    frames::Frames,
    loss,
};
use crate::formats::folder::Folder;
use std::path::{Path, PathBuf};

/// Writes a record into `folder`: signal files, `NAME.ANNOTATOR` for each annotator, then `NAME.hea`, so that a record is never there
/// without its signals.
///
/// Digital samples are stored as they are. `format`: how; without one the smallest of 16, 24 and 32 bits that holds every value. Signals of
/// different rates are stored several samples a frame.
///
/// # Errors
/// [`WriteError`]: a file exists and may not be replaced or is one of the recording's own, the folder cannot be written to, the rates have
/// no common frame rate, a value does not fit the asked format.
pub fn wfdb(
    folder: &Path,
    recording: &NewRecording,
    format: Option<WfdbFormat>,
    existing: Existing,
) -> Result<Written, WriteError> {
    let path = folder.join(format!("{}.hea", recording.name));
    recording.check(&path)?;
    let frames = Frames::of(recording, &path)?;
    let mut losses = Vec::new();
    let sets = annotations::sets(recording, &path, &mut losses)?;
    let annotation_files: Vec<PathBuf> = sets.iter().map(|set| path.with_extension(&set.annotator)).collect();
    // How many files a FLAC record takes is known before its samples are.
    let files = signals::files(recording, &frames, format.is_some_and(WfdbFormat::is_flac));
    let signal_files: Vec<PathBuf> = files.iter().map(|file| folder.join(&file.name)).collect();
    let targets: Vec<&Path> =
        signal_files.iter().chain(&annotation_files).map(PathBuf::as_path).chain([path.as_path()]).collect();
    atomic::refuse(&targets, &recording.sources, existing)?;
    warn_of_annotations_left(&path, &targets, &mut losses);
    warn_of_short_signals(recording, &frames, &mut losses);

    let format = format::choose(recording, &frames, format, &path)?;
    let mut complete = Vec::new();
    let mut stored = Vec::new();
    for (file, target) in files.iter().zip(&signal_files) {
        let mut pending = Pending::create(target)?;
        stored.extend(signals::write(&mut pending, recording, &frames, file, format)?);
        complete.push(pending.complete()?);
    }
    for (set, target) in sets.iter().zip(&annotation_files) {
        let content = annotations::encode(set, recording, &frames, target, &mut losses)?;
        let mut pending = Pending::create(target)?;
        pending.put(&content)?;
        complete.push(pending.complete()?);
    }
    let text = header::text(recording, &frames, format, &stored, &path, &mut losses)?;
    let mut pending = Pending::create(&path)?;
    pending.put(text.as_bytes())?;
    complete.push(pending.complete()?);
    atomic::commit(complete, existing)?;
    Ok(Written { path, losses })
}

/// Annotation files of an earlier record of the same name are nobody's to delete: they may hold a person's work. They count as this record's,
/// whether or not there is a header that they belonged to.
fn warn_of_annotations_left(path: &Path, targets: &[&Path], losses: &mut Vec<Loss>) {
    let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { return };
    let is_target = |name: &str| targets.iter().any(|target| target.file_name().is_some_and(|target| target == name));
    let extensions = Folder::of(path).extensions(stem).unwrap_or_default();
    let left: Vec<String> = extensions
        .iter()
        .filter(|extension| may_be_annotations(extension))
        .map(|extension| format!("{stem}.{extension}"))
        .filter(|name| !is_target(name))
        .collect();
    let list = left.join(", ");
    loss::counted(
        losses,
        left.len(),
        "annotation files",
        &format!("from before stay and count as this record's ({list})"),
        "nothing",
    );
}

/// All signals of a record are equally long: those that end sooner go on without valid samples.
fn warn_of_short_signals(recording: &NewRecording, frames: &Frames, losses: &mut Vec<Loss>) {
    for (signal, per_frame) in recording.signals.iter().zip(&frames.per_frame) {
        let missing = (frames.count * per_frame).saturating_sub(signal.source.len());
        let count = usize::try_from(missing).unwrap_or(usize::MAX);
        let lost = "samples fewer than the record's length: WFDB signals are equally long";
        loss::counted(losses, count, &format!("signal {}", signal.name), lost, "invalid samples at its end");
    }
}
