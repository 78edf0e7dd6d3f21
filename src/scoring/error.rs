//! Why a comparison cannot be made.

use std::fmt;

/// One of the two annotators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The annotator that is held to be right.
    Reference,
    /// The annotator under test.
    Test,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reference => "reference",
            Self::Test => "test",
        })
    }
}

/// Why a comparison cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ScoringError {
    /// Nothing is left after the learning period.
    #[error("the recording lasts {length_s:.1} s and its first {learning_s:.1} s are for learning: begin earlier (`--from 0`)")]
    TooShort {
        /// Seconds that are not scored.
        learning_s: f64,
        /// Seconds the recording has.
        length_s: f64,
    },
    /// Runs are looked for where there is no annotation.
    #[error("runs cannot be compared: the {side} annotator has no annotation after the learning period")]
    NoAnnotations {
        /// Whose.
        side: Side,
    },
}
