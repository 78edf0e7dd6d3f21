//! Where text stands free of traces.

use super::style;
use crate::report::{
    page::{Anchor, Item, Point, Type},
    text::width_mm,
};
use std::ops::RangeInclusive;

/// Height of a letter above its base line, mm, and the room it needs below it.
const LETTER: (f32, f32) = (3.0, 0.8);

/// A text on the paper that may stand at one of several heights.
pub struct Floating {
    /// Where it begins, or its middle, mm.
    pub x: f32,
    /// Which of the two.
    pub anchor: Anchor,
    /// Pieces, one after the other.
    pub pieces: Vec<(Type, String)>,
    /// Base lines, the best first.
    pub heights: Vec<f32>,
}

impl Floating {
    /// At the first height at which no line crosses it; at the best one where there is none.
    pub fn settle(self, lines: &[Vec<Point>]) -> Vec<Item> {
        let widths: Vec<f32> = self.pieces.iter().map(|(style, text)| width_mm(text, style.weight, style.size)).collect();
        let width = widths.iter().map(|width| width + GAP).sum::<f32>() - GAP;
        let from = if self.anchor == Anchor::Middle { self.x - 0.5 * width } else { self.x };
        let y = first_free(lines, from..=from + width, &self.heights);
        let mut x = from;
        let piece = |((style, text), width): ((Type, String), f32)| {
            let item = style::text(x, y, style, text);
            x += width + GAP;
            item
        };
        self.pieces.into_iter().zip(widths).map(piece).collect()
    }
}

/// Between pieces, mm.
const GAP: f32 = 1.2;

/// The first of `heights` (base lines) at which a text over `reach` is crossed by no line; the first of all where there is none.
pub fn first_free(lines: &[Vec<Point>], reach: RangeInclusive<f32>, heights: &[f32]) -> f32 {
    let near: Vec<(f32, f32)> = lines.iter().flat_map(|line| spans(line, &reach)).collect();
    let free = |y: &&f32| !near.iter().any(|(top, bottom)| *top < **y + LETTER.1 && *bottom > **y - LETTER.0);
    heights.iter().find(free).or(heights.first()).copied().unwrap_or_default()
}

/// Heights between which the pieces of a line run within a reach.
fn spans(line: &[Point], reach: &RangeInclusive<f32>) -> impl Iterator<Item = (f32, f32)> {
    let (from, to) = (*reach.start(), *reach.end());
    line.windows(2).filter_map(move |pair| {
        let [a, b] = pair else { return None };
        if a.x > to || b.x < from {
            return None;
        }
        let at = |x: f32| if b.x - a.x > 1e-6 { a.y + (b.y - a.y) * ((x - a.x) / (b.x - a.x)).clamp(0.0, 1.0) } else { b.y };
        let (first, last) = if b.x - a.x > 1e-6 { (at(a.x.max(from)), at(b.x.min(to))) } else { (a.y, b.y) };
        Some((first.min(last), first.max(last)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_where_no_line_crosses_it() {
        let line = |points: &[(f32, f32)]| vec![points.iter().map(|(x, y)| Point { x: *x, y: *y }).collect::<Vec<_>>()];
        let heights = [10.0, 6.0, 20.0];
        // A steep line between two far points crosses the first place and leaves the third.
        let steep = line(&[(0.0, 15.0), (5.0, 15.0), (5.2, 2.0), (9.0, 2.0)]);
        assert_eq!(first_free(&steep, 4.0..=7.0, &heights), 20.0);
        assert_eq!(first_free(&steep, 0.0..=3.0, &heights), 10.0);
        assert_eq!(first_free(&line(&[(0.0, 9.0), (9.0, 9.0)]), 4.0..=7.0, &heights), 6.0);
        // Everywhere crossed: the best.
        assert_eq!(first_free(&line(&[(5.0, 0.0), (5.0, 40.0)]), 4.0..=7.0, &heights), 10.0);
        assert_eq!(first_free(&[], 4.0..=7.0, &heights), 10.0);
    }
}
