//! What is measured in each lead.

use super::{
    Measured, Measurements, confidence, lead_name,
    qrs_waves::{self, QrsWave, QrsWaves},
    st_t,
    trace::Trace,
};
use crate::recording::LeadName;

/// Noise (standard error of the median beat) that halves the confidence in an amplitude: the tolerance of IEC 60601-2-51 for amplitudes.
const HALF_MV: f64 = 0.025;
/// What is said of amplitudes in leads without a scale.
pub(super) const UNCALIBRATED: &str = "uncalibrated: amplitudes unknown";

/// Everything measured by lead, with units.
const NAMES: [(&str, &str); 15] = [
    ("p_amplitude", "mV"),
    ("q_amplitude", "mV"),
    ("q_duration", "ms"),
    ("r_amplitude", "mV"),
    ("r_duration", "ms"),
    ("s_amplitude", "mV"),
    ("s_duration", "ms"),
    ("r2_amplitude", "mV"),
    ("s2_amplitude", "mV"),
    ("qrs_pp", "mV"),
    ("st_j", "mV"),
    ("st_j60", "mV"),
    ("st_j80", "mV"),
    ("t_amplitude", "mV"),
    ("rpt", "ms"),
];
const SLOPE: (&str, &str) = ("st_slope", "mV/s");

pub(super) fn measure(lead: &LeadName, trace: &Result<Trace, &'static str>, out: &mut Measurements) {
    let names = || NAMES.into_iter().chain([SLOPE]);
    let trace = match trace {
        Ok(trace) => trace,
        Err(reason) => {
            out.0.extend(names().map(|(name, unit)| (lead_name(name, lead), Measured::missing(unit, *reason))));
            return;
        }
    };
    let waves = qrs_waves::find(trace);
    for (name, unit) in names() {
        let made = if unit != "ms" && !trace.calibrated { Err(UNCALIBRATED) } else { one(name, trace, waves.as_ref()) };
        let measured = match made {
            Ok((value, warning)) => Measured {
                warning,
                confidence: Some(confidence::all(&[of_noise(trace), confidence::of_beats(trace.beats)])),
                beats: Some(trace.beats),
                leads: vec![lead.clone()],
                ..Measured::new(value, unit)
            },
            Err(reason) => Measured::missing(unit, reason),
        };
        out.0.insert(lead_name(name, lead), measured);
    }
}

/// Confidence as far as noise goes.
pub(super) fn of_noise(trace: &Trace) -> f64 {
    confidence::agreement(trace.noise_mv, HALF_MV)
}

type Made = Result<(f64, Option<String>), &'static str>;

fn one(name: &str, trace: &Trace, waves: Option<&QrsWaves>) -> Made {
    let waves = || waves.ok_or("invalid samples in the QRS complex");
    let plain = |value: Result<f64, &'static str>| value.map(|v| (v, None));
    let qs = |w: &QrsWaves| w.qs.then(|| "QS complex".to_owned());
    match name {
        "q_amplitude" => waves().map(|w| (height(w.q), qs(w).or_else(|| absent(w.q, trace)))),
        "r_amplitude" => waves().map(|w| (height(w.r), absent(w.r, trace))),
        "s_amplitude" => waves().map(|w| (height(w.s), absent(w.s, trace))),
        "r2_amplitude" => waves().map(|w| (height(w.r2), absent(w.r2, trace))),
        "s2_amplitude" => waves().map(|w| (height(w.s2), absent(w.s2, trace))),
        "q_duration" => waves().map(|w| (length(w.q, trace), qs(w).or_else(|| absent(w.q, trace)))),
        "r_duration" => waves().map(|w| (length(w.r, trace), absent(w.r, trace))),
        "s_duration" => waves().map(|w| (length(w.s, trace), absent(w.s, trace))),
        "qrs_pp" => plain(trace.peak_to_peak().ok_or("invalid samples in the QRS complex")),
        "rpt" => {
            let last = waves()?.last_r().ok_or("no R wave")?;
            let onset = trace.global.qrs.ok_or("QRS boundaries not seen")?.onset;
            Ok(((last.last_peak - onset) * 1000.0 / trace.hz, None))
        }
        "st_j" => plain(st_t::st(trace, 0.0)),
        "st_j60" => plain(st_t::st(trace, 0.060)),
        "st_j80" => plain(st_t::st(trace, 0.080)),
        "st_slope" => plain(st_t::st(trace, 0.080).and_then(|late| Ok((late - st_t::st(trace, 0.0)?) / 0.080))),
        "p_amplitude" => {
            trace.global.p.ok_or(trace.no_p)?;
            let (_, span) = trace.p().ok_or("the P wave lies outside the beat")?;
            both(st_t::amplitude(&span, trace.smallest()))
        }
        _ => {
            trace.global.t.ok_or("end of T not seen")?;
            let (_, span) = trace.t().ok_or("the T wave lies outside the beat")?;
            both(st_t::amplitude(&span, trace.smallest()))
        }
    }
}

fn both(found: Option<(super::trace::Extreme, Option<super::trace::Extreme>)>) -> Made {
    let (main, other) = found.ok_or("no valid samples in the wave")?;
    let warning = other.map(|other| {
        let (first, second) = if main.at < other.at { (main, other) } else { (other, main) };
        format!("biphasic: {:+.2} then {:+.2} mV", first.mv, second.mv)
    });
    Ok((main.mv, warning))
}

fn height(wave: Option<QrsWave>) -> f64 {
    wave.map_or(0.0, |w| w.peak.mv)
}

fn length(wave: Option<QrsWave>, trace: &Trace) -> f64 {
    wave.map_or(0.0, |w| w.duration * 1000.0 / trace.hz)
}

/// What a zero means.
fn absent(wave: Option<QrsWave>, trace: &Trace) -> Option<String> {
    let limit = trace.smallest();
    wave.is_none()
        .then(|| if trace.calibrated { format!("no such wave of at least {limit:.2} mV") } else { "no such wave".to_owned() })
}
