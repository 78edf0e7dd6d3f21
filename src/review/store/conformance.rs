//! What every store must do: one suite, run on each implementation.

use super::super::{
    BaselineId, Event, RecordingId, ReviewKey, Reviewer, State, Step, Timestamp, Version, test_support::baseline,
};
use super::{Commit, Committed, MemoryStore, RecordingFacts, SqliteStore, Store, StoreError};
use crate::recording::Rate;
use std::sync::Arc;

/// Runs the suite on stores that `make` makes empty.
fn all(make: &dyn Fn() -> Arc<dyn Store>) {
    people_and_recordings_are_kept(make().as_ref());
    commits_count_versions(make().as_ref());
    another_version_is_a_conflict(make().as_ref());
    what_was_never_entered_is_refused(make().as_ref());
    labels_are_kept_as_they_came(make().as_ref());
    a_clock_set_back_is_told_and_changes_no_order(make().as_ref());
    reviews_do_not_mix(make().as_ref());
    of_many_writers_each_edit_is_kept_once(make());
}

#[test]
fn memory_conforms() {
    all(&|| Arc::new(MemoryStore::new()));
}

#[test]
fn sqlite_conforms() {
    let folders = std::sync::Mutex::new(Vec::new());
    all(&|| {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).unwrap();
        folders.lock().unwrap().push(folder);
        Arc::new(store)
    });
}

pub(super) fn facts(digit: char) -> RecordingFacts {
    RecordingFacts {
        id: RecordingId::try_from(digit.to_string().repeat(64)).unwrap(),
        name: format!("record {digit}"),
        rate: Rate::new(250.0).unwrap(),
        length: 20_000,
        place: Some(format!("/somewhere/{digit}.hea")),
    }
}

pub(super) fn key(facts: &RecordingFacts, reviewer: &Reviewer) -> ReviewKey {
    ReviewKey { recording: facts.id.clone(), reviewer: reviewer.id.clone() }
}

pub(super) fn step(name: &str) -> Event {
    Event::Step(Step { name: name.into(), changes: Vec::new() })
}

pub(super) fn commit(store: &dyn Store, key: &ReviewKey, on: u64, event: &Event, at: i64) -> Result<Committed, StoreError> {
    store.commit(&Commit {
        review: key,
        on: Version(on),
        event,
        at: Timestamp(at),
        by: &key.reviewer,
        reason: Some("because"),
        said: Some("{}"),
        state: State::InReview,
        baseline: None,
    })
}

/// A store with a reviewer and a recording.
pub(super) fn furnish(store: &dyn Store) -> ReviewKey {
    let reviewer = Reviewer::new("Ada Lovelace", "").unwrap();
    store.add_reviewer(&reviewer, Timestamp(1)).unwrap();
    store.note_recording(&facts('a')).unwrap();
    key(&facts('a'), &reviewer)
}

fn people_and_recordings_are_kept(store: &dyn Store) {
    let people = [Reviewer::new("Ada Lovelace", "").unwrap(), Reviewer::imported("atr").unwrap()];
    for reviewer in &people {
        store.add_reviewer(reviewer, Timestamp(1)).unwrap();
    }
    assert_eq!(store.reviewers().unwrap(), people);
    assert_eq!(store.add_reviewer(&people[0], Timestamp(2)), Err(StoreError::Exists("Ada Lovelace".into())));
    store.note_recording(&facts('b')).unwrap();
    store.note_recording(&facts('a')).unwrap();
    let moved = RecordingFacts { name: "z".into(), place: Some("/else/z.hea".into()), ..facts('a') };
    store.note_recording(&moved).unwrap();
    assert_eq!(store.recordings().unwrap(), [facts('b'), moved]);
    let verified = store.verify().unwrap();
    assert_eq!((verified.entries, verified.reviews), (2, 0), "people are part of the trail");
}

fn commits_count_versions(store: &dyn Store) {
    let key = furnish(store);
    for n in 0..5 {
        let done = commit(store, &key, n, &step(&format!("step {n}")), 10 + n as i64).unwrap();
        assert_eq!((done.version, done.entry, done.behind_ms), (Version(n + 1), n + 2, 0));
    }
    let entries = store.entries(&key, Version(3)).unwrap();
    assert_eq!(entries.iter().map(|entry| entry.version.0).collect::<Vec<_>>(), [4, 5]);
    assert_eq!(entries[0].parsed().unwrap(), step("step 3"));
    assert_eq!(entries[0].reason.as_deref(), Some("because"));
    assert_eq!(entries[1].previous, entries[0].hash);
    let head = &store.reviews().unwrap()[0];
    assert_eq!((head.version, head.state, head.changed), (Version(5), State::InReview, Timestamp(14)));
    assert_eq!(store.trail(2, 2).unwrap().iter().map(|e| e.number).collect::<Vec<_>>(), [3, 4]);
    let verified = store.verify().unwrap();
    assert_eq!((verified.entries, verified.head), (6, entries[1].hash));
}

fn another_version_is_a_conflict(store: &dyn Store) {
    let key = furnish(store);
    commit(store, &key, 0, &step("one"), 1).unwrap();
    for wrong in [0, 2, u64::MAX] {
        let refused = commit(store, &key, wrong, &step("two"), 2);
        assert_eq!(refused, Err(StoreError::Conflict { on: Version(wrong), now: Version(1) }));
    }
    assert_eq!(store.entries(&key, Version(0)).unwrap().len(), 1);
    store.verify().unwrap();
}

fn what_was_never_entered_is_refused(store: &dyn Store) {
    let key = furnish(store);
    let stranger = ReviewKey { reviewer: Reviewer::new("Nobody Known", "").unwrap().id, ..key.clone() };
    assert!(matches!(commit(store, &stranger, 0, &step("x"), 1), Err(StoreError::Missing(_))));
    let elsewhere = ReviewKey { recording: facts('c').id, ..key.clone() };
    assert!(matches!(commit(store, &elsewhere, 0, &step("x"), 1), Err(StoreError::Missing(_))));
    let labels = Event::Baseline { baseline: BaselineId("0".repeat(64)) };
    assert!(matches!(commit(store, &key, 0, &labels, 1), Err(StoreError::Missing(_))), "labels without their text");
    assert!(store.reviews().unwrap().is_empty());
    assert_eq!(store.verify().unwrap().entries, 1);
}

fn labels_are_kept_as_they_came(store: &dyn Store) {
    let key = furnish(store);
    let (id, text) = baseline(10, 100).stored();
    let event = Event::Baseline { baseline: id.clone() };
    let arrive = |on: u64| {
        let commit = Commit {
            review: &key,
            on: Version(on),
            event: &event,
            at: Timestamp(5),
            by: &key.reviewer,
            reason: None,
            said: None,
            state: State::Unread,
            baseline: Some(&text),
        };
        store.commit(&commit).unwrap()
    };
    arrive(0);
    arrive(1);
    assert_eq!(store.baseline(&id).unwrap(), Some(text.clone()));
    assert_eq!(serde_json::from_str::<super::super::Baseline>(&text).unwrap(), baseline(10, 100));
    assert_eq!(store.baseline(&BaselineId("0".repeat(64))).unwrap(), None);
    store.verify().unwrap();
}

fn a_clock_set_back_is_told_and_changes_no_order(store: &dyn Store) {
    let key = furnish(store);
    commit(store, &key, 0, &step("first"), 100_000).unwrap();
    let done = commit(store, &key, 1, &step("second"), 40_000).unwrap();
    assert_eq!(done.behind_ms, 60_000);
    assert!(done.warning().is_some_and(|warning| warning.contains("60 s behind")));
    let entries = store.entries(&key, Version(0)).unwrap();
    assert_eq!(entries.iter().map(|entry| entry.at.0).collect::<Vec<_>>(), [100_000, 40_000], "as the clock said");
    assert_eq!(entries[1].parsed().unwrap(), step("second"));
    assert_eq!(store.verify().unwrap().clock_behind, 1);
}

fn reviews_do_not_mix(store: &dyn Store) {
    let one = furnish(store);
    let other = Reviewer::new("Grace Hopper", "").unwrap();
    store.add_reviewer(&other, Timestamp(2)).unwrap();
    store.note_recording(&facts('b')).unwrap();
    let keys = [one.clone(), key(&facts('a'), &other), key(&facts('b'), &other)];
    for (n, key) in keys.iter().enumerate() {
        for version in 0..=n as u64 {
            commit(store, key, version, &step(&format!("{n}.{version}")), 10 * n as i64).unwrap();
        }
    }
    for (n, key) in keys.iter().enumerate() {
        let names: Vec<Event> = store.entries(key, Version(0)).unwrap().iter().map(|e| e.parsed().unwrap()).collect();
        assert_eq!(names, (0..=n).map(|version| step(&format!("{n}.{version}"))).collect::<Vec<_>>());
    }
    assert_eq!(store.reviews().unwrap()[0].key, keys[2], "the last changed first");
    assert_eq!(store.verify().unwrap().reviews, 3);
}

fn of_many_writers_each_edit_is_kept_once(store: Arc<dyn Store>) {
    let key = furnish(store.as_ref());
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (store, key) = (Arc::clone(&store), key.clone());
            scope.spawn(move || {
                for edit in 0..10 {
                    loop {
                        let on = store.entries(&key, Version(0)).unwrap().len() as u64;
                        match commit(store.as_ref(), &key, on, &step(&format!("{writer}.{edit}")), 1) {
                            Ok(_) => break,
                            Err(StoreError::Conflict { .. }) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
            });
        }
    });
    let entries = store.entries(&key, Version(0)).unwrap();
    assert_eq!(entries.len(), 40);
    let names: std::collections::BTreeSet<String> = entries.into_iter().map(|entry| entry.event).collect();
    assert_eq!(names.len(), 40);
    store.verify().unwrap();
}
