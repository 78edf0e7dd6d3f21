//! The fonts that come with the program.

use crate::report::page::Weight;
use rustybuzz::ttf_parser;
use std::sync::OnceLock;

/// A font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    /// DejaVu Sans: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, Lao, symbols.
    Regular,
    /// DejaVu Sans Bold.
    Bold,
    /// Droid Sans Fallback: Chinese, Japanese, Korean and more.
    Fallback,
}

impl Face {
    /// All.
    pub const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Fallback];

    /// Faces for a weight, in the order in which they are asked for a character.
    pub fn for_weight(weight: Weight) -> [Self; 3] {
        match weight {
            Weight::Regular => [Self::Regular, Self::Bold, Self::Fallback],
            Weight::Bold => [Self::Bold, Self::Regular, Self::Fallback],
        }
    }

    /// The file.
    pub fn data(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../../assets/fonts/DejaVuSans.ttf"),
            Self::Bold => include_bytes!("../../../assets/fonts/DejaVuSans-Bold.ttf"),
            Self::Fallback => include_bytes!("../../../assets/fonts/DroidSansFallbackFull.ttf"),
        }
    }

    /// The family's name, as SVG names it.
    pub fn family(self) -> &'static str {
        match self {
            Self::Regular | Self::Bold => "DejaVu Sans",
            Self::Fallback => "Droid Sans Fallback",
        }
    }

    /// The font ready to be shaped with; read once.
    pub(super) fn parsed(self) -> &'static rustybuzz::Face<'static> {
        static PARSED: [OnceLock<rustybuzz::Face<'static>>; 3] = [const { OnceLock::new() }; 3];
        // The files are part of the program; a test reads each.
        PARSED[self as usize]
            .get_or_init(|| rustybuzz::Face::from_slice(self.data(), 0).unwrap_or_else(|| unreachable!("{self:?} is no font")))
    }

    /// Whether it has a picture of that character.
    pub(super) fn has(self, c: char) -> bool {
        let face: &ttf_parser::Face = self.parsed();
        face.glyph_index(c).is_some_and(|glyph| glyph.0 != 0)
    }
}

/// The font files, for a renderer that chooses among them itself.
pub fn font_files() -> impl Iterator<Item = &'static [u8]> {
    Face::ALL.into_iter().map(Face::data)
}
