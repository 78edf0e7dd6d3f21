//! What the command line prints for machines. Field names are published (`docs/output.md`,
//! `docs/schema/analysis-1.schema.json`): add fields freely, never rename one.

use super::waves::WavesDocument;
use crate::{
    analysis::{Analysis, Beat, Finding, ModelInUse, Quality, Refusal, Timings, WindowFindings},
    recording::{Recording, Repair, Signal},
    signal::{
        criteria::{NotJudged, Statement, agreement::Agreement},
        measurements::Measurements,
    },
};
use serde::Serialize;
use std::{
    io::{self, Write},
    path::Path,
    sync::Arc,
};

/// Schema name of an analysis.
pub const ANALYSIS_SCHEMA: &str = "efficientecg.analysis/1";

/// One analysed recording.
#[derive(Debug, Serialize)]
pub struct AnalysisDocument<'a> {
    schema: &'static str,
    file: String,
    record: &'a str,
    format: &'static str,
    recording: RecordingPart,
    repairs: Vec<&'a Repair>,
    engine: Option<&'a str>,
    provider: Option<&'a str>,
    engine_note: Option<&'a str>,
    models: &'a [ModelInUse],
    refused: &'a [Refusal],
    quality: &'a Quality,
    findings: &'a [Finding],
    windows: &'a [WindowFindings],
    beats: &'a [Beat],
    waves: Option<WavesDocument<'a>>,
    measurements: &'a Measurements,
    statements: Option<&'a [Statement]>,
    not_judged: &'a [NotJudged],
    agreement: &'a Agreement,
    timings_ms: &'a Timings,
    notice: &'static str,
}

/// Said with every answer.
pub const NOTICE: &str = "research software, not for diagnosis";

#[derive(Debug, Serialize)]
struct RecordingPart {
    start: Option<String>,
    duration_s: f64,
    rate_hz: f64,
    leads: Vec<String>,
    derived_leads: Vec<String>,
    uncalibrated_leads: Vec<String>,
    gaps: Vec<[f64; 2]>,
    age: Option<f32>,
    sex: Option<&'static str>,
    simulated: bool,
}

/// A recording that failed.
#[derive(Debug, Serialize)]
pub struct ErrorDocument {
    schema: &'static str,
    file: String,
    error: String,
}

impl ErrorDocument {
    /// The error and all its causes, in one line of text.
    pub fn new(schema: &'static str, file: &Path, error: &anyhow::Error) -> Self {
        Self { schema, file: file.display().to_string(), error: format!("{error:#}") }
    }
}

impl<'a> AnalysisDocument<'a> {
    /// Puts recording and analysis together.
    pub fn new(recording: &'a Recording, analysis: &'a Analysis) -> Self {
        let names = |keep: fn(&Signal) -> bool| lead_names(&recording.leads, keep);
        Self {
            schema: ANALYSIS_SCHEMA,
            file: recording.path.display().to_string(),
            record: &recording.name,
            format: recording.format.name(),
            recording: RecordingPart {
                start: start_text(recording),
                duration_s: recording.duration_s(),
                rate_hz: recording.rate.hz(),
                leads: names(|_| true),
                derived_leads: names(Signal::is_derived),
                uncalibrated_leads: names(|s| !s.calibrated),
                gaps: gap_seconds(recording),
                age: analysis.demographics.age_years,
                sex: analysis.demographics.sex.map(|s| s.letter()),
                simulated: recording.simulated,
            },
            repairs: recording.repairs.iter().chain(&analysis.repairs).collect(),
            engine: analysis.engine.as_ref().map(|e| e.engine.as_str()),
            provider: analysis.engine.as_ref().map(|e| e.provider.as_str()),
            engine_note: analysis.engine.as_ref().and_then(|e| e.note.as_deref()),
            models: &analysis.models,
            refused: &analysis.refused,
            quality: &analysis.quality,
            findings: &analysis.findings,
            windows: &analysis.windows,
            beats: &analysis.beats,
            waves: analysis.waves.as_ref().map(WavesDocument),
            measurements: &analysis.measurements,
            statements: analysis.statements.as_deref(),
            not_judged: &analysis.not_judged,
            agreement: &analysis.agreement,
            timings_ms: &analysis.timings,
            notice: NOTICE,
        }
    }
}

/// Local start time as ISO 8601 without a zone (files tell none).
pub fn start_text(recording: &Recording) -> Option<String> {
    recording.start.map(|start| start.format("%Y-%m-%dT%H:%M:%S%.f").to_string())
}

/// Gaps as start and end in seconds.
pub fn gap_seconds(recording: &Recording) -> Vec<[f64; 2]> {
    recording.gaps.iter().map(|gap| [recording.rate.seconds(gap.start), recording.rate.seconds(gap.end)]).collect()
}

fn lead_names(leads: &[Arc<Signal>], keep: fn(&Signal) -> bool) -> Vec<String> {
    leads.iter().filter(|s| keep(s)).map(|s| s.lead.to_string()).collect()
}

/// Writes documents to standard output: pretty, or one a line. A closed pipe (`| head`) ends the program quietly.
#[derive(Debug)]
pub struct Printer<W> {
    out: W,
    one_line: bool,
}

impl<W: Write> Printer<W> {
    /// `one_line`: JSON Lines.
    pub fn new(out: W, one_line: bool) -> Self {
        Self { out, one_line }
    }

    /// Prints one document and flushes, so that a reader sees it at once.
    pub fn print(&mut self, document: &impl Serialize) -> io::Result<()> {
        if self.one_line {
            serde_json::to_writer(&mut self.out, document)?;
        } else {
            serde_json::to_writer_pretty(&mut self.out, document)?;
        }
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}
