//! Colours and type. Themes are data files in `assets/themes`; this reads them and hands them to whoever draws.
//!
//! The theme of the frame that is being drawn is a value of the drawing thread ([`with`]), as it is in egui itself: painters that have
//! no state at hand ask for it too.

mod colours;
mod data;
pub mod fonts;
#[cfg(test)]
mod tests;

pub use colours::Ramp;
pub use data::{ALL, CLASSIC, Palette, Theme, UiColours};

use crate::recording::BeatLabel;
use egui::{Color32, FontFamily, FontId, Stroke, Style, TextStyle, Visuals};
use std::cell::Cell;

thread_local! {
    static CURRENT: Cell<Option<&'static Theme>> = const { Cell::new(None) };
}

/// From now on this thread draws with that theme.
pub fn with(theme: &'static Theme) {
    CURRENT.set(Some(theme));
}

/// The theme this thread draws with.
pub fn current() -> &'static Theme {
    CURRENT.get().unwrap_or_else(|| Theme::named(""))
}

/// Colours of the page.
pub fn palette() -> &'static Palette {
    &current().palette
}

/// Behind the chosen measurement, in panels.
pub fn lit_soft() -> Color32 {
    current().ui.chosen
}

/// Colour of a beat's label. The letter says the same.
pub fn beat(label: Option<BeatLabel>) -> Color32 {
    let beats = &current().beats;
    beats[match label {
        None | Some(BeatLabel::N) => 0,
        Some(BeatLabel::S) => 1,
        Some(BeatLabel::V) => 2,
        Some(BeatLabel::F) => 3,
        Some(BeatLabel::Q) => 4,
    }]
}

/// Colours of bars and panels in the current theme.
pub mod ui {
    use super::current;
    use egui::Color32;

    macro_rules! colours {
        ($($(#[$doc:meta])* $name:ident)*) => {
            $($(#[$doc])* pub fn $name() -> Color32 { current().ui.$name })*
        };
    }

    colours! {
        /// Panels.
        panel
        /// Bars above and below.
        bar
        /// Around the page, buttons.
        sheet
        /// Lines between parts.
        line
        /// Text.
        text
        /// Secondary text; 4.5 : 1 or more on panels.
        weak
        /// Present findings, chosen things.
        accent
        /// Behind chosen things.
        accent_soft
        /// Uncertain findings, things to note.
        caution
        /// Behind things to note.
        caution_soft
        /// Errors.
        error
        /// Behind errors.
        error_soft
        /// Bars of probabilities: what is not filled.
        trough
        /// Buttons under the pointer.
        hover
        /// The envelope of the overview.
        strip
    }
}

/// Sets type and colours of the whole window, and draws with them.
pub fn apply(ctx: &egui::Context, theme: &'static Theme) {
    with(theme);
    let slot = if theme.dark { egui::Theme::Dark } else { egui::Theme::Light };
    ctx.set_theme(slot);
    // A notch of the wheel with Ctrl enlarges by 15 %. The interface's scale has keys of its own.
    ctx.options_mut(|options| {
        options.zoom_with_keyboard = false;
        let input = &mut options.input_options;
        input.scroll_zoom_speed = 1.15_f32.ln() / input.line_scroll_speed;
    });
    ctx.style_mut_of(slot, |style| set(style, theme));
}

fn set(style: &mut Style, theme: &Theme) {
    let proportional = |size| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Small, proportional(12.0)),
        (TextStyle::Body, proportional(14.0)),
        (TextStyle::Button, proportional(14.0)),
        (TextStyle::Heading, proportional(19.0)),
        (TextStyle::Monospace, FontId::new(13.0, FontFamily::Monospace)),
    ]
    .into();
    let ui = &theme.ui;
    let mut visuals = if theme.dark { Visuals::dark() } else { Visuals::light() };
    visuals.panel_fill = ui.panel;
    visuals.window_fill = ui.sheet;
    visuals.extreme_bg_color = ui.sheet;
    visuals.faint_bg_color = ui.bar;
    visuals.window_stroke = Stroke::new(1.0, ui.line);
    visuals.override_text_color = Some(ui.text);
    visuals.weak_text_color = Some(ui.weak);
    visuals.hyperlink_color = ui.accent;
    visuals.selection.bg_fill = ui.accent_soft;
    visuals.selection.stroke = Stroke::new(1.0, ui.accent);
    visuals.widgets.noninteractive.bg_stroke = Stroke::new(1.0, ui.line);
    visuals.widgets.inactive.weak_bg_fill = ui.sheet;
    visuals.widgets.inactive.bg_fill = ui.trough;
    visuals.widgets.inactive.bg_stroke = Stroke::new(1.0, ui.line);
    visuals.widgets.hovered.weak_bg_fill = ui.hover;
    visuals.widgets.hovered.bg_stroke = Stroke::new(1.0, ui.accent);
    visuals.widgets.open.weak_bg_fill = ui.hover;
    visuals.widgets.open.bg_stroke = Stroke::new(1.0, ui.accent);
    // What has the keyboard gets a ring; a dark fill would look like a choice.
    visuals.widgets.active.weak_bg_fill = ui.sheet;
    visuals.widgets.active.bg_fill = ui.accent_soft;
    visuals.widgets.active.bg_stroke = Stroke::new(2.0, ui.accent);
    visuals.widgets.active.fg_stroke = Stroke::new(1.0, ui.text);
    style.visuals = visuals;
    style.spacing.item_spacing = egui::vec2(8.0, 6.0);
    style.spacing.button_padding = egui::vec2(8.0, 4.0);
    style.spacing.interact_size.y = 26.0;
}
