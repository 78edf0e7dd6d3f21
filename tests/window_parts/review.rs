//! The annotator's and the reviewer's work, by keyboard where a keyboard serves: beats, undo, confirming, reasons, and that it is kept.

use crate::window_fake::{Fake, drive::*};
use efficientecg::{
    app::{Options, message::Message, review::ReviewMessage},
    recording::SampleIndex,
    review::{FindingKey, Review, State, Verdict},
};
use egui::{Event, Key, Modifiers, Role};
use egui_kittest::kittest::Queryable;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
};

/// A folder that is gone with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("efficientecg-desk-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A window whose reviews lie in `folder`, with an analysed recording.
pub fn window_of(fake: &Arc<Fake>, folder: &Path, path: &str) -> Window {
    let options = Options { paths: vec![path.into()], reviews: Some(folder.to_owned()), ..Options::default() };
    let mut window = window_with(fake, options);
    wait(&mut window, "the store", |w| w.state().state().desk.store().is_some());
    wait(&mut window, "the analysis", |w| w.state().state().analysis.is_some());
    window
}

pub fn press(window: &mut Window, keys: &[(Modifiers, Key)]) {
    for (modifiers, key) in keys {
        window.key_press_modifiers(*modifiers, *key);
        window.run();
    }
}

pub const NONE: Modifiers = Modifiers::NONE;
pub const SHIFT: Modifiers = Modifiers::SHIFT;
pub const CTRL: Modifiers = Modifiers::COMMAND;
pub const CTRL_SHIFT: Modifiers = Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };

/// What a keyboard does: the key and the text it writes.
pub fn typed(window: &mut Window, text: &str) {
    for letter in text.chars() {
        window.event(Event::Text(letter.to_string()));
        window.run();
    }
}

/// A window in label mode: the name is asked for once.
pub fn labelling(fake: &Arc<Fake>, folder: &Path, path: &str) -> Window {
    let mut window = window_of(fake, folder, path);
    press(&mut window, &[(NONE, Key::A)]);
    assert!(sees(&window, "Who reviews?"));
    window.run();
    typed(&mut window, "Ada Lovelace");
    press(&mut window, &[(NONE, Key::Enter)]);
    wait(&mut window, "the review", has_labels);
    assert!(window.state().state().desk.label_mode);
    window
}

pub fn review(window: &Window) -> &Review {
    window.state().state().desk.review().expect("a review")
}

/// The review is open, and the machine's labels are in it.
pub fn has_labels(window: &Window) -> bool {
    window.state().state().desk.review().is_some_and(|review| review.baseline().is_some())
}

pub fn labels(window: &Window) -> String {
    review(window).content().beats.as_slice().iter().map(|beat| beat.label.key()).collect()
}

#[test]
fn an_annotator_s_work_by_keyboard_alone_is_there_when_the_window_opens_again() {
    let folder = Folder::new("keys");
    let fake = Arc::<Fake>::default();
    let mut window = labelling(&fake, &folder.0, "/ecg/demo.hea");
    assert!(sees(&window, "LABEL MODE") && sees(&window, "UNCONFIRMED") && sees(&window, "AL · in review"));
    assert_eq!(labels(&window), "NNNNNVNNNNNN");

    // Three beats, each by arrow and letter.
    for letter in [Key::V, Key::A, Key::Q] {
        press(&mut window, &[(NONE, Key::ArrowRight), (SHIFT, letter)]);
    }
    assert_eq!(labels(&window), "VAQNNVNNNNNN");
    assert!(sees(&window, "Beat 3 of 12: Q, Unclassifiable beat · machine N 97 %"));
    // Case matters: `a` is aberrated.
    press(&mut window, &[(NONE, Key::A)]);
    assert_eq!(labels(&window), "VAaNNVNNNNNN");

    press(&mut window, &[(CTRL, Key::Z), (CTRL, Key::Z)]);
    assert_eq!(labels(&window), "VANNNVNNNNNN");
    assert!(sees(&window, "Undone: Relabel beat as Q"));
    press(&mut window, &[(CTRL_SHIFT, Key::Z)]);
    assert_eq!(labels(&window), "VAQNNVNNNNNN");
    press(&mut window, &[(CTRL, Key::Y)]);
    assert_eq!(labels(&window), "VAaNNVNNNNNN");

    // Delete the fourth; add it again: without a pointer the beat goes to the R peak in the gap after the chosen one.
    let fourth = review(&window).content().beats.as_slice()[3].sample;
    press(&mut window, &[(NONE, Key::ArrowRight), (NONE, Key::Delete)]);
    assert_eq!(labels(&window), "VAaNVNNNNNN");
    press(&mut window, &[(NONE, Key::ArrowLeft), (NONE, Key::I), (SHIFT, Key::F)]);
    assert_eq!(labels(&window), "VAaFNVNNNNNN");
    let added = review(&window).content().beats.as_slice()[3].sample;
    assert!(added.0.abs_diff(fourth.0) <= 5, "snapped to the R peak: {} and {}", added.0, fourth.0);

    press(&mut window, &[(NONE, Key::Escape)]);
    assert!(!sees(&window, "LABEL MODE"));
    press(&mut window, &[(CTRL, Key::Enter)]);
    assert!(sees(&window, "Confirmed by AL") && !sees(&window, "UNCONFIRMED"));
    assert_eq!(review(&window).state(), State::Confirmed);

    // An edit after confirming asks for the reason, and un-confirms.
    let before = labels(&window);
    press(&mut window, &[(NONE, Key::A), (NONE, Key::ArrowRight), (SHIFT, Key::N)]);
    assert!(sees(&window, "Why is the confirmed review changed?"));
    assert_eq!(labels(&window), before, "nothing has changed yet");
    window.run();
    typed(&mut window, "was a P wave");
    press(&mut window, &[(NONE, Key::Enter)]);
    assert!(sees(&window, "UNCONFIRMED (amended)") && sees(&window, "reason: was a P wave"));
    let after = labels(&window);
    assert_ne!(after, before);

    drop(window);
    let mut window = window_of(&fake, &folder.0, "/ecg/moved/demo.hea");
    wait(&mut window, "the review", |w| w.state().state().desk.session.is_some());
    assert_eq!(labels(&window), after, "the same recording elsewhere has the same review");
    assert_eq!(review(&window).state(), State::Amended);
    assert!(!sees(&window, "Who reviews?"), "asked once");
    // Undo reaches into the session before.
    press(&mut window, &[(CTRL, Key::Z)]);
    assert!(sees(&window, "Why is the confirmed review changed?") || labels(&window) == before);
}

#[test]
fn many_beats_are_changed_after_a_look_at_what_would_change() {
    let folder = Folder::new("many");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    press(&mut window, &[(NONE, Key::ArrowRight)]);
    press(&mut window, &[(SHIFT, Key::ArrowRight); 5]);
    assert_eq!(window.state().state().desk.selection.beats.len(), 6);
    press(&mut window, &[(SHIFT, Key::L)]);
    assert!(sees(&window, "Relabel 6 beats as L: now 5 N, 1 V"));
    assert_eq!(labels(&window), "NNNNNVNNNNNN", "not yet");
    press(&mut window, &[(NONE, Key::Escape)]);
    assert!(window.state().state().desk.pending.is_none() && window.state().state().desk.label_mode);
    press(&mut window, &[(SHIFT, Key::L), (NONE, Key::Enter)]);
    assert_eq!(labels(&window), "LLLLLLNNNNNN");
    press(&mut window, &[(CTRL, Key::Z)]);
    assert_eq!(labels(&window), "NNNNNVNNNNNN", "one step");

    // All of the type of the chosen beat; the same letter twice carries out.
    press(&mut window, &[(NONE, Key::ArrowRight), (NONE, Key::O)]);
    let chosen = window.state().state().desk.selection.beats.len();
    press(&mut window, &[(SHIFT, Key::S), (SHIFT, Key::S)]);
    assert_eq!(labels(&window).matches('S').count(), chosen);
    assert!(chosen > 1);
}

#[test]
fn all_like_this_and_groups_find_the_ectopic_shape() {
    let folder = Folder::new("shapes");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/long.hea");
    assert!(labels(&window).len() > 2000);
    // The first ectopic beat is the sixth.
    press(&mut window, &[(NONE, Key::ArrowRight); 6]);
    press(&mut window, &[(NONE, Key::K)]);
    wait(&mut window, "the shapes", |w| w.state().state().desk.selection.beats.len() > 1);
    let ectopic = labels(&window).matches('V').count();
    // Those at the very edge of the recording may lack signal.
    let found = window.state().state().desk.selection.beats.len();
    assert!(found.abs_diff(ectopic) <= 1, "{found} of {ectopic}");

    window.get_by_label("Group by shape").click();
    window.run();
    wait(&mut window, "the groups", |w| sees(w, "Shape 2:"));
    let group = window.get_by_label_contains("Shape 2:");
    group.click();
    window.run();
    assert!(window.state().state().desk.selection.beats.len().abs_diff(ectopic) <= 1);
    press(&mut window, &[(SHIFT, Key::E), (NONE, Key::Enter)]);
    assert!(labels(&window).matches('E').count() >= ectopic - 1);
}

#[test]
fn uncertain_beats_are_gone_through_and_accepted() {
    let folder = Folder::new("uncertain");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/long.hea");
    let uncertain = window.state().state().desk.census.uncertain;
    assert!(uncertain > 10);
    press(&mut window, &[(NONE, Key::U)]);
    let first = window.state().state().desk.selection.at.expect("chosen");
    assert!(window.state().state().visible().contains(first), "the page follows");
    press(&mut window, &[(NONE, Key::Enter), (NONE, Key::U)]);
    assert!(window.state().state().desk.selection.at.expect("chosen") > first);
    assert_eq!(window.state().state().desk.census.uncertain, uncertain - 1);
    assert_eq!(window.state().state().desk.census.decided, 1);
}

#[test]
fn edits_made_before_the_analysis_arrives_stay() {
    let folder = Folder::new("early");
    let fake = Arc::<Fake>::default();
    fake.hold.store(true, Ordering::Relaxed);
    let options = Options { paths: vec!["/ecg/demo.hea".into()], reviews: Some(folder.0.clone()), ..Options::default() };
    let mut window = window_with(&fake, options);
    wait(&mut window, "the store", |w| w.state().state().desk.store().is_some() && w.state().state().opened.is_some());
    press(&mut window, &[(NONE, Key::A)]);
    window.run();
    typed(&mut window, "Ada Lovelace");
    press(&mut window, &[(NONE, Key::Enter)]);
    wait(&mut window, "the review", |w| w.state().state().desk.session.is_some());
    // A beat of one's own beside the first R peak, at 0.35 s.
    window.state_mut().apply(Message::Review(ReviewMessage::AddBeat(Some(SampleIndex(180)))));
    press(&mut window, &[(SHIFT, Key::V)]);
    assert_eq!(labels(&window), "V");
    fake.hold.store(false, Ordering::Relaxed);
    wait(&mut window, "the analysis", has_labels);
    assert_eq!(labels(&window), "VNNNNVNNNNNN", "the machine's beside the person's");
}

#[test]
fn without_a_store_the_window_reads_and_refuses_to_edit() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    press(&mut window, &[(NONE, Key::A)]);
    assert!(sees(&window, "Corrections cannot be kept") && !sees(&window, "LABEL MODE"));
    assert!(sees(&window, "UNCONFIRMED"));

    // A file where the folder should be.
    let folder = Folder::new("nostore");
    let file = folder.0.join("file");
    std::fs::write(&file, "x").expect("writable");
    let options = Options { paths: vec!["/ecg/demo.hea".into()], reviews: Some(file.join("below")), ..Options::default() };
    let mut window = window_with(&Arc::default(), options);
    wait(&mut window, "the refusal", |w| sees(w, "Corrections cannot be kept: "));
    wait(&mut window, "the analysis", |w| w.state().state().analysis.is_some());
    assert!(sees(&window, "Atrial fibrillation"), "it still reads");
    press(&mut window, &[(SHIFT, Key::A), (CTRL, Key::Enter), (NONE, Key::A)]);
    assert!(window.state().state().desk.review().is_none() && !window.state().state().desk.label_mode);
}

#[test]
fn findings_are_judged_added_and_concluded_by_keyboard() {
    let folder = Folder::new("findings");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    press(&mut window, &[(NONE, Key::Escape), (NONE, Key::Period), (SHIFT, Key::R)]);
    let chosen = window.state().state().chosen.clone().expect("chosen by key");
    let key = FindingKey::new(&chosen.task, &chosen.code);
    let verdict = |w: &Window, key: &FindingKey| review(w).content().judgements.get(key).map(|judgement| judgement.verdict);
    assert_eq!(verdict(&window, &key), Some(Verdict::Absent));
    press(&mut window, &[(SHIFT, Key::A)]);
    assert_eq!(verdict(&window, &key), Some(Verdict::Present));

    press(&mut window, &[(CTRL_SHIFT, Key::F)]);
    window.run();
    typed(&mut window, "lbbb");
    assert!(sees(&window, "eft bundle branch block"));
    press(&mut window, &[(NONE, Key::Enter)]);
    assert_eq!(verdict(&window, &FindingKey::reader("CLBBB")), Some(Verdict::Present));

    press(&mut window, &[(NONE, Key::Escape), (CTRL, Key::J)]);
    window.run();
    typed(&mut window, "Normal.");
    // Confirming keeps what is typed.
    press(&mut window, &[(NONE, Key::Tab), (CTRL, Key::Enter)]);
    assert_eq!(review(&window).content().conclusion, "Normal.");
    assert_eq!(review(&window).state(), State::Confirmed);
}

#[test]
fn intervals_are_marked_by_key_listed_changed_and_deleted() {
    let folder = Folder::new("intervals");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    press(&mut window, &[(NONE, Key::ArrowRight), (NONE, Key::G)]);
    press(&mut window, &[(NONE, Key::ArrowRight); 3]);
    press(&mut window, &[(NONE, Key::G)]);
    assert!(sees(&window, "Mark interval"));
    window.run();
    typed(&mut window, "afib");
    press(&mut window, &[(NONE, Key::Enter)]);
    let beats = review(&window).content().beats.clone();
    let interval = review(&window).content().intervals.values().next().cloned().expect("marked");
    assert_eq!(interval.kind.name(), "Atrial fibrillation");
    let peak = |index: usize| beats.as_slice().get(index).map(|beat| beat.sample);
    assert_eq!((Some(interval.range.start), Some(interval.range.end)), (peak(0), peak(3)));

    window.get_by_label_contains("Edit Atrial fibrillation").click();
    window.run();
    window.run();
    typed(&mut window, "noise");
    press(&mut window, &[(NONE, Key::Enter)]);
    assert!(sees(&window, "Edit Noise"));
    window.get_by_label_contains("Delete Noise").click();
    window.run();
    assert!(review(&window).content().intervals.is_empty());
    press(&mut window, &[(CTRL, Key::Z)]);
    assert_eq!(review(&window).content().intervals.len(), 1);
}

#[test]
fn a_second_window_s_edits_are_not_overwritten() {
    let folder = Folder::new("two");
    let fake = Arc::<Fake>::default();
    let mut first = labelling(&fake, &folder.0, "/ecg/demo.hea");
    let mut second = window_of(&fake, &folder.0, "/ecg/demo.hea");
    wait(&mut second, "the review", has_labels);
    press(&mut first, &[(NONE, Key::ArrowRight), (SHIFT, Key::V)]);
    press(&mut second, &[(NONE, Key::A), (NONE, Key::ArrowRight), (NONE, Key::ArrowRight), (SHIFT, Key::S)]);
    assert!(sees(&second, "changed elsewhere"));
    assert_eq!(labels(&second), "VNNNNVNNNNNN", "the other window's edit is shown, nothing is lost");
    press(&mut second, &[(SHIFT, Key::S)]);
    assert_eq!(labels(&second), "VSNNNVNNNNNN");
}

#[test]
fn a_blind_reader_sees_the_machine_only_after_asking() {
    let folder = Folder::new("blind");
    let mut window = window_of(&Arc::default(), &folder.0, "/ecg/demo.hea");
    press(&mut window, &[(NONE, Key::A)]);
    window.get_by_label("Blind first read").click();
    window.run();
    window.get_by_role_and_label(Role::TextInput, "Name").focus();
    window.run();
    typed(&mut window, "Ada Lovelace");
    press(&mut window, &[(NONE, Key::Enter)]);
    wait(&mut window, "the review", has_labels);
    assert!(sees(&window, "labels are hidden"));
    window.state_mut().apply(Message::Review(ReviewMessage::ShowPanel(false)));
    window.run();
    assert!(!sees(&window, "Atrial fibrillation") && !sees(&window, "Heart rhythm") && sees(&window, "Blind first read"));
    press(&mut window, &[(NONE, Key::ArrowRight)]);
    assert!(sees(&window, "Beat 1 of 12: label hidden"));
    press(&mut window, &[(SHIFT, Key::N)]);
    assert!(sees(&window, "Beat 1 of 12: N, Normal beat · decided"));
    window.get_by_label("Show what the machine says").click();
    window.run();
    assert!(sees(&window, "Atrial fibrillation"));
    assert_eq!(review(&window).revealed().count(), 1, "the asking is recorded");
}

#[test]
fn another_annotator_comes_in_is_compared_and_taken_from() {
    let folder = Folder::new("compare");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    // Their table: our beats, the second and fourth otherwise.
    let beats = review(&window).content().beats.clone();
    let mut table = "sample,mnemonic\n".to_owned();
    for (index, beat) in beats.as_slice().iter().enumerate() {
        let label = if index == 1 || index == 3 { 'S' } else { beat.label.key() };
        table.push_str(&format!("{},{label}\n", beat.sample.0));
    }
    let file = folder.0.join("colleague.csv");
    std::fs::write(&file, table).expect("writable");
    press(&mut window, &[(CTRL, Key::I)]);
    window.run();
    typed(&mut window, &file.display().to_string());
    press(&mut window, &[(NONE, Key::Enter)]);
    wait(&mut window, "the import", |w| sees(w, "as a further reader."));
    press(&mut window, &[(NONE, Key::Escape)]);
    // It lies below what the panel shows without scrolling.
    window.get_by_label_contains("Compare with colleague").click_accesskit();
    window.run();
    wait(&mut window, "the comparison", |w| sees(w, "Disagreements on beats: 2 · Cohen's kappa"));
    press(&mut window, &[(NONE, Key::D), (NONE, Key::T)]);
    assert_eq!(labels(&window), "NSNNNVNNNNNN");
    press(&mut window, &[(NONE, Key::D)]);
    assert!(sees(&window, "Yours N, theirs S"));
    press(&mut window, &[(NONE, Key::T)]);
    wait(&mut window, "agreement", |w| sees(w, "Disagreements on beats: 0"));
    assert_eq!(labels(&window), "NSNSNVNNNNNN");
    press(&mut window, &[(CTRL, Key::Z)]);
    assert_eq!(labels(&window), "NSNNNVNNNNNN");

    // Out again.
    press(&mut window, &[(CTRL, Key::E)]);
    window.run();
    typed(&mut window, &folder.0.display().to_string());
    press(&mut window, &[(NONE, Key::Enter)]);
    wait(&mut window, "the file", |w| sees(w, "Wrote "));
    let written = std::fs::read_to_string(folder.0.join("beats.csv")).expect("written");
    assert_eq!(written.lines().count(), 13);
}

#[test]
fn switching_the_reviewer_switches_the_review() {
    let folder = Folder::new("switch");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    press(&mut window, &[(NONE, Key::ArrowRight), (SHIFT, Key::V), (NONE, Key::Escape)]);
    window.get_by_label_contains("AL · in review").click();
    window.run();
    window.get_by_role_and_label(Role::TextInput, "Name").focus();
    window.run();
    typed(&mut window, "Grace Hopper");
    press(&mut window, &[(NONE, Key::Enter)]);
    wait(&mut window, "the other review", |w| sees(w, "GH · "));
    wait(&mut window, "the labels", |w| labels(w).len() == 12);
    assert_eq!(labels(&window), "NNNNNVNNNNNN", "a review of their own");
    assert_eq!(window.state().state().desk.others.len(), 1);
}
