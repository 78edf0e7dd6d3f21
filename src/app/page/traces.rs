//! The traces of the cells on the page, laid along x once and kept while they are shown.

use super::{
    decimate::{Trace, trace},
    halves::in_halves,
    paint::Cell,
    tiles::{self, BLOCK, Tiles, Wanted},
};
use crate::{
    app::filtering::Filtering,
    recording::{Rate, SampleError, Signal},
    signal::filter::FilterSettings,
};
use std::{
    collections::HashMap,
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

/// Samples a pixel holds from which on the extremes of blocks are drawn: a block, so that none is more than half a pixel off its place.
const FROM_BLOCKS: f64 = BLOCK as f64;

/// What need not be computed again while neither page, filters nor recording change.
#[derive(Debug)]
pub struct Traces {
    laid: HashMap<TraceKey, Laid>,
    tiles: Tiles,
    frame: u64,
    /// How long a page waits for its samples before it is shown without some of its traces.
    pub patience: Duration,
    /// Since when some of the page's traces have been waited for.
    pub pending_since: Option<Instant>,
}

impl Default for Traces {
    fn default() -> Self {
        let (laid, tiles, frame) = Default::default();
        Self { laid, tiles, frame, patience: Duration::from_secs(60), pending_since: None }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct TraceKey {
    generation: u64,
    lead: usize,
    inverted: bool,
    /// Start, width, scale and pixel as bits: equal numbers, equal traces.
    numbers: [u64; 4],
    filter: FilterKey,
}

/// Corners as bits and the mains' choice: equal numbers, equal filters.
pub(super) type FilterKey = (Option<u64>, Option<u64>, crate::signal::filter::Mains);

#[derive(Debug, Clone)]
struct Laid {
    trace: Result<Arc<Trace>, SampleError>,
    used: u64,
}

fn key_of(settings: &FilterSettings) -> FilterKey {
    (settings.high_pass.map(f64::to_bits), settings.low_pass.map(f64::to_bits), settings.mains)
}

impl Traces {
    /// The trace of every cell, in their order. `pixel`: width of a physical pixel in points.
    pub(super) fn of(
        &mut self,
        cells: &[Cell],
        generation: u64,
        filtering: &Filtering,
        px_per_s: f32,
        pixel: f64,
    ) -> Vec<Result<Arc<Trace>, SampleError>> {
        self.frame += 1;
        let asked: Vec<(TraceKey, Wanted)> = cells
            .iter()
            .map(|cell| {
                let settings = filtering.applied(cell.signal.rate);
                let filter = key_of(&settings);
                let numbers = [
                    cell.start_s.to_bits(),
                    u64::from(cell.rect.width().to_bits()),
                    u64::from(px_per_s.to_bits()),
                    pixel.to_bits(),
                ];
                let key = TraceKey { generation, lead: cell.lead, inverted: cell.inverted, numbers, filter };
                let range = shown(cell, px_per_s);
                (key, Wanted { signal: cell.signal.clone(), lead: cell.lead, settings, filter, range })
            })
            .collect();
        if asked.iter().any(|(key, _)| !self.laid.contains_key(key)) {
            let wanted: Vec<Wanted> = asked.iter().map(|(_, wanted)| wanted.clone()).collect();
            self.tiles.ensure(generation, &wanted, self.patience);
        }
        let (frame, tiles) = (self.frame, &self.tiles);
        let is_missing = |key: &TraceKey| !self.laid.contains_key(key);
        let missing = cells.iter().zip(&asked).filter(|(_, (key, wanted))| is_missing(key) && tiles.has(wanted));
        let mut missing: Vec<_> = missing.map(|(cell, (key, wanted))| (cell, key, wanted, None)).collect();
        in_halves(&mut missing, |(cell, _, wanted, made)| *made = Some(lay(tiles, cell, wanted, px_per_s, pixel).map(Arc::new)));
        let made: Vec<_> = missing.into_iter().filter_map(|(_, key, _, made)| Some((key.clone(), made?))).collect();
        self.laid.extend(made.into_iter().map(|(key, trace)| (key, Laid { trace, used: frame })));
        let mut pending = false;
        let traces = asked
            .iter()
            .map(|(key, _)| match self.laid.get_mut(key) {
                Some(laid) => {
                    laid.used = frame;
                    laid.trace.clone()
                }
                None => {
                    pending = true;
                    Ok(Arc::new(Trace { pending: true, ..Trace::default() }))
                }
            })
            .collect();
        self.pending_since = pending.then(|| self.pending_since.unwrap_or_else(Instant::now));
        self.laid.retain(|_, laid| laid.used == self.frame);
        traces
    }
}

fn lay(tiles: &Tiles, cell: &Cell, wanted: &Wanted, px_per_s: f32, pixel: f64) -> Result<Trace, SampleError> {
    let rate = cell.signal.rate.hz();
    let dx = f64::from(px_per_s) / rate;
    let x_of = |sample: f64| (sample / rate - cell.start_s) * f64::from(px_per_s);
    // Two values a block, each standing for half of it.
    let half = 0.5 * BLOCK as f64;
    let (mut values, x0, dx) = if pixel / dx >= FROM_BLOCKS {
        let (first, extremes) = tiles.extremes(wanted)?;
        (extremes, x_of(first as f64 * BLOCK as f64 + 0.5 * half), dx * half)
    } else {
        (tiles.samples(wanted)?, x_of(wanted.range.start as f64), dx)
    };
    if cell.inverted {
        values.iter_mut().for_each(|value| *value = -*value);
    }
    Ok(trace(&values, x0, dx, pixel))
}

/// Samples a cell shows, one more on each side.
fn shown(cell: &Cell, px_per_s: f32) -> Range<u64> {
    let rate: Rate = cell.signal.rate;
    let seconds = f64::from(cell.rect.width()) / f64::from(px_per_s);
    let first = ((cell.start_s * rate.hz()).floor() - 1.0).max(0.0) as u64;
    let last = (((cell.start_s + seconds) * rate.hz()).ceil().max(0.0) as u64).saturating_add(2).min(cell.signal.len());
    first..last.max(first)
}

/// Samples of a lead (its own rate) as the page shows them.
///
/// # Errors
/// When they cannot be read.
pub fn as_shown(signal: &Signal, settings: &FilterSettings, range: &Range<u64>) -> Result<Vec<f32>, SampleError> {
    if *settings == FilterSettings::default() { tiles::read(signal, range) } else { tiles::filtered(signal, settings, range) }
}

#[cfg(test)]
mod tests {
    use super::super::tiles::{filtered, read};
    use super::*;
    use crate::{
        recording::{Data, LeadName, MemorySource, Scale, Signal},
        signal::filter::apply,
    };

    #[test]
    fn a_stretch_looks_as_if_the_whole_lead_had_been_filtered() {
        let rate = Rate::HZ_500;
        let digital: Vec<i32> = (0..60_000)
            .map(|i| {
                let t = f64::from(i) / 500.0;
                let beat = 1200.0 * (-0.5 * (((t % 0.8) - 0.4) / 0.012).powi(2)).exp();
                (beat + 300.0 * (t * 1.7).sin() + 80.0 * (t * std::f64::consts::TAU * 50.0).sin()) as i32
            })
            .collect();
        let signal = Signal {
            label: "II".into(),
            lead: LeadName::parse("II"),
            rate,
            calibrated: true,
            declared_checksum: None,
            data: Data::Recorded {
                source: Arc::new(MemorySource(digital)),
                scale: Scale { gain: 1000.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) },
            },
        };
        for settings in [
            FilterSettings { high_pass: Some(0.5), low_pass: Some(40.0), mains: crate::signal::filter::Mains::Hz50 },
            FilterSettings { high_pass: Some(0.05), low_pass: None, mains: crate::signal::filter::Mains::Off },
        ] {
            let whole = apply(&read(&signal, &(0..60_000)).expect("readable"), rate, &settings).samples;
            for range in [0..5000u64, 29_000..34_000, 55_000..60_000] {
                let piece = filtered(&signal, &settings, &range).expect("readable");
                assert_eq!(piece.len(), 5000);
                let worst = piece.iter().zip(&whole[range.start as usize..]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(worst < 0.02, "{settings:?} {range:?}: {worst} mV");
            }
        }
    }
}
