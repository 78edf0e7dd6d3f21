//! The model card: everything the application has to know about a graph, read from the JSON file beside it.
//!
//! `models/README.md` is the contract. Unknown fields are ignored, so that a newer card still works; a card that contradicts
//! itself or its graph is refused with the field and the reason.

mod check;

use super::engine::Session;
use crate::recording::LeadName;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The schema this version reads.
pub const SCHEMA: &str = "efficientecg.card/1";

/// Why a card, or a card with its graph, was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// Not JSON, or not of the card's form.
    #[error("{card}: not a readable model card ({reason}); see models/README.md for its form")]
    Form {
        /// The card's file.
        card: String,
        /// What serde says.
        reason: String,
    },
    /// A field that cannot be right.
    #[error("{card}: field `{field}`: {reason}; correct the card")]
    Field {
        /// The card's file.
        card: String,
        /// Path of the field.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The graph is not the one the card describes. It was not loaded.
    #[error("{card}: the graph's SHA-256 is {found}, the card says {expected}; the file is damaged or belongs to another card")]
    Hash {
        /// The card's file.
        card: String,
        /// As the card says.
        expected: String,
        /// Of the bytes at hand.
        found: String,
    },
    /// The loaded graph does not have the inputs and outputs that the card needs.
    #[error("{card}: card and graph do not fit: {reason}; export both again")]
    Graph {
        /// The card's file.
        card: String,
        /// What does not fit.
        reason: String,
    },
}

/// What a model looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A whole record, or a window of a long one.
    Record,
    /// A window around one R peak.
    Beat,
    /// Every sample of every lead: which wave it belongs to.
    Waves,
}

/// A model card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// [`SCHEMA`].
    pub schema: String,
    /// The model's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Record, beat or wave model.
    pub kind: Kind,
    /// SHA-256 of the ONNX file, in lower-case hexadecimal.
    pub sha256: String,
    /// Trained parameters.
    #[serde(default)]
    pub parameters: Option<u64>,
    /// What it takes.
    pub input: InputSpec,
    /// What it answers.
    pub tasks: Vec<TaskSpec>,
    /// Up to where signals are like those it was trained on; `None`: it cannot tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub familiarity: Option<Familiarity>,
    /// What it was trained on.
    #[serde(default)]
    pub training: Training,
    /// Measured figures.
    #[serde(default)]
    pub metrics: Vec<Metric>,
    /// What it must not be used for.
    #[serde(default)]
    pub not_for: Vec<String>,
    /// Known limits.
    #[serde(default)]
    pub limits: Vec<String>,
}

/// The model's input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputSpec {
    /// Samples a second.
    pub rate_hz: f64,
    /// Pass band of the preparation: lower and upper corner in Hz.
    pub band_hz: [f64; 2],
    /// Samples are clipped to plus and minus this, in millivolts.
    pub clip_mv: f32,
    /// Samples a token.
    pub hop: usize,
    /// Lead names by index; the last is `other`.
    pub leads: Vec<String>,
    /// Lengths.
    pub window: Window,
    /// Measured features beside the signal, in the graph's order.
    #[serde(default)]
    pub features: Vec<FeatureSpec>,
}

/// Lengths a model takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Window {
    /// Of a record model.
    Record {
        /// Shortest record in seconds.
        min_s: f64,
        /// Longest record taken at once, in seconds.
        max_s: f64,
        /// Length of the windows into which longer records are cut, in seconds.
        long_window_s: f64,
    },
    /// Of a beat model.
    Beat {
        /// Seconds before the R peak.
        before_s: f64,
        /// Seconds after the R peak.
        after_s: f64,
        /// Leads used at most.
        max_leads: usize,
    },
}

/// A measured feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureSpec {
    /// Its name in `models/README.md`, e.g. `age_years`.
    pub name: String,
    /// For people.
    pub label: String,
    /// Unit; empty for ratios.
    #[serde(default)]
    pub unit: String,
    /// Mean over the training set.
    pub mean: f32,
    /// Standard deviation over the training set.
    pub sd: f32,
    /// Smallest plausible value; smaller ones are limited to it, as in training.
    #[serde(default)]
    pub min: Option<f32>,
    /// Largest plausible value; larger ones are limited to it, as in training.
    #[serde(default)]
    pub max: Option<f32>,
}

/// How logits become probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// Exactly one class of the task holds.
    Softmax,
    /// Each class holds or not by itself.
    Sigmoid,
}

/// A question the model answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskSpec {
    /// `rhythm`, `superclass`, `beat` ...
    pub task: String,
    /// Softmax or sigmoid.
    pub activation: Activation,
    /// Refused with fewer usable leads.
    #[serde(default = "one")]
    pub min_leads: usize,
    /// No more leads than this are used; `None`: all.
    #[serde(default)]
    pub max_leads: Option<usize>,
    /// Leads in the order in which they are taken; `None`: every usable standard lead.
    #[serde(default)]
    pub prefer_leads: Option<Vec<String>>,
    /// Refused unless all leads of one of these sets are usable; `None`: any leads.
    #[serde(default)]
    pub requires_leads: Option<Vec<Vec<String>>>,
    /// The classes.
    pub classes: Vec<ClassSpec>,
    /// From raw to honest probabilities.
    #[serde(default)]
    pub calibration: Calibration,
}

fn one() -> usize {
    1
}

/// One class of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassSpec {
    /// Code within the task.
    pub code: String,
    /// For people.
    pub label: String,
    /// SNOMED CT concept, where the class is one.
    #[serde(default)]
    pub snomed: Option<String>,
    /// SCP-ECG statement code.
    #[serde(default)]
    pub scp: Option<String>,
    /// Index into the graph's classes.
    pub output: usize,
    /// Probability from which the class counts as present.
    pub threshold: f32,
    /// Probabilities within this band are shown as uncertain.
    #[serde(default)]
    pub uncertain: Option<[f32; 2]>,
    /// How the threshold was chosen.
    #[serde(default)]
    pub how: Option<String>,
}

/// Calibration of a task's probabilities.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Calibration {
    /// Probabilities are used as they are.
    #[default]
    None,
    /// Logits are divided by the temperature before the activation.
    Temperature {
        /// Above 0; above 1 makes the model less sure.
        temperature: f32,
    },
    /// Each class's probability goes through a rising curve; those of a softmax task are divided by their sum afterwards.
    Isotonic {
        /// By class code.
        curves: BTreeMap<String, Curve>,
    },
}

/// A rising curve through points, straight between them and level beyond the first and the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Raw probabilities, rising.
    pub x: Vec<f32>,
    /// Calibrated probabilities, not falling.
    pub y: Vec<f32>,
}

/// Up to which `distance` of the graph an input is like the recordings that the model was trained on. Farther ones are refused.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Familiarity {
    /// Largest distance that is answered; above 0.
    pub limit: f32,
    /// Limits for so many leads in use, where they differ: `{"1": 9.1}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lead_counts: BTreeMap<usize, f32>,
    /// How the limit was chosen.
    #[serde(default)]
    pub how: Option<String>,
}

impl Familiarity {
    /// The limit for so many leads.
    pub fn limit(&self, leads: usize) -> f32 {
        self.lead_counts.get(&leads).copied().unwrap_or(self.limit)
    }
}

/// What a model was trained on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Training {
    /// Data sets.
    pub sets: Vec<DataSet>,
    /// The command that trained it.
    pub command: Option<String>,
    /// Seed.
    pub seed: Option<u64>,
    /// When.
    pub recorded: Option<String>,
}

/// A data set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataSet {
    /// Name.
    pub name: String,
    /// Records used.
    pub records: Option<u64>,
    /// Licence.
    pub licence: Option<String>,
    /// Who is to be credited.
    pub credit: Option<String>,
}

/// A measured figure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metric {
    /// Task.
    pub task: String,
    /// What was measured.
    pub figure: String,
    /// The value.
    pub value: Option<f64>,
    /// 95 % confidence interval.
    pub ci95: Option<[f64; 2]>,
    /// The split it was measured on.
    pub split: Option<String>,
    /// Records it was measured on.
    pub records: Option<u64>,
    /// The command that measures it.
    pub command: Option<String>,
}

impl Card {
    /// Reads and checks a card. `file` is its name for messages.
    ///
    /// # Errors
    /// [`CardError::Form`] or [`CardError::Field`].
    pub fn parse(file: &str, json: &str) -> Result<Self, CardError> {
        let card: Self =
            serde_json::from_str(json).map_err(|e| CardError::Form { card: file.to_owned(), reason: e.to_string() })?;
        card.check().map_err(|(field, reason)| CardError::Field { card: file.to_owned(), field, reason })?;
        Ok(card)
    }

    /// Refuses a graph whose SHA-256 is not the card's. To be called before any engine sees the bytes: an engine given a damaged
    /// graph may abort the process, or run and answer wrongly.
    ///
    /// # Errors
    /// [`CardError::Hash`].
    pub fn check_bytes(&self, file: &str, graph: &[u8]) -> Result<(), CardError> {
        let found = hex(&Sha256::digest(graph));
        if found.eq_ignore_ascii_case(&self.sha256) {
            return Ok(());
        }
        Err(CardError::Hash { card: file.to_owned(), expected: self.sha256.clone(), found })
    }

    /// Refuses a loaded graph whose inputs and outputs are not what the card needs.
    ///
    /// # Errors
    /// [`CardError::Graph`].
    pub fn check_graph(&self, file: &str, session: &dyn Session) -> Result<(), CardError> {
        self.graph_fault(session).map_or(Ok(()), |reason| Err(CardError::Graph { card: file.to_owned(), reason }))
    }

    /// Number of classes that the graph has at least.
    pub fn class_count(&self) -> usize {
        self.tasks.iter().flat_map(|t| &t.classes).map(|c| c.output + 1).max().unwrap_or(0)
    }

    /// Index of a lead for `lead_ids`: of the lead itself, else of the standard lead it approximates (`MLII`: II), else of `other`.
    pub fn lead_index(&self, lead: &LeadName) -> usize {
        let position = |wanted: &LeadName| self.input.leads.iter().position(|name| LeadName::parse(name) == *wanted);
        position(lead)
            .or_else(|| lead.nearest_standard().and_then(|standard| position(&standard.into())))
            .unwrap_or(self.input.leads.len().saturating_sub(1))
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
