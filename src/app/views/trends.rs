//! Trends over the recording; a click goes there on the page.

use super::{Out, format};
use crate::{
    analysis::trends::{Series, Trends},
    app::{beside::Made, language, message::Message, page::time_axis, state::State, theme},
    recording::{BeatLabel, Recording},
    words::{fill, window},
};
use egui::{Color32, RichText, Ui, Vec2b};
use egui_plot::{Bar, BarChart, GridMark, Line, Plot, PlotPoint, PlotPoints, PlotUi, Points, VLine};

/// The words of this part.
fn words() -> &'static window::Trends {
    &language::window().trends
}

/// Points a line is drawn with at most.
const MOST_POINTS: usize = 3000;
/// Room for the numbers at the left, so that times stand below one another.
const LEFT: f32 = 44.0;
/// Width of QT against RR, as a share.
const SCATTER: f32 = 0.3;

/// Shows the trends of the open recording.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let Some(recording) = state.recording() else {
        ui.label(&words().no_recording);
        return;
    };
    let trends = match &state.beside.trends {
        Made::Ready(trends) => trends,
        Made::Failed(reason) => {
            ui.label(RichText::new(fill(&words().failed, &[("reason", reason)])).color(theme::ui::error()));
            return;
        }
        Made::Pending(_) => {
            ui.label(&words().computing);
            return;
        }
        Made::Not if state.analysis_failure.is_some() => {
            ui.label(&words().not_analysed);
            return;
        }
        Made::Not => {
            ui.label(&words().waiting);
            return;
        }
    };
    let (width, height) = (ui.available_width(), ui.available_height());
    ui.horizontal_top(|ui| {
        ui.allocate_ui(egui::vec2((1.0 - SCATTER) * width, height), |ui| {
            ui.vertical(|ui| over_time(ui, state, recording, trends, out))
        });
        ui.vertical(|ui| scatter(ui, state, recording, trends, out));
    });
}

/// The plots that share the axis of time.
fn over_time(ui: &mut Ui, state: &State, recording: &Recording, trends: &Trends, out: Out) {
    const PLOTS: f32 = 4.0;
    // Each has a line of text above it.
    let height = ((ui.available_height() - PLOTS * 21.0 - 18.0) / PLOTS).max(26.0);
    let plot = |ui: &mut Ui, name: &str, empty: Option<&str>, last: bool, out: Out, draw: &dyn Fn(&mut PlotUi)| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let told = empty.map_or_else(|| name.to_owned(), |why| fill(&words().empty, &[("name", name), ("why", why)]));
        ui.label(RichText::new(&told).small().color(theme::ui::weak()));
        let marked = (recording.rate.seconds(state.view.start), recording.rate.seconds(state.visible().end));
        let shown = Plot::new(("trend", name))
            .height(if last { height + 18.0 } else { height })
            .link_axis(egui::Id::unique("trends over time"), Vec2b::new(true, false))
            .link_cursor(egui::Id::unique("trends over time"), Vec2b::new(true, false))
            .default_x_bounds(0.0, trends.duration_s)
            .show_axes(Vec2b::new(last, true))
            .y_axis_min_width(LEFT)
            .allow_scroll(false)
            .allow_zoom(Vec2b::new(true, false))
            .allow_drag(Vec2b::new(true, false))
            .allow_boxed_zoom(false)
            .x_grid_spacer(|input| round_times(recording, input.bounds))
            .x_axis_formatter(|mark, _| format::whole(&format::time(recording, mark.value)))
            .show(ui, |plot| {
                draw(plot);
                for at in [marked.0, marked.1] {
                    plot.vline(VLine::new("the page", at).color(theme::ui::accent()).width(1.0).allow_hover(false));
                }
                plot.pointer_coordinate()
            });
        shown
            .response
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, fill(&words().plot, &[("name", &told)])));
        go(recording, shown.response.clicked(), shown.inner, out);
    };
    let rr = &trends.rr;
    plot(ui, &words().rr, none(rr, &words().no_beats), false, out, &|plot| {
        line(plot, rr, "RR", theme::beat(None), Some(2.0));
    });
    plot(ui, &words().rate, none(&trends.rate, &words().not_measurable), false, out, &|plot| {
        line(plot, &trends.rate, "rate", theme::ui::accent(), None);
    });
    let classified = trends.classes.iter().any(|bin| bin.counts.iter().any(|count| *count > 0));
    let of = fill(&words().classes, &[("seconds", &format::trimmed(trends.bin_s.round()))]);
    let (why, drawn) = match (state.machine_hidden(), classified) {
        (true, _) => (Some(words().hidden.as_str()), false),
        (false, classified) => ((!classified).then_some(words().not_classified.as_str()), classified),
    };
    plot(ui, &of, why, false, out, &|plot| {
        if drawn {
            classes(plot, trends);
        }
    });
    plot(ui, &words().quality, none(&trends.quality, &words().not_judged), true, out, &|plot| {
        line(plot, &trends.quality, "quality", theme::palette().waves[0], None);
    });
}

/// Lines at times that are round to people.
fn round_times(recording: &Recording, (from, to): (f64, f64)) -> Vec<GridMark> {
    const MOST: f64 = 10.0;
    let (step, times) = time_axis::ticks(from, to, time_axis::clock_offset(recording), MOST);
    times.into_iter().map(|value| GridMark { value, step_size: step }).collect()
}

fn none(series: &Series, why: &'static str) -> Option<&'static str> {
    series.points().is_empty().then_some(why)
}

/// A click goes to that second of the page.
fn go(recording: &Recording, clicked: bool, at: Option<PlotPoint>, out: Out) {
    if let (true, Some(at)) = (clicked, at) {
        out.push(Message::CentreOn(at.x.clamp(0.0, recording.duration_s())));
    }
}

/// A line that is broken where nothing was measured; `dots`: the size of single points, where they are few enough to be told apart.
fn line(plot: &mut PlotUi, series: &Series, name: &str, colour: Color32, dots: Option<f32>) {
    let bounds = plot.plot_bounds();
    let (from, to) = (bounds.min()[0], bounds.max()[0]);
    let (from, to) = if from < to { (from, to) } else { (f64::NEG_INFINITY, f64::INFINITY) };
    let lines = series.lines(from, to, MOST_POINTS);
    let count: usize = lines.iter().map(Vec::len).sum();
    for points in lines {
        if let (Some(size), true) = (dots, count < 400) {
            plot.points(Points::new(name, PlotPoints::from(points.clone())).color(colour).radius(size).allow_hover(false));
        } else if points.len() == 1 {
            plot.points(Points::new(name, PlotPoints::from(points.clone())).color(colour).radius(1.5).allow_hover(false));
        }
        plot.line(Line::new(name, PlotPoints::from(points)).color(colour).width(1.2).allow_hover(false));
    }
}

/// Stacked counts; normal beats lie at the bottom.
fn classes(plot: &mut PlotUi, trends: &Trends) {
    for (class, label) in BeatLabel::ALL.into_iter().enumerate() {
        let bars: Vec<Bar> = trends
            .classes
            .iter()
            .filter(|bin| bin.counts[class] > 0)
            .map(|bin| {
                let below: u32 = bin.counts[..class].iter().sum();
                Bar::new(bin.start_s + 0.5 * bin.length_s, f64::from(bin.counts[class]))
                    .width(bin.length_s)
                    .base_offset(f64::from(below))
                    .fill(theme::beat(Some(label)))
                    .stroke(egui::Stroke::NONE)
            })
            .collect();
        if !bars.is_empty() {
            plot.bar_chart(BarChart::new(label.letter(), bars).allow_hover(false));
        }
    }
}

/// QT against the RR interval before it.
fn scatter(ui: &mut Ui, state: &State, recording: &Recording, trends: &Trends, out: Out) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let count: u32 = trends.qt_rr.iter().map(|cell| cell.beats).sum();
    let told = match count {
        0 => words().no_qt.clone(),
        _ => fill(&words().qt, &[("count", &count.to_string())]),
    };
    let sampled = state.analysis.as_ref().is_some_and(|analysis| !analysis.windows.is_empty()) && count > 0;
    let note = if sampled { fill(&words().sampled, &[("text", &told)]) } else { told.clone() };
    ui.label(RichText::new(note).small().color(theme::ui::weak()));
    let shown = Plot::new("qt against rr")
        .height(ui.available_height().max(60.0))
        .y_axis_min_width(LEFT)
        .allow_scroll(false)
        .show(ui, |plot| {
            // Darker where there are more beats.
            let most = trends.qt_rr.iter().map(|cell| cell.beats).max().unwrap_or(1);
            for (from, to, strength) in [(0.0, 0.1, 0.35), (0.1, 0.4, 0.65), (0.4, 1.1, 1.0)] {
                let points: Vec<[f64; 2]> = trends
                    .qt_rr
                    .iter()
                    .filter(|cell| (from..to).contains(&(f64::from(cell.beats) / f64::from(most))))
                    .map(|cell| [cell.rr_ms, cell.qt_ms])
                    .collect();
                let colour = theme::ui::accent().gamma_multiply(strength);
                plot.points(Points::new("QT", PlotPoints::from(points)).color(colour).radius(2.5).allow_hover(false));
            }
            plot.pointer_coordinate()
        });
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, fill(&words().plot, &[("name", &told)])));
    if let (true, Some(at)) = (shown.response.clicked(), shown.inner) {
        let nearest = trends.qt_rr.iter().min_by(|a, b| {
            let away = |cell: &crate::analysis::trends::QtRr| (cell.rr_ms - at.x).powi(2) + (cell.qt_ms - at.y).powi(2);
            away(a).total_cmp(&away(b))
        });
        if let Some(cell) = nearest {
            out.push(Message::CentreOn(cell.at_s.min(recording.duration_s())));
        }
    }
}
