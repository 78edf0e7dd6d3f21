//! Findings: what the machine said of the whole recording and what a person says of it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Which finding: the question it answers and its code there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FindingKey {
    /// `rhythm`, `superclass`, `statement` (a model's tasks), `rule` (from measurements) or `reader` (added by a person).
    pub task: String,
    /// Code within the task; of a reader's finding its SCP code.
    pub code: String,
}

impl FindingKey {
    /// Task of findings that a person added.
    pub const READER: &'static str = "reader";
    /// Task of statements by rule.
    pub const RULE: &'static str = "rule";

    /// A key.
    pub fn new(task: &str, code: &str) -> Self {
        Self { task: task.to_owned(), code: code.to_owned() }
    }

    /// The key of a finding that a person adds.
    pub fn reader(scp: &str) -> Self {
        Self::new(Self::READER, scp)
    }
}

impl fmt::Display for FindingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.task, self.code)
    }
}

/// What the machine said, kept for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MachineFinding {
    /// Which finding.
    pub key: FindingKey,
    /// For people.
    pub label: String,
    /// SCP code where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scp: Option<String>,
    /// Calibrated probability; `None` for rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f32>,
    /// Said to be present.
    pub present: bool,
    /// Within the uncertain band.
    #[serde(default)]
    pub uncertain: bool,
    /// Model, or `rule`.
    pub by: String,
}

/// What a person makes of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is there: the machine's finding accepted, or the person's own.
    Present,
    /// It is not: the machine's finding rejected.
    Absent,
}

/// How sure a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// No doubt.
    #[default]
    Definite,
    /// More likely than not.
    Probable,
    /// Cannot be excluded.
    Possible,
}

impl Certainty {
    /// All, the surest first.
    pub const ALL: [Self; 3] = [Self::Definite, Self::Probable, Self::Possible];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Definite => "definite",
            Self::Probable => "probable",
            Self::Possible => "possible",
        }
    }
}

/// A person's decision about one finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// There or not.
    pub verdict: Verdict,
    /// How sure.
    #[serde(default)]
    pub certainty: Certainty,
    /// Remark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

impl Judgement {
    /// There, without doubt.
    pub fn present() -> Self {
        Self { verdict: Verdict::Present, certainty: Certainty::Definite, comment: String::new() }
    }

    /// Not there.
    pub fn absent() -> Self {
        Self { verdict: Verdict::Absent, ..Self::present() }
    }
}
