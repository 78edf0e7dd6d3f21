//! The parts of the window. Each reads the state and emits messages.

pub mod beat;
pub mod blind;
pub mod calibrate;
pub mod calipers;
pub mod compare;
pub mod corner;
pub mod criteria;
pub mod disagreement;
pub mod drawer;
pub mod explain;
pub mod filter;
pub mod findings;
pub mod format;
pub mod help;
pub mod inbox;
pub mod leads;
pub mod legend;
pub mod looks;
pub mod measured;
pub mod median;
pub mod on_page;
pub mod overview;
pub mod overview_lanes;
pub mod page;
pub mod panel;
pub mod report;
pub mod review;
pub mod segments;
pub mod serial;
pub mod status;
pub mod superimpose;
pub mod tabs;
pub mod tool_bar;
pub mod toolbar;
pub mod trends;
pub mod widgets;
pub mod worklist;

use super::message::Message;

/// Where views put what happened.
pub type Out<'a> = &'a mut Vec<Message>;
use super::{page::paint::Cache, state::State, theme};
use egui::{Frame, Margin, Panel, Ui};

/// Shows the whole window.
pub fn show(ui: &mut Ui, state: &State, cache: &mut Cache, out: Out) {
    let bar = |vertical| Frame::new().fill(theme::ui::bar()).inner_margin(Margin::symmetric(10, vertical));
    Panel::top("toolbar").frame(bar(6)).show(ui, |ui| toolbar::show(ui, state, out));
    if tool_bar::wanted(state) {
        Panel::top("tools").frame(bar(3)).show(ui, |ui| tool_bar::show(ui, state, out));
    }
    if inbox::any(state) {
        Panel::top("notices").frame(bar(4)).show(ui, |ui| inbox::show(ui, state, out));
    }
    if tabs::wanted(state) {
        Panel::top("tabs").frame(bar(3)).show(ui, |ui| tabs::show(ui, state, out));
    }
    if review::bar::wanted(state) {
        Panel::top("label mode").frame(bar(4)).show(ui, |ui| review::bar::show(ui, state, out));
    }
    Panel::bottom("status").frame(bar(4)).exact_size(34.0).show(ui, |ui| status::show(ui, state, out));
    let side = Frame::new().fill(theme::ui::panel()).inner_margin(Margin { left: 12, right: 4, top: 10, bottom: 4 });
    if worklist::wanted(state) {
        let width = worklist::default_width(ui);
        Panel::left("worklist").frame(side).default_size(width).size_range(140.0..=900.0).show(ui, |ui| {
            worklist::show(ui, state, out);
        });
    }
    Panel::right("findings").frame(side).default_size(372.0).size_range(300.0..=560.0).show(ui, |ui| {
        review::tabs(ui, state, out);
        if state.desk.panel && state.recording().is_some() {
            review::panel::show(ui, state, out);
        } else {
            panel::show(ui, state, out);
        }
    });
    drawer::show(ui, state, out);
    page::show(ui, state, cache, out);
    superimpose::show(ui.ctx(), state, out);
    help::show(ui.ctx(), state, out);
    looks::show(ui.ctx(), state, out);
    calibrate::show(ui.ctx(), state, out);
    review::dialogs(ui.ctx(), state, out);
    report::show(ui.ctx(), state, out);
    drop_hint(ui);
}

/// While files are held over the window: what happens when they are let go.
fn drop_hint(ui: &Ui) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop hint")));
    let rect = ui.ctx().content_rect();
    painter.rect_filled(rect, 0.0, theme::ui::sheet().gamma_multiply(0.85));
    let font = egui::FontId::proportional(24.0);
    painter.text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        &crate::app::language::window().page.let_go,
        font,
        theme::ui::accent(),
    );
}
