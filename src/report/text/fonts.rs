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
    /// Droid Sans Fallback: Chinese, Japanese and more.
    Fallback,
    /// NanumSquare.
    Korean,
    /// Noto Sans Thai.
    Thai,
    /// Noto Sans Devanagari.
    Devanagari,
    /// Noto Sans Bengali.
    Bengali,
    /// Noto Sans Tamil.
    Tamil,
    /// Noto Sans Telugu.
    Telugu,
    /// Noto Sans Gujarati.
    Gujarati,
    /// Noto Sans Gurmukhi.
    Gurmukhi,
    /// Noto Sans Kannada.
    Kannada,
    /// Noto Sans Malayalam.
    Malayalam,
    /// Noto Sans Sinhala.
    Sinhala,
    /// Noto Sans Khmer.
    Khmer,
    /// Noto Sans Myanmar.
    Myanmar,
    /// Noto Sans Ethiopic.
    Ethiopic,
}

impl Face {
    /// All, in the order in which they are asked for a character.
    pub const ALL: [Self; 17] = [
        Self::Regular,
        Self::Bold,
        Self::Fallback,
        Self::Korean,
        Self::Thai,
        Self::Devanagari,
        Self::Bengali,
        Self::Tamil,
        Self::Telugu,
        Self::Gujarati,
        Self::Gurmukhi,
        Self::Kannada,
        Self::Malayalam,
        Self::Sinhala,
        Self::Khmer,
        Self::Myanmar,
        Self::Ethiopic,
    ];

    /// Faces for a weight, in the order in which they are asked for a character.
    pub fn for_weight(weight: Weight) -> [Self; Self::ALL.len()] {
        let mut faces = Self::ALL;
        if weight == Weight::Bold {
            faces.swap(0, 1);
        }
        faces
    }

    /// The file.
    pub fn data(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../../assets/fonts/DejaVuSans.ttf"),
            Self::Bold => include_bytes!("../../../assets/fonts/DejaVuSans-Bold.ttf"),
            Self::Fallback => include_bytes!("../../../assets/fonts/DroidSansFallbackFull.ttf"),
            Self::Korean => include_bytes!("../../../assets/fonts/NanumSquareR.ttf"),
            Self::Thai => include_bytes!("../../../assets/fonts/NotoSansThai-Regular.ttf"),
            Self::Devanagari => include_bytes!("../../../assets/fonts/NotoSansDevanagari-Regular.ttf"),
            Self::Bengali => include_bytes!("../../../assets/fonts/NotoSansBengali-Regular.ttf"),
            Self::Tamil => include_bytes!("../../../assets/fonts/NotoSansTamil-Regular.ttf"),
            Self::Telugu => include_bytes!("../../../assets/fonts/NotoSansTelugu-Regular.ttf"),
            Self::Gujarati => include_bytes!("../../../assets/fonts/NotoSansGujarati-Regular.ttf"),
            Self::Gurmukhi => include_bytes!("../../../assets/fonts/NotoSansGurmukhi-Regular.ttf"),
            Self::Kannada => include_bytes!("../../../assets/fonts/NotoSansKannada-Regular.ttf"),
            Self::Malayalam => include_bytes!("../../../assets/fonts/NotoSansMalayalam-Regular.ttf"),
            Self::Sinhala => include_bytes!("../../../assets/fonts/NotoSansSinhala-Regular.ttf"),
            Self::Khmer => include_bytes!("../../../assets/fonts/NotoSansKhmer-Regular.ttf"),
            Self::Myanmar => include_bytes!("../../../assets/fonts/NotoSansMyanmar-Regular.ttf"),
            Self::Ethiopic => include_bytes!("../../../assets/fonts/NotoSansEthiopic-Regular.ttf"),
        }
    }

    /// The family's name, as SVG names it.
    pub fn family(self) -> &'static str {
        match self {
            Self::Regular | Self::Bold => "DejaVu Sans",
            Self::Fallback => "Droid Sans Fallback",
            Self::Korean => "NanumSquare",
            Self::Thai => "Noto Sans Thai",
            Self::Devanagari => "Noto Sans Devanagari",
            Self::Bengali => "Noto Sans Bengali",
            Self::Tamil => "Noto Sans Tamil",
            Self::Telugu => "Noto Sans Telugu",
            Self::Gujarati => "Noto Sans Gujarati",
            Self::Gurmukhi => "Noto Sans Gurmukhi",
            Self::Kannada => "Noto Sans Kannada",
            Self::Malayalam => "Noto Sans Malayalam",
            Self::Sinhala => "Noto Sans Sinhala",
            Self::Khmer => "Noto Sans Khmer",
            Self::Myanmar => "Noto Sans Myanmar",
            Self::Ethiopic => "Noto Sans Ethiopic",
        }
    }

    /// The font ready to be shaped with; read once.
    pub(super) fn parsed(self) -> &'static rustybuzz::Face<'static> {
        static PARSED: [OnceLock<rustybuzz::Face<'static>>; Face::ALL.len()] = [const { OnceLock::new() }; Face::ALL.len()];
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
