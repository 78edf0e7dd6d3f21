//! What is SQLite's own: files, old and new schemas, full disks, triggers, backups.

use super::{
    super::{
        super::{Reviewer, Timestamp, Version},
        conformance::{commit, facts, furnish, key, step},
    },
    *,
};
use rusqlite::Connection;

fn edited(folder: &Path, edits: u64) -> (SqliteStore, ReviewKey) {
    let store = SqliteStore::open(folder).unwrap();
    let key = furnish(&store);
    for n in 0..edits {
        commit(&store, &key, n, &step(&format!("step {n}")), n as i64).unwrap();
    }
    (store, key)
}

fn raw(folder: &Path) -> Connection {
    Connection::open(folder.join(FILE)).unwrap()
}

#[test]
fn edits_are_durable_when_they_are_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = edited(folder.path(), 1);
    let pragma = |name: &str| {
        store
            .connection()
            .pragma_query_value(None, name, |row| {
                row.get::<_, String>(0).or_else(|_| row.get::<_, i64>(0).map(|n| n.to_string()))
            })
            .unwrap()
    };
    assert_eq!((pragma("journal_mode").as_str(), pragma("synchronous").as_str()), ("wal", "2"), "2 is FULL");
}

#[test]
fn two_programs_have_one_store() {
    let folder = tempfile::tempdir().unwrap();
    let (one, key) = edited(folder.path(), 2);
    let two = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(commit(&two, &key, 1, &step("late"), 9), Err(StoreError::Conflict { on: Version(1), now: Version(2) }));
    commit(&two, &key, 2, &step("next"), 9).unwrap();
    assert_eq!(one.entries(&key, Version(2)).unwrap().len(), 1);
}

#[test]
fn what_was_recorded_can_be_neither_changed_nor_deleted() {
    let folder = tempfile::tempdir().unwrap();
    drop(edited(folder.path(), 3));
    let connection = raw(folder.path());
    for attempt in [
        "UPDATE trail SET reason = 'x'",
        "DELETE FROM trail",
        "UPDATE reviewer SET name = 'x'",
        "DELETE FROM reviewer",
        "DELETE FROM trail WHERE number = 3",
    ] {
        let refused = connection.execute(attempt, []).unwrap_err().to_string();
        assert!(refused.contains("never"), "{attempt}: {refused}");
    }
}

#[test]
fn a_changed_trail_is_found_at_its_entry() {
    for (damage, entry) in [
        ("UPDATE trail SET event = replace(event, 'step 1', 'step 9') WHERE number = 3", 3),
        ("UPDATE trail SET by_whom = '0123456789abcdef0123456789abcdef' WHERE number = 4", 4),
        ("UPDATE trail SET at = at + 1 WHERE number = 2", 2),
        ("DELETE FROM trail WHERE number = 3", 4),
        ("DELETE FROM trail WHERE number = 6", 5),
        ("UPDATE review SET version = 4", 6),
        ("UPDATE reviewer SET name = 'Somebody Else'", 6),
        ("UPDATE trail SET event = 'no json' WHERE number = 5", 5),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = edited(folder.path(), 5);
        assert_eq!(store.verify().unwrap().entries, 6);
        let connection = raw(folder.path());
        for trigger in ["trail_stays", "trail_is_kept", "reviewer_stays"] {
            connection.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
        }
        connection.execute_batch(damage).unwrap();
        match store.verify() {
            Err(StoreError::Broken { entry: found, .. }) => assert_eq!(found, entry, "{damage}"),
            other => panic!("{damage}: {other:?}"),
        }
    }
}

#[test]
fn every_old_schema_is_brought_up_to_date_with_its_reviews() {
    for version in 0..=schema::CURRENT as usize {
        let folder = tempfile::tempdir().unwrap();
        let connection = raw(folder.path());
        schema::make_old(&connection, version);
        let reviewer = Reviewer::new("Ada Lovelace", "").unwrap();
        if version > 0 {
            // As schema 1 was written by its program.
            let entry = super::super::new_reviewer_entry(&reviewer, Timestamp(7)).unwrap();
            let entry = TrailEntry { number: 1, ..entry }.sealed(super::super::Hash::default());
            rows::insert(&connection, &entry).unwrap();
            connection
                .execute(
                    "INSERT INTO reviewer (id, name, initials, imported, place) VALUES (?1, ?2, ?3, 0, 0)",
                    [reviewer.id.as_str(), &reviewer.name, &reviewer.initials],
                )
                .unwrap();
            let insert = "INSERT INTO recording (id, name, rate, length) VALUES (?1, 'record a', 250.0, 20000)";
            connection.execute(insert, [facts('a').id.as_str()]).unwrap();
        } else {
            connection.pragma_update(None, "application_id", 0).unwrap();
        }
        drop(connection);
        let store = SqliteStore::open(folder.path()).unwrap();
        let found: i64 = store.connection().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(found, schema::CURRENT);
        if version > 0 {
            assert_eq!(store.reviewers().unwrap(), std::slice::from_ref(&reviewer));
            commit(&store, &key(&facts('a'), &reviewer), 0, &step("after"), 9).unwrap();
        }
        store.note_recording(&facts('a')).unwrap();
        assert_eq!(store.recordings().unwrap(), [facts('a')]);
        store.verify().unwrap();
        drop(store);
        SqliteStore::open(folder.path()).expect("opening again changes nothing");
    }
}

#[test]
fn a_newer_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(edited(folder.path(), 1));
    let connection = raw(folder.path());
    connection.pragma_update(None, "user_version", schema::CURRENT + 1).unwrap();
    drop(connection);
    let before = std::fs::read(folder.path().join(FILE)).unwrap();
    let refused = SqliteStore::open(folder.path()).unwrap_err();
    assert!(matches!(refused, StoreError::Newer { .. }), "{refused}");
    assert!(refused.to_string().contains("update the program"), "{refused}");
    assert_eq!(std::fs::read(folder.path().join(FILE)).unwrap(), before);
}

#[test]
fn other_files_are_not_taken_for_the_database() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE), "this is no database, only text that is long enough to be looked at".repeat(20))
        .unwrap();
    let refused = SqliteStore::open(folder.path()).unwrap_err();
    assert!(matches!(refused, StoreError::Foreign { .. }), "{refused:?}");
    let folder = tempfile::tempdir().unwrap();
    raw(folder.path()).execute_batch("CREATE TABLE other (x)").unwrap();
    let refused = SqliteStore::open(folder.path()).unwrap_err();
    assert!(matches!(refused, StoreError::Foreign { .. }), "{refused:?}");
}

#[test]
fn a_full_disk_refuses_the_edit_and_keeps_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let (store, key) = edited(folder.path(), 2);
    // SQLite's own ceiling gives the error that a full disk gives.
    let limit = |pages: i64| {
        store.connection().pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0)).unwrap()
    };
    limit(1);
    let large = step(&"x".repeat(200_000));
    let refused = commit(&store, &key, 2, &large, 9).unwrap_err();
    assert!(matches!(refused, StoreError::Full { .. }), "{refused:?}");
    assert!(refused.to_string().contains("disk is full"), "{refused}");
    assert_eq!(store.entries(&key, Version(0)).unwrap().len(), 2);
    store.verify().unwrap();
    limit(1 << 30);
    commit(&store, &key, 2, &large, 9).expect("with room again the edit is kept");
    store.verify().unwrap();
}

#[test]
fn a_folder_that_may_not_be_written_to_is_named() {
    // Not even the superuser makes files there.
    let folder = Path::new("/proc/efficientecg");
    if cfg!(target_os = "linux") {
        let refused = SqliteStore::open(folder).unwrap_err();
        assert!(matches!(refused, StoreError::ReadOnly { .. }), "{refused:?}");
        assert!(refused.to_string().contains("/proc/efficientecg: may not be written to"), "{refused}");
    }
}

#[test]
fn a_file_that_became_read_only_refuses_edits() {
    let folder = tempfile::tempdir().unwrap();
    let (store, key) = edited(folder.path(), 2);
    store.connection().pragma_update(None, "query_only", true).unwrap();
    let refused = commit(&store, &key, 2, &step("x"), 9).unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly { .. }), "{refused:?}");
    store.verify().unwrap();
}

#[test]
fn another_program_that_holds_the_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (store, key) = edited(folder.path(), 1);
    store.connection().busy_timeout(Duration::ZERO).unwrap();
    let other = raw(folder.path());
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = commit(&store, &key, 1, &step("x"), 9).unwrap_err();
    assert!(matches!(refused, StoreError::Busy { .. }), "{refused:?}");
    other.execute_batch("ROLLBACK").unwrap();
    commit(&store, &key, 1, &step("x"), 9).unwrap();
}

#[test]
fn a_backup_is_whole_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let (store, key) = edited(folder.path(), 3);
    let to = folder.path().join("backup.sqlite");
    let saved = store.backup(&to).unwrap();
    assert_eq!(saved, store.verify().unwrap());
    assert!(matches!(store.backup(&to), Err(StoreError::Other { .. })), "never over a file");
    commit(&store, &key, 3, &step("later"), 9).unwrap();
    drop(store);
    let (restored, kept) = SqliteStore::restore(folder.path(), &to).unwrap();
    assert_eq!(restored, saved);
    assert_eq!(SqliteStore::open(folder.path()).unwrap().entries(&key, Version(0)).unwrap().len(), 3);
    // What was there before stays beside it.
    let before = folder.path().join("elsewhere");
    SqliteStore::restore(&before, &kept.unwrap()).unwrap();
    assert_eq!(SqliteStore::open(&before).unwrap().entries(&key, Version(0)).unwrap().len(), 4);
}

#[test]
fn a_damaged_database_is_replaced_by_its_backup() {
    let folder = tempfile::tempdir().unwrap();
    let (store, key) = edited(folder.path(), 3);
    let to = folder.path().join("backup.sqlite");
    store.backup(&to).unwrap();
    drop(store);
    std::fs::write(folder.path().join(FILE), vec![b'x'; 5000]).unwrap();
    assert!(SqliteStore::open(folder.path()).is_err());
    SqliteStore::restore(folder.path(), &to).unwrap();
    assert_eq!(SqliteStore::open(folder.path()).unwrap().entries(&key, Version(0)).unwrap().len(), 3);
}

#[test]
fn what_does_not_verify_is_not_restored() {
    let folder = tempfile::tempdir().unwrap();
    let (store, key) = edited(folder.path(), 3);
    let to = folder.path().join("backup.sqlite");
    store.backup(&to).unwrap();
    let connection = Connection::open(&to).unwrap();
    connection.execute_batch("DROP TRIGGER trail_stays; UPDATE trail SET said = 'x' WHERE number = 2").unwrap();
    drop(connection);
    assert!(matches!(SqliteStore::restore(folder.path(), &to), Err(StoreError::Broken { entry: 2, .. })));
    std::fs::write(folder.path().join("text"), "text").unwrap();
    assert!(SqliteStore::restore(folder.path(), &folder.path().join("text")).is_err());
    assert!(SqliteStore::restore(folder.path(), &folder.path().join("absent")).is_err());
    assert_eq!(store.entries(&key, Version(0)).unwrap().len(), 3, "the store is as it was");
}

#[test]
fn the_data_folder_can_be_given() {
    assert_eq!(data_folder(Some(Path::new("here"))), Some(PathBuf::from("here")));
}
