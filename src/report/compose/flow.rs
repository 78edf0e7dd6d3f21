//! Blocks of text that flow down a column, and on to the next where they do not fit.

use super::style;
use crate::report::{
    page::{Anchor, Area, Part, Role, Type, Weight},
    text::{width_mm, wrap},
};

/// A piece of text in a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// From the column's left edge, mm: where it begins, or ends (`anchor`).
    pub x: f32,
    /// Which end lies there.
    pub anchor: Anchor,
    /// How it is set.
    pub style: Type,
    /// The text.
    pub text: String,
}

impl Piece {
    /// A text that begins at a place.
    pub fn new(x: f32, style: Type, text: impl Into<String>) -> Self {
        Self { x, anchor: Anchor::Start, style, text: text.into() }
    }

    /// A text that ends at a place.
    pub fn right(x: f32, style: Type, text: impl Into<String>) -> Self {
        Self { x, anchor: Anchor::End, style, text: text.into() }
    }
}

/// A line of pieces.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// From left to right.
    pub pieces: Vec<Piece>,
    /// Height, mm.
    pub height: f32,
    /// Belongs to the line above, as the second line of a long name does.
    pub joined: bool,
}

/// Text that belongs together.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it means: [`Role::Heading`], [`Role::Paragraph`] or [`Role::Table`], whose lines are rows and whose pieces are cells.
    pub role: Role,
    /// The lines.
    pub lines: Vec<Line>,
    /// Space above, mm.
    pub above: f32,
    /// Stays with the block after it.
    pub with_next: bool,
}

impl Block {
    /// A heading of a part.
    pub fn heading(level: u16, text: &str, width: f32) -> Self {
        let lines = set(text, style::HEADING, 0.0, width);
        Self { role: Role::Heading(level), lines, above: 1.0, with_next: true }
    }

    /// A small heading within a part.
    pub fn subheading(level: u16, text: &str, width: f32) -> Self {
        let lines = set(text, style::bold(style::NOTE), 0.0, width);
        Self { role: Role::Heading(level), lines, above: 0.6, with_next: true }
    }

    /// A paragraph.
    pub fn paragraph(text: &str, style: Type, width: f32) -> Self {
        Self { role: Role::Paragraph, lines: set(text, style, 0.0, width), above: 0.0, with_next: false }
    }

    /// An entry of a list: later lines are set in.
    pub fn entry(text: &str, style: Type, width: f32) -> Self {
        const INDENT: f32 = 2.0;
        let mut lines = set(text, style, 0.0, width - INDENT);
        for line in lines.iter_mut().skip(1) {
            line.pieces.iter_mut().for_each(|piece| piece.x += INDENT);
        }
        Self { role: Role::Paragraph, lines, above: 0.0, with_next: false }
    }

    /// A name before a text that is wrapped beside it.
    pub fn named(name: &str, text: &str, style: Type, at: f32, width: f32) -> Self {
        let mut lines = set(text, style, at, width - at);
        if let Some(first) = lines.first_mut() {
            first.pieces.insert(0, Piece::new(0.0, style::coloured(style, style::WEAK), format!("{name} ")));
        }
        Self { role: Role::Paragraph, lines, above: 0.0, with_next: false }
    }

    /// A table.
    pub fn table(rows: Vec<Vec<Piece>>) -> Self {
        let height = |row: &[Piece]| row.iter().map(|piece| style::leading(piece.style.size)).fold(0.0, f32::max);
        // A row that begins further to the right goes on with the one above.
        let joined = |row: &[Piece]| row.first().is_some_and(|piece| piece.anchor == Anchor::Start && piece.x > 0.0);
        let lines = rows.into_iter().map(|row| Line { height: height(&row), joined: joined(&row), pieces: row }).collect();
        Self { role: Role::Table, lines, above: 0.0, with_next: false }
    }

    /// With that much space above.
    pub fn spaced(self, above: f32) -> Self {
        Self { above, ..self }
    }

    /// Its height, space above not counted.
    pub fn height(&self) -> f32 {
        self.lines.iter().map(|line| line.height).sum()
    }

    fn part(&self, x: f32, y: f32, lines: std::ops::Range<usize>) -> Part {
        let mut base = y;
        let mut rows = Vec::new();
        let mut items = Vec::new();
        for line in self.lines.get(lines).unwrap_or_default() {
            base += line.height;
            // The base line lies a quarter of the leading above the line's lower edge.
            let at = base - 0.26 * line.height;
            let drawn = line.pieces.iter().map(|p| style::anchored(x + p.x, at, p.anchor, p.style, p.text.clone()));
            if self.role == Role::Table {
                let cell = |(index, item)| Part::new(if index == 0 { Role::HeadCell } else { Role::Cell }, vec![item]);
                rows.push(Part::of(Role::Row, drawn.enumerate().map(cell).collect()));
            } else {
                items.extend(drawn);
            }
        }
        Part { role: self.role.clone(), items, parts: rows }
    }
}

/// Wraps a text into lines.
fn set(text: &str, style: Type, x: f32, width: f32) -> Vec<Line> {
    let height = style::leading(style.size);
    let one = |text: String| Line { pieces: vec![Piece::new(x, style, text)], height, joined: false };
    wrap(text, style.weight, style.size, width).into_iter().map(one).collect()
}

/// Cuts a text to a width, with an ellipsis where it was cut.
pub fn cut(text: &str, weight: Weight, size: f32, width: f32) -> String {
    if width_mm(text, weight, size) <= width {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().take(400).collect();
    while kept.pop().is_some() {
        let short: String = kept.iter().collect::<String>().trim_end().to_owned() + "\u{2026}";
        if width_mm(&short, weight, size) <= width {
            return short;
        }
    }
    String::new()
}

/// Sets blocks into a column, as many as fit; gives the parts, where they end, and what is left. A block whose lines do not all fit is divided.
pub fn flow(blocks: Vec<Block>, area: Area) -> (Vec<Part>, f32, Vec<Block>) {
    let mut parts = Vec::new();
    let mut y = area.y;
    let mut rest = blocks.into_iter().peekable();
    while let Some(block) = rest.next() {
        let above = if parts.is_empty() { 0.0 } else { block.above };
        let room = area.bottom() - y - above;
        // A heading needs as much of the next block below it as would stand there.
        let next = rest.peek().map_or(0.0, |next| {
            let least = match next.lines.len() {
                _ if next.role != Role::Paragraph => 1,
                count @ 0..=3 => count,
                _ => 2,
            };
            next.above + next.lines.iter().take(least).map(|line| line.height).sum::<f32>()
        });
        let needed = block.height() + if block.with_next { next } else { 0.0 };
        if needed <= room {
            parts.push(block.part(area.x, y + above, 0..block.lines.len()));
            y += above + block.height();
            continue;
        }
        let mut fitting = 0;
        let mut height = 0.0;
        if !block.with_next {
            for line in &block.lines {
                if height + line.height > room {
                    break;
                }
                height += line.height;
                fitting += 1;
            }
        }
        // What belongs together is not divided, unless it alone is too long.
        let begun = (0..=fitting).rev().find(|at| block.lines.get(*at).is_none_or(|line| !line.joined));
        fitting = begun.filter(|at| *at > 0 || !parts.is_empty()).unwrap_or(fitting);
        // One line alone on either side reads badly.
        if block.role == Role::Paragraph && (fitting < 2 || fitting + 1 >= block.lines.len()) && !parts.is_empty() {
            fitting = 0;
        }
        if fitting > 0 {
            parts.push(block.part(area.x, y + above, 0..fitting));
            y += above + height;
        }
        let left = Block { lines: block.lines.into_iter().skip(fitting).collect(), ..block };
        return (parts, y, std::iter::once(left).chain(rest).collect());
    }
    (parts, y, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::compose::style::BODY;

    fn texts(parts: &[Part]) -> usize {
        parts.iter().map(|part| part.all_items().count()).sum()
    }

    #[test]
    fn what_does_not_fit_is_given_back_and_nothing_is_lost() {
        let blocks: Vec<Block> =
            (0..20).map(|i| Block::paragraph(&format!("entry {i} with some words to wrap"), BODY, 20.0)).collect();
        let lines: usize = blocks.iter().map(|b| b.lines.len()).sum();
        let (parts, end, rest) = flow(blocks, Area::new(0.0, 0.0, 20.0, 40.0));
        assert!(end <= 40.0 && !rest.is_empty());
        assert_eq!(texts(&parts) + rest.iter().map(|b| b.lines.len()).sum::<usize>(), lines);
    }

    #[test]
    fn a_heading_does_not_stand_alone_at_the_end() {
        let blocks = vec![Block::paragraph("a", BODY, 20.0), Block::heading(2, "h", 20.0), Block::paragraph("b", BODY, 20.0)];
        let (parts, _, rest) = flow(blocks, Area::new(0.0, 0.0, 20.0, 8.0));
        assert_eq!((parts.len(), rest.len()), (1, 2));
    }

    #[test]
    fn long_names_are_cut_visibly() {
        let short = cut("a very long file name that does not fit.edf", Weight::Regular, 7.0, 20.0);
        assert!(short.ends_with('\u{2026}') && width_mm(&short, Weight::Regular, 7.0) <= 20.0);
        assert_eq!(cut("a", Weight::Regular, 7.0, 20.0), "a");
    }
}
