//! What a report says, before anything is laid out: the JSON form, and what the pages are composed of.
//!
//! Values are raw and in SI or the field's units, labels are in the report's language. The machine's part and the reader's part are kept
//! apart here as they are on paper.

mod leads;
mod machine;
mod measured;

pub use leads::{LeadPart, SignalPart};
pub use machine::{FindingPart, MachinePart, RulePart};
pub use measured::{Against, MeasuredPart, SHOWN};

use super::{
    ReportInput,
    holter::Holter,
    options::{ReportOptions, Section},
    reviewed::{Reviewed, Status},
};
use crate::{
    recording::{BeatLabel, SampleIndex, Sex},
    words::{Words, fill},
};
use serde::Serialize;

/// Schema name of a report.
pub const REPORT_SCHEMA: &str = "efficientecg.report/1";

/// A report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Content {
    /// [`REPORT_SCHEMA`].
    pub schema: &'static str,
    /// "Research software, not for diagnosis", in the report's language.
    pub notice: String,
    /// Name and version of this program.
    pub software: String,
    /// When the report was made (UTC).
    pub made: String,
    /// Language code.
    pub language: &'static str,
    /// The institution, from the template.
    pub institution: Option<String>,
    /// Whose recording.
    pub patient: PatientPart,
    /// Which recording.
    pub recording: RecordingPart,
    /// How far the review has come, in words.
    pub status: String,
    /// The reader's part.
    pub review: Reviewed,
    /// How the first page shows the signal.
    pub page: PagePart,
    /// Leads, gaps, quality.
    pub signal: SignalPart,
    /// Measurements that the table shows, those that could not be made included.
    pub measurements: Vec<MeasuredPart>,
    /// The machine's part; `None`: not analysed.
    pub machine: Option<MachinePart>,
    /// Beats by class, as corrected where they were.
    pub beats: BeatCounts,
    /// Summary of a long recording, where the report has one.
    pub holter: Option<Holter>,
}

/// Patient facts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PatientPart {
    /// Name as the file gives it.
    pub name: Option<String>,
    /// Hospital code.
    pub id: Option<String>,
    /// Day of birth.
    pub born: Option<String>,
    /// Age in years.
    pub age_years: Option<f32>,
    /// `F`, `M`.
    pub sex: Option<Sex>,
}

/// Recording facts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordingPart {
    /// The file that was opened.
    pub file: String,
    /// Record name.
    pub record: String,
    /// Container.
    pub format: &'static str,
    /// Local start time, ISO 8601.
    pub start: Option<String>,
    /// Length in seconds.
    pub duration_s: f64,
    /// Rate of the fastest lead.
    pub rate_hz: f64,
    /// Recorder.
    pub device: Option<String>,
    /// The file declares itself simulated.
    pub simulated: bool,
}

/// How the signal is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PagePart {
    /// Id of the layout.
    pub layout: String,
    /// Speed.
    pub mm_per_s: f32,
    /// Amplitude scale.
    pub mm_per_mv: f32,
    /// High-pass corner, Hz.
    pub high_pass_hz: Option<f64>,
    /// Low-pass corner, Hz.
    pub low_pass_hz: Option<f64>,
    /// Whether that may be read as a diagnostic ECG.
    pub diagnostic_band: bool,
    /// First second shown.
    pub from_s: f64,
    /// Last second shown.
    pub to_s: f64,
}

impl PagePart {
    /// Of these seconds.
    pub fn showing(self, (from_s, to_s): (f64, f64)) -> Self {
        Self { from_s, to_s, ..self }
    }
}

/// Beats by class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BeatCounts {
    /// All.
    pub all: usize,
    /// N, S, V, F, Q.
    pub by_class: [usize; 5],
    /// Without a class.
    pub unclassified: usize,
    /// The reader changed some.
    pub corrected: bool,
}

impl Content {
    /// Gathers what the report says. `shown`: the seconds that the first page shows.
    pub fn new(input: &ReportInput, options: &ReportOptions, shown: (f64, f64)) -> Self {
        let words = options.language.words();
        let ReportInput { recording, analysis, reviewed, made, .. } = *input;
        let demographics = analysis.map(|analysis| analysis.demographics).unwrap_or_default();
        Self {
            schema: REPORT_SCHEMA,
            notice: words.report.notice.clone(),
            software: super::software(),
            made: format!("{}Z", made.format("%Y-%m-%dT%H:%M:%S")),
            language: options.language.code(),
            institution: options.template.institution.clone(),
            patient: PatientPart {
                name: recording.patient.name.clone(),
                id: recording.patient.id.clone(),
                born: recording.patient.born.map(|day| day.to_string()),
                age_years: demographics.age_years.or(recording.patient.age_years),
                sex: demographics.sex.or(recording.patient.sex),
            },
            recording: RecordingPart {
                file: recording.path.display().to_string(),
                record: recording.name.clone(),
                format: recording.format.name(),
                start: recording.start.map(|start| start.format("%Y-%m-%dT%H:%M:%S%.f").to_string()),
                duration_s: recording.duration_s(),
                rate_hz: recording.rate.hz(),
                device: options.template.device.clone(),
                simulated: recording.simulated,
            },
            status: status(words, reviewed),
            review: reviewed.clone(),
            page: PagePart {
                layout: options.layout.id.to_string(),
                mm_per_s: options.speed.mm_per_s(),
                mm_per_mv: options.gain.mm_per_mv(),
                high_pass_hz: options.filter.high_pass,
                low_pass_hz: options.filter.low_pass,
                diagnostic_band: crate::signal::filter::is_diagnostic(&options.filter),
                from_s: shown.0,
                to_s: shown.1,
            },
            signal: SignalPart::new(words, recording, analysis),
            measurements: analysis.map(|analysis| measured::table(words, &analysis.measurements)).unwrap_or_default(),
            machine: analysis.map(|analysis| MachinePart::new(words, analysis, reviewed)),
            beats: BeatCounts::new(input),
            holter: options.sections.contains(&Section::Holter).then(|| Holter::new(input)).flatten(),
        }
    }
}

/// The status in words.
fn status(words: &Words, reviewed: &Reviewed) -> String {
    let time = reviewed.time.map(|time| format!("{} UTC", words.moment(time)));
    let unknown = &words.report.unknown;
    let filled = |text: &str| {
        fill(text, &[("reader", reviewed.reader.as_deref().unwrap_or(unknown)), ("time", time.as_deref().unwrap_or(unknown))])
    };
    match reviewed.status {
        Status::Unread => words.status.unconfirmed.clone(),
        Status::InReview if reviewed.reader.is_none() => words.status.reviewed_by_nobody.clone(),
        Status::InReview => filled(&words.status.reviewed),
        Status::Confirmed => filled(&words.status.confirmed),
        Status::Amended => words.status.amended.clone(),
    }
}

/// Beats as the reader left them, else as the machine gave them.
pub fn beats_of(input: &ReportInput) -> Vec<(SampleIndex, Option<BeatLabel>)> {
    match (&input.reviewed.beats, input.analysis) {
        (Some(beats), _) => beats.iter().map(|beat| (beat.sample, beat.label)).collect(),
        (None, Some(analysis)) => analysis.beats.iter().map(|beat| (beat.sample, beat.label)).collect(),
        (None, None) => Vec::new(),
    }
}

impl BeatCounts {
    fn new(input: &ReportInput) -> Self {
        let beats = beats_of(input);
        let count = |label: Option<BeatLabel>| beats.iter().filter(|(_, own)| *own == label).count();
        Self {
            all: beats.len(),
            by_class: BeatLabel::ALL.map(|label| count(Some(label))),
            unclassified: count(None),
            corrected: input.reviewed.beats.is_some(),
        }
    }
}
