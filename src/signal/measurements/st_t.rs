//! ST segment, T wave and P wave of one lead.

use super::trace::{Extreme, Trace, extremes};

/// The J point is the mean over this long around it, later points of the ST segment over the other (seconds).
const J_MEAN_S: f64 = 0.004;
const ST_MEAN_S: f64 = 0.008;
/// A wave is biphasic when its smaller part has at least this share of the larger.
const BIPHASIC: f64 = 0.25;
/// The terminal part of P counts from this depth: a fifth of a millimetre.
const TERMINAL_MV: f64 = 0.020;

/// The level `after_s` seconds after the J point.
pub(super) fn st(trace: &Trace, after_s: f64) -> Result<f64, &'static str> {
    let qrs = trace.global.qrs.ok_or("QRS boundaries not seen")?;
    let at = qrs.offset + after_s * trace.hz;
    if trace.global.t.is_some_and(|t| at >= t.offset) {
        return Err("the T wave has ended by then");
    }
    let half = if after_s > 0.0 { ST_MEAN_S } else { J_MEAN_S } * trace.hz / 2.0;
    trace.mean(at - half, at + half).ok_or("outside the beat")
}

/// Amplitude of a wave from its samples: its larger side, and the other one if it counts.
pub(super) fn amplitude(span: &[(f64, f64)], smallest: f64) -> Option<(Extreme, Option<Extreme>)> {
    let (low, high) = extremes(span)?;
    let (main, other) = if -low.mv > high.mv { (low, high) } else { (high, low) };
    let opposite = (other.mv > 0.0) != (main.mv > 0.0);
    let counts = opposite && other.mv.abs() >= smallest && other.mv.abs() >= BIPHASIC * main.mv.abs();
    Some((main, counts.then_some(other)))
}

/// P terminal force: the depth of the last negative part of the P wave (mV, negative) times its duration (ms); 0 without one. Source:
/// Morris et al., Circulation 1964;29:242.
pub(super) fn terminal_force(trace: &Trace) -> Option<f64> {
    let (_, span) = trace.p()?;
    let least = TERMINAL_MV.max(2.0 * trace.noise_mv);
    // Backwards from the end of P: what has returned to the baseline, then the negative part.
    let mut depth = 0.0f64;
    let mut length = 0usize;
    for (_, mv) in span.iter().rev() {
        if *mv < 0.0 {
            depth = depth.min(*mv);
            length += 1;
        } else if -depth >= least {
            break;
        } else {
            (depth, length) = (0.0, 0);
            // A positive part that counts ends P: it has no negative one after it.
            if *mv >= least {
                break;
            }
        }
    }
    Some(if -depth >= least { depth * 1000.0 * length as f64 / trace.hz } else { 0.0 })
}
