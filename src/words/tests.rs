use super::*;
use std::collections::{BTreeMap, BTreeSet};

const FILES: [&str; 3] = ["report", "window", "review"];

fn file(name: &str, language: Language) -> String {
    let path = format!("{}/assets/words/{name}.{}.toml", env!("CARGO_MANIFEST_DIR"), language.code());
    std::fs::read_to_string(path).unwrap()
}

/// Keys of a language file with the places to fill.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    fn walk(value: &toml::Value, path: &str, out: &mut BTreeMap<String, BTreeSet<String>>) {
        match value {
            toml::Value::Table(table) => table.iter().for_each(|(key, value)| walk(value, &format!("{path}/{key}"), out)),
            toml::Value::String(text) => {
                assert!(!text.trim().is_empty(), "{path} is empty");
                let places = text.split('{').skip(1).map(|part| part.split('}').next().unwrap_or_default().to_owned());
                out.insert(path.to_owned(), places.collect());
            }
            other => panic!("{path}: {other} is no text"),
        }
    }
    let mut out = BTreeMap::new();
    for name in FILES {
        walk(&toml::Value::Table(toml::from_str(&file(name, language)).unwrap()), name, &mut out);
    }
    out
}

#[test]
fn every_language_has_every_key_and_every_place() {
    let english = keys(Language::English);
    assert!(english.len() > 250);
    for language in Language::ALL {
        let own = keys(language);
        for (key, places) in &english {
            assert_eq!(own.get(key), Some(places), "{key} in {}", language.code());
        }
        assert_eq!(own.len(), english.len(), "{}: more keys than English has", language.code());
    }
}

#[test]
fn every_language_reads_and_names_itself() {
    for language in Language::ALL {
        assert_eq!(language.words().language.code, language.code());
        assert_eq!(Language::of_code(language.code()), Some(language));
    }
    assert_eq!(Language::of_code("de-CH"), Some(Language::German));
    assert_eq!(Language::of_code("EN_us"), Some(Language::English));
    assert_eq!(Language::of_code("x"), None);
}

#[test]
fn a_file_with_a_missing_or_unknown_key_does_not_read() {
    let english = file("report", Language::English);
    let without = english.replacen("title = ", "titel = ", 1);
    assert!(toml::from_str::<super::ReportWords>(&without).is_err());
    let more = english.replacen("title = ", "extra = \"x\"\ntitle = ", 1);
    assert!(toml::from_str::<super::ReportWords>(&more).is_err());
}

#[test]
fn the_models_findings_have_names_in_every_language() {
    let folder = format!("{}/models", env!("CARGO_MANIFEST_DIR"));
    let card = std::fs::read_to_string(format!("{folder}/efficientecg-record.json")).unwrap();
    let card: serde_json::Value = serde_json::from_str(&card).unwrap();
    for task in card["tasks"].as_array().unwrap() {
        let name = task["task"].as_str().unwrap();
        for class in task["classes"].as_array().unwrap() {
            let (code, label) = (class["code"].as_str().unwrap(), class["label"].as_str().unwrap());
            assert_eq!(Language::English.words().finding(name, code, "?"), label, "{name} {code}");
            assert_ne!(Language::German.words().finding(name, code, "?"), "?", "{name} {code}");
        }
    }
}

#[test]
fn places_are_filled_and_values_are_not_looked_into() {
    assert_eq!(fill("page {page} of {pages}", &[("page", "{pages}"), ("pages", "3")]), "page {pages} of 3");
    assert_eq!(fill("{a", &[("a", "x")]), "{a");
    assert_eq!(fill("{b}", &[("a", "x")]), "{b}");
    assert_eq!(fill("", &[]), "");
}

#[test]
fn numbers_and_times_follow_the_language() {
    let (en, de) = (Language::English.words(), Language::German.words());
    assert_eq!((en.number(-0.251, 2), de.number(-0.251, 2)), ("\u{2212}0.25".into(), "\u{2212}0,25".into()));
    assert_eq!((en.number(-0.001, 2), en.trimmed(0.50, 2), en.trimmed(100.0, 2)), ("0.00".into(), "0.5".into(), "100".into()));
    assert_eq!((en.percent(0.004), en.percent(0.996), en.percent(0.5)), ("< 1 %".into(), "> 99 %".into(), "50 %".into()));
    assert_eq!((en.measured(72.4, "bpm"), en.measured(-31.2, "degrees")), ("72/min".into(), "\u{2212}31°".into()));
    assert_eq!(
        (en.length(10.0), en.length(1805.4), en.length(86_520.0)),
        ("10 s".into(), "30 min 5 s".into(), "24 h 2 min 0 s".into())
    );
    assert_eq!((en.elapsed(7.42), de.elapsed(11_527.0)), ("0:07.4".into(), "3:12:07,0".into()));
    let at = chrono::NaiveDate::from_ymd_opt(2026, 11, 5).and_then(|d| d.and_hms_opt(9, 8, 7)).unwrap();
    assert_eq!((en.moment(at), de.moment(at)), ("2026-11-05 09:08:07".into(), "05.11.2026 09:08:07".into()));
}

#[test]
fn steps_of_a_review_are_told_in_every_language() {
    let german = Language::German.words();
    for (step, own) in [
        ("Relabel 12 beats as V", "12 Schläge als V bezeichnen"),
        ("Add N beat", "N-Schlag hinzufügen"),
        ("Set caliper", "Zirkel setzen"),
        ("Change conclusion", "Beurteilung ändern"),
    ] {
        assert_eq!(german.said(step), own);
        assert_eq!(Language::English.words().said(step), step);
    }
}
