//! Beat types in WFDB's own mnemonics, which are also the keys that set them.

use crate::recording::{BeatLabel, LabelMap, Mnemonic};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a beat is, finer than the five classes of EC57. Source: WFDB's `ecgcodes.h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum BeatType {
    /// `N`
    Normal,
    /// `L`
    LeftBundleBranchBlock,
    /// `R`
    RightBundleBranchBlock,
    /// `B`
    BundleBranchBlock,
    /// `A`
    AtrialPremature,
    /// `a`
    AberratedAtrialPremature,
    /// `J`
    NodalPremature,
    /// `S`
    SupraventricularPremature,
    /// `V`
    VentricularPremature,
    /// `r`
    ROnT,
    /// `F`
    Fusion,
    /// `e`
    AtrialEscape,
    /// `j`
    NodalEscape,
    /// `n`
    SupraventricularEscape,
    /// `E`
    VentricularEscape,
    /// `/`
    Paced,
    /// `f`
    PacedFusion,
    /// `Q`
    Unclassifiable,
    /// `|`: looks like a QRS complex and is none.
    Artifact,
    /// `?`: not classified while a detector was learning. Comes with imported annotations; nobody sets it.
    Learning,
}

/// Mnemonic, name for people.
const TABLE: [(BeatType, char, &str); BeatType::COUNT] = [
    (BeatType::Normal, 'N', "Normal beat"),
    (BeatType::LeftBundleBranchBlock, 'L', "Left bundle branch block beat"),
    (BeatType::RightBundleBranchBlock, 'R', "Right bundle branch block beat"),
    (BeatType::BundleBranchBlock, 'B', "Bundle branch block beat (unspecified)"),
    (BeatType::AtrialPremature, 'A', "Atrial premature beat"),
    (BeatType::AberratedAtrialPremature, 'a', "Aberrated atrial premature beat"),
    (BeatType::NodalPremature, 'J', "Nodal (junctional) premature beat"),
    (BeatType::SupraventricularPremature, 'S', "Supraventricular premature beat"),
    (BeatType::VentricularPremature, 'V', "Premature ventricular contraction"),
    (BeatType::ROnT, 'r', "R-on-T premature ventricular contraction"),
    (BeatType::Fusion, 'F', "Fusion of ventricular and normal beat"),
    (BeatType::AtrialEscape, 'e', "Atrial escape beat"),
    (BeatType::NodalEscape, 'j', "Nodal (junctional) escape beat"),
    (BeatType::SupraventricularEscape, 'n', "Supraventricular escape beat"),
    (BeatType::VentricularEscape, 'E', "Ventricular escape beat"),
    (BeatType::Paced, '/', "Paced beat"),
    (BeatType::PacedFusion, 'f', "Fusion of paced and normal beat"),
    (BeatType::Unclassifiable, 'Q', "Unclassifiable beat"),
    (BeatType::Artifact, '|', "Isolated QRS-like artifact"),
    (BeatType::Learning, '?', "Beat not classified during learning"),
];

impl BeatType {
    /// How many types there are.
    pub const COUNT: usize = 20;

    /// Every type, in the order of menus and legends.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(kind, _, _)| *kind)
    }

    /// Every type that a person can set, in the order of menus and legends.
    pub fn settable() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(kind, _, _)| *kind).filter(|kind| *kind != Self::Learning)
    }

    /// The type of a mnemonic, which is also its key (case matters); `None` for what marks no beat.
    pub fn from_key(key: char) -> Option<Self> {
        TABLE.iter().find(|(_, mnemonic, _)| *mnemonic == key).map(|(kind, _, _)| *kind)
    }

    fn row(self) -> (char, &'static str) {
        TABLE.iter().find(|(kind, _, _)| *kind == self).map_or(('Q', "Unclassifiable beat"), |(_, key, name)| (*key, name))
    }

    /// WFDB's mnemonic.
    pub fn key(self) -> char {
        self.row().0
    }

    /// Name for people.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The mnemonic as annotations carry it.
    pub fn mnemonic(self) -> Mnemonic {
        Mnemonic(self.key().to_string())
    }

    /// Class of EC57; `None` for the artifact, which is no beat.
    pub fn class(self, map: LabelMap) -> Option<BeatLabel> {
        BeatLabel::from_mnemonic(&self.mnemonic(), map)
    }
}

impl From<BeatLabel> for BeatType {
    /// The machine's five classes: S and V stand for the premature beats, Q for what it could not tell.
    fn from(label: BeatLabel) -> Self {
        match label {
            BeatLabel::N => Self::Normal,
            BeatLabel::S => Self::SupraventricularPremature,
            BeatLabel::V => Self::VentricularPremature,
            BeatLabel::F => Self::Fusion,
            BeatLabel::Q => Self::Unclassifiable,
        }
    }
}

impl TryFrom<String> for BeatType {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let mut chars = text.chars();
        match (chars.next().and_then(Self::from_key), chars.next()) {
            (Some(kind), None) => Ok(kind),
            _ => Err(format!("`{text}` is no beat type")),
        }
    }
}

impl From<BeatType> for String {
    fn from(kind: BeatType) -> Self {
        kind.key().to_string()
    }
}

impl fmt::Display for BeatType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mnemonic_of_the_vocabulary_is_a_key() {
        let keys: String = BeatType::settable().map(BeatType::key).collect();
        assert_eq!(keys, "NLRBAaJSVrFejnE/fQ|");
        for kind in BeatType::settable() {
            assert_eq!(BeatType::from_key(kind.key()), Some(kind));
            assert_eq!(kind.mnemonic().is_beat(), kind != BeatType::Artifact, "{kind}");
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(serde_json::from_str::<BeatType>(&json).unwrap(), kind);
        }
        assert!(BeatType::from_key('+').is_none());
        assert!(serde_json::from_str::<BeatType>("\"NN\"").is_err());
    }

    #[test]
    fn the_machine_s_classes_stay_what_they_are() {
        for label in BeatLabel::ALL {
            assert_eq!(BeatType::from(label).class(LabelMap::Aami), Some(label));
        }
    }
}
