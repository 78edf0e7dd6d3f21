//! Where each data record stands in time, and the annotations: both come from the annotation signals.

use super::{
    header::{Header, sample_bytes},
    tal::{self, EdfAnnotation, Room},
};
use crate::{
    formats::{FormatError, bytes::FileBytes},
    recording::{FileFormat, Repair, SampleError},
};
use std::path::Path;

/// Files that claim to span more than two months are refused: no recorder stores such a gap, and everything that shows time would have to.
const LONGEST_SECONDS: f64 = 62.0 * 86_400.0;

/// In a file declared continuous, time-keeping stamps may be rounded or jitter by this much.
const CONTINUOUS_TOLERANCE_S: f64 = 0.1;

/// Stretches of signal between gaps, and annotations, that are read at most: far above any recorder, low enough that a file made to exhaust memory
/// does not.
const MOST_RUNS: usize = 1 << 20;
const MOST_ANNOTATIONS: usize = 1 << 22;
const MOST_TEXT: usize = 1 << 28;

/// Bytes of one annotation signal in one data record that are read at most.
const LONGEST_LIST: usize = 1 << 24;

/// Faults in annotation lists that are listed one by one.
const LISTED_FAULTS: usize = 5;

/// Data records that follow each other directly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    /// Seconds from the recording's start.
    pub onset_s: f64,
    pub first_record: u64,
    pub records: u64,
}

#[derive(Debug, PartialEq)]
pub(super) struct Timeline {
    /// Seconds from the header's start time to the first record: EDF+ files may start within a second.
    pub start_offset_s: f64,
    pub runs: Vec<Run>,
    /// Annotations with onsets as stored: from the header's start time.
    pub annotations: Vec<EdfAnnotation>,
}

/// Reads all annotation signals of `file`. `rate`: the fastest signal's, for which a gap shorter than a sample is none.
pub(super) fn read(
    path: &Path,
    header: &Header,
    file: &FileBytes,
    rate: f64,
    repairs: &mut Vec<Repair>,
) -> Result<Timeline, FormatError> {
    let mut timeline = Timeline { start_offset_s: 0.0, runs: Vec::new(), annotations: Vec::new() };
    let width = sample_bytes(header.format);
    let lists: Vec<(usize, usize)> = header
        .signals
        .iter()
        .filter(|signal| signal.is_annotations)
        .map(|signal| (signal.offset, signal.samples_per_record * width))
        .collect();
    let plus = matches!(header.format, FileFormat::EdfPlus | FileFormat::BdfPlus);
    if plus && lists.is_empty() {
        repairs.push(Repair::new("annotation signal", "none in an EDF+ file", "the data records follow each other directly"));
    }
    if lists.is_empty() {
        timeline.runs.push(Run { onset_s: 0.0, first_record: 0, records: header.records });
        return Ok(timeline);
    }
    let tolerance = if header.discontinuous { 0.51 / rate.max(1.0) } else { CONTINUOUS_TOLERANCE_S };
    let mut faults = 0;
    let mut fault = |record: u64, reason: &str, assumed: &str, repairs: &mut Vec<Repair>| {
        faults += 1;
        if faults <= LISTED_FAULTS {
            repairs.push(Repair::new(format!("annotations in data record {record}"), reason, assumed));
        }
        faults
    };
    let mut total_faults = 0;
    let mut left_out = 0;
    let mut expected = 0.0;
    let mut room = Room { annotations: MOST_ANNOTATIONS, text: MOST_TEXT };
    let mut block = Vec::new();
    for record in 0..header.records {
        let start = header.bytes as u64 + record * header.record_bytes as u64;
        let mut onset = None;
        for (index, (offset, length)) in lists.iter().enumerate() {
            // The signals' samples beside them are passed over unread.
            block.resize((*length).min(LONGEST_LIST), 0);
            let unreadable = |e: SampleError| FormatError::Unreadable { path: path.into(), reason: e.to_string() };
            file.read_at(start + *offset as u64, &mut block).map_err(unreadable)?;
            let lists = tal::parse(&block, &mut room);
            if index == 0 {
                onset = lists.record_onset;
            }
            left_out += lists.left_out;
            timeline.annotations.extend(lists.annotations);
            if let Some(reason) = lists.fault {
                total_faults = fault(record, reason, "the rest of this record's annotations is left out", repairs);
            }
        }
        if plus && onset.is_none() && (header.discontinuous || header.record_seconds > 0.0) {
            total_faults = fault(record, "no time-keeping annotation", "it follows the record before it directly", repairs);
        }
        if record == 0 {
            timeline.start_offset_s = onset.unwrap_or(0.0);
        }
        let at = onset.map_or(expected, |onset| onset - timeline.start_offset_s);
        let joins = (at - expected).abs() <= tolerance || header.record_seconds == 0.0;
        if at < expected && !joins {
            return Err(FormatError::Damaged {
                path: path.into(),
                problem: format!("data record {record} begins at {at} s, before the record before it ends at {expected} s"),
            });
        }
        if timeline.runs.len() > MOST_RUNS {
            let problem = format!("more than {MOST_RUNS} gaps between data records");
            return Err(FormatError::Damaged { path: path.into(), problem });
        }
        match timeline.runs.last_mut() {
            Some(run) if joins => run.records += 1,
            _ => timeline.runs.push(Run { onset_s: if record == 0 { 0.0 } else { at }, first_record: record, records: 1 }),
        }
        expected = timeline.runs.last().map_or(0.0, |run| run.onset_s + run.records as f64 * header.record_seconds);
    }
    if left_out > 0 {
        let kept = timeline.annotations.len();
        let found = format!("{} of them", kept + left_out);
        repairs.push(Repair::new("annotations", found, format!("{kept}; the others are more than is read")));
    }
    if total_faults > LISTED_FAULTS {
        repairs.push(Repair::new("annotations", format!("{total_faults} faults in all"), "as for the first of them"));
    }
    if !header.discontinuous && timeline.runs.len() > 1 {
        repairs.push(Repair::new(
            "EDF+C (continuous)",
            format!("{} gaps between data records", timeline.runs.len() - 1),
            "the gaps, from the time-keeping annotations",
        ));
    }
    if expected > LONGEST_SECONDS {
        return Err(FormatError::Damaged {
            path: path.into(),
            problem: format!("the recording spans {:.0} days, gaps included; at most 62 are read", expected / 86_400.0),
        });
    }
    Ok(timeline)
}
