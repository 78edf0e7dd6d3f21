//! A signal's scale as physical and digital limits.

use super::{Width, records::decimal};
use crate::{
    formats::write::{Loss, NewSignal},
    recording::Scale,
};

/// Errors of the scale at the limits, in digital steps, beyond which it is said.
const SAID: f64 = 0.1;

/// Physical values at two digital ones.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Limits {
    pub unit: String,
    pub physical: (String, String),
    pub digital: (i32, i32),
}

impl Limits {
    /// The unit and the digital limits at which eight characters keep the scale best; `None` where it cannot be written at all. `range`: smallest
    /// and largest sample, which must lie between the limits. Without a scale the digital values are the physical ones, without a unit, which is as
    /// near as EDF comes to saying so.
    pub(super) fn of(signal: &NewSignal, range: Option<(i32, i32)>, width: Width, losses: &mut Vec<Loss>) -> Option<Self> {
        if !signal.calibrated {
            let lost = "uncalibrated, which EDF has no way to say";
            losses.push(Loss::new(format!("scale of {}", signal.name), lost, "digital values as physical ones, without a unit"));
            let digital = width.range();
            return Some(Self { unit: String::new(), physical: (digital.0.to_string(), digital.1.to_string()), digital });
        }
        let scale = &signal.scale;
        let mut units = vec![(unit(&scale.unit), 1.0)];
        if let Some(millivolts) = Scale::voltage_unit(&scale.unit) {
            units.extend([("mV".to_owned(), millivolts), ("uV".to_owned(), millivolts * 1e3)]);
        }
        let digital = digital_limits(scale, range, width);
        let candidates = units.iter().flat_map(|unit| digital.iter().map(move |digital| (unit, *digital)));
        let (error, best) = candidates
            .filter_map(|((unit, factor), digital)| {
                let physical = |value: i32| (f64::from(value) - scale.baseline) / scale.gain * factor;
                let texts = (decimal(physical(digital.0), 8)?, decimal(physical(digital.1), 8)?);
                let read = (texts.0.parse::<f64>().ok()?, texts.1.parse::<f64>().ok()?);
                let step = 1.0 / scale.gain.abs() * factor;
                // At the limits of what can be stored, whatever the digital limits are.
                let slope = (read.1 - read.0) / (f64::from(digital.1) - f64::from(digital.0));
                let off =
                    |value: i32| (read.0 + (f64::from(value) - f64::from(digital.0)) * slope - physical(value)).abs() / step;
                let error = off(width.range().0).max(off(width.range().1));
                // What comes of computing in binary is no error.
                let error = if error < 1e-6 { 0.0 } else { error };
                let usable = error.is_finite() && read.0 != read.1 && error < f64::from(width.range().1) * 1e-3;
                usable.then(|| (error, Self { unit: unit.clone(), physical: texts, digital }))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))?;
        if error > SAID {
            let written = format!("{} to {} {}", best.physical.0, best.physical.1, best.unit);
            let lost = format!("limits have eight characters: up to {error:.2} digital steps off at the ends of the range");
            losses.push(Loss::new(format!("scale of {}", signal.name), lost, written));
        }
        if best.unit != scale.unit && units.first().is_some_and(|(own, _)| *own == best.unit) {
            let lost = format!("`{}` is not eight characters of ASCII", scale.unit);
            losses.push(Loss::new(format!("unit of {}", signal.name), lost, best.unit.clone()));
        }
        Some(best)
    }
}

/// Digital limits worth trying: the whole range first, then those whose physical values are round.
fn digital_limits(scale: &Scale, range: Option<(i32, i32)>, width: Width) -> Vec<(i32, i32)> {
    let whole = width.range();
    let (low, high) = range.unwrap_or((0, 0));
    let mut limits = vec![whole];
    if low > whole.0 {
        limits.push((whole.0 + 1, whole.1));
    }
    for exponent in -6..=9 {
        for digit in [1.0, 2.0, 5.0] {
            let reach = digit * 10f64.powi(exponent) * scale.gain.abs();
            let (from, to) = (scale.baseline - reach, scale.baseline + reach);
            let is_whole = |value: f64| (value - value.round()).abs() < 1e-9 * value.abs().max(1.0);
            let inside = from >= f64::from(whole.0) && to <= f64::from(whole.1) && from < to;
            if inside && is_whole(from) && is_whole(to) && from.round() as i32 <= low && to.round() as i32 >= high {
                limits.push((from.round() as i32, to.round() as i32));
            }
        }
    }
    limits
}

/// A unit in EDF's spelling: ASCII, at most eight characters.
fn unit(text: &str) -> String {
    let text = text.replace(['µ', 'μ'], "u").replace("°C", "degC").replace("°F", "degF").replace("°", "deg").replace('Ω', "Ohm");
    text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).take(8).collect()
}
