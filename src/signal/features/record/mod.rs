//! Features of a record, group by group: each group is a table of names and the function that measures them.
//!
//! [`RECORD_FEATURES`] lists all of them. A group tells only of what it was given: without delineated waves, say, there are no
//! features of waves, which a model takes as not known.

mod beats;
mod measured;
mod noise;
mod plain;
mod rhythm;
mod spread;
mod waves;

pub use beats::measure as beat_shares;
pub use measured::measure as measurements;
pub use noise::{LeadNoise, measure as noise};
pub use plain::{RecordFeatures, record_features, rr_features};
pub use rhythm::measure as rhythm;
pub use waves::measure as wave_marks;

use super::{Input, beat::likeness_features};
use crate::recording::Sex;
use serde::Serialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// Features by name; absent or `None`: not measurable or unknown.
pub type FeatureValues = BTreeMap<String, Option<f32>>;

/// A feature's name with what people read, and the range outside of which a value cannot be right.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordFeature {
    /// Name in cards and files.
    pub name: String,
    /// Label for people.
    pub label: String,
    /// Unit; `share`, `correlation`, or empty for ratios and counts.
    pub unit: &'static str,
    /// Lowest plausible value.
    pub min: f32,
    /// Highest plausible value.
    pub max: f32,
}

/// A row of a group's table: name, label, unit, plausible range.
type Row = (&'static str, &'static str, &'static str, f32, f32);

/// All features of a record, in the order of cards and files.
pub static RECORD_FEATURES: LazyLock<Vec<RecordFeature>> = LazyLock::new(|| {
    let groups = plain::TABLE.iter().chain(&rhythm::TABLE).chain(&waves::TABLE).chain(&noise::TABLE).chain(&beats::TABLE);
    let own = |(name, label, unit, min, max): &Row| RecordFeature {
        name: (*name).to_owned(),
        label: (*label).to_owned(),
        unit,
        min: *min,
        max: *max,
    };
    groups.map(own).chain(measured::table()).collect()
});

/// Whether any of these names is one that [`beat_shares`] measures: comparing beats costs more than the rest.
pub fn any_beat_share<'a>(mut names: impl Iterator<Item = &'a str>) -> bool {
    names.any(|name| beats::TABLE.iter().any(|row| row.0 == name))
}

/// What the prepared signal, age and sex tell of a record or a window of one. `with_beats`: [`beat_shares`] too.
pub fn signal_features(input: &Input, age_years: Option<f32>, sex: Option<Sex>, with_beats: bool) -> FeatureValues {
    let mut out = FeatureValues::new();
    let own = record_features(input, age_years, sex);
    for (row, value) in plain::TABLE.iter().zip(own.values()) {
        put(&mut out, row.0, value.map(f64::from));
    }
    rhythm(input, &mut out);
    if with_beats {
        beat_shares(&likeness_features(input), &mut out);
    }
    out
}

/// Notes a value; what is not finite is not known.
fn put(out: &mut FeatureValues, name: &str, value: Option<f64>) {
    out.insert(name.to_owned(), value.map(|v| v as f32).filter(|v| v.is_finite()));
}

#[cfg(test)]
mod tests;
