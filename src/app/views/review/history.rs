//! The list of steps, which can be taken back from any of them on.

use super::{super::Out, super::widgets, send};
use crate::{
    app::{language, review::ReviewMessage, state::State, theme},
    words::fill,
};
use egui::{Context, RichText};

/// Shows the list while it is open.
pub fn show(ctx: &Context, state: &State, out: Out) {
    let Some(review) = state.desk.review().filter(|_| state.desk.history_open) else { return };
    let (words, steps) = (&state.words().review.steps, review.history().len());
    let response = widgets::dialog(ctx, egui::Id::unique("steps")).show(ctx, |ui| {
        ui.set_width(440.0);
        ui.heading(&words.heading);
        let text = review
            .redo_name()
            .map_or_else(|| words.text.clone(), |name| fill(&words.text_redo, &[("name", &language::said(name))]));
        ui.label(RichText::new(text).color(theme::ui::weak()));
        let height = (ctx.content_rect().height() - 300.0).max(120.0);
        egui::ScrollArea::vertical().max_height(height).show_rows(ui, 24.0, steps, |ui, rows| {
            for row in rows {
                let index = steps - 1 - row;
                let name = review.history().nth(index).map(|step| step.name.as_str()).unwrap_or_default();
                ui.horizontal(|ui| {
                    ui.label(fill(&words.step, &[("number", &(index + 1).to_string()), ("name", &language::said(name))]));
                    if ui.small_button(&words.undo_to).on_hover_text(&words.undo_to_help).clicked() {
                        send(out, ReviewMessage::UndoTo(index));
                    }
                });
            }
        });
        if steps == 0 {
            ui.label(&words.none);
        }
        ui.add_space(8.0);
        ui.button(&words.close).clicked()
    });
    if response.inner || response.should_close() {
        send(out, ReviewMessage::ToggleHistory);
    }
}
