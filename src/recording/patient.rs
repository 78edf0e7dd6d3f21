//! Whose recording it is, as far as the file tells.

use serde::{Deserialize, Serialize};

/// Sex as the file gives it; unknown is `None` where it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Sex {
    #[serde(rename = "F")]
    Female,
    #[serde(rename = "M")]
    Male,
}

impl Sex {
    /// `F` or `M`.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Female => "F",
            Self::Male => "M",
        }
    }

    /// Reads `F`, `female`, `M`, `male` in any case; anything else is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "f" | "female" | "w" | "woman" => Some(Self::Female),
            "m" | "male" | "man" => Some(Self::Male),
            _ => None,
        }
    }
}

/// Patient facts. Never written to a log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Patient {
    /// Hospital code.
    pub id: Option<String>,
    /// Name as the file gives it.
    pub name: Option<String>,
    /// Age in years at the recording; `-1`, 0 with no meaning and values above 120 are unknown. `90+` reads as 90.
    pub age_years: Option<f32>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Date of birth.
    pub born: Option<chrono::NaiveDate>,
}
