//! The machine's labels as annotations and comments.

use crate::{
    analysis::{Analysis, Finding},
    commands::output::NOTICE,
    recording::{Annotation, AnnotationSet, BeatLabel, SampleIndex},
};

/// The beats as annotations: N, S, V, F or Q, which is also what a beat is called that was not classified.
pub fn set(annotator: &str, analysis: Option<&Analysis>) -> AnnotationSet {
    let beats = analysis.iter().flat_map(|analysis| &analysis.beats);
    let annotations =
        beats.map(|beat| Annotation::new(beat.sample, beat.label.unwrap_or(BeatLabel::Q).letter(), String::new())).collect();
    AnnotationSet { annotator: annotator.to_owned(), annotations }
}

/// The set with a note at the start for every finding: EDF+ has no other place for them.
pub fn with_notes(mut set: AnnotationSet, analysis: Option<&Analysis>) -> AnnotationSet {
    let notes = statements(analysis).map(|text| Annotation::new(SampleIndex(0), "\"", text));
    set.annotations.splice(0..0, notes.collect::<Vec<_>>());
    set
}

/// The findings as comments of a WFDB header. They are no rhythm annotations: those claim a beginning and an end, and the model names none.
pub fn comments(analysis: Option<&Analysis>) -> impl Iterator<Item = String> {
    statements(analysis).map(|text| format!(" {text}"))
}

/// One sentence for every finding that is present.
fn statements(analysis: Option<&Analysis>) -> impl Iterator<Item = String> {
    let findings = analysis.into_iter().flat_map(|analysis| &analysis.findings).filter(|finding| finding.present);
    findings.map(|finding| {
        let Finding { task, code, label, probability, model, .. } = finding;
        let uncertain = if finding.uncertain { ", uncertain" } else { "" };
        format!("machine finding ({task} {code}): {label}, probability {probability:.2}{uncertain}, by {model}; {NOTICE}")
    })
}
