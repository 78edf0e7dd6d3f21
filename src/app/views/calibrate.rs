//! Measuring the screen: a bar is made as long as a ruler or a bank card says.

use super::Out;
use crate::app::{
    language,
    message::Message,
    paper::{BARS_MM, Calibration, PaperMessage},
    settings::PIXELS_PER_MM,
    state::State,
    theme,
};
use crate::words::{fill, window::Calibrate};
use egui::{Context, Key, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// The words of this part.
fn words() -> &'static Calibrate {
    &language::window().calibrate
}

/// Shows the dialog while the screen is being measured.
pub fn show(ctx: &Context, state: &State, out: Out) {
    let Some(now) = state.paper.calibration else { return };
    let response = super::widgets::dialog(ctx, egui::Id::unique("calibrate")).show(ctx, |ui| {
        ui.heading(&words().heading);
        ui.add_space(4.0);
        let mut next = now;
        ui.horizontal(|ui| {
            for (bar, name) in [&words().ruler, &words().card].into_iter().enumerate() {
                if ui.selectable_label(now.bar == bar, name).clicked() {
                    next.bar = bar;
                }
            }
        });
        ui.label(match now.bar {
            0 => &words().hold_ruler,
            _ => &words().hold_card,
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
            let button = ui.add_enabled(known, egui::Button::new(&words().right));
            if button.on_disabled_hover_text(&words().no_screen).clicked() {
                out.push(Message::Paper(PaperMessage::Calibrated));
            }
            closed = ui.button(&words().cancel).clicked();
        });
        ui.label(RichText::new(&words().remembered).small().color(theme::ui::weak()));
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
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Image, true, fill(&words().bar, &[("mm", &language::decimal(&mm.to_string()))]))
    });
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
        by(ui, "−−", &words().shorter_much, 1.0 / 1.02);
        by(ui, "−", &words().shorter, 1.0 / 1.001);
        by(ui, "+", &words().longer, 1.001);
        by(ui, "++", &words().longer_much, 1.02);
        ui.label(
            RichText::new(fill(&words().dpi, &[("dpi", &language::words().number(f64::from(next.pixels_per_mm) * 25.4, 1))]))
                .color(theme::ui::weak()),
        );
    });
    let pressed = |key| ui.input(|input| f32::from(u8::from(input.key_pressed(key))));
    let steps = pressed(Key::ArrowRight) - pressed(Key::ArrowLeft) + 20.0 * (pressed(Key::ArrowUp) - pressed(Key::ArrowDown));
    if steps != 0.0 {
        next.pixels_per_mm *= 1.001_f32.powf(steps);
    }
    ui.label(RichText::new(&words().drag).small().color(theme::ui::weak()));
}
