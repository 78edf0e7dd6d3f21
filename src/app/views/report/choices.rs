//! What is printed and how.

use crate::{
    app::{
        message::Message,
        report::{Choices, Preview, ReportMessage},
        state::State,
        theme,
        views::{Out, widgets::section},
    },
    report::{Paper, PaperGain, PaperSpeed, Section},
    signal::filter::FilterSettings,
    words::Language,
};
use egui::{Align, ComboBox, Layout, RichText, ScrollArea, Ui, vec2};

/// Shows the column.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let chosen = &state.reports.choices;
    let mut next = chosen.clone();
    ScrollArea::vertical().id_salt("report choices").auto_shrink([false, false]).show(ui, |ui| {
        page(ui, state, &mut next);
        section(ui, "Further pages");
        for kind in Section::ALL {
            let mut on = next.sections.contains(&kind);
            if ui.checkbox(&mut on, name(kind)).changed() {
                if on {
                    next.sections.insert(kind)
                } else {
                    next.sections.remove(&kind)
                };
            }
        }
        left_out(ui, state);
        template(ui, state, out);
    });
    if next != *chosen {
        out.push(Message::Report(ReportMessage::Choose(next)));
    }
}

fn page(ui: &mut Ui, state: &State, next: &mut Choices) {
    let layouts = state.paper.layouts.all();
    let ids: Vec<usize> = (0..layouts.len()).collect();
    let mut at = layouts.iter().position(|layout| layout.id == next.layout).unwrap_or(0);
    let layout = |index: usize| layouts.get(index).map(|layout| layout.name.clone()).unwrap_or_default();
    choice(ui, "Layout", "Layout of the report", &mut at, &ids, layout);
    if let Some(layout) = layouts.get(at) {
        next.layout = layout.id.clone();
    }
    let paper = |paper: Paper| match paper {
        Paper::A4 => "A4".to_owned(),
        Paper::Letter => "Letter".to_owned(),
    };
    choice(ui, "Paper", "Paper of the report", &mut next.paper, &[Paper::A4, Paper::Letter], paper);
    let speed = |speed: PaperSpeed| format!("{} mm/s", speed.mm_per_s());
    choice(ui, "Speed", "Speed of the report", &mut next.speed, &[PaperSpeed::Mm25, PaperSpeed::Mm50], speed);
    let gain = |gain: PaperGain| format!("{} mm/mV", gain.mm_per_mv());
    let gains = [PaperGain::Mm5, PaperGain::Mm10, PaperGain::Mm20];
    choice(ui, "Gain", "Gain of the report", &mut next.gain, &gains, gain);
    let mut filters = vec![FilterSettings::default(), FilterSettings::DIAGNOSTIC, FilterSettings::MONITOR];
    for own in [state.filtering.chosen, next.filter] {
        if !filters.contains(&own) {
            filters.push(own);
        }
    }
    choice(ui, "Filter", "Filter of the report", &mut next.filter, &filters, filter);
    let language = |language: Language| match language {
        Language::English => "English".to_owned(),
        Language::German => "Deutsch".to_owned(),
    };
    choice(ui, "Language", "Language of the report", &mut next.language, &Language::ALL, language);
}

/// A filter in words: its band.
fn filter(filter: FilterSettings) -> String {
    match (filter.high_pass, filter.low_pass) {
        (None, None) => "unfiltered".to_owned(),
        (high, low) => {
            let hz = |hz: Option<f64>| hz.map_or_else(|| "…".to_owned(), |hz| hz.to_string());
            format!("{}–{} Hz", hz(high), hz(low))
        }
    }
}

/// Name of a section for people.
fn name(section: Section) -> &'static str {
    match section {
        Section::Evidence => "Where the model looked",
        Section::Median => "Median beats and measurements",
        Section::Beats => "Beats by class",
        Section::Holter => "Summary of a long recording",
        Section::Audit => "Audit trail",
    }
}

/// Why pages that were asked for are not there.
fn left_out(ui: &mut Ui, state: &State) {
    let Some(Preview::Ready(report, note)) = state.reports.dialog.as_ref().map(|dialog| &dialog.preview) else { return };
    for sentence in report.left_out.iter().chain(note) {
        ui.add(egui::Label::new(RichText::new(sentence).small().color(theme::ui::weak())).wrap());
    }
}

fn template(ui: &mut Ui, state: &State, out: Out) {
    section(ui, "Institution");
    let mut text = state.reports.template_text.clone();
    let field = egui::TextEdit::singleline(&mut text).desired_width(f32::INFINITY).hint_text("Template file (TOML)");
    let response = ui.add(field).accessible_name("Template of the report");
    let response = response.on_hover_text("A file with the institution's name, logo and texts; the guide says what stands in it");
    if response.changed() {
        out.push(Message::Report(ReportMessage::TemplateEdited(text)));
    }
    if response.lost_focus() {
        out.push(Message::Report(ReportMessage::TemplateEntered));
    }
}

/// A word and a box to choose one of `values` from, named for who does not see the word beside it.
fn choice<T: Copy + PartialEq>(ui: &mut Ui, word: &str, name: &str, chosen: &mut T, values: &[T], text: impl Fn(T) -> String) {
    ui.horizontal(|ui| {
        ui.allocate_ui_with_layout(vec2(66.0, 20.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(66.0);
            ui.label(RichText::new(word).color(theme::ui::weak()));
        });
        let combo = ComboBox::from_id_salt(name).selected_text(text(*chosen)).width(150.0).height(460.0).truncate();
        let shown = combo.show_ui(ui, |ui| {
            for value in values {
                ui.selectable_value(chosen, *value, text(*value));
            }
        });
        shown.response.accessible_name(name);
    });
}
