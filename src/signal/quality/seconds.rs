//! One pass over a lead that gathers what each of its seconds is judged by.

use crate::{recording::Rate, signal::filter::MAINS_HZ};
use std::f64::consts::{PI, TAU};

/// Noise and hum are measured in pieces of this length: whole half-cycles of 50 and of 60 Hz.
const PIECE_S: f64 = 0.05;
/// Noise is what lies above this. P and T waves do not reach it; the QRS complex does, but not in the quieter pieces.
const NOISE_HIGH_PASS_HZ: f64 = 20.0;
/// The QRS complex is looked for above this.
const QRS_HIGH_PASS_HZ: f64 = 5.0;
/// Share of a second's pieces that is taken as free of QRS complexes.
const QUIET_SHARE: f64 = 0.3;
/// The 30th percentile of pieces' RMS lies this much below the RMS of white noise (pieces of 10 to 25 samples).
const QUIET_SCALE: f32 = 1.08;
/// Equal samples in a row that make a rail where they lie at the lead's highest or lowest value.
const RAIL_RUN: u32 = 4;

/// What one second holds; values in mV. Where nothing valid was seen, all are 0.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Second {
    /// Valid samples, 0 to 1.
    pub valid: f32,
    /// Lowest valid value.
    pub low: f32,
    /// Highest valid value.
    pub high: f32,
    /// Share of the samples in runs at the lead's highest or lowest value.
    pub railed: f32,
    /// Share of samples equal to the one before.
    pub still: f32,
    /// RMS of the broadband noise.
    pub noise: f32,
    /// Amplitude (half of peak-to-peak) of hum at each of [`MAINS_HZ`].
    pub mains: [f32; 2],
    /// Peak-to-peak of the band above 5 Hz.
    pub qrs: f32,
    /// Largest step from one sample to the next.
    pub step: f32,
    /// Mean of the signal in its first and its second half.
    pub level: [f32; 2],
}

/// A first-order high-pass twice, causal: the judgement needs no phase.
struct HighPass {
    pole: f64,
    state: [(f64, f64); 2],
}

impl HighPass {
    fn new(corner_hz: f64, rate_hz: f64) -> Self {
        // Bilinear transform of s / (s + w).
        let k = (PI * (corner_hz / rate_hz).min(0.45)).tan();
        Self { pole: (1.0 - k) / (1.0 + k), state: [(0.0, 0.0); 2] }
    }

    fn restart(&mut self, x: f64) {
        self.state = [(x, 0.0), (0.0, 0.0)];
    }

    fn next(&mut self, x: f64) -> f64 {
        let gain = (1.0 + self.pole) / 2.0;
        let mut value = x;
        for (before, output) in &mut self.state {
            *output = gain * (value - *before) + self.pole * *output;
            *before = value;
            value = *output;
        }
        value
    }

    /// Gain at a frequency.
    fn gain(&self, hz: f64, rate_hz: f64) -> f64 {
        let ratio = (PI * hz / rate_hz).tan() * (1.0 + self.pole) / (1.0 - self.pole);
        ratio * ratio / (1.0 + ratio * ratio)
    }
}

/// One tone's sums over a piece.
struct Tone {
    turn: (f64, f64),
    phase: (f64, f64),
    sum: (f64, f64),
    gain: f64,
    /// Phasors of the pieces of the second.
    pieces: Vec<(f32, f32)>,
}

impl Tone {
    fn new(hz: f64, rate_hz: f64, gain: f64) -> Option<Self> {
        (hz < 0.45 * rate_hz).then(|| Self {
            turn: (TAU * hz / rate_hz).sin_cos(),
            phase: (0.0, 1.0),
            sum: (0.0, 0.0),
            gain,
            pieces: Vec::new(),
        })
    }

    fn add(&mut self, y: f64) {
        self.sum.0 += y * self.phase.0;
        self.sum.1 += y * self.phase.1;
        let ((sin, cos), (turn_sin, turn_cos)) = (self.phase, self.turn);
        self.phase = (sin * turn_cos + cos * turn_sin, cos * turn_cos - sin * turn_sin);
    }

    /// Ends a piece of `count` samples; the energy the tone had in it.
    fn close(&mut self, count: usize) -> f64 {
        let scale = 2.0 / count.max(1) as f64;
        let (a, b) = (self.sum.0 * scale, self.sum.1 * scale);
        self.pieces.push(((a / self.gain) as f32, (b / self.gain) as f32));
        self.sum = (0.0, 0.0);
        // Rounding errors of the rotation must not grow over a day.
        let length = self.phase.0.hypot(self.phase.1);
        self.phase = (self.phase.0 / length, self.phase.1 / length);
        (a * a + b * b) * count as f64 / 2.0
    }

    /// Amplitude over the second: components' medians, so that QRS complexes do not count.
    fn amplitude(&mut self) -> f32 {
        let part = |of: fn(&(f32, f32)) -> f32| middle(&mut self.pieces.iter().map(of).collect::<Vec<_>>(), 0.5);
        let amplitude = part(|p| p.0).hypot(part(|p| p.1));
        self.pieces.clear();
        amplitude
    }
}

fn middle(values: &mut [f32], share: f64) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let rank = ((values.len() - 1) as f64 * share).floor() as usize;
    *values.select_nth_unstable_by(rank, f32::total_cmp).1
}

/// Samples in a second, 2 at least.
pub(super) fn second_samples(rate: Rate) -> f64 {
    rate.hz().max(2.0)
}

/// Looks at each second of a lead (the last may be part of one). Linear in time; the lead is read twice.
pub(super) fn look(lead_mv: &[f32], rate: Rate) -> Vec<Second> {
    let (low, high) = extremes(lead_mv);
    let hz = second_samples(rate);
    let count = (lead_mv.len() as f64 / hz - 1e-9).ceil().max(0.0) as usize;
    let mut looker = Looker::new(rate.hz(), low, high);
    (0..count)
        .map(|second| {
            let from = ((second as f64 * hz).round() as usize).min(lead_mv.len());
            let to = (((second + 1) as f64 * hz).round() as usize).min(lead_mv.len());
            looker.second(&lead_mv[from..to])
        })
        .collect()
}

/// Lowest and highest valid sample; infinite without any.
pub(super) fn extremes(values: &[f32]) -> (f32, f32) {
    let finite = values.iter().filter(|v| v.is_finite());
    finite.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)))
}

struct Looker {
    low: f32,
    high: f32,
    piece: usize,
    noise_pass: HighPass,
    qrs_pass: HighPass,
    tones: [Option<Tone>; 2],
    last: f32,
    run: u32,
    noise: Vec<f32>,
}

impl Looker {
    fn new(hz: f64, low: f32, high: f32) -> Self {
        let noise_pass = HighPass::new(NOISE_HIGH_PASS_HZ, hz);
        let tones = MAINS_HZ.map(|tone| Tone::new(tone, hz, noise_pass.gain(tone, hz)));
        Self {
            low,
            high,
            piece: ((PIECE_S * hz).round() as usize).max(4),
            qrs_pass: HighPass::new(QRS_HIGH_PASS_HZ, hz),
            noise_pass,
            tones,
            last: f32::NAN,
            run: 0,
            noise: Vec::new(),
        }
    }

    fn second(&mut self, samples: &[f32]) -> Second {
        let mut out = Second::default();
        let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
        let (mut qrs_low, mut qrs_high) = (0.0f64, 0.0f64);
        let (mut valid, mut still, mut railed) = (0usize, 0usize, 0u32);
        let half = samples.len() / 2;
        let mut levels = [(0.0f64, 0usize); 2];
        self.noise.clear();
        for (part, piece) in samples.chunks(self.piece).enumerate() {
            let (mut energy, mut seen) = (0.0f64, 0usize);
            let late = usize::from(part * self.piece >= half);
            for value in piece.iter().copied() {
                if !value.is_finite() {
                    (self.last, self.run) = (f32::NAN, 0);
                    continue;
                }
                let x = f64::from(value);
                if self.last.is_nan() {
                    self.noise_pass.restart(x);
                    self.qrs_pass.restart(x);
                } else {
                    out.step = out.step.max((value - self.last).abs());
                }
                if value == self.last {
                    still += 1;
                    self.run += 1;
                    if value == self.low || value == self.high {
                        // The run counts from its first sample once it is long enough.
                        railed += if self.run + 1 == RAIL_RUN { RAIL_RUN } else { u32::from(self.run >= RAIL_RUN) };
                    }
                } else {
                    self.run = 0;
                }
                self.last = value;
                low = low.min(value);
                high = high.max(value);
                levels[late].0 += x;
                levels[late].1 += 1;
                seen += 1;
                let y = self.noise_pass.next(x);
                energy += y * y;
                for tone in self.tones.iter_mut().flatten() {
                    tone.add(y);
                }
                let q = self.qrs_pass.next(x);
                qrs_low = qrs_low.min(q);
                qrs_high = qrs_high.max(q);
            }
            valid += seen;
            if seen == piece.len() && seen == self.piece {
                // The stronger of the tones is taken out; the weaker one is mostly its leakage.
                let hum = self.tones.iter_mut().flatten().map(|tone| tone.close(seen)).fold(0.0, f64::max);
                let free = seen as f64 - 2.0;
                self.noise.push(((energy - hum).max(0.0) / free.max(1.0)).sqrt() as f32);
            } else {
                self.tones.iter_mut().flatten().for_each(|tone| tone.sum = (0.0, 0.0));
            }
        }
        if valid == 0 {
            return Second::default();
        }
        let whole = valid as f32;
        out.valid = whole / samples.len() as f32;
        (out.low, out.high) = (low, high);
        out.railed = (railed as f32 / whole).min(1.0);
        out.still = still as f32 / whole;
        out.noise = QUIET_SCALE * middle(&mut self.noise, QUIET_SHARE);
        for (target, tone) in out.mains.iter_mut().zip(&mut self.tones) {
            *target = tone.as_mut().map_or(0.0, Tone::amplitude);
        }
        out.qrs = (qrs_high - qrs_low) as f32;
        let level = |(sum, count): (f64, usize)| if count > 0 { Some((sum / count as f64) as f32) } else { None };
        let (first, second) = (level(levels[0]), level(levels[1]));
        out.level = [first.or(second).unwrap_or(0.0), second.or(first).unwrap_or(0.0)];
        out
    }
}
