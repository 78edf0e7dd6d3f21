//! What an edit costs the window's thread: everything `update` does, with the store on the disk. The jobs that it starts are not run.

use super::{BEATS, EDITS, KEPT, STEP, labels, session, tell};
use efficientecg::{
    analysis::Progress,
    app::{
        jobs::Opened,
        message::Message,
        review::{ReviewMessage, Shelf, beats::Pick, compare::Other},
        state::State,
        update::{Effect, update},
    },
    recording::{Recording, SampleIndex},
    review::{
        BeatType, Session,
        store::{MemoryStore, SqliteStore, Store},
    },
};
use std::{sync::Arc, time::Instant};

const BULK: usize = 10_000;

/// A window with the day open, reviewed by somebody.
fn window(recording: &Recording, store: &Arc<dyn Store>, session: Session) -> State {
    let mut state = State::default();
    let opened = Opened::new(recording.clone(), &Progress::new()).expect("readable");
    state.opened = Some(Arc::new(opened));
    state.desk.shelf = Shelf::Open(store.clone());
    state.desk.people.all = store.reviewers().expect("reviewers");
    state.desk.people.chosen = Some(session.review().key().reviewer.clone());
    state.desk.session = Some(session);
    (state.desk.label_mode, state.desk.panel) = (true, true);
    state
}

fn send(state: &mut State, message: ReviewMessage) -> Vec<Effect> {
    update(state, Message::Review(message))
}

fn at(n: u64) -> SampleIndex {
    SampleIndex((n % BEATS) * STEP + 100)
}

/// Chooses one beat after another over the day and relabels it; milliseconds of each `update` that relabels, ascending. `first`: where the types begin,
/// so that a second round changes what the first one set.
fn one_by_one(state: &mut State, edits: u64, first: usize) -> Vec<f64> {
    let types: Vec<BeatType> = BeatType::settable().collect();
    let before = state.desk.review().map_or(0, |review| review.history().len());
    let mut times: Vec<f64> = (0..edits)
        .map(|n| {
            send(state, ReviewMessage::Pick(Pick::One(at(n * 7919))));
            let begun = Instant::now();
            send(state, ReviewMessage::Relabel(types[(first + n as usize) % types.len()]));
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    // An edit that changes nothing is none.
    assert_eq!(state.desk.review().map(|review| review.history().len()), Some(before + edits as usize));
    times.sort_by(f64::total_cmp);
    times
}

fn timed(what: &str, state: &mut State, message: ReviewMessage) {
    let begun = Instant::now();
    send(state, message);
    println!("{what}: {:.2} ms", begun.elapsed().as_secs_f64() * 1000.0);
}

/// All of it.
pub fn measure(recording: &Recording) {
    println!("the window's update, {} beats in {}", labels().beats.len(), recording.name);
    let memory: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let begun = session(&memory);
    let mut state = window(recording, &memory, begun);
    tell("relabel one beat, update alone", &one_by_one(&mut state, EDITS, 1));

    let folder = tempfile::tempdir().expect("a folder");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).expect("a store"));
    let begun = session(&store);
    let mut state = window(recording, &store, begun);
    tell("relabel one beat, update with the disk", &one_by_one(&mut state, KEPT, 1));
    // A comparison whose job never ends holds the beats: the first edit copies them.
    drop(send(&mut state, ReviewMessage::Compare(Other::Machine)));
    tell("the same while readers are compared", &one_by_one(&mut state, KEPT, 2));

    let some: Vec<SampleIndex> = (0..BULK as u64).map(|n| at(n * 10)).collect();
    timed("choose 10,000 beats", &mut state, ReviewMessage::Pick(Pick::These(some)));
    timed("look at what relabelling 10,000 would change", &mut state, ReviewMessage::Relabel(BeatType::Fusion));
    timed("relabel 10,000 beats, update with the disk", &mut state, ReviewMessage::CarryOut);
    timed("take it back", &mut state, ReviewMessage::Undo);
    timed("choose every beat", &mut state, ReviewMessage::Pick(Pick::All));
    timed("begin to look for all like this", &mut state, ReviewMessage::Pick(Pick::Like));
}
