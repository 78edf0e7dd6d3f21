//! Pieces of signal around R peaks, and how alike they are.

use crate::recording::Rate;

/// A window relative to the R peak, in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub from_s: f64,
    pub to_s: f64,
}

impl Window {
    /// Where P waves lie.
    pub const P: Self = Self { from_s: -0.28, to_s: -0.08 };
    /// QRS complex and T wave's beginning: what beats are compared by.
    pub const BEAT: Self = Self { from_s: -0.15, to_s: 0.25 };
    /// The QRS complex, wide ones included.
    pub const QRS: Self = Self { from_s: -0.12, to_s: 0.14 };

    /// The narrow QRS complex.
    pub const CORE: Self = Self { from_s: -0.08, to_s: 0.10 };
    /// Where T waves lie.
    pub const T: Self = Self { from_s: 0.14, to_s: 0.36 };

    /// Number of samples at `rate`.
    pub fn len(self, rate: Rate) -> usize {
        ((self.to_s - self.from_s) * rate.hz()).round() as usize + 1
    }

    /// Cuts the window around `peak` (fractional samples) by cubic interpolation into `out`; false (and `out` unusable) where it leaves the
    /// signal or meets an invalid sample.
    pub fn cut(self, signal: &[f32], rate: Rate, peak: f64, out: &mut Vec<f32>) -> bool {
        out.clear();
        let begin = peak + self.from_s * rate.hz();
        let count = self.len(rate);
        if !(begin >= 0.0 && begin + count as f64 <= signal.len() as f64 + 0.5) {
            return false;
        }
        let floor = begin.floor();
        let (index, t) = (floor as usize, (begin - floor) as f32);
        let last = signal.len() - 1;
        for k in 0..count {
            let i = (index + k).min(last);
            let value = if t < 1e-4 {
                signal[i]
            } else {
                let (p, a, b, n) = (signal[i.saturating_sub(1)], signal[i], signal[(i + 1).min(last)], signal[(i + 2).min(last)]);
                // Catmull-Rom; an invalid outer neighbour is replaced by the inner one.
                let p = if p.is_finite() { p } else { a };
                let n = if n.is_finite() { n } else { b };
                a + 0.5 * t * (b - p + t * (2.0 * p - 5.0 * a + 4.0 * b - n + t * (3.0 * (a - b) + n - p)))
            };
            if !value.is_finite() {
                return false;
            }
            out.push(value);
        }
        true
    }
}

/// Removes the straight line that fits best.
pub(super) fn detrend(values: &mut [f32]) {
    let n = values.len() as f32;
    if n < 2.0 {
        values.fill(0.0);
        return;
    }
    let centre = (n - 1.0) / 2.0;
    let mean = values.iter().sum::<f32>() / n;
    let (mut xy, mut xx) = (0.0f32, 0.0f32);
    for (i, v) in values.iter().enumerate() {
        let x = i as f32 - centre;
        xy += x * (v - mean);
        xx += x * x;
    }
    let slope = xy / xx;
    for (i, v) in values.iter_mut().enumerate() {
        *v -= mean + slope * (i as f32 - centre);
    }
}

/// Pearson's correlation; `None` when either side is constant (to less than a microvolt).
pub(super) fn correlation(a: &[f32], b: &[f32]) -> Option<f32> {
    let n = a.len().min(b.len());
    if n < 2 {
        return None;
    }
    let mean = |s: &[f32]| s.iter().take(n).map(|v| f64::from(*v)).sum::<f64>() / n as f64;
    let (ma, mb) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (f64::from(*x) - ma, f64::from(*y) - mb);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    let least = 1e-6 * n as f64 * 1e-6;
    (aa > least && bb > least).then(|| (ab / (aa * bb).sqrt()).clamp(-1.0, 1.0) as f32)
}

/// Largest minus smallest value.
pub(super) fn peak_to_peak(values: &[f32]) -> f32 {
    let (low, high) = values.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    if high >= low { high - low } else { 0.0 }
}
