//! The median beat of every lead on calibrated paper, with the places it was measured at.

use super::widgets::folded;
use crate::{
    analysis::MedianBeatView,
    app::{
        language,
        page::{
            decimate::trace,
            drawn, grid,
            scale::{NOMINAL_PX_PER_MM, Speed},
            stroke::Pen,
        },
        theme::{self, Palette},
    },
    words::{fill, window::Median},
};
use egui::{Align2, FontId, Mesh, Painter, Rect, RichText, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

/// The words of this part.
fn words() -> &'static Median {
    &language::window().median
}

/// What a fiducial belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// P wave.
    P,
    /// QRS complex.
    Qrs,
    /// T wave.
    T,
}

/// One lead's median beat.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile<'a> {
    /// The lead.
    pub lead: String,
    /// Millivolts; NaN where there is none.
    pub samples: &'a [f32],
    /// Samples a second.
    pub rate_hz: f64,
    /// Onsets and offsets in samples of this beat.
    pub fiducials: Vec<(Of, f64)>,
}

/// The tiles of an analysis, with the boundaries over all leads.
pub fn tiles(view: &MedianBeatView) -> Vec<Tile<'_>> {
    let (beats, global) = (&view.beats, &view.fiducials.global);
    let waves = [(Of::P, global.p), (Of::Qrs, global.qrs), (Of::T, global.t)];
    let ends = waves.into_iter().filter_map(|(of, wave)| Some((of, wave?)));
    let fiducials: Vec<(Of, f64)> = ends
        .flat_map(|(of, wave)| [(of, wave.onset), (of, wave.offset)])
        .map(|(of, at)| (of, beats.origin as f64 + at))
        .collect();
    beats
        .leads
        .iter()
        .map(|beat| Tile {
            lead: beat.lead.to_string(),
            samples: &beat.samples,
            rate_hz: beats.rate.hz(),
            fiducials: fiducials.clone(),
        })
        .collect()
}

/// Tiles side by side.
const COLUMNS: usize = 3;
/// Tiles side by side in the window of their own, the width of each in points, and how much larger than true size the paper is at most.
const LARGE: (usize, f32, f32) = (4, 230.0, 2.5);
/// Amplitude scale in mm/mV.
const GAIN: f32 = 10.0;
/// Points between tiles.
const GAP: f32 = 6.0;
/// A tile's least and greatest height in millimetres of paper.
const HEIGHT_MM: (f32, f32) = (15.0, 35.0);

/// Shows the tiles at 25 mm/s, or 50 where the page runs so, and 10 mm/mV; a button shows them larger. Nothing without tiles.
pub fn show(ui: &mut Ui, tiles: &[Tile], speed: Speed) {
    if tiles.is_empty() {
        return;
    }
    let speed = if speed == Speed::Mm50 { speed } else { Speed::Mm25 };
    let caption = fill(&words().caption, &[("speed", &language::decimal(speed.label())), ("gain", &format!("{GAIN:.0}"))]);
    let id = egui::Id::unique("median beat, large");
    let mut large: bool = ui.data(|data| data.get_temp(id)).unwrap_or(false);
    folded(ui, &words().heading, |ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new(&caption).small());
            large ^= ui.selectable_label(large, &words().larger).on_hover_text(&words().larger_help).clicked();
        });
        let width = (ui.available_width() - GAP * (COLUMNS - 1) as f32) / COLUMNS as f32;
        side_by_side(ui, tiles, COLUMNS, width, NOMINAL_PX_PER_MM, speed);
    });
    let window = egui::Window::new(fill(&words().window, &[("caption", &caption)])).id(id).open(&mut large);
    window.resizable(false).default_pos([60.0, 110.0]).show(ui.ctx(), |ui| {
        side_by_side(ui, tiles, LARGE.0, LARGE.1, LARGE.2 * NOMINAL_PX_PER_MM, speed);
    });
    ui.data_mut(|data| data.insert_temp(id, large));
}

/// Tiles of one size and one scale, at most `px_per_mm`: less where a beat does not fit into a tile's width.
fn side_by_side(ui: &mut Ui, tiles: &[Tile], columns: usize, width: f32, px_per_mm: f32, speed: Speed) {
    let seconds = tiles.iter().map(|tile| tile.samples.len() as f64 / tile.rate_hz).fold(0.0, f64::max) as f32;
    if !(seconds > 0.0 && seconds.is_finite()) {
        return;
    }
    let px_per_mm = (width / (seconds * speed.mm_per_s())).min(px_per_mm);
    let (low, high) = extent(tiles);
    let height = ((high - low) * GAIN + 4.0).clamp(HEIGHT_MM.0, HEIGHT_MM.1) * px_per_mm;
    // The middle of what all tiles hold lies in the tile's middle.
    let middle = 0.5 * (low + high);
    for row in tiles.chunks(columns) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            for tile in row {
                let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, fill(&words().picture, &[("lead", &tile.lead)])));
                paint(&ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())), rect, tile, px_per_mm, speed, middle);
            }
        });
    }
}

/// Lowest and highest value of all tiles, 0 included.
fn extent(tiles: &[Tile]) -> (f32, f32) {
    let valid = tiles.iter().flat_map(|tile| tile.samples).filter(|value| value.is_finite());
    valid.fold((0.0, 0.0), |(low, high), value| (value.min(low), value.max(high)))
}

fn paint(painter: &Painter, rect: Rect, tile: &Tile, px_per_mm: f32, speed: Speed, middle: f32) {
    let palette: &Palette = theme::palette();
    let ppp = painter.pixels_per_point();
    painter.rect_filled(rect, 0.0, palette.paper);
    painter.add(Shape::mesh(grid::mesh(rect, px_per_mm, palette, ppp)));
    let dx = f64::from(speed.mm_per_s() * px_per_mm) / tile.rate_hz;
    for (of, at) in &tile.fiducials {
        let x = rect.left() + (at * dx) as f32;
        let [p, qrs, t] = palette.waves;
        let colour = match of {
            Of::P => p,
            Of::Qrs => qrs,
            Of::T => t,
        };
        if rect.x_range().contains(x) {
            painter.vline(x, rect.y_range(), Stroke::new(1.0, colour));
        }
    }
    let line = trace(tile.samples, 0.0, dx, 1.0 / f64::from(ppp));
    let pen = Pen { width: 1.3, pixel: 1.0 / ppp, colour: palette.trace };
    let mut mesh = Mesh::default();
    drawn::add(&mut mesh, &line, pen, |p| pos2(rect.left() + p[0], rect.center().y - (p[1] - middle) * GAIN * px_per_mm));
    painter.add(Shape::mesh(mesh));
    painter.text(rect.min + vec2(3.0, 1.0), Align2::LEFT_TOP, &tile.lead, FontId::proportional(12.0), palette.label);
    painter.rect_stroke(rect, 0.0, Stroke::new(1.0, palette.bold), egui::StrokeKind::Inside);
}
