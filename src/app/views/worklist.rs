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
        ui.label(RichText::new("Worklist").strong().color(theme::ui::ACCENT));
        let place = current.map_or_else(|| files.len().to_string(), |index| format!("{} of {}", index + 1, files.len()));
        ui.label(RichText::new(place).color(theme::ui::WEAK));
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
    egui::ScrollArea::vertical().auto_shrink(false).show_rows(ui, height, files.len(), |ui, rows| {
        for index in rows {
            let Some(path) = files.get(index) else { continue };
            let name = path.strip_prefix(common).unwrap_or(path).display().to_string();
            let button = egui::Button::selectable(current == Some(index), name).truncate();
            let response = ui.add_sized([ui.available_width(), height], button);
            if response.on_hover_text(path.display().to_string()).clicked() {
                out.push(Message::OpenEntry(index));
            }
        }
    });
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
    fn the_common_folder_is_not_repeated() {
        let files = ["/a/b/1.hea", "/a/b/c/2.hea"].map(PathBuf::from);
        assert_eq!(common_folder(&files), Path::new("/a/b"));
        assert_eq!(common_folder(&[]), Path::new(""));
    }
}
