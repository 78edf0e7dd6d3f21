//! Traces as meshes: antialiased strokes whose cost is bounded by the pixels they cross.
//!
//! The toolkit's own strokes split every sharp corner; a noisy trace has one in each pixel, which makes twenty triangles a point. A trace
//! runs from left to right, and that makes it simple: where a pixel holds several samples, the stroke is a band between two outlines
//! ([`band`]); where it does not, it is a line with few sharp corners ([`line`]).

use egui::{Color32, Mesh, Pos2, Vec2, pos2, vec2};

/// With what a trace is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pen {
    /// Width in points.
    pub width: f32,
    /// Width of a physical pixel in points: over this length an edge fades.
    pub pixel: f32,
    /// Colour.
    pub colour: Color32,
}

/// A pixel column of a trace: its highest and lowest point.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Column {
    x: f32,
    top: f32,
    bottom: f32,
}

/// Steepest slope, in pixels a pixel, that an edge's fade follows.
const STEEPEST: f32 = 24.0;
/// Turns sharper than this (cosine) are no longer mitred.
const SHARP: f32 = 0.3;

/// Adds the stroke of a trace that was reduced to the extremes of pixel columns: up to two points share an x, columns are a pixel apart.
pub fn band(mesh: &mut Mesh, points: &[Pos2], pen: Pen) {
    let columns = columns(points, pen.pixel);
    let Some((first, last)) = columns.first().copied().zip(columns.last().copied()) else { return };
    let (pixel, radius) = (pen.pixel, 0.5 * pen.width);
    let at = |k: usize| columns[k.min(columns.len() - 1)];
    // A sloping stroke is higher than it is broad, and half a pixel's rise is in the column's own extent already.
    let beyond = |slope: f32| {
        let slope = slope / pixel;
        (radius * (1.0 + slope * slope).sqrt() - 0.5 * slope * pixel).max(0.5 * radius)
    };
    // Beside a spike the stroke's half width reaches into the next column.
    let aside = (radius / pixel - 0.5).clamp(0.0, 1.0);
    let beside = |here: f32, there: f32| here + (there - here) * aside;
    let outline: Vec<(f32, f32)> = (0..columns.len())
        .map(|k| {
            let (here, before, after) = (at(k), at(k.saturating_sub(1)), at(k + 1));
            let above = beyond(gentler(here.top - before.top, after.top - here.top, pixel));
            let below = beyond(gentler(here.bottom - before.bottom, after.bottom - here.bottom, pixel));
            let top = (here.top - above).min(beside(here.top, before.top)).min(beside(here.top, after.top));
            let bottom = (here.bottom + below).max(beside(here.bottom, before.bottom)).max(beside(here.bottom, after.bottom));
            (top, bottom)
        })
        .collect();
    let mut strip = Strip::new(mesh, columns.len() + 2);
    let mut cut = |x: f32, k: usize| {
        let (top, bottom) = outline[k];
        let (before, after) = (outline[k.saturating_sub(1)], outline[(k + 1).min(outline.len() - 1)]);
        let fade = |slope: f32| 0.5 * pixel * (1.0 + (slope / pixel).powi(2)).sqrt();
        let (above, below) =
            (fade(gentler(top - before.0, after.0 - top, pixel)), fade(gentler(bottom - before.1, after.1 - bottom, pixel)));
        let middle = 0.5 * (top + bottom);
        let (inner_top, inner_bottom) = ((top + above).min(middle), (bottom - below).max(middle));
        strip.cut([pos2(x, top - above), pos2(x, inner_top), pos2(x, inner_bottom), pos2(x, bottom + below)], pen.colour);
    };
    cut(first.x - 0.5 * pixel, 0);
    for (k, column) in columns.iter().enumerate() {
        cut(column.x, k);
    }
    cut(last.x + 0.5 * pixel, columns.len() - 1);
}

/// The slope an edge has where it neither turns nor ends; at a peak, none, so that a peak keeps its height.
fn gentler(before: f32, after: f32, pixel: f32) -> f32 {
    if before * after <= 0.0 { 0.0 } else { before.abs().min(after.abs()).min(STEEPEST * pixel) }
}

/// Points of equal x become one column, on a whole physical pixel; a column reaches half way to its neighbours, so that nothing between
/// them is left out.
fn columns(points: &[Pos2], pixel: f32) -> Vec<Column> {
    let origin = points.first().map_or(0.0, |first| first.x);
    let snapped = ((origin / pixel).floor() + 0.5) * pixel;
    let mut columns: Vec<Column> = Vec::with_capacity(points.len());
    let mut previous: Option<Pos2> = None;
    for point in points {
        let x = snapped + ((point.x - origin) / pixel).round() * pixel;
        let half_way = previous.map_or(point.y, |previous| 0.5 * (previous.y + point.y));
        match columns.last_mut() {
            Some(column) if column.x == x => {
                column.top = column.top.min(point.y);
                column.bottom = column.bottom.max(point.y);
            }
            last => {
                if let Some(column) = last {
                    column.top = column.top.min(half_way);
                    column.bottom = column.bottom.max(half_way);
                }
                columns.push(Column { x, top: point.y.min(half_way), bottom: point.y.max(half_way) });
            }
        }
        previous = Some(*point);
    }
    columns
}

/// Adds the stroke of a line with corners that are mitred where they are blunt.
pub fn line(mesh: &mut Mesh, points: &[Pos2], pen: Pen) {
    let directions: Vec<Vec2> = points.windows(2).map(|pair| (pair[1] - pair[0]).normalized()).collect();
    let mut strip = Strip::new(mesh, points.len() + points.len() / 4);
    let (outer, inner) = (0.5 * (pen.width + pen.pixel), 0.5 * (pen.width - pen.pixel).max(0.0));
    let mut cut = |at: Pos2, across: Vec2| {
        strip.cut([at - across * outer, at - across * inner, at + across * inner, at + across * outer], pen.colour);
    };
    for (k, point) in points.iter().enumerate() {
        let before = k.checked_sub(1).and_then(|k| directions.get(k)).copied();
        let after = directions.get(k).copied();
        let (Some(before), Some(after)) = (before, after) else {
            // An end covers the pixel it lies in.
            let more = 0.5 * pen.pixel;
            match (before, after) {
                (None, Some(after)) => cut(*point - after * more, across(after)),
                (Some(before), None) => cut(*point + before * more, across(before)),
                _ => {}
            }
            continue;
        };
        let turn = before.dot(after);
        if turn > SHARP {
            let middle = (before + after).normalized();
            cut(*point, across(middle) / middle.dot(before).max(0.5));
        } else {
            // Two ends that overlap, each a little longer than its line: the tip is as broad as the stroke.
            let more = 0.25 * pen.width;
            cut(*point + before * more, across(before));
            cut(*point - after * more, across(after));
        }
    }
}

/// To the right of a direction on the screen, where y grows downwards.
fn across(direction: Vec2) -> Vec2 {
    vec2(-direction.y, direction.x)
}

/// Cuts across a stroke, from one outer edge over the two inner ones to the other, joined from each to the next.
struct Strip<'a> {
    mesh: &'a mut Mesh,
    open: bool,
}

impl<'a> Strip<'a> {
    fn new(mesh: &'a mut Mesh, cuts: usize) -> Self {
        mesh.reserve_vertices(4 * cuts);
        mesh.reserve_triangles(6 * cuts);
        Self { mesh, open: false }
    }

    fn cut(&mut self, [a, b, c, d]: [Pos2; 4], colour: Color32) {
        let base = self.mesh.vertices.len() as u32;
        for (at, colour) in [(a, Color32::TRANSPARENT), (b, colour), (c, colour), (d, Color32::TRANSPARENT)] {
            self.mesh.colored_vertex(at, colour);
        }
        if self.open {
            for edge in base..base + 3 {
                self.mesh.add_triangle(edge - 4, edge - 3, edge);
                self.mesh.add_triangle(edge - 3, edge, edge + 1);
            }
        }
        self.open = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use efficientecg_raster::Raster;
    use egui::{ClippedPrimitive, Rect, epaint::Primitive};
    use proptest::prelude::*;

    const PEN: Pen = Pen { width: 1.5, pixel: 1.0, colour: Color32::WHITE };
    const SIZE: [usize; 2] = [64, 64];

    /// Share of every pixel that is covered, by row and column.
    fn covered(add: impl FnOnce(&mut Mesh)) -> Vec<[f32; SIZE[0]]> {
        let mut mesh = Mesh::default();
        add(&mut mesh);
        assert!(mesh.is_valid());
        let primitive = ClippedPrimitive { clip_rect: Rect::EVERYTHING, primitive: Primitive::Mesh(mesh) };
        let picture = Raster::default().draw(&[primitive], SIZE, 1.0, Color32::BLACK);
        (0..SIZE[1]).map(|y| std::array::from_fn(|x| f32::from(picture.at(x, y).r()) / 255.0)).collect()
    }

    fn total(covered: &[[f32; SIZE[0]]], columns: std::ops::Range<usize>) -> f32 {
        covered.iter().map(|row| row[columns.clone()].iter().sum::<f32>()).sum()
    }

    #[test]
    fn a_flat_trace_is_as_broad_as_its_pen() {
        for y in [20.0, 20.3, 20.5, 20.9] {
            let points: Vec<Pos2> = (4..60).map(|x| pos2(x as f32 + 0.5, y)).collect();
            for covered in [covered(|mesh| band(mesh, &points, PEN)), covered(|mesh| line(mesh, &points, PEN))] {
                let broad = total(&covered, 10..50) / 40.0;
                assert!((broad - 1.5).abs() < 0.13, "at {y}: {broad}");
            }
        }
    }

    #[test]
    fn a_steep_trace_is_as_broad_as_its_pen_however_it_is_drawn() {
        for rise in [0.5f32, 1.0, 2.0, 4.0] {
            let at = |x: f32| pos2(x, 60.0 - (x - 10.0) * rise);
            let sampled: Vec<Pos2> = (0..14).map(|k| at(10.0 + k as f32)).collect();
            // A column holds what lies within half a pixel to each side.
            let columns: Vec<Pos2> = (10..24)
                .flat_map(|x| [pos2(x as f32 + 0.5, at(x as f32).y), pos2(x as f32 + 0.5, at(x as f32 + 1.0).y)])
                .collect();
            for (how, covered) in
                [("line", covered(|mesh| line(mesh, &sampled, PEN))), ("band", covered(|mesh| band(mesh, &columns, PEN)))]
            {
                // Along the trace a column is longer than it is broad.
                let broad = total(&covered, 14..20) / 6.0 / (1.0 + rise * rise).sqrt();
                assert!((broad - 1.5).abs() < 0.35, "{how}, {rise}: {broad}");
            }
        }
    }

    #[test]
    fn a_lone_spike_keeps_its_height_and_place() {
        let points: Vec<Pos2> = (0..60)
            .flat_map(|x| {
                let x = x as f32 + 0.5;
                if x == 30.5 { vec![pos2(x, 50.5), pos2(x, 10.5)] } else { vec![pos2(x, 50.5)] }
            })
            .collect();
        let covered = covered(|mesh| band(mesh, &points, PEN));
        assert!(covered[10][30] > 0.9 && covered[30][30] > 0.9, "up to its tip");
        assert!(covered[8][30] < 0.1, "and no further");
        assert!(covered[30][28] < 0.1 && covered[30][32] < 0.1, "no broader than the pen, and its fade");
    }

    #[test]
    fn nothing_and_single_points_are_harmless() {
        for points in [vec![], vec![pos2(3.0, 3.0)], vec![pos2(3.0, 3.0), pos2(3.0, 3.0)], vec![pos2(3.0, 3.0), pos2(3.0, 9.0)]] {
            covered(|mesh| band(mesh, &points, PEN));
            covered(|mesh| line(mesh, &points, PEN));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Between the extremes of a column and the next, whatever they are, everything is inked.
        #[test]
        fn no_extreme_is_left_out_of_a_band(values in prop::collection::vec((4.0f32..60.0, 4.0f32..60.0), 2..40), offset in 0.0f32..1.0) {
            let points: Vec<Pos2> = values.iter().enumerate().flat_map(|(k, (a, b))| {
                let x = 4.0 + offset + k as f32;
                [pos2(x, *a), pos2(x, *b)]
            }).collect();
            let covered = covered(|mesh| band(mesh, &points, PEN));
            for (k, (a, b)) in values.iter().enumerate() {
                let column = (4.0 + offset).floor() as usize + k;
                let (from, to) = (a.min(*b).round() as usize, a.max(*b).round() as usize);
                for (row, line) in covered.iter().enumerate().take(to).skip(from) {
                    prop_assert!(line[column] > 0.5, "column {column} row {row}: {}", line[column]);
                }
            }
        }

        /// A line runs through all its points.
        #[test]
        fn no_point_is_left_out_of_a_line(values in prop::collection::vec(4.0f32..60.0, 2..20)) {
            let points: Vec<Pos2> = values.iter().enumerate().map(|(k, y)| pos2(4.5 + 3.0 * k as f32, y.floor() + 0.5)).collect();
            let covered = covered(|mesh| line(mesh, &points, PEN));
            for point in &points {
                let here = covered[point.y as usize][point.x as usize];
                prop_assert!(here > 0.4, "{point:?}: {here}");
            }
        }
    }
}
