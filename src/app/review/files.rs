//! Labels out to files, and other annotators' labels in as further readers.

use super::{deeds, jobs::ReviewJob};
use crate::{
    analysis::Progress,
    app::{
        jobs::{Failure, Job},
        state::State,
        update::{Effect, notice},
    },
    review::Reviewer,
    words::ReviewWords,
};
use std::{path::PathBuf, sync::Arc};

/// The form that labels leave in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// A WFDB record with the annotations.
    #[default]
    Wfdb,
    /// A copy of the recording as EDF+ with the annotations.
    Edf,
    /// Tables of beats, intervals and findings.
    Csv,
    /// One document.
    Json,
    /// A folder for training a model.
    Training,
}

impl Form {
    /// All, in the order of the dialog.
    pub const ALL: [Self; 5] = [Self::Wfdb, Self::Edf, Self::Csv, Self::Json, Self::Training];

    /// For people.
    pub fn name(self, words: &ReviewWords) -> &str {
        match self {
            Self::Wfdb => &words.files.wfdb,
            Self::Edf => &words.files.edf,
            Self::Csv => &words.files.csv,
            Self::Json => &words.files.json,
            Self::Training => &words.files.training,
        }
    }
}

/// An export as the reader wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportOrder {
    /// The form.
    pub form: Form,
    /// The folder; it is made where it is absent.
    pub folder: PathBuf,
    /// Annotator's name in WFDB: the extension of the file.
    pub annotator: String,
}

/// The dialog that asks where labels go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The form.
    pub form: Form,
    /// Folder as typed.
    pub folder: String,
    /// Annotator as typed.
    pub annotator: String,
    /// What was written, or what is wrong.
    pub told: Vec<String>,
    /// Being written.
    pub busy: bool,
}

/// The dialog that asks which labels come in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    /// File as typed.
    pub path: String,
    /// What came of it, or what is wrong.
    pub told: Vec<String>,
    /// Being read.
    pub busy: bool,
}

/// Files on their way.
#[derive(Debug, Clone, Default)]
pub struct Filing {
    /// Out.
    pub export: Option<Export>,
    /// In.
    pub import: Option<Import>,
    /// Folder, form and annotator of the last export.
    last: Option<(Form, String, String)>,
}

impl Filing {
    /// A dialog is open.
    pub fn is_asking(&self) -> bool {
        self.export.is_some() || self.import.is_some()
    }

    /// Something is being written or read.
    pub fn is_busy(&self) -> bool {
        self.export.as_ref().is_some_and(|export| export.busy) || self.import.as_ref().is_some_and(|import| import.busy)
    }

    pub(super) fn without_recording(self) -> Self {
        Self { last: self.last, ..Self::default() }
    }
}

/// What can happen to files.
#[derive(Debug, Clone, PartialEq)]
pub enum FileMessage {
    /// Ask where labels go.
    AskExport,
    /// The form was chosen.
    Form(Form),
    /// The folder was edited.
    Folder(String),
    /// The annotator was edited.
    Annotator(String),
    /// Choose the folder in the system's dialog.
    BrowseFolder,
    /// Write.
    Export,
    /// Ask which labels come in.
    AskImport,
    /// The file was edited.
    Path(String),
    /// Choose the file in the system's dialog.
    BrowseFile,
    /// Read the file.
    Import,
    /// Take the annotations of this name that the recording came with.
    ImportOwn(String),
    /// Close the dialogs.
    Close,
}

/// Applies one message.
pub(super) fn update(state: &mut State, message: FileMessage) -> Vec<Effect> {
    match message {
        FileMessage::AskExport => ask_export(state),
        FileMessage::AskImport => {
            if let Some(refusal) = state.not_editable() {
                notice(state, refusal, true);
            } else {
                state.desk.files = Filing { import: Some(Import::default()), last: state.desk.files.last.take(), export: None };
            }
        }
        FileMessage::Close => (state.desk.files.export, state.desk.files.import) = (None, None),
        FileMessage::BrowseFolder => return vec![start(ReviewJob::Browse { folder: true, words: state.words() })],
        FileMessage::BrowseFile => return vec![start(ReviewJob::Browse { folder: false, words: state.words() })],
        FileMessage::Export => return export(state),
        FileMessage::Import => {
            let path = state.desk.files.import.as_ref().map(|import| import.path.trim().trim_matches('"').to_owned());
            if let Some(path) = path.filter(|path| !path.is_empty()) {
                return import(state, Some(PathBuf::from(path)), None);
            }
        }
        FileMessage::ImportOwn(annotator) => return import(state, None, Some(annotator)),
        FileMessage::Path(text) => {
            if let Some(import) = state.desk.files.import.as_mut() {
                import.path = text;
            }
        }
        FileMessage::Form(form) => {
            if let Some(export) = state.desk.files.export.as_mut() {
                (export.form, export.told) = (form, Vec::new());
            }
        }
        FileMessage::Folder(text) => {
            if let Some(export) = state.desk.files.export.as_mut() {
                export.folder = text;
            }
        }
        FileMessage::Annotator(text) => {
            if let Some(export) = state.desk.files.export.as_mut() {
                export.annotator = text;
            }
        }
    }
    Vec::new()
}

fn start(job: ReviewJob) -> Effect {
    Effect::Start(Job::Review(job), Arc::new(Progress::new()))
}

fn ask_export(state: &mut State) {
    if let Some(refusal) = state.not_editable() {
        return notice(state, refusal, true);
    }
    super::findings::flush(state);
    let initials = state.desk.me().map(|me| me.initials.to_lowercase()).unwrap_or_default();
    let plain: String = initials.chars().filter(char::is_ascii_alphanumeric).collect();
    let annotator = if plain.is_empty() { "review".to_owned() } else { plain };
    let (form, folder, annotator) = state.desk.files.last.clone().unwrap_or((Form::default(), String::new(), annotator));
    state.desk.files.import = None;
    state.desk.files.export = Some(Export { form, folder, annotator, told: Vec::new(), busy: false });
}

fn export(state: &mut State) -> Vec<Effect> {
    let (Some(recording), Some(me)) = (state.recording().cloned(), state.desk.me().cloned()) else { return Vec::new() };
    let Some(review) = state.desk.review().cloned() else { return Vec::new() };
    let (generation, words) = (state.generation, &state.words().review.files);
    let Some(export) = state.desk.files.export.as_mut().filter(|export| !export.busy) else { return Vec::new() };
    let folder = export.folder.trim().trim_matches('"').to_owned();
    if folder.is_empty() {
        export.told = vec![words.say_folder.clone()];
        return Vec::new();
    }
    (export.busy, export.told) = (true, Vec::new());
    let annotator = export.annotator.trim().to_owned();
    state.desk.files.last = Some((export.form, folder.clone(), annotator.clone()));
    let order = ExportOrder { form: export.form, folder: PathBuf::from(folder), annotator };
    vec![start(ReviewJob::Export { review: Box::new(review), reviewer: me, recording, order, generation })]
}

/// The files are written, or are not.
pub(super) fn exported(state: &mut State, result: Result<Vec<String>, Failure>) {
    let told = match result {
        Ok(told) => told,
        Err(failure) => vec![deeds::capital(&failure.to_string())],
    };
    match state.desk.files.export.as_mut() {
        Some(export) => (export.busy, export.told) = (false, told),
        None => told.into_iter().for_each(|text| notice(state, text, true)),
    }
}

fn import(state: &mut State, path: Option<PathBuf>, annotator: Option<String>) -> Vec<Effect> {
    let (Some(recording), Some(facts)) = (state.recording().cloned(), state.desk.facts.clone()) else { return Vec::new() };
    let Some(store) = state.desk.store().cloned() else { return Vec::new() };
    let (generation, words) = (state.generation, state.words());
    let Some(import) = state.desk.files.import.as_mut().filter(|import| !import.busy) else { return Vec::new() };
    (import.busy, import.told) = (true, Vec::new());
    vec![start(ReviewJob::Import { store, recording, facts, path, annotator, words, generation })]
}

/// The labels came: a further reader is there.
pub(super) fn imported(state: &mut State, result: Result<(Reviewer, Vec<String>), Failure>) {
    let told = match result {
        Ok((reader, told)) => {
            for people in [&mut state.desk.people.all, &mut state.desk.others] {
                if !people.iter().any(|known| known.id == reader.id) {
                    people.push(reader.clone());
                }
            }
            told
        }
        Err(failure) => vec![deeds::capital(&failure.to_string())],
    };
    match state.desk.files.import.as_mut() {
        Some(import) => (import.busy, import.told) = (false, told),
        None => told.into_iter().for_each(|text| notice(state, text, true)),
    }
}

/// A folder or file was chosen in the system's dialog.
pub(super) fn browsed(state: &mut State, path: Option<PathBuf>) {
    let Some(text) = path.map(|path| path.display().to_string()) else { return };
    if let Some(export) = state.desk.files.export.as_mut() {
        export.folder = text;
    } else if let Some(import) = state.desk.files.import.as_mut() {
        import.path = text;
    }
}
