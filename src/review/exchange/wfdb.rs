//! A review as WFDB annotations, which know points in time only.
//!
//! An interval is the annotation that WFDB has for its beginning (`+` with `(AFIB`, `~`, `s`, `"`) and, for its end, a note `end KIND from SAMPLE`, which other
//! programs show and [`super::incoming`] understands. NUM 1 with CHAN says that an interval is about that one signal.

use super::super::{Content, Interval, IntervalKind};
use crate::{
    formats::write::Loss,
    recording::{Annotation, AnnotationSet, LeadName},
};

/// Subtype of a signal that cannot be read: all bits, noise and loss in every signal (annot(5)).
const UNREADABLE: i8 = -1;

/// The set, in time order, and what it cannot hold. `signals`: names of the record's signals in the header's order.
pub fn wfdb_set(content: &Content, annotator: &str, signals: &[LeadName]) -> (AnnotationSet, Vec<Loss>) {
    let mut annotations: Vec<Annotation> = content.beats.as_slice().iter().map(super::super::Beat::annotation).collect();
    let mut losses = Vec::new();
    for interval in content.intervals.values() {
        add(interval, signals, &mut annotations, &mut losses);
    }
    let noise: Vec<&Interval> =
        content.intervals.values().filter(|interval| interval.kind == IntervalKind::Noise && !interval.is_event()).collect();
    for interval in &noise {
        let end = interval.range.end;
        // The signal is readable again where no other noise goes on.
        if !noise.iter().any(|other| other.range.contains(end)) && !annotations.iter().any(|a| is_clean(a) && a.at == end) {
            annotations.push(Annotation { subtype: 0, ..Annotation::new(end, "~", String::new()) });
        }
    }
    // Beats before what else stands on their sample, and everything else as it was added.
    annotations.sort_by_key(|annotation| (annotation.at, !annotation.mnemonic.is_beat()));
    (AnnotationSet { annotator: annotator.to_owned(), annotations }, losses)
}

fn is_clean(annotation: &Annotation) -> bool {
    annotation.mnemonic.as_str() == "~" && annotation.subtype == 0
}

fn add(interval: &Interval, signals: &[LeadName], annotations: &mut Vec<Annotation>, losses: &mut Vec<Loss>) {
    let (mnemonic, subtype, text) = match &interval.kind {
        IntervalKind::Rhythm(rhythm) => ("+", 0, format!("({}", rhythm.code())),
        IntervalKind::Noise => ("~", UNREADABLE, interval.text.clone()),
        IntervalKind::St => ("s", 0, interval.text.clone()),
        IntervalKind::Note => ("\"", 0, interval.text.clone()),
    };
    if matches!(interval.kind, IntervalKind::Rhythm(_)) && !interval.text.is_empty() {
        losses.push(Loss::new("rhythm", "a remark: a WFDB rhythm has its name only", "the rhythm without it"));
    }
    let mut begin = Annotation { subtype, ..Annotation::new(interval.start(), mnemonic, text) };
    if let Some(lead) = &interval.lead {
        match signals.iter().position(|name| name == lead).and_then(|index| u8::try_from(index).ok()) {
            Some(chan) => (begin.chan, begin.num) = (chan, 1),
            None => losses.push(Loss::new(
                interval.kind.name(),
                format!("that it is about {lead}, which is no signal of the record"),
                "about all signals",
            )),
        }
    }
    annotations.push(begin);
    if !interval.is_event() {
        let text = format!("end {} from {}", kind_word(&interval.kind), interval.start().0);
        annotations.push(Annotation::new(interval.range.end, "\"", text));
    }
}

/// What an interval's end calls it.
pub(super) fn kind_word(kind: &IntervalKind) -> String {
    match kind {
        IntervalKind::Rhythm(rhythm) => format!("({}", rhythm.code()),
        IntervalKind::Noise => "noise".to_owned(),
        IntervalKind::St => "ST".to_owned(),
        IntervalKind::Note => "note".to_owned(),
    }
}
