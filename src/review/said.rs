//! What the machine had said about something that a person changes: it goes into the trail beside the change.

use super::{Baseline, Change, Event, content::match_window};
use crate::recording::SampleIndex;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Beats that are listed one by one; of more, counts by label.
const LISTED: usize = 50;

/// What the machine had said where an event changes something; `None` where it changes nothing the machine speaks about. `"nothing"`: no beat, no such finding.
pub fn said(event: &Event, machine: Option<&Baseline>) -> Option<Value> {
    let Event::Step(step) = event else { return None };
    let Some(machine) = machine else { return Some(json!("no labels of the machine yet")) };
    let all: Vec<Value> = step.changes.iter().filter_map(|change| of(change, machine)).collect();
    match all.len() {
        0 => None,
        1 => all.into_iter().next(),
        _ => Some(Value::Array(all)),
    }
}

fn of(change: &Change, machine: &Baseline) -> Option<Value> {
    match change {
        Change::Relabel { .. } | Change::Beats { .. } => Some(beats(&change.beats_touched(), machine)),
        Change::Finding { key, .. } => Some(match machine.finding(key) {
            Some(finding) => {
                json!({ "finding": key.to_string(), "label": finding.label, "present": finding.present, "probability": finding.probability, "by": finding.by })
            }
            None => json!({ "finding": key.to_string(), "label": "nothing" }),
        }),
        Change::Interval { .. } | Change::Conclusion { .. } | Change::Caliper { .. } => None,
    }
}

fn beats(samples: &[SampleIndex], machine: &Baseline) -> Value {
    let window = match_window(machine.rate);
    let label = |at: SampleIndex| {
        let next = machine.beats.partition_point(|beat| beat.sample < at);
        let around = [next.checked_sub(1), Some(next)].into_iter().flatten().filter_map(|index| machine.beats.get(index));
        let near = around.filter(|beat| beat.sample.0.abs_diff(at.0) <= window).min_by_key(|beat| beat.sample.0.abs_diff(at.0));
        near.map_or_else(|| "nothing".to_owned(), |beat| beat.label.to_string())
    };
    if samples.len() <= LISTED {
        return json!({ "beats": samples.iter().map(|at| json!([at.0, label(*at)])).collect::<Vec<_>>() });
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for at in samples {
        *counts.entry(label(*at)).or_default() += 1;
    }
    json!({ "counts": counts })
}
