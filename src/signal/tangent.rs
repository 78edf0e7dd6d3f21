//! The end of the T wave by the tangent method (Lepeschkin and Surawicz, Circulation 1952;6:378): where the tangent at the steepest
//! part of the T wave's last limb meets the baseline.

use super::waves::BeatWaves;
use crate::recording::Rate;

/// Smallest T wave whose end is sought, in millivolts: half a small square.
const LEAST_MV: f32 = 0.05;
/// The same on a lead without calibration: share of the QRS complex's extent.
const LEAST_SHARE: f32 = 0.05;
/// Half length of the stretch a slope is taken over, in seconds: it must not follow noise.
const SLOPE_S: f64 = 0.012;
/// Stretch before the QRS complex whose level is the baseline, in seconds, and its distance from the onset.
const LEVEL_S: f64 = 0.024;
const LEVEL_GAP_S: f64 = 0.004;
/// How far behind the T wave's marked offset the descent is looked for, and how far the end may lie.
const BEHIND_S: f64 = 0.04;
const LATEST_S: f64 = 0.12;

/// The tangent, in samples from the first of the samples given and in millivolts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tangent {
    /// QRS onset.
    pub onset: f64,
    /// Peak of the T wave.
    pub peak: f64,
    /// Where the last limb is steepest.
    pub steepest: f64,
    /// Level of the tangent there.
    pub level: f32,
    /// Change of level a sample.
    pub slope: f32,
    /// Where tangent and baseline meet: the end of T.
    pub end: f64,
    /// Level of the baseline at [`Self::end`].
    pub baseline: f32,
}

impl Tangent {
    /// QRS onset to the end of T in milliseconds.
    pub fn qt_ms(&self, rate: Rate) -> f64 {
        (self.end - self.onset) / rate.hz() * 1e3
    }
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTangent {
    /// The QRS complex is not marked.
    #[error("no QRS complex is marked in this beat and lead")]
    NoQrs,
    /// The T wave is not marked.
    #[error("no T wave is marked in this beat and lead")]
    NoT,
    /// Too low.
    #[error("the T wave is flat")]
    Flat,
    /// Samples are missing where they are needed.
    #[error("there is no signal in part of the beat")]
    NoSignal,
    /// The last limb does not lead to the baseline within reach.
    #[error("the T wave's last limb does not reach the baseline")]
    NoEnd,
}

/// The tangent of a beat. `samples` in millivolts (NaN where invalid), `waves` in samples from the first of them. `next_onset`: QRS onset of the next
/// beat; with it the baseline is the line through the levels before both QRS complexes, without it level. A lead that is not `calibrated` is
/// judged flat against its QRS complex.
///
/// # Errors
/// [`NoTangent`] says why the end of T is not measurable.
pub fn tangent(
    samples: &[f32],
    rate: Rate,
    waves: &BeatWaves,
    next_onset: Option<f64>,
    calibrated: bool,
) -> Result<Tangent, NoTangent> {
    let qrs = waves.qrs.ok_or(NoTangent::NoQrs)?;
    let t = waves.t.ok_or(NoTangent::NoT)?;
    let hz = rate.hz();
    let first = level_before(samples, qrs.onset, hz).ok_or(NoTangent::NoSignal)?;
    let next = next_onset.filter(|next| *next > t.offset).and_then(|next| Some((next, level_before(samples, next, hz)?)));
    let baseline = |at: f64| match next {
        Some((next, level)) => first + (level - first) * ((at - qrs.onset) / (next - qrs.onset)).clamp(0.0, 1.0) as f32,
        None => first,
    };
    let top = at(samples, t.peak).ok_or(NoTangent::NoSignal)? - baseline(t.peak);
    let least = if calibrated { LEAST_MV } else { LEAST_SHARE * extent(samples, qrs.onset, qrs.offset) };
    if top.abs() < least || top.is_nan() || least.is_nan() {
        return Err(NoTangent::Flat);
    }
    let towards = -top.signum();
    let last = t.offset + BEHIND_S * hz;
    let half = (SLOPE_S * hz).round().max(1.0) as usize;
    let limb = t.peak.ceil().max(0.0) as usize..=last.floor().max(0.0) as usize;
    let mut steepest: Option<(usize, f32, f32)> = None;
    for at in limb {
        let (level, slope) = line(samples, at, half).ok_or(NoTangent::NoSignal)?;
        if slope * towards > 0.0 && steepest.is_none_or(|(_, _, most)| slope.abs() > most.abs()) {
            steepest = Some((at, level, slope));
        }
    }
    let (at, level, slope) = steepest.ok_or(NoTangent::Flat)?;
    // The baseline is a line itself.
    let (here, ahead) = (baseline(at as f64), baseline(at as f64 + 1.0));
    let closing = slope - (ahead - here);
    let end = at as f64 + f64::from((here - level) / closing);
    if !end.is_finite() || end < t.peak || end > t.offset + LATEST_S * hz {
        return Err(NoTangent::NoEnd);
    }
    Ok(Tangent { onset: qrs.onset, peak: t.peak, steepest: at as f64, level, slope, end, baseline: baseline(end) })
}

/// Median level right before a QRS complex.
fn level_before(samples: &[f32], onset: f64, hz: f64) -> Option<f32> {
    let end = (onset - LEVEL_GAP_S * hz).floor();
    let start = (end - LEVEL_S * hz).floor().max(0.0);
    if end <= start {
        return None;
    }
    let mut values: Vec<f32> = samples.get(start as usize..=end as usize)?.to_vec();
    if values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let middle = values.len() / 2;
    Some(*values.select_nth_unstable_by(middle, f32::total_cmp).1)
}

fn at(samples: &[f32], position: f64) -> Option<f32> {
    samples.get(position.round().max(0.0) as usize).copied().filter(|value| value.is_finite())
}

fn extent(samples: &[f32], from: f64, to: f64) -> f32 {
    let part = samples.get(from.max(0.0) as usize..(to.max(0.0) as usize).min(samples.len())).unwrap_or_default();
    let valid = part.iter().copied().filter(|value| value.is_finite());
    let (low, high) = valid.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    (high - low).max(0.0)
}

/// Level and slope at a sample: the straight line through the samples around it, by least squares.
fn line(samples: &[f32], at: usize, half: usize) -> Option<(f32, f32)> {
    let part = samples.get(at.checked_sub(half)?..=at + half)?;
    if part.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mean = part.iter().sum::<f32>() / part.len() as f32;
    let (mut product, mut square) = (0.0f32, 0.0f32);
    for (i, value) in part.iter().enumerate() {
        let x = i as f32 - half as f32;
        product += x * (value - mean);
        square += x * x;
    }
    Some((mean, product / square))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::waves::Wave;

    /// A beat with a Gaussian T wave of `height` mV around sample 350, and its marks.
    fn beat(height: f32, drift: f32) -> (Vec<f32>, BeatWaves) {
        let samples = (0..800)
            .map(|i| {
                let wave = |centre: f32, width: f32| (-0.5 * ((i as f32 - centre) / width).powi(2)).exp();
                wave(160.0, 5.0) + wave(660.0, 5.0) + height * wave(350.0, 25.0) + drift * i as f32
            })
            .collect();
        let wave = |onset, peak, offset| Some(Wave { onset, peak, offset });
        (samples, BeatWaves { beat: 0, p: None, qrs: wave(140.0, 160.0, 180.0), t: wave(280.0, 350.0, 420.0) })
    }

    #[test]
    fn the_tangent_of_a_gaussian_ends_two_widths_behind_its_peak() {
        // Steepest one width behind the peak; there the tangent falls to zero within one more width.
        for height in [0.4, -0.3, 1.5] {
            let (samples, waves) = beat(height, 0.0);
            let found = tangent(&samples, Rate::HZ_500, &waves, None, true).expect("a clear T wave");
            assert!((found.end - 400.0).abs() < 1.5, "{height}: {found:?}");
            assert!((found.qt_ms(Rate::HZ_500) - 520.0).abs() < 3.0);
            assert!((found.steepest - 375.0).abs() < 3.0);
        }
    }

    #[test]
    fn a_baseline_that_wanders_does_not_move_the_end() {
        let drift = 0.0006;
        let (samples, waves) = beat(0.4, drift);
        let held = tangent(&samples, Rate::HZ_500, &waves, Some(640.0), true).expect("a clear T wave");
        assert!((held.end - 400.0).abs() < 2.0, "{held:?}");
        let level = tangent(&samples, Rate::HZ_500, &waves, None, true).map_or(f64::INFINITY, |found| found.end);
        assert!((level - 400.0).abs() > 4.0, "a level baseline is off: {level}");
    }

    #[test]
    fn what_cannot_be_measured_is_not() {
        let of = |samples: &[f32], waves: &BeatWaves| tangent(samples, Rate::HZ_500, waves, None, true);
        let (flat, waves) = beat(0.03, 0.0);
        assert_eq!(of(&flat, &waves), Err(NoTangent::Flat));
        let (mut samples, waves) = beat(0.4, 0.0);
        assert_eq!(of(&samples, &BeatWaves { t: None, ..waves }), Err(NoTangent::NoT));
        assert_eq!(of(&samples, &BeatWaves { qrs: None, ..waves }), Err(NoTangent::NoQrs));
        assert_eq!(of(&samples[..380], &waves), Err(NoTangent::NoSignal));
        assert_eq!(of(&[], &waves), Err(NoTangent::NoSignal));
        samples[390] = f32::NAN;
        assert_eq!(of(&samples, &waves), Err(NoTangent::NoSignal));
        let wild = Wave { onset: f64::NAN, peak: f64::INFINITY, offset: -1e300 };
        assert!(of(&samples, &BeatWaves { qrs: Some(wild), t: Some(wild), ..waves }).is_err());
    }

    #[test]
    fn an_uncalibrated_lead_is_judged_against_its_qrs() {
        let (samples, waves) = beat(0.4, 0.0);
        let small: Vec<f32> = samples.iter().map(|value| value * 0.01).collect();
        assert_eq!(tangent(&small, Rate::HZ_500, &waves, None, true), Err(NoTangent::Flat));
        let found = tangent(&small, Rate::HZ_500, &waves, None, false).expect("of a fair size");
        assert!((found.end - 400.0).abs() < 1.5);
    }
}
