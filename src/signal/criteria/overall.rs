//! The conclusion: normal only when everything was judged and nothing abnormal was found.

use super::{
    reader::{Adult, Reader, Spec, adult},
    rhythm::Main,
    types::{Criteria, CriteriaInput, Group, Severity},
};
use crate::recording::StandardLead;

// AHA/ACC/HRS 2007 Part II, category A.
const NORMAL: Spec = Spec::new(Group::Overall, "AHA 1", Some("NORM"), Severity::Normal, "Normal ECG");
const OTHERWISE_NORMAL: Spec = Spec::new(Group::Overall, "AHA 2", Some("NORM"), Severity::Variant, "Otherwise normal ECG");

pub(super) fn judge(input: &CriteriaInput, main: Main, out: &mut Criteria) {
    let worst = out.statements.iter().map(|s| s.severity).max().unwrap_or(Severity::Normal);
    if worst >= Severity::Abnormal {
        return;
    }
    if adult(input) == Adult::Assumed {
        out.skip(Group::Overall, "normal ECG", "not concluded: the age is not known");
    }
    if let Some(lead) = lacking(input) {
        out.skip(Group::Overall, "normal ECG", format!("not concluded: {lead}"));
    }
    let mut open: Vec<Group> = Group::ALL.into_iter().filter(|g| *g != Group::Overall && !out.judged(*g)).collect();
    open.dedup();
    if !open.is_empty() {
        let names: Vec<&str> = open.into_iter().map(Group::name).collect();
        out.skip(Group::Overall, "normal ECG", format!("not concluded: not everything was judged in {}", names.join(", ")));
    }
    if !out.judged(Group::Overall) || main != Main::Sinus {
        return;
    }
    let read = Reader::new(input);
    let statement = if worst == Severity::Normal {
        read.state(NORMAL, "sinus rhythm, every group was judged by the rules given here, and none met")
    } else {
        let found: Vec<&str> =
            out.statements.iter().filter(|s| s.severity == Severity::Variant).map(|s| s.text.as_str()).collect();
        let rule = format!("sinus rhythm, every group was judged, and nothing beside: {}", found.join("; "));
        read.state(OTHERWISE_NORMAL, rule)
    };
    out.say(statement);
}

/// What keeps a lead from having been looked at as a whole: rules on two contiguous leads can be decided without it, a conclusion on the
/// ECG cannot.
fn lacking(input: &CriteriaInput) -> Option<String> {
    StandardLead::ALL.into_iter().find_map(|lead| {
        let mut read = Reader::new(input);
        if !input.leads.contains(&lead.into()) {
            return Some(format!("lead {} is not there or not usable", lead.name()));
        }
        ["q_amplitude", "r_amplitude", "s_amplitude", "st_j", "t_amplitude"]
            .into_iter()
            .find_map(|n| read.lead(n, lead).err())
            .map(|e| e.0)
    })
}
