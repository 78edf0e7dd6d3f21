//! Which reviews are meant.

use crate::{
    commands::BadUsage,
    formats,
    recording::Recording,
    review::{
        RecordingId, Reviewer,
        store::{RecordingFacts, ReviewHead, SqliteStore, Store},
    },
};
use anyhow::{Result, anyhow, bail};
use std::path::Path;

/// The recording that a file, a record name or the beginning of an identity means.
pub fn recording(store: &SqliteStore, what: &str) -> Result<RecordingFacts> {
    let known = store.recordings()?;
    if Path::new(what).exists() {
        let id = identity(&formats::open(Path::new(what))?)?;
        return known
            .into_iter()
            .find(|facts| facts.id == id)
            .ok_or_else(|| anyhow!("{what}: nobody has reviewed this recording"));
    }
    let is_id = what.len() >= 6 && what.bytes().all(|b| b.is_ascii_hexdigit());
    let mut found: Vec<RecordingFacts> =
        known.into_iter().filter(|facts| facts.name == what || (is_id && facts.id.as_str().starts_with(what))).collect();
    match found.len() {
        0 => bail!(BadUsage(format!("{what}: no file, and no reviewed recording has this name or identity"))),
        1 => Ok(found.remove(0)),
        _ => {
            let ids: Vec<&str> = found.iter().map(|facts| facts.id.short()).collect();
            bail!(BadUsage(format!(
                "{what}: several recordings have this name ({}); give the beginning of an identity",
                ids.join(", ")
            )))
        }
    }
}

/// Identity of an opened recording.
pub fn identity(recording: &Recording) -> Result<RecordingId> {
    Ok(RecordingId::of(recording)?)
}

/// The reviews of a recording, by this reviewer where one is named.
pub fn reviews(store: &SqliteStore, id: &RecordingId, who: Option<&str>) -> Result<Vec<(ReviewHead, Reviewer)>> {
    let people = store.reviewers()?;
    let heads = store.reviews()?.into_iter().filter(|head| head.key.recording == *id);
    let all = heads.filter_map(|head| {
        let reviewer = people.iter().find(|reviewer| reviewer.id == head.key.reviewer)?.clone();
        Some((head, reviewer))
    });
    Ok(all.filter(|(_, reviewer)| who.is_none_or(|who| is(reviewer, who))).collect())
}

/// Whether a reviewer goes by that name.
fn is(reviewer: &Reviewer, who: &str) -> bool {
    reviewer.id.as_str() == who
        || [&reviewer.name, &reviewer.initials].iter().any(|name| name.to_lowercase() == who.to_lowercase())
}

/// The one review that is meant: the named reviewer's, or the only person's.
pub fn one(store: &SqliteStore, id: &RecordingId, who: Option<&str>) -> Result<(ReviewHead, Reviewer)> {
    let mut found = reviews(store, id, who)?;
    if who.is_none() && found.iter().any(|(_, reviewer)| !reviewer.imported) {
        // Labels that came from files do not stand beside a person's own.
        found.retain(|(_, reviewer)| !reviewer.imported);
    }
    match (found.len(), who) {
        (0, Some(who)) => bail!("no review by {who}"),
        (0, None) => bail!("nobody has reviewed this recording"),
        (1, _) => Ok(found.remove(0)),
        _ => {
            let names: Vec<&str> = found.iter().map(|(_, reviewer)| reviewer.name.as_str()).collect();
            bail!(BadUsage(format!("several reviews ({}); choose one with --reviewer", names.join(", "))))
        }
    }
}
