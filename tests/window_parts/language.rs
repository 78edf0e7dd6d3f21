//! The window in another language: nothing in English is left, it changes at once and is kept.

use crate::window_fake::{Fake, drive::*};
use efficientecg::app::{
    Options,
    drawer::Drawer,
    message::Message,
    paper::{Calibration, PaperMessage},
    settings::FILE,
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable};
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// Texts of the window's language files by key.
fn texts(language: &str) -> BTreeMap<String, String> {
    let path = format!("{}/assets/words/window.{language}.toml", env!("CARGO_MANIFEST_DIR"));
    let table: toml::Table = std::fs::read_to_string(path).expect("a file").parse().expect("TOML");
    let sections = table.into_iter().filter_map(|(section, keys)| Some((section, keys.as_table()?.clone())));
    sections
        .flat_map(|(section, keys)| {
            keys.into_iter().map(move |(key, text)| (format!("{section}.{key}"), text.as_str().unwrap_or_default().to_owned()))
        })
        .collect()
}

/// What stands between the places of a text.
fn fixed(text: &str) -> Vec<String> {
    let mut parts = text.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    std::iter::once(first).chain(parts.map(|part| part.split_once('}').map_or(part, |(_, rest)| rest).to_owned())).collect()
}

/// Whether some words can be this text with its places filled.
fn is(words: &str, text: &str) -> bool {
    let parts = fixed(text);
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    if parts.len() == 1 {
        return words == text;
    }
    let Some(mut rest) = words.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str())) else {
        return false;
    };
    for part in &parts[1..parts.len() - 1] {
        let Some(at) = rest.find(part.as_str()) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

/// English texts that a German window must not show, with their German ones.
fn english() -> Vec<(String, String)> {
    let german = texts("de");
    let differs = |(key, text): (String, String)| {
        let other = german[&key].clone();
        // The review, which has words of its own, says this too.
        if key == "side.reading" {
            return None;
        }
        // One word with places on both sides could be anything.
        let letters: usize = fixed(&text).iter().map(|part| part.chars().filter(|c| c.is_alphabetic()).count()).sum();
        (fixed(&other) != fixed(&text) && letters > 3).then_some((text, other))
    };
    texts("en").into_iter().filter_map(differs).collect()
}

/// What a person reads or hears.
fn labels(window: &Window) -> Vec<String> {
    let nodes = std::iter::once(window.root()).chain(window.root().children_recursive());
    let mut labels: Vec<String> = nodes
        .flat_map(|node| {
            let node = node.accesskit_node();
            // What is typed is the reader's.
            let value = if node.role() == Role::TextInput { None } else { node.value() };
            [node.label(), value, node.placeholder().map(str::to_owned)].into_iter().flatten().collect::<Vec<_>>()
        })
        .filter(|label| !label.trim().is_empty())
        .collect();
    labels.sort();
    labels.dedup();
    labels
}

/// Fails on English words in a German window.
fn is_german(window: &Window, english: &[(String, String)], what: &str) {
    let labels = labels(window);
    assert!(labels.len() > 20, "{what}: only {labels:?}");
    let both: Vec<String> = labels
        .iter()
        .filter_map(|label| {
            let found = english.iter().find(|(text, own)| is(label.trim(), text) && !is(label.trim(), own));
            let within = || {
                english.iter().find(|(text, own)| {
                    fixed(text).iter().any(|part| {
                        part.trim().contains(' ')
                            && part.len() > 14
                            && label.contains(part.as_str())
                            && !own.contains(part.as_str())
                    })
                })
            };
            found.or_else(within).map(|(text, own)| format!("{label:?} is {text:?}, not {own:?}"))
        })
        .collect();
    assert!(both.is_empty(), "{what}:\n{}", both.join("\n"));
}

/// A German window with settings in `folder`.
fn german(folder: &Path, paths: &[&str]) -> Window {
    std::fs::write(folder.join(FILE), "language = \"de\"\n").expect("written");
    let paths = paths.iter().map(Into::into).collect();
    let mut window =
        window_with(&Arc::<Fake>::default(), Options { paths, settings: Some(folder.to_owned()), ..Options::default() });
    wait(&mut window, "the analyses", |w| {
        let state = w.state().state();
        state.analysis.is_some() && state.worklist.finished_rows() == state.worklist.rows().len()
    });
    window
}

#[test]
fn a_german_window_shows_no_english() {
    let english = english();
    assert!(english.len() > 400);
    let folder = tempfile::tempdir().expect("a folder");
    let mut window =
        german(folder.path(), &["/ecg/raw-2024-05-02.hea", "/ecg/doe-2024-03-01.hea", "/ecg/missing.hea", "/ecg/long.hea"]);
    is_german(&window, &english, "an opened list");
    for text in ["Arbeitsliste", "Öffnen", "Forschungssoftware, nicht zur Diagnose", "Nicht kalibrierte Ableitungen", "Zeitpunkt"]
    {
        if text.starts_with("Nicht") {
            window.state_mut().apply(Message::ToggleDrawer(Drawer::Messages));
            window.run();
        }
        assert!(sees(&window, text), "{text}: {:?}", labels(&window));
    }
    is_german(&window, &english, "messages");
    assert!(sees(&window, "Vorhofflimmern: am ehesten, Wahrscheinlichkeit 87 %"));
    assert!(sees(&window, "SIMULIERT") && sees(&window, "12 Ableitungen, 500 Hz") && sees(&window, "02.05.2024 12:00:00"));
    assert!(sees(&window, "4 Spalten zu je 2,5 s nacheinander"), "{:?}", labels(&window));

    window.get_by_label_contains("Vorhofflimmern: am ehesten").click();
    window.run();
    is_german(&window, &english, "a chosen finding");
    window.get_by_label_contains("QRS-Achse: −34°").click();
    window.run();
    is_german(&window, &english, "a chosen measurement");
    for drawer in [Drawer::Trends, Drawer::Comparison] {
        window.state_mut().apply(Message::ToggleDrawer(drawer));
        window.run();
        is_german(&window, &english, "a drawer");
    }
    window.state_mut().apply(Message::CompareWith("/ecg/doe-2024-03-01.hea".into()));
    wait(&mut window, "the comparison", |w| sees(w, "vorher: doe-2024-03-01"));
    is_german(&window, &english, "the comparison");
    for (keys, what) in [
        ((Modifiers::SHIFT, Key::C), "a caliper"),
        ((Modifiers::NONE, Key::B), "a chosen beat"),
        ((Modifiers::NONE, Key::Y), "its tangent"),
        ((Modifiers::SHIFT, Key::U), "leads over one another"),
        ((Modifiers::NONE, Key::P), "a pinned stretch"),
        ((Modifiers::SHIFT, Key::H), "the machine hidden"),
        ((Modifiers::NONE, Key::H), "and asked"),
        ((Modifiers::COMMAND, Key::T), "a new tab"),
    ] {
        window.key_press_modifiers(keys.0, keys.1);
        window.run();
        is_german(&window, &english, what);
    }
    assert!(sees(&window, "EKG-Aufzeichnung oder Ordner hierher ziehen"));
}

#[test]
fn dialogs_and_long_recordings_are_german_too() {
    let english = english();
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = german(folder.path(), &["/ecg/long.hea"]);
    is_german(&window, &english, "a long recording");
    assert!(sees(&window, "Lauf") && sees(&window, "Mittel über die Fenster der Aufzeichnung"));
    window.state_mut().apply(Message::ToggleHelp);
    window.run();
    is_german(&window, &english, "the keys");
    assert!(sees(&window, "Strg O: Dateien öffnen") && sees(&window, "Umschalt C: Zirkel mit der Tastatur"));
    window.state_mut().apply(Message::ToggleHelp);
    window.state_mut().apply(Message::Paper(PaperMessage::ToggleLooks));
    window.run();
    is_german(&window, &english, "the settings");
    assert!(sees(&window, "Rotes Papier"));
    window.state_mut().apply(Message::Paper(PaperMessage::ToggleLooks));
    window.state_mut().apply(Message::Paper(PaperMessage::ToggleCalibration));
    window.state_mut().apply(Message::Paper(PaperMessage::Bar(Calibration { pixels_per_mm: 4.5, bar: 1 })));
    window.run();
    is_german(&window, &english, "the screen's measure");
    let unanswered = german(folder.path(), &["/ecg/refused.hea"]);
    is_german(&unanswered, &english, "a refused recording");
}

#[test]
fn the_language_changes_at_once_and_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options { paths: vec!["/ecg/demo.hea".into()], settings: Some(folder.path().to_owned()), ..Options::default() };
    let mut window = window_with(&Arc::default(), options.clone());
    wait(&mut window, "the analysis", |w| w.state().state().analysis.is_some());
    window.get_by_label("Settings").click();
    window.run();
    window.get_by_label("Deutsch").click();
    window.run();
    assert!(sees(&window, "Größe von Schrift und Knöpfen") && sees(&window, "Messwerte") && !sees(&window, "Measurements"));
    window.get_by_label("Schließen").click();
    window.run();
    assert!(sees(&window, "25 mm/s · 10 mm/mV · ungefiltert"));
    drop(window);
    let kept = std::fs::read_to_string(folder.path().join(FILE)).expect("settings");
    assert!(kept.contains("language = \"de\""), "{kept}");

    let mut window = window_with(&Arc::default(), options);
    wait(&mut window, "the analysis", |w| w.state().state().analysis.is_some());
    assert!(sees(&window, "Messwerte") && !sees(&window, "Measurements"));
    window.get_by_label("Einstellungen").click();
    window.run();
    window.get_by_label("English").click();
    window.run();
    assert!(sees(&window, "Measurements") && !sees(&window, "Messwerte"));
}
