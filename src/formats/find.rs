//! Recordings in files and folders.

use super::{FormatError, bytes, edf, wfdb};
use crate::recording::FileFormat;
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

/// Folders deeper than this below the given one are not entered.
const DEEPEST: usize = 64;

/// A file that begins like a recording; opening it may still fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file to open: for WFDB the header.
    pub path: PathBuf,
    /// What it begins like. Plain and plus formats are told apart by the header's reserved field.
    pub format: FileFormat,
}

/// What a file is, by its first bytes; `None` for anything that is no recording by itself (a WFDB signal file has no mark of its own).
///
/// # Errors
/// [`FormatError`] when the file cannot be read.
pub fn probe(path: &Path) -> Result<Option<FileFormat>, FormatError> {
    let start = bytes::first_bytes(path, 4096)?;
    if edf::looks_like_header(&start) {
        return Ok(Some(edf::format_of(&start)));
    }
    Ok(wfdb::looks_like_header(&start).then_some(FileFormat::Wfdb))
}

/// The recordings that `path` stands for. A file stands for itself, or for the WFDB record it belongs to; a folder for every recording in it and in
/// the folders below, sorted by name (2 before 10), each once; the segments of a multi-segment record are part of it. EDF and BDF files are found
/// under any name; WFDB headers, which are plain text that begins with a word and a number, under names ending in `.hea` or without a dot.
/// Linked folders are entered once.
///
/// # Errors
/// A file: as [`open`](super::open) on what it begins with. A folder: [`FormatError::NoRecordings`], or [`FormatError::Unreadable`] where it cannot
/// be listed; folders below that cannot be listed are passed over with a warning in the log.
pub fn find_recordings(path: &Path) -> Result<Vec<Found>, FormatError> {
    if !path.is_dir() {
        if let Some(format) = probe(path)? {
            return Ok(vec![Found { path: path.into(), format }]);
        }
        let header = wfdb::header_of(path)?;
        let start = bytes::first_bytes(path, 4096)?;
        let unknown = || FormatError::Unrecognised { path: path.into(), looks_like: super::error::describe(&start) };
        return Ok(vec![Found { path: header.ok_or_else(unknown)?, format: FileFormat::Wfdb }]);
    }
    let mut found = Vec::new();
    let mut entered = HashSet::new();
    walk(path, 0, &mut entered, &mut found)?;
    if found.is_empty() {
        return Err(FormatError::NoRecordings { path: path.into() });
    }
    Ok(found)
}

/// A part of a name: numbers sort by value, the rest as text.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u128),
    Text(String),
}

/// The parts of a name in which readers see an order: `rec2` comes before `rec10`.
fn natural(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        // More digits than a number holds are compared as text.
        parts.push(part.parse().ok().filter(|_| digits).map_or_else(|| Part::Text(part.to_owned()), Part::Number));
        rest = after;
    }
    parts
}

fn walk(folder: &Path, depth: usize, entered: &mut HashSet<PathBuf>, found: &mut Vec<Found>) -> Result<(), FormatError> {
    let unreadable = |e: std::io::Error| FormatError::Unreadable { path: folder.into(), reason: e.to_string() };
    // A folder reached a second time, by a link to it or to one above it, holds nothing new.
    if depth > DEEPEST || !entered.insert(folder.canonicalize().map_err(unreadable)?) {
        return Ok(());
    }
    let mut entries: Vec<std::fs::DirEntry> = std::fs::read_dir(folder).map_err(unreadable)?.filter_map(Result::ok).collect();
    entries.sort_by_cached_key(|entry| {
        let name = entry.file_name();
        (natural(&name.to_string_lossy()), name)
    });
    let headers: HashSet<String> = entries.iter().filter_map(|entry| header_stem(&entry.path())).collect();
    let first = found.len();
    let mut segments = HashSet::new();
    for entry in entries {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() || (kind.is_symlink() && path.is_dir()) {
            if let Err(error) = walk(&path, depth + 1, entered, found) {
                tracing::warn!("folder passed over: {error}");
            }
        } else if let Some(format) = recognise(&path, &headers) {
            if format == FileFormat::Wfdb && has_segments(&path) {
                segments.extend(wfdb::segments_of(&path));
            }
            found.push(Found { path, format });
        }
    }
    // A segment is shown as part of its record.
    let mut index = 0;
    found.retain(|recording| {
        index += 1;
        index <= first || !segments.contains(&recording.path)
    });
    Ok(())
}

/// Whether the record line names a number of segments: `name/3 ...`.
fn has_segments(header: &Path) -> bool {
    let start = bytes::first_bytes(header, 4096).unwrap_or_default();
    let text = String::from_utf8_lossy(&start);
    let line = text.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    line.and_then(|line| line.split_ascii_whitespace().next()).is_some_and(|name| name.contains('/'))
}

/// What a file of a folder is; `None` for what is no recording and for what cannot be read. `headers`: the names of the folder's WFDB headers.
fn recognise(path: &Path, headers: &HashSet<String>) -> Option<FileFormat> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    let may_be_header = match extension.as_deref() {
        None => !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) && !is_list(path),
        Some("edf" | "bdf" | "rec") => false,
        Some("hea") => true,
        // The thousands of signal and annotation files of a database need not be opened.
        Some(_) if belongs_to_header(path, headers) => return None,
        Some(_) => false,
    };
    let start = bytes::first_bytes(path, if may_be_header { 4096 } else { 256 }).ok()?;
    if edf::looks_like_header(&start) {
        return Some(edf::format_of(&start));
    }
    (may_be_header && wfdb::looks_like_header(&start)).then_some(FileFormat::Wfdb)
}

/// The name without its extension where it is a WFDB header's, in lower case.
fn header_stem(path: &Path) -> Option<String> {
    let is_header = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("hea"));
    is_header.then(|| path.file_stem().map(|stem| stem.to_string_lossy().to_ascii_lowercase())).flatten()
}

/// Whether a file's name is that of a header (`100.dat`), or begins so up to an underscore (`00501_lr_1.dat`).
fn belongs_to_header(path: &Path, headers: &HashSet<String>) -> bool {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    headers.contains(&stem) || stem.rsplit_once('_').is_some_and(|(start, _)| headers.contains(start))
}

/// PhysioNet's lists, which begin like record lines.
fn is_list(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| matches!(name.to_str(), Some("RECORDS" | "ANNOTATORS" | "README" | "LICENSE" | "SHA256SUMS")))
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn names_sort_as_readers_count() {
        let mut names = [
            "rec10.hea",
            "rec2.hea",
            "1.hea",
            "100.hea",
            "20.hea",
            "a",
            "rec2b.hea",
            "99999999999999999999999999999999999999999",
        ];
        names.sort_by_cached_key(|name| natural(name));
        assert_eq!(
            names,
            [
                "1.hea",
                "20.hea",
                "100.hea",
                "99999999999999999999999999999999999999999",
                "a",
                "rec2.hea",
                "rec2b.hea",
                "rec10.hea"
            ]
        );
    }
}
