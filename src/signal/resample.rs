//! Resampling by a Kaiser-windowed sinc: any ratio, anti-aliased, without delay.

use super::stretch::{bridge_samples, bridged, stretches};
use crate::recording::Rate;

/// Half the kernel's length, in samples of the slower of the two rates.
const HALF_WIDTH: f64 = 24.0;
/// Pass band's edge (-6 dB) as a share of the slower rate: 46 Hz at 100 Hz, flat to 42 Hz.
const CUTOFF: f64 = 0.46;
/// Kaiser's shape: stop band at -63 dB.
const BETA: f64 = 6.0;
/// Ratios whose reduced numerator is at most this keep one exact kernel a phase; others use this many phases, interpolated.
const MAX_PHASES: u64 = 512;
/// Kernels of all phases together hold about this many weights at most.
const MAX_WEIGHTS: usize = 4_000_000;
/// Largest factor by which a rate is raised. A file that claims less than a few samples a second holds no ECG, and must not make us
/// allocate as if it did.
pub const MAX_RAISE: f64 = 64.0;

/// Number of samples [`resample`] makes of `count`: those whose time lies before the end of the recording; none when the rate would be
/// raised more than [`MAX_RAISE`] times.
pub fn resampled_len(count: usize, from: Rate, to: Rate) -> usize {
    if to.hz() > MAX_RAISE * from.hz() {
        return 0;
    }
    (count as f64 * to.hz() / from.hz() - 1e-6).ceil().max(0.0) as usize
}

/// The signal at rate `to`: sample `k` of the result lies at time `k / to` exactly.
///
/// Works stretch by stretch (reflected at a stretch's ends); a result is NaN where the nearest sample of `signal_mv` is invalid.
/// Empty when the rate would be raised more than [`MAX_RAISE`] times.
pub fn resample(signal_mv: &[f32], from: Rate, to: Rate) -> Vec<f32> {
    if (from.hz() - to.hz()).abs() <= 1e-9 * from.hz() {
        return signal_mv.to_vec();
    }
    let mut out = vec![f32::NAN; resampled_len(signal_mv.len(), from, to)];
    if out.is_empty() {
        return out;
    }
    let step = from.hz() / to.hz();
    let kernels = Kernels::new(from, to);
    let mut scratch = Vec::new();
    for stretch in stretches(signal_mv, bridge_samples(from)) {
        let reach = kernels.reach;
        let inner: Vec<f32> = bridged(&signal_mv[stretch.clone()]).into_iter().map(|v| v as f32).collect();
        let mut padded = Vec::with_capacity(inner.len() + 2 * reach);
        padded.extend((1..=reach).rev().map(|i| inner[mirror(i, inner.len())]));
        padded.extend_from_slice(&inner);
        padded.extend((0..reach).map(|i| inner[mirror(inner.len() + i, inner.len())]));
        let first = ((stretch.start as f64 - 0.5) / step).ceil().max(0.0) as usize;
        for (k, target) in out.iter_mut().enumerate().skip(first) {
            let position = k as f64 * step;
            // The nearest sample is taken half up, so that both sides of a stretch agree.
            let nearest = ((position + 0.5).floor() as usize).min(signal_mv.len() - 1);
            if nearest >= stretch.end {
                break;
            }
            if nearest < stretch.start || !signal_mv[nearest].is_finite() {
                continue;
            }
            let floor = position.floor();
            let weights = kernels.weights(k, position - floor, &mut scratch);
            // Tap 0 of the kernel meets the sample `reach - 1` before the floor of the position.
            let begin = floor as isize - stretch.start as isize + 1;
            let begin = begin.clamp(0, (padded.len() - weights.len()) as isize) as usize;
            *target = dot(weights, &padded[begin..begin + weights.len()]);
        }
    }
    out
}

/// Index within `0..len` that even reflection at both ends gives for `i` steps from the first sample (as often as needed).
fn mirror(i: usize, len: usize) -> usize {
    if len <= 1 {
        return 0;
    }
    let period = 2 * (len - 1);
    let within = i % period;
    if within < len { within } else { period - within }
}

fn dot(weights: &[f32], values: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (w, v) = (weights.chunks_exact(8), values.chunks_exact(8));
    let rest: f32 = w.remainder().iter().zip(v.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in w.zip(v) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum::<f32>() + rest
}

struct Kernels {
    /// Input samples on each side of an output's position.
    reach: usize,
    /// Output samples after which the phase repeats, when it does.
    period: Option<u64>,
    /// Kernels by phase; one more than `MAX_PHASES` when interpolated.
    phases: Vec<Vec<f32>>,
}

impl Kernels {
    fn new(from: Rate, to: Rate) -> Self {
        let scale = (to.hz() / from.hz()).min(1.0);
        // A kernel of a million taps serves nobody; ratios beyond 1:10,000 lose stop-band depth instead of memory.
        let reach = (HALF_WIDTH / scale).ceil().min(250_000.0) as usize;
        let kernel = |fraction: f64| -> Vec<f32> {
            let weights: Vec<f64> = (0..2 * reach)
                .map(|tap| {
                    let x = tap as f64 - (reach - 1) as f64 - fraction;
                    let t = 2.0 * CUTOFF * scale * x;
                    let sinc = if t.abs() < 1e-12 { 1.0 } else { (std::f64::consts::PI * t).sin() / (std::f64::consts::PI * t) };
                    let edge = x / reach as f64;
                    sinc * bessel_i0(BETA * (1.0 - edge * edge).max(0.0).sqrt())
                })
                .collect();
            // Exactly 1 for a constant: no ripple of the baseline with the phase.
            let sum: f64 = weights.iter().sum();
            weights.into_iter().map(|w| (w / sum) as f32).collect()
        };
        match rational(from.hz(), to.hz()) {
            Some((numerator, denominator)) if numerator as usize * 2 * reach <= MAX_WEIGHTS => {
                let phases = (0..numerator).map(|k| kernel((k * denominator % numerator) as f64 / numerator as f64)).collect();
                Self { reach, period: Some(numerator), phases }
            }
            _ => {
                // Long kernels get fewer phases: they change more slowly from one to the next.
                let count = (MAX_PHASES as usize).min(MAX_WEIGHTS / (2 * reach)).max(16);
                Self { reach, period: None, phases: (0..=count).map(|p| kernel(p as f64 / count as f64)).collect() }
            }
        }
    }

    /// Weights for output `k` at `fraction` of a sample after its floor.
    fn weights<'a>(&'a self, k: usize, fraction: f64, scratch: &'a mut Vec<f32>) -> &'a [f32] {
        if let Some(period) = self.period {
            return &self.phases[(k as u64 % period) as usize];
        }
        let count = self.phases.len() - 1;
        let at = fraction.clamp(0.0, 1.0) * count as f64;
        let index = (at.floor() as usize).min(count - 1);
        let share = (at - index as f64) as f32;
        scratch.clear();
        scratch.extend(self.phases[index].iter().zip(&self.phases[index + 1]).map(|(a, b)| a + (b - a) * share));
        scratch
    }
}

/// `to / from` in lowest terms when it is a ratio of whole numbers with a numerator of at most [`MAX_PHASES`].
fn rational(from: f64, to: f64) -> Option<(u64, u64)> {
    for multiple in [1.0, 2.0, 4.0, 10.0, 100.0] {
        let (a, b) = (to * multiple, from * multiple);
        if a.fract() == 0.0 && b.fract() == 0.0 && a < 1e9 && b < 1e9 {
            let (a, b) = (a as u64, b as u64);
            let divisor = gcd(a, b);
            return (divisor > 0 && a / divisor <= MAX_PHASES).then_some((a / divisor, b / divisor));
        }
    }
    None
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Modified Bessel function of the first kind, order 0 (power series; arguments up to 10 or so).
fn bessel_i0(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..40 {
        term *= (x / (2.0 * f64::from(k))).powi(2);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::f64::consts::TAU;

    fn rate(hz: f64) -> Rate {
        Rate::new(hz).expect("a rate")
    }

    fn tone(hz: f64, rate_hz: f64, count: usize) -> Vec<f32> {
        (0..count).map(|i| (TAU * hz * i as f64 / rate_hz + 0.3).cos() as f32).collect()
    }

    #[test]
    fn tones_in_the_band_keep_time_and_size() {
        for from in [100.0, 128.0, 250.0, 257.29, 300.0, 360.0, 500.0, 977.4, 1000.0] {
            for hz in [1.0, 10.0, 25.0, 40.0] {
                let input = tone(hz, from, (10.0 * from) as usize);
                let output = resample(&input, rate(from), rate(100.0));
                assert_eq!(output.len(), resampled_len(input.len(), rate(from), rate(100.0)));
                let expected = tone(hz, 100.0, output.len());
                for k in 30..output.len() - 30 {
                    assert!(
                        (output[k] - expected[k]).abs() < 3e-3,
                        "{from} Hz, tone {hz}, sample {k}: {} {}",
                        output[k],
                        expected[k]
                    );
                }
            }
        }
    }

    #[test]
    fn tones_above_the_band_vanish() {
        for (from, hz) in [(300.0, 60.0), (360.0, 55.0), (360.0, 120.0), (500.0, 90.0), (500.0, 199.0)] {
            let output = resample(&tone(hz, from, (10.0 * from) as usize), rate(from), rate(100.0));
            let worst = output[30..output.len() - 30].iter().fold(0.0f32, |m, v| m.max(v.abs()));
            assert!(worst < 4e-3, "{from} Hz, tone {hz}: {worst}");
        }
    }

    #[test]
    fn constants_stay_constant_to_the_last_sample() {
        for (from, to, count) in
            [(500.0, 100.0, 5000), (360.0, 100.0, 3601), (257.3, 100.0, 999), (100.0, 360.0, 1000), (300.0, 100.0, 2)]
        {
            let output = resample(&vec![1.25; count], rate(from), rate(to));
            assert!(output.iter().all(|v| (v - 1.25).abs() < 1e-5), "{from} {to}");
        }
        assert_eq!(resample(&vec![0.0; 5000], rate(500.0), rate(100.0)).len(), 1000);
        assert_eq!(resample(&vec![0.0; 9000], rate(300.0), rate(100.0)).len(), 3000);
        assert!(resample(&[], rate(500.0), rate(100.0)).is_empty());
        // Rates that only a damaged header claims cost neither memory nor time.
        assert!(resample(&vec![0.0; 10_000], rate(1e-3), rate(100.0)).is_empty());
        assert_eq!(resample(&vec![1.0; 30_000], rate(999_983.0), rate(100.0)).len(), 4);
    }

    #[test]
    fn gaps_stay_where_they_are() {
        let mut input = tone(5.0, 500.0, 5000);
        input[1000..2000].fill(f32::NAN);
        let output = resample(&input, rate(500.0), rate(100.0));
        assert!(output[200..400].iter().all(|v| v.is_nan()));
        assert!(output[..200].iter().chain(&output[400..]).all(|v| v.is_finite()));
        let expected = tone(5.0, 100.0, 1000);
        for k in (0..190).chain(410..1000) {
            assert!((output[k] - expected[k]).abs() < 0.1, "{k}");
        }
    }

    proptest! {
        #[test]
        fn any_ratio_any_gaps(
            values in proptest::collection::vec(prop_oneof![6 => -3.0f32..3.0, 1 => Just(f32::NAN)], 0..400),
            from in 50.0f64..2000.0, to in 50.0f64..2000.0,
        ) {
            let output = resample(&values, rate(from), rate(to));
            prop_assert_eq!(output.len(), resampled_len(values.len(), rate(from), rate(to)));
            for (k, value) in output.iter().enumerate() {
                let nearest = ((k as f64 * from / to + 0.5).floor() as usize).min(values.len() - 1);
                prop_assert_eq!(value.is_nan(), values[nearest].is_nan(), "output {} from {}", k, nearest);
                prop_assert!(value.is_nan() || value.abs() < 20.0);
            }
        }
    }
}
