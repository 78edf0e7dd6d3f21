//! The command line: every command is a function from its arguments to an exit code.

mod batch;
pub mod cli;
pub mod output;
pub mod prepare;

use crate::model::ModelError;
use anyhow::Result;
use std::{path::PathBuf, process::ExitCode};

/// How a command ended; the numbers are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All done.
    Done,
    /// Some recordings failed.
    SomeFailed,
    /// Bad usage (also clap's own exit code).
    BadUsage,
    /// Engine or model unusable.
    EngineUnusable,
}

impl Exit {
    /// The exit that an error which ended a command stands for.
    pub fn of(error: &anyhow::Error) -> Self {
        if error.downcast_ref::<ModelError>().is_some() {
            Self::EngineUnusable
        } else if error.downcast_ref::<BadUsage>().is_some() {
            Self::BadUsage
        } else {
            Self::SomeFailed
        }
    }

    /// `Done` when everything worked.
    pub fn all(worked: bool) -> Self {
        if worked { Self::Done } else { Self::SomeFailed }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::SomeFailed => 1,
            Exit::BadUsage => 2,
            Exit::EngineUnusable => 3,
        })
    }
}

/// Arguments that cannot be met together or name nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadUsage(pub String);

/// Worker threads: as asked, else one a core.
pub(crate) fn threads(asked: Option<u16>) -> usize {
    asked.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
}

/// All recordings under the given paths, in the order found.
pub(crate) fn recordings(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut entries: Vec<PathBuf> = std::fs::read_dir(path)?.filter_map(|e| Some(e.ok()?.path())).collect();
            entries.sort();
            out.extend(recordings(
                &entries.into_iter().filter(|e| e.is_dir() || e.extension().is_some_and(|x| x == "hea")).collect::<Vec<_>>(),
            )?);
        } else {
            out.push(path.clone());
        }
    }
    Ok(out)
}
