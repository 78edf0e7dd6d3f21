//! The page with what is printed around it.

use super::{Out, compare, filter, format, legend, on_page, overview, review};
use crate::{
    app::{
        drawer::Drawer,
        inbox, language,
        message::Message,
        page::{geometry::Geometry, marks, paint, paint::Cache},
        state::State,
        theme, waves,
    },
    layout::{Layout, Shows},
    recording::Recording,
    words::{fill, window::Page},
};
use egui::{Frame, Key, Margin, Rect, Response, RichText, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

/// The words of this part.
fn words() -> &'static Page {
    &language::window().page
}

/// Shows header, legend, page, footer and, where there is more than the page, the overview.
pub fn show(ui: &mut Ui, state: &State, cache: &mut Cache, out: Out) {
    let Some(recording) = state.recording().cloned() else { return empty(ui, state, out) };
    let margin = Margin::symmetric(10, 4);
    egui::Panel::top("page_header").frame(Frame::new().fill(theme::ui::sheet()).inner_margin(margin)).show(ui, |ui| {
        header(ui, state, &recording, out);
        if !recording.leads.is_empty() {
            legend::show(ui, state, out);
        }
    });
    if recording.leads.is_empty() {
        return no_signals(ui, &recording);
    }
    let fill = Frame::new().fill(theme::ui::sheet()).inner_margin(margin);
    egui::Panel::bottom("page_footer").frame(fill).show(ui, |ui| footer(ui, state, &recording));
    if state.is_longer_than_page() {
        let frame = Frame::new().fill(theme::ui::sheet()).inner_margin(Margin::symmetric(10, 3));
        egui::Panel::bottom("overview")
            .frame(frame)
            .exact_size(58.0)
            .show(ui, |ui| overview::show(ui, state, &mut cache.overview, out));
    }
    compare::show(ui, state, out);
    egui::CentralPanel::no_frame().show(ui, |ui| canvas(ui, state, &recording, cache, out));
}

fn empty(ui: &mut Ui, state: &State, out: Out) {
    egui::CentralPanel::default().show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space(0.3 * ui.available_height());
            match &state.opening {
                Some(opening) => {
                    ui.heading(fill(&words().opening, &[("path", &opening.path.display().to_string())]));
                    ui.add_space(8.0);
                    ui.add(egui::ProgressBar::new(opening.progress.fraction()).desired_width(280.0));
                }
                None if state.not_opened.is_some() => not_opened(ui, state),
                None => {
                    ui.heading(&words().drop);
                    ui.add_space(4.0);
                    ui.label(&words().formats);
                    ui.add_space(10.0);
                    if ui.button(&words().choose).clicked() {
                        out.push(Message::ShowDialog { folder: false });
                    }
                }
            }
        });
    });
}

/// A file without an ECG: nothing to lay out.
fn no_signals(ui: &mut Ui, recording: &Recording) {
    egui::CentralPanel::default().show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space(0.3 * ui.available_height());
            ui.heading(match recording.annotations.iter().map(|set| set.annotations.len()).sum::<usize>() {
                0 => &words().no_signals,
                _ => &words().only_annotations,
            });
            let others = recording.other_signals.len();
            if others > 0 {
                ui.add_space(4.0);
                ui.label(fill(&words().other_signals, &[("count", &others.to_string())]));
            }
        });
    });
}

/// An entry of the worklist that could not be opened, and why.
fn not_opened(ui: &mut Ui, state: &State) {
    let Some((path, reason)) = &state.not_opened else { return };
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    ui.heading(fill(&words().not_opened, &[("name", &name)]));
    ui.add_space(6.0);
    ui.set_max_width(560.0);
    ui.add(egui::Label::new(RichText::new(reason).color(theme::ui::error())).wrap());
}

fn header(ui: &mut Ui, state: &State, recording: &Recording, out: Out) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 14.0;
        if recording.simulated {
            let text = RichText::new(format!("  {}  ", words().simulated))
                .strong()
                .color(theme::ui::caution())
                .background_color(theme::ui::caution_soft());
            ui.label(text).on_hover_text(&words().simulated_help);
        }
        review::tag::page(ui, state);
        ui.label(RichText::new(&recording.name).size(17.0).strong()).on_hover_text(recording.path.display().to_string());
        let mut facts = Vec::new();
        facts.extend(recording.patient.name.clone());
        facts.extend(recording.patient.id.clone().map(|id| fill(&words().id, &[("id", &id)])));
        facts.extend(recording.start.map(|start| language::words().moment(start)));
        facts.push(format::length(recording.duration_s()));
        let rate = format::trimmed(recording.rate.hz());
        facts.push(match recording.leads.len() {
            1 => fill(&words().one_lead_hz, &[("rate", &rate)]),
            count => fill(&words().leads_hz, &[("count", &count.to_string()), ("rate", &rate)]),
        });
        facts.push(recording.format.name().to_uppercase());
        for fact in facts {
            // A fact moves to the next line whole.
            ui.add(egui::Label::new(RichText::new(fact).color(theme::ui::weak())).extend());
        }
        let repairs = inbox::repairs(state).len();
        if repairs > 0 {
            let text = match repairs {
                1 => words().one_repair.clone(),
                count => fill(&words().repairs, &[("count", &count.to_string())]),
            };
            let button = egui::Button::new(RichText::new(text).color(theme::ui::caution())).fill(theme::ui::caution_soft());
            if ui.add(button).on_hover_text(&words().repairs_help).clicked() {
                out.push(Message::ToggleDrawer(Drawer::Messages));
            }
        }
    });
}

/// What a printed page states: speed, gain, filter, order, time, and that a screen is no paper.
fn footer(ui: &mut Ui, state: &State, recording: &Recording) {
    let (geometry, layout, scale) = (state.geometry(), state.layout(), state.view.scale);
    let order = order(state, recording, &layout, &geometry);
    let start = recording.rate.seconds(state.view.start);
    let end = (start + geometry.visible_s()).min(recording.duration_s());
    let span = if recording.start.is_some() { &words().clock } else { &words().elapsed };
    let span = fill(span, &[("from", &format::time(recording, start)), ("to", &format::time(recording, end))]);
    let uncalibrated = recording.leads.iter().any(|signal| !signal.calibrated);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        let band = state.filtering.label(recording.rate);
        let caution = state.filtering.caution(recording.rate).is_some();
        let paper = [scale.speed.label(), scale.gain.label()].map(language::decimal);
        let scales = RichText::new(format!("{} · {} · {band}", paper[0], paper[1])).strong();
        ui.label(if caution { scales.color(theme::ui::caution()) } else { scales });
        if state.filtering.applied(recording.rate).high_pass.is_none() {
            ui.label(RichText::new(&words().centred));
        }
        ui.label(RichText::new(order));
        ui.label(RichText::new(span));
        if let Some(text) = waves_note(state, &geometry) {
            ui.label(RichText::new(text).color(theme::ui::caution()));
        }
        if uncalibrated {
            ui.label(RichText::new(&words().uncalibrated).color(theme::ui::caution()));
        }
        ui.label(RichText::new(paper_size(state, &geometry)).color(theme::ui::weak()));
    });
}

/// What stands beside what.
fn order(state: &State, recording: &Recording, layout: &Layout, geometry: &Geometry) -> String {
    let (count, column_s) = (layout.columns.to_string(), format::trimmed(geometry.column_s()));
    let columns = [("columns", count.as_str()), ("seconds", column_s.as_str())];
    match layout.shows {
        Shows::MedianBeats => words().median_beats.clone(),
        Shows::OneLead => {
            let lead = state.paper.lead.min(recording.leads.len().saturating_sub(1));
            let name = recording.leads.get(lead).map(|signal| signal.lead.to_string()).unwrap_or_default();
            let (number, count) = ((lead + 1).to_string(), recording.leads.len().to_string());
            fill(&words().one_lead, &[("lead", &name), ("number", &number), ("count", &count)])
        }
        Shows::Strips if layout.is_sequential() => fill(&words().sequential, &columns),
        Shows::Strips if layout.columns > 1 => fill(&words().same_time, &columns),
        Shows::Strips => words().simultaneous.clone(),
    }
}

/// How the paper on the screen compares to real paper.
fn paper_size(state: &State, geometry: &Geometry) -> String {
    match state.paper.true_px_per_mm() {
        None => words().not_calibrated.clone(),
        Some(px_per_mm) => match (100.0 * geometry.px_per_mm / px_per_mm).round() {
            100.0 => words().true_size.clone(),
            percent => fill(&words().true_share, &[("percent", &percent.to_string())]),
        },
    }
}

/// Why waves are not marked though they are wanted.
fn waves_note(state: &State, geometry: &Geometry) -> Option<String> {
    if !state.waves.visible || state.analysis.is_none() {
        return None;
    }
    if let Some(reason) = waves::missing(state) {
        return Some(fill(&words().no_waves, &[("reason", &language::said(&reason))]));
    }
    if state.waves.is_busy() {
        return Some(words().waves_sought.clone());
    }
    (!marks::fit(geometry)).then(|| words().waves_larger.clone())
}

fn canvas(ui: &mut Ui, state: &State, recording: &Recording, cache: &mut Cache, out: Out) {
    let size = ui.available_size();
    if [size.x, size.y] != state.page_size {
        out.push(Message::PageSized([size.x, size.y]));
    }
    let geometry = state.geometry();
    let higher = geometry.height > geometry.size[1] + 0.5;
    let source = egui::scroll_area::ScrollSource { drag: egui::scroll_area::DragScroll::Never, ..Default::default() };
    egui::ScrollArea::vertical().id_salt("page").auto_shrink(false).scroll_source(source).show(ui, |ui| {
        let (rect, response) = ui.allocate_exact_size(vec2(size.x, geometry.height), Sense::click_and_drag());
        response.widget_info(|| {
            let names: Vec<String> = recording.leads.iter().map(|signal| signal.lead.to_string()).collect();
            WidgetInfo::labeled(Role::Image, true, fill(&words().picture, &[("leads", &names.join(", "))]))
        });
        let seen = rect.intersect(ui.clip_rect());
        cache.paint(ui.painter(), rect, state, theme::palette(), |painter| filter::paint_banner(painter, state, seen));
        if higher && !ui.ctx().text_edit_focused() {
            let pressed = |key| ui.input(|input| input.key_pressed(key));
            let rows = f32::from(pressed(Key::ArrowUp)) - f32::from(pressed(Key::ArrowDown));
            ui.scroll_with_delta(vec2(0.0, rows * geometry.row_height()));
        }
        review::on_page::paint(ui.painter(), state, rect);
        let labelling = review::pointer::show(ui, state, &response, rect, out);
        let taken = on_page::show(ui, state, &response, rect, out) || labelling;
        navigate(ui, &response, rect, &geometry, higher, taken, out);
        point(ui, state, &response, rect, &geometry, out);
        filter::banner(ui, state, seen, out);
    });
}

fn navigate(ui: &Ui, response: &Response, rect: Rect, geometry: &Geometry, higher: bool, taken: bool, out: Out) {
    let seconds = |points: f32| f64::from(points / geometry.px_per_s);
    if !taken && response.dragged() && response.drag_delta().x != 0.0 {
        out.push(Message::ScrollBy(-seconds(response.drag_delta().x)));
    }
    if !response.hovered() {
        return;
    }
    let (wheel, zoom) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
    // Down and right both mean later, except where down shows the rows below.
    let wheel = if higher { wheel.x } else { wheel.x + wheel.y };
    if zoom != 1.0 {
        let x = response.hover_pos().map(|at| at.x - rect.left());
        out.push(Message::ZoomAt { factor: zoom, x });
    } else if wheel != 0.0 {
        out.push(Message::ScrollBy(-seconds(wheel)));
    }
}

fn point(ui: &Ui, state: &State, response: &Response, rect: Rect, geometry: &Geometry, out: Out) {
    let cursor = response.hover_pos().and_then(|at| paint::cursor_at(state, rect, at));
    if let (Some(at), Some(_)) = (response.hover_pos(), &cursor)
        && let Some(row) = geometry.row_at(at.y - rect.top())
    {
        let top = rect.top() + geometry.row_top(row);
        ui.painter().vline(at.x, top..=top + geometry.row_height(), Stroke::new(1.0, theme::ui::accent().gamma_multiply(0.5)));
    }
    if cursor != state.cursor {
        out.push(Message::PointAt(cursor));
    }
}
