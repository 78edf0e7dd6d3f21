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
    /// A model failed.
    #[error(transparent)]
    Model(#[from] ModelError),
}
