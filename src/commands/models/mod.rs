//! `efficientecg models`: which models are installed, what their cards say, and whether files and answers agree with them.

mod text;

use super::{BadUsage, Exit, analyze::quiet_pipe, cli::ModelsArgs};
use crate::model::{self, Card, FileState, Installed, Kind, SelfTest, Survey};
use anyhow::Result;
use serde::Serialize;
use std::io::{self, Write};

/// Schema name of the document.
const SCHEMA: &str = "efficientecg.models/1";

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: &'static str,
    /// Where the models lie: a folder, or `null` for those in the binary.
    folder: Option<String>,
    usable: bool,
    engine_note: Option<&'a str>,
    models: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    name: &'a str,
    version: Option<&'a str>,
    kind: Option<Kind>,
    parameters: Option<u64>,
    card_file: &'a str,
    graph_file: Option<String>,
    files: FileState,
    self_test: Option<&'a SelfTest>,
    usable: bool,
    fault: Option<&'a str>,
    card: Option<&'a Card>,
}

/// Runs the command.
///
/// # Errors
/// When the folder of models cannot be read, or an engine asked for by name cannot be had (exit code 3), and for a `NAME` that no model has (2).
/// A model that is missing, damaged or answers otherwise than stored is exit code 3 too, after all have been listed.
pub fn run(arguments: &ModelsArgs) -> Result<Exit> {
    let mut survey = model::survey(&arguments.engine.options()?)?;
    if let Some(wanted) = &arguments.name {
        let names: Vec<String> = survey.models.iter().map(|model| name(model).to_owned()).collect();
        survey.models.retain(|model| name(model) == wanted || model.stem == *wanted);
        if survey.models.is_empty() {
            anyhow::bail!(BadUsage(format!("no model `{wanted}` is installed; there are {}", names.join(", "))));
        }
    }
    let usable = survey.models.iter().all(Installed::usable);
    let printed = if arguments.json {
        let document = serde_json::to_string_pretty(&document(&survey, usable))?;
        writeln!(io::stdout().lock(), "{document}")
    } else {
        let text = if arguments.name.is_some() { text::whole(&survey) } else { text::list(&survey) };
        write!(io::stdout().lock(), "{text}")
    };
    quiet_pipe(printed)?;
    Ok(if usable { Exit::Done } else { Exit::EngineUnusable })
}

/// The card's name; without a readable card that of the files.
fn name(model: &Installed) -> &str {
    model.card.as_ref().map_or(model.stem.as_str(), |card| card.name.as_str())
}

fn document(survey: &Survey, usable: bool) -> Document<'_> {
    Document {
        schema: SCHEMA,
        folder: survey.folder.as_ref().map(|folder| folder.display().to_string()),
        usable,
        engine_note: survey.note.as_deref(),
        models: survey.models.iter().map(entry).collect(),
    }
}

fn entry(model: &Installed) -> Entry<'_> {
    let card = model.card.as_ref();
    Entry {
        name: name(model),
        version: card.map(|card| card.version.as_str()),
        kind: card.map(|card| card.kind),
        parameters: card.and_then(|card| card.parameters),
        card_file: &model.card_file,
        graph_file: model.graph_file.as_ref().map(|path| path.display().to_string()),
        files: model.state,
        self_test: model.self_test.as_ref(),
        usable: model.usable(),
        fault: model.fault.as_deref(),
        card,
    }
}
