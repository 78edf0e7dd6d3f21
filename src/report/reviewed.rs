//! The reader's side of a report, as plain data: whatever keeps reviews fills it.

use crate::recording::{BeatLabel, SampleIndex};
use chrono::NaiveDateTime;
use serde::Serialize;

/// How far the review has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has looked: what the machine said.
    #[default]
    Unread,
    /// Somebody has, and does not stand for it yet.
    InReview,
    /// A person stands for it.
    Confirmed,
    /// Changed after it was confirmed, and not confirmed again.
    Amended,
}

/// What the reader made of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The machine's finding is right.
    Accepted,
    /// It is wrong.
    Rejected,
    /// The machine did not say it.
    Added,
}

/// A finding that the reader judged or added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewedFinding {
    /// Task of the machine's finding (`rhythm`, `statement` ...), `rule`, or `reader`.
    pub task: String,
    /// Code within the task.
    pub code: String,
    /// For people.
    pub label: String,
    /// What the reader made of it.
    pub verdict: Verdict,
    /// `probable`, `possible`; empty: definite.
    pub certainty: String,
    /// The reader's remark; may be empty.
    pub note: String,
}

/// What a marked stretch is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EpisodeKind {
    /// A rhythm: the name that WFDB gives it, and one for people.
    Rhythm {
        /// `AFIB`.
        code: String,
        /// `Atrial fibrillation`.
        name: String,
    },
    /// Not readable.
    Noise,
    /// ST change.
    St,
    /// Free text.
    Note,
}

/// A stretch that the reader marked, or left as it was marked before; a moment where it ends where it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewedEpisode {
    /// What it is.
    pub kind: EpisodeKind,
    /// The lead it is about; `None`: all.
    pub lead: Option<String>,
    /// From, and up to but not including.
    pub from: SampleIndex,
    /// Where it ends.
    pub to: SampleIndex,
    /// The reader's words; may be empty.
    pub text: String,
}

/// A beat as the reader left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ReviewedBeat {
    /// R peak.
    pub sample: SampleIndex,
    /// Its class; `None`: not classified.
    pub label: Option<BeatLabel>,
}

/// One entry of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// When (UTC), as it is to be printed.
    pub when: String,
    /// Who.
    pub who: String,
    /// What was done.
    pub what: String,
    /// What stood there: the machine's word where it was the machine's.
    pub before: String,
    /// What stands there now.
    pub after: String,
}

/// All of it. The default is unconfirmed output of the machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reviewed {
    /// How far the review has come.
    pub status: Status,
    /// Who reads or confirmed.
    pub reader: Option<String>,
    /// When the status was reached (UTC).
    #[serde(serialize_with = "utc")]
    pub time: Option<NaiveDateTime>,
    /// The reader's conclusion.
    pub conclusion: String,
    /// Findings that were judged or added.
    pub findings: Vec<ReviewedFinding>,
    /// Marked stretches and moments, in time order.
    pub episodes: Vec<ReviewedEpisode>,
    /// All beats as the reader left them; `None`: nobody changed a beat.
    pub beats: Option<Vec<ReviewedBeat>>,
    /// How many beats the reader changed.
    pub beats_changed: usize,
    /// Oldest first.
    pub audit: Vec<AuditEntry>,
}

impl Reviewed {
    /// What the reader made of a finding of the machine.
    pub fn verdict(&self, task: &str, code: &str) -> Option<Verdict> {
        self.findings.iter().find(|finding| finding.task == task && finding.code == code).map(|finding| finding.verdict)
    }
}

fn utc<S: serde::Serializer>(time: &Option<NaiveDateTime>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| format!("{}Z", time.format("%Y-%m-%dT%H:%M:%S"))).serialize(serializer)
}
