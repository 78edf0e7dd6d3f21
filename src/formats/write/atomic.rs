//! Files that appear whole or not at all.

use super::{Sources, WriteError};
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
pub enum Existing<'a> {
    /// Refuse.
    Keep,
    /// Replace it.
    Replace,
    /// Replace it unless it is one of these.
    ReplaceBut(&'a Sources),
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

fn is_folder(path: &Path) -> WriteError {
    WriteError::Unwritable { path: path.into(), reason: "it is a folder".into() }
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
    if files.len() == 1 && existing != Existing::Keep {
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
        if existing != Existing::Keep && place.path.symlink_metadata().is_ok() {
            if place.path.is_dir() {
                return Err(is_folder(&place.path));
            }
            let aside = temporary(&place.path)?.into_temp_path();
            fs::rename(&place.path, &aside).map_err(|e| unwritable(&place.path, &e))?;
            place.before = Some(aside);
        }
    }
    Ok(())
}

/// Refuses before anything is written where a target belongs to the recording's own files, or exists and may not be replaced.
pub(super) fn refuse(targets: &[&Path], sources: &[PathBuf], existing: Existing) -> Result<(), WriteError> {
    let sources = Sources::of(sources);
    for target in targets {
        if target.symlink_metadata().is_err() {
            continue;
        }
        if sources.contains(target) {
            return Err(WriteError::IsSource { path: (*target).into() });
        }
        if let Existing::ReplaceBut(others) = existing
            && others.contains(target)
        {
            return Err(WriteError::IsOtherSource { path: (*target).into() });
        }
        if existing == Existing::Keep {
            return Err(WriteError::Exists { path: (*target).into() });
        }
        if target.is_dir() {
            return Err(is_folder(target));
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["a.atr", "a.dat", "a.hea"];

    fn complete(folder: &Path) -> Vec<Complete> {
        let one = |name: &&str| {
            let mut pending = Pending::create(&folder.join(name)).unwrap();
            pending.put(b"new").unwrap();
            pending.complete().unwrap()
        };
        NAMES.iter().map(one).collect()
    }

    /// Names with contents; a folder has none.
    fn contents(folder: &Path) -> Vec<(String, Option<Vec<u8>>)> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let mut all: Vec<_> =
            entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).ok())).collect();
        all.sort();
        all
    }

    #[test]
    fn what_was_replaced_before_a_failure_is_put_back() {
        for failing in 0..NAMES.len() {
            let folder = tempfile::tempdir().unwrap();
            NAMES.iter().for_each(|name| fs::write(folder.path().join(name), format!("old {name}")).unwrap());
            let before = contents(folder.path());
            let files = complete(folder.path());
            // It is gone when its turn comes: those before it are in their places, and all that was there is set aside.
            fs::remove_file(&files[failing].temporary).unwrap();
            assert!(
                matches!(commit(files, Existing::Replace), Err(WriteError::Unwritable { path, .. }) if path.ends_with(NAMES[failing]))
            );
            assert_eq!(contents(folder.path()), before, "{failing}");
            commit(complete(folder.path()), Existing::Replace).unwrap();
            assert_eq!(contents(folder.path()), NAMES.map(|name| (name.to_owned(), Some(b"new".to_vec()))));
        }
    }

    #[test]
    fn a_folder_that_takes_a_place_meanwhile_stops_it_all() {
        for (existing, taken) in [(Existing::Replace, 0), (Existing::Replace, 1), (Existing::Keep, 1), (Existing::Keep, 2)] {
            let folder = tempfile::tempdir().unwrap();
            let files = complete(folder.path());
            fs::create_dir(folder.path().join(NAMES[taken])).unwrap();
            if existing == Existing::Replace {
                NAMES
                    .iter()
                    .filter(|name| **name != NAMES[taken])
                    .for_each(|name| fs::write(folder.path().join(name), "old").unwrap());
            }
            let before: Vec<_> = contents(folder.path()).into_iter().filter(|(name, _)| NAMES.contains(&name.as_str())).collect();
            assert!(commit(files, existing).is_err());
            assert_eq!(contents(folder.path()), before, "{existing:?} {taken}");
        }
    }
}
