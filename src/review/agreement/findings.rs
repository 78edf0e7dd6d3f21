//! Findings of two readers, or of a reader and the machine, side by side.

use crate::review::{Baseline, Command, FindingKey, Judgement, Review, ReviewedFinding, Verdict, vocabulary};
use std::collections::BTreeMap;

/// What a finding is about, whoever said it: a statement that a model, a rule and a person make is one topic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic {
    task: String,
    code: String,
}

/// Task of statements.
const STATEMENT: &str = "statement";

impl Topic {
    /// The topic of a finding; `scp`: its SCP code, where the rule or model gives one.
    fn of(key: &FindingKey, scp: Option<&str>) -> Self {
        let statement = |code: &str| Self { task: STATEMENT.to_owned(), code: code.to_owned() };
        match (key.task.as_str(), scp) {
            (FindingKey::READER, _) => statement(&key.code),
            (FindingKey::RULE, Some(scp)) => statement(scp),
            _ => Self { task: key.task.clone(), code: key.code.clone() },
        }
    }

    /// Task and code, for names in other languages.
    pub fn parts(&self) -> (&str, &str) {
        (&self.task, &self.code)
    }
}

/// What somebody says of findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opinions(BTreeMap<Topic, (String, bool)>);

impl Opinions {
    /// What a person decided. What they left open is no opinion.
    pub fn of_reader(review: &Review) -> Self {
        let said = |finding: ReviewedFinding| {
            let present = finding.judgement?.verdict == Verdict::Present;
            let scp = finding.machine.and_then(|machine| machine.scp.as_deref());
            Some((Topic::of(finding.key, scp), (review.finding_label(finding.key), present)))
        };
        Self::joined(review.findings().filter_map(said))
    }

    /// What the machine says.
    pub fn of_machine(baseline: &Baseline) -> Self {
        let said = baseline
            .findings
            .iter()
            .map(|finding| (Topic::of(&finding.key, finding.scp.as_deref()), (finding.label.clone(), finding.present)));
        Self::joined(said)
    }

    /// Of several findings on one topic one that is there counts.
    fn joined(all: impl Iterator<Item = (Topic, (String, bool))>) -> Self {
        let mut joined: BTreeMap<Topic, (String, bool)> = BTreeMap::new();
        for (topic, (label, present)) in all {
            joined.entry(topic).and_modify(|(_, there)| *there |= present).or_insert((label, present));
        }
        Self(joined)
    }

    fn get(&self, topic: &Topic) -> Option<bool> {
        self.0.get(topic).map(|(_, present)| *present)
    }
}

/// One finding on which two differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// About what.
    pub topic: Topic,
    /// For people.
    pub label: String,
    /// Whether it is there; `None`: nothing was said.
    pub ours: Option<bool>,
    /// The other's.
    pub theirs: Option<bool>,
}

/// What a comparison of findings finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingComparison {
    /// Findings of which both said something.
    pub both: usize,
    /// Those on which they agree.
    pub agreed: usize,
    /// Where they differ: one says present and the other absent or nothing.
    pub differences: Vec<Difference>,
}

/// Compares what two say. That one calls absent what the other does not speak of is no difference.
pub fn compare(ours: &Opinions, theirs: &Opinions) -> FindingComparison {
    let mut found = FindingComparison::default();
    let mut topics: Vec<(&Topic, &String)> = ours.0.iter().chain(&theirs.0).map(|(topic, (label, _))| (topic, label)).collect();
    topics.sort_by_key(|(topic, _)| *topic);
    topics.dedup_by_key(|(topic, _)| *topic);
    for (topic, label) in topics {
        let (mine, other) = (ours.get(topic), theirs.get(topic));
        if mine.is_some() && other.is_some() {
            found.both += 1;
            found.agreed += usize::from(mine == other);
        }
        if mine.unwrap_or(false) != other.unwrap_or(false) {
            found.differences.push(Difference { topic: topic.clone(), label: label.clone(), ours: mine, theirs: other });
        }
    }
    found
}

/// The edit that makes a finding what the other says; `None`: there is nothing to do. `theirs`: present, absent or nothing.
pub fn taken(review: &Review, topic: &Topic, theirs: Option<bool>) -> Option<Command> {
    let about =
        |finding: &ReviewedFinding| Topic::of(finding.key, finding.machine.and_then(|machine| machine.scp.as_deref())) == *topic;
    // What was decided comes first, then what the machine says.
    let mut mine: Vec<ReviewedFinding> = review.findings().filter(about).collect();
    mine.sort_by_key(|finding| finding.judgement.is_none());
    let key = mine.first().map(|finding| finding.key.clone());
    match (theirs, key) {
        (Some(present), Some(key)) => {
            let judgement = if present { Judgement::present() } else { Judgement::absent() };
            Some(Command::Judge { key, judgement: Some(judgement) })
        }
        (None, Some(key)) => Some(Command::Judge { key, judgement: None }),
        (Some(true), None) => {
            let scp = vocabulary::by_scp(&topic.code)?.scp.clone();
            Some(Command::AddFinding { scp, judgement: Judgement::present() })
        }
        (Some(false) | None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{Entry, Event, MachineFinding, RecordingId, ReviewKey, Reviewer, Timestamp, test_support::baseline};
    use std::sync::Arc;

    fn machine(task: &str, code: &str, scp: Option<&str>, present: bool) -> MachineFinding {
        MachineFinding {
            key: FindingKey::new(task, code),
            label: format!("{task} {code}"),
            scp: scp.map(str::to_owned),
            probability: Some(0.5),
            present,
            uncertain: false,
            by: "test".into(),
        }
    }

    fn labels() -> Baseline {
        let findings = vec![
            machine("rhythm", "A", None, true),
            machine("statement", "LVH", None, false),
            machine("statement", "CLBBB", None, true),
            machine("rule", "AHA 121", Some("LAD"), true),
        ];
        Baseline { findings, ..baseline(0, 1) }
    }

    fn happened(review: &mut Review, event: Event, labels: Option<Baseline>) {
        let entry = Entry { event, at: Timestamp(0), by: review.key().reviewer.clone(), reason: None };
        review.apply(&entry, labels.map(Arc::new)).unwrap();
    }

    fn review(commands: &[Command]) -> Review {
        let recording = RecordingId::try_from("ab".repeat(32)).unwrap();
        let reviewer = Reviewer::new("Ada Lovelace", "AL").unwrap().id;
        let mut review = Review::new(ReviewKey { recording, reviewer }, 1000);
        happened(&mut review, Event::Opened { blind: false }, None);
        let labels = labels();
        happened(&mut review, Event::Baseline { baseline: labels.stored().0 }, Some(labels));
        for command in commands {
            let step = review.step(command).unwrap();
            happened(&mut review, Event::Step(step), None);
        }
        review
    }

    fn judge(task: &str, code: &str, judgement: Judgement) -> Command {
        Command::Judge { key: FindingKey::new(task, code), judgement: Some(judgement) }
    }

    #[test]
    fn a_statement_is_one_topic_whoever_made_it() {
        let mine = review(&[judge("statement", "CLBBB", Judgement::present()), judge("rhythm", "A", Judgement::absent())]);
        let add = |scp: &str| Command::AddFinding { scp: scp.into(), judgement: Judgement::present() };
        let theirs = review(&[add("CLBBB"), add("LVH"), judge("rhythm", "A", Judgement::present())]);
        let found = compare(&Opinions::of_reader(&mine), &Opinions::of_reader(&theirs));
        assert_eq!((found.both, found.agreed), (2, 1), "both have the left bundle branch block");
        let differ: Vec<_> = found.differences.iter().map(|d| (d.topic.parts(), d.ours, d.theirs)).collect();
        assert_eq!(differ, [(("rhythm", "A"), Some(false), Some(true)), (("statement", "LVH"), None, Some(true))]);
    }

    #[test]
    fn the_machine_speaks_of_everything_it_was_asked() {
        let mine = review(&[judge("statement", "LVH", Judgement::absent()), judge("rhythm", "A", Judgement::present())]);
        let found = compare(&Opinions::of_reader(&mine), &Opinions::of_machine(mine.baseline().unwrap()));
        assert_eq!((found.both, found.agreed), (2, 2));
        let open: Vec<_> = found.differences.iter().map(|d| d.topic.parts().1).collect();
        assert_eq!(open, ["CLBBB", "LAD"], "present by the machine, not yet decided");
    }

    #[test]
    fn theirs_can_be_taken() {
        let mut mine = review(&[judge("rhythm", "A", Judgement::absent())]);
        let add = |scp: &str| Command::AddFinding { scp: scp.into(), judgement: Judgement::present() };
        let theirs = Opinions::of_reader(&review(&[judge("rhythm", "A", Judgement::present()), add("LVH"), add("AFLT")]));
        for difference in compare(&Opinions::of_reader(&mine), &theirs).differences {
            let step = mine.step(&taken(&mine, &difference.topic, difference.theirs).unwrap()).unwrap();
            happened(&mut mine, Event::Step(step), None);
        }
        let found = compare(&Opinions::of_reader(&mine), &theirs);
        assert_eq!((found.both, found.agreed, found.differences.len()), (3, 3, 0));
        let topic = compare(&Opinions::of_reader(&mine), &Opinions::default()).differences.remove(0).topic;
        assert!(matches!(taken(&mine, &topic, None), Some(Command::Judge { judgement: None, .. })), "nothing is withdrawn");
    }
}
