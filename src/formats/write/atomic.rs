//! Files that appear whole or not at all.

use super::WriteError;
use std::{
    fs,
    io::{self, BufWriter, ErrorKind, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};
use tempfile::{NamedTempFile, TempPath};

/// Bytes gathered before they go to the file.
const BUFFER: usize = 1 << 18;

/// What to do where the file exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Refuse.
    Keep,
    /// Replace it.
    Replace,
}

/// A file being written beside its target. Dropped before it is [committed](commit), nothing of it stays.
#[derive(Debug)]
pub(super) struct Pending {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
}

/// A file that is on the disk whole and not yet in its place.
#[derive(Debug)]
pub(super) struct Complete {
    path: PathBuf,
    temporary: TempPath,
}

fn unwritable(path: &Path, error: &io::Error) -> WriteError {
    WriteError::Unwritable { path: path.into(), reason: error.to_string() }
}

fn temporary(path: &Path) -> Result<NamedTempFile, WriteError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::Builder::new()
        .prefix(".efficientecg-")
        .permissions_like_new_files()
        .tempfile_in(folder)
        .map_err(|e| unwritable(path, &e))
}

impl Pending {
    pub(super) fn create(path: &Path) -> Result<Self, WriteError> {
        Ok(Self { path: path.into(), file: BufWriter::with_capacity(BUFFER, temporary(path)?) })
    }

    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.file.write_all(bytes).map_err(|e| unwritable(&self.path, &e))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Everything to the disk.
    pub(super) fn complete(self) -> Result<Complete, WriteError> {
        let Self { path, file } = self;
        let file = file.into_inner().map_err(|e| unwritable(&path, e.error()))?;
        file.as_file().sync_all().map_err(|e| unwritable(&path, &e))?;
        // The file is closed here: records of many files need not hold them all open.
        Ok(Complete { temporary: file.into_temp_path(), path })
    }
}

/// For encoders that go back to fill in what they know only at the end.
impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Pending {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// A target that was taken care of: undone unless all of them succeed.
struct Placed {
    path: PathBuf,
    /// Where the file that was there before waits.
    before: Option<TempPath>,
    written: bool,
}

/// Moves files into place, in their order; the last is the one that makes the others a recording. When one fails, those before it
/// are taken away again and what they replaced is put back.
pub(super) fn commit(files: Vec<Complete>, existing: Existing) -> Result<(), WriteError> {
    if files.len() == 1 && existing == Existing::Replace {
        // One file is replaced in one step.
        return files
            .into_iter()
            .try_for_each(|file| file.temporary.persist(&file.path).map_err(|e| unwritable(&file.path, &e.error)));
    }
    let mut placed = Vec::with_capacity(files.len());
    let done = set_aside(&files, existing, &mut placed).and_then(|()| {
        files.into_iter().zip(&mut placed).try_for_each(|(file, place)| {
            let moved = file.temporary.persist_noclobber(&file.path).map_err(|failed| match failed.error.kind() {
                ErrorKind::AlreadyExists => WriteError::Exists { path: file.path.clone() },
                _ => unwritable(&file.path, &failed.error),
            });
            place.written = moved.is_ok();
            moved
        })
    });
    if done.is_err() {
        for place in placed {
            if place.written {
                let _ = fs::remove_file(&place.path);
            }
            if let Some(before) = place.before {
                // Should even this fail, the earlier file stays under its temporary name rather than being deleted.
                if let Err(failed) = before.persist_noclobber(&place.path) {
                    let _ = failed.path.keep();
                }
            }
        }
    }
    done
}

/// Moves the files that will be replaced out of the way, the last target (the header) first: a record whose signals are half replaced has none.
fn set_aside(files: &[Complete], existing: Existing, placed: &mut Vec<Placed>) -> Result<(), WriteError> {
    placed.extend(files.iter().map(|file| Placed { path: file.path.clone(), before: None, written: false }));
    for place in placed.iter_mut().rev() {
        if existing == Existing::Replace && place.path.symlink_metadata().is_ok() {
            let aside = temporary(&place.path)?.into_temp_path();
            fs::rename(&place.path, &aside).map_err(|e| unwritable(&place.path, &e))?;
            place.before = Some(aside);
        }
    }
    Ok(())
}

/// Refuses before anything is written where a target belongs to the recording's own files, or exists and may not be replaced.
pub(super) fn refuse(targets: &[&Path], sources: &[PathBuf], existing: Existing) -> Result<(), WriteError> {
    for target in targets {
        if target.symlink_metadata().is_err() {
            continue;
        }
        if sources.iter().any(|source| same_file(source, target)) {
            return Err(WriteError::IsSource { path: (*target).into() });
        }
        if existing == Existing::Keep {
            return Err(WriteError::Exists { path: (*target).into() });
        }
        if target.is_dir() {
            return Err(WriteError::Unwritable { path: (*target).into(), reason: "it is a folder".into() });
        }
    }
    Ok(())
}

/// Whether two paths lead to one file, through links too.
fn same_file(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if let (Ok(a), Ok(b)) = (fs::metadata(a), fs::metadata(b))
            && (a.dev(), a.ino()) == (b.dev(), b.ino())
        {
            return true;
        }
    }
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Temporary files are made for their owner alone; a written recording should have the rights any new file has.
trait PermissionsLikeNewFiles {
    fn permissions_like_new_files(&mut self) -> &mut Self;
}

impl PermissionsLikeNewFiles for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_like_new_files(&mut self) -> &mut Self {
        use std::os::unix::fs::PermissionsExt;
        // The process's umask is applied to it by the system.
        self.permissions(fs::Permissions::from_mode(0o666))
    }

    #[cfg(not(unix))]
    fn permissions_like_new_files(&mut self) -> &mut Self {
        self
    }
}
