//! From the page model to files: PDF, SVG, PNG.

mod pdf;
mod png;
mod svg;

pub use pdf::pdf;
pub use png::{Dpi, Pixels, pixels, png};
pub use svg::svg;
