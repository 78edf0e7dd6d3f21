//! Recordings to files: WFDB (formats 16, 24, 32, 212, 516, 524) and EDF+ or BDF+.
//!
//! Samples are read and written in blocks, so that a day of twelve leads needs no more memory than ten seconds. Files appear whole or not at
//! all, an existing file is replaced only when the caller says so, and a file that the recording was read from never is, nor one of the
//! [`Sources`] that a command reads besides. What a format
//! cannot hold is never dropped silently: every writer gives a list of [`Loss`]es.

mod atomic;
mod edf;
mod error;
mod frames;
mod loss;
mod new;
mod sources;
mod survey;
#[cfg(test)]
mod tests;
mod wfdb;

pub use atomic::Existing;
pub use edf::{edf, edf_plus};
pub use error::WriteError;
pub use loss::Loss;
pub use new::{NewRecording, NewSignal};
pub use sources::Sources;
pub use wfdb::{WfdbFormat, is_annotator, wfdb};

use crate::recording::Recording;
use std::path::{Path, PathBuf};

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The file to open: the WFDB header, the EDF or BDF file.
    pub path: PathBuf,
    /// What the format could not hold, and what stands there instead.
    pub losses: Vec<Loss>,
}

/// Writes text files about a recording, all or none.
///
/// # Errors
/// [`WriteError`]: a file exists and may not be replaced or belongs to the recording itself, the folder cannot be written to.
pub fn texts(files: &[(PathBuf, Vec<u8>)], of: &Recording, existing: Existing) -> Result<(), WriteError> {
    let targets: Vec<&Path> = files.iter().map(|(path, _)| path.as_path()).collect();
    atomic::refuse(&targets, &new::files_of(of), existing)?;
    let mut complete = Vec::new();
    for (path, content) in files {
        let mut file = atomic::Pending::create(path)?;
        file.put(content)?;
        complete.push(file.complete()?);
    }
    atomic::commit(complete, existing)
}

/// Writes one file that belongs to no single recording, whole or not at all.
///
/// # Errors
/// As [`texts`].
pub fn whole(path: &Path, content: &[u8], existing: Existing) -> Result<(), WriteError> {
    atomic::refuse(&[path], &[], existing)?;
    let mut file = atomic::Pending::create(path)?;
    file.put(content)?;
    atomic::commit(vec![file.complete()?], existing)
}

/// A record name from any text: letters, digits, `_` and `-` stay, everything else becomes `_`.
pub fn record_name(text: &str) -> String {
    let name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' }).collect();
    if name.is_empty() { "recording".to_owned() } else { name }
}
