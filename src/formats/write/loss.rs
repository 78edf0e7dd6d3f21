//! What a format cannot hold.

use serde::Serialize;
use std::fmt;

/// One thing that the file written does not say as the recording did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// The field, in the words of the recording.
    pub field: String,
    /// What is lost, with counts where there are several.
    pub lost: String,
    /// What was written instead.
    pub written: String,
}

impl Loss {
    /// A loss from its three parts.
    pub fn new(field: impl Into<String>, lost: impl Into<String>, written: impl Into<String>) -> Self {
        Self { field: field.into(), lost: lost.into(), written: written.into() }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; written: {}", self.field, self.lost, self.written)
    }
}

/// Adds a loss where `count` things are affected.
pub(super) fn counted(losses: &mut Vec<Loss>, count: usize, field: &str, lost: &str, written: &str) {
    if count > 0 {
        losses.push(Loss::new(field, format!("{count} {lost}"), written));
    }
}
