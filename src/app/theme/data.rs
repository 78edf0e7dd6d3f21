//! Themes as they are written in `assets/themes`.

use super::colours::{Ramp, colour, colours};
use egui::Color32;
use serde::Deserialize;
use std::sync::LazyLock;

/// A theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Names it in the settings.
    pub id: String,
    /// What the reader chooses.
    pub name: String,
    /// Light on dark.
    pub dark: bool,
    /// The page.
    pub palette: Palette,
    /// Letters of beats: N, S, V, F, Q.
    pub beats: [Color32; 5],
    /// Bars and panels.
    pub ui: UiColours,
}

/// Colours of the paper and of what is drawn on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Palette {
    /// Paper.
    pub paper: Color32,
    /// Lines 1 mm apart. Transparent, so that evidence shows through.
    pub fine: Color32,
    /// Lines 5 mm apart, likewise.
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
    /// Hatching of evidence against, at the scale's end.
    pub against: Color32,
    /// Behind what a chosen measurement was measured on.
    pub lit: Color32,
    /// Edges of it, and lengths written there.
    pub lit_edge: Color32,
    /// Marks of P waves, QRS complexes and T waves. They differ in hue and lightness for the common kinds of colour blindness too; a letter
    /// says the same.
    pub waves: [Color32; 3],
    /// Calipers and their values.
    pub caliper: Color32,
    /// The chosen beat and the tangent at its T wave.
    pub chosen_beat: Color32,
    /// Leads over one another: they differ in hue and lightness; the names stand beside them.
    pub leads: [Color32; 12],
    /// Evidence for.
    pub for_ramp: Ramp,
    /// Evidence against. Drawn hatched as well, for those to whom hues say nothing.
    pub against_ramp: Ramp,
}

impl Palette {
    /// Colour of evidence for a class, `strength` 0 to 1: one hue, lightness changing evenly as the eye sees it.
    pub fn evidence(&self, strength: f32) -> Color32 {
        self.for_ramp.at(strength)
    }

    /// Colour of evidence against it, in another hue.
    pub fn evidence_against(&self, strength: f32) -> Color32 {
        self.against_ramp.at(strength)
    }
}

/// Colours of bars and panels.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // Said at the functions of `theme::ui`.
pub struct UiColours {
    #[serde(deserialize_with = "colour")]
    pub panel: Color32,
    #[serde(deserialize_with = "colour")]
    pub bar: Color32,
    #[serde(deserialize_with = "colour")]
    pub sheet: Color32,
    #[serde(deserialize_with = "colour")]
    pub line: Color32,
    #[serde(deserialize_with = "colour")]
    pub text: Color32,
    #[serde(deserialize_with = "colour")]
    pub weak: Color32,
    #[serde(deserialize_with = "colour")]
    pub accent: Color32,
    #[serde(deserialize_with = "colour")]
    pub accent_soft: Color32,
    #[serde(deserialize_with = "colour")]
    pub caution: Color32,
    #[serde(deserialize_with = "colour")]
    pub caution_soft: Color32,
    #[serde(deserialize_with = "colour")]
    pub error: Color32,
    #[serde(deserialize_with = "colour")]
    pub error_soft: Color32,
    #[serde(deserialize_with = "colour")]
    pub trough: Color32,
    #[serde(deserialize_with = "colour")]
    pub hover: Color32,
    #[serde(deserialize_with = "colour")]
    pub chosen: Color32,
    #[serde(deserialize_with = "colour")]
    pub strip: Color32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    name: String,
    dark: bool,
    page: Page,
    evidence: Evidence,
    beats: Beats,
    ui: UiColours,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    #[serde(deserialize_with = "colour")]
    paper: Color32,
    #[serde(deserialize_with = "colour")]
    fine: Color32,
    #[serde(deserialize_with = "colour")]
    bold: Color32,
    #[serde(deserialize_with = "colour")]
    trace: Color32,
    #[serde(deserialize_with = "colour")]
    label: Color32,
    #[serde(deserialize_with = "colour")]
    note: Color32,
    #[serde(deserialize_with = "colour")]
    invalid: Color32,
    #[serde(deserialize_with = "colour")]
    invalid_edge: Color32,
    #[serde(deserialize_with = "colour")]
    lit: Color32,
    #[serde(deserialize_with = "colour")]
    lit_edge: Color32,
    #[serde(deserialize_with = "colours")]
    waves: [Color32; 3],
    #[serde(deserialize_with = "colour")]
    caliper: Color32,
    #[serde(deserialize_with = "colour")]
    chosen_beat: Color32,
    #[serde(deserialize_with = "colours")]
    leads: [Color32; 12],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Evidence {
    r#for: Ramp,
    against: Ramp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Beats {
    #[serde(rename = "N", deserialize_with = "colour")]
    n: Color32,
    #[serde(rename = "S", deserialize_with = "colour")]
    s: Color32,
    #[serde(rename = "V", deserialize_with = "colour")]
    v: Color32,
    #[serde(rename = "F", deserialize_with = "colour")]
    f: Color32,
    #[serde(rename = "Q", deserialize_with = "colour")]
    q: Color32,
}

/// The files, in the order in which they are offered; the first is the default.
pub(super) const FILES: [&str; 5] = [
    include_str!("../../../assets/themes/classic.toml"),
    include_str!("../../../assets/themes/blue.toml"),
    include_str!("../../../assets/themes/grey.toml"),
    include_str!("../../../assets/themes/dark.toml"),
    include_str!("../../../assets/themes/contrast.toml"),
];

pub(super) fn read(text: &str) -> Result<Theme, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    let page = file.page;
    let palette = Palette {
        paper: page.paper,
        fine: page.fine,
        bold: page.bold,
        trace: page.trace,
        label: page.label,
        note: page.note,
        invalid: page.invalid,
        invalid_edge: page.invalid_edge,
        against: file.evidence.against.at(1.0),
        lit: page.lit,
        lit_edge: page.lit_edge,
        waves: page.waves,
        caliper: page.caliper,
        chosen_beat: page.chosen_beat,
        leads: page.leads,
        for_ramp: file.evidence.r#for,
        against_ramp: file.evidence.against,
    };
    let beats = [file.beats.n, file.beats.s, file.beats.v, file.beats.f, file.beats.q];
    Ok(Theme { id: file.id, name: file.name, dark: file.dark, palette, beats, ui: file.ui })
}

/// All themes. Never empty: a test holds that every file reads.
pub static ALL: LazyLock<Vec<Theme>> = LazyLock::new(|| FILES.iter().filter_map(|text| read(text).ok()).collect());

/// Red paper, as ECG recorders use it.
pub static CLASSIC: LazyLock<Palette> = LazyLock::new(|| Theme::named("classic").palette);

impl Theme {
    /// The theme of that name in the settings; where there is none, the first.
    pub fn named(id: &str) -> &'static Self {
        static NONE: LazyLock<Theme> = LazyLock::new(bare);
        ALL.iter().find(|theme| theme.id == id).or(ALL.first()).unwrap_or(&NONE)
    }
}

/// Black on white, for a build whose files do not read.
fn bare() -> Theme {
    let (black, white, grey) = (Color32::BLACK, Color32::WHITE, Color32::from_gray(96));
    let pale = Color32::from_gray(225);
    let ramp = Ramp { hue: 235.0, lightness: [0.97, 0.68], chroma: [0.01, 0.12] };
    let palette = Palette {
        paper: white,
        fine: Color32::from_black_alpha(20),
        bold: Color32::from_black_alpha(60),
        trace: black,
        label: black,
        note: grey,
        invalid: pale,
        invalid_edge: grey,
        against: grey,
        lit: Color32::from_black_alpha(40),
        lit_edge: black,
        waves: [black; 3],
        caliper: black,
        chosen_beat: black,
        leads: [black; 12],
        for_ramp: ramp,
        against_ramp: Ramp { hue: 55.0, ..ramp },
    };
    let ui = UiColours {
        panel: white,
        bar: white,
        sheet: white,
        line: pale,
        text: black,
        weak: grey,
        accent: black,
        accent_soft: pale,
        caution: black,
        caution_soft: pale,
        error: black,
        error_soft: pale,
        trough: pale,
        hover: pale,
        chosen: pale,
        strip: grey,
    };
    Theme { id: "plain".into(), name: "Plain".into(), dark: false, palette, beats: [black; 5], ui }
}
