//! `efficientecg review`: what people decided, without the window.

mod export;
#[cfg(feature = "window")]
pub mod from_window;
mod import;
mod select;
mod show;

use super::{
    BadUsage, Exit,
    cli::{ReviewArgs, ReviewCommand},
    message,
    output::Printer,
};
use crate::review::store::{DATA_FOLDER_VARIABLE, SqliteStore, Store, data_folder};
use anyhow::{Context, Result};
use serde_json::json;
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Runs the command.
///
/// # Errors
/// A store that cannot be opened, does not verify or may not be written to; [`BadUsage`] for what names nothing.
pub fn run(arguments: &ReviewArgs) -> Result<Exit> {
    let folder = folder(arguments.data.as_deref())?;
    match &arguments.command {
        ReviewCommand::List { json } => show::list(&open(&folder)?, *json),
        ReviewCommand::Show(arguments) => show::show(&open(&folder)?, arguments),
        ReviewCommand::Export(arguments) => export::run(&open(&folder)?, arguments),
        ReviewCommand::Import(arguments) => import::run(&open(&folder)?, arguments),
        ReviewCommand::Verify { json } => verify(&open(&folder)?, *json),
        ReviewCommand::Backup { to } => {
            let verified = open(&folder)?.backup(to)?;
            message(&format!("wrote {}: {} entries, verified, the last is {}", to.display(), verified.entries, verified.head));
            Ok(Exit::Done)
        }
        ReviewCommand::Restore { from } => {
            let (verified, kept) = SqliteStore::restore(&folder, from)?;
            message(&format!("restored {} entries to {}", verified.entries, folder.display()));
            if let Some(kept) = kept {
                message(&format!("what was there before is in {}", kept.display()));
            }
            Ok(Exit::Done)
        }
    }
}

/// The folder that reviews are kept in.
fn folder(given: Option<&Path>) -> Result<PathBuf> {
    data_folder(given).ok_or_else(|| {
        BadUsage(format!("this system names no place for application data: give --data DIR or set {DATA_FOLDER_VARIABLE}")).into()
    })
}

fn open(folder: &Path) -> Result<SqliteStore> {
    SqliteStore::open(folder).context("reviews")
}

fn verify(store: &SqliteStore, as_json: bool) -> Result<Exit> {
    let verified = store.verify()?;
    let mut out = io::stdout().lock();
    if as_json {
        let database = store.path().display().to_string();
        Printer::new(out, false).print(&json!({
            "schema": "efficientecg.review-verify/1",
            "database": database,
            "whole": true,
            "entries": verified.entries,
            "reviews": verified.reviews,
            "head": verified.head,
            "clock_behind": verified.clock_behind,
        }))?;
    } else {
        writeln!(out, "{}: the audit trail is whole", store.path().display())?;
        writeln!(out, "entries {}, reviews {}, last entry {}", verified.entries, verified.reviews, verified.head)?;
        if verified.clock_behind > 0 {
            writeln!(out, "{} entries were made by a clock behind the entry before", verified.clock_behind)?;
        }
    }
    Ok(Exit::Done)
}
