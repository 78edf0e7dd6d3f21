//! What can go wrong with a report.

use crate::recording::SampleError;

/// Why a report could not be made.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReportError {
    /// The signal cannot be read.
    #[error(transparent)]
    Samples(#[from] SampleError),
    /// The template cannot be used.
    #[error("template {file}: {reason}")]
    Template {
        /// The file.
        file: String,
        /// Field and remedy.
        reason: String,
    },
    /// The document breaks a rule of its format.
    #[error("the report cannot be written as PDF/A: {reason}; please report it")]
    Pdf {
        /// The rule.
        reason: String,
    },
    /// The page cannot be drawn as a picture.
    #[error("the page cannot be drawn as a picture: {reason}")]
    Picture {
        /// Why.
        reason: String,
    },
    /// The content cannot be written as JSON.
    #[error("the report cannot be written as JSON: {reason}; please report it")]
    Json {
        /// Why.
        reason: String,
    },
}
