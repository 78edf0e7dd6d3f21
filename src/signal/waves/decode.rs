//! From probabilities to the waves of each beat in one lead.
//!
//! A wave is a run of samples that belong to it more likely than not. What is joined, how short is too short and where a wave may lie
//! relative to its beat are physiology; the boundaries are where the probability passes one half, between samples.

use super::{BeatWaves, Wave};
use std::ops::Range;

/// Probabilities that a sample of one lead belongs to a wave, all of one length; 0 where there is no signal.
#[derive(Debug, Clone, Copy)]
pub struct Shares<'a> {
    /// P wave.
    pub p: &'a [f32],
    /// QRS complex.
    pub qrs: &'a [f32],
    /// T wave.
    pub t: &'a [f32],
}

/// From this probability on a sample belongs to the wave.
const INSIDE: f32 = 0.5;
/// A QRS complex that a good detector saw may be less certain in this lead.
const INSIDE_QRS: f32 = 0.3;
/// The QRS complex lies within this of the R peak.
const QRS_REACH_S: f64 = 0.16;
/// A T wave ends at the latest this long after the R peak.
const T_REACH_S: f64 = 0.75;
/// A P wave begins at the earliest this long before the QRS onset.
const P_REACH_S: f64 = 0.48;
/// Shortest P wave, QRS complex and T wave.
const SHORTEST_S: [f64; 3] = [0.030, 0.030, 0.050];
/// Pieces of one wave that lie closer than this are joined.
const JOINED_S: [f64; 3] = [0.030, 0.024, 0.060];

/// Finds the waves of each beat in one lead. `lead` are its samples (mV) and `peaks` the R peaks, ascending, both at `rate_hz`, as the
/// probabilities. Positions are in samples of this lead; beats without any wave are left out.
pub fn lead_waves(lead: &[f32], shares: Shares<'_>, peaks: &[f64], rate_hz: f64) -> Vec<BeatWaves> {
    let complexes: Vec<Option<Run>> =
        peaks.iter().enumerate().map(|(beat, _)| complex(shares.qrs, peaks, beat, rate_hz)).collect();
    let mut out: Vec<BeatWaves> = Vec::with_capacity(peaks.len());
    let mut last_end = 0.0f64;
    for (beat, peak) in peaks.iter().enumerate() {
        let qrs = complexes.get(beat).copied().flatten();
        let (onset, offset) = qrs.map_or((peak - 0.04 * rate_hz, peak + 0.04 * rate_hz), |run| (run.onset, run.offset));
        let next = peaks.get(beat + 1).map(|next| {
            let complex = complexes.get(beat + 1).copied().flatten();
            complex.map_or(next - 0.04 * rate_hz, |run| run.onset)
        });
        let p = {
            let from = last_end.max(onset - P_REACH_S * rate_hz);
            best(shares.p, from, onset + 0.012 * rate_hz, 0, rate_hz)
        };
        let t = {
            let until = next.unwrap_or(f64::INFINITY).min(peak + T_REACH_S * rate_hz);
            best(shares.t, offset - 0.012 * rate_hz, until, 2, rate_hz)
        };
        last_end = t.map_or(offset, |run| run.offset);
        let wave = |run: Run| run.wave(lead);
        let waves = BeatWaves { beat, p: p.map(wave), qrs: qrs.map(wave), t: t.map(wave) };
        if waves.p.is_some() || waves.qrs.is_some() || waves.t.is_some() {
            out.push(waves);
        }
    }
    out
}

/// Consecutive samples of one wave, with its borders between samples.
#[derive(Debug, Clone, Copy)]
struct Run {
    onset: f64,
    offset: f64,
    mass: f32,
}

impl Run {
    fn wave(self, lead: &[f32]) -> Wave {
        let span = self.onset.ceil().max(0.0) as usize..(self.offset.floor() as usize + 1).min(lead.len());
        let line = |at: f64| {
            let value = |at: f64| lead.get(at.round().max(0.0) as usize).copied().filter(|v| v.is_finite()).unwrap_or(0.0);
            let (from, to) = (value(self.onset), value(self.offset));
            let share = ((at - self.onset) / (self.offset - self.onset).max(1e-9)).clamp(0.0, 1.0) as f32;
            from + (to - from) * share
        };
        let away = |at: &usize| lead.get(*at).map(|v| (v - line(*at as f64)).abs()).filter(|v| v.is_finite());
        let peak = span.filter_map(|at| Some((at, away(&at)?))).max_by(|a, b| a.1.total_cmp(&b.1));
        let middle = (self.onset + self.offset) / 2.0;
        Wave { onset: self.onset, peak: peak.map_or(middle, |p| p.0 as f64), offset: self.offset }
    }
}

/// The QRS complex of a beat: the run that holds its R peak, or lies nearest to it.
fn complex(shares: &[f32], peaks: &[f64], beat: usize, rate_hz: f64) -> Option<Run> {
    let peak = *peaks.get(beat)?;
    // Half-way to the neighbours at most: a run between two beats must not be claimed by both.
    let before = beat.checked_sub(1).and_then(|b| peaks.get(b)).map_or(f64::NEG_INFINITY, |b| (b + peak) / 2.0);
    let after = peaks.get(beat + 1).map_or(f64::INFINITY, |a| (a + peak) / 2.0);
    let (from, to) = ((peak - QRS_REACH_S * rate_hz).max(before), (peak + QRS_REACH_S * rate_hz).min(after));
    [INSIDE, INSIDE_QRS].into_iter().find_map(|level| {
        let found = runs(shares, from, to, 1, rate_hz, level);
        let distance = |run: &Run| (run.onset - peak).max(peak - run.offset).max(0.0);
        found.into_iter().min_by(|a, b| distance(a).total_cmp(&distance(b)).then(b.mass.total_cmp(&a.mass)))
    })
}

/// The run with the most probability in a stretch.
fn best(shares: &[f32], from: f64, to: f64, kind: usize, rate_hz: f64) -> Option<Run> {
    runs(shares, from, to, kind, rate_hz, INSIDE).into_iter().max_by(|a, b| a.mass.total_cmp(&b.mass))
}

/// Runs at or above `level` that lie in `from..to`; pieces that lie close are joined, what is too short then is left out.
fn runs(shares: &[f32], from: f64, to: f64, kind: usize, rate_hz: f64, level: f32) -> Vec<Run> {
    let begin = from.max(0.0).ceil().min(shares.len() as f64) as usize;
    let end = (to.min(shares.len() as f64 - 1.0).floor() + 1.0).max(begin as f64) as usize;
    let joined = JOINED_S[kind.min(2)] * rate_hz;
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut at = begin;
    let inside = |at: usize| shares.get(at).is_some_and(|p| *p >= level);
    while at < end {
        if !inside(at) {
            at += 1;
            continue;
        }
        let start = at;
        while at < end && inside(at) {
            at += 1;
        }
        match pieces.last_mut() {
            Some(last) if (start - last.end) as f64 <= joined => last.end = at,
            _ => pieces.push(start..at),
        }
    }
    let shortest = SHORTEST_S[kind.min(2)] * rate_hz;
    let run = |piece: Range<usize>| {
        let share = |at: usize| shares.get(at).copied().unwrap_or(0.0);
        let last = piece.end - 1;
        let onset =
            piece.start as f64 - piece.start.checked_sub(1).map_or(0.0, |out| crossing(share(out), share(piece.start), level));
        let offset = last as f64 + if piece.end < shares.len() { crossing(share(piece.end), share(last), level) } else { 0.0 };
        Run { onset, offset, mass: shares.get(piece).unwrap_or_default().iter().sum() }
    };
    pieces.into_iter().map(run).filter(|run| run.offset - run.onset >= shortest).collect()
}

/// How far from the sample inside towards the one outside the probability passes `level`, 0 to 1.
fn crossing(outside: f32, inside: f32, level: f32) -> f64 {
    if outside >= level {
        return 0.0;
    }
    f64::from(((inside - level) / (inside - outside).max(1e-6)).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HZ: f64 = 250.0;

    /// Probabilities 1 within, straight edges of two samples around the borders.
    fn shares(length: usize, waves: &[(f64, f64)]) -> Vec<f32> {
        let edge = |at: f64, (from, to): (f64, f64)| ((at - from + 1.0) / 2.0).min((to + 1.0 - at) / 2.0).clamp(0.0, 1.0);
        (0..length).map(|at| waves.iter().map(|w| edge(at as f64, *w)).fold(0.0, f64::max) as f32).collect()
    }

    #[test]
    fn borders_lie_where_probabilities_pass_one_half() {
        let lead: Vec<f32> = (0..1000).map(|i| if (245..255).contains(&i) { 1.0 } else { 0.0 }).collect();
        let p = shares(1000, &[(200.3, 225.6)]);
        let qrs = shares(1000, &[(240.25, 262.75), (540.0, 560.0)]);
        let t = shares(1000, &[(300.0, 350.5), (600.0, 650.0)]);
        let found = lead_waves(&lead, Shares { p: &p, qrs: &qrs, t: &t }, &[250.0, 550.0], HZ);
        let first = found[0];
        let near = |a: f64, b: f64| assert!((a - b).abs() < 0.01, "{a} {b}");
        near(first.p.unwrap().onset, 200.3);
        near(first.p.unwrap().offset, 225.6);
        near(first.qrs.unwrap().onset, 240.25);
        near(first.qrs.unwrap().offset, 262.75);
        near(first.t.unwrap().offset, 350.5);
        assert!((245.0..255.0).contains(&first.qrs.unwrap().peak));
        assert!(found[1].p.is_none(), "no P wave before the second beat");
    }

    #[test]
    fn specks_are_no_waves_and_pieces_are_joined() {
        let lead = vec![0.0; 1000];
        let qrs = shares(1000, &[(240.0, 260.0)]);
        let p = shares(1000, &[(180.0, 184.0), (200.0, 208.0), (212.0, 222.0)]);
        let t = vec![0.0; 1000];
        let found = lead_waves(&lead, Shares { p: &p, qrs: &qrs, t: &t }, &[250.0], HZ);
        let wave = found[0].p.unwrap();
        assert!((wave.onset - 200.0).abs() < 0.01 && (wave.offset - 222.0).abs() < 0.01, "{wave:?}");
    }

    #[test]
    fn a_p_wave_belongs_to_one_beat_and_never_to_the_t_wave_before() {
        let lead = vec![0.0; 1000];
        let qrs = shares(1000, &[(240.0, 260.0), (440.0, 460.0)]);
        let p = shares(1000, &[(405.0, 425.0)]);
        let t = shares(1000, &[(300.0, 360.0)]);
        let found = lead_waves(&lead, Shares { p: &p, qrs: &qrs, t: &t }, &[250.0, 450.0], HZ);
        assert!(found[0].p.is_none() && found[1].p.is_some());
        assert!(found[0].t.is_some() && found[1].t.is_none());
    }

    proptest! {
        #[test]
        fn waves_are_ordered_and_inside(
            p in proptest::collection::vec(0.0f32..1.0, 0..400),
            q in proptest::collection::vec(0.0f32..1.0, 0..400),
            t in proptest::collection::vec(0.0f32..1.0, 0..400),
            mut peaks in proptest::collection::vec(-50.0f64..500.0, 0..8),
            hz in 50.0f64..1000.0,
        ) {
            peaks.sort_by(f64::total_cmp);
            let lead = vec![0.1; p.len()];
            for waves in lead_waves(&lead, Shares { p: &p, qrs: &q, t: &t }, &peaks, hz) {
                for wave in [waves.p, waves.qrs, waves.t].into_iter().flatten() {
                    prop_assert!(wave.onset <= wave.peak && wave.peak <= wave.offset, "{:?}", wave);
                    prop_assert!(wave.onset >= 0.0 && wave.offset <= 400.0);
                }
            }
        }
    }
}
