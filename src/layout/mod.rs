//! Which lead stands where on the page: layouts as data. Nothing is drawn here; window and report share it.
//!
//! A [`Description`] names leads row by row; it comes from `assets/layouts` or from the user's own file ([`Catalogue`]).
//! [`Description::arrange`] fits it to the leads that a recording has and gives a [`Layout`]: each of them stands once, beside rhythm
//! strips, which repeat leads.

mod arrange;
mod catalogue;
mod description;
#[cfg(test)]
mod tests;

pub use arrange::{Layout, Place, Row, rhythm_lead};
pub use catalogue::{Catalogue, OWN_FILE};
pub use description::{Columns, Description, LayoutError, LayoutId, Shows, Wanted};
