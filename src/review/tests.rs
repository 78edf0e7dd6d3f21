//! A review as its reader has it: edits, undo across sessions, the workflow, labels that arrive late.

use super::{
    store::{MemoryStore, RecordingFacts, Store, StoreError},
    test_support::baseline,
    *,
};
use crate::recording::{Rate, SampleIndex, SampleRange};
use proptest::prelude::*;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

const STEP: u64 = 200;

struct Desk {
    store: Arc<dyn Store>,
    me: Reviewer,
    facts: RecordingFacts,
    time: Arc<AtomicI64>,
}

impl Desk {
    fn new() -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let me = Reviewer::new("Ada Lovelace", "AL").unwrap();
        store.add_reviewer(&me, Timestamp(1)).unwrap();
        let id = RecordingId::try_from("ab".repeat(32)).unwrap();
        let rate = Rate::new(250.0).unwrap();
        let facts = RecordingFacts { id, name: "100".into(), rate, length: 100 * STEP, place: None };
        Self { store, me, facts, time: Arc::new(AtomicI64::new(1_000)) }
    }

    fn session(&self) -> Session {
        let time = Arc::clone(&self.time);
        let clock = move || Timestamp(time.fetch_add(1_000, Ordering::Relaxed));
        Session::open(Arc::clone(&self.store), Arc::new(clock), &self.facts, &self.me.id, false).unwrap()
    }

    /// With a machine's hundred beats.
    fn ready(&self) -> Session {
        let mut session = self.session();
        session.labels_arrived(baseline(100, STEP)).unwrap();
        session
    }
}

fn at(beat: u64) -> SampleIndex {
    SampleIndex(beat * STEP)
}

fn relabel(beats: &[u64], to: BeatType) -> Command {
    Command::Relabel { beats: beats.iter().map(|beat| at(*beat)).collect(), to }
}

fn interval(start: u64, end: u64, kind: IntervalKind) -> Interval {
    Interval { kind, range: SampleRange::new(start, end), lead: None, text: String::new() }
}

#[test]
fn edits_have_names_and_are_undone_by_name() {
    let desk = Desk::new();
    let mut session = desk.ready();
    let before = session.review().content().clone();
    let done = session.perform(&relabel(&[1, 2, 9], BeatType::VentricularPremature), None).unwrap();
    assert_eq!(done.name, "Relabel 3 beats as V", "the ninth was V already and is now decided");
    assert_eq!(session.review().undo_name(), Some("Relabel 3 beats as V"));
    assert_eq!(session.review().content().beats.at(at(1)).unwrap().label, BeatType::VentricularPremature);
    session.undo(None).unwrap();
    assert_eq!(session.review().content(), &before);
    assert_eq!(session.review().redo_name(), Some("Relabel 3 beats as V"));
    session.perform(&Command::DeleteBeats { beats: vec![at(3)] }, None).unwrap();
    assert_eq!(session.review().redo_name(), None, "a new edit ends redo");
    assert_eq!(session.undo(None).unwrap().name, "Delete beat");
    assert_eq!(session.undo(None), Err(ReviewError::EndOfHistory("undo")));
}

#[test]
fn a_preview_counts_without_changing() {
    let session = Desk::new().ready();
    let all: Vec<u64> = (0..100).collect();
    let preview = session.review().preview(&relabel(&all, BeatType::Normal)).unwrap();
    assert_eq!((preview.count, preview.from), (100, vec![(BeatType::Normal, 90), (BeatType::VentricularPremature, 10)]));
    assert_eq!(session.review().undo_name(), None);
}

#[test]
fn what_cannot_be_done_is_refused_in_words() {
    let mut session = Desk::new().ready();
    let mut refused = |command: Command| session.perform(&command, None).unwrap_err();
    let label = BeatType::Normal;
    assert_eq!(refused(Command::AddBeat { at: at(4), label }), ReviewError::BeatThere { at: at(4), label });
    assert!(matches!(refused(Command::AddBeat { at: at(100), label }), ReviewError::Outside { .. }));
    assert_eq!(refused(Command::MoveBeat { from: SampleIndex(7), to: at(1) }), ReviewError::NoBeat { at: SampleIndex(7) });
    assert!(matches!(refused(Command::DeleteBeats { beats: vec![] }), ReviewError::Nothing(_)));
    assert!(matches!(refused(Command::Conclude(String::new())), ReviewError::Nothing(_)));
    assert!(matches!(refused(Command::Conclude("x".repeat(20_001))), ReviewError::TooLong { .. }));
    let outside = interval(10, 100 * STEP + 1, IntervalKind::Noise);
    assert!(matches!(refused(Command::AddInterval(outside)), ReviewError::Outside { .. }));
    let unknown = Command::AddFinding { scp: "XYZ".into(), judgement: Judgement::present() };
    assert_eq!(refused(unknown), ReviewError::Unknown("statement XYZ".into()));
    assert_eq!(session.review().undo_name(), None);
}

#[test]
fn undo_and_redo_reach_across_sessions() {
    let desk = Desk::new();
    let mut session = desk.ready();
    session.perform(&relabel(&[1], BeatType::Fusion), None).unwrap();
    session.perform(&Command::MoveBeat { from: at(2), to: SampleIndex(2 * STEP + 9) }, None).unwrap();
    let rhythm = IntervalKind::Rhythm(Rhythm::parse("AFIB").unwrap());
    session.perform(&Command::AddInterval(interval(0, 500, rhythm)), None).unwrap();
    session.perform(&Command::AddFinding { scp: "AFIB".into(), judgement: Judgement::present() }, None).unwrap();
    session.perform(&Command::Conclude("Atrial fibrillation.".into()), None).unwrap();
    session.undo(None).unwrap();
    let left = session.review().content().clone();
    drop(session);
    let mut again = desk.session();
    assert_eq!(again.review().content(), &left);
    again.redo(None).unwrap();
    assert_eq!(again.review().content().conclusion, "Atrial fibrillation.");
    for _ in 0..5 {
        again.undo(None).unwrap();
    }
    assert_eq!(again.review().content().beats.as_slice(), baseline(100, STEP).beats);
    assert!(again.review().content().intervals.is_empty() && again.review().content().judgements.is_empty());
}

#[test]
fn confirming_ends_with_any_edit_and_an_edit_needs_a_reason() {
    let desk = Desk::new();
    let mut session = desk.ready();
    assert_eq!(session.review().state(), State::Unread);
    session.begin().unwrap();
    session.perform(&relabel(&[1], BeatType::Fusion), None).unwrap();
    assert_eq!(session.review().state(), State::InReview);
    session.confirm().unwrap();
    assert_eq!(session.review().confirmation().map(|c| &c.by), Some(&desk.me.id));
    assert_eq!(session.perform(&relabel(&[2], BeatType::Fusion), Some("  ")), Err(ReviewError::ReasonNeeded));
    assert_eq!(session.undo(None), Err(ReviewError::ReasonNeeded), "undo is an edit too");
    session.undo(Some("wrong beat")).unwrap();
    assert_eq!((session.review().state(), session.review().reason()), (State::Amended, Some("wrong beat")));
    assert!(session.review().confirmation().is_none());
    session.perform(&relabel(&[2], BeatType::Fusion), None).expect("an amended review is edited freely");
    session.confirm().unwrap();
    assert_eq!(desk.session().review().state(), State::Confirmed);
    session.reopen("second opinion").unwrap();
    assert_eq!(session.review().state(), State::Amended);
}

#[test]
fn labels_that_arrive_late_leave_decisions_as_they_are() {
    let desk = Desk::new();
    let mut session = desk.session();
    // A beat close to the machine's fifth, and one where it has none.
    session.perform(&Command::AddBeat { at: SampleIndex(5 * STEP + 10), label: BeatType::Fusion }, None).unwrap();
    session.perform(&Command::AddBeat { at: SampleIndex(5 * STEP + 100), label: BeatType::Fusion }, None).unwrap();
    session.perform(&Command::Conclude("mine".into()), None).unwrap();
    session.labels_arrived(baseline(100, STEP)).unwrap();
    let beats = &session.review().content().beats;
    assert_eq!(beats.len(), 101, "a hundred of the machine, one of them replaced, one more");
    assert!(beats.at(at(5)).is_none());
    assert_eq!(session.review().content().conclusion, "mine");
    assert_eq!(session.labels_arrived(baseline(100, STEP)).unwrap(), None, "the same labels are nothing new");
    let now = session.review().content().clone();
    session.perform(&relabel(&[7], BeatType::Fusion), None).unwrap();
    session.labels_arrived(baseline(90, STEP)).unwrap().expect("another analysis");
    assert_eq!(session.review().content().beats.len(), now.beats.len(), "it stands beside, no more");
    assert_eq!(session.review().baseline().unwrap().beats.len(), 100);
    assert_eq!(session.review().latest_baseline().unwrap().beats.len(), 90);
    session.undo(None).unwrap();
    assert_eq!(session.review().content(), &now);
    assert_eq!(desk.session().review().content(), &now);
}

#[test]
fn a_second_window_is_told_and_reads_again() {
    let desk = Desk::new();
    let (mut one, mut two) = (desk.ready(), desk.session());
    one.perform(&relabel(&[1], BeatType::Fusion), None).unwrap();
    let refused = two.perform(&relabel(&[2], BeatType::Fusion), None).unwrap_err();
    assert!(matches!(refused, ReviewError::Store(StoreError::Conflict { .. })), "{refused}");
    assert_eq!(two.review().undo_name(), None, "nothing changed");
    two.reload().unwrap();
    assert_eq!(two.review().content(), one.review().content());
    two.perform(&relabel(&[2], BeatType::Fusion), None).unwrap();
}

#[test]
fn a_blind_reader_asks_and_the_asking_is_recorded() {
    let desk = Desk::new();
    let other = Reviewer::new("Grace Hopper", "").unwrap();
    desk.store.add_reviewer(&other, Timestamp(2)).unwrap();
    let clock = Arc::new(SystemClock);
    let mut session = Session::open(Arc::clone(&desk.store), clock, &desk.facts, &other.id, true).unwrap();
    session.labels_arrived(baseline(100, STEP)).unwrap();
    let mine = Whose::Reader(desk.me.id.clone());
    assert!(session.review().is_blind() && !session.review().may_see(&Whose::Machine) && !session.review().may_see(&mine));
    session.reveal(&Whose::Machine).unwrap();
    let asked = session.review().version();
    session.reveal(&Whose::Machine).unwrap();
    assert_eq!(session.review().version(), asked, "asked once");
    assert!(session.review().may_see(&Whose::Machine) && !session.review().may_see(&mine));
    let trail = desk.store.trail(0, 100).unwrap();
    assert!(matches!(trail.last().unwrap().parsed().unwrap(), Event::Revealed { whose: Whose::Machine }));
}

#[test]
fn findings_stand_beside_the_machine_s() {
    let desk = Desk::new();
    let mut session = desk.session();
    let key = FindingKey::new("rhythm", "A");
    let finding = MachineFinding {
        key: key.clone(),
        label: "Atrial fibrillation".into(),
        scp: Some("AFIB".into()),
        probability: Some(0.9),
        present: true,
        uncertain: false,
        by: "record".into(),
    };
    session.labels_arrived(Baseline { findings: vec![finding], ..baseline(100, STEP) }).unwrap();
    let rejected = Command::Judge { key: key.clone(), judgement: Some(Judgement::absent()) };
    assert_eq!(session.perform(&rejected, None).unwrap().name, "Reject Atrial fibrillation");
    let said = desk.store.trail(0, 100).unwrap().last().unwrap().said.clone().unwrap();
    assert!(said.contains("\"present\":true") && said.contains("Atrial fibrillation"), "{said}");
    session.perform(&Command::AddFinding { scp: "SR".into(), judgement: Judgement::present() }, None).unwrap();
    let all: Vec<(String, bool, bool)> =
        session.review().findings().map(|f| (f.key.to_string(), f.machine.is_some(), f.judgement.is_some())).collect();
    assert_eq!(all, [("rhythm A".into(), true, true), ("reader SR".into(), false, true)]);
    let withdrawn = Command::Judge { key: FindingKey::reader("SR"), judgement: None };
    assert_eq!(session.perform(&withdrawn, None).unwrap().name, "Remove Sinus rhythm");
}

#[test]
fn the_trail_tells_what_the_machine_had_said() {
    let desk = Desk::new();
    let mut session = desk.ready();
    session.perform(&relabel(&[8, 9], BeatType::Fusion), None).unwrap();
    session.perform(&Command::AddBeat { at: SampleIndex(9 * STEP + 100), label: BeatType::Normal }, None).unwrap();
    let trail = desk.store.trail(0, 100).unwrap();
    let said: Vec<&str> = trail.iter().filter_map(|entry| entry.said.as_deref()).collect();
    assert_eq!(said, [r#"{"beats":[[1600,"N"],[1800,"V"]]}"#, r#"{"beats":[[1900,"nothing"]]}"#]);
}

/// Commands on beats that may or may not be there.
fn any_command() -> impl Strategy<Value = Command> {
    let sample = (0u64..40).prop_map(|n| SampleIndex(n * 100));
    let label = proptest::sample::select(BeatType::settable().collect::<Vec<_>>());
    let some = proptest::collection::vec(sample.clone(), 0..6);
    let taken = (proptest::option::of(sample.clone()), proptest::option::of((sample.clone(), label.clone())));
    prop_oneof![
        (some.clone(), label.clone()).prop_map(|(beats, to)| Command::Relabel { beats, to }),
        (sample.clone(), label).prop_map(|(at, label)| Command::AddBeat { at, label }),
        (sample.clone(), sample).prop_map(|(from, to)| Command::MoveBeat { from, to }),
        some.prop_map(|beats| Command::DeleteBeats { beats }),
        proptest::collection::vec(taken, 0..4).prop_map(|pairs| Command::TakeTheirs {
            pairs: pairs.into_iter().map(|(ours, theirs)| Taken { ours, theirs }).collect()
        }),
        (0u64..4000, 0u64..4000).prop_map(|(a, b)| Command::AddInterval(interval(a.min(b), a.max(b), IntervalKind::Noise))),
        (1u64..5).prop_map(|id| Command::DeleteInterval(IntervalId(id))),
        "[a-c]{0,2}".prop_map(Command::Conclude),
        proptest::sample::select(vec!["AFIB", "SR", "none"])
            .prop_map(|scp| Command::AddFinding { scp: scp.into(), judgement: Judgement::present() }),
        (proptest::option::of(1u64..4), proptest::option::of(0u8..3))
            .prop_map(|(id, value)| Command::Calipers(vec![(id.map(CaliperId), value.map(Into::into))])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is done, undone and done again in whatever order: going back gives each earlier content, and the log rebuilds the last one.
    #[test]
    fn every_content_comes_back(commands in proptest::collection::vec(proptest::option::weighted(0.8, any_command()), 0..30)) {
        let desk = Desk::new();
        let mut session = desk.session();
        session.labels_arrived(baseline(20, STEP)).unwrap();
        let mut seen = vec![session.review().content().clone()];
        for command in &commands {
            match command {
                Some(command) => {
                    let before = session.review().content().clone();
                    match session.perform(command, None) {
                        Ok(_) => seen.push(session.review().content().clone()),
                        Err(error) => {
                            prop_assert!(!matches!(error, ReviewError::Damaged { .. } | ReviewError::Store(_)), "{}", error);
                            prop_assert_eq!(session.review().content(), &before);
                        }
                    }
                }
                None => {
                    if session.undo(None).is_ok() {
                        seen.pop();
                    }
                }
            }
            let samples: Vec<_> = session.review().content().beats.as_slice().iter().map(|beat| beat.sample).collect();
            prop_assert!(samples.windows(2).all(|pair| pair[0] < pair[1]));
        }
        let again = desk.session();
        prop_assert_eq!(again.review().content(), session.review().content());
        for content in seen.iter().rev() {
            prop_assert_eq!(session.review().content(), content);
            let _ = session.undo(None);
        }
        for content in seen.iter().skip(1) {
            session.redo(None).unwrap();
            prop_assert_eq!(session.review().content(), content);
        }
        prop_assert!(desk.store.verify().is_ok());
    }
}
