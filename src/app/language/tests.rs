//! No text of the window stands in the code.

use super::*;
use std::path::{Path, PathBuf};

/// Folders below `src/app` whose words do not come from language files alone, with why.
const LEFT_OUT: [(&str, &str); 2] = [
    ("theme", "names of themes and faults of colour values stand in files"),
    ("settings", "faults of the file of settings, as all faults of lower layers"),
];

/// Calls whose texts are seen or heard, whatever the text.
const ON_SCREEN: [&str; 32] = [
    "label",
    "button",
    "small_button",
    "heading",
    "selectable_label",
    "selectable_value",
    "radio_value",
    "checkbox",
    "hyperlink_to",
    "on_hover_text",
    "on_disabled_hover_text",
    "accessible_name",
    "hint_text",
    "selected_text",
    "RichText::new",
    "Button::new",
    "Button::selectable",
    "RadioButton::new",
    "Label::new",
    "Window::new",
    "WidgetInfo::labeled",
    "WidgetInfo::selected",
    "WidgetInfo::slider",
    "layout_no_wrap",
    "text",
    "section",
    "subsection",
    "folded",
    "fact",
    "strip",
    "notice",
    "toggle",
];

/// Calls whose texts no reader sees: names of widgets, faults of the program, and steps of work, which have names in the language files by their
/// English ones.
const NOT_SEEN: [&str; 23] = [
    "join",
    "debug_struct",
    "load_texture",
    "certainty",
    // A fault of a job is told as it comes from below.
    "Failure::new",
    "Id::unique",
    "with",
    "id_salt",
    "ComboBox::from_id_salt",
    "unreachable",
    "from_id_salt",
    "Grid::new",
    "Plot::new",
    "Panel::top",
    "Panel::bottom",
    "Panel::left",
    "Panel::right",
    "Points::new",
    "VLine::new",
    "report",
    "expect",
    "debug",
    "request_discard",
];

/// Texts that are the same in every language, with why.
const SAME: [(&str, &str); 22] = [
    ("mV", "unit"),
    ("ms", "unit"),
    ("s", "unit"),
    ("Hz", "unit"),
    ("mm", "unit"),
    ("mV·ms", "unit"),
    ("min", "unit"),
    ("h", "unit"),
    ("P", "wave"),
    ("QRS", "wave"),
    ("QT", "interval"),
    ("T", "wave"),
    ("ST", "segment"),
    ("J", "point"),
    ("RR", "interval"),
    ("Bazett", "person"),
    ("Fridericia", "person"),
    ("Framingham", "study"),
    ("Hodges", "person"),
    ("EfficientECG", "this program"),
    ("Review", "this program"),
    ("SHA", "algorithm"),
];

/// Keys as the settings and the guide write them; on screen they have the names of the language files.
const KEYS: [&str; 16] = [
    "Delete",
    "Ctrl",
    "Shift",
    "Alt",
    "Page",
    "Down",
    "Up",
    "Left",
    "Right",
    "Home",
    "End",
    "Backspace",
    "Space",
    "Esc",
    "Enter",
    "arrows",
];

/// Whole texts that readers see in English, with why.
const ENGLISH: [(&str, &str); 8] = [
    ("Letter", "a paper's name"),
    ("reading shapes", "a stage, which has its words in the language file"),
    ("grouping shapes", "a stage"),
    ("comparing shapes", "a stage"),
    (
        "an internal error stopped this; the details are on standard error",
        "a fault of the program, as all faults of lower layers",
    ),
    ("the window was closed before a recording was analysed", "on standard error"),
    ("{word}: {}", "on standard error"),
    ("the settings could not be kept", "a fault of lower layers"),
];

/// A text in the code with the calls it is handed to, the innermost first.
struct Found {
    line: usize,
    text: String,
    calls: Vec<String>,
}

/// Code without comments and attributes, up to its tests; texts and characters are kept.
fn code(source: &str) -> String {
    let source = source.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = source.lines().map(|line| match line.trim_start() {
        text if text.starts_with("//") || text.starts_with("#[") || text.starts_with("#![") => "",
        _ => line.find(" // ").map_or(line, |at| &line[..at]),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// All texts of some code.
fn texts(code: &str) -> Vec<Found> {
    let mut found = Vec::new();
    // What is open: the call's name, or nothing for tuples, lists and blocks.
    let mut open: Vec<String> = Vec::new();
    let bytes = code.as_bytes();
    let (mut at, mut line) = (0, 1);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' => line += 1,
            b'\'' => {
                // A character, or a lifetime.
                let rest = &bytes[at + 1..];
                let length =
                    if rest.first() == Some(&b'\\') { 2 } else { code[at + 1..].chars().next().map_or(1, char::len_utf8) };
                if rest.get(length) == Some(&b'\'') {
                    at += length + 1;
                }
            }
            b'"' => {
                let mut end = at + 1;
                while bytes.get(end).is_some_and(|byte| *byte != b'"') {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                let text = code[at + 1..end.min(code.len())].to_owned();
                // The first of a tuple that is filled in is the place's name.
                let place = code[..at].trim_end().ends_with('(') && open.last().is_some_and(String::is_empty);
                let filled = open.iter().rev().find(|call| !call.is_empty()).is_some_and(|call| call == "fill");
                if !(place && filled) {
                    let calls = open.iter().rev().take_while(|call| *call != "{").cloned().collect();
                    found.push(Found { line, text: text.clone(), calls });
                }
                line += text.matches('\n').count();
                at = end;
            }
            b'(' | b'[' => {
                let name = |c: char| c.is_alphanumeric() || "_:!".contains(c);
                let before = &code[..at];
                let start = before
                    .rfind(|c| !name(c))
                    .map_or(0, |place| place + before[place..].chars().next().map_or(1, char::len_utf8));
                let parts: Vec<&str> = before[start..].trim_end_matches('!').split("::").collect();
                let last = &parts[parts.len().saturating_sub(2)..];
                let named = last.join("::");
                open.push(if last.len() == 2 && last[0].starts_with(char::is_uppercase) {
                    named
                } else {
                    last.last().copied().unwrap_or_default().to_owned()
                });
            }
            b'{' => open.push("{".to_owned()),
            b')' | b']' | b'}' => drop(open.pop()),
            _ => {}
        }
        at += 1;
    }
    found
}

/// What is left of a text without places to fill and what is the same everywhere.
fn words_in(text: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut depth = 0;
    let text = text.replace("\\n", " ");
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            // A time's format.
            '%' if depth == 0 => drop(letters.next()),
            '{' => depth += 1,
            '}' => depth -= 1,
            other if depth == 0 => plain.push(other),
            _ => {}
        }
    }
    let words = plain.split(|c: char| !c.is_alphabetic() && c != '·').filter(|word| word.chars().any(char::is_alphabetic));
    words.filter(|word| SAME.iter().all(|(same, _)| same != word)).map(str::to_owned).collect()
}

/// Whether it reads as a text for people wherever it stands: more than one word, or one that begins as a sentence.
fn is_prose(text: &str) -> bool {
    let words = words_in(text);
    let sentence =
        |word: &String| word.len() > 1 && word.starts_with(char::is_uppercase) && word.chars().skip(1).all(char::is_lowercase);
    words.len() > 1 && text.contains(' ') || words.first().is_some_and(sentence)
}

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            out.push(path);
        }
    }
}

/// Texts in the code below a folder that should stand in the language files.
fn faults(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    sources(root, &mut files);
    let left_out = |path: &&PathBuf| {
        let below = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let named = below.ends_with("tests.rs") || below == "page/proof.rs";
        !named && LEFT_OUT.iter().all(|(folder, _)| !below.starts_with(folder))
    };
    let mut faults = Vec::new();
    for path in files.iter().filter(left_out) {
        let source = std::fs::read_to_string(path).unwrap();
        for found in texts(&code(&source)) {
            let passes =
                |call: &&String| matches!(call.as_str(), "" | "format" | "unwrap_or" | "into" | "vec" | "Some" | "to_owned");
            let call = found.calls.iter().find(|call| !passes(call)).map_or("", String::as_str);
            let shown = ON_SCREEN.contains(&call) && !words_in(&found.text).is_empty();
            let prose = is_prose(&found.text) && !NOT_SEEN.contains(&call) && !call.starts_with("assert");
            let keys = (path.ends_with("shortcuts.rs") || path.ends_with("review/keys.rs"))
                && words_in(&found.text).iter().all(|w| w.len() < 2 || KEYS.contains(&w.as_str()));
            if (shown || prose) && !keys && ENGLISH.iter().all(|(text, _)| *text != found.text) {
                faults.push(format!("{}:{}: {:?} in {call}", path.display(), found.line, found.text));
            }
        }
    }
    faults
}

#[test]
fn no_text_of_the_window_stands_in_the_code() {
    let faults = faults(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app"));
    assert!(faults.is_empty(), "these belong into assets/words:\n{}", faults.join("\n"));
}

#[test]
fn texts_in_the_code_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let source = r#"
        fn show(ui: &mut Ui) {
            ui.label("beat"); // "not this"
            ui.button(format!("{} Save", 1)).on_hover_text("x of {name}");
            let text = "Not found here";
            ui.label(fill(&words().place, &[("name", "V")]));
            egui::ScrollArea::vertical().id_salt("a list").show(ui, |ui| section(ui, "Rules"));
            ui.label(format!("{value} mV"));
            let c = '"'; let name = "heart_rate";
        }
    "#;
    std::fs::write(folder.path().join("a.rs"), source).unwrap();
    let found = faults(folder.path()).join("\n");
    for text in ["beat", "{} Save", "x of {name}", "Not found here", "Rules"] {
        assert!(found.contains(&format!("{text:?}")), "{text}: {found}");
    }
    assert_eq!(found.lines().count(), 5, "{found}");
}

#[test]
fn names_that_readers_gave_are_kept() {
    with(Language::German);
    assert_eq!(named(|words| &words.layouts, "one-lead", "One lead"), "Eine Ableitung");
    assert_eq!(named(|words| &words.layouts, "one-lead", "My lead"), "My lead");
    assert_eq!(named(|words| &words.themes, "mine", "Mine"), "Mine");
    assert_eq!((stage("measuring"), stage("dreaming")), ("Messen", "dreaming"));
    with(Language::English);
    assert_eq!(named(|words| &words.layouts, "one-lead", "One lead"), "One lead");
}

/// What comes with the program has names in every language.
#[test]
fn names_by_id_are_those_that_come_with_the_program() {
    let english = &Language::English.words().window;
    for layout in crate::layout::Catalogue::standard().all() {
        assert_eq!(english.layouts.get(layout.id.as_str()), Some(&layout.name));
    }
    for theme in crate::app::theme::ALL.iter() {
        assert_eq!(english.themes.get(&theme.id), Some(&theme.name));
    }
    assert!(english.stages.iter().chain(&english.urgencies).all(|(id, text)| id == text));
    let table = include_str!("../worklist/urgency.toml");
    for why in table.lines().filter_map(|line| line.strip_prefix("why = \"")?.strip_suffix('"')) {
        assert!(english.urgencies.contains_key(why), "{why}");
    }
}
