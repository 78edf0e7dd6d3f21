//! The pointer on the page in label mode: choosing beats, adding them, drawing intervals.

use super::{super::Out, send};
use crate::app::{
    review::{
        ReviewMessage,
        beats::Pick,
        intervals::IntervalMessage,
        look,
        place::{places, sample_under, stretches},
    },
    state::State,
    theme,
};
use crate::recording::SampleRange;
use egui::{Id, Pos2, Rect, Response, Stroke, StrokeKind, Ui};

/// What a drag does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Drag {
    /// A rubber band around beats; `add`: besides those that are chosen.
    Band { from: Pos2, add: bool },
    /// An interval.
    Interval { from: Pos2 },
}

/// Takes what is label mode's. True: the drag is its own and must not scroll the page.
pub fn show(ui: &Ui, state: &State, response: &Response, page: Rect, out: Out) -> bool {
    if !state.desk.label_mode || state.desk.review().is_none() {
        return false;
    }
    click(ui, state, response, page, out);
    drag(ui, state, response, page, out)
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

fn drag(ui: &Ui, state: &State, response: &Response, page: Rect, out: Out) -> bool {
    let id = Id::unique("review drag");
    let modifiers = ui.input(|input| input.modifiers);
    if response.drag_started()
        && let Some(from) = ui.input(|input| input.pointer.press_origin())
    {
        let begun = match (modifiers.command, modifiers.shift) {
            (true, shift) => Some(Drag::Band { from, add: shift }),
            (false, true) => Some(Drag::Interval { from }),
            (false, false) => None,
        };
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
    let Some(to) = response.interact_pointer_pos() else {
        ui.data_mut(|data| data.remove::<Drag>(id));
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
    }
    if stopped {
        ui.data_mut(|data| data.remove::<Drag>(id));
    }
    true
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
