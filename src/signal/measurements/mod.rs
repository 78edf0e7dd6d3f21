//! Measurements: what every clinical ECG carries in its corner, each with its unit, or with the reason why it was not made.

mod measured;

pub use measured::{Limits, Measured, Measurements, lead_name};
