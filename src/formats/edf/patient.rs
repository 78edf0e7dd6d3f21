//! The identification fields of EDF and EDF+.

use crate::recording::{Patient, Sex};
use chrono::{Datelike, NaiveDate, NaiveDateTime};

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// `dd-MMM-yyyy` with the English month in any case.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))?;
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, u32::try_from(month).ok()? + 1, day.parse().ok()?)
}

/// What of a date the main header's two-digit date can tell.
pub(super) fn two_digit_year(date: NaiveDate) -> (u32, u32, i32) {
    (date.day(), date.month(), date.year().rem_euclid(100))
}

/// The local patient identification. EDF+ fixes its subfields (code, sex, birthdate, name); plain EDF does not, and is read so only where the
/// second and third fit; else the whole field is the name.
pub(super) fn patient(field: &str, plus: bool, start: Option<NaiveDateTime>) -> Patient {
    let subfields: Vec<&str> = field.split_ascii_whitespace().collect();
    let known = |text: &&str| (!text.is_empty() && *text != "X").then(|| text.replace('_', " "));
    if !plus && !is_structured(field) {
        return Patient { name: (!field.is_empty() && field != "X").then(|| field.to_owned()), ..Patient::default() };
    }
    let born = subfields.get(2).and_then(|text| day(text));
    let stated_age = subfields
        .iter()
        .skip(4)
        .find_map(|text| text.strip_prefix("age=")?.parse::<f32>().ok())
        .filter(|age| *age > 0.0 && *age <= 120.0);
    Patient {
        id: subfields.first().and_then(known),
        name: subfields.get(3).and_then(known),
        age_years: born.zip(start).and_then(|(born, start)| age(born, start.date())).or(stated_age),
        sex: subfields.get(1).and_then(|text| Sex::parse(text)),
        born,
    }
}

/// Whether a field has EDF+'s subfields: code, sex, birthdate, name.
pub(in crate::formats) fn is_structured(field: &str) -> bool {
    match field.split_ascii_whitespace().collect::<Vec<_>>().as_slice() {
        [_, sex, born, _, ..] => matches!(*sex, "M" | "F" | "X") && (*born == "X" || day(born).is_some()),
        _ => false,
    }
}

/// Whole years at the recording, from the second birthday on; before it with fractions. Years before birth or beyond 120 are unknown.
fn age(born: NaiveDate, at: NaiveDate) -> Option<f32> {
    let years = at.years_since(born)?;
    if years < 2 {
        return Some((at - born).num_days() as f32 / 365.25);
    }
    (years <= 120).then_some(years as f32)
}

/// Whether the recording field marks the recording as simulated.
pub(super) fn declares_simulated(recording_field: &str) -> bool {
    recording_field.split_ascii_whitespace().any(|word| word == "SIMULATED")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<NaiveDateTime> {
        day(text)?.and_hms_opt(0, 0, 0)
    }

    #[test]
    fn edf_plus_subfields_are_read() {
        let read = patient("MCH-0234567 F 02-MAY-1951 Haagse_Harry", true, at("01-MAY-2002"));
        assert_eq!(read.id.as_deref(), Some("MCH-0234567"));
        assert_eq!(read.name.as_deref(), Some("Haagse Harry"));
        assert_eq!((read.sex, read.age_years), (Some(Sex::Female), Some(50.0)));
    }

    #[test]
    fn unknown_stays_unknown() {
        assert_eq!(patient("X X X X", true, at("01-MAY-2002")), Patient::default());
        assert_eq!(patient("", true, None), Patient::default());
        assert_eq!(patient("X M 01-MAY-2010 X", true, at("01-JAN-1985")).age_years, None);
        assert_eq!(patient("X M X X age=0", true, None).age_years, None);
    }

    #[test]
    fn plain_edf_gives_its_field_as_the_name() {
        assert_eq!(patient("Miller, 56 y", false, None).name.as_deref(), Some("Miller, 56 y"));
        assert_eq!(patient("7 M X Doe", false, None).sex, Some(Sex::Male));
    }

    #[test]
    fn a_stated_age_counts_where_no_birthdate_is_given() {
        assert_eq!(patient("X F X X age=56", true, None).age_years, Some(56.0));
        assert_eq!(patient("X F 02-MAY-1951 X age=56", true, at("01-MAY-2002")).age_years, Some(50.0));
    }
}
