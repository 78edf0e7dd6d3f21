//! The statements that a reader can add, with their codes.
//!
//! Sources: the 71 SCP-ECG statements of PTB-XL with the AHA codes of its `scp_statements.csv` (Wagner 2020, doi 10.1038/s41597-020-0495-6), AHA codes that
//! the rules of `signal::criteria` name (AHA/ACC/HRS 2007 Part II), SNOMED CT codes as the PhysioNet challenges of 2020 and 2021 use them. A
//! code that none of these gives is left out, not guessed.

use std::sync::LazyLock;

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VocabularyStatement {
    /// SCP-ECG code.
    pub scp: String,
    /// For people.
    pub text: String,
    /// Code of the AHA/ACC/HRS list, where known.
    pub aha: Option<String>,
    /// SNOMED CT code, where known.
    pub snomed: Option<String>,
    /// Heading in menus.
    pub group: String,
    /// Other words that it is looked for by, lower case.
    words: String,
}

static STATEMENTS: LazyLock<Vec<VocabularyStatement>> =
    LazyLock::new(|| include_str!("vocabulary.csv").lines().skip(1).filter_map(statement).collect());

fn statement(line: &str) -> Option<VocabularyStatement> {
    let [scp, text, aha, snomed, group, words] = line.split(',').collect::<Vec<_>>().try_into().ok()?;
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (scp, text, group, words) = (scp.to_owned(), text.to_owned(), group.to_owned(), words.to_owned());
    Some(VocabularyStatement { scp, text, aha: known(aha), snomed: known(snomed), group, words })
}

/// All statements, group by group.
pub fn all() -> &'static [VocabularyStatement] {
    &STATEMENTS
}

/// The statement of an SCP code.
pub fn by_scp(scp: &str) -> Option<&'static VocabularyStatement> {
    STATEMENTS.iter().find(|statement| statement.scp == scp)
}

/// Search as you type: statements in which every word of `text` begins some word of name, codes or other words; the best first. Everything for an
/// empty text.
pub fn search(text: &str) -> Vec<&'static VocabularyStatement> {
    let wanted: Vec<String> = words_of(text).collect();
    let code = text.trim().to_lowercase();
    let mut found: Vec<(u32, &VocabularyStatement)> =
        STATEMENTS.iter().filter_map(|statement| Some((rank(statement, &code, &wanted)?, statement))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, statement)| statement).collect()
}

/// 0 for the code itself, then by where the words stand; `None`: it does not fit.
fn rank(statement: &VocabularyStatement, code: &str, wanted: &[String]) -> Option<u32> {
    let codes = [Some(&statement.scp), statement.aha.as_ref(), statement.snomed.as_ref()];
    if codes.into_iter().flatten().any(|known| known.to_lowercase() == code) {
        return Some(0);
    }
    let name: Vec<String> = words_of(&statement.text).collect();
    let other: Vec<String> =
        words_of(&statement.words).chain(codes.into_iter().flatten().map(|code| code.to_lowercase())).collect();
    wanted.iter().try_fold(1, |sum, word| {
        let begins = |words: &[String]| words.iter().position(|w| w.starts_with(word.as_str()));
        // An exact other word ("af") is as good as the name's beginning.
        let at = match (begins(&name), other.iter().any(|w| w == word)) {
            (_, true) => 0,
            (Some(at), _) => at as u32,
            (None, false) => 20 + begins(&other)? as u32,
        };
        Some(sum + at)
    })
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn first(text: &str) -> &'static str {
        search(text).first().map_or("", |statement| statement.scp.as_str())
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(all().len(), 71);
        assert_eq!(all().iter().map(|s| &s.scp).collect::<BTreeSet<_>>().len(), 71);
        for statement in all() {
            let digits = |code: &Option<String>| code.iter().all(|c| c.bytes().all(|b| b.is_ascii_digit()));
            assert!(digits(&statement.aha) && digits(&statement.snomed) && !statement.text.is_empty(), "{statement:?}");
        }
        let af = by_scp("AFIB").unwrap();
        assert_eq!((af.aha.as_deref(), af.snomed.as_deref()), (Some("50"), Some("164889003")));
    }

    #[test]
    fn what_people_type_is_found() {
        for (text, scp) in [
            ("af", "AFIB"),
            ("lbbb", "CLBBB"),
            ("left bun", "CLBBB"),
            ("164890007", "AFLT"),
            ("50", "AFIB"),
            ("inf myo", "IMI"),
            ("st dep", "STD_"),
            ("long q", "LNGQT"),
            ("1avb", "1AVB"),
            ("pvc", "PVC"),
            ("LAO/LAE", "LAO/LAE"),
        ] {
            assert_eq!(first(text), scp, "{text}");
        }
        assert_eq!(search("").len(), 71);
        assert!(search("aspirin").is_empty());
    }
}
