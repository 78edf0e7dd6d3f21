//! Time-stamped annotation lists (TALs). Source: "EDF+ specification", section 2.2.

use super::Width;
use std::collections::BTreeMap;

/// Bytes of an annotation signal in a data record without annotations.
const SMALLEST: usize = 16;

/// Where one record would need more than this, its annotations go into the records after it, which EDF+ allows: every record has the space of
/// the fullest.
const CROWDED: usize = 1024;

/// The lists of a file, record by record.
#[derive(Debug)]
pub(super) struct Lists {
    /// The time-keeping list of each record and whatever follows it.
    records: Vec<Vec<u8>>,
    added: BTreeMap<usize, Vec<Vec<u8>>>,
    /// `added` is in `records`.
    settled: std::cell::OnceCell<(Vec<Vec<u8>>, usize)>,
}

impl Lists {
    /// Lists for records with these onsets in seconds, as written.
    pub(super) fn new(onsets: impl Iterator<Item = String>) -> Self {
        Self::with(onsets.map(|onset| format!("{onset}\x14\x14\0").into_bytes()).collect())
    }

    /// Lists that records have already.
    pub(super) fn with(records: Vec<Vec<u8>>) -> Self {
        Self { records, added: BTreeMap::new(), settled: std::cell::OnceCell::new() }
    }

    /// Adds an annotation of one or more texts to a record's lists; onset and duration in seconds.
    pub(super) fn add(&mut self, record: usize, onset: f64, duration: Option<f64>, texts: &[String]) {
        let mut entry = seconds(onset);
        if let Some(duration) = duration {
            entry.push('\x15');
            entry.push_str(seconds(duration).trim_start_matches('+'));
        }
        for text in texts {
            entry.push('\x14');
            // Line breaks are the only control characters that a text may have.
            entry.extend(text.chars().map(|c| if c.is_control() && !matches!(c, '\t' | '\n' | '\r') { ' ' } else { c }));
        }
        entry.push_str("\x14\0");
        let last = self.records.len().saturating_sub(1);
        self.added.entry(record.min(last)).or_default().push(entry.into_bytes());
    }

    /// The lists of a record.
    pub(super) fn record(&self, record: usize) -> &[u8] {
        self.settled().0.get(record).map_or(&[], Vec::as_slice)
    }

    /// Bytes that every record needs for its lists, a whole number of samples.
    pub(super) fn bytes(&self, width: Width) -> usize {
        self.settled().1.max(SMALLEST).next_multiple_of(2).next_multiple_of(width.bytes())
    }

    fn settled(&self) -> &(Vec<Vec<u8>>, usize) {
        self.settled.get_or_init(|| {
            let together = |record: usize| self.added.get(&record).map_or(0, |added| added.iter().map(Vec::len).sum());
            let needed = |(record, list): (usize, &Vec<u8>)| list.len() + together(record);
            let most = self.records.iter().enumerate().map(needed).max().unwrap_or(0);
            let all: usize = self.records.iter().chain(self.added.values().flatten()).map(Vec::len).sum();
            let mut space = most.min(CROWDED).max(all.div_ceil(self.records.len().max(1)));
            loop {
                if let Some(records) = self.spread(space) {
                    let used = records.iter().map(Vec::len).max().unwrap_or(0);
                    return (records, used);
                }
                space = space + space / 2 + 1;
            }
        })
    }

    /// Every annotation in its own record or the first after it that has room, or before it towards the file's end; `None` where some have
    /// none.
    fn spread(&self, space: usize) -> Option<Vec<Vec<u8>>> {
        let mut records = self.records.clone();
        let mut first_free = 0;
        let mut late = Vec::new();
        for (own, added) in &self.added {
            first_free = first_free.max(*own);
            for entry in added {
                let has_room = |record: usize| records.get(record).map(|list| list.len() + entry.len() <= space);
                while has_room(first_free) == Some(false) {
                    first_free += 1;
                }
                match records.get_mut(first_free) {
                    Some(list) => list.extend_from_slice(entry),
                    None => late.push(entry),
                }
            }
        }
        // A record that had no room for one is full for those after it too: however many there are, every record is passed once.
        let mut from_end = records.iter_mut().rev();
        let mut list = from_end.next();
        for entry in late {
            while list.as_ref().is_some_and(|list| list.len() + entry.len() > space) {
                list = from_end.next();
            }
            list.as_mut()?.extend_from_slice(entry);
        }
        Some(records)
    }
}

/// `+12.5`: to the nanosecond.
pub(super) fn seconds(value: f64) -> String {
    let text = format!("{value:+.9}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "+0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_of_annotations_is_spread_over_the_records_after_it() {
        let onsets = || (0..100).map(|record| seconds(f64::from(record)));
        let mut lists = Lists::new(onsets());
        for index in 0..200 {
            lists.add(90, 90.0, None, &[format!("{index:0100}")]);
        }
        let bytes = lists.bytes(Width::Bits16);
        assert!(bytes < 3000, "{bytes}");
        let all: usize = (0..100).map(|record| lists.record(record).len()).sum();
        let bare: usize = (0..100).map(|record| Lists::new(onsets()).record(record).len()).sum();
        assert_eq!(all, bare + 200 * (3 + 1 + 100 + 2));
    }

    #[test]
    fn annotations_after_the_end_fill_the_records_before_it_in_one_pass() {
        let mut lists = Lists::new((0..50_000).map(|record| seconds(f64::from(record))));
        for index in 0..400_000 {
            lists.add(usize::MAX, 60_000.0, None, &[format!("{index:0100}")]);
        }
        let started = std::time::Instant::now();
        assert!(lists.bytes(Width::Bits16) < 2048, "{}", lists.bytes(Width::Bits16));
        // Every annotation against every record would be 10^10 steps.
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
        let all: usize = (0..50_000).map(|record| lists.record(record).iter().filter(|byte| **byte == 0).count()).sum();
        assert_eq!(all, 450_000);
    }

    #[test]
    fn few_annotations_stay_in_their_record() {
        let mut lists = Lists::new((0..3).map(|record| seconds(f64::from(record))));
        lists.add(1, 1.25, Some(0.5), &["N".into(), "a\u{14}b\u{1}".into()]);
        assert_eq!(lists.record(1), b"+1\x14\x14\0+1.25\x150.5\x14N\x14a b \x14\0");
        assert_eq!(lists.record(2), b"+2\x14\x14\0");
        assert_eq!(lists.bytes(Width::Bits24) % 6, 0);
    }
}
