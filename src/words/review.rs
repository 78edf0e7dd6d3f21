//! The words of the review: labels, findings, people, files.

use super::sections;
use serde::Deserialize;

sections! {
    /// The panel as a whole.
    Panel {
        heading
    }
}

/// The review's language file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // Each names its section.
pub struct ReviewWords {
    pub panel: Panel,
}
