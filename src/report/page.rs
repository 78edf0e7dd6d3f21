//! The page model: what is printed and where, before any file format. Window, PDF, SVG and PNG all draw this and nothing else.
//!
//! Lengths are millimetres from the page's top left corner, y downwards; type sizes are points. Parts carry their meaning ([`Role`]), from
//! which the tags of the PDF are made; drawing order is reading order.

use std::sync::Arc;

/// Points a millimetre.
pub const PT_PER_MM: f32 = 72.0 / 25.4;

/// A place on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Millimetres from the left edge.
    pub x: f32,
    /// Millimetres from the top edge.
    pub y: f32,
}

/// A rectangle on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge, mm.
    pub x: f32,
    /// Top edge, mm.
    pub y: f32,
    /// Width, mm.
    pub width: f32,
    /// Height, mm.
    pub height: f32,
}

impl Area {
    /// From its corner and size.
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    /// Right edge.
    pub fn right(self) -> f32 {
        self.x + self.width
    }

    /// Bottom edge.
    pub fn bottom(self) -> f32 {
        self.y + self.height
    }

    /// Smaller by so much on every side.
    pub fn inset(self, by: f32) -> Self {
        Self::new(self.x + by, self.y + by, (self.width - 2.0 * by).max(0.0), (self.height - 2.0 * by).max(0.0))
    }
}

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub colour: Colour,
    /// Width, mm.
    pub width: f32,
}

/// Weight of type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Weight {
    /// Upright.
    #[default]
    Regular,
    /// Bold.
    Bold,
}

/// Which point of a text lies at its place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Anchor {
    /// The left end.
    #[default]
    Start,
    /// The middle.
    Middle,
    /// The right end.
    End,
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Size in points.
    pub size: f32,
    /// Weight.
    pub weight: Weight,
    /// Colour.
    pub colour: Colour,
}

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Where its base line begins (or ends, see `anchor`).
    pub at: Point,
    /// Which end lies there.
    pub anchor: Anchor,
    /// How it is set.
    pub style: Type,
    /// The text, in any script.
    pub text: String,
}

/// Something that is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Lines: each a list of points. Never joined to each other.
    Lines {
        /// The lines.
        lines: Vec<Vec<Point>>,
        /// How they are drawn.
        stroke: Stroke,
    },
    /// Rectangles.
    Areas {
        /// The rectangles.
        areas: Vec<Area>,
        /// What fills them.
        fill: Option<Colour>,
        /// Their edge.
        stroke: Option<Stroke>,
    },
    /// A closed shape.
    Shape {
        /// Its corners.
        corners: Vec<Point>,
        /// What fills it.
        fill: Colour,
    },
    /// Text.
    Text(Text),
    /// A picture: the bytes of a PNG file.
    Picture {
        /// Where.
        area: Area,
        /// The file.
        png: Arc<[u8]>,
    },
    /// Things of which only what lies within an area is seen.
    Clip {
        /// The area.
        area: Area,
        /// The things.
        items: Vec<Item>,
    },
}

/// What a part of a page means.
#[derive(Debug, Clone, PartialEq)]
pub enum Role {
    /// Says nothing to a reader who listens: rules, tints, repeated footers.
    Decoration,
    /// Holds other parts.
    Section,
    /// A heading of that level, 1 the highest.
    Heading(u16),
    /// Text that belongs together.
    Paragraph,
    /// A picture; what it shows, in words.
    Figure(String),
    /// A table: rows within.
    Table,
    /// A table's row: cells within.
    Row,
    /// A cell that names a row or column.
    HeadCell,
    /// A cell.
    Cell,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it means.
    pub role: Role,
    /// What is drawn.
    pub items: Vec<Item>,
    /// Parts within, drawn after the items.
    pub parts: Vec<Part>,
}

impl Part {
    /// A part with items.
    pub fn new(role: Role, items: Vec<Item>) -> Self {
        Self { role, items, parts: Vec::new() }
    }

    /// A part with parts.
    pub fn of(role: Role, parts: Vec<Part>) -> Self {
        Self { role, items: Vec::new(), parts }
    }

    /// All items in drawing order, those of parts within included; clips are not opened.
    pub fn all_items(&self) -> impl Iterator<Item = &Item> {
        let mut out: Vec<&Item> = Vec::new();
        self.gather(&mut out);
        out.into_iter()
    }

    fn gather<'a>(&'a self, out: &mut Vec<&'a Item>) {
        out.extend(&self.items);
        self.parts.iter().for_each(|part| part.gather(out));
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Width, mm.
    pub width: f32,
    /// Height, mm.
    pub height: f32,
    /// What it is called in the document's outline.
    pub name: String,
    /// What stands on it.
    pub parts: Vec<Part>,
}

impl Page {
    /// All texts, in reading order, clips opened.
    pub fn texts(&self) -> Vec<&Text> {
        fn walk<'a>(item: &'a Item, out: &mut Vec<&'a Text>) {
            match item {
                Item::Text(text) => out.push(text),
                Item::Clip { items, .. } => items.iter().for_each(|item| walk(item, out)),
                _ => {}
            }
        }
        let mut out = Vec::new();
        self.parts.iter().flat_map(Part::all_items).for_each(|item| walk(item, &mut out));
        out
    }
}

/// A document: pages and what is said of them as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Title.
    pub title: String,
    /// What it is about, one sentence.
    pub subject: String,
    /// Who is named as author: the institution, the reader.
    pub authors: Vec<String>,
    /// Language code, e.g. `en`.
    pub language: &'static str,
    /// The software that made it.
    pub software: String,
    /// When it was made (UTC).
    pub made: chrono::NaiveDateTime,
    /// The pages.
    pub pages: Vec<Page>,
}
