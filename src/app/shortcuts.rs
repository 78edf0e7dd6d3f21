//! Keys and what they do: one table, used for the keyboard and for the list shown on `?`. The reader may give any of them another key.

use super::{
    drawer::Drawer,
    language::window,
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
use crate::{
    layout::LayoutId,
    review::Verdict,
    words::{fill, window::Keyboard},
};
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
        let names = &window().key_names;
        for (held, name) in
            [(self.modifiers.command, &names.ctrl), (self.modifiers.alt, &names.alt), (self.modifiers.shift, &names.shift)]
        {
            if held {
                write!(f, "{name} ")?;
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
            Key::PageDown => &names.page_down,
            Key::PageUp => &names.page_up,
            Key::Escape => &names.escape,
            Key::ArrowLeft => &names.left,
            Key::ArrowRight => &names.right,
            Key::ArrowUp => &names.up,
            Key::ArrowDown => &names.down,
            Key::Home => &names.home,
            Key::End => &names.end,
            Key::Backspace => &names.backspace,
            Key::Enter => &names.enter,
            Key::Space => &names.space,
            Key::Insert => &names.insert,
            Key::Delete => &names.delete,
            Key::Tab => &names.tab,
            key => key.name(),
        })
    }
}

/// Keys written in English, such as `Alt Right / Left`, in the reader's words.
pub fn spelled(keys: &str) -> String {
    let names = &window().key_names;
    let own = |word| match word {
        "Ctrl" => &names.ctrl,
        "Alt" => &names.alt,
        "Shift" => &names.shift,
        "Left" => &names.left,
        "Right" => &names.right,
        "Delete" => &names.delete,
        "Enter" => &names.enter,
        "Esc" => &names.escape,
        other => other,
    };
    keys.split(' ').map(own).collect::<Vec<_>>().join(" ")
}

/// Picks what a key does from the reader's words.
pub type Help = fn(&'static Keyboard) -> &'static str;

/// A second key of the line above.
const SAME: Help = |_| "";

/// One key of the table.
pub struct Shortcut {
    /// Modifiers that must be held.
    pub modifiers: Modifiers,
    /// The key.
    pub key: Key,
    /// As written in the guide.
    pub keys: &'static str,
    /// What it does, in words; empty for a second key of the line above.
    pub help: Help,
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
    /// What it does, in the reader's language; empty for a second key of the line above.
    pub fn help(&self) -> &'static str {
        (self.help)(&window().keyboard)
    }

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

const fn shortcut(modifiers: Modifiers, key: Key, keys: &'static str, help: Help, message: fn() -> Message) -> Shortcut {
    Shortcut { modifiers, key, keys, help, message: Emits::Message(message) }
}

const fn tool(modifiers: Modifiers, key: Key, keys: &'static str, help: Help, message: fn() -> ToolMessage) -> Shortcut {
    Shortcut { modifiers, key, keys, help, message: Emits::Tool(message) }
}

const fn review(modifiers: Modifiers, key: Key, keys: &'static str, help: Help, message: fn() -> ReviewMessage) -> Shortcut {
    Shortcut { modifiers, key, keys, help, message: Emits::Review(message) }
}

/// All shortcuts.
pub const SHORTCUTS: &[Shortcut] = &[
    shortcut(CTRL, Key::O, "Ctrl O", |w| &w.open_files, || Message::ShowDialog { folder: false }),
    shortcut(CTRL_SHIFT, Key::O, "Ctrl Shift O", |w| &w.open_folder, || Message::ShowDialog { folder: true }),
    shortcut(CTRL, Key::P, "Ctrl P", |w| &w.report, || Message::Report(ReportMessage::Toggle)),
    shortcut(CTRL, Key::L, "Ctrl L", |w| &w.path, || Message::FocusPath),
    shortcut(CTRL, Key::W, "Ctrl W", |w| &w.close, || Message::Close),
    shortcut(NONE, Key::CloseBracket, "]", |w| &w.next, || Message::Step(1)),
    shortcut(NONE, Key::OpenBracket, "[", |w| &w.previous, || Message::Step(-1)),
    shortcut(NONE, Key::U, "U", |w| &w.next_unread, || Message::List(ListMessage::NextUnread)),
    shortcut(CTRL, Key::F, "Ctrl F", |w| &w.filter_list, || Message::List(ListMessage::FocusFilter)),
    shortcut(CTRL, Key::B, "Ctrl B", |w| &w.toggle_list, || Message::List(ListMessage::TogglePanel)),
    shortcut(CTRL, Key::T, "Ctrl T", |w| &w.new_tab, || Message::Tab(TabMessage::New)),
    shortcut(CTRL, Key::PageDown, "Ctrl Page Down / Page Up", |w| &w.step_tab, || Message::Tab(TabMessage::Step(1))),
    shortcut(CTRL, Key::PageUp, "Ctrl Page Up", SAME, || Message::Tab(TabMessage::Step(-1))),
    shortcut(NONE, Key::V, "V", |w| &w.trends, || Message::ToggleDrawer(Drawer::Trends)),
    shortcut(SHIFT, Key::P, "Shift P", |w| &w.compare, || Message::ToggleDrawer(Drawer::Comparison)),
    shortcut(NONE, Key::ArrowRight, "Right / Left", |w| &w.scroll_second, || Message::ScrollBy(1.0)),
    shortcut(NONE, Key::ArrowLeft, "Left", SAME, || Message::ScrollBy(-1.0)),
    shortcut(NONE, Key::PageDown, "Page Down / Page Up", |w| &w.scroll_page, || Message::ScrollPages(1.0)),
    shortcut(NONE, Key::PageUp, "Page Up", SAME, || Message::ScrollPages(-1.0)),
    shortcut(NONE, Key::Home, "Home / End", |w| &w.ends, || Message::Home),
    shortcut(NONE, Key::End, "End", SAME, || Message::End),
    shortcut(NONE, Key::Plus, "+ / -", |w| &w.zoom, || Message::ZoomAt { factor: 1.25, x: None }),
    shortcut(NONE, Key::Equals, "=", SAME, || Message::ZoomAt { factor: 1.25, x: None }),
    shortcut(NONE, Key::Minus, "-", SAME, || Message::ZoomAt { factor: 0.8, x: None }),
    shortcut(NONE, Key::Num0, "0", |w| &w.fit, || Message::ZoomFit),
    shortcut(NONE, Key::Num1, "1", |w| &w.columns, || Message::SetLayout(LayoutId::new("3x4+1"))),
    shortcut(NONE, Key::Num2, "2", |w| &w.rows, || Message::SetLayout(LayoutId::new("12x1"))),
    shortcut(NONE, Key::G, "G", |w| &w.gain, || Message::NextGain),
    shortcut(SHIFT, Key::T, "Shift T", |w| &w.speed, || Message::NextSpeed),
    shortcut(NONE, Key::T, "T", |w| &w.speed_two, || Message::ToggleSpeed),
    shortcut(NONE, Key::Num3, "3", |w| &w.six_by_two, || Message::SetLayout(LayoutId::new("6x2"))),
    shortcut(NONE, Key::Num4, "4", |w| &w.one_lead, || Message::SetLayout(LayoutId::new("one-lead"))),
    shortcut(NONE, Key::Num5, "5", |w| &w.median_beats, || Message::SetLayout(LayoutId::new("median-beats"))),
    shortcut(NONE, Key::L, "L / Shift L", |w| &w.step_lead, || Message::Paper(PaperMessage::StepLead(1))),
    shortcut(SHIFT, Key::L, "Shift L", SAME, || Message::Paper(PaperMessage::StepLead(-1))),
    shortcut(NONE, Key::Num9, "9", |w| &w.true_size, || Message::Paper(PaperMessage::TrueSize)),
    shortcut(NONE, Key::F, "F", |w| &w.filters, || Message::ToggleFilter),
    shortcut(NONE, Key::W, "W", |w| &w.waves, || Message::ToggleWaves),
    shortcut(NONE, Key::Period, ". / ,", |w| &w.step_finding, || Message::StepFinding(1)),
    shortcut(NONE, Key::Comma, ",", SAME, || Message::StepFinding(-1)),
    shortcut(NONE, Key::E, "E", |w| &w.evidence, || Message::ToggleEvidence),
    tool(NONE, Key::C, "C", |w| &w.calipers, || Caliper(C::ToggleMode)),
    tool(SHIFT, Key::C, "Shift C", |w| &w.caliper_by_key, || Caliper(C::Add)),
    tool(NONE, Key::K, "K", |w| &w.caliper_kind, || Caliper(C::NextKind)),
    tool(SHIFT, Key::K, "Shift K", |w| &w.caliper_next, || Caliper(C::Next)),
    tool(NONE, Key::X, "X", |w| &w.caliper_end, || Caliper(C::OtherEnd)),
    tool(SHIFT, Key::X, "Shift X", |w| &w.caliper_snap, || Caliper(C::ToggleSnap)),
    tool(SHIFT, Key::ArrowRight, "Shift arrows", |w| &w.caliper_sample, || Caliper(C::MoveEnd(1))),
    tool(SHIFT, Key::ArrowLeft, "Shift Left", SAME, || Caliper(C::MoveEnd(-1))),
    tool(SHIFT, Key::ArrowUp, "Shift Up", SAME, || Caliper(C::RaiseEnd(0.01))),
    tool(SHIFT, Key::ArrowDown, "Shift Down", SAME, || Caliper(C::RaiseEnd(-0.01))),
    tool(CTRL, Key::ArrowRight, "Ctrl Right / Left", |w| &w.caliper_far, || Caliper(C::MoveEnd(20))),
    tool(CTRL, Key::ArrowLeft, "Ctrl Left", SAME, || Caliper(C::MoveEnd(-20))),
    tool(NONE, Key::Backspace, "Backspace", |w| &w.caliper_delete, || Caliper(C::DeleteChosen)),
    tool(SHIFT, Key::Backspace, "Shift Backspace", SAME, || Caliper(C::DeleteAll)),
    tool(NONE, Key::M, "M", |w| &w.magnifier, || ToolMessage::ToggleMagnifier),
    tool(SHIFT, Key::U, "Shift U", |w| &w.superimpose, || ToolMessage::ToggleSuperimposed),
    tool(NONE, Key::P, "P", |w| &w.pin, || ToolMessage::TogglePin),
    tool(NONE, Key::Y, "Y", |w| &w.tangent, || ToolMessage::ToggleTangent),
    tool(CTRL, Key::G, "Ctrl G", |w| &w.go_to, || ToolMessage::FocusGoTo),
    tool(NONE, Key::B, "B", |w| &w.step_beat, || ToolMessage::StepBeat(1)),
    tool(SHIFT, Key::B, "Shift B", SAME, || ToolMessage::StepBeat(-1)),
    tool(NONE, Key::D, "D", |w| &w.step_class, || ToolMessage::StepBeatOfClass(1)),
    tool(SHIFT, Key::D, "Shift D", SAME, || ToolMessage::StepBeatOfClass(-1)),
    tool(NONE, Key::I, "I", |w| &w.step_event, || ToolMessage::StepEvent(1)),
    tool(SHIFT, Key::I, "Shift I", SAME, || ToolMessage::StepEvent(-1)),
    tool(NONE, Key::Space, "Space", |w| &w.play, || ToolMessage::TogglePlay),
    tool(NONE, Key::H, "H", |w| &w.ask, || ToolMessage::Reveal),
    tool(SHIFT, Key::H, "Shift H", |w| &w.read_first, || ToolMessage::ToggleBlind),
    review(NONE, Key::A, "A", |w| &w.label_mode, || ReviewMessage::ToggleLabelMode),
    review(CTRL, Key::Z, "Ctrl Z / Ctrl Shift Z", |w| &w.undo, || ReviewMessage::Undo),
    review(CTRL_SHIFT, Key::Z, "Ctrl Shift Z", SAME, || ReviewMessage::Redo),
    review(CTRL, Key::Y, "Ctrl Y", SAME, || ReviewMessage::Redo),
    review(CTRL, Key::H, "Ctrl H", |w| &w.history, || ReviewMessage::ToggleHistory),
    review(CTRL, Key::Enter, "Ctrl Enter", |w| &w.confirm, || ReviewMessage::Confirm),
    review(
        SHIFT,
        Key::A,
        "Shift A / Shift R",
        |w| &w.judge,
        || ReviewMessage::Finding(FindingMessage::JudgeChosen(Verdict::Present)),
    ),
    review(SHIFT, Key::R, "Shift R", SAME, || ReviewMessage::Finding(FindingMessage::JudgeChosen(Verdict::Absent))),
    review(CTRL_SHIFT, Key::F, "Ctrl Shift F", |w| &w.add_finding, || ReviewMessage::Finding(FindingMessage::FocusSearch)),
    review(CTRL, Key::J, "Ctrl J", |w| &w.conclusion, || ReviewMessage::Finding(FindingMessage::FocusConclusion)),
    review(CTRL, Key::E, "Ctrl E", |w| &w.export, || ReviewMessage::File(FileMessage::AskExport)),
    review(CTRL, Key::I, "Ctrl I", |w| &w.import, || ReviewMessage::File(FileMessage::AskImport)),
    shortcut(NONE, Key::Escape, "Esc", |w| &w.escape, || Message::Escape),
    shortcut(NONE, Key::R, "R", |w| &w.messages, || Message::ToggleDrawer(Drawer::Messages)),
    shortcut(CTRL, Key::Plus, "Ctrl + / Ctrl -", |w| &w.writing, || Message::Paper(PaperMessage::ScaleInterface(1.1))),
    shortcut(CTRL, Key::Equals, "Ctrl =", SAME, || Message::Paper(PaperMessage::ScaleInterface(1.1))),
    shortcut(CTRL, Key::Minus, "Ctrl -", SAME, || Message::Paper(PaperMessage::ScaleInterface(1.0 / 1.1))),
    shortcut(CTRL_SHIFT, Key::T, "Ctrl Shift T", |w| &w.colours, || Message::Paper(PaperMessage::NextTheme)),
    shortcut(CTRL, Key::Comma, "Ctrl ,", |w| &w.settings, || Message::Paper(PaperMessage::ToggleLooks)),
    shortcut(NONE, Key::Questionmark, "?", |w| &w.help, || Message::ToggleHelp),
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
    SHORTCUTS.iter().take(at + 1).rev().map(Shortcut::help).find(|help| !help.is_empty()).unwrap_or_default()
}

/// Gives the shortcut that comes with the key `default` the key `keys`. Keys that move the focus or are taken are refused, in words.
pub fn bind(changed: &mut Changed, default: Keys, keys: Keys) -> Result<(), String> {
    // What the window system adds (left or right, Mac or not) is of no interest.
    let held = keys.modifiers;
    let shift = held.shift && !is_symbol(keys.key);
    let keys = Keys { key: keys.key, modifiers: Modifiers { shift, alt: held.alt, command: held.command, ..Modifiers::NONE } };
    if matches!(keys.key, Key::Tab | Key::Enter | Key::Space | Key::Escape) {
        return Err(fill(&window().help.focus, &[("keys", &keys.to_string())]));
    }
    let taken =
        SHORTCUTS.iter().find(|shortcut| shortcut.default() != default && shortcut.current(changed).is(keys.key, keys.modifiers));
    if let Some(other) = taken {
        return Err(fill(&window().help.taken, &[("keys", &keys.to_string()), ("help", help_of(other.default()))]));
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
