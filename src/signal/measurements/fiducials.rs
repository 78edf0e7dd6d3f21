//! Representative fiducial points: medians over beats for each lead, then one set over all leads.

use super::MeasureInput;
use crate::{
    recording::{LeadName, Rate},
    signal::{
        median_beat::Hints,
        robust::median_f64,
        waves::{BeatWaves, Wave},
    },
};
use serde::{Deserialize, Serialize};

/// The waves of the median beat, in samples relative to R.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct RelativeWaves {
    /// P wave; `None` when fewer than half of the beats have one.
    pub p: Option<Wave>,
    /// QRS complex.
    pub qrs: Option<Wave>,
    /// T wave.
    pub t: Option<Wave>,
}

/// The waves of the median beat in one lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeadFiducials {
    /// Which lead.
    pub lead: LeadName,
    /// Its waves.
    pub waves: RelativeWaves,
    /// Number of used beats that were delineated in it.
    pub beats: usize,
}

/// Representative fiducial points.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fiducials {
    /// Over all leads: earliest onset to latest offset, isolated outliers left out.
    pub global: RelativeWaves,
    /// Lead by lead.
    pub leads: Vec<LeadFiducials>,
}

/// Leads whose boundaries lie within this of each other (seconds) confirm each other: the two-standard-deviation limits of the CSE working
/// party (P onset and offset 10.2 and 12.7 ms, QRS 6.5 and 11.6 ms, T offset 30.6 ms; the latter tightened). The onset of T, which
/// the party gives no limit for, as its end.
const TOLERANCES_S: [f64; 6] = [0.0102, 0.0127, 0.0065, 0.0116, 0.020, 0.020];
/// A wave is there when at least this share of the beats have it.
const PRESENT: f64 = 0.5;
/// P waves whose onset strays by more than this (median absolute deviation, seconds) have no constant relation to QRS.
const STRAY_S: f64 = 0.025;
/// The baseline is taken over at most this long, ending this long before the QRS complex begins; shorter than the least there is none (seconds).
const LEVEL_S: f64 = 0.040;
const LEVEL_END_S: f64 = 0.004;
const LEVEL_LEAST_S: f64 = 0.010;
/// The median beat begins this long before P, seconds.
const BEFORE_P_S: f64 = 0.030;

/// A boundary over beats.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Boundary {
    /// Samples relative to R.
    pub at: f64,
    /// Median absolute deviation over the beats, samples.
    pub stray: f64,
    /// Number of beats.
    pub beats: usize,
    /// Number of leads within tolerance, this one included.
    pub agreeing: usize,
}

/// A wave over beats.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct WaveStatistics {
    pub onset: Boundary,
    pub peak: f64,
    pub offset: Boundary,
    /// Share of the delineated beats that have it.
    share: f64,
}

impl WaveStatistics {
    fn wave(&self) -> Wave {
        Wave { onset: self.onset.at, peak: self.peak.clamp(self.onset.at, self.offset.at), offset: self.offset.at }
    }
}

/// P, QRS and T.
pub(super) type Three = [Option<WaveStatistics>; 3];

/// Boundaries of the used beats.
#[derive(Debug, Clone, Default)]
pub(super) struct Statistics {
    pub global: Three,
    pub leads: Vec<(LeadName, Three, usize)>,
    /// Why there is no P wave; `None` where there is.
    pub no_p: Option<&'static str>,
    /// Number of used beats delineated in the lead that has most of them; 0 tells "nothing delineated" from "no such wave".
    pub delineated: usize,
}

/// Boundaries of `beats`, each with its R peak in samples.
pub(super) fn of(input: &MeasureInput, beats: &[(usize, f64)]) -> Statistics {
    let leads: Vec<(LeadName, Three, usize)> = input
        .waves
        .leads
        .iter()
        .filter(|waves| input.leads.iter().any(|lead| *lead.name == waves.lead))
        .map(|waves| {
            let (three, seen) = over_beats(&waves.beats, beats);
            (waves.lead.clone(), three, seen)
        })
        .collect();
    let (own, own_seen) = over_beats(&input.waves.global, beats);
    let hz = input.rate.hz();
    let mut global: Three = [None; 3];
    for (wave, place) in global.iter_mut().enumerate() {
        let present: Vec<WaveStatistics> =
            leads.iter().filter_map(|(_, three, _)| three.get(wave).copied().flatten()).filter(|w| w.share >= PRESENT).collect();
        let own = own.get(wave).copied().flatten().filter(|w| w.share >= PRESENT);
        // Waves that the delineator sees over all leads together in fewer than half of the beats are not there.
        let denied = own_seen > 0 && own.is_none();
        *place = if denied { None } else { over_leads(&present, wave, hz).or(own) };
    }
    let mut no_p = None;
    if let Some(p) = global[0] {
        if p.onset.stray > STRAY_S * hz && p.onset.beats > 2 {
            (global[0], no_p) = (None, Some("P waves have no constant relation to the QRS complexes"));
        }
    } else {
        no_p = Some("no P waves seen");
    }
    let delineated = leads.iter().map(|(_, _, seen)| *seen).max().unwrap_or(0).max(own_seen);
    Statistics { global, leads, no_p, delineated }
}

impl Statistics {
    /// Rounded to what is published.
    pub fn fiducials(&self) -> Fiducials {
        let waves = |three: &Three| {
            let wave = |index: usize| three.get(index).copied().flatten().filter(|w| w.share >= PRESENT).map(|w| w.wave());
            RelativeWaves { p: wave(0), qrs: wave(1), t: wave(2) }
        };
        let leads = self
            .leads
            .iter()
            .map(|(lead, three, beats)| LeadFiducials { lead: lead.clone(), waves: waves(three), beats: *beats })
            .collect();
        Fiducials { global: waves(&self.global), leads }
    }

    /// What the median beat is levelled by: the PR segment; where P runs into QRS, what lies before P.
    pub fn hints(&self, rate: Rate) -> Hints {
        let hz = rate.hz();
        let [p, Some(qrs), t] = &self.global else { return Hints::default() };
        let end = qrs.onset.at - LEVEL_END_S * hz;
        let mut start = end - LEVEL_S * hz;
        let mut end = end;
        if let Some(p) = p
            && p.offset.at > start
        {
            start = p.offset.at;
            if end - start < LEVEL_LEAST_S * hz {
                end = p.onset.at - LEVEL_END_S * hz;
                start = end - LEVEL_S * hz / 2.0;
            }
        }
        let level = (start.is_finite() && end > start && end - start < hz && start > -hz).then_some(start..end);
        let t_end = t.map(|t| t.offset.at).filter(|at| at.is_finite() && *at > 0.0 && *at < hz);
        let begin = p.map(|p| p.onset.at - BEFORE_P_S * hz).filter(|at| at.is_finite());
        Hints { level, t_end, begin }
    }
}

/// Medians over beats, and the number of them that are in `list` with a QRS complex.
fn over_beats(list: &[BeatWaves], beats: &[(usize, f64)]) -> (Three, usize) {
    let found: Vec<(&BeatWaves, f64)> = beats
        .iter()
        .filter_map(|(beat, r)| {
            let at = list.binary_search_by_key(beat, |w| w.beat).ok()?;
            Some((list.get(at)?, *r))
        })
        .filter(|(w, _)| w.qrs.is_some())
        .collect();
    let of: [fn(&BeatWaves) -> Option<Wave>; 3] = [|w| w.p, |w| w.qrs, |w| w.t];
    let three = of.map(|of| {
        let waves: Vec<(Wave, f64)> = found.iter().filter_map(|(w, r)| Some((of(w)?, *r))).filter(|(w, _)| valid(w)).collect();
        let along = |part: fn(&Wave) -> f64| boundary(waves.iter().map(|(w, r)| part(w) - r).collect());
        let (onset, peak, offset) = (along(|w| w.onset)?, along(|w| w.peak)?, along(|w| w.offset)?);
        let share = waves.len() as f64 / found.len().max(1) as f64;
        (onset.at < offset.at).then_some(WaveStatistics { onset, peak: peak.at, offset, share })
    });
    (three, found.len())
}

fn valid(wave: &Wave) -> bool {
    wave.onset.is_finite() && wave.peak.is_finite() && wave.offset.is_finite() && wave.onset < wave.offset
}

/// Median and spread of a boundary.
fn boundary(mut places: Vec<f64>) -> Option<Boundary> {
    let at = median_f64(&places)?;
    let beats = places.len();
    places.iter_mut().for_each(|p| *p = (*p - at).abs());
    Some(Boundary { at, stray: median_f64(&places)?, beats, agreeing: 1 })
}

/// One wave over leads: earliest onset, latest offset, median peak.
fn over_leads(leads: &[WaveStatistics], wave: usize, hz: f64) -> Option<WaveStatistics> {
    let tolerance = |side: usize| TOLERANCES_S.get(2 * wave + side).copied().unwrap_or(0.01) * hz;
    let onset = outermost(leads.iter().map(|w| w.onset).collect(), 1.0, tolerance(0))?;
    let offset = outermost(leads.iter().map(|w| w.offset).collect(), -1.0, tolerance(1))?;
    let peak = median_f64(&leads.iter().map(|w| w.peak).collect::<Vec<f64>>())?;
    let share = leads.iter().map(|w| w.share).fold(0.0, f64::max);
    (onset.at < offset.at).then_some(WaveStatistics { onset, peak, offset, share })
}

/// The earliest boundary (`sign` 1) or the latest (-1) that other leads confirm: one of up to five leads, two of more, as derived limb
/// leads share their outliers. Of many leads it is not the outermost one, which is too far out by what they stray: of six to eight the
/// second of those so confirmed, of more the third (normal ECGs of PTB-XL then have a median QRS duration of 99 ms, with the second
/// 102 ms). Where none is confirmed, the median.
fn outermost(mut all: Vec<Boundary>, sign: f64, tolerance: f64) -> Option<Boundary> {
    all.sort_by(|a, b| (sign * a.at).total_cmp(&(sign * b.at)));
    let needed = match all.len() {
        0 => return None,
        1 => 1,
        2..=5 => 2,
        _ => 3,
    };
    // Beats stray: what is compared are medians, which may differ by so much without meaning it.
    let agreeing = |at: f64| all.iter().filter(|b| (b.at - at).abs() <= tolerance).count();
    let first = all.iter().position(|b| agreeing(b.at) >= needed);
    let inward = match all.len() {
        0..=5 => 0,
        6..=8 => 1,
        _ => 2,
    };
    let confirmed = first.and_then(|first| all.get(first + inward));
    let chosen = confirmed.or_else(|| all.get(all.len() / 2))?;
    let near = || all.iter().filter(|b| (b.at - chosen.at).abs() <= tolerance);
    Some(Boundary {
        at: chosen.at,
        stray: median_f64(&near().map(|b| b.stray).collect::<Vec<f64>>()).unwrap_or(chosen.stray),
        beats: near().map(|b| b.beats).max().unwrap_or(chosen.beats),
        agreeing: near().count(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(places: &[f64]) -> Vec<Boundary> {
        places.iter().map(|at| Boundary { at: *at, stray: 1.0, beats: 5, agreeing: 1 }).collect()
    }

    #[test]
    fn isolated_outliers_are_left_out() {
        let first = |places: &[f64]| outermost(at(places), 1.0, 4.0).map(|b| b.at);
        assert_eq!(first(&[]), None);
        assert_eq!(first(&[-20.0]), Some(-20.0));
        assert_eq!(first(&[-40.0, -20.0, -18.0, -17.0, -16.0]), Some(-20.0));
        // Two of eight that agree with each other and nobody else.
        assert_eq!(first(&[-41.0, -40.0, -20.0, -18.0, -17.0, -16.0, -15.0, -15.0]), Some(-18.0));
        // Nobody agrees.
        assert_eq!(first(&[-40.0, -30.0, -20.0]), Some(-30.0));
        assert_eq!(outermost(at(&[20.0, 22.0, 23.0, 60.0]), -1.0, 4.0).map(|b| b.at), Some(23.0));
    }
}
