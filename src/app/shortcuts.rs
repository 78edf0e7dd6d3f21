//! Keys and what they do: one table, used for the keyboard and for the list shown on `?`.

use super::{
    message::Message,
    page::layout::LayoutKind,
    tools::{
        ToolMessage::{self, Caliper},
        calipers::CaliperMessage as C,
    },
};
use egui::{Event, Key, Modifiers};

/// One key of the table.
pub struct Shortcut {
    /// Modifiers that must be held.
    pub modifiers: Modifiers,
    /// The key.
    pub key: Key,
    /// As written in the list.
    pub keys: &'static str,
    /// What it does, in words; empty for a second key of the line above.
    pub help: &'static str,
    /// The message it emits.
    pub message: Emits,
}

/// What a key emits.
#[derive(Clone, Copy)]
pub enum Emits {
    /// A message.
    Message(fn() -> Message),
    /// A tool's message.
    Tool(fn() -> ToolMessage),
}

impl Emits {
    /// The message.
    pub fn message(self) -> Message {
        match self {
            Self::Message(message) => message(),
            Self::Tool(message) => Message::Tool(message()),
        }
    }
}

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL_SHIFT: Modifiers = Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };

const fn shortcut(modifiers: Modifiers, key: Key, keys: &'static str, help: &'static str, message: fn() -> Message) -> Shortcut {
    Shortcut { modifiers, key, keys, help, message: Emits::Message(message) }
}

const fn tool(modifiers: Modifiers, key: Key, keys: &'static str, help: &'static str, message: fn() -> ToolMessage) -> Shortcut {
    Shortcut { modifiers, key, keys, help, message: Emits::Tool(message) }
}

/// All shortcuts.
pub const SHORTCUTS: &[Shortcut] = &[
    shortcut(CTRL, Key::O, "Ctrl O", "Open files", || Message::ShowDialog { folder: false }),
    shortcut(CTRL_SHIFT, Key::O, "Ctrl Shift O", "Open a folder", || Message::ShowDialog { folder: true }),
    shortcut(CTRL, Key::L, "Ctrl L", "Type a path", || Message::FocusPath),
    shortcut(CTRL, Key::W, "Ctrl W", "Close the recording", || Message::Close),
    shortcut(NONE, Key::CloseBracket, "]", "Next recording", || Message::Step(1)),
    shortcut(NONE, Key::OpenBracket, "[", "Previous recording", || Message::Step(-1)),
    shortcut(NONE, Key::ArrowRight, "Right / Left", "Scroll by one second", || Message::ScrollBy(1.0)),
    shortcut(NONE, Key::ArrowLeft, "Left", "", || Message::ScrollBy(-1.0)),
    shortcut(NONE, Key::PageDown, "Page Down / Page Up", "Scroll by a page", || Message::ScrollPages(1.0)),
    shortcut(NONE, Key::PageUp, "Page Up", "", || Message::ScrollPages(-1.0)),
    shortcut(NONE, Key::Home, "Home / End", "To the beginning, to the end", || Message::Home),
    shortcut(NONE, Key::End, "End", "", || Message::End),
    shortcut(NONE, Key::Plus, "+ / -", "Larger, smaller paper", || Message::ZoomAt { factor: 1.25, x: None }),
    shortcut(NONE, Key::Equals, "=", "", || Message::ZoomAt { factor: 1.25, x: None }),
    shortcut(NONE, Key::Minus, "-", "", || Message::ZoomAt { factor: 0.8, x: None }),
    shortcut(NONE, Key::Num0, "0", "Fit ten seconds at 25 mm/s into the window", || Message::ZoomFit),
    shortcut(NONE, Key::Num1, "1", "Columns and rhythm strip", || Message::SetLayout(LayoutKind::Columns)),
    shortcut(NONE, Key::Num2, "2", "One row a lead", || Message::SetLayout(LayoutKind::Rows)),
    shortcut(NONE, Key::G, "G", "Next gain: 5, 10, 20 mm/mV", || Message::NextGain),
    shortcut(NONE, Key::T, "T", "Paper speed 25 or 50 mm/s", || Message::ToggleSpeed),
    shortcut(NONE, Key::F, "F", "Unfiltered, or the last filters again", || Message::ToggleFilter),
    shortcut(NONE, Key::W, "W", "Hide or show where waves begin and end", || Message::ToggleWaves),
    shortcut(NONE, Key::Period, ". / ,", "Next, previous finding", || Message::StepFinding(1)),
    shortcut(NONE, Key::Comma, ",", "", || Message::StepFinding(-1)),
    shortcut(NONE, Key::E, "E", "Hide or show the evidence", || Message::ToggleEvidence),
    tool(NONE, Key::C, "C", "Calipers: drag on a lead to measure", || Caliper(C::ToggleMode)),
    tool(SHIFT, Key::C, "Shift C", "A caliper by key, at the pointer or in the middle of the page", || Caliper(C::Add)),
    tool(NONE, Key::K, "K", "Next kind of caliper", || Caliper(C::NextKind)),
    tool(SHIFT, Key::K, "Shift K", "Choose the next caliper", || Caliper(C::Next)),
    tool(NONE, Key::X, "X", "Keys move the caliper's other end", || Caliper(C::OtherEnd)),
    tool(SHIFT, Key::X, "Shift X", "Calipers snap to peaks and to where waves begin and end", || Caliper(C::ToggleSnap)),
    tool(SHIFT, Key::ArrowRight, "Shift arrows", "Move the caliper's end by a sample, or by 0.01 mV", || Caliper(C::MoveEnd(1))),
    tool(SHIFT, Key::ArrowLeft, "Shift Left", "", || Caliper(C::MoveEnd(-1))),
    tool(SHIFT, Key::ArrowUp, "Shift Up", "", || Caliper(C::RaiseEnd(0.01))),
    tool(SHIFT, Key::ArrowDown, "Shift Down", "", || Caliper(C::RaiseEnd(-0.01))),
    tool(CTRL, Key::ArrowRight, "Ctrl Right / Left", "Move the caliper's end by 20 samples", || Caliper(C::MoveEnd(20))),
    tool(CTRL, Key::ArrowLeft, "Ctrl Left", "", || Caliper(C::MoveEnd(-20))),
    tool(NONE, Key::Backspace, "Backspace", "Delete the chosen caliper; with Shift all", || Caliper(C::DeleteChosen)),
    tool(SHIFT, Key::Backspace, "Shift Backspace", "", || Caliper(C::DeleteAll)),
    tool(NONE, Key::M, "M", "Magnifier", || ToolMessage::ToggleMagnifier),
    tool(NONE, Key::U, "U", "Superimpose leads", || ToolMessage::ToggleSuperimposed),
    tool(NONE, Key::P, "P", "Pin the stretch shown beside the page", || ToolMessage::TogglePin),
    tool(NONE, Key::Y, "Y", "QT of the chosen beat by the tangent", || ToolMessage::ToggleTangent),
    tool(CTRL, Key::G, "Ctrl G", "Go to a time", || ToolMessage::FocusGoTo),
    tool(NONE, Key::B, "B", "Next beat; with Shift the previous", || ToolMessage::StepBeat(1)),
    tool(SHIFT, Key::B, "Shift B", "", || ToolMessage::StepBeat(-1)),
    tool(NONE, Key::D, "D", "Next beat of the class sought; with Shift the previous", || ToolMessage::StepBeatOfClass(1)),
    tool(SHIFT, Key::D, "Shift D", "", || ToolMessage::StepBeatOfClass(-1)),
    tool(NONE, Key::I, "I", "Next event; with Shift the previous", || ToolMessage::StepEvent(1)),
    tool(SHIFT, Key::I, "Shift I", "", || ToolMessage::StepEvent(-1)),
    tool(NONE, Key::Space, "Space", "Follow-on scrolling: begin, stop", || ToolMessage::TogglePlay),
    tool(NONE, Key::H, "H", "Ask the machine, where it is hidden until asked", || ToolMessage::Reveal),
    tool(SHIFT, Key::H, "Shift H", "Read first: hide the machine until it is asked", || ToolMessage::ToggleBlind),
    shortcut(NONE, Key::Escape, "Esc", "Clear what is chosen", || Message::Escape),
    shortcut(NONE, Key::R, "R", "What was repaired in the file", || Message::ToggleRepairs),
    shortcut(NONE, Key::Questionmark, "?", "This list", || Message::ToggleHelp),
];

/// Messages of the keys pressed in these events.
pub fn messages(events: &[Event]) -> Vec<Message> {
    let pressed = events.iter().filter_map(|event| match event {
        Event::Key { key, pressed: true, modifiers, .. } => Some((*key, *modifiers)),
        _ => None,
    });
    pressed.filter_map(|(key, modifiers)| Some(find(key, modifiers)?.message.message())).collect()
}

fn find(key: Key, modifiers: Modifiers) -> Option<&'static Shortcut> {
    // Which of these need Shift depends on the keyboard's layout.
    let symbol = matches!(key, Key::Plus | Key::Equals | Key::Questionmark | Key::OpenBracket | Key::CloseBracket);
    SHORTCUTS.iter().find(|shortcut| {
        shortcut.key == key
            && shortcut.modifiers.command == modifiers.command
            && (symbol || shortcut.modifiers.shift == modifiers.shift)
            && (symbol || !modifiers.alt)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_key_is_taken_twice() {
        let keys: BTreeSet<String> = SHORTCUTS.iter().map(|s| format!("{:?}{:?}", s.modifiers, s.key)).collect();
        assert_eq!(keys.len(), SHORTCUTS.len());
    }

    #[test]
    fn plain_keys_do_not_fire_with_control() {
        assert!(find(Key::O, Modifiers::COMMAND).is_some());
        assert!(find(Key::O, Modifiers::NONE).is_none());
        assert!(find(Key::E, Modifiers::COMMAND).is_none());
        assert!(find(Key::Questionmark, Modifiers::SHIFT).is_some());
    }
}
