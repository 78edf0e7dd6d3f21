//! The words that people read, by language. English is complete; every other language has the same keys and the same places to fill,
//! which a test holds.
//!
//! A text is a field ([`ReportWords`], [`WindowWords`], [`ReviewWords`]), so that a key without a text does not compile. Places to fill are written `{name}` and filled by [`fill`].
//! No text asks for a plural: numbers stand after a colon or in a column.

mod format;
mod report;
mod review;
mod said;
mod sections;
#[cfg(test)]
mod tests;
pub mod window;

pub use format::fill;
pub use report::{Dialog, ReportWords};
pub use review::{Bar, LabelKeys, ReviewWords, Shapes};
use sections::sections;
pub use window::WindowWords;

use serde::{Deserialize, Serialize};
use std::{ops::Deref, sync::OnceLock};

/// The text of a language file.
macro_rules! file {
    ($name:literal) => {
        include_str!(concat!("../../assets/words/", $name, ".toml"))
    };
}

/// The languages that come with the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
}

impl Language {
    /// All.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its code after RFC 5646: `en`, `de`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The language of that code, whatever the region: `de-CH` is German.
    pub fn of_code(code: &str) -> Option<Self> {
        let code = code.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        static WORDS: [OnceLock<Words>; 2] = [OnceLock::new(), OnceLock::new()];
        let (slot, report, window, review) = match self {
            Self::English => (&WORDS[0], file!("report.en"), file!("window.en"), file!("review.en")),
            Self::German => (&WORDS[1], file!("report.de"), file!("window.de"), file!("review.de")),
        };
        slot.get_or_init(|| Words { report: self.read(report), window: self.read(window), review: self.read(review) })
    }

    /// The files are part of the program, and a test reads every one of them.
    fn read<T: serde::de::DeserializeOwned>(self, text: &str) -> T {
        toml::from_str(text).unwrap_or_else(|error| unreachable!("{}: {error}", self.code()))
    }
}

/// The words of one language, with its way to write numbers and times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    report: ReportWords,
    /// The window's.
    pub window: WindowWords,
    /// The review's.
    pub review: ReviewWords,
}

/// The report's words, which name findings and measurements for the window too.
impl Deref for Words {
    type Target = ReportWords;
    fn deref(&self) -> &ReportWords {
        &self.report
    }
}
