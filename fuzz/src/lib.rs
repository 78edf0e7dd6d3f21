//! The readers themselves, built into this package so that nothing else is instrumented, and what the targets share: records put together from a fuzzer's bytes, and everything a reader of a recording would read.

#[path = "../../src/formats/mod.rs"]
#[allow(dead_code)]
pub mod formats;
#[path = "../../src/recording/mod.rs"]
pub mod recording;

use recording::Recording;
use std::{collections::BTreeMap, sync::Arc};

/// Files by name.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// Stands between the files of a record in one input.
pub const SEPARATOR: &[u8] = b"\x00\xff==\xff\x00";

/// Names of the parts of an input, in order: a header, its signal files, an annotation file, the header of a segment.
pub const PARTS: [&str; 5] = ["r.hea", "r.dat", "s.dat", "r.atr", "s.hea"];

/// Opens the recording and reads what a window would.
pub fn open(name: &str, files: Files) {
    if let Ok(recording) = formats::open_in_memory(name, Arc::new(files)) {
        read(&recording);
    }
}

/// Reads windows of every signal: the first, one in the middle, the last, and far behind the end.
pub fn read(recording: &Recording) {
    let signals: Vec<_> = recording.leads.iter().chain(&recording.other_signals).map(AsRef::as_ref).collect();
    let mut values = Vec::new();
    for signal in signals.iter().take(16) {
        for start in [0, signal.len() / 2, signal.len().saturating_sub(20), u64::MAX - 3] {
            values.clear();
            let count = signal.len().min(300) as usize;
            if signal.read_millivolts(start, count, &mut values).is_ok() {
                assert_eq!(values.len(), count);
            }
        }
    }
    if signals.iter().map(|signal| signal.len()).fold(0, u64::saturating_add) < 5_000 {
        let _ = formats::digests(&signals);
    }
    assert!(recording.gaps.iter().all(|gap| gap.start.0 < gap.end.0 && gap.end.0 <= recording.length));
    for set in &recording.annotations {
        assert!(set.annotations.is_sorted_by_key(|annotation| annotation.at));
    }
}

/// The parts of an input.
pub fn parts(data: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = data;
    while parts.len() + 1 < PARTS.len() {
        let Some(at) = rest.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) else { break };
        parts.push(&rest[..at]);
        rest = &rest[at + SEPARATOR.len()..];
    }
    parts.push(rest);
    parts
}
