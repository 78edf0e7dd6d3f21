//! Measurements against simulated recordings, whose truth is known.

mod clinical;
mod grid;
mod hostile;

use super::*;
use crate::{
    recording::SampleRange,
    signal::waves::{BeatWaves, LeadWaves, Wave},
    simulate::{Simulated, SimulatedLead},
};

pub fn rate(hz: f64) -> Rate {
    Rate::new(hz).expect("a rate")
}

/// Numbers that look random, the same every time.
pub struct Numbers(u64);

impl Numbers {
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// About normal, standard deviation 1.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// A simulated recording with waves in each lead: the truth, jittered.
pub struct Case {
    pub names: Vec<LeadName>,
    pub samples: Vec<Vec<f32>>,
    pub peaks: Vec<f64>,
    pub waves: Waves,
    pub rate: Rate,
    pub calibrated: bool,
    pub used: Option<Vec<bool>>,
    pub age_years: Option<f32>,
    pub sex: Option<Sex>,
}

/// Standard deviations of the jitter, ms: of boundaries, of the end of T, of R peaks.
#[derive(Clone, Copy)]
pub struct Jitter(pub f64, pub f64, pub f64);

impl Case {
    pub fn new(simulated: &Simulated, jitter: Jitter) -> Self {
        let mut numbers = Numbers(17);
        let ms = simulated.rate.hz() / 1000.0;
        let mut wave = |range: Option<SampleRange>, end: f64| {
            range.map(|range| {
                let onset = range.start.0 as f64 + jitter.0 * ms * numbers.normal();
                let offset = range.end.0 as f64 + end * ms * numbers.normal();
                Wave { onset, peak: (onset + offset) / 2.0, offset: offset.max(onset + 1.0) }
            })
        };
        let leads = simulated
            .leads
            .iter()
            .map(|lead| LeadWaves {
                lead: lead.lead.into(),
                beats: simulated
                    .beats
                    .iter()
                    .enumerate()
                    .map(|(beat, truth)| BeatWaves {
                        beat,
                        p: wave(truth.p, jitter.0),
                        qrs: wave(Some(truth.qrs), jitter.0),
                        t: wave(truth.t, jitter.1),
                    })
                    .collect(),
            })
            .collect();
        let mut peaks: Vec<f64> = simulated.beats.iter().map(|b| b.sample.0 as f64).collect();
        peaks.iter_mut().for_each(|p| *p += jitter.2 * ms * numbers.normal());
        Self {
            names: simulated.leads.iter().map(|l| l.lead.into()).collect(),
            samples: simulated.leads.iter().map(SimulatedLead::millivolts).collect(),
            peaks,
            waves: Waves { global: Vec::new(), leads },
            rate: simulated.rate,
            calibrated: true,
            used: None,
            age_years: simulated.age_years.map(f32::from),
            sex: simulated.sex,
        }
    }

    pub fn measure(&self) -> MeasureOutput {
        let leads: Vec<MeasureLead> = self
            .names
            .iter()
            .zip(&self.samples)
            .map(|(name, samples)| MeasureLead { name, samples, calibrated: self.calibrated })
            .collect();
        measure(&MeasureInput {
            leads: &leads,
            rate: self.rate,
            peaks: &self.peaks,
            used: self.used.as_deref(),
            waves: &self.waves,
            age_years: self.age_years,
            sex: self.sex,
        })
    }
}

/// The value, which must be there.
pub fn value(out: &MeasureOutput, name: &str) -> f64 {
    out.measurements.value(name).unwrap_or_else(|| panic!("{name}: {:?}", out.measurements.get(name)))
}

/// Difference of two angles, 0 to 180 degrees.
pub fn apart(a: f64, b: f64) -> f64 {
    let d = (a - b).rem_euclid(360.0);
    d.min(360.0 - d)
}
