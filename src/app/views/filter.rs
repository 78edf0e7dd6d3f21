//! The menu of display filters, and the caution on the page while the band is not a diagnostic one.

use super::Out;
use crate::{
    app::{
        filtering::{Hum, can_low_pass},
        message::Message,
        state::State,
        theme,
    },
    signal::filter::{FilterSettings, HIGH_PASS_HZ, LOW_PASS_HZ, Mains},
};
use egui::{
    Button, FontId, Galley, Painter, PopupCloseBehavior, Rect, RichText, Role, Sense, Ui, Vec2, WidgetInfo, containers::menu,
    pos2, vec2,
};
use std::sync::Arc;

/// Presets with what they are called.
const PRESETS: [(&str, FilterSettings); 3] = [
    ("Unfiltered, as recorded", FilterSettings { high_pass: None, low_pass: None, mains: Mains::Off }),
    ("Diagnostic: 0.05–150 Hz", FilterSettings::DIAGNOSTIC),
    ("Monitor: 0.5–40 Hz", FilterSettings::MONITOR),
];

/// The button in the toolbar and its menu.
pub fn menu(ui: &mut Ui, state: &State, out: Out) {
    let chosen = state.filtering.chosen;
    let button = Button::selectable(chosen != FilterSettings::default(), "Filter");
    let config = menu::MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let (response, _) = menu::MenuButton::from_button(button).config(config).ui(ui, |ui| content(ui, state, out));
    response.on_hover_text("Filters of the page; measurements are not affected (F: unfiltered and back)");
}

fn content(ui: &mut Ui, state: &State, out: Out) {
    ui.set_min_width(300.0);
    let mut settings = state.filtering.chosen;
    for (name, preset) in PRESETS {
        ui.radio_value(&mut settings, preset, name);
    }
    ui.separator();
    let heading = |ui: &mut Ui, text: &str| ui.label(RichText::new(text).color(theme::ui::weak()));
    heading(ui, "High-pass");
    ui.horizontal(|ui| {
        ui.radio_value(&mut settings.high_pass, None, "off");
        for hz in HIGH_PASS_HZ {
            ui.radio_value(&mut settings.high_pass, Some(hz), format!("{hz} Hz"));
        }
    });
    heading(ui, "Low-pass");
    ui.horizontal(|ui| {
        ui.radio_value(&mut settings.low_pass, None, "off");
        for hz in LOW_PASS_HZ {
            let can = state.recording().is_none_or(|recording| can_low_pass(hz, recording.rate));
            let button = ui.add_enabled(can, egui::RadioButton::new(settings.low_pass == Some(hz), format!("{hz} Hz")));
            if button.on_disabled_hover_text("This recording's sampling rate holds nothing above").clicked() {
                settings.low_pass = Some(hz);
            }
        }
    });
    heading(ui, "Mains hum");
    ui.horizontal(|ui| {
        for (mains, name) in
            [(Mains::Off, "as it is"), (Mains::Auto, "automatic"), (Mains::Hz50, "50 Hz"), (Mains::Hz60, "60 Hz")]
        {
            ui.radio_value(&mut settings.mains, mains, name);
        }
    });
    let hum = match &state.filtering.hum {
        Hum::Found(Some(hz)) => format!("This recording hums at {hz:.0} Hz."),
        Hum::Found(None) => "No mains hum was found in this recording.".to_owned(),
        Hum::Failed(reason) => format!("Hum could not be looked for: {reason}"),
        Hum::Unknown | Hum::Pending(_) => "Automatic looks for hum once and removes it where it is.".to_owned(),
    };
    ui.label(RichText::new(hum).small().color(theme::ui::weak()));
    ui.label(RichText::new("Filters have no delay and never cross a gap.").small().color(theme::ui::weak()));
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
    let words = format!("{text}.  Click or F: unfiltered");
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
    if response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text("Show the page unfiltered (F)").clicked() {
        out.push(Message::SetFilter(FilterSettings::default()));
    }
}
