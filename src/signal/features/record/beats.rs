//! How many beats are unlike the dominant one, and how many come early.

use super::{
    super::BeatFeatures,
    FeatureValues, Row, put,
    spread::{ascending, quantile, share},
};

pub(super) const TABLE: [Row; 6] = [
    ("beat_odd_share", "Odd beats", "share", 0.0, 1.0),
    ("beat_least_alike", "Least alike beats", "correlation", -1.0, 1.0),
    ("beat_odd_early_share", "Odd early beats", "share", 0.0, 1.0),
    ("beat_early_share", "Early beats of usual shape", "share", 0.0, 1.0),
    ("beat_width_ratio_max", "Widest beat over dominant", "", 0.0, 10.0),
    ("beat_p_odd_share", "Beats of other P wave", "share", 0.0, 1.0),
];

/// Fewer beats have no dominant one.
const LEAST: usize = 3;
/// Correlation with the dominant beat below which a beat is another kind.
const ALIKE: f32 = 0.8;
/// Of P windows, which are small and noisy.
const P_ALIKE: f32 = 0.3;
/// RR interval before over the local median below which a beat is early.
const EARLY: f32 = 0.85;
/// A single beat may be noise: extremes are those of one beat in twenty.
const RARE: f64 = 0.05;

/// Sums up the features of a record's beats.
pub fn measure(beats: &[BeatFeatures], out: &mut FeatureValues) {
    let likeness = ascending(beats.iter().filter_map(|beat| beat.template_correlation).map(f64::from));
    if likeness.len() < LEAST {
        return;
    }
    put(out, "beat_odd_share", share(&likeness, |r| *r < f64::from(ALIKE)));
    put(out, "beat_least_alike", quantile(&likeness, RARE));
    let timed: Vec<(f32, f32)> =
        beats.iter().filter_map(|beat| Some((beat.template_correlation?, beat.rr_prev_ratio?))).collect();
    put(out, "beat_odd_early_share", share(&timed, |(r, rr)| *r < ALIKE && *rr < EARLY));
    put(out, "beat_early_share", share(&timed, |(r, rr)| *r >= ALIKE && *rr < EARLY));
    let widths = ascending(beats.iter().filter_map(|beat| beat.width_ratio).map(f64::from));
    put(out, "beat_width_ratio_max", quantile(&widths, 1.0 - RARE));
    let p: Vec<f32> = beats.iter().filter_map(|beat| beat.p_correlation).collect();
    put(out, "beat_p_odd_share", share(&p, |r| *r < P_ALIKE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_and_early_beats_are_told_apart() {
        let beat = |likeness, rr| BeatFeatures {
            template_correlation: Some(likeness),
            rr_prev_ratio: rr,
            p_correlation: Some(if likeness > 0.9 { 0.9 } else { 0.1 }),
            ..BeatFeatures::default()
        };
        let beats = [beat(1.0, None), beat(1.0, Some(1.0)), beat(0.95, Some(0.7)), beat(0.2, Some(0.6)), beat(0.5, Some(1.0))];
        let mut out = FeatureValues::new();
        measure(&beats, &mut out);
        let near = |name: &str, wanted: f32| assert!((out[name].unwrap() - wanted).abs() < 1e-6, "{name} {:?}", out[name]);
        near("beat_odd_share", 0.4);
        near("beat_odd_early_share", 0.25);
        near("beat_early_share", 0.25);
        near("beat_p_odd_share", 0.4);
        near("beat_least_alike", 0.26);
        assert_eq!(out["beat_width_ratio_max"], None);
    }

    #[test]
    fn too_few_beats_tell_nothing() {
        let mut out = FeatureValues::new();
        measure(&[BeatFeatures::default(); 9], &mut out);
        assert!(out.is_empty());
    }
}
