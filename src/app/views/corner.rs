//! The measurements that stand in the corner of a clinical ECG.

use super::{
    Out, format, leads,
    measured::{self, Against},
    widgets::section,
};
use crate::{
    analysis::Analysis,
    app::{measuring::Qtc, message::Message, page::spans, state::State, theme, waves},
    signal::measurements::{Measured, Measurements},
};
use egui::{ComboBox, FontId, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Panels narrower than this have one column.
const TWO_COLUMNS: f32 = 300.0;
const ROW: f32 = 21.0;

/// What stands in the corner before and after the corrections of the QT interval.
const BEFORE: [&str; 5] = ["heart_rate", "p_duration", "pr", "qrs", "qt"];
const AFTER: [&str; 6] = ["p_axis", "qrs_axis", "t_axis", "qrs_t_angle", "sokolow_lyon", "cornell"];
/// Told within others.
const WITHIN: [&str; 2] = ["heart_rate_min", "heart_rate_max"];

/// Names of the corner, the preferred correction of the QT interval before the others.
fn names(preferred: Qtc) -> Vec<&'static str> {
    let others = Qtc::ALL.into_iter().filter(|qtc| *qtc != preferred).map(Qtc::measurement);
    BEFORE.into_iter().chain([preferred.measurement()]).chain(others).chain(AFTER).collect()
}

/// Shows the table, what of the chosen measurement is seen on the page, and what could not be measured.
pub fn show(ui: &mut Ui, state: &State, analysis: &Analysis, out: Out) {
    let all = &analysis.measurements;
    if all.0.is_empty() {
        return;
    }
    section(ui, "Measurements");
    let corner = names(state.qtc);
    let made: Vec<(&str, &Measured)> =
        corner.iter().filter_map(|name| Some((*name, all.get(name).filter(|m| m.value.is_some())?))).collect();
    table(ui, state, all, &made, out);
    if made.iter().any(|(name, _)| name.starts_with("qtc_")) {
        formula(ui, state, out);
    }
    chosen(ui, state, out);
    let told: Vec<(&str, &Measured)> = corner.iter().filter_map(|name| Some((*name, all.get(name)?))).collect();
    remarks(ui, &told);
    let leads = state.lead_names();
    let further: Vec<(&str, &Measured)> = all
        .0
        .iter()
        .map(|(name, measured)| (name.as_str(), measured))
        .filter(|(name, _)| !corner.contains(name) && !WITHIN.contains(name) && spans::by_lead(name, &leads).is_none())
        .collect();
    if !further.is_empty() {
        egui::CollapsingHeader::new("Further measurements").show(ui, |ui| {
            let made: Vec<_> = further.iter().filter(|(_, m)| m.value.is_some()).copied().collect();
            table(ui, state, all, &made, out);
            remarks(ui, &further);
        });
    }
    leads::show(ui, state, all, out);
}

/// Two columns, read down the first and then the second.
fn table(ui: &mut Ui, state: &State, all: &Measurements, rows: &[(&str, &Measured)], out: Out) {
    let columns = if ui.available_width() >= TWO_COLUMNS { 2 } else { 1 };
    let height = rows.len().div_ceil(columns);
    let gap = 10.0;
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), height as f32 * ROW), Sense::hover());
    let width = (area.width() - gap * (columns - 1) as f32) / columns as f32;
    for (index, (name, measured)) in rows.iter().enumerate() {
        let (column, row) = (index / height.max(1), index % height.max(1));
        let min = area.min + vec2(column as f32 * (width + gap), row as f32 * ROW);
        let rect = Rect::from_min_size(min, vec2(width, ROW));
        entry(ui, state, all, name, measured, rect, out);
    }
}

fn entry(ui: &mut Ui, state: &State, all: &Measurements, name: &str, measured: &Measured, rect: Rect, out: Out) {
    let label = format::measurement_name(name);
    let range = if name == "heart_rate" { range(all) } else { None };
    let selected = state.measurement.as_deref() == Some(name);
    let response = ui.interact(rect, ui.scope_id().with(("measurement", name)), Sense::click());
    let spoken = match &range {
        Some(range) => format!("{label}: {} ({range})", measured::spoken(measured)),
        None => format!("{label}: {}", measured::spoken(measured)),
    };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &spoken));
    let painter = ui.painter();
    let edge = if response.has_focus() { Stroke::new(2.0, theme::ui::ACCENT) } else { Stroke::NONE };
    let fill = match (selected, response.hovered()) {
        (true, _) => theme::LIT_SOFT,
        (false, true) => theme::ui::BAR,
        (false, false) => egui::Color32::TRANSPARENT,
    };
    painter.rect(rect, 3.0, fill, edge, StrokeKind::Inside);
    let against = Against::of(measured);
    let mut text = measured::value(measured);
    if let Some(range) = range {
        text.push_str(&format!(" ({range})"));
    }
    let strong = against != Against::Within || name == state.qtc.measurement();
    let value = RichText::new(text).size(13.0).color(against.colour());
    let value = if strong { value.strong() } else { value };
    let value = egui::WidgetText::from(value).into_galley(
        ui,
        Some(egui::TextWrapMode::Extend),
        f32::INFINITY,
        FontId::proportional(13.0),
    );
    // Room for the arrow is kept where there is none, so that numbers stand in line.
    let right = rect.right() - measured::ARROW - 6.0;
    against.arrow(painter, pos2(right + 2.0, rect.center().y));
    let left = right - value.size().x;
    let mut job = egui::text::LayoutJob::simple_singleline(label.clone(), FontId::proportional(13.0), theme::ui::WEAK);
    job.wrap = egui::text::TextWrapping::truncate_at_width((left - rect.left() - 8.0).max(12.0));
    let name_galley = painter.layout_job(job);
    painter.galley(pos2(rect.left() + 4.0, rect.center().y - 0.5 * name_galley.size().y), name_galley, theme::ui::WEAK);
    painter.galley(pos2(left, rect.center().y - 0.5 * value.size().y), value, theme::ui::TEXT);
    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_ui(|ui| {
        measured::show_details(ui, &spoken, measured);
        ui.label(RichText::new("Click to light up on the page what it was measured on").small().color(theme::ui::WEAK));
    });
    if response.clicked() {
        out.push(Message::ChooseMeasurement(name.to_owned()));
    }
}

/// Lowest to highest rate.
fn range(all: &Measurements) -> Option<String> {
    let whole = |name: &str| Some(format::trimmed(all.value(name)?.round()));
    Some(format!("{}–{}", whole("heart_rate_min")?, whole("heart_rate_max")?))
}

/// Which correction stands first.
fn formula(ui: &mut Ui, state: &State, out: Out) {
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new("QTc shown first").small().color(theme::ui::WEAK));
        let mut chosen = state.qtc;
        let combo = ComboBox::from_id_salt("qtc").selected_text(chosen.label()).width(110.0);
        let shown = combo.show_ui(ui, |ui| {
            for qtc in Qtc::ALL {
                ui.selectable_value(&mut chosen, qtc, qtc.label());
            }
        });
        shown.response.labelled_by(label.id);
        if chosen != state.qtc {
            out.push(Message::SetQtc(chosen));
        }
    });
}

/// What of the chosen measurement is to be seen on the page.
fn chosen(ui: &mut Ui, state: &State, out: Out) {
    let Some((name, measured)) = state.chosen_measurement() else { return };
    let title = format!("{} {}", format::measurement_name(name), measured::told(measured));
    egui::Frame::new().fill(theme::LIT_SOFT).corner_radius(4.0).inner_margin(egui::Margin::symmetric(8, 5)).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        measured::show_details(ui, &title, measured);
        ui.add(egui::Label::new(RichText::new(in_view(state)).size(13.0)).wrap());
        if ui.button("Clear (Esc)").clicked() {
            out.push(Message::ChooseMeasurement(name.to_owned()));
        }
    });
}

/// What is lit up, and the lengths of the spans that are seen.
pub fn in_view(state: &State) -> String {
    let (Some(lit), Some(recording)) = (spans::lit(state), state.recording()) else {
        return "It has no place in time that could be lit up.".to_owned();
    };
    let visible = state.visible();
    let view = visible.start.0 as f64..visible.end.0 as f64;
    let lengths = lit.lengths_ms(view, recording.rate.hz());
    let scope = match lit.leads.as_deref() {
        None => "over all leads".to_owned(),
        Some(leads) => format!("in {}", leads.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    };
    let scope = if lit.words == "R peak to R peak" { String::new() } else { format!(", {scope}") };
    let place = format!("On the page: {}{scope}", lit.words);
    match (lengths.first(), lengths.get(lengths.len() / 2), lengths.last()) {
        (Some(low), Some(middle), Some(high)) if lit.length => {
            format!("{place}; {} in view, {low:.0} to {high:.0} ms, median {middle:.0} ms", format::count(lengths.len()))
        }
        (Some(_), ..) => place,
        _ if state.waves.is_busy() => format!("{place}; looking for waves ..."),
        _ => match waves::missing(state) {
            Some(reason) => format!("Nothing can be lit up: {reason}"),
            None => format!("{place}; none in view"),
        },
    }
}

/// Warnings and reasons, each told once with all it holds for.
fn remarks(ui: &mut Ui, rows: &[(&str, &Measured)]) {
    let mut warnings: Vec<(&str, Vec<String>)> = Vec::new();
    let mut missing: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, measured) in rows {
        let (list, text) = match (measured.value, &measured.warning) {
            (None, _) => (&mut missing, measured.reason.as_deref().unwrap_or("no reason given")),
            (Some(_), Some(warning)) => (&mut warnings, warning.as_str()),
            (Some(_), None) => continue,
        };
        let name = format::measurement_name(name);
        match list.iter_mut().find(|(known, _)| *known == text) {
            Some((_, names)) => names.push(name),
            None => list.push((text, vec![name])),
        }
    }
    for (warning, names) in warnings {
        let text = format!("{}: {warning}", names.join(", "));
        ui.add(egui::Label::new(RichText::new(text).size(13.0).color(theme::ui::CAUTION)).wrap());
    }
    for (reason, names) in missing {
        let text = format!("{}: not measurable: {reason}", names.join(", "));
        ui.add(egui::Label::new(RichText::new(text).size(13.0).color(theme::ui::WEAK)).wrap());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_correction_stands_first() {
        for preferred in Qtc::ALL {
            let names = names(preferred);
            let corrections: Vec<_> = names.iter().filter(|name| name.starts_with("qtc_")).collect();
            assert_eq!(*corrections[0], preferred.measurement());
            assert_eq!(corrections.len(), 4);
            assert_eq!(names.iter().position(|name| *name == "qt"), Some(4));
        }
    }
}
