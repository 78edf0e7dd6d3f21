//! Groups of beats by shape, with their mean beats: for relabelling long recordings in bulk.

use super::{super::Out, send, weak};
use crate::{
    app::{
        review::{
            ReviewMessage,
            beats::Pick,
            jobs::{COMPARING, GROUPING},
            shapes::Grouped,
        },
        state::State,
        theme,
    },
    review::{
        BeatType,
        select::{Cluster, Clusters},
    },
    words::{Shapes, fill},
};
use egui::{Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Millivolts that a tile's height shows at least.
const LEAST_MV: f32 = 1.0;

/// Shows the groups, or the button that forms them.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let (shaped, words) = (&state.desk.shapes, &state.words().review.shapes);
    if shaped.busy.is_some() {
        // In a row of its own: the panel keeps its width.
        ui.horizontal_wrapped(|ui| working(ui, state, out));
    }
    ui.horizontal_wrapped(|ui| {
        if shaped.busy.is_some() {
            ui.label(&words.group);
        } else if ui.button(&words.group).on_hover_text(&words.group_help).clicked() {
            send(out, ReviewMessage::FindClusters);
        }
        let mut limit = shaped.limit;
        let slider = egui::Slider::new(&mut limit, 0.7..=0.98).text(&words.limit).step_by(0.01).fixed_decimals(2);
        let slider = ui.add(slider).on_hover_text(&words.limit_help);
        if slider.drag_stopped() || (slider.changed() && !slider.dragged()) {
            send(out, ReviewMessage::SetLimit(limit));
        }
    });
    let Some(grouped) = shaped.grouped.as_ref().filter(|_| shaped.shown) else { return };
    let clusters = &grouped.clusters;
    let leads: Vec<String> = clusters.leads.iter().map(ToString::to_string).collect();
    let count = clusters.clusters.len().to_string();
    weak(ui, &fill(&words.summary, &[("count", &count), ("leads", &leads.join(", "))]));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(5.0, 5.0);
        for (index, cluster) in clusters.clusters.iter().enumerate() {
            tile(ui, index, cluster, &types(state, grouped, index), words, out);
        }
    });
    if !clusters.unreadable.is_empty() {
        let text = fill(&words.unreadable, &[("count", &clusters.unreadable.len().to_string())]);
        if ui.button(text).clicked() {
            send(out, ReviewMessage::Pick(Pick::These(clusters.unreadable.clone())));
        }
    }
}

/// That shapes are being read or compared, how far, and the button that stops it.
pub fn working(ui: &mut Ui, state: &State, out: Out) {
    let Some(busy) = &state.desk.shapes.busy else { return };
    let words = &state.words().review.shapes;
    let stage = match busy.stage() {
        stage if stage == GROUPING => &words.grouping,
        stage if stage == COMPARING => &words.comparing,
        _ => &words.reading,
    };
    ui.label(stage);
    ui.add(egui::ProgressBar::new(busy.fraction()).desired_width(80.0).desired_height(8.0));
    if ui.small_button(&words.stop).on_hover_text(&words.stop_help).clicked() {
        send(out, ReviewMessage::StopShapes);
    }
}

/// One group: its mean beats one above the other, how many, and of which types.
fn tile(ui: &mut Ui, index: usize, cluster: &Cluster, types: &str, words: &Shapes, out: Out) {
    let (rect, response) = ui.allocate_exact_size(vec2(104.0, 104.0), Sense::click());
    let (number, count) = ((index + 1).to_string(), cluster.beats.len().to_string());
    let name = fill(&words.tile, &[("number", &number), ("count", &count), ("types", types)]);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if response.clicked() {
        send(out, ReviewMessage::Pick(Pick::These(cluster.beats.clone())));
    }
    if !ui.is_rect_visible(rect) {
        return;
    }
    let painter = ui.painter().with_clip_rect(rect);
    let edge = if response.hovered() || response.has_focus() { theme::ui::accent() } else { theme::ui::line() };
    painter.rect(rect, 3.0, theme::palette().paper, Stroke::new(1.0, edge), StrokeKind::Inside);
    let text = format!("{count}  {types}");
    let mut job = egui::text::LayoutJob::single_section(
        text,
        egui::TextFormat::simple(egui::FontId::proportional(12.0), theme::palette().label),
    );
    job.wrap = egui::text::TextWrapping::truncate_at_width(rect.width() - 8.0);
    painter.galley(rect.min + vec2(4.0, 2.0), painter.layout_job(job), theme::palette().label);
    let inner = Rect::from_min_max(rect.min + vec2(3.0, 19.0), rect.max - vec2(3.0, 3.0));
    let height = inner.height() / cluster.mean.len().max(1) as f32;
    let peak = cluster.mean.iter().flatten().filter(|v| v.is_finite()).fold(LEAST_MV, |peak, v| peak.max(v.abs()));
    for (lead, mean) in cluster.mean.iter().enumerate() {
        let middle = inner.top() + (lead as f32 + 0.5) * height;
        let step = inner.width() / mean.len().saturating_sub(1).max(1) as f32;
        let at = |(i, value): (usize, &f32)| pos2(inner.left() + i as f32 * step, middle - value / peak * 0.5 * height);
        let points = mean.iter().enumerate().filter(|(_, value)| value.is_finite()).map(at).collect();
        painter.add(egui::Shape::line(points, Stroke::new(1.2, theme::palette().trace)));
    }
    let r = inner.left()
        + Clusters::R as f32 * inner.width() / cluster.mean.first().map_or(1, Vec::len).saturating_sub(1).max(1) as f32;
    painter.vline(r, inner.bottom() - 3.0..=inner.bottom(), Stroke::new(1.0, theme::palette().note));
    response.on_hover_text(name);
}

/// The three most frequent types within a group.
fn types(state: &State, grouped: &Grouped, group: usize) -> String {
    let words = &state.words().review.shapes;
    let types = grouped.types.types(group, state.machine_hidden());
    let all: usize = types.iter().map(|(_, count)| count).sum();
    let share = |(label, count): &(Option<BeatType>, usize)| {
        let label = label.map_or_else(|| words.hidden_label.clone(), |label| label.to_string());
        if *count == all {
            return label;
        }
        let share = state.words().percent(*count as f64 / all.max(1) as f64);
        fill(&words.share, &[("label", &label), ("share", &share)])
    };
    types.iter().take(3).map(share).collect::<Vec<_>>().join(", ")
}
