//! The open recording beside an earlier one: median beats laid over each other, and what changed in the measurements.

use super::{Out, format};
use crate::{
    analysis::serial::{Change, Comparison, LeadPair, Shape, Verdict},
    app::{
        beside::{self, Compared, Made},
        language,
        state::State,
        theme,
    },
    words::{fill, window::Serial},
};
use egui::{
    Align2, Color32, FontId, Grid, Painter, Pos2, Rect, RichText, Role, Sense, Shape as Drawn, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

/// The words of this part.
fn words() -> &'static Serial {
    &language::window().serial
}

/// Colour of the earlier recording.
fn before() -> Color32 {
    theme::palette().caliper
}
/// Width of the table of measurements in points.
const TABLE: f32 = 430.0;
/// A tile is at least this wide.
const TILE: f32 = 118.0;

/// Shows the comparison.
pub fn show(ui: &mut Ui, state: &State, _out: Out) {
    match &state.beside.compared {
        Made::Ready(compared) => ready(ui, state, compared),
        Made::Failed(reason) => {
            ui.add(
                egui::Label::new(RichText::new(fill(&words().failed, &[("reason", reason)])).color(theme::ui::error())).wrap(),
            );
        }
        Made::Pending(progress) => {
            ui.label(&words().pending);
            ui.add(egui::ProgressBar::new(progress.fraction()).desired_width(200.0));
        }
        Made::Not => match beside::compared_with(state) {
            Err(missing) => {
                ui.add(egui::Label::new(missing).wrap());
                ui.add(egui::Label::new(RichText::new(&words().any).color(theme::ui::weak())).wrap());
            }
            Ok(_) if state.analysis_failure.is_some() => {
                ui.label(&words().not_analysed);
            }
            Ok(_) => {
                ui.label(&words().waiting);
            }
        },
    }
}

fn ready(ui: &mut Ui, state: &State, compared: &Compared) {
    let Some(now) = state.recording() else { return };
    let day = |start: Option<chrono::NaiveDateTime>| start.map_or_else(|| words().time_unknown.clone(), format::minute);
    ui.horizontal_wrapped(|ui| {
        ui.label(
            RichText::new(fill(&words().before_named, &[("name", &compared.name), ("time", &day(compared.start))]))
                .strong()
                .color(before()),
        )
        .on_hover_text(compared.path.display().to_string());
        ui.label(RichText::new(fill(&words().now_named, &[("name", &now.name), ("time", &day(now.start))])).strong());
        if let (Some(before), Some(start)) = (compared.start, now.start) {
            ui.label(RichText::new(apart(start - before)).color(theme::ui::weak()));
        }
        if !compared.same_patient {
            ui.label(
                RichText::new(&words().other_patient).color(theme::ui::caution()).background_color(theme::ui::caution_soft()),
            );
        }
        let beyond = compared.comparison.beyond().count();
        let (told, colour) = match beyond {
            0 => (words().no_difference.clone(), theme::ui::weak()),
            1 => (words().one_difference.clone(), theme::ui::caution()),
            count => (fill(&words().differences, &[("count", &count.to_string())]), theme::ui::caution()),
        };
        ui.label(RichText::new(told).strong().color(colour));
    });
    let height = ui.available_height();
    ui.horizontal_top(|ui| {
        let width = (ui.available_width() - TABLE - 16.0).max(200.0);
        ui.allocate_ui(vec2(width, height), |ui| {
            egui::ScrollArea::vertical().id_salt("pairs").auto_shrink(false).show(ui, |ui| tiles(ui, &compared.comparison.leads));
        });
        ui.vertical(|ui| {
            egui::ScrollArea::vertical().id_salt("changes").auto_shrink(false).show(ui, |ui| table(ui, &compared.comparison));
        });
    });
}

/// How long two recordings are apart, in words.
fn apart(time: chrono::TimeDelta) -> String {
    let (minutes, earlier) = (time.num_minutes().abs(), time < chrono::TimeDelta::zero());
    let (text, count) = match (minutes, earlier) {
        (0..120, true) => (&words().minutes_earlier, minutes),
        (0..120, false) => (&words().minutes_later, minutes),
        (120..2880, true) => (&words().hours_earlier, minutes / 60),
        (120..2880, false) => (&words().hours_later, minutes / 60),
        (_, true) => (&words().days_earlier, minutes / 1440),
        (_, false) => (&words().days_later, minutes / 1440),
    };
    fill(text, &[("count", &count.to_string())])
}

fn tiles(ui: &mut Ui, leads: &[LeadPair]) {
    if leads.is_empty() {
        ui.label(&words().no_median);
        return;
    }
    let columns = ((ui.available_width() / (TILE + 6.0)) as usize).clamp(1, 6);
    let width = ui.available_width() / columns as f32 - 6.0;
    let shapes = || leads.iter().flat_map(|pair| [&pair.before, &pair.now]).flatten();
    // One scale for all, so that leads can be compared.
    let reach = shapes().flat_map(|shape| &shape.samples).filter(|v| v.is_finite()).fold(0.2_f32, |m, v| m.max(v.abs()));
    let begin = shapes().map(|shape| shape.start_ms).fold(0.0, f64::min);
    let end = shapes().map(|shape| shape.start_ms + shape.step_ms * shape.samples.len() as f64).fold(1.0, f64::max);
    for row in leads.chunks(columns) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            for pair in row {
                let (rect, response) = ui.allocate_exact_size(vec2(width, 92.0), Sense::hover());
                let told = tile_words(pair);
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, fill(&words().picture, &[("words", &told)])));
                let place = |ms: f64, mv: f32| {
                    let x = rect.left() + ((ms - begin) / (end - begin)) as f32 * rect.width();
                    pos2(x, rect.center().y - mv / reach * 0.46 * rect.height())
                };
                paint(&ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())), rect, pair, &place);
                response.on_hover_text(told);
            }
        });
    }
    ui.label(RichText::new(fill(&words().overlaid, &[("height", &format::plain(reach * 2.17))])).small());
}

fn tile_words(pair: &LeadPair) -> String {
    let lead = pair.lead.to_string();
    let mut text = match (&pair.before, &pair.now) {
        (None, _) => fill(&words().only_now, &[("lead", &lead)]),
        (_, None) => fill(&words().only_before, &[("lead", &lead)]),
        _ => lead,
    };
    if let Some(rms) = pair.rms_mv {
        text = fill(&words().rms, &[("text", &text), ("rms", &format::plain(rms))]);
    }
    if pair.changed { fill(&words().changed, &[("text", &text)]) } else { text }
}

fn paint(painter: &Painter, rect: Rect, pair: &LeadPair, place: &dyn Fn(f64, f32) -> Pos2) {
    painter.rect_filled(rect, 2.0, theme::palette().paper);
    painter.hline(rect.x_range(), place(0.0, 0.0).y, Stroke::new(1.0, theme::palette().fine));
    let draw = |shape: &Option<Shape>, colour, width| {
        let Some(shape) = shape else { return };
        for part in shape.samples.iter().enumerate().collect::<Vec<_>>().split(|(_, v)| !v.is_finite()) {
            let points = part.iter().map(|(i, v)| place(shape.start_ms + *i as f64 * shape.step_ms, **v)).collect();
            painter.add(Drawn::line(points, Stroke::new(width, colour)));
        }
    };
    draw(&pair.before, before(), 1.6);
    draw(&pair.now, theme::palette().trace, 1.2);
    painter.text(
        rect.min + vec2(4.0, 2.0),
        Align2::LEFT_TOP,
        pair.lead.to_string(),
        FontId::proportional(12.0),
        theme::palette().label,
    );
    let edge = if pair.changed { Stroke::new(2.0, theme::ui::caution()) } else { Stroke::new(1.0, theme::ui::line()) };
    painter.rect_stroke(rect, 2.0, edge, StrokeKind::Inside);
}

fn table(ui: &mut Ui, comparison: &Comparison) {
    if comparison.changes.is_empty() {
        ui.label(&words().not_measured);
        return;
    }
    Grid::new("changes").num_columns(5).spacing([12.0, 3.0]).striped(true).show(ui, |ui| {
        for (head, colour) in [
            (&words().measurement, theme::ui::weak()),
            (&words().before, before()),
            (&words().now, theme::ui::text()),
            (&words().change, theme::ui::text()),
            (&words().tolerance, theme::ui::weak()),
        ] {
            ui.label(RichText::new(head).small().strong().color(colour));
        }
        ui.end_row();
        // Lead by lead only what changed: the rest would bury it.
        for change in comparison.changes.iter().filter(|change| change.lead.is_none() || change.verdict == Verdict::Beyond) {
            row(ui, change);
            ui.end_row();
        }
    });
    let within = comparison.changes.iter().filter(|c| c.lead.is_some() && c.verdict == Verdict::Within).count();
    if within > 0 {
        let text = fill(&words().within, &[("count", &within.to_string())]);
        ui.label(RichText::new(text).small().color(theme::ui::weak()));
    }
}

fn row(ui: &mut Ui, change: &Change) {
    let beyond = change.verdict == Verdict::Beyond;
    let value = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format::measured(value, &change.unit));
    let name = format::measurement_name(&change.name);
    let colour = if beyond { theme::ui::caution() } else { theme::ui::text() };
    let name = if beyond { RichText::new(name).strong().color(colour) } else { RichText::new(name) };
    ui.label(name);
    ui.label(value(change.before));
    ui.label(value(change.now));
    let difference = match &change.verdict {
        Verdict::NotComparable(why) => {
            ui.label(RichText::new(&words().not_comparable).color(theme::ui::weak())).on_hover_text(why);
            None
        }
        _ => change.difference,
    };
    if let Some(difference) = difference {
        let sign = if difference > 0.0 { "+" } else { "" };
        let text = format!("{sign}{}{}", format::measured(difference, &change.unit), if beyond { " !" } else { "" });
        ui.label(if beyond { RichText::new(text).strong().color(colour) } else { RichText::new(text) });
    }
    ui.label(RichText::new(format::measured(change.tolerance.most, change.tolerance.unit)).small().color(theme::ui::weak()))
        .on_hover_text(change.tolerance.source);
}
