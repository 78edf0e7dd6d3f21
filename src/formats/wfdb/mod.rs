//! WFDB records: a header (`.hea`), its signal files and annotation files beside them.

mod aha;
mod annotated;
pub mod annotation;
pub(super) mod comments;
mod differences;
mod flac;
pub mod header;
mod null;
mod packed;
mod segments;
mod signals;

pub use annotated::{AnnotatedRecord, annotated};
pub use header::looks_like_header;

use super::{
    FormatError, SignalDigest, assemble, bytes,
    folder::{Folder, header_file},
    limits,
};
use crate::recording::{Annotation, AnnotationSet, FileFormat, Gap, Rate, Recording, Repair, SampleIndex, Signal};
use std::path::{Path, PathBuf};

/// Headers and annotation files larger than these are refused unread.
const LARGEST_HEADER: u64 = 16 << 20;
const LARGEST_ANNOTATION_FILE: u64 = 256 << 20;

/// Annotators whose files are always expected to be readable, so that damage in them is reported; files with any other
/// extension are taken as annotations only when they are.
const KNOWN_ANNOTATORS: [&str; 9] = ["atr", "qrs", "ecg", "ari", "man", "pu", "pu0", "pu1", "eecg"];

/// Extensions that are no annotation files.
pub(super) const NO_ANNOTATIONS: [&str; 14] =
    ["hea", "dat", "mat", "csv", "txt", "json", "edf", "bdf", "xml", "pdf", "png", "html", "zip", "gz"];

/// Records that claim to span more than a year without samples behind the claim are refused.
const LONGEST_SECONDS: f64 = 366.0 * 86_400.0;

/// Samples that are held against their header's checksums when a record is opened (some milliseconds).
const CHECK_AT_OPENING: u64 = 1 << 21;

/// Opens the record of a header.
///
/// # Errors
/// A [`FormatError`] for a damaged header, an absent or unreadable signal file, a storage format that is not read.
pub fn open(path: &Path) -> Result<Recording, FormatError> {
    let (content, folder) = header_file(path, LARGEST_HEADER)?;
    open_in(&folder, path, &content)
}

/// Opens the record of the header `path`, which has this content and whose other files lie in `folder`.
pub(super) fn open_in(folder: &Folder, path: &Path, content: &[u8]) -> Result<Recording, FormatError> {
    let header = header::parse(path, content)?;
    let mut repairs = header.repairs.clone();
    let mut check = CHECK_AT_OPENING;
    let opened = if header.segments.is_empty() {
        signals::open(path, folder, &header, &mut check, &mut repairs)?
    } else {
        segments::open(path, folder, &header, &mut check, &mut repairs)?
    };
    if opened.frames == 0 {
        return Err(FormatError::NoSamples { path: path.into() });
    }
    check_missing(path, &opened)?;
    let channels =
        assemble::assemble(opened.signals, &mut repairs).ok_or_else(|| FormatError::NoSignals { path: path.into() })?;
    let frame_rate = header.frame_rate;
    let mut comments = header.comments.clone();
    let annotations = annotations_beside(path, folder, &header, channels.rate, &mut comments, &mut repairs);
    // Exact where the rate is a whole multiple of the frame rate, as it is for every signal of the record.
    let samples_per_frame = (channels.rate.hz() / frame_rate).round() as u64;
    let samples = |frames: u64| frames.saturating_mul(samples_per_frame);
    Ok(Recording {
        path: path.into(),
        name: path.file_stem().map_or_else(|| header.name.clone(), |stem| stem.to_string_lossy().into_owned()),
        format: FileFormat::Wfdb,
        start: header.start,
        rate: channels.rate,
        length: samples(opened.frames),
        leads: channels.leads,
        other_signals: channels.others,
        gaps: opened.gaps.iter().map(|(start, end)| Gap::new(samples(*start), samples(*end))).collect(),
        patient: comments::patient(&header.comments),
        annotations,
        repairs,
        simulated: comments::declares_simulated(&header.comments),
        comments,
    })
}

/// Refuses records that span far more samples than they store.
fn check_missing(path: &Path, opened: &signals::Opened) -> Result<(), FormatError> {
    let missing = opened.signals.iter().fold(0, |sum: u64, signal| sum.saturating_add(signal.len()));
    let missing = missing.saturating_sub(opened.stored);
    if missing <= limits::MOST_MISSING {
        return Ok(());
    }
    let problem = format!("{missing} samples are missing, more than the {} that are read as such", limits::MOST_MISSING);
    Err(FormatError::Damaged { path: path.into(), problem })
}

/// What is to be listed of a signal whose stored samples do not have the sum that the header declares.
pub fn checksum_mismatch(signal: &Signal, digest: &SignalDigest) -> Option<Repair> {
    let (declared, stored) = signal.declared_checksum.zip(digest.stored_checksum)?;
    (declared != stored).then(|| checksum_finding(&signal.label, declared, stored))
}

/// What is listed where stored samples do not have the sum that the header declares.
pub(super) fn checksum_finding(signal: &str, declared: i16, stored: i16) -> Repair {
    let assumed = format!("the samples as they are, whose sum is {stored}: the file was damaged or changed");
    Repair::new(format!("checksum of {signal}"), declared.to_string(), assumed)
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
    let name = format!("{stem}.{annotator}");
    let content = Folder::of(header).small_file(header, &name, LARGEST_ANNOTATION_FILE)?;
    annotation::parse(&content).map_err(|problem| FormatError::Damaged { path: header.with_file_name(name), problem })
}

/// The header of the record that a signal or annotation file belongs to: of the same name, or the one that names the file.
///
/// # Errors
/// [`FormatError::Unreadable`] when the folder cannot be listed.
pub fn header_of(path: &Path) -> Result<Option<PathBuf>, FormatError> {
    let (Some(stem), Some(name)) = (path.file_stem().and_then(|s| s.to_str()), path.file_name().and_then(|n| n.to_str())) else {
        return Ok(None);
    };
    let header_named =
        |stem: &str| ["hea", "HEA", "Hea"].map(|e| path.with_file_name(format!("{stem}.{e}"))).into_iter().find(|p| p.is_file());
    if let Some(same_name) = header_named(stem).filter(|header| names_record(header)) {
        return Ok(Some(same_name));
    }
    // `00501_lr_1.dat` belongs to `00501_lr.hea`: only headers whose name begins like the file's are looked into.
    let mut ends: Vec<usize> = stem.char_indices().map(|(at, _)| at).filter(|at| *at > 0).collect();
    ends.reverse();
    for end in ends {
        if let Some(candidate) = header_named(stem.get(..end).unwrap_or(stem))
            && let Ok(parsed) = header::parse(&candidate, &bytes::small_file(&candidate, LARGEST_HEADER)?)
            && parsed.signals.iter().any(|signal| signal.file_name.eq_ignore_ascii_case(name))
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
    folder: &Folder,
    header: &header::Header,
    rate: Rate,
    comments: &mut Vec<String>,
    repairs: &mut Vec<Repair>,
) -> Vec<AnnotationSet> {
    let Some(stem) = path.file_stem().and_then(|s| s.to_str()) else { return Vec::new() };
    let extensions = match folder.extensions(stem) {
        Ok(extensions) => extensions,
        Err(error) => {
            repairs.push(Repair::new("annotation files", error.to_string(), "none: the folder cannot be listed"));
            return Vec::new();
        }
    };
    let candidates = extensions.iter().filter(|extension| {
        let file = format!("{stem}.{extension}");
        !NO_ANNOTATIONS.contains(&extension.to_ascii_lowercase().as_str())
            && header.signals.iter().all(|s| !s.file_name.eq_ignore_ascii_case(&file))
    });

    let mut room = annotation::MOST_ANNOTATIONS;
    let mut sets: Vec<AnnotationSet> = Vec::new();
    for extension in candidates {
        // `R.ATR` is annotator `atr` on a disk that has names in capitals only.
        let lower = extension.to_ascii_lowercase();
        let known = KNOWN_ANNOTATORS.contains(&lower.as_str());
        let annotator = if known && !extensions.contains(&lower) { lower } else { extension.clone() };
        let field = format!("annotation file {stem}.{extension}");
        let parsed = folder
            .small_file(path, &format!("{stem}.{extension}"), LARGEST_ANNOTATION_FILE)
            .map_err(|e| e.to_string())
            .and_then(|content| annotation::parse(&content));
        match parsed {
            Ok(parsed) if room < parsed.annotations.len() => {
                let found = format!("{} annotations", parsed.annotations.len());
                repairs.push(Repair::new(
                    field,
                    found,
                    "left out: with those of the other annotators they are more than is read",
                ));
            }
            Ok(parsed) if known || !parsed.truncated => {
                room -= parsed.annotations.len();
                if parsed.truncated {
                    repairs.push(Repair::new(&field, "no end mark", "annotations up to the file's end"));
                }
                comments.extend(parsed.notes.iter().map(|note| format!("annotator {annotator}: {note}")));
                sets.push(annotation_set(annotator, parsed, header.frame_rate, rate, &field, repairs));
            }
            Err(reason) if known => repairs.push(Repair::new(field, reason, "no annotations")),
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
    let (mut negative, mut between) = (0u64, 0u64);
    let mut annotations: Vec<Annotation> = parsed
        .annotations
        .into_iter()
        .map(|stored| {
            negative += u64::from(stored.time < 0);
            let ticks = stored.time.max(0) as u64;
            let exact = ticks as f64 * factor;
            between += u64::from((exact - exact.round()).abs() > 1e-6);
            let at = if factor == 1.0 { ticks } else { exact.round() as u64 };
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
    if between > 0 {
        repairs.push(Repair::new(field, format!("{between} times between two samples"), "the nearest sample"));
    }
    annotations.sort_by_key(|annotation| annotation.at);
    AnnotationSet { annotator, annotations }
}
