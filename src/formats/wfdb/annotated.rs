//! Annotation files of a record without its signals: scoring needs no sample, and the signal files may be absent.

use super::{LARGEST_HEADER, annotation_set, header, stored_annotations};
use crate::{
    formats::{FormatError, bytes},
    recording::{AnnotationSet, Rate, Repair},
};
use std::path::Path;

/// A record's annotations, in samples of the frame rate.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnotatedRecord {
    /// Record name.
    pub name: String,
    /// Frames a second: what annotation times count in.
    pub rate: Rate,
    /// Length in frames; `None` where the header does not tell.
    pub frames: Option<u64>,
    /// One set for every annotator asked for, in that order.
    pub sets: Vec<AnnotationSet>,
    /// What was wrong in the files and what was assumed.
    pub repairs: Vec<Repair>,
}

/// Reads the annotation files `annotators` of the record that `path` is the header of.
///
/// # Errors
/// A [`FormatError`] for a damaged header or an annotation file that is absent, damaged or none.
pub fn annotated(path: &Path, annotators: &[&str]) -> Result<AnnotatedRecord, FormatError> {
    let header = header::parse(path, &bytes::small_file(path, LARGEST_HEADER)?)?;
    let mut repairs = header.repairs.clone();
    let rate = Rate::new(header.frame_rate).ok_or_else(|| FormatError::Header {
        path: path.into(),
        field: "sampling frequency".into(),
        found: header.frame_rate.to_string(),
        problem: "a number above zero is needed".into(),
    })?;
    let mut sets = Vec::with_capacity(annotators.len());
    for annotator in annotators {
        let stored = stored_annotations(path, annotator)?;
        let field = format!("annotation file of {annotator}");
        if stored.truncated {
            repairs.push(Repair::new(&field, "no end mark", "annotations up to the file's end"));
        }
        sets.push(annotation_set((*annotator).to_owned(), stored, header.frame_rate, rate, &field, &mut repairs));
    }
    let name = path.file_stem().map_or_else(|| header.name.clone(), |stem| stem.to_string_lossy().into_owned());
    Ok(AnnotatedRecord { name, rate, frames: header.frames, sets, repairs })
}
