//! One fixed colour for each kind of interval. The text beside it says the same.

use crate::{review::IntervalKind, words::ReviewWords};
use egui::Color32;

/// AUX name of the rhythm and its colour. Slow rhythms are blue, atrial ones green to yellow, blocks violet, ventricular ones orange to red.
const RHYTHMS: [(&str, [u8; 3]); 17] = [
    ("N", [120, 144, 156]),
    ("SBR", [66, 133, 244]),
    ("ST", [0, 172, 193]),
    ("AFIB", [67, 160, 71]),
    ("AFL", [124, 179, 66]),
    ("AB", [174, 185, 60]),
    ("SVTA", [0, 137, 123]),
    ("NOD", [141, 110, 99]),
    ("PREX", [216, 27, 96]),
    ("P", [94, 53, 177]),
    ("BI", [149, 117, 205]),
    ("BII", [126, 87, 194]),
    ("B", [255, 167, 38]),
    ("T", [251, 140, 0]),
    ("IVR", [244, 81, 30]),
    ("VT", [229, 57, 53]),
    ("VFL", [183, 28, 28]),
];

/// The colour of a kind. Rhythms that no list has share one.
pub fn colour(kind: &IntervalKind) -> Color32 {
    let [r, g, b] = match kind {
        IntervalKind::Rhythm(rhythm) => {
            RHYTHMS.iter().find(|(code, _)| *code == rhythm.code()).map_or([84, 110, 122], |(_, colour)| *colour)
        }
        IntervalKind::Noise => [97, 97, 97],
        IntervalKind::St => [142, 36, 170],
        IntervalKind::Note => [57, 73, 171],
    };
    Color32::from_rgb(r, g, b)
}

/// Black or white, whichever is read better on that colour.
pub fn on(colour: Color32) -> Color32 {
    let linear = |value: u8| (f32::from(value) / 255.0).powf(2.2);
    let luminance = 0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b());
    // Equal contrast to black and to white.
    if luminance > 0.179 { Color32::BLACK } else { Color32::WHITE }
}

/// What stands on the bar: a rhythm's short name, else the kind, with its remark.
pub fn text(kind: &IntervalKind, remark: &str, words: &ReviewWords) -> String {
    match kind {
        IntervalKind::Rhythm(rhythm) => rhythm.code().to_owned(),
        IntervalKind::Note if !remark.is_empty() => remark.to_owned(),
        other if remark.is_empty() => words.kind(other).to_owned(),
        other => format!("{}: {remark}", words.kind(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Rhythm;
    use std::collections::BTreeSet;

    #[test]
    fn every_listed_rhythm_has_a_colour_of_its_own() {
        let colours: BTreeSet<[u8; 4]> =
            Rhythm::listed().map(|rhythm| colour(&IntervalKind::Rhythm(rhythm)).to_array()).collect();
        assert_eq!(colours.len(), Rhythm::listed().count());
        let unlisted = Rhythm::parse("XYZ").map(IntervalKind::Rhythm).map(|kind| colour(&kind).to_array());
        assert!(unlisted.is_some_and(|colour| !colours.contains(&colour)));
    }
}
