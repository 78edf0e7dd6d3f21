//! P duration, PR, QRS, QT, and QT corrected for the rate.

use super::{
    Measured, Measurements, confidence,
    fiducials::{Boundary, Statistics},
    rates::Rhythm,
};
use crate::recording::Rate;

/// Spread over beats that halves the confidence, seconds: one standard deviation of the biological tolerances of IEC 60601-2-51.
const HALF_PR_S: f64 = 0.010;
const HALF_QRS_S: f64 = 0.010;
const HALF_P_S: f64 = 0.015;
const HALF_QT_S: f64 = 0.030;
/// An unstable rate halves the confidence in what is corrected for the rate.
const UNSTABLE: f64 = 0.5;

pub(super) fn measure(statistics: &Statistics, rhythm: &Rhythm, rate: Rate, out: &mut Measurements) {
    let [p, qrs, t] = &statistics.global;
    let nothing = "no waves were delineated in the beats used";
    let no_qrs = if statistics.delineated == 0 { nothing } else { "QRS boundaries not seen" };
    let no_p = if statistics.delineated == 0 { nothing } else { statistics.no_p.unwrap_or("no P waves seen") };
    let no_t = if statistics.delineated == 0 { nothing } else { "end of T not seen" };

    let p_duration = match p {
        Some(p) => between(&p.onset, &p.offset, HALF_P_S, statistics, 0, rate),
        None => Measured::missing("ms", no_p),
    };
    let pr = match (p, qrs) {
        (Some(p), Some(qrs)) => between(&p.onset, &qrs.onset, HALF_PR_S, statistics, 0, rate),
        (Some(_), None) => Measured::missing("ms", no_qrs),
        (None, _) => Measured::missing("ms", no_p),
    };
    let duration = match qrs {
        Some(qrs) => between(&qrs.onset, &qrs.offset, HALF_QRS_S, statistics, 1, rate),
        None => Measured::missing("ms", no_qrs),
    };
    let qt = match (qrs, t) {
        (Some(qrs), Some(t)) => between(&qrs.onset, &t.offset, HALF_QT_S, statistics, 2, rate),
        (None, _) => Measured::missing("ms", no_qrs),
        (_, None) => Measured::missing("ms", no_t),
    };
    for (name, corrected) in corrected(&qt, rhythm) {
        out.0.insert(name.to_owned(), corrected);
    }
    for (name, measured) in [("p_duration", p_duration), ("pr", pr), ("qrs", duration), ("qt", qt)] {
        out.0.insert(name.to_owned(), measured);
    }
}

/// The time from one boundary to another in ms. `wave`: whose leads it rests on (0 P, 1 QRS, 2 T).
fn between(from: &Boundary, to: &Boundary, half_s: f64, statistics: &Statistics, wave: usize, rate: Rate) -> Measured {
    let hz = rate.hz();
    let ms = 1000.0 * (to.at - from.at) / hz;
    if !(ms > 0.0 && ms < 2000.0) {
        return Measured::missing("ms", "the boundaries found contradict each other");
    }
    let mut made = Measured::new(ms, "ms");
    let beats = from.beats.min(to.beats);
    let agreeing = from.agreeing.min(to.agreeing);
    let stray_s = from.stray.hypot(to.stray) / hz;
    let shares = [confidence::agreement(stray_s, half_s), confidence::of_beats(beats), confidence::of_leads(agreeing)];
    made.confidence = Some(confidence::all(&shares));
    made.beats = Some(beats);
    let has = |three: &super::fiducials::Three| three.get(wave).is_some_and(Option::is_some);
    made.leads = statistics.leads.iter().filter(|(_, three, _)| has(three)).map(|(lead, _, _)| lead.clone()).collect();
    if made.leads.len() == 1 {
        made.warning = Some("from one lead: may be shorter than over twelve leads".to_owned());
    } else if agreeing < 2 {
        made.warning = Some("the leads disagree".to_owned());
    }
    made
}

/// QT and RR in seconds to QTc.
type Formula = fn(f64, f64) -> f64;

/// QT corrected for the rate by four formulas, in ms. Sources: Bazett, Heart 1920;7:353; Fridericia, Acta Med Scand 1920;53:469; Framingham
/// (Sagie), Am J Cardiol 1992;70:797; Hodges, J Am Coll Cardiol 1983;1:694. With an unstable rate the mean RR interval
/// is used and the value carries a warning (AHA/ACCF/HRS part IV, 2009: no correction when RR varies much).
fn corrected(qt: &Measured, rhythm: &Rhythm) -> [(&'static str, Measured); 4] {
    let formulas: [(&str, Formula); 4] = [
        ("qtc_bazett", |qt, rr| qt / rr.sqrt()),
        ("qtc_fridericia", |qt, rr| qt / rr.cbrt()),
        ("qtc_framingham", |qt, rr| qt + 0.154 * (1.0 - rr)),
        ("qtc_hodges", |qt, rr| qt + 0.001_75 * (60.0 / rr - 60.0)),
    ];
    formulas.map(|(name, formula)| {
        let made = match (qt.value, rhythm.rr_s) {
            (Some(ms), Some(rr)) => {
                let unstable = rhythm.unstable.then(|| "the rate is unstable: corrected by the mean RR interval".to_owned());
                let share = if rhythm.unstable { UNSTABLE } else { 1.0 };
                Measured {
                    confidence: qt.confidence.map(|c| confidence::all(&[f64::from(c), share])),
                    warning: unstable.or_else(|| qt.warning.clone()),
                    beats: qt.beats,
                    leads: qt.leads.clone(),
                    ..Measured::new(1000.0 * formula(ms / 1000.0, rr), "ms")
                }
            }
            (None, _) => Measured::missing("ms", format!("no QT interval: {}", qt.reason.as_deref().unwrap_or("not measurable"))),
            (_, None) => Measured::missing("ms", "no RR interval"),
        };
        (name, made)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_formulas() {
        let qt = Measured { confidence: Some(1.0), ..Measured::new(400.0, "ms") };
        let at = |rr_s: f64| corrected(&qt, &Rhythm { rr_s: Some(rr_s), unstable: false }).map(|(_, m)| m.value.unwrap_or(0.0));
        assert!(at(1.0).iter().all(|v| (v - 400.0).abs() < 1e-9));
        // 75 a minute: 400/sqrt(0.8), 400/cbrt(0.8), 400 + 154*0.2, 400 + 1.75*15.
        for (value, wanted) in at(0.8).iter().zip([447.214, 430.887, 430.8, 426.25]) {
            assert!((value - wanted).abs() < 0.01, "{value} {wanted}");
        }
        let unstable = corrected(&qt, &Rhythm { rr_s: Some(0.8), unstable: true });
        assert!(unstable.iter().all(|(_, m)| m.warning.is_some() && m.confidence < Some(0.6)));
        assert!(corrected(&qt, &Rhythm::default()).iter().all(|(_, m)| m.value.is_none() && m.reason.is_some()));
    }
}
