//! How urgent findings are: a table, and what is the worst of an analysis.

use crate::{
    analysis::{Analysis, Finding},
    app::state::FindingKey,
    signal::criteria::{Severity, Statement},
    words::{Words, window::Worklist},
};
use serde::Deserialize;
use std::sync::OnceLock;

/// How soon somebody should look. For the order of a list; it says nothing about a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Nothing remarkable.
    Normal,
    /// Often without meaning.
    Minor,
    /// Abnormal.
    Abnormal,
    /// To be looked at before other abnormal ones.
    Soon,
    /// To be looked at first.
    Immediate,
}

impl Urgency {
    /// For people.
    pub fn label(self, words: &Worklist) -> &str {
        match self {
            Self::Normal => &words.normal,
            Self::Minor => &words.minor,
            Self::Abnormal => &words.abnormal,
            Self::Soon => &words.soon,
            Self::Immediate => &words.first,
        }
    }

    fn of(severity: Severity) -> Self {
        match severity {
            Severity::Normal => Self::Normal,
            Severity::Variant => Self::Minor,
            Severity::Abnormal => Self::Abnormal,
            Severity::Urgent => Self::Immediate,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Source {
    Model,
    Rule,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    source: Source,
    #[serde(default)]
    task: Option<String>,
    code: String,
    urgency: Urgency,
    why: String,
}

/// Which findings are how urgent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrgencyTable {
    default: Urgency,
    finding: Vec<Entry>,
}

impl UrgencyTable {
    /// Reads a table.
    ///
    /// # Errors
    /// What is wrong with it, with the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// The table that ships.
    pub fn standard() -> &'static Self {
        static TABLE: OnceLock<UrgencyTable> = OnceLock::new();
        // It is compiled in and a test reads it: an empty one never ships.
        TABLE.get_or_init(|| {
            Self::parse(include_str!("urgency.toml")).unwrap_or(Self { default: Urgency::Abnormal, finding: Vec::new() })
        })
    }

    fn of_finding(&self, finding: &Finding) -> (Urgency, Option<&str>) {
        let names = |entry: &&Entry| {
            entry.source == Source::Model && entry.code == finding.code && entry.task.as_ref().is_none_or(|t| *t == finding.task)
        };
        self.finding.iter().find(names).map_or((self.default, None), |entry| (entry.urgency, Some(&entry.why)))
    }

    fn of_statement(&self, statement: &Statement) -> (Urgency, Option<&str>) {
        let entry = self.finding.iter().find(|entry| entry.source == Source::Rule && entry.code == statement.code);
        entry.map_or((Urgency::of(statement.severity), None), |entry| (entry.urgency, Some(&entry.why)))
    }
}

/// The most urgent thing an analysis says.
#[derive(Debug, Clone, PartialEq)]
pub struct Worst {
    /// In English words.
    pub label: String,
    /// Task and code of a model's finding; `None`: a statement by rule.
    pub finding: Option<FindingKey>,
    /// Calibrated probability, 0 to 1; `None`: a statement by rule, which has none.
    pub probability: Option<f32>,
    /// The model is uncertain about it.
    pub uncertain: bool,
    /// How urgent.
    pub urgency: Urgency,
    /// Why so urgent.
    pub why: Option<String>,
}

impl Worst {
    /// What it is called in a language: in English as the model's card and the rules word it.
    pub fn name(&self, words: &Words) -> String {
        match (words.language.code.as_str(), &self.finding) {
            ("en", _) => self.label.clone(),
            (_, Some(key)) => words.finding(&key.task, &key.code, &self.label).to_owned(),
            (_, None) => words.statement(&self.label),
        }
    }

    /// The most urgent of the findings that are present and the statements whose rule was met; of equally urgent ones a model's before a
    /// rule's, the more probable first. `None` where nothing was answered.
    pub fn of(analysis: &Analysis, table: &UrgencyTable) -> Option<Self> {
        let findings = analysis.findings.iter().filter(|finding| finding.present).map(|finding| {
            let (urgency, why) = table.of_finding(finding);
            Self {
                label: finding.label.clone(),
                finding: Some(FindingKey::of(finding)),
                probability: Some(finding.probability),
                uncertain: finding.uncertain,
                urgency,
                why: why.map(str::to_owned),
            }
        });
        let statements = analysis.statements.iter().flatten().map(|statement| {
            let (urgency, why) = table.of_statement(statement);
            Self {
                label: statement.text.clone(),
                finding: None,
                probability: None,
                uncertain: false,
                urgency,
                why: why.map(str::to_owned),
            }
        });
        let weight = |worst: &Self| worst.probability.unwrap_or(-1.0);
        // The first of equals stays: `max_by` would take the last.
        findings.chain(statements).reduce(|best, other| {
            let more = other.urgency.cmp(&best.urgency).then(weight(&other).total_cmp(&weight(&best)));
            if more.is_gt() { other } else { best }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_knows_what_is_urgent() {
        let table = UrgencyTable::parse(include_str!("urgency.toml")).expect("the table that ships");
        assert!(table.finding.len() > 10);
        let finding = |task: &str, code: &str| Finding {
            task: task.into(),
            code: code.into(),
            label: code.into(),
            probability: 0.9,
            threshold: 0.5,
            present: true,
            exclusive: false,
            uncertain: false,
            model: String::new(),
            logit: 0.0,
            bias: 0.0,
            feature_evidence: Vec::new(),
            evidence: None,
        };
        assert_eq!(table.of_finding(&finding("superclass", "MI")).0, Urgency::Soon);
        assert_eq!(table.of_finding(&finding("rhythm", "N")).0, Urgency::Normal);
        assert_eq!(table.of_finding(&finding("statement", "LVH")).0, Urgency::Abnormal, "the default");
        assert_eq!(table.of_finding(&finding("other", "MI")).0, Urgency::Abnormal, "the task counts");
    }

    #[test]
    fn a_wrong_table_names_its_fault() {
        let error =
            UrgencyTable::parse("default = \"abnormal\"\n[[finding]]\nsource = \"model\"\ncode = \"A\"\nurgency = \"dire\"")
                .expect_err("no such urgency");
        assert!(error.contains("dire"), "{error}");
    }

    /// A class that was renamed in a card would silently lose its place.
    #[test]
    fn every_line_names_a_class_that_exists() {
        let card = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/efficientecg-record.json");
        let text = std::fs::read_to_string(card).expect("the record model's card");
        let card: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let known = |task: &str, code: &str| {
            let tasks = card["tasks"].as_array().into_iter().flatten();
            tasks
                .filter(|t| t["task"] == task)
                .any(|t| t["classes"].as_array().into_iter().flatten().any(|class| class["code"] == code))
        };
        for entry in UrgencyTable::standard().finding.iter().filter(|entry| entry.source == Source::Model) {
            let task = entry.task.as_deref().expect("a task");
            assert!(known(task, &entry.code), "{task} {}", entry.code);
        }
    }
}
