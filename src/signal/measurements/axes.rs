//! Electrical axes in the frontal plane.
//!
//! The mean vector `(x, y)` of a wave is the one whose projections on the limb leads fit their net areas best. A bipolar lead at angle `a` sees
//! `x cos a + y sin a`; Goldberger's leads see `sqrt(3)/2` of that, so that with I and aVF alone the axis is `atan2(2/sqrt(3) aVF, I)`
//! (the correction: Novosel et al., Croat Med J 1999;40:77). Any two limb leads suffice; with more, noise averages out, and what does not
//! fit shows a misplaced or broken lead.

use super::{
    MeasureLead, Measured, Measurements,
    amplitudes::{UNCALIBRATED, of_noise},
    confidence, position,
    trace::{Trace, areas},
};
use crate::recording::{LeadName, StandardLead};

/// Angle in degrees and gain of the limb leads.
const LIMBS: [(StandardLead, f64, f64); 6] = [
    (StandardLead::I, 0.0, 1.0),
    (StandardLead::II, 60.0, 1.0),
    (StandardLead::III, 120.0, 1.0),
    (StandardLead::AVR, -150.0, GOLDBERGER),
    (StandardLead::AVL, -30.0, GOLDBERGER),
    (StandardLead::AVF, 90.0, GOLDBERGER),
];
const GOLDBERGER: f64 = 0.866_025_403_784_438_6;
/// A net vector below this share of what the leads see without regard to sign has no direction to speak of.
const INDETERMINATE: f64 = 0.12;
/// Mean net deflections below these (mV, over the wave) are too small to tell: P, QRS, T.
const SMALLEST_MEAN_MV: [f64; 3] = [0.006, 0.010, 0.008];
/// A vector must stand this many standard errors out of the noise.
const OUT_OF_NOISE: f64 = 4.0;
/// Misfit of the leads (share of the vector) that halves the confidence, and from which it is said.
const HALF_MISFIT: f64 = 0.25;

/// How the samples of a wave are taken from a trace.
type Span = fn(&Trace) -> Result<Samples, &'static str>;
/// Samples with their places.
type Samples = Vec<(f64, f64)>;

/// The mean vector of a wave.
struct Vector {
    degrees: f64,
    leads: Vec<LeadName>,
    misfit: f64,
    noise: f64,
    beats: usize,
}

pub(super) fn measure(leads: &[MeasureLead], traces: &[Result<Trace, &'static str>], out: &mut Measurements) {
    let spans: [Span; 3] = [
        |t| t.global.p.ok_or(t.no_p).and_then(|_| t.p().map(|p| p.1).ok_or("the P wave lies outside the beat")),
        |t| t.qrs().map(|q| q.1).ok_or("invalid samples in the QRS complex"),
        |t| t.global.t.ok_or("end of T not seen").and_then(|_| whole_t(t).ok_or("the T wave lies outside the beat")),
    ];
    let mut degrees = [None; 3];
    for (wave, (name, span)) in ["p_axis", "qrs_axis", "t_axis"].into_iter().zip(spans).enumerate() {
        let smallest = SMALLEST_MEAN_MV.get(wave).copied().unwrap_or(0.01);
        let measured = match vector(leads, traces, span, smallest) {
            Ok(vector) => {
                if let Some(place) = degrees.get_mut(wave) {
                    *place = Some(vector.degrees);
                }
                Measured {
                    confidence: Some(confidence::all(&[
                        vector.noise,
                        confidence::of_beats(vector.beats),
                        confidence::agreement(vector.misfit, HALF_MISFIT),
                    ])),
                    warning: (vector.misfit > HALF_MISFIT).then(|| "the limb leads do not fit each other".to_owned()),
                    beats: Some(vector.beats),
                    leads: vector.leads,
                    ..Measured::new(vector.degrees, "degrees")
                }
            }
            Err(reason) => Measured::missing("degrees", reason),
        };
        out.0.insert(name.to_owned(), measured);
    }
    let angle = match (degrees[1], degrees[2], out.get("qrs_axis"), out.get("t_axis")) {
        (Some(qrs), Some(t), Some(a), Some(b)) => {
            let apart = (qrs - t).abs();
            Measured {
                confidence: a.confidence.zip(b.confidence).map(|(a, b)| a.min(b)),
                beats: a.beats,
                leads: a.leads.clone(),
                ..Measured::new(apart.min(360.0 - apart), "degrees")
            }
        }
        (_, _, a, b) => {
            let reason = [a, b].into_iter().flatten().find_map(|m| m.reason.clone());
            Measured::missing("degrees", reason.unwrap_or_else(|| "not measurable".to_owned()))
        }
    };
    out.0.insert("qrs_t_angle".to_owned(), angle);
}

/// The T wave between the boundaries over all leads: areas of different spans could not be compared.
fn whole_t(trace: &Trace) -> Option<Vec<(f64, f64)>> {
    let (t, qrs) = (trace.global.t?, trace.global.qrs?);
    trace.span(t.onset.max(qrs.offset), t.offset)
}

fn vector(
    leads: &[MeasureLead],
    traces: &[Result<Trace, &'static str>],
    span: Span,
    smallest_mean_mv: f64,
) -> Result<Vector, &'static str> {
    let (mut cc, mut cs, mut ss, mut xv, mut yv) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut gross, mut noise_mv, mut samples) = (0.0f64, 0.0f64, 0usize);
    let (mut seen, mut used) = (Vec::new(), Vec::new());
    let (mut beats, mut noise) = (usize::MAX, 1.0f64);
    let mut why = "limb leads are missing";
    for (lead, degrees, gain) in LIMBS {
        let Some((given, trace)) = position(leads, lead).and_then(|i| Some((leads.get(i)?, traces.get(i)?))) else { continue };
        let found = trace.as_ref().map_err(|why| *why).and_then(|trace| {
            if !trace.calibrated {
                return Err(UNCALIBRATED);
            }
            span(trace).map(|span| (trace, span))
        });
        let (trace, span) = match found {
            Ok(found) => found,
            Err(reason) => {
                why = reason;
                continue;
            }
        };
        let (net, size) = areas(&span);
        let (s, c) = f64::to_radians(degrees).sin_cos();
        let (s, c) = (gain * s, gain * c);
        cc += c * c;
        cs += c * s;
        ss += s * s;
        xv += c * net;
        yv += s * net;
        gross = gross.max(size / gain);
        noise_mv = noise_mv.max(trace.noise_mv / gain);
        samples = samples.max(span.len());
        beats = beats.min(trace.beats);
        noise = noise.min(of_noise(trace));
        seen.push((c, s, net));
        used.push(given.name.clone());
    }
    if used.len() < 2 {
        return Err(why);
    }
    let determinant = cc * ss - cs * cs;
    let (x, y) = ((ss * xv - cs * yv) / determinant, (cc * yv - cs * xv) / determinant);
    let size = x.hypot(y);
    if !size.is_finite() || size < INDETERMINATE * gross {
        return Err("indeterminate: the deflections of the limb leads cancel out");
    }
    if size < smallest_mean_mv * samples as f64 || size < OUT_OF_NOISE * noise_mv * (samples as f64).sqrt() {
        return Err("too small in the limb leads to have a direction");
    }
    let misfit = (seen.iter().map(|(c, s, net)| (c * x + s * y - net).powi(2)).sum::<f64>() / seen.len() as f64).sqrt() / size;
    let degrees = y.atan2(x).to_degrees();
    // atan2 gives -180 for a negative zero.
    Ok(Vector { degrees: if degrees <= -180.0 { 180.0 } else { degrees }, leads: used, misfit, noise, beats })
}
