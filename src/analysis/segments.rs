//! Evidence summed over the parts of the heart's cycle, lead by lead.

use super::Evidence;
use crate::{
    recording::LeadName,
    signal::waves::{BeatWaves, Waves},
};
use std::ops::Range;

/// A part of the heart's cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// P wave.
    P,
    /// End of P to QRS onset.
    Pr,
    /// QRS complex.
    Qrs,
    /// J point to T onset.
    St,
    /// T wave.
    T,
    /// Everything else: before P, behind T, and beats without marks.
    Rest,
}

impl Segment {
    /// In the order of the cycle.
    pub const ALL: [Self; 6] = [Self::P, Self::Pr, Self::Qrs, Self::St, Self::T, Self::Rest];

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Self::P => "P",
            Self::Pr => "PR",
            Self::Qrs => "QRS",
            Self::St => "ST",
            Self::T => "T",
            Self::Rest => "rest",
        }
    }
}

/// Evidence by lead and segment, in logit units. What it adds up to is the sum of the evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentTable {
    /// A row a lead, in the evidence's order; columns as [`Segment::ALL`].
    pub rows: Vec<(LeadName, [f64; 6])>,
}

impl SegmentTable {
    /// Sums over all leads, in the order of [`Segment::ALL`].
    pub fn totals(&self) -> [f64; 6] {
        let mut totals = [0.0; 6];
        for (_, row) in &self.rows {
            for (total, value) in totals.iter_mut().zip(row) {
                *total += value;
            }
        }
        totals
    }

    /// Sum of everything: that of the evidence.
    pub fn total(&self) -> f64 {
        self.totals().iter().sum()
    }

    /// The largest absolute entry.
    pub fn peak(&self) -> f64 {
        self.rows.iter().flat_map(|(_, row)| row).fold(0.0, |most, value| most.max(value.abs()))
    }
}

/// Sums evidence over the segments of the waves. A token that lies in several segments is shared out by the time it has in each. Where a lead has no
/// marks of its own those over all leads are used. `known`: marks, each with the samples of the recording it speaks of.
pub fn by_segment(evidence: &Evidence, known: &[(&Waves, Range<f64>)]) -> SegmentTable {
    let rows = evidence.leads.iter().map(|lead| {
        let spans = spans(lead, known);
        let row = evidence.row(lead).unwrap_or_default();
        (lead.clone(), share_out(row, evidence.start.0 as f64, evidence.hop, &spans))
    });
    SegmentTable { rows: rows.collect() }
}

/// Shares a row's values among segments; what no span takes is the rest.
fn share_out(row: &[f32], start: f64, hop: f64, spans: &[(f64, f64, Segment)]) -> [f64; 6] {
    let mut sums = [0.0f64; 6];
    for (token, value) in row.iter().enumerate() {
        let value = f64::from(*value);
        let (from, to) = (start + token as f64 * hop, start + (token as f64 + 1.0) * hop);
        let first = spans.partition_point(|(_, end, _)| *end <= from);
        let mut left = value;
        for (begin, end, segment) in spans[first..].iter().take_while(|(begin, ..)| *begin < to) {
            let part = value * ((end.min(to) - begin.max(from)) / hop).clamp(0.0, 1.0);
            sums[*segment as usize] += part;
            left -= part;
        }
        sums[Segment::Rest as usize] += left;
    }
    sums
}

/// Ascending spans that do not overlap.
fn spans(lead: &LeadName, known: &[(&Waves, Range<f64>)]) -> Vec<(f64, f64, Segment)> {
    let mut out: Vec<(f64, f64, Segment)> = Vec::new();
    for (waves, part) in known {
        let own = waves.lead(lead).map(|lead| lead.beats.as_slice()).unwrap_or_default();
        let beats = if own.is_empty() { &waves.global } else { own };
        for span in beats.iter().flat_map(of_beat) {
            if part.contains(&(0.5 * (span.0 + span.1))) {
                out.push(span);
            }
        }
    }
    out.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Marks of neighbouring beats may run into one another: the earlier keeps what it has.
    let mut until = f64::NEG_INFINITY;
    out.retain_mut(|(begin, end, _)| {
        *begin = begin.max(until);
        let keep = *end > *begin;
        if keep {
            until = *end;
        }
        keep
    });
    out
}

fn of_beat(beat: &BeatWaves) -> impl Iterator<Item = (f64, f64, Segment)> {
    let between = |from: Option<f64>, to: Option<f64>, segment| Some((from?, to?, segment));
    let (p, qrs, t) = (beat.p, beat.qrs, beat.t);
    [
        p.map(|p| (p.onset, p.offset, Segment::P)),
        between(p.map(|p| p.offset), qrs.map(|q| q.onset), Segment::Pr),
        qrs.map(|q| (q.onset, q.offset, Segment::Qrs)),
        between(qrs.map(|q| q.offset), t.map(|t| t.onset), Segment::St),
        t.map(|t| (t.onset, t.offset, Segment::T)),
    ]
    .into_iter()
    .flatten()
    .filter(|(from, to, _)| from < to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        recording::SampleIndex,
        signal::waves::{LeadWaves, Wave},
    };
    use proptest::prelude::*;

    fn waves(beats: &[f64]) -> Waves {
        let wave = |onset: f64, offset: f64| Some(Wave { onset, peak: 0.5 * (onset + offset), offset });
        let beat = |(i, at): (usize, &f64)| BeatWaves {
            beat: i,
            p: wave(at - 80.0, at - 40.0),
            qrs: wave(at - 20.0, at + 30.0),
            t: wave(at + 90.0, at + 190.0),
        };
        let beats: Vec<BeatWaves> = beats.iter().enumerate().map(beat).collect();
        Waves { global: beats.clone(), leads: vec![LeadWaves { lead: LeadName::parse("II"), beats }] }
    }

    fn evidence(values: Vec<f32>, hop: f64) -> Evidence {
        let tokens = values.len() / 2;
        Evidence { start: SampleIndex(0), hop, leads: ["II", "V1"].map(LeadName::parse).into(), tokens, values }
    }

    #[test]
    fn evidence_goes_where_its_wave_is() {
        // One in the QRS complex of II, half in its P wave, against in T of V1 (by the marks over all leads), one outside.
        let mut values = vec![0.0; 80];
        values[20] = 1.0;
        values[13] = 0.5;
        values[40 + 32] = -0.25;
        values[39] = 0.125;
        let known = waves(&[200.0]);
        let table = by_segment(&evidence(values, 10.0), &[(&known, 0.0..1000.0)]);
        assert_eq!(table.rows[0].1, [0.5, 0.0, 1.0, 0.0, 0.0, 0.125]);
        assert_eq!(table.rows[1].1, [0.0, 0.0, 0.0, 0.0, -0.25, 0.0]);
        assert_eq!(table.totals(), [0.5, 0.0, 1.0, 0.0, -0.25, 0.125]);
    }

    #[test]
    fn a_token_across_a_border_is_shared_by_time() {
        // Samples 175 to 200: QRS begins at 180, PR is before it.
        let mut values = vec![0.0; 20];
        values[7] = 1.0;
        let known = waves(&[200.0]);
        let table = by_segment(&evidence(values, 25.0), &[(&known, 0.0..1000.0)]);
        let row = table.rows[0].1;
        assert!((row[Segment::Pr as usize] - 0.2).abs() < 1e-9 && (row[Segment::Qrs as usize] - 0.8).abs() < 1e-9);
    }

    #[test]
    fn without_marks_all_is_rest() {
        let table = by_segment(&evidence(vec![0.5; 8], 10.0), &[]);
        assert_eq!(table.totals(), [0.0, 0.0, 0.0, 0.0, 0.0, 4.0]);
    }

    proptest! {
        /// The table must add up to the logit's part, whatever the marks are.
        #[test]
        fn the_table_adds_up_to_the_evidence(
            values in proptest::collection::vec(-2.0f32..2.0, 2..200),
            beats in proptest::collection::vec(0.0f64..3000.0, 0..12),
            hop in 0.5f64..60.0,
        ) {
            let known = waves(&beats);
            let evidence = evidence(values[..values.len() / 2 * 2].to_vec(), hop);
            let table = by_segment(&evidence, &[(&known, 0.0..5000.0)]);
            prop_assert!((table.total() - f64::from(evidence.sum())).abs() < 1e-3);
        }
    }
}
