//! The pointer on the page in label mode: choosing, adding and moving beats, drawing intervals and moving their ends.
//!
//! A plain drag moves the page, except where it takes hold of something: the letter of a beat in the lane above the rhythm strip, or an end of an
//! interval's bar. Ctrl draws a rubber band around beats, Shift an interval. Esc lets go without a change.

use super::{
    super::Out,
    on_page::{self, Bar},
    send,
};
use crate::{
    app::{
        review::{
            ReviewMessage,
            beats::Pick,
            intervals::IntervalMessage,
            look,
            place::{Place, lane, places, sample_under, stretches},
        },
        state::State,
        theme,
    },
    recording::{SampleIndex, SampleRange},
    review::IntervalId,
};
use egui::{CursorIcon, Id, Key, Pos2, Rect, Response, Stroke, StrokeKind, Ui};

/// How near to a bar's end the pointer takes hold of it, in points.
const REACH: f32 = 5.0;

/// What a drag does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Drag {
    /// A rubber band around beats; `add`: besides those that are chosen.
    Band { from: Pos2, add: bool },
    /// An interval.
    Interval { from: Pos2 },
    /// A beat by its letter.
    Beat { at: SampleIndex },
    /// An end of an interval; `other`: the end that stays.
    End { id: IntervalId, other: SampleIndex },
}

/// Takes what is label mode's. True: the drag is its own and must not scroll the page.
pub fn show(ui: &Ui, state: &State, response: &Response, page: Rect, out: Out) -> bool {
    if !state.desk.label_mode || state.desk.review().is_none() {
        return false;
    }
    click(ui, state, response, page, out);
    if let Some(icon) = response.hover_pos().and_then(|at| over(state, page, at)).map(icon) {
        ui.ctx().set_cursor_icon(icon);
    }
    drag(ui, state, response, page, out)
}

fn icon(drag: Drag) -> CursorIcon {
    match drag {
        Drag::End { .. } => CursorIcon::ResizeHorizontal,
        _ => CursorIcon::Grab,
    }
}

fn click(ui: &Ui, state: &State, response: &Response, page: Rect, out: Out) {
    let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked()) else { return };
    let Some(sample) = sample_under(state, page, at) else { return };
    let modifiers = ui.input(|input| input.modifiers);
    let beat = look::nearest(state, sample);
    if response.double_clicked() && beat.is_none() {
        return send(out, ReviewMessage::AddBeat(Some(sample)));
    }
    let pick = match (beat, modifiers.shift, modifiers.command) {
        (Some(beat), true, _) => Pick::Through(beat),
        (Some(beat), _, true) => Pick::Toggle(beat),
        (Some(beat), ..) => Pick::One(beat),
        (None, false, false) => Pick::None,
        (None, ..) => return,
    };
    send(out, ReviewMessage::Pick(pick));
}

/// What a plain drag would take hold of here.
fn over(state: &State, page: Rect, at: Pos2) -> Option<Drag> {
    let all = places(state, page);
    if let Some(end) = on_page::bars(state, page, &all).iter().find_map(|bar| end_under(bar, at)) {
        return Some(end);
    }
    let in_lane = lane(&state.geometry(), page).contains(at);
    let sample = sample_under(state, page, at).filter(|_| in_lane)?;
    look::nearest(state, sample).map(|at| Drag::Beat { at })
}

/// The end of a bar within reach: the nearer of both, and only one that is on the page.
fn end_under(bar: &Bar, at: Pos2) -> Option<Drag> {
    let rect = bar.rect?;
    let SampleRange { start, end } = bar.interval.range;
    let ends = [(rect.left(), start, end), (rect.right(), end, start)];
    let near = ends.into_iter().filter(|(x, ..)| rect.y_range().contains(at.y) && (at.x - x).abs() <= REACH);
    let there = near.filter(|(x, sample, _)| (bar.place.x_of(*sample) - x).abs() < 1.0);
    let (_, _, other) = there.min_by(|a, b| (a.0 - at.x).abs().total_cmp(&(b.0 - at.x).abs()))?;
    Some(Drag::End { id: bar.id, other })
}

fn begun(ui: &Ui, state: &State, page: Rect, from: Pos2) -> Option<Drag> {
    let modifiers = ui.input(|input| input.modifiers);
    match (modifiers.command, modifiers.shift) {
        (true, shift) => Some(Drag::Band { from, add: shift }),
        (false, true) => Some(Drag::Interval { from }),
        (false, false) => over(state, page, from),
    }
}

fn drag(ui: &Ui, state: &State, response: &Response, page: Rect, out: Out) -> bool {
    let id = Id::unique("review drag");
    if response.drag_started()
        && let Some(from) = ui.input(|input| input.pointer.press_origin())
    {
        let begun = begun(ui, state, page, from);
        ui.data_mut(|data| match begun {
            Some(begun) => {
                data.insert_temp(id, begun);
            }
            None => {
                data.remove::<Drag>(id);
            }
        });
    }
    let Some(drag) = ui.data(|data| data.get_temp::<Drag>(id)) else { return false };
    let stopped = response.drag_stopped();
    let let_go = || ui.data_mut(|data| data.remove::<Drag>(id));
    let to = response.interact_pointer_pos().filter(|_| !ui.input(|input| input.key_pressed(Key::Escape)));
    let Some(to) = to else {
        let_go();
        if state.desk.intervals.drawn.is_some() {
            send(out, ReviewMessage::Interval(IntervalMessage::Draw(None)));
        }
        return false;
    };
    match drag {
        Drag::Band { from, add } => {
            let band = Rect::from_two_pos(from, to);
            let stroke = Stroke::new(1.5, theme::ui::accent());
            ui.painter().rect(band, 0.0, theme::ui::accent().gamma_multiply(0.12), stroke, StrokeKind::Inside);
            if stopped {
                send(out, ReviewMessage::Pick(Pick::Within { ranges: stretches(state, page, band), add }));
            }
        }
        Drag::Interval { from } => {
            let range = between(state, page, from, to);
            if stopped {
                let message = range.map_or(IntervalMessage::Draw(None), IntervalMessage::New);
                send(out, ReviewMessage::Interval(message));
            } else if range != state.desk.intervals.drawn {
                send(out, ReviewMessage::Interval(IntervalMessage::Draw(range)));
            }
        }
        Drag::Beat { at } => beat(ui, state, page, at, to, stopped, out),
        Drag::End { id, other } => {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
            let range = along(state, page, to).map(|to| SampleRange { start: to.min(other), end: to.max(other) });
            let range = range.filter(|range| range.start < range.end);
            let message = match range {
                Some(range) if stopped => Some(IntervalMessage::Resize { id, range }),
                None if stopped => Some(IntervalMessage::Draw(None)),
                range => (range != state.desk.intervals.drawn).then_some(IntervalMessage::Draw(range)),
            };
            message.into_iter().for_each(|message| send(out, ReviewMessage::Interval(message)));
        }
    }
    if stopped {
        let_go();
    }
    true
}

/// A beat on its way: a line where it would go. With Alt it goes exactly there, else to the R peak near it.
fn beat(ui: &Ui, state: &State, page: Rect, from: SampleIndex, to: Pos2, stopped: bool, out: Out) {
    ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    let Some(sample) = along(state, page, to) else { return };
    let stroke = Stroke::new(1.5, theme::ui::accent());
    for place in places(state, page).iter().filter(|place| place.range().contains(sample)) {
        ui.painter().vline(place.x_of(sample), place.rect.y_range(), stroke);
    }
    if stopped {
        let snap = !ui.input(|input| input.modifiers.alt);
        send(out, ReviewMessage::MoveFrom { from, to: sample, snap });
    }
}

/// The sample under the pointer, else that of the beats' row at its x; the recording ends where it ends.
fn along(state: &State, page: Rect, at: Pos2) -> Option<SampleIndex> {
    let length = state.recording()?.length;
    let row = state.geometry().beat_row;
    let beside = |place: &Place| place.row == row && place.rect.x_range().contains(at.x);
    let sample = match sample_under(state, page, at) {
        Some(sample) => sample,
        None => places(state, page).into_iter().find(beside)?.sample_at(at.x),
    };
    Some(SampleIndex(sample.0.min(length)))
}

/// The stretch between two places: both count along the row of the first.
fn between(state: &State, page: Rect, from: Pos2, to: Pos2) -> Option<SampleRange> {
    let length = state.recording()?.length;
    let start = sample_under(state, page, from)?;
    let place = places(state, page).into_iter().find(|place| place.rect.contains(from));
    let end = match sample_under(state, page, to) {
        Some(end) => end,
        None => place?.sample_at(to.x),
    };
    let (start, end) = (start.min(end), start.max(end));
    (start < end && end.0 <= length).then_some(SampleRange { start, end })
}
