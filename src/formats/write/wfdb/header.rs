//! The header's text. Source: header(5).

use super::{WfdbFormat, signals::Stored};
use crate::{
    formats::{
        wfdb::comments,
        write::{Loss, NewRecording, NewSignal, WriteError, frames::Frames, loss},
    },
    recording::Patient,
};
use chrono::{NaiveDateTime, Timelike};
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
        let _ = write!(text, " {}", start_text(start, losses));
    }
    let gaps = recording.gaps.len();
    loss::counted(losses, gaps, "gaps", "stretches without samples: a record has no gaps of its own", "invalid samples");
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

/// Base time and date. More than six decimals other readers do not read.
fn start_text(start: NaiveDateTime, losses: &mut Vec<Loss>) -> String {
    let nanoseconds = start.nanosecond();
    if !nanoseconds.is_multiple_of(1000) {
        losses.push(Loss::new("start", format!("{} ns: a base time has six decimals", nanoseconds % 1000), "whole microseconds"));
    }
    let form = match nanoseconds / 1000 {
        0 => "%H:%M:%S %d/%m/%Y",
        microseconds if microseconds.is_multiple_of(1000) => "%H:%M:%S%.3f %d/%m/%Y",
        _ => "%H:%M:%S%.6f %d/%m/%Y",
    };
    start.format(form).to_string()
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
    // Readers drop what is not ASCII: microvolts would become volts.
    let ascii = scale.unit.replace(['\u{b5}', '\u{3bc}'], "u").replace(|c: char| !c.is_ascii(), "?");
    let mut unit = ascii.split_whitespace().collect::<Vec<_>>().join("_");
    if unit.is_empty() {
        // Without a unit a header means millivolts.
        unit = "NU".to_owned();
    }
    if unit != scale.unit {
        let lost = format!("`{}` is no single word of ASCII", scale.unit);
        losses.push(Loss::new(format!("unit of {}", signal.name), lost, unit.clone()));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{MemorySource, Rate, Scale};
    use std::sync::Arc;

    #[test]
    fn units_are_ascii_words() {
        for (unit, written) in [("µV", "uV"), ("μV", "uV"), ("mV", "mV"), ("beats / min", "beats_/_min"), ("°", "?"), ("", "NU")]
        {
            let signal = NewSignal {
                name: "II".into(),
                ecg: true,
                rate: Rate::HZ_500,
                scale: Scale { gain: 2.0, baseline: 0.0, unit: unit.into(), millivolts_per_unit: None },
                calibrated: true,
                source: Arc::new(MemorySource(vec![1])),
            };
            let mut losses = Vec::new();
            assert_eq!(scale(&signal, Path::new("r.hea"), &mut losses).unwrap(), (2.0, 0, written.to_owned()));
            assert_eq!(losses.len(), usize::from(unit != written), "{unit}");
        }
    }

    #[test]
    fn base_times_have_six_decimals_at_most() {
        let day = chrono::NaiveDate::from_ymd_opt(2024, 2, 1).unwrap();
        for (nanoseconds, written, lost) in [
            (0, "08:09:10 01/02/2024", 0),
            (250_000_000, "08:09:10.250 01/02/2024", 0),
            (394_531_000, "08:09:10.394531 01/02/2024", 0),
            (394_531_200, "08:09:10.394531 01/02/2024", 1),
        ] {
            let mut losses = Vec::new();
            assert_eq!(start_text(day.and_hms_nano_opt(8, 9, 10, nanoseconds).unwrap(), &mut losses), written);
            assert_eq!(losses.len(), lost);
        }
    }
}
