//! Works on many recordings with several threads and hands the results on in the order found.

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write},
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

/// How far a worker may run ahead of the slowest one: bounds what waits in memory to be printed in order.
const AHEAD: usize = 256;

/// Runs `work(state, item)` on `items` with `threads` workers, each with a state of its own from `start`, and calls
/// `done(index, result)` on the calling thread in the items' order. Stops early when `done` gives an error.
pub fn in_order<T, S, R, E>(
    items: &[T],
    threads: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
    mut done: impl FnMut(usize, R) -> Result<(), E>,
) -> Result<(), E>
where
    T: Sync,
    R: Send,
{
    let next = AtomicUsize::new(0);
    let printed = (Mutex::new(0usize), Condvar::new());
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::channel::<(usize, R)>();
        for _ in 0..threads.clamp(1, items.len().max(1)) {
            let (send, next, printed, start, work) = (send.clone(), &next, &printed, &start, &work);
            scope.spawn(move || {
                let mut state = start();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { return };
                    let mut position = printed.0.lock().unwrap_or_else(PoisonError::into_inner);
                    while index > position.saturating_add(AHEAD) {
                        position = printed.1.wait(position).unwrap_or_else(PoisonError::into_inner);
                    }
                    drop(position);
                    if send.send((index, work(&mut state, item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut waiting = BTreeMap::new();
        let mut expected = 0;
        let result = 'all: {
            for (index, result) in receive {
                waiting.insert(index, result);
                while let Some(result) = waiting.remove(&expected) {
                    if let Err(error) = done(expected, result) {
                        break 'all Err(error);
                    }
                    expected += 1;
                    *printed.0.lock().unwrap_or_else(PoisonError::into_inner) = expected;
                    printed.1.notify_all();
                }
            }
            Ok(())
        };
        // Workers still waiting for their turn must end: nothing is left for them, and none waits any more.
        next.store(items.len(), Ordering::Relaxed);
        *printed.0.lock().unwrap_or_else(PoisonError::into_inner) = usize::MAX;
        printed.1.notify_all();
        result
    })
}

/// A count of recordings on standard error: in place on a terminal, every ten seconds elsewhere.
#[derive(Debug)]
pub struct Counter {
    total: usize,
    done: usize,
    failed: usize,
    started: Instant,
    last: Instant,
    terminal: bool,
}

impl Counter {
    /// A counter for `total` recordings.
    pub fn new(total: usize) -> Self {
        let now = Instant::now();
        Self { total, done: 0, failed: 0, started: now, last: now, terminal: std::io::stderr().is_terminal() }
    }

    /// Counts one recording.
    pub fn count(&mut self, failed: bool) {
        self.done += 1;
        self.failed += usize::from(failed);
        let every = if self.terminal { Duration::from_millis(200) } else { Duration::from_secs(10) };
        if self.total > 1 && self.last.elapsed() >= every {
            self.last = Instant::now();
            let end = if self.terminal { '\r' } else { '\n' };
            // Progress is a courtesy: a closed standard error must not end the work.
            let _ = write!(std::io::stderr(), "{} of {} recordings, {} failed{end}", self.done, self.total, self.failed);
        }
    }

    /// Prints the closing line; true when nothing failed.
    pub fn finish(self) -> bool {
        let seconds = self.started.elapsed().as_secs_f64();
        let _ = writeln!(std::io::stderr(), "{} recordings, {} failed, {seconds:.1} s", self.done, self.failed);
        self.failed == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_the_workers_do() {
        let items: Vec<u64> = (0..2000).collect();
        let mut seen = Vec::new();
        in_order(
            &items,
            4,
            || (),
            |(), item| {
                std::thread::sleep(Duration::from_micros(item * 7919 % 50));
                item * 2
            },
            |index, result| {
                assert_eq!(result, index as u64 * 2);
                seen.push(index);
                Ok::<(), ()>(())
            },
        )
        .unwrap();
        assert_eq!(seen, (0..2000).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_stops_the_work_without_a_hang() {
        let items: Vec<usize> = (0..5000).collect();
        let mut printed = 0;
        let result = in_order(
            &items,
            3,
            || (),
            |(), item| *item,
            |index, _| {
                printed += 1;
                if index == 5 { Err("pipe closed") } else { Ok(()) }
            },
        );
        assert_eq!(result, Err("pipe closed"));
        assert_eq!(printed, 6);
    }
}
