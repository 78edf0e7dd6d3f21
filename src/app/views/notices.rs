//! Errors, shown until dismissed, and the list of repairs.

use super::Out;
use crate::{
    app::{message::Message, state::State, theme},
    recording::Repair,
};
use egui::{Context, Frame, Margin, RichText, Ui};

/// Whether there is anything to show.
pub fn any(state: &State) -> bool {
    !state.notices.is_empty()
}

/// Notices shown at once; the others wait until these are dismissed.
const SHOWN: usize = 3;

/// Shows the newest errors, each with a button to dismiss it. However long they are, the page keeps its room.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    egui::ScrollArea::vertical().max_height(120.0).auto_shrink([false, true]).show(ui, |ui| {
        for notice in state.notices.iter().rev().take(SHOWN) {
            Frame::new().fill(theme::ui::error_soft()).corner_radius(4.0).inner_margin(Margin::symmetric(8, 4)).show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        let button = ui.button("Dismiss").on_hover_text("Dismiss this message");
                        if button.clicked() {
                            out.push(Message::Dismiss(notice.id));
                        }
                        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                            ui.add(egui::Label::new(RichText::new(&notice.text).color(theme::ui::error())).wrap());
                        });
                    });
                });
            });
        }
    });
    if state.notices.len() > 1 {
        ui.horizontal(|ui| {
            let more = state.notices.len().saturating_sub(SHOWN);
            if more > 0 {
                ui.label(RichText::new(format!("and {more} more")).color(theme::ui::error()));
            }
            if ui.button("Dismiss all").clicked() {
                out.push(Message::DismissAll);
            }
        });
    }
}

/// All repairs of the open recording: the reader's and those met while analysing.
pub fn repairs(state: &State) -> Vec<&Repair> {
    let mut repairs: Vec<&Repair> = state.recording().map(|r| r.repairs.iter().collect()).unwrap_or_default();
    for repair in state.analysis.iter().flat_map(|analysis| &analysis.repairs) {
        if !repairs.contains(&repair) {
            repairs.push(repair);
        }
    }
    repairs
}

/// Shows the list of repairs while it is open.
pub fn show_repairs(ctx: &Context, state: &State, out: Out) {
    if !state.repairs_open {
        return;
    }
    let repairs = repairs(state);
    let response = super::widgets::dialog(ctx, egui::Id::unique("repairs")).show(ctx, |ui| {
        ui.set_width(560.0);
        ui.heading("Repaired while reading");
        ui.label(RichText::new("The file itself was not changed.").color(theme::ui::weak()));
        ui.add_space(6.0);
        if repairs.is_empty() {
            ui.label("Nothing had to be repaired.");
        }
        egui::ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
            for repair in repairs {
                ui.label(RichText::new(&repair.field).strong());
                ui.label(format!("found: {}", repair.found));
                ui.label(format!("taken instead: {}", repair.assumed));
                ui.add_space(6.0);
            }
        });
        ui.button("Close").clicked()
    });
    if response.inner || response.should_close() {
        out.push(Message::ToggleRepairs);
    }
}
