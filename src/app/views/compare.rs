//! A pinned stretch beside the page.

use super::{Out, format};
use crate::app::{
    language,
    message::Message,
    page::{
        paint,
        strip::{self, StripLine, StripScale},
    },
    state::State,
    theme,
    tools::ToolMessage,
};
use crate::{
    layout::Shows,
    words::{fill, window::Pinned},
};
use egui::{Frame, Panel, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// The words of this part.
fn words() -> &'static Pinned {
    &language::window().pinned
}

/// Shows the pinned stretch in the left half, where one is pinned.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let Some(pinned) = state.tools.pinned else { return };
    // Median beats have no time of the recording beside which a stretch could stand.
    if state.layout().shows == Shows::MedianBeats {
        return;
    }
    let frame = Frame::new().fill(theme::ui::sheet()).inner_margin(0.0);
    let width = 0.5 * ui.available_width();
    Panel::left("pinned").frame(frame).exact_size(width).resizable(false).show(ui, |ui| {
        let Some(recording) = state.recording() else { return };
        let start = recording.rate.seconds(pinned.start);
        let end = (start + state.geometry().visible_s()).min(recording.duration_s());
        ui.horizontal(|ui| {
            ui.add_space(8.0);
            let times = [start, end].map(|at| format::time(recording, at));
            let text = fill(&words().title, &[("from", &times[0]), ("to", &times[1])]);
            ui.label(RichText::new(text).strong().color(theme::ui::accent()));
            if ui.button(&words().unpin).clicked() {
                out.push(Message::Tool(ToolMessage::TogglePin));
            }
            if ui.button(&words().go).on_hover_text(&words().go_help).clicked() {
                out.push(Message::CentreOn(0.5 * (start + end)));
            }
        });
        canvas(ui, state, start);
    });
}

/// Its leads where the page has them, at the page's scale.
fn canvas(ui: &mut Ui, state: &State, start: f64) {
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &words().picture));
    let (geometry, layout) = (state.geometry(), state.layout());
    let painter = ui.painter_at(rect);
    strip::paper(
        &painter,
        rect,
        geometry.px_per_mm,
        rect.left_top() + vec2(geometry.left, geometry.baseline(0)),
        theme::palette(),
    );
    for cell in paint::cells(state, &geometry, &layout, rect, start) {
        let line = StripLine {
            signal: cell.signal,
            baseline: cell.baseline,
            centre: paint::centre_of(state, cell.signal, cell.lead),
            inverted: cell.inverted,
            colour: theme::palette().trace,
            width: (0.3 * geometry.px_per_mm).clamp(1.1, 2.4),
        };
        let scale = StripScale {
            start_s: cell.start_s,
            px_per_s: geometry.px_per_s,
            px_per_mv: geometry.px_per_mv,
            px_per_mm: geometry.px_per_mm,
        };
        let high = cell.rect.expand2(vec2(0.0, cell.rect.height()));
        strip::lines(
            &painter,
            state,
            Rect::from_x_y_ranges(cell.rect.x_range(), high.y_range()),
            scale,
            &[line],
            theme::palette(),
        );
        let at = pos2(cell.rect.left() + 4.0, rect.top() + geometry.above_trace(cell.row) + 1.0);
        let font = egui::FontId::proportional(15.0);
        painter.text(at, egui::Align2::LEFT_TOP, cell.name(), font, theme::palette().label);
    }
}
