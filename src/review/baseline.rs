//! What was there before anybody decided: the machine's labels or another annotator's file. Kept for ever beside the person's.

use super::{Beat, BeatSource, BeatType, FindingKey, Interval, MachineFinding};
use crate::{
    analysis::Analysis,
    recording::{Rate, Recording},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, fmt, sync::Arc};

/// SHA-256 of a baseline as it is stored, 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BaselineId(pub String);

impl BaselineId {
    /// The digest of a stored text.
    pub fn of(text: &str) -> Self {
        Self(super::hex(&Sha256::digest(text.as_bytes())))
    }
}

impl fmt::Display for BaselineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaselineSource {
    /// The analysis.
    Machine {
        /// Name and version of every model that answered.
        models: Vec<String>,
    },
    /// A file of another annotator.
    Imported {
        /// Annotator's name.
        annotator: String,
        /// File name without folders.
        file: String,
    },
}

/// Labels before any decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Whose.
    pub source: BaselineSource,
    /// Rate that all samples count at.
    pub rate: Rate,
    /// Samples of the recording.
    pub length: u64,
    /// Beats in time order.
    pub beats: Vec<Beat>,
    /// Marked stretches.
    #[serde(default)]
    pub intervals: Vec<Interval>,
    /// Findings.
    #[serde(default)]
    pub findings: Vec<MachineFinding>,
}

/// Labels ready to be stored. Of a day's beats the text is megabytes long: make it in a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    /// The labels.
    pub baseline: Arc<Baseline>,
    /// Digest of the text.
    pub id: BaselineId,
    /// As they are stored.
    pub text: Arc<str>,
}

impl From<Baseline> for Labels {
    fn from(baseline: Baseline) -> Self {
        let (id, text) = baseline.stored();
        Self { baseline: Arc::new(baseline), id, text: text.into() }
    }
}

impl Baseline {
    /// What an analysis says of a recording.
    pub fn of(recording: &Recording, analysis: &Analysis) -> Self {
        let beats = analysis.beats.iter().map(|beat| Beat {
            sample: beat.sample,
            label: beat.label.map_or(BeatType::Unclassifiable, BeatType::from),
            source: BeatSource::Machine { probability: beat.probability, uncertain: beat.uncertain },
            decided: false,
            fields: None,
        });
        let models = analysis.findings.iter().map(|finding| MachineFinding {
            key: FindingKey::new(&finding.task, &finding.code),
            label: finding.label.clone(),
            scp: None,
            probability: Some(finding.probability),
            present: finding.present,
            uncertain: finding.uncertain,
            by: finding.model.clone(),
        });
        let rules = analysis.statements.iter().flatten().map(|statement| MachineFinding {
            key: FindingKey::new(FindingKey::RULE, &statement.code),
            label: statement.text.clone(),
            scp: statement.scp.clone(),
            probability: None,
            present: true,
            uncertain: false,
            by: FindingKey::RULE.to_owned(),
        });
        let mut known = BTreeSet::new();
        Self {
            source: BaselineSource::Machine {
                models: analysis.models.iter().map(|model| format!("{} {}", model.name, model.version)).collect(),
            },
            rate: recording.rate,
            length: recording.length,
            beats: super::Beats::new(beats.collect()).as_slice().to_vec(),
            intervals: Vec::new(),
            // A judgement needs to know which finding it is about.
            findings: models.chain(rules).filter(|finding| known.insert(finding.key.clone())).collect(),
        }
    }

    /// The text that is stored, and its digest.
    pub fn stored(&self) -> (BaselineId, String) {
        let text = serde_json::to_string(self).unwrap_or_default();
        (BaselineId::of(&text), text)
    }

    /// The finding of that key.
    pub fn finding(&self, key: &FindingKey) -> Option<&MachineFinding> {
        self.findings.iter().find(|finding| &finding.key == key)
    }
}
