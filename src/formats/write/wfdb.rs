//! WFDB records in format 16, with an annotation file where there are annotations.

use super::{Existing, NewRecording, WriteError, atomic, check};
use crate::formats::wfdb::annotation::{code_of, encode};
use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

/// Writes `name.dat`, `name.atr` (where there are annotations) and `name.hea` into `folder`; gives the header's path. The header is
/// written last, so that a record is never there without its signals.
///
/// # Errors
/// [`WriteError`]: a file exists and may not be replaced, the folder cannot be written to, an annotation has no code in WFDB's table.
pub fn wfdb(folder: &Path, recording: &NewRecording, existing: Existing) -> Result<PathBuf, WriteError> {
    let header = folder.join(format!("{}.hea", recording.name));
    let length = check(recording, &header)?;
    let signal_file = header.with_extension("dat");
    let annotation_file = header.with_extension("atr");
    atomic::refuse_existing([header.as_path(), &signal_file, &annotation_file], existing)?;

    let annotations = annotation_bytes(recording, &annotation_file)?;
    let text = header_text(recording, length, &header)?;
    let mut signals = Vec::with_capacity(recording.leads.len() * length as usize * 2);
    for frame in 0..length as usize {
        for lead in &recording.leads {
            signals.extend_from_slice(&lead.samples.get(frame).copied().unwrap_or(i16::MIN).to_le_bytes());
        }
    }
    atomic::write(&signal_file, &signals, existing)?;
    match annotations {
        Some(annotations) => atomic::write(&annotation_file, &annotations, existing)?,
        // The replaced record's annotations would otherwise be taken for this one's: the file is left with its end mark alone.
        None if annotation_file.exists() => atomic::write(&annotation_file, &[0, 0], existing)?,
        None => {}
    }
    atomic::write(&header, text.as_bytes(), existing)?;
    Ok(header)
}

fn header_text(recording: &NewRecording, length: u64, path: &Path) -> Result<String, WriteError> {
    let mut text = format!("{} {} {} {length}", recording.name, recording.leads.len(), recording.rate.hz());
    // Writing to a string cannot fail.
    if let Some(start) = recording.start {
        let _ = write!(text, " {}", start.format("%H:%M:%S%.f %d/%m/%Y"));
    }
    text.push('\n');
    for lead in &recording.leads {
        if lead.scale.unit.contains(char::is_whitespace) || lead.scale.unit.is_empty() {
            return Err(WriteError::Unsuitable {
                path: path.into(),
                field: format!("unit of lead {}", lead.name),
                problem: "a word without blanks is needed".into(),
            });
        }
        if lead.scale.baseline.fract() != 0.0 {
            return Err(WriteError::Unsuitable {
                path: path.into(),
                field: format!("baseline of lead {}", lead.name),
                problem: "WFDB baselines are whole numbers".into(),
            });
        }
        let sum = lead.samples.iter().fold(0i16, |sum, sample| sum.wrapping_add(*sample));
        let first = lead.samples.first().copied().unwrap_or(0);
        let baseline = lead.scale.baseline;
        let _ = writeln!(
            text,
            "{}.dat 16 {}({baseline})/{} 16 0 {first} {sum} 0 {}",
            recording.name, lead.scale.gain, lead.scale.unit, lead.name
        );
    }
    if recording.simulated {
        text.push_str("# SIMULATED: computed by a program, not recorded from a person\n");
    }
    if let Some(age) = recording.patient.age_years {
        let _ = writeln!(text, "# Age: {age}");
    }
    if let Some(sex) = recording.patient.sex {
        let _ = writeln!(text, "# Sex: {}", sex.letter());
    }
    for comment in &recording.comments {
        let _ = writeln!(text, "# {}", comment.replace(['\n', '\r'], " "));
    }
    Ok(text)
}

/// The annotation file's bytes; `None` without annotations.
fn annotation_bytes(recording: &NewRecording, path: &Path) -> Result<Option<Vec<u8>>, WriteError> {
    if recording.annotations.is_empty() {
        return Ok(None);
    }
    if let Some(unknown) = recording.annotations.iter().find(|a| code_of(&a.mnemonic).is_none()) {
        return Err(WriteError::Unsuitable {
            path: path.into(),
            field: format!("annotation `{}` at sample {}", unknown.mnemonic, unknown.at.0),
            problem: "WFDB's table has no code for it".into(),
        });
    }
    encode(&recording.annotations).map(Some).map_err(|problem| WriteError::Unsuitable {
        path: path.into(),
        field: "annotations".into(),
        problem,
    })
}
