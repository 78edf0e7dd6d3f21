//! Lead names in every common spelling.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The standard twelve leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum StandardLead {
    I,
    II,
    III,
    AVR,
    AVL,
    AVF,
    V1,
    V2,
    V3,
    V4,
    V5,
    V6,
}

impl StandardLead {
    /// All twelve in the usual order I II III aVR aVL aVF V1-V6.
    pub const ALL: [Self; 12] = [
        Self::I,
        Self::II,
        Self::III,
        Self::AVR,
        Self::AVL,
        Self::AVF,
        Self::V1,
        Self::V2,
        Self::V3,
        Self::V4,
        Self::V5,
        Self::V6,
    ];

    /// Name as printed on ECG paper.
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 12] = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
        NAMES[self as usize]
    }
}

/// The name of an ECG channel: a standard lead or another name as the file gives it (`MLII` is modified lead II and
/// is kept apart from II).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeadName {
    /// One of the twelve.
    Standard(StandardLead),
    /// Any other ECG channel, e.g. `MLII`, `V7`, `ECG1`.
    Other(String),
}

impl LeadName {
    /// Reads a channel label. Recognises, whatever the case: `II`, `ECG II`, `ECG Lead II`, `Lead II`, `EKG II`, `ECG_II`, `ECG-II`, `aVR`,
    /// `AVR`, `ECG aVR`, `MDC_ECG_LEAD_AVR`, `ECGV1`, `V1`, `C1` ... Anything else is [`LeadName::Other`] with the label trimmed.
    pub fn parse(label: &str) -> Self {
        let trimmed = label.trim();
        let mut rest: String =
            trimmed.chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '.' | ':')).collect::<String>().to_ascii_uppercase();
        for prefix in ["MDC", "ECG", "EKG", "LEAD"] {
            if let Some(stripped) = rest.strip_prefix(prefix)
                && !stripped.is_empty()
            {
                rest = stripped.to_owned();
            }
        }
        let found = StandardLead::ALL.into_iter().find(|lead| lead.name().eq_ignore_ascii_case(&rest));
        match found {
            Some(lead) => Self::Standard(lead),
            None => Self::Other(trimmed.to_owned()),
        }
    }

    /// The standard lead, or for modified limb leads (`MLI`, `MLII`, `MLIII`, `MCL1` ...) the one it approximates: what the model is told.
    pub fn nearest_standard(&self) -> Option<StandardLead> {
        match self {
            Self::Standard(lead) => Some(*lead),
            Self::Other(name) => match name.to_ascii_uppercase().as_str() {
                "MLI" => Some(StandardLead::I),
                "MLII" => Some(StandardLead::II),
                "MLIII" => Some(StandardLead::III),
                "MCL1" | "MV1" => Some(StandardLead::V1),
                "MV2" => Some(StandardLead::V2),
                "MCL5" | "MV5" | "CM5" | "CC5" => Some(StandardLead::V5),
                _ => None,
            },
        }
    }

    /// Standard lead, if it is exactly one.
    pub fn standard(&self) -> Option<StandardLead> {
        match self {
            Self::Standard(lead) => Some(*lead),
            Self::Other(_) => None,
        }
    }

    /// Whether a label that is no standard lead still names an ECG channel (`MLII`, `ECG1`, `V7R`, `MCL1` ...) rather than
    /// respiration, pressure or the like. `unit_is_voltage`: the channel's unit is V, mV or uV.
    pub fn names_ecg(label: &str, unit_is_voltage: bool) -> bool {
        if !unit_is_voltage {
            return false;
        }
        let upper = label.trim().to_ascii_uppercase();
        let known_others =
            ["RESP", "ABP", "ART", "PAP", "CVP", "ICP", "PLETH", "EEG", "EMG", "EOG", "SPO2", "PPG", "MARKER", "STATUS", "TRIG"];
        !known_others.iter().any(|other| upper.starts_with(other))
    }
}

impl From<StandardLead> for LeadName {
    fn from(lead: StandardLead) -> Self {
        Self::Standard(lead)
    }
}

impl fmt::Display for LeadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(lead) => f.write_str(lead.name()),
            Self::Other(name) => f.write_str(name),
        }
    }
}

impl Serialize for LeadName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LeadName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_spellings_are_the_standard_leads() {
        for spelling in ["aVR", "AVR", "avr", "ECG aVR", "ECG_AVR", "MDC_ECG_LEAD_AVR", "Lead aVR", "ECG Lead avr", " aVR "] {
            assert_eq!(LeadName::parse(spelling), StandardLead::AVR.into(), "{spelling}");
        }
        for lead in StandardLead::ALL {
            assert_eq!(LeadName::parse(lead.name()), lead.into());
            assert_eq!(LeadName::parse(&format!("MDC_ECG_LEAD_{}", lead.name().to_uppercase())), lead.into());
        }
    }

    #[test]
    fn other_names_are_kept_as_written() {
        for name in ["MLII", "ECG", "ECG1", "V7", "x"] {
            assert_eq!(LeadName::parse(name), LeadName::Other(name.to_owned()));
        }
        assert_eq!(LeadName::parse("MLII").nearest_standard(), Some(StandardLead::II));
        assert_eq!(LeadName::parse("ECG1").nearest_standard(), None);
    }

    #[test]
    fn respiration_is_no_ecg_lead() {
        assert!(!LeadName::names_ecg("RESP", true));
        assert!(!LeadName::names_ecg("ECG", false));
        assert!(LeadName::names_ecg("MLII", true));
    }
}
