//! What the review draws on the page: chosen beats, deleted ones, intervals above the rhythm strip and in the overview.

use crate::{
    app::{
        review::{look, place, place::Place, rhythm_colours},
        state::State,
        theme,
    },
    recording::{SampleIndex, SampleRange},
    review::{Interval, IntervalId, IntervalKind},
    words::ReviewWords,
};
use egui::{Align2, Color32, FontId, Painter, Rect, Stroke, pos2, vec2};

/// Height of an interval's bar.
const BAR: f32 = 14.0;

/// Draws it over the page.
pub fn paint(painter: &Painter, state: &State, page: Rect) {
    if state.desk.review().is_none() {
        return;
    }
    let painter = painter.with_clip_rect(page.intersect(painter.clip_rect()));
    let places = place::places(state, page);
    chosen(&painter, state, &places);
    begun(&painter, state, &places);
    deleted(&painter, state, page, &places);
    for bar in bars(state, page, &places) {
        paint_bar(&painter, &bar, &state.words().review);
    }
}

/// A band through every row at each chosen beat; the one that keys start from has edges.
fn chosen(painter: &Painter, state: &State, places: &[Place]) {
    let selection = &state.desk.selection;
    let half = (0.05 * state.geometry().px_per_s).clamp(3.0, 12.0);
    for place in places {
        let range = place.range();
        let first = selection.beats.partition_point(|at| *at < range.start);
        for at in selection.beats.iter().skip(first).take_while(|at| **at < range.end) {
            band(painter, place, *at, half, selection.at == Some(*at));
        }
        if let Some(at) = selection.at.filter(|at| selection.beats.is_empty() && range.contains(*at)) {
            band(painter, place, at, half, true);
        }
    }
}

fn band(painter: &Painter, place: &Place, at: SampleIndex, half: f32, edges: bool) {
    let x = place.x_of(at);
    let rect = Rect::from_x_y_ranges(x - half..=x + half, place.rect.y_range());
    painter.rect_filled(rect, 0.0, theme::ui::accent().gamma_multiply(0.16));
    if edges {
        for x in [rect.left(), rect.right()] {
            painter.vline(x, rect.y_range(), Stroke::new(1.2, theme::ui::accent()));
        }
    }
}

/// The interval that a key or the pointer is drawing.
fn begun(painter: &Painter, state: &State, places: &[Place]) {
    let marking = &state.desk.intervals;
    let here = || state.desk.selection.at.or(state.cursor.as_ref().map(|cursor| cursor.at));
    let keyed = marking.begun.map(|begun| {
        let to = here().unwrap_or(begun);
        SampleRange { start: begun.min(to), end: begun.max(to) }
    });
    let Some(range) = marking.drawn.or(keyed) else { return };
    for place in places {
        if let Some(rect) = part(place, range) {
            painter.rect_filled(rect, 0.0, theme::ui::caution().gamma_multiply(0.2));
        }
    }
}

/// The part of a place that a stretch covers.
fn part(place: &Place, range: SampleRange) -> Option<Rect> {
    let (left, right) = (place.x_of(range.start).max(place.rect.left()), place.x_of(range.end).min(place.rect.right()));
    (right >= left).then(|| Rect::from_x_y_ranges(left..=right.max(left + 1.0), place.rect.y_range()))
}

/// A small cross where the machine had a beat that a person deleted.
fn deleted(painter: &Painter, state: &State, page: Rect, places: &[Place]) {
    let geometry = state.geometry();
    let y = place::lane(&geometry, page).bottom() - 5.0;
    let gone = look::gone(state, state.visible());
    for place in places.iter().filter(|place| place.row == geometry.beat_row) {
        for at in gone.iter().filter(|at| place.range().contains(**at)) {
            let x = place.x_of(*at);
            for rise in [-3.0, 3.0] {
                let stroke = Stroke::new(1.3, theme::palette().note);
                painter.line_segment([pos2(x - 3.0, y - rise), pos2(x + 3.0, y + rise)], stroke);
            }
        }
    }
}

/// An interval's bar on the page.
pub struct Bar<'a> {
    /// Which interval.
    pub id: IntervalId,
    /// The interval.
    pub interval: &'a Interval,
    /// Where its leads' signal is drawn.
    pub place: Place,
    /// The bar; `None`: an event, which has none.
    pub rect: Option<Rect>,
    top: f32,
}

/// Bars of the intervals in view, in lines that do not overlap: those of all leads above the beats' letters, those of one lead at its own row.
pub fn bars<'a>(state: &'a State, page: Rect, places: &[Place]) -> Vec<Bar<'a>> {
    let Some(review) = state.desk.review() else { return Vec::new() };
    let (geometry, visible) = (state.geometry(), state.visible());
    let lane_top = place::lane(&geometry, page).top();
    let touches = |one: &Interval| {
        one.range.start < visible.end && (one.range.end > visible.start || (one.is_event() && one.range.start >= visible.start))
    };
    let mut lines: Vec<Vec<SampleRange>> = Vec::new();
    let mut bars = Vec::new();
    for (id, interval) in review.content().intervals.iter().filter(|(_, one)| touches(one)) {
        let line = line_for(&mut lines, interval.range);
        let own = interval.lead.as_ref().and_then(|lead| state.lead_names().iter().position(|name| name == lead));
        for place in places {
            let top = match own {
                Some(lead) if place.lead == lead => place.rect.top() + 2.0,
                None if place.row == geometry.beat_row => (lane_top - (line as f32 + 1.0) * (BAR + 1.0)).max(page.top()),
                _ => continue,
            };
            let part = part(place, interval.range).filter(|_| !interval.is_event());
            let rect = part.map(|part| Rect::from_min_size(pos2(part.left(), top), vec2(part.width(), BAR)));
            bars.push(Bar { id: *id, interval, place: *place, rect, top });
        }
    }
    bars
}

/// The first line in which a stretch has room.
fn line_for(lines: &mut Vec<Vec<SampleRange>>, range: SampleRange) -> usize {
    let free = |line: &Vec<SampleRange>| line.iter().all(|other| other.end <= range.start || range.end <= other.start);
    match lines.iter().position(free) {
        Some(index) => {
            if let Some(line) = lines.get_mut(index) {
                line.push(range);
            }
            index
        }
        None => {
            lines.push(vec![range]);
            lines.len() - 1
        }
    }
}

fn paint_bar(painter: &Painter, bar: &Bar, words: &ReviewWords) {
    let (place, one) = (&bar.place, bar.interval);
    let colour = rhythm_colours::colour(&one.kind);
    let text = rhythm_colours::text(&one.kind, &one.text, words);
    if one.is_event() {
        let x = place.x_of(one.start());
        if place.rect.x_range().contains(x) {
            painter.vline(x, bar.top..=place.rect.bottom(), Stroke::new(1.2, colour));
            label(painter, pos2(x + 3.0, bar.top), &text, colour);
        }
        return;
    }
    let Some(rect) = bar.rect else { return };
    painter.rect_filled(rect, 2.0, colour);
    for (at, sample) in [(rect.left(), one.range.start), (rect.right(), one.range.end)] {
        // Only a true beginning or end gets a line through the row.
        if place.range().contains(sample) {
            painter.vline(at, bar.top..=place.rect.bottom(), Stroke::new(1.0, colour.gamma_multiply(0.7)));
        }
    }
    let inside = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    inside.text(rect.min + vec2(4.0, 1.0), Align2::LEFT_TOP, text, FontId::proportional(11.5), rhythm_colours::on(colour));
}

fn label(painter: &Painter, at: egui::Pos2, text: &str, colour: Color32) {
    let on = rhythm_colours::on(colour);
    let galley = painter.layout_no_wrap(text.to_owned(), FontId::proportional(11.5), on);
    let rect = Rect::from_min_size(at, galley.size() + vec2(6.0, 2.0));
    painter.rect_filled(rect, 2.0, colour);
    painter.galley(at + vec2(3.0, 1.0), galley, on);
}

/// The intervals of the whole recording in the overview's strip, `x_of` from sample to x: rhythms and noise in the upper line.
pub fn overview(painter: &Painter, state: &State, strip: Rect, x_of: &dyn Fn(u64) -> f32) {
    const LINE: f32 = 4.0;
    let Some(review) = state.desk.review() else { return };
    for one in review.content().intervals.values() {
        let top = match one.kind {
            IntervalKind::Rhythm(_) => strip.top() + 1.0,
            _ => strip.top() + 2.0 + LINE,
        };
        let (left, right) = (x_of(one.range.start.0), x_of(one.range.end.0));
        let rect = Rect::from_min_max(pos2(left, top), pos2(right.max(left + 1.5), top + LINE));
        painter.rect_filled(rect, 0.0, rhythm_colours::colour(&one.kind));
    }
}
