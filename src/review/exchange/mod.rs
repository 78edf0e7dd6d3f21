//! Reviews on their way out and other annotators' labels on their way in. Texts and annotations only: files are written by `formats::write`.

pub mod csv;
mod document;
mod edf;
mod incoming;
#[cfg(test)]
mod tests;
mod training;
mod wfdb;

pub use document::{REVIEW_SCHEMA, ReviewDocument};
pub use edf::edf_set;
pub use incoming::{Incoming, incoming};
pub use training::{HEADER as TRAINING_HEADER, rows as training_rows};
pub use wfdb::wfdb_set;

use super::Review;
use crate::recording::{Annotation, SampleIndex};

/// What stands on everything that leaves.
pub const NOTICE: &str = "research software, not for diagnosis";

/// A note at the recording's start.
pub fn note_at_start(text: String) -> Annotation {
    Annotation::new(SampleIndex(0), "\"", text)
}

/// One line that says whose review it is and whether anybody stands for it.
pub fn statement(review: &Review, reviewer: &str) -> String {
    match review.confirmation() {
        Some(confirmation) => format!("reviewed and confirmed by {reviewer}, {}; {NOTICE}", confirmation.at),
        None => format!("UNCONFIRMED review by {reviewer} ({}); {NOTICE}", review.state().name()),
    }
}
