//! Groups of beats by shape, with their mean beats: for relabelling long recordings in bulk.

use super::{super::Out, send, weak};
use crate::{
    app::{
        review::{ReviewMessage, beats::Pick},
        state::State,
        theme,
    },
    review::{
        BeatType, Review,
        select::{Cluster, Clusters},
    },
};
use egui::{Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use std::collections::BTreeMap;

/// Millivolts that a tile's height shows at least.
const LEAST_MV: f32 = 1.0;

/// Shows the groups, or the button that forms them.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let shaped = &state.desk.shapes;
    ui.horizontal_wrapped(|ui| {
        if let Some(busy) = &shaped.busy {
            ui.label(busy.stage());
            ui.add(egui::ProgressBar::new(busy.fraction()).desired_width(120.0).desired_height(8.0));
        } else if ui.button("Group by shape").on_hover_text("Beats of one shape together, with their mean beat").clicked() {
            send(out, ReviewMessage::FindClusters);
        }
        let mut limit = shaped.limit;
        let slider = egui::Slider::new(&mut limit, 0.7..=0.98).text("alike from").step_by(0.01).fixed_decimals(2);
        let slider = ui.add(slider).on_hover_text("Correlation from which two beats count as alike");
        if slider.drag_stopped() || (slider.changed() && !slider.dragged()) {
            send(out, ReviewMessage::SetLimit(limit));
        }
    });
    let (Some(known), Some(review)) = (shaped.known.as_ref().filter(|_| shaped.shown), state.desk.review()) else { return };
    let clusters = &known.clusters;
    let hidden = state.machine_hidden();
    let leads: Vec<String> = clusters.leads.iter().map(ToString::to_string).collect();
    weak(ui, &format!("{} shapes in {}; a press chooses all of one", clusters.clusters.len(), leads.join(", ")));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(5.0, 5.0);
        for (index, cluster) in clusters.clusters.iter().enumerate() {
            tile(ui, index, cluster, review, hidden, out);
        }
    });
    if !clusters.unreadable.is_empty() {
        let text = format!("{} beats without a readable signal", clusters.unreadable.len());
        if ui.button(text).clicked() {
            send(out, ReviewMessage::Pick(Pick::These(clusters.unreadable.clone())));
        }
    }
}

/// One group: its mean beats one above the other, how many, and of which types.
fn tile(ui: &mut Ui, index: usize, cluster: &Cluster, review: &Review, hidden: bool, out: Out) {
    let (rect, response) = ui.allocate_exact_size(vec2(104.0, 104.0), Sense::click());
    let words = format!("Shape {}: {} beats, {}", index + 1, cluster.beats.len(), types(cluster, review, hidden));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
    if response.clicked() {
        send(out, ReviewMessage::Pick(Pick::These(cluster.beats.clone())));
    }
    if !ui.is_rect_visible(rect) {
        return;
    }
    let painter = ui.painter().with_clip_rect(rect);
    let edge = if response.hovered() || response.has_focus() { theme::ui::accent() } else { theme::ui::line() };
    painter.rect(rect, 3.0, theme::palette().paper, Stroke::new(1.0, edge), StrokeKind::Inside);
    let text = format!("{}  {}", cluster.beats.len(), types(cluster, review, hidden));
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
    response.on_hover_text(RichText::new(words));
}

/// The types within a group, the most frequent first; of a large group a sample tells.
fn types(cluster: &Cluster, review: &Review, hidden: bool) -> String {
    /// Beats that are looked at: a frame must not wait for a hundred thousand.
    const MOST: usize = 500;
    let step = cluster.beats.len().div_ceil(MOST).max(1);
    let mut counts: BTreeMap<Option<BeatType>, usize> = BTreeMap::new();
    for at in cluster.beats.iter().step_by(step) {
        if let Some(beat) = review.content().beats.at(*at) {
            *counts.entry(crate::app::review::beats::label_of(beat, hidden)).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let all: usize = counts.iter().map(|(_, count)| count).sum();
    let share = |(label, count): &(Option<BeatType>, usize)| {
        let label = label.map_or("hidden".to_owned(), |label| label.to_string());
        if *count == all { label } else { format!("{label} {:.0} %", 100.0 * *count as f32 / all.max(1) as f32) }
    };
    counts.iter().take(3).map(share).collect::<Vec<_>>().join(", ")
}
