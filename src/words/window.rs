//! The words of the window: a section for each of its parts.

use super::sections;
use serde::Deserialize;

sections! {
    /// The dialog with language, colours, sizes and the screen.
    Looks {
        heading language colours sizes screen measured not_measured no_screen measure forget close
    }
}

/// The window's language file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // Each names its section.
pub struct WindowWords {
    pub looks: Looks,
}
