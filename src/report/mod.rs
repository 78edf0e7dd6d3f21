//! From a recording, its analysis and its review to a document.
//!
//! [`Report::new`] gathers what is to be said ([`content`], which is also the JSON form) and lays it out as pages of placed paths and texts
//! ([`page`]); the back ends turn those into PDF, SVG and PNG. The window previews the same pages.
//!
//! Nothing here decides what is right: what the machine says is marked as the machine's, and until a reader confirms the report says that a
//! physician must review it.

mod backend;
mod compose;
pub mod content;
mod error;
pub mod holter;
mod of_review;
mod options;
pub mod page;
mod reviewed;
mod strips;
mod template;
#[cfg(test)]
mod tests;
pub mod text;

pub use backend::{Dpi, Pixels, pdf, pixels, png, svg};
pub use error::ReportError;
pub use options::{Paper, PaperGain, PaperSpeed, ReportOptions, Section};
pub use reviewed::{AuditEntry, EpisodeKind, Reviewed, ReviewedBeat, ReviewedEpisode, ReviewedFinding, Status, Verdict};
pub use template::{Logo, Template};

use crate::{analysis::Analysis, recording::Recording};
use chrono::NaiveDateTime;
use content::Content;
use page::Document;

/// What a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'a> {
    /// The recording.
    pub recording: &'a Recording,
    /// What the machine says; `None`: not analysed.
    pub analysis: Option<&'a Analysis>,
    /// The reader's side.
    pub reviewed: &'a Reviewed,
    /// When the report is made (UTC). Given in, so that the same input gives the same bytes.
    pub made: NaiveDateTime,
}

/// A report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What it says.
    pub content: Content,
    /// The pages.
    pub document: Document,
    /// Why sections that were asked for are not there, a sentence each.
    pub left_out: Vec<String>,
}

impl Report {
    /// Makes a report.
    ///
    /// # Errors
    /// [`ReportError::Samples`] when the signal cannot be read.
    pub fn new(input: &ReportInput, options: &ReportOptions) -> Result<Self, ReportError> {
        compose::report(input, options)
    }

    /// As a PDF/A file.
    ///
    /// # Errors
    /// [`ReportError::Pdf`].
    pub fn pdf(&self) -> Result<Vec<u8>, ReportError> {
        backend::pdf(&self.document)
    }

    /// As JSON, pretty.
    ///
    /// # Errors
    /// [`ReportError::Json`]; numbers that are not finite never come from an analysis.
    pub fn json(&self) -> Result<String, ReportError> {
        serde_json::to_string_pretty(&self.content).map_err(|error| ReportError::Json { reason: error.to_string() })
    }
}

/// Name and version of this program.
pub fn software() -> String {
    format!("EfficientECG Review {}", env!("CARGO_PKG_VERSION"))
}
