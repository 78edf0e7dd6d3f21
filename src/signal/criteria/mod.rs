//! Criteria: rule-based statements that can be argued with, each with the rule it met and the values that met it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Code, e.g. `AHA 20` style number or a code of our own where the vocabulary has none.
    pub code: String,
    /// The statement in the words of the AHA/ACC/HRS vocabulary.
    pub text: String,
    /// The rule that was met, in words and numbers.
    pub rule: String,
    /// Measured values that met it, by name.
    pub values: BTreeMap<String, f64>,
}
