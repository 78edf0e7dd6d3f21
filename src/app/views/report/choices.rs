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
    words::{Language, Words, fill},
};
use egui::{Align, ComboBox, Layout, RichText, ScrollArea, Ui, vec2};

/// Shows the column.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let chosen = &state.reports.choices;
    let mut next = chosen.clone();
    let words = state.words();
    ScrollArea::vertical().id_salt("report choices").auto_shrink([false, false]).show(ui, |ui| {
        page(ui, state, &mut next);
        section(ui, &words.dialog.further);
        for kind in Section::ALL {
            let mut on = next.sections.contains(&kind);
            if ui.checkbox(&mut on, name(words, kind)).changed() {
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
    let words = state.words();
    let dialog = &words.dialog;
    let layouts = state.paper.layouts.all();
    let ids: Vec<usize> = (0..layouts.len()).collect();
    let mut at = layouts.iter().position(|layout| layout.id == next.layout).unwrap_or(0);
    let layout = |index: usize| layouts.get(index).map(|layout| layout.name.clone()).unwrap_or_default();
    choice(ui, &dialog.layout, &dialog.layout_name, &mut at, &ids, layout);
    if let Some(layout) = layouts.get(at) {
        next.layout = layout.id.clone();
    }
    let paper = |paper: Paper| match paper {
        Paper::A4 => "A4".to_owned(),
        Paper::Letter => "Letter".to_owned(),
    };
    choice(ui, &dialog.paper, &dialog.paper_name, &mut next.paper, &[Paper::A4, Paper::Letter], paper);
    let speed = |speed: PaperSpeed| format!("{} mm/s", speed.mm_per_s());
    choice(ui, &dialog.speed, &dialog.speed_name, &mut next.speed, &[PaperSpeed::Mm25, PaperSpeed::Mm50], speed);
    let gain = |gain: PaperGain| format!("{} mm/mV", gain.mm_per_mv());
    let gains = [PaperGain::Mm5, PaperGain::Mm10, PaperGain::Mm20];
    choice(ui, &dialog.gain, &dialog.gain_name, &mut next.gain, &gains, gain);
    let mut filters = vec![FilterSettings::default(), FilterSettings::DIAGNOSTIC, FilterSettings::MONITOR];
    for own in [state.filtering.chosen, next.filter] {
        if !filters.contains(&own) {
            filters.push(own);
        }
    }
    choice(ui, &dialog.filter, &dialog.filter_name, &mut next.filter, &filters, |it| filter(words, it));
    // Each names itself in its own words.
    let language = |language: Language| language.words().language.name.clone();
    choice(ui, &dialog.language, &dialog.language_name, &mut next.language, &Language::ALL, language);
}

/// A filter in words: its band.
fn filter(words: &Words, filter: FilterSettings) -> String {
    match (filter.high_pass, filter.low_pass) {
        (None, None) => words.paper.unfiltered.clone(),
        (high, low) => {
            let hz = |hz: Option<f64>| hz.map_or_else(|| "…".to_owned(), |hz| words.trimmed(hz, 2));
            format!("{}–{} Hz", hz(high), hz(low))
        }
    }
}

/// Name of a section for people.
fn name(words: &Words, section: Section) -> &str {
    let dialog = &words.dialog;
    match section {
        Section::Evidence => &dialog.evidence,
        Section::Median => &dialog.median,
        Section::Beats => &dialog.beats,
        Section::Holter => &dialog.holter,
        Section::Audit => &dialog.audit,
    }
}

/// Why pages that were asked for are not there.
fn left_out(ui: &mut Ui, state: &State) {
    let Some(Preview::Ready(report, note)) = state.reports.dialog.as_ref().map(|dialog| &dialog.preview) else { return };
    let note = note.as_ref().map(|reason| fill(&state.words().dialog.no_review, &[("reason", reason)]));
    for sentence in report.left_out.iter().chain(&note) {
        ui.add(egui::Label::new(RichText::new(sentence).small().color(theme::ui::weak())).wrap());
    }
}

fn template(ui: &mut Ui, state: &State, out: Out) {
    let words = &state.words().dialog;
    section(ui, &words.institution);
    let mut text = state.reports.template_text.clone();
    let field = egui::TextEdit::singleline(&mut text).desired_width(f32::INFINITY).hint_text(&words.template_hint);
    let response = ui.add(field).accessible_name(&words.template_name);
    let response = response.on_hover_text(&words.template_about);
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
