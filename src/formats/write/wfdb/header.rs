//! The header's text. Source: header(5).

use super::{WfdbFormat, signals::Stored};
use crate::{
    formats::{
        wfdb::comments,
        write::{Loss, NewRecording, NewSignal, WriteError, frames::Frames, loss},
    },
    recording::Patient,
};
use std::{fmt::Write, path::Path};

/// Baselines so near to a whole number came from a division that should have given it.
const ROUNDING: f64 = 1e-6;

/// The whole header.
pub(super) fn text(
    recording: &NewRecording,
    frames: &Frames,
    format: WfdbFormat,
    stored: &[Stored],
    path: &Path,
    losses: &mut Vec<Loss>,
) -> Result<String, WriteError> {
    let mut text = format!("{} {} {} {}", recording.name, recording.signals.len(), frames.rate, frames.count);
    // Writing to a string cannot fail.
    if let Some(start) = recording.start {
        let _ = write!(text, " {}", start.format("%H:%M:%S%.f %d/%m/%Y"));
    }
    text.push('\n');
    for ((signal, stored), per_frame) in recording.signals.iter().zip(stored).zip(&frames.per_frame) {
        let Stored { file_name, initial, checksum } = stored;
        let spread = if *per_frame > 1 { format!("x{per_frame}") } else { String::new() };
        let (gain, baseline, unit) = scale(signal, path, losses)?;
        let (number, bits, name) = (format.number(), format.bits(), &signal.name);
        let _ = writeln!(text, "{file_name} {number}{spread} {gain}({baseline})/{unit} {bits} 0 {initial} {checksum} 0 {name}");
    }
    for comment in comment_lines(recording, losses) {
        let _ = writeln!(text, "#{}", comment.replace(['\n', '\r'], " "));
    }
    Ok(text)
}

/// Gain, baseline and unit as they stand in the header. A gain of 0 says that the signal is uncalibrated.
fn scale(signal: &NewSignal, path: &Path, losses: &mut Vec<Loss>) -> Result<(f64, i64, String), WriteError> {
    let scale = &signal.scale;
    let whole = scale.baseline.round();
    if whole.abs() > f64::from(i32::MAX) {
        let problem = format!("WFDB baselines are whole numbers of 32 bits, not {}", scale.baseline);
        return Err(WriteError::unsuitable(path, format!("baseline of {}", signal.name), problem));
    }
    let shift = (whole - scale.baseline) / scale.gain;
    if (whole - scale.baseline).abs() > ROUNDING && signal.calibrated {
        losses.push(Loss::new(
            format!("baseline of {}", signal.name),
            format!("{} is no whole number", scale.baseline),
            format!("{whole}, which shifts the signal by {:.3e} {}", shift.abs(), scale.unit),
        ));
    }
    let mut unit = scale.unit.split_whitespace().collect::<Vec<_>>().join("_");
    if unit.is_empty() {
        // Without a unit a header means millivolts.
        unit = "NU".to_owned();
    }
    if unit != scale.unit {
        losses.push(Loss::new(format!("unit of {}", signal.name), format!("`{}` is no single word", scale.unit), unit.clone()));
    }
    Ok((if signal.calibrated { scale.gain } else { 0.0 }, whole as i64, unit))
}

/// The recording's comments, after those facts that they do not state themselves.
fn comment_lines(recording: &NewRecording, losses: &mut Vec<Loss>) -> Vec<String> {
    let own: Vec<String> =
        recording.comments.iter().filter(|line| !super::annotations::is_note(line, recording)).cloned().collect();
    let said = comments::patient(&own);
    let Patient { id, name, age_years, sex, born } = &recording.patient;
    let mut lines = Vec::new();
    if recording.simulated && !comments::declares_simulated(&own) {
        lines.push(" SIMULATED: computed by a program, not recorded from a person".to_owned());
    }
    if let (Some(age), None) = (age_years, said.age_years) {
        lines.push(format!(" Age: {age}"));
    }
    if let (Some(sex), None) = (sex, said.sex) {
        lines.push(format!(" Sex: {}", sex.letter()));
    }
    let identity = usize::from(id.is_some() && !recording.simulated) + usize::from(name.is_some());
    loss::counted(losses, identity, "patient", "of name and code: a WFDB header has no field for them", "nothing");
    if born.is_some() && age_years.is_none() {
        losses.push(Loss::new("patient", "the day of birth: a WFDB header has no field for it", "nothing"));
    }
    lines.extend(own);
    lines
}
