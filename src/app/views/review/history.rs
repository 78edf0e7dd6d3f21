//! The list of steps, which can be taken back from any of them on.

use super::{super::Out, super::widgets, send};
use crate::app::{review::ReviewMessage, state::State, theme};
use egui::{Context, RichText};

/// Shows the list while it is open.
pub fn show(ctx: &Context, state: &State, out: Out) {
    let Some(review) = state.desk.review().filter(|_| state.desk.history_open) else { return };
    let steps: Vec<&str> = review.history().map(|step| step.name.as_str()).collect();
    let response = widgets::dialog(ctx, egui::Id::unique("steps")).show(ctx, |ui| {
        ui.set_width(440.0);
        ui.heading("Steps");
        let next = review.redo_name().map(|name| format!("Redo would do again: {name}")).unwrap_or_default();
        ui.label(RichText::new(format!("The newest first. Nothing is lost by undoing. {next}")).color(theme::ui::weak()));
        let height = (ctx.content_rect().height() - 300.0).max(120.0);
        egui::ScrollArea::vertical().max_height(height).show_rows(ui, 24.0, steps.len(), |ui, rows| {
            for row in rows {
                let index = steps.len() - 1 - row;
                ui.horizontal(|ui| {
                    ui.label(format!("{}. {}", index + 1, steps.get(index).unwrap_or(&"")));
                    let help = "Takes back this step and all after it";
                    if ui.small_button("Undo to here").on_hover_text(help).clicked() {
                        send(out, ReviewMessage::UndoTo(index));
                    }
                });
            }
        });
        if steps.is_empty() {
            ui.label("No step yet");
        }
        ui.add_space(8.0);
        ui.button("Close").clicked()
    });
    if response.inner || response.should_close() {
        send(out, ReviewMessage::ToggleHistory);
    }
}
