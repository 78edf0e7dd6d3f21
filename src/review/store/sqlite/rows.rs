//! Rows to values and back.

use super::{
    super::super::{RecordingId, ReviewKey, Reviewer, ReviewerId, State, Timestamp, Version},
    super::{Commit, Hash, RecordingFacts, ReviewHead, TrailEntry},
};
use crate::recording::Rate;
use rusqlite::{Connection, Error, OptionalExtension, Result, Row, params, types::Type};

const TRAIL: &str =
    "SELECT number, recording, reviewer, version, at, behind_ms, by_whom, event, reason, said, previous, hash FROM trail";

/// A value that nothing of ours has written.
fn wrong(column: usize, problem: impl Into<String>) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, problem.into().into())
}

/// A number that is never negative.
fn count(row: &Row<'_>, column: usize) -> Result<u64> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|_| wrong(column, "a negative number"))
}

fn stored(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(|e| Error::ToSqlConversionFailure(e.into()))
}

fn parsed<T: TryFrom<String, Error = String>>(row: &Row<'_>, column: usize) -> Result<T> {
    T::try_from(row.get(column)?).map_err(|problem| wrong(column, problem))
}

fn hash(row: &Row<'_>, column: usize) -> Result<Hash> {
    row.get::<_, [u8; 32]>(column).map(Hash)
}

pub(super) fn has(connection: &Connection, query: &str, id: &str) -> Result<bool> {
    connection.prepare_cached(query)?.exists([id])
}

pub(super) fn version(connection: &Connection, key: &ReviewKey) -> Result<Version> {
    let mut statement = connection.prepare_cached("SELECT version FROM review WHERE recording = ?1 AND reviewer = ?2")?;
    let found = statement.query_row([key.recording.as_str(), key.reviewer.as_str()], |row| count(row, 0)).optional()?;
    Ok(Version(found.unwrap_or(0)))
}

pub(super) fn set_head(connection: &Connection, commit: &Commit<'_>, version: Version) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO review (recording, reviewer, version, state, changed) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (recording, reviewer) DO UPDATE SET version = ?3, state = ?4, changed = ?5",
    )?;
    let ReviewKey { recording, reviewer } = commit.review;
    statement.execute(params![recording.as_str(), reviewer.as_str(), stored(version.0)?, commit.state.code(), commit.at.0])?;
    Ok(())
}

/// Number, time and hash of the last entry.
pub(super) fn last(connection: &Connection) -> Result<Option<(u64, Timestamp, Hash)>> {
    let mut statement = connection.prepare_cached("SELECT number, at, hash FROM trail ORDER BY number DESC LIMIT 1")?;
    statement.query_row([], |row| Ok((count(row, 0)?, Timestamp(row.get(1)?), hash(row, 2)?))).optional()
}

pub(super) fn insert(connection: &Connection, entry: &TrailEntry) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO trail (number, recording, reviewer, version, at, behind_ms, by_whom, event, reason, said, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    let review = entry.review.as_ref();
    statement.execute(params![
        stored(entry.number)?,
        review.map(|key| key.recording.as_str()),
        review.map(|key| key.reviewer.as_str()),
        stored(entry.version.0)?,
        entry.at.0,
        entry.behind_ms,
        entry.by.as_str(),
        entry.event,
        entry.reason,
        entry.said,
        entry.previous.0,
        entry.hash.0,
    ])?;
    Ok(())
}

fn entry(row: &Row<'_>) -> Result<TrailEntry> {
    let review = match row.get::<_, Option<String>>(1)? {
        Some(_) => Some(ReviewKey { recording: parsed::<RecordingId>(row, 1)?, reviewer: parsed::<ReviewerId>(row, 2)? }),
        None => None,
    };
    Ok(TrailEntry {
        number: count(row, 0)?,
        review,
        version: Version(count(row, 3)?),
        at: Timestamp(row.get(4)?),
        behind_ms: row.get(5)?,
        by: parsed(row, 6)?,
        event: row.get(7)?,
        reason: row.get(8)?,
        said: row.get(9)?,
        previous: hash(row, 10)?,
        hash: hash(row, 11)?,
    })
}

pub(super) fn of_review(connection: &Connection, key: &ReviewKey, after: Version) -> Result<Vec<TrailEntry>> {
    let query = format!("{TRAIL} WHERE recording = ?1 AND reviewer = ?2 AND version > ?3 ORDER BY version");
    let mut statement = connection.prepare_cached(&query)?;
    let found = statement.query_map(params![key.recording.as_str(), key.reviewer.as_str(), stored(after.0)?], entry)?;
    found.collect()
}

pub(super) fn trail(connection: &Connection, after: u64, most: usize) -> Result<Vec<TrailEntry>> {
    let mut statement = connection.prepare_cached(&format!("{TRAIL} WHERE number > ?1 ORDER BY number LIMIT ?2"))?;
    let found = statement.query_map(params![stored(after)?, stored(most as u64)?], entry)?;
    found.collect()
}

pub(super) fn reviewers(connection: &Connection) -> Result<Vec<Reviewer>> {
    let mut statement = connection.prepare_cached("SELECT id, name, initials, imported FROM reviewer ORDER BY place")?;
    let found = statement.query_map([], |row| {
        Ok(Reviewer { id: parsed(row, 0)?, name: row.get(1)?, initials: row.get(2)?, imported: row.get(3)? })
    })?;
    found.collect()
}

pub(super) fn note(connection: &Connection, facts: &RecordingFacts) -> Result<()> {
    let id = facts.id.as_str();
    connection.execute(
        "INSERT INTO recording (id, name, rate, length) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET name = ?2",
        params![id, facts.name, facts.rate.hz(), stored(facts.length)?],
    )?;
    if let Some(place) = &facts.place {
        let put = "INSERT INTO place (recording, path) VALUES (?1, ?2) ON CONFLICT (recording) DO UPDATE SET path = ?2";
        connection.execute(put, params![id, place])?;
    }
    Ok(())
}

pub(super) fn recordings(connection: &Connection) -> Result<Vec<RecordingFacts>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, name, rate, length, path FROM recording LEFT JOIN place ON place.recording = recording.id ORDER BY name, id",
    )?;
    let found = statement.query_map([], |row| {
        Ok(RecordingFacts {
            id: parsed(row, 0)?,
            name: row.get(1)?,
            rate: Rate::new(row.get(2)?).ok_or_else(|| wrong(2, "a rate that is none"))?,
            length: count(row, 3)?,
            place: row.get(4)?,
        })
    })?;
    found.collect()
}

pub(super) fn heads(connection: &Connection) -> Result<Vec<ReviewHead>> {
    let mut statement = connection
        .prepare_cached("SELECT recording, reviewer, version, state, changed FROM review ORDER BY changed DESC, recording")?;
    let found = statement.query_map([], |row| {
        let state: String = row.get(3)?;
        Ok(ReviewHead {
            key: ReviewKey { recording: parsed(row, 0)?, reviewer: parsed(row, 1)? },
            version: Version(count(row, 2)?),
            state: State::parse(&state).ok_or_else(|| wrong(3, "a state that is none"))?,
            changed: Timestamp(row.get(4)?),
        })
    })?;
    found.collect()
}
