//! Threads that make tiles: first those the page waits for, then those beside it.
//!
//! What the page no longer wants is not begun. A thread of their own each, not the pool that an analysis works on: a reader who turns
//! pages does not wait for a day's beats, and a slow disk does not hold up the window.

use super::{Key, Made, make};
use crate::{
    recording::{SampleError, Signal},
    signal::filter::FilterSettings,
};
use std::{
    collections::{HashSet, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

/// Threads at least and at most.
const THREADS: [usize; 2] = [2, 4];

/// A tile to make.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub generation: u64,
    pub key: Key,
    pub signal: Arc<Signal>,
    pub settings: FilterSettings,
}

#[derive(Debug, Default)]
struct Desk {
    /// The page waits for these.
    now: VecDeque<Ask>,
    beside: VecDeque<Ask>,
    /// Being made, with the recording's number.
    working: HashSet<(u64, Key)>,
    made: Vec<(u64, Key, Made)>,
    closed: bool,
}

#[derive(Debug, Default)]
struct Shared {
    desk: Mutex<Desk>,
    asked: Condvar,
    done: Condvar,
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The threads. They end with it.
#[derive(Debug)]
pub(super) struct Readers(Arc<Shared>);

impl Default for Readers {
    fn default() -> Self {
        let shared = Arc::<Shared>::default();
        let threads = thread::available_parallelism().map_or(THREADS[0], |n| n.get().clamp(THREADS[0], THREADS[1]));
        for _ in 0..threads {
            let shared = shared.clone();
            thread::spawn(move || work(&shared));
        }
        Self(shared)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.0.desk().closed = true;
        self.0.asked.notify_all();
    }
}

impl Readers {
    /// Wants these and nothing that was wanted before. What is being made already goes on.
    pub fn ask(&self, now: Vec<Ask>, beside: Vec<Ask>) {
        let mut desk = self.0.desk();
        let free = |ask: &Ask, desk: &Desk| !desk.working.contains(&(ask.generation, ask.key));
        desk.now = now.into_iter().filter(|ask| free(ask, &desk)).collect();
        desk.beside = beside.into_iter().filter(|ask| free(ask, &desk)).collect();
        drop(desk);
        self.0.asked.notify_all();
    }

    /// What was made since the last call.
    pub fn take(&self) -> Vec<(u64, Key, Made)> {
        std::mem::take(&mut self.0.desk().made)
    }

    /// What was made, as soon as there is something; nothing once `until` has passed.
    pub fn wait(&self, until: Instant) -> Vec<(u64, Key, Made)> {
        let left = until.saturating_duration_since(Instant::now());
        let desk = self.0.desk();
        let waited = self.0.done.wait_timeout_while(desk, left, |desk| desk.made.is_empty());
        let (mut desk, _) = waited.unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut desk.made)
    }
}

fn work(shared: &Shared) {
    let mut desk = shared.desk();
    while !desk.closed {
        let Some(ask) = desk.now.pop_front().or_else(|| desk.beside.pop_front()) else {
            desk = shared.asked.wait(desk).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        desk.working.insert((ask.generation, ask.key));
        drop(desk);
        // A fault must not leave the page waiting for ever.
        let made = catch_unwind(AssertUnwindSafe(|| make(&ask.signal, &ask.settings, ask.key.index))).unwrap_or_else(|_| {
            let (file, reason) =
                (ask.signal.label.clone(), "an internal error stopped this; the details are on standard error".to_owned());
            Err(SampleError::Unreadable { file, reason })
        });
        desk = shared.desk();
        desk.working.remove(&(ask.generation, ask.key));
        desk.made.push((ask.generation, ask.key, made));
        shared.done.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{super::TILE, *};
    use crate::recording::{Data, LeadName, Rate, SampleSource, Scale};
    use std::{sync::mpsc, time::Duration};

    /// Reads only when it is let.
    #[derive(Debug)]
    struct Gated(Mutex<mpsc::Receiver<()>>);

    impl SampleSource for Gated {
        fn len(&self) -> u64 {
            100 * TILE
        }

        fn read(&self, _: u64, out: &mut [i32]) -> Result<(), SampleError> {
            let gate = self.0.lock().expect("not poisoned");
            gate.recv().expect("the test goes on");
            out.fill(1);
            Ok(())
        }
    }

    #[test]
    fn what_the_page_waits_for_comes_first_and_what_it_no_longer_wants_never() {
        let (open, gate) = mpsc::channel();
        let scale = Scale { gain: 1.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) };
        let signal = Arc::new(Signal {
            label: "II".into(),
            lead: LeadName::parse("II"),
            rate: Rate::HZ_500,
            calibrated: true,
            declared_checksum: None,
            data: Data::Recorded { source: Arc::new(Gated(Mutex::new(gate))), scale },
        });
        let ask = |index: u64| {
            let key = Key { lead: 0, filter: (None, None, crate::signal::filter::Mains::Off), index };
            Ask { generation: 1, key, signal: signal.clone(), settings: FilterSettings::default() }
        };
        let readers = Readers::default();
        // All threads get something that lies beside the page, and stand before the gate.
        readers.ask(Vec::new(), (0..THREADS[1] as u64).map(ask).collect());
        let threads = loop {
            let desk = readers.0.desk();
            if !desk.working.is_empty() && (desk.beside.is_empty() || desk.working.len() >= THREADS[0]) {
                break desk.working.len();
            }
            drop(desk);
            thread::yield_now();
        };
        readers.ask(vec![ask(50)], vec![ask(60)]);
        readers.ask(vec![ask(70)], vec![ask(80)]);
        assert!(readers.wait(Instant::now() + Duration::from_millis(1)).is_empty(), "nobody passed the gate");
        let mut order = Vec::new();
        while !order.contains(&80) {
            open.send(()).expect("readers are there");
            order.extend(readers.wait(Instant::now() + Duration::from_secs(60)).into_iter().map(|(_, key, _)| key.index));
        }
        let place = |index| order.iter().position(|made| *made == index);
        assert!(place(70) < place(80) && place(50).is_none() && place(60).is_none(), "{threads} threads: {order:?}");
    }
}
