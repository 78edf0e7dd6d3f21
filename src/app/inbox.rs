//! Errors, warnings and repairs in one place. Nothing leaves it by itself: a reader marks what was read.

use super::{
    language::{self, window},
    state::State,
};
use crate::{recording::Repair, words::fill};
use std::collections::BTreeSet;

/// What can happen to messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InboxMessage {
    /// A message was read.
    Read(Key),
    /// All messages were read.
    ReadAll,
}

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something that was asked for did not happen.
    Error,
    /// Something to know before trusting what is shown.
    Warning,
    /// A fault of the file that was mended while it was read.
    Repair,
}

impl Level {
    /// For people.
    pub fn label(self) -> &'static str {
        let words = &window().inbox;
        match self {
            Self::Error => &words.error,
            Self::Warning => &words.warning,
            Self::Repair => &words.repaired,
        }
    }
}

/// Names a message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A notice by its number.
    Notice(u64),
    /// What is said of a recording, by its words.
    Said(String),
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Names it.
    pub key: Key,
    /// How much it matters.
    pub level: Level,
    /// What it is about, in bold; may be empty.
    pub title: String,
    /// The message, line by line.
    pub lines: Vec<String>,
    /// It was read.
    pub read: bool,
}

/// Which messages about recordings were read.
#[derive(Debug, Default)]
pub struct Inbox {
    read: BTreeSet<String>,
}

/// All repairs of the open recording: the reader's and those met while analysing.
pub fn repairs(state: &State) -> Vec<&Repair> {
    let mut repairs: Vec<&Repair> = state.recording().map(|r| r.repairs.iter().collect()).unwrap_or_default();
    for repair in state.analysis.iter().flat_map(|analysis| &analysis.repairs) {
        if !repairs.contains(&repair) {
            repairs.push(repair);
        }
    }
    repairs
}

/// All messages: errors, newest first, then warnings and repairs of the open recording.
pub fn items(state: &State) -> Vec<Item> {
    let mut items: Vec<Item> = state
        .notices
        .iter()
        .rev()
        .map(|notice| Item {
            key: Key::Notice(notice.id),
            level: Level::Error,
            title: String::new(),
            lines: vec![notice.text.clone()],
            read: notice.read,
        })
        .collect();
    let words = &window().inbox;
    let mut say = |level, about: &str, title: &str, lines: Vec<String>| {
        let said = format!("{about}\n{title}\n{}", lines.join("\n"));
        let read = state.inbox.read.contains(&said);
        items.push(Item { key: Key::Said(said), level, title: title.to_owned(), lines, read });
    };
    if let Some(note) = state.analysis.as_ref().and_then(|analysis| analysis.engine.as_ref()?.note.as_ref()) {
        say(Level::Warning, "", &words.engine, vec![note.clone()]);
    }
    let Some(recording) = state.recording() else { return items };
    let about = recording.path.display().to_string();
    for suspicion in state.analysis.iter().flat_map(|analysis| &analysis.quality.suspected) {
        say(Level::Warning, &about, &words.electrodes, vec![language::suspicion(suspicion)]);
    }
    if state.analysis.as_ref().is_some_and(|analysis| analysis.quality.acceptable == Some(false)) {
        say(Level::Warning, &about, &words.quality, vec![words.not_acceptable.clone()]);
    }
    let uncalibrated: Vec<String> =
        recording.leads.iter().filter(|signal| !signal.calibrated).map(|signal| signal.lead.to_string()).collect();
    if !uncalibrated.is_empty() {
        let text = fill(&words.uncalibrated_leads, &[("leads", &uncalibrated.join(", "))]);
        say(Level::Warning, &about, &words.uncalibrated, vec![text]);
    }
    for repair in repairs(state) {
        let lines = vec![fill(&words.found, &[("found", &repair.found)]), fill(&words.taken, &[("taken", &repair.assumed)])];
        say(Level::Repair, &about, &repair.field, lines);
    }
    items
}

/// Applies a message.
pub fn update(state: &mut State, message: InboxMessage) {
    let keys = match message {
        InboxMessage::Read(key) => vec![key],
        InboxMessage::ReadAll => items(state).into_iter().map(|item| item.key).collect(),
    };
    for key in keys {
        match key {
            Key::Notice(id) => {
                for notice in state.notices.iter_mut().filter(|notice| notice.id == id) {
                    notice.read = true;
                }
            }
            Key::Said(said) => {
                state.inbox.read.insert(said);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::update::notice;

    #[test]
    fn messages_stay_until_they_are_read_and_stay_in_the_list_after() {
        let mut state = State::default();
        notice(&mut state, "one".into(), true);
        notice(&mut state, "two".into(), false);
        let unread = |state: &State| items(state).iter().filter(|item| !item.read).count();
        assert_eq!(unread(&state), 2);
        let first = items(&state)[0].clone();
        assert_eq!(first.lines, ["two"], "the newest first");
        update(&mut state, InboxMessage::Read(first.key));
        assert_eq!((unread(&state), items(&state).len()), (1, 2));
        notice(&mut state, "two".into(), false);
        assert_eq!((unread(&state), items(&state).len()), (2, 2), "what is said again is unread again");
        update(&mut state, InboxMessage::ReadAll);
        assert_eq!(unread(&state), 0);
    }
}
