//! The paper's grid: one mesh, built again only when size or scale change.

use super::geometry::Geometry;
use crate::app::theme::Palette;
use egui::{Color32, Mesh, Pos2, Rect, Shape, pos2};
use std::sync::Arc;

/// Lines closer than this many points are left out: they would only tint the paper.
const CLOSEST: f32 = 2.4;
/// From this distance on lines have their full colour; closer ones are paler, so that the paper's tint stays the same.
const FULL: f32 = 4.5;

/// The last grid.
#[derive(Debug, Default)]
pub struct Grid {
    key: Option<(Rect, f32, f32, [egui::Color32; 2])>,
    mesh: Arc<Mesh>,
}

impl Grid {
    /// The grid over `page`, its lines on whole physical pixels.
    pub fn shape(&mut self, page: Rect, geometry: &Geometry, palette: &Palette, pixels_per_point: f32) -> Shape {
        let key = (page, geometry.px_per_mm, pixels_per_point, [palette.fine, palette.bold]);
        if self.key != Some(key) {
            self.key = Some(key);
            self.mesh = Arc::new(mesh(page, geometry.px_per_mm, palette, pixels_per_point));
        }
        Shape::Mesh(self.mesh.clone())
    }
}

/// Distances drawn, in millimetres, with their colour: fine lines first so that bold ones lie above.
fn levels(px_per_mm: f32, palette: &Palette) -> Vec<(u32, Color32)> {
    [(1, palette.fine), (5, palette.bold), (25, palette.bold)]
        .into_iter()
        .filter(|(mm, _)| *mm as f32 * px_per_mm >= CLOSEST && (*mm != 25 || 5.0 * px_per_mm < CLOSEST))
        .map(|(mm, colour)| (mm, colour.gamma_multiply((mm as f32 * px_per_mm / FULL).min(1.0))))
        .collect()
}

/// The grid over `page` as a mesh.
pub fn mesh(page: Rect, px_per_mm: f32, palette: &Palette, ppp: f32) -> Mesh {
    let mut lines = Mesh::default();
    let pixel = 1.0 / ppp;
    let snap = |v: f32| (v * ppp).round() / ppp;
    for (step, colour) in levels(px_per_mm, palette) {
        let skip = if step == 1 { 5 } else { u32::MAX };
        let count = |length: f32| (length / px_per_mm).floor() as u32 / step;
        let mut line = |from: Pos2, to: Pos2| lines.add_colored_rect(Rect::from_min_max(from, to), colour);
        for i in (0..=count(page.width())).filter(|i| i % skip != 0 || step != 1) {
            let x = snap(page.left() + (i * step) as f32 * px_per_mm);
            line(pos2(x, page.top()), pos2(x + pixel, page.bottom()));
        }
        for i in (0..=count(page.height())).filter(|i| i % skip != 0 || step != 1) {
            let y = snap(page.top() + (i * step) as f32 * px_per_mm);
            line(pos2(page.left(), y), pos2(page.right(), y + pixel));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::theme::CLASSIC;

    #[test]
    fn lines_thin_out_when_zoomed_out() {
        let distances = |px_per_mm| levels(px_per_mm, &CLASSIC).into_iter().map(|(mm, _)| mm).collect::<Vec<_>>();
        assert_eq!(distances(4.0), [1, 5]);
        assert_eq!(distances(1.5), [5]);
        assert_eq!(distances(0.3), [25]);
    }

    #[test]
    fn bold_lines_lie_five_millimetres_apart() {
        let page = Rect::from_min_size(pos2(10.0, 20.0), egui::vec2(400.0, 100.0));
        let mesh = mesh(page, 4.0, &CLASSIC, 1.0); // bold lines 20 points apart: full colour
        let mut bold: Vec<f32> = mesh
            .vertices
            .chunks(4)
            .filter(|quad| quad[0].color == CLASSIC.bold && quad[0].pos.y == page.top() && quad[3].pos.y == page.bottom())
            .map(|quad| quad[0].pos.x)
            .collect();
        bold.sort_by(f32::total_cmp);
        assert_eq!(bold.first(), Some(&10.0));
        assert!(bold.len() > 19);
        assert!(bold.windows(2).all(|pair| (pair[1] - pair[0] - 20.0).abs() < 1e-3));
    }
}
