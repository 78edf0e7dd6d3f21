//! Annotations of WFDB's vocabulary as texts of EDF+, which has none.

use crate::{
    formats::{
        edf::mnemonic_of,
        write::{Loss, loss},
    },
    recording::{Annotation, AnnotationSet, Mnemonic},
};

const NOTE: &str = "\"";

/// The texts of an annotation: its mnemonic, which a plain note has none of and a rhythm change says by its text, and its text.
pub(super) fn of(annotation: &Annotation) -> Vec<String> {
    let Mnemonic(mnemonic) = &annotation.mnemonic;
    let text = annotation.text.as_str();
    if is_ambiguous(annotation) {
        return vec![format!("note: {text}")];
    }
    let said_by_text = !text.is_empty() && (mnemonic == NOTE || mnemonic_of(text) == annotation.mnemonic);
    if said_by_text {
        vec![text.to_owned()]
    } else if text.is_empty() {
        vec![mnemonic.clone()]
    } else {
        // The text alone could be taken for a beat.
        vec![mnemonic.clone(), if mnemonic_of(text).0 == NOTE { text.to_owned() } else { format!("note: {text}") }]
    }
}

/// A note whose text would be read as a beat or a rhythm change.
fn is_ambiguous(annotation: &Annotation) -> bool {
    annotation.mnemonic.0 == NOTE && !annotation.text.is_empty() && mnemonic_of(&annotation.text).0 != NOTE
}

/// Says what the texts do not tell.
pub(super) fn warn(sets: &[AnnotationSet], losses: &mut Vec<Loss>) {
    if sets.len() > 1 {
        let names: Vec<&str> = sets.iter().map(|set| set.annotator.as_str()).collect();
        let lost = format!("EDF+ does not tell the annotators {} apart", names.join(", "));
        losses.push(Loss::new("annotators", lost, "all annotations in one list"));
    }
    for set in sets {
        let field = format!("annotations of {}", set.annotator);
        let count = |suits: &dyn Fn(&Annotation) -> bool| set.annotations.iter().filter(|a| suits(a)).count();
        let mut counted = |suits: &dyn Fn(&Annotation) -> bool, lost: &str, written: &str| {
            loss::counted(losses, count(suits), &field, lost, written);
        };
        counted(&|a| a.subtype != 0, "with a subtype: EDF+ has none", "the annotations without it");
        counted(&|a| a.chan != 0, "with a signal number: EDF+ has none", "the annotations without it");
        counted(&|a| a.num != 0, "with a number field: EDF+ has none", "the annotations without it");
        let becomes_note = |a: &Annotation| a.mnemonic.0 != NOTE && mnemonic_of(&a.mnemonic.0) != a.mnemonic && of(a).len() < 2;
        let said = |a: &Annotation| becomes_note(a) && mnemonic_of(&a.text) != a.mnemonic;
        counted(&said, "with labels that EDF+ readers take for notes", "notes with the label as text");
        counted(&|a| of(a).len() > 1, "with a label and a text", "two texts, the second of which is a note of its own");
        counted(&is_ambiguous, "notes that read like beats or rhythms", "`note: ` and the text");
        let control = |a: &Annotation| a.text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
        counted(&control, "texts with control characters", "the texts with blanks");
    }
}
