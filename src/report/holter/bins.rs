//! Counts by stretches of time.

use super::{Counted, PAUSE_S, RateAt, Run};
use crate::{recording::BeatLabel, signal::quality::PauseCause};
use serde::Serialize;

/// One stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Bin {
    /// Where it begins, seconds.
    pub from_s: f64,
    /// Where it ends.
    pub to_s: f64,
    /// Beats.
    pub beats: usize,
    /// S beats.
    pub supraventricular: usize,
    /// V beats.
    pub ventricular: usize,
    /// Mean rate of the intervals that begin in it; `None`: there are none.
    pub mean_bpm: Option<f64>,
    /// Lowest rate.
    pub lowest_bpm: Option<f64>,
    /// Highest rate.
    pub highest_bpm: Option<f64>,
    /// Runs that begin in it.
    pub runs: usize,
    /// Intervals of [`PAUSE_S`] or more, with signal, that begin in it.
    pub pauses: usize,
    /// Share of the model's windows in it whose rhythm is atrial fibrillation; `None`: no window was answered.
    pub fibrillation: Option<f64>,
    /// Seconds without signal.
    pub lost_s: f64,
}

/// The bins and the whole.
pub fn bins(counted: &Counted, rates: &[RateAt], runs: &[Run], bin_s: f64) -> (Vec<Bin>, Bin) {
    let count = (counted.length_s / bin_s).ceil().max(1.0) as usize;
    let bins =
        (0..count).map(|i| one(counted, rates, runs, bin_s * i as f64, (bin_s * (i + 1) as f64).min(counted.length_s))).collect();
    (bins, one(counted, rates, runs, 0.0, counted.length_s + 1e-9))
}

fn one(counted: &Counted, rates: &[RateAt], runs: &[Run], from_s: f64, to_s: f64) -> Bin {
    let within = |at: f64| at >= from_s && at < to_s;
    let first = counted.beats.partition_point(|beat| counted.rate.seconds(beat.at) < from_s);
    let last = counted.beats.partition_point(|beat| counted.rate.seconds(beat.at) < to_s);
    let beats = counted.beats.get(first..last).unwrap_or_default();
    let rr: Vec<f64> =
        counted.rr.get(first..last.min(counted.rr.len())).unwrap_or_default().iter().filter_map(|rr| *rr).collect();
    let sum: f64 = rr.iter().sum();
    let begin = rates.partition_point(|rate| rate.at_s < from_s);
    let own = || rates.get(begin..).unwrap_or_default().iter().take_while(|rate| rate.at_s < to_s).map(|rate| rate.bpm);
    let of = |label: BeatLabel| beats.iter().filter(|beat| beat.label == Some(label)).count();
    Bin {
        from_s,
        to_s: to_s.min(counted.length_s),
        beats: beats.len(),
        supraventricular: of(BeatLabel::S),
        ventricular: of(BeatLabel::V),
        mean_bpm: (sum > 0.0).then(|| 60.0 * rr.len() as f64 / sum),
        lowest_bpm: own().reduce(f64::min),
        highest_bpm: own().reduce(f64::max),
        runs: runs.iter().filter(|run| within(run.at_s)).count(),
        pauses: rr.iter().filter(|rr| **rr >= PAUSE_S).count(),
        fibrillation: fibrillation(counted, from_s, to_s),
        lost_s: lost(counted, from_s, to_s),
    }
}

fn fibrillation(counted: &Counted, from_s: f64, to_s: f64) -> Option<f64> {
    let windows = &counted.input.analysis?.windows;
    let first = windows.partition_point(|window| window.start_s < from_s);
    let (mut answered, mut found) = (0usize, 0usize);
    for window in windows.get(first..)?.iter().take_while(|window| window.start_s < to_s) {
        let rhythm = |code: &str| window.findings.iter().find(|finding| finding.task == "rhythm" && finding.code == code);
        if let Some(finding) = rhythm("A") {
            answered += 1;
            found += usize::from(finding.present);
        }
    }
    (answered > 0).then(|| found as f64 / answered as f64)
}

/// Seconds in gaps and where all leads were lost.
fn lost(counted: &Counted, from_s: f64, to_s: f64) -> f64 {
    let recording = counted.input.recording;
    let pauses = counted.input.analysis.map(|analysis| analysis.quality.pauses.as_slice()).unwrap_or_default();
    let lost = pauses.iter().filter(|pause| pause.cause == PauseCause::SignalLost).map(|pause| pause.range);
    let mut spans: Vec<(f64, f64)> = recording
        .gaps
        .iter()
        .copied()
        .chain(lost)
        .map(|range| (recording.rate.seconds(range.start).max(from_s), recording.rate.seconds(range.end).min(to_s)))
        .filter(|(from, to)| to > from)
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut total, mut reached) = (0.0, from_s);
    for (from, to) in spans {
        // A gap within a lost stretch counts once.
        total += (to - from.max(reached)).max(0.0);
        reached = reached.max(to);
    }
    total
}
