//! Measurements as a rule reads them: what it read is what its statement shows.

use super::types::{Criteria, CriteriaInput, Group, NotJudged, Severity, Statement};
use crate::recording::{LeadName, Sex, StandardLead};
use std::collections::BTreeMap;

/// Age in years from which limits for adults are used. AHA/ACC/HRS 2009 Parts III-V give other limits for children.
pub(super) const ADULT_YEARS: f32 = 18.0;

/// Why a condition can be called neither true nor false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unknown(pub String);

/// True, false, or unknown.
pub(super) type Truth = Result<bool, Unknown>;

/// All hold: one that fails decides it even where others are unknown.
pub(super) fn all(conditions: impl IntoIterator<Item = Truth>) -> Truth {
    let mut unknown = None;
    for condition in conditions {
        match condition {
            Ok(false) => return Ok(false),
            Ok(true) => {}
            Err(reason) => unknown = unknown.or(Some(reason)),
        }
    }
    unknown.map_or(Ok(true), Err)
}

/// At least one holds: one that does decides it even where others are unknown.
pub(super) fn any(conditions: impl IntoIterator<Item = Truth>) -> Truth {
    match all(conditions.into_iter().map(|c| c.map(|holds| !holds))) {
        Ok(none_holds) => Ok(!none_holds),
        Err(reason) => Err(reason),
    }
}

/// The fixed part of a statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spec {
    pub code: &'static str,
    pub scp: Option<&'static str>,
    pub group: Group,
    pub severity: Severity,
    pub text: &'static str,
}

impl Spec {
    pub const fn new(
        group: Group,
        code: &'static str,
        scp: Option<&'static str>,
        severity: Severity,
        text: &'static str,
    ) -> Self {
        Self { code, scp, group, severity, text }
    }

    /// The same at another weight.
    pub const fn weighing(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

/// Whose limits hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Adult {
    /// Known to be an adult.
    Yes,
    /// Age unknown: limits for adults, with a caveat.
    Assumed,
    /// A child of that age.
    No(f32),
}

/// Age in years, if it is one.
pub(super) fn age(input: &CriteriaInput) -> Option<f32> {
    input.age_years.filter(|a| (0.0..=130.0).contains(a))
}

pub(super) fn adult(input: &CriteriaInput) -> Adult {
    match age(input) {
        None => Adult::Assumed,
        Some(age) if age < ADULT_YEARS => Adult::No(age),
        Some(_) => Adult::Yes,
    }
}

/// For a child: why limits for adults are not applied.
pub(super) fn child(input: &CriteriaInput) -> Option<String> {
    match adult(input) {
        Adult::No(age) => Some(format!("age {age:.0}: the limits are for adults, children have others")),
        _ => None,
    }
}

/// A limit that differs by sex, with whose it is. Sex unknown: the higher of the two, which fewer meet.
pub(super) fn by_sex(input: &CriteriaInput, men: f64, women: f64) -> (f64, &'static str) {
    match input.sex {
        Some(Sex::Male) => (men, "men"),
        Some(Sex::Female) => (women, "women"),
        None => (men.max(women), "sex unknown: the higher limit"),
    }
}

/// Reads measurements and keeps what it read.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    input: &'a CriteriaInput<'a>,
    values: BTreeMap<String, f64>,
    leads: Vec<LeadName>,
    confidence: Option<f32>,
    caveats: Vec<String>,
}

impl<'a> Reader<'a> {
    pub fn new(input: &'a CriteriaInput<'a>) -> Self {
        Self { input, values: BTreeMap::new(), leads: Vec::new(), confidence: None, caveats: Vec::new() }
    }

    /// For a rule whose limits are those of adults: says so where the age is not known.
    pub fn for_adults(input: &'a CriteriaInput<'a>) -> Self {
        let mut made = Self::new(input);
        if adult(input) == Adult::Assumed {
            made.caveat("age unknown: limits for adults");
        }
        made
    }

    /// A measurement of the recording as a whole; unknown where it is missing or no finite number.
    pub fn value(&mut self, name: &str) -> Result<f64, Unknown> {
        let value = self.measured(name)?;
        if let Some(warning) = self.input.measurements.get(name).and_then(|m| m.warning.as_deref()) {
            self.caveat(format!("{name}: {warning}"));
        }
        Ok(value)
    }

    /// Without its warning: in single leads those tell shapes (`no such wave`, `biphasic`), which the rules read from the numbers.
    fn measured(&mut self, name: &str) -> Result<f64, Unknown> {
        let measured = self.input.measurements.get(name);
        let Some(value) = measured.and_then(|m| m.value).filter(|v| v.is_finite()) else {
            let reason = measured.and_then(|m| m.reason.as_deref()).filter(|r| !r.is_empty()).unwrap_or("not measured");
            return Err(Unknown(format!("{name}: {reason}")));
        };
        if let Some(confidence) = measured.and_then(|m| m.confidence).filter(|c| c.is_finite()) {
            self.confidence = Some(self.confidence.map_or(confidence, |least| least.min(confidence)));
        }
        self.values.insert(name.to_owned(), value);
        Ok(value)
    }

    /// A measurement made in one lead.
    pub fn lead(&mut self, name: &str, lead: StandardLead) -> Result<f64, Unknown> {
        let full = crate::signal::measurements::lead_name(name, lead.name());
        self.measured(&full).map_err(|unknown| match self.input.leads.contains(&lead.into()) {
            true => unknown,
            false => Unknown(format!("lead {} is not there or not usable", lead.name())),
        })
    }

    /// Size of a Q, R, S, R' or S' wave in one lead, in mV, whether the measurement gives it as recorded (Q and S negative) or as a
    /// size; 0: no such wave. The statement shows it as measured.
    pub fn size(&mut self, name: &str, lead: StandardLead) -> Result<f64, Unknown> {
        self.lead(name, lead).map(f64::abs)
    }

    /// Keeps a value that the rule worked out itself.
    pub fn keep(&mut self, name: &str, value: f64) {
        if value.is_finite() {
            self.values.insert(name.to_owned(), value);
        }
    }

    /// Names leads it was seen in.
    pub fn seen_in(&mut self, leads: &[StandardLead]) {
        for lead in leads.iter().map(|l| LeadName::from(*l)) {
            if !self.leads.contains(&lead) {
                self.leads.push(lead);
            }
        }
    }

    /// What a reader must know.
    pub fn caveat(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.caveats.contains(&text) {
            self.caveats.push(text);
        }
    }

    /// What was read by another reader, too.
    pub fn absorb(&mut self, other: Reader<'a>) {
        self.values.extend(other.values);
        self.confidence = match (self.confidence, other.confidence) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        for caveat in other.caveats {
            self.caveat(caveat);
        }
    }

    /// The statement, with all that was read.
    pub fn state(self, spec: Spec, rule: impl Into<String>) -> Statement {
        Statement {
            code: spec.code.to_owned(),
            scp: spec.scp.map(str::to_owned),
            group: spec.group,
            severity: spec.severity,
            text: spec.text.to_owned(),
            rule: rule.into(),
            values: self.values,
            leads: self.leads,
            confidence: self.confidence,
            caveats: self.caveats,
        }
    }
}

impl Criteria {
    pub(super) fn say(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    pub(super) fn skip(&mut self, group: Group, what: &str, reason: impl Into<String>) {
        let skipped = NotJudged { group, what: what.to_owned(), reason: reason.into() };
        if !self.not_judged.contains(&skipped) {
            self.not_judged.push(skipped);
        }
    }

    /// A rule's outcome: a statement, nothing, or unknown.
    pub(super) fn take(&mut self, group: Group, what: &str, outcome: Result<Option<Statement>, Unknown>) {
        match outcome {
            Ok(Some(statement)) => self.say(statement),
            Ok(None) => {}
            Err(Unknown(reason)) => self.skip(group, what, reason),
        }
    }
}

/// `V1, V2, V3`.
pub(super) fn names(leads: &[StandardLead]) -> String {
    leads.iter().map(|l| l.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_condition_can_decide_though_others_are_unknown() {
        let unknown = || Err(Unknown("?".to_owned()));
        assert_eq!(all([Ok(true), unknown(), Ok(false)]), Ok(false));
        assert_eq!(all([Ok(true), unknown()]), unknown());
        assert_eq!(all([Ok(true), Ok(true)]), Ok(true));
        assert_eq!(any([Ok(false), unknown(), Ok(true)]), Ok(true));
        assert_eq!(any([Ok(false), unknown()]), unknown());
        assert_eq!(any([Ok(false)]), Ok(false));
    }
}
