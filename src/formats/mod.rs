//! Files to and from recordings.
//!
//! [`open`] recognises a file by its content and gives a [`Recording`] whose samples are
//! read on demand. Nothing here writes to a file it reads.
//!
//! | module | what it reads |
//! |---|---|
//! | [`wfdb`] | headers, signal formats 0 8 16 24 32 61 80 160 212 310 311 508 516 524, multi-segment records, MIT and AHA annotation files |
//! | [`edf`] | EDF, EDF+ (continuous and with gaps), BDF, BDF+ |
//!
//! Faults that can be repaired safely are listed in [`Recording::repairs`]; anything else is a [`FormatError`].
//! [`find_recordings`] lists what a folder holds, [`digest()`] proves what was read, [`mod@write`] writes.

mod assemble;
mod bytes;
mod digest;
pub mod edf;
mod error;
mod find;
mod folder;
mod limits;
mod listing;
pub mod wfdb;
pub mod write;

pub use digest::{SignalDigest, digest, digests};
pub use error::FormatError;
pub use find::{Found, find_recordings, probe};

use crate::recording::Recording;
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// Opens the recording that `path` belongs to: an EDF, EDF+ or BDF file, a WFDB header, or one of a WFDB record's signal or annotation
/// files.
///
/// Opening reads the header and the annotations; samples are read when asked for.
///
/// # Errors
/// A [`FormatError`] that names the file and the fault: no such file, a folder, an empty file, no known format, a damaged
/// header, an absent signal file, a kind of recording that is not read yet.
pub fn open(path: &Path) -> Result<Recording, FormatError> {
    let start = bytes::first_bytes(path, 4096)?;
    if edf::looks_like_header(&start) {
        return edf::open(path);
    }
    if wfdb::looks_like_header(&start) {
        return wfdb::open(path);
    }
    match wfdb::header_of(path)? {
        Some(header) => wfdb::open(&header),
        None => Err(FormatError::Unrecognised { path: path.into(), looks_like: error::describe(&start) }),
    }
}

/// Opens the recording of the file `name` among `files`, contents by name, that are in memory: received over a connection, taken from an archive,
/// made by a fuzzer. Otherwise as [`open`], but `name` must be an EDF, EDF+ or BDF file or a WFDB header.
///
/// # Errors
/// As [`open`].
pub fn open_in_memory(name: &str, files: Arc<BTreeMap<String, Arc<[u8]>>>) -> Result<Recording, FormatError> {
    let path = Path::new(name);
    let content = files.get(name).map(Arc::clone).ok_or_else(|| FormatError::NotFound { path: path.into() })?;
    let start = content.get(..content.len().min(4096)).unwrap_or_default();
    if edf::looks_like_header(start) {
        return edf::open_bytes(path, bytes::FileBytes::memory(path, content)?);
    }
    if wfdb::looks_like_header(start) {
        return wfdb::open_in(&folder::Folder::Memory(files), path, &content);
    }
    Err(FormatError::Unrecognised { path: path.into(), looks_like: error::describe(start) })
}
