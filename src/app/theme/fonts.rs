//! Type that renders names in any script: egui's own faces, and behind them three with wide coverage.

use egui::{FontData, FontDefinitions, FontFamily};
use std::sync::Arc;

/// Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic and symbols.
static DEJAVU: &[u8] = include_bytes!("../../../assets/fonts/DejaVuSans.ttf");
/// Chinese and Japanese.
static DROID: &[u8] = include_bytes!("../../../assets/fonts/DroidSansFallbackFull.ttf");

/// Hangul.
static NANUM: &[u8] = include_bytes!("../../../assets/fonts/NanumSquareR.ttf");

/// Puts the faces behind egui's. Their bytes lie in the program and are not copied; a glyph is read when it is first shown.
pub fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    for (name, bytes) in [("DejaVu Sans", DEJAVU), ("Droid Sans Fallback", DROID), ("NanumSquare", NANUM)] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        for family in [FontFamily::Proportional, FontFamily::Monospace] {
            fonts.families.entry(family).or_default().push(name.to_owned());
        }
    }
    ctx.set_fonts(fonts);
}
