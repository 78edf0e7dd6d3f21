//! Which P waves are believed: fibrillatory and flutter waves look like P waves now and then, in a lead or before a beat.

use super::BeatWaves;

/// P waves before fewer beats than this share are not those of the rhythm.
const LEAST_SHARE: f64 = 0.3;
/// Successive RR intervals that differ by more than this share of an RR interval (median) make a rhythm irregular.
const IRREGULAR: f64 = 0.10;
/// In an irregular rhythm P waves come before almost every beat, or at a steady distance from it, or are none.
const ALMOST_ALL: f64 = 0.85;
/// Steady: the middle half of the PR intervals spans no more than this.
const STEADY_S: f64 = 0.016;
/// Fewest beats from which the rhythm can be told.
const LEAST_BEATS: usize = 5;

/// Leaves out P waves that are not believed: in leads where the beat has none over all leads; and everywhere where they do not fit the rhythm of
/// this stretch. `global` and the rows of `leads` ascend by beat, `peaks` are the stretch's R peaks by beat number from `first` on,
/// all in samples at `rate_hz`.
pub fn settle_p(global: &mut [BeatWaves], leads: &mut [Vec<BeatWaves>], peaks: &[f64], rate_hz: f64) {
    if !fits(global, peaks, rate_hz) {
        global.iter_mut().for_each(|waves| waves.p = None);
    }
    for lead in leads {
        let mut at = 0;
        for waves in lead.iter_mut() {
            while global.get(at).is_some_and(|g| g.beat < waves.beat) {
                at += 1;
            }
            if !global.get(at).is_some_and(|g| g.beat == waves.beat && g.p.is_some()) {
                waves.p = None;
            }
        }
        lead.retain(|waves| waves.p.is_some() || waves.qrs.is_some() || waves.t.is_some());
    }
}

fn fits(global: &[BeatWaves], peaks: &[f64], rate_hz: f64) -> bool {
    let beats: Vec<&BeatWaves> = global.iter().filter(|waves| waves.qrs.is_some()).collect();
    if beats.len() < LEAST_BEATS {
        return true;
    }
    let mut pr: Vec<f64> = beats.iter().filter_map(|waves| Some(waves.qrs?.onset - waves.p?.onset)).collect();
    let share = pr.len() as f64 / beats.len() as f64;
    if share < LEAST_SHARE {
        return false;
    }
    let rr: Vec<f64> = peaks.windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?)).collect();
    let mut changes: Vec<f64> = rr.windows(2).filter_map(|pair| Some((pair.get(1)? - pair.first()?).abs())).collect();
    let irregular = middle(&mut changes, 0.5) > IRREGULAR * middle(&mut rr.clone(), 0.5);
    let spread = middle(&mut pr, 0.75) - middle(&mut pr, 0.25);
    !irregular || share >= ALMOST_ALL || spread <= STEADY_S * rate_hz
}

fn middle(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get((values.len().saturating_sub(1) as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::waves::Wave;

    fn wave(onset: f64, length: f64) -> Option<Wave> {
        Some(Wave { onset, peak: onset + length / 2.0, offset: onset + length })
    }

    /// Beats at `peaks` with a P wave `pr` samples before the QRS onset where there is one.
    fn beats(peaks: &[f64], pr: &[Option<f64>]) -> Vec<BeatWaves> {
        peaks
            .iter()
            .zip(pr)
            .enumerate()
            .map(|(beat, (peak, pr))| BeatWaves {
                beat,
                p: pr.and_then(|pr| wave(peak - 10.0 - pr, 25.0)),
                qrs: wave(peak - 10.0, 22.0),
                t: None,
            })
            .collect()
    }

    fn kept(peaks: &[f64], pr: &[Option<f64>]) -> usize {
        let mut global = beats(peaks, pr);
        let mut leads = vec![global.clone()];
        settle_p(&mut global, &mut leads, peaks, 250.0);
        assert_eq!(leads[0].iter().filter(|w| w.p.is_some()).count(), global.iter().filter(|w| w.p.is_some()).count());
        global.iter().filter(|w| w.p.is_some()).count()
    }

    #[test]
    fn p_waves_of_a_regular_rhythm_stay() {
        let peaks: Vec<f64> = (0..10).map(|i| 100.0 + 200.0 * f64::from(i)).collect();
        assert_eq!(kept(&peaks, &[Some(40.0); 10]), 10);
    }

    #[test]
    fn in_an_irregular_rhythm_scattered_ones_go_and_steady_ones_stay() {
        let rr = [150.0, 230.0, 170.0, 260.0, 140.0, 220.0, 180.0, 250.0, 160.0];
        let mut peaks = vec![100.0];
        peaks.extend(rr.iter().scan(100.0, |at, rr| {
            *at += rr;
            Some(*at)
        }));
        let scattered = [Some(28.0), None, Some(40.0), Some(33.0), None, Some(45.0), Some(30.0), None, Some(38.0), Some(50.0)];
        assert_eq!(kept(&peaks, &scattered), 0);
        let steady = scattered.map(|pr| pr.map(|_| 36.0));
        assert_eq!(kept(&peaks, &steady), 7);
    }

    #[test]
    fn a_p_wave_seen_in_one_lead_only_goes() {
        let peaks: Vec<f64> = (0..6).map(|i| 100.0 + 200.0 * f64::from(i)).collect();
        let mut global = beats(&peaks, &[Some(40.0), None, Some(40.0), Some(40.0), Some(40.0), Some(40.0)]);
        let mut leads = vec![beats(&peaks, &[Some(40.0); 6])];
        settle_p(&mut global, &mut leads, &peaks, 250.0);
        assert!(leads[0][1].p.is_none() && leads[0][0].p.is_some());
    }
}
