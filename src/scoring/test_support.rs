//! Annotations for tests.

use super::Settings;
use crate::recording::{Annotation, LabelMap, Mnemonic, Rate, SampleIndex};

/// 100 Hz: the window is 15 samples, the learning period 30,000.
pub(super) fn settings(learning_s: f64, length: Option<u64>) -> Settings {
    Settings::starting_at(learning_s, Rate::new(100.0).unwrap(), length, LabelMap::Aami).unwrap()
}

/// `"N100 V200 ~300/48 +400(AFIB"`: mnemonic, sample, and subtype after `/` or text from `(` on.
pub(super) fn annotations(text: &str) -> Vec<Annotation> {
    text.split_ascii_whitespace()
        .map(|word| {
            let (mnemonic, rest) = word.split_at(1);
            let (at, aux) = rest.find('(').map_or((rest, ""), |start| rest.split_at(start));
            let (at, subtype) = at.split_once('/').unwrap_or((at, "0"));
            Annotation {
                at: SampleIndex(at.parse().unwrap()),
                duration: None,
                mnemonic: Mnemonic(mnemonic.to_owned()),
                subtype: subtype.parse().unwrap(),
                chan: 0,
                num: 0,
                text: aux.to_owned(),
            }
        })
        .collect()
}
