//! Paper scale: millimetres, millivolts and seconds to points on the screen.

use serde::{Deserialize, Serialize};

/// Points per millimetre on a screen of nominal 96 dpi. Screens differ: until the reader has measured theirs the page says "screen not
/// calibrated".
pub const NOMINAL_PX_PER_MM: f32 = 96.0 / 25.4;

/// Width of the page in millimetres when it is fitted to the window: ten seconds at 25 mm/s.
pub const PAGE_MM: f32 = 250.0;

/// Amplitude scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Gain {
    /// 2.5 mm/mV, for very high voltages.
    #[serde(rename = "2.5")]
    Mm2_5,
    /// 5 mm/mV.
    #[serde(rename = "5")]
    Mm5,
    /// 10 mm/mV, the standard.
    #[default]
    #[serde(rename = "10")]
    Mm10,
    /// 20 mm/mV.
    #[serde(rename = "20")]
    Mm20,
    /// 40 mm/mV, for P waves and low voltages.
    #[serde(rename = "40")]
    Mm40,
}

impl Gain {
    /// All, ascending.
    pub const ALL: [Self; 5] = [Self::Mm2_5, Self::Mm5, Self::Mm10, Self::Mm20, Self::Mm40];

    /// Millimetres per millivolt.
    pub fn mm_per_mv(self) -> f32 {
        match self {
            Self::Mm2_5 => 2.5,
            Self::Mm5 => 5.0,
            Self::Mm10 => 10.0,
            Self::Mm20 => 20.0,
            Self::Mm40 => 40.0,
        }
    }

    /// As printed on ECG paper.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mm2_5 => "2.5 mm/mV",
            Self::Mm5 => "5 mm/mV",
            Self::Mm10 => "10 mm/mV",
            Self::Mm20 => "20 mm/mV",
            Self::Mm40 => "40 mm/mV",
        }
    }

    /// The next one, from the last to the first again.
    pub fn next(self) -> Self {
        next_of(&Self::ALL, self)
    }
}

/// Paper speed. The slow ones are for looking over long recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Speed {
    /// 5 mm/s.
    #[serde(rename = "5")]
    Mm5,
    /// 10 mm/s.
    #[serde(rename = "10")]
    Mm10,
    /// 12.5 mm/s.
    #[serde(rename = "12.5")]
    Mm12_5,
    /// 25 mm/s, the standard.
    #[default]
    #[serde(rename = "25")]
    Mm25,
    /// 50 mm/s.
    #[serde(rename = "50")]
    Mm50,
    /// 100 mm/s, for intervals.
    #[serde(rename = "100")]
    Mm100,
}

impl Speed {
    /// All, ascending.
    pub const ALL: [Self; 6] = [Self::Mm5, Self::Mm10, Self::Mm12_5, Self::Mm25, Self::Mm50, Self::Mm100];

    /// Millimetres per second.
    pub fn mm_per_s(self) -> f32 {
        match self {
            Self::Mm5 => 5.0,
            Self::Mm10 => 10.0,
            Self::Mm12_5 => 12.5,
            Self::Mm25 => 25.0,
            Self::Mm50 => 50.0,
            Self::Mm100 => 100.0,
        }
    }

    /// As printed on ECG paper.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mm5 => "5 mm/s",
            Self::Mm10 => "10 mm/s",
            Self::Mm12_5 => "12.5 mm/s",
            Self::Mm25 => "25 mm/s",
            Self::Mm50 => "50 mm/s",
            Self::Mm100 => "100 mm/s",
        }
    }

    /// The next one, from the last to the first again.
    pub fn next(self) -> Self {
        next_of(&Self::ALL, self)
    }

    /// Between the two diagnostic speeds: 25 and 50 mm/s.
    pub fn toggled(self) -> Self {
        if self == Self::Mm25 { Self::Mm50 } else { Self::Mm25 }
    }
}

fn next_of<T: Copy + PartialEq>(all: &[T], current: T) -> T {
    let at = all.iter().position(|one| *one == current).map_or(0, |at| at + 1);
    all.get(at).or(all.first()).copied().unwrap_or(current)
}

/// How large the paper is drawn. Time and amplitude always grow together: a millimetre stays a square.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Zoom {
    /// [`PAGE_MM`] fill the window's width.
    Fit,
    /// Times the nominal size.
    Factor(f32),
}

impl Zoom {
    /// Smallest and largest factor: below, an R wave is a few pixels; above, less than two seconds are seen.
    pub const RANGE: (f32, f32) = (0.4, 5.0);

    /// A factor held within [`Zoom::RANGE`]; what is no number gives 1.
    pub fn factor(value: f32) -> Self {
        Self::Factor(if value.is_finite() { value.clamp(Self::RANGE.0, Self::RANGE.1) } else { 1.0 })
    }
}

/// Length and height of the calibration pulse: 200 ms, 1 mV.
pub const PULSE_S: f32 = 0.2;

/// Paper left of the traces, in millimetres: the pulse with 2 mm before and after it, up to a full large square so
/// that traces begin on a bold line.
pub fn margin_mm(speed: Speed) -> f32 {
    ((2.0 + PULSE_S * speed.mm_per_s() + 2.0) / 5.0).ceil() * 5.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_margin_holds_the_pulse_and_ends_on_a_bold_line() {
        for speed in Speed::ALL {
            let margin = margin_mm(speed);
            assert!(margin >= PULSE_S * speed.mm_per_s() + 4.0, "{speed:?}");
            assert_eq!(margin % 5.0, 0.0);
        }
    }

    #[test]
    fn zoom_stays_within_its_range() {
        assert_eq!(Zoom::factor(100.0), Zoom::Factor(Zoom::RANGE.1));
        assert_eq!(Zoom::factor(0.0), Zoom::Factor(Zoom::RANGE.0));
        assert_eq!(Zoom::factor(f32::NAN), Zoom::Factor(1.0));
    }

    #[test]
    fn gains_and_speeds_cycle() {
        assert_eq!(Gain::Mm5.next(), Gain::Mm10);
        assert_eq!(Gain::Mm40.next(), Gain::Mm2_5);
        assert_eq!(Speed::Mm100.next(), Speed::Mm5);
    }
}
