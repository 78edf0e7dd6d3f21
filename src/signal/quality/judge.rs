//! Which leads can be analysed: a plain judgement of a whole lead that names what it saw.

use crate::{
    recording::Rate,
    signal::{beats::LEAST_HZ, robust::percentile},
};
use std::ops::Range;

/// A lead whose signal stays within this many millivolts over two seconds is flat there: no heart is seen.
const FLAT_MV: f32 = 0.020;
/// Length of the pieces judged one by one.
const PIECE_S: f64 = 2.0;
/// Equal samples at the very top or bottom of the range that make a clipped run.
const CLIPPED_RUN: usize = 5;

/// What is known about one lead's signal.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadSignal {
    /// Good enough to be analysed.
    pub usable: bool,
    /// Share of samples that are valid, 0 to 1 (0 for an empty lead).
    pub valid: f32,
    /// Share of the valid two-second pieces that are flat (peak-to-peak under 0.02 mV), 0 to 1.
    pub flat_share: f32,
    /// Flat over more than half of the recording: lead off or disconnected.
    pub flat: bool,
    /// Share of valid samples that sit at the top or bottom of the range in runs, 0 to 1.
    pub clipped_share: f32,
    /// What was seen, in words for the reader; empty when nothing is wrong.
    pub notes: Vec<String>,
}

/// Without true millivolts a lead is flat where it stays within this share of its own span.
const FLAT_SHARE: f32 = 0.01;

/// Stretches of at least two seconds in which a lead is flat, in samples: nobody's heart is to be seen there. Whole pieces of two seconds,
/// neighbours joined.
pub fn flat_stretches(lead_mv: &[f32], rate: Rate, calibrated: bool) -> Vec<Range<usize>> {
    let piece = piece_samples(rate);
    let limit = flat_limit(lead_mv, calibrated);
    let mut out: Vec<Range<usize>> = Vec::new();
    for (index, samples) in lead_mv.chunks(piece).enumerate() {
        let start = index * piece;
        match span(samples) {
            Some((span, seen)) if span < limit && seen >= piece / 2 => match out.last_mut() {
                Some(last) if last.end == start => last.end = start + samples.len(),
                _ => out.push(start..start + samples.len()),
            },
            _ => {}
        }
    }
    out
}

fn piece_samples(rate: Rate) -> usize {
    ((PIECE_S * rate.hz()).round() as usize).max(2)
}

/// Peak-to-peak below which a piece counts as flat. Where the scale is unknown the lead's own span says what is small.
fn flat_limit(lead_mv: &[f32], calibrated: bool) -> f32 {
    if calibrated {
        return FLAT_MV;
    }
    span(lead_mv).map_or(0.0, |(span, _)| (span * FLAT_SHARE).max(f32::MIN_POSITIVE))
}

/// Peak-to-peak and number of the valid samples; `None` without any.
fn span(samples: &[f32]) -> Option<(f32, usize)> {
    let valid = samples.iter().filter(|v| v.is_finite());
    let (low, high, seen) =
        valid.fold((f32::INFINITY, f32::NEG_INFINITY, 0), |(low, high, seen), v| (low.min(*v), high.max(*v), seen + 1));
    (seen > 0).then_some((high - low, seen))
}

/// Judges one lead as recorded (millivolts, not filtered, NaN = no valid sample). `calibrated`: the millivolts are true; else only what needs
/// no scale is judged.
pub fn judge(lead_mv: &[f32], rate: Rate, calibrated: bool) -> LeadSignal {
    let count = lead_mv.iter().filter(|v| v.is_finite()).count();
    let valid = if lead_mv.is_empty() { 0.0 } else { (count as f64 / lead_mv.len() as f64) as f32 };
    let piece = piece_samples(rate);
    let limit = flat_limit(lead_mv, calibrated);
    let mut flat_pieces = 0usize;
    let mut spans = Vec::new();
    for samples in lead_mv.chunks(piece) {
        let Some((span, seen)) = span(samples) else { continue };
        // The remainder at the end may be too short to hold a beat; a recording shorter than a piece is all there is.
        if seen < piece / 2 && !spans.is_empty() {
            continue;
        }
        spans.push(span);
        flat_pieces += usize::from(span < limit);
    }
    let flat_share = if spans.is_empty() { 0.0 } else { flat_pieces as f32 / spans.len() as f32 };
    let flat = flat_share > 0.5;
    let clipped_share = clipped(lead_mv, count);
    let mut notes = Vec::new();
    if count == 0 {
        notes.push("no valid samples".to_owned());
    } else if valid < 0.995 {
        notes.push(format!("{:.0} % of samples missing", f64::from(1.0 - valid) * 100.0));
    }
    if flat {
        notes.push("flat line".to_owned());
    } else if flat_share > 0.0 {
        notes.push(format!("flat for {:.0} % of the time", f64::from(flat_share) * 100.0));
    }
    if clipped_share > 0.01 {
        notes.push(format!("{:.0} % of samples at the limit of the range", f64::from(clipped_share) * 100.0));
    }
    let typical = percentile(&mut spans, 0.5).unwrap_or(0.0);
    let absurd = calibrated && typical > 50.0;
    if absurd {
        notes.push(format!("swings over {typical:.0} mV"));
    }
    let slow = rate.hz() < LEAST_HZ;
    if slow {
        notes.push(format!("sampled at {:.3} Hz, too slowly for an ECG", rate.hz()));
    }
    // A second of signal is the least anything can be said about; a Holter with a lead off for hours still has its other hours.
    let enough = count as f64 >= rate.hz().min(lead_mv.len() as f64 * 0.5) && valid >= 0.05;
    if count > 0 && !enough {
        notes.push("too little signal".to_owned());
    }
    LeadSignal {
        usable: enough && count > 0 && !slow && !flat && !absurd && clipped_share < 0.3,
        valid,
        flat_share,
        flat,
        clipped_share,
        notes,
    }
}

/// Share of the `count` valid samples that repeat the lead's highest or lowest value in runs.
fn clipped(lead_mv: &[f32], count: usize) -> f32 {
    let (low, high) = lead_mv
        .iter()
        .filter(|v| v.is_finite())
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
    if count == 0 || high - low < FLAT_MV {
        return 0.0;
    }
    let (mut total, mut run, mut last) = (0usize, 0usize, f32::NAN);
    for value in lead_mv.iter().copied().chain([f32::NAN]) {
        if value == last && (value == low || value == high) {
            run += 1;
        } else {
            total += if run >= CLIPPED_RUN { run } else { 0 };
            run = 1;
        }
        last = value;
    }
    (total as f64 / count as f64) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate() -> Rate {
        Rate::new(250.0).expect("a rate")
    }

    fn beating(seconds: usize) -> Vec<f32> {
        (0..seconds * 250)
            .map(|i| (-0.5 * ((i % 220) as f32 - 110.0).powi(2) / 9.0).exp() + 0.01 * (i as f32 * 0.05).sin())
            .collect()
    }

    #[test]
    fn a_beating_lead_is_usable_and_nothing_is_said() {
        let seen = judge(&beating(10), rate(), true);
        assert!(seen.usable && !seen.flat && seen.notes.is_empty(), "{seen:?}");
    }

    #[test]
    fn constant_leads_are_flat() {
        for value in [0.0, 3.2, -5.0] {
            let seen = judge(&vec![value; 2500], rate(), true);
            assert!(seen.flat && !seen.usable && seen.notes == ["flat line"], "{seen:?}");
        }
        assert!(!judge(&vec![0.7; 100], rate(), true).usable, "also when short");
    }

    #[test]
    fn lead_off_for_most_of_the_time_is_flat() {
        let mut lead = beating(10);
        lead[800..].fill(0.0);
        assert!(judge(&lead, rate(), true).flat);
        let mut lead = beating(10);
        lead[2000..].fill(0.0);
        let seen = judge(&lead, rate(), true);
        assert!(seen.usable && seen.notes == ["flat for 20 % of the time"], "{seen:?}");
    }

    #[test]
    fn missing_samples_are_counted() {
        let seen = judge(&[f32::NAN; 500], rate(), true);
        assert!(!seen.usable && seen.valid == 0.0 && seen.notes == ["no valid samples"]);
        assert!(!judge(&[], rate(), true).usable);
        let mut lead = beating(10);
        lead[..1250].fill(f32::NAN);
        let seen = judge(&lead, rate(), true);
        assert!(seen.usable && seen.valid == 0.5 && seen.notes == ["50 % of samples missing"], "{seen:?}");
    }

    #[test]
    fn too_slow_a_lead_is_not_usable() {
        let seen = judge(&beating(10), Rate::new(0.5).expect("a rate"), true);
        assert!(!seen.usable && seen.notes.iter().any(|n| n.contains("too slowly")), "{seen:?}");
    }

    #[test]
    fn clipping_is_seen() {
        let lead: Vec<f32> = (0..2500).map(|i| (3.0 * (i as f32 * 0.03).sin()).clamp(-1.0, 1.0)).collect();
        let seen = judge(&lead, rate(), true);
        assert!(!seen.usable && seen.clipped_share > 0.5, "{seen:?}");
    }

    #[test]
    fn without_a_scale_only_shapes_are_judged() {
        let counts: Vec<f32> = beating(10).iter().map(|v| v * 3000.0).collect();
        assert!(!judge(&counts, rate(), true).usable, "3000 mV are absurd");
        assert!(judge(&counts, rate(), false).usable);
        let small: Vec<f32> = beating(10).iter().map(|v| v * 0.01).collect();
        assert!(judge(&small, rate(), true).flat && judge(&small, rate(), false).usable);
        assert!(judge(&vec![5.0; 2500], rate(), false).flat);
    }

    #[test]
    fn flat_stretches_are_found_where_they_are() {
        let mut lead = beating(20);
        lead[1000..3500].fill(0.3);
        let flat = flat_stretches(&lead, rate(), true);
        assert_eq!((flat.len(), flat.first()), (1, Some(&(1000..3500))));
        assert!(flat_stretches(&beating(20), rate(), true).is_empty());
    }
}
