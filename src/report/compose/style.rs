//! Colours, type and measures of the report: one table.

use crate::report::page::{Anchor, Colour, Item, Point, Stroke, Text, Type, Weight};

/// Text.
pub const INK: Colour = Colour(18, 20, 26);
/// Secondary text; more than 4.5 : 1 on white.
pub const WEAK: Colour = Colour(84, 90, 102);
/// What the reader must not miss.
pub const ALERT: Colour = Colour(160, 22, 34);
/// What is confirmed.
pub const GOOD: Colour = Colour(0, 96, 60);
/// Rules between parts.
pub const RULE: Colour = Colour(190, 194, 202);
/// Behind the machine's part.
pub const MACHINE: Colour = Colour(241, 242, 246);
/// Lines 1 mm apart.
pub const FINE: Colour = Colour(248, 219, 216);
/// Lines 5 mm apart.
pub const BOLD: Colour = Colour(236, 170, 166);
/// Where there is no signal.
pub const NOTHING: Colour = Colour(226, 226, 230);

/// Running text.
pub const BODY: Type = Type { size: 7.0, weight: Weight::Regular, colour: INK };
/// Side notes.
pub const NOTE: Type = Type { size: 6.2, weight: Weight::Regular, colour: WEAK };
/// Headings of parts.
pub const HEADING: Type = Type { size: 7.6, weight: Weight::Bold, colour: INK };
/// Headings of pages.
pub const TITLE: Type = Type { size: 11.0, weight: Weight::Bold, colour: INK };
/// Lead names.
pub const LEAD: Type = Type { size: 8.0, weight: Weight::Bold, colour: INK };

/// Distance of base lines, mm, for a size in points.
pub fn leading(size: f32) -> f32 {
    size * 0.43
}

/// Traces.
pub const TRACE: Stroke = Stroke { colour: INK, width: 0.22 };
/// Edges of boxes.
pub const EDGE: Stroke = Stroke { colour: RULE, width: 0.2 };

/// Bold.
pub const fn bold(style: Type) -> Type {
    Type { weight: Weight::Bold, ..style }
}

/// In another colour.
pub const fn coloured(style: Type, colour: Colour) -> Type {
    Type { colour, ..style }
}

/// A text that begins at a place.
pub fn text(x: f32, y: f32, style: Type, text: impl Into<String>) -> Item {
    anchored(x, y, Anchor::Start, style, text)
}

/// A text that begins, ends or is centred at a place.
pub fn anchored(x: f32, y: f32, anchor: Anchor, style: Type, text: impl Into<String>) -> Item {
    Item::Text(Text { at: Point { x, y }, anchor, style, text: text.into() })
}

/// A straight line.
pub fn line(x0: f32, y0: f32, x1: f32, y1: f32, stroke: Stroke) -> Item {
    Item::Lines { lines: vec![vec![Point { x: x0, y: y0 }, Point { x: x1, y: y1 }]], stroke }
}
