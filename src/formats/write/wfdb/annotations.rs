//! Annotation files. Source: annot(5).

use crate::{
    formats::{
        wfdb::{
            NO_ANNOTATIONS,
            annotation::{NOTE, code_of, encode_codes},
        },
        write::{Loss, NewRecording, WriteError, frames::Frames, loss, record_name},
    },
    recording::{Annotation, AnnotationSet, Mnemonic, SampleIndex},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Bytes of text that an annotation can have.
const LONGEST_TEXT: usize = 255;

/// Codes that a file may give mnemonics of its own.
const OWN_CODES: std::ops::RangeInclusive<u8> = 42..=49;

/// Whether a text can name an annotator, whose file is `RECORD.ANNOTATOR`: letters, digits, `_` and `-`, and no other file's usual extension.
pub fn is_annotator(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    !text.is_empty() && text.chars().all(fits) && may_be_annotations(text)
}

/// Whether a file with this extension beside a header is looked into for annotations.
pub(in crate::formats::write) fn may_be_annotations(extension: &str) -> bool {
    !NO_ANNOTATIONS.contains(&extension.to_ascii_lowercase().as_str())
}

/// The sets as they go to files, each with an annotator that can be a file's extension.
///
/// # Errors
/// Two sets of one annotator.
pub(super) fn sets(recording: &NewRecording, path: &Path, losses: &mut Vec<Loss>) -> Result<Vec<AnnotationSet>, WriteError> {
    let mut taken: BTreeSet<String> =
        recording.annotations.iter().map(|set| set.annotator.clone()).filter(|name| is_annotator(name)).collect();
    if taken.len() < recording.annotations.iter().filter(|set| is_annotator(&set.annotator)).count() {
        return Err(WriteError::unsuitable(path, "annotations", "two annotators have the same name"));
    }
    let mut sets = Vec::new();
    for set in &recording.annotations {
        let mut set = set.clone();
        if !is_annotator(&set.annotator) {
            // The reader calls the annotations in an EDF+ file `edf`; `atr` is what reference annotations are called.
            let fits = Some(record_name(&set.annotator)).filter(|name| is_annotator(name)).unwrap_or_else(|| "atr".to_owned());
            let numbered = (2..).map(|n| format!("{fits}{n}"));
            let free = std::iter::once(fits.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(fits);
            losses.push(Loss::new("annotator", format!("`{}` cannot be a file's extension", set.annotator), &free));
            taken.insert(free.clone());
            set.annotator = free;
        }
        set.annotations.sort_by_key(|annotation| annotation.at);
        sets.push(set);
    }
    Ok(sets)
}

/// The notes about an annotator's file among the comments.
fn notes<'a>(recording: &'a NewRecording, annotator: &str) -> impl Iterator<Item = &'a str> {
    let prefix = format!("annotator {annotator}: ");
    recording.comments.iter().filter_map(move |line| line.strip_prefix(&prefix))
}

/// Whether a comment is a note about one of the annotation files.
pub(super) fn is_note(comment: &str, recording: &NewRecording) -> bool {
    recording.annotations.iter().any(|set| comment.starts_with(&format!("annotator {}: ", set.annotator)))
}

/// The bytes of one annotator's file.
pub(super) fn encode(
    set: &AnnotationSet,
    recording: &NewRecording,
    frames: &Frames,
    path: &Path,
    losses: &mut Vec<Loss>,
) -> Result<Vec<u8>, WriteError> {
    let mut annotations = set.annotations.clone();
    let mut nul = 0;
    for annotation in &mut annotations {
        nul += usize::from(annotation.text.contains('\0'));
        annotation.text.retain(|c| c != '\0');
    }
    let field = format!("annotations of {}", set.annotator);
    let durations = annotations.iter().filter(|annotation| annotation.duration.is_some()).count();
    loss::counted(losses, durations, &field, "durations: WFDB annotations have none", "the beginnings");
    loss::counted(losses, nul, &field, "texts with NUL characters", "the texts without them");

    // Labels may become part of the texts: these are cut afterwards.
    let labels = OwnLabels::choose(&mut annotations, &field, losses);
    let mut notes: Vec<Annotation> = notes(recording, &set.annotator).map(declaration).collect();
    // Times count frames unless some annotation stands within one.
    let per_frame = frames.of_recording;
    if annotations.iter().all(|annotation| annotation.at.0.is_multiple_of(per_frame)) {
        annotations.iter_mut().for_each(|annotation| annotation.at.0 /= per_frame);
    } else {
        notes.push(declaration(&format!("## time resolution: {}", recording.rate.hz())));
    }
    notes.extend(labels.table().iter().map(|line| declaration(line)));
    let cut = annotations.iter_mut().chain(&mut notes).filter_map(|annotation| shorten(&mut annotation.text)).count();
    loss::counted(losses, cut, &field, "texts longer than 255 bytes", "their beginnings");
    let entries = notes.iter().map(|note| (NOTE, note)).chain(annotations.iter().map(|a| (labels.code(a), a)));
    encode_codes(entries).map_err(|problem| WriteError::unsuitable(path, "annotations", problem))
}

/// Cuts a text at the last whole character that an annotation has room for; `None` where it fits.
fn shorten(text: &mut String) -> Option<()> {
    (text.len() > LONGEST_TEXT).then(|| text.truncate(text.floor_char_boundary(LONGEST_TEXT)))
}

/// A note about the file itself.
fn declaration(text: &str) -> Annotation {
    let text = text.to_owned();
    Annotation { at: SampleIndex(0), duration: None, mnemonic: Mnemonic("\"".into()), subtype: 0, chan: 0, num: 0, text }
}

/// Codes that the file declares mnemonics for.
struct OwnLabels(BTreeMap<String, u8>);

impl OwnLabels {
    /// Gives every mnemonic without a code one of the eight free ones. Mnemonics beyond those, or that are no single word, become notes.
    fn choose(annotations: &mut [Annotation], field: &str, losses: &mut Vec<Loss>) -> Self {
        let used: BTreeSet<u8> = annotations.iter().filter_map(|annotation| code_of(&annotation.mnemonic)).collect();
        let mut free = OWN_CODES.filter(|code| !used.contains(code));
        let mut labels = BTreeMap::new();
        // Readers take notes at time 0 before anything else as being about the file, and what begins with ## as a declaration: under
        // another code with the same mnemonic they stay what they are.
        if annotations.first().is_some_and(is_note_at_start)
            || annotations.iter().any(|a| is_note_at_start(a) && a.text.starts_with("##"))
        {
            match free.next() {
                Some(code) => drop(labels.insert("\"".to_owned(), code)),
                None => losses.push(Loss::new(field, "no code is left for notes at sample 0", "notes about the file")),
            }
        }
        let mut without = 0;
        for annotation in annotations.iter_mut() {
            let mnemonic = annotation.mnemonic.as_str();
            if code_of(&annotation.mnemonic).is_some() || labels.contains_key(mnemonic) {
                continue;
            }
            let is_word = !mnemonic.is_empty() && !mnemonic.contains(|c: char| c.is_whitespace() || c.is_control());
            if let Some(code) = (is_word && mnemonic.len() <= 20).then(|| free.next()).flatten() {
                labels.insert(mnemonic.to_owned(), code);
            } else {
                without += 1;
                annotation.text = format!("{} {}", mnemonic.replace('\0', ""), annotation.text).trim().to_owned();
                annotation.mnemonic = Mnemonic("\"".to_owned());
            }
        }
        loss::counted(losses, without, field, "with labels that no code is left for", "notes with the label as text");
        Self(labels)
    }

    /// The declarations, as WFDB writes them: code, mnemonic, description.
    fn table(&self) -> Vec<String> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let entries = self.0.iter().map(|(label, code)| match label.as_str() {
            "\"" => format!("{code} {label} Comment annotation"),
            _ => format!("{code} {label} {label}"),
        });
        let first = std::iter::once("## annotation type definitions".to_owned());
        first.chain(entries).chain(["## end of definitions".to_owned()]).collect()
    }

    fn code(&self, annotation: &Annotation) -> u8 {
        let own = self.0.get(annotation.mnemonic.as_str()).copied();
        match code_of(&annotation.mnemonic) {
            // The second code for notes is for those at the start only.
            Some(usual) if usual != NOTE || !is_note_at_start(annotation) => usual,
            usual => own.or(usual).unwrap_or(NOTE),
        }
    }
}

fn is_note_at_start(annotation: &Annotation) -> bool {
    annotation.at.0 == 0 && code_of(&annotation.mnemonic) == Some(NOTE)
}
