//! Small parts used by several views.

use crate::{
    app::{language, theme::ui},
    words::fill,
};
use egui::{Color32, FontId, Rect, Response, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Heading of a part of the side panel.
pub fn section(ui: &mut Ui, title: &str) {
    ui.add_space(10.0);
    let response = ui.label(RichText::new(title).size(13.0).strong().color(ui::accent()));
    let y = response.rect.bottom() + 2.0;
    ui.painter().hline(ui.max_rect().x_range(), y, Stroke::new(1.0, ui::line()));
    ui.add_space(4.0);
}

/// Heading within a part.
pub fn subsection(ui: &mut Ui, title: &str) {
    ui.add_space(4.0);
    ui.label(RichText::new(title).size(13.0).strong());
}

/// A part that is closed until it is wanted, as low as a line of text.
pub fn folded(ui: &mut Ui, title: &str, content: impl FnOnce(&mut Ui)) {
    let mut job = egui::text::LayoutJob::default();
    job.append(title, 0.0, egui::TextFormat::simple(FontId::proportional(13.5), ui::text()));
    unfolding(ui, title, job, false, content);
}

/// A title that opens and closes what belongs to it; `open`: it is held open. A long title wraps, so that it never widens the panel.
pub fn unfolding(
    ui: &mut Ui,
    id: impl std::hash::Hash + std::fmt::Debug,
    mut title: egui::text::LayoutJob,
    open: bool,
    content: impl FnOnce(&mut Ui),
) {
    const ICON: f32 = 16.0;
    let id = ui.scope_id().with(id);
    let mut state = egui::collapsing_header::CollapsingState::load_with_default_open(ui.ctx(), id, false);
    if open {
        state.set_open(true);
    }
    title.wrap.max_width = (ui.available_width() - ICON - 4.0).max(40.0);
    let words = title.text.clone();
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(title));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y + 3.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, state.is_open(), &words));
    if response.clicked() {
        state.toggle(ui);
    }
    if response.hovered() || response.has_focus() {
        let edge = if response.has_focus() { Stroke::new(2.0, ui::accent()) } else { Stroke::NONE };
        ui.painter().rect(rect, 3.0, ui::bar(), edge, StrokeKind::Inside);
    }
    let middle = pos2(rect.left() + 0.5 * ICON, rect.top() + 9.5);
    let icon = response.clone().with_new_rect(Rect::from_center_size(middle, vec2(9.0, 9.0)));
    egui::collapsing_header::paint_default_icon(ui, state.openness(ui.ctx()), &icon);
    ui.painter().galley(pos2(rect.left() + ICON, rect.top() + 1.5), galley, ui::text());
    response.on_hover_cursor(egui::CursorIcon::PointingHand);
    state.show_body_unindented(ui, |ui| {
        ui.indent(id, content);
    });
}

/// A name and a value, the value at the panel's right edge; a long value wraps below.
pub fn fact(ui: &mut Ui, name: &str, value: &str, weak: bool) -> Response {
    ui.horizontal_top(|ui| {
        ui.label(RichText::new(name).color(ui::weak()));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::TOP), |ui| {
            ui.add(egui::Label::new(RichText::new(value).color(if weak { ui::weak() } else { ui::text() })).wrap())
        })
        .inner
    })
    .inner
}

/// Text on a coloured strip over the panel's width.
pub fn strip(ui: &mut Ui, text: &str, colour: Color32, fill: Color32) -> Response {
    egui::Frame::new()
        .fill(fill)
        .corner_radius(4.0)
        .inner_margin(egui::Margin::symmetric(8, 5))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.add(egui::Label::new(RichText::new(text).color(colour)).wrap())
        })
        .inner
}

/// A group in a bar that takes as many lines as it needs: a group that does not fit into what is left of its line begins the next, and lines stand
/// between groups of one line. How wide a group is, is known from the frame before.
pub fn together(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    let id = ui.scope_id().with(("together", name));
    let before: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(0.0);
    let (row, spacing) = (ui.max_rect().x_range(), ui.spacing().item_spacing.x);
    if ui.cursor().left() > row.min + 1.0 {
        let line = 6.0 + spacing;
        if before + line > ui.available_size_before_wrap().x {
            ui.end_row();
        } else {
            ui.separator();
        }
    }
    let from = ui.cursor().min;
    content(ui);
    let to = ui.cursor().min;
    // Over the line's end: what it took on both lines, the rest of the first included, which is more than it needs.
    let width = if to.y > from.y + 1.0 { row.max - from.x + to.x - row.min } else { to.x - from.x } - spacing;
    if (width - before).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, width));
        ui.ctx().request_repaint();
    }
}

/// A dialog over the window, with room around its content.
pub fn dialog(ctx: &egui::Context, id: egui::Id) -> egui::Modal {
    egui::Modal::new(id).frame(egui::Frame::popup(&ctx.global_style()).inner_margin(18.0))
}

/// What a row of the findings list shows.
pub struct FindingRow<'a> {
    /// Name of the class.
    pub label: &'a str,
    /// `present`, `uncertain`, `absent`, `most likely`; empty: nothing is said.
    pub verdict: &'a str,
    /// Colour of verdict and bar.
    pub colour: Color32,
    /// Probability in words.
    pub percent: &'a str,
    /// 0 to 1.
    pub probability: f32,
    /// 0 to 1; `None` where passing it does not decide.
    pub threshold: Option<f32>,
    /// The bar is hatched: what it shows is uncertain.
    pub unsure: bool,
    /// Further words below the bar; may be empty.
    pub remark: &'a str,
    /// Chosen.
    pub selected: bool,
}

impl FindingRow<'_> {
    /// Draws the row as one button over the panel's width.
    pub fn show(&self, ui: &mut Ui) -> Response {
        let height = if self.remark.is_empty() { 38.0 } else { 54.0 };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, self.selected, self.words()));
        let whole = !ui.is_rect_visible(rect) || self.paint(ui, rect, &response);
        let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
        if whole { response } else { response.on_hover_text(self.label) }
    }

    /// What the row says, for those who hear it.
    fn words(&self) -> String {
        let findings = &language::window().findings;
        let mut words = vec![fill(&findings.probability, &[("share", self.percent)])];
        if !self.verdict.is_empty() {
            words.insert(0, self.verdict.to_owned());
        }
        words.extend(
            self.threshold.map(|threshold| fill(&findings.threshold, &[("share", &format!("{:.0} %", threshold * 100.0))])),
        );
        if !self.remark.is_empty() {
            words.push(self.remark.to_owned());
        }
        format!("{}: {}", self.label, words.join(", "))
    }

    /// Whether the label found room.
    fn paint(&self, ui: &Ui, rect: Rect, response: &Response) -> bool {
        let painter = ui.painter();
        let edge = if response.has_focus() { Stroke::new(2.0, ui::accent()) } else { Stroke::NONE };
        let fill = match (self.selected, response.hovered()) {
            (true, _) => ui::accent_soft(),
            (false, true) => ui::bar(),
            (false, false) => Color32::TRANSPARENT,
        };
        painter.rect(rect, 4.0, fill, edge, StrokeKind::Inside);
        let inner = rect.shrink2(vec2(8.0, 4.0));
        let body = FontId::proportional(14.0);
        let percent = painter.layout_no_wrap(self.percent.to_owned(), body.clone(), ui::text());
        let verdict = painter.layout_no_wrap(
            if self.verdict.is_empty() { "–" } else { self.verdict }.to_owned(),
            body.clone(),
            self.colour,
        );
        let percent_left = inner.right() - percent.size().x;
        let verdict_left = inner.right() - 52.0 - verdict.size().x;
        let mut label = egui::text::LayoutJob::simple_singleline(self.label.to_owned(), body, ui::text());
        label.wrap = egui::text::TextWrapping::truncate_at_width((verdict_left - inner.left() - 8.0).max(20.0));
        let label = painter.layout_job(label);
        let whole = !label.elided;
        painter.galley(inner.min, label, ui::text());
        painter.galley(pos2(verdict_left, inner.top()), verdict, self.colour);
        painter.galley(pos2(percent_left, inner.top()), percent, ui::text());

        let bar = Rect::from_min_size(pos2(inner.left(), inner.top() + 21.0), vec2(inner.width(), 6.0));
        painter.rect_filled(bar, 3.0, ui::trough());
        let share = |p: f32| if p.is_finite() { p.clamp(0.0, 1.0) } else { 0.0 };
        let filled = Rect::from_min_size(bar.min, vec2(bar.width() * share(self.probability), bar.height()));
        if self.unsure {
            hatch(painter, filled, self.colour);
        } else {
            painter.rect_filled(filled, 3.0, self.colour);
        }
        if let Some(threshold) = self.threshold {
            let x = bar.left() + bar.width() * share(threshold);
            painter.vline(x, bar.top() - 3.0..=bar.bottom() + 3.0, Stroke::new(1.5, ui::text()));
        }
        if !self.remark.is_empty() {
            let font = FontId::proportional(12.0);
            painter.text(pos2(inner.left(), bar.bottom() + 4.0), egui::Align2::LEFT_TOP, self.remark, font, ui::weak());
        }
        whole
    }
}

/// Stripes within a frame, for those to whom colours say nothing.
fn hatch(painter: &egui::Painter, bar: Rect, colour: Color32) {
    const STEP: f32 = 6.0;
    painter.rect_stroke(bar, 0.0, Stroke::new(1.0, colour), StrokeKind::Inside);
    let inside = painter.with_clip_rect(bar.intersect(painter.clip_rect()));
    let count = ((bar.width() + bar.height()) / STEP).ceil().max(0.0) as usize;
    for stripe in 0..count {
        let x = bar.left() + stripe as f32 * STEP;
        inside.line_segment([pos2(x, bar.top()), pos2(x - bar.height(), bar.bottom())], Stroke::new(2.0, colour));
    }
}

/// A bar to the right (positive) or left (negative) of a middle line, with its name and number. `full` fills half the bar.
pub fn signed_bar(ui: &mut Ui, name: &str, note: &str, value: f32, full: f32, colour: Color32) {
    let text = super::format::signed(value);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 19.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {note} {text}")));
    let painter = ui.painter();
    let font = FontId::proportional(13.0);
    let name_width = 0.58 * rect.width();
    let mut job = egui::text::LayoutJob::default();
    job.append(name, 0.0, egui::TextFormat::simple(font.clone(), ui::text()));
    if !note.is_empty() {
        job.append(note, 6.0, egui::TextFormat::simple(FontId::proportional(12.0), ui::weak()));
    }
    job.wrap = egui::text::TextWrapping::truncate_at_width(name_width);
    let galley = painter.layout_job(job);
    painter.galley(pos2(rect.left(), rect.center().y - 0.5 * galley.size().y), galley, ui::text());
    let number = pos2(rect.right(), rect.center().y);
    painter.text(number, egui::Align2::RIGHT_CENTER, text, font, ui::text());
    let bar = Rect::from_min_max(
        pos2(rect.left() + name_width + 8.0, rect.top() + 4.0),
        pos2(rect.right() - 48.0, rect.bottom() - 4.0),
    );
    painter.rect_filled(bar, 2.0, ui::trough());
    let reach = if full > 0.0 { (value / full).clamp(-1.0, 1.0) * 0.5 * bar.width() } else { 0.0 };
    let middle = bar.center().x;
    let filled = Rect::from_x_y_ranges(middle.min(middle + reach)..=middle.max(middle + reach), bar.y_range());
    painter.rect_filled(filled, 0.0, if value < 0.0 { ui::weak() } else { colour });
    painter.vline(middle, bar.y_range(), Stroke::new(1.0, ui::weak()));
}
