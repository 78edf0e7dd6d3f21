//! How a beat differs from the dominant one, in the lead where it differs least.

use super::{BeatFeatures, Input, dominant::Template};
use crate::signal::features::window::{Window, correlation, detrend, peak_to_peak};

/// Sets likeness, size and width.
pub(super) fn compare(input: &Input, beat: f64, dominant: &[Option<Template>], features: &mut BeatFeatures, cut: &mut Vec<f32>) {
    let (mut likeness, mut p_likeness): (Option<f32>, Option<f32>) = (None, None);
    let (mut size, mut usual_size) = (0.0f32, 0.0f32);
    let (mut energy, mut usual_energy) = (Vec::new(), Vec::new());
    for (lead, template) in input.leads.iter().zip(dominant) {
        let Some(template) = template else { continue };
        if Window::BEAT.cut(lead, input.rate, beat, cut) {
            likeness = best(likeness, correlation(cut, &template.beat));
        }
        if Window::QRS.cut(lead, input.rate, beat, cut) {
            size += peak_to_peak(cut);
            usual_size += peak_to_peak(&template.qrs);
            add_slope_energy(cut, &mut energy);
            add_slope_energy(&template.qrs, &mut usual_energy);
        }
        if let Some(p) = &template.p
            && Window::P.cut(lead, input.rate, beat, cut)
        {
            detrend(cut);
            p_likeness = best(p_likeness, correlation(cut, p));
        }
    }
    features.template_correlation = likeness;
    features.p_correlation = p_likeness;
    features.amplitude_ratio = (usual_size > 0.001).then(|| size / usual_size);
    features.width_ratio = match (middle_half(&energy), middle_half(&usual_energy)) {
        (Some(width), Some(usual)) if usual > 0.0 => Some(width / usual),
        _ => None,
    };
}

fn best(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}

fn add_slope_energy(values: &[f32], energy: &mut Vec<f32>) {
    energy.resize(values.len().saturating_sub(1), 0.0);
    for (e, pair) in energy.iter_mut().zip(values.windows(2)) {
        *e += (pair[1] - pair[0]).powi(2);
    }
}

/// Samples between the places where a quarter and three quarters of the energy have passed.
fn middle_half(energy: &[f32]) -> Option<f32> {
    let total: f32 = energy.iter().sum();
    if total <= 1e-9 {
        return None;
    }
    let place = |share: f32| {
        let mut passed = 0.0;
        for (i, e) in energy.iter().enumerate() {
            if passed + e >= share * total {
                return i as f32 + (share * total - passed) / e.max(f32::MIN_POSITIVE);
            }
            passed += e;
        }
        energy.len() as f32
    };
    Some(place(0.75) - place(0.25))
}
