//! What the tools do on the page: calipers under the pointer, the chosen beat, the tangent, the magnifier.

use super::Out;
use crate::app::{
    message::Message,
    page::{
        caliper_marks, magnifier,
        place::{self, Place},
        tangent_marks,
    },
    state::State,
    theme,
    tools::{ToolMessage, calipers::CaliperMessage},
};
use egui::{CursorIcon, Rect, Response, Ui};

/// Draws the tools over the page and hears what the pointer does with them. Whether they took its drag.
pub fn show(ui: &Ui, state: &State, response: &Response, page: Rect, out: Out) -> bool {
    let places = place::places(state, page);
    let painter = ui.painter_at(page.intersect(ui.clip_rect()));
    caliper_marks::draw(&painter, state, &places, theme::palette());
    tangent_marks::chosen(&painter, state, &places, theme::palette());
    tangent_marks::tangent(&painter, state, &places, theme::palette());
    if let (true, Some(at)) = (state.tools.magnifier, response.hover_pos())
        && let Some(place) = place::under(&places, at)
    {
        magnifier::draw(&painter, state, place, at, page, theme::palette());
    }
    // Letters, clicks and drags are label mode's while it is on.
    if state.desk.label_mode {
        return false;
    }
    let taken = calipers(ui, state, response, &places, out);
    if !taken && response.clicked() && !state.machine_hidden() {
        choose_beat(response, &places, out);
    }
    taken
}

/// Makes and moves calipers; whether the drag is theirs.
fn calipers(ui: &Ui, state: &State, response: &Response, places: &[Place], out: Out) -> bool {
    let calipers = &state.tools.calipers;
    let mut send = |message| out.push(Message::Tool(ToolMessage::Caliper(message)));
    let over = response.hover_pos().and_then(|at| caliper_marks::grabbed(state, places, at));
    if over.is_some() {
        ui.ctx().set_cursor_icon(CursorIcon::Grab);
    } else if calipers.active && response.hovered() {
        ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
    }
    let (origin, turned) = ui.input(|input| (input.pointer.press_origin(), input.modifiers.command));
    let snap = calipers.snap != turned;
    if response.drag_started()
        && let Some(origin) = origin
    {
        if let Some((index, end)) = caliper_marks::grabbed(state, places, origin) {
            send(CaliperMessage::Grab { index, end });
            return true;
        }
        if let Some(place) = place::under(places, origin).filter(|_| calipers.active) {
            let (at, millivolts) = place.at(origin);
            send(CaliperMessage::Begin { lead: place.lead.clone(), at, millivolts, snap });
            drag(response, place, snap, &mut send);
            return true;
        }
    }
    if !calipers.held {
        return false;
    }
    if response.drag_stopped() || !response.dragged() {
        send(CaliperMessage::Release);
        return true;
    }
    // The place the drag began in, so that an end stays on its lead and in its stretch of time.
    let moved = response.drag_delta() != egui::Vec2::ZERO;
    if let Some(place) = origin.filter(|_| moved).and_then(|origin| place::under(places, origin)) {
        drag(response, place, snap, &mut send);
    }
    true
}

fn drag(response: &Response, place: &Place, snap: bool, send: &mut dyn FnMut(CaliperMessage)) {
    if let Some(at) = response.interact_pointer_pos() {
        let (at, millivolts) = place.at(at);
        send(CaliperMessage::DragTo { at, millivolts, snap });
    }
}

fn choose_beat(response: &Response, places: &[Place], out: Out) {
    let Some(at) = response.interact_pointer_pos() else { return };
    let Some(place) = place::under(places, at) else { return };
    let (sample, _) = place.at(at);
    out.push(Message::Tool(ToolMessage::ChooseBeat { at: sample, lead: place.lead.clone() }));
}
