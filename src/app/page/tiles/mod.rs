//! Stretches of leads after filtering, kept while they are near the page: samples, and the extremes of short blocks of them.
//!
//! A day of twelve leads is never read whole. What the page shows is made at once, side by side, and waited for as long as a frame can wait; what
//! lies before and behind it is made after that, so that scrolling finds it ready. Extremes of blocks are what is drawn where a pixel holds many samples.

mod readers;

use super::{decimate::extent, traces::FilterKey};
use crate::{
    recording::{SampleError, Signal},
    signal::filter::{FilterSettings, apply},
};
use readers::{Ask, Readers};
use std::{
    collections::HashMap,
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

/// Samples in a tile.
const TILE: u64 = 8_192;
/// Samples in a block.
pub(super) const BLOCK: u64 = 16;
/// Tiles kept beyond those in use.
const SPARE: usize = 384;

/// One lead as the page asks for it.
#[derive(Clone)]
pub(super) struct Wanted {
    pub signal: Arc<Signal>,
    pub lead: usize,
    pub settings: FilterSettings,
    pub filter: FilterKey,
    /// Samples of the lead.
    pub range: Range<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    lead: usize,
    filter: FilterKey,
    index: u64,
}

/// A stretch of a lead.
#[derive(Debug)]
struct Tile {
    /// Millivolts; NaN where there is no valid sample.
    samples: Vec<f32>,
    /// Minimum and maximum of each block, one after the other; NaN where a block has no valid sample.
    extremes: Vec<f32>,
}

type Made = Result<Arc<Tile>, SampleError>;

/// The tiles of the open recording.
#[derive(Debug, Default)]
pub(super) struct Tiles {
    generation: u64,
    frame: u64,
    kept: HashMap<Key, (Made, u64)>,
    readers: Readers,
}

impl Tiles {
    /// Makes what is missing of the stretches, and begins with what lies beside them. What is not there after `patience` is there in a later call.
    pub fn ensure(&mut self, generation: u64, wanted: &[Wanted], patience: Duration) {
        if self.generation != generation {
            self.generation = generation;
            self.kept.clear();
        }
        self.frame += 1;
        let arrived = self.readers.take();
        self.keep(arrived);
        let (mut missing, mut beside) = (Vec::new(), Vec::new());
        for wanted in wanted {
            self.note(wanted, indices(&wanted.range), &mut missing);
        }
        for wanted in wanted {
            // Another page on either side.
            let length = wanted.range.end.saturating_sub(wanted.range.start);
            let wide = wanted.range.start.saturating_sub(length)..(wanted.range.end + length).min(wanted.signal.len());
            let shown = indices(&wanted.range);
            self.note(wanted, indices(&wide).filter(|index| !shown.contains(index)), &mut beside);
        }
        let mut keys: Vec<Key> = missing.iter().map(|ask| ask.key).collect();
        let until = Instant::now() + patience;
        self.readers.ask(missing, beside);
        while !keys.is_empty() {
            let made = self.readers.wait(until);
            if made.is_empty() {
                break;
            }
            self.keep(made);
            keys.retain(|key| !self.kept.contains_key(key));
        }
        self.forget();
    }

    /// Whether all of a stretch is there.
    pub fn has(&self, wanted: &Wanted) -> bool {
        indices(&wanted.range).all(|index| self.kept.contains_key(&Key { lead: wanted.lead, filter: wanted.filter, index }))
    }

    fn keep(&mut self, made: Vec<(u64, Key, Made)>) {
        let of_this = made.into_iter().filter(|(number, ..)| *number == self.generation);
        self.kept.extend(of_this.map(|(_, key, made)| (key, (made, self.frame))));
    }

    /// Marks those of the tiles as used that are there, and adds the others to what is to be made.
    fn note(&mut self, wanted: &Wanted, indices: impl Iterator<Item = u64>, missing: &mut Vec<Ask>) {
        for index in indices {
            let key = Key { lead: wanted.lead, filter: wanted.filter, index };
            match self.kept.get_mut(&key) {
                Some((_, used)) => *used = self.frame,
                None if missing.iter().any(|ask| ask.key == key) => {}
                None => missing.push(Ask {
                    generation: self.generation,
                    key,
                    signal: wanted.signal.clone(),
                    settings: wanted.settings,
                }),
            }
        }
    }

    /// Drops what was not used for longest, beyond [`SPARE`].
    fn forget(&mut self) {
        let mut idle: Vec<(u64, Key)> =
            self.kept.iter().filter(|(_, (_, used))| *used < self.frame).map(|(key, (_, used))| (*used, *key)).collect();
        if idle.len() > SPARE {
            idle.sort_unstable_by_key(|(used, _)| *used);
            for (_, key) in &idle[..idle.len() - SPARE] {
                self.kept.remove(key);
            }
        }
    }

    /// The samples of a stretch that is there.
    pub fn samples(&self, wanted: &Wanted) -> Result<Vec<f32>, SampleError> {
        self.gather(wanted, 1, 1, |tile| &tile.samples)
    }

    /// The first block that reaches into a stretch, and minimum and maximum of that and all that follow within it.
    pub fn extremes(&self, wanted: &Wanted) -> Result<(u64, Vec<f32>), SampleError> {
        Ok((wanted.range.start / BLOCK, self.gather(wanted, BLOCK, 2, |tile| &tile.extremes)?))
    }

    /// `values` for each so many samples.
    fn gather(&self, wanted: &Wanted, per: u64, values: usize, of: impl Fn(&Tile) -> &Vec<f32>) -> Result<Vec<f32>, SampleError> {
        let (from, to) = (wanted.range.start / per, wanted.range.end.div_ceil(per));
        let mut out = Vec::with_capacity(to.saturating_sub(from) as usize * values);
        for index in indices(&wanted.range) {
            let Some((made, _)) = self.kept.get(&Key { lead: wanted.lead, filter: wanted.filter, index }) else { continue };
            let part = of(made.as_ref().map_err(Clone::clone)?);
            let first = index * (TILE / per);
            let at = |position: u64| ((position.saturating_sub(first)) as usize * values).min(part.len());
            out.extend_from_slice(&part[at(from)..at(to).max(at(from))]);
        }
        Ok(out)
    }
}

fn indices(range: &Range<u64>) -> Range<u64> {
    if range.is_empty() { 0..0 } else { range.start / TILE..(range.end - 1) / TILE + 1 }
}

fn make(signal: &Signal, settings: &FilterSettings, index: u64) -> Made {
    let start = (index * TILE).min(signal.len());
    let range = start..(start + TILE).min(signal.len());
    let samples =
        if *settings == FilterSettings::default() { read(signal, &range)? } else { filtered(signal, settings, &range)? };
    let mut extremes = Vec::with_capacity(2 * samples.len().div_ceil(BLOCK as usize));
    for block in samples.chunks(BLOCK as usize) {
        extremes.extend(extent(block).unwrap_or([f32::NAN; 2]));
    }
    Ok(Arc::new(Tile { samples, extremes }))
}

pub(super) fn read(signal: &Signal, range: &Range<u64>) -> Result<Vec<f32>, SampleError> {
    let mut samples = Vec::new();
    signal.read_millivolts(range.start, (range.end - range.start) as usize, &mut samples)?;
    Ok(samples)
}

/// Filtered samples as if the whole lead had been filtered.
pub(super) fn filtered(signal: &Signal, settings: &FilterSettings, range: &Range<u64>) -> Result<Vec<f32>, SampleError> {
    let margin = settings.margin(signal.rate) as u64;
    let wide = range.start.saturating_sub(margin)..range.end.saturating_add(margin).min(signal.len());
    let mut samples = apply(&read(signal, &wide)?, signal.rate, settings).samples;
    samples.truncate((range.end.max(wide.start) - wide.start) as usize);
    Ok(samples.split_off(((range.start - wide.start) as usize).min(samples.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{Data, LeadName, MemorySource, Rate, Scale};
    use proptest::prelude::*;

    const PATIENT: Duration = Duration::from_secs(60);

    fn signal(digital: Vec<i32>) -> Arc<Signal> {
        Arc::new(Signal {
            label: "II".into(),
            lead: LeadName::parse("II"),
            rate: Rate::HZ_500,
            calibrated: true,
            declared_checksum: None,
            data: Data::Recorded {
                source: Arc::new(MemorySource(digital)),
                scale: Scale { gain: 1.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) },
            },
        })
    }

    fn wanted(signal: &Arc<Signal>, range: Range<u64>) -> Wanted {
        let filter = (None, None, crate::signal::filter::Mains::Off);
        Wanted { signal: signal.clone(), lead: 0, settings: FilterSettings::default(), filter, range }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn stretches_come_whole_and_no_extreme_is_lost(from in 0u64..100_000, length in 1u64..90_000) {
            let digital: Vec<i32> = (0..120_000).map(|i: i32| i.wrapping_mul(2_654_435) % 1000).collect();
            let signal = signal(digital.clone());
            let wanted = wanted(&signal, from..(from + length).min(120_000));
            let mut tiles = Tiles::default();
            tiles.ensure(1, std::slice::from_ref(&wanted), PATIENT);
            let samples = tiles.samples(&wanted).expect("readable");
            let expected: Vec<f32> = digital[wanted.range.start as usize..wanted.range.end as usize].iter().map(|v| *v as f32).collect();
            prop_assert_eq!(&samples, &expected);
            let (first, extremes) = tiles.extremes(&wanted).expect("readable");
            prop_assert_eq!(extremes.len() as u64, 2 * (wanted.range.end.div_ceil(BLOCK) - first));
            for (i, value) in expected.iter().enumerate() {
                let block = (wanted.range.start + i as u64) / BLOCK - first;
                let (low, high) = (extremes[2 * block as usize], extremes[2 * block as usize + 1]);
                prop_assert!(low <= *value && *value <= high);
            }
        }
    }

    #[test]
    fn what_lies_beside_the_page_is_made_in_the_background_and_the_rest_forgotten() {
        let signal = signal(vec![1; 10 * TILE as usize]);
        let mut tiles = Tiles::default();
        let page = wanted(&signal, 5 * TILE..6 * TILE);
        let begun = Instant::now();
        while tiles.kept.len() < 3 && begun.elapsed().as_secs() < 60 {
            tiles.ensure(1, std::slice::from_ref(&page), PATIENT);
        }
        let mut there: Vec<u64> = tiles.kept.keys().map(|key| key.index).collect();
        there.sort_unstable();
        assert_eq!(there, [4, 5, 6]);
        let other = wanted(&signal, 0..10);
        tiles.ensure(2, std::slice::from_ref(&other), PATIENT);
        assert!(tiles.has(&other) && !tiles.has(&page), "of another recording nothing is kept");
    }

    #[test]
    fn a_page_that_cannot_wait_is_not_there_yet_and_is_later() {
        let signal = signal(vec![1; 10 * TILE as usize]);
        let mut tiles = Tiles::default();
        let page = wanted(&signal, 0..9 * TILE);
        tiles.ensure(1, std::slice::from_ref(&page), Duration::ZERO);
        let begun = Instant::now();
        while !tiles.has(&page) && begun.elapsed().as_secs() < 60 {
            tiles.ensure(1, std::slice::from_ref(&page), Duration::ZERO);
            std::thread::yield_now();
        }
        assert_eq!(tiles.samples(&page).expect("readable").len(), 9 * TILE as usize);
    }
}
