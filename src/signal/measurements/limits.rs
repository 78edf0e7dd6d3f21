//! Normal limits by age and sex.

use super::Limits;
use crate::recording::Sex;

/// Whose limits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Person {
    pub age_years: Option<f32>,
    pub sex: Option<Sex>,
}

/// Adults' limits hold from this age.
const ADULT_YEARS: f32 = 16.0;
const PART_III: &str = "AHA/ACCF/HRS part III, J Am Coll Cardiol 2009;53:976";
const PART_IV: &str = "AHA/ACCF/HRS part IV, J Am Coll Cardiol 2009;53:982";
const CHILDREN: &str = "University of Chicago, Pediatric Electrocardiography: normal values by age";

/// Lowest and highest.
type Range = [f64; 2];

/// By age up to (years): heart rate, QRS axis (degrees), PR (ms). Source: [`CHILDREN`], as published on its page; the first three
/// weeks of life have their own rows.
const BY_AGE: [(f32, Range, Range, Range); 10] = [
    (7.0 / 365.0, [90.0, 160.0], [60.0, 180.0], [80.0, 150.0]),
    (28.0 / 365.0, [100.0, 180.0], [45.0, 160.0], [80.0, 150.0]),
    (3.0 / 12.0, [120.0, 180.0], [30.0, 135.0], [80.0, 150.0]),
    (6.0 / 12.0, [105.0, 185.0], [0.0, 135.0], [80.0, 150.0]),
    (1.0, [110.0, 170.0], [0.0, 135.0], [70.0, 160.0]),
    (3.0, [90.0, 165.0], [0.0, 110.0], [80.0, 160.0]),
    (5.0, [70.0, 140.0], [0.0, 110.0], [90.0, 170.0]),
    (8.0, [65.0, 140.0], [0.0, 110.0], [90.0, 170.0]),
    (12.0, [60.0, 130.0], [-15.0, 110.0], [90.0, 170.0]),
    (16.0, [65.0, 130.0], [-15.0, 110.0], [90.0, 180.0]),
];

/// The limits of a measurement by its name; `None` where none are agreed, or none for this age.
pub(super) fn limits(name: &str, person: Person) -> Option<Limits> {
    let age = person.age_years.filter(|age| age.is_finite() && *age >= 0.0);
    match age {
        Some(age) if age < ADULT_YEARS => child(name, age),
        _ => {
            let mut limits = adult(name, person.sex)?;
            if age.is_none() {
                limits.source.push_str("; age not known, limits for adults");
            }
            Some(limits)
        }
    }
}

fn made(low: Option<f64>, high: Option<f64>, source: impl Into<String>) -> Option<Limits> {
    Some(Limits { low, high, source: source.into() })
}

fn adult(name: &str, sex: Option<Sex>) -> Option<Limits> {
    let female = sex == Some(Sex::Female);
    let unknown = if sex.is_none() { "; sex not known, the limit for men" } else { "" };
    match name {
        "heart_rate" => made(Some(60.0), Some(100.0), "customary limits of sinus rhythm at rest"),
        "pr" => made(Some(120.0), Some(200.0), "customary limits: AHA/ACCF/HRS part II, J Am Coll Cardiol 2007;49:1128"),
        "p_duration" => {
            made(None, Some(120.0), "Bayes de Luna et al., J Electrocardiol 2012;45:445 (interatrial block from 120 ms)")
        }
        "qrs" => made(None, Some(110.0), PART_III),
        "qtc_bazett" | "qtc_fridericia" | "qtc_framingham" | "qtc_hodges" => {
            let high = if female { 460.0 } else { 450.0 };
            made(
                Some(390.0),
                Some(high),
                format!("{PART_IV}: prolonged from 450 ms in men and 460 ms in women, short up to 390 ms{unknown}"),
            )
        }
        "p_axis" => made(Some(0.0), Some(75.0), "customary limits of sinus P waves, 0 to 75 degrees"),
        "qrs_axis" => made(Some(-30.0), Some(90.0), PART_III),
        "sokolow_lyon" => made(None, Some(3.5), "Sokolow and Lyon, Am Heart J 1949;37:161"),
        "cornell" => {
            let high = if female { 2.0 } else { 2.8 };
            made(
                None,
                Some(high),
                format!("Casale et al., J Am Coll Cardiol 1985;6:572: 2.8 mV in men, 2.0 mV in women{unknown}"),
            )
        }
        "cornell_product" => made(None, Some(244.0), "Okin et al., JAMA 2004;292:2343: 2440 mm*ms"),
        "ptf_v1" => made(Some(-4.0), None, "Morris et al., Circulation 1964;29:242: 0.04 mm*s"),
        _ => None,
    }
}

fn child(name: &str, age: f32) -> Option<Limits> {
    let (_, rate, axis, pr) = BY_AGE.into_iter().find(|(to, ..)| age < *to)?;
    match name {
        "heart_rate" => made(Some(rate[0]), Some(rate[1]), CHILDREN),
        "qrs_axis" => made(Some(axis[0]), Some(axis[1]), CHILDREN),
        "pr" => made(Some(pr[0]), Some(pr[1]), CHILDREN),
        "qrs" if age < 4.0 => made(None, Some(90.0), format!("{PART_III}: below 4 years")),
        "qrs" => made(None, Some(100.0), format!("{PART_III}: 4 to 16 years")),
        // No other limits here that hold for children.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, age_years: Option<f32>, sex: Option<Sex>) -> Option<(Option<f64>, Option<f64>)> {
        limits(name, Person { age_years, sex }).map(|l| (l.low, l.high))
    }

    #[test]
    fn limits_follow_age_and_sex() {
        assert_eq!(of("qtc_bazett", Some(40.0), Some(Sex::Female)), Some((Some(390.0), Some(460.0))));
        assert_eq!(of("qtc_bazett", Some(40.0), Some(Sex::Male)), Some((Some(390.0), Some(450.0))));
        assert_eq!(of("cornell", None, Some(Sex::Female)), Some((None, Some(2.0))));
        assert_eq!(of("qrs", Some(3.9), None), Some((None, Some(90.0))));
        assert_eq!(of("qrs", Some(15.9), None), Some((None, Some(100.0))));
        assert_eq!(of("qrs", Some(16.0), None), Some((None, Some(110.0))));
        assert_eq!(of("heart_rate", Some(0.0), None), Some((Some(90.0), Some(160.0))));
        assert_eq!(of("pr", Some(2.0), None), Some((Some(80.0), Some(160.0))));
        assert_eq!(of("sokolow_lyon", Some(10.0), None), None);
        assert_eq!(of("st_j_V2", Some(40.0), None), None);
        assert!(limits("pr", Person::default()).is_some_and(|l| l.source.contains("age not known")));
        assert!(of("pr", Some(f32::NAN), None).is_some());
    }
}
