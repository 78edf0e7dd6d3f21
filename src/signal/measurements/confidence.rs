//! How far a value is to be trusted, 0 to 1: agreement of beats, of leads, and noise.

/// 1 where `deviation` is nothing, a half where it reaches `half`.
pub(super) fn agreement(deviation: f64, half: f64) -> f64 {
    if deviation.is_finite() { 1.0 / (1.0 + (deviation / half).powi(2)) } else { 0.0 }
}

/// A single beat says less than many: 0.5, 0.67, 0.75 ... towards 1.
pub(super) fn of_beats(beats: usize) -> f64 {
    if beats == 0 { 0.0 } else { (beats as f64 / (beats as f64 + 1.0)).max(0.5) }
}

/// How far the leads that agree on a boundary speak for it: a single lead may not see all of a wave.
pub(super) fn of_leads(agreeing: usize) -> f64 {
    match agreeing {
        0 => 0.0,
        1 => 0.6,
        2 => 0.85,
        _ => 1.0,
    }
}

/// Product of shares, within 0 to 1.
pub(super) fn all(shares: &[f64]) -> f32 {
    shares.iter().product::<f64>().clamp(0.0, 1.0) as f32
}
