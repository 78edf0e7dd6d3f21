//! Backup and restore: whole databases, verified.

use super::{FILE, SqliteStore, Store, StoreError, Verified, fault::fault, prepare, schema};
use rusqlite::{Connection, OpenFlags, backup::Backup};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// Pages copied at a time; between them others may write.
const PAGES: i32 = 1024;

impl SqliteStore {
    /// Writes a copy of the database as it is now, while others may go on writing. The copy is verified before it gets its name.
    ///
    /// # Errors
    /// A file of that name exists; it cannot be written; the copy does not verify.
    pub fn backup(&self, to: &Path) -> Result<Verified, StoreError> {
        let unwritable = |error: std::io::Error| StoreError::ReadOnly { path: to.into(), reason: error.to_string() };
        if to.exists() {
            return Err(StoreError::Other { path: to.into(), reason: "the file exists already; choose another name".into() });
        }
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let scratch = tempfile::Builder::new().prefix(".efficientecg-").tempdir_in(folder).map_err(unwritable)?;
        let copy = scratch.path().join(FILE);
        {
            let mut target = Connection::open(&copy).map_err(|e| fault(&copy, &e))?;
            copy_all(&self.connection(), &mut target).map_err(|e| fault(to, &e))?;
            // One file, without a journal beside it.
            target.pragma_update(None, "journal_mode", "delete").map_err(|e| fault(to, &e))?;
        }
        let verified = verified(&copy)?;
        std::fs::File::open(&copy).and_then(|file| file.sync_all()).map_err(unwritable)?;
        // Never over a file that came meanwhile.
        std::fs::hard_link(&copy, to).or_else(|_| std::fs::rename(&copy, to)).map_err(unwritable)?;
        Ok(verified)
    }

    /// Puts a backup in the place of the database in a folder. What was there is kept beside it; its path is given back.
    ///
    /// # Errors
    /// The backup does not verify, or nothing may be written: the database is then as it was.
    pub fn restore(folder: &Path, from: &Path) -> Result<(Verified, Option<PathBuf>), StoreError> {
        let checked = verified(from)?;
        let target = folder.join(FILE);
        let unwritable = |error: std::io::Error| StoreError::ReadOnly { path: folder.into(), reason: error.to_string() };
        std::fs::create_dir_all(folder).map_err(unwritable)?;
        let kept = if target.exists() { Some(keep(&target)?) } else { None };
        let source = read_only(from)?;
        let mut connection = Connection::open(&target).map_err(|e| fault(&target, &e))?;
        let restore = || -> rusqlite::Result<()> {
            prepare(&connection)?;
            Ok(())
        };
        restore().map_err(|e| fault(&target, &e))?;
        copy_all(&source, &mut connection).map_err(|e| fault(&target, &e))?;
        drop(connection);
        Self::open(folder)?.verify()?;
        Ok((checked, kept))
    }
}

/// Copies the database at `path` beside itself, under a name that is free. A file that is no database any more is copied as it is.
fn keep(path: &Path) -> Result<PathBuf, StoreError> {
    let names = (1..10_000).map(|n| path.with_file_name(format!("reviews.before-restore-{n}.sqlite")));
    let to = names.into_iter().find(|name| !name.exists()).unwrap_or_else(|| path.with_extension("before-restore"));
    let copied = read_only(path).and_then(|source| {
        let mut target = Connection::open(&to).map_err(|e| fault(&to, &e))?;
        copy_all(&source, &mut target).map_err(|e| fault(&to, &e))
    });
    if copied.is_err() {
        std::fs::copy(path, &to).map_err(|e| StoreError::ReadOnly { path: to.clone(), reason: e.to_string() })?;
        // A damaged file would not take the backup's pages.
        std::fs::remove_file(path).map_err(|e| StoreError::ReadOnly { path: path.into(), reason: e.to_string() })?;
        for journal in ["sqlite-wal", "sqlite-shm"] {
            let _ = std::fs::remove_file(path.with_extension(journal));
        }
    }
    Ok(to)
}

fn copy_all(from: &Connection, to: &mut Connection) -> rusqlite::Result<()> {
    Backup::new(from, to)?.run_to_completion(PAGES, Duration::from_millis(1), None)
}

fn read_only(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| fault(path, &e))?;
    schema::check(&connection, path)?;
    Ok(connection)
}

/// Verifies a database of any known schema without changing the file: in a copy of it.
fn verified(path: &Path) -> Result<Verified, StoreError> {
    if !path.is_file() {
        return Err(StoreError::Missing(format!("file {}", path.display())));
    }
    let source = read_only(path)?;
    let schema: i64 = source.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(|e| fault(path, &e))?;
    if schema == 0 {
        return Err(StoreError::Foreign { path: path.into(), reason: "it is empty".into() });
    }
    let mut copy = Connection::open_in_memory().map_err(|e| fault(path, &e))?;
    copy_all(&source, &mut copy).map_err(|e| fault(path, &e))?;
    prepare(&copy).map_err(|e| fault(path, &e))?;
    schema::migrate(&mut copy, path)?;
    SqliteStore { path: path.into(), connection: std::sync::Mutex::new(copy) }.verify()
}
