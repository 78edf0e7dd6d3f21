//! The part of a recording on which waves are delineated and measured: all of a short one, some seconds of every minute of a long one.

use super::{
    AnalysisError, Progress,
    signals::{Prepared, read_at},
};
use crate::recording::{LeadName, Rate, Recording, SampleIndex, SampleRange, Signal};
use rayon::prelude::*;
use std::{ops::Range, sync::Arc};

/// Recordings up to this length are taken as a whole.
pub(super) const WHOLE_S: f64 = 600.0;
/// Of longer ones this much of every [`EVERY_S`] seconds.
const PIECE_S: f64 = 10.0;
const EVERY_S: f64 = 60.0;
/// Signal on either side of a piece, for filters and for the waves of the beats at its edges.
const MARGIN_S: f64 = 1.5;
/// What separates pieces: no sample, so that nothing is filtered or measured across.
const BETWEEN_S: f64 = 1.0;
/// Samples of all leads together at most (32-bit floats: 256 MiB). Where that is not enough pieces lie farther apart.
const MOST_SAMPLES: f64 = (1u64 << 26) as f64;

/// Leads of an excerpt, pieces one after the other.
#[derive(Debug, Clone)]
pub struct Excerpt {
    /// Rate of the recording and of the samples.
    pub rate: Rate,
    /// Leads in the recording's order; of a long recording the usable ones.
    pub leads: Vec<ExcerptLead>,
    /// R peaks in samples of the excerpt, ascending, those in margins included.
    pub peaks: Vec<f64>,
    /// Number of each of them among the recording's beats.
    pub beats: Vec<usize>,
    /// The pieces.
    pub pieces: Vec<Piece>,
}

/// One lead of an excerpt.
#[derive(Debug, Clone)]
pub struct ExcerptLead {
    /// Its name.
    pub name: LeadName,
    /// Good enough to be analysed.
    pub usable: bool,
    /// Millivolts are true.
    pub calibrated: bool,
    /// Samples as recorded, millivolts, NaN = no valid sample.
    pub samples: Vec<f32>,
}

/// A piece of the recording within an excerpt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// With its margins, in samples of the recording.
    pub range: SampleRange,
    /// Where it begins in the excerpt.
    pub at: usize,
    /// Without its margins, in samples of the excerpt: beats are taken from here.
    pub core: Range<usize>,
}

impl Excerpt {
    /// Reads an excerpt of a recording whose leads were judged and whose beats were found.
    ///
    /// # Errors
    /// When samples cannot be read, or when cancelled.
    pub fn read(recording: &Recording, prepared: &Prepared, progress: &Progress) -> Result<Self, AnalysisError> {
        let usable = prepared.leads.iter().filter(|lead| lead.usable).count();
        Self::pieces(recording, prepared, ranges(prepared.range, recording.rate, usable), progress)
    }

    /// One window of a recording, with margins.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of(
        recording: &Recording,
        prepared: &Prepared,
        window: SampleRange,
        progress: &Progress,
    ) -> Result<Self, AnalysisError> {
        let margin = recording.rate.samples_in(MARGIN_S);
        let range = SampleRange::new(
            window.start.0.saturating_sub(margin).max(prepared.range.start.0),
            (window.end.0 + margin).min(prepared.range.end.0),
        );
        let core = SampleRange::new(window.start.0.max(range.start.0), window.end.0.min(range.end.0));
        Self::pieces(recording, prepared, vec![(range, core)], progress)
    }

    fn pieces(
        recording: &Recording,
        prepared: &Prepared,
        ranges: Vec<(SampleRange, SampleRange)>,
        progress: &Progress,
    ) -> Result<Self, AnalysisError> {
        // What cannot be analysed is still judged where it costs little.
        let short = ranges.len() == 1;
        let chosen: Vec<(&Arc<Signal>, bool)> = (recording.leads.iter().zip(&prepared.leads))
            .map(|(signal, lead)| (signal, lead.usable))
            .filter(|(_, usable)| *usable || short)
            .collect();
        let rate = recording.rate;
        let between = rate.samples_in(BETWEEN_S) as usize;
        let mut pieces = Vec::new();
        let mut at = 0usize;
        for (range, core) in ranges {
            let offset = (core.start.0 - range.start.0) as usize;
            pieces.push(Piece { range, at, core: at + offset..at + offset + core.len() as usize });
            at += range.len() as usize + between;
        }
        let leads = chosen
            .par_iter()
            .map(|(signal, usable)| {
                let mut samples = Vec::with_capacity(at);
                for piece in &pieces {
                    progress.check()?;
                    samples.resize(piece.at, f32::NAN);
                    samples.extend(read_at(signal, piece.range, rate)?);
                }
                Ok(ExcerptLead { name: signal.lead.clone(), usable: *usable, calibrated: signal.calibrated, samples })
            })
            .collect::<Result<Vec<_>, AnalysisError>>()?;
        let (mut peaks, mut beats) = (Vec::new(), Vec::new());
        for piece in &pieces {
            let first = prepared.peaks.partition_point(|peak| *peak < piece.range.start);
            for (number, peak) in prepared.peaks.iter().enumerate().skip(first).take_while(|(_, peak)| **peak < piece.range.end) {
                peaks.push((piece.at as u64 + peak.0 - piece.range.start.0) as f64);
                beats.push(number);
            }
        }
        Ok(Self { rate, leads, peaks, beats, pieces })
    }

    /// The leads that can be analysed.
    pub fn usable(&self) -> impl Iterator<Item = &ExcerptLead> {
        self.leads.iter().filter(|lead| lead.usable)
    }

    /// A position in the excerpt as one in the recording.
    pub fn in_recording(&self, position: f64) -> f64 {
        let piece = self.pieces.partition_point(|piece| piece.at as f64 <= position).saturating_sub(1);
        self.pieces.get(piece).map_or(position, |piece| position - piece.at as f64 + piece.range.start.0 as f64)
    }
}

/// What is read, with margins and without.
fn ranges(whole: SampleRange, rate: Rate, leads: usize) -> Vec<(SampleRange, SampleRange)> {
    let seconds = whole.len() as f64 / rate.hz();
    let each = leads.max(1) as f64 * rate.hz();
    if seconds <= WHOLE_S && seconds * each <= MOST_SAMPLES {
        return vec![(whole, whole)];
    }
    let most = (MOST_SAMPLES / ((PIECE_S + 2.0 * MARGIN_S + BETWEEN_S) * each)).floor().max(1.0);
    let every = EVERY_S.max(seconds / most);
    let count = (seconds / every).floor().max(1.0) as u64;
    (0..count)
        .map(|number| {
            let middle = (number as f64 + 0.5) * every;
            let at = |second: f64| SampleIndex((whole.start.0 + rate.samples_in(second)).min(whole.end.0));
            let (from, to) = (middle - PIECE_S / 2.0, middle + PIECE_S / 2.0);
            (SampleRange { start: at(from - MARGIN_S), end: at(to + MARGIN_S) }, SampleRange { start: at(from), end: at(to) })
        })
        .filter(|(_, core)| core.start < core.end)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_recordings_are_taken_whole_and_long_ones_in_part() {
        let rate = Rate::HZ_500;
        let whole = SampleRange::new(100, 5100);
        assert_eq!(ranges(whole, rate, 12), vec![(whole, whole)]);
        let day = SampleRange::new(0, 500 * 86_400);
        let parts = ranges(day, rate, 3);
        assert_eq!(parts.len(), 1440);
        for (range, core) in &parts {
            assert_eq!(core.len(), 5000);
            assert!(range.start < core.start && core.end < range.end && range.end <= day.end);
        }
        assert!(parts.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start));
        let ten_days = SampleRange::new(0, 1000 * 864_000);
        let samples: u64 = ranges(ten_days, Rate::new(1000.0).unwrap(), 12).iter().map(|(range, _)| range.len() * 12).sum();
        assert!(samples as f64 <= MOST_SAMPLES);
    }

    #[test]
    fn positions_lead_back_to_the_recording() {
        let piece = |start: u64, at: usize| Piece { range: SampleRange::new(start, start + 100), at, core: at + 10..at + 90 };
        let excerpt = Excerpt {
            rate: Rate::HZ_500,
            leads: Vec::new(),
            peaks: vec![5.0, 50.0, 95.0, 250.0],
            beats: vec![3, 4, 5, 90],
            pieces: vec![piece(1000, 0), piece(9000, 200)],
        };
        assert_eq!(excerpt.in_recording(50.5), 1050.5);
        assert_eq!(excerpt.in_recording(250.0), 9050.0);
    }
}
