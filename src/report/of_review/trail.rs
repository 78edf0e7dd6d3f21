//! The audit trail as a report prints it: what was done, what stood there before, what stands there after.
//!
//! The words are those that were kept when the edit was made, whatever the report's language: a trail is not translated.

use crate::{
    recording::{Rate, SampleIndex},
    report::reviewed::AuditEntry,
    review::{
        Beat, BeatType, Change, Event, Interval, Judgement, Reviewer, Verdict,
        store::{StoreError, TrailEntry},
    },
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Beats that are told one by one; of more, counts by label.
const LISTED: usize = 4;

/// The entries, oldest first.
pub(super) fn entries(trail: &[TrailEntry], people: &[Reviewer], rate: Rate) -> Result<Vec<AuditEntry>, StoreError> {
    trail.iter().map(|stored| entry(stored, people, rate)).collect()
}

fn entry(stored: &TrailEntry, people: &[Reviewer], rate: Rate) -> Result<AuditEntry, StoreError> {
    let event = stored.parsed()?;
    let mut what = match &event {
        Event::Step(step) => step.name.clone(),
        other => other.word().to_owned(),
    };
    if let Some(reason) = &stored.reason {
        what.push_str(&format!("; reason: {reason}"));
    }
    let (mut before, mut after) = (Vec::new(), Vec::new());
    if let Event::Step(step) = &event {
        for change in &step.changes {
            let (was, is) = sides(change, rate);
            before.extend(was);
            after.extend(is);
        }
    }
    before.extend(stored.said.as_deref().and_then(said));
    let who = people.iter().find(|person| person.id == stored.by);
    Ok(AuditEntry {
        when: stored.at.to_string(),
        who: who.map_or_else(|| stored.by.to_string(), |person| person.name.clone()),
        what,
        before: before.join("; "),
        after: after.join("; "),
    })
}

/// What a change found and what it left; `None`: nothing.
fn sides(change: &Change, rate: Rate) -> (Option<String>, Option<String>) {
    match change {
        Change::Relabel { to, from } => {
            let each: Vec<(SampleIndex, BeatType)> =
                from.iter().flat_map(|group| group.samples.iter().map(|at| (*at, group.label))).collect();
            (beats(&each, rate), Some(to.to_string()))
        }
        Change::Beats { removed, added } => (beats(&placed(removed), rate), beats(&placed(added), rate)),
        Change::Interval { before, after, .. } => {
            (before.as_ref().map(|it| interval(it, rate)), after.as_ref().map(|it| interval(it, rate)))
        }
        Change::Finding { key, before, after } => {
            let told = |side: &Option<Judgement>| side.as_ref().map(|it| format!("{key}: {}", judgement(it)));
            (told(before), told(after))
        }
        Change::Conclusion { before, after } => {
            let told = |text: &String| (!text.trim().is_empty()).then(|| text.clone());
            (told(before), told(after))
        }
        Change::Caliper { before, after, .. } => {
            let told = |side: &Option<Value>| side.as_ref().map(|_| "caliper".to_owned());
            (told(before), told(after))
        }
    }
}

fn placed(beats: &[Beat]) -> Vec<(SampleIndex, BeatType)> {
    beats.iter().map(|beat| (beat.sample, beat.label)).collect()
}

fn beats(beats: &[(SampleIndex, BeatType)], rate: Rate) -> Option<String> {
    if beats.is_empty() {
        return None;
    }
    if beats.len() <= LISTED {
        let each = beats.iter().map(|(at, label)| format!("{label} at {:.3} s", rate.seconds(*at)));
        return Some(each.collect::<Vec<_>>().join(", "));
    }
    let mut counts: BTreeMap<BeatType, usize> = BTreeMap::new();
    beats.iter().for_each(|(_, label)| *counts.entry(*label).or_default() += 1);
    Some(counts.into_iter().map(|(label, count)| format!("{label} × {count}")).collect::<Vec<_>>().join(", "))
}

fn interval(interval: &Interval, rate: Rate) -> String {
    let seconds = |at| rate.seconds(at);
    let text = if interval.text.is_empty() { String::new() } else { format!(": {}", interval.text) };
    format!("{} {:.3}–{:.3} s{text}", interval.kind.name(), seconds(interval.range.start), seconds(interval.range.end))
}

fn judgement(judgement: &Judgement) -> String {
    let verdict = match judgement.verdict {
        Verdict::Present => "present",
        Verdict::Absent => "absent",
    };
    let comment = if judgement.comment.is_empty() { String::new() } else { format!(": {}", judgement.comment) };
    format!("{verdict}, {}{comment}", judgement.certainty.name())
}

/// What the machine had said of findings. Of beats it is what was found there, unless somebody had changed them before: then the counts differ and the
/// first entry tells.
fn said(text: &str) -> Option<String> {
    let one = |value: &Value| {
        let label = value.get("label")?.as_str()?;
        if label == "nothing" {
            return Some("machine: nothing".to_owned());
        }
        let verdict = if value.get("present")?.as_bool()? { "present" } else { "absent" };
        let probability = value.get("probability").and_then(Value::as_f64);
        let probability = probability.map_or_else(String::new, |p| format!(" {:.0} %", p * 100.0));
        Some(format!("machine: {label} {verdict}{probability}"))
    };
    let all: Vec<String> = match serde_json::from_str(text).ok()? {
        Value::Array(values) => values.iter().filter_map(one).collect(),
        value => one(&value).into_iter().collect(),
    };
    (!all.is_empty()).then(|| all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_beats_are_listed_and_many_counted() {
        let some = |count: u64| (0..count).map(|at| (SampleIndex(at * 250), BeatType::Normal)).collect::<Vec<_>>();
        assert_eq!(beats(&some(0), Rate::HZ_500), None);
        assert_eq!(beats(&some(2), Rate::HZ_500).as_deref(), Some("N at 0.000 s, N at 0.500 s"));
        assert_eq!(beats(&some(9), Rate::HZ_500).as_deref(), Some("N × 9"));
    }

    #[test]
    fn what_the_machine_said_is_told() {
        let text = r#"{"finding":"rhythm A","label":"Atrial fibrillation","present":true,"probability":0.93,"by":"m"}"#;
        assert_eq!(said(text).as_deref(), Some("machine: Atrial fibrillation present 93 %"));
        assert_eq!(said(r#"{"finding":"reader X","label":"nothing"}"#).as_deref(), Some("machine: nothing"));
        assert_eq!(said(r#"{"beats":[[1,"N"]]}"#), None);
        assert_eq!(said("{"), None);
    }
}
