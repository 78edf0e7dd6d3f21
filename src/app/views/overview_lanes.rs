//! Lanes of the overview strip: where signal is bad or missing, and events.

use crate::{
    app::{
        state::State,
        theme,
        tools::events::{EventKind, annotations, findings, pauses},
    },
    recording::BeatLabel,
};
use egui::{Mesh, Rect, Shape, Stroke, pos2, vec2};
use std::collections::BTreeMap;

/// Share of the leads with a problem at once that is drawn darkest.
const ALL: f32 = 1.0;

/// Gaps over the strip's whole height, and in a thin lane how many leads have a problem.
pub fn quality(out: &mut Vec<Shape>, state: &State, strip: Rect, x_of: &dyn Fn(u64) -> f32) {
    let Some(recording) = state.recording() else { return };
    let mut mesh = Mesh::default();
    for gap in &recording.gaps {
        let (left, right) = (x_of(gap.start.0), x_of(gap.end.0));
        let rect = Rect::from_x_y_ranges(left..=right.max(left + 1.0), strip.y_range());
        mesh.add_colored_rect(rect, theme::palette().invalid);
    }
    if let Some(analysis) = &state.analysis {
        let columns = (strip.width() as usize).max(1);
        let leads = analysis.quality.leads.len().max(1) as f32;
        let mut load = vec![0u16; columns];
        let seconds = recording.duration_s().max(1e-9);
        let column = |second: f64| ((second / seconds * columns as f64).max(0.0) as usize).min(columns - 1);
        for quality in analysis.quality.leads.values() {
            let mut until = 0;
            let mut spans: Vec<(usize, usize)> =
                quality.problems.iter().map(|p| (column(f64::from(p.start)), column(f64::from(p.end)) + 1)).collect();
            spans.sort_unstable();
            for (from, to) in spans {
                // A lead counts once where it has several problems.
                for count in load.iter_mut().take(to.min(columns)).skip(from.max(until)) {
                    *count += 1;
                }
                until = until.max(to);
            }
        }
        for (index, count) in load.iter().enumerate().filter(|(_, count)| **count > 0) {
            let strength = (f32::from(*count) / leads).min(ALL);
            let min = pos2(strip.left() + index as f32, strip.bottom() - 3.0);
            let colour = theme::ui::caution().gamma_multiply(0.25 + 0.75 * strength);
            mesh.add_colored_rect(Rect::from_min_size(min, vec2(1.0, 3.0)), colour);
        }
    }
    out.push(Shape::mesh(mesh));
}

/// Beats that are not normal in `lane`: a tick in every column of pixels that holds one, parted evenly among the classes it holds. Normal
/// beats are faint ticks where there is room to tell all beats apart.
pub fn beats(out: &mut Vec<Shape>, state: &State, lane: Rect, x_of: &dyn Fn(u64) -> f32) {
    let Some(analysis) = state.analysis.as_ref().filter(|_| !state.machine_hidden()) else { return };
    let roomy = analysis.beats.len() as f32 * 3.0 <= lane.width();
    let mut columns: BTreeMap<i32, [bool; BeatLabel::ALL.len()]> = BTreeMap::new();
    for beat in &analysis.beats {
        let label = beat.label.unwrap_or(BeatLabel::N);
        if roomy || label != BeatLabel::N {
            let column = (x_of(beat.sample.0) - lane.left()).floor() as i32;
            columns.entry(column).or_default()[BeatLabel::ALL.iter().position(|one| *one == label).unwrap_or_default()] = true;
        }
    }
    let mut mesh = Mesh::default();
    for (column, held) in columns {
        let labels = || BeatLabel::ALL.into_iter().zip(held).filter(|(_, held)| *held).map(|(label, _)| label);
        let height = (lane.height() - 1.0) / labels().count().max(1) as f32;
        for (place, label) in labels().enumerate() {
            let min = pos2(lane.left() + column as f32, lane.top() + place as f32 * height);
            let strength = if label == BeatLabel::N { 0.6 } else { 1.0 };
            let colour = theme::beat(Some(label)).gamma_multiply(strength);
            mesh.add_colored_rect(Rect::from_min_size(min, vec2(1.0, height)), colour);
        }
    }
    out.push(Shape::mesh(mesh));
}

/// Small triangles at events along the strip's upper edge, one at most in every few points.
pub fn events(out: &mut Vec<Shape>, state: &State, strip: Rect, x_of: &dyn Fn(u64) -> f32) {
    for (list, colour) in [
        (annotations(state), theme::ui::accent()),
        (pauses(state), theme::ui::error()),
        (findings(state), theme::palette().waves[1]),
    ] {
        let mut free_from = f32::NEG_INFINITY;
        for event in list {
            let x = x_of(event.at.0);
            if x < free_from {
                continue;
            }
            free_from = x + 3.0;
            let top = strip.top() + if event.kind == EventKind::Annotation { 1.0 } else { 6.0 };
            let corners = vec![pos2(x - 3.0, top), pos2(x + 3.0, top), pos2(x, top + 5.0)];
            out.push(Shape::convex_polygon(corners, colour, Stroke::NONE));
        }
    }
}
