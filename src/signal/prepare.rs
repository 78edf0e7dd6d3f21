//! What a model is shown. Training and use share this one function.

use super::{
    filter::{Band, band_pass},
    resample::resample,
};
use crate::recording::Rate;

/// One lead as a model's card wants it: zero-phase Butterworth band `band_hz` (high-pass, low-pass corner) at the recording's own rate, then
/// resampled to `to`. Sample `k` of the result lies `k / to` seconds after the recording's first sample; there are
/// `ceil(len * to / from)` of them. Invalid samples (NaN) stay NaN; stretches shorter than [`super::MIN_STRETCH_S`] become NaN.
pub fn prepare(lead_mv: &[f32], from: Rate, to: Rate, band_hz: (f64, f64)) -> Vec<f32> {
    resample(&band_pass(lead_mv, from, Band::new(band_hz.0, band_hz.1)), from, to)
}
