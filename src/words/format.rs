//! Texts with places to fill, numbers and times as a language writes them.

use super::Words;
use crate::recording::Sex;
use chrono::{NaiveDate, NaiveDateTime};

/// Fills the places of a text: `{name}` becomes the value given for `name`. A place that no value is given for stays, so that it is seen.
/// Values are not looked into: a patient may be called `{page}`.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let Some(close) = from.find('}') else {
            rest = from;
            break;
        };
        let (place, after) = from.split_at(close + 1);
        match values.iter().find(|(name, _)| *name == &place[1..close]) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(place),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

impl Words {
    /// A number with so many decimals and a true minus.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let text = format!("{value:.decimals$}");
        let zero = !text.bytes().any(|b| (b'1'..=b'9').contains(&b));
        let text = if zero { text.trim_start_matches('-') } else { &text };
        text.replace('-', "\u{2212}").replace('.', &self.language.decimal)
    }

    /// A number with at most so many decimals, none that say nothing.
    pub fn trimmed(&self, value: f64, decimals: usize) -> String {
        let text = self.number(value, decimals);
        match text.contains(&self.language.decimal) {
            true => text.trim_end_matches('0').trim_end_matches(&self.language.decimal).to_owned(),
            false => text,
        }
    }

    /// Whole percent; what is neither 0 nor 1 is never shown as 0 or 100.
    pub fn percent(&self, share: f64) -> String {
        match share {
            p if !p.is_finite() => "?".to_owned(),
            p if p > 0.0 && p < 0.01 => "< 1 %".to_owned(),
            p if p < 1.0 && p > 0.99 => "> 99 %".to_owned(),
            p => format!("{:.0} %", p * 100.0),
        }
    }

    /// A measured value with its unit; rates, times in milliseconds and angles without decimals.
    pub fn measured(&self, value: f64, unit: &str) -> String {
        match unit {
            "degrees" | "deg" | "°" => format!("{}°", self.number(value, 0)),
            "bpm" | "/min" => format!("{}/min", self.number(value, 0)),
            "ms" => format!("{} ms", self.number(value, 0)),
            "share" => self.percent(value),
            "mV*ms" => format!("{} mV·ms", self.trimmed(value, if value.abs() >= 100.0 { 0 } else { 1 })),
            "ms^2" => format!("{} ms²", self.number(value, 0)),
            "mV" => format!("{} mV", self.number(value, 2)),
            _ => format!("{} {}", self.trimmed(value, 2), self.said(unit)).trim_end().to_owned(),
        }
    }

    /// Day and time of day, to the second.
    pub fn moment(&self, at: NaiveDateTime) -> String {
        at.format(&format!("{} {}", self.language.day, self.language.time)).to_string()
    }

    /// A day.
    pub fn day(&self, day: NaiveDate) -> String {
        day.format(&self.language.day).to_string()
    }

    /// A length of time, e.g. `10 s`, `30 min 5 s`.
    pub fn length(&self, seconds: f64) -> String {
        let whole = if seconds.is_finite() { seconds.max(0.0).round() as u64 } else { 0 };
        let (h, m, s) = (whole / 3600, whole / 60 % 60, whole % 60);
        match whole {
            0..60 => fill(&self.recording.seconds, &[("seconds", &self.trimmed(seconds, 2))]),
            60..3600 => fill(&self.recording.minutes, &[("minutes", &m.to_string()), ("seconds", &s.to_string())]),
            _ => fill(
                &self.recording.hours,
                &[("hours", &h.to_string()), ("minutes", &m.to_string()), ("seconds", &s.to_string())],
            ),
        }
    }

    /// Elapsed time with tenths: `0:07.4`, `3:12:07.4`.
    pub fn elapsed(&self, seconds: f64) -> String {
        let tenths = if seconds.is_finite() { (seconds.max(0.0) * 10.0).round() as u64 } else { 0 };
        let (h, m, s, t) = (tenths / 36_000, tenths / 600 % 60, tenths / 10 % 60, tenths % 10);
        let decimal = &self.language.decimal;
        if h > 0 { format!("{h}:{m:02}:{s:02}{decimal}{t}") } else { format!("{m}:{s:02}{decimal}{t}") }
    }

    /// `female`, `male`.
    pub fn sex(&self, sex: Sex) -> &str {
        match sex {
            Sex::Female => &self.patient.female,
            Sex::Male => &self.patient.male,
        }
    }

    /// What a measurement is called, by its published name; names of other people's measurements are kept.
    pub fn measurement<'a>(&'a self, name: &'a str) -> &'a str {
        self.measurement.get(name).map_or(name, String::as_str)
    }

    /// What a finding is called; `label` is what its model calls it.
    pub fn finding<'a>(&'a self, task: &str, code: &str, label: &'a str) -> &'a str {
        self.finding.get(task).and_then(|codes| codes.get(code)).map_or(label, String::as_str)
    }

    /// What a rhythm is called, by the name that WFDB gives it; `name` where no list has it.
    pub fn rhythm<'a>(&'a self, code: &str, name: &'a str) -> &'a str {
        self.rhythm.get(code).map_or(name, String::as_str)
    }

    /// What a task is called.
    pub fn task<'a>(&'a self, task: &'a str) -> &'a str {
        self.task.get(task).map_or(task, String::as_str)
    }
}
