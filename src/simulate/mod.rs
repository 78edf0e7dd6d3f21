//! Simulated 12-lead recordings with exact ground truth.
//!
//! The heart is one dipole that moves: every wave is a sum of Gaussian lobes of a vector in three dimensions, projected on the leads
//! with Dower's matrix, so that the leads fit each other as in a patient. Limb leads obey Einthoven and Goldberger to the last
//! count. Nothing here is a patient's; recordings made of it must say that they are simulated.

mod demo;
mod generate;
mod morphology;
mod random;
mod rhythm;
mod vector;

pub use demo::demo_recordings;
pub use generate::simulate;
pub use rhythm::Rhythm;

use crate::recording::{Mnemonic, Rate, SampleIndex, SampleRange, Sex, StandardLead};

/// How the ventricles are activated in conducted beats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduction {
    /// Normal.
    Normal,
    /// Left bundle branch block.
    LeftBundleBranchBlock,
    /// Normal, with the ST elevation of an acute inferior infarction.
    InferiorStElevation,
}

/// What to simulate. Start from [`Spec::default`].
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Same seed, same recording.
    pub seed: u64,
    /// Sampling rate.
    pub rate: Rate,
    /// Length in seconds.
    pub duration_s: f64,
    /// Rhythm.
    pub rhythm: Rhythm,
    /// Mean beats a minute, 20 to 300 (of the sinus node in bigeminy, where ectopic beats come in between).
    pub heart_rate: f64,
    /// Activation of conducted beats; ectopic and paced beats have their own.
    pub conduction: Conduction,
    /// PR interval in seconds; `None`: usual for the rate.
    pub pr_s: Option<f64>,
    /// QRS duration of conducted beats in seconds; `None`: usual for the conduction.
    pub qrs_s: Option<f64>,
    /// QT interval in seconds; `None`: usual for the rate.
    pub qt_s: Option<f64>,
    /// Factor on all that comes from the heart; negative turns the polarity.
    pub size: f64,
    /// Standard deviation of white noise in each independent lead, millivolts.
    pub noise_mv: f64,
    /// Amplitude of baseline wander in each independent lead, millivolts.
    pub wander_mv: f64,
    /// Strength of what breathing does to sizes and intervals: 0 none, 1 usual.
    pub respiration: f64,
    /// Leads to return, in this order.
    pub leads: Vec<StandardLead>,
}

impl Default for Spec {
    /// Ten seconds of normal sinus rhythm at 72 a minute, 500 Hz, twelve leads, without noise.
    fn default() -> Self {
        Self {
            seed: 1,
            rate: Rate::HZ_500,
            duration_s: 10.0,
            rhythm: Rhythm::Sinus,
            heart_rate: 72.0,
            conduction: Conduction::Normal,
            pr_s: None,
            qrs_s: None,
            qt_s: None,
            size: 1.0,
            noise_mv: 0.0,
            wander_mv: 0.0,
            respiration: 1.0,
            leads: StandardLead::ALL.to_vec(),
        }
    }
}

/// Counts that stand for one millivolt in simulated leads.
pub const COUNTS_PER_MV: f64 = 1000.0;

/// The truth about one beat, in samples.
#[derive(Debug, Clone, PartialEq)]
pub struct TrueBeat {
    /// R peak: where the QRS complex is largest over the twelve leads together (sum of squares).
    pub sample: SampleIndex,
    /// `N`, `L`, `V`, `/`.
    pub mnemonic: Mnemonic,
    /// P wave, onset to offset; `None`: there is none, or not wholly in the recording.
    pub p: Option<SampleRange>,
    /// QRS complex, onset to offset.
    pub qrs: SampleRange,
    /// T wave, onset to offset; `None`: not wholly in the recording.
    pub t: Option<SampleRange>,
}

/// One simulated lead.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedLead {
    /// Which.
    pub lead: StandardLead,
    /// [`COUNTS_PER_MV`] counts a millivolt, baseline 0.
    pub counts: Vec<i16>,
}

impl SimulatedLead {
    /// The samples in millivolts.
    pub fn millivolts(&self) -> Vec<f32> {
        self.counts.iter().map(|c| (f64::from(*c) / COUNTS_PER_MV) as f32).collect()
    }
}

/// A simulated recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    /// Record name, e.g. `demo_normal`.
    pub name: String,
    /// What it shows, for people.
    pub title: String,
    /// Age of the invented patient in years.
    pub age_years: Option<u8>,
    /// Sex of the invented patient.
    pub sex: Option<Sex>,
    /// Rate of all leads.
    pub rate: Rate,
    /// The leads, of equal length.
    pub leads: Vec<SimulatedLead>,
    /// All beats in time order.
    pub beats: Vec<TrueBeat>,
    /// WFDB's rhythm annotation for the whole recording, e.g. `(AFIB`.
    pub rhythm: &'static str,
}

impl Simulated {
    /// That lead, if it was asked for.
    pub fn lead(&self, lead: StandardLead) -> Option<&SimulatedLead> {
        self.leads.iter().find(|l| l.lead == lead)
    }
}

#[cfg(test)]
mod tests;
