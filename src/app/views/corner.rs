//! The measurements that stand in the corner of a clinical ECG.

use super::{
    Out, format, leads,
    measured::{self, Against},
    widgets::{folded, section},
};
use crate::{
    analysis::Analysis,
    app::{language, measuring::Qtc, message::Message, page::spans, state::State, theme, waves},
    signal::measurements::{Measured, Measurements},
    words::{fill, window},
};
use egui::{ComboBox, FontId, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// The words of this part.
fn words() -> &'static window::Measurements {
    &language::window().measurements
}

/// Panels narrower than this have one column.
const TWO_COLUMNS: f32 = 300.0;
const ROW: f32 = 21.0;

/// The left column.
const LEFT: [&str; 7] = ["heart_rate", "pr", "p_duration", "qrs", "qt", "sokolow_lyon", "cornell"];
/// The right column, below the corrections of the QT interval.
const RIGHT: [&str; 4] = ["p_axis", "qrs_axis", "t_axis", "qrs_t_angle"];
/// Told within others.
const WITHIN: [&str; 2] = ["heart_rate_min", "heart_rate_max"];

/// The right column, the preferred correction of the QT interval first.
fn right(preferred: Qtc) -> Vec<&'static str> {
    let others = Qtc::ALL.into_iter().filter(|qtc| *qtc != preferred).map(Qtc::measurement);
    [preferred.measurement()].into_iter().chain(others).chain(RIGHT).collect()
}

/// Shows the table, what of the chosen measurement is seen on the page, and what could not be measured.
pub fn show(ui: &mut Ui, state: &State, analysis: &Analysis, out: Out) {
    let all = &analysis.measurements;
    if all.0.is_empty() {
        return;
    }
    section(ui, &words().heading);
    let corner: Vec<&str> = LEFT.into_iter().chain(right(state.qtc)).collect();
    let made = |names: &[&'static str]| -> Vec<(&str, &Measured)> {
        names.iter().filter_map(|name| Some((*name, all.get(name).filter(|m| m.value.is_some())?))).collect()
    };
    let (left, right) = (made(&LEFT), made(&right(state.qtc)));
    table(ui, state, all, [&left, &right], out);
    if right.iter().any(|(name, _)| name.starts_with("qtc_")) {
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
        folded(ui, &words().further, |ui| {
            let made: Vec<_> = further.iter().filter(|(_, m)| m.value.is_some()).copied().collect();
            let (left, right) = made.split_at(made.len().div_ceil(2));
            table(ui, state, all, [left, right], out);
            remarks(ui, &further);
        });
    }
    leads::show(ui, state, all, out);
}

/// Two columns side by side, or one below the other where there is no room.
fn table(ui: &mut Ui, state: &State, all: &Measurements, columns: [&[(&str, &Measured)]; 2], out: Out) {
    const GAP: f32 = 10.0;
    let [left, right] = columns;
    let beside = ui.available_width() >= TWO_COLUMNS;
    let rows = if beside { left.len().max(right.len()) } else { left.len() + right.len() };
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), rows as f32 * ROW), Sense::hover());
    let (width, second) = if beside {
        let width = 0.5 * (area.width() - GAP);
        (width, vec2(width + GAP, 0.0))
    } else {
        (area.width(), vec2(0.0, left.len() as f32 * ROW))
    };
    for (rows, offset) in [(left, vec2(0.0, 0.0)), (right, second)] {
        for (row, (name, measured)) in rows.iter().enumerate() {
            let rect = Rect::from_min_size(area.min + offset + vec2(0.0, row as f32 * ROW), vec2(width, ROW));
            entry(ui, state, all, name, measured, rect, out);
        }
    }
}

fn entry(ui: &mut Ui, state: &State, all: &Measurements, name: &str, measured: &Measured, rect: Rect, out: Out) {
    let label = format::measurement_name(name);
    let range = if name == "heart_rate" { range(all) } else { None };
    let selected = state.measurement.as_deref() == Some(name);
    let response = ui.interact(rect, ui.scope_id().with(("measurement", name)), Sense::click());
    let with_range = |value: String| match &range {
        Some(range) => fill(&words().ranged, &[("value", &value), ("range", range)]),
        None => value,
    };
    let spoken = format!("{label}: {}", with_range(measured::spoken(measured)));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &spoken));
    let painter = ui.painter();
    let edge = if response.has_focus() { Stroke::new(2.0, theme::ui::accent()) } else { Stroke::NONE };
    let fill = match (selected, response.hovered()) {
        (true, _) => theme::lit_soft(),
        (false, true) => theme::ui::bar(),
        (false, false) => egui::Color32::TRANSPARENT,
    };
    painter.rect(rect, 3.0, fill, edge, StrokeKind::Inside);
    let against = Against::of(measured);
    let text = with_range(measured::value(measured));
    // Of the corrections of the QT interval one is read, the others are for comparison.
    // Its range leaves little room.
    let painted = if name == "heart_rate" { &words().rate } else { &label };
    let aside = name.starts_with("qtc_") && name != state.qtc.measurement() && against == Against::Within;
    let colour = if aside { theme::ui::weak() } else { against.colour() };
    let value = painter.layout_no_wrap(text, FontId::proportional(13.5), colour);
    // Room for the arrow is kept where there is none, so that numbers stand in line.
    let right = rect.right() - measured::ARROW - 6.0;
    against.arrow(painter, pos2(right + 2.0, rect.center().y));
    let left = right - value.size().x;
    let mut job = egui::text::LayoutJob::simple_singleline(painted.to_owned(), FontId::proportional(13.0), theme::ui::weak());
    job.wrap = egui::text::TextWrapping::truncate_at_width((left - rect.left() - 8.0).max(12.0));
    let name_galley = painter.layout_job(job);
    painter.galley(pos2(rect.left() + 4.0, rect.center().y - 0.5 * name_galley.size().y), name_galley, theme::ui::weak());
    painter.galley(pos2(left, rect.center().y - 0.5 * value.size().y), value, theme::ui::text());
    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_ui(|ui| {
        measured::show_details(ui, &spoken, measured);
        ui.label(RichText::new(&words().click).small().color(theme::ui::weak()));
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
        let label = ui.label(RichText::new(&words().qtc).small().color(theme::ui::weak()));
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
    egui::Frame::new().fill(theme::lit_soft()).corner_radius(4.0).inner_margin(egui::Margin::symmetric(8, 5)).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        measured::show_details(ui, &title, measured);
        ui.add(egui::Label::new(RichText::new(in_view(state)).size(13.0)).wrap());
        if ui.button(&words().clear).clicked() {
            out.push(Message::ChooseMeasurement(name.to_owned()));
        }
    });
}

/// What is lit up, and the lengths of the spans that are seen.
pub fn in_view(state: &State) -> String {
    let (Some(lit), Some(recording)) = (spans::lit(state), state.recording()) else {
        return words().no_place.clone();
    };
    let visible = state.visible();
    let view = visible.start.0 as f64..visible.end.0 as f64;
    let lengths = lit.lengths_ms(view, recording.rate.hz());
    let place = match lit.leads.as_deref() {
        // Of all leads together anyway.
        None if lit.words == language::window().spans.rr => fill(&words().place, &[("words", lit.words)]),
        None => fill(&words().place_all, &[("words", lit.words)]),
        Some(leads) => {
            let leads: Vec<String> = leads.iter().map(ToString::to_string).collect();
            fill(&words().place_in, &[("words", lit.words), ("leads", &leads.join(", "))])
        }
    };
    let place_then = |text: &str| fill(text, &[("place", &place)]);
    match (lengths.first(), lengths.get(lengths.len() / 2), lengths.last()) {
        (Some(low), Some(middle), Some(high)) if lit.length => {
            let [low, middle, high] = [low, middle, high].map(|ms| format!("{ms:.0}"));
            let count = format::count(lengths.len());
            fill(&words().lengths, &[("place", &place), ("count", &count), ("low", &low), ("high", &high), ("middle", &middle)])
        }
        (Some(_), ..) => place,
        _ if state.waves.is_busy() => place_then(&words().sought),
        _ => match waves::missing(state) {
            Some(reason) => fill(&words().nothing_lit, &[("reason", &language::said(&reason))]),
            None => place_then(&words().none_in_view),
        },
    }
}

/// Warnings and reasons, each told once with all it holds for.
fn remarks(ui: &mut Ui, rows: &[(&str, &Measured)]) {
    let mut warnings: Vec<(&str, Vec<String>)> = Vec::new();
    let mut missing: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, measured) in rows {
        let (list, text) = match (measured.value, &measured.warning) {
            (None, _) => (&mut missing, measured.reason.as_deref().unwrap_or(&words().no_reason)),
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
        let text = format!("{}: {}", names.join(", "), language::said(warning));
        ui.add(egui::Label::new(RichText::new(text).size(13.0).color(theme::ui::caution())).wrap());
    }
    for (reason, names) in missing {
        let text = fill(&words().missing, &[("names", &names.join(", ")), ("reason", &language::said(reason))]);
        ui.add(egui::Label::new(RichText::new(text).size(13.0).color(theme::ui::weak())).wrap());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_correction_stands_first() {
        for preferred in Qtc::ALL {
            let names = right(preferred);
            assert_eq!(names[0], preferred.measurement());
            assert_eq!(names.iter().filter(|name| name.starts_with("qtc_")).count(), 4);
        }
    }

    #[test]
    fn nothing_stands_in_the_corner_twice() {
        let mut names: Vec<&str> = LEFT.into_iter().chain(right(Qtc::Bazett)).chain(WITHIN).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
