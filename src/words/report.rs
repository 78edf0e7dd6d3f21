//! The words of the report, and the names of findings, measurements and statements, which the window shows too.

use super::sections;
use serde::Deserialize;
use std::collections::BTreeMap;

sections! {
    /// How this language writes numbers and times.
    Language {
        code name decimal day time
    }
    /// The report as a whole.
    Report {
        title notice software page continued more simulated unknown missing_characters
    }
    /// How far the review has come.
    Status {
        unconfirmed reviewed reviewed_by_nobody confirmed amended
    }
    /// Whose recording.
    Patient {
        heading name id born age years sex female male
    }
    /// Which recording.
    Recording {
        heading begun length device file rate rate_value shown shown_value shown_all hours minutes seconds
    }
    /// What is wrong with leads and signal.
    Signal {
        heading not_recorded derived uncalibrated unusable lead_off gaps repaired suspected quality_poor quality_good span
        all_leads lead_uncalibrated lead_derived lead_off_mark more uncalibrated_pulse
    }
    /// What stands at the edge of the ECG paper.
    Paper {
        speed gain pulse unfiltered band band_from band_to mains_auto mains_hz not_diagnostic recorded_band sequential
        simultaneous wrapped true_scale beats_machine beats_reader layout order order_standard order_cabrera centred clipped
        figure median_in_layout
    }
    /// The measurement table.
    Measured {
        heading by_machine not_measurable not_measured low high normal range range_to range_from because remark
    }
    /// The reader's side.
    Reader {
        heading nobody conclusion no_conclusion accepted rejected added none beats machine_said sign episodes noise st note episode
        event
    }
    /// The machine's side.
    Machine {
        heading heading_short model engine none nothing refused uncertain threshold below rules no_rules no_rules_open not_judged disagree sides yes no beats
        windows accepted rejected
    }
    /// Evidence pages.
    Evidence {
        heading finding speaks_for speaks_against scale sum features none no_findings not_for_long unknown warning not_given unknown_value
        figure
    }
    /// Median beats.
    Median {
        heading made_of marks none figure table
    }
    /// Beat census and examples.
    Beats {
        heading census class count share examples none total unclassified class_n class_s class_v class_f class_q machine reader example
        example_probability
        figure rr
    }
    /// Summary of long recordings.
    Holter {
        heading short hourly by_part hour beats rate_mean rate_low rate_high sve ve runs pauses af off total trend_rate trend_ve
        longest fastest slowest runs_heading run events strip none no_qrs signal_lost disturbed interval rate_at over hrv pause long_interval
        figure_trend figure_counts figure_strip machine ve_run sve_run
    }
    /// Audit trail.
    Audit {
        heading none when who what before after
    }
    /// The window's dialog.
    Dialog {
        heading layout layout_name paper paper_name speed speed_name gain gain_name filter filter_name language language_name
        further evidence median beats holter audit institution template_hint template_name template_about making drawing
        previous next page preview close_up failed no_review path browse save replace print print_first print_about close saving
        saved exists no_path not_opened save_title
    }
}

/// A language file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // Each names its section.
pub struct ReportWords {
    pub language: Language,
    pub report: Report,
    pub status: Status,
    pub patient: Patient,
    pub recording: Recording,
    pub signal: Signal,
    pub paper: Paper,
    pub measured: Measured,
    pub reader: Reader,
    pub machine: Machine,
    pub evidence: Evidence,
    pub median: Median,
    pub beats: Beats,
    pub holter: Holter,
    pub audit: Audit,
    pub dialog: Dialog,
    /// Tasks of models by name.
    pub task: BTreeMap<String, String>,
    /// Measurements by published name.
    pub measurement: BTreeMap<String, String>,
    /// Findings by task and code.
    pub finding: BTreeMap<String, BTreeMap<String, String>>,
    /// Rhythms by WFDB's names.
    pub rhythm: BTreeMap<String, String>,
    /// Statements of the rules by their English text, with its places.
    pub statement: BTreeMap<String, String>,
    /// What else the layers below say, by its English text with its places.
    pub said: BTreeMap<String, String>,
}
