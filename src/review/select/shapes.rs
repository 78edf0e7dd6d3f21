//! The shapes of all beats of a recording, small enough to be compared by the hundred thousand.

use crate::recording::{LeadName, Rate, Recording, SampleError, SampleIndex, Signal};
use std::sync::Arc;

/// Points a second of a shape.
pub(super) const SHAPE_HZ: f64 = 125.0;
/// Points before R, and in all: 200 ms before to 400 ms after.
pub(super) const BEFORE: usize = 25;
pub(super) const POINTS: usize = 75;
/// Leads that take part at most.
const MOST_LEADS: usize = 3;
/// Leads preferred: they show the axis and both ventricles.
const PREFERRED: [&str; 3] = ["II", "V1", "V5"];
/// Beats between two questions whether to go on.
pub(super) const PART: usize = 4096;
/// Seconds of signal read at a time.
const BLOCK_S: f64 = 120.0;

/// Why shapes could not be had.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ShapesError {
    /// The recording's samples.
    #[error(transparent)]
    Samples(#[from] SampleError),
    /// Somebody asked to stop.
    #[error("stopped")]
    Cancelled,
}

/// Shapes of beats: for each beat and lead 75 points of 8 ms in microvolts, without their mean. Of 100,000 beats in three leads 45 MB.
#[derive(Debug, Clone, PartialEq)]
pub struct Shapes {
    /// The leads that take part.
    pub leads: Vec<LeadName>,
    pub(super) beats: Vec<SampleIndex>,
    /// `[beat][lead][point]`.
    points: Vec<i16>,
    /// Beats with a point that has no valid sample.
    pub(super) readable: Vec<bool>,
}

impl Shapes {
    /// Reads the shapes of beats (ascending). `goes_on` is asked now and then, with the share done; false stops.
    ///
    /// # Errors
    /// The file can no longer be read; stopped.
    pub fn read(recording: &Recording, beats: &[SampleIndex], goes_on: &dyn Fn(f32) -> bool) -> Result<Self, ShapesError> {
        let signals = chosen(recording);
        let mut shapes = Self {
            leads: signals.iter().map(|signal| signal.lead.clone()).collect(),
            beats: beats.to_vec(),
            points: Vec::with_capacity(beats.len() * signals.len() * POINTS),
            readable: Vec::with_capacity(beats.len()),
        };
        let block = recording.rate.samples_in(BLOCK_S).max(1);
        let mut rest = beats;
        let mut samples: Vec<Vec<f32>> = vec![Vec::new(); signals.len()];
        while let Some(first) = rest.first() {
            if !goes_on(1.0 - rest.len() as f32 / beats.len() as f32) {
                return Err(ShapesError::Cancelled);
            }
            let count = rest.partition_point(|at| at.0 < first.0.saturating_add(block)).max(1);
            let (here, after) = rest.split_at(count);
            let last = here.last().map_or(first.0, |at| at.0);
            let start_s = recording.rate.seconds(*first) - BEFORE as f64 / SHAPE_HZ - 0.1;
            let end_s = recording.rate.seconds(SampleIndex(last)) + (POINTS - BEFORE) as f64 / SHAPE_HZ + 0.1;
            for (signal, samples) in signals.iter().zip(&mut samples) {
                samples.clear();
                let start = signal.rate.samples_in(start_s);
                let end = signal.rate.samples_in(end_s).min(signal.len()).max(start);
                signal.read_millivolts(start, (end - start) as usize, samples)?;
            }
            for at in here {
                let mut readable = !signals.is_empty();
                for (signal, samples) in signals.iter().zip(&samples) {
                    let start = signal.rate.samples_in(start_s);
                    readable &= shapes.add(samples, start, signal.rate, recording.rate.seconds(*at));
                }
                shapes.readable.push(readable);
            }
            rest = after;
        }
        Ok(shapes)
    }

    /// Adds one lead of one beat: the mean of the samples in each point's 8 ms, less the mean of all. False where some point has no sample.
    fn add(&mut self, samples: &[f32], start: u64, rate: Rate, r_s: f64) -> bool {
        let mut points = [f32::NAN; POINTS];
        for (index, point) in points.iter_mut().enumerate() {
            let centre = (r_s + (index as f64 - BEFORE as f64) / SHAPE_HZ) * rate.hz() - start as f64;
            let half = (rate.hz() / SHAPE_HZ / 2.0).max(0.5);
            let (from, to) = ((centre - half).ceil(), (centre + half).floor());
            if from >= 0.0 && to >= from {
                let within = samples.get(from as usize..=to as usize).unwrap_or_default();
                *point = within.iter().sum::<f32>() / within.len() as f32;
            }
        }
        let mean = points.iter().sum::<f32>() / POINTS as f32;
        let readable = mean.is_finite();
        self.points.extend(points.iter().map(|point| if readable { ((point - mean) * 1000.0) as i16 } else { 0 }));
        readable
    }

    /// Beats.
    pub fn len(&self) -> usize {
        self.beats.len()
    }

    /// No beat at all.
    pub fn is_empty(&self) -> bool {
        self.beats.is_empty()
    }

    /// The points of one beat, lead after lead.
    pub(super) fn of(&self, beat: usize) -> &[i16] {
        let size = self.leads.len() * POINTS;
        self.points.get(beat * size..(beat + 1) * size).unwrap_or_default()
    }

    /// "All like this": the beats whose shape correlates with that of `like` by at least `limit` (0 to 1), it included. Empty where its signal cannot be
    /// read. `goes_on` as in [`Shapes::read`].
    ///
    /// # Errors
    /// [`ShapesError::Cancelled`].
    pub fn similar(&self, like: SampleIndex, limit: f32, goes_on: &dyn Fn(f32) -> bool) -> Result<Vec<SampleIndex>, ShapesError> {
        let Ok(index) = self.beats.binary_search(&like) else { return Ok(Vec::new()) };
        if !self.readable.get(index).copied().unwrap_or(false) {
            return Ok(Vec::new());
        }
        let template = Template::of(self.of(index).iter().map(|point| f32::from(*point)).collect());
        let fits = |beat: &usize| {
            *beat == index || (self.readable.get(*beat) == Some(&true) && template.correlation(self.of(*beat)) >= limit)
        };
        let mut alike = Vec::new();
        for from in (0..self.beats.len()).step_by(PART) {
            if !goes_on(from as f32 / self.beats.len() as f32) {
                return Err(ShapesError::Cancelled);
            }
            let part = from..(from + PART).min(self.beats.len());
            alike.extend(part.filter(fits).filter_map(|beat| self.beats.get(beat).copied()));
        }
        Ok(alike)
    }
}

/// Up to three recorded leads: II, V1 and V5 where they are, else the first ones.
fn chosen(recording: &Recording) -> Vec<&Arc<Signal>> {
    let usable: Vec<&Arc<Signal>> = recording.leads.iter().filter(|signal| !signal.is_empty()).collect();
    let preferred: Vec<&Arc<Signal>> =
        PREFERRED.iter().filter_map(|name| usable.iter().find(|signal| signal.lead.to_string() == *name).copied()).collect();
    if preferred.len() == PREFERRED.len() {
        return preferred;
    }
    usable.into_iter().filter(|signal| !signal.is_derived()).take(MOST_LEADS).collect()
}

/// The part of a shape that is compared: 120 ms before R to 200 ms after, QRS complex and ST segment. T waves move with the rate.
const COMPARED: std::ops::Range<usize> = 10..50;
/// Points that a beat may lie beside the template: R peaks are placed to within 16 ms.
const LAGS: [isize; 5] = [0, -1, 1, -2, 2];

/// A shape that others are compared with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Template {
    /// `[lead][point]`, microvolts.
    pub points: Vec<f32>,
    /// The compared part without its mean, and its norm.
    part: Vec<f32>,
    norm: f32,
}

impl Template {
    pub(super) fn of(points: Vec<f32>) -> Self {
        let mut part = Vec::new();
        for lead in points.chunks_exact(POINTS) {
            let lead = lead.get(COMPARED).unwrap_or_default();
            let mean = lead.iter().sum::<f32>() / COMPARED.len() as f32;
            part.extend(lead.iter().map(|point| point - mean));
        }
        let norm = part.iter().map(|point| point * point).sum::<f32>().sqrt();
        Self { points, part, norm }
    }

    /// Correlation with a shape at the best lag, -1 to 1; the leads count together, each by its amplitude. 0 where either is flat.
    pub(super) fn correlation(&self, shape: &[i16]) -> f32 {
        LAGS.iter().map(|lag| self.at_lag(shape, *lag)).fold(-1.0, f32::max)
    }

    fn at_lag(&self, shape: &[i16], lag: isize) -> f32 {
        let (mut product, mut square) = (0.0f32, 0.0f32);
        for (template, lead) in self.part.chunks_exact(COMPARED.len()).zip(shape.chunks_exact(POINTS)) {
            let from = COMPARED.start.saturating_add_signed(lag);
            let lead = lead.get(from..from + COMPARED.len()).unwrap_or_default();
            let (mut sum, mut squares) = (0.0f32, 0.0f32);
            for (t, value) in template.iter().zip(lead) {
                let value = f32::from(*value);
                // The template has no mean: that of the shape need not be taken out of the product.
                product += t * value;
                sum += value;
                squares += value * value;
            }
            square += squares - sum * sum / COMPARED.len() as f32;
        }
        let norm = self.norm * square.max(0.0).sqrt();
        if norm > 0.0 { (product / norm).clamp(-1.0, 1.0) } else { 0.0 }
    }
}
