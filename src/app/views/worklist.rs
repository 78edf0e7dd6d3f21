//! The recordings to go through: a table of which only the rows in view are laid out.

mod cells;
mod row;

use super::{Out, widgets::together};
use crate::{
    app::{language, message::Message, state::State, theme, worklist::ListMessage},
    words::{fill, window::Worklist},
};
use cells::Columns;
use egui::{Align, Layout, RichText, Ui};

/// The words of this part.
fn words() -> &'static Worklist {
    &language::window().worklist
}

/// A list is worth its room from two files on, and where more may appear.
pub fn wanted(state: &State) -> bool {
    state.worklist.is_list() && !state.worklist.hidden
}

/// Width that a list is given at first: the page keeps most of a small window.
pub fn default_width(ui: &Ui) -> f32 {
    (0.24 * ui.ctx().content_rect().width()).clamp(220.0, 460.0)
}

/// Shows the list.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let list = &state.worklist;
    heading(ui, state, out);
    filter(ui, state, out);
    let columns = Columns::for_width(ui.available_width() - ui.spacing().scroll.bar_width - 6.0);
    head(ui, state, &columns, out);
    if list.rows().is_empty() {
        ui.add_space(8.0);
        ui.add(egui::Label::new(RichText::new(&words().empty).color(theme::ui::weak())).wrap());
        return;
    }
    if list.shown().is_empty() {
        ui.add_space(8.0);
        ui.label(RichText::new(&words().no_match).color(theme::ui::weak()));
        return;
    }
    rows(ui, state, &columns, out);
}

fn heading(ui: &mut Ui, state: &State, out: Out) {
    let list = &state.worklist;
    let (count, current) = (list.rows().len(), list.current);
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(&words().heading).strong().color(theme::ui::accent()));
        let place = current.and_then(|current| list.shown().iter().position(|index| *index == current));
        let shown = list.shown().len();
        let of = |place: usize| fill(&words().place, &[("place", &(place + 1).to_string()), ("shown", &shown.to_string())]);
        let place = place.map_or_else(|| shown.to_string(), of);
        ui.label(RichText::new(place).color(theme::ui::weak()));
        if shown < count {
            ui.label(RichText::new(fill(&words().in_all, &[("count", &count.to_string())])).color(theme::ui::weak()));
        }
        ui.label(RichText::new(fill(&words().unread_count, &[("count", &list.unread().to_string())])).color(theme::ui::weak()));
        if !list.folders.is_empty() {
            let folders: Vec<String> = list.folders.iter().map(|folder| folder.display().to_string()).collect();
            let label = ui.label(RichText::new(&words().watched).small().color(theme::ui::weak()));
            label.on_hover_text(fill(&words().watched_help, &[("folders", &folders.join("\n"))]));
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let previous = ui.add_enabled(list.step(-1).is_some(), egui::Button::new(&words().previous));
        if previous.on_hover_text(&words().previous_help).clicked() {
            out.push(Message::Step(-1));
        }
        let next = ui.add_enabled(list.step(1).is_some(), egui::Button::new(&words().next));
        if next.on_hover_text(&words().next_help).clicked() {
            out.push(Message::Step(1));
        }
        let unread = ui.add_enabled(list.next_unread().is_some(), egui::Button::new(&words().next_unread));
        if unread.on_hover_text(&words().next_unread_help).clicked() {
            out.push(Message::List(ListMessage::NextUnread));
        }
        if waits_for_analysis(state) {
            together(ui, "screening", |ui| screening(ui, state, out));
        }
    });
}

/// Whether there is something to say of the list's analysis.
fn waits_for_analysis(state: &State) -> bool {
    let (done, count) = (state.worklist.finished_rows(), state.worklist.rows().len());
    done < count && count >= 2
}

/// How far the list's analysis is.
fn screening(ui: &mut Ui, state: &State, out: Out) {
    let list = &state.worklist;
    let (done, count) = (list.finished_rows(), list.rows().len());
    let stopped = list.screening.stopped;
    let label = if stopped { &words().analysed_stopped } else { &words().analysed };
    let label = fill(label, &[("done", &done.to_string()), ("count", &count.to_string())]);
    ui.label(RichText::new(label).small().color(theme::ui::weak())).on_hover_text(&words().analysed_help);
    if ui.small_button(if stopped { &words().resume } else { &words().stop }).clicked() {
        out.push(Message::List(ListMessage::ToggleScreening));
    }
}

fn filter(ui: &mut Ui, state: &State, out: Out) {
    let mut text = state.worklist.filter.clone();
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let clear =
                !text.is_empty() && ui.button("×").on_hover_text(&words().show_all).accessible_name(&words().clear).clicked();
            let field = egui::TextEdit::singleline(&mut text).desired_width(f32::INFINITY).hint_text(&words().hint);
            let response = ui.add(field).accessible_name(&words().filter);
            if state.worklist.focus_filter {
                response.request_focus();
            }
            let escaped = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Escape));
            if clear || escaped {
                out.push(Message::List(ListMessage::Filter(String::new())));
            } else if response.changed() {
                out.push(Message::List(ListMessage::Filter(text.clone())));
            }
        });
    });
}

fn head(ui: &mut Ui, state: &State, columns: &Columns, out: Out) {
    let sort = state.worklist.sort;
    let height = 22.0;
    let (rect, _) = ui.allocate_exact_size(egui::vec2(columns.width(), height), egui::Sense::hover());
    for (column, range) in columns.places(rect.left()) {
        let cell = egui::Rect::from_x_y_ranges(range, rect.y_range());
        let text = RichText::new(column.label()).small().color(if sort.column == column {
            theme::ui::accent()
        } else {
            theme::ui::weak()
        });
        let button = egui::Button::new(text).frame(false).truncate();
        let inner = egui::Rect::from_min_max(cell.min, egui::pos2(cell.right() - 12.0, cell.bottom()));
        let response = ui
            .scope_builder(egui::UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)), |ui| {
                ui.add(button)
            });
        if sort.column == column {
            arrow(ui, egui::pos2(response.inner.rect.right() + 6.0, cell.center().y), sort.reversed);
        }
        let response = response.inner.accessible_name(fill(&words().sort_by, &[("column", column.sorted())]));
        if response.on_hover_text(column.help()).clicked() {
            out.push(Message::List(ListMessage::Sort(column)));
        }
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.0, theme::ui::line()));
}

/// The direction of the order; the interface's font has no such sign.
fn arrow(ui: &Ui, at: egui::Pos2, up: bool) {
    let tip = if up { -1.0 } else { 1.0 };
    let points = vec![at + egui::vec2(-3.5, -2.0 * tip), at + egui::vec2(3.5, -2.0 * tip), at + egui::vec2(0.0, 3.0 * tip)];
    ui.painter().add(egui::Shape::convex_polygon(points, theme::ui::accent(), egui::Stroke::NONE));
}

fn rows(ui: &mut Ui, state: &State, columns: &Columns, out: Out) {
    let list = &state.worklist;
    let height = ui.spacing().interact_size.y;
    ui.spacing_mut().item_spacing.y = 1.0;
    let mut area = egui::ScrollArea::vertical().id_salt("rows").auto_shrink(false);
    let place = list.current.and_then(|current| list.shown().iter().position(|index| *index == current));
    // Follows the current row when another becomes it; otherwise the reader scrolls.
    let remembered = ui.scope_id().with("followed");
    let now = (list.generation, list.current);
    let before: Option<(Followed, f32)> = ui.data(|data| data.get_temp(remembered));
    if let (Some(place), true) = (place, before.is_none_or(|(followed, _)| followed != now)) {
        let offset = before.map_or(0.0, |(_, offset)| offset);
        let row = height + ui.spacing().item_spacing.y;
        area = area.vertical_scroll_offset(bring_into_view(place, row, ui.available_height(), offset));
    }
    let shown = area.show_rows(ui, height, list.shown().len(), |ui, range| {
        for place in range {
            let Some(index) = list.shown().get(place).copied() else { continue };
            row::show(ui, state, index, columns, height, out);
        }
    });
    let held = ui.rect_contains_pointer(shown.inner_rect);
    if held != list.is_held() {
        out.push(Message::List(ListMessage::Hold(held)));
    }
    ui.data_mut(|data| data.insert_temp(remembered, (now, shown.state.clamped_offset().y)));
}

/// The list and its row that was last brought into view.
type Followed = (u64, Option<usize>);

/// Scroll offset nearest to `offset` that shows the row at `place` with one row around it. Lengths in points.
fn bring_into_view(place: usize, row: f32, height: f32, offset: f32) -> f32 {
    let (top, bottom) = ((place as f32 - 1.0).max(0.0) * row, (place as f32 + 2.0) * row);
    offset.max(bottom - height).min(top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_moves_no_further_than_it_must() {
        let at = |index, offset| bring_into_view(index, 30.0, 300.0, offset);
        assert_eq!(at(0, 0.0), 0.0);
        assert_eq!(at(5, 0.0), 0.0);
        assert_eq!(at(50, 0.0), 52.0 * 30.0 - 300.0);
        assert_eq!(at(50, 1500.0), 49.0 * 30.0);
        assert_eq!(at(50, 1400.0), 1400.0);
    }
}
