//! Colours and type: tables, so that a further theme is a further table.

use crate::recording::BeatLabel;
use egui::{Color32, FontFamily, FontId, Stroke, Style, TextStyle, Visuals};

/// Colours of the paper and of what is drawn on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Palette {
    /// Paper.
    pub paper: Color32,
    /// Lines 1 mm apart.
    pub fine: Color32,
    /// Lines 5 mm apart.
    pub bold: Color32,
    /// Traces, pulse.
    pub trace: Color32,
    /// Lead names.
    pub label: Color32,
    /// Side notes on the paper ("derived", "uncalibrated").
    pub note: Color32,
    /// Where no valid signal is.
    pub invalid: Color32,
    /// Frame of invalid stretches and the marks of cut-off traces.
    pub invalid_edge: Color32,
    /// Hatching of evidence against.
    pub against: Color32,
    /// Behind what a chosen measurement was measured on.
    pub lit: Color32,
    /// Edges of it, and lengths written there.
    pub lit_edge: Color32,
    /// Marks of P waves, QRS complexes and T waves.
    pub waves: [Color32; 3],
    /// Hue of evidence for, in degrees of OKLCH.
    pub evidence_hue: f32,
}

/// Red paper, as ECG recorders use it.
pub const CLASSIC: Palette = Palette {
    paper: Color32::from_rgb(255, 252, 250),
    // Transparent (premultiplied), so that evidence shows through: on bare paper (251, 231, 228) and (239, 183, 179).
    fine: Color32::from_rgba_premultiplied(33, 16, 15, 37),
    bold: Color32::from_rgba_premultiplied(81, 27, 24, 97),
    trace: Color32::from_rgb(18, 20, 26),
    label: Color32::from_rgb(18, 20, 26),
    note: Color32::from_rgb(96, 70, 68),
    invalid: Color32::from_rgb(226, 226, 230),
    invalid_edge: Color32::from_rgb(120, 120, 130),
    against: Color32::from_rgb(84, 84, 94),
    lit: Color32::from_rgba_premultiplied(84, 72, 28, 86),
    lit_edge: Color32::from_rgb(92, 66, 0),
    // Green, purple and ochre differ in hue and lightness for the common kinds of colour blindness too; a letter says the same.
    waves: [Color32::from_rgb(0, 122, 84), Color32::from_rgb(96, 40, 150), Color32::from_rgb(150, 88, 0)],
    evidence_hue: 235.0,
};

/// Behind the chosen measurement: the hue of [`Palette::lit`] on white.
pub const LIT_SOFT: Color32 = Color32::from_rgb(255, 240, 190);

/// Colours of the panels.
pub mod ui {
    use egui::Color32;

    /// Panels.
    pub const PANEL: Color32 = Color32::from_rgb(250, 250, 251);
    /// Bars above and below.
    pub const BAR: Color32 = Color32::from_rgb(241, 242, 245);
    /// Lines between parts.
    pub const LINE: Color32 = Color32::from_rgb(216, 219, 225);
    /// Text.
    pub const TEXT: Color32 = Color32::from_rgb(28, 32, 40);
    /// Secondary text; 4.5 : 1 or more on panels.
    pub const WEAK: Color32 = Color32::from_rgb(88, 95, 108);
    /// Present findings, chosen things.
    pub const ACCENT: Color32 = Color32::from_rgb(20, 86, 140);
    /// Behind chosen things.
    pub const ACCENT_SOFT: Color32 = Color32::from_rgb(221, 235, 247);
    /// Uncertain findings, things to note.
    pub const CAUTION: Color32 = Color32::from_rgb(146, 84, 0);
    /// Behind things to note.
    pub const CAUTION_SOFT: Color32 = Color32::from_rgb(255, 241, 214);
    /// Errors.
    pub const ERROR: Color32 = Color32::from_rgb(160, 22, 34);
    /// Behind errors.
    pub const ERROR_SOFT: Color32 = Color32::from_rgb(253, 231, 231);
    /// Bars of probabilities: what is not filled.
    pub const TROUGH: Color32 = Color32::from_rgb(228, 231, 236);
}

/// Colour of a beat's label. The letter says the same.
pub fn beat(label: Option<BeatLabel>) -> Color32 {
    match label {
        None | Some(BeatLabel::N) => Color32::from_rgb(104, 106, 116),
        Some(BeatLabel::S) => Color32::from_rgb(166, 84, 0),
        Some(BeatLabel::V) => Color32::from_rgb(176, 0, 52),
        Some(BeatLabel::F) => Color32::from_rgb(112, 48, 160),
        Some(BeatLabel::Q) => Color32::from_rgb(0, 98, 110),
    }
}

impl Palette {
    /// Colour of evidence for a class, `strength` 0 to 1: one hue, lightness falling evenly as the eye sees it (OKLCH).
    pub fn evidence(&self, strength: f32) -> Color32 {
        let s = strength.clamp(0.0, 1.0);
        oklch(0.97 - 0.29 * s, 0.01 + 0.11 * s, self.evidence_hue)
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

/// Sets type and colours of the whole window.
pub fn apply(ctx: &egui::Context) {
    ctx.set_theme(egui::Theme::Light);
    // A notch of the wheel with Ctrl enlarges by 15 %.
    ctx.options_mut(|options| {
        let input = &mut options.input_options;
        input.scroll_zoom_speed = 1.15_f32.ln() / input.line_scroll_speed;
    });
    ctx.style_mut_of(egui::Theme::Light, style);
}

fn style(style: &mut Style) {
    let proportional = |size| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Small, proportional(12.0)),
        (TextStyle::Body, proportional(14.0)),
        (TextStyle::Button, proportional(14.0)),
        (TextStyle::Heading, proportional(19.0)),
        (TextStyle::Monospace, FontId::new(13.0, FontFamily::Monospace)),
    ]
    .into();
    let mut visuals = Visuals::light();
    visuals.panel_fill = ui::PANEL;
    visuals.window_fill = Color32::WHITE;
    visuals.override_text_color = Some(ui::TEXT);
    visuals.weak_text_color = Some(ui::WEAK);
    visuals.hyperlink_color = ui::ACCENT;
    visuals.selection.bg_fill = ui::ACCENT_SOFT;
    visuals.selection.stroke = Stroke::new(1.0, ui::ACCENT);
    visuals.widgets.noninteractive.bg_stroke = Stroke::new(1.0, ui::LINE);
    visuals.widgets.inactive.weak_bg_fill = Color32::WHITE;
    visuals.widgets.inactive.bg_stroke = Stroke::new(1.0, ui::LINE);
    visuals.widgets.hovered.weak_bg_fill = Color32::from_rgb(244, 248, 252);
    visuals.widgets.hovered.bg_stroke = Stroke::new(1.0, ui::ACCENT);
    // What has the keyboard gets a ring; a dark fill would look like a choice.
    visuals.widgets.active.weak_bg_fill = Color32::WHITE;
    visuals.widgets.active.bg_fill = ui::ACCENT_SOFT;
    visuals.widgets.active.bg_stroke = Stroke::new(2.0, ui::ACCENT);
    visuals.widgets.active.fg_stroke = Stroke::new(1.0, ui::TEXT);
    style.visuals = visuals;
    style.spacing.item_spacing = egui::vec2(8.0, 6.0);
    style.spacing.button_padding = egui::vec2(8.0, 4.0);
    style.spacing.interact_size.y = 26.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(c: Color32) -> f32 {
        let linear = [c.r(), c.g(), c.b()].map(|v| {
            let v = f32::from(v) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(a: Color32, b: Color32) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn evidence_darkens_evenly_and_never_hides_the_trace() {
        let steps: Vec<f32> = (0..=20).map(|i| luminance(CLASSIC.evidence(i as f32 / 20.0))).collect();
        assert!(steps.windows(2).all(|pair| pair[1] < pair[0]), "{steps:?}");
        assert!(contrast(CLASSIC.evidence(1.0), CLASSIC.trace) > 4.5);
    }

    #[test]
    fn text_can_be_read() {
        for colour in [ui::TEXT, ui::WEAK, ui::ACCENT, ui::CAUTION, ui::ERROR] {
            assert!(contrast(colour, ui::PANEL) >= 4.5, "{colour:?}");
        }
        assert!(contrast(ui::CAUTION, ui::CAUTION_SOFT) >= 4.5);
        assert!(contrast(ui::ERROR, ui::ERROR_SOFT) >= 4.5);
        for label in BeatLabel::ALL {
            assert!(contrast(beat(Some(label)), CLASSIC.paper) >= 4.5, "{label}");
        }
        for colour in CLASSIC.waves.into_iter().chain([CLASSIC.note, CLASSIC.lit_edge]) {
            assert!(contrast(colour, CLASSIC.paper) >= 4.5, "{colour:?}");
        }
        // The band on paper.
        let lit = Color32::from_rgb(252, 235, 177);
        assert!(contrast(CLASSIC.trace, lit) > 4.5 && contrast(CLASSIC.lit_edge, lit) > 4.5);
    }
}
