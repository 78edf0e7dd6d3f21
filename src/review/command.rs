//! What a person wants done, and the step that does it.

use super::{
    Beat, BeatType, CaliperId, Change, FindingKey, Interval, IntervalId, Judgement, Relabelled, Review, ReviewError, Step,
    vocabulary,
};
use crate::recording::{SampleIndex, SampleRange};
use std::collections::{BTreeMap, BTreeSet};

/// Longest conclusion in characters.
pub const LONGEST_CONCLUSION: usize = 20_000;
/// Longest remark, interval text or reason in characters.
pub const LONGEST_REMARK: usize = 2_000;

/// An edit as a person means it.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Beats get a label. A beat that has it already counts as confirmed by the person.
    Relabel {
        /// Which: samples of beats, in any order.
        beats: Vec<SampleIndex>,
        /// What they are.
        to: BeatType,
    },
    /// A new beat; snap the place with [`super::snap`] first.
    AddBeat {
        /// R peak.
        at: SampleIndex,
        /// What it is.
        label: BeatType,
    },
    /// A beat goes elsewhere.
    MoveBeat {
        /// From.
        from: SampleIndex,
        /// To.
        to: SampleIndex,
    },
    /// Beats go.
    DeleteBeats {
        /// Which.
        beats: Vec<SampleIndex>,
    },
    /// Another reader's beats in place of one's own, for each disagreement.
    TakeTheirs {
        /// Own beats that go and theirs that come.
        pairs: Vec<Taken>,
    },
    /// A new interval.
    AddInterval(Interval),
    /// An interval becomes another.
    ChangeInterval {
        /// Which.
        id: IntervalId,
        /// What it is now.
        to: Interval,
    },
    /// An interval goes.
    DeleteInterval(IntervalId),
    /// A machine's finding is accepted or rejected, or an added one changed; `None` withdraws the decision (an added finding goes).
    Judge {
        /// Which.
        key: FindingKey,
        /// The decision.
        judgement: Option<Judgement>,
    },
    /// A finding from the vocabulary of statements.
    AddFinding {
        /// SCP code.
        scp: String,
        /// Certainty and remark.
        judgement: Judgement,
    },
    /// The conclusion's text.
    Conclude(String),
    /// Calipers appear, move or go: which (`None`: a new one), and what it is for the window alone to know (`None`: it goes).
    Calipers(Vec<(Option<CaliperId>, Option<serde_json::Value>)>),
}

/// One disagreement resolved in the other's favour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// One's own beat there.
    pub ours: Option<SampleIndex>,
    /// Their beat there.
    pub theirs: Option<(SampleIndex, BeatType)>,
}

/// What a command would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// Name of the step: "Relabel 12 beats as V".
    pub name: String,
    /// How many beats, intervals or findings change.
    pub count: usize,
    /// Beats by what they are now, the most frequent first.
    pub from: Vec<(BeatType, usize)>,
}

impl Review {
    /// What a command would do, and to how many.
    ///
    /// # Errors
    /// As [`Review::step`].
    pub fn preview(&self, command: &Command) -> Result<Preview, ReviewError> {
        let step = self.step(command)?;
        let mut from: BTreeMap<BeatType, usize> = BTreeMap::new();
        let mut count = 0;
        for change in &step.changes {
            match change {
                Change::Relabel { from: groups, .. } => {
                    for group in groups {
                        *from.entry(group.label).or_default() += group.samples.len();
                        count += group.samples.len();
                    }
                }
                Change::Beats { removed, added } => {
                    removed.iter().for_each(|beat| *from.entry(beat.label).or_default() += 1);
                    count += removed.len().max(added.len());
                }
                _ => count += 1,
            }
        }
        let mut from: Vec<(BeatType, usize)> = from.into_iter().collect();
        from.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(Preview { name: step.name, count, from })
    }

    /// The step that carries a command out on the review as it is. Nothing changes yet.
    ///
    /// # Errors
    /// [`ReviewError`] that says why it cannot be done: a beat that is not there, a place outside the recording, nothing to change.
    pub fn step(&self, command: &Command) -> Result<Step, ReviewError> {
        let (name, changes) = match command {
            Command::Relabel { beats, to } => self.relabel(beats, *to)?,
            Command::AddBeat { at, label } => {
                self.within("the beat", *at)?;
                let added = vec![Beat::placed(*at, *label)];
                (format!("Add {label} beat"), vec![self.beats_change(Vec::new(), added)?])
            }
            Command::MoveBeat { from, to } => {
                self.within("the beat", *to)?;
                let beat = self.beat(*from)?;
                if from == to {
                    return Err(ReviewError::Nothing("the beat is there already".into()));
                }
                let moved = Beat { sample: *to, decided: true, ..beat.clone() };
                (format!("Move {} beat", beat.label), vec![self.beats_change(vec![beat.clone()], vec![moved])?])
            }
            Command::DeleteBeats { beats } => {
                let removed = sorted(beats).into_iter().map(|at| self.beat(at).cloned()).collect::<Result<Vec<_>, _>>()?;
                let name = counted("Delete", removed.len(), "beat");
                (name, vec![self.beats_change(removed, Vec::new())?])
            }
            Command::TakeTheirs { pairs } => self.take_theirs(pairs)?,
            Command::AddInterval(interval) => {
                self.check_interval(interval)?;
                let id = self.next_interval();
                let change = Change::Interval { id, before: None, after: Some(interval.clone()) };
                (format!("Mark {}", interval.kind.name()), vec![change])
            }
            Command::ChangeInterval { id, to } => {
                self.check_interval(to)?;
                let before = self.interval(*id)?;
                if before == to {
                    return Err(ReviewError::Nothing("the interval is like that already".into()));
                }
                let change = Change::Interval { id: *id, before: Some(before.clone()), after: Some(to.clone()) };
                (format!("Change {}", to.kind.name()), vec![change])
            }
            Command::DeleteInterval(id) => {
                let before = self.interval(*id)?.clone();
                let name = format!("Delete {}", before.kind.name());
                (name, vec![Change::Interval { id: *id, before: Some(before), after: None }])
            }
            Command::Judge { key, judgement } => self.judge(key, judgement.as_ref())?,
            Command::AddFinding { scp, judgement } => {
                let statement = vocabulary::by_scp(scp).ok_or_else(|| ReviewError::Unknown(format!("statement {scp}")))?;
                let key = FindingKey::reader(&statement.scp);
                if self.content().judgements.contains_key(&key) {
                    return Err(ReviewError::Nothing(format!("{} is there already", statement.text)));
                }
                check_length("the remark", &judgement.comment, LONGEST_REMARK)?;
                let change = Change::Finding { key, before: None, after: Some(judgement.clone()) };
                (format!("Add {}", statement.text), vec![change])
            }
            Command::Conclude(text) => {
                check_length("the conclusion", text, LONGEST_CONCLUSION)?;
                let before = self.content().conclusion.clone();
                if before == *text {
                    return Err(ReviewError::Nothing("the conclusion says so already".into()));
                }
                ("Change conclusion".into(), vec![Change::Conclusion { before, after: text.clone() }])
            }
            Command::Calipers(edits) => self.calipers(edits)?,
        };
        Ok(Step { name, changes })
    }

    fn beat(&self, at: SampleIndex) -> Result<&Beat, ReviewError> {
        self.content().beats.at(at).ok_or(ReviewError::NoBeat { at })
    }

    fn interval(&self, id: IntervalId) -> Result<&Interval, ReviewError> {
        self.content().intervals.get(&id).ok_or_else(|| ReviewError::Unknown("such interval; it was deleted".into()))
    }

    fn within(&self, what: &str, at: SampleIndex) -> Result<(), ReviewError> {
        if at.0 < self.length() { Ok(()) } else { Err(ReviewError::Outside { what: what.to_owned(), length: self.length() }) }
    }

    fn check_interval(&self, interval: &Interval) -> Result<(), ReviewError> {
        let SampleRange { start, end } = interval.range;
        if start > end || end.0 > self.length() {
            return Err(ReviewError::Outside { what: interval.kind.name().to_owned(), length: self.length() });
        }
        check_length("the text", &interval.text, LONGEST_REMARK)
    }

    fn relabel(&self, beats: &[SampleIndex], to: BeatType) -> Result<(String, Vec<Change>), ReviewError> {
        let mut groups: BTreeMap<(BeatType, bool), Vec<SampleIndex>> = BTreeMap::new();
        let mut count = 0;
        for at in sorted(beats) {
            let beat = self.beat(at)?;
            if beat.label != to || !beat.decided {
                groups.entry((beat.label, beat.decided)).or_default().push(at);
                count += 1;
            }
        }
        if count == 0 {
            return Err(ReviewError::Nothing(format!("no beat is selected that is not {to} already")));
        }
        let from = groups.into_iter().map(|((label, decided), samples)| Relabelled { label, decided, samples }).collect();
        let name = if count == 1 { format!("Relabel beat as {to}") } else { format!("Relabel {count} beats as {to}") };
        Ok((name, vec![Change::Relabel { to, from }]))
    }

    fn beats_change(&self, removed: Vec<Beat>, added: Vec<Beat>) -> Result<Change, ReviewError> {
        if removed.is_empty() && added.is_empty() {
            return Err(ReviewError::Nothing("no beat is selected".into()));
        }
        // In time order, as every list of an edit is.
        let leaves = |at: SampleIndex| removed.binary_search_by_key(&at, |beat| beat.sample).is_ok();
        for beat in &added {
            if let Some(there) = self.content().beats.at(beat.sample).filter(|there| !leaves(there.sample)) {
                return Err(ReviewError::BeatThere { at: there.sample, label: there.label });
            }
        }
        Ok(Change::Beats { removed, added })
    }

    fn take_theirs(&self, pairs: &[Taken]) -> Result<(String, Vec<Change>), ReviewError> {
        let (mut removed, mut added): (BTreeMap<SampleIndex, Beat>, BTreeMap<SampleIndex, Beat>) = Default::default();
        for pair in pairs {
            let ours = pair.ours.map(|at| self.beat(at)).transpose()?;
            if let Some(ours) = ours {
                removed.insert(ours.sample, ours.clone());
            }
            if let Some((at, label)) = pair.theirs {
                self.within("their beat", at)?;
                // One's own place of the beat stays: only what it is was disputed.
                let beat = match ours {
                    Some(ours) => Beat { label, decided: true, ..ours.clone() },
                    None => Beat::placed(at, label),
                };
                added.insert(beat.sample, beat);
            }
        }
        removed.retain(|at, beat| added.get(at) != Some(beat));
        added.retain(|at, beat| self.content().beats.at(*at) != Some(beat));
        let name = counted("Take their", pairs.len(), "label");
        Ok((name, vec![self.beats_change(removed.into_values().collect(), added.into_values().collect())?]))
    }

    fn calipers(&self, edits: &[(Option<CaliperId>, Option<serde_json::Value>)]) -> Result<(String, Vec<Change>), ReviewError> {
        let mut next = self.next_caliper();
        let mut changes = Vec::new();
        let mut verbs = BTreeSet::new();
        for (id, after) in edits {
            let id = id.unwrap_or_else(|| {
                let id = next;
                next = CaliperId(id.0.saturating_add(1));
                id
            });
            let before = self.content().calipers.get(&id).cloned();
            verbs.insert(match (&before, after) {
                (None, None) => return Err(ReviewError::Unknown("such caliper".into())),
                (None, Some(_)) => "Set",
                (Some(_), Some(_)) => "Move",
                (Some(_), None) => "Remove",
            });
            changes.push(Change::Caliper { id, before, after: after.clone() });
        }
        let verb = match verbs.len() {
            0 => return Err(ReviewError::Nothing("no caliper is meant".into())),
            1 => verbs.into_iter().next().unwrap_or_default(),
            _ => "Change",
        };
        Ok((counted(verb, changes.len(), "caliper"), changes))
    }

    fn judge(&self, key: &FindingKey, judgement: Option<&Judgement>) -> Result<(String, Vec<Change>), ReviewError> {
        let before = self.content().judgements.get(key);
        let machine = self.machine_finding(key);
        if before.is_none() && machine.is_none() {
            return Err(ReviewError::Unknown(format!("finding {key}")));
        }
        if before == judgement {
            return Err(ReviewError::Nothing("the finding is judged like that already".into()));
        }
        if let Some(judgement) = judgement {
            check_length("the remark", &judgement.comment, LONGEST_REMARK)?;
        }
        let label = machine.map_or_else(|| self.finding_label(key), |finding| finding.label.clone());
        let verb = match (judgement, machine) {
            (None, None) => "Remove",
            (None, Some(_)) => "Withdraw decision on",
            (Some(after), _) if before.is_some_and(|before| before.verdict == after.verdict) => "Change",
            (Some(after), _) if after.verdict == super::Verdict::Present => "Accept",
            (Some(_), _) => "Reject",
        };
        let change = Change::Finding { key: key.clone(), before: before.cloned(), after: judgement.cloned() };
        Ok((format!("{verb} {label}"), vec![change]))
    }
}

fn sorted(beats: &[SampleIndex]) -> Vec<SampleIndex> {
    let mut beats = beats.to_vec();
    beats.sort_unstable();
    beats.dedup();
    beats
}

fn counted(verb: &str, count: usize, what: &str) -> String {
    if count == 1 { format!("{verb} {what}") } else { format!("{verb} {count} {what}s") }
}

fn check_length(field: &'static str, text: &str, most: usize) -> Result<(), ReviewError> {
    if text.chars().count() > most { Err(ReviewError::TooLong { field, most }) } else { Ok(()) }
}
