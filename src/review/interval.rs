//! Stretches of the recording that people mark: rhythm, noise, ST and notes.

use crate::recording::{LeadName, SampleIndex, SampleRange};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Identity of an interval within its review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntervalId(pub u64);

/// A rhythm. The names are those that WFDB's rhythm annotations carry in AUX after the bracket (MIT-BIH Arrhythmia Database directory).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rhythm(String);

/// AUX name, name for people.
const RHYTHMS: [(&str, &str); 17] = [
    ("N", "Normal sinus rhythm"),
    ("SBR", "Sinus bradycardia"),
    ("ST", "Sinus tachycardia"),
    ("AFIB", "Atrial fibrillation"),
    ("AFL", "Atrial flutter"),
    ("AB", "Atrial bigeminy"),
    ("SVTA", "Supraventricular tachyarrhythmia"),
    ("NOD", "Nodal (junctional) rhythm"),
    ("PREX", "Pre-excitation (WPW)"),
    ("P", "Paced rhythm"),
    ("BI", "First degree heart block"),
    ("BII", "Second degree heart block"),
    ("B", "Ventricular bigeminy"),
    ("T", "Ventricular trigeminy"),
    ("IVR", "Idioventricular rhythm"),
    ("VT", "Ventricular tachycardia"),
    ("VFL", "Ventricular flutter or fibrillation"),
];

impl Rhythm {
    /// The rhythms of menus and keys, in their order.
    pub fn listed() -> impl Iterator<Item = Self> {
        RHYTHMS.iter().map(|(code, _)| Self((*code).to_owned()))
    }

    /// A rhythm of this AUX name, with or without its bracket; names that no list has are kept. `None` for an empty one, or with characters that an
    /// annotation cannot hold.
    pub fn parse(text: &str) -> Option<Self> {
        let code = text.trim().trim_start_matches('(').trim();
        let fits = !code.is_empty() && code.chars().count() <= 40 && !code.contains(char::is_control);
        fits.then(|| Self(code.to_owned()))
    }

    /// AUX name without the bracket: `AFIB`.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// Name for people; of a rhythm that no list has, its code.
    pub fn name(&self) -> &str {
        RHYTHMS.iter().find(|(code, _)| *code == self.0).map_or(self.0.as_str(), |(_, name)| name)
    }
}

impl fmt::Display for Rhythm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalKind {
    /// The rhythm there.
    Rhythm(Rhythm),
    /// Not readable.
    Noise,
    /// ST change.
    St,
    /// Free text.
    Note,
}

impl IntervalKind {
    /// Name for people.
    pub fn name(&self) -> &str {
        match self {
            Self::Rhythm(rhythm) => rhythm.name(),
            Self::Noise => "Noise",
            Self::St => "ST change",
            Self::Note => "Note",
        }
    }
}

/// One marked stretch, or an event where it begins and ends on the same sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// What.
    pub kind: IntervalKind,
    /// From, and up to but not including.
    pub range: SampleRange,
    /// The lead it is about; `None`: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<LeadName>,
    /// Free text: of a note what it says, of ST changes the amount, else a remark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

impl Interval {
    /// Where it begins.
    pub fn start(&self) -> SampleIndex {
        self.range.start
    }

    /// A point in time, not a stretch.
    pub fn is_event(&self) -> bool {
        self.range.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rhythms_are_read_as_wfdb_writes_them() {
        assert_eq!(Rhythm::parse("(AFIB").map(|r| r.name().to_owned()).as_deref(), Some("Atrial fibrillation"));
        assert_eq!(Rhythm::parse("(XYZ").map(|r| r.code().to_owned()).as_deref(), Some("XYZ"));
        assert!(Rhythm::parse("(").is_none() && Rhythm::parse("(A\0").is_none());
        for rhythm in Rhythm::listed() {
            assert_eq!(Rhythm::parse(rhythm.code()), Some(rhythm));
        }
    }
}
