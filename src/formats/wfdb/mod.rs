//! WFDB records: a header (`.hea`), its signal files and annotation files beside them.

mod annotated;
pub mod annotation;
mod beside;
pub(super) mod comments;
mod differences;
mod flac;
pub mod header;
mod packed;
mod segments;
mod signals;

pub use annotated::{AnnotatedRecord, annotated};
pub use header::looks_like_header;

use super::{FormatError, assemble, bytes};
use crate::recording::{Annotation, AnnotationSet, FileFormat, Gap, Rate, Recording, Repair, SampleIndex};
use std::path::{Path, PathBuf};

/// Headers and annotation files larger than these are refused unread.
const LARGEST_HEADER: u64 = 16 << 20;
const LARGEST_ANNOTATION_FILE: u64 = 256 << 20;

/// Annotators whose files are always expected to be readable, so that damage in them is reported; files with any other
/// extension are taken as annotations only when they are.
const KNOWN_ANNOTATORS: [&str; 9] = ["atr", "qrs", "ecg", "ari", "man", "pu", "pu0", "pu1", "eecg"];

/// Extensions that are no annotation files.
const NO_ANNOTATIONS: [&str; 14] =
    ["hea", "dat", "mat", "csv", "txt", "json", "edf", "bdf", "xml", "pdf", "png", "html", "zip", "gz"];

/// Opens the record of a header.
///
/// # Errors
/// A [`FormatError`] for a damaged header, an absent or unreadable signal file, a storage format that is not read.
pub fn open(path: &Path) -> Result<Recording, FormatError> {
    let header = header::parse(path, &bytes::small_file(path, LARGEST_HEADER)?)?;
    let mut repairs = header.repairs.clone();
    let opened = if header.segments.is_empty() {
        signals::open(path, &header, &mut repairs)?
    } else {
        segments::open(path, &header, &mut repairs)?
    };
    if opened.frames == 0 {
        return Err(FormatError::NoSamples { path: path.into() });
    }
    let channels = assemble::assemble(opened.signals).ok_or_else(|| FormatError::NoSignals { path: path.into() })?;
    let frame_rate = header.frame_rate;
    let mut comments = header.comments.clone();
    let annotations = annotations_beside(path, &header, channels.rate, &mut comments, &mut repairs);
    // Exact where the rate is a whole multiple of the frame rate, as it is for every signal of the record.
    let samples_per_frame = (channels.rate.hz() / frame_rate).round() as u64;
    Ok(Recording {
        path: path.into(),
        name: path.file_stem().map_or_else(|| header.name.clone(), |stem| stem.to_string_lossy().into_owned()),
        format: FileFormat::Wfdb,
        start: header.start,
        rate: channels.rate,
        length: opened.frames * samples_per_frame,
        leads: channels.leads,
        other_signals: channels.others,
        gaps: opened.gaps.iter().map(|(start, end)| Gap::new(start * samples_per_frame, end * samples_per_frame)).collect(),
        patient: comments::patient(&header.comments),
        annotations,
        repairs,
        simulated: comments::declares_simulated(&header.comments),
        comments,
    })
}

/// Records that a multi-segment header has as its segments; none for any other header.
pub(super) fn segments_of(path: &Path) -> Vec<PathBuf> {
    let content = bytes::small_file(path, LARGEST_HEADER).unwrap_or_default();
    header::segment_names(path, &content).iter().map(|name| path.with_file_name(format!("{name}.hea"))).collect()
}

/// One annotation file of a record as stored: times in the file's own ticks, the record's own labels and notes. `header` is the record's header.
///
/// # Errors
/// [`FormatError`] when the file is absent or no annotation file.
pub fn stored_annotations(header: &Path, annotator: &str) -> Result<annotation::AnnotationFile, FormatError> {
    let stem = header.file_stem().unwrap_or_default().to_string_lossy();
    if annotator.contains(['/', '\\']) {
        return Err(FormatError::UnsafeFileName { path: header.into(), name: annotator.into() });
    }
    let path = header.with_file_name(format!("{stem}.{annotator}"));
    annotation::parse(&bytes::small_file(&path, LARGEST_ANNOTATION_FILE)?)
        .map_err(|problem| FormatError::Damaged { path, problem })
}

/// The header of the record that a signal or annotation file belongs to: of the same name, or the one that names the file.
///
/// # Errors
/// [`FormatError::Unreadable`] when the folder cannot be listed.
pub fn header_of(path: &Path) -> Result<Option<PathBuf>, FormatError> {
    let same_name = path.with_extension("hea");
    if same_name.is_file() && names_record(&same_name) {
        return Ok(Some(same_name));
    }
    let (Some(stem), Some(name)) = (path.file_stem().and_then(|s| s.to_str()), path.file_name().and_then(|n| n.to_str())) else {
        return Ok(None);
    };
    // `00501_lr_1.dat` belongs to `00501_lr.hea`: only headers whose name begins like the file's are looked into.
    let mut ends: Vec<usize> = stem.char_indices().map(|(at, _)| at).filter(|at| *at > 0).collect();
    ends.reverse();
    for end in ends {
        let candidate = path.with_file_name(format!("{}.hea", stem.get(..end).unwrap_or(stem)));
        if candidate.is_file()
            && let Ok(parsed) = header::parse(&candidate, &bytes::small_file(&candidate, LARGEST_HEADER)?)
            && parsed.signals.iter().any(|signal| signal.file_name == name)
        {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}

fn names_record(header: &Path) -> bool {
    bytes::first_bytes(header, 4096).is_ok_and(|start| looks_like_header(&start))
}

/// Every annotation file beside the header: the record's name with another extension. Times are converted to `rate`.
fn annotations_beside(
    path: &Path,
    header: &header::Header,
    rate: Rate,
    comments: &mut Vec<String>,
    repairs: &mut Vec<Repair>,
) -> Vec<AnnotationSet> {
    let (Some(folder), Some(stem)) = (path.parent(), path.file_stem().and_then(|s| s.to_str())) else { return Vec::new() };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let extensions = match beside::extensions(folder, stem) {
        Ok(extensions) => extensions,
        Err(error) => {
            repairs.push(Repair::new("annotation files", error.to_string(), "none: the folder cannot be listed"));
            return Vec::new();
        }
    };
    let annotators = extensions
        .into_iter()
        .filter(|extension| !NO_ANNOTATIONS.contains(&extension.to_ascii_lowercase().as_str()))
        .filter(|extension| header.signals.iter().all(|s| s.file_name != format!("{stem}.{extension}")));

    let mut sets = Vec::new();
    for annotator in annotators {
        let file = folder.join(format!("{stem}.{annotator}"));
        let known = KNOWN_ANNOTATORS.contains(&annotator.as_str());
        let parsed = bytes::small_file(&file, LARGEST_ANNOTATION_FILE)
            .map_err(|e| e.to_string())
            .and_then(|content| annotation::parse(&content));
        match parsed {
            Ok(parsed) if known || !parsed.truncated => {
                let field = format!("annotation file {stem}.{annotator}");
                if parsed.truncated {
                    repairs.push(Repair::new(&field, "no end mark", "annotations up to the file's end"));
                }
                comments.extend(parsed.notes.iter().map(|note| format!("annotator {annotator}: {note}")));
                sets.push(annotation_set(annotator, parsed, header.frame_rate, rate, &field, repairs));
            }
            Err(reason) if known => {
                repairs.push(Repair::new(format!("annotation file {stem}.{annotator}"), reason, "no annotations"));
            }
            // Some other file of the same name.
            Ok(_) | Err(_) => {}
        }
    }
    sets
}

/// Annotations at the recording's rate. Where one tick is a whole number of samples no time is rounded.
fn annotation_set(
    annotator: String,
    parsed: annotation::AnnotationFile,
    frame_rate: f64,
    rate: Rate,
    field: &str,
    repairs: &mut Vec<Repair>,
) -> AnnotationSet {
    let ticks_per_second = parsed.resolution.unwrap_or(frame_rate);
    let factor = rate.hz() / ticks_per_second;
    let mut negative = 0u64;
    let mut annotations: Vec<Annotation> = parsed
        .annotations
        .into_iter()
        .map(|stored| {
            negative += u64::from(stored.time < 0);
            let ticks = stored.time.max(0) as u64;
            let at = if factor == 1.0 { ticks } else { (ticks as f64 * factor).round() as u64 };
            Annotation {
                at: SampleIndex(at),
                duration: None,
                mnemonic: stored.mnemonic,
                subtype: stored.subtype,
                chan: stored.chan,
                num: stored.num,
                text: stored.aux,
            }
        })
        .collect();
    if negative > 0 {
        repairs.push(Repair::new(field, format!("{negative} annotations before the record's start"), "at its start"));
    }
    annotations.sort_by_key(|annotation| annotation.at);
    AnnotationSet { annotator, annotations }
}
