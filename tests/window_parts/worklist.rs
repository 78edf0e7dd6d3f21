//! The worklist: what it shows, how it is searched and sorted, and what happens in the background.

use crate::window_fake::{Fake, drive::*};
use efficientecg::app::message::Message;
use efficientecg::app::worklist::{ListMessage, ReadStatus, Work};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable};
use std::sync::{Arc, atomic::Ordering};

fn screened(window: &mut Window) {
    wait(window, "the list's analysis", |w| {
        let list = &w.state().state().worklist;
        !list.rows().is_empty() && list.finished_rows() == list.rows().len()
    });
}

/// Names of the rows in view, from top to bottom.
fn rows(window: &Window) -> Vec<String> {
    let mut rows: Vec<(f32, String)> = window
        .query_all_by_label_contains(".hea,")
        .map(|node| {
            let words = node.accesskit_node().label().unwrap_or_default();
            let name = words.split(", ").find(|word| word.ends_with(".hea")).unwrap_or_default().to_owned();
            (node.rect().top(), name)
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn rows_tell_what_was_found_and_errors_stand_in_their_row() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/doe-2024-03-01.hea", "/ecg/missing.hea", "/ecg/fault.hea"]);
    screened(&mut window);
    assert!(sees(&window, "Doe, Jane · doe-2024-03-01.hea"));
    assert!(sees(&window, "87 % Atrial fibrillation, unread"), "the worst finding with its probability");
    assert!(sees(&window, "missing.hea, error: the signal file missing.dat is absent"));
    assert!(sees(&window, "fault.hea, error: the analysis met a fault"));
    assert!(sees(&window, "3 unread") && !sees(&window, "analysed "));
    assert!(window.state().state().notices.is_empty(), "an error of a row is told in the row");
}

#[test]
fn the_filter_and_the_headings_change_what_is_shown() {
    let mut window = window(&Arc::default(), &["/ecg/calm.hea", "/ecg/one.hea", "/ecg/two.hea", "/ecg/missing.hea"]);
    screened(&mut window);
    assert_eq!(rows(&window), ["calm.hea", "one.hea", "two.hea", "missing.hea"]);
    window.get_by_label("Sort by worst finding").click();
    window.run();
    assert_eq!(rows(&window), ["one.hea", "two.hea", "calm.hea", "missing.hea"], "most urgent first");
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.run();
    window.get_by_role_and_label(Role::TextInput, "Filter the worklist").type_text("fibrillation soon");
    window.run();
    assert_eq!(rows(&window), ["one.hea", "two.hea"]);
    assert!(sees(&window, "(4 in all)"));
    window.get_by_label("Clear the filter").click();
    window.run();
    assert_eq!(rows(&window).len(), 4);
}

#[test]
fn one_key_opens_the_next_unread() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/two.hea", "/ecg/missing.hea", "/ecg/three.hea"]);
    screened(&mut window);
    window.state_mut().apply(Message::List(ListMessage::Mark(1, ReadStatus::Seen)));
    window.key_press(Key::U);
    wait(&mut window, "the fourth", |w| sees(w, "4 of 4") && w.state().state().analysis.is_some());
    assert!(sees(&window, "1 unread"), "the one that cannot be opened");
    window.key_press(Key::U);
    window.run();
    assert!(sees(&window, "4 of 4"), "nobody has to look at a file that cannot be opened");
}

#[test]
fn the_list_gives_way_to_what_the_reader_waits_for() {
    let fake: Arc<Fake> = Arc::default();
    let mut window = window(&fake, &["/ecg/one.hea", "/ecg/two.hea", "/ecg/three.hea"]);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    screened(&mut window);
    fake.hold.store(true, Ordering::Relaxed);
    window.state_mut().apply(Message::OpenEntry(1));
    wait(&mut window, "the reader's analysis", |w| w.state().state().analysing.is_some());
    for _ in 0..5 {
        window.run();
    }
    assert!(!window.state().state().worklist.screening.is_running(), "nothing runs beside it");
    fake.hold.store(false, Ordering::Relaxed);
    wait(&mut window, "its end", |w| w.state().state().analysis.is_some());
}

#[test]
fn what_appears_in_a_folder_appears_in_the_list() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str| std::fs::write(folder.path().join(name), "x").expect("written");
    write("one.hea");
    let path = folder.path().display().to_string();
    let mut window = window(&Arc::default(), &[&path]);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    assert!(sees(&window, "watched") && sees(&window, "1 of 1"));
    write("two.hea");
    wait(&mut window, "the second in the list", |w| sees(w, "two.hea"));
    assert!(sees(&window, "1 of 2"), "what is open stays open");
    screened(&mut window);
    assert!(matches!(window.state().state().worklist.rows()[1].work, Work::Done(_)));
}

#[test]
fn thousands_of_rows_cost_only_those_in_view() {
    let names: Vec<String> = (0..3000).map(|i| format!("/ecg/demo{i:04}.hea")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut window = window(&Arc::default(), &names);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    window.state_mut().apply(Message::List(ListMessage::ToggleScreening));
    window.run();
    assert!(sees(&window, "1 of 3000") && sees(&window, ", stopped"));
    assert!(rows(&window).len() < 60, "{}", rows(&window).len());
    window.state_mut().apply(Message::OpenEntry(2500));
    wait(&mut window, "the row in view", |w| sees(w, "demo2500.hea"));
    assert!(rows(&window).len() < 60);
}

#[test]
fn the_list_can_be_hidden() {
    let mut window = window(&Arc::default(), &["/ecg/one.hea", "/ecg/two.hea"]);
    wait(&mut window, "the first", |w| w.state().state().analysis.is_some());
    let width = |w: &Window| w.get_by_label_contains("ECG page").rect().width();
    let before = width(&window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::B);
    window.run();
    assert!(!sees(&window, "1 of 2") && width(&window) > before + 100.0);
    window.key_press_modifiers(Modifiers::COMMAND, Key::B);
    window.run();
    assert!(sees(&window, "1 of 2"));
}
