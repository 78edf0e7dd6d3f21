//! What the layers below say in English (why something cannot be measured, answered or judged, what was seen), in a language's own words.
//!
//! Measurements, rules and models know no language: their sentences are data, and the `said` and `statement` tables of a language file list them with
//! their places. Where a sentence is not listed it stays as it was said, which is seen and hurts nobody.

use super::{Words, fill};

/// Sentences within sentences that are followed.
const DEEPEST: usize = 3;

impl Words {
    /// A sentence of a layer below in this language. What stands in its places is told in this language too where there are words for it, and
    /// numbers as the language writes them.
    pub fn said(&self, text: &str) -> String {
        self.own(text, DEEPEST).unwrap_or_else(|| text.to_owned())
    }

    /// A statement of the rules. Where leads or counts follow a text that is known they stay.
    pub fn statement(&self, text: &str) -> String {
        if let Some(own) = self.own(text, DEEPEST) {
            return own;
        }
        let known = self.statement.iter().filter_map(|(english, own)| {
            let rest = text.strip_prefix(english.as_str()).filter(|rest| rest.starts_with([' ', ',', ':']))?;
            Some((english.len(), format!("{own}{rest}")))
        });
        known.max_by_key(|(length, _)| *length).map_or_else(|| text.to_owned(), |(_, own)| own)
    }

    fn own(&self, text: &str, deep: usize) -> Option<String> {
        if let Some(own) = self.said.get(text).or_else(|| self.statement.get(text)) {
            return Some(own.clone());
        }
        let deeper = deep.checked_sub(1)?;
        // Of several patterns that fit the one with most words of its own.
        let patterns = self.said.iter().chain(&self.statement).filter(|(english, _)| english.contains('{'));
        let fitting = patterns.filter_map(|(english, own)| Some((weight(english), places(english, text)?, own)));
        let (_, places, own) = fitting.max_by_key(|(weight, ..)| *weight)?;
        let told: Vec<(&str, String)> = places.into_iter().map(|(name, value)| (name, self.place(value, deeper))).collect();
        let told: Vec<(&str, &str)> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Some(fill(own, &told))
    }

    /// What stands in a place: a sentence, a number, or something that is the same in every language.
    fn place(&self, value: &str, deep: usize) -> String {
        match value.parse::<f64>() {
            Ok(_) => value.replace('.', &self.language.decimal),
            Err(_) => self.own(value, deep).unwrap_or_else(|| value.to_owned()),
        }
    }
}

/// Characters of a pattern that are no places.
fn weight(pattern: &str) -> usize {
    let places: usize = pattern.split('{').skip(1).filter_map(|part| part.find('}')).map(|end| end + 2).sum();
    pattern.len().saturating_sub(places)
}

/// What stands in the places of a pattern; `None` where the text is another one. Each place ends where the next words of the pattern begin first.
fn places<'p, 't>(pattern: &'p str, text: &'t str) -> Option<Vec<(&'p str, &'t str)>> {
    let mut parts = pattern.split('{');
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut out = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let (name, after) = part.split_once('}')?;
        let last = parts.peek().is_none();
        let end = match (last, after) {
            (true, "") => rest.len(),
            (true, _) => rest.len().checked_sub(after.len()).filter(|_| rest.ends_with(after))?,
            (false, _) => rest.find(after)?,
        };
        let (value, tail) = rest.split_at_checked(end)?;
        if value.is_empty() {
            return None;
        }
        out.push((name, value));
        rest = tail.get(after.len()..)?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use crate::words::Language;
    use proptest::prelude::*;

    fn german(text: &str) -> String {
        Language::German.words().said(text)
    }

    #[test]
    fn sentences_are_told_with_what_stands_in_their_places() {
        for (english, wanted) in [
            ("no P waves seen", "keine P-Wellen erkannt"),
            ("lead aVL is missing", "Ableitung aVL fehlt"),
            ("no QT interval: end of T not seen", "kein QT-Intervall: Ende von T nicht erkannt"),
            (
                "3 of 12 beats not classified: noise in every lead",
                "3 von 12 Schlägen nicht klassifiziert: Störung in jeder Ableitung",
            ),
            ("4.5 s are too short; at least 5 s are needed", "4,5 s sind zu kurz; mindestens 5 s sind nötig"),
            ("Q waves, inferior", "Q-Zacken, inferior"),
            ("R' amplitude in V1", "R'-Amplitude in V1"),
            (
                "Suspected exchange of the chest electrodes V1 and V2: the change from V1 to V6 is not gradual",
                "Verdacht auf Vertauschung: die Brustelektroden V1 und V2; der Übergang von V1 bis V6 ist nicht stetig",
            ),
        ] {
            assert_eq!(german(english), wanted);
            assert_eq!(Language::English.words().said(english), english);
        }
        assert_eq!(german("something no list has"), "something no list has");
    }

    #[test]
    fn statements_keep_what_follows_them() {
        let german = |text: &str| Language::German.words().statement(text);
        assert_eq!(german("Left-axis deviation (-35 degrees)"), "Linksabweichung der Herzachse (-35°)");
        assert_eq!(german("Ventricular premature complexes (4)"), "Ventrikuläre Extrasystolen (4)");
        assert_eq!(german("Ventricular premature complex (1)"), "Ventrikuläre Extrasystole (1)");
        assert_eq!(german("Pause (2.4 s)"), "Pause (2,4 s)");
        assert_eq!(
            german("ST elevation, anterior (V3, V4), with ST depression in II, aVF: consider acute infarction"),
            "ST-Hebung, anterior (V3, V4), mit ST-Senkung in II, aVF: an akuten Infarkt denken"
        );
        assert_eq!(
            german("Irregular rhythm without P waves: possible atrial fibrillation, rapid ventricular response"),
            "Unregelmäßiger Rhythmus ohne P-Wellen: mögliches Vorhofflimmern, schnelle Kammerfrequenz"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_told(text in "\\PC{0,60}|[a-z{} ]{0,40}|(no |of |lead |\\(|\\)|, |[a-z]{1,4}){0,12}") {
            for language in Language::ALL {
                let _ = (language.words().said(&text), language.words().statement(&text));
            }
            prop_assert_eq!(Language::English.words().said(&text), text.clone());
        }
    }
}
