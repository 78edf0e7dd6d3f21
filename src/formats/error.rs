//! Why a file could not be read as a recording.

use std::path::PathBuf;

/// Why a file could not be read as a recording: the file, the fault and, where there is one, the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// There is no such file.
    #[error("{}: there is no such file", .path.display())]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}: cannot be read ({reason})", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// A folder where a file is needed.
    #[error("{}: this is a folder; choose a recording in it", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// A pipe, device or socket.
    #[error("{}: this is not a regular file (a pipe, device or socket)", .path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// No byte in it.
    #[error("{}: the file is empty", .path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Content of no known format.
    #[error("{}: not a recording this program can read (it looks like {looks_like}); EDF, EDF+ and WFDB are read", .path.display())]
    Unrecognised {
        /// The file.
        path: PathBuf,
        /// What the first bytes look like.
        looks_like: String,
    },
    /// A header field that makes the recording unreadable.
    #[error("{}: {field} is `{found}`: {problem}", .path.display())]
    Header {
        /// The header's file.
        path: PathBuf,
        /// The field, in the words of the format's specification.
        field: String,
        /// What stands there.
        found: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The header names a signal file that is not there.
    #[error("{}: signal file {signal_file} is absent; it must lie in the same folder as the header", .path.display())]
    SignalFileAbsent {
        /// The header.
        path: PathBuf,
        /// The absent file's name.
        signal_file: String,
    },
    /// The header names a file outside its own folder.
    #[error("{}: refuses to follow the file name `{name}`, which leads out of the recording's folder", .path.display())]
    UnsafeFileName {
        /// The header.
        path: PathBuf,
        /// The name it gives.
        name: String,
    },
    /// A kind of recording that is known and not read yet.
    #[error("{}: {what} not yet read by this program", .path.display())]
    NotYetRead {
        /// The file.
        path: PathBuf,
        /// What it is, with its verb: "multi-segment records are".
        what: String,
    },
    /// Samples that cannot be decoded.
    #[error("{}: {problem}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A header without signals.
    #[error("{}: the recording has no signals", .path.display())]
    NoSignals {
        /// The file.
        path: PathBuf,
    },
    /// Signals without samples.
    #[error("{}: the recording has no samples (its length is zero)", .path.display())]
    NoSamples {
        /// The file.
        path: PathBuf,
    },
    /// A folder in which no recording was found.
    #[error("{}: no recordings in this folder", .path.display())]
    NoRecordings {
        /// The folder.
        path: PathBuf,
    },
}

/// What the first bytes of an unrecognised file look like, for its error message.
pub(super) fn describe(start: &[u8]) -> String {
    let known: [(&[u8], &str); 9] = [
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"fLaC", "FLAC audio without a WFDB header beside it"),
        (b"MATLAB", "a MATLAB file without a WFDB header beside it"),
        (b"SCPECG", "SCP-ECG"),
        (b"<?xml", "XML"),
    ];
    if let Some((_, name)) = known.iter().find(|(magic, _)| start.starts_with(magic)) {
        return (*name).to_owned();
    }
    if start.get(128..132) == Some(b"DICM") {
        return "DICOM".to_owned();
    }
    if !start.iter().any(|b| *b < 9) && std::str::from_utf8(start.get(..start.len().min(256)).unwrap_or(start)).is_ok() {
        return "text".to_owned();
    }
    "binary data without a WFDB header beside it".to_owned()
}
