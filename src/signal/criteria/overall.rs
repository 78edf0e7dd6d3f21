//! The conclusion: normal only when everything was judged and nothing abnormal was found.

use super::{
    reader::{Adult, Reader, Spec, adult},
    rhythm::Main,
    types::{Criteria, CriteriaInput, Group, Severity},
};

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
