//! Bytes of a file: its first ones for recognition, small files whole, large ones through a memory map.

use super::FormatError;
use crate::recording::SampleError;
use memmap2::Mmap;
use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

/// Opens a regular file. A pipe is refused before it is opened, because opening one waits for a writer.
pub(super) fn open_regular(path: &Path) -> Result<(File, u64), FormatError> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => FormatError::NotFound { path: path.into() },
        _ => FormatError::Unreadable { path: path.into(), reason: error.to_string() },
    };
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(FormatError::Folder { path: path.into() });
    }
    if !metadata.is_file() {
        return Err(FormatError::NotAFile { path: path.into() });
    }
    if metadata.len() == 0 {
        return Err(FormatError::Empty { path: path.into() });
    }
    Ok((File::open(path).map_err(failed)?, metadata.len()))
}

/// The first bytes of a file, at most `count`.
pub(super) fn first_bytes(path: &Path, count: u64) -> Result<Vec<u8>, FormatError> {
    let (file, _) = open_regular(path)?;
    let mut start = Vec::new();
    file.take(count).read_to_end(&mut start).map_err(|e| FormatError::Unreadable { path: path.into(), reason: e.to_string() })?;
    Ok(start)
}

/// A whole file of at most `limit` bytes; a larger one is no header or annotation file and is refused before it is read.
pub(super) fn small_file(path: &Path, limit: u64) -> Result<Vec<u8>, FormatError> {
    let (_, length) = open_regular(path)?;
    if length > limit {
        return Err(FormatError::Damaged {
            path: path.into(),
            problem: format!("{length} bytes are more than the {limit} such a file may have"),
        });
    }
    first_bytes(path, limit)
}

/// A file mapped into memory for reading.
#[derive(Debug)]
pub(super) struct MappedFile {
    path: PathBuf,
    map: Mmap,
}

impl MappedFile {
    pub(super) fn open(path: &Path) -> Result<Self, FormatError> {
        let (file, _) = open_regular(path)?;
        // SAFETY: the map is only read, as bytes of which every value is valid. Another program may still change or shorten
        // the file: changed bytes give other samples; a shortened file is noticed in `bytes` before the map is touched.
        let map =
            unsafe { Mmap::map(&file) }.map_err(|e| FormatError::Unreadable { path: path.into(), reason: e.to_string() })?;
        // The map stays when the file is closed: long records of many segments would run out of open files.
        Ok(Self { path: path.into(), map })
    }

    /// Length in bytes when it was opened.
    pub(super) fn len(&self) -> usize {
        self.map.len()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes, after checking that the file still has them all: reading a map beyond a shortened file's end kills the
    /// process on most systems.
    pub(super) fn bytes(&self) -> Result<&[u8], SampleError> {
        let unreadable = |reason: String| SampleError::Unreadable { file: self.path.display().to_string(), reason };
        let now = std::fs::metadata(&self.path).map_err(|e| unreadable(e.to_string()))?.len();
        if now < self.map.len() as u64 {
            return Err(unreadable(format!("it had {} bytes and now has {now}", self.map.len())));
        }
        Ok(&self.map)
    }
}
