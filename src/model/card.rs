//! The model card: everything the application has to know about a graph, read from the JSON file beside it.
//!
//! `models/README.md` is the contract. Unknown fields are ignored, so that a newer card still works; a card that contradicts
//! itself or its graph is refused with the field and the reason.

use super::{
    engine::{ElementType, Port, Session},
    names::{INPUTS, OUTPUTS},
};
use crate::recording::LeadName;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The schema this version reads.
pub const SCHEMA: &str = "efficientecg.card/1";

/// Longest record a card may ask to be taken at once, in seconds: a bound on memory, not a clinical one.
const LONGEST_WINDOW_S: f64 = 600.0;

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
    /// Record or beat model.
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

    fn graph_fault(&self, session: &dyn Session) -> Option<String> {
        let features = self.input.features.len();
        let fixed = |dimension: Option<usize>, wanted: usize| dimension.is_none_or(|d| d == wanted);
        let find = |ports: &[Port], name: &str| ports.iter().find(|p| p.name == name).cloned();
        if session.inputs().is_empty() || session.outputs().is_empty() {
            return Some("the graph has no inputs or no outputs (an empty file?)".to_owned());
        }
        for (name, rank, element) in INPUTS {
            let Some(port) = find(session.inputs(), name) else {
                return Some(format!("the graph has no input `{name}` (it has {})", port_names(session.inputs())));
            };
            if port.element != ElementType::Other && port.element != element {
                return Some(format!("input `{name}` is of type {:?}, needed is {element:?}", port.element));
            }
            if let Some(shape) = &port.shape {
                if shape.len() != rank {
                    return Some(format!("input `{name}` has {} dimensions, needed are {rank}", shape.len()));
                }
                if rank == 2 && name != "lead_ids" && !fixed(shape[1], features) {
                    return Some(format!("input `{name}` takes {:?} features, the card lists {features}", shape[1]));
                }
            }
        }
        if let Some(extra) = session.inputs().iter().find(|p| INPUTS.iter().all(|(name, ..)| *name != p.name)) {
            return Some(format!("the graph wants an input `{}` that the contract does not know", extra.name));
        }
        for (name, rank) in OUTPUTS {
            let Some(port) = find(session.outputs(), name) else {
                return Some(format!("the graph has no output `{name}` (it has {})", port_names(session.outputs())));
            };
            let Some(shape) = &port.shape else { continue };
            if shape.len() != rank {
                return Some(format!("output `{name}` has {} dimensions, needed are {rank}", shape.len()));
            }
            let classes = if rank == 1 { shape[0] } else { shape[1] };
            if let Some(classes) = classes
                && classes < self.class_count()
            {
                return Some(format!("output `{name}` has {classes} classes, the card uses {}", self.class_count()));
            }
            if name == "feature_evidence" && !fixed(shape[2], features) {
                return Some(format!("output `{name}` is for {:?} features, the card lists {features}", shape[2]));
            }
        }
        None
    }

    fn check(&self) -> Result<(), (String, String)> {
        let fault = |field: &str, reason: String| Err((field.to_owned(), reason));
        if self.schema != SCHEMA {
            return fault("schema", format!("`{}` is not `{SCHEMA}`", self.schema));
        }
        if self.name.trim().is_empty() || self.version.trim().is_empty() {
            return fault("name", "name and version must not be empty".to_owned());
        }
        if self.sha256.len() != 64 || !self.sha256.chars().all(|c| c.is_ascii_hexdigit()) {
            return fault("sha256", format!("`{}` is not 64 hexadecimal digits", self.sha256));
        }
        self.input.check(self.kind)?;
        if self.tasks.is_empty() {
            return fault("tasks", "there is no task".to_owned());
        }
        let mut names = BTreeSet::new();
        let mut outputs = BTreeSet::new();
        for task in &self.tasks {
            let field = format!("tasks.{}", task.task);
            if !names.insert(&task.task) {
                return fault(&field, "the task is listed twice".to_owned());
            }
            task.check(&self.input.leads).map_err(|(name, reason)| (format!("{field}.{name}"), reason))?;
            for class in &task.classes {
                if !outputs.insert(class.output) {
                    return fault(&field, format!("output {} belongs to two classes", class.output));
                }
            }
        }
        Ok(())
    }
}

impl InputSpec {
    fn check(&self, kind: Kind) -> Result<(), (String, String)> {
        let fault = |field: &str, reason: String| Err((format!("input.{field}"), reason));
        if !(self.rate_hz >= 10.0 && self.rate_hz <= 10_000.0) {
            return fault("rate_hz", format!("{} Hz is outside 10 to 10,000", self.rate_hz));
        }
        let [low, high] = self.band_hz;
        if !(low >= 0.0 && high > low && high <= self.rate_hz / 2.0) {
            return fault("band_hz", format!("{low} to {high} Hz is no band below half of {} Hz", self.rate_hz));
        }
        if !(self.clip_mv > 0.0 && self.clip_mv.is_finite()) {
            return fault("clip_mv", format!("{} mV is not above 0", self.clip_mv));
        }
        if self.hop == 0 || self.hop as f64 > self.rate_hz {
            return fault("hop", format!("{} samples a token", self.hop));
        }
        if self.leads.last().map(String::as_str) != Some("other") {
            return fault("leads", "the last must be `other`".to_owned());
        }
        let mut features = BTreeSet::new();
        for feature in &self.features {
            let FeatureSpec { name, mean, sd, min, max, .. } = feature;
            if !features.insert(name) {
                return fault("features", format!("`{name}` is listed twice"));
            }
            if !mean.is_finite() || !(*sd > 0.0 && sd.is_finite()) {
                return fault("features", format!("`{name}`: mean {mean}, sd {sd} cannot normalise a value"));
            }
            let limits = [min, max].into_iter().flatten();
            if limits.clone().any(|v| v.is_nan()) || matches!((min, max), (Some(low), Some(high)) if low > high) {
                return fault("features", format!("`{name}`: {min:?} to {max:?} is no range"));
            }
        }
        match (kind, self.window) {
            (Kind::Record, Window::Record { min_s, max_s, long_window_s }) => {
                if !(min_s > 0.0
                    && max_s >= min_s
                    && max_s <= LONGEST_WINDOW_S
                    && long_window_s >= min_s
                    && long_window_s <= max_s)
                {
                    return fault(
                        "window",
                        format!("{min_s} to {max_s} s, long windows of {long_window_s} s (at most {LONGEST_WINDOW_S})"),
                    );
                }
            }
            (Kind::Beat, Window::Beat { before_s, after_s, max_leads }) => {
                let length = before_s + after_s;
                if !(before_s > 0.0
                    && after_s > 0.0
                    && length * self.rate_hz >= self.hop as f64
                    && length <= 10.0
                    && max_leads > 0)
                {
                    return fault("window", format!("{before_s} s before, {after_s} s after, {max_leads} leads"));
                }
            }
            (kind, window) => return fault("window", format!("{window:?} does not belong to a {kind:?} model")),
        }
        Ok(())
    }
}

impl TaskSpec {
    fn check(&self, leads: &[String]) -> Result<(), (String, String)> {
        let fault = |field: &str, reason: String| Err((field.to_owned(), reason));
        if self.classes.is_empty() {
            return fault("classes", "there is no class".to_owned());
        }
        if self.min_leads == 0 || self.max_leads.is_some_and(|most| most < self.min_leads) {
            return fault("min_leads", format!("{} to {:?} leads", self.min_leads, self.max_leads));
        }
        let asked = self.prefer_leads.iter().flatten().chain(self.requires_leads.iter().flatten().flatten());
        for lead in asked {
            if !leads.contains(lead) {
                return fault("prefer_leads, requires_leads", format!("`{lead}` is not among the card's leads"));
            }
        }
        if self.requires_leads.as_ref().is_some_and(|sets| sets.is_empty() || sets.iter().any(Vec::is_empty)) {
            return fault("requires_leads", "an empty set is no requirement; write null".to_owned());
        }
        let mut codes = BTreeSet::new();
        for class in &self.classes {
            if !codes.insert(&class.code) {
                return fault("classes", format!("code `{}` is listed twice", class.code));
            }
            if class.output > 100_000 {
                return fault("classes", format!("`{}`: output {} is out of range", class.code, class.output));
            }
            if !(0.0..=1.0).contains(&class.threshold) {
                return fault("classes", format!("`{}`: threshold {} is no probability", class.code, class.threshold));
            }
            if let Some([low, high]) = class.uncertain
                && !(0.0 <= low && low <= high && high <= 1.0)
            {
                return fault(
                    "classes",
                    format!("`{}`: uncertain from {low} to {high} is no range of probabilities", class.code),
                );
            }
        }
        match &self.calibration {
            Calibration::None => Ok(()),
            Calibration::Temperature { temperature } if *temperature > 0.0 && temperature.is_finite() => Ok(()),
            Calibration::Temperature { temperature } => fault("calibration", format!("temperature {temperature} is not above 0")),
            Calibration::Isotonic { curves } => {
                match self.classes.iter().find(|c| !curves.get(&c.code).is_some_and(Curve::is_rising)) {
                    Some(class) => fault("calibration", format!("class `{}` has no rising curve of probabilities", class.code)),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Curve {
    fn is_rising(&self) -> bool {
        let probabilities = |v: &[f32]| v.iter().all(|p| (0.0..=1.0).contains(p));
        !self.x.is_empty()
            && self.x.len() == self.y.len()
            && probabilities(&self.x)
            && probabilities(&self.y)
            && self.x.windows(2).all(|w| w[0] < w[1])
            && self.y.windows(2).all(|w| w[0] <= w[1])
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

fn port_names(ports: &[Port]) -> String {
    ports.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ")
}
