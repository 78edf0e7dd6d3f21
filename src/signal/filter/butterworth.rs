//! Zero-phase Butterworth filters, stretch by stretch.
//!
//! Each filter is a second-order Butterworth section (bilinear transform, pre-warped) run forward and backward, hence of order 4 in effect,
//! without delay, and -6 dB at its corner frequency. It starts in the steady state of its first sample, on an even reflection of the
//! stretch: unlike the odd one, that does not shift the baseline when a stretch begins within a QRS complex.

use crate::{
    recording::Rate,
    signal::stretch::{bridge_samples, bridged, min_stretch_samples, stretches},
};
use std::ops::Range;

/// A second-order section, normalised to `a0 = 1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
}

impl Biquad {
    /// Butterworth high-pass of order 2. `None` unless `0 < corner_hz < rate / 2`.
    pub fn high_pass(corner_hz: f64, rate: Rate) -> Option<Self> {
        let (k, norm) = Self::warped(corner_hz, rate)?;
        Some(Self { b: [norm, -2.0 * norm, norm], a: Self::denominator(k, norm) })
    }

    /// Butterworth low-pass of order 2. `None` unless `0 < corner_hz < rate / 2`.
    pub fn low_pass(corner_hz: f64, rate: Rate) -> Option<Self> {
        let (k, norm) = Self::warped(corner_hz, rate)?;
        let gain = k * k * norm;
        Some(Self { b: [gain, 2.0 * gain, gain], a: Self::denominator(k, norm) })
    }

    fn warped(corner_hz: f64, rate: Rate) -> Option<(f64, f64)> {
        // Within a thousandth of the Nyquist frequency the section degenerates; such a filter would do nothing anyway.
        if !(corner_hz > 0.0 && corner_hz < 0.499 * rate.hz()) {
            return None;
        }
        let k = (std::f64::consts::PI * corner_hz / rate.hz()).tan();
        Some((k, 1.0 / (1.0 + std::f64::consts::SQRT_2 * k + k * k)))
    }

    fn denominator(k: f64, norm: f64) -> [f64; 2] {
        [2.0 * (k * k - 1.0) * norm, (1.0 - std::f64::consts::SQRT_2 * k + k * k) * norm]
    }

    /// Runs the section over several signals of one length in place, starting as if their first values had been there for ever. The
    /// signals do not touch each other: side by side they take little longer than one, whose every sample waits for the one before.
    fn run<const N: usize>(&self, order: impl Iterator<Item = usize>, values: &mut [[f64; N]], first: [f64; N]) {
        // Transposed direct form II; the steady state for a constant input follows from output = dc * input.
        let dc = (self.b[0] + self.b[1] + self.b[2]) / (1.0 + self.a[0] + self.a[1]);
        let mut s2 = first.map(|first| (self.b[2] - self.a[1] * dc) * first);
        let mut s1 = [0.0; N];
        for lane in 0..N {
            s1[lane] = (self.b[1] - self.a[0] * dc) * first[lane] + s2[lane];
        }
        for index in order {
            let row = &mut values[index];
            for lane in 0..N {
                let x = row[lane];
                let y = self.b[0] * x + s1[lane];
                s1[lane] = self.b[1] * x - self.a[0] * y + s2[lane];
                s2[lane] = self.b[2] * x - self.a[1] * y;
                row[lane] = y;
            }
        }
    }

    /// Forward and backward over `values`, in place.
    pub(super) fn zero_phase<const N: usize>(&self, values: &mut [[f64; N]]) {
        let (Some(&first), count) = (values.first(), values.len()) else { return };
        self.run(0..count, values, first);
        let last = values[count - 1];
        self.run((0..count).rev(), values, last);
    }
}

/// High-pass and low-pass corners in Hz; `None` = that side stays open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// High-pass corner.
    pub low_hz: Option<f64>,
    /// Low-pass corner. At or above half the rate it has nothing to remove and is left out.
    pub high_hz: Option<f64>,
}

impl Band {
    /// A band closed on both sides.
    pub fn new(low_hz: f64, high_hz: f64) -> Self {
        Self { low_hz: Some(low_hz), high_hz: Some(high_hz) }
    }
}

/// Zero-phase high-pass; see [`band_pass`].
pub fn high_pass(signal_mv: &[f32], rate: Rate, corner_hz: f64) -> Vec<f32> {
    band_pass(signal_mv, rate, Band { low_hz: Some(corner_hz), high_hz: None })
}

/// Zero-phase low-pass; see [`band_pass`].
pub fn low_pass(signal_mv: &[f32], rate: Rate, corner_hz: f64) -> Vec<f32> {
    band_pass(signal_mv, rate, Band { low_hz: None, high_hz: Some(corner_hz) })
}

/// Filters each gap-free stretch of `signal_mv` on its own, without delay.
///
/// Invalid samples (NaN) stay NaN. Invalid runs of at most [`crate::signal::BRIDGED_S`] are bridged by a straight line while filtering;
/// longer ones separate stretches. Stretches shorter than [`crate::signal::MIN_STRETCH_S`] come back as NaN.
pub fn band_pass(signal_mv: &[f32], rate: Rate, band: Band) -> Vec<f32> {
    let whole = stretches(signal_mv, bridge_samples(rate));
    let [out] = side_by_side([signal_mv], &whole, rate, band);
    out
}

/// [`band_pass`] of every signal, to the bit, in less time: those that are valid in the same places go side by side.
pub fn band_pass_all(signals_mv: &[&[f32]], rate: Rate, band: Band) -> Vec<Vec<f32>> {
    let mut out = Vec::with_capacity(signals_mv.len());
    for group in signals_mv.chunks(LANES) {
        let Some(first) = group.first() else { continue };
        let whole = stretches(first, bridge_samples(rate));
        let alike = |other: &&[f32]| other.len() == first.len() && stretches(other, bridge_samples(rate)) == whole;
        if group.len() > 1 && group.iter().skip(1).all(alike) {
            // A group that is not full repeats its first signal.
            let lanes: [&[f32]; LANES] = std::array::from_fn(|lane| group.get(lane).copied().unwrap_or(first));
            out.extend(side_by_side(lanes, &whole, rate, band).into_iter().take(group.len()));
        } else {
            out.extend(group.iter().map(|signal| band_pass(signal, rate, band)));
        }
    }
    out
}

/// Signals that are filtered side by side.
const LANES: usize = 4;

/// Filters the stretches that all of these signals, of one length, have.
fn side_by_side<const N: usize>(signals: [&[f32]; N], whole: &[Range<usize>], rate: Rate, band: Band) -> [Vec<f32>; N] {
    let mut out = signals.map(|signal| vec![f32::NAN; signal.len()]);
    let high = band.low_hz.and_then(|hz| Biquad::high_pass(hz, rate));
    let low = band.high_hz.and_then(|hz| Biquad::low_pass(hz, rate));
    let lowest = [band.low_hz, band.high_hz].into_iter().flatten().filter(|hz| *hz > 0.0).fold(f64::INFINITY, f64::min);
    // Two time constants and a bit of the slowest section: beyond that the padding no longer reaches the stretch.
    let settle = if lowest.is_finite() { (1.5 * rate.hz() / lowest).ceil().min(1e7) as usize } else { 0 };
    for stretch in whole.iter().filter(|stretch| stretch.len() >= min_stretch_samples(rate)) {
        let pad = settle.min(stretch.len() - 1);
        let count = stretch.len();
        let mut padded = vec![[0.0; N]; count + 2 * pad];
        for (lane, signal) in signals.iter().enumerate() {
            let inner = bridged(&signal[stretch.clone()]);
            let mirrored = inner[1..=pad].iter().rev().chain(&inner).chain(inner[count - 1 - pad..count - 1].iter().rev());
            for (row, value) in padded.iter_mut().zip(mirrored) {
                row[lane] = *value;
            }
        }
        for section in [high, low].into_iter().flatten() {
            section.zero_phase(&mut padded);
        }
        for (lane, (signal, out)) in signals.iter().zip(&mut out).enumerate() {
            for ((target, row), source) in out[stretch.clone()].iter_mut().zip(&padded[pad..]).zip(&signal[stretch.clone()]) {
                if source.is_finite() {
                    *target = row[lane] as f32;
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::f64::consts::TAU;

    fn rate(hz: f64) -> Rate {
        Rate::new(hz).expect("a rate")
    }

    fn sine(hz: f64, rate_hz: f64, seconds: f64) -> Vec<f32> {
        (0..(seconds * rate_hz) as usize).map(|i| (TAU * hz * i as f64 / rate_hz).sin() as f32).collect()
    }

    /// Gain at the middle third, where no edge reaches.
    fn gain(input: &[f32], output: &[f32]) -> f64 {
        let third = input.len() / 3..2 * input.len() / 3;
        let energy = |s: &[f32]| s[third.clone()].iter().map(|v| f64::from(*v).powi(2)).sum::<f64>();
        (energy(output) / energy(input)).sqrt()
    }

    #[test]
    fn gains_follow_butterworth() {
        for hz in [100.0, 257.3, 360.0, 500.0, 1000.0] {
            for (tone, corner) in [(0.25, 0.5), (0.5, 0.5), (1.0, 0.5), (10.0, 0.5)] {
                let input = sine(tone, hz, 60.0);
                // The bilinear transform warps frequencies; tones this low are hardly touched by it.
                let expected = 1.0 / (1.0 + (corner / tone).powi(4));
                let found = gain(&input, &high_pass(&input, rate(hz), corner));
                assert!((found - expected).abs() < 0.01, "high-pass {hz} {tone}: {found} {expected}");
            }
            for (tone, corner) in [(1.0f64, 20.0), (10.0, 20.0), (20.0, 20.0), (40.0, 20.0)] {
                let input = sine(tone, hz, 60.0);
                let warped = (std::f64::consts::PI * tone / hz).tan() / (std::f64::consts::PI * corner / hz).tan();
                let expected = 1.0 / (1.0 + warped.powi(4));
                let found = gain(&input, &low_pass(&input, rate(hz), corner));
                assert!((found - expected).abs() < 0.01, "low-pass {hz} {tone}: {found} {expected}");
            }
        }
    }

    #[test]
    fn no_delay() {
        let hz = 500.0;
        let input: Vec<f32> = (0..5000).map(|i| (-0.5 * ((i as f64 - 2500.0) / (0.012 * hz)).powi(2)).exp() as f32).collect();
        let output = band_pass(&input, rate(hz), Band::new(0.5, 45.0));
        let peak = (0..output.len()).max_by(|a, b| output[*a].total_cmp(&output[*b]));
        assert_eq!(peak, Some(2500));
        for k in 1..400 {
            assert!((output[2500 + k] - output[2500 - k]).abs() < 1e-4);
        }
    }

    #[test]
    fn offsets_vanish_also_at_the_edges() {
        let input: Vec<f32> = sine(7.0, 250.0, 10.0).iter().map(|v| v + 3.0).collect();
        let output = high_pass(&input, rate(250.0), 0.5);
        for (x, y) in input.iter().zip(&output) {
            assert!((x - 3.0 - y).abs() < 0.12, "{x} {y}");
        }
    }

    #[test]
    fn gaps_stay_gaps_and_separate() {
        let clean = sine(5.0, 360.0, 10.0);
        let mut signal = clean.clone();
        signal[700..710].fill(f32::NAN); // 28 ms: bridged
        signal[1500..1600].fill(f32::NAN); // a gap
        signal[1700..1800].fill(f32::NAN); // leaves 278 ms between two gaps
        let output = band_pass(&signal, rate(360.0), Band::new(0.5, 45.0));
        assert!(output[700..710].iter().all(|v| v.is_nan()));
        assert!(output[..700].iter().all(|v| v.is_finite()) && output[710..1500].iter().all(|v| v.is_finite()));
        assert!(output[1500..1800].iter().all(|v| v.is_nan()), "too short a stretch has no baseline");
        let mut other = signal.clone();
        other[1800..].iter_mut().for_each(|v| *v = *v * 5.0 + 1.0);
        assert_eq!(
            output[..1500].iter().map(|v| v.to_bits()).collect::<Vec<_>>(),
            band_pass(&other, rate(360.0), Band::new(0.5, 45.0))[..1500].iter().map(|v| v.to_bits()).collect::<Vec<_>>()
        );
    }

    #[test]
    fn corners_that_mean_nothing_leave_the_signal_alone() {
        let input = sine(5.0, 80.0, 4.0);
        assert_eq!(low_pass(&input, rate(80.0), 45.0), input);
        assert_eq!(high_pass(&input, rate(80.0), 0.0), input);
    }

    proptest! {
        #[test]
        fn length_gaps_and_finiteness_hold(
            values in proptest::collection::vec(prop_oneof![8 => -5.0f32..5.0, 1 => Just(f32::NAN), 1 => Just(f32::INFINITY)], 0..600),
            hz in 100.0f64..2000.0, low in 0.05f64..5.0, high in 10.0f64..900.0,
        ) {
            let output = band_pass(&values, rate(hz), Band::new(low, high));
            prop_assert_eq!(output.len(), values.len());
            for (x, y) in values.iter().zip(&output) {
                prop_assert!(y.is_nan() || x.is_finite());
                prop_assert!(y.is_nan() || y.abs() < 100.0);
            }
        }

        #[test]
        fn side_by_side_is_the_same_to_the_bit(
            signals in proptest::collection::vec(proptest::collection::vec(-5.0f32..5.0, 300), 1..8), gap in 0usize..290, length in 0usize..60,
            shared in any::<bool>(),
        ) {
            let mut signals = signals;
            for (index, signal) in signals.iter_mut().enumerate() {
                if shared || index == 1 {
                    signal[gap..(gap + length).min(300)].fill(f32::NAN);
                }
            }
            let views: Vec<&[f32]> = signals.iter().map(Vec::as_slice).collect();
            let all = band_pass_all(&views, rate(250.0), Band::new(0.5, 40.0));
            prop_assert_eq!(all.len(), views.len());
            for (together, view) in all.iter().zip(&views) {
                let bits = |signal: &[f32]| signal.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                prop_assert_eq!(bits(together), bits(&band_pass(view, rate(250.0), Band::new(0.5, 40.0))));
            }
        }

        #[test]
        fn filtering_is_linear(values in proptest::collection::vec(-2.0f32..2.0, 200..500), factor in -3.0f32..3.0) {
            let scaled: Vec<f32> = values.iter().map(|v| v * factor).collect();
            let (a, b) = (high_pass(&values, rate(100.0), 0.5), high_pass(&scaled, rate(100.0), 0.5));
            for (x, y) in a.iter().zip(&b) {
                prop_assert!((x * factor - y).abs() < 1e-4);
            }
        }
    }
}
