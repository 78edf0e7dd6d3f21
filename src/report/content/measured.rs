//! The measurement table.

use crate::{
    signal::measurements::{Limits, Measured, Measurements},
    words::{Words, fill},
};
use serde::Serialize;

/// What the table shows, in its order.
pub const SHOWN: [&str; 15] = [
    "heart_rate",
    "p_duration",
    "pr",
    "qrs",
    "qt",
    "qtc_bazett",
    "qtc_fridericia",
    "qtc_framingham",
    "qtc_hodges",
    "p_axis",
    "qrs_axis",
    "t_axis",
    "qrs_t_angle",
    "sokolow_lyon",
    "cornell",
];

/// Where a value lies against its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// Below the lower limit.
    Low,
    /// Within.
    Within,
    /// Above the upper limit.
    High,
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasuredPart {
    /// Published name.
    pub name: String,
    /// In the report's language.
    pub label: String,
    /// `None`: not measurable.
    pub value: Option<f64>,
    /// Unit.
    pub unit: String,
    /// Value and unit, or "not measurable", as printed.
    pub text: String,
    /// Why not measurable, in the report's language.
    pub reason: Option<String>,
    /// A remark on how to take the value, in the report's language.
    pub warning: Option<String>,
    /// Against the limits; `None`: no value or no agreed limits.
    pub against: Option<Against>,
    /// The limits as printed, without unit.
    pub range: Option<String>,
    /// Where they come from.
    pub source: Option<String>,
}

/// The table: every row is there, also where nothing was measured.
pub fn table(words: &Words, measurements: &Measurements) -> Vec<MeasuredPart> {
    SHOWN.into_iter().map(|name| row(words, name, measurements.get(name))).collect()
}

fn row(words: &Words, name: &str, measured: Option<&Measured>) -> MeasuredPart {
    let label = words.measurement(name).to_owned();
    let Some(measured) = measured else {
        return MeasuredPart {
            name: name.to_owned(),
            label,
            value: None,
            unit: String::new(),
            text: words.measured.not_measured.clone(),
            reason: None,
            warning: None,
            against: None,
            range: None,
            source: None,
        };
    };
    let limits = measured.limits.as_ref();
    MeasuredPart {
        name: name.to_owned(),
        label,
        value: measured.value,
        unit: measured.unit.clone(),
        text: measured.value.map_or_else(|| words.measured.not_measurable.clone(), |value| words.measured(value, &measured.unit)),
        reason: measured.reason.as_deref().filter(|_| measured.value.is_none()).map(|reason| words.said(reason)),
        warning: measured.warning.as_deref().filter(|_| measured.value.is_some()).map(|warning| words.said(warning)),
        against: measured.value.zip(limits).and_then(|(value, limits)| against(value, limits)),
        range: limits.and_then(|limits| range(words, limits)),
        source: limits.map(|limits| limits.source.clone()),
    }
}

fn against(value: f64, limits: &Limits) -> Option<Against> {
    match (limits.low, limits.high) {
        (None, None) => None,
        (Some(low), _) if value < low => Some(Against::Low),
        (_, Some(high)) if value > high => Some(Against::High),
        _ => Some(Against::Within),
    }
}

fn range(words: &Words, limits: &Limits) -> Option<String> {
    let number = |value: f64| words.trimmed(value, 2);
    match (limits.low, limits.high) {
        (Some(low), Some(high)) => Some(fill(&words.measured.range, &[("low", &number(low)), ("high", &number(high))])),
        (None, Some(high)) => Some(fill(&words.measured.range_to, &[("high", &number(high))])),
        (Some(low), None) => Some(fill(&words.measured.range_from, &[("low", &number(low))])),
        (None, None) => None,
    }
}
