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

/// `58 years`; ages of 90 and above are often coarsened in files.
pub fn age(years: f32) -> String {
    if years >= 90.0 { "90 years or older".into() } else { format!("{} years", trimmed(f64::from(years))) }
}

/// `female`, `male`.
pub fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
    }
}

/// A number with at most two decimals, none that say nothing.
pub fn trimmed(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.to_owned() }
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

/// `heart_rate` as `Heart rate`.
pub fn sentence(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
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
    fn signs_are_shown() {
        assert_eq!(signed(0.421), "+0.42");
        assert_eq!(signed(-1.3), "−1.30");
        assert_eq!(signed(-0.001), "0.00");
        assert_eq!(plain(1.3), "1.30");
        assert_eq!(trimmed(-0.001), "0");
        assert_eq!(trimmed(58.0), "58");
    }
}
