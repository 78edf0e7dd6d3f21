//! From aligned beats to their median.

use super::{AFTER_S, BEFORE_S, Hints, MOST_BEATS, MOST_BEFORE_S, MedianBeat, MedianBeats, MedianInput, index, interpolate::cut};
use crate::{
    recording::Rate,
    signal::robust::{median, percentile},
};
use std::ops::Range;

/// The next QRS complex begins this long before its R peak, seconds, at the most.
const NEXT_QRS_S: f64 = 0.09;
/// Without knowledge of the T wave, this share of the RR interval after R belongs to it, but no more than [`T_MOST_S`].
const T_SHARE: f64 = 0.6;
const T_MOST_S: f64 = 0.42;
/// Where an isoelectric segment is looked for when none is known, and how long it is, seconds.
const QUIET_WITHIN_S: Range<f64> = -0.14..-0.04;
const QUIET_S: f64 = 0.02;
/// Neighbouring beats farther apart than this (seconds) do not tell how the baseline runs.
const NEIGHBOURS_S: f64 = 3.0;
/// Most values held for one lead: very high rates use fewer beats.
const MOST_VALUES: usize = 8_000_000;
/// The noise is judged at this many places of the median beat.
const NOISE_PLACES: usize = 64;

/// What one beat contributes.
struct Beat {
    /// Aligned R, samples.
    at: f64,
    /// Samples relative to R that belong to this beat and no other.
    own: Range<f64>,
    /// Place in the sequence of used beats that follow each other directly; neighbours differ by 1.
    number: usize,
}

pub(super) fn build(input: &MedianInput, mut beats: Vec<usize>, mut shifts: Vec<f64>, hints: &Hints) -> Option<MedianBeats> {
    let hz = input.rate.hz();
    let before_s = hints.begin.map_or(BEFORE_S, |begin| (-begin / hz).clamp(BEFORE_S, MOST_BEFORE_S));
    let origin = (before_s * hz).round() as usize;
    let wanted = origin + (AFTER_S * hz).round() as usize + 1;
    let most = (MOST_VALUES / wanted).clamp(1, MOST_BEATS);
    if beats.len() > most {
        let step = beats.len().div_ceil(most);
        beats = beats.into_iter().step_by(step).collect();
        shifts = shifts.into_iter().step_by(step).collect();
    }
    let pieces: Vec<Beat> = beats.iter().zip(&shifts).filter_map(|(b, s)| piece(input, *b, *s, before_s, hints)).collect();
    // Reaches as far as the beats have samples of their own, by their median.
    let reach = |of: fn(&Beat) -> f64| percentile(&mut pieces.iter().map(|p| of(p) as f32).collect(), 0.5).map(f64::from);
    let before = reach(|p| -p.own.start)?.floor().clamp(1.0, origin as f64) as usize;
    let after = reach(|p| p.own.end)?.floor().clamp(1.0, (wanted - origin - 1) as f64) as usize;
    let level = hints.level.clone().unwrap_or_else(|| quietest(input, &pieces, input.rate));
    let leads: Vec<MedianBeat> = input
        .leads
        .iter()
        .filter_map(|lead| {
            let (samples, noise_mv, beats) = of_lead(lead.samples, &pieces, before, before + after + 1, &level, hz)?;
            Some(MedianBeat { lead: lead.name.clone(), samples, noise_mv, beats })
        })
        .collect();
    if leads.is_empty() {
        return None;
    }
    Some(MedianBeats { rate: input.rate, origin: before, leads, beats_used: beats, shifts, level, alike: 0, looked_at: 0 })
}

fn piece(input: &MedianInput, beat: usize, shift: f64, before_s: f64, hints: &Hints) -> Option<Beat> {
    let hz = input.rate.hz();
    let at = input.peaks.get(beat)? + shift;
    let before = beat.checked_sub(1).and_then(|b| input.peaks.get(b)).map_or(f64::INFINITY, |b| at - b);
    let after = input.peaks.get(beat + 1).map_or(f64::INFINITY, |b| b - at);
    let t_end = hints.t_end.unwrap_or((T_SHARE * before).min(T_MOST_S * hz));
    // Never less than the QRS complex itself.
    let start = -(before - t_end).clamp(NEXT_QRS_S * hz, before_s * hz);
    let end = (after - NEXT_QRS_S * hz).clamp(NEXT_QRS_S * hz, AFTER_S * hz);
    Some(Beat { at, own: start..end, number: beat })
}

/// The quietest segment before QRS, over all leads and beats together.
fn quietest(input: &MedianInput, pieces: &[Beat], rate: Rate) -> Range<f64> {
    let hz = rate.hz();
    let (from, to) = ((QUIET_WITHIN_S.start * hz).round(), (QUIET_WITHIN_S.end * hz).round());
    let long = (QUIET_S * hz).round().max(2.0) as usize;
    let count = (to - from).max(long as f64 + 1.0) as usize;
    let mut slopes = vec![0.0f64; count];
    for lead in input.leads {
        let mut sum = vec![0.0f64; count + 1];
        for piece in pieces {
            let first = piece.at + from;
            let Some(samples) = (first >= 0.0).then(|| lead.samples.get(index(first)..index(first) + count + 1)).flatten() else {
                continue;
            };
            if samples.iter().all(|v| v.is_finite()) {
                sum.iter_mut().zip(samples).for_each(|(s, v)| *s += f64::from(*v));
            }
        }
        for (slope, pair) in slopes.iter_mut().zip(sum.windows(2)) {
            *slope += (pair[1] - pair[0]).powi(2);
        }
    }
    // Of equals the last: nearest to QRS.
    let best = (0..=count - long)
        .map(|k| (k, slopes[k..k + long].iter().sum::<f64>()))
        .min_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map_or(0, |(k, _)| k);
    from + best as f64..from + (best + long) as f64
}

/// Mean of the valid samples in `span` around `at`; at least one and half of them.
fn level_of(samples: &[f32], at: f64, span: &Range<f64>) -> Option<f64> {
    let (from, to) = ((at + span.start).round(), (at + span.end).round());
    if !(from >= 0.0 && to >= from) {
        return None;
    }
    let piece = samples.get(from as usize..=(to as usize).min(samples.len().checked_sub(1)?))?;
    let valid = || piece.iter().filter(|v| v.is_finite());
    let count = valid().count();
    (count > 0 && 2 * count >= piece.len()).then(|| valid().map(|v| f64::from(*v)).sum::<f64>() / count as f64)
}

/// Median, its standard error and the number of beats of one lead; `None` without a beat.
fn of_lead(
    samples: &[f32],
    pieces: &[Beat],
    before: usize,
    count: usize,
    level: &Range<f64>,
    hz: f64,
) -> Option<(Vec<f32>, Option<f32>, usize)> {
    let levels: Vec<Option<f64>> = pieces.iter().map(|p| level_of(samples, p.at, level)).collect();
    let middle = (level.start + level.end) / 2.0;
    let mut values: Vec<f32> = Vec::new();
    let mut cuts = vec![0.0f32; count];
    let mut beats = 0usize;
    for (i, (piece, own)) in pieces.iter().zip(&levels).enumerate() {
        let Some(own) = own else { continue };
        cut(samples, piece.at - before as f64, &mut cuts);
        let r = cuts.get(before).copied().unwrap_or(f32::NAN);
        if !r.is_finite() {
            continue;
        }
        let slope = slope(pieces, &levels, i, hz);
        for (k, value) in cuts.iter_mut().enumerate() {
            let offset = k as f64 - before as f64;
            if offset < piece.own.start.floor() || offset > piece.own.end {
                *value = f32::NAN;
            }
            *value -= (own + slope * (offset - middle)) as f32;
        }
        values.extend_from_slice(&cuts);
        beats += 1;
    }
    if beats == 0 {
        return None;
    }
    let mut column = Vec::with_capacity(beats);
    let mut out = Vec::with_capacity(count);
    let mut errors = Vec::new();
    let every = (count / NOISE_PLACES).max(1);
    for k in 0..count {
        column.clear();
        column.extend(values.iter().skip(k).step_by(count).filter(|v| v.is_finite()));
        let valid = column.len();
        let middle = if 2 * valid >= beats { median(&mut column) } else { None };
        if let Some(middle) = middle
            && k % every == 0
            && valid > 2
        {
            column.iter_mut().for_each(|v| *v = (*v - middle).abs());
            // 1.4826: standard deviation of a normal distribution per MAD; 1.2533: standard error of a median per that of a mean.
            errors.extend(median(&mut column).map(|mad| 1.4826 * 1.2533 * mad / (valid as f32).sqrt()));
        }
        out.push(middle.unwrap_or(f32::NAN));
    }
    Some((out, median(&mut errors), beats))
}

/// How the baseline runs through beat `i`, per sample: from the levels of the beats right before and after it, if they are used too.
fn slope(pieces: &[Beat], levels: &[Option<f64>], i: usize, hz: f64) -> f64 {
    let near = |j: Option<usize>| {
        let j = j?;
        let (here, there) = (pieces.get(i)?, pieces.get(j)?);
        let next = here.number.abs_diff(there.number) == 1 && (here.at - there.at).abs() < NEIGHBOURS_S * hz;
        Some((there.at, (*levels.get(j)?)?)).filter(|_| next)
    };
    let here = pieces.get(i).and_then(|p| Some((p.at, (*levels.get(i)?)?)));
    let (before, after) = (near(i.checked_sub(1)), near(i.checked_add(1)));
    match (before.or(here), after.or(here)) {
        (Some(a), Some(b)) if b.0 - a.0 >= 1.0 => (b.1 - a.1) / (b.0 - a.0),
        _ => 0.0,
    }
}
