//! What a reader may choose, and its application to a lead.

use super::{
    butterworth::Biquad,
    mains::{MAINS_HZ, find_mains, subtract},
};
use crate::{
    recording::Rate,
    signal::stretch::{bridge_samples, bridged, min_stretch_samples, stretches},
};
use serde::{Deserialize, Serialize};

/// High-pass corners offered, in Hz. 0.05 is the diagnostic one; 0.67 is allowed for diagnosis only because the filters here have no phase
/// (AHA/ACC/HRS 2007, part I).
pub const HIGH_PASS_HZ: [f64; 4] = [0.05, 0.15, 0.5, 0.67];
/// Low-pass corners offered, in Hz. Below 150 Hz amplitudes of adult QRS complexes are too small (AHA/ACC/HRS 2007, part I).
pub const LOW_PASS_HZ: [f64; 3] = [40.0, 100.0, 150.0];
/// The band a diagnostic ECG needs, in Hz (AHA/ACC/HRS 2007, part I: 0.05 to 150 Hz for adults).
const DIAGNOSTIC_HZ: (f64, f64) = (0.05, 150.0);

/// What is done about mains hum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mains {
    /// Nothing.
    #[default]
    Off,
    /// Removed where it is found, at whichever frequency.
    Auto,
    /// Removed at 50 Hz.
    Hz50,
    /// Removed at 60 Hz.
    Hz60,
}

/// A reader's choice of filters. The default changes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FilterSettings {
    /// High-pass corner in Hz; `None`: down to DC.
    pub high_pass: Option<f64>,
    /// Low-pass corner in Hz; `None`: as recorded.
    pub low_pass: Option<f64>,
    /// Mains hum.
    pub mains: Mains,
}

/// A filtered lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Filtered {
    /// As many samples as went in; NaN where they were invalid, and in stretches too short to be filtered.
    pub samples: Vec<f32>,
    /// Frequency of the hum that was looked for and subtracted; `None`: none was.
    pub mains_hz: Option<f64>,
}

impl FilterSettings {
    /// 0.05 to 150 Hz with hum removed where there is some.
    pub const DIAGNOSTIC: Self = Self { high_pass: Some(0.05), low_pass: Some(150.0), mains: Mains::Auto };
    /// 0.5 to 40 Hz, a monitor's view.
    pub const MONITOR: Self = Self { high_pass: Some(0.5), low_pass: Some(40.0), mains: Mains::Auto };

    /// In words, e.g. `0.05–150 Hz, mains 50 Hz`.
    pub fn label(&self) -> String {
        let band = match (self.high_pass, self.low_pass) {
            (Some(low), Some(high)) => format!("{low}–{high} Hz"),
            (Some(low), None) => format!("from {low} Hz"),
            (None, Some(high)) => format!("up to {high} Hz"),
            (None, None) => "unfiltered".to_owned(),
        };
        match self.mains {
            Mains::Off => band,
            Mains::Auto => format!("{band}, mains automatic"),
            Mains::Hz50 => format!("{band}, mains 50 Hz"),
            Mains::Hz60 => format!("{band}, mains 60 Hz"),
        }
    }

    /// Samples to give on each side of a visible window so that the window looks as if the whole recording had been filtered (within 10 uV
    /// for baselines that wander less than a millivolt).
    pub fn margin(&self, rate: Rate) -> usize {
        let slow = self.high_pass.filter(|hz| *hz > 0.0).map_or(0.0, |hz| 1.0 / hz);
        let hum = if self.mains == Mains::Off { 0.0 } else { 1.6 };
        ((slow.max(hum).max(0.1) * rate.hz()).ceil()).min(1e7) as usize
    }
}

/// Whether what is seen through these filters may be read as a diagnostic ECG: the band covers 0.05 to 150 Hz. Removal of hum does not
/// count against it; [`apply`] does not ring.
pub fn is_diagnostic(settings: &FilterSettings) -> bool {
    settings.high_pass.is_none_or(|hz| hz <= DIAGNOSTIC_HZ.0) && settings.low_pass.is_none_or(|hz| hz >= DIAGNOSTIC_HZ.1)
}

/// Filters each gap-free stretch of a lead (mV) on its own, without delay.
///
/// In a window of a long recording, give [`FilterSettings::margin`] samples more on each side and cut them off; and find the hum once
/// ([`find_mains`]) rather than per window, else it may come and go.
///
/// Before the high-pass the stretch's own straight line is taken out (it has no part in the pass band): an offset or a steady drift leaves
/// nothing behind at the ends, even where the record is shorter than the filter's memory.
pub fn apply(signal_mv: &[f32], rate: Rate, settings: &FilterSettings) -> Filtered {
    let mains_hz = match settings.mains {
        Mains::Off => None,
        Mains::Auto => find_mains(signal_mv, rate),
        Mains::Hz50 => Some(MAINS_HZ[0]),
        Mains::Hz60 => Some(MAINS_HZ[1]),
    };
    let high = settings.high_pass.and_then(|hz| Some((hz, Biquad::high_pass(hz, rate)?)));
    let low = settings.low_pass.and_then(|hz| Some((hz, Biquad::low_pass(hz, rate)?)));
    if mains_hz.is_none() && high.is_none() && low.is_none() {
        return Filtered { samples: signal_mv.to_vec(), mains_hz };
    }
    let mut samples = vec![f32::NAN; signal_mv.len()];
    for stretch in stretches(signal_mv, bridge_samples(rate)) {
        if stretch.len() < min_stretch_samples(rate) {
            continue;
        }
        let input = &signal_mv[stretch.clone()];
        let mut values = bridged(input);
        if let Some(hz) = mains_hz {
            subtract(&mut values, rate, hz);
        }
        if let Some((hz, section)) = high {
            take_line(&mut values);
            through(&mut values, &section, rate.hz() / hz);
        }
        if let Some((hz, section)) = low {
            through(&mut values, &section, rate.hz() / hz);
        }
        for ((target, value), source) in samples[stretch].iter_mut().zip(values).zip(input) {
            if source.is_finite() {
                *target = value as f32;
            }
        }
    }
    Filtered { samples, mains_hz }
}

/// Runs one section without phase over an even reflection of `settle` samples at each end.
fn through(values: &mut [f64], section: &Biquad, settle: f64) {
    let count = values.len();
    let pad = (settle.ceil().clamp(0.0, 1e7) as usize).min(count - 1);
    let mut padded = Vec::with_capacity(count + 2 * pad);
    padded.extend(values[1..=pad].iter().rev());
    padded.extend_from_slice(values);
    padded.extend(values[count - 1 - pad..count - 1].iter().rev());
    section.zero_phase(padded.as_chunks_mut::<1>().0);
    values.copy_from_slice(&padded[pad..pad + count]);
}

/// Takes the least-squares line out of a stretch.
fn take_line(values: &mut [f64]) {
    let count = values.len() as f64;
    let middle = (count - 1.0) / 2.0;
    let mean = values.iter().sum::<f64>() / count;
    let spread = count * (count * count - 1.0) / 12.0;
    let slope = values.iter().enumerate().map(|(i, v)| (i as f64 - middle) * (v - mean)).sum::<f64>() / spread.max(1e-9);
    for (i, value) in values.iter_mut().enumerate() {
        *value -= mean + slope * (i as f64 - middle);
    }
}

#[cfg(test)]
mod tests;
