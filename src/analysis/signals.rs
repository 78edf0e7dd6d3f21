//! Everything that is computed from the samples before a model sees them: quality, beats, prepared leads.

use super::{AnalysisError, Progress, Quality, judged::Judged};
use crate::{
    recording::{LeadName, Rate, Recording, SampleIndex, SampleRange, Signal},
    signal::{
        beats, prepare,
        quality::{self, pauses},
        resample,
    },
};
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

/// Long recordings are worked through in pieces of this many seconds, so that memory does not grow with their raw size.
const PIECE_S: f64 = 3600.0;
/// Raw samples of all leads in one piece at most (32-bit floats: 1 GiB); pieces are cut shorter where leads are many or fast.
const PIECE_SAMPLES: f64 = (1u64 << 28) as f64;
/// A piece must hold some beats.
const LEAST_PIECE_S: f64 = 30.0;
/// Prepared samples of all leads together at most (32-bit floats: 4 GiB): ten days of twelve leads at 100 Hz.
const MOST_PREPARED: f64 = (1u64 << 30) as f64;
/// Two beats are never closer.
const REFRACTORY_S: f64 = 0.2;
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
    /// Why its sampling rate is too low for the band that the model looks at, if it is: what the model saw in training is not there.
    pub slow: Option<String>,
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

    /// The R peaks within `part` of the prepared arrays, in samples from its start. Costs no more than it finds: a day has
    /// thousands of windows and a hundred thousand beats.
    pub fn peaks_within(&self, part: &Range<usize>) -> Vec<f64> {
        let (start, end) = (part.start as f64, part.end as f64);
        let first = self.peaks.partition_point(|peak| self.position(*peak) < start);
        let later = self.peaks.get(first..).unwrap_or_default();
        later.iter().map(|peak| self.position(*peak)).take_while(|at| *at < end).map(|at| at - start).collect()
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
        leads: recording.leads.iter().map(|signal| empty_lead(signal, band_hz.1)).collect(),
        peaks: Vec::new(),
        quality: Quality::default(),
        reading: Duration::ZERO,
    };
    let mut judged: Vec<Judged> = recording.leads.iter().map(|_| Judged::default()).collect();
    let piece_s = check_size(recording, range, rate)?;
    let pieces = pieces(range, recording.rate, piece_s);
    let refractory = recording.rate.samples_in(REFRACTORY_S);
    for (index, piece) in pieces.iter().enumerate() {
        progress.report("reading and filtering", index as f32 / pieces.len() as f32)?;
        let started = Instant::now();
        let raw: Vec<Vec<f32>> =
            recording.leads.par_iter().map(|signal| read_at(signal, piece.padded, recording.rate)).collect::<Result<_, _>>()?;
        out.reading += started.elapsed();
        progress.check()?;
        let core = piece.core_in_padded();
        let since = |at: SampleIndex| recording.rate.seconds(SampleIndex(at.0 - range.start.0)).round() as u32;
        for ((total, lead), signal) in judged.iter_mut().zip(&raw).zip(&recording.leads) {
            total.add(lead.get(core.clone()).unwrap_or_default(), recording.rate, signal.calibrated, since(piece.core.start));
        }
        let views: Vec<(&[f32], bool)> =
            raw.iter().zip(&recording.leads).map(|(lead, signal)| (lead.as_slice(), signal.calibrated)).collect();
        let shown: Vec<Vec<f32>> = shown_all(&views, recording.rate, rate, band_hz);
        let ratio = rate.hz() / recording.rate.hz();
        let skip = ((piece.core.start.0 - piece.padded.start.0) as f64 * ratio).round() as usize;
        let end = (piece.core.end.0 - range.start.0) as usize;
        // Below the rate at which beats can be seen nothing is analysed, and nothing is made longer than it was.
        let wanted = if recording.rate.hz() < beats::LEAST_HZ { 0 } else { resample::resampled_len(end, recording.rate, rate) };
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
            .filter(|(signal, lead)| !signal.is_derived() && quality::judge(lead, recording.rate, signal.calibrated).usable)
            .map(|(_, lead)| lead.as_slice())
            .collect();
        let found = beats::detect(&recorded, recording.rate).peaks.into_iter().map(|p| SampleIndex(p.0 + piece.padded.start.0));
        // Two pieces may place the beat at their seam differently: it is kept once, as the earlier piece has it.
        let seam = if piece.core.start == range.start { 0 } else { refractory };
        for peak in found.filter(|peak| peak.0 + seam >= piece.core.start.0 && *peak < piece.core.end) {
            if out.peaks.last().is_none_or(|last| seam == 0 || peak.0 > last.0 + refractory) {
                out.peaks.push(peak);
            }
        }
    }
    let (mut leads, mut timelines) = (BTreeMap::new(), Vec::new());
    for ((lead, judged), signal) in out.leads.iter_mut().zip(judged).zip(&recording.leads) {
        let (quality, seen) = judged.finish(signal);
        lead.usable = quality.usable;
        leads.insert(lead.name.to_string(), quality);
        if !signal.is_derived() {
            timelines.push(seen);
        }
    }
    out.quality.leads = leads;
    let peaks: Vec<SampleIndex> = out.peaks.iter().map(|peak| SampleIndex(peak.0 - range.start.0)).collect();
    out.quality.pauses = pauses(&timelines.iter().collect::<Vec<_>>(), &peaks, range.len(), recording.rate);
    Ok(out)
}

/// How long a piece may be, in seconds.
fn check_size(recording: &Recording, range: SampleRange, rate: Rate) -> Result<f64, AnalysisError> {
    let leads = recording.leads.len().max(1) as f64;
    let seconds = range.len() as f64 / recording.rate.hz();
    let piece_s = PIECE_S.min(PIECE_SAMPLES / (leads * recording.rate.hz()));
    if piece_s < LEAST_PIECE_S.min(seconds) || leads * seconds * rate.hz() > MOST_PREPARED {
        return Err(AnalysisError::TooLarge {
            leads: recording.leads.len(),
            rate_hz: recording.rate.hz(),
            days: seconds / 86_400.0,
        });
    }
    Ok(piece_s)
}

/// Leads filtered together.
const TOGETHER: usize = 4;

/// Leads (and whether their millivolts are true) as the models get them; where one is flat for seconds (lead off) there is nothing to see.
pub(super) fn shown_all(raw: &[(&[f32], bool)], from: Rate, to: Rate, band_hz: (f64, f64)) -> Vec<Vec<f32>> {
    raw.par_chunks(TOGETHER)
        .flat_map_iter(|group| {
            let views: Vec<&[f32]> = group.iter().map(|(lead, _)| *lead).collect();
            let mut prepared = prepare::prepare_all(&views, from, to, band_hz);
            for (out, (lead, calibrated)) in prepared.iter_mut().zip(group) {
                hide_flat(out, lead, *calibrated, from, to);
            }
            prepared
        })
        .collect()
}

fn hide_flat(out: &mut [f32], raw: &[f32], calibrated: bool, from: Rate, to: Rate) {
    let ratio = to.hz() / from.hz();
    for flat in quality::flat_stretches(raw, from, calibrated) {
        let (start, end) = ((flat.start as f64 * ratio).ceil() as usize, (flat.end as f64 * ratio).ceil() as usize);
        let end = end.min(out.len());
        if let Some(part) = out.get_mut(start..end) {
            part.fill(f32::NAN);
        }
    }
}

fn empty_lead(signal: &Signal, up_to_hz: f64) -> PreparedLead {
    let hz = signal.rate.hz();
    PreparedLead {
        name: signal.lead.clone(),
        derived: signal.is_derived(),
        calibrated: signal.calibrated,
        usable: false,
        slow: (hz < 2.0 * up_to_hz).then(|| {
            format!(
                "sampled {hz:.0} times a second; a model that looks at up to {up_to_hz:.0} Hz needs at least {:.0}",
                2.0 * up_to_hz
            )
        }),
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
fn pieces(range: SampleRange, rate: Rate, piece_s: f64) -> Vec<Piece> {
    let margin = rate.samples_in(MARGIN_S);
    let at = |piece: u64| range.start.0 + rate.samples_in(piece as f64 * piece_s);
    let mut out = Vec::new();
    let mut index = 0;
    while at(index) < range.end.0 {
        let next = at(index + 1);
        let end = if next + rate.samples_in(piece_s / 2.0) >= range.end.0 { range.end.0 } else { next };
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
pub(super) fn read_at(signal: &Arc<Signal>, range: SampleRange, rate: Rate) -> Result<Vec<f32>, AnalysisError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_a_range_once_and_in_order() {
        let rate = Rate::new(257.3).unwrap();
        for seconds in [1.0, 3599.0, 3600.0, 5399.0, 5401.0, 86_400.0] {
            let range = SampleRange::new(1000, 1000 + rate.samples_in(seconds));
            let pieces = pieces(range, rate, PIECE_S);
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

    #[test]
    fn peaks_within_a_part_are_those_of_all_that_lie_in_it() {
        let rate = Rate::new(360.0).unwrap();
        let prepared = Prepared {
            range: SampleRange::new(720, 720 + 360 * 60),
            recording_rate: rate,
            rate: Rate::new(100.0).unwrap(),
            leads: Vec::new(),
            peaks: (0..70).map(|i| SampleIndex(720 + i * 301)).collect(),
            quality: Quality::default(),
            reading: Duration::ZERO,
        };
        for part in [0..1000, 1000..2000, 5500..6000, 300..300, 0..usize::MAX, 7000..8000] {
            let inside = |at: &f64| *at >= part.start as f64 && *at < part.end as f64;
            let all: Vec<f64> = prepared.peak_positions().into_iter().filter(inside).map(|at| at - part.start as f64).collect();
            assert_eq!(prepared.peaks_within(&part), all, "{part:?}");
        }
    }
}
