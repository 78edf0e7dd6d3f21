//! What is said of a recording's signal as a whole.

use super::{Quality, excerpt::Excerpt};
use crate::{
    recording::{Recording, SampleIndex},
    signal::quality::{NamedLead, acceptability, suspected_reversals},
};

/// Judges a short recording as a whole and looks for exchanged electrodes.
pub fn of_record(recording: &Recording, excerpt: &Excerpt, quality: &mut Quality) {
    if excerpt.pieces.len() != 1 {
        quality.reason = Some("only recordings of ten seconds are judged as a whole".to_owned());
        return;
    }
    if excerpt.leads.iter().any(|lead| !lead.calibrated) {
        quality.reason = Some("leads are uncalibrated".to_owned());
        return;
    }
    let leads: Vec<NamedLead<'_>> =
        excerpt.leads.iter().map(|lead| NamedLead { name: &lead.name, samples: &lead.samples }).collect();
    let peaks: Vec<SampleIndex> = excerpt.peaks.iter().map(|peak| SampleIndex(peak.round().max(0.0) as u64)).collect();
    match acceptability(&leads, recording.rate, &peaks) {
        Ok(judged) => {
            quality.acceptable = Some(judged.acceptable());
            quality.probability = Some(judged.probability);
        }
        Err(reason) => quality.reason = Some(reason.to_owned()),
    }
    quality.suspected = suspected_reversals(&leads, recording.rate, &peaks);
}
