//! What a model is shown. Training and use share this one function.

use super::{
    filter::{Band, band_pass_all},
    resample::resample,
};
use crate::recording::Rate;

/// One lead as a model's card wants it: zero-phase Butterworth band `band_hz` (high-pass, low-pass corner) at the recording's own rate, then
/// resampled to `to`. Sample `k` of the result lies `k / to` seconds after the recording's first sample; there are
/// `ceil(len * to / from)` of them. Invalid samples (NaN) stay NaN; stretches shorter than [`super::MIN_STRETCH_S`] become NaN.
pub fn prepare(lead_mv: &[f32], from: Rate, to: Rate, band_hz: (f64, f64)) -> Vec<f32> {
    prepare_all(&[lead_mv], from, to, band_hz).pop().unwrap_or_default()
}

/// [`prepare`] of several leads, in less time.
pub fn prepare_all(leads_mv: &[&[f32]], from: Rate, to: Rate, band_hz: (f64, f64)) -> Vec<Vec<f32>> {
    let filtered = band_pass_all(leads_mv, from, Band::new(band_hz.0, band_hz.1));
    filtered.iter().map(|lead| resample(lead, from, to)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::{Rhythm, Spec, simulate};

    fn rate(hz: f64) -> Rate {
        Rate::new(hz).expect("a rate")
    }

    #[test]
    fn the_same_heart_recorded_at_other_rates_looks_the_same() {
        for rhythm in [Rhythm::Sinus, Rhythm::Bigeminy] {
            let at = |hz: f64| {
                let spec = Spec { rate: rate(hz), rhythm, ..Spec::default() };
                let leads = simulate("same", "", &spec).leads;
                leads.iter().map(|l| prepare(&l.millivolts(), rate(hz), rate(100.0), (0.5, 45.0))).collect::<Vec<_>>()
            };
            let reference = at(1000.0);
            for hz in [250.0, 257.29, 300.0, 360.0, 500.0] {
                for (lead, expected) in at(hz).iter().zip(&reference) {
                    assert!(lead.len().abs_diff(expected.len()) <= 1);
                    // Slower recorders have warped corners; the QRS complex shows it most.
                    let worst = lead.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0f32, f32::max);
                    assert!(worst < 0.06, "{hz} Hz: {worst} mV apart");
                }
            }
        }
    }

    #[test]
    fn gaps_remain_and_nothing_leaks_across_them() {
        let mut lead = simulate("gap", "", &Spec::default()).leads[1].millivolts();
        lead[2000..2500].fill(f32::NAN);
        let whole = prepare(&lead, rate(500.0), rate(100.0), (0.5, 45.0));
        assert_eq!(whole.len(), 1000);
        assert!(whole[400..500].iter().all(|v| v.is_nan()));
        let first = prepare(&lead[..2000], rate(500.0), rate(100.0), (0.5, 45.0));
        assert_eq!(whole[..400], first[..]);
    }
}
