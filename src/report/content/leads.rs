//! Leads as recorded, and what is wrong with them.

use crate::{
    analysis::Analysis,
    recording::{Recording, Repair, StandardLead},
    words::Words,
};
use serde::Serialize;

/// One lead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeadPart {
    /// Name.
    pub lead: String,
    /// Computed from other leads.
    pub derived: bool,
    /// Millivolts are true.
    pub calibrated: bool,
    /// Good enough to be analysed; `None`: not judged.
    pub usable: Option<bool>,
    /// Times without contact or without signal, seconds.
    pub off_s: Vec<[u32; 2]>,
    /// What else was seen.
    pub notes: Vec<String>,
}

/// Leads and signal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SignalPart {
    /// In the recording's order.
    pub leads: Vec<LeadPart>,
    /// Of the standard twelve, those that were not recorded; empty where fewer than four are there, which is no attempt at twelve.
    pub not_recorded: Vec<&'static str>,
    /// Stretches without any sample, seconds.
    pub gaps_s: Vec<[f64; 2]>,
    /// The machine's judgement of the whole; `None`: not judged.
    pub acceptable: Option<bool>,
    /// Electrodes that seem exchanged, in the report's language.
    pub suspected: Vec<String>,
    /// What was wrong in the file and what was assumed.
    pub repairs: Vec<Repair>,
}

/// Standard leads from which on a recording is taken for one of twelve.
const TOWARDS_TWELVE: usize = 4;

impl SignalPart {
    pub(super) fn new(words: &Words, recording: &Recording, analysis: Option<&Analysis>) -> Self {
        let quality = analysis.map(|analysis| &analysis.quality);
        let leads = recording.leads.iter().map(|signal| {
            let lead = signal.lead.to_string();
            let judged = quality.and_then(|quality| quality.leads.get(&lead));
            let spans = judged.map(|judged| judged.problems.as_slice()).unwrap_or_default();
            LeadPart {
                derived: signal.is_derived(),
                calibrated: signal.calibrated,
                usable: judged.map(|judged| judged.usable),
                off_s: spans.iter().filter(|span| span.problem.hides_the_heart()).map(|span| [span.start, span.end]).collect(),
                notes: judged.map(|judged| judged.notes.clone()).unwrap_or_default(),
                lead,
            }
        });
        let standard: Vec<StandardLead> = recording.leads.iter().filter_map(|signal| signal.lead.standard()).collect();
        let not_recorded = if standard.len() >= TOWARDS_TWELVE {
            StandardLead::ALL.into_iter().filter(|lead| !standard.contains(lead)).map(StandardLead::name).collect()
        } else {
            Vec::new()
        };
        let seconds = |gap: &crate::recording::Gap| [recording.rate.seconds(gap.start), recording.rate.seconds(gap.end)];
        Self {
            leads: leads.collect(),
            not_recorded,
            gaps_s: recording.gaps.iter().map(seconds).collect(),
            acceptable: quality.and_then(|quality| quality.acceptable),
            suspected: quality.map(|q| q.suspected.iter().map(|s| words.said(&s.text)).collect()).unwrap_or_default(),
            repairs: recording.repairs.iter().chain(analysis.into_iter().flat_map(|a| &a.repairs)).cloned().collect(),
        }
    }
}
