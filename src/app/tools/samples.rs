//! Samples for the tools: of the recording, and as the page shows them.

use crate::{
    app::{page::traces, state::State},
    recording::{LeadName, SampleIndex, Signal},
};
use std::{ops::Range, sync::Arc};

/// Most samples a tool looks at in one frame.
const MOST: u64 = 400_000;

/// Unfiltered samples of a lead in millivolts (NaN where invalid) from `start` at the recording's rate; empty where they cannot be read.
pub fn of_recording(state: &State, lead: &LeadName, start: u64, count: u64) -> Vec<f32> {
    let mut out = Vec::new();
    let signal = state.recording().and_then(|recording| recording.lead(lead).filter(|s| s.rate == recording.rate).cloned());
    if let Some(signal) = signal {
        let count = count.min(MOST).min(signal.len().saturating_sub(start));
        if signal.read_millivolts(start, count as usize, &mut out).is_err() {
            out.clear();
        }
    }
    out
}

/// The unfiltered value of a lead at one place; `None` where there is none.
pub fn value_at(state: &State, lead: &LeadName, at: SampleIndex) -> Option<f32> {
    of_recording(state, lead, at.0, 1).first().copied().filter(|value| value.is_finite())
}

/// A stretch of seconds of a lead as the page shows it (filtered where the page is): its first sample's second, the seconds between samples, the
/// values.
pub fn shown(state: &State, signal: &Arc<Signal>, seconds: Range<f64>) -> Option<(f64, f64, Vec<f32>)> {
    let hz = signal.rate.hz();
    let first = ((seconds.start * hz).floor() - 1.0).max(0.0) as u64;
    let last = (((seconds.end * hz).ceil() + 2.0).max(0.0) as u64).min(signal.len()).min(first.saturating_add(MOST));
    let settings = state.filtering.applied(signal.rate);
    let values = traces::as_shown(signal, &settings, &(first..last.max(first))).ok()?;
    Some((first as f64 / hz, 1.0 / hz, values))
}
