//! Keys of label mode. Letters are WFDB's mnemonics there, and the keys around them go from beat to beat; everything else stays what it is.

use super::{
    Desk, ReviewMessage,
    beats::{Pick, Seek},
    intervals::IntervalMessage,
};
use crate::{app::message::Message, review::BeatType, words::LabelKeys};
use egui::{Event, Key, Modifiers};

/// A key of label mode, for the list of keys.
pub struct LabelKey {
    /// As written.
    pub keys: &'static str,
    /// What it does.
    pub help: fn(&LabelKeys) -> &str,
}

const fn key(keys: &'static str, help: fn(&LabelKeys) -> &str) -> LabelKey {
    LabelKey { keys, help }
}

/// All keys of label mode besides the mnemonics.
pub const KEYS: &[LabelKey] = &[
    key("Right / Left", |words| &words.next_beat),
    key("u / U", |words| &words.uncertain),
    key("c / C", |words| &words.this_type),
    key("d / D", |words| &words.disagreement),
    key("t", |words| &words.take),
    key("Enter", |words| &words.carry_out),
    key("o", |words| &words.of_type),
    key("k", |words| &words.like),
    key("Ctrl A", |words| &words.all),
    key("i", |words| &words.add),
    key("m", |words| &words.move_here),
    key("Alt Right / Left", |words| &words.move_by),
    key("Delete", |words| &words.delete),
    key("g", |words| &words.interval),
    key("Esc", |words| &words.escape),
];

/// What the events of a frame mean in label mode, and the events that are left for the shortcuts. `focused`: something has the keyboard.
pub fn take<'a>(events: &'a [Event], desk: &Desk, focused: bool) -> (Vec<Message>, Vec<&'a Event>) {
    if !desk.label_mode {
        return (Vec::new(), events.iter().collect());
    }
    // What a key writes depends on the keyboard; the text says it. Where no text comes with the keys, they are read as on an American keyboard.
    let has_text = events.iter().any(|event| matches!(event, Event::Text(_)));
    let mut messages = Vec::new();
    let mut rest = Vec::new();
    for event in events {
        match event {
            Event::Text(text) => messages.extend(text.chars().filter_map(written)),
            Event::Key { key, pressed: true, modifiers, .. } => {
                if let Some(message) = command(*key, *modifiers, focused) {
                    messages.push(message);
                } else if !modifiers.command && !modifiers.alt && is_writing(*key) {
                    if !has_text {
                        messages.extend(character(*key, modifiers.shift).and_then(written));
                    }
                } else {
                    rest.push(event);
                }
            }
            _ => rest.push(event),
        }
    }
    (messages.into_iter().map(Message::Review).collect(), rest)
}

/// Keys that do what they do whatever they write.
fn command(key: Key, modifiers: Modifiers, focused: bool) -> Option<ReviewMessage> {
    let Modifiers { alt, shift, command, .. } = modifiers;
    let step = |forward| ReviewMessage::Seek { what: Seek::Any, forward, extend: shift };
    match (key, alt, command) {
        (Key::ArrowRight, false, false) => Some(step(true)),
        (Key::ArrowLeft, false, false) => Some(step(false)),
        (Key::ArrowRight, true, false) => Some(ReviewMessage::MoveBy(if shift { 10 } else { 1 })),
        (Key::ArrowLeft, true, false) => Some(ReviewMessage::MoveBy(if shift { -10 } else { -1 })),
        // What has the keyboard is pressed by Enter.
        (Key::Enter, false, false) if !focused => Some(ReviewMessage::CarryOut),
        (Key::Delete | Key::Backspace, false, false) => Some(ReviewMessage::DeleteBeats),
        (Key::Escape, false, false) => Some(ReviewMessage::Escape),
        (Key::A, false, true) => Some(ReviewMessage::Pick(Pick::All)),
        _ => None,
    }
}

/// What a character means.
fn written(character: char) -> Option<ReviewMessage> {
    if let Some(label) = BeatType::from_key(character).filter(|label| *label != BeatType::Learning) {
        return Some(ReviewMessage::Relabel(label));
    }
    let seek = |what, forward| Some(ReviewMessage::Seek { what, forward, extend: false });
    match character {
        'u' => seek(Seek::Uncertain, true),
        'U' => seek(Seek::Uncertain, false),
        'c' => seek(Seek::ThisType, true),
        'C' => seek(Seek::ThisType, false),
        'd' => seek(Seek::Disagreement, true),
        'D' => seek(Seek::Disagreement, false),
        't' => Some(ReviewMessage::TakeTheirs),
        'o' => Some(ReviewMessage::Pick(Pick::OfThisType)),
        'k' => Some(ReviewMessage::Pick(Pick::Like)),
        'i' => Some(ReviewMessage::AddBeat(None)),
        'm' => Some(ReviewMessage::MoveHere),
        'g' => Some(ReviewMessage::Interval(IntervalMessage::Key)),
        _ => None,
    }
}

/// Letters, and the two signs that are mnemonics.
fn is_writing(key: Key) -> bool {
    matches!(key, Key::Slash | Key::Backslash | Key::Pipe) || letter(key).is_some()
}

fn letter(key: Key) -> Option<char> {
    let mut name = key.name().chars();
    match (name.next(), name.next()) {
        (Some(letter), None) if letter.is_ascii_uppercase() => Some(letter),
        _ => None,
    }
}

fn character(key: Key, shift: bool) -> Option<char> {
    match key {
        Key::Slash => Some('/'),
        Key::Pipe => Some('|'),
        Key::Backslash => shift.then_some('|'),
        key => letter(key).map(|letter| if shift { letter } else { letter.to_ascii_lowercase() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(key: Key, modifiers: Modifiers) -> Event {
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
    }

    fn meant(events: &[Event]) -> Vec<ReviewMessage> {
        let desk = Desk { label_mode: true, ..Desk::default() };
        let messages = take(events, &desk, false).0.into_iter();
        messages.filter_map(|message| if let Message::Review(message) = message { Some(message) } else { None }).collect()
    }

    #[test]
    fn every_mnemonic_is_one_key_and_no_other_key_is_one() {
        for label in BeatType::settable() {
            assert_eq!(written(label.key()), Some(ReviewMessage::Relabel(label)));
        }
        for other in "ucdtokimgUCD".chars() {
            assert!(BeatType::from_key(other).is_none(), "{other}");
            assert!(written(other).is_some());
        }
        assert_eq!(written('?'), None, "nobody sets what a detector learns");
    }

    #[test]
    fn a_key_and_the_text_it_writes_count_once() {
        let shift = Modifiers::SHIFT;
        assert_eq!(
            meant(&[pressed(Key::V, shift), Event::Text("V".into())]),
            [ReviewMessage::Relabel(BeatType::VentricularPremature)]
        );
        assert_eq!(meant(&[pressed(Key::V, shift)]), [ReviewMessage::Relabel(BeatType::VentricularPremature)]);
        assert_eq!(meant(&[pressed(Key::A, Modifiers::NONE)]), [ReviewMessage::Relabel(BeatType::AberratedAtrialPremature)]);
        assert_eq!(meant(&[pressed(Key::Backslash, shift)]), [ReviewMessage::Relabel(BeatType::Artifact)]);
        // Shift 7 on a German keyboard.
        assert_eq!(meant(&[pressed(Key::Slash, shift), Event::Text("/".into())]), [ReviewMessage::Relabel(BeatType::Paced)]);
    }

    #[test]
    fn shortcuts_with_control_and_other_keys_are_left() {
        let desk = Desk { label_mode: true, ..Desk::default() };
        let events =
            [pressed(Key::Z, Modifiers::COMMAND), pressed(Key::PageDown, Modifiers::NONE), pressed(Key::G, Modifiers::NONE)];
        let (messages, rest) = take(&events, &desk, false);
        assert_eq!((messages.len(), rest.len()), (1, 2));
        assert_eq!(take(&events, &Desk::default(), false).1.len(), 3, "outside label mode all are");
    }
}
