//! What a statement is, and what is needed to make one.

use crate::{
    recording::{BeatLabel, LeadName, Sex},
    signal::measurements::Measurements,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// What a statement speaks of, in the order a report is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Rhythm, rate, pauses.
    Rhythm,
    /// Pacing spikes and paced beats.
    Pacing,
    /// Ectopic beats and their patterns.
    Ectopy,
    /// Atrioventricular and intraventricular conduction.
    Conduction,
    /// Frontal axis and low voltage.
    Axis,
    /// Hypertrophy and enlargement of the chambers.
    Hypertrophy,
    /// Q waves and ST elevation.
    Infarction,
    /// ST depression, T waves, QT interval.
    Repolarisation,
    /// The conclusion.
    Overall,
}

impl Group {
    /// All, in clinical order.
    pub const ALL: [Self; 9] = [
        Self::Rhythm,
        Self::Pacing,
        Self::Ectopy,
        Self::Conduction,
        Self::Axis,
        Self::Hypertrophy,
        Self::Infarction,
        Self::Repolarisation,
        Self::Overall,
    ];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rhythm => "rhythm",
            Self::Pacing => "pacing",
            Self::Ectopy => "ectopic beats",
            Self::Conduction => "conduction",
            Self::Axis => "axis and voltage",
            Self::Hypertrophy => "hypertrophy",
            Self::Infarction => "infarction",
            Self::Repolarisation => "repolarisation",
            Self::Overall => "conclusion",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How much a statement weighs: our own ordering, for display. It is not part of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Seen in a normal ECG.
    Normal,
    /// Outside the usual limits and often without meaning: an ECG with nothing else is "otherwise normal".
    Variant,
    /// Abnormal.
    Abnormal,
    /// Abnormal, and a reader should look at it first.
    Urgent,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// `AHA 21`: a primary statement of the AHA/ACC/HRS list (Circulation 2007;115:1325); `AHA 50+312`: with a modifier (312 possible,
    /// 333 of indeterminate age, 340 couplets, 341 bigeminal, 342 trigeminal ...). `X-...`: a code of our own where that list has none.
    pub code: String,
    /// The SCP-ECG statement that says the same, as in PTB-XL's 71, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scp: Option<String>,
    /// What it speaks of.
    pub group: Group,
    /// How much it weighs.
    pub severity: Severity,
    /// The statement in the words of the AHA/ACC/HRS vocabulary.
    pub text: String,
    /// The rule that was met, in words and numbers, with its source.
    pub rule: String,
    /// Measured values the rule looked at, by name.
    pub values: BTreeMap<String, f64>,
    /// Leads it was seen in; empty: not tied to leads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads: Vec<LeadName>,
    /// The least confidence of the measurements used, 0 to 1; `None`: none of them carries one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// What a reader must know to weigh it: unknown age, secondary change, a doubtful measurement.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caveats: Vec<String>,
}

impl Statement {
    /// Whether it is this SCP-ECG statement.
    pub fn is_scp(&self, code: &str) -> bool {
        self.scp.as_deref() == Some(code)
    }
}

/// What could not be judged, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotJudged {
    /// Group it would have belonged to.
    pub group: Group,
    /// What was not judged, e.g. `PR interval`.
    pub what: String,
    /// Why, in words.
    pub reason: String,
}

/// All that the rules say about a recording.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Criteria {
    /// Rhythm first, conclusion last.
    pub statements: Vec<Statement>,
    /// What could not be judged.
    pub not_judged: Vec<NotJudged>,
}

impl Criteria {
    /// Whether everything in a group was judged.
    pub fn judged(&self, group: Group) -> bool {
        !self.not_judged.iter().any(|n| n.group == group)
    }

    /// The statement with that SCP-ECG code.
    pub fn scp(&self, code: &str) -> Option<&Statement> {
        self.statements.iter().find(|s| s.is_scp(code))
    }

    /// The statements of one group.
    pub fn group(&self, group: Group) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(move |s| s.group == group)
    }
}

/// Pacing spikes as they were looked for in the signal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PacingFacts {
    /// Spikes seen.
    pub spikes: usize,
    /// By beat: a spike stands before its P wave or where that would be. Beats beyond the end have none.
    pub atrial: Vec<bool>,
    /// By beat: a spike stands right before its QRS complex. Beats beyond the end have none.
    pub ventricular: Vec<bool>,
}

/// The beats of a recording in time order. The lists are one entry a beat (`rr`: one less); entries beyond the end of a shorter
/// list are unknown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RhythmFacts {
    /// RR intervals in seconds: entry `i` from beat `i` to `i + 1`; `None` where a gap lies between.
    pub rr: Vec<Option<f64>>,
    /// The classifier's label; `None`: not classified.
    pub labels: Vec<Option<BeatLabel>>,
    /// A P wave precedes the QRS complex; `None`: could not be seen.
    pub p_present: Vec<Option<bool>>,
    /// PR interval in ms.
    pub pr: Vec<Option<f64>>,
    /// Longest time in seconds with an uninterrupted signal and no beat, ends of the recording included; `None`: not known.
    pub longest_without_beat: Option<f64>,
    /// `None`: spikes were not looked for.
    pub pacing: Option<PacingFacts>,
}

/// What the rules are given.
#[derive(Debug, Clone, Copy)]
pub struct CriteriaInput<'a> {
    /// Measurements by name.
    pub measurements: &'a Measurements,
    /// The beats.
    pub rhythm: &'a RhythmFacts,
    /// Leads that were recorded and are usable.
    pub leads: &'a [LeadName],
    /// Age in years.
    pub age_years: Option<f32>,
    /// Sex.
    pub sex: Option<Sex>,
}
