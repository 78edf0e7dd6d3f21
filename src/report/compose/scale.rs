//! Measures of the sheet, and from time and voltage to millimetres.

use crate::report::{
    options::{PaperGain, PaperSpeed},
    page::Area,
};

/// Width that is printed on, mm: the paper, and everything above it.
pub const WIDTH: f32 = 260.0;
/// Left of the traces: the calibration pulse.
pub const PULSE_ROOM: f32 = 10.0;
/// Above the band with title and status.
pub const TOP: f32 = 6.0;
/// Below the foot of a page.
pub const BOTTOM: f32 = 5.0;
/// Height of the band with title and status.
pub const BAND: f32 = 9.5;
/// Height of the foot line.
pub const FOOT: f32 = 4.0;

/// The part of a sheet that content stands on: between band and foot.
pub fn body((width, height): (f32, f32)) -> Area {
    let x = 0.5 * (width - WIDTH);
    Area::new(x, TOP + BAND + 1.0, WIDTH, height - TOP - BAND - 1.0 - BOTTOM - FOOT - 0.5)
}

/// Time and voltage on paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// mm a second.
    pub mm_per_s: f32,
    /// mm a millivolt.
    pub mm_per_mv: f32,
}

impl Scale {
    /// As chosen.
    pub fn new(speed: PaperSpeed, gain: PaperGain) -> Self {
        Self { mm_per_s: speed.mm_per_s(), mm_per_mv: gain.mm_per_mv() }
    }
}
