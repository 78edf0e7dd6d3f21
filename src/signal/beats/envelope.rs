//! From leads to one trace whose peaks are QRS complexes.

use super::WORK_HZ;
use crate::{
    recording::Rate,
    signal::{
        filter::{Band, band_pass_all},
        resample::resample,
        robust::percentile,
    },
};

/// The band in which QRS complexes, narrow and wide, stand out of P and T waves, wander and muscle noise.
const QRS_BAND_HZ: (f64, f64) = (5.0, 20.0);
/// Half of the moving average over the energy: 2 * 9 + 1 samples are 95 ms.
const HALF_SMOOTHING: usize = 9;
/// Amplitude and noise are taken in blocks of two seconds: one beat at least above 30 a minute.
const BLOCK: usize = (2.0 * WORK_HZ) as usize;
/// Blocks on each side over which they run.
const BLOCKS_AROUND: usize = 4;
/// QRS complexes this much above the median envelope do not stand out; a lead of noise alone reaches about 2.
const NO_CONTRAST: f32 = 2.4;
/// From here on a lead counts fully.
const FULL_CONTRAST: f32 = 9.0;
/// One lead's value in the sum is at most this many usual QRS complexes: bursts of noise in it must not make beats.
const LOUDEST: f32 = 1.2;
/// Envelopes under this many millivolts are no QRS complex of any lead.
const LEAST_MV: f32 = 0.015;

/// One lead's envelope at the working rate, with what is known of it block by block.
pub(super) struct Envelope {
    /// Millivolts, NaN where invalid.
    pub values: Vec<f32>,
    /// Running amplitude of its QRS complexes by block; 0 = none seen.
    pub amplitude: Vec<f32>,
    /// Weight by block, 0 to 1.
    pub weight: Vec<f32>,
}

impl Envelope {
    /// Amplitude times weight over the recording: which lead to locate R peaks in.
    pub fn merit(&self) -> f32 {
        let mut products: Vec<f32> = self.amplitude.iter().zip(&self.weight).map(|(a, w)| a * w).collect();
        percentile(&mut products, 0.5).unwrap_or(0.0)
    }
}

pub(super) fn of_all(leads: &[&[f32]], rate: Rate, work: Rate) -> Vec<Envelope> {
    let slow: Vec<Vec<f32>> = leads.iter().map(|lead| resample(lead, rate, work)).collect();
    let views: Vec<&[f32]> = slow.iter().map(Vec::as_slice).collect();
    band_pass_all(&views, work, Band::new(QRS_BAND_HZ.0, QRS_BAND_HZ.1)).iter().map(|band| of(band)).collect()
}

/// The envelope of one lead's QRS band at the working rate.
fn of(band: &[f32]) -> Envelope {
    let values = smoothed_energy(band);
    let blocks: Vec<(f32, f32)> = values
        .chunks(BLOCK)
        .map(|block| {
            let mut block = block.to_vec();
            (percentile(&mut block, 1.0).unwrap_or(f32::NAN), percentile(&mut block, 0.5).unwrap_or(f32::NAN))
        })
        .collect();
    let overall = percentile(&mut blocks.iter().map(|b| b.0).collect(), 0.5).unwrap_or(0.0);
    let (mut amplitude, mut weight) = (Vec::with_capacity(blocks.len()), Vec::with_capacity(blocks.len()));
    for index in 0..blocks.len() {
        let around = &blocks[index.saturating_sub(BLOCKS_AROUND)..(index + BLOCKS_AROUND + 1).min(blocks.len())];
        let high = percentile(&mut around.iter().map(|b| b.0).collect(), 0.5).unwrap_or(0.0);
        let noise = percentile(&mut around.iter().map(|b| b.1).collect(), 0.5).unwrap_or(0.0);
        let contrast = if noise > 0.0 {
            high / noise
        } else if high > 0.0 {
            FULL_CONTRAST
        } else {
            0.0
        };
        let share = ((contrast - NO_CONTRAST) / (FULL_CONTRAST - NO_CONTRAST)).clamp(0.0, 1.0);
        // Where complexes all but vanish (asystole, lead off for a while) noise must not be scaled up to their size.
        let high = high.max(0.2 * overall);
        amplitude.push(high);
        weight.push(if high >= LEAST_MV { share * share } else { 0.0 });
    }
    Envelope { values, amplitude, weight }
}

/// Square root of the mean energy (value and slope, equal at 10 Hz) over 95 ms; NaN where the band is.
fn smoothed_energy(band: &[f32]) -> Vec<f32> {
    const SLOPE: f64 = 1.6;
    let value = |i: usize| band.get(i).copied().filter(|v| v.is_finite()).map(f64::from);
    let mut sums = Vec::with_capacity(band.len() + 1);
    let mut total = 0.0f64;
    sums.push(0.0);
    for i in 0..band.len() {
        if let Some(here) = value(i) {
            let before = i.checked_sub(1).and_then(value).unwrap_or(here);
            let after = value(i + 1).unwrap_or(here);
            total += here * here + (SLOPE * (after - before)).powi(2);
        }
        sums.push(total);
    }
    let span = (2 * HALF_SMOOTHING + 1) as f64;
    (0..band.len())
        .map(|i| {
            if !band[i].is_finite() {
                return f32::NAN;
            }
            let (from, to) = (i.saturating_sub(HALF_SMOOTHING), (i + HALF_SMOOTHING + 1).min(band.len()));
            ((sums[to] - sums[from]) / span).max(0.0).sqrt() as f32
        })
        .collect()
}

/// The weighted mean of the normalised envelopes: about 1 at a usual QRS complex, NaN where no lead has a signal, 0 where none that counts
/// has. `None` when no lead ever counts.
pub(super) fn fuse(envelopes: &[Envelope]) -> Option<Vec<f32>> {
    let length = envelopes.iter().map(|e| e.values.len()).max()?;
    if !envelopes.iter().any(|e| e.weight.iter().any(|w| *w > 0.0)) {
        return None;
    }
    let mut sum = vec![0.0f32; length];
    let mut weights = vec![0.0f32; length];
    let mut seen = vec![false; length];
    for envelope in envelopes {
        for (block, (amplitude, weight)) in envelope.amplitude.iter().zip(&envelope.weight).enumerate() {
            let range = block * BLOCK..((block + 1) * BLOCK).min(envelope.values.len());
            for i in range {
                let value = envelope.values[i];
                if value.is_finite() {
                    seen[i] = true;
                    if *weight > 0.0 {
                        sum[i] += weight * (value / amplitude).min(LOUDEST).sqrt();
                        weights[i] += weight;
                    }
                }
            }
        }
    }
    for i in 0..length {
        sum[i] = if !seen[i] {
            f32::NAN
        } else if weights[i] > 0.0 {
            (sum[i] / weights[i]).powi(2)
        } else {
            0.0
        };
    }
    Some(sum)
}
