//! Keys and what they do: one table, used for the keyboard and for the list shown on `?`.

use super::{drawer::Drawer, message::Message, page::layout::LayoutKind, tabs::TabMessage, worklist::ListMessage};
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
    pub message: fn() -> Message,
}

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };

const fn shortcut(modifiers: Modifiers, key: Key, keys: &'static str, help: &'static str, message: fn() -> Message) -> Shortcut {
    Shortcut { modifiers, key, keys, help, message }
}

/// All shortcuts.
pub const SHORTCUTS: &[Shortcut] = &[
    shortcut(CTRL, Key::O, "Ctrl O", "Open files", || Message::ShowDialog { folder: false }),
    shortcut(CTRL_SHIFT, Key::O, "Ctrl Shift O", "Open a folder", || Message::ShowDialog { folder: true }),
    shortcut(CTRL, Key::L, "Ctrl L", "Type a path", || Message::FocusPath),
    shortcut(CTRL, Key::W, "Ctrl W", "Close the recording or its tab", || Message::Close),
    shortcut(NONE, Key::CloseBracket, "]", "Next recording", || Message::Step(1)),
    shortcut(NONE, Key::OpenBracket, "[", "Previous recording", || Message::Step(-1)),
    shortcut(NONE, Key::U, "U", "Next unread recording", || Message::List(ListMessage::NextUnread)),
    shortcut(CTRL, Key::F, "Ctrl F", "Filter the worklist", || Message::List(ListMessage::FocusFilter)),
    shortcut(NONE, Key::L, "L", "Hide or show the worklist", || Message::List(ListMessage::TogglePanel)),
    shortcut(CTRL, Key::T, "Ctrl T", "New tab", || Message::Tab(TabMessage::New)),
    shortcut(CTRL, Key::PageDown, "Ctrl Page Down / Page Up", "Next, previous tab", || Message::Tab(TabMessage::Step(1))),
    shortcut(CTRL, Key::PageUp, "Ctrl Page Up", "", || Message::Tab(TabMessage::Step(-1))),
    shortcut(SHIFT, Key::T, "Shift T", "Trends", || Message::ToggleDrawer(Drawer::Trends)),
    shortcut(SHIFT, Key::C, "Shift C", "Compare with an earlier recording", || Message::ToggleDrawer(Drawer::Comparison)),
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
    shortcut(NONE, Key::Escape, "Esc", "Clear what is chosen", || Message::Escape),
    shortcut(NONE, Key::R, "R", "Messages: errors, warnings, repairs", || Message::ToggleDrawer(Drawer::Messages)),
    shortcut(NONE, Key::Questionmark, "?", "This list", || Message::ToggleHelp),
];

/// Messages of the keys pressed in these events.
pub fn messages(events: &[Event]) -> Vec<Message> {
    let pressed = events.iter().filter_map(|event| match event {
        Event::Key { key, pressed: true, modifiers, .. } => Some((*key, *modifiers)),
        _ => None,
    });
    pressed.filter_map(|(key, modifiers)| Some((find(key, modifiers)?.message)())).collect()
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
