//! Mains hum: found, followed and subtracted, so that nothing rings at the QRS complex.
//!
//! A notch filter answers each QRS complex with a dying oscillation at the mains frequency. Here instead the hum itself is estimated, as
//! a sinusoid whose size and phase change slowly, and subtracted. In pieces of two mains cycles the sinusoid is fitted by least squares
//! to the signal's second difference over half a cycle (which leaves hum alone and takes offset, wander, P and T away);
//! over a second and a half the *median* of the pieces' phasors is taken, so that the few pieces that hold QRS complexes do not count.

use crate::{
    recording::Rate,
    signal::{
        robust::median,
        stretch::{bridge_samples, bridged, min_stretch_samples, stretches},
    },
};
use std::f64::consts::TAU;

/// Nominal mains frequencies in Hz.
pub const MAINS_HZ: [f64; 2] = [50.0, 60.0];
/// The network is taken to stay within this of its nominal frequency (recorders' clocks included).
const MOST_OFF_HZ: f64 = 1.0;
/// Cycles in a piece.
const PIECE_CYCLES: f64 = 2.0;
/// Pieces on each side of a node over which the median runs: 0.76 s at 50 Hz.
const PIECES_AROUND: usize = 19;
/// A node each so many pieces; between nodes the phasor changes linearly.
const NODE_EVERY: usize = 4;
/// Pieces between the two phasors whose angle tells the true frequency: 0.32 s at 50 Hz, unambiguous to 1.5 Hz.
const LAG: usize = 8;
/// Hum is there when its median amplitude exceeds its standard error this many times in the typical window.
const CERTAIN: f32 = 5.0;
/// Smaller hum (amplitude in mV) is not to be seen on any paper and is left alone.
const LEAST_MV: f32 = 0.002;
/// Harmonics below this amplitude in mV are left alone.
const LEAST_HARMONIC_MV: f32 = 0.004;
/// Tones above this share of the rate cannot be told from their mirror image.
const HIGHEST_SHARE: f64 = 0.45;

/// The mains frequency whose hum is in the signal (as it really is, e.g. 49.93 Hz); `None` when there is none to speak of, or the rate is too
/// low to carry it. Missing samples are NaN. Linear in time.
pub fn find_mains(signal_mv: &[f32], rate: Rate) -> Option<f64> {
    MAINS_HZ
        .into_iter()
        .filter_map(|hz| {
            let mut windows = Vec::new();
            let mut true_hz: Vec<(usize, f64)> = Vec::new();
            for stretch in usable(signal_mv, rate) {
                let values = bridged(&signal_mv[stretch]);
                let tone = Tone::tuned(&values, rate, hz)?;
                windows.extend(tone.windows());
                true_hz.push((values.len(), tone.hz));
            }
            let amplitude = presence(&windows)?;
            // The longest stretch knows the frequency best.
            let hz = true_hz.into_iter().max_by_key(|(count, _)| *count)?.1;
            (amplitude >= LEAST_MV).then_some((amplitude, hz))
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, hz)| hz)
}

/// Subtracts hum near `mains_hz`, and its second and third harmonic where they are strong, from each gap-free stretch. Invalid samples stay
/// NaN, stretches too short to be filtered (see [`crate::signal::MIN_STRETCH_S`]) become so. At rates that cannot carry the hum the signal
/// comes back unchanged.
pub fn remove_mains(signal_mv: &[f32], rate: Rate, mains_hz: f64) -> Vec<f32> {
    let mut out = vec![f32::NAN; signal_mv.len()];
    for stretch in usable(signal_mv, rate) {
        let input = &signal_mv[stretch.clone()];
        let mut values = bridged(input);
        subtract(&mut values, rate, mains_hz);
        for ((target, value), source) in out[stretch].iter_mut().zip(values).zip(input) {
            if source.is_finite() {
                *target = value as f32;
            }
        }
    }
    out
}

/// Stretches long enough to be filtered.
fn usable(signal_mv: &[f32], rate: Rate) -> impl Iterator<Item = std::ops::Range<usize>> {
    stretches(signal_mv, bridge_samples(rate)).into_iter().filter(move |s| s.len() >= min_stretch_samples(rate))
}

/// Removes the tone and its strong harmonics from one stretch, in place.
pub(super) fn subtract(values: &mut [f64], rate: Rate, mains_hz: f64) {
    let Some(tone) = Tone::tuned(values, rate, mains_hz) else { return };
    let hz = tone.hz;
    tone.subtract_from(values, rate);
    for order in [2.0, 3.0] {
        if let Some(tone) = Tone::at(values, rate, order * hz)
            && presence(&tone.windows()).is_some_and(|amplitude| amplitude >= LEAST_HARMONIC_MV)
        {
            tone.subtract_from(values, rate);
        }
    }
}

/// Typical amplitude in mV over windows (amplitude, standard error), where it stands out of the error.
fn presence(windows: &[(f32, f32)]) -> Option<f32> {
    let certainty = median(&mut windows.iter().map(|(amplitude, error)| amplitude / error.max(1e-6)).collect())?;
    let amplitude = median(&mut windows.iter().map(|w| w.0).collect())?;
    (certainty >= CERTAIN).then_some(amplitude)
}

/// A tone as seen piece by piece: signal = re cos(wn) + im sin(wn), n from the stretch's start.
struct Tone {
    hz: f64,
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy)]
struct Piece {
    centre: f64,
    re: f32,
    im: f32,
}

impl Tone {
    /// The tone near `nominal_hz` at its true frequency. `None` where the rate does not carry it.
    fn tuned(values: &[f64], rate: Rate, nominal_hz: f64) -> Option<Self> {
        let rough = Self::at(values, rate, nominal_hz)?;
        let off = rough.off_hz(rate);
        // Less than this turns the phasor by a few degrees within the window: not worth a second look.
        if off.abs() < 0.01 { Some(rough) } else { Self::at(values, rate, nominal_hz + off) }
    }

    fn at(values: &[f64], rate: Rate, hz: f64) -> Option<Self> {
        if !(hz > 0.0 && hz < HIGHEST_SHARE * rate.hz()) {
            return None;
        }
        let omega = TAU * hz / rate.hz();
        let half = ((rate.hz() / (2.0 * hz)).round() as usize).max(1);
        let gain = 2.0 - 2.0 * (omega * half as f64).cos();
        let length = PIECE_CYCLES * rate.hz() / hz;
        if values.len() < 2 * half + 2 || gain < 0.5 {
            return None;
        }
        // The second difference needs a neighbour on each side.
        let (first, end) = (half, values.len() - half);
        let count = ((end - first) as f64 / length).floor() as usize;
        let turn = omega.sin_cos();
        let pieces = (0..count)
            .filter_map(|index| {
                let from = first + (index as f64 * length).round() as usize;
                let to = (first + ((index + 1) as f64 * length).round() as usize).min(end);
                let (mut sin, mut cos) = (omega * from as f64).sin_cos();
                let (mut cc, mut ss, mut cs, mut yc, mut ys) = (0.0, 0.0, 0.0, 0.0, 0.0);
                let (left, middle, right) = (&values[from - half..to - half], &values[from..to], &values[from + half..to + half]);
                for ((l, m), r) in left.iter().zip(middle).zip(right) {
                    let y = 2.0 * m - l - r;
                    cc += cos * cos;
                    ss += sin * sin;
                    cs += cos * sin;
                    yc += y * cos;
                    ys += y * sin;
                    (sin, cos) = (sin * turn.1 + cos * turn.0, cos * turn.1 - sin * turn.0);
                }
                let det = (cc * ss - cs * cs) * gain;
                let piece = Piece {
                    centre: (from + to) as f64 / 2.0,
                    re: ((yc * ss - ys * cs) / det) as f32,
                    im: ((ys * cc - yc * cs) / det) as f32,
                };
                (piece.re.is_finite() && piece.im.is_finite()).then_some(piece)
            })
            .collect();
        Some(Self { hz, pieces })
    }

    /// How far the true frequency lies from the one looked at, from the phasor's turning. Large phasors (QRS) count no more than typical.
    fn off_hz(&self, rate: Rate) -> f64 {
        let sizes: Vec<f32> = self.pieces.iter().map(|p| p.re.hypot(p.im)).collect();
        let typical = median(&mut sizes.clone()).unwrap_or(0.0);
        let (mut re, mut im, mut apart, mut pairs) = (0.0f64, 0.0f64, 0.0, 0usize);
        for ((a, b), (size_a, size_b)) in
            self.pieces.iter().zip(self.pieces.iter().skip(LAG)).zip(sizes.iter().zip(sizes.iter().skip(LAG)))
        {
            let scale = f64::from(size_a.min(typical) * size_b.min(typical) / (size_a * size_b).max(1e-12));
            // Phase = atan2(-im, re); the angle from a to b.
            re += scale * f64::from(a.re * b.re + a.im * b.im);
            im += scale * f64::from(a.im * b.re - a.re * b.im);
            apart += b.centre - a.centre;
            pairs += 1;
        }
        if pairs < LAG {
            return 0.0;
        }
        let coherent = re.hypot(im) / (pairs as f64 * f64::from(typical * typical)).max(1e-12);
        let off = im.atan2(re) * rate.hz() * pairs as f64 / (TAU * apart);
        // Noise has a random angle: without coherence the nominal frequency is the better guess.
        if coherent > 0.2 && off.abs() <= MOST_OFF_HZ { off } else { 0.0 }
    }

    /// Amplitude and its standard error in windows that do not overlap.
    fn windows(&self) -> Vec<(f32, f32)> {
        let size = 2 * PIECES_AROUND + 1;
        self.pieces
            .chunks(size)
            .filter(|window| 2 * window.len() >= size)
            .filter_map(|window| {
                let (re, im) = centre(window)?;
                let spread = median(&mut window.iter().map(|p| (p.re - re).hypot(p.im - im)).collect())?;
                // Median distance in two dimensions is 1.18 sigma of each; a median's error is 1.25 sigma over the root of the count.
                Some((re.hypot(im), 1.06 * spread / (window.len() as f32).sqrt()))
            })
            .collect()
    }

    fn subtract_from(&self, values: &mut [f64], rate: Rate) {
        let nodes: Vec<Piece> = (0..self.pieces.len())
            .step_by(NODE_EVERY)
            .filter_map(|index| {
                // At the ends the window keeps its width, so that it still outvotes a QRS complex there.
                let width = (2 * PIECES_AROUND + 1).min(self.pieces.len());
                let from = index.saturating_sub(PIECES_AROUND).min(self.pieces.len() - width);
                let (re, im) = centre(&self.pieces[from..from + width])?;
                Some(Piece { centre: self.pieces[index].centre, re, im })
            })
            .collect();
        let omega = TAU * self.hz / rate.hz();
        let turn = omega.sin_cos();
        let total = values.len();
        let mut done = 0;
        for index in 0..=nodes.len() {
            // Before the first node and behind the last one the phasor stays.
            let left = nodes.get(index.saturating_sub(1));
            let (Some(left), right) = (left, nodes.get(index).or(left).unwrap_or(&Piece { centre: 0.0, re: 0.0, im: 0.0 }))
            else {
                return;
            };
            let to = if index == nodes.len() { total } else { (right.centre.ceil() as usize).min(total) };
            let span = (right.centre - left.centre).max(1.0);
            let (step_re, step_im) = (f64::from(right.re - left.re) / span, f64::from(right.im - left.im) / span);
            let (mut sin, mut cos) = (omega * done as f64).sin_cos();
            let ahead = if index == 0 || index == nodes.len() { 0.0 } else { done as f64 - left.centre };
            let (mut re, mut im) = (f64::from(left.re) + step_re * ahead, f64::from(left.im) + step_im * ahead);
            for value in values.get_mut(done..to).unwrap_or_default() {
                *value -= re * cos + im * sin;
                re += step_re;
                im += step_im;
                (sin, cos) = (sin * turn.1 + cos * turn.0, cos * turn.1 - sin * turn.0);
            }
            done = done.max(to);
        }
    }
}

/// Component-wise median of the phasors.
fn centre(pieces: &[Piece]) -> Option<(f32, f32)> {
    let re = median(&mut pieces.iter().map(|p| p.re).collect())?;
    let im = median(&mut pieces.iter().map(|p| p.im).collect())?;
    Some((re, im))
}

#[cfg(test)]
mod tests;
