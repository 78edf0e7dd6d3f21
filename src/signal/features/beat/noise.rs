//! How noisy the signal is around a beat.

use super::{BeatFeatures, Input, joint::middle};

/// Seconds on either side of the beat that are looked at.
const AROUND_S: f64 = 2.0;
/// Fewer valid samples tell nothing.
const LEAST: usize = 20;

/// Sets the noise features. The median of second differences hardly sees QRS complexes, which fill a tenth of the time; `qrs_size` is
/// the dominant beat's, over all leads, in millivolts.
pub(super) fn add(input: &Input, qrs_size: f32, features: &mut [BeatFeatures]) {
    let mut differences = Vec::new();
    let noise: Vec<Option<f32>> = input.beats.iter().map(|beat| around(input, *beat, &mut differences)).collect();
    let usual = middle(noise.iter().flatten().copied());
    for (features, noise) in features.iter_mut().zip(noise) {
        features.noise_ratio = noise.zip(usual).filter(|(_, usual)| *usual > 1e-6).map(|(noise, usual)| noise / usual);
        features.noise_level = noise.filter(|_| qrs_size > 0.001).map(|noise| noise / qrs_size);
    }
}

/// Sum over the leads of the median absolute second difference; `None` where no lead has a signal.
fn around(input: &Input, beat: f64, differences: &mut Vec<f32>) -> Option<f32> {
    let reach = AROUND_S * input.rate.hz();
    let mut sum = None;
    for lead in input.leads {
        let from = (beat - reach).max(0.0) as usize;
        let to = ((beat + reach).max(0.0) as usize).min(lead.len());
        differences.clear();
        let samples = lead.get(from..to).unwrap_or_default();
        differences.extend(samples.windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]).abs()).filter(|d| d.is_finite()));
        if differences.len() >= LEAST {
            let middle = differences.len() / 2;
            let noise = *differences.select_nth_unstable_by(middle, f32::total_cmp).1;
            sum = Some(sum.unwrap_or(0.0) + noise);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Rate;

    #[test]
    fn noise_is_seen_where_it_is() {
        let noisy = |i: usize| if i > 1000 { 0.1 * ((i * 7919 % 97) as f32 / 97.0 - 0.5) } else { 0.001 * (i % 3) as f32 };
        let lead: Vec<f32> = (0..3000).map(noisy).collect();
        let beats = [200.0, 500.0, 700.0, 800.0, 2000.0];
        let input = Input { leads: &[&lead], rate: Rate::new(100.0).unwrap(), beats: &beats };
        let mut features = vec![BeatFeatures::default(); 5];
        add(&input, 1.0, &mut features);
        assert!(features[4].noise_ratio > Some(5.0) && features[0].noise_ratio == Some(1.0), "{features:?}");
        let nothing = Input { leads: &[&[f32::NAN; 3000]], ..input };
        add(&nothing, 1.0, &mut features);
        assert_eq!((features[0].noise_ratio, features[0].noise_level), (None, None));
    }
}
