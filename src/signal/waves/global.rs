//! The waves of a beat over all leads that were recorded together.
//!
//! Globally a wave begins where the first lead sees it begin and ends where the last one sees it end (AHA/ACC/HRS Part I, Kligfield 2007).
//! One lead of twelve that is alone with its opinion is more often noise than physiology, so the extremes need company.

use super::{BeatWaves, Wave};

/// Of this many leads on, the outermost one needs another within [`COMPANY_S`].
const ENOUGH: usize = 4;
/// How close the company has to be.
const COMPANY_S: f64 = 0.008;
/// Share of the leads with a QRS complex in this beat in which a P or T wave must be seen.
const SEEN_SHARE: f64 = 0.25;

/// Puts the leads' waves of each beat together. `leads`: by lead, each ascending by beat. Positions in samples at `rate_hz`.
pub fn global_waves(leads: &[&[BeatWaves]], beats: usize, rate_hz: f64) -> Vec<BeatWaves> {
    let mut next = vec![0usize; leads.len()];
    let mut out = Vec::with_capacity(beats);
    for beat in 0..beats {
        let mut here: Vec<&BeatWaves> = Vec::with_capacity(leads.len());
        for (lead, at) in leads.iter().zip(&mut next) {
            while lead.get(*at).is_some_and(|waves| waves.beat < beat) {
                *at += 1;
            }
            here.extend(lead.get(*at).filter(|waves| waves.beat == beat));
        }
        let of = |wave: fn(&BeatWaves) -> Option<Wave>| here.iter().filter_map(|waves| wave(waves)).collect::<Vec<_>>();
        let (p, qrs, t) = (of(|w| w.p), of(|w| w.qrs), of(|w| w.t));
        let least = ((qrs.len().max(1) as f64) * SEEN_SHARE).ceil() as usize;
        let seen = |waves: Vec<Wave>| if waves.len() < least { None } else { together(&waves, rate_hz) };
        let waves = BeatWaves { beat, p: seen(p), qrs: together(&qrs, rate_hz), t: seen(t) };
        if waves.p.is_some() || waves.qrs.is_some() || waves.t.is_some() {
            out.push(waves);
        }
    }
    out
}

/// Earliest onset, latest offset, median peak; `None` without any.
pub fn together(waves: &[Wave], rate_hz: f64) -> Option<Wave> {
    let onset = outermost(waves.iter().map(|w| w.onset).collect(), rate_hz)?;
    let offset = -outermost(waves.iter().map(|w| -w.offset).collect(), rate_hz)?;
    let mut peaks: Vec<f64> = waves.iter().map(|w| w.peak).collect();
    peaks.sort_by(f64::total_cmp);
    let peak = peaks.get(peaks.len() / 2)?.clamp(onset.min(offset), offset.max(onset));
    Some(Wave { onset, peak, offset })
}

/// The smallest value that is not alone.
fn outermost(mut values: Vec<f64>, rate_hz: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    if values.len() >= ENOUGH {
        let near = COMPANY_S * rate_hz;
        let supported = values.windows(2).find(|pair| matches!(pair, [a, b] if b - a <= near));
        if let Some([first, _]) = supported {
            return Some(*first);
        }
    }
    values.first().copied()
}
