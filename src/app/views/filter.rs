//! The menu of display filters, and the caution on the page while the band is not a diagnostic one.

use super::Out;
use crate::{
    app::{
        filtering::{Hum, can_low_pass},
        language,
        message::Message,
        state::State,
        theme,
    },
    signal::filter::{FilterSettings, HIGH_PASS_HZ, LOW_PASS_HZ, Mains},
    words::{fill, window::Filter},
};
use egui::{
    Button, FontId, Galley, Painter, PopupCloseBehavior, Rect, RichText, Role, Sense, Ui, Vec2, WidgetInfo, containers::menu,
    pos2, vec2,
};
use std::sync::Arc;

/// The words of this part.
fn words() -> &'static Filter {
    &language::window().filter
}

/// Presets with what they are called.
fn presets() -> [(&'static str, FilterSettings); 3] {
    let as_recorded = FilterSettings { high_pass: None, low_pass: None, mains: Mains::Off };
    [
        (&words().unfiltered_preset, as_recorded),
        (&words().diagnostic, FilterSettings::DIAGNOSTIC),
        (&words().monitor, FilterSettings::MONITOR),
    ]
}

/// The button in the toolbar and its menu.
pub fn menu(ui: &mut Ui, state: &State, out: Out) {
    let chosen = state.filtering.chosen;
    let button = Button::selectable(chosen != FilterSettings::default(), &words().button);
    let config = menu::MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let (response, _) = menu::MenuButton::from_button(button).config(config).ui(ui, |ui| content(ui, state, out));
    response.on_hover_text(&words().button_help);
}

/// A frequency as it is chosen.
fn hertz(hz: f64) -> String {
    fill(&words().hertz, &[("hz", &language::decimal(&hz.to_string()))])
}

fn content(ui: &mut Ui, state: &State, out: Out) {
    ui.set_min_width(300.0);
    let mut settings = state.filtering.chosen;
    for (name, preset) in presets() {
        ui.radio_value(&mut settings, preset, name);
    }
    ui.separator();
    let heading = |ui: &mut Ui, text: &str| ui.label(RichText::new(text).color(theme::ui::weak()));
    heading(ui, &words().high_pass);
    ui.horizontal(|ui| {
        ui.radio_value(&mut settings.high_pass, None, &words().off);
        for hz in HIGH_PASS_HZ {
            ui.radio_value(&mut settings.high_pass, Some(hz), hertz(hz));
        }
    });
    heading(ui, &words().low_pass);
    ui.horizontal(|ui| {
        ui.radio_value(&mut settings.low_pass, None, &words().off);
        for hz in LOW_PASS_HZ {
            let can = state.recording().is_none_or(|recording| can_low_pass(hz, recording.rate));
            let button = ui.add_enabled(can, egui::RadioButton::new(settings.low_pass == Some(hz), hertz(hz)));
            if button.on_disabled_hover_text(&words().too_fast).clicked() {
                settings.low_pass = Some(hz);
            }
        }
    });
    heading(ui, &words().mains);
    ui.horizontal(|ui| {
        for (mains, name) in [
            (Mains::Off, words().mains_off.clone()),
            (Mains::Auto, words().mains_auto.clone()),
            (Mains::Hz50, hertz(50.0)),
            (Mains::Hz60, hertz(60.0)),
        ] {
            ui.radio_value(&mut settings.mains, mains, name);
        }
    });
    let hum = match &state.filtering.hum {
        Hum::Found(Some(hz)) => fill(&words().hums, &[("hz", &format!("{hz:.0}"))]),
        Hum::Found(None) => words().hums_not.clone(),
        Hum::Failed(reason) => fill(&words().hum_failed, &[("reason", reason)]),
        Hum::Unknown | Hum::Pending(_) => words().hum_automatic.clone(),
    };
    ui.label(RichText::new(hum).small().color(theme::ui::weak()));
    ui.label(RichText::new(&words().no_delay).small().color(theme::ui::weak()));
    if settings != state.filtering.chosen {
        out.push(Message::SetFilter(settings));
    }
}

/// What the banner says; `None`: there is none.
fn caution(state: &State) -> Option<String> {
    state.filtering.caution(state.recording()?.rate)
}

/// The banner's words, broken where the page is narrow, and where it lies: along the lower edge of what is seen of the page, so that no
/// row moves.
fn banner_of(painter: &Painter, text: &str, seen: Rect) -> (Arc<Galley>, Rect) {
    let words = fill(&words().banner, &[("caution", text)]);
    let width = (seen.width() - 2.0 * MARGIN.x).max(60.0);
    let galley = painter.layout(words, FontId::proportional(14.0), theme::ui::caution(), width);
    let rect = Rect::from_min_max(pos2(seen.left(), seen.bottom() - galley.size().y - 2.0 * MARGIN.y), seen.max);
    (galley, rect)
}

/// Around the banner's words.
const MARGIN: Vec2 = vec2(10.0, 4.0);

/// Paints the banner. Called before the traces, which it must not hide.
pub fn paint_banner(painter: &Painter, state: &State, seen: Rect) {
    let Some(text) = caution(state) else { return };
    let (galley, rect) = banner_of(painter, &text, seen);
    painter.rect_filled(rect, 0.0, theme::ui::caution_soft());
    painter.hline(rect.x_range(), rect.top(), egui::Stroke::new(1.0, theme::ui::caution()));
    painter.galley(rect.min + MARGIN, galley, theme::ui::caution());
}

/// Makes the banner a button that restores the unfiltered page.
pub fn banner(ui: &Ui, state: &State, seen: Rect, out: Out) {
    let Some(text) = caution(state) else { return };
    let (_, rect) = banner_of(ui.painter(), &text, seen);
    let response = ui.interact(rect, ui.scope_id().with("filter banner"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text.clone()));
    if response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(&words().banner_help).clicked() {
        out.push(Message::SetFilter(FilterSettings::default()));
    }
}
