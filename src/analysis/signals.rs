//! Everything that is computed from the samples before a model sees them: quality, beats, prepared leads.

use super::{AnalysisError, LeadQuality, Progress, Quality};
use crate::{
    recording::{LeadName, Rate, Recording, SampleIndex, SampleRange, Signal},
    signal::{beats, prepare, quality, resample},
};
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// Long recordings are worked through in pieces of this many seconds, so that memory does not grow with their raw size.
const PIECE_S: f64 = 3600.0;
/// Seconds of signal on either side of a piece that are filtered with it, so that pieces join without a seam.
const MARGIN_S: f64 = 10.0;

/// One lead as the models are shown it.
#[derive(Debug, Clone)]
pub struct PreparedLead {
    /// Its name.
    pub name: LeadName,
    /// Computed from other leads.
    pub derived: bool,
    /// Millivolts are true; else the scale is unknown.
    pub calibrated: bool,
    /// Good enough to be analysed.
    pub usable: bool,
    /// Samples in millivolts at [`Prepared::rate`], NaN = no valid sample.
    pub samples: Vec<f32>,
}

/// A recording, or a part of it, ready for the models.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The part of the recording, at the recording's rate.
    pub range: SampleRange,
    /// Rate of the recording.
    pub recording_rate: Rate,
    /// Rate of the prepared samples.
    pub rate: Rate,
    /// Leads in the recording's order.
    pub leads: Vec<PreparedLead>,
    /// R peaks at the recording's rate, counted from the recording's first sample.
    pub peaks: Vec<SampleIndex>,
    /// Quality by lead.
    pub quality: Quality,
    /// Time spent on reading samples.
    pub reading: Duration,
}

impl Prepared {
    /// Position of a sample of the recording in the prepared arrays, in their samples.
    pub fn position(&self, at: SampleIndex) -> f64 {
        (at.0 as f64 - self.range.start.0 as f64) * self.rate.hz() / self.recording_rate.hz()
    }

    /// R peaks in samples of the prepared arrays.
    pub fn peak_positions(&self) -> Vec<f64> {
        self.peaks.iter().map(|peak| self.position(*peak)).collect()
    }
}

/// Reads, judges, filters and resamples `range` of a recording to `rate` within `band_hz`, and finds its beats.
///
/// # Errors
/// When samples cannot be read, or when cancelled.
pub fn prepared(
    recording: &Recording,
    range: SampleRange,
    rate: Rate,
    band_hz: (f64, f64),
    progress: &Progress,
) -> Result<Prepared, AnalysisError> {
    let mut out = Prepared {
        range,
        recording_rate: recording.rate,
        rate,
        leads: recording.leads.iter().map(|signal| empty_lead(signal)).collect(),
        peaks: Vec::new(),
        quality: Quality::default(),
        reading: Duration::ZERO,
    };
    let mut judged: Vec<Judged> = recording.leads.iter().map(|_| Judged::default()).collect();
    let pieces = pieces(range, recording.rate);
    for (index, piece) in pieces.iter().enumerate() {
        progress.report("reading and filtering", index as f32 / pieces.len() as f32)?;
        let started = Instant::now();
        let raw: Vec<Vec<f32>> =
            recording.leads.par_iter().map(|signal| read_at(signal, piece.padded, recording.rate)).collect::<Result<_, _>>()?;
        out.reading += started.elapsed();
        progress.check()?;
        let core = piece.core_in_padded();
        for (total, lead) in judged.iter_mut().zip(&raw) {
            total.add(lead.get(core.clone()).unwrap_or_default(), recording.rate);
        }
        let shown: Vec<Vec<f32>> = raw.par_iter().map(|lead| prepare::prepare(lead, recording.rate, rate, band_hz)).collect();
        let ratio = rate.hz() / recording.rate.hz();
        let skip = ((piece.core.start.0 - piece.padded.start.0) as f64 * ratio).round() as usize;
        let end = piece.core.end.0 - range.start.0;
        let wanted = (end as f64 * ratio).ceil() as usize;
        for (lead, samples) in out.leads.iter_mut().zip(shown) {
            let missing = wanted.saturating_sub(lead.samples.len());
            lead.samples.extend(samples.into_iter().skip(skip).take(missing));
            lead.samples.resize(wanted, f32::NAN);
        }
        progress.check()?;
        let recorded: Vec<&[f32]> = recording
            .leads
            .iter()
            .zip(&raw)
            .filter(|(signal, lead)| !signal.is_derived() && quality::judge(lead, recording.rate).usable)
            .map(|(_, lead)| lead.as_slice())
            .collect();
        let found = beats::detect(&recorded, recording.rate).peaks.into_iter().map(|p| SampleIndex(p.0 + piece.padded.start.0));
        out.peaks.extend(found.filter(|peak| piece.core.contains(*peak)));
    }
    let mut leads = BTreeMap::new();
    for ((lead, judged), signal) in out.leads.iter_mut().zip(judged).zip(&recording.leads) {
        let quality = judged.finish(signal);
        lead.usable = quality.usable;
        leads.insert(lead.name.to_string(), quality);
    }
    out.quality.leads = leads;
    Ok(out)
}

fn empty_lead(signal: &Signal) -> PreparedLead {
    PreparedLead {
        name: signal.lead.clone(),
        derived: signal.is_derived(),
        calibrated: signal.calibrated,
        usable: false,
        samples: Vec::new(),
    }
}

/// A stretch to work through, with signal around it.
#[derive(Debug, Clone, Copy)]
struct Piece {
    core: SampleRange,
    padded: SampleRange,
}

impl Piece {
    fn core_in_padded(&self) -> std::ops::Range<usize> {
        (self.core.start.0 - self.padded.start.0) as usize..(self.core.end.0 - self.padded.start.0) as usize
    }
}

/// Cuts a range at whole seconds; the last piece takes what would be a short remainder.
fn pieces(range: SampleRange, rate: Rate) -> Vec<Piece> {
    let margin = rate.samples_in(MARGIN_S);
    let at = |piece: u64| range.start.0 + rate.samples_in(piece as f64 * PIECE_S);
    let mut out = Vec::new();
    let mut index = 0;
    while at(index) < range.end.0 {
        let next = at(index + 1);
        let end = if next + rate.samples_in(PIECE_S / 2.0) >= range.end.0 { range.end.0 } else { next };
        let padded = SampleRange::new(at(index).saturating_sub(margin).max(range.start.0), (end + margin).min(range.end.0));
        out.push(Piece { core: SampleRange::new(at(index), end), padded });
        if end == range.end.0 {
            break;
        }
        index += 1;
    }
    out
}

/// A lead's samples over a range that counts at `rate`, at that rate: slower leads are resampled to it.
fn read_at(signal: &Arc<Signal>, range: SampleRange, rate: Rate) -> Result<Vec<f32>, AnalysisError> {
    let wanted = range.len() as usize;
    if signal.rate == rate {
        let mut out = Vec::with_capacity(wanted);
        signal.read_millivolts(range.start.0, wanted, &mut out)?;
        return Ok(out);
    }
    let ratio = signal.rate.hz() / rate.hz();
    let start = (range.start.0 as f64 * ratio).round() as u64;
    let count = (wanted as f64 * ratio).ceil() as usize;
    let mut own = Vec::with_capacity(count);
    signal.read_millivolts(start, count, &mut own)?;
    let mut out = resample::resample(&own, signal.rate, rate);
    out.resize(wanted, f32::NAN);
    Ok(out)
}

/// Quality of a lead over all pieces, weighted by their length.
#[derive(Debug, Default)]
struct Judged {
    samples: f64,
    valid: f64,
    usable: f64,
    flat: f64,
    notes: Vec<String>,
}

impl Judged {
    fn add(&mut self, lead_mv: &[f32], rate: Rate) {
        let seen = quality::judge(lead_mv, rate);
        let length = lead_mv.len() as f64;
        self.samples += length;
        self.valid += length * f64::from(seen.valid);
        self.usable += if seen.usable { length } else { 0.0 };
        self.flat += if seen.flat { length } else { 0.0 };
        for note in seen.notes {
            if !self.notes.contains(&note) && self.notes.len() < 8 {
                self.notes.push(note);
            }
        }
    }

    /// A lead counts as usable when it is so for a tenth of the time: the windows in which it is not are refused one by one.
    fn finish(self, signal: &Signal) -> LeadQuality {
        let share = |part: f64| if self.samples > 0.0 { part / self.samples } else { 0.0 };
        let mut notes = self.notes;
        if !signal.calibrated {
            notes.push("uncalibrated: amplitudes are not in mV".to_owned());
        }
        LeadQuality {
            usable: share(self.usable) >= 0.1,
            valid: share(self.valid).clamp(0.0, 1.0) as f32,
            flat: share(self.flat) > 0.5,
            notes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_a_range_once_and_in_order() {
        let rate = Rate::new(257.3).unwrap();
        for seconds in [1.0, 3599.0, 3600.0, 5399.0, 5401.0, 86_400.0] {
            let range = SampleRange::new(1000, 1000 + rate.samples_in(seconds));
            let pieces = pieces(range, rate);
            assert_eq!(pieces.first().unwrap().core.start, range.start);
            assert_eq!(pieces.last().unwrap().core.end, range.end);
            for pair in pieces.windows(2) {
                assert_eq!(pair[0].core.end, pair[1].core.start);
            }
            for piece in pieces {
                assert!(piece.padded.start <= piece.core.start && piece.core.end <= piece.padded.end);
                assert!(range.start <= piece.padded.start && piece.padded.end <= range.end);
            }
        }
    }
}
