//! Bringing beats into register, to a fraction of a sample.

use super::{MedianInput, interpolate::cut, scales};

/// What is compared reaches this far before and after R, seconds.
const REACH_S: f64 = 0.09;
/// Compared samples are at most this dense: more would not place a beat better.
const DENSEST_HZ: f64 = 600.0;
/// Farthest that a beat is moved, seconds: half a wide QRS complex.
const FARTHEST_S: f64 = 0.05;
/// Most leads compared.
const MOST_LEADS: usize = 12;
/// Rounds of making the common shape and moving the beats to it.
const ROUNDS: usize = 2;

/// The shape beats are moved to.
struct Template {
    /// For each lead, about its mean; `None` when no beat has the lead.
    leads: Vec<Option<Vec<f32>>>,
    /// Samples between those compared.
    stride: usize,
    /// Samples compared before R.
    before: usize,
}

/// For each beat how many samples its R peak is to be moved, starting from `coarse`. Their median is 0: moving all beats together moves nothing.
pub(super) fn align(input: &MedianInput, beats: &[usize], coarse: &[f64]) -> Vec<f64> {
    let hz = input.rate.hz();
    let stride = ((hz / DENSEST_HZ).floor() as usize).max(1);
    let before = ((REACH_S * hz / stride as f64).ceil() as usize).max(2);
    let farthest = (FARTHEST_S * hz).max(2.0);
    let scales = scales(input, beats);
    let peaks: Vec<f64> = beats.iter().map(|b| input.peaks.get(*b).copied().unwrap_or(0.0)).collect();
    let mut shifts: Vec<f64> = (0..beats.len()).map(|i| coarse.get(i).copied().unwrap_or(0.0)).collect();
    if beats.len() > 1 {
        for _ in 0..ROUNDS {
            let template = template(input, &scales, peaks.iter().zip(&shifts).map(|(p, s)| p + s), stride, before);
            for (peak, shift) in peaks.iter().zip(&mut shifts) {
                if let Some(at) = place(input, &scales, &template, peak + *shift, farthest)
                    && (at - peak).abs() <= farthest
                {
                    *shift = at - peak;
                }
            }
        }
    }
    let middle = crate::signal::robust::median(&mut shifts.iter().map(|s| *s as f32).collect()).unwrap_or(0.0);
    shifts.iter_mut().for_each(|s| *s -= f64::from(middle));
    shifts
}

fn template(
    input: &MedianInput,
    scales: &[f32],
    places: impl Iterator<Item = f64> + Clone,
    stride: usize,
    before: usize,
) -> Template {
    let count = 2 * before + 1;
    // Interpolation needs neighbours, so the dense samples are cut and then thinned.
    let mut dense = vec![0.0f32; (count - 1) * stride + 1];
    let leads = input
        .leads
        .iter()
        .zip(scales)
        .take(MOST_LEADS)
        .map(|(lead, scale)| {
            let mut sum = vec![0.0f32; count];
            let mut added = false;
            for place in places.clone() {
                cut(lead.samples, place - (before * stride) as f64, &mut dense);
                if dense.iter().all(|v| v.is_finite()) {
                    sum.iter_mut().zip(dense.iter().step_by(stride)).for_each(|(s, v)| *s += v / scale);
                    added = true;
                }
            }
            let mean = sum.iter().sum::<f32>() / count as f32;
            sum.iter_mut().for_each(|s| *s -= mean);
            (added && sum.iter().all(|s| s.is_finite())).then_some(sum)
        })
        .collect();
    Template { leads, stride, before }
}

/// The place near `start` at which the beat is most like the template: climbs from sample to sample, then to the top of the parabola
/// through the highest three. `None` where nothing can be compared.
fn place(input: &MedianInput, scales: &[f32], template: &Template, start: f64, farthest: f64) -> Option<f64> {
    let mut at = start.round();
    let like = |at: f64| correlation(input, scales, template, at);
    let (mut left, mut here, mut right) = (like(at - 1.0)?, like(at)?, like(at + 1.0)?);
    while (at - start).abs() < farthest {
        if left > here && left >= right {
            (at, right, here) = (at - 1.0, here, left);
            left = like(at - 1.0)?;
        } else if right > here {
            (at, left, here) = (at + 1.0, here, right);
            right = like(at + 1.0)?;
        } else {
            break;
        }
    }
    let bend = left - 2.0 * here + right;
    let top = if bend < 0.0 { (0.5 * (left - right) / bend).clamp(-0.5, 0.5) } else { 0.0 };
    Some(at + top)
}

/// Correlation over all leads together with the template at R on sample `at`.
fn correlation(input: &MedianInput, scales: &[f32], template: &Template, at: f64) -> Option<f64> {
    let first = at - (template.before * template.stride) as f64;
    if first < 0.0 {
        return None;
    }
    let first = first as usize;
    let (mut ab, mut aa, mut bb) = (0.0f64, 0.0f64, 0.0f64);
    for ((lead, scale), wanted) in input.leads.iter().zip(scales).zip(&template.leads) {
        let Some(wanted) = wanted else { continue };
        let Some(samples) = lead.samples.get(first..first + (wanted.len() - 1) * template.stride + 1) else { continue };
        let (mut product, mut own, mut sum, mut energy) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
        for (a, b) in wanted.iter().zip(samples.iter().step_by(template.stride)) {
            let b = b / scale;
            product += a * b;
            own += a * a;
            sum += b;
            energy += b * b;
        }
        let energy = energy - sum * sum / wanted.len() as f32;
        if product.is_finite() && energy.is_finite() {
            ab += f64::from(product);
            aa += f64::from(own);
            bb += f64::from(energy.max(0.0));
        }
    }
    let value = ab / (aa * bb).sqrt();
    value.is_finite().then_some(value)
}
