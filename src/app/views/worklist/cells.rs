//! Which columns there is room for, and where they stand.

use crate::app::worklist::Column;
use egui::Rangef;

/// Points between columns.
const GAP: f32 = 8.0;

/// The columns shown, with their widths in points.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns(Vec<(Column, f32)>);

/// What a column needs, and its share of what is left over.
fn wish(column: Column) -> (f32, f32) {
    match column {
        Column::Name => (96.0, 1.0),
        Column::Worst => (104.0, 1.6),
        Column::Status => (68.0, 0.0),
        Column::Recorded => (104.0, 0.0),
        Column::Quality => (66.0, 0.0),
    }
}

impl Columns {
    /// As many columns as fit into `width` points, the most important first; what is left over goes to names and findings.
    pub fn for_width(width: f32) -> Self {
        let mut columns: Vec<(Column, f32)> = Vec::new();
        let mut used = 0.0;
        for column in Column::ALL {
            let (needs, _) = wish(column);
            let with = used + needs + if columns.is_empty() { 0.0 } else { GAP };
            if with > width && !columns.is_empty() {
                break;
            }
            columns.push((column, needs));
            used = with;
        }
        let shares: f32 = columns.iter().map(|(column, _)| wish(*column).1).sum();
        let left = (width - used).max(0.0);
        for (column, wide) in &mut columns {
            *wide += left * wish(*column).1 / shares.max(1.0);
        }
        Self(columns)
    }

    /// Width of all.
    pub fn width(&self) -> f32 {
        self.0.iter().map(|(_, width)| width).sum::<f32>() + GAP * (self.0.len().saturating_sub(1)) as f32
    }

    /// Each column with its place, from the left edge on.
    pub fn places(&self, left: f32) -> impl Iterator<Item = (Column, Rangef)> {
        let mut x = left;
        self.0.iter().map(move |(column, width)| {
            let place = Rangef::new(x, x + width);
            x += width + GAP;
            (*column, place)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_width_and_the_least_important_go_first() {
        let count = |width| Columns::for_width(width).0.len();
        assert_eq!((count(60.0), count(150.0), count(220.0), count(300.0), count(600.0)), (1, 1, 2, 3, 5));
        for width in [150.0, 260.0, 430.0, 900.0] {
            let columns = Columns::for_width(width);
            assert!((columns.width() - width).abs() < 0.5, "{columns:?}");
            let places: Vec<_> = columns.places(0.0).collect();
            assert!(places.windows(2).all(|pair| pair[0].1.max < pair[1].1.min));
        }
    }
}
