//! From where a person clicked to the R peak.

use super::ReviewError;
use crate::{
    recording::{Recording, SampleIndex},
    signal::filter::{Band, band_pass_all},
};

/// The R peak lies within this of the place pointed at, in seconds.
const REACH_S: f64 = 0.12;
/// Signal read on each side, so that the filter has settled within reach.
const MARGIN_S: f64 = 1.0;
/// The band in which R peaks are placed, in Hz: that of the detector.
const BAND_HZ: (f64, f64) = (2.0, 40.0);

/// The R peak nearest to `at`: where the deflection of all leads together is largest within 120 ms. Without any signal there, `at` itself.
///
/// # Errors
/// [`ReviewError::Samples`] when the file can no longer be read.
pub fn snap(recording: &Recording, at: SampleIndex) -> Result<SampleIndex, ReviewError> {
    let rate = recording.rate;
    let margin = rate.samples_in(MARGIN_S);
    let start = at.0.saturating_sub(margin);
    let count = usize::try_from((at.0 + margin).min(recording.length).saturating_sub(start)).unwrap_or(0);
    let mut leads = Vec::new();
    // Derived leads would count the recorded ones twice; slower leads do not place a peak better.
    for signal in recording.leads.iter().filter(|signal| !signal.is_derived() && signal.rate == rate) {
        let mut samples = Vec::with_capacity(count);
        signal.read_millivolts(start, count, &mut samples)?;
        leads.push(samples);
    }
    let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
    let filtered = band_pass_all(&views, rate, Band::new(BAND_HZ.0, BAND_HZ.1));
    let reach = rate.samples_in(REACH_S);
    let from = at.0.saturating_sub(reach).max(start);
    let to = (at.0 + reach).min(start + count as u64);
    let energy = |sample: u64| -> f32 {
        let index = (sample - start) as usize;
        filtered.iter().filter_map(|lead| lead.get(index)).filter(|v| v.is_finite()).map(|v| v * v).sum()
    };
    let best = (from..to).map(|sample| (energy(sample), sample)).max_by(|a, b| a.0.total_cmp(&b.0));
    Ok(best.filter(|(energy, _)| *energy > 0.0).map_or(at, |(_, sample)| SampleIndex(sample)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::test_support::recording;

    /// Spikes of 20 ms every second, upright or not.
    fn spikes(sign: i32) -> Vec<i32> {
        (0..2500).map(|n| sign * (200 - 80 * (n % 250 - 125i32).abs()).max(0)).collect()
    }

    #[test]
    fn a_click_beside_the_peak_finds_it() {
        for sign in [1, -1] {
            let recording = recording(&spikes(sign));
            for click in [875 - 28, 875 - 3, 875, 875 + 20] {
                let found = snap(&recording, SampleIndex(click)).unwrap();
                assert!(found.0.abs_diff(875) <= 1, "{click} -> {}", found.0);
            }
        }
    }

    #[test]
    fn where_there_is_no_signal_the_place_stays() {
        let flat = recording(&[crate::recording::INVALID_SAMPLE; 1000]);
        assert_eq!(snap(&flat, SampleIndex(500)).unwrap(), SampleIndex(500));
        assert_eq!(snap(&recording(&[0; 10]), SampleIndex(3)).unwrap(), SampleIndex(3));
    }
}
