//! Another annotator's annotations as the labels that a further reader begins with.

use super::super::{
    Baseline, BaselineSource, Beat, BeatSource, BeatType, Interval, IntervalKind, LONGEST_REMARK, Rhythm, WfdbFields,
};
use super::{edf, wfdb::kind_word};
use crate::recording::{Annotation, AnnotationSet, LeadName, Rate, SampleIndex, SampleRange};
use std::collections::{BTreeMap, BTreeSet};

/// What came of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// The labels.
    pub baseline: Baseline,
    /// What was left out or understood in another way, in words.
    pub warnings: Vec<String>,
}

/// Takes annotations for labels: beats as beats, rhythm changes as rhythms up to the next one, signal quality as noise, everything else as notes.
///
/// `signals`: names of the record's signals in the header's order; `file`: its name without folders; `length`: samples of the recording.
pub fn incoming(set: &AnnotationSet, rate: Rate, length: u64, file: &str, signals: &[LeadName]) -> Incoming {
    let mut reader = Reader { length, signals, beats: Vec::new(), intervals: Vec::new(), other: BTreeMap::new(), outside: 0 };
    let is_edf = set.annotator == "edf";
    let ends = ends(&set.annotations);
    for annotation in &set.annotations {
        reader.take(annotation, is_edf, &ends);
    }
    reader.end_open();
    let given = reader.beats.len();
    reader.beats.sort_by_key(|beat| beat.sample);
    reader.beats.dedup_by_key(|beat| beat.sample);
    let mut warnings = Vec::new();
    let mut warn = |count: usize, what: &str| {
        if count > 0 {
            warnings.push(format!("{count} {what}"));
        }
    };
    warn(given - reader.beats.len(), "beats stand on the sample of another beat and were left out");
    warn(reader.outside, "annotations stand outside the recording and were left out");
    for (mnemonic, count) in &reader.other {
        warn(*count, &format!("annotations `{mnemonic}` are kept as notes"));
    }
    let source = BaselineSource::Imported { annotator: set.annotator.clone(), file: file.to_owned() };
    let intervals = reader.intervals.into_iter().map(|(interval, _)| interval).collect();
    let baseline = Baseline { source, rate, length, beats: reader.beats, intervals, findings: Vec::new() };
    Incoming { baseline, warnings }
}

/// The ends that notes tell of: kind and beginning to end.
fn ends(annotations: &[Annotation]) -> BTreeMap<(String, u64), u64> {
    annotations.iter().filter(|a| a.mnemonic.as_str() == "\"").filter_map(|a| end_of(&a.text).map(|key| (key, a.at.0))).collect()
}

fn end_of(text: &str) -> Option<(String, u64)> {
    let (kind, from) = text.strip_prefix("end ")?.rsplit_once(" from ")?;
    Some((kind.to_owned(), from.parse().ok()?))
}

/// Where an interval's end comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Known,
    /// The next one of its kind.
    Open,
}

struct Reader<'a> {
    length: u64,
    signals: &'a [LeadName],
    beats: Vec<Beat>,
    intervals: Vec<(Interval, End)>,
    /// Annotations without a kind of their own, by mnemonic.
    other: BTreeMap<String, usize>,
    outside: usize,
}

impl Reader<'_> {
    fn take(&mut self, annotation: &Annotation, is_edf: bool, ends: &BTreeMap<(String, u64), u64>) {
        let at_the_end = annotation.at.0 == self.length && !annotation.mnemonic.is_beat();
        if annotation.at.0 >= self.length.max(1) && !at_the_end {
            self.outside += 1;
            return;
        }
        let mnemonic = annotation.mnemonic.as_str();
        let mut chars = mnemonic.chars();
        if let (Some(label), None) = (chars.next().and_then(BeatType::from_key), chars.next()) {
            self.beats.push(beat(annotation, label, is_edf));
            return;
        }
        let text = shortened(&annotation.text);
        let (kind, text, lead) = match mnemonic {
            "+" => match Rhythm::parse(&annotation.text) {
                Some(rhythm) => (IntervalKind::Rhythm(rhythm), String::new(), None),
                // "(" alone: the rhythm before ends.
                None => return self.close(annotation.at, |kind| matches!(kind, IntervalKind::Rhythm(_))),
            },
            "~" if annotation.subtype == 0 => return self.close(annotation.at, |kind| *kind == IntervalKind::Noise),
            "~" => (IntervalKind::Noise, text, None),
            "s" | "T" => (IntervalKind::St, text, None),
            "\"" if is_edf => edf::parsed(&text),
            "\"" => {
                // The end of something that begins where it says is no note of its own.
                let is_end = end_of(&annotation.text).is_some_and(|(kind, from)| {
                    self.intervals.iter().any(|(i, _)| i.start().0 == from && kind_word(&i.kind) == kind)
                });
                if is_end {
                    return;
                }
                (IntervalKind::Note, text, None)
            }
            other => {
                *self.other.entry(other.to_owned()).or_default() += 1;
                (IntervalKind::Note, shortened(format!("{other} {text}").trim()), None)
            }
        };
        let lead = lead.or_else(|| self.signals.get(usize::from(annotation.chan)).filter(|_| annotation.num == 1).cloned());
        let start = annotation.at.0;
        let told = annotation.duration.map(|samples| start.saturating_add(samples));
        let told = told.or_else(|| ends.get(&(kind_word(&kind), start)).copied());
        let goes_on = matches!(kind, IntervalKind::Rhythm(_)) || (kind == IntervalKind::Noise && mnemonic == "~");
        if matches!(kind, IntervalKind::Rhythm(_)) {
            // A rhythm lasts until the next begins.
            self.close(annotation.at, |kind| matches!(kind, IntervalKind::Rhythm(_)));
        }
        let end = if told.is_none() && goes_on && !is_edf { End::Open } else { End::Known };
        let range = SampleRange::new(start, told.unwrap_or(start).min(self.length));
        self.intervals.push((Interval { kind, range, lead, text }, end));
    }

    /// Ends what is open of that kind.
    fn close(&mut self, at: SampleIndex, fits: impl Fn(&IntervalKind) -> bool) {
        for (interval, end) in self.intervals.iter_mut().filter(|(i, end)| *end == End::Open && fits(&i.kind)) {
            interval.range = SampleRange::new(interval.start().0, at.0);
            *end = End::Known;
        }
    }

    /// What nothing ended lasts to the recording's end.
    fn end_open(&mut self) {
        let end = SampleIndex(self.length);
        self.close(end, |_| true);
        let mut seen = BTreeSet::new();
        // The same interval twice says nothing more.
        self.intervals.retain(|(i, _)| {
            seen.insert((i.start(), i.range.end, kind_word(&i.kind), i.text.clone(), i.lead.as_ref().map(ToString::to_string)))
        });
    }
}

fn beat(annotation: &Annotation, label: BeatType, is_edf: bool) -> Beat {
    // In EDF+ the text is what says that it is a beat.
    let said = is_edf && annotation.text == annotation.mnemonic.as_str();
    let text = if said { String::new() } else { annotation.text.clone() };
    let fields = WfdbFields { subtype: annotation.subtype, chan: annotation.chan, num: annotation.num, text };
    let fields = (fields != WfdbFields::default()).then(|| Box::new(fields));
    Beat { sample: annotation.at, label, source: BeatSource::Imported, decided: false, fields }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_REMARK).collect()
}
