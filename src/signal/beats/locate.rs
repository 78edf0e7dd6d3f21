//! From detections to R peaks, placed alike in all beats of a recording.

use super::{Beats, WORK_HZ, envelope::Envelope};
use crate::{
    recording::{Rate, SampleIndex},
    signal::{
        filter::{Band, band_pass},
        robust::median,
    },
};

/// The R peak lies within this of the envelope's peak.
const REACH_S: f64 = 0.09;
/// A deviation of the less usual polarity is taken when it exceeds the usual one's by this factor.
const OTHER_POLARITY: f32 = 1.6;

/// Locates the R peaks of detections at the working rate.
pub(super) fn peaks(leads: &[&[f32]], rate: Rate, envelopes: &[Envelope], found: &[usize]) -> Beats {
    let mut order: Vec<(usize, f32)> = envelopes.iter().map(Envelope::merit).enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut places: Vec<Option<SampleIndex>> = vec![None; found.len()];
    let mut reference = None;
    for (index, _) in order {
        if places.iter().all(Option::is_some) {
            break;
        }
        let Some(lead) = leads.get(index) else { continue };
        let before = places.iter().flatten().count();
        in_lead(lead, rate, found, &mut places);
        if reference.is_none() && places.iter().flatten().count() > before {
            reference = Some(index);
        }
    }
    let mut peaks: Vec<SampleIndex> = places.into_iter().flatten().collect();
    peaks.sort_unstable();
    peaks.dedup();
    Beats { reference_lead: reference.filter(|_| !peaks.is_empty()), peaks }
}

/// Places those detections that have none yet and at which this lead has a signal.
fn in_lead(lead: &[f32], rate: Rate, found: &[usize], places: &mut [Option<SampleIndex>]) {
    // P and T waves and wander are kept out by the search's reach; the high-pass only levels ST shifts and offsets.
    let clean = band_pass(lead, rate, Band::new(2.0, 40.0));
    let reach = (REACH_S * rate.hz()).ceil() as usize;
    let extremes: Vec<Option<[(usize, f32); 2]>> = found
        .iter()
        .map(|at| {
            let centre = (*at as f64 * rate.hz() / WORK_HZ).round() as usize;
            let (from, to) = (centre.saturating_sub(reach), centre.saturating_add(reach + 1).min(clean.len()));
            let mut best: Option<[(usize, f32); 2]> = None;
            for (offset, value) in clean.get(from..to)?.iter().enumerate().filter(|(_, v)| v.is_finite()) {
                let here = (from + offset, *value);
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
