//! Measuring the screen: a bar is made as long as a ruler or a bank card says.

use super::Out;
use crate::app::{
    message::Message,
    paper::{BARS_MM, Calibration, PaperMessage},
    settings::PIXELS_PER_MM,
    state::State,
    theme,
};
use egui::{Context, Key, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Shows the dialog while the screen is being measured.
pub fn show(ctx: &Context, state: &State, out: Out) {
    let Some(now) = state.paper.calibration else { return };
    let response = super::widgets::dialog(ctx, egui::Id::unique("calibrate")).show(ctx, |ui| {
        ui.heading("Measure this screen");
        ui.add_space(4.0);
        let mut next = now;
        ui.horizontal(|ui| {
            for (bar, name) in ["Ruler, 100 mm", "Bank card, 85.6 mm"].into_iter().enumerate() {
                if ui.selectable_label(now.bar == bar, name).clicked() {
                    next.bar = bar;
                }
            }
        });
        ui.label(match now.bar {
            0 => "Hold a ruler to the screen and make the bar exactly 100 mm long.",
            _ => "Hold a bank card to the screen and make the bar exactly as long as its long side.",
        });
        ui.add_space(8.0);
        bar(ui, now, &mut next);
        ui.add_space(8.0);
        adjust(ui, &mut next);
        if next != now {
            out.push(Message::Paper(PaperMessage::Bar(next)));
        }
        ui.add_space(8.0);
        let known = state.paper.screen.is_some();
        let mut closed = false;
        ui.horizontal(|ui| {
            let button = ui.add_enabled(known, egui::Button::new("The bar is right"));
            if button.on_disabled_hover_text("The window system does not say which screen this is").clicked() {
                out.push(Message::Paper(PaperMessage::Calibrated));
            }
            closed = ui.button("Cancel").clicked();
        });
        let note = "It is remembered for this screen. Measure again when its resolution or scaling is changed.";
        ui.label(RichText::new(note).small().color(theme::ui::weak()));
        closed
    });
    if response.inner || response.should_close() {
        out.push(Message::Paper(PaperMessage::ToggleCalibration));
    }
}

/// The bar; its right end can be dragged.
fn bar(ui: &mut Ui, now: Calibration, next: &mut Calibration) {
    let ppp = ui.pixels_per_point();
    let mm = BARS_MM.get(now.bar).copied().unwrap_or(BARS_MM[0]);
    let width = now.pixels_per_mm * mm / ppp;
    let (rect, response) = ui.allocate_exact_size(vec2(width.max(40.0), 54.0), Sense::drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("Bar that is to be {mm} mm long")));
    if response.dragged() {
        next.pixels_per_mm = ((width + response.drag_delta().x) * ppp / mm).clamp(PIXELS_PER_MM.0, PIXELS_PER_MM.1);
    }
    let bar = Rect::from_min_max(rect.min, pos2(rect.left() + width, rect.bottom() - 14.0));
    ui.painter().rect_filled(bar, 0.0, theme::ui::accent());
    let step = if now.bar == 0 { 10.0 } else { mm };
    let mut at = 0.0;
    while at <= mm + 0.01 {
        let x = bar.left() + at / mm * bar.width();
        ui.painter().vline(x, bar.bottom()..=rect.bottom(), Stroke::new(1.0, theme::ui::text()));
        at += step;
    }
    response.on_hover_cursor(egui::CursorIcon::ResizeHorizontal);
}

/// Slider and fine steps.
fn adjust(ui: &mut Ui, next: &mut Calibration) {
    ui.horizontal(|ui| {
        let mut by = |ui: &mut Ui, text: &str, help: &str, factor: f32| {
            if ui.button(text).on_hover_text(help).accessible_name(help).clicked() {
                next.pixels_per_mm *= factor;
            }
        };
        by(ui, "−−", "Shorter by 2 %", 1.0 / 1.02);
        by(ui, "−", "Shorter by a thousandth", 1.0 / 1.001);
        by(ui, "+", "Longer by a thousandth", 1.001);
        by(ui, "++", "Longer by 2 %", 1.02);
        ui.label(RichText::new(format!("{:.1} dpi", next.pixels_per_mm * 25.4)).color(theme::ui::weak()));
    });
    let pressed = |key| ui.input(|input| f32::from(u8::from(input.key_pressed(key))));
    let steps = pressed(Key::ArrowRight) - pressed(Key::ArrowLeft) + 20.0 * (pressed(Key::ArrowUp) - pressed(Key::ArrowDown));
    if steps != 0.0 {
        next.pixels_per_mm *= 1.001_f32.powf(steps);
    }
    ui.label(RichText::new("Drag the bar's end, press the buttons, or use the arrow keys.").small().color(theme::ui::weak()));
}
