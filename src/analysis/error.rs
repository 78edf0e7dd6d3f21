//! Why an analysis gave nothing.

use super::Cancelled;
use crate::{model::ModelError, recording::SampleError};

/// Why a recording could not be analysed. Questions that one recording cannot answer are no error but
/// [`super::Refusal`]s.
#[derive(Debug, thiserror::Error)]
pub enum AnalysisError {
    /// Somebody asked for the end.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// Samples could not be read.
    #[error(transparent)]
    Samples(#[from] SampleError),
    /// More samples than are held in memory at once.
    #[error("{leads} leads at {rate_hz} Hz over {days:.1} days are too much to analyse at once; cut the recording into parts")]
    TooLarge {
        /// Leads.
        leads: usize,
        /// Rate of the fastest lead.
        rate_hz: f64,
        /// Length.
        days: f64,
    },
    /// A question about one beat that the model does not answer.
    #[error("not answered: {reason}")]
    NotAnswered {
        /// In words for the reader.
        reason: String,
    },
    /// A model failed.
    #[error(transparent)]
    Model(#[from] ModelError),
}
