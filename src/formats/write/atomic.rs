//! Files that appear whole or not at all.

use super::{Existing, WriteError};
use std::{
    io::{ErrorKind, Write},
    path::Path,
};

/// Writes `content` beside `path` and moves it into place.
pub(super) fn write(path: &Path, content: &[u8], existing: Existing) -> Result<(), WriteError> {
    let unwritable = |error: &std::io::Error| WriteError::Unwritable { path: path.into(), reason: error.to_string() };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".efficientecg-")
        .permissions_like_new_files()
        .tempfile_in(folder)
        .map_err(|e| unwritable(&e))?;
    file.write_all(content).and_then(|()| file.as_file().sync_all()).map_err(|e| unwritable(&e))?;
    let persisted = match existing {
        Existing::Replace => file.persist(path),
        Existing::Keep => file.persist_noclobber(path),
    };
    match persisted {
        Ok(_) => Ok(()),
        Err(failed) if failed.error.kind() == ErrorKind::AlreadyExists => Err(WriteError::Exists { path: path.into() }),
        Err(failed) => Err(unwritable(&failed.error)),
    }
}

/// Refuses before anything is written where one of several files exists and may not be replaced.
pub(super) fn refuse_existing<'a>(paths: impl IntoIterator<Item = &'a Path>, existing: Existing) -> Result<(), WriteError> {
    match paths.into_iter().find(|path| existing == Existing::Keep && path.symlink_metadata().is_ok()) {
        Some(path) => Err(WriteError::Exists { path: path.into() }),
        None => Ok(()),
    }
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
        self.permissions(std::fs::Permissions::from_mode(0o666))
    }

    #[cfg(not(unix))]
    fn permissions_like_new_files(&mut self) -> &mut Self {
        self
    }
}
