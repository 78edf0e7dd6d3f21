//! egui's meshes drawn on the processor: what a screen would show, the same on every machine.
//!
//! Tests look at pictures with it. It follows what egui's own painters do: triangles are filled at the centres of pixels, colours between
//! corners are interpolated with premultiplied alpha, and laid over what is there.

use egui::{
    ClippedPrimitive, Color32, ImageData, Mesh, Pos2, TextureId, TexturesDelta,
    epaint::{ImageDelta, Primitive, Vertex},
};
use std::collections::HashMap;

/// A picture, row by row from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Its pixels, premultiplied.
    pub pixels: Vec<Color32>,
}

impl Picture {
    /// The pixel in that column and row; what lies outside of the picture is transparent.
    pub fn at(&self, x: usize, y: usize) -> Color32 {
        if x < self.width { self.pixels.get(y * self.width + x).copied().unwrap_or_default() } else { Color32::TRANSPARENT }
    }
}

#[derive(Debug, Clone)]
struct Texture {
    size: [usize; 2],
    pixels: Vec<Color32>,
}

/// Keeps textures and draws with them.
#[derive(Debug, Default)]
pub struct Raster {
    textures: HashMap<TextureId, Texture>,
    freed: Vec<TextureId>,
}

impl Raster {
    /// Takes over what changed about textures before a frame is drawn. What the frame before freed is dropped now: it may have been drawn with.
    pub fn textures(&mut self, delta: &mut TexturesDelta) {
        for id in self.freed.drain(..) {
            self.textures.remove(&id);
        }
        for (id, parts) in delta.set.drain() {
            for part in &parts {
                self.set(id, part);
            }
        }
        self.freed.extend(delta.free.drain());
    }

    fn set(&mut self, id: TextureId, part: &ImageDelta) {
        let ImageData::Color(image) = &part.image;
        let Some([left, top]) = part.pos else {
            self.textures.insert(id, Texture { size: image.size, pixels: image.pixels.clone() });
            return;
        };
        let Some(texture) = self.textures.get_mut(&id) else { return };
        for (row, line) in image.pixels.chunks(image.size[0].max(1)).enumerate() {
            let at = (top + row) * texture.size[0] + left;
            if let Some(into) = texture.pixels.get_mut(at..at + line.len()) {
                into.copy_from_slice(line);
            }
        }
    }

    /// Draws the primitives on a ground.
    pub fn draw(&self, primitives: &[ClippedPrimitive], size: [usize; 2], pixels_per_point: f32, ground: Color32) -> Picture {
        let [width, height] = size;
        let mut picture = Picture { width, height, pixels: vec![ground; width * height] };
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let pixel = |points: f32, most: usize| ((points * pixels_per_point).round().max(0.0) as usize).min(most);
            let clip = Clip {
                left: pixel(clip_rect.min.x, width),
                right: pixel(clip_rect.max.x, width),
                top: pixel(clip_rect.min.y, height),
                bottom: pixel(clip_rect.max.y, height),
            };
            self.mesh(&mut picture, mesh, pixels_per_point, &clip);
        }
        picture
    }

    fn mesh(&self, picture: &mut Picture, mesh: &Mesh, pixels_per_point: f32, clip: &Clip) {
        let texture = self.textures.get(&mesh.texture_id);
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |k: usize| mesh.vertices.get(corners[k] as usize).copied();
            if let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) {
                triangle(picture, [a, b, c], texture, pixels_per_point, clip);
            }
        }
    }
}

struct Clip {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

fn triangle(picture: &mut Picture, corners: [Vertex; 3], texture: Option<&Texture>, pixels_per_point: f32, clip: &Clip) {
    let at = |vertex: &Vertex| [f64::from(vertex.pos.x * pixels_per_point), f64::from(vertex.pos.y * pixels_per_point)];
    let [a, mut b, mut c] = corners;
    let area = edge(at(&a), at(&b), at(&c));
    if area == 0.0 || !area.is_finite() {
        return;
    }
    if area < 0.0 {
        std::mem::swap(&mut b, &mut c);
    }
    let area = area.abs();
    let [pa, pb, pc] = [at(&a), at(&b), at(&c)];
    let least = |k: usize| pa[k].min(pb[k]).min(pc[k]).floor().max(0.0) as usize;
    let most = |k: usize| pa[k].max(pb[k]).max(pc[k]).ceil().max(0.0) as usize;
    for y in least(1).max(clip.top)..most(1).min(clip.bottom) {
        for x in least(0).max(clip.left)..most(0).min(clip.right) {
            let centre = [x as f64 + 0.5, y as f64 + 0.5];
            let weights = [edge(pb, pc, centre), edge(pc, pa, centre), edge(pa, pb, centre)];
            if inside(weights, [(pb, pc), (pc, pa), (pa, pb)]) {
                let share = weights.map(|weight| (weight / area) as f32);
                let colour = tint(mix([&a, &b, &c], share), sample(texture, uv([&a, &b, &c], share)));
                let pixel = &mut picture.pixels[y * picture.width + x];
                *pixel = over(colour, *pixel);
            }
        }
    }
}

/// Twice the area of the triangle, positive where the corners go round clockwise on the screen.
fn edge(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Whether a pixel's centre is inside. One that lies on an edge belongs to the triangle whose top or left edge that is, so that triangles side
/// by side never both fill it.
fn inside(weights: [f64; 3], edges: [([f64; 2], [f64; 2]); 3]) -> bool {
    weights.into_iter().zip(edges).all(|(weight, (from, to))| {
        let top_or_left = to[1] < from[1] || (to[1] == from[1] && to[0] > from[0]);
        weight > 0.0 || (weight == 0.0 && top_or_left)
    })
}

fn mix(corners: [&Vertex; 3], share: [f32; 3]) -> [f32; 4] {
    let mut out = [0.0; 4];
    for (corner, share) in corners.into_iter().zip(share) {
        for (out, part) in out.iter_mut().zip(corner.color.to_array()) {
            *out += share * f32::from(part);
        }
    }
    out
}

fn uv(corners: [&Vertex; 3], share: [f32; 3]) -> Pos2 {
    let mut out = Pos2::ZERO;
    for (corner, share) in corners.into_iter().zip(share) {
        out += corner.uv.to_vec2() * share;
    }
    out
}

/// The texture's colour there, between its pixels in proportion.
fn sample(texture: Option<&Texture>, uv: Pos2) -> [f32; 4] {
    let Some(Texture { size: [width, height], pixels }) = texture else { return [255.0; 4] };
    let (x, y) = (uv.x * *width as f32 - 0.5, uv.y * *height as f32 - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let mut out = [0.0; 4];
    for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
        let held = |value: f32, most: usize| (value.max(0.0) as usize).min(most.saturating_sub(1));
        let texel = pixels[held(top + dy, *height) * width + held(left + dx, *width)].to_array();
        let share = (1.0 - (x - left - dx).abs()) * (1.0 - (y - top - dy).abs());
        for (out, part) in out.iter_mut().zip(texel) {
            *out += share * f32::from(part);
        }
    }
    out
}

fn tint(colour: [f32; 4], texel: [f32; 4]) -> [f32; 4] {
    [0, 1, 2, 3].map(|k| colour[k] * texel[k] / 255.0)
}

fn over(colour: [f32; 4], ground: Color32) -> Color32 {
    let ground = ground.to_array();
    let rest = 1.0 - colour[3] / 255.0;
    let [r, g, b, a] = [0, 1, 2, 3].map(|k| (colour[k] + f32::from(ground[k]) * rest).round().clamp(0.0, 255.0) as u8);
    Color32::from_rgba_premultiplied(r, g, b, a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Rect, pos2};

    fn picture(mesh: Mesh) -> Picture {
        let primitive = ClippedPrimitive { clip_rect: Rect::EVERYTHING, primitive: Primitive::Mesh(mesh) };
        Raster::default().draw(&[primitive], [8, 6], 1.0, Color32::BLACK)
    }

    #[test]
    fn a_rectangle_fills_its_pixels_once() {
        let mut mesh = Mesh::default();
        let half = Color32::from_rgba_premultiplied(100, 0, 0, 128);
        mesh.add_colored_rect(Rect::from_min_max(pos2(1.0, 2.0), pos2(4.0, 5.0)), half);
        let picture = picture(mesh);
        for y in 0..6 {
            for x in 0..8 {
                let inside = (1..4).contains(&x) && (2..5).contains(&y);
                // Twice where its two triangles meet would be 149.
                assert_eq!(picture.at(x, y).r(), if inside { 100 } else { 0 }, "{x} {y}");
            }
        }
    }

    #[test]
    fn colours_fade_between_corners() {
        let mut mesh = Mesh::default();
        for (x, y, colour) in [(0.0, 0.0, 0), (8.0, 0.0, 160), (0.0, 6.0, 0), (8.0, 6.0, 160)] {
            mesh.colored_vertex(pos2(x, y), Color32::from_gray(colour));
        }
        mesh.add_triangle(0, 1, 2);
        mesh.add_triangle(1, 2, 3);
        let picture = picture(mesh);
        assert_eq!([0, 1, 4, 7].map(|x| picture.at(x, 3).g()), [10, 30, 90, 150]);
    }
}
