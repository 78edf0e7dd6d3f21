//! Text in any script: which font has a character, which way it runs, how wide it is, where a line breaks.

mod fonts;
mod shape;
mod wrap;

pub use fonts::{Face, font_files};
pub use shape::{Glyph, Run, Shaped, kept, printable, shape, width_mm};
pub use wrap::wrap;
