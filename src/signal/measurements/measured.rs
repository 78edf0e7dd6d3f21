//! A measured value and the table of them.

use crate::recording::LeadName;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Display};

/// Normal limits of a measurement for a person's age and sex.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Lowest normal value.
    pub low: Option<f64>,
    /// Highest normal value.
    pub high: Option<f64>,
    /// Where the limits come from.
    pub source: String,
}

/// A measured value, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// `None`: not measurable.
    pub value: Option<f64>,
    /// Unit: `ms`, `mV`, `bpm`, `degrees`, `mV*ms`, `mV/s` ...
    pub unit: String,
    /// Why not measurable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// 0 to 1: how far the beats and leads it was made of agree; `None` without a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// A remark on how to take the value, e.g. `the rate is unstable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// Number of beats it was made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beats: Option<usize>,
    /// Leads it was made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads: Vec<LeadName>,
    /// Normal limits, where there are agreed ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
}

impl Measured {
    /// A value in `unit`.
    pub fn new(value: f64, unit: &str) -> Self {
        let mut made = Self::missing(unit, "");
        made.reason = None;
        made.value = value.is_finite().then_some(value);
        if made.value.is_none() {
            made.reason = Some("not measurable".to_owned());
        }
        made
    }

    /// Not measurable, and why.
    pub fn missing(unit: &str, reason: impl Into<String>) -> Self {
        Self {
            value: None,
            unit: unit.to_owned(),
            reason: Some(reason.into()),
            confidence: None,
            warning: None,
            beats: None,
            leads: Vec::new(),
            limits: None,
        }
    }
}

/// Measurements by their published name, e.g. `qrs`, `st_j60_V2`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Measurements(pub BTreeMap<String, Measured>);

/// Name of a measurement made in one lead: `st_j60` in V2 is `st_j60_V2`.
pub fn lead_name(name: &str, lead: impl Display) -> String {
    format!("{name}_{lead}")
}

impl Measurements {
    /// The measurement of that name.
    pub fn get(&self, name: &str) -> Option<&Measured> {
        self.0.get(name)
    }

    /// Its value; `None` also when it is not measurable.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.get(name)?.value
    }

    /// The value of a measurement made in one lead.
    pub fn in_lead(&self, name: &str, lead: impl Display) -> Option<f64> {
        self.value(&lead_name(name, lead))
    }
}
