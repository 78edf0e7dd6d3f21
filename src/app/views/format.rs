//! Numbers and names as people read them.

use crate::{
    app::language::{decimal, window, words},
    recording::{Recording, Sex},
    words::{fill, window::Measurements},
};

/// `0:07.42`, `3:12:07.42`: elapsed time with hundredths.
pub fn elapsed(seconds: f64) -> String {
    let hundredths = (seconds.max(0.0) * 100.0).round() as u64;
    let (h, m, s, c) = (hundredths / 360_000, hundredths / 6_000 % 60, hundredths / 100 % 60, hundredths % 100);
    decimal(&if h > 0 { format!("{h}:{m:02}:{s:02}.{c:02}") } else { format!("{m}:{s:02}.{c:02}") })
}

/// Clock time where the file tells when the recording began, else elapsed time.
pub fn time(recording: &Recording, seconds: f64) -> String {
    let clock = recording
        .start
        .and_then(|start| start.checked_add_signed(chrono::TimeDelta::milliseconds((seconds * 1000.0).round() as i64)));
    clock.map_or_else(
        || elapsed(seconds),
        |clock| decimal(clock.format("%H:%M:%S%.3f").to_string().trim_end_matches('0').trim_end_matches('.')),
    )
}

/// A time without hundredths that say nothing, for axes.
pub fn whole(time: &str) -> String {
    time.strip_suffix(decimal(".00").as_str()).unwrap_or(time).to_owned()
}

/// Day and time of day to the minute.
pub fn minute(at: chrono::NaiveDateTime) -> String {
    at.format(&format!("{} %H:%M", words().language.day)).to_string()
}

/// `58 years`.
pub fn age(years: f32) -> String {
    fill(&window().units.years, &[("years", &trimmed(f64::from(years)))])
}

/// `female`, `male`.
pub fn sex(sex: Sex) -> &'static str {
    words().sex(sex)
}

/// A number with at most two decimals, none that say nothing, and a true minus.
pub fn trimmed(value: f64) -> String {
    words().trimmed(value, 2)
}

/// A measured value with its unit; rates, times in milliseconds and angles without decimals, shares as percent.
pub fn measured(value: f64, unit: &str) -> String {
    match unit {
        "share" => percent(value as f32),
        "degrees" | "deg" | "°" => format!("{}°", trimmed(value.round())),
        "bpm" | "/min" => fill(&window().units.per_minute, &[("rate", &trimmed(value.round()))]),
        "ms" => format!("{} ms", trimmed(value.round())),
        "mV*ms" if value.abs() >= 100.0 => format!("{} mV·ms", trimmed(value.round())),
        "mV*ms" => format!("{} mV·ms", trimmed((value * 10.0).round() / 10.0)),
        _ => format!("{} {unit}", trimmed(value)).trim_end().to_owned(),
    }
}

/// With a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `+0.42`, `−1.30` with a true minus.
pub fn signed(value: f32) -> String {
    let text = format!("{:.2}", value.abs());
    if text == "0.00" {
        return decimal(&text);
    }
    decimal(&format!("{}{text}", if value < 0.0 { '−' } else { '+' }))
}

/// A number with two decimals and a true minus.
pub fn plain(value: f32) -> String {
    signed(value).trim_start_matches('+').to_owned()
}

/// A small number with a sign and two digits that say something: `+0.42`, `−0.0031`.
pub fn small(value: f32) -> String {
    /// What is smaller is nothing to a reader.
    const NOTHING: f32 = 5e-5;
    let size = value.abs();
    if size < NOTHING {
        return decimal("0.00");
    }
    let decimals = if size.is_finite() { (1.0 - size.log10().floor()).clamp(2.0, 5.0) as usize } else { 2 };
    decimal(&format!("{}{size:.decimals$}", if value < 0.0 { '−' } else { '+' }))
}

/// A small count in words, as in `one of four`; larger ones in digits.
pub fn count(count: usize) -> String {
    window().units.counts.split(' ').nth(count).map_or_else(|| count.to_string(), str::to_owned)
}

/// Whole percent; what is neither 0 nor 1 is never shown as 0 or 100.
pub fn percent(probability: f32) -> String {
    match probability {
        p if p.is_nan() => window().units.not_a_number.clone(),
        p if p > 0.0 && p < 0.01 => "< 1 %".into(),
        p if p < 1.0 && p > 0.99 => "> 99 %".into(),
        p => format!("{:.0} %", p * 100.0),
    }
}

/// Milliseconds, or seconds from one second on.
pub fn duration_ms(ms: f64) -> String {
    if ms < 1000.0 { format!("{ms:.0} ms") } else { decimal(&format!("{:.1} s", ms / 1000.0)) }
}

/// A length of time in words: `10 s`, `30 min 5 s`, `24 h 2 min`.
pub fn length(seconds: f64) -> String {
    let (units, whole) = (&window().units, seconds.round() as u64);
    let minutes = (whole / 60 % 60).to_string();
    match whole {
        0..60 => fill(&units.length_s, &[("seconds", &trimmed(seconds))]),
        60..3600 => fill(&units.length_min, &[("minutes", &minutes), ("seconds", &(whole % 60).to_string())]),
        _ => fill(&units.length_h, &[("hours", &(whole / 3600).to_string()), ("minutes", &minutes)]),
    }
}

/// A task's heading.
pub fn task(task: &str) -> String {
    let task = if task == "beat" { "beats" } else { task };
    words().task.get(task).map_or_else(|| sentence(task), String::to_owned)
}

/// `heart_rate` as `Heart rate`, `pr_interval` as `PR interval`.
pub fn sentence(name: &str) -> String {
    let words = name.split('_').enumerate().map(|(i, word)| match word {
        "pr" | "qrs" | "qt" | "rr" | "p" | "t" | "st" => word.to_uppercase(),
        "qtc" => "QTc".to_owned(),
        "bazett" | "fridericia" | "framingham" | "hodges" => capital(word),
        _ if i == 0 => capital(word),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Picks a name from the reader's words.
type Name = fn(&'static Measurements) -> &'static str;

/// Measurements of one lead: published name without the lead, and what readers call it.
const OF_LEADS: [(&str, Name); 16] = [
    ("p_amplitude_", |words| &words.p_amplitude),
    ("q_amplitude_", |words| &words.q_amplitude),
    ("q_duration_", |words| &words.q_duration),
    ("r_amplitude_", |words| &words.r_amplitude),
    ("r_duration_", |words| &words.r_duration),
    ("s_amplitude_", |words| &words.s_amplitude),
    ("s_duration_", |words| &words.s_duration),
    ("r2_amplitude_", |words| &words.r2_amplitude),
    ("s2_amplitude_", |words| &words.s2_amplitude),
    ("qrs_pp_", |words| &words.qrs_pp),
    ("st_j60_", |words| &words.st_j60),
    ("st_j80_", |words| &words.st_j80),
    ("st_j_", |words| &words.st_j),
    ("st_slope_", |words| &words.st_slope),
    ("t_amplitude_", |words| &words.t_amplitude),
    ("rpt_", |words| &words.rpt),
];

/// What readers call a measurement.
pub fn measurement_name(name: &str) -> String {
    if let Some(label) = words().measurement.get(name) {
        return label.clone();
    }
    let of_lead = OF_LEADS.iter().find_map(|(known, label)| Some((label, name.strip_prefix(known)?)));
    let own = &window().measurements;
    let told = |(label, lead): (&Name, &str)| fill(&own.in_lead, &[("name", label(own)), ("lead", lead)]);
    of_lead.map_or_else(|| sentence(name), told)
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
        assert_eq!(measured(-31.2, "degrees"), "−31°");
        assert_eq!(measured(243.6, "mV*ms"), "244 mV·ms");
        assert_eq!(measured(-3.84, "mV*ms"), "−3.8 mV·ms");
        assert_eq!(measurement_name("st_j60_V2"), "ST at J+60 in V2");
        assert_eq!(measurement_name("r2_amplitude_V1"), "R' amplitude in V1");
        assert_eq!(capital("ß and so on"), "SS and so on");
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
        assert_eq!([small(0.0), small(-4e-7)], ["0.00", "0.00"]);
        assert_eq!(trimmed(-0.001), "0");
        assert_eq!(trimmed(58.0), "58");
        assert_eq!(trimmed(-0.25), "−0.25");
    }
}
