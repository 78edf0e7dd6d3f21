//! The words that people read, by language. English is complete; every other language has the same keys and the same places to fill,
//! which a test holds.
//!
//! A text is a field ([`Table`]), so that a key without a text does not compile. Places to fill are written `{name}` and filled by [`fill`].
//! No text asks for a plural: numbers stand after a colon or in a column.

mod format;
mod table;
#[cfg(test)]
mod tests;

pub use format::fill;
pub use table::Table;

use std::{ops::Deref, sync::OnceLock};

/// The languages that come with the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
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
        let (slot, text) = match self {
            Self::English => (&WORDS[0], include_str!("../../assets/words/en.toml")),
            Self::German => (&WORDS[1], include_str!("../../assets/words/de.toml")),
        };
        // The file is part of the program, and a test reads every one of them.
        slot.get_or_init(|| Words(toml::from_str(text).unwrap_or_else(|error| unreachable!("{}: {error}", self.code()))))
    }
}

/// The words of one language, with its way to write numbers and times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(Table);

impl Deref for Words {
    type Target = Table;
    fn deref(&self) -> &Table {
        &self.0
    }
}
