//! What there is to jump to: annotations, pauses, and where the model begins to find something.

use super::beat;
use crate::{
    app::{
        language::{self, words},
        state::State,
        update::{Effect, centre_on},
    },
    recording::SampleIndex,
    words::fill,
};
use std::collections::BTreeSet;

/// Times between beats that are longer are pauses, in seconds.
pub const PAUSE_S: f64 = 2.0;

/// What kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// An annotation that came with the file and marks no beat.
    Annotation,
    /// A long time without a beat.
    Pause,
    /// A window of a long recording from which on something is found.
    Finding,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageEvent {
    /// Where it begins.
    pub at: SampleIndex,
    /// What kind.
    pub kind: EventKind,
    /// In words.
    pub what: String,
}

/// All events, ascending.
pub fn events(state: &State) -> Vec<PageEvent> {
    let mut out = annotations(state);
    out.extend(pauses(state));
    out.extend(findings(state));
    out.sort();
    out
}

/// Annotations that mark no beat.
pub fn annotations(state: &State) -> Vec<PageEvent> {
    let sets = state.recording().map(|recording| recording.annotations.as_slice()).unwrap_or_default();
    sets.iter()
        .flat_map(|set| set.annotations.iter().map(move |annotation| (set, annotation)))
        .filter(|(_, annotation)| !annotation.mnemonic.is_beat())
        .map(|(set, annotation)| {
            let text = if annotation.text.trim().is_empty() { annotation.mnemonic.as_str() } else { annotation.text.trim() };
            PageEvent { at: annotation.at, kind: EventKind::Annotation, what: format!("{text} ({})", set.annotator) }
        })
        .collect()
}

/// Times of more than [`PAUSE_S`] from beat to beat; none across a gap, where nothing is known.
pub fn pauses(state: &State) -> Vec<PageEvent> {
    let (Some(recording), Some(analysis)) = (state.recording(), &state.analysis) else { return Vec::new() };
    if state.machine_hidden() {
        return Vec::new();
    }
    let least = PAUSE_S * recording.rate.hz();
    let apart = |from: SampleIndex, to: SampleIndex| recording.gaps.iter().any(|gap| gap.start < to && gap.end > from);
    let pairs = analysis.beats.windows(2).filter_map(|pair| match pair {
        [a, b] => Some((a.sample, b.sample)),
        _ => None,
    });
    pairs
        .filter(|(from, to)| (to.0.saturating_sub(from.0)) as f64 > least && !apart(*from, *to))
        .map(|(from, to)| {
            let seconds = (to.0 - from.0) as f64 / recording.rate.hz();
            PageEvent {
                at: from,
                kind: EventKind::Pause,
                what: fill(&language::window().tools.pause, &[("seconds", &words().number(seconds, 1))]),
            }
        })
        .collect()
}

/// Windows of a long recording in which something begins to be found that the window before had not: the chosen finding, or without one any but a
/// normal rhythm and a normal ECG.
pub fn findings(state: &State) -> Vec<PageEvent> {
    let Some(analysis) = state.analysis.as_ref().filter(|_| !state.machine_hidden()) else { return Vec::new() };
    let chosen = state.chosen_finding().map(|finding| (finding.task.as_str(), finding.code.as_str()));
    let mut out = Vec::new();
    let mut before: BTreeSet<(&str, &str)> = BTreeSet::new();
    for window in &analysis.windows {
        let found = window.findings.iter().filter(|finding| match chosen {
            Some(chosen) => finding.present && (finding.task.as_str(), finding.code.as_str()) == chosen,
            None => finding.present && !matches!(finding.code.as_str(), "N" | "NORM"),
        });
        let mut now = BTreeSet::new();
        for finding in found {
            let key = (finding.task.as_str(), finding.code.as_str());
            if !before.contains(&key) {
                out.push(PageEvent {
                    at: window.range.start,
                    kind: EventKind::Finding,
                    what: fill(&language::window().tools.begins, &[("finding", language::finding_of(finding))]),
                });
            }
            now.insert(key);
        }
        before = now;
    }
    out
}

/// Goes to the event so many further on from the middle of the page, and says what it is.
pub fn step(state: &mut State, by: isize) -> Vec<Effect> {
    let events = events(state);
    let (here, _) = beat::middle(state);
    // From the event the reader was taken to, as long as they have not scrolled since.
    let current = state.tools.beat.event.as_ref().filter(|_| state.tools.beat.event_view == state.view.start);
    let target = match current {
        Some(current) => {
            let index = events.iter().position(|event| event == current);
            index.and_then(|index| events.get(index.checked_add_signed(by)?))
        }
        None if by > 0 => events.iter().filter(|event| event.at > here).nth(by.unsigned_abs() - 1),
        None => events.iter().rev().filter(|event| event.at < here).nth(by.unsigned_abs().saturating_sub(1)),
    };
    let Some(target) = target.cloned() else { return Vec::new() };
    let second = state.recording().map_or(0.0, |recording| recording.rate.seconds(target.at));
    state.tools.beat.event = Some(target);
    let effects = centre_on(state, second);
    state.tools.beat.event_view = state.view.start;
    effects
}
