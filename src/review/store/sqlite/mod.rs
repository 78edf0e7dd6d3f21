//! The store on one machine: an SQLite database (WAL, `synchronous=FULL`) in the data folder.

mod backup;
mod fault;
mod rows;
mod schema;
#[cfg(test)]
mod tests;

use super::super::{BaselineId, Event, ReviewKey, Reviewer, Timestamp, Version};
use super::{Commit, Committed, RecordingFacts, ReviewHead, Store, StoreError, TrailEntry, Verified, verify};
use fault::fault;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Name of the database in its folder.
const FILE: &str = "reviews.sqlite";

/// Seconds to wait for another program that writes.
const BUSY_S: u64 = 5;

/// Environment variable that names the data folder.
pub const DATA_FOLDER_VARIABLE: &str = "EFFICIENTECG_REVIEWS";

/// The folder that reviews are kept in: the one given, else that of `EFFICIENTECG_REVIEWS`, else the system's place for an application's data. `None` where
/// the system names none.
pub fn data_folder(given: Option<&Path>) -> Option<PathBuf> {
    let named = given.map(Path::to_path_buf);
    let of_variable = || std::env::var_os(DATA_FOLDER_VARIABLE).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let of_system = || directories::ProjectDirs::from("", "", "efficientecg").map(|dirs| dirs.data_dir().join("reviews"));
    named.or_else(of_variable).or_else(of_system)
}

/// Reviews in an SQLite database.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl SqliteStore {
    /// Opens the database in a folder; both are made if absent, an older schema is brought up to date.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] where the folder may not be written to, [`StoreError::Newer`], [`StoreError::Foreign`], [`StoreError::Damaged`].
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let unwritable = |error: std::io::Error| StoreError::ReadOnly { path: folder.into(), reason: error.to_string() };
        std::fs::create_dir_all(folder).map_err(unwritable)?;
        let path = folder.join(FILE);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags).map_err(|e| fault(&path, &e))?;
        prepare(&connection).map_err(|e| fault(&path, &e))?;
        if connection.is_readonly("main").map_err(|e| fault(&path, &e))? {
            return Err(StoreError::ReadOnly { path, reason: "the file is read-only".into() });
        }
        // Before anything is written: a newer program's database stays as it is.
        schema::check(&connection, &path)?;
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0)).map_err(|e| fault(&path, &e))?;
        if mode != "wal" {
            tracing::warn!("the database of reviews keeps a `{mode}` journal: its file system has no shared memory");
        }
        schema::migrate(&mut connection, &path)?;
        Ok(Self { path, connection: Mutex::new(connection) })
    }

    /// Whether a folder has a database of reviews.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// The database's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere cannot leave a transaction open: it is rolled back when dropped.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self, error: &rusqlite::Error) -> StoreError {
        fault(&self.path, error)
    }

    /// Reads with one statement.
    fn read<T>(&self, what: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        what(&self.connection()).map_err(|e| self.fault(&e))
    }

    /// Writes in one transaction, durable when this returns.
    fn write<T>(&self, what: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|e| self.fault(&e))?;
        let done = what(&transaction)?;
        transaction.commit().map_err(|e| self.fault(&e))?;
        Ok(done)
    }

    /// Appends an entry to the trail. Gives its number and by how much its clock is behind.
    fn append(&self, transaction: &Transaction<'_>, mut entry: TrailEntry) -> Result<(u64, i64), StoreError> {
        let last = rows::last(transaction).map_err(|e| self.fault(&e))?;
        let (number, at, hash) = last.unwrap_or((0, entry.at, super::Hash::default()));
        entry.number = number + 1;
        entry.behind_ms = at.0.saturating_sub(entry.at.0).max(0);
        let entry = entry.sealed(hash);
        rows::insert(transaction, &entry).map_err(|e| self.fault(&e))?;
        Ok((entry.number, entry.behind_ms))
    }
}

/// Settings of every connection.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(BUSY_S))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // The file may have been made by somebody else: nothing in its schema may call functions with side effects.
    connection.pragma_update(None, "trusted_schema", "OFF")
}

impl Store for SqliteStore {
    fn add_reviewer(&self, reviewer: &Reviewer, at: Timestamp) -> Result<(), StoreError> {
        let entry = super::new_reviewer_entry(reviewer, at)?;
        self.write(|transaction| {
            let add = || -> rusqlite::Result<bool> {
                if rows::has(transaction, "SELECT 1 FROM reviewer WHERE id = ?1", reviewer.id.as_str())? {
                    return Ok(false);
                }
                transaction.execute(
                    "INSERT INTO reviewer (id, name, initials, imported, place) SELECT ?1, ?2, ?3, ?4, count(*) FROM reviewer",
                    params![reviewer.id.as_str(), reviewer.name, reviewer.initials, reviewer.imported],
                )?;
                Ok(true)
            };
            if !add().map_err(|e| self.fault(&e))? {
                return Err(StoreError::Exists(reviewer.name.clone()));
            }
            self.append(transaction, entry).map(drop)
        })
    }

    fn reviewers(&self) -> Result<Vec<Reviewer>, StoreError> {
        self.read(rows::reviewers)
    }

    fn note_recording(&self, facts: &RecordingFacts) -> Result<(), StoreError> {
        self.write(|transaction| rows::note(transaction, facts).map_err(|e| self.fault(&e)))
    }

    fn recordings(&self) -> Result<Vec<RecordingFacts>, StoreError> {
        self.read(rows::recordings)
    }

    fn reviews(&self) -> Result<Vec<ReviewHead>, StoreError> {
        self.read(rows::heads)
    }

    fn entries(&self, review: &ReviewKey, after: Version) -> Result<Vec<TrailEntry>, StoreError> {
        self.read(|connection| rows::of_review(connection, review, after))
    }

    fn baseline(&self, id: &BaselineId) -> Result<Option<String>, StoreError> {
        self.read(|connection| {
            connection.query_row("SELECT labels FROM baseline WHERE id = ?1", [&id.0], |row| row.get(0)).optional()
        })
    }

    fn commit(&self, commit: &Commit<'_>) -> Result<Committed, StoreError> {
        let entry = super::new_entry(commit)?;
        self.write(|transaction| {
            let sql = |error: rusqlite::Error| self.fault(&error);
            for reviewer in [&commit.review.reviewer, commit.by] {
                if !rows::has(transaction, "SELECT 1 FROM reviewer WHERE id = ?1", reviewer.as_str()).map_err(sql)? {
                    return Err(StoreError::Missing(format!("reviewer {reviewer}")));
                }
            }
            let recording = commit.review.recording.as_str();
            if !rows::has(transaction, "SELECT 1 FROM recording WHERE id = ?1", recording).map_err(sql)? {
                return Err(StoreError::Missing(format!("recording {recording}")));
            }
            let now = rows::version(transaction, commit.review).map_err(sql)?;
            if now != commit.on {
                return Err(StoreError::Conflict { on: commit.on, now });
            }
            if let (Event::Baseline { baseline }, Some(text)) = (commit.event, commit.baseline) {
                let insert = "INSERT INTO baseline (id, labels) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING";
                transaction.execute(insert, params![baseline.0, text]).map_err(sql)?;
            }
            let version = entry.version;
            rows::set_head(transaction, commit, version).map_err(sql)?;
            let (entry, behind_ms) = self.append(transaction, entry)?;
            Ok(Committed { version, entry, behind_ms })
        })
    }

    fn trail(&self, after: u64, most: usize) -> Result<Vec<TrailEntry>, StoreError> {
        self.read(|connection| rows::trail(connection, after, most))
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        let found: String = self.read(|connection| connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)))?;
        if found != "ok" {
            return Err(StoreError::Damaged { path: self.path.clone(), problem: found });
        }
        verify::verify(self)
    }
}
