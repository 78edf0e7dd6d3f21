//! Criteria: rule-based statements that can be argued with, each with the rule it met and the values that met it.
//!
//! Vocabulary: the AHA/ACC/HRS list of statements (2007 Part II, Mason, Circulation 115:1325) with SCP-ECG codes where they say the same.
//! A statement needs every measurement its rule names: what is missing is told in [`Criteria::not_judged`], with the reason. Limits are
//! those of adults; below 18 years only what does not depend on them is said (rhythm, pacing, ectopic beats).
//!
//! Statements that exclude each other are decided in one place each: one main rhythm, one kind of intraventricular conduction, one axis.
//! Later rules are told what was decided, so that changes secondary to a bundle branch block, to pacing or to preexcitation are not
//! taken for infarction, ischaemia or hypertrophy.

pub mod agreement;
mod axis;
mod beats;
mod conduction;
mod ectopy;
mod hypertrophy;
mod infarction;
mod overall;
mod pacing;
mod qt;
mod reader;
mod repolarisation;
mod rhythm;
mod st;
mod territory;
mod types;

#[cfg(test)]
mod tests;

pub use types::{Criteria, CriteriaInput, Group, NotJudged, PacingFacts, RhythmFacts, Severity, Statement};

/// Judges a recording by all rules. Never fails: what cannot be judged is told.
pub fn judge(input: &CriteriaInput) -> Criteria {
    let mut out = Criteria::default();
    let paced = pacing::judge(input, &mut out);
    let main = rhythm::judge(input, paced, &mut out);
    ectopy::judge(input, main, &mut out);
    let (block, fascicle) = conduction::judge(input, main, paced, &mut out);
    let low = axis::judge(input, &block, fascicle, &mut out);
    let lvh = hypertrophy::judge(input, main, paced, (&block, fascicle), low, &mut out);
    infarction::judge(input, (&block, fascicle), lvh, &mut out);
    repolarisation::judge(input, &block, lvh, &mut out);
    qt::judge(input, main, &block, &mut out);
    overall::judge(input, main, &mut out);
    out.statements.sort_by_key(|s| s.group);
    out.not_judged.sort_by_key(|n| n.group);
    out
}
