//! Filters without delay, stretch by stretch: Butterworth bands, removal of mains hum, and the presets people read ECGs with.

mod butterworth;
mod mains;
mod settings;

pub use butterworth::{Band, Biquad, band_pass, band_pass_all, high_pass, low_pass};
pub use mains::{MAINS_HZ, find_mains, remove_mains};
pub use settings::{FilterSettings, Filtered, HIGH_PASS_HZ, LOW_PASS_HZ, Mains, apply, is_diagnostic};
