//! What `evaluate` prints for machines, and its closing table. Field names are published (`docs/output.md`).

use super::{cli::RunsArg, output::NOTICE};
use crate::{
    recording::{BeatLabel, LabelMap, Rate},
    scoring::{Average, BeatComparison, BeatMatrix, Mark, Mismatch, RunComparison, RunLength, Share, Summary, WINDOW_S},
};
use serde::Serialize;
use std::{collections::BTreeMap, fmt::Write as _, path::Path};

/// Schema name.
const EVALUATION_SCHEMA: &str = "efficientecg.evaluation/1";

/// Names of the six statistics on beats, in the order of [`Summary::averages`].
const STATISTICS: [(&str, &str); 6] = [
    ("qrs_sensitivity", "           QRS sensitivity"),
    ("qrs_predictivity", " QRS positive predictivity"),
    ("veb_sensitivity", "           VEB sensitivity"),
    ("veb_predictivity", " VEB positive predictivity"),
    ("sveb_sensitivity", "          SVEB sensitivity"),
    ("sveb_predictivity", "SVEB positive predictivity"),
];

/// One record's result.
pub(super) struct Outcome {
    pub record: String,
    pub rate: Rate,
    /// The reference has paced beats: EC57 leaves such records out of its figures.
    pub paced: bool,
    pub beats: BeatComparison,
    pub runs: Option<RunsOf>,
}

/// Both kinds of run.
pub(super) struct RunsOf {
    pub ventricular: RunComparison,
    pub supraventricular: RunComparison,
}

/// All records' results.
pub(super) struct Document {
    reference: String,
    test: String,
    map: LabelMap,
    learning_s: f64,
    records: Vec<(String, Result<Outcome, String>)>,
    all: Summary,
    unpaced: Summary,
}

impl Document {
    pub fn new(reference: &str, test: &str, map: LabelMap, learning_s: f64) -> Self {
        let (reference, test) = (reference.to_owned(), test.to_owned());
        Self { reference, test, map, learning_s, records: Vec::new(), all: Summary::default(), unpaced: Summary::default() }
    }

    pub fn add(&mut self, file: &Path, outcome: Outcome) {
        let unpaced = (!outcome.paced).then_some(&mut self.unpaced);
        for summary in [Some(&mut self.all), unpaced].into_iter().flatten() {
            summary.add(&outcome.beats);
            if let Some(runs) = &outcome.runs {
                summary.add_runs(&runs.ventricular, &runs.supraventricular);
            }
        }
        self.records.push((file.display().to_string(), Ok(outcome)));
    }

    pub fn fail(&mut self, file: &Path, error: &anyhow::Error) {
        self.records.push((file.display().to_string(), Err(format!("{error:#}"))));
    }

    pub fn all_worked(&self) -> bool {
        self.records.iter().all(|(_, result)| result.is_ok())
    }

    fn has_paced(&self) -> bool {
        self.unpaced.recordings < self.all.recordings
    }

    /// As it is printed: with runs and with the list of disagreements, where asked for.
    pub fn finished(&self, runs: bool, mismatches: bool) -> impl Serialize + '_ {
        DocumentPart {
            schema: EVALUATION_SCHEMA,
            reference: &self.reference,
            test: &self.test,
            label_map: self.map,
            learning_s: self.learning_s,
            window_s: WINDOW_S,
            records: self.records.iter().map(|(file, result)| record_part(file, result, mismatches)).collect(),
            summary: SummaryPart::new(&self.all, runs),
            summary_without_paced: self.has_paced().then(|| SummaryPart::new(&self.unpaced, runs)),
            notice: NOTICE,
        }
    }
}

#[derive(Serialize)]
struct DocumentPart<'a> {
    schema: &'static str,
    reference: &'a str,
    test: &'a str,
    label_map: LabelMap,
    learning_s: f64,
    window_s: f64,
    records: Vec<RecordPart<'a>>,
    summary: SummaryPart,
    /// Where some records have paced beats, which EC57 leaves out.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary_without_paced: Option<SummaryPart>,
    notice: &'static str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum RecordPart<'a> {
    Compared(Box<ComparedPart<'a>>),
    Failed { file: &'a str, error: &'a str },
}

#[derive(Serialize)]
struct ComparedPart<'a> {
    file: &'a str,
    record: &'a str,
    rate_hz: f64,
    paced: bool,
    beats: BeatsPart,
    runs: Option<RunsPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mismatches: Option<Vec<MismatchPart>>,
}

#[derive(Serialize)]
struct MismatchPart {
    reference: &'static str,
    reference_sample: i64,
    test: &'static str,
    test_sample: i64,
}

/// `hits` of `of`, and in percent.
#[derive(Serialize)]
struct SharePart {
    percent: Option<f64>,
    hits: u64,
    of: u64,
}

impl From<Share> for SharePart {
    fn from(share: Share) -> Self {
        Self { percent: share.percent(), hits: share.hits, of: share.of }
    }
}

#[derive(Serialize)]
struct BeatsPart {
    /// By reference label, then by test label in lower case.
    matrix: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    #[serde(flatten)]
    statistics: BTreeMap<&'static str, SharePart>,
    rr_rms_error_ms: Option<f64>,
    missed_in_shutdown: SharePart,
    #[serde(skip_serializing_if = "Option::is_none")]
    shutdown_s: Option<i64>,
}

impl BeatsPart {
    fn new(matrix: &BeatMatrix, rr_rms_error_ms: Option<f64>, shutdown_s: Option<i64>) -> Self {
        let s = matrix.statistics();
        let shares = [
            s.qrs_sensitivity,
            s.qrs_predictivity,
            s.veb_sensitivity,
            s.veb_predictivity,
            s.sveb_sensitivity,
            s.sveb_predictivity,
        ];
        Self {
            matrix: matrix_part(matrix),
            statistics: STATISTICS.iter().zip(shares).map(|((name, _), share)| (*name, share.into())).collect(),
            rr_rms_error_ms,
            missed_in_shutdown: matrix.missed_in_shutdown().into(),
            shutdown_s,
        }
    }
}

fn matrix_part(matrix: &BeatMatrix) -> BTreeMap<&'static str, BTreeMap<&'static str, u64>> {
    let marks = || BeatLabel::ALL.map(Mark::Beat).into_iter().chain([Mark::NoBeat, Mark::Shutdown]);
    let lower = |mark| match mark {
        Mark::Beat(BeatLabel::N) => "n",
        Mark::Beat(BeatLabel::S) => "s",
        Mark::Beat(BeatLabel::V) => "v",
        Mark::Beat(BeatLabel::F) => "f",
        Mark::Beat(BeatLabel::Q) => "q",
        Mark::NoBeat => "o",
        Mark::Shutdown | Mark::Fibrillation => "x",
    };
    let is_beat = |mark| matches!(mark, Mark::Beat(_));
    let row = |reference: Mark| {
        marks()
            .filter(|test| is_beat(reference) || is_beat(*test))
            .map(|test| (lower(test), matrix.get(reference, test)))
            .collect()
    };
    marks().map(|reference| (reference.letter(), row(reference))).collect()
}

#[derive(Serialize)]
struct RunsPart {
    ventricular: RunPart,
    supraventricular: RunPart,
}

impl RunsPart {
    fn new(ventricular: &RunComparison, supraventricular: &RunComparison) -> Self {
        Self { ventricular: RunPart::new(ventricular), supraventricular: RunPart::new(supraventricular) }
    }
}

#[derive(Serialize)]
struct RunPart {
    /// `[reference length][test length]`, 0 to 6 (6: longer too), runs of the reference.
    sensitivity_matrix: [[u64; 7]; 7],
    /// The same, runs of the test annotator.
    predictivity_matrix: [[u64; 7]; 7],
    couplet_sensitivity: SharePart,
    couplet_predictivity: SharePart,
    short_run_sensitivity: SharePart,
    short_run_predictivity: SharePart,
    long_run_sensitivity: SharePart,
    long_run_predictivity: SharePart,
}

impl RunPart {
    fn new(runs: &RunComparison) -> Self {
        Self {
            sensitivity_matrix: runs.by_reference.counts,
            predictivity_matrix: runs.by_test.counts,
            couplet_sensitivity: runs.sensitivity(RunLength::Couplet).into(),
            couplet_predictivity: runs.predictivity(RunLength::Couplet).into(),
            short_run_sensitivity: runs.sensitivity(RunLength::Short).into(),
            short_run_predictivity: runs.predictivity(RunLength::Short).into(),
            long_run_sensitivity: runs.sensitivity(RunLength::Long).into(),
            long_run_predictivity: runs.predictivity(RunLength::Long).into(),
        }
    }
}

#[derive(Serialize)]
struct SummaryPart {
    recordings: usize,
    gross: GrossPart,
    /// Mean percentages over the recordings that have them.
    average: BTreeMap<&'static str, AveragePart>,
}

#[derive(Serialize)]
struct GrossPart {
    beats: BeatsPart,
    runs: Option<RunsPart>,
}

#[derive(Serialize)]
struct AveragePart {
    percent: Option<f64>,
    recordings: usize,
}

impl SummaryPart {
    fn new(summary: &Summary, runs: bool) -> Self {
        let average = |average: Average| AveragePart { percent: average.mean(), recordings: average.recordings };
        Self {
            recordings: summary.recordings,
            gross: GrossPart {
                beats: BeatsPart::new(&summary.beats, summary.rr_error.rms(), None),
                runs: runs.then(|| RunsPart::new(&summary.ventricular, &summary.supraventricular)),
            },
            average: STATISTICS.iter().zip(summary.averages).map(|((name, _), mean)| (*name, average(mean))).collect(),
        }
    }
}

fn record_part<'a>(file: &'a str, result: &'a Result<Outcome, String>, mismatches: bool) -> RecordPart<'a> {
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(error) => return RecordPart::Failed { file, error },
    };
    let beats = &outcome.beats;
    let mismatch = |m: &Mismatch| MismatchPart {
        reference: m.reference.letter(),
        reference_sample: m.reference_at,
        test: m.test.letter(),
        test_sample: m.test_at,
    };
    RecordPart::Compared(Box::new(ComparedPart {
        file,
        record: &outcome.record,
        rate_hz: outcome.rate.hz(),
        paced: outcome.paced,
        beats: BeatsPart::new(&beats.matrix, beats.rr_rms_ms(), Some(beats.shutdown_s)),
        runs: outcome.runs.as_ref().map(|runs| RunsPart::new(&runs.ventricular, &runs.supraventricular)),
        mismatches: mismatches.then(|| beats.mismatches.iter().map(mismatch).collect()),
    }))
}

/// Gross and average figures in words, after the records' own reports.
pub(super) fn summary_text(document: &Document, runs: Option<RunsArg>) -> String {
    let mut out = String::new();
    let mut parts = vec![("", &document.all)];
    if document.has_paced() {
        parts.push((" without paced beats", &document.unpaced));
    }
    for (what, summary) in parts {
        let plural = if summary.recordings == 1 { "" } else { "s" };
        let _ = writeln!(
            out,
            "\nSummary of {} record{plural}{what}:    gross (beats)               average (records)",
            summary.recordings
        );
        if runs != Some(RunsArg::Only) {
            for (((_, name), gross), average) in STATISTICS.iter().zip(summary.gross()).zip(summary.averages) {
                let _ = writeln!(out, "{name}: {} {}", in_full(gross), mean(average));
            }
        }
        if runs.is_some() {
            for (kind, found) in [("VE", &summary.ventricular), ("SVE", &summary.supraventricular)] {
                for (length, name) in
                    [(RunLength::Couplet, "couplet"), (RunLength::Short, "short run"), (RunLength::Long, "long run")]
                {
                    let _ = writeln!(out, "{:>26}: {}", format!("{kind} {name} sensitivity"), in_full(found.sensitivity(length)));
                    let _ = writeln!(out, "{:>26}: {}", format!("{kind} {name} +P"), in_full(found.predictivity(length)));
                }
            }
        }
    }
    out
}

fn in_full(share: Share) -> String {
    let percent = share.percent().map_or_else(|| "     - ".to_owned(), |percent| format!("{percent:6.2}%"));
    format!("{:<28}", format!("{percent} ({}/{})", share.hits, share.of))
}

fn mean(average: Average) -> String {
    average.mean().map_or_else(|| "     - ".to_owned(), |mean| format!("{mean:6.2}% ({})", average.recordings))
}
