//! What an analysis says. Serialised by `commands::analyze` as the published schema says; read by the window.

use crate::recording::{BeatLabel, LeadName, Repair, SampleIndex, SampleRange, Sex};
use crate::signal::{
    criteria::{NotJudged, Statement, agreement::Agreement},
    measurements::{Fiducials, Measurements},
    median_beat::MedianBeats,
    quality::{LeadNumbers, Pause, ProblemSpan, Suspicion},
    waves::Waves,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// The engine and provider really in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineInUse {
    /// Name and version, e.g. `onnxruntime 1.31.1` or `rten 0.27.0`.
    pub engine: String,
    /// `CPU`, `CUDA`, `DirectML`, `CoreML`: what the sessions say, not what the build could.
    pub provider: String,
    /// Why it is not the preferred one (ONNX Runtime missing, provider refused ...).
    pub note: Option<String>,
}

/// A model that answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInUse {
    /// Name from the card.
    pub name: String,
    /// Version from the card.
    pub version: String,
    /// SHA-256 of the graph.
    pub sha256: String,
}

/// A question that was not answered, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// `rhythm`, `superclass`, `beats` ...
    pub task: String,
    /// In words for the reader.
    pub reason: String,
}

/// Signal quality of one lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeadQuality {
    /// Good enough to be analysed.
    pub usable: bool,
    /// Share of samples that are valid, 0 to 1.
    pub valid: f32,
    /// Flat line (lead off or disconnected).
    pub flat: bool,
    /// What was seen, in words (`flat line`, `no valid samples`, `uncalibrated` ...).
    pub notes: Vec<String>,
    /// Noise, wander and hum in numbers.
    #[serde(default)]
    pub numbers: LeadNumbers,
    /// What is wrong when, in seconds from the recording's start.
    #[serde(default)]
    pub problems: Vec<ProblemSpan>,
}

/// Signal quality of a recording.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// `None`: not judged.
    pub acceptable: Option<bool>,
    /// Probability of being acceptable; `None`: not computed.
    pub probability: Option<f32>,
    /// Why the recording was not judged as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Electrodes that seem exchanged.
    #[serde(default)]
    pub suspected: Vec<Suspicion>,
    /// Long times without a beat.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// By lead name.
    pub leads: BTreeMap<String, LeadQuality>,
}

/// What one feature adds to a logit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureEvidence {
    /// Feature name of the card, e.g. `age_years`.
    pub name: String,
    /// Label for people, e.g. `Age`.
    pub label: String,
    /// Its value in its own unit; `None`: unknown (it then adds nothing).
    pub value: Option<f32>,
    /// Unit.
    pub unit: String,
    /// What it adds to the logit.
    pub contribution: f32,
}

/// Where the model looked for one class: a lead-by-time map whose sum, with the feature evidence and the bias, is the logit.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Where the first token begins, at the recording's rate.
    pub start: SampleIndex,
    /// Samples a token covers, at the recording's rate (may be fractional).
    pub hop: f64,
    /// The leads, rows of `values`.
    pub leads: Vec<LeadName>,
    /// Tokens a lead.
    pub tokens: usize,
    /// `[lead][token]`, in logit units: above 0 speaks for the class, below against. 0 where nothing was looked at (gap, lead off).
    pub values: Vec<f32>,
}

impl Evidence {
    /// One lead's row.
    pub fn row(&self, lead: &LeadName) -> Option<&[f32]> {
        let index = self.leads.iter().position(|l| l == lead)?;
        self.values.get(index * self.tokens..(index + 1) * self.tokens)
    }

    /// Largest absolute value: the record's scale for drawing.
    pub fn peak(&self) -> f32 {
        self.values.iter().fold(0.0, |m, v| m.max(v.abs()))
    }

    /// The middle of the token with the largest absolute value in any lead, in samples of the recording; `None` where all are 0.
    pub fn strongest(&self) -> Option<SampleIndex> {
        let peak = self.peak();
        let place = self.values.iter().position(|value| value.abs() == peak).filter(|_| peak > 0.0)?;
        let token = place.checked_rem(self.tokens)?;
        Some(SampleIndex(self.start.0 + ((token as f64 + 0.5) * self.hop) as u64))
    }

    /// Sum over all leads and tokens, in logit units.
    pub fn sum(&self) -> f32 {
        self.values.iter().map(|v| f64::from(*v)).sum::<f64>() as f32
    }
}

/// One answer of the model about the record (or one window of it).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// `rhythm`, `superclass`, `statement`.
    pub task: String,
    /// Code within the task: `A`, `MI` ...
    pub code: String,
    /// For people.
    pub label: String,
    /// Calibrated probability, 0 to 1.
    pub probability: f32,
    /// Probability from which it counts as present.
    pub threshold: f32,
    /// Softmax tasks: the one class whose probability is largest against its threshold. Others: at or above its threshold.
    pub present: bool,
    /// Of this task's classes exactly one holds (rhythm): `present` then means the most likely one, which may lie below its threshold.
    #[serde(default)]
    pub exclusive: bool,
    /// Within the card's uncertain band: shown as such.
    pub uncertain: bool,
    /// Name of the model that said so.
    pub model: String,
    /// Raw logit; equals `bias` + feature evidence + evidence.
    #[serde(default)]
    pub logit: f32,
    /// The class's constant.
    #[serde(default)]
    pub bias: f32,
    /// What age, sex and measurements add.
    #[serde(default)]
    pub feature_evidence: Vec<FeatureEvidence>,
    /// Where the model looked; `None` in summaries of long recordings. Not printed.
    #[serde(skip)]
    pub evidence: Option<Arc<Evidence>>,
}

/// The findings of one window of a long recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WindowFindings {
    /// Start in seconds from the recording's first sample.
    pub start_s: f64,
    /// End in seconds.
    pub end_s: f64,
    /// Range in samples.
    #[serde(skip, default = "empty_range")]
    pub range: SampleRange,
    /// What was found there.
    pub findings: Vec<Finding>,
    /// What was not answered there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refusal>,
}

fn empty_range() -> SampleRange {
    SampleRange::new(0, 0)
}

/// One detected beat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beat {
    /// R peak.
    pub sample: SampleIndex,
    /// The model's class; `None`: the beat classifier did not run.
    pub label: Option<BeatLabel>,
    /// Calibrated probability of that class.
    pub probability: Option<f32>,
    /// Within the card's uncertain band.
    #[serde(default)]
    pub uncertain: bool,
}

/// Wall times in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    /// Opening and reading samples.
    pub read: f64,
    /// Filtering, beats, features.
    pub signal: f64,
    /// All models.
    pub model: f64,
    /// From file to findings.
    pub total: f64,
}

/// The median beat with its waves.
#[derive(Debug, Clone, PartialEq)]
pub struct MedianBeatView {
    /// Lead by lead.
    pub beats: MedianBeats,
    /// Where its waves begin and end, in samples from R.
    pub fiducials: Fiducials,
}

/// Age and sex as used: from the file or entered by the reader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Demographics {
    /// Years.
    pub age_years: Option<f32>,
    /// Sex.
    pub sex: Option<Sex>,
}

/// Everything the machine says about a recording.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// Engine and provider; `None` when no model ran at all.
    pub engine: Option<EngineInUse>,
    /// Models that answered.
    pub models: Vec<ModelInUse>,
    /// Questions not answered.
    pub refused: Vec<Refusal>,
    /// Signal quality.
    pub quality: Quality,
    /// Age and sex that were used.
    pub demographics: Demographics,
    /// Findings for the whole record (for long recordings: the mean over its windows).
    pub findings: Vec<Finding>,
    /// Per-window findings of long recordings; empty for short ones.
    pub windows: Vec<WindowFindings>,
    /// Detected beats in time order.
    pub beats: Vec<Beat>,
    /// Where waves begin and end; `None`: they were not looked for. Of long recordings some seconds of every minute.
    pub waves: Option<Waves>,
    /// By name, e.g. `heart_rate`.
    pub measurements: Measurements,
    /// What follows from the measurements by rule, beside the model's findings and never mixed with them; `None`: not judged.
    pub statements: Option<Vec<Statement>>,
    /// What the rules could not judge, and why.
    pub not_judged: Vec<NotJudged>,
    /// Where rules and model agree and disagree.
    pub agreement: Agreement,
    /// The median beat and what was measured on it; `None` without usable beats.
    pub median_beat: Option<MedianBeatView>,
    /// Repairs met while samples were read (added to the recording's own).
    pub repairs: Vec<Repair>,
    /// Wall times.
    pub timings: Timings,
}
