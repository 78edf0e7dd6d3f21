//! Which beats look alike.

use super::{MOST_BEATS, MedianInput, Selection, scales};
use crate::signal::{beats::LEAST_HZ, robust::median};

/// Beats looked at, evenly spread over the recording.
const MOST_LOOKED_AT: usize = 400;
/// Shapes are compared in means over pieces of this length (seconds): less noise than single samples, and a
/// tenth of the work.
const PIECE_S: f64 = 0.010;
/// Pieces before and after R that are compared: wide QRS complexes included.
const REACH: usize = 12;
/// Detected peaks may lie this many pieces from where they belong: half a QRS complex.
const LAG: usize = 4;
/// Pieces kept of each lead of a beat.
const KEPT: usize = 2 * (REACH + LAG) + 1;
/// Pieces compared.
const COMPARED: usize = 2 * REACH + 1;
/// Correlations from which beats count as alike, strictest first. Noise lowers all correlations: when fewer than a third of the beats
/// are alike the next is tried.
const ALIKE: [f32; 3] = [0.85, 0.70, 0.55];
/// Most shapes told apart.
const MOST_SHAPES: usize = 12;
/// A beat whose RR interval before is this much shorter than the one after is premature.
const PREMATURE: f64 = 0.8;
/// Premature beats count less: in bigeminy they are not what dominates.
const PREMATURE_WEIGHT: f32 = 0.6;
/// Beats with this many times the usual deviation from the common shape are noisy ...
const NOISY: f32 = 2.5;
/// ... unless they are this much alike all the same.
const ALIKE_ANYWAY: f32 = 0.97;

/// A beat's leads in pieces, each about its own mean and in the lead's own size; `None` without valid signal.
struct Shape {
    beat: usize,
    leads: Vec<Option<[f32; KEPT]>>,
    weight: f32,
}

/// Sum of beats that are alike.
struct Group {
    leads: Vec<Option<[f32; COMPARED]>>,
    weight: f32,
}

/// Chooses the beats of the dominant shape among those that may be used; ectopic and noisy beats are left out.
pub(crate) fn select(input: &MedianInput) -> Selection {
    let hz = input.rate.hz();
    if hz < LEAST_HZ {
        return Selection::default();
    }
    let allowed = |beat: &usize| input.used.is_none_or(|used| used.get(*beat).copied().unwrap_or(false));
    let end = input.leads.iter().map(|lead| lead.samples.len()).max().unwrap_or(0) as f64;
    let inside = |beat: &usize| input.peaks.get(*beat).is_some_and(|at| *at >= 0.0 && *at < end);
    let candidates: Vec<usize> = (0..input.peaks.len()).filter(allowed).filter(inside).collect();
    let looked_at = spread(&candidates, MOST_LOOKED_AT);
    let scales = scales(input, &looked_at);
    let mut shapes: Vec<Shape> = looked_at.iter().filter_map(|beat| shape(input, &scales, *beat)).collect();
    // Without room around them (a recording of a single beat, cut closely) beats cannot be compared, only taken.
    if shapes.is_empty() {
        shapes = looked_at.iter().take(1).map(|beat| Shape { beat: *beat, leads: Vec::new(), weight: 1.0 }).collect();
    }
    let chosen = dominant(&shapes);
    let alike = chosen.len();
    let kept = spread(&chosen, MOST_BEATS);
    let piece = piece_samples(hz) as f64;
    Selection {
        beats: kept.iter().map(|(beat, _)| *beat).collect(),
        shifts: kept.iter().map(|(_, lag)| *lag as f64 * piece).collect(),
        alike,
        looked_at: looked_at.len(),
    }
}

/// At most `most` of `all`, evenly spread.
fn spread<T: Copy>(all: &[T], most: usize) -> Vec<T> {
    if all.len() <= most {
        return all.to_vec();
    }
    (0..most).filter_map(|k| all.get(k * all.len() / most).copied()).collect()
}

fn piece_samples(hz: f64) -> usize {
    ((PIECE_S * hz).round() as usize).max(1)
}

fn shape(input: &MedianInput, scales: &[f32], beat: usize) -> Option<Shape> {
    let at = *input.peaks.get(beat)?;
    let piece = piece_samples(input.rate.hz());
    let first = at.round() - (piece * (REACH + LAG)) as f64 - (piece / 2) as f64;
    if first < 0.0 {
        return None;
    }
    let first = first as usize;
    let leads: Vec<Option<[f32; KEPT]>> = input
        .leads
        .iter()
        .zip(scales)
        .map(|(lead, scale)| {
            let samples = lead.samples.get(first..first.checked_add(KEPT * piece)?)?;
            let mut pieces = [0.0f32; KEPT];
            for (value, samples) in pieces.iter_mut().zip(samples.chunks_exact(piece)) {
                *value = samples.iter().sum::<f32>() / (piece as f32 * scale);
            }
            let mean = pieces.iter().sum::<f32>() / KEPT as f32;
            pieces.iter_mut().for_each(|v| *v -= mean);
            pieces.iter().all(|v| v.is_finite() && v.abs() < 1e6).then_some(pieces)
        })
        .collect();
    if leads.iter().all(Option::is_none) {
        return None;
    }
    let before = beat.checked_sub(1).and_then(|b| input.peaks.get(b)).map(|b| at - b);
    let after = input.peaks.get(beat + 1).map(|b| b - at);
    let premature = before.zip(after).is_some_and(|(before, after)| before < PREMATURE * after);
    Some(Shape { beat, leads, weight: if premature { PREMATURE_WEIGHT } else { 1.0 } })
}

/// The beats of the dominant shape, each with the pieces by which its R peak lies off.
fn dominant(shapes: &[Shape]) -> Vec<(usize, i32)> {
    if shapes.len() < 2 {
        return shapes.iter().map(|s| (s.beat, 0)).collect();
    }
    let total: f32 = shapes.iter().map(|s| s.weight).sum();
    let mut largest = None;
    for least in ALIKE {
        let group = group(shapes, least).into_iter().max_by(|a, b| a.weight.total_cmp(&b.weight));
        let enough = group.as_ref().is_some_and(|g| g.weight * 3.0 >= total);
        largest = group.map(|g| (g, least));
        if enough {
            break;
        }
    }
    let Some((group, least)) = largest else { return Vec::new() };
    let compared: Vec<(&Shape, Likeness)> =
        shapes.iter().map(|s| (s, group.likeness(s))).filter(|(_, l)| l.correlation >= least).collect();
    let usual = median(&mut compared.iter().map(|(_, l)| l.deviation).collect()).unwrap_or(0.0);
    compared
        .iter()
        .filter(|(_, l)| l.deviation <= NOISY * usual || l.correlation >= ALIKE_ANYWAY)
        .map(|(shape, l)| (shape.beat, l.lag))
        .collect()
}

fn group(shapes: &[Shape], least: f32) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for shape in shapes {
        let room = groups.len() < MOST_SHAPES;
        let nearest =
            groups.iter_mut().map(|g| (g.likeness(shape), g)).max_by(|a, b| a.0.correlation.total_cmp(&b.0.correlation));
        match nearest {
            Some((likeness, group)) if likeness.correlation >= least => group.add(shape, likeness.lag),
            _ if room => {
                let mut group = Group { leads: vec![None; shape.leads.len()], weight: 0.0 };
                group.add(shape, 0);
                groups.push(group);
            }
            _ => {}
        }
    }
    groups
}

/// How alike a beat is to a group, at the shift at which it is most so.
#[derive(Clone, Copy)]
struct Likeness {
    correlation: f32,
    /// Root mean square of what is left of the beat when the group's shape is taken out.
    deviation: f32,
    lag: i32,
}

impl Group {
    fn add(&mut self, shape: &Shape, lag: i32) {
        self.weight += shape.weight;
        let from = usize::try_from(lag + LAG as i32).unwrap_or(LAG);
        for (sum, lead) in self.leads.iter_mut().zip(&shape.leads) {
            let Some(lead) = lead else { continue };
            let sum = sum.get_or_insert([0.0; COMPARED]);
            sum.iter_mut().zip(lead.iter().skip(from)).for_each(|(s, v)| *s += v);
        }
    }

    fn likeness(&self, shape: &Shape) -> Likeness {
        let mut best = Likeness { correlation: -1.0, deviation: f32::INFINITY, lag: 0 };
        for from in 0..=2 * LAG {
            let (mut ab, mut aa, mut bb, mut count) = (0.0f32, 0.0f32, 0.0f32, 0usize);
            for (sum, lead) in self.leads.iter().zip(&shape.leads) {
                let (Some(sum), Some(lead)) = (sum, lead) else { continue };
                let piece = lead.iter().skip(from);
                // About the means of what is compared: a drifting baseline is no likeness.
                let mean_a = sum.iter().sum::<f32>() / COMPARED as f32;
                let mean_b = piece.clone().take(COMPARED).sum::<f32>() / COMPARED as f32;
                for (a, b) in sum.iter().zip(piece) {
                    let (a, b) = (a - mean_a, b - mean_b);
                    ab += a * b;
                    aa += a * a;
                    bb += b * b;
                }
                count += COMPARED;
            }
            let correlation = if aa > 0.0 && bb > 0.0 { ab / (aa.sqrt() * bb.sqrt()) } else { 0.0 };
            // Of equals the one nearest to the peak as detected.
            let lag = from as i32 - LAG as i32;
            let better =
                correlation > best.correlation + 1e-4 || (correlation > best.correlation - 1e-4 && lag.abs() < best.lag.abs());
            if better {
                let deviation = ((1.0 - correlation * correlation).max(0.0) * bb / count.max(1) as f32).sqrt();
                best = Likeness { correlation, deviation, lag };
            }
        }
        best
    }
}
