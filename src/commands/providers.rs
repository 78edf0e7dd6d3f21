//! `efficientecg providers`: which engines and providers can be used here.

use super::{Exit, cli::ProvidersArgs};
use crate::{
    analysis::Analyzer,
    model::{self, ProviderReport},
};
use anyhow::Result;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Document {
    /// What the given arguments lead to.
    engine: Option<String>,
    provider: Option<String>,
    note: Option<String>,
    error: Option<String>,
    tried: Vec<ProviderReport>,
}

/// Runs the command: tries every engine and provider on every model, then says which one the given arguments choose.
///
/// # Errors
/// When the models cannot be read. An engine asked for that cannot be had is exit code 3.
pub fn run(arguments: &ProvidersArgs) -> Result<Exit> {
    let options = arguments.engine.options()?;
    let tried = model::providers(&options)?;
    let chosen = Analyzer::open(&options).map(|analyzer| analyzer.engine());
    let exit = if chosen.is_ok() { Exit::Done } else { Exit::EngineUnusable };
    if arguments.json {
        let engine = chosen.as_ref().ok();
        let document = Document {
            engine: engine.map(|e| e.engine.clone()),
            provider: engine.map(|e| e.provider.clone()),
            note: engine.and_then(|e| e.note.clone()),
            error: chosen.as_ref().err().map(ToString::to_string),
            tried,
        };
        println!("{}", serde_json::to_string_pretty(&document)?);
        return Ok(exit);
    }
    for report in tried {
        let mark = if report.available { "yes" } else { "no " };
        println!("{mark}  {:<22} {:<9} {}", report.engine, report.provider, report.detail);
        if let Some(library) = report.library.filter(|_| report.available) {
            println!("     {library}");
        }
    }
    match chosen {
        Ok(engine) => {
            println!("in use: {}, {}", engine.engine, engine.provider);
            if let Some(note) = engine.note {
                println!("note: {note}");
            }
        }
        Err(error) => eprintln!("efficientecg: {error}"),
    }
    Ok(exit)
}
