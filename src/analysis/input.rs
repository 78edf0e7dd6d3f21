//! Which leads of a stretch go to a model, and on what scale.

use super::signals::Prepared;
use crate::{
    model::LeadSamples,
    recording::LeadName,
    signal::{features, quality},
};
use std::{borrow::Cow, ops::Range};

/// Half-width of the stretch around an R peak in which its height is looked for, in seconds.
const QRS_S: f64 = 0.08;

/// The leads of one stretch as a model gets them.
#[derive(Debug)]
pub struct Stretch<'a> {
    /// Names and samples.
    pub leads: Vec<(&'a LeadName, Cow<'a, [f32]>)>,
    /// R peaks within, in samples from the stretch's start.
    pub peaks: Vec<f64>,
    /// Millivolts are unknown: each lead was scaled so that its median QRS is 1 mV high. Rhythm and beats can be told so, amplitudes not.
    pub uncalibrated: bool,
    /// Why usable leads were left out for their sampling rate, if any were.
    pub slow: Option<&'a str>,
}

impl<'a> Stretch<'a> {
    /// Takes the usable leads of `part` (samples of the prepared arrays). Calibrated leads alone, where there are any.
    pub fn of(prepared: &'a Prepared, part: Range<usize>, judge_again: bool) -> Self {
        let slice = |samples: &'a [f32]| samples.get(part.start..part.end.min(samples.len())).unwrap_or_default();
        let usable: Vec<_> = prepared
            .leads
            .iter()
            .filter(|lead| lead.usable)
            .map(|lead| (lead, slice(&lead.samples)))
            // A lead that is good over the day may be off in this window.
            .filter(|(lead, samples)| !judge_again || quality::judge(samples, prepared.rate, lead.calibrated).usable)
            .collect();
        let slow = prepared.leads.iter().find_map(|lead| lead.slow.as_deref());
        let usable: Vec<_> = usable.into_iter().filter(|(lead, _)| lead.slow.is_none()).collect();
        let peaks = prepared.peaks_within(&part);
        let uncalibrated = !usable.is_empty() && usable.iter().all(|(lead, _)| !lead.calibrated);
        let leads = usable
            .into_iter()
            .filter(|(lead, _)| lead.calibrated || uncalibrated)
            .filter_map(|(lead, samples)| {
                let samples =
                    if uncalibrated { Cow::Owned(scaled(samples, &peaks, prepared.rate.hz())?) } else { samples.into() };
                Some((&lead.name, samples))
            })
            .collect();
        Self { leads, peaks, uncalibrated, slow }
    }

    /// For the models.
    pub fn samples(&self) -> Vec<LeadSamples<'_>> {
        self.leads.iter().map(|(lead, samples)| LeadSamples { lead, samples }).collect()
    }

    /// For the features: only the samples.
    pub fn slices(&self) -> Vec<&[f32]> {
        self.leads.iter().map(|(_, samples)| samples.as_ref()).collect()
    }

    /// Features' input over all leads of the stretch.
    pub fn features<'b>(&'b self, slices: &'b [&'b [f32]], prepared: &Prepared) -> features::Input<'b> {
        features::Input { leads: slices, rate: prepared.rate, beats: &self.peaks }
    }
}

/// Scales a lead so that its median QRS complex is 1 mV high; `None` without beats.
pub(super) fn scaled(samples: &[f32], peaks: &[f64], rate_hz: f64) -> Option<Vec<f32>> {
    let around = (QRS_S * rate_hz).ceil() as usize;
    let mut heights: Vec<f32> = peaks
        .iter()
        .filter_map(|peak| {
            let at = peak.round() as usize;
            let window = samples.get(at.saturating_sub(around)..(at + around).min(samples.len()))?;
            window.iter().filter(|v| v.is_finite()).map(|v| v.abs()).max_by(f32::total_cmp)
        })
        .filter(|height| *height > 0.0)
        .collect();
    let middle = heights.len() / 2;
    if heights.is_empty() {
        return None;
    }
    let height = *heights.select_nth_unstable_by(middle, f32::total_cmp).1;
    Some(samples.iter().map(|v| v / height).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uncalibrated_leads_are_scaled_by_their_beats() {
        let mut samples = vec![0.0f32; 1000];
        let peaks: Vec<f64> = (1..9).map(|i| f64::from(i) * 100.0).collect();
        for peak in &peaks {
            samples[*peak as usize] = -40.0;
        }
        let scaled = scaled(&samples, &peaks, 100.0).unwrap();
        assert!((scaled[100] + 1.0).abs() < 1e-6);
        assert!(super::scaled(&samples, &[], 100.0).is_none());
    }
}
