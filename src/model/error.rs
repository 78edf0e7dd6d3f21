//! Why a model could not be had or could not answer.

use super::{card::CardError, engine::EngineError};

/// Errors of this layer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The card is wrong, or does not fit its graph.
    #[error(transparent)]
    Card(#[from] CardError),
    /// The engine cannot be had, cannot load the graph, or failed while computing.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The engine does not compute what the model's authors stored.
    #[error("{model}: {engine} failed the self-test ({reason}); its answers cannot be trusted")]
    SelfTest {
        /// Name of the model.
        model: String,
        /// Engine.
        engine: String,
        /// What differed.
        reason: String,
    },
    /// A model file could not be read.
    #[error("{path}: {reason}")]
    File {
        /// The file or folder.
        path: String,
        /// What happened, and what to do.
        reason: String,
    },
    /// The input is not what the model takes.
    #[error("{model}: {reason}")]
    Input {
        /// Name of the model.
        model: String,
        /// What does not fit.
        reason: String,
    },
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// Asked between runs; `true` stops the work with [`ModelError::Cancelled`].
pub type Cancel<'a> = &'a dyn Fn() -> bool;
