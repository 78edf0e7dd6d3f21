//! A review as EDF+ annotations, which have durations and texts only. A lead is named as EDFbrowser does it: `text@@LEAD`.

use super::super::{Content, Interval, IntervalKind};
use crate::{
    formats::{edf::mnemonic_of, write::Loss},
    recording::{Annotation, AnnotationSet, LeadName, Mnemonic},
};

/// The set in time order, and what it cannot hold beyond what the writer of EDF+ says itself.
pub fn edf_set(content: &Content, annotator: &str) -> (AnnotationSet, Vec<Loss>) {
    let beats = content.beats.as_slice().iter().map(super::super::Beat::annotation);
    let mut losses = Vec::new();
    let intervals: Vec<Annotation> = content.intervals.values().map(|interval| of(interval, &mut losses)).collect();
    let mut annotations: Vec<Annotation> = beats.chain(intervals).collect();
    annotations.sort_by_key(|annotation| (annotation.at, !annotation.mnemonic.is_beat()));
    (AnnotationSet { annotator: annotator.to_owned(), annotations }, losses)
}

fn of(interval: &Interval, losses: &mut Vec<Loss>) -> Annotation {
    let duration = (!interval.is_event()).then(|| interval.range.len());
    let (mnemonic, text) = match &interval.kind {
        IntervalKind::Rhythm(rhythm) => {
            if !interval.text.is_empty() || interval.lead.is_some() {
                losses.push(Loss::new("rhythm", "a remark or lead: a rhythm has its name only", "the rhythm without it"));
            }
            let text = format!("({}", rhythm.code());
            // A name that readers take for no rhythm is said in words.
            if mnemonic_of(&text).as_str() == "+" { ("+", text) } else { ("\"", format!("rhythm: {}", rhythm.code())) }
        }
        IntervalKind::Noise => ("\"", worded("noise", interval)),
        IntervalKind::St => ("\"", worded("ST", interval)),
        IntervalKind::Note => ("\"", worded("", interval)),
    };
    Annotation { duration, mnemonic: Mnemonic(mnemonic.into()), ..Annotation::new(interval.start(), mnemonic, text) }
}

fn worded(word: &str, interval: &Interval) -> String {
    let lead = match &interval.lead {
        Some(lead) => format!("@@{lead}"),
        // An empty lead at the end keeps what the text itself has of the kind.
        None if interval.text.contains("@@") => "@@".to_owned(),
        None => String::new(),
    };
    let plain = match (word, interval.text.as_str()) {
        (word, "") => format!("{word}{lead}"),
        ("", text) => format!("{text}{lead}"),
        (word, text) => format!("{word}: {text}{lead}"),
    };
    // A note that reads like something else, or like nothing, is said to be one.
    if word.is_empty()
        && (plain.is_empty() || parsed(&plain) != (IntervalKind::Note, interval.text.clone(), interval.lead.clone()))
    {
        format!("note: {plain}")
    } else {
        plain
    }
}

/// What a text says: kind, remark, lead.
pub(super) fn parsed(text: &str) -> (IntervalKind, String, Option<LeadName>) {
    let (body, lead) = match text.rsplit_once("@@") {
        Some((body, lead)) => (body, (!lead.is_empty()).then(|| LeadName::parse(lead))),
        None => (text, None),
    };
    let after = |word: &str| {
        let rest = body.strip_prefix(word)?;
        if rest.is_empty() { Some("") } else { rest.strip_prefix(": ") }
    };
    if let Some(rhythm) = after("rhythm").filter(|rest| !rest.is_empty()).and_then(super::super::Rhythm::parse) {
        return (IntervalKind::Rhythm(rhythm), String::new(), lead);
    }
    if let Some(rest) = after("noise") {
        return (IntervalKind::Noise, rest.to_owned(), lead);
    }
    if let Some(rest) = after("ST") {
        return (IntervalKind::St, rest.to_owned(), lead);
    }
    (IntervalKind::Note, body.strip_prefix("note: ").unwrap_or(body).to_owned(), lead)
}
