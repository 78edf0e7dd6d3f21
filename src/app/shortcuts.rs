//! Keys and what they do: one table, used for the keyboard and for the list shown on `?`. The reader may give any of them another key.

use super::{
    drawer::Drawer,
    message::Message,
    paper::PaperMessage,
    report::ReportMessage,
    review::{ReviewMessage, files::FileMessage, findings::FindingMessage},
    tabs::TabMessage,
    tools::{
        ToolMessage::{self, Caliper},
        calipers::CaliperMessage as C,
    },
    worklist::ListMessage,
};
use crate::{layout::LayoutId, review::Verdict};
use egui::{Event, Key, Modifiers};
use std::{collections::BTreeMap, fmt};

/// A key with what must be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    /// Modifiers that must be held.
    pub modifiers: Modifiers,
    /// The key.
    pub key: Key,
}

impl Keys {
    /// `Ctrl Shift O`. Nothing for what is no key.
    pub fn parse(text: &str) -> Option<Self> {
        let mut modifiers = Modifiers::NONE;
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let key = words.pop().and_then(Key::from_name)?;
        for word in words {
            match word {
                "Ctrl" => modifiers.command = true,
                "Shift" => modifiers.shift = true,
                "Alt" => modifiers.alt = true,
                _ => return None,
            }
        }
        Some(Self { modifiers, key })
    }

    /// Whether an event with these modifiers means this key.
    fn is(self, key: Key, modifiers: Modifiers) -> bool {
        // Which of these need Shift depends on the keyboard's layout.
        let symbol = is_symbol(key);
        self.key == key
            && self.modifiers.command == modifiers.command
            && (symbol || self.modifiers.shift == modifiers.shift)
            && (symbol || self.modifiers.alt == modifiers.alt)
    }
}

fn is_symbol(key: Key) -> bool {
    matches!(key, Key::Plus | Key::Equals | Key::Questionmark | Key::OpenBracket | Key::CloseBracket)
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.modifiers.command, "Ctrl "), (self.modifiers.alt, "Alt "), (self.modifiers.shift, "Shift ")] {
            if held {
                f.write_str(name)?;
            }
        }
        f.write_str(match self.key {
            // The sign on the key is read faster than its name.
            Key::Plus
            | Key::Equals
            | Key::Minus
            | Key::Comma
            | Key::Period
            | Key::Questionmark
            | Key::OpenBracket
            | Key::CloseBracket
            | Key::Semicolon
            | Key::Slash => self.key.symbol_or_name(),
            Key::PageDown => "Page Down",
            Key::PageUp => "Page Up",
            Key::Escape => "Esc",
            Key::ArrowLeft => "Left",
            Key::ArrowRight => "Right",
            Key::ArrowUp => "Up",
            Key::ArrowDown => "Down",
            key => key.name(),
        })
    }
}

/// One key of the table.
pub struct Shortcut {
    /// Modifiers that must be held.
    pub modifiers: Modifiers,
    /// The key.
    pub key: Key,
    /// As written in the guide.
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
    /// One of the review.
    Review(fn() -> ReviewMessage),
}

impl Emits {
    /// The message.
    pub fn message(self) -> Message {
        match self {
            Self::Message(message) => message(),
            Self::Tool(message) => Message::Tool(message()),
            Self::Review(message) => Message::Review(message()),
        }
    }
}

impl Shortcut {
    /// The key it comes with; it names the shortcut in the settings.
    pub fn default(&self) -> Keys {
        Keys { modifiers: self.modifiers, key: self.key }
    }

    /// The key that is to be pressed: the reader's, else the one it comes with.
    pub fn current(&self, changed: &Changed) -> Keys {
        let default = self.default();
        changed.get(&stored(default)).and_then(|text| Keys::parse(text)).unwrap_or(default)
    }
}

/// Changed keys by the keys they come with, both as [`stored`].
pub type Changed = BTreeMap<String, String>;

/// How a key stands in the settings.
fn stored(keys: Keys) -> String {
    let Keys { modifiers, key } = keys;
    let held = [(modifiers.command, "Ctrl "), (modifiers.alt, "Alt "), (modifiers.shift, "Shift ")];
    held.iter().filter(|(held, _)| *held).map(|(_, name)| *name).collect::<String>() + key.name()
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

const fn review(
    modifiers: Modifiers,
    key: Key,
    keys: &'static str,
    help: &'static str,
    message: fn() -> ReviewMessage,
) -> Shortcut {
    Shortcut { modifiers, key, keys, help, message: Emits::Review(message) }
}

/// All shortcuts.
pub const SHORTCUTS: &[Shortcut] = &[
    shortcut(CTRL, Key::O, "Ctrl O", "Open files", || Message::ShowDialog { folder: false }),
    shortcut(CTRL_SHIFT, Key::O, "Ctrl Shift O", "Open a folder", || Message::ShowDialog { folder: true }),
    shortcut(CTRL, Key::P, "Ctrl P", "Report: preview, save, print", || Message::Report(ReportMessage::Toggle)),
    shortcut(CTRL, Key::L, "Ctrl L", "Type a path", || Message::FocusPath),
    shortcut(CTRL, Key::W, "Ctrl W", "Close the recording or its tab", || Message::Close),
    shortcut(NONE, Key::CloseBracket, "]", "Next recording", || Message::Step(1)),
    shortcut(NONE, Key::OpenBracket, "[", "Previous recording", || Message::Step(-1)),
    shortcut(NONE, Key::U, "U", "Next unread recording", || Message::List(ListMessage::NextUnread)),
    shortcut(CTRL, Key::F, "Ctrl F", "Filter the worklist", || Message::List(ListMessage::FocusFilter)),
    shortcut(CTRL, Key::B, "Ctrl B", "Hide or show the worklist", || Message::List(ListMessage::TogglePanel)),
    shortcut(CTRL, Key::T, "Ctrl T", "New tab", || Message::Tab(TabMessage::New)),
    shortcut(CTRL, Key::PageDown, "Ctrl Page Down / Page Up", "Next, previous tab", || Message::Tab(TabMessage::Step(1))),
    shortcut(CTRL, Key::PageUp, "Ctrl Page Up", "", || Message::Tab(TabMessage::Step(-1))),
    shortcut(NONE, Key::V, "V", "Trends", || Message::ToggleDrawer(Drawer::Trends)),
    shortcut(SHIFT, Key::P, "Shift P", "Compare with an earlier recording", || Message::ToggleDrawer(Drawer::Comparison)),
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
    shortcut(NONE, Key::Num1, "1", "Columns and rhythm strip", || Message::SetLayout(LayoutId::new("3x4+1"))),
    shortcut(NONE, Key::Num2, "2", "One row a lead", || Message::SetLayout(LayoutId::new("12x1"))),
    shortcut(NONE, Key::G, "G", "Next gain: 2.5, 5, 10, 20, 40 mm/mV", || Message::NextGain),
    shortcut(SHIFT, Key::T, "Shift T", "Next speed: 5, 10, 12.5, 25, 50, 100 mm/s", || Message::NextSpeed),
    shortcut(NONE, Key::T, "T", "Paper speed 25 or 50 mm/s", || Message::ToggleSpeed),
    shortcut(NONE, Key::Num3, "3", "Six rows, two columns", || Message::SetLayout(LayoutId::new("6x2"))),
    shortcut(NONE, Key::Num4, "4", "One lead", || Message::SetLayout(LayoutId::new("one-lead"))),
    shortcut(NONE, Key::Num5, "5", "Median beats", || Message::SetLayout(LayoutId::new("median-beats"))),
    shortcut(NONE, Key::L, "L / Shift L", "Where one lead is shown: the next, the previous", || {
        Message::Paper(PaperMessage::StepLead(1))
    }),
    shortcut(SHIFT, Key::L, "Shift L", "", || Message::Paper(PaperMessage::StepLead(-1))),
    shortcut(NONE, Key::Num9, "9", "Paper in its true size", || Message::Paper(PaperMessage::TrueSize)),
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
    tool(SHIFT, Key::U, "Shift U", "Superimpose leads", || ToolMessage::ToggleSuperimposed),
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
    review(NONE, Key::A, "A", "Label mode: letters are beat types", || ReviewMessage::ToggleLabelMode),
    review(CTRL, Key::Z, "Ctrl Z / Ctrl Shift Z", "Undo, redo", || ReviewMessage::Undo),
    review(CTRL_SHIFT, Key::Z, "Ctrl Shift Z", "", || ReviewMessage::Redo),
    review(CTRL, Key::Y, "Ctrl Y", "", || ReviewMessage::Redo),
    review(CTRL, Key::H, "Ctrl H", "List of steps", || ReviewMessage::ToggleHistory),
    review(CTRL, Key::Enter, "Ctrl Enter", "Confirm the review", || ReviewMessage::Confirm),
    review(SHIFT, Key::A, "Shift A / Shift R", "Accept, reject the chosen finding", || {
        ReviewMessage::Finding(FindingMessage::JudgeChosen(Verdict::Present))
    }),
    review(SHIFT, Key::R, "Shift R", "", || ReviewMessage::Finding(FindingMessage::JudgeChosen(Verdict::Absent))),
    review(CTRL_SHIFT, Key::F, "Ctrl Shift F", "Add a finding", || ReviewMessage::Finding(FindingMessage::FocusSearch)),
    review(CTRL, Key::J, "Ctrl J", "Write the conclusion", || ReviewMessage::Finding(FindingMessage::FocusConclusion)),
    review(CTRL, Key::E, "Ctrl E", "Export labels", || ReviewMessage::File(FileMessage::AskExport)),
    review(CTRL, Key::I, "Ctrl I", "Import labels of another annotator", || ReviewMessage::File(FileMessage::AskImport)),
    shortcut(NONE, Key::Escape, "Esc", "Clear what is chosen", || Message::Escape),
    shortcut(NONE, Key::R, "R", "Messages: errors, warnings, repairs", || Message::ToggleDrawer(Drawer::Messages)),
    shortcut(CTRL, Key::Plus, "Ctrl + / Ctrl -", "Larger, smaller writing", || Message::Paper(PaperMessage::ScaleInterface(1.1))),
    shortcut(CTRL, Key::Equals, "Ctrl =", "", || Message::Paper(PaperMessage::ScaleInterface(1.1))),
    shortcut(CTRL, Key::Minus, "Ctrl -", "", || Message::Paper(PaperMessage::ScaleInterface(1.0 / 1.1))),
    shortcut(CTRL_SHIFT, Key::T, "Ctrl Shift T", "Next colours", || Message::Paper(PaperMessage::NextTheme)),
    shortcut(CTRL, Key::Comma, "Ctrl ,", "Settings: language, colours, sizes, screen", || {
        Message::Paper(PaperMessage::ToggleLooks)
    }),
    shortcut(NONE, Key::Questionmark, "?", "This list", || Message::ToggleHelp),
];

/// Messages of the keys pressed in these events.
pub fn messages<'a>(events: impl IntoIterator<Item = &'a Event>, changed: &Changed) -> Vec<Message> {
    let pressed = pressed(events);
    pressed.filter_map(|keys| Some(find(keys.key, keys.modifiers, changed)?.message.message())).collect()
}

/// Whether a key means its shortcut though a text field has the keyboard: with Ctrl held, unless the field itself does something with it (copying,
/// undoing what was typed, deleting a word, moving the cursor).
pub fn is_beside_text(event: &Event) -> bool {
    use Key::{A, ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Backspace, C, Delete, End, H, Home, K, U, V, W, X, Y, Z};
    match event {
        Event::Key { key, pressed: true, modifiers, .. } => {
            let of_text = matches!(
                key,
                A | C
                    | H
                    | K
                    | U
                    | V
                    | W
                    | X
                    | Y
                    | Z
                    | Backspace
                    | Delete
                    | Home
                    | End
                    | ArrowLeft
                    | ArrowRight
                    | ArrowUp
                    | ArrowDown
            );
            modifiers.command && !of_text
        }
        _ => false,
    }
}

/// Keys pressed in these events.
pub fn pressed<'a>(events: impl IntoIterator<Item = &'a Event>) -> impl Iterator<Item = Keys> {
    events.into_iter().filter_map(|event| match event {
        Event::Key { key, pressed: true, modifiers, .. } => Some(Keys { key: *key, modifiers: *modifiers }),
        _ => None,
    })
}

fn find(key: Key, modifiers: Modifiers, changed: &Changed) -> Option<&'static Shortcut> {
    SHORTCUTS.iter().find(|shortcut| shortcut.current(changed).is(key, modifiers))
}

/// What a shortcut does; for a second key of a line, what the line says.
pub fn help_of(keys: Keys) -> &'static str {
    let at = SHORTCUTS.iter().position(|shortcut| shortcut.default() == keys).unwrap_or(0);
    SHORTCUTS.iter().take(at + 1).rev().map(|shortcut| shortcut.help).find(|help| !help.is_empty()).unwrap_or_default()
}

/// Gives the shortcut that comes with the key `default` the key `keys`. Keys that move the focus or are taken are refused, in words.
pub fn bind(changed: &mut Changed, default: Keys, keys: Keys) -> Result<(), String> {
    // What the window system adds (left or right, Mac or not) is of no interest.
    let held = keys.modifiers;
    let shift = held.shift && !is_symbol(keys.key);
    let keys = Keys { key: keys.key, modifiers: Modifiers { shift, alt: held.alt, command: held.command, ..Modifiers::NONE } };
    if matches!(keys.key, Key::Tab | Key::Enter | Key::Space | Key::Escape) {
        return Err(format!("{keys} moves or uses the focus and cannot be given away"));
    }
    let taken =
        SHORTCUTS.iter().find(|shortcut| shortcut.default() != default && shortcut.current(changed).is(keys.key, keys.modifiers));
    if let Some(other) = taken {
        return Err(format!("{keys} is taken by \"{}\"; give that another key first", help_of(other.default())));
    }
    if keys == default {
        changed.remove(&stored(default));
    } else {
        changed.insert(stored(default), stored(keys));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_key_is_taken_twice() {
        let keys: BTreeSet<String> = SHORTCUTS.iter().map(|s| stored(s.default())).collect();
        assert_eq!(keys.len(), SHORTCUTS.len());
        for shortcut in SHORTCUTS {
            assert_eq!(Keys::parse(&stored(shortcut.default())), Some(shortcut.default()));
            assert!(!help_of(shortcut.default()).is_empty());
        }
    }

    #[test]
    fn plain_keys_do_not_fire_with_control() {
        let none = Changed::new();
        assert!(find(Key::O, Modifiers::COMMAND, &none).is_some());
        assert!(find(Key::O, Modifiers::NONE, &none).is_none());
        assert!(find(Key::M, Modifiers::COMMAND, &none).is_none());
        assert!(find(Key::Questionmark, Modifiers::SHIFT, &none).is_some());
    }

    #[test]
    fn while_typing_only_what_text_does_not_use_is_a_shortcut() {
        let key = |text: &str| {
            let Keys { key, modifiers } = Keys::parse(text).expect("a key");
            Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
        };
        for beside in ["Ctrl Enter", "Ctrl E", "Ctrl Shift F", "Ctrl J", "Ctrl P", "Ctrl PageDown"] {
            assert!(is_beside_text(&key(beside)), "{beside}");
        }
        for text in [
            "Ctrl Z",
            "Ctrl Shift Z",
            "Ctrl Y",
            "Ctrl C",
            "Ctrl A",
            "Ctrl W",
            "A",
            "Shift A",
            "Enter",
            "Escape",
            "Ctrl ArrowLeft",
        ] {
            assert!(!is_beside_text(&key(text)), "{text}");
        }
    }

    #[test]
    fn a_changed_key_works_instead_and_conflicts_are_told() {
        let mut changed = Changed::new();
        let keys = |text: &str| Keys::parse(text).expect("a key");
        bind(&mut changed, keys("G"), keys("F7")).expect("free");
        assert!(find(Key::G, NONE, &changed).is_none());
        assert_eq!(find(Key::F7, NONE, &changed).map(Shortcut::default), Some(keys("G")));
        let taken = bind(&mut changed, keys("F"), keys("F7")).expect_err("taken");
        assert!(taken.contains("Next gain"), "{taken}");
        bind(&mut changed, keys("F"), keys("G")).expect("given away");
        assert!(bind(&mut changed, keys("G"), keys("G")).is_err(), "F's key now");
        assert!(bind(&mut changed, keys("F"), keys("Tab")).is_err());
        bind(&mut changed, keys("F"), keys("F")).expect("its own");
        bind(&mut changed, keys("G"), keys("G")).expect("its own");
        assert!(changed.is_empty());
    }

    #[test]
    fn settings_that_make_no_sense_leave_the_key_as_it_was() {
        let changed: Changed = [("G".to_owned(), "Hyper Ω".to_owned()), ("Nonsense".to_owned(), "F".to_owned())].into();
        assert!(find(Key::G, NONE, &changed).is_some() && find(Key::F, NONE, &changed).is_some());
    }
}
