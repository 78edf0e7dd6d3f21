//! The report dialog: what is chosen, the preview of what will be printed, and saving.
//!
//! The report is made again off the window's thread whenever a choice, the recording or its analysis changes ([`ask`] compares what is shown with
//! what is wanted); pages are drawn one by one, as they are looked at.

mod job;

pub use job::{Made, ReportEvent, ReportJob, run};

use super::{jobs::Job, state::State, update::Effect};
use crate::{
    analysis::Progress,
    layout::LayoutId,
    recording::SampleIndex,
    report::{Paper, PaperGain, PaperSpeed, Report, Section},
    signal::filter::FilterSettings,
    words::{Language, fill},
};
use egui::ColorImage;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

/// What a reader chooses; kept until the window closes.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// The sheet.
    pub paper: Paper,
    /// Which lead stands where.
    pub layout: LayoutId,
    /// Speed.
    pub speed: PaperSpeed,
    /// Amplitude scale.
    pub gain: PaperGain,
    /// Filters the traces are printed through.
    pub filter: FilterSettings,
    /// Further pages.
    pub sections: BTreeSet<Section>,
    /// Language of the report.
    pub language: Language,
    /// File with the institution's name, logo and texts.
    pub template: Option<PathBuf>,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            paper: Paper::default(),
            layout: LayoutId::default(),
            speed: PaperSpeed::default(),
            gain: PaperGain::default(),
            filter: FilterSettings::DIAGNOSTIC,
            sections: BTreeSet::new(),
            language: Language::default(),
            template: None,
        }
    }
}

/// Reports in the window.
#[derive(Debug, Default)]
pub struct Reports {
    /// What was chosen last.
    pub choices: Choices,
    /// The field with the template's path.
    pub template_text: String,
    /// The dialog while it is open.
    pub dialog: Option<Dialog>,
    /// Counts reports that were begun; answers to earlier ones are dropped.
    count: u64,
}

impl Reports {
    /// Whether a job runs.
    pub fn is_busy(&self) -> bool {
        self.dialog.as_ref().is_some_and(|dialog| {
            let drawing = dialog.pages.values().any(|page| matches!(page, Drawn::Pending));
            drawing || matches!(dialog.preview, Preview::Pending) || matches!(dialog.saving, Saving::Busy)
        })
    }
}

/// What a report depends on.
#[derive(Debug, Clone, PartialEq)]
struct Wanted {
    generation: u64,
    run: u64,
    analysed: bool,
    choices: Choices,
    lead: usize,
    from: SampleIndex,
}

/// The open dialog.
#[derive(Debug, Default)]
pub struct Dialog {
    /// Number of the report in the preview.
    pub number: u64,
    /// The report.
    pub preview: Preview,
    /// The page that is looked at, from 0.
    pub page: usize,
    /// Pages as they will print.
    pub pages: BTreeMap<usize, Drawn>,
    /// The preview is as large as the screen shows well, not as large as there is room for.
    pub close_up: bool,
    /// The field with the path to save to.
    pub path_text: String,
    /// What became of saving.
    pub saving: Saving,
    asked: Option<Wanted>,
    progress: Arc<Progress>,
}

/// The report in the preview.
#[derive(Debug, Default)]
pub enum Preview {
    /// Being made.
    #[default]
    Pending,
    /// Here, and why the review is not in the report where it is not.
    Ready(Arc<Report>, Option<String>),
    /// Not to be had; the reason.
    Failed(String),
}

/// A page of the preview.
#[derive(Debug, Clone)]
pub enum Drawn {
    /// Being drawn.
    Pending,
    /// Here.
    Ready(Arc<ColorImage>),
    /// Not to be had; the reason.
    Failed(String),
}

/// What became of saving.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Saving {
    /// Nobody asked.
    #[default]
    No,
    /// Under way.
    Busy,
    /// Saved there.
    Done(PathBuf),
    /// There is a file of that name: saving again replaces it.
    Exists(PathBuf),
    /// Not saved; the reason.
    Failed(String),
}

/// What can happen to the dialog.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportMessage {
    /// Open or close it.
    Toggle,
    /// Choose otherwise.
    Choose(Choices),
    /// The field with the template's path was edited.
    TemplateEdited(String),
    /// Use the template in the field; none where it is empty.
    TemplateEntered,
    /// Look at this page.
    Page(usize),
    /// Whole page or close up.
    ToggleCloseUp,
    /// The path field was edited.
    PathEdited(String),
    /// Show the system's dialog.
    ShowSaveDialog,
    /// Save to the path in the field.
    Save,
    /// Show what was saved with the system's viewer, which prints it.
    OpenSaved,
}

/// Applies a message.
pub fn update(state: &mut State, message: ReportMessage) -> Vec<Effect> {
    match message {
        ReportMessage::Toggle if state.reports.dialog.is_some() => close(state),
        ReportMessage::Toggle => open(state),
        ReportMessage::Choose(choices) => state.reports.choices = choices,
        ReportMessage::TemplateEdited(text) => state.reports.template_text = text,
        ReportMessage::TemplateEntered => {
            let text = unquoted(&state.reports.template_text);
            state.reports.choices.template = (!text.is_empty()).then(|| PathBuf::from(text));
        }
        other => {
            let recording = state.recording().cloned();
            let words = &state.words().dialog;
            let Some(dialog) = &mut state.reports.dialog else { return Vec::new() };
            match other {
                ReportMessage::Page(page) => dialog.page = page,
                ReportMessage::ToggleCloseUp => dialog.close_up = !dialog.close_up,
                ReportMessage::PathEdited(text) => {
                    dialog.path_text = text;
                    dialog.saving = Saving::No;
                }
                ReportMessage::ShowSaveDialog => {
                    let suggested = PathBuf::from(unquoted(&dialog.path_text));
                    return vec![start(ReportJob::Choose { suggested, title: words.save_title.clone() })];
                }
                ReportMessage::Save => {
                    let text = unquoted(&dialog.path_text);
                    let (Preview::Ready(report, _), Some(recording)) = (&dialog.preview, recording) else { return Vec::new() };
                    if text.is_empty() {
                        dialog.saving = Saving::Failed(words.no_path.clone());
                        return Vec::new();
                    }
                    let path = with_ending(PathBuf::from(text));
                    let replace = dialog.saving == Saving::Exists(path.clone());
                    dialog.saving = Saving::Busy;
                    return vec![start(ReportJob::Save { report: report.clone(), recording, path, replace })];
                }
                ReportMessage::OpenSaved => {
                    if let Saving::Done(path) = &dialog.saving {
                        return vec![start(ReportJob::Open { path: path.clone() })];
                    }
                }
                _ => {}
            }
        }
    }
    Vec::new()
}

fn start(job: ReportJob) -> Effect {
    Effect::Start(Job::Report(job), Arc::default())
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches('"')
}

/// What is saved is a PDF file and is called one.
fn with_ending(path: PathBuf) -> PathBuf {
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf")) {
        return path;
    }
    let mut name = path.into_os_string();
    name.push(".pdf");
    name.into()
}

fn close(state: &mut State) {
    if let Some(dialog) = state.reports.dialog.take() {
        dialog.progress.cancel();
    }
}

/// Opens the dialog with the page's own layout, scale and filters, in the window's language: what is seen is what is printed.
fn open(state: &mut State) {
    let Some(recording) = state.recording() else { return };
    let name = crate::formats::write::record_name(&recording.name);
    let path_text = recording.path.with_file_name(format!("{name}.pdf")).display().to_string();
    let (scale, language) = (state.view.scale, state.paper.settings.language);
    let choices = &mut state.reports.choices;
    choices.language = language;
    choices.layout = state.view.layout.clone();
    choices.filter = state.filtering.chosen;
    choices.speed = if scale.speed == super::page::scale::Speed::Mm50 { PaperSpeed::Mm50 } else { PaperSpeed::Mm25 };
    choices.gain = match scale.gain {
        super::page::scale::Gain::Mm5 => PaperGain::Mm5,
        super::page::scale::Gain::Mm20 => PaperGain::Mm20,
        _ => PaperGain::Mm10,
    };
    state.reports.dialog = Some(Dialog { path_text, ..Dialog::default() });
}

/// Begins what the dialog needs: another report, another page.
pub fn ask(state: &mut State) -> Vec<Effect> {
    if state.reports.dialog.is_none() {
        return Vec::new();
    }
    let Some(recording) = state.recording().cloned() else {
        close(state);
        return Vec::new();
    };
    // Who reads blind does not print what is hidden.
    let analysis = state.analysis.clone().filter(|_| !state.machine_hidden());
    let wanted = Wanted {
        generation: state.generation,
        run: state.run,
        analysed: analysis.is_some(),
        choices: state.reports.choices.clone(),
        lead: state.paper.lead.min(recording.leads.len().saturating_sub(1)),
        from: state.view.start,
    };
    let layout = Box::new(state.paper.layouts.get_or_first(&wanted.choices.layout).clone());
    let reports = &mut state.reports;
    let Some(dialog) = &mut reports.dialog else { return Vec::new() };
    if dialog.asked.as_ref() != Some(&wanted) {
        reports.count += 1;
        dialog.progress.cancel();
        dialog.progress = Arc::default();
        dialog.number = reports.count;
        dialog.preview = Preview::Pending;
        dialog.pages.clear();
        dialog.saving = Saving::No;
        let (lead, from, choices) = (wanted.lead, wanted.from, Box::new(wanted.choices.clone()));
        dialog.asked = Some(wanted);
        let job = ReportJob::Make { number: dialog.number, recording, analysis, choices, layout, lead, from };
        return vec![Effect::Start(Job::Report(job), dialog.progress.clone())];
    }
    let Preview::Ready(report, _) = &dialog.preview else { return Vec::new() };
    dialog.page = dialog.page.min(report.document.pages.len().saturating_sub(1));
    if dialog.pages.contains_key(&dialog.page) {
        return Vec::new();
    }
    dialog.pages.insert(dialog.page, Drawn::Pending);
    let job = ReportJob::Draw { number: dialog.number, report: report.clone(), page: dialog.page };
    vec![Effect::Start(Job::Report(job), dialog.progress.clone())]
}

/// Takes what a job made; what belongs to an earlier report is dropped.
pub fn on_event(state: &mut State, event: ReportEvent) {
    if let ReportEvent::Opened { path, result: Err(reason) } = event {
        let path = path.display().to_string();
        let told = fill(&state.words().dialog.not_opened, &[("path", &path), ("reason", &reason)]);
        return super::update::notice(state, told, false);
    }
    let Some(dialog) = &mut state.reports.dialog else { return };
    match event {
        ReportEvent::Made { number, result } if number == dialog.number => {
            dialog.preview = match result {
                Ok(Made { report, note }) => Preview::Ready(report, note),
                Err(failure) => Preview::Failed(failure.to_string()),
            };
        }
        ReportEvent::Drawn { number, page, result } if number == dialog.number => {
            let drawn = match result {
                Ok(image) => Drawn::Ready(image),
                Err(failure) => Drawn::Failed(failure.to_string()),
            };
            dialog.pages.insert(page, drawn);
        }
        ReportEvent::Chosen { path: Some(path) } => {
            let path = with_ending(path);
            dialog.path_text = path.display().to_string();
            // The system's dialog has asked already.
            dialog.saving = if path.exists() { Saving::Exists(path) } else { Saving::No };
        }
        ReportEvent::Saved { saving } => dialog.saving = saving,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_called_a_pdf_file() {
        assert_eq!(with_ending("a/b".into()), PathBuf::from("a/b.pdf"));
        assert_eq!(with_ending("a/b.x".into()), PathBuf::from("a/b.x.pdf"));
        assert_eq!(with_ending("a/b.PDF".into()), PathBuf::from("a/b.PDF"));
    }
}
