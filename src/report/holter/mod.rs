//! The numbers of a long recording: rates over time, ectopic beats and their runs, pauses. No pages here.
//!
//! Beats are the reader's where beats were corrected, else the machine's. Nothing is counted across a gap: an interval with a gap in it is
//! no RR interval. Rates are means over [`OVER`] intervals, so that one premature beat is no rate.

mod bins;
mod runs;

pub use bins::{Bin, bins};
pub use runs::{Kind, Run, runs};

use super::{ReportInput, content::beats_of};
use crate::{
    recording::{BeatLabel, Rate, SampleIndex, SampleRange},
    signal::quality::PauseCause,
};
use serde::Serialize;

/// Recordings from this length on have a summary, seconds.
pub const LEAST_S: f64 = 600.0;
/// Intervals that a rate is the mean of.
pub const OVER: usize = 8;
/// From this length an interval is listed as a pause, seconds.
pub const PAUSE_S: f64 = 2.0;

/// A beat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HolterBeat {
    /// R peak.
    pub at: SampleIndex,
    /// Class.
    pub label: Option<BeatLabel>,
}

/// A rate and when.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RateAt {
    /// Beats a minute.
    pub bpm: f64,
    /// Seconds from the recording's start.
    pub at_s: f64,
}

/// An interval without a beat.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Where it begins, seconds from the recording's start.
    pub at_s: f64,
    /// How long it is.
    pub seconds: f64,
    /// Why no beat is seen, where it was judged; `None`: an ordinary RR interval.
    pub cause: Option<PauseCause>,
}

/// Summary of a long recording.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Holter {
    /// Length of a bin, seconds.
    pub bin_s: f64,
    /// The bins in time order.
    pub bins: Vec<Bin>,
    /// Whole recording.
    pub total: Bin,
    /// Longest intervals, the longest first.
    pub longest: Vec<Interval>,
    /// Fastest stretches, the fastest first, not overlapping.
    pub fastest: Vec<RateAt>,
    /// Slowest stretches, the slowest first, not overlapping.
    pub slowest: Vec<RateAt>,
    /// Runs of ectopic beats, the longest first.
    pub runs: Vec<Run>,
}

/// Entries of the lists.
const LISTED: usize = 5;

/// What everything is counted from.
pub struct Counted<'a> {
    /// Rate.
    pub rate: Rate,
    /// Length of the recording, seconds.
    pub length_s: f64,
    /// Beats in time order.
    pub beats: Vec<HolterBeat>,
    /// RR interval before each beat from the second on, seconds; `None`: a gap or a lost signal lies in it.
    pub rr: Vec<Option<f64>>,
    /// What there is.
    pub input: &'a ReportInput<'a>,
}

impl<'a> Counted<'a> {
    /// Gathers beats and intervals.
    pub fn new(input: &'a ReportInput<'a>) -> Self {
        let recording = input.recording;
        let mut beats: Vec<HolterBeat> = beats_of(input).into_iter().map(|(at, label)| HolterBeat { at, label }).collect();
        beats.sort_by_key(|beat| beat.at);
        let mut lost: Vec<SampleRange> = recording.gaps.clone();
        if let Some(analysis) = input.analysis {
            let hidden = analysis.quality.pauses.iter().filter(|pause| pause.cause != PauseCause::NoQrs);
            lost.extend(hidden.map(|pause| pause.range));
        }
        lost.sort_by_key(|range| range.start);
        let rate = recording.rate;
        let mut next = 0;
        let rr = beats
            .windows(2)
            .map(|pair| {
                let (from, to) = (pair[0].at, pair[1].at);
                while lost.get(next).is_some_and(|range| range.end <= from) {
                    next += 1;
                }
                let clear = lost.get(next).is_none_or(|range| range.start >= to);
                clear.then(|| (to.0 - from.0) as f64 / rate.hz())
            })
            .collect();
        Self { rate, length_s: recording.duration_s(), beats, rr, input }
    }

    /// Time of a beat, seconds.
    pub fn at_s(&self, beat: usize) -> f64 {
        self.beats.get(beat).map_or(0.0, |beat| self.rate.seconds(beat.at))
    }

    /// Mean rates over [`OVER`] intervals in a row, each with the time of its middle.
    pub fn rates(&self) -> Vec<RateAt> {
        let window = |first: usize, rr: &[Option<f64>]| -> Option<RateAt> {
            let sum = rr.iter().copied().sum::<Option<f64>>().filter(|sum| *sum > 0.0)?;
            Some(RateAt { bpm: 60.0 * rr.len() as f64 / sum, at_s: self.at_s(first + rr.len() / 2) })
        };
        self.rr.windows(OVER).enumerate().filter_map(|(first, rr)| window(first, rr)).collect()
    }
}

impl Holter {
    /// The summary; `None` for recordings shorter than [`LEAST_S`] or without beats.
    pub fn new(input: &ReportInput) -> Option<Self> {
        let counted = Counted::new(input);
        if counted.length_s < LEAST_S || counted.beats.is_empty() {
            return None;
        }
        let bin_s = bin_length(counted.length_s);
        let rates = counted.rates();
        let runs = runs(&counted);
        let (bins, total) = bins(&counted, &rates, &runs, bin_s);
        let mut longest_runs = runs;
        longest_runs.sort_by(|a, b| b.beats.cmp(&a.beats).then(a.at_s.total_cmp(&b.at_s)));
        longest_runs.truncate(2 * LISTED);
        Some(Self {
            bin_s,
            bins,
            total,
            longest: longest(&counted),
            fastest: apart(&rates, |a, b| b.bpm.total_cmp(&a.bpm)),
            slowest: apart(&rates, |a, b| a.bpm.total_cmp(&b.bpm)),
            runs: longest_runs,
        })
    }
}

/// Bins that a page holds: hours for a day, less for less.
fn bin_length(length_s: f64) -> f64 {
    match length_s {
        s if s <= 2.0 * 3600.0 => 300.0,
        s if s <= 8.0 * 3600.0 => 1200.0,
        s if s <= 30.0 * 3600.0 => 3600.0,
        s => 3600.0 * (s / (3600.0 * 28.0)).ceil(),
    }
}

fn longest(counted: &Counted) -> Vec<Interval> {
    let ordinary = counted
        .rr
        .iter()
        .enumerate()
        .filter_map(|(index, rr)| Some(Interval { at_s: counted.at_s(index), seconds: (*rr)?, cause: None }));
    let mut all: Vec<Interval> = ordinary.collect();
    if let Some(analysis) = counted.input.analysis {
        let hz = counted.rate.hz();
        for pause in &analysis.quality.pauses {
            let (from, seconds) = (counted.rate.seconds(pause.range.start), pause.range.len() as f64 / hz);
            match all.iter_mut().find(|interval| (interval.at_s - from).abs() < 0.5 / hz) {
                Some(interval) => interval.cause = Some(pause.cause),
                // With corrected beats the reader's intervals hold, not the pauses between the machine's.
                None if counted.input.reviewed.beats.is_none() => {
                    all.push(Interval { at_s: from, seconds, cause: Some(pause.cause) });
                }
                None => {}
            }
        }
    }
    all.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    all.truncate(LISTED);
    all
}

/// The first of the order that lie at least half a minute apart.
fn apart(rates: &[RateAt], order: impl Fn(&RateAt, &RateAt) -> std::cmp::Ordering) -> Vec<RateAt> {
    let mut sorted = rates.to_vec();
    sorted.sort_by(order);
    let mut out: Vec<RateAt> = Vec::new();
    for rate in sorted {
        if out.len() == LISTED {
            break;
        }
        if out.iter().all(|other| (other.at_s - rate.at_s).abs() >= 30.0) {
            out.push(rate);
        }
    }
    out
}
