//! The whole recording in one strip: extent of the rhythm lead, beats, events, quality, the chosen finding by window, the page's place.

use super::{Out, overview_lanes};
use crate::{
    analysis::Analysis,
    app::{
        jobs::Opened,
        message::Message,
        page::{
            pyramid::Pyramid,
            time_axis::{clock_offset, label, ticks},
        },
        state::{FindingKey, State},
        theme,
    },
    recording::Recording,
};
use egui::{FontId, Mesh, Rect, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// Height of the lane with the chosen finding's windows, and of the ticks of ectopic beats.
const LANE: f32 = 6.0;

/// What was drawn of the whole recording; a day holds too much to be gone through in every frame.
#[derive(Debug, Default)]
pub struct Kept {
    basis: Option<Basis>,
    shapes: Vec<Shape>,
}

/// All that the strip follows from, but for the page's place. What is pointed to is held, so that addresses stay its own.
#[derive(Debug)]
struct Basis {
    strip: Rect,
    opened: Option<Arc<Opened>>,
    analysis: Option<Arc<Analysis>>,
    overview: Option<Arc<Pyramid>>,
    chosen: Option<FindingKey>,
    hidden: bool,
    theme: &'static theme::Theme,
}

impl Basis {
    fn of(state: &State, strip: Rect) -> Self {
        Self {
            strip,
            opened: state.opened.clone(),
            analysis: state.analysis.clone(),
            overview: state.overview.clone(),
            chosen: state.chosen.clone(),
            hidden: state.machine_hidden(),
            theme: theme::current(),
        }
    }

    fn is(&self, other: &Self) -> bool {
        fn same<T>(a: &Option<Arc<T>>, b: &Option<Arc<T>>) -> bool {
            a.as_ref().map(Arc::as_ptr) == b.as_ref().map(Arc::as_ptr)
        }
        self.strip == other.strip
            && same(&self.opened, &other.opened)
            && same(&self.analysis, &other.analysis)
            && same(&self.overview, &other.overview)
            && self.chosen == other.chosen
            && self.hidden == other.hidden
            && std::ptr::eq(self.theme, other.theme)
    }
}

impl Kept {
    /// The strip's shapes, made again where something changed.
    fn shapes(&mut self, state: &State, strip: Rect, x_of: &dyn Fn(u64) -> f32) -> &[Shape] {
        let basis = Basis::of(state, strip);
        if !self.basis.as_ref().is_some_and(|kept| kept.is(&basis)) {
            self.shapes.clear();
            let shapes = &mut self.shapes;
            windows(shapes, state, strip, x_of);
            overview_lanes::quality(shapes, state, strip, x_of);
            envelope(shapes, state, strip);
            overview_lanes::beats(shapes, state, strip.with_min_y(strip.bottom() - LANE), x_of);
            overview_lanes::events(shapes, state, strip, x_of);
            self.basis = Some(basis);
        }
        &self.shapes
    }
}

/// Shows the strip; a click or drag moves the page.
pub fn show(ui: &mut Ui, state: &State, kept: &mut Kept, out: Out) {
    let Some(recording) = state.recording() else { return };
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
    let (duration, start) = (recording.duration_s(), recording.rate.seconds(state.view.start));
    response.widget_info(|| WidgetInfo::slider(true, start, &crate::app::language::window().page.position));
    if let Some(at) = response.interact_pointer_pos()
        && (response.clicked() || response.dragged())
    {
        out.push(Message::CentreOn(f64::from((at.x - rect.left()) / rect.width()) * duration));
    }
    let painter = ui.painter().with_clip_rect(rect);
    let strip = rect.with_max_y(rect.bottom() - 14.0);
    painter.rect(strip, 2.0, theme::ui::panel(), Stroke::new(1.0, theme::ui::line()), StrokeKind::Inside);
    let x_of = |sample: u64| strip.left() + (sample as f64 / recording.length.max(1) as f64) as f32 * strip.width();
    painter.extend(kept.shapes(state, strip, &x_of).iter().cloned());
    super::review::on_page::overview(&painter, state, strip, &x_of);

    let visible = state.visible();
    let view =
        Rect::from_x_y_ranges(x_of(visible.start.0)..=x_of(visible.end.0).max(x_of(visible.start.0) + 3.0), strip.y_range());
    painter.rect(view, 2.0, theme::ui::accent().gamma_multiply(0.12), Stroke::new(1.5, theme::ui::accent()), StrokeKind::Inside);
    times(&painter, recording, strip);
}

/// Ticks and times below the strip.
fn times(painter: &egui::Painter, recording: &Recording, strip: Rect) {
    /// Points a label with its surroundings takes.
    const LABEL: f32 = 96.0;
    let duration = recording.duration_s();
    let most = f64::from((strip.width() / LABEL).max(1.0));
    for second in ticks(0.0, duration, clock_offset(recording), most).1 {
        let x = strip.left() + (second / duration.max(1e-9)) as f32 * strip.width();
        painter.vline(x, strip.bottom()..=strip.bottom() + 3.0, Stroke::new(1.0, theme::ui::weak()));
        let galley = painter.layout_no_wrap(label(recording, second), FontId::proportional(11.5), theme::ui::weak());
        let width = galley.size().x;
        let left = (x - 0.5 * width).min(strip.right() - width).max(strip.left());
        painter.galley(pos2(left, strip.bottom() + 2.0), galley, theme::ui::weak());
    }
}

/// Extent of the rhythm lead in every column of pixels.
fn envelope(out: &mut Vec<Shape>, state: &State, strip: Rect) {
    let Some(pyramid) = &state.overview else { return };
    let Some(signal) = state.rhythm_lead().and_then(|lead| state.recording()?.leads.get(lead)) else { return };
    let columns = (strip.width() as usize).max(1);
    let envelope = pyramid.envelope(0, signal.len(), columns);
    // The middle 98 % of the extents set the scale: one artefact must not flatten a day.
    let mut lows: Vec<f32> = envelope.iter().flatten().map(|e| e[0]).collect();
    let mut highs: Vec<f32> = envelope.iter().flatten().map(|e| e[1]).collect();
    lows.sort_by(f32::total_cmp);
    highs.sort_by(f32::total_cmp);
    let (Some(low), Some(high)) = (lows.get(lows.len() / 100), highs.get(highs.len() - 1 - highs.len() / 100)) else { return };
    let span = (high - low).max(1e-6);
    let inner = Rect::from_min_max(pos2(strip.left(), strip.top() + LANE + 2.0), pos2(strip.right(), strip.bottom() - LANE));
    let y = |value: f32| (inner.bottom() - (value - low) / span * inner.height()).clamp(inner.top(), inner.bottom());
    let mut mesh = Mesh::default();
    let colour = theme::ui::strip();
    for (column, extent) in envelope.iter().enumerate() {
        if let Some([low, high]) = extent {
            let (top, bottom) = (y(*high), y(*low));
            let min = pos2(inner.left() + column as f32, top);
            mesh.add_colored_rect(Rect::from_min_size(min, vec2(1.0, (bottom - top).max(1.0))), colour);
        }
    }
    out.push(Shape::mesh(mesh));
}

/// The chosen finding's probability in every window.
fn windows(out: &mut Vec<Shape>, state: &State, strip: Rect, x_of: &dyn Fn(u64) -> f32) {
    let (Some(analysis), Some(key)) = (&state.analysis, state.chosen.as_ref().filter(|_| !state.machine_hidden())) else {
        return;
    };
    let mut mesh = Mesh::default();
    for window in &analysis.windows {
        let Some(finding) = window.findings.iter().find(|finding| key.names(finding)) else { continue };
        let (left, right) = (x_of(window.range.start.0), x_of(window.range.end.0));
        let rect = Rect::from_min_max(pos2(left, strip.top() + 1.0), pos2(right.max(left + 0.5), strip.top() + 1.0 + LANE));
        mesh.add_colored_rect(rect, theme::palette().evidence(finding.probability));
    }
    out.push(Shape::mesh(mesh));
}
