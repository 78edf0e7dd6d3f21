//! Where waves begin, peak and end: small marks on each lead's trace, and the waves over all leads above the rhythm strip.

use super::{decimate::Trace, geometry::Geometry, paint::Cell};
use crate::{
    app::{theme::Palette, waves},
    signal::waves::{BeatWaves, Wave, Waves},
};
use egui::{Color32, FontId, Mesh, Painter, Pos2, Rect, Stroke, pos2, vec2};
use std::ops::Range;

/// Below this many points a second marks would touch one another.
const LEAST_PX_PER_S: f32 = 55.0;
/// Below this many points a second letters would touch one another; colours and order remain.
const LETTERS_PX_PER_S: f32 = 85.0;
/// Height of the lane with the waves over all leads, right below the beats' letters: bracket and letter.
pub const LANE: f32 = BRACKET + 14.0;
const BRACKET: f32 = 8.0;
/// Points a lead's name takes.
const NAME: f32 = 36.0;

/// The letters of a beat's waves, in the order of [`Palette::waves`].
const LETTERS: [&str; 3] = ["P", "QRS", "T"];

/// Whether the paper is large enough for marks.
pub fn fit(g: &Geometry) -> bool {
    g.px_per_s >= LEAST_PX_PER_S
}

/// Whether the lead's name finds room below the lane; in low rows it stays where it is and the lane begins behind it.
pub fn name_below(g: &Geometry) -> bool {
    g.row_height() > 90.0
}

fn waves_of(beat: &BeatWaves) -> [Option<Wave>; 3] {
    [beat.p, beat.qrs, beat.t]
}

/// Adds one cell's marks: a bracket at onset and offset, a dot at the peak. Nothing where the trace has no signal.
#[allow(clippy::too_many_arguments)] // A painter's primitives.
pub(super) fn add(
    mesh: &mut Mesh,
    known: &[(&Waves, Range<f64>)],
    cell: &Cell,
    trace: &Trace,
    centre: f32,
    g: &Geometry,
    rate: f64,
    page: Rect,
    palette: &Palette,
) {
    let (half, foot) = ((1.1 * g.px_per_mm).clamp(3.0, 8.0), (0.6 * g.px_per_mm).clamp(1.5, 4.5));
    let clip = cell.rect.expand2(vec2(0.0, cell.rect.height())).intersect(page);
    let place = |sample: f64| -> Option<Pos2> {
        let x = cell.x_of(sample, rate, g.px_per_s);
        let value = trace.at(x - cell.rect.left())?;
        let at = pos2(x, cell.baseline - (value - centre) * g.px_per_mv);
        clip.contains(at).then_some(at)
    };
    for (waves, part) in known {
        let Some(lead) = waves.lead(&cell.signal.lead) else { continue };
        for beat in in_view(&lead.beats, part, cell, g, rate) {
            for (wave, colour) in waves_of(beat).into_iter().zip(palette.waves) {
                let Some(wave) = wave else { continue };
                let mut bracket = |at: Pos2, inwards: f32| {
                    bar(mesh, pos2(at.x, at.y - half), pos2(at.x, at.y + half), 0.6, colour);
                    for y in [at.y - half, at.y + half] {
                        bar(mesh, pos2(at.x, y), pos2(at.x + inwards, y), 0.6, colour);
                    }
                };
                if let Some(at) = place(wave.onset) {
                    bracket(at, foot);
                }
                if let Some(at) = place(wave.offset) {
                    bracket(at, -foot);
                }
                if let Some(at) = place(wave.peak) {
                    diamond(mesh, at, 2.4, colour);
                }
            }
        }
    }
}

/// Beats whose waves may lie in the cell.
fn in_view<'a>(beats: &'a [BeatWaves], part: &Range<f64>, cell: &Cell, g: &Geometry, rate: f64) -> &'a [BeatWaves] {
    let end = cell.start_s + f64::from(cell.rect.width() / g.px_per_s);
    let view = (cell.start_s * rate).max(part.start)..(end * rate).min(part.end);
    if view.start < view.end { waves::within(beats, view, rate) } else { &[] }
}

/// The waves over all leads: a bar from onset to offset with its letter, in a lane right above the rhythm strip's trace.
#[allow(clippy::too_many_arguments)] // A painter's primitives.
pub(super) fn lane(
    painter: &Painter,
    known: &[(&Waves, Range<f64>)],
    cell: &Cell,
    trace: &Trace,
    g: &Geometry,
    rate: f64,
    page: Rect,
    palette: &Palette,
) {
    let top = page.top() + g.beat_lane_top() + g.beat_lane + 2.0;
    let left = if name_below(g) { cell.rect.left() } else { cell.rect.left() + NAME };
    let room = Rect::from_x_y_ranges(left..=cell.rect.right(), page.y_range());
    let painter = painter.with_clip_rect(room.intersect(painter.clip_rect()));
    for (waves, part) in known {
        for beat in in_view(&waves.global, part, cell, g, rate) {
            for ((wave, colour), letter) in waves_of(beat).into_iter().zip(palette.waves).zip(LETTERS) {
                let Some(wave) = wave else { continue };
                let [from, to] = [wave.onset, wave.offset].map(|at| cell.x_of(at, rate, g.px_per_s));
                let inside = to > cell.rect.left() && from < cell.rect.right();
                if !inside || !trace.covers(from - cell.rect.left(), to - cell.rect.left()) {
                    continue;
                }
                let stroke = Stroke::new(1.2, colour);
                for x in [from, to] {
                    painter.vline(x, top..=top + BRACKET, stroke);
                }
                let y = top + 0.5 * BRACKET;
                let galley = painter.layout_no_wrap(letter.to_owned(), FontId::proportional(10.5), colour);
                let middle = 0.5 * (from + to);
                painter.hline(from..=to, y, stroke);
                // In low rows R waves stand there, and the beat's own letter says enough.
                if g.px_per_s < LETTERS_PX_PER_S || letter == "QRS" && !name_below(g) {
                    continue;
                }
                // Beside the wide letters of the QRS complex P keeps to its own left end.
                let left = if letter == "P" { from } else { middle - 0.5 * galley.size().x };
                painter.galley(pos2(left, top + BRACKET), galley, colour);
            }
        }
    }
}

/// A straight bar of `2 * half` points across.
fn bar(mesh: &mut Mesh, from: Pos2, to: Pos2, half: f32, colour: Color32) {
    mesh.add_colored_rect(Rect::from_two_pos(from, to).expand(half), colour);
}

fn diamond(mesh: &mut Mesh, at: Pos2, size: f32, colour: Color32) {
    let first = mesh.vertices.len() as u32;
    for corner in [vec2(0.0, -size), vec2(size, 0.0), vec2(0.0, size), vec2(-size, 0.0)] {
        mesh.colored_vertex(at + corner, colour);
    }
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first, first + 2, first + 3);
}
