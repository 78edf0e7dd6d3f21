//! The files to go through.

use super::Out;
use crate::app::{message::Message, state::State, theme};
use egui::{RichText, Ui};
use std::path::Path;

/// A list is worth its room from two files on.
pub fn wanted(state: &State) -> bool {
    state.worklist.files.len() > 1
}

/// Shows the list.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let files = &state.worklist.files;
    let current = state.worklist.current;
    ui.horizontal(|ui| {
        ui.label(RichText::new("Worklist").strong().color(theme::ui::accent()));
        let place = current.map_or_else(|| files.len().to_string(), |index| format!("{} of {}", index + 1, files.len()));
        ui.label(RichText::new(place).color(theme::ui::weak()));
    });
    ui.horizontal(|ui| {
        let previous = ui.add_enabled(current.is_some_and(|index| index > 0), egui::Button::new("Previous"));
        if previous.on_hover_text("Previous recording ([)").clicked() {
            out.push(Message::Step(-1));
        }
        let next = ui.add_enabled(current.is_some_and(|index| index + 1 < files.len()), egui::Button::new("Next"));
        if next.on_hover_text("Next recording (])").clicked() {
            out.push(Message::Step(1));
        }
    });
    ui.separator();
    let common = common_folder(files);
    let height = ui.spacing().interact_size.y;
    let mut area = egui::ScrollArea::vertical().auto_shrink(false);
    // Follows the current entry when that changes; otherwise the reader scrolls.
    let remembered = ui.scope_id().with("followed");
    let now = (state.worklist.generation, current);
    let before: Option<(Followed, f32)> = ui.data(|data| data.get_temp(remembered));
    if let (Some(index), true) = (current, before.is_none_or(|(followed, _)| followed != now)) {
        let offset = before.map_or(0.0, |(_, offset)| offset);
        area = area.vertical_scroll_offset(bring_into_view(
            index,
            height + ui.spacing().item_spacing.y,
            ui.available_height(),
            offset,
        ));
    }
    let shown = area.show_rows(ui, height, files.len(), |ui, rows| {
        for index in rows {
            let Some(path) = files.get(index) else { continue };
            let name = path.strip_prefix(common).unwrap_or(path).display().to_string();
            let button = egui::Button::selectable(current == Some(index), name).truncate();
            let left =
                egui::Layout::left_to_right(egui::Align::Center).with_main_justify(true).with_main_align(egui::Align::LEFT);
            let response = ui.allocate_ui_with_layout(egui::vec2(ui.available_width(), height), left, |ui| ui.add(button)).inner;
            if response.on_hover_text(path.display().to_string()).clicked() {
                out.push(Message::OpenEntry(index));
            }
        }
    });
    ui.data_mut(|data| data.insert_temp(remembered, (now, shown.state.clamped_offset().y)));
}

/// The list and its entry that was last brought into view.
type Followed = (u64, Option<usize>);

/// Scroll offset nearest to `offset` that shows the row `index` with one row around it. Lengths in points.
fn bring_into_view(index: usize, row: f32, height: f32, offset: f32) -> f32 {
    let (top, bottom) = ((index as f32 - 1.0).max(0.0) * row, (index as f32 + 2.0) * row);
    offset.max(bottom - height).min(top)
}

fn common_folder(files: &[std::path::PathBuf]) -> &Path {
    let mut folder = files.first().and_then(|path| path.parent()).unwrap_or(Path::new(""));
    while !files.iter().all(|path| path.starts_with(folder)) {
        folder = folder.parent().unwrap_or(Path::new(""));
    }
    folder
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn the_list_moves_no_further_than_it_must() {
        let at = |index, offset| bring_into_view(index, 30.0, 300.0, offset);
        assert_eq!(at(0, 0.0), 0.0);
        assert_eq!(at(5, 0.0), 0.0);
        assert_eq!(at(50, 0.0), 52.0 * 30.0 - 300.0);
        assert_eq!(at(50, 1500.0), 49.0 * 30.0);
        assert_eq!(at(50, 1400.0), 1400.0);
    }

    #[test]
    fn the_common_folder_is_not_repeated() {
        let files = ["/a/b/1.hea", "/a/b/c/2.hea"].map(PathBuf::from);
        assert_eq!(common_folder(&files), Path::new("/a/b"));
        assert_eq!(common_folder(&[]), Path::new(""));
    }
}
