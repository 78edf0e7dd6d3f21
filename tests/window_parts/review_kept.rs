//! What is kept with the review or between starts: calipers, blind reading; findings compared; the list of keys.

use crate::{
    review::{CTRL, CTRL_SHIFT, Folder, NONE, SHIFT, labelling, press, review, typed, window_of},
    window_fake::{Fake, drive::*},
};
use efficientecg::{
    app::{
        Options,
        message::Message,
        review::{ReviewMessage, keys::KEYS},
        tools::{ToolMessage, calipers::CaliperMessage},
    },
    recording::Caliper,
    review::{BeatType, FindingKey, State, Verdict},
    words::Language,
};
use egui::Key;
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

fn calipers(window: &Window) -> Vec<Caliper> {
    window.state().state().tools.calipers.list.clone()
}

#[test]
fn calipers_are_kept_undone_and_in_the_trail() {
    let folder = Folder::new("calipers");
    let fake = Arc::<Fake>::default();
    let mut window = labelling(&fake, &folder.0, "/ecg/demo.hea");
    press(&mut window, &[(NONE, Key::Escape)]);
    // One by key, its end moved twice, and another.
    press(&mut window, &[(SHIFT, Key::C), (SHIFT, Key::ArrowRight), (SHIFT, Key::ArrowRight), (SHIFT, Key::C)]);
    let set = calipers(&window);
    assert_eq!((set.len(), review(&window).content().calipers.len()), (2, 2));
    let steps: Vec<&str> = review(&window).history().map(|step| step.name.as_str()).collect();
    assert_eq!(steps, ["Set caliper", "Move caliper", "Move caliper", "Set caliper"]);

    press(&mut window, &[(CTRL, Key::Z), (CTRL, Key::Z)]);
    assert_eq!(calipers(&window).len(), 1);
    assert_eq!(calipers(&window)[0].to.at.0 + 1, set[0].to.at.0, "the last move is taken back");
    press(&mut window, &[(CTRL_SHIFT, Key::Z), (CTRL_SHIFT, Key::Z)]);
    assert_eq!(calipers(&window), set);

    drop(window);
    let mut window = window_of(&fake, &folder.0, "/ecg/elsewhere/demo.hea");
    wait(&mut window, "the review", |w| w.state().state().desk.session.is_some());
    assert_eq!(calipers(&window), set, "they come back with the recording");
    press(&mut window, &[(SHIFT, Key::Backspace)]);
    assert_eq!((calipers(&window).len(), review(&window).content().calipers.len()), (0, 0));
    assert_eq!(review(&window).undo_name(), Some("Remove 2 calipers"), "one step");
    press(&mut window, &[(CTRL, Key::Z)]);
    assert_eq!(calipers(&window), set);

    // Measuring on a confirmed review changes nothing of it.
    press(&mut window, &[(CTRL, Key::Enter)]);
    assert_eq!(review(&window).state(), State::Confirmed);
    window.state_mut().apply(Message::Tool(ToolMessage::Caliper(CaliperMessage::Add)));
    window.run();
    assert_eq!((calipers(&window).len(), review(&window).content().calipers.len()), (3, 2));
    assert_eq!(review(&window).state(), State::Confirmed);
    assert!(window.state().state().desk.said.as_deref().is_some_and(|said| said.contains("is not kept")));

    // Another person has calipers of their own.
    window.get_by_label_contains("AL · ").click();
    window.run();
    window.get_by_role_and_label(egui::Role::TextInput, "Name").focus();
    window.run();
    typed(&mut window, "Grace Hopper");
    press(&mut window, &[(NONE, Key::Enter)]);
    wait(&mut window, "the other review", |w| sees(w, "GH · ") && w.state().state().desk.session.is_some());
    assert!(calipers(&window).len() <= 1, "the first reader's are not shown: {}", calipers(&window).len());
}

#[test]
fn blind_reading_stays_set_and_hides_before_the_review_is_open() {
    let folder = Folder::new("blindkept");
    let start = |paths: Vec<std::path::PathBuf>| {
        let (settings, reviews) = (Some(folder.0.join("settings")), Some(folder.0.join("reviews")));
        let mut window = window_with(&Arc::default(), Options { paths, settings, reviews, ..Options::default() });
        wait(&mut window, "the store", |w| w.state().state().desk.store().is_some());
        wait(&mut window, "the analysis", |w| w.state().state().analysis.is_some());
        window
    };
    let mut window = start(vec!["/ecg/demo.hea".into()]);
    press(&mut window, &[(SHIFT, Key::H)]);
    assert!(window.state().state().machine_hidden() && !sees(&window, "Atrial fibrillation"));
    drop(window);
    let mut window = start(vec!["/ecg/calm.hea".into(), "/ecg/one.hea".into()]);
    assert!(window.state().state().machine_hidden(), "kept from one start to the next");
    press(&mut window, &[(NONE, Key::A)]);
    window.run();
    typed(&mut window, "Ada Lovelace");
    press(&mut window, &[(NONE, Key::Enter)]);
    wait(&mut window, "the review", |w| w.state().state().desk.session.is_some());
    assert!(review(&window).is_blind() && window.state().state().asking_is_recorded());

    // The list neither sorts by what is hidden nor finds it.
    wait(&mut window, "the list's analysis", |w| {
        let list = &w.state().state().worklist;
        list.finished_rows() == list.rows().len()
    });
    window.get_by_label("Sort by worst finding").click();
    window.run();
    assert_eq!(window.state().state().worklist.shown(), [0, 1], "as listed");
    // Once confirmed there is nothing to hide any more.
    press(&mut window, &[(NONE, Key::Escape), (CTRL, Key::Enter)]);
    assert!(!window.state().state().machine_hidden());
    assert!(!window.state().state().machine_hidden_of("/ecg/calm.hea".as_ref()));
    assert!(window.state().state().machine_hidden_of("/ecg/one.hea".as_ref()));
}

#[test]
fn findings_are_compared_and_taken_too() {
    let folder = Folder::new("opinions");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    press(&mut window, &[(NONE, Key::Escape), (NONE, Key::Period), (SHIFT, Key::R)]);
    let key = FindingKey::new("rhythm", "A");
    assert_eq!(review(&window).content().judgements.get(&key).map(|judged| judged.verdict), Some(Verdict::Absent));
    window.get_by_label_contains("Compare with the machine").click_accesskit();
    window.run();
    wait(&mut window, "the comparison", |w| sees(w, "Disagreements on beats: 0"));
    assert!(sees(&window, "Findings that both decided: 1, alike: 0"));
    assert!(sees(&window, "Atrial fibrillation: yours absent, theirs present"));
    assert!(sees(&window, "Myocardial infarction: yours nothing, theirs present"));
    window.get_by_label("Take theirs on Atrial fibrillation").click_accesskit();
    window.run();
    assert_eq!(review(&window).content().judgements.get(&key).map(|judged| judged.verdict), Some(Verdict::Present));
    assert!(sees(&window, "Findings that both decided: 1, alike: 1") && !sees(&window, "Atrial fibrillation: yours"));
}

#[test]
fn the_list_of_keys_has_those_of_label_mode() {
    let mut window = analysed(&Arc::default(), "/ecg/demo.hea");
    window.state_mut().apply(Message::ToggleHelp);
    window.run();
    assert!(sees(&window, "In label mode"));
    let words = &Language::English.words().review;
    for key in KEYS {
        assert!(sees(&window, (key.help)(&words.label_keys)), "{}", key.keys);
    }
    for label in BeatType::settable() {
        assert!(sees(&window, words.beat_type(label)), "{label}");
    }
}

#[test]
fn similarity_and_groups_can_be_stopped_and_say_that_they_work() {
    let folder = Folder::new("stop");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/long.hea");
    press(&mut window, &[(NONE, Key::ArrowRight)]);
    window.state_mut().apply(Message::Review(ReviewMessage::FindClusters));
    window.step();
    assert!(sees(&window, "Reading shapes ...") || sees(&window, "Grouping shapes ..."));
    window.state_mut().apply(Message::Review(ReviewMessage::StopShapes));
    window.run();
    std::thread::sleep(std::time::Duration::from_millis(300));
    window.run();
    let shapes = &window.state().state().desk.shapes;
    assert!(shapes.busy.is_none() && shapes.grouped.is_none(), "a stopped job's answer is dropped");
    window.state_mut().apply(Message::Review(ReviewMessage::FindClusters));
    wait(&mut window, "the groups", |w| sees(w, "Shape 1:"));
}

#[test]
fn the_desk_speaks_german() {
    let folder = Folder::new("german");
    let mut window = labelling(&Arc::default(), &folder.0, "/ecg/demo.hea");
    window.state_mut().apply(Message::Paper(efficientecg::app::paper::PaperMessage::SetLanguage(Language::German)));
    window.run();
    assert!(sees(&window, "MARKIEREN") && sees(&window, "UNBESTÄTIGT") && sees(&window, "Befundung"));
    press(&mut window, &[(NONE, Key::ArrowRight)]);
    assert!(sees(&window, "Schlag 1 von 12: N, Normaler Schlag · Maschine N 97 %"));
    for english in ["Who reviews", "Beat 1 of", "No beat chosen", "Group by shape", "Other readers", "Export labels"] {
        assert!(!sees(&window, english), "{english}");
    }
}
