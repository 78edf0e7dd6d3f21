//! The parts of the window. Each reads the state and emits messages.

pub mod explain;
pub mod findings;
pub mod format;
pub mod help;
pub mod legend;
pub mod notices;
pub mod overview;
pub mod page;
pub mod panel;
pub mod status;
pub mod toolbar;
pub mod widgets;
pub mod worklist;

use super::message::Message;

/// Where views put what happened.
pub type Out<'a> = &'a mut Vec<Message>;
use super::{page::paint::Cache, state::State, theme};
use egui::{Frame, Margin, Panel, Ui};

/// Shows the whole window.
pub fn show(ui: &mut Ui, state: &State, cache: &mut Cache, out: Out) {
    let bar = |vertical| Frame::new().fill(theme::ui::BAR).inner_margin(Margin::symmetric(10, vertical));
    Panel::top("toolbar").frame(bar(6)).show(ui, |ui| toolbar::show(ui, state, out));
    if notices::any(state) {
        Panel::top("notices").frame(bar(4)).show(ui, |ui| notices::show(ui, state, out));
    }
    Panel::bottom("status").frame(bar(4)).show(ui, |ui| status::show(ui, state, out));
    let side = Frame::new().fill(theme::ui::PANEL).inner_margin(Margin { left: 12, right: 4, top: 10, bottom: 4 });
    if worklist::wanted(state) {
        Panel::left("worklist").frame(side).default_size(200.0).size_range(140.0..=420.0).show(ui, |ui| {
            worklist::show(ui, state, out);
        });
    }
    Panel::right("findings").frame(side).default_size(372.0).size_range(300.0..=560.0).show(ui, |ui| panel::show(ui, state, out));
    page::show(ui, state, cache, out);
    help::show(ui.ctx(), state, out);
    notices::show_repairs(ui.ctx(), state, out);
}
