//! A review as one JSON document.

use super::super::{
    BaselineSource, Beat, BeatSource, Certainty, IntervalKind, Review, Reviewer, Verdict, WfdbFields, vocabulary,
};
use super::NOTICE;
use crate::recording::{LabelMap, Rate};
use serde::Serialize;

/// Name and version of the document's form.
pub const REVIEW_SCHEMA: &str = "efficientecg.review/1";

/// A review as it is published: `docs/schema/review-1.schema.json`.
#[derive(Debug, Serialize)]
pub struct ReviewDocument {
    schema: &'static str,
    notice: &'static str,
    recording: RecordingPart,
    reviewer: Reviewer,
    state: &'static str,
    confirmed: bool,
    confirmed_at: Option<String>,
    reason: Option<String>,
    version: u64,
    blind: bool,
    began_with: Option<BaselineSource>,
    conclusion: String,
    beats: Vec<BeatPart>,
    intervals: Vec<IntervalPart>,
    findings: Vec<FindingPart>,
}

#[derive(Debug, Serialize)]
struct RecordingPart {
    id: String,
    name: String,
    rate_hz: f64,
    samples: u64,
}

#[derive(Debug, Serialize)]
struct BeatPart {
    sample: u64,
    time_s: f64,
    mnemonic: String,
    class: Option<&'static str>,
    by: &'static str,
    decided: bool,
    uncertain: bool,
    machine: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<WfdbFields>,
}

#[derive(Debug, Serialize)]
struct IntervalPart {
    kind: &'static str,
    code: Option<String>,
    label: String,
    start_sample: u64,
    end_sample: u64,
    start_s: f64,
    end_s: f64,
    lead: Option<String>,
    text: String,
}

#[derive(Debug, Serialize)]
struct FindingPart {
    task: String,
    code: String,
    label: String,
    scp: Option<String>,
    aha: Option<String>,
    snomed: Option<String>,
    machine: Option<MachinePart>,
    verdict: Option<Verdict>,
    certainty: Option<Certainty>,
    comment: String,
}

#[derive(Debug, Serialize)]
struct MachinePart {
    present: bool,
    probability: Option<f32>,
    uncertain: bool,
    by: String,
}

impl ReviewDocument {
    /// Of a review of the recording with that name and rate.
    pub fn new(review: &Review, reviewer: &Reviewer, name: &str, rate: Rate) -> Self {
        let machine = review.baseline().map(|baseline| baseline.beats.as_slice()).unwrap_or_default();
        let said = |beat: &Beat| {
            let index = machine.binary_search_by_key(&beat.sample, |beat| beat.sample).ok()?;
            machine.get(index).map(|said| said.label.to_string())
        };
        Self {
            schema: REVIEW_SCHEMA,
            notice: NOTICE,
            recording: RecordingPart {
                id: review.key().recording.to_string(),
                name: name.to_owned(),
                rate_hz: rate.hz(),
                samples: review.length(),
            },
            reviewer: reviewer.clone(),
            state: review.state().code(),
            confirmed: review.state().is_confirmed(),
            confirmed_at: review.confirmation().map(|confirmation| confirmation.at.to_string()),
            reason: review.reason().map(str::to_owned),
            version: review.version().0,
            blind: review.is_blind(),
            began_with: review.baseline().map(|baseline| baseline.source.clone()),
            conclusion: review.content().conclusion.clone(),
            beats: review.content().beats.as_slice().iter().map(|beat| beat_part(beat, rate, said(beat))).collect(),
            intervals: review.content().intervals.values().map(|interval| interval_part(interval, rate)).collect(),
            findings: findings(review),
        }
    }
}

fn beat_part(beat: &Beat, rate: Rate, machine: Option<String>) -> BeatPart {
    BeatPart {
        sample: beat.sample.0,
        time_s: rate.seconds(beat.sample),
        mnemonic: beat.label.to_string(),
        class: beat.label.class(LabelMap::Aami).map(crate::recording::BeatLabel::letter),
        by: match beat.source {
            BeatSource::Machine { .. } => "machine",
            BeatSource::Imported => "imported",
            BeatSource::Person => "person",
        },
        decided: beat.decided,
        uncertain: beat.is_uncertain(),
        machine,
        fields: beat.fields.as_deref().cloned(),
    }
}

fn interval_part(interval: &super::super::Interval, rate: Rate) -> IntervalPart {
    let (kind, code) = match &interval.kind {
        IntervalKind::Rhythm(rhythm) => ("rhythm", Some(rhythm.code().to_owned())),
        IntervalKind::Noise => ("noise", None),
        IntervalKind::St => ("st", None),
        IntervalKind::Note => ("note", None),
    };
    IntervalPart {
        kind,
        code,
        label: interval.kind.name().to_owned(),
        start_sample: interval.range.start.0,
        end_sample: interval.range.end.0,
        start_s: rate.seconds(interval.range.start),
        end_s: rate.seconds(interval.range.end),
        lead: interval.lead.as_ref().map(ToString::to_string),
        text: interval.text.clone(),
    }
}

fn findings(review: &Review) -> Vec<FindingPart> {
    let parts = review.findings().map(|finding| {
        let scp = finding.machine.and_then(|machine| machine.scp.clone()).or_else(|| {
            let of_vocabulary = matches!(finding.key.task.as_str(), "statement" | super::super::FindingKey::READER);
            of_vocabulary.then(|| finding.key.code.clone())
        });
        let known = scp.as_deref().and_then(vocabulary::by_scp);
        FindingPart {
            task: finding.key.task.clone(),
            code: finding.key.code.clone(),
            label: review.finding_label(finding.key),
            aha: known.and_then(|statement| statement.aha.clone()),
            snomed: known.and_then(|statement| statement.snomed.clone()),
            scp,
            machine: finding.machine.map(|machine| MachinePart {
                present: machine.present,
                probability: machine.probability,
                uncertain: machine.uncertain,
                by: machine.by.clone(),
            }),
            verdict: finding.judgement.map(|judgement| judgement.verdict),
            certainty: finding.judgement.map(|judgement| judgement.certainty),
            comment: finding.judgement.map_or_else(String::new, |judgement| judgement.comment.clone()),
        }
    });
    parts.collect()
}
