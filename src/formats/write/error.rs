//! Why a recording could not be written.

use crate::recording::SampleError;
use std::path::PathBuf;

/// Why a recording could not be written. Nothing was written: files that were there before are as they were.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The file is there and may not be replaced.
    #[error("{}: the file exists already; choose another name or allow it to be replaced", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file is one that the recording is read from.
    #[error("{}: the recording itself is stored there and is never overwritten; choose another folder or name", .path.display())]
    IsSource {
        /// The file.
        path: PathBuf,
    },
    /// The file is one that another recording is read from.
    #[error("{}: is one of the recordings being read and is never overwritten; choose another folder or name", .path.display())]
    IsOtherSource {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}: cannot be written ({reason})", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// The recording's own samples cannot be read any more.
    #[error("{}: cannot be written: {reason}", .path.display())]
    Unreadable {
        /// The file that was to be written.
        path: PathBuf,
        /// What happened to the source.
        reason: String,
    },
    /// The recording has something the format has no place for.
    #[error("{}: {field} cannot be written: {problem}", .path.display())]
    Unsuitable {
        /// The file.
        path: PathBuf,
        /// The field.
        field: String,
        /// Why, and what would do.
        problem: String,
    },
}

impl WriteError {
    pub(super) fn unsuitable(path: impl Into<PathBuf>, field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Unsuitable { path: path.into(), field: field.into(), problem: problem.into() }
    }

    pub(super) fn source(path: impl Into<PathBuf>, error: &SampleError) -> Self {
        Self::Unreadable { path: path.into(), reason: error.to_string() }
    }
}
