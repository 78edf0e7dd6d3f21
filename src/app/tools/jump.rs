//! Going to a time that was typed.

use crate::{
    app::{
        language,
        state::State,
        update::{Effect, centre_on},
    },
    recording::{Recording, SampleIndex},
};
use chrono::Timelike;

/// The field to go to a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jump {
    /// What stands in it.
    pub text: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// It wants the keyboard.
    pub focus: bool,
}

const DAY_S: f64 = 86_400.0;

/// Why a place cannot be gone to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JumpError {
    /// Not understood.
    #[error("not a time")]
    NotATime,
    /// Before the beginning or behind the end.
    #[error("outside of the recording")]
    Outside,
}

impl JumpError {
    /// For the reader.
    pub fn words(&self) -> &'static str {
        match self {
            Self::NotATime => &language::window().tools.no_time,
            Self::Outside => &language::window().tools.outside,
        }
    }
}

/// The sample that is meant by what was typed. `12:30:05` is clock time where the recording tells when it began, else time from the beginning;
/// `+1:02:03` always is; `90 s` are seconds from the beginning; a bare number is a sample.
///
/// # Errors
/// [`JumpError`].
pub fn parse(text: &str, recording: &Recording) -> Result<SampleIndex, JumpError> {
    let text = text.trim().replace(',', ".");
    let text = text.as_str();
    let (elapsed, body) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest.trim()));
    let second = if body.contains(':') {
        let second = colons(body).ok_or(JumpError::NotATime)?;
        match recording.start.filter(|_| !elapsed) {
            Some(start) => {
                let time = start.time();
                let began = f64::from(time.num_seconds_from_midnight()) + f64::from(time.nanosecond()) * 1e-9;
                // The first time the clock shows it.
                (second - began).rem_euclid(DAY_S)
            }
            None => second,
        }
    } else if let Some(number) = body.strip_suffix('s').or(elapsed.then_some(body)) {
        number.trim().parse().map_err(|_| JumpError::NotATime)?
    } else {
        let sample: u64 = body.parse().map_err(|_| JumpError::NotATime)?;
        return if sample < recording.length { Ok(SampleIndex(sample)) } else { Err(JumpError::Outside) };
    };
    if !second.is_finite() {
        return Err(JumpError::NotATime);
    }
    if second < 0.0 || second >= recording.duration_s() {
        return Err(JumpError::Outside);
    }
    Ok(recording.rate.sample_at(second))
}

/// `h:mm:ss`, `m:ss`, each with decimals of the second, as seconds.
fn colons(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let whole = |text: &str| text.parse::<u32>().ok().map(f64::from);
    let seconds: f64 = parts.last()?.parse().ok().filter(|s| (0.0..60.0).contains(s))?;
    match parts.as_slice() {
        [minutes, _] => Some(whole(minutes)? * 60.0 + seconds),
        [hours, minutes, _] => Some(whole(hours)? * 3600.0 + whole(minutes).filter(|m| *m < 60.0)? * 60.0 + seconds),
        _ => None,
    }
}

/// Goes where the field says, or says why not.
pub fn go(state: &mut State) -> Vec<Effect> {
    let Some(recording) = state.recording().cloned() else { return Vec::new() };
    match parse(&state.tools.jump.text, &recording) {
        Ok(at) => {
            state.tools.jump.error = None;
            centre_on(state, recording.rate.seconds(at))
        }
        Err(error) => {
            state.tools.jump.error = Some(error.words().to_owned());
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{FileFormat, Patient, Rate};

    /// Two hours at 500 Hz from 23:30:00.5 on, where the clock is known.
    fn recording(clock: bool) -> Recording {
        let start = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).and_then(|day| day.and_hms_milli_opt(23, 30, 0, 500));
        Recording {
            path: "a.hea".into(),
            name: "a".into(),
            format: FileFormat::Wfdb,
            start: start.filter(|_| clock),
            rate: Rate::HZ_500,
            length: 7200 * 500,
            leads: Vec::new(),
            other_signals: Vec::new(),
            gaps: Vec::new(),
            patient: Patient::default(),
            annotations: Vec::new(),
            repairs: Vec::new(),
            comments: Vec::new(),
            simulated: false,
        }
    }

    #[test]
    fn clock_elapsed_seconds_and_samples() {
        let (clock, plain) = (recording(true), recording(false));
        let at = |text: &str, recording: &Recording| parse(text, recording).map(|at| at.0);
        assert_eq!(at("23:30:10.5", &clock), Ok(5000));
        assert_eq!(at("00:10:00.5", &clock), Ok(2400 * 500), "past midnight");
        assert_eq!(at("+0:00:10", &clock), Ok(5000));
        assert_eq!(at("1:02:03", &plain), Ok(3723 * 500));
        assert_eq!(at("2:03", &plain), Ok(123 * 500));
        assert_eq!(at(" 90 s ", &plain), Ok(45_000));
        assert_eq!(at("+90", &plain), Ok(45_000));
        assert_eq!(at("12345", &plain), Ok(12_345));
    }

    #[test]
    fn what_is_no_place_is_said_to_be_none() {
        let (clock, plain) = (recording(true), recording(false));
        for text in ["", "now", "1:2:3:4", "1:75", "1:99:00", "-5", "5.5", "nan s", "+", ":", "1e999 s", "٣"] {
            assert_eq!(parse(text, &plain), Err(JumpError::NotATime), "{text}");
        }
        for text in ["2:00:00", "7200 s", "3600000", "-1 s"] {
            assert_eq!(parse(text, &plain), Err(JumpError::Outside), "{text}");
        }
        assert_eq!(parse("12:00:00", &clock), Err(JumpError::Outside));
    }
}
