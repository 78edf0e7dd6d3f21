//! Runs of ectopic beats.

use super::Counted;
use crate::recording::BeatLabel;
use serde::Serialize;

/// Beats of a run at least: two are a couplet.
const LEAST: usize = 3;

/// Which beats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Of V beats.
    Ventricular,
    /// Of S beats.
    Supraventricular,
}

/// Three or more ectopic beats in a row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Run {
    /// Which beats.
    pub kind: Kind,
    /// Where it begins, seconds.
    pub at_s: f64,
    /// How many.
    pub beats: usize,
    /// Their mean rate; `None`: a gap lies in it.
    pub bpm: Option<f64>,
}

/// All runs in time order. A gap ends a run.
pub fn runs(counted: &Counted) -> Vec<Run> {
    let kind = |beat: usize| match counted.beats.get(beat)?.label? {
        BeatLabel::V => Some(Kind::Ventricular),
        BeatLabel::S => Some(Kind::Supraventricular),
        _ => None,
    };
    let mut out = Vec::new();
    let mut first = 0;
    while first < counted.beats.len() {
        let Some(own) = kind(first) else {
            first += 1;
            continue;
        };
        let mut end = first + 1;
        while end < counted.beats.len() && kind(end) == Some(own) && counted.rr.get(end - 1).copied().flatten().is_some() {
            end += 1;
        }
        if end - first >= LEAST {
            let rr = counted.rr.get(first..end - 1).unwrap_or_default();
            let sum = rr.iter().copied().sum::<Option<f64>>().filter(|sum| *sum > 0.0);
            let bpm = sum.map(|sum| 60.0 * rr.len() as f64 / sum);
            out.push(Run { kind: own, at_s: counted.at_s(first), beats: end - first, bpm });
        }
        first = end;
    }
    out
}
