//! From a specification to leads and truth.

use super::{
    COUNTS_PER_MV, Conduction, Rhythm, Simulated, SimulatedLead, Spec, TrueBeat,
    morphology::{self, Morphology, extent},
    random::Random,
    rhythm::{BREATHING_HZ, Origin, Planned, plan},
    vector::{Lobe, Vector, energy_in_twelve_leads, independent_leads, seen},
};
use crate::recording::{Mnemonic, SampleIndex, SampleRange, StandardLead};
use std::f64::consts::TAU;

/// Lobes are drawn this many standard deviations far: beyond, they are below a hundredth of a count.
const DRAWN: f64 = 5.5;
/// Length and size of the pacemaker's stimulus.
const STIMULUS_S: f64 = 0.002;
const STIMULUS: Vector = [0.35, -1.0, 0.25];
/// From the stimulus to the onset of QRS.
const CAPTURE_S: f64 = 0.008;
/// Time in which the ST segment leaves the baseline.
const ST_EDGE_S: f64 = 0.008;
/// Longest simulation: an hour.
const MOST_SECONDS: f64 = 3600.0;

/// Simulates what `spec` asks for. Out-of-range numbers are brought into range (heart rate 20 to 300 a minute, at most one hour).
pub fn simulate(name: &str, title: &str, spec: &Spec) -> Simulated {
    let mut spec = spec.clone();
    spec.heart_rate = if spec.heart_rate.is_finite() { spec.heart_rate.clamp(20.0, 300.0) } else { 72.0 };
    spec.duration_s = if spec.duration_s.is_finite() { spec.duration_s.clamp(0.0, MOST_SECONDS) } else { 0.0 };
    // Each purpose has its own sequence: more noise must not change the rhythm.
    let mut canvas = Canvas::new(&spec);
    let mut beats = Vec::new();
    let mut sizes = Random::new(spec.seed ^ 0x51);
    for planned in plan(&spec, &mut Random::new(spec.seed)) {
        let breath = (TAU * BREATHING_HZ * planned.at + 1.0).sin();
        let size = 1.0 + spec.respiration * (0.04 * breath + 0.01 * sizes.normal());
        beats.extend(draw_beat(&mut canvas, &spec, &planned, size));
    }
    if spec.rhythm == Rhythm::AtrialFibrillation {
        canvas.fibrillate(&mut Random::new(spec.seed ^ 0xF1), 1.0);
    } else if spec.rhythm == Rhythm::VentricularPaced {
        // Why there is a pacemaker and no P wave: fine fibrillation with complete block.
        canvas.fibrillate(&mut Random::new(spec.seed ^ 0xF1), 0.35);
    }
    Simulated {
        name: name.to_owned(),
        title: title.to_owned(),
        age_years: None,
        sex: None,
        rate: spec.rate,
        leads: canvas.leads(&spec),
        beats,
        rhythm: spec.rhythm.aux(),
    }
}

/// The heart vector over time.
struct Canvas {
    hz: f64,
    dipole: Vec<Vector>,
}

impl Canvas {
    fn new(spec: &Spec) -> Self {
        let hz = spec.rate.hz();
        Self { hz, dipole: vec![[0.0; 3]; (spec.duration_s * hz).round() as usize] }
    }

    /// Samples that lie in a span of seconds, cut to the recording.
    fn span(&self, from_s: f64, to_s: f64) -> std::ops::Range<usize> {
        let from = (from_s * self.hz).ceil().max(0.0) as usize;
        let to = ((to_s * self.hz).floor() + 1.0).max(0.0) as usize;
        from.min(self.dipole.len())..to.min(self.dipole.len())
    }

    fn add(&mut self, from_s: f64, to_s: f64, vector: Vector, height: impl Fn(f64) -> f64) {
        for i in self.span(from_s, to_s) {
            let h = height(i as f64 / self.hz);
            for (axis, v) in self.dipole[i].iter_mut().zip(vector) {
                *axis += v * h;
            }
        }
    }

    fn add_lobe(&mut self, lobe: &Lobe) {
        self.add(lobe.at - DRAWN * lobe.rise, lobe.at + DRAWN * lobe.fall, lobe.vector, |t| lobe.height(t));
    }

    /// Fibrillatory waves: largest in V1, about six a second, never twice alike.
    fn fibrillate(&mut self, random: &mut Random, size: f64) {
        let (mut phase, mut frequency, mut strength) = (0.0f64, 6.2f64, 1.0f64);
        for dipole in &mut self.dipole {
            // Slow random walks that return to their means within about a second.
            let step = 1.0 / self.hz;
            frequency += (6.2 - frequency) * step * 1.5 + 1.6 * step.sqrt() * random.normal();
            strength += (1.0 - strength) * step * 1.2 + 0.45 * step.sqrt() * random.normal();
            phase += frequency.clamp(4.0, 9.0) * step;
            let wave = (TAU * phase).sin() + 0.35 * (2.0 * TAU * phase + 0.8).sin() + 0.12 * (3.0 * TAU * phase + 0.3).sin();
            let h = 1.2 * size * strength.clamp(0.35, 1.7) * wave;
            for (axis, v) in dipole.iter_mut().zip([-0.008, 0.034, -0.066]) {
                *axis += v * h;
            }
        }
    }

    /// Projects, adds what is not the heart, and digitises.
    fn leads(&self, spec: &Spec) -> Vec<SimulatedLead> {
        let digital: Vec<(StandardLead, Vec<i32>)> = independent_leads()
            .map(|(lead, axis)| {
                let mut noise = Random::new(spec.seed.wrapping_mul(31).wrapping_add(0xA0 + lead as u64));
                let waves: Vec<(f64, f64, f64)> = [(0.07, 0.6), (0.19, 0.5), (0.33, 0.3)]
                    .iter()
                    .map(|(hz, share)| (hz * noise.within(0.85, 1.15), share * noise.within(0.6, 1.2), noise.within(0.0, TAU)))
                    .collect();
                // Limb leads in even counts, so that the halves of Goldberger's leads are whole counts.
                let step = if matches!(lead, StandardLead::I | StandardLead::II) { 2.0 } else { 1.0 };
                let counts = self
                    .dipole
                    .iter()
                    .enumerate()
                    .map(|(i, dipole)| {
                        let t = i as f64 / self.hz;
                        let wander: f64 = waves.iter().map(|(hz, share, phase)| share * (TAU * hz * t + phase).sin()).sum();
                        let mv = spec.size * seen(axis, *dipole) + spec.wander_mv * wander + spec.noise_mv * noise.normal();
                        ((mv * COUNTS_PER_MV / step).round().clamp(-7_000.0, 7_000.0) * step) as i32
                    })
                    .collect();
                (lead, counts)
            })
            .collect();
        let of = |lead: StandardLead| digital.iter().find(|d| d.0 == lead).map_or(&[][..], |d| &d.1);
        let (one, two) = (of(StandardLead::I), of(StandardLead::II));
        let from_limbs = |f: fn(i32, i32) -> i32| one.iter().zip(two).map(|(a, b)| f(*a, *b)).collect::<Vec<i32>>();
        spec.leads
            .iter()
            .map(|lead| {
                let counts = match lead {
                    StandardLead::III => from_limbs(|i, ii| ii - i),
                    StandardLead::AVR => from_limbs(|i, ii| -(i + ii) / 2),
                    StandardLead::AVL => from_limbs(|i, ii| i - ii / 2),
                    StandardLead::AVF => from_limbs(|i, ii| ii - i / 2),
                    _ => of(*lead).to_vec(),
                };
                let counts = counts.into_iter().map(|c| c.clamp(i32::from(i16::MIN) + 1, i32::from(i16::MAX)) as i16).collect();
                SimulatedLead { lead: *lead, counts }
            })
            .collect()
    }
}

/// Draws one beat; `None` (and nothing drawn) when its QRS complex does not fit into the recording.
fn draw_beat(canvas: &mut Canvas, spec: &Spec, planned: &Planned, size: f64) -> Option<TrueBeat> {
    let shape = shape_of(spec, planned.origin);
    let (native_on, native_off) = shape.qrs_extent();
    let stretch = match (spec.qrs_s, planned.origin) {
        (Some(wanted), Origin::Sinus | Origin::Atria) => (wanted / (native_off - native_on)).clamp(0.5, 3.0),
        _ => 1.0,
    };
    let (qrs_on, qrs_off) = (planned.at + native_on * stretch, planned.at + native_off * stretch);
    if qrs_on < 0.02 || qrs_off > spec.duration_s - 0.02 {
        return None;
    }
    let qrs: Vec<Lobe> = shape.qrs.iter().map(|lobe| lobe.placed(stretch, planned.at).scaled(size)).collect();
    qrs.iter().for_each(|lobe| canvas.add_lobe(lobe));

    // Repolarisation follows the rate (Bazett) and only in part the interval just before.
    let widened = (native_off - native_on) * (stretch - 1.0);
    let usual_qt = (shape.qt_s * (0.7 * 60.0 / spec.heart_rate + 0.3 * planned.rr).clamp(0.2, 2.0).sqrt())
        .max(qrs_off - qrs_on + 0.10)
        + widened.max(0.0);
    let t_end = qrs_on + spec.qt_s.unwrap_or(usual_qt);
    let narrow = ((t_end - qrs_off) / (shape.qt_s - (native_off - native_on))).clamp(0.3, 1.6);
    let t: Vec<Lobe> = shape.t.iter().map(|lobe| lobe.placed(narrow, t_end).scaled(size)).collect();
    t.iter().for_each(|lobe| canvas.add_lobe(lobe));
    if let (Some(st), Some(t_peak)) = (shape.st, t.first()) {
        // Begins where the QRS complex ends and gives way to the falling T wave.
        let (begin, end, fall) = (qrs_off - 2.5 * ST_EDGE_S, t_peak.at, 0.8 * t_peak.fall);
        canvas.add(begin - 6.0 * ST_EDGE_S, end + DRAWN * fall, st.map(|v| v * size), |time| {
            let rise = 1.0 / (1.0 + (-(time - begin) / (0.5 * ST_EDGE_S)).exp());
            rise * if time > end { (-0.5 * ((time - end) / fall).powi(2)).exp() } else { 1.0 }
        });
    }
    let p = draw_p(canvas, spec, planned, &shape, qrs_on, size);
    if shape.stimulus {
        // A rectangle of two milliseconds, at slow rates the one sample that catches it.
        let begin = ((qrs_on - CAPTURE_S) * canvas.hz).round() / canvas.hz;
        let end = begin + (STIMULUS_S - 0.5 / canvas.hz).max(0.0);
        canvas.add(begin - 1e-9, end + 1e-9, STIMULUS, |_| 1.0);
    }

    let sample = |t: f64| (t * canvas.hz).round().max(0.0) as u64;
    let range = |from: f64, to: f64| SampleRange::new(sample(from), sample(to));
    let whole = |(from, to): (f64, f64)| (from >= 0.0 && to < spec.duration_s).then(|| range(from, to));
    let energy = |t: f64| {
        let mut sum = [0.0; 3];
        for lobe in &qrs {
            sum.iter_mut().zip(lobe.vector).for_each(|(s, v)| *s += v * lobe.height(t));
        }
        energy_in_twelve_leads(sum)
    };
    let peak = (sample(qrs_on)..=sample(qrs_off))
        .max_by(|a, b| energy(*a as f64 / canvas.hz).total_cmp(&energy(*b as f64 / canvas.hz)))
        .unwrap_or_else(|| sample(planned.at));
    Some(TrueBeat {
        sample: SampleIndex(peak),
        mnemonic: Mnemonic(shape.mnemonic.to_owned()),
        p: p.and_then(whole),
        qrs: range(qrs_on, qrs_off),
        t: whole(extent(&t)),
    })
}

/// Draws the P wave of a sinus beat; its onset and offset in seconds.
fn draw_p(canvas: &mut Canvas, spec: &Spec, planned: &Planned, shape: &Morphology, qrs_on: f64, size: f64) -> Option<(f64, f64)> {
    if planned.origin != Origin::Sinus || shape.p.is_empty() {
        return None;
    }
    let usual = 0.16 * (60.0 / spec.heart_rate / 0.8).clamp(0.3, 1.3).powf(0.25);
    let begin = qrs_on - spec.pr_s.unwrap_or(usual);
    let p: Vec<Lobe> = shape.p.iter().map(|lobe| lobe.placed(1.0, begin).scaled(size)).collect();
    p.iter().for_each(|lobe| canvas.add_lobe(lobe));
    Some(extent(&p))
}

fn shape_of(spec: &Spec, origin: Origin) -> Morphology {
    match (origin, spec.conduction) {
        (Origin::Ectopic, _) => morphology::ventricular_ectopic(),
        (Origin::Pacemaker, _) => morphology::paced(),
        (_, Conduction::Normal) => morphology::normal(),
        (_, Conduction::LeftBundleBranchBlock) => morphology::left_bundle_branch_block(),
        (_, Conduction::InferiorStElevation) => morphology::inferior_st_elevation(),
    }
}
