//! PNG: the SVG drawn with the program's own fonts.

use super::svg;
use crate::report::{
    ReportError,
    page::{Area, Item, Page, Part},
    text::font_files,
};
use resvg::{
    tiny_skia::{FilterQuality, Pixmap, PixmapPaint, Transform},
    usvg::{Options, Tree, fontdb},
};
use std::sync::{Arc, OnceLock};

/// Pixels an inch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dpi(f32);

impl Dpi {
    /// What a screen shows well.
    pub const SCREEN: Self = Self(150.0);

    /// `None` outside of 30 to 1200.
    pub fn new(dpi: f32) -> Option<Self> {
        (30.0..=1200.0).contains(&dpi).then_some(Self(dpi))
    }

    /// Pixels a millimetre.
    pub fn per_mm(self) -> f32 {
        self.0 / 25.4
    }
}

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut fonts = fontdb::Database::new();
            for file in font_files() {
                fonts.load_font_source(fontdb::Source::Binary(Arc::new(file)));
            }
            Arc::new(fonts)
        })
        .clone()
}

/// Pictures on a page. The renderer of SVG is built without decoders of pictures: the institution's logo is all there is.
fn pictures(page: &Page) -> impl Iterator<Item = (Area, &[u8])> {
    page.parts.iter().flat_map(Part::all_items).filter_map(|item| match item {
        Item::Picture { area, png } => Some((*area, png.as_ref())),
        _ => None,
    })
}

fn failed(reason: impl std::fmt::Display) -> ReportError {
    ReportError::Picture { reason: reason.to_string() }
}

/// A drawn page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue, opacity of each pixel, row by row. A page has no transparent places.
    pub rgba: Vec<u8>,
}

/// A page as pixels.
///
/// # Errors
/// [`ReportError::Picture`] when it cannot be drawn or there is no memory for so many pixels.
pub fn pixels(page: &Page, language: &str, dpi: Dpi) -> Result<Pixels, ReportError> {
    let map = drawn(page, language, dpi)?;
    Ok(Pixels { width: map.width(), height: map.height(), rgba: map.take() })
}

/// A page as a PNG file.
///
/// # Errors
/// As [`pixels`].
pub fn png(page: &Page, language: &str, dpi: Dpi) -> Result<Vec<u8>, ReportError> {
    drawn(page, language, dpi)?.encode_png().map_err(failed)
}

fn drawn(page: &Page, language: &str, dpi: Dpi) -> Result<Pixmap, ReportError> {
    let options = Options { fontdb: fonts(), ..Options::default() };
    let tree = Tree::from_str(&svg(page, language), &options).map_err(failed)?;
    let pixels = |mm: f32| (mm * dpi.per_mm()).round().max(1.0) as u32;
    let (width, height) = (pixels(page.width), pixels(page.height));
    let mut map = Pixmap::new(width, height).ok_or_else(|| failed(format!("{width} by {height} pixels are too many")))?;
    let scale = Transform::from_scale(width as f32 / tree.size().width(), height as f32 / tree.size().height());
    resvg::render(&tree, scale, &mut map.as_mut());
    for (area, picture) in pictures(page) {
        let picture = Pixmap::decode_png(picture).map_err(failed)?;
        let place = Transform::from_row(
            area.width * dpi.per_mm() / picture.width() as f32,
            0.0,
            0.0,
            area.height * dpi.per_mm() / picture.height() as f32,
            area.x * dpi.per_mm(),
            area.y * dpi.per_mm(),
        );
        let paint = PixmapPaint { quality: FilterQuality::Bicubic, ..PixmapPaint::default() };
        map.draw_pixmap(0, 0, picture.as_ref(), &paint, place, None);
    }
    Ok(map)
}
