//! The table of calipers in the side panel.

use super::{Out, format, tool_bar::kind_name, widgets::section};
use crate::app::{
    language,
    message::Message,
    page::caliper_marks::{begins, value},
    state::State,
    theme,
    tools::{ToolMessage, calipers::CaliperMessage},
};
use crate::words::{fill, window};
use egui::{RichText, Ui};

/// The words of this part.
fn words() -> &'static window::Calipers {
    &language::window().calipers
}

/// Shows the table while there are calipers, and how they are made while they are wanted.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let calipers = &state.tools.calipers;
    let Some(recording) = state.recording() else { return };
    if calipers.list.is_empty() && !calipers.active {
        return;
    }
    section(ui, &words().heading);
    let mut send = |message| out.push(Message::Tool(ToolMessage::Caliper(message)));
    if calipers.list.is_empty() {
        ui.add(egui::Label::new(RichText::new(&words().none).small().color(theme::ui::weak())).wrap());
        return;
    }
    egui::Grid::new("calipers").num_columns(4).spacing([10.0, 3.0]).show(ui, |ui| {
        for (index, caliper) in calipers.list.iter().enumerate() {
            let name = format!("{} {} {}", index + 1, caliper.lead, kind_name(caliper.kind));
            if ui.selectable_label(calipers.chosen == Some(index), name).clicked() {
                send(CaliperMessage::Choose(index));
            }
            ui.label(RichText::new(value(caliper, recording.rate)).strong());
            ui.label(RichText::new(format::time(recording, recording.rate.seconds(begins(caliper)))).color(theme::ui::weak()));
            let help = fill(&words().delete, &[("number", &(index + 1).to_string())]);
            if ui.small_button("×").on_hover_text(&help).accessible_name(&help).clicked() {
                send(CaliperMessage::Delete(index));
            }
            ui.end_row();
        }
    });
    if ui.button(&words().delete_all).clicked() {
        send(CaliperMessage::DeleteAll);
    }
}
