//! What the reader set once and for all: colours, sizes, scales, layout, keys. Kept as TOML in the configuration folder.

mod store;

pub use store::{FILE, Store};

use super::page::scale::{Gain, Speed};
use crate::words::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Smallest and largest interface scale.
pub const SCALES: (f32, f32) = (0.7, 2.5);
/// Fewest and most physical pixels a millimetre of a screen can have: 25 to 1000 dpi.
pub const PIXELS_PER_MM: (f32, f32) = (1.0, 40.0);
/// Most screens and keys that are kept.
const MOST: usize = 200;

/// The reader's settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Language of the window.
    pub language: Language,
    /// Id of the theme.
    pub theme: String,
    /// Size of everything but the paper, 1 as the system says.
    pub interface_scale: f32,
    /// Id of the layout.
    pub layout: String,
    /// Amplitude scale.
    pub gain: Gain,
    /// Paper speed.
    pub speed: Speed,
    /// The machine and other readers are hidden on the first read, until they are asked for.
    pub blind_first: bool,
    /// Paper in its true size where the screen is measured; else fitted to the window.
    pub true_size: bool,
    /// Physical pixels a millimetre takes on screens that were measured, by what tells them apart.
    pub screens: BTreeMap<String, f32>,
    /// Changed keys: the key that comes with the program and the one to press instead, e.g. `"G" = "Shift G"`.
    pub shortcuts: BTreeMap<String, String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::default(),
            theme: "classic".into(),
            interface_scale: 1.0,
            layout: crate::layout::LayoutId::default().to_string(),
            gain: Gain::default(),
            speed: Speed::default(),
            blind_first: false,
            true_size: false,
            screens: BTreeMap::new(),
            shortcuts: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Holds every number within what makes sense; the file may have been edited by hand.
    pub fn sane(mut self) -> Self {
        self.interface_scale = scale(self.interface_scale);
        self.screens.retain(|_, pixels| (PIXELS_PER_MM.0..=PIXELS_PER_MM.1).contains(pixels));
        while self.screens.len() > MOST {
            self.screens.pop_first();
        }
        while self.shortcuts.len() > MOST {
            self.shortcuts.pop_first();
        }
        self
    }
}

/// An interface scale held within [`SCALES`]; what is no number gives 1.
pub fn scale(value: f32) -> f32 {
    if value.is_finite() { value.clamp(SCALES.0, SCALES.1) } else { 1.0 }
}
