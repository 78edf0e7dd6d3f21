//! Evidence by lead and part of the heart's cycle: a table of bars that adds up to the evidence.

use super::{Out, format, panel::evidence_colour};
use crate::{
    analysis::{Evidence, Segment, SegmentTable, by_segment},
    app::{language, state::State, theme, waves},
    words::{fill, window::Explain},
};
use egui::{Align2, FontId, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// The words of this part.
fn words() -> &'static Explain {
    &language::window().explain
}

const ROW: f32 = 17.0;
const NAME: f32 = 38.0;
/// Smallest share of the largest entry that gets a number.
const TOLD: f64 = 0.05;

/// Shows the table, or why the evidence cannot be divided.
pub fn show(ui: &mut Ui, state: &State, evidence: &Evidence, _out: Out) {
    ui.add_space(6.0);
    ui.label(RichText::new(&words().segments).color(theme::ui::weak()));
    let known = waves::on_page(state);
    if known.is_empty() {
        let text = match waves::missing(state) {
            Some(reason) => fill(&words().not_divided, &[("reason", &language::said(&reason))]),
            None => words().sought.clone(),
        };
        ui.label(RichText::new(text).small().color(theme::ui::weak()));
        return;
    }
    let table = by_segment(evidence, &known);
    ui.spacing_mut().item_spacing.y = 1.0;
    header(ui);
    let peak = table.peak();
    for (lead, values) in &table.rows {
        row(ui, &lead.to_string(), values, peak);
    }
    let totals = table.totals();
    let most = totals.iter().fold(0.0f64, |most, value| most.max(value.abs()));
    row(ui, &words().all, &totals, most);
    ui.spacing_mut().item_spacing.y = 6.0;
    ui.label(RichText::new(sum(&table)).small().color(theme::ui::weak()));
}

fn sum(table: &SegmentTable) -> String {
    fill(&words().adds_up, &[("sum", &format::signed(table.total() as f32))])
}

fn columns(rect: Rect) -> [Rect; 6] {
    let width = (rect.width() - NAME) / 6.0;
    std::array::from_fn(|i| Rect::from_min_size(rect.min + vec2(NAME + i as f32 * width, 0.0), vec2(width, rect.height())))
}

/// What a part of the beat is called.
fn name_of(segment: Segment) -> &'static str {
    match segment {
        Segment::Rest => &words().rest,
        Segment::Pr => &words().pr,
        other => other.label(),
    }
}

fn header(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    for (segment, cell) in Segment::ALL.into_iter().zip(columns(rect)) {
        ui.painter().text(cell.center(), Align2::CENTER_CENTER, name_of(segment), FontId::proportional(12.0), theme::ui::weak());
    }
}

/// A row: in each column a bar to the right for, to the left against, and its number where it is not next to nothing.
fn row(ui: &mut Ui, name: &str, values: &[f64; 6], peak: f64) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let told = |value: f64| format::signed(value as f32);
    let parts: Vec<String> =
        Segment::ALL.iter().zip(values).map(|(s, value)| format!("{} {}", name_of(*s), told(*value))).collect();
    let words = fill(&words().evidence_in, &[("lead", name), ("parts", &parts.join(", "))]);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    let painter = ui.painter();
    let font = FontId::proportional(12.5);
    painter.text(pos2(rect.left() + 2.0, rect.center().y), Align2::LEFT_CENTER, name, font, theme::ui::text());
    for (value, cell) in values.iter().zip(columns(rect)) {
        let inner = cell.shrink2(vec2(2.0, 1.0));
        painter.rect_filled(inner, 1.0, theme::ui::trough().gamma_multiply(0.6));
        let middle = inner.center().x;
        let reach = if peak > 0.0 { (value / peak).clamp(-1.0, 1.0) as f32 * 0.5 * inner.width() } else { 0.0 };
        let bar = Rect::from_x_y_ranges(middle.min(middle + reach)..=middle.max(middle + reach), inner.y_range());
        let colour = if *value < 0.0 { theme::palette().against.gamma_multiply(0.45) } else { evidence_colour() };
        painter.rect_filled(bar, 0.0, colour);
        painter.vline(middle, inner.y_range(), Stroke::new(1.0, theme::ui::weak().gamma_multiply(0.5)));
        if value.abs() >= TOLD * peak && peak > 0.0 {
            painter.text(inner.center(), Align2::CENTER_CENTER, told(*value), FontId::proportional(10.5), theme::ui::text());
        }
    }
    response.on_hover_text(words);
}
