//! Findings accepted, rejected and added, and the conclusion.

use super::deeds::{Deed, act};
use crate::{
    app::{state::State, update::Effect},
    review::{Certainty, Command, FindingKey, Judgement, Verdict, vocabulary},
    words::{Language, fill},
};
use std::sync::LazyLock;

/// Findings and conclusion under way.
#[derive(Debug, Clone, Default)]
pub struct Judging {
    /// What is searched for to add.
    pub search: String,
    /// The search wants the keyboard.
    pub focus: bool,
    /// How sure the reader is of what is added next.
    pub certainty: Certainty,
    /// A remark being typed.
    pub comment: Option<(FindingKey, String)>,
    /// The conclusion being typed.
    pub conclusion: Option<String>,
    /// The conclusion wants the keyboard.
    pub focus_conclusion: bool,
}

/// What can happen to findings.
#[derive(Debug, Clone, PartialEq)]
pub enum FindingMessage {
    /// It is there, or it is not. The same again withdraws it.
    Judge(FindingKey, Verdict),
    /// The finding chosen in the list of the machine's is there, or not.
    JudgeChosen(Verdict),
    /// How sure.
    Certainty(FindingKey, Certainty),
    /// Take an added one away.
    Remove(FindingKey),
    /// A remark was edited.
    Comment(FindingKey, String),
    /// Typing ended: it is kept now.
    TypingEnded,
    /// The search was edited.
    Search(String),
    /// How sure of what is added next.
    NextCertainty(Certainty),
    /// Add the statement of this SCP code.
    Add(String),
    /// Add the first that is found.
    AddFirst,
    /// Put the keyboard into the search.
    FocusSearch,
    /// The conclusion was edited.
    Conclusion(String),
    /// Add a phrase to the conclusion.
    Phrase(String),
    /// Put the keyboard into the conclusion.
    FocusConclusion,
}

/// Phrases under their headings, in the order of the file.
pub type Phrases = Vec<(String, Vec<String>)>;

/// The phrases of a language.
pub fn phrases_in(language: Language) -> &'static Phrases {
    static ENGLISH: LazyLock<Phrases> = LazyLock::new(|| phrases(include_str!("../../../assets/review/phrases.txt")));
    static GERMAN: LazyLock<Phrases> = LazyLock::new(|| phrases(include_str!("../../../assets/review/phrases.de.txt")));
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

/// A heading is a line that ends in a colon; every other line is a phrase; `#` begins a remark.
fn phrases(text: &str) -> Phrases {
    let mut groups = Phrases::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match (line.strip_suffix(':'), groups.last_mut()) {
            (Some(heading), _) => groups.push((heading.to_owned(), Vec::new())),
            (None, Some((_, phrases))) => phrases.push(line.to_owned()),
            (None, None) => groups.push((String::new(), vec![line.to_owned()])),
        }
    }
    groups
}

/// Applies one message.
pub(super) fn update(state: &mut State, message: FindingMessage) -> Vec<Effect> {
    let mut out = Vec::new();
    match message {
        FindingMessage::Judge(key, verdict) => judge(state, key, verdict, &mut out),
        FindingMessage::JudgeChosen(verdict) => match state.chosen.clone() {
            Some(chosen) => judge(state, FindingKey::new(&chosen.task, &chosen.code), verdict, &mut out),
            None => state.desk.said = Some(state.words().review.said.choose_finding.clone()),
        },
        FindingMessage::Certainty(key, certainty) => {
            let before = judged(state, &key);
            let judgement = Judgement { certainty, ..before.unwrap_or_else(Judgement::present) };
            act(state, Deed::Perform(Command::Judge { key, judgement: Some(judgement) }), None, &mut out);
        }
        FindingMessage::Remove(key) => {
            act(state, Deed::Perform(Command::Judge { key, judgement: None }), None, &mut out);
        }
        FindingMessage::Comment(key, text) => state.desk.findings.comment = Some((key, text)),
        FindingMessage::TypingEnded => out.extend(flush(state)),
        FindingMessage::Search(text) => state.desk.findings.search = text,
        FindingMessage::NextCertainty(certainty) => state.desk.findings.certainty = certainty,
        FindingMessage::Add(scp) => add(state, scp, &mut out),
        FindingMessage::AddFirst => {
            let search = state.desk.findings.search.trim().to_owned();
            match vocabulary::search(&search).first().filter(|_| !search.is_empty()) {
                Some(statement) => add(state, statement.scp.clone(), &mut out),
                None => {
                    let words = &state.words().review.said;
                    state.desk.said = Some(fill(&words.no_statement, &[("search", &search)]));
                }
            }
        }
        FindingMessage::FocusSearch => (state.desk.panel, state.desk.findings.focus) = (true, true),
        FindingMessage::Conclusion(text) => state.desk.findings.conclusion = Some(text),
        FindingMessage::Phrase(phrase) => {
            let mut text = conclusion(state).trim_end().to_owned();
            if !text.is_empty() {
                text.push(if text.ends_with(['.', ':']) { ' ' } else { '\n' });
            }
            text.push_str(&phrase);
            state.desk.findings.conclusion = Some(text);
            out.extend(flush(state));
        }
        FindingMessage::FocusConclusion => (state.desk.panel, state.desk.findings.focus_conclusion) = (true, true),
    }
    out
}

/// The conclusion as it is typed, else as it is kept.
pub fn conclusion(state: &State) -> String {
    let kept = || state.desk.review().map(|review| review.content().conclusion.clone()).unwrap_or_default();
    state.desk.findings.conclusion.clone().unwrap_or_else(kept)
}

fn judged(state: &State, key: &FindingKey) -> Option<Judgement> {
    state.desk.review().and_then(|review| review.content().judgements.get(key)).cloned()
}

fn judge(state: &mut State, key: FindingKey, verdict: Verdict, out: &mut Vec<Effect>) {
    let before = judged(state, &key);
    let judgement = match before {
        Some(before) if before.verdict == verdict => None,
        Some(before) => Some(Judgement { verdict, ..before }),
        None => Some(Judgement { verdict, ..Judgement::present() }),
    };
    act(state, Deed::Perform(Command::Judge { key, judgement }), None, out);
}

fn add(state: &mut State, scp: String, out: &mut Vec<Effect>) {
    let judgement = Judgement { certainty: state.desk.findings.certainty, ..Judgement::present() };
    if act(state, Deed::Perform(Command::AddFinding { scp, judgement }), None, out) {
        state.desk.findings.search.clear();
        state.desk.findings.certainty = Certainty::default();
    }
}

/// Keeps what was typed: a remark and the conclusion are kept when their field loses the keyboard, the recording is closed or confirmed.
pub(crate) fn flush(state: &mut State) -> Vec<Effect> {
    let mut out = Vec::new();
    if let Some((key, text)) = state.desk.findings.comment.take()
        && let Some(before) = judged(state, &key).filter(|before| before.comment != text)
    {
        let judgement = Some(Judgement { comment: text.clone(), ..before });
        if !act(state, Deed::Perform(Command::Judge { key: key.clone(), judgement }), None, &mut out)
            && state.desk.asking.is_none()
        {
            state.desk.findings.comment = Some((key, text));
        }
    }
    let kept = state.desk.review().map(|review| review.content().conclusion.clone());
    if let Some(text) = state.desk.findings.conclusion.take()
        && kept.is_none_or(|kept| kept != text)
        && !act(state, Deed::Perform(Command::Conclude(text.clone())), None, &mut out)
        && state.desk.asking.is_none()
    {
        // Not kept: it stays in the field, and why was told.
        state.desk.findings.conclusion = Some(text);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phrases_are_whole() {
        let sizes = |language| phrases_in(language).iter().map(|(_, phrases)| phrases.len()).collect::<Vec<_>>();
        assert_eq!(sizes(Language::English), sizes(Language::German));
        assert!(sizes(Language::English).len() >= 5);
        for (heading, phrases) in Language::ALL.into_iter().flat_map(phrases_in) {
            assert!(!heading.is_empty() && phrases.len() > 1, "{heading}");
            assert!(phrases.iter().all(|phrase| phrase.ends_with('.')), "{heading}: phrases are sentences");
        }
        assert_eq!(
            phrases("# remark\nA:\nb.\n\nC:\nd."),
            [("A".to_owned(), vec!["b.".to_owned()]), ("C".to_owned(), vec!["d.".to_owned()])]
        );
    }
}
