//! Q, R, S, R' and S' of one lead.

use super::trace::{Extreme, Trace};

/// A wave is above the smallest amplitude for at least this long, and that long from crossing to crossing (IEC 60601-2-51, annex GG.5), seconds.
const ABOVE_S: f64 = 0.006;
const LONG_S: f64 = 0.012;

/// One wave of the QRS complex.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct QrsWave {
    pub peak: Extreme,
    /// Place of its last peak: of a notched wave not always the highest.
    pub last_peak: f64,
    /// From crossing to crossing of the baseline, samples.
    pub duration: f64,
}

/// The waves of the QRS complex in one lead; `None`: there is no such wave.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct QrsWaves {
    pub q: Option<QrsWave>,
    pub r: Option<QrsWave>,
    pub s: Option<QrsWave>,
    pub r2: Option<QrsWave>,
    pub s2: Option<QrsWave>,
    /// The complex has no R wave: what is in `q` is a QS complex.
    pub qs: bool,
}

impl QrsWaves {
    /// Depth of the S wave for voltage sums, positive: the deeper of S and S', or a QS complex.
    pub fn s_depth(&self) -> f64 {
        let deepest = [self.s, self.s2].into_iter().flatten().map(|w| -w.peak.mv).fold(0.0, f64::max);
        if self.qs { self.q.map_or(0.0, |q| -q.peak.mv) } else { deepest }
    }

    /// Height of the R wave for voltage sums: the higher of R and R'.
    pub fn r_height(&self) -> f64 {
        [self.r, self.r2].into_iter().flatten().map(|w| w.peak.mv).fold(0.0, f64::max)
    }

    /// The last R wave: where the intrinsicoid deflection begins.
    pub fn last_r(&self) -> Option<QrsWave> {
        self.r2.or(self.r)
    }
}

/// A run of samples on one side of the baseline.
#[derive(Debug, Clone, Copy)]
struct Run {
    begin: f64,
    end: f64,
    peak: Extreme,
    /// Sizes at its ends.
    first: f64,
    last: f64,
    /// Samples beyond the smallest amplitude.
    above: f64,
}

/// Finds the waves; `None` where the trace is not valid throughout the QRS complex.
pub(super) fn find(trace: &Trace) -> Option<QrsWaves> {
    let (wave, span) = trace.qrs()?;
    let smallest = trace.smallest();
    let own = trace.own.qrs.unwrap_or(wave);
    let significant: Vec<Run> = runs(&span, smallest)
        .into_iter()
        .map(|run| Run {
            begin: if own.onset < run.peak.at { run.begin.max(own.onset) } else { run.begin },
            end: if own.offset > run.peak.at { run.end.min(own.offset) } else { run.end },
            ..run
        })
        .filter(|run| {
            // Two opposite slopes: where the complex passes into a raised or depressed ST segment there is no wave.
            let size = run.peak.mv.abs();
            size >= smallest
                && size - run.first >= smallest.min(0.5 * size)
                && size - run.last >= smallest.min(0.5 * size)
                && run.above >= ABOVE_S * trace.hz
                && run.end - run.begin >= LONG_S * trace.hz
        })
        .collect();
    let mut out = QrsWaves::default();
    for run in joined(&significant) {
        let last_peak = last_peak(&span, &run, smallest);
        let found = QrsWave { peak: run.peak, last_peak, duration: run.end - run.begin };
        let place = match (run.peak.mv > 0.0, out.r.is_some(), out.s.is_some(), out.r2.is_some()) {
            (true, false, _, _) => &mut out.r,
            (true, true, true, false) => &mut out.r2,
            (false, false, _, _) => &mut out.q,
            (false, true, false, false) => &mut out.s,
            (false, true, _, true) if out.s2.is_none() => &mut out.s2,
            // More waves than have names: R'' and what follows.
            _ => continue,
        };
        *place = Some(found);
    }
    out.qs = out.r.is_none() && out.q.is_some();
    Some(out)
}

/// Splits samples where they cross the baseline.
fn runs(span: &[(f64, f64)], smallest: f64) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut before: Option<(f64, f64)> = None;
    for (at, mv) in span.iter().copied() {
        let same = before.is_some_and(|(_, b)| (b > 0.0) == (mv > 0.0));
        match out.last_mut() {
            Some(run) if same => {
                run.end = at;
                run.last = mv.abs();
                if mv.abs() > run.peak.mv.abs() {
                    run.peak = Extreme { at, mv };
                }
                run.above += above(before, (at, mv), smallest);
            }
            last => {
                // Both sides meet where the line between the samples crosses the baseline.
                let crossing = before.map_or(at, |(t, b)| t + (at - t) * b / (b - mv));
                if let Some(run) = last {
                    run.end = crossing;
                    run.last = 0.0;
                }
                let first = if before.is_some() { 0.0 } else { mv.abs() };
                let above = above(before.map(|_| (crossing, 0.0)), (at, mv), smallest);
                out.push(Run { begin: crossing, end: at, peak: Extreme { at, mv }, first, last: mv.abs(), above });
            }
        }
        before = Some((at, mv));
    }
    out
}

/// The last peak of a wave: one that rises by the smallest amplitude out of a notch behind the highest, to at least half its height.
fn last_peak(span: &[(f64, f64)], run: &Run, smallest: f64) -> f64 {
    let sign = run.peak.mv.signum();
    let (mut place, mut notch) = (run.peak.at, run.peak.mv.abs());
    // The peak after the notch, until the wave has come down from it and counts.
    let mut next = (run.peak.at, f64::NEG_INFINITY);
    let mut level = run.peak.mv.abs();
    for (at, mv) in span.iter().filter(|(at, _)| *at > run.peak.at && *at <= run.end).map(|(at, mv)| (*at, sign * mv)) {
        if mv < notch {
            notch = mv;
            next = (at, f64::NEG_INFINITY);
        } else if mv > next.1 {
            next = (at, mv);
        } else if next.1 - mv >= smallest
            && next.1 - notch >= smallest
            && level - notch >= smallest
            && next.1 >= 0.5 * run.peak.mv.abs()
        {
            (place, level, notch) = (next.0, next.1, mv);
            next = (at, f64::NEG_INFINITY);
        }
    }
    place
}

/// How long the line between two samples on one side of the baseline is beyond `smallest`.
fn above(from: Option<(f64, f64)>, to: (f64, f64), smallest: f64) -> f64 {
    let Some(from) = from else { return 0.0 };
    let (a, b) = (from.1.abs() - smallest, to.1.abs() - smallest);
    let share = match (a > 0.0, b > 0.0) {
        (true, true) => 1.0,
        (false, false) => 0.0,
        _ => a.max(b) / (a - b).abs(),
    };
    share * (to.0 - from.0)
}

/// Joins waves of one side between which no wave of the other side lies.
fn joined(runs: &[Run]) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for run in runs {
        match out.last_mut() {
            Some(last) if (last.peak.mv > 0.0) == (run.peak.mv > 0.0) => {
                last.end = run.end;
                if run.peak.mv.abs() > last.peak.mv.abs() {
                    last.peak = run.peak;
                }
            }
            _ => out.push(*run),
        }
    }
    out
}
