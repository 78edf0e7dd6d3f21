//! Calipers over the traces, and which end lies under the pointer.

use super::place::Place;
use crate::{
    app::{language::window, state::State, theme::Palette, tools::calipers::End, views::format},
    recording::{Caliper, CaliperKind, Rate, SampleIndex, SampleRange},
};
use egui::{FontId, Painter, Pos2, Rect, Stroke, pos2, vec2};

/// Half the height of the bars at an interval's ends, in millimetres of paper.
const BAR_MM: f32 = 4.5;
/// An end is taken hold of from this many points on.
const REACH: f32 = 9.0;
/// Marches closer to one another than this many points are not drawn.
const CLOSEST: f32 = 4.0;

/// The value of a caliper in words, with its unit.
pub fn value(caliper: &Caliper, rate: Rate) -> String {
    let ms = caliper.interval_ms(rate);
    match caliper.kind {
        CaliperKind::Interval | CaliperKind::MarchThrough => format!("{ms:.0} ms"),
        CaliperKind::Rate => match caliper.rate_bpm(rate) {
            Some(bpm) => format::measured(bpm, "bpm"),
            None => window().paint.no_rate.clone(),
        },
        CaliperKind::Amplitude => match caliper.amplitude_mv() {
            Some(mv) => format!("{} mV", format::signed(mv)),
            None => window().paint.no_scale.clone(),
        },
    }
}

/// What stands beside a caliper: its value, and of times the other reading too.
fn label(caliper: &Caliper, rate: Rate) -> String {
    let text = value(caliper, rate);
    match (caliper.kind, caliper.rate_bpm(rate)) {
        (CaliperKind::Interval, Some(bpm)) => format!("{text} ({})", format::measured(bpm, "bpm")),
        (CaliperKind::Rate, Some(_)) => format!("{text} ({:.0} ms)", caliper.interval_ms(rate)),
        _ => text,
    }
}

/// Draws all calipers.
pub fn draw(painter: &Painter, state: &State, places: &[Place], palette: &Palette) {
    let Some(recording) = state.recording() else { return };
    let calipers = &state.tools.calipers;
    for (index, caliper) in calipers.list.iter().enumerate() {
        let chosen = calipers.chosen == Some(index);
        for place in places.iter().filter(|place| place.lead == caliper.lead) {
            one(painter, caliper, place, recording.rate, chosen.then_some(calipers.end), palette);
        }
    }
}

fn one(painter: &Painter, caliper: &Caliper, place: &Place, rate: Rate, active: Option<End>, palette: &Palette) {
    let stroke = Stroke::new(if active.is_some() { 2.0 } else { 1.3 }, palette.caliper);
    let [from, to] = [caliper.from, caliper.to].map(|end| place.point(end.at, end.millivolts));
    let seen = from.x.max(to.x) >= place.rect.left() && from.x.min(to.x) <= place.rect.right();
    let clip = place.rect.expand2(vec2(0.0, place.rect.height()));
    let painter = painter.with_clip_rect(clip.intersect(painter.clip_rect()));
    let level = from.y.clamp(place.rect.top() + 2.0, place.rect.bottom() - 2.0);
    if caliper.kind == CaliperKind::MarchThrough {
        march(&painter, caliper, place, level, palette);
    }
    if !seen {
        return;
    }
    let ends = match caliper.kind {
        CaliperKind::Amplitude => amplitude(&painter, from, to, place, stroke),
        _ => interval(&painter, from.x, to.x, level, place, stroke),
    };
    if let Some(end) = active {
        let at = if end == End::From { ends[0] } else { ends[1] };
        painter.circle(at, 4.0, palette.paper, Stroke::new(1.6, palette.caliper));
    }
    text(&painter, &label(caliper, rate), ends, caliper.kind, place, palette);
}

/// Two bars and a line between them; where the ends are.
fn interval(painter: &Painter, from: f32, to: f32, y: f32, place: &Place, stroke: Stroke) -> [Pos2; 2] {
    let half = BAR_MM * place.px_per_mm;
    for x in [from, to] {
        painter.vline(x, y - half..=y + half, stroke);
    }
    painter.hline(from.min(to)..=from.max(to), y, Stroke::new(1.0, stroke.color));
    [pos2(from, y), pos2(to, y)]
}

/// Two levels and a line between them; where the ends are.
fn amplitude(painter: &Painter, from: Pos2, to: Pos2, place: &Place, stroke: Stroke) -> [Pos2; 2] {
    let half = BAR_MM * place.px_per_mm;
    let (left, right) = (from.x.min(to.x) - half, from.x.max(to.x) + half);
    for y in [from.y, to.y] {
        painter.hline(left..=right, y, stroke);
    }
    painter.vline(to.x, from.y.min(to.y)..=from.y.max(to.y), Stroke::new(1.0, stroke.color));
    [pos2(to.x, from.y), to]
}

/// Where the interval falls when it is repeated along the strip.
fn march(painter: &Painter, caliper: &Caliper, place: &Place, y: f32, palette: &Palette) {
    let step = caliper.samples() as f32 / place.rate_hz as f32 * place.px_per_s;
    if step < CLOSEST {
        return;
    }
    let start = (place.start_s * place.rate_hz).max(0.0) as u64;
    let width = f64::from(place.rect.width() / place.px_per_s) * place.rate_hz;
    let range = SampleRange::new(start, start.saturating_add(width.ceil() as u64));
    let half = BAR_MM * place.px_per_mm;
    let stroke = Stroke::new(1.0, palette.caliper.gamma_multiply(0.7));
    for at in caliper.marches(range, 10_000) {
        let x = place.x_of(at);
        painter.extend(egui::Shape::dashed_line(&[pos2(x, y - half), pos2(x, y + half)], stroke, 3.0, 2.0));
        painter.circle_filled(pos2(x, y), 1.6, palette.trace);
    }
}

fn text(painter: &Painter, text: &str, [from, to]: [Pos2; 2], kind: CaliperKind, place: &Place, palette: &Palette) {
    let galley = painter.layout_no_wrap(text.to_owned(), FontId::proportional(13.0), palette.caliper);
    let size = galley.size();
    let at = match kind {
        CaliperKind::Amplitude => pos2(from.x.max(to.x) + 6.0, 0.5 * (from.y + to.y) - 0.5 * size.y),
        _ => pos2(0.5 * (from.x + to.x) - 0.5 * size.x, from.y - size.y - 2.0),
    };
    let left = at.x.min(place.rect.right() - size.x - 2.0).max(place.rect.left() + 2.0);
    let patch = Rect::from_min_size(pos2(left, at.y), size);
    painter.rect_filled(patch.expand2(vec2(3.0, 0.0)), 2.0, palette.paper.gamma_multiply(0.85));
    painter.galley(patch.min, galley, palette.caliper);
}

/// The caliper and the end of it that lie under a point: the nearest within reach.
pub fn grabbed(state: &State, places: &[Place], at: Pos2) -> Option<(usize, End)> {
    let mut best: Option<(f32, (usize, End))> = None;
    for (index, caliper) in state.tools.calipers.list.iter().enumerate() {
        for place in places.iter().filter(|place| place.lead == caliper.lead && place.rect.contains(at)) {
            for (end, point) in [(End::From, caliper.from), (End::To, caliper.to)] {
                if !place.shows(point.at) {
                    continue;
                }
                let distance = match caliper.kind {
                    CaliperKind::Amplitude => {
                        let level = place.y_of(point.millivolts);
                        let middle = place.x_of(caliper.to.at);
                        let aside = ((at.x - middle).abs() - BAR_MM * place.px_per_mm).max(0.0);
                        (at.y - level).abs().max(aside)
                    }
                    _ => {
                        let level = place.y_of(caliper.from.millivolts).clamp(place.rect.top(), place.rect.bottom());
                        let above = ((at.y - level).abs() - BAR_MM * place.px_per_mm).max(0.0);
                        (at.x - place.x_of(point.at)).abs().max(above)
                    }
                };
                if distance <= REACH && best.is_none_or(|(nearest, _)| distance < nearest) {
                    best = Some((distance, (index, end)));
                }
            }
        }
    }
    best.map(|(_, found)| found)
}

/// A caliper's place in time, in words for the table.
pub fn begins(caliper: &Caliper) -> SampleIndex {
    caliper.from.at.min(caliper.to.at)
}
