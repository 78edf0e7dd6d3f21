//! What a reader had to repair.

use serde::{Deserialize, Serialize};

/// One fault of a file that was repaired: shown to the reader, printed in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// The field at fault, in the words of the file's format.
    pub field: String,
    /// What stood there.
    pub found: String,
    /// What was taken instead, and from where.
    pub assumed: String,
}

impl Repair {
    /// A repair from its three parts.
    pub fn new(field: impl Into<String>, found: impl Into<String>, assumed: impl Into<String>) -> Self {
        Self { field: field.into(), found: found.into(), assumed: assumed.into() }
    }
}
