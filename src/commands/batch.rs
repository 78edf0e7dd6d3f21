//! Works on many recordings with several threads and hands the results on in the order found.

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

/// How many items a worker may run ahead of the slowest one: bounds what waits in memory to be handed on in order.
const AHEAD: usize = 16;

/// What happened to an item whose work panicked: a fault of ours that must not take the other items with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an internal fault stopped the work on this recording; please report it")]
pub struct Panicked;

/// Runs `work(state, item)` on `items` with `threads` workers, each with a state of its own from `start`, and calls
/// `done(index, result)` on the calling thread in the items' order. Stops early when `done` gives an error.
pub fn in_order<T, S, R, E>(
    items: &[T],
    threads: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
    mut done: impl FnMut(usize, Result<R, Panicked>) -> Result<(), E>,
) -> Result<(), E>
where
    T: Sync,
    R: Send,
{
    let next = AtomicUsize::new(0);
    let printed = (Mutex::new(0usize), Condvar::new());
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::channel::<(usize, Result<R, Panicked>)>();
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
                    let result = catch_unwind(AssertUnwindSafe(|| work(&mut state, item))).map_err(|_| Panicked);
                    if result.is_err() {
                        state = start();
                    }
                    if send.send((index, result)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        // Whatever ends the work below, a panic of `done` too: workers still waiting for their turn must end, or the scope waits for ever.
        let _release = Release { next: &next, printed: &printed, items: items.len() };
        let mut waiting = BTreeMap::new();
        let mut expected = 0;
        for (index, result) in receive {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&expected) {
                done(expected, result)?;
                expected += 1;
                *printed.0.lock().unwrap_or_else(PoisonError::into_inner) = expected;
                printed.1.notify_all();
            }
        }
        Ok(())
    })
}

/// Lets all workers go when dropped: nothing is left for them, and none waits any more.
struct Release<'a> {
    next: &'a AtomicUsize,
    printed: &'a (Mutex<usize>, Condvar),
    items: usize,
}

impl Drop for Release<'_> {
    fn drop(&mut self) {
        self.next.store(self.items, Ordering::Relaxed);
        *self.printed.0.lock().unwrap_or_else(PoisonError::into_inner) = usize::MAX;
        self.printed.1.notify_all();
    }
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
                assert_eq!(result, Ok(index as u64 * 2));
                seen.push(index);
                Ok::<(), ()>(())
            },
        )
        .unwrap();
        assert_eq!(seen, (0..2000).collect::<Vec<_>>());
    }

    #[test]
    fn a_panic_costs_its_own_item_only() {
        let items: Vec<usize> = (0..500).collect();
        let mut seen = Vec::new();
        in_order(
            &items,
            3,
            || (),
            |(), item| {
                assert!(item % 100 != 7, "an item that panics");
                *item
            },
            |_, result| {
                seen.push(result);
                Ok::<(), ()>(())
            },
        )
        .unwrap();
        let expected: Vec<_> = items.iter().map(|i| if i % 100 == 7 { Err(Panicked) } else { Ok(*i) }).collect();
        assert_eq!(seen, expected);
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
