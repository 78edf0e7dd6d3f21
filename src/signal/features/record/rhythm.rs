//! How RR intervals are distributed, and how they follow each other.

use super::{
    super::{Input, rr},
    FeatureValues, Row, put,
    spread::{ascending, quantile, quartiles, share},
};

pub(super) const TABLE: [Row; 21] = [
    ("beat_count", "Beats", "", 0.0, 500.0),
    ("duration_s", "Duration", "s", 0.0, 120.0),
    ("rr_median_s", "Median RR", "s", 0.2, 4.0),
    ("rr_iqr_ratio", "RR quartiles over median", "", 0.0, 2.0),
    ("rr_p10_ratio", "Short RR (10 %) over median", "", 0.0, 1.0),
    ("rr_p90_ratio", "Long RR (90 %) over median", "", 1.0, 5.0),
    ("rr_short_share", "Short RR intervals", "share", 0.0, 1.0),
    ("rr_long_share", "Long RR intervals", "share", 0.0, 1.0),
    ("rr_change_iqr_ratio", "RR change quartiles", "", 0.0, 3.0),
    ("rr_change_max_ratio", "Largest RR change", "", 0.0, 5.0),
    ("rr_steady_share", "Steady RR", "share", 0.0, 1.0),
    ("rr_premature_share", "Short RR, then long", "share", 0.0, 1.0),
    ("rr_autocorrelation_1", "RR like the one before", "correlation", -1.0, 1.0),
    ("rr_autocorrelation_2", "RR like the last but one", "correlation", -1.0, 1.0),
    ("rr_entropy", "RR entropy", "", 0.0, 2.0),
    ("rr_change_entropy", "RR change entropy", "", 0.0, 2.0),
    ("rr_sample_entropy", "RR sample entropy", "", 0.0, 8.0),
    ("rr_window_sd_min", "Steadiest RR stretch", "", 0.0, 2.0),
    ("rr_window_sd_median", "Typical RR stretch", "", 0.0, 2.0),
    ("rr_window_sd_max", "Least steady RR stretch", "", 0.0, 3.0),
    ("rr_drift_ratio", "RR drift", "", 0.0, 3.0),
];

/// Fewer intervals have no distribution.
const LEAST: usize = 4;
/// Short and long against the median.
const SHORT: f64 = 0.8;
const LONG: f64 = 1.2;
/// Changes over the median within which a rhythm is steady, and from which a beat is early and its pause long.
const STEADY: f64 = 0.06;
const PREMATURE: f64 = 0.12;
/// Width of a bin of the histograms whose entropy is taken, over the median; bins are centred on 1 and on no change, so that a regular
/// rhythm fills one. What lies beyond the outermost bins counts there.
const BIN: f64 = 0.05;
const OUTERMOST: f64 = 20.0;
/// Intervals within this share of the median are alike for the sample entropy.
const ALIKE: f64 = 0.1;
/// The sample entropy compares each interval with each: of long recordings the first ones.
const COMPARED: usize = 300;
/// Intervals in a window.
const WINDOW: usize = 6;

/// Measures the rhythm between the beats of `input`.
pub fn measure(input: &Input, out: &mut FeatureValues) {
    let longest = input.leads.iter().map(|lead| lead.len()).max();
    let duration = longest.map(|samples| samples as f64 / input.rate.hz());
    put(out, "beat_count", longest.map(|_| input.beats.len() as f64));
    put(out, "duration_s", duration);
    of_intervals(&rr::intervals(input), out);
}

fn of_intervals(intervals: &[Option<f32>], out: &mut FeatureValues) {
    let rr: Vec<Option<f64>> = intervals.iter().map(|rr| rr.map(f64::from).filter(|rr| rr.is_finite() && *rr > 0.0)).collect();
    let sorted = ascending(rr.iter().copied().flatten());
    let Some(middle) = quantile(&sorted, 0.5).filter(|_| sorted.len() >= LEAST) else { return };
    let over = |value: Option<f64>| value.map(|v| v / middle);
    put(out, "rr_median_s", Some(middle));
    put(out, "rr_iqr_ratio", over(quartiles(&sorted)));
    put(out, "rr_p10_ratio", over(quantile(&sorted, 0.1)));
    put(out, "rr_p90_ratio", over(quantile(&sorted, 0.9)));
    put(out, "rr_short_share", share(&sorted, |rr| *rr < SHORT * middle));
    put(out, "rr_long_share", share(&sorted, |rr| *rr > LONG * middle));
    put(out, "rr_entropy", entropy(sorted.iter().map(|rr| rr / middle - 1.0)));

    let changes: Vec<Option<f64>> = rr.windows(2).map(|pair| Some((pair[1]? - pair[0]?) / middle)).collect();
    let known = ascending(changes.iter().copied().flatten());
    put(out, "rr_change_iqr_ratio", quartiles(&known));
    put(out, "rr_change_max_ratio", known.iter().map(|change| change.abs()).reduce(f64::max));
    put(out, "rr_change_entropy", entropy(known.iter().copied()));
    let successive: Vec<(f64, f64)> = changes.windows(2).filter_map(|pair| Some((pair[0]?, pair[1]?))).collect();
    put(out, "rr_steady_share", share(&successive, |(a, b)| a.abs() < STEADY && b.abs() < STEADY));
    put(out, "rr_premature_share", share(&successive, |(a, b)| *a < -PREMATURE && *b > PREMATURE));

    put(out, "rr_autocorrelation_1", autocorrelation(&rr, 1));
    put(out, "rr_autocorrelation_2", autocorrelation(&rr, 2));
    put(out, "rr_sample_entropy", sample_entropy(&rr, ALIKE * middle));

    let whole = rr.windows(WINDOW.min(rr.len())).filter_map(|window| window.iter().copied().collect::<Option<Vec<f64>>>());
    let (deviations, medians): (Vec<f64>, Vec<f64>) =
        whole.filter_map(|window| Some((deviation(&window), quantile(&ascending(window), 0.5)?))).unzip();
    let (deviations, medians) = (ascending(deviations), ascending(medians));
    put(out, "rr_window_sd_min", over(deviations.first().copied()));
    put(out, "rr_window_sd_median", over(quantile(&deviations, 0.5)));
    put(out, "rr_window_sd_max", over(deviations.last().copied()));
    put(out, "rr_drift_ratio", over(medians.last().zip(medians.first()).map(|(most, least)| most - least)));
}

fn deviation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

/// Entropy of a histogram over the logarithm of the number of values: 0 when all are in one bin, 1 when each has its own.
fn entropy(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let count = values.len();
    let mut bins = [0usize; 2 * OUTERMOST as usize + 1];
    for value in values {
        let bin = (value / BIN).round().clamp(-OUTERMOST, OUTERMOST) + OUTERMOST;
        if let Some(bin) = bins.get_mut(bin as usize) {
            *bin += 1;
        }
    }
    let shares = bins.iter().filter(|filled| **filled > 0).map(|filled| *filled as f64 / count as f64);
    (count > 0).then(|| shares.map(|p| -p * p.ln()).sum::<f64>() / (count.max(2) as f64).ln())
}

/// Correlation of intervals with those `lag` later, no gap between; `None` where they are too few or do not vary.
fn autocorrelation(rr: &[Option<f64>], lag: usize) -> Option<f64> {
    let pairs: Vec<(f64, f64)> = rr
        .windows(lag + 1)
        .filter(|window| window.iter().all(Option::is_some))
        .filter_map(|window| Some(((*window.first()?)?, (*window.last()?)?)))
        .collect();
    if pairs.len() < LEAST - 1 {
        return None;
    }
    let count = pairs.len() as f64;
    let (mean_a, mean_b) = (pairs.iter().map(|p| p.0).sum::<f64>() / count, pairs.iter().map(|p| p.1).sum::<f64>() / count);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in pairs {
        ab += (a - mean_a) * (b - mean_b);
        aa += (a - mean_a).powi(2);
        bb += (b - mean_b).powi(2);
    }
    // Intervals that differ by less than a microsecond do so by rounding.
    let least = count * 1e-12;
    (aa > least && bb > least).then(|| (ab / (aa * bb).sqrt()).clamp(-1.0, 1.0))
}

/// How often intervals that are alike are followed by ones that are not: logarithm of the number of pairs alike over that of pairs whose
/// followers are alike too (each plus one, so that both may be none).
fn sample_entropy(rr: &[Option<f64>], within: f64) -> Option<f64> {
    let pairs: Vec<(f64, f64)> = rr.windows(2).filter_map(|pair| Some((pair[0]?, pair[1]?))).take(COMPARED).collect();
    if pairs.len() < LEAST - 1 {
        return None;
    }
    let (mut alike, mut followed) = (0usize, 0usize);
    for (i, a) in pairs.iter().enumerate() {
        for b in pairs.iter().skip(i + 1).filter(|b| (a.0 - b.0).abs() < within) {
            alike += 1;
            followed += usize::from((a.1 - b.1).abs() < within);
        }
    }
    Some(((alike + 1) as f64 / (followed + 1) as f64).ln())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rr: &[Option<f32>]) -> FeatureValues {
        let mut out = FeatureValues::new();
        of_intervals(rr, &mut out);
        out
    }

    fn near(values: &FeatureValues, name: &str, wanted: f32) {
        let value = values.get(name).copied().flatten();
        assert!(value.is_some_and(|v| (v - wanted).abs() < 1e-4), "{name}: {value:?}, not {wanted}");
    }

    #[test]
    fn known_intervals_give_known_numbers() {
        let f = of(&[0.8, 1.0, 0.8, 1.2, 1.0].map(Some));
        near(&f, "rr_median_s", 1.0);
        near(&f, "rr_iqr_ratio", 0.2);
        near(&f, "rr_p10_ratio", 0.8);
        near(&f, "rr_p90_ratio", 1.12);
        near(&f, "rr_change_max_ratio", 0.4);
        // Changes +0.2 -0.2 +0.4 -0.2: of three pairs one falls and then rises.
        near(&f, "rr_premature_share", 1.0 / 3.0);
        near(&f, "rr_steady_share", 0.0);
        // Two, two and one of five in a bin.
        near(&f, "rr_entropy", (-(0.8 * 0.4f32.ln()) - 0.2 * 0.2f32.ln()) / 5f32.ln());
        near(&f, "rr_window_sd_min", 0.0224f32.sqrt());
        near(&f, "rr_drift_ratio", 0.0);
        // Alike: the two of 0.8 s, followed by 1.0 and 1.2 s, which are not.
        near(&f, "rr_sample_entropy", 2f32.ln());
    }

    #[test]
    fn a_regular_rhythm_is_steady_and_has_no_entropy() {
        let f = of(&[Some(0.8); 12]);
        for name in ["rr_iqr_ratio", "rr_entropy", "rr_change_entropy", "rr_sample_entropy", "rr_window_sd_max", "rr_short_share"]
        {
            near(&f, name, 0.0);
        }
        near(&f, "rr_steady_share", 1.0);
        assert_eq!(f["rr_autocorrelation_1"], None, "what does not vary has no correlation");
    }

    #[test]
    fn bigeminy_alternates() {
        let rr: Vec<Option<f32>> = (0..20).map(|i| Some(if i % 2 == 0 { 0.6 } else { 1.0 })).collect();
        let f = of(&rr);
        near(&f, "rr_autocorrelation_1", -1.0);
        near(&f, "rr_autocorrelation_2", 1.0);
        near(&f, "rr_short_share", 0.5);
    }

    #[test]
    fn nothing_is_measured_across_gaps_or_of_too_few() {
        assert!(of(&[Some(0.8), Some(0.9), Some(0.8), None]).is_empty());
        let f = of(&[Some(0.8), None, Some(1.0), None, Some(0.9), None, Some(0.9)]);
        near(&f, "rr_median_s", 0.9);
        for name in ["rr_change_max_ratio", "rr_steady_share", "rr_autocorrelation_1", "rr_sample_entropy", "rr_drift_ratio"] {
            assert_eq!(f[name], None, "{name}");
        }
    }

    #[test]
    fn a_day_of_wild_intervals_is_quick_and_finite() {
        let mut state = 7u64;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 40) as f32 / (1u64 << 24) as f32
        };
        let rr: Vec<Option<f32>> = (0..120_000).map(|i| (i % 97 != 0).then(|| 0.01 + 30.0 * next().powi(8))).collect();
        assert!(of(&rr).values().all(|v| v.is_some_and(f32::is_finite)));
        assert!(of(&[Some(f32::INFINITY), Some(f32::NAN), Some(-1.0), Some(0.0), Some(1.0)]).is_empty());
    }
}
