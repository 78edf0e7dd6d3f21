//! From detections to R peaks, placed alike in all beats of a recording.
//!
//! With three or more leads the R peak is where the QRS complex is largest over all of them together (nearly where the heart vector is
//! longest), which a biphasic complex in one lead cannot turn over. With one or two it is the largest deviation in the
//! lead with the largest complexes, of the polarity that is usual there.

use super::{Beats, WORK_HZ, envelope::Envelope};
use crate::{
    recording::{Rate, SampleIndex},
    signal::{
        filter::{Band, band_pass, band_pass_all},
        robust::{median, percentile},
    },
};

/// The R peak lies within this of the envelope's peak.
const REACH_S: f64 = 0.09;
/// A deviation of the less usual polarity is taken when it exceeds the usual one's by this factor.
const OTHER_POLARITY: f32 = 1.6;
/// Levels ST shifts and offsets; P and T waves are kept out by the search's reach.
const BAND_HZ: (f64, f64) = (2.0, 40.0);
/// From this many good leads on they are taken together.
const TOGETHER: usize = 3;

/// Locates the R peaks of detections at the working rate.
pub(super) fn peaks(leads: &[&[f32]], rate: Rate, envelopes: &[Envelope], found: &[usize]) -> Beats {
    let mut order: Vec<(usize, f32)> = envelopes.iter().map(Envelope::merit).enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut places: Vec<Option<SampleIndex>> = vec![None; found.len()];
    if order.iter().filter(|(_, merit)| *merit > 0.0).count() >= TOGETHER {
        in_all(leads, rate, envelopes, found, &mut places);
    }
    // One or two leads; or what the leads together could not place because good ones have no signal there.
    for (index, _) in &order {
        if places.iter().all(Option::is_some) {
            break;
        }
        if let Some(lead) = leads.get(*index) {
            in_lead(lead, rate, found, &mut places);
        }
    }
    let mut peaks: Vec<SampleIndex> = places.into_iter().flatten().collect();
    peaks.sort_unstable();
    peaks.dedup();
    Beats { reference_lead: order.first().map(|(index, _)| *index).filter(|_| !peaks.is_empty()), peaks }
}

/// The samples in which the R peak of a detection is looked for.
fn around(at: usize, rate: Rate, length: usize) -> std::ops::Range<usize> {
    let reach = (REACH_S * rate.hz()).ceil() as usize;
    let centre = (at as f64 * rate.hz() / WORK_HZ).round() as usize;
    let to = centre.saturating_add(reach + 1).min(length);
    centre.saturating_sub(reach).min(to)..to
}

/// Places detections where the energy of all good leads is largest.
fn in_all(leads: &[&[f32]], rate: Rate, envelopes: &[Envelope], found: &[usize], places: &mut [Option<SampleIndex>]) {
    let length = leads.iter().map(|lead| lead.len()).max().unwrap_or(0);
    let mut energy = vec![f32::NAN; length];
    let weights = envelopes.iter().map(|envelope| percentile(&mut envelope.weight.clone(), 0.5).unwrap_or(0.0));
    let (good, weights): (Vec<&[f32]>, Vec<f32>) = leads.iter().copied().zip(weights).filter(|(_, weight)| *weight > 0.0).unzip();
    for (band, weight) in band_pass_all(&good, rate, Band::new(BAND_HZ.0, BAND_HZ.1)).iter().zip(weights) {
        for (sum, value) in energy.iter_mut().zip(band) {
            if value.is_finite() {
                *sum = if sum.is_nan() { 0.0 } else { *sum } + weight * value * value;
            }
        }
    }
    for (place, at) in places.iter_mut().zip(found) {
        let span = around(*at, rate, length);
        let start = span.start;
        let best = energy[span].iter().enumerate().filter(|(_, v)| v.is_finite()).max_by(|a, b| a.1.total_cmp(b.1));
        *place = best.map(|(offset, _)| SampleIndex((start + offset) as u64));
    }
}

/// Places those detections that have no place yet and at which this lead has a signal.
fn in_lead(lead: &[f32], rate: Rate, found: &[usize], places: &mut [Option<SampleIndex>]) {
    let clean = band_pass(lead, rate, Band::new(BAND_HZ.0, BAND_HZ.1));
    let extremes: Vec<Option<[(usize, f32); 2]>> = found
        .iter()
        .map(|at| {
            let span = around(*at, rate, clean.len());
            let start = span.start;
            let mut best: Option<[(usize, f32); 2]> = None;
            for (offset, value) in clean[span].iter().enumerate().filter(|(_, v)| v.is_finite()) {
                let here = (start + offset, *value);
                let [top, bottom] = best.get_or_insert([here, here]);
                if *value > top.1 {
                    *top = here;
                }
                if *value < bottom.1 {
                    *bottom = here;
                }
            }
            best
        })
        .collect();
    let up = median(&mut extremes.iter().flatten().map(|e| e[0].1).collect()).unwrap_or(0.0);
    let down = median(&mut extremes.iter().flatten().map(|e| -e[1].1).collect()).unwrap_or(0.0);
    let upward = up >= down;
    for (place, extreme) in places.iter_mut().zip(extremes) {
        if let (None, Some([top, bottom])) = (&place, extreme) {
            let (usual, other) = if upward { (top, bottom) } else { (bottom, top) };
            let take_other = other.1.abs() > OTHER_POLARITY * usual.1.abs();
            *place = Some(SampleIndex(if take_other { other.0 } else { usual.0 } as u64));
        }
    }
}
