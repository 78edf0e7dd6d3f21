//! What any recording may ask for: far above every recorder, low enough that a file of a few bytes asks for little.

/// Samples a second of one signal.
pub(super) const FASTEST_HZ: f64 = 1e7;

/// Samples of all signals together that a recording may span without storing them: gaps, signals without a file. Twelve leads of two months at
/// 500 Hz.
pub(super) const MOST_MISSING: u64 = 1 << 35;
