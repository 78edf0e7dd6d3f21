//! What the marks of waves tell beat by beat: whether P waves are there, and how PR interval and QRS duration vary.

use super::{
    FeatureValues, Row, put,
    spread::{ascending, quantile, quartiles, share},
};
use crate::{recording::Rate, signal::waves::BeatWaves};

pub(super) const TABLE: [Row; 7] = [
    ("p_share", "Beats with a P wave", "share", 0.0, 1.0),
    ("pr_median_s", "PR, beat by beat", "s", 0.03, 0.6),
    ("pr_iqr_s", "PR variation", "s", 0.0, 0.3),
    ("qrs_median_s", "QRS, beat by beat", "s", 0.03, 0.3),
    ("qrs_p90_s", "Wide QRS (90 %)", "s", 0.03, 0.4),
    ("qrs_max_s", "Widest QRS", "s", 0.03, 0.5),
    ("qrs_iqr_s", "QRS variation", "s", 0.0, 0.3),
];

/// Fewer beats have no distribution.
const LEAST: usize = 3;

/// Measures delineated beats: the marks over all leads, in samples at `rate`.
pub fn measure(beats: &[BeatWaves], rate: Rate, out: &mut FeatureValues) {
    let seen: Vec<&BeatWaves> = beats.iter().filter(|waves| waves.qrs.is_some()).collect();
    if seen.len() < LEAST {
        return;
    }
    put(out, "p_share", share(&seen, |waves| waves.p.is_some()));
    let pr = ascending(seen.iter().filter_map(|waves| Some((waves.qrs?.onset - waves.p?.onset) / rate.hz())));
    if pr.len() >= LEAST {
        put(out, "pr_median_s", quantile(&pr, 0.5));
        put(out, "pr_iqr_s", quartiles(&pr));
    }
    let qrs = ascending(seen.iter().filter_map(|waves| waves.qrs.map(|qrs| (qrs.offset - qrs.onset) / rate.hz())));
    put(out, "qrs_median_s", quantile(&qrs, 0.5));
    put(out, "qrs_p90_s", quantile(&qrs, 0.9));
    put(out, "qrs_max_s", qrs.last().copied());
    put(out, "qrs_iqr_s", quartiles(&qrs));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::waves::Wave;

    fn wave(onset: f64, offset: f64) -> Wave {
        Wave { onset, peak: (onset + offset) / 2.0, offset }
    }

    #[test]
    fn p_waves_are_counted_and_intervals_measured() {
        let beat = |beat: usize, p: Option<f64>, width: f64| {
            let at = 500.0 * beat as f64 + 200.0;
            BeatWaves { beat, p: p.map(|pr| wave(at - pr, at - pr + 50.0)), qrs: Some(wave(at, at + width)), t: None }
        };
        let beats = [
            beat(0, Some(80.0), 40.0),
            beat(1, Some(90.0), 50.0),
            beat(2, Some(100.0), 40.0),
            beat(3, None, 80.0),
            BeatWaves::default(),
        ];
        let mut out = FeatureValues::new();
        measure(&beats, Rate::HZ_500, &mut out);
        let near = |name: &str, wanted: f32| assert!((out[name].unwrap() - wanted).abs() < 1e-6, "{name} {:?}", out[name]);
        near("p_share", 0.75);
        near("pr_median_s", 0.18);
        near("pr_iqr_s", 0.02);
        near("qrs_median_s", 0.09);
        near("qrs_max_s", 0.16);
        assert_eq!(out.len(), TABLE.len());
    }

    #[test]
    fn too_few_beats_tell_nothing() {
        let mut out = FeatureValues::new();
        measure(&[BeatWaves { qrs: Some(wave(1.0, 2.0)), ..Default::default() }; 2], Rate::HZ_500, &mut out);
        assert!(out.is_empty());
    }
}
