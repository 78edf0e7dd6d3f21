//! One row of the worklist.

use super::{super::Out, cells::Columns};
use crate::app::{
    language,
    message::Message,
    state::State,
    tabs::TabMessage,
    theme,
    views::format,
    worklist::{Column, ListMessage, QualityWord, ReadStatus, Row, Work, urgency::Urgency},
};
use crate::words::{fill, window::Worklist};
use egui::{Align2, Color32, FontId, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// The words of this part.
fn words() -> &'static Worklist {
    &language::window().worklist
}

/// Shows the row at `index`.
pub fn show(ui: &mut Ui, state: &State, index: usize, columns: &Columns, height: f32, out: Out) {
    let list = &state.worklist;
    let Some(row) = list.rows().get(index) else { return };
    let chosen = list.current == Some(index);
    let (rect, response) = ui.allocate_exact_size(vec2(columns.width(), height), Sense::click());
    let cells: Vec<(Column, Rect, Cell)> = columns
        .places(rect.left())
        .map(|(column, range)| (column, Rect::from_x_y_ranges(range, rect.y_range()), cell(state, row, column)))
        .collect();
    response.widget_info(|| {
        let told: Vec<&str> = cells.iter().map(|(_, _, cell)| cell.text.as_str()).filter(|text| !text.is_empty()).collect();
        WidgetInfo::selected(Role::Button, true, chosen, told.join(", "))
    });
    let fill = match (chosen, response.hovered()) {
        (true, _) => theme::ui::accent_soft(),
        (false, true) => theme::ui::bar(),
        (false, false) => Color32::TRANSPARENT,
    };
    let edge = if response.has_focus() { Stroke::new(2.0, theme::ui::accent()) } else { Stroke::NONE };
    ui.painter().rect(rect, 3.0, fill, edge, StrokeKind::Inside);
    for (_, place, cell) in &cells {
        paint(ui, *place, cell);
    }
    let held = ui.input(|input| input.modifiers.command);
    if response.middle_clicked() || (response.clicked() && held) {
        out.push(Message::Tab(TabMessage::OpenEntry(index)));
    } else if response.clicked() {
        out.push(Message::OpenEntry(index));
    }
    response.context_menu(|ui| menu(ui, state, index, row, out));
    if response.hovered() {
        response.on_hover_ui(|ui| {
            ui.set_max_width(460.0);
            for line in hint(state, row) {
                ui.label(line);
            }
        });
    }
}

fn menu(ui: &mut Ui, state: &State, index: usize, row: &Row, out: Out) {
    if ui.button(&words().own_tab).clicked() {
        out.push(Message::Tab(TabMessage::OpenEntry(index)));
    }
    let other = state.recording().is_some_and(|recording| recording.path != row.path);
    if other && ui.button(&words().compare).clicked() {
        out.push(Message::CompareWith(row.path.clone()));
    }
    if matches!(row.work, Work::Failed(_)) && ui.button(&words().again).clicked() {
        out.push(Message::List(ListMessage::Retry(index)));
    }
    let (label, status) = match row.status {
        ReadStatus::Unread => (&words().mark_seen, ReadStatus::Seen),
        _ => (&words().mark_unread, ReadStatus::Unread),
    };
    if matches!(row.status, ReadStatus::Unread | ReadStatus::Seen) && ui.button(label).clicked() {
        out.push(Message::List(ListMessage::Mark(index, status)));
    }
}

/// What stands in a cell.
struct Cell {
    text: String,
    colour: Color32,
    strong: bool,
    /// Colour of a mark before the text.
    mark: Option<Color32>,
}

impl Cell {
    fn new(text: impl Into<String>, colour: Color32) -> Self {
        Self { text: text.into(), colour, strong: false, mark: None }
    }
}

fn cell(state: &State, row: &Row, column: Column) -> Cell {
    let weak = theme::ui::weak();
    match column {
        Column::Name => {
            let file = row.path.strip_prefix(state.worklist.common_folder()).unwrap_or(&row.path).display().to_string();
            let text = match row.patient() {
                Some(patient) => format!("{patient} · {file}"),
                None => file,
            };
            Cell { strong: row.status == ReadStatus::Unread, ..Cell::new(text, theme::ui::text()) }
        }
        Column::Recorded => match row.facts.as_ref().map(|facts| facts.start) {
            Some(Some(start)) => Cell::new(format::minute(start), weak),
            Some(None) => Cell::new(&words().no_time, weak),
            None => Cell::new("", weak),
        },
        Column::Status => {
            let colour = if row.status == ReadStatus::Unread { theme::ui::accent() } else { weak };
            Cell::new(row.status.label(words()), colour)
        }
        Column::Worst => worst(state, row),
        Column::Quality => match row.summary().and_then(|summary| summary.quality) {
            Some(quality) => {
                let colour = match quality {
                    QualityWord::Good => weak,
                    QualityWord::Fair { .. } => theme::ui::caution(),
                    QualityWord::Poor => theme::ui::error(),
                };
                Cell::new(quality.label(words()), colour)
            }
            None => Cell::new("", weak),
        },
    }
}

fn worst(state: &State, row: &Row) -> Cell {
    let weak = theme::ui::weak();
    match &row.work {
        Work::Done(_) if state.machine_hidden_of(&row.path) => Cell::new(&words().hidden, weak),
        Work::Waiting => Cell::new("", weak),
        Work::Running => Cell::new(&words().running, weak),
        Work::Failed(reason) => {
            // The file is named in the row already.
            let path = row.path.display().to_string();
            let reason = reason.strip_prefix(&path).map_or(reason.as_str(), |rest| rest.trim_start_matches([':', ' ']));
            Cell::new(fill(&words().error, &[("reason", reason)]), theme::ui::error())
        }
        Work::Done(summary) => match &summary.worst {
            None => Cell::new(&words().not_answered, weak),
            Some(worst) => {
                let chance = worst.probability.map_or_else(|| words().rule.clone(), format::percent);
                let doubt = if worst.uncertain { "?" } else { "" };
                let mark = match worst.urgency {
                    Urgency::Immediate => Some(theme::ui::error()),
                    Urgency::Soon => Some(theme::ui::caution()),
                    Urgency::Abnormal | Urgency::Minor | Urgency::Normal => None,
                };
                let colour = if worst.urgency <= Urgency::Minor { weak } else { theme::ui::text() };
                Cell { mark, ..Cell::new(format!("{chance}{doubt} {}", format::capital(&worst.name(language::words()))), colour) }
            }
        },
    }
}

fn paint(ui: &Ui, place: Rect, cell: &Cell) {
    let mut left = place.left() + 2.0;
    if let Some(colour) = cell.mark {
        ui.painter().rect_filled(
            Rect::from_min_size(pos2(left, place.top() + 5.0), vec2(3.0, place.height() - 10.0)),
            1.0,
            colour,
        );
        left += 7.0;
    }
    let size = 13.0;
    let mut job = egui::text::LayoutJob::single_section(
        cell.text.clone(),
        egui::TextFormat::simple(FontId::proportional(size), cell.colour),
    );
    job.wrap = egui::text::TextWrapping::truncate_at_width((place.right() - left).max(8.0));
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let at = Align2::LEFT_CENTER.anchor_size(pos2(left, place.center().y), galley.size()).min;
    ui.painter().galley(at, galley.clone(), cell.colour);
    if cell.strong {
        // The interface's font has no bold face: drawn twice, a fraction of a point apart.
        ui.painter().galley(at + vec2(0.4, 0.0), galley, cell.colour);
    }
}

fn hint(state: &State, row: &Row) -> Vec<String> {
    let mut lines = vec![row.path.display().to_string()];
    if let Some(facts) = &row.facts {
        let mut told: Vec<String> = facts.patient.iter().cloned().collect();
        told.extend(facts.patient_id.iter().map(|id| fill(&words().id, &[("id", id)])));
        told.extend(facts.start.map(|start| language::words().moment(start)));
        let (length, leads) = (format::length(facts.duration_s), facts.leads.to_string());
        told.push(fill(&words().length_leads, &[("length", &length), ("leads", &leads)]));
        if facts.simulated {
            told.push(words().simulated.clone());
        }
        lines.push(told.join(" · "));
    }
    match &row.work {
        Work::Failed(reason) => lines.push(fill(&words().error_line, &[("reason", reason)])),
        Work::Done(_) if state.machine_hidden_of(&row.path) => {}
        Work::Done(summary) => {
            if let Some(worst) = &summary.worst {
                let finding = format::capital(&worst.name(language::words()));
                let share = worst.probability.map(format::percent).unwrap_or_default();
                let text = if worst.probability.is_some() { &words().by_model } else { &words().by_rule };
                let urgency = worst.urgency.label(words());
                let text = fill(text, &[("finding", &finding), ("share", &share), ("urgency", urgency)]);
                lines.push(match &worst.why {
                    Some(why) => fill(&words().why, &[("text", &text), ("why", language::why(why))]),
                    None => text,
                });
            }
        }
        Work::Waiting | Work::Running => {}
    }
    lines.push(words().click.clone());
    lines
}
