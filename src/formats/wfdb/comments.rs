//! Age and sex in the comment lines of WFDB headers.
//!
//! There is no standard; the forms met in PhysioNet's databases are read: `<age>: 51 <sex>: F` (LUDB, MIMIC, edf2mit), `Age: 74` and `Sex: Male`
//! (challenges), `age: 81` and `sex: female` (PTB), and `69 M 1085 1629 x1` (MIT-BIH).

use crate::recording::{Patient, Sex};

/// Patient facts in `comments` (without their `#`); the first statement of each wins.
pub(in crate::formats) fn patient(comments: &[String]) -> Patient {
    let mut found = Patient::default();
    for line in comments {
        let (age, sex) = mit_bih(line)
            .unwrap_or_else(|| (value_after(line, &["age"]).and_then(age), value_after(line, &["sex", "gender"]).and_then(sex)));
        found.age_years = found.age_years.or(age);
        found.sex = found.sex.or(sex);
    }
    found
}

/// Whether a comment declares the record simulated: its first word is `SIMULATED`, in capitals as the writer puts it.
pub(in crate::formats) fn declares_simulated(comments: &[String]) -> bool {
    comments.iter().any(|line| line.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()) == Some("SIMULATED"))
}

/// `age sex ...` with a bare number and a bare `M` or `F`.
fn mit_bih(line: &str) -> Option<(Option<f32>, Option<Sex>)> {
    let mut words = line.split_ascii_whitespace();
    let years: i32 = words.next()?.parse().ok()?;
    let sex = words.next().filter(|word| matches!(*word, "M" | "F"))?;
    Some((age(&years.to_string()), Sex::parse(sex)))
}

/// The text after `key:`, `key =` or `<key>:` where `key` stands as a word of its own; up to the next `<` or the end.
fn value_after<'a>(line: &'a str, keys: &[&str]) -> Option<&'a str> {
    let lower = line.to_ascii_lowercase();
    keys.iter().find_map(|key| {
        lower.match_indices(key).find_map(|(at, _)| {
            let before = lower.get(..at)?.chars().next_back();
            if before.is_some_and(char::is_alphanumeric) {
                return None;
            }
            // ASCII lower-casing keeps byte positions.
            let rest = line.get(at + key.len()..)?.trim_start_matches('>').trim_start();
            let value = rest.strip_prefix(':').or_else(|| rest.strip_prefix('='))?;
            let value = value.split(['<', ',', ';']).next()?.trim_start();
            // `62  Sex: M`: the next statement begins where its name does.
            let next = value.find([':', '=']).and_then(|at| value.get(..at)?.trim_end().rfind(char::is_whitespace));
            value.get(..next.unwrap_or(value.len())).map(str::trim)
        })
    })
}

/// Years from `51`, `90+`, `56 years`, `56Y`, `8 months`; `None` for unknown: negative, 0, above 120, no number.
fn age(text: &str) -> Option<f32> {
    let digits = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let number: f32 = text.get(..digits)?.parse().ok()?;
    let unit = text.get(digits..)?.trim().to_ascii_lowercase();
    let years = match unit.as_str() {
        "" | "+" | "y" | "yr" | "yrs" | "year" | "years" => number,
        "m" | "mo" | "month" | "months" => number / 12.0,
        "d" | "day" | "days" => number / 365.25,
        _ => return None,
    };
    (years > 0.0 && years <= 120.0).then_some(years)
}

fn sex(text: &str) -> Option<Sex> {
    Sex::parse(text.split_ascii_whitespace().next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> (Option<f32>, Option<Sex>) {
        let patient = patient(&lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>());
        (patient.age_years, patient.sex)
    }

    #[test]
    fn every_form_met_in_the_databases_is_read() {
        assert_eq!(read(&["<age>: 51", "<sex>: F", "<diagnoses>:"]), (Some(51.0), Some(Sex::Female)));
        assert_eq!(read(&[" <age>: 25  <sex>: M  <diagnoses>: (none)"]), (Some(25.0), Some(Sex::Male)));
        assert_eq!(read(&["Age: 74", "Sex: Male", "Dx: 426783006"]), (Some(74.0), Some(Sex::Male)));
        assert_eq!(read(&[" Age: 56 ", " Sex: F"]), (Some(56.0), Some(Sex::Female)));
        assert_eq!(read(&[" age: 81", " sex: female"]), (Some(81.0), Some(Sex::Female)));
        assert_eq!(read(&[" 69 M 1085 1629 x1", " Aldomet, Inderal"]), (Some(69.0), Some(Sex::Male)));
        assert_eq!(read(&["age = 90+", "gender: w"]), (Some(90.0), Some(Sex::Female)));
        assert_eq!(read(&["Age: 6 months"]), (Some(0.5), None));
        assert_eq!(read(&["Age: 62  Sex: M"]), (Some(62.0), Some(Sex::Male)));
        assert_eq!(read(&[" age: 56 years sex = F drugs: none"]), (Some(56.0), Some(Sex::Female)));
    }

    #[test]
    fn what_is_not_said_stays_unknown() {
        assert_eq!(read(&[" -1 M 1629 1629 x1"]), (None, Some(Sex::Male)));
        assert_eq!(read(&["Age: NaN", "Sex: Unknown"]), (None, None));
        assert_eq!(read(&["Age: 300", "Age: 0", "Sex: "]), (None, None));
        assert_eq!(read(&["Dosage: 50", "Average: 60", "sexual history: none", "5 mg"]), (None, None));
        assert_eq!(read(&["The PVCs are uniform", "Age", "äge: 5", "é age"]), (None, None));
    }

    #[test]
    fn simulated_is_a_mark_not_a_mention() {
        let says = |line: &str| declares_simulated(&[line.to_owned()]);
        assert!(says(" SIMULATED recording, not from a patient"));
        assert!(!says("compared with SIMULATED noise"));
        assert!(!says("simulated"));
    }
}
