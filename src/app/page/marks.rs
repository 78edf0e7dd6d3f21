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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{
            page::{
                decimate::trace,
                geometry::PageScale,
                scale::{Gain, Speed, Zoom},
            },
            theme::CLASSIC,
        },
        layout::Layout,
        recording::{Data, LeadName, MemorySource, Rate, Scale, Signal},
        signal::waves::LeadWaves,
    };
    use std::sync::Arc;

    /// Marks of a ten-second lead whose beats begin every 400 samples, drawn over `samples` (500 Hz).
    fn marks(samples: &[f32]) -> (Mesh, f32) {
        let lead = LeadName::parse("II");
        let scale = PageScale { gain: Gain::Mm10, speed: Speed::Mm25, zoom: Zoom::Fit };
        let g = Geometry::new([1200.0, 300.0], scale, &Layout::rows(std::slice::from_ref(&lead)), 10.0);
        let data = Data::Recorded {
            source: Arc::new(MemorySource(Vec::new())),
            scale: Scale { gain: 1.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) },
        };
        let rate = Rate::HZ_500;
        let signal =
            Arc::new(Signal { label: "II".into(), lead: lead.clone(), rate, calibrated: true, declared_checksum: None, data });
        let page = Rect::from_min_size(pos2(0.0, 0.0), vec2(1200.0, 300.0));
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(g.width, 300.0));
        let cell = Cell { signal: &signal, lead: 0, inverted: false, row: 0, rect, baseline: 150.0, start_s: 0.0 };
        let beats = (0..12)
            .map(|i| {
                let at = f64::from(i) * 400.0 + 100.0;
                let wave = |from: f64| Some(Wave { onset: at + from, peak: at + from + 20.0, offset: at + from + 45.0 });
                BeatWaves { beat: i as usize, p: wave(0.0), qrs: wave(80.0), t: wave(190.0) }
            })
            .collect();
        let waves = Waves { global: Vec::new(), leads: vec![LeadWaves { lead, beats }] };
        let drawn = trace(samples, 0.0, f64::from(g.px_per_s) / 500.0, 1.0);
        let mut mesh = Mesh::default();
        add(&mut mesh, &[(&waves, 0.0..5000.0)], &cell, &drawn, 0.0, &g, 500.0, page, &CLASSIC);
        (mesh, g.px_per_s)
    }

    #[test]
    fn every_wave_is_marked_in_its_colour_and_none_where_there_is_no_signal() {
        let (all, px_per_s) = marks(&[0.1; 5000]);
        for colour in CLASSIC.waves {
            // Two brackets of three bars and a diamond, four corners each, in each of twelve beats.
            assert_eq!(all.vertices.iter().filter(|v| v.color == colour).count(), 12 * 7 * 4);
        }
        let mut samples = vec![0.1; 5000];
        samples[1500..3500].fill(f32::NAN);
        let (some, _) = marks(&samples);
        assert!(!some.vertices.is_empty() && some.vertices.len() < all.vertices.len());
        let gap = (1500.0 / 500.0 * px_per_s + 6.0)..(3500.0 / 500.0 * px_per_s - 6.0);
        assert!(some.vertices.iter().all(|v| !gap.contains(&v.pos.x)), "nothing in the gap");
        assert!(marks(&[f32::NAN; 5000]).0.is_empty());
        assert!(marks(&[]).0.is_empty());
    }
}
