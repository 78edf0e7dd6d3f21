//! The median beat: what the dominant beats of a recording have in common, with the noise taken out of it.
//!
//! Beats of the dominant shape are chosen, brought into register to a fraction of a sample by the cross-correlation of all leads
//! together, levelled at the isoelectric segment before the QRS complex, and reduced to their median sample by sample. A median, unlike
//! a mean, is not moved by the odd artefact.

mod align;
mod build;
mod interpolate;
mod select;
#[cfg(test)]
mod tests;

use crate::recording::{LeadName, Rate};
use std::ops::Range;

pub(crate) use select::select;

/// Most beats a median beat is made of. More would not be quieter by much: the noise falls with the root of their number.
pub const MOST_BEATS: usize = 300;
/// Reaches this far before R, seconds; less where the beat before has not ended by then, more where P begins earlier.
pub const BEFORE_S: f64 = 0.35;
/// The farthest that it reaches before R for the sake of P, seconds.
pub const MOST_BEFORE_S: f64 = 0.55;
/// Reaches this far after R, seconds; less where the next beat has begun by then.
pub const AFTER_S: f64 = 0.65;

/// A lead to be averaged.
#[derive(Debug, Clone, Copy)]
pub struct SourceLead<'a> {
    /// Which lead.
    pub name: &'a LeadName,
    /// Samples in millivolts in the diagnostic band; what is not finite is invalid.
    pub samples: &'a [f32],
}

/// What a median beat is made of.
#[derive(Debug, Clone, Copy)]
pub struct MedianInput<'a> {
    /// The leads, all at one rate and from one first sample. Where lengths differ the missing end counts as invalid.
    pub leads: &'a [SourceLead<'a>],
    /// Their rate.
    pub rate: Rate,
    /// R peaks in samples, ascending.
    pub peaks: &'a [f64],
    /// Which of the beats may be used, e.g. those of class N; `None`: all. Of those the dominant shape is taken.
    pub used: Option<&'a [bool]>,
}

/// The median beat of one lead.
#[derive(Debug, Clone, PartialEq)]
pub struct MedianBeat {
    /// Which lead.
    pub lead: LeadName,
    /// Millivolts relative to the isoelectric level before QRS. NaN where fewer than half of the lead's beats have a valid sample.
    pub samples: Vec<f32>,
    /// Standard error of the samples, millivolts: how far noise may still have moved them. `None` when made of fewer than three beats.
    pub noise_mv: Option<f32>,
    /// Number of beats it was made of.
    pub beats: usize,
}

/// The median beats of a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct MedianBeats {
    /// Their rate: that of the leads.
    pub rate: Rate,
    /// Index of the R peak in each lead's samples.
    pub origin: usize,
    /// Lead by lead, in the order given; leads without a usable beat are left out.
    pub leads: Vec<MedianBeat>,
    /// The beats it was made of, by their number among the peaks given; at most [`MOST_BEATS`], evenly spread.
    pub beats_used: Vec<usize>,
    /// For each of them, by how many samples its R peak was moved to bring it into register.
    pub shifts: Vec<f64>,
    /// Where the baseline was taken, samples relative to R.
    pub level: Range<f64>,
    /// Number of beats that have the dominant shape among those looked at (of a long recording a sample of them is).
    pub alike: usize,
    /// Number of beats looked at.
    pub looked_at: usize,
}

impl MedianBeats {
    /// The median beat of that lead.
    pub fn lead(&self, lead: &LeadName) -> Option<&MedianBeat> {
        self.leads.iter().find(|l| l.lead == *lead)
    }

    /// Each used beat with its R peak after alignment, in samples of the recording.
    pub fn aligned<'a>(&'a self, peaks: &'a [f64]) -> impl Iterator<Item = (usize, f64)> + 'a {
        self.beats_used.iter().zip(&self.shifts).filter_map(|(beat, shift)| Some((*beat, peaks.get(*beat)? + shift)))
    }
}

/// What is known of the beats before they are averaged; all in samples relative to R.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hints {
    /// An isoelectric segment before QRS.
    pub level: Option<Range<f64>>,
    /// Where the T wave ends.
    pub t_end: Option<f64>,
    /// Where the median beat must begin to hold the P wave and the baseline before it.
    pub begin: Option<f64>,
}

/// Which beats a median beat is made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Number among the peaks, ascending.
    pub beats: Vec<usize>,
    /// Coarse shifts of R, samples.
    pub shifts: Vec<f64>,
    pub alike: usize,
    pub looked_at: usize,
}

/// Makes the median beat. `None` when no beat lies in a valid part of any lead, or the rate is below
/// [`LEAST_HZ`](crate::signal::beats::LEAST_HZ).
pub fn median_beats(input: &MedianInput) -> Option<MedianBeats> {
    let selection = select(input);
    make(input, selection, &Hints::default())
}

pub(crate) fn make(input: &MedianInput, selection: Selection, hints: &Hints) -> Option<MedianBeats> {
    let Selection { beats, shifts, alike, looked_at } = selection;
    let shifts = align::align(input, &beats, &shifts);
    build::build(input, beats, shifts, hints).map(|made| MedianBeats { alike, looked_at, ..made })
}

/// Largest less smallest valid value of what lies within `reach` samples of `at`.
fn span_around(samples: &[f32], at: f64, reach: f64) -> Option<f32> {
    let piece = samples.get(index(at - reach)..index(at + reach + 1.0).min(samples.len()))?;
    let (low, high) =
        piece.iter().filter(|v| v.is_finite()).fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    (high >= low && (high - low).is_finite()).then_some(high - low)
}

/// A position as index: nothing lies before 0.
fn index(at: f64) -> usize {
    at.round().max(0.0) as usize
}

/// What each lead is divided by before leads are compared together: its usual size, but at least the usual size of all
/// leads, so that small leads stay small and a lead in other units than millivolts does not outweigh the rest.
fn scales(input: &MedianInput, beats: &[usize]) -> Vec<f32> {
    const LOOKED_AT: usize = 16;
    let step = beats.len().div_ceil(LOOKED_AT).max(1);
    let reach = 0.1 * input.rate.hz();
    let mut spans = Vec::new();
    let usual: Vec<f32> = input
        .leads
        .iter()
        .map(|lead| {
            spans.clear();
            let peaks = beats.iter().step_by(step).filter_map(|b| input.peaks.get(*b));
            spans.extend(peaks.filter_map(|at| span_around(lead.samples, *at, reach)));
            crate::signal::robust::median(&mut spans).unwrap_or(0.0)
        })
        .collect();
    let all = crate::signal::robust::median(&mut usual.iter().copied().filter(|s| *s > 0.0).collect()).unwrap_or(1.0);
    usual.into_iter().map(|own| own.max(all).max(f32::MIN_POSITIVE)).collect()
}
