//! Numbers and names as people read them.

use crate::recording::{Recording, Sex};

/// `0:07.42`, `3:12:07.42`: elapsed time with hundredths.
pub fn elapsed(seconds: f64) -> String {
    let hundredths = (seconds.max(0.0) * 100.0).round() as u64;
    let (h, m, s, c) = (hundredths / 360_000, hundredths / 6_000 % 60, hundredths / 100 % 60, hundredths % 100);
    if h > 0 { format!("{h}:{m:02}:{s:02}.{c:02}") } else { format!("{m}:{s:02}.{c:02}") }
}

/// Clock time where the file tells when the recording began, else elapsed time.
pub fn time(recording: &Recording, seconds: f64) -> String {
    let clock = recording
        .start
        .and_then(|start| start.checked_add_signed(chrono::TimeDelta::milliseconds((seconds * 1000.0).round() as i64)));
    clock.map_or_else(
        || elapsed(seconds),
        |clock| clock.format("%H:%M:%S%.3f").to_string().trim_end_matches('0').trim_end_matches('.').to_owned(),
    )
}

/// `58 years`.
pub fn age(years: f32) -> String {
    format!("{} years", trimmed(f64::from(years)))
}

/// `female`, `male`.
pub fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
    }
}

/// A number with at most two decimals, none that say nothing, and a true minus.
pub fn trimmed(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.replace('-', "−") }
}

/// A measured value with its unit; rates, times in milliseconds and angles without decimals, shares as percent.
pub fn measured(value: f64, unit: &str) -> String {
    if unit == "share" {
        return percent(value as f32);
    }
    let whole = matches!(unit, "bpm" | "/min" | "ms" | "deg" | "°");
    let number = trimmed(if whole { value.round() } else { value });
    format!("{number} {unit}").trim_end().to_owned()
}

/// `+0.42`, `−1.30` with a true minus.
pub fn signed(value: f32) -> String {
    let text = format!("{:.2}", value.abs());
    if text == "0.00" {
        return text;
    }
    format!("{}{text}", if value < 0.0 { '−' } else { '+' })
}

/// A number with two decimals and a true minus.
pub fn plain(value: f32) -> String {
    signed(value).trim_start_matches('+').to_owned()
}

/// A small number with a sign and two digits that say something: `+0.42`, `−0.0031`.
pub fn small(value: f32) -> String {
    let size = value.abs();
    let decimals = if size > 0.0 && size.is_finite() { (1.0 - size.log10().floor()).clamp(2.0, 6.0) as usize } else { 2 };
    format!("{}{size:.decimals$}", if value < 0.0 { '−' } else { '+' })
}

/// A small count in words, as in `one of four`; larger ones in digits.
pub fn count(count: usize) -> String {
    const WORDS: [&str; 10] = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// Whole percent; what is neither 0 nor 1 is never shown as 0 or 100.
pub fn percent(probability: f32) -> String {
    match probability {
        p if p.is_nan() => "not a number".into(),
        p if p > 0.0 && p < 0.01 => "< 1 %".into(),
        p if p < 1.0 && p > 0.99 => "> 99 %".into(),
        p => format!("{:.0} %", p * 100.0),
    }
}

/// Milliseconds, or seconds from one second on.
pub fn duration_ms(ms: f64) -> String {
    if ms < 1000.0 { format!("{ms:.0} ms") } else { format!("{:.1} s", ms / 1000.0) }
}

/// A length of time in words: `10 s`, `30 min 5 s`, `24 h 2 min`.
pub fn length(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..60 => format!("{} s", trimmed(seconds)),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole / 60 % 60),
    }
}

/// A task's heading.
pub fn task(task: &str) -> String {
    match task {
        "rhythm" => "Rhythm".into(),
        "superclass" => "12-lead classes".into(),
        "statement" => "Statements".into(),
        "beats" | "beat" => "Beats".into(),
        other => sentence(other),
    }
}

/// `heart_rate` as `Heart rate`, `pr_interval` as `PR interval`.
pub fn sentence(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    let words = name.split('_').enumerate().map(|(i, word)| match word {
        "pr" | "qrs" | "qt" | "rr" | "p" | "t" | "st" => word.to_uppercase(),
        "qtc" => "QTc".to_owned(),
        "bazett" | "fridericia" | "framingham" | "hodges" => capital(word),
        _ if i == 0 => capital(word),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Published names of measurements with what readers call them, in the order of an ECG's corner.
const MEASUREMENTS: [(&str, &str); 16] = [
    ("heart_rate", "Heart rate"),
    ("rr_mean", "Mean RR"),
    ("rr_sd", "SD of RR"),
    ("p_duration", "P duration"),
    ("pr", "PR"),
    ("qrs", "QRS"),
    ("qt", "QT"),
    ("qtc_bazett", "QTc (Bazett)"),
    ("qtc_fridericia", "QTc (Fridericia)"),
    ("qtc_framingham", "QTc (Framingham)"),
    ("qtc_hodges", "QTc (Hodges)"),
    ("p_axis", "P axis"),
    ("qrs_axis", "QRS axis"),
    ("t_axis", "T axis"),
    ("sokolow_lyon", "Sokolow-Lyon"),
    ("cornell", "Cornell voltage"),
];

/// Where a measurement stands in the list; those without a place of their own come last.
pub fn measurement_place(name: &str) -> usize {
    MEASUREMENTS.iter().position(|(known, _)| *known == name).unwrap_or(MEASUREMENTS.len())
}

/// What readers call a measurement.
pub fn measurement_name(name: &str) -> String {
    match MEASUREMENTS.iter().find(|(known, _)| *known == name) {
        Some((_, label)) => (*label).to_owned(),
        None => match name.strip_prefix("st_j60_") {
            Some(lead) => format!("ST at J+60 in {lead}"),
            None => sentence(name),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        assert_eq!(elapsed(7.421), "0:07.42");
        assert_eq!(elapsed(3.0 * 3600.0 + 12.0 * 60.0 + 7.0), "3:12:07.00");
        assert_eq!(elapsed(59.999), "1:00.00");
        assert_eq!(length(10.0), "10 s");
        assert_eq!(length(1805.4), "30 min 5 s");
        assert_eq!(length(86_520.0), "24 h 2 min");
    }

    #[test]
    fn probabilities_never_claim_certainty() {
        assert_eq!(percent(0.004), "< 1 %");
        assert_eq!(percent(0.996), "> 99 %");
        assert_eq!(percent(0.5), "50 %");
        assert_eq!(percent(1.0), "100 %");
    }

    #[test]
    fn names_are_written_as_people_write_them() {
        assert_eq!(sentence("heart_rate"), "Heart rate");
        assert_eq!(measured(101.98, "bpm"), "102 bpm");
        assert_eq!(measured(-31.2, "deg"), "−31 deg");
        assert_eq!(measured(0.79, "share"), "79 %");
        assert_eq!(count(4), "four");
        assert_eq!(count(12), "12");
        assert_eq!(measured(0.125, "mV"), "0.12 mV");
        assert_eq!(sentence("pr_interval"), "PR interval");
        assert_eq!(sentence("qtc_bazett"), "QTc Bazett");
    }

    #[test]
    fn signs_are_shown() {
        assert_eq!(signed(0.421), "+0.42");
        assert_eq!(signed(-1.3), "−1.30");
        assert_eq!(signed(-0.001), "0.00");
        assert_eq!(plain(1.3), "1.30");
        assert_eq!(small(0.421), "+0.42");
        assert_eq!(small(-0.0031), "−0.0031");
        assert_eq!(small(0.0), "+0.00");
        assert_eq!(trimmed(-0.001), "0");
        assert_eq!(trimmed(58.0), "58");
        assert_eq!(trimmed(-0.25), "−0.25");
    }
}
