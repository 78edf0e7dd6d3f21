//! Annotations in WFDB's vocabulary and the beat classes of EC57.

use super::SampleIndex;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A WFDB annotation mnemonic: `N`, `V`, `+`, `~` ... or one of a file's own table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mnemonic(pub String);

impl Mnemonic {
    /// The mnemonic's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it marks a beat (WFDB's `isqrs`).
    pub fn is_beat(&self) -> bool {
        matches!(
            self.0.as_str(),
            "N" | "L" | "R" | "B" | "A" | "a" | "J" | "S" | "V" | "r" | "F" | "e" | "j" | "n" | "E" | "/" | "f" | "Q" | "?"
        )
    }
}

impl fmt::Display for Mnemonic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One annotation.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// Where, at the recording's rate.
    pub at: SampleIndex,
    /// Length in samples for annotations that have one (EDF+).
    pub duration: Option<u64>,
    /// What.
    pub mnemonic: Mnemonic,
    /// WFDB subtype.
    pub subtype: i8,
    /// WFDB signal number.
    pub chan: u8,
    /// WFDB number field.
    pub num: i8,
    /// Text (WFDB AUX, EDF+ annotation text).
    pub text: String,
}

impl Annotation {
    /// An annotation of a moment with all WFDB fields zero.
    pub fn new(at: SampleIndex, mnemonic: &str, text: String) -> Self {
        Self { at, duration: None, mnemonic: Mnemonic(mnemonic.to_owned()), subtype: 0, chan: 0, num: 0, text }
    }
}

/// The annotations of one annotator (`atr`, `qrs`, `edf` for EDF+ annotation signals).
#[derive(Debug, Clone, PartialEq)]
pub struct AnnotationSet {
    /// The annotator's name.
    pub annotator: String,
    /// In time order.
    pub annotations: Vec<Annotation>,
}

/// The five beat classes of EC57.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BeatLabel {
    /// Normal and bundle branch block beats.
    N,
    /// Supraventricular ectopic beat (SVEB).
    S,
    /// Ventricular ectopic beat (VEB).
    V,
    /// Fusion of ventricular and normal.
    F,
    /// Paced, fusion of paced and normal, or unclassifiable.
    Q,
}

/// Which mnemonics count as S: figures must say which map they use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LabelMap {
    /// As `bxb` does when SVEB are scored: `j`, `e`, `n` are S.
    Aami,
    /// As machine-learning papers do: `e`, `j` are N.
    Ml,
}

impl BeatLabel {
    /// All five, in the usual order.
    pub const ALL: [Self; 5] = [Self::N, Self::S, Self::V, Self::F, Self::Q];

    /// The letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::N => "N",
            Self::S => "S",
            Self::V => "V",
            Self::F => "F",
            Self::Q => "Q",
        }
    }

    /// Class of a WFDB mnemonic; `None` when it marks no beat. Source: `bxb.c`, the mapping table.
    pub fn from_mnemonic(mnemonic: &Mnemonic, map: LabelMap) -> Option<Self> {
        Some(match mnemonic.as_str() {
            "N" | "L" | "R" | "B" => Self::N,
            "e" | "j" if map == LabelMap::Ml => Self::N,
            "a" | "J" | "A" | "S" | "j" | "e" | "n" => Self::S,
            "V" | "r" | "E" => Self::V,
            "F" => Self::F,
            "Q" | "/" | "f" | "?" => Self::Q,
            _ => return None,
        })
    }
}

impl fmt::Display for BeatLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.letter())
    }
}
