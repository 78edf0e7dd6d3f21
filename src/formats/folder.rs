//! The files of a recording that has several: a folder on disk, or named contents in memory.

use super::{
    FormatError,
    bytes::{self, FileBytes},
    listing,
};
use std::{
    collections::BTreeMap,
    io,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

/// Where a header's other files are looked for.
#[derive(Debug, Clone)]
pub(super) enum Folder {
    /// A folder on disk.
    Disk(PathBuf),
    /// Contents by name.
    Memory(Arc<BTreeMap<String, Arc<[u8]>>>),
}

/// A file that was found, perhaps under a name in other letters.
pub(super) struct FoundFile {
    pub bytes: FileBytes,
    /// The name it really has, where that differs in upper and lower case.
    pub found_as: Option<String>,
}

impl Folder {
    /// The folder in which `path` lies.
    pub(super) fn of(path: &Path) -> Self {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        Self::Disk(folder.unwrap_or(Path::new(".")).into())
    }

    /// The path that messages give a file of this folder.
    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        match self {
            Self::Disk(folder) => folder.join(name),
            Self::Memory(_) => name.into(),
        }
    }

    /// Opens the file that the header `header` names. The name may lead into a folder below the header's and nowhere else. Where there is no
    /// such file, one whose name differs only in upper and lower case is taken: disks of other systems do not tell them apart.
    ///
    /// # Errors
    /// [`FormatError::UnsafeFileName`], [`FormatError::NotFound`], and what opening a file may give.
    pub(super) fn open(&self, header: &Path, name: &str) -> Result<FoundFile, FormatError> {
        let name = within(header, name)?;
        match self.open_exactly(name) {
            Err(FormatError::NotFound { path }) => match self.in_other_letters(name) {
                Some(other) => Ok(FoundFile { bytes: self.open_exactly(&other)?, found_as: Some(other) }),
                None => Err(FormatError::NotFound { path }),
            },
            opened => Ok(FoundFile { bytes: opened?, found_as: None }),
        }
    }

    /// The whole of a file of at most `limit` bytes; otherwise as [`Folder::open`].
    ///
    /// # Errors
    /// As [`Folder::open`], and [`FormatError::Damaged`] for a larger file.
    pub(super) fn small_file(&self, header: &Path, name: &str, limit: u64) -> Result<Vec<u8>, FormatError> {
        self.open(header, name)?.bytes.whole(limit)
    }

    /// Extensions of the files `stem.extension`, sorted.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub(super) fn extensions(&self, stem: &str) -> io::Result<Vec<String>> {
        Ok(listing::extensions(&self.names()?, stem))
    }

    /// The names of the files, sorted.
    fn names(&self) -> io::Result<Arc<[String]>> {
        match self {
            Self::Disk(folder) => listing::names(folder),
            Self::Memory(files) => Ok(files.keys().cloned().collect()),
        }
    }

    fn open_exactly(&self, name: &str) -> Result<FileBytes, FormatError> {
        let path = self.path_of(name);
        match self {
            Self::Disk(_) => FileBytes::open(&path),
            Self::Memory(files) => match files.get(name) {
                Some(content) => FileBytes::memory(&path, Arc::clone(content)),
                None => Err(FormatError::NotFound { path }),
            },
        }
    }

    /// The one name in the folder that differs from `name` in upper and lower case only.
    fn in_other_letters(&self, name: &str) -> Option<String> {
        listing::in_other_letters(&self.names().ok()?, name)
    }
}

/// The name without a leading `./`; names that lead out of the folder are refused.
fn within<'a>(header: &Path, name: &'a str) -> Result<&'a str, FormatError> {
    let name = name.strip_prefix("./").unwrap_or(name);
    let stays = !name.contains(['\\', ':', '\0'])
        && !name.is_empty()
        && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    if stays {
        return Ok(name);
    }
    Err(FormatError::UnsafeFileName { path: header.into(), name: name.chars().take(60).collect() })
}

/// A header of at most `limit` bytes, with the folder its other files lie in.
pub(super) fn header_file(path: &Path, limit: u64) -> Result<(Vec<u8>, Folder), FormatError> {
    Ok((bytes::small_file(path, limit)?, Folder::of(path)))
}
