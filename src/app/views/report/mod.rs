//! The report dialog: choices at the left, the pages as they will print at the right, saving below.

mod choices;
mod preview;
mod saving;

use super::{Out, widgets};
use crate::app::{message::Message, report::ReportMessage, state::State};
use egui::{Context, Layout, UiBuilder, vec2};

/// Width of the choices, points.
const CHOICES: f32 = 250.0;

/// Shows the dialog while it is open.
pub fn show(ctx: &Context, state: &State, out: Out) {
    let Some(dialog) = &state.reports.dialog else { return };
    let window = ctx.content_rect().size();
    let size = vec2((window.x - 80.0).clamp(600.0, 1500.0), (window.y - 120.0).clamp(360.0, 1000.0));
    let response = widgets::dialog(ctx, egui::Id::unique("report")).show(ctx, |ui| {
        ui.set_width(size.x);
        ui.heading(&state.words().dialog.heading);
        ui.add_space(6.0);
        let (_, place) = ui.allocate_space(vec2(size.x, size.y - 120.0));
        let mut left = place;
        left.set_width(CHOICES);
        let mut right = place;
        right.min.x = left.max.x + 14.0;
        let down = Layout::top_down(egui::Align::Min);
        // The place is taken already: what stands in it moves nothing.
        choices::show(&mut ui.new_child(UiBuilder::new().max_rect(left).layout(down)), state, out);
        preview::show(&mut ui.new_child(UiBuilder::new().max_rect(right).layout(down)), state, dialog, out);
        ui.add_space(8.0);
        saving::show(ui, state, dialog, out)
    });
    if response.inner || response.should_close() {
        out.push(Message::Report(ReportMessage::Toggle));
    }
}
