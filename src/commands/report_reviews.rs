//! Whose review a report prints.

use super::BadUsage;
use crate::{
    recording::Recording,
    report::Reviewed,
    review::{
        RecordingId, Reviewer,
        store::{DATA_FOLDER_VARIABLE, RecordingFacts, ReviewHead, SqliteStore, Store, data_folder},
    },
};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// The kept reviews that reports are filled from.
pub struct Reviews {
    /// `None`: nobody has reviewed anything here.
    store: Option<SqliteStore>,
    /// The reader that was asked for, each with that name.
    readers: Option<Vec<Reviewer>>,
}

impl Reviews {
    /// Opens what there is. A folder without reviews is left as it is.
    ///
    /// # Errors
    /// [`BadUsage`] for a folder that is none or a reader nobody entered; a store that cannot be opened.
    pub fn open(given: Option<&Path>, reader: Option<&str>) -> Result<Self> {
        if let Some(folder) = given.filter(|folder| !folder.is_dir()) {
            bail!(BadUsage(format!("--reviews {}: there is no such folder", folder.display())));
        }
        let store = match data_folder(given).filter(|folder| SqliteStore::is_in(folder)) {
            Some(folder) => Some(SqliteStore::open(&folder).context("reviews")?),
            None => None,
        };
        let readers = reader.map(|name| named(store.as_ref(), name)).transpose()?;
        Ok(Self { store, readers })
    }

    /// The reader's side of a recording: the named reader's, else the only person's; unread where nobody has begun.
    ///
    /// # Errors
    /// Several people have reviewed it and none was named; a store or a recording that cannot be read.
    pub fn of(&self, recording: &Recording) -> Result<Reviewed> {
        let Some(store) = &self.store else { return Ok(Reviewed::default()) };
        let heads = store.reviews()?;
        if heads.is_empty() {
            return Ok(Reviewed::default());
        }
        let id = RecordingId::of(recording)?;
        let people = store.reviewers()?;
        let mut found: Vec<(&ReviewHead, &Reviewer)> = heads
            .iter()
            .filter(|head| head.key.recording == id)
            .filter_map(|head| Some((head, people.iter().find(|person| person.id == head.key.reviewer)?)))
            .filter(|(_, person)| match &self.readers {
                Some(readers) => readers.contains(person),
                // Labels that came from a file are nobody's review.
                None => !person.imported,
            })
            .collect();
        if self.readers.is_none() && found.len() > 1 {
            // Looking is not reading.
            found.retain(|(head, _)| head.state != crate::review::State::Unread);
        }
        match found.as_slice() {
            [] => Ok(Reviewed::default()),
            [(head, reviewer)] => {
                let facts = RecordingFacts::of(id, recording);
                Ok(Reviewed::from_store(store, head, reviewer, &facts)?)
            }
            several => {
                let names: Vec<String> =
                    several.iter().map(|(head, person)| format!("{} ({})", person.name, head.state)).collect();
                bail!(BadUsage(format!("several people have reviewed it: {}; choose one with --reader", names.join(", "))))
            }
        }
    }
}

/// Everybody who goes by that name, those initials or that identity.
fn named(store: Option<&SqliteStore>, name: &str) -> Result<Vec<Reviewer>> {
    let people = store.map(Store::reviewers).transpose()?.unwrap_or_default();
    let wanted = name.to_lowercase();
    let found: Vec<Reviewer> = people
        .iter()
        .filter(|person| {
            person.id.as_str() == name || person.name.to_lowercase() == wanted || person.initials.to_lowercase() == wanted
        })
        .cloned()
        .collect();
    if found.is_empty() {
        let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
        let known = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
        bail!(BadUsage(format!(
            "--reader {name}: nobody of that name reviews here; the store knows {known} (the folder is chosen with --reviews or {DATA_FOLDER_VARIABLE})"
        )));
    }
    Ok(found)
}
