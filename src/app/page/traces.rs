//! The traces of the cells on the page: read, filtered and laid along x once, kept while they are shown.

use super::{
    decimate::{Trace, trace},
    paint::Cell,
};
use crate::{
    app::filtering::Filtering,
    recording::{Rate, SampleError, Signal},
    signal::filter::{FilterSettings, apply},
};
use rayon::prelude::*;
use std::{collections::HashMap, ops::Range, sync::Arc};

/// Seconds on either side of the page that are filtered together with it, so that scrolling does not filter anew every frame.
const AHEAD_S: f64 = 5.0;

/// What need not be computed again while neither page, filters nor recording change.
#[derive(Debug, Default)]
pub struct Traces {
    laid: HashMap<TraceKey, Laid>,
    /// By lead.
    filtered: HashMap<usize, Filtered>,
    frame: u64,
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
type FilterKey = (Option<u64>, Option<u64>, crate::signal::filter::Mains);

#[derive(Debug, Clone)]
struct Laid {
    trace: Result<Arc<Trace>, SampleError>,
    used: u64,
}

/// A stretch of a lead after filtering.
#[derive(Debug)]
struct Filtered {
    generation: u64,
    filter: FilterKey,
    /// Samples of the lead that are covered.
    range: Range<u64>,
    samples: Result<Vec<f32>, SampleError>,
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
        self.filter(cells, generation, filtering, px_per_s);
        let traces = cells.iter().map(|cell| self.one(cell, generation, filtering, px_per_s, pixel)).collect();
        self.laid.retain(|_, laid| laid.used == self.frame);
        self.filtered.retain(|_, filtered| filtered.used == self.frame);
        traces
    }

    fn one(
        &mut self,
        cell: &Cell,
        generation: u64,
        filtering: &Filtering,
        px_per_s: f32,
        pixel: f64,
    ) -> Result<Arc<Trace>, SampleError> {
        let numbers =
            [cell.start_s.to_bits(), u64::from(cell.rect.width().to_bits()), u64::from(px_per_s.to_bits()), pixel.to_bits()];
        let settings = filtering.applied(cell.signal.rate);
        let key = TraceKey { generation, lead: cell.lead, inverted: cell.inverted, numbers, filter: key_of(&settings) };
        let (frame, filtered) = (self.frame, self.filtered.get(&cell.lead));
        let laid = self.laid.entry(key).or_insert_with(|| {
            let range = shown(cell, px_per_s);
            let samples = match filtered {
                Some(filtered) if settings != FilterSettings::default() => part(filtered, &range),
                _ => read(cell.signal, &range),
            };
            let rate = cell.signal.rate.hz();
            let x0 = (range.start as f64 / rate - cell.start_s) * f64::from(px_per_s);
            let lay = |mut samples: Vec<f32>| {
                if cell.inverted {
                    samples.iter_mut().for_each(|value| *value = -*value);
                }
                Arc::new(trace(&samples, x0, f64::from(px_per_s) / rate, pixel))
            };
            Laid { trace: samples.map(lay), used: frame }
        });
        laid.used = frame;
        laid.trace.clone()
    }

    /// Filters the stretches of leads that are shown and not there yet, side by side.
    fn filter(&mut self, cells: &[Cell], generation: u64, filtering: &Filtering, px_per_s: f32) {
        let mut wanted: HashMap<usize, (&Signal, FilterSettings, Range<u64>)> = HashMap::new();
        for cell in cells {
            let settings = filtering.applied(cell.signal.rate);
            if settings == FilterSettings::default() {
                continue;
            }
            let range = shown(cell, px_per_s);
            let entry = wanted.entry(cell.lead).or_insert((cell.signal, settings, range.clone()));
            entry.2 = entry.2.start.min(range.start)..entry.2.end.max(range.end);
        }
        for (lead, (_, settings, range)) in &wanted {
            if let Some(filtered) = self.filtered.get_mut(lead)
                && (filtered.generation, filtered.filter) == (generation, key_of(settings))
                && filtered.range.start <= range.start
                && range.end <= filtered.range.end
            {
                filtered.used = self.frame;
            }
        }
        let frame = self.frame;
        wanted.retain(|lead, _| self.filtered.get(lead).is_none_or(|filtered| filtered.used != frame));
        let made: Vec<(usize, Filtered)> = wanted
            .into_par_iter()
            .map(|(lead, (signal, settings, range))| {
                let range = with_margin(&range, signal.rate.samples_in(AHEAD_S), signal.len());
                let samples = filtered(signal, &settings, &range);
                (lead, Filtered { generation, filter: key_of(&settings), range, samples, used: frame })
            })
            .collect();
        self.filtered.extend(made);
    }
}

fn with_margin(range: &Range<u64>, margin: u64, length: u64) -> Range<u64> {
    range.start.saturating_sub(margin)..range.end.saturating_add(margin).min(length)
}

/// Samples a cell shows, one more on each side.
fn shown(cell: &Cell, px_per_s: f32) -> Range<u64> {
    let rate: Rate = cell.signal.rate;
    let seconds = f64::from(cell.rect.width()) / f64::from(px_per_s);
    let first = ((cell.start_s * rate.hz()).floor() - 1.0).max(0.0) as u64;
    let last = (((cell.start_s + seconds) * rate.hz()).ceil().max(0.0) as u64).saturating_add(2).min(cell.signal.len());
    first..last.max(first)
}

fn read(signal: &Signal, range: &Range<u64>) -> Result<Vec<f32>, SampleError> {
    let mut samples = Vec::new();
    signal.read_millivolts(range.start, (range.end - range.start) as usize, &mut samples)?;
    Ok(samples)
}

/// Samples of a lead (its own rate) as the page shows them.
///
/// # Errors
/// When they cannot be read.
pub fn as_shown(signal: &Signal, settings: &FilterSettings, range: &Range<u64>) -> Result<Vec<f32>, SampleError> {
    if *settings == FilterSettings::default() { read(signal, range) } else { filtered(signal, settings, range) }
}

/// Filtered samples as if the whole lead had been filtered.
fn filtered(signal: &Signal, settings: &FilterSettings, range: &Range<u64>) -> Result<Vec<f32>, SampleError> {
    let wide = with_margin(range, settings.margin(signal.rate) as u64, signal.len());
    let mut samples = apply(&read(signal, &wide)?, signal.rate, settings).samples;
    samples.truncate((range.end.max(wide.start) - wide.start) as usize);
    Ok(samples.split_off(((range.start - wide.start) as usize).min(samples.len())))
}

fn part(filtered: &Filtered, range: &Range<u64>) -> Result<Vec<f32>, SampleError> {
    let samples = filtered.samples.as_ref().map_err(Clone::clone)?;
    let at = |sample: u64| (sample.saturating_sub(filtered.range.start) as usize).min(samples.len());
    Ok(samples[at(range.start)..at(range.end).max(at(range.start))].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{Data, LeadName, MemorySource, Scale};

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
