//! Colours as they are written, and ramps that are even to the eye.

use egui::Color32;
use serde::{Deserialize, Deserializer, de::Error};

/// `#rrggbb` or `#rrggbbaa`.
pub(super) fn parse(text: &str) -> Option<Color32> {
    let digits = text.strip_prefix('#').filter(|digits| digits.is_ascii())?;
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    match digits.len() {
        6 => Some(Color32::from_rgb(byte(0)?, byte(2)?, byte(4)?)),
        8 => Some(Color32::from_rgba_unmultiplied(byte(0)?, byte(2)?, byte(4)?, byte(6)?)),
        _ => None,
    }
}

pub(super) fn colour<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Color32, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| D::Error::custom(format!("{text} is no colour; write #rrggbb or #rrggbbaa")))
}

pub(super) fn colours<'de, D: Deserializer<'de>, const N: usize>(deserializer: D) -> Result<[Color32; N], D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let read: Option<Vec<Color32>> = texts.iter().map(|text| parse(text)).collect();
    read.and_then(|read| read.try_into().ok()).ok_or_else(|| D::Error::custom(format!("{texts:?} are not {N} colours")))
}

/// One hue from nothing to the scale's end, even as the eye sees it (OKLCH).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ramp {
    /// Degrees of OKLCH.
    pub hue: f32,
    /// Lightness at nothing and at the end, 0 to 1.
    pub lightness: [f32; 2],
    /// Chroma at nothing and at the end.
    pub chroma: [f32; 2],
}

impl Ramp {
    /// The colour at `strength`, 0 to 1.
    pub fn at(&self, strength: f32) -> Color32 {
        let s = if strength.is_finite() { strength.clamp(0.0, 1.0) } else { 0.0 };
        let between = |[from, to]: [f32; 2]| from + (to - from) * s;
        oklch(between(self.lightness), between(self.chroma), self.hue)
    }
}

/// OKLCH to sRGB, cut to what the screen can show. Source: Björn Ottosson, "A perceptual color space for image processing".
fn oklch(lightness: f32, chroma: f32, hue_degrees: f32) -> Color32 {
    let (sin, cos) = hue_degrees.to_radians().sin_cos();
    let (a, b) = (chroma * cos, chroma * sin);
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    let linear = [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s,
        -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ];
    let [r, g, b] = linear.map(|c| {
        let c = c.clamp(0.0, 1.0);
        let encoded = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
        (encoded * 255.0).round() as u8
    });
    Color32::from_rgb(r, g, b)
}
