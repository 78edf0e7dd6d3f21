//! Sums of amplitudes: left ventricular voltages, and the terminal force of P.

use super::{
    MeasureInput, Measured, Measurements,
    amplitudes::{UNCALIBRATED, of_noise},
    confidence, position,
    qrs_waves::{self, QrsWaves},
    st_t,
    trace::Trace,
};
use crate::recording::{Sex, StandardLead};

/// Added to women's Cornell voltage in the product, mV (Okin et al., JAMA 2004;292:2343; 0.8 mV in earlier work).
const WOMEN_MV: f64 = 0.6;

/// What one lead has.
struct Seen<'a> {
    waves: QrsWaves,
    trace: &'a Trace<'a>,
}

pub(super) fn measure(input: &MeasureInput, traces: &[Result<Trace, &'static str>], out: &mut Measurements) {
    let seen = |lead: StandardLead| -> Result<Seen, String> {
        let trace =
            position(input.leads, lead).and_then(|i| traces.get(i)).ok_or_else(|| format!("lead {} is missing", lead.name()))?;
        let trace = trace.as_ref().map_err(|why| format!("lead {}: {why}", lead.name()))?;
        if !trace.calibrated {
            return Err(UNCALIBRATED.to_owned());
        }
        let waves = qrs_waves::find(trace).ok_or_else(|| format!("lead {}: invalid samples in the QRS complex", lead.name()))?;
        Ok(Seen { waves, trace })
    };
    let made = |value: f64, unit: &str, from: &[(StandardLead, &Trace)]| Measured {
        confidence: Some(confidence::all(&[
            from.iter().map(|(_, t)| of_noise(t)).fold(1.0, f64::min),
            confidence::of_beats(from.iter().map(|(_, t)| t.beats).min().unwrap_or(0)),
        ])),
        beats: from.iter().map(|(_, t)| t.beats).min(),
        leads: from.iter().map(|(lead, _)| (*lead).into()).collect(),
        ..Measured::new(value, unit)
    };
    use StandardLead::{AVL, V1, V3, V5, V6};

    let sokolow = seen(V1).and_then(|v1| {
        let (v5, v6) = (seen(V5), seen(V6));
        let one = v5.is_ok() != v6.is_ok();
        let lateral = match (v5, v6) {
            (Ok(v5), Ok(v6)) => {
                if v5.waves.r_height() >= v6.waves.r_height() {
                    (V5, v5)
                } else {
                    (V6, v6)
                }
            }
            (Ok(v5), Err(_)) => (V5, v5),
            (Err(_), Ok(v6)) => (V6, v6),
            (Err(why), Err(_)) => return Err(why),
        };
        let sum = v1.waves.s_depth() + lateral.1.waves.r_height();
        let warning = one.then(|| "from one of V5 and V6 only: the other may be higher".to_owned());
        Ok(Measured { warning, ..made(sum, "mV", &[(V1, v1.trace), (lateral.0, lateral.1.trace)]) })
    });
    let cornell = seen(AVL).and_then(|avl| {
        let v3 = seen(V3)?;
        Ok(made(avl.waves.r_height() + v3.waves.s_depth(), "mV", &[(AVL, avl.trace), (V3, v3.trace)]))
    });
    let product = match (&cornell, out.get("qrs").map(|qrs| (qrs.value, qrs.confidence)), input.sex) {
        (Err(why), _, _) => Err(why.clone()),
        (_, _, None) => Err("sex not known".to_owned()),
        (Ok(cornell), Some((Some(qrs), qrs_confidence)), Some(sex)) => {
            let added = if sex == Sex::Female { WOMEN_MV } else { 0.0 };
            Ok(Measured {
                value: cornell.value.map(|v| (v + added) * qrs),
                unit: "mV*ms".to_owned(),
                confidence: cornell.confidence.zip(qrs_confidence).map(|(a, b)| a.min(b)),
                ..cornell.clone()
            })
        }
        _ => Err("no QRS duration".to_owned()),
    };
    let force = seen(V1).and_then(|v1| {
        v1.trace.global.p.ok_or(v1.trace.no_p)?;
        let force = st_t::terminal_force(v1.trace).ok_or("the P wave lies outside the beat")?;
        Ok(made(force, "mV*ms", &[(V1, v1.trace)]))
    });
    for (name, unit, measured) in [
        ("sokolow_lyon", "mV", sokolow),
        ("cornell", "mV", cornell),
        ("cornell_product", "mV*ms", product),
        ("ptf_v1", "mV*ms", force),
    ] {
        out.0.insert(name.to_owned(), measured.unwrap_or_else(|why| Measured::missing(unit, why)));
    }
}
