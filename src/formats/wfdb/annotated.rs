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

#[cfg(test)]
mod tests {
    use super::*;

    /// N at 100 and V at 110, ended properly.
    const BEATS: [u16; 3] = [1 << 10 | 100, 5 << 10 | 10, 0];

    fn record(header: &str, words: &[u16]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.hea");
        std::fs::write(&path, header).unwrap();
        std::fs::write(folder.path().join("r.atr"), words.iter().flat_map(|w| w.to_le_bytes()).collect::<Vec<_>>()).unwrap();
        (folder, path)
    }

    #[test]
    fn signal_files_are_not_needed() {
        let (_folder, path) = record("r 1 360 650000\nabsent.dat 16 200\n", &BEATS);
        let read = annotated(&path, &["atr", "atr"]).unwrap();
        assert_eq!((read.name.as_str(), read.rate.hz(), read.frames), ("r", 360.0, Some(650_000)));
        assert_eq!(read.sets.len(), 2);
        let beats: Vec<_> = read.sets[0].annotations.iter().map(|a| (a.at.0, a.mnemonic.as_str())).collect();
        assert_eq!(beats, [(100, "N"), (110, "V")]);
        assert!(read.repairs.is_empty());
    }

    #[test]
    fn absent_and_cut_annotation_files_are_said() {
        let (_folder, path) = record("r 1 360\nabsent.dat 16 200\n", &BEATS[..2]);
        let read = annotated(&path, &["atr"]).unwrap();
        assert_eq!((read.frames, read.repairs.len()), (None, 1));
        assert!(matches!(annotated(&path, &["atr", "qrs"]), Err(FormatError::NotFound { .. })));
        assert!(matches!(annotated(&path, &["../atr"]), Err(FormatError::UnsafeFileName { .. })));
    }
}
