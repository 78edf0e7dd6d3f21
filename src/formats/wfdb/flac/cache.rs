//! Decoded frames of all FLAC files together, the ones used last: leads are read one after the other, but a frame holds several.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

/// Bytes of decoded samples that are kept.
const MOST_BYTES: usize = 48 << 20;

/// A decoded frame: `block` samples of each channel, channel after channel.
#[derive(Debug)]
pub(super) struct Frame {
    /// Its first sample in each channel.
    pub start: u64,
    pub block: u64,
    pub samples: Samples,
}

/// Samples in as few bytes as hold them.
#[derive(Debug)]
pub(super) enum Samples {
    Narrow(Vec<i16>),
    Wide(Vec<i32>),
}

impl Frame {
    pub(super) fn end(&self) -> u64 {
        self.start + self.block
    }

    /// Copies the samples of `channel` from sample `from` on, as far as frame and `out` reach; gives how many.
    pub(super) fn copy(&self, channel: usize, from: u64, out: &mut [i32]) -> usize {
        let count = self.end().saturating_sub(from).min(out.len() as u64) as usize;
        let first = channel * self.block as usize + from.saturating_sub(self.start) as usize;
        let out = out.iter_mut().take(count);
        match &self.samples {
            Samples::Narrow(samples) => out.zip(samples.iter().skip(first)).for_each(|(slot, v)| *slot = i32::from(*v)),
            Samples::Wide(samples) => out.zip(samples.iter().skip(first)).for_each(|(slot, v)| *slot = *v),
        }
        count
    }

    fn bytes(&self) -> usize {
        match &self.samples {
            Samples::Narrow(samples) => samples.len() * 2,
            Samples::Wide(samples) => samples.len() * 4,
        }
    }
}

/// A file's number and a frame's first sample.
type Key = (u64, u64);

#[derive(Default)]
struct Cache {
    frames: HashMap<Key, (Arc<Frame>, u64)>,
    /// By the time of last use.
    used: BTreeMap<u64, Key>,
    bytes: usize,
    clock: u64,
}

static CACHE: Mutex<Option<Cache>> = Mutex::new(None);

fn with<T>(run: impl FnOnce(&mut Cache) -> T) -> T {
    run(CACHE.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default())
}

/// The frame of `file` that begins at sample `start`, if it is kept.
pub(super) fn get(file: u64, start: u64) -> Option<Arc<Frame>> {
    with(|cache| {
        let key = (file, start);
        cache.clock += 1;
        let (frame, used) = cache.frames.get_mut(&key)?;
        cache.used.remove(used);
        *used = cache.clock;
        cache.used.insert(cache.clock, key);
        Some(Arc::clone(frame))
    })
}

/// Keeps a frame, and lets go of those that were not used for the longest time.
pub(super) fn put(file: u64, frame: &Arc<Frame>) {
    with(|cache| {
        let key = (file, frame.start);
        cache.clock += 1;
        cache.bytes += frame.bytes();
        cache.used.insert(cache.clock, key);
        if let Some((replaced, used)) = cache.frames.insert(key, (Arc::clone(frame), cache.clock)) {
            cache.bytes -= replaced.bytes();
            cache.used.remove(&used);
        }
        while cache.bytes > MOST_BYTES {
            let Some((_, oldest)) = cache.used.pop_first() else { break };
            if let Some((frame, _)) = cache.frames.remove(&oldest) {
                cache.bytes -= frame.bytes();
            }
        }
    });
}

/// Lets go of all frames of a file that is closed.
pub(super) fn forget(file: u64) {
    with(|cache| {
        let freed: usize = cache.frames.iter().filter(|(key, _)| key.0 == file).map(|(_, (frame, _))| frame.bytes()).sum();
        cache.frames.retain(|key, _| key.0 != file);
        cache.used.retain(|_, key| key.0 != file);
        cache.bytes -= freed;
    });
}
