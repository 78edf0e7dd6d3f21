//! When the simulated heart beats, and with which kind of beat.

use super::{Spec, random::Random};

/// The rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Sinus rhythm with respiratory variation.
    Sinus,
    /// Atrial fibrillation: irregular, no P waves, fibrillatory waves.
    AtrialFibrillation,
    /// Every other beat a ventricular ectopic one with a full compensatory pause.
    Bigeminy,
    /// Ventricular pacing at a fixed rate, no P waves.
    VentricularPaced,
}

impl Rhythm {
    /// The rhythm annotation of WFDB (`+`, AUX).
    pub fn aux(self) -> &'static str {
        match self {
            Self::Sinus => "(N",
            Self::AtrialFibrillation => "(AFIB",
            Self::Bigeminy => "(B",
            Self::VentricularPaced => "(P",
        }
    }
}

/// Who started a beat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Sinus,
    Atria,
    Ectopic,
    Pacemaker,
}

/// A beat to come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned {
    /// R peak, seconds.
    pub at: f64,
    /// RR interval before it, seconds.
    pub rr: f64,
    pub origin: Origin,
}

/// Breaths a second.
pub(super) const BREATHING_HZ: f64 = 0.23;

/// All beats whose R peak lies in `0.35 s` to the end.
pub(super) fn plan(spec: &Spec, random: &mut Random) -> Vec<Planned> {
    let mean = 60.0 / spec.heart_rate;
    let mut beats: Vec<Planned> = Vec::new();
    let mut at = 0.35 + 0.3 * mean.min(1.0) * random.uniform();
    let mut rr = mean;
    while at < spec.duration_s {
        let origin = match spec.rhythm {
            Rhythm::Sinus => Origin::Sinus,
            Rhythm::AtrialFibrillation => Origin::Atria,
            Rhythm::VentricularPaced => Origin::Pacemaker,
            Rhythm::Bigeminy if beats.len() % 2 == 1 => Origin::Ectopic,
            Rhythm::Bigeminy => Origin::Sinus,
        };
        beats.push(Planned { at, rr, origin });
        rr = match (spec.rhythm, origin) {
            (Rhythm::Sinus, _) => {
                let breath = (std::f64::consts::TAU * BREATHING_HZ * at).sin();
                mean * (1.0 + 0.03 * spec.respiration * breath + 0.008 * random.normal().clamp(-2.5, 2.5))
            }
            (Rhythm::AtrialFibrillation, _) => {
                // The node lets impulses through at random, but not before it has recovered.
                let refractory = 0.62 * mean;
                refractory + (mean - refractory) * random.within(0.0, 1.0).max(1e-3).ln().abs().clamp(0.12, 2.6)
            }
            (Rhythm::VentricularPaced, _) => mean,
            (Rhythm::Bigeminy, Origin::Ectopic) => 2.0 * mean - rr,
            (Rhythm::Bigeminy, _) => mean * (0.60 + 0.008 * random.normal().clamp(-2.0, 2.0)),
        };
        at += rr;
    }
    beats
}
