//! Amplitudes lead by lead.

use super::{
    Out, format,
    measured::{self, Against},
    widgets::folded,
};
use crate::{
    app::{language, message::Message, state::State, theme},
    signal::measurements::{Measurements, lead_name},
    words::{fill, window},
};
use egui::{Align2, FontId, Rect, RichText, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

/// The words of this part.
fn words() -> &'static window::Measurements {
    &language::window().measurements
}

/// A column's name in the reader's language.
type Name = fn(&'static window::Measurements) -> &'static str;

/// Columns: published name, heading, words.
const COLUMNS: [(&str, &str, Name); 8] = [
    ("p_amplitude", "P", |words| &words.p_amplitude),
    ("q_amplitude", "Q", |words| &words.q_amplitude),
    ("r_amplitude", "R", |words| &words.r_amplitude),
    ("s_amplitude", "S", |words| &words.s_amplitude),
    ("r2_amplitude", "R'", |words| &words.r2_amplitude),
    ("st_j", "ST J", |words| &words.level_j),
    ("st_j60", "J+60", |words| &words.level_j60),
    ("t_amplitude", "T", |words| &words.t_amplitude),
];
const ROW: f32 = 19.0;
const NAME: f32 = 38.0;

/// Shows the table, closed until it is wanted. Nothing where nothing was measured lead by lead.
pub fn show(ui: &mut Ui, state: &State, all: &Measurements, out: Out) {
    let leads: Vec<String> = state.lead_names().iter().map(ToString::to_string).collect();
    let known: Vec<_> =
        leads.iter().flat_map(|lead| COLUMNS.iter().filter_map(move |(name, ..)| all.get(&lead_name(name, lead)))).collect();
    if known.is_empty() {
        return;
    }
    folded(ui, &words().by_lead, |ui| {
        if known.iter().all(|measured| measured.value.is_none()) {
            let mut reasons: Vec<&str> = known.iter().filter_map(|measured| measured.reason.as_deref()).collect();
            reasons.sort_unstable();
            reasons.dedup();
            let text = fill(
                &words().not_measurable_because,
                &[("reason", &reasons.into_iter().map(language::said).collect::<Vec<_>>().join("; "))],
            );
            ui.add(egui::Label::new(RichText::new(text).size(13.0).color(theme::ui::weak())).wrap());
            return;
        }
        ui.label(RichText::new(&words().by_lead_unit).small().color(theme::ui::weak()));
        table(ui, state, all, &leads, out);
    });
}

fn table(ui: &mut Ui, state: &State, all: &Measurements, leads: &[String], out: Out) {
    let height = ROW * (leads.len() + 1) as f32;
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let width = (area.width() - NAME) / COLUMNS.len() as f32;
    let font = FontId::proportional(12.0);
    for (column, (_, heading, _)) in COLUMNS.iter().enumerate() {
        let right = area.left() + NAME + (column + 1) as f32 * width - measured::ARROW - 1.0;
        ui.painter().text(
            egui::pos2(right, area.top() + 0.5 * ROW),
            Align2::RIGHT_CENTER,
            heading,
            font.clone(),
            theme::ui::weak(),
        );
    }
    for (row, lead) in leads.iter().enumerate() {
        let top = area.top() + (row + 1) as f32 * ROW;
        if row % 2 == 0 {
            ui.painter().rect_filled(
                Rect::from_min_size(egui::pos2(area.left(), top), vec2(area.width(), ROW)),
                0.0,
                theme::ui::bar(),
            );
        }
        let middle = egui::pos2(area.left() + 3.0, top + 0.5 * ROW);
        ui.painter().text(middle, Align2::LEFT_CENTER, lead, font.clone(), theme::ui::text());
        for (column, (name, _, told)) in COLUMNS.iter().enumerate() {
            let min = egui::pos2(area.left() + NAME + column as f32 * width, top);
            cell(ui, state, all, (name, told(words()), lead), Rect::from_min_size(min, vec2(width, ROW)), out);
        }
    }
}

fn cell(ui: &mut Ui, state: &State, all: &Measurements, (name, told, lead): (&str, &str, &str), rect: Rect, out: Out) {
    let full = lead_name(name, lead);
    let Some(measured) = all.get(&full) else { return };
    let sense = if measured.value.is_some() { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect, ui.scope_id().with(("by lead", &full)), sense);
    let selected = state.measurement.as_deref() == Some(&full);
    let spoken = fill(&words().in_lead_value, &[("name", told), ("lead", lead), ("value", &measured::spoken(measured))]);
    response.widget_info(|| WidgetInfo::selected(Role::Button, measured.value.is_some(), selected, &spoken));
    if selected || response.hovered() {
        let fill = if selected { theme::lit_soft() } else { theme::ui::accent_soft() };
        ui.painter().rect(rect, 2.0, fill, egui::Stroke::NONE, StrokeKind::Inside);
    }
    let against = Against::of(measured);
    let (text, colour) = match measured.value {
        // A wave that is not there is measured as exactly nothing.
        Some(0.0) if name.ends_with("_amplitude") => ("0".to_owned(), theme::ui::weak()),
        Some(value) => {
            let mark = if measured::unsure(measured) { "?" } else { "" };
            (format!("{}{mark}", format::plain(value as f32)), against.colour())
        }
        None => ("–".to_owned(), theme::ui::weak()),
    };
    let at = egui::pos2(rect.right() - measured::ARROW - 1.0, rect.center().y);
    against.arrow(ui.painter(), at);
    ui.painter().text(at, Align2::RIGHT_CENTER, text, FontId::proportional(12.0), colour);
    if response.on_hover_ui(|ui| measured::show_details(ui, &spoken, measured)).clicked() {
        out.push(Message::ChooseMeasurement(full));
    }
}
