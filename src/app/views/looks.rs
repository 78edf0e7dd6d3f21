//! The dialog with language, colours, sizes and the screen.

use super::Out;
use crate::{
    app::{
        language,
        message::Message,
        paper::PaperMessage,
        settings::SCALES,
        state::State,
        theme::{self, ALL},
    },
    words::Language,
};
use egui::{Context, RichText, Ui};

/// Shows the dialog while it is open.
pub fn show(ctx: &Context, state: &State, out: Out) {
    if !state.paper.looks_open {
        return;
    }
    let response = super::widgets::dialog(ctx, egui::Id::unique("looks")).show(ctx, |ui| {
        ui.set_width(420.0);
        ui.heading(&state.words().window.looks.heading);
        language(ui, state, out);
        colours(ui, state, out);
        sizes(ui, state, out);
        screen(ui, state, out);
        ui.add_space(12.0);
        ui.button(&state.words().window.looks.close).clicked()
    });
    if response.inner || response.should_close() {
        out.push(Message::Paper(PaperMessage::ToggleLooks));
    }
}

fn language(ui: &mut Ui, state: &State, out: Out) {
    super::widgets::section(ui, &state.words().window.looks.language);
    ui.horizontal_wrapped(|ui| {
        for language in Language::ALL {
            // Each names itself in its own words, for the reader who understands no other.
            let chosen = state.paper.settings.language == language;
            if ui.selectable_label(chosen, &language.words().language.name).clicked() {
                out.push(Message::Paper(PaperMessage::SetLanguage(language)));
            }
        }
    });
}

fn colours(ui: &mut Ui, state: &State, out: Out) {
    super::widgets::section(ui, &state.words().window.looks.colours);
    ui.horizontal_wrapped(|ui| {
        for theme in ALL.iter() {
            let chosen = state.paper.theme().id == theme.id;
            if ui.selectable_label(chosen, language::named(|words| &words.themes, &theme.id, &theme.name)).clicked() {
                out.push(Message::Paper(PaperMessage::SetTheme(theme.id.clone())));
            }
        }
    });
}

fn sizes(ui: &mut Ui, state: &State, out: Out) {
    super::widgets::section(ui, &state.words().window.looks.sizes);
    let now = state.paper.settings.interface_scale;
    ui.horizontal_wrapped(|ui| {
        for scale in [0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0].into_iter().filter(|s| (SCALES.0..=SCALES.1).contains(s)) {
            if ui.selectable_label((now - scale).abs() < 0.02, format!("{:.0} %", 100.0 * scale)).clicked() {
                out.push(Message::Paper(PaperMessage::SetInterfaceScale(scale)));
            }
        }
    });
}

fn screen(ui: &mut Ui, state: &State, out: Out) {
    let words = &state.words().window.looks;
    super::widgets::section(ui, &words.screen);
    let measured = state.paper.true_px_per_mm().is_some();
    let text = match (&state.paper.screen, measured) {
        (Some(_), true) => &words.measured,
        (Some(_), false) => &words.not_measured,
        (None, _) => &words.no_screen,
    };
    ui.add(egui::Label::new(RichText::new(text).color(theme::ui::weak())).wrap());
    ui.horizontal(|ui| {
        let can = state.paper.screen.is_some();
        if ui.add_enabled(can, egui::Button::new(&words.measure)).clicked() {
            out.push(Message::Paper(PaperMessage::ToggleLooks));
            out.push(Message::Paper(PaperMessage::ToggleCalibration));
        }
        if measured && ui.button(&words.forget).clicked() {
            out.push(Message::Paper(PaperMessage::ForgetScreen));
        }
    });
}
