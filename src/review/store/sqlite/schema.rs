//! The schema and its history.

use super::{StoreError, fault::fault};
use rusqlite::Connection;
use std::path::Path;

/// Marks the file as ours: "EECG".
pub(super) const APPLICATION_ID: i64 = 0x4545_4347;

/// One step each from a schema to the next: the first makes schema 1 of an empty file. A step is never changed once it was released: databases
/// in the field were made by it.
const STEPS: [&str; 2] = [FIRST, PLACES];

/// The newest schema.
pub(super) const CURRENT: i64 = STEPS.len() as i64;

/// People, recordings, baselines, the trail, and of every review where it stands. What was recorded can be neither changed nor deleted.
const FIRST: &str = "
CREATE TABLE reviewer (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    initials TEXT NOT NULL,
    imported INTEGER NOT NULL,
    place INTEGER NOT NULL UNIQUE
) STRICT;
CREATE TABLE recording (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    rate REAL NOT NULL,
    length INTEGER NOT NULL
) STRICT;
CREATE TABLE baseline (
    id TEXT PRIMARY KEY NOT NULL,
    labels TEXT NOT NULL
) STRICT;
CREATE TABLE review (
    recording TEXT NOT NULL REFERENCES recording (id),
    reviewer TEXT NOT NULL REFERENCES reviewer (id),
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (recording, reviewer)
) STRICT;
CREATE TABLE trail (
    number INTEGER PRIMARY KEY NOT NULL,
    recording TEXT,
    reviewer TEXT,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    behind_ms INTEGER NOT NULL,
    by_whom TEXT NOT NULL,
    event TEXT NOT NULL,
    reason TEXT,
    said TEXT,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX trail_of_review ON trail (recording, reviewer, version) WHERE recording IS NOT NULL;
CREATE TRIGGER trail_stays BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER trail_is_kept BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'the audit trail is never deleted from'); END;
CREATE TRIGGER baseline_stays BEFORE UPDATE ON baseline BEGIN SELECT RAISE(ABORT, 'labels before a review are never changed'); END;
CREATE TRIGGER baseline_is_kept BEFORE DELETE ON baseline BEGIN SELECT RAISE(ABORT, 'labels before a review are never deleted'); END;
CREATE TRIGGER reviewer_stays BEFORE UPDATE ON reviewer BEGIN SELECT RAISE(ABORT, 'reviewers are never changed'); END;
CREATE TRIGGER reviewer_is_kept BEFORE DELETE ON reviewer BEGIN SELECT RAISE(ABORT, 'reviewers are never deleted'); END;
";

/// Where recordings were last seen on this machine.
const PLACES: &str = "
CREATE TABLE place (
    recording TEXT PRIMARY KEY NOT NULL REFERENCES recording (id),
    path TEXT NOT NULL
) STRICT;
";

/// Brings a database to the newest schema, one transaction a step.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    check(connection, path)?;
    loop {
        // Two programs may open an old database at once: the step is chosen within the transaction.
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(|e| fault(path, &e))?;
        let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(|e| fault(path, &e))?;
        let Some(step) = usize::try_from(version).ok().and_then(|done| STEPS.get(done)) else { return Ok(()) };
        let all = || -> rusqlite::Result<()> {
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", version + 1)
        };
        all().map_err(|e| fault(path, &e))?;
        transaction.commit().map_err(|e| fault(path, &e))?;
    }
}

/// Refuses databases of newer versions and of other programs.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(|e| fault(path, &e));
    let (version, application) = (pragma("user_version")?, pragma("application_id")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(|e| fault(path, &e))?;
    if application != APPLICATION_ID && (tables > 0 || version != 0 || application != 0) {
        return Err(StoreError::Foreign { path: path.into(), reason: "a database of another program".into() });
    }
    if !(0..=CURRENT).contains(&version) {
        return Err(StoreError::Newer { path: path.into(), found: version, known: CURRENT });
    }
    Ok(())
}

/// Makes a database of an older schema, as the program of that time made it.
#[cfg(test)]
pub(super) fn make_old(connection: &Connection, version: usize) {
    for step in STEPS.iter().take(version) {
        connection.execute_batch(step).unwrap();
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    connection.pragma_update(None, "user_version", version as i64).unwrap();
}
