//! P waves, QRS complexes and T waves: where they begin, peak and end.
//!
//! What wave a sample belongs to is told by a learned model (`model::WaveModel`); here its probabilities become waves of beats, lead by lead
//! ([`lead_waves`]) and over all leads ([`global_waves`]).

mod decode;
mod global;
mod settle;

pub use decode::{Shares, lead_waves};
pub use global::{global_waves, together};
pub use settle::settle_p;

use crate::recording::LeadName;
use serde::{Deserialize, Serialize};

/// A wave's fiducial points in samples of the recording's rate, counted from its first sample; fractional, ascending.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wave {
    /// Where it leaves the baseline.
    pub onset: f64,
    /// Where it deviates most.
    pub peak: f64,
    /// Where it has returned to the baseline.
    pub offset: f64,
}

/// The waves of one beat, in one lead or over all of them. `None`: not there, or not to be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct BeatWaves {
    /// Number of the beat among the recording's detected beats.
    pub beat: usize,
    /// P wave.
    pub p: Option<Wave>,
    /// QRS complex.
    pub qrs: Option<Wave>,
    /// T wave.
    pub t: Option<Wave>,
}

/// The waves of one lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeadWaves {
    /// Which lead.
    pub lead: LeadName,
    /// By beat, ascending; beats without any wave in this lead are left out.
    pub beats: Vec<BeatWaves>,
}

/// The waves of a recording, or of the parts of it that were delineated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Waves {
    /// Over all leads that are time-coherent: earliest onset to latest offset, isolated outliers left out.
    pub global: Vec<BeatWaves>,
    /// Lead by lead, in the recording's order.
    pub leads: Vec<LeadWaves>,
}

impl Waves {
    /// One lead's waves.
    pub fn lead(&self, lead: &LeadName) -> Option<&LeadWaves> {
        self.leads.iter().find(|l| l.lead == *lead)
    }
}
