//! `review list` and `review show`.

use super::select;
use crate::{
    commands::{Exit, cli::ShowArgs, output::Printer},
    review::{
        Review, Reviewer, Verdict, Version, exchange,
        exchange::ReviewDocument,
        load,
        store::{RecordingFacts, SqliteStore, Store},
    },
};
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// Lists every review, the last changed first.
pub fn list(store: &SqliteStore, as_json: bool) -> Result<Exit> {
    let (people, recordings) = (store.reviewers()?, store.recordings()?);
    let mut reviews = Vec::new();
    for head in store.reviews()? {
        let reviewer = people.iter().find(|reviewer| reviewer.id == head.key.reviewer);
        let recording = recordings.iter().find(|facts| facts.id == head.key.recording);
        let (Some(reviewer), Some(recording)) = (reviewer, recording) else { continue };
        reviews.push(json!({
            "recording": recording.id,
            "name": recording.name,
            "last_seen": recording.place,
            "reviewer": reviewer,
            "state": head.state.code(),
            "confirmed": head.state.is_confirmed(),
            "version": head.version.0,
            "changed": head.changed.to_string(),
        }));
    }
    let mut out = io::stdout().lock();
    if as_json {
        let database = store.path().display().to_string();
        Printer::new(out, false)
            .print(&json!({ "schema": "efficientecg.review-list/1", "database": database, "reviews": reviews }))?;
        return Ok(Exit::Done);
    }
    if reviews.is_empty() {
        writeln!(out, "no reviews in {}", store.path().display())?;
    }
    for review in &reviews {
        let text = |field: &str| review.get(field).and_then(Value::as_str).unwrap_or_default();
        let name = review.pointer("/reviewer/name").and_then(Value::as_str).unwrap_or_default();
        let short = text("recording").get(..12).unwrap_or_default();
        writeln!(out, "{short}  {:<16} {:<24} {:<10} {}", text("name"), name, text("state"), text("changed"))?;
    }
    Ok(Exit::Done)
}

/// Shows the reviews of one recording.
pub fn show(store: &SqliteStore, arguments: &ShowArgs) -> Result<Exit> {
    let facts = select::recording(store, &arguments.recording)?;
    let found = select::reviews(store, &facts.id, arguments.reviewer.as_deref())?;
    if found.is_empty() {
        bail!("{}: no such review", arguments.recording);
    }
    let mut out = io::stdout().lock();
    for (head, reviewer) in &found {
        let review = load(store, &head.key, facts.length)?;
        let trail = if arguments.trail { store.entries(&head.key, Version(0))? } else { Vec::new() };
        if arguments.json {
            let mut document = serde_json::to_value(ReviewDocument::new(&review, reviewer, &facts.name, facts.rate))?;
            if arguments.trail {
                let entries: Vec<Value> = trail.iter().map(entry).collect::<Result<_>>()?;
                document["trail"] = Value::Array(entries);
            }
            Printer::new(&mut out, found.len() > 1).print(&document)?;
            continue;
        }
        text(&mut out, &review, reviewer, &facts)?;
        for stored in &trail {
            let event = stored.parsed()?;
            let name = match &event {
                crate::review::Event::Step(step) => step.name.clone(),
                other => other.word().to_owned(),
            };
            let said = stored.said.as_ref().map_or_else(String::new, |said| format!("; the machine had said {said}"));
            let reason = stored.reason.as_ref().map_or_else(String::new, |reason| format!("; reason: {reason}"));
            writeln!(out, "  {:>6}  {}  {}  {name}{reason}{said}", stored.version.0, stored.at, reviewer.initials)?;
        }
    }
    Ok(Exit::Done)
}

fn entry(stored: &crate::review::store::TrailEntry) -> Result<Value> {
    Ok(json!({
        "number": stored.number,
        "version": stored.version.0,
        "at": stored.at.to_string(),
        "behind_ms": stored.behind_ms,
        "by": stored.by,
        "event": serde_json::from_str::<Value>(&stored.event)?,
        "reason": stored.reason,
        "machine_said": stored.said.as_deref().map(serde_json::from_str::<Value>).transpose()?,
        "previous": stored.previous,
        "hash": stored.hash,
    }))
}

fn text(out: &mut impl Write, review: &Review, reviewer: &Reviewer, facts: &RecordingFacts) -> Result<()> {
    writeln!(out, "{} ({})", facts.name, facts.id.short())?;
    writeln!(out, "  {}", exchange::statement(review, &reviewer.name))?;
    let beats = &review.content().beats;
    let mut counts: BTreeMap<char, usize> = BTreeMap::new();
    beats.as_slice().iter().for_each(|beat| *counts.entry(beat.label.key()).or_default() += 1);
    let counts: Vec<String> = counts.into_iter().map(|(key, count)| format!("{key} {count}")).collect();
    let decided = beats.as_slice().iter().filter(|beat| beat.decided).count();
    writeln!(out, "  beats {} ({}), {decided} decided by a person", beats.len(), counts.join(", "))?;
    for interval in review.content().intervals.values() {
        let seconds = |at| facts.rate.seconds(at);
        let text = if interval.text.is_empty() { String::new() } else { format!(": {}", interval.text) };
        writeln!(
            out,
            "  {} {:.3}-{:.3} s{text}",
            interval.kind.name(),
            seconds(interval.range.start),
            seconds(interval.range.end)
        )?;
    }
    for finding in review.findings() {
        let Some(judgement) = finding.judgement else { continue };
        let verdict = match (judgement.verdict, finding.machine) {
            (Verdict::Present, Some(_)) => "accepted",
            (Verdict::Present, None) => "added",
            (Verdict::Absent, _) => "rejected",
        };
        let comment = if judgement.comment.is_empty() { String::new() } else { format!(": {}", judgement.comment) };
        writeln!(out, "  {verdict} {} ({}){comment}", review.finding_label(finding.key), judgement.certainty.name())?;
    }
    if !review.content().conclusion.is_empty() {
        writeln!(out, "  conclusion: {}", review.content().conclusion)?;
    }
    Ok(())
}
