//! The command line: every command is a function from its arguments to an exit code.

pub mod analyze;
mod batch;
pub mod cli;
pub mod convert;
pub mod demo;
pub mod evaluate;
mod evaluation;
pub mod export;
pub mod info;
pub mod models;
mod outgoing;
pub mod output;
pub mod prepare;
pub mod providers;
pub mod report;
mod report_reviews;
pub mod review;
mod waves;
pub mod window;

use crate::{
    formats,
    model::{EngineChoice, ModelError, ModelOptions, Provider, ProviderChoice},
    recording::Recording,
};
use anyhow::Result;
use cli::{EngineArg, EngineArgs, ProviderArg};
use std::{io::Write, num::NonZeroUsize, path::PathBuf, process::ExitCode};

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

/// A line on standard error. That somebody closed it is no reason to stop.
pub(crate) fn message(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A recording to work on, or a path that holds none, with the reason.
#[derive(Debug)]
pub(crate) struct Item {
    pub path: PathBuf,
    pub fault: Option<formats::FormatError>,
}

impl Item {
    /// Opens the recording.
    pub fn open(&self) -> Result<Recording> {
        match &self.fault {
            Some(fault) => Err(fault.clone().into()),
            None => Ok(formats::open(&self.path)?),
        }
    }
}

/// All recordings under the given paths, in the order found.
pub(crate) fn recordings(paths: &[PathBuf]) -> Vec<Item> {
    let mut out = Vec::new();
    for path in paths {
        match formats::find_recordings(path) {
            Ok(found) => out.extend(found.into_iter().map(|f| Item { path: f.path, fault: None })),
            Err(fault) => out.push(Item { path: path.clone(), fault: Some(fault) }),
        }
    }
    out
}

/// The pool that filters leads side by side takes part in the limit that the user set.
///
/// `begin`: what each of its threads does first.
pub(crate) fn limit_threads(threads: usize, begin: fn()) {
    // It fails only when the pool exists already, which is then as good.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).start_handler(move |_| begin()).build_global();
}

impl EngineArgs {
    /// What the arguments ask of the model layer.
    ///
    /// # Errors
    /// [`BadUsage`] for a folder of models that does not exist.
    pub fn options(&self) -> Result<ModelOptions> {
        if let Some(folder) = self.models.as_deref().filter(|folder| !folder.is_dir()) {
            anyhow::bail!(BadUsage(format!("--models {}: no such folder", folder.display())));
        }
        Ok(ModelOptions {
            engine: match self.engine {
                EngineArg::Auto => EngineChoice::Auto,
                EngineArg::Onnxruntime => EngineChoice::OnnxRuntime,
                EngineArg::Rten => EngineChoice::Rten,
            },
            provider: match self.provider {
                ProviderArg::Auto => ProviderChoice::Auto,
                ProviderArg::Cpu => ProviderChoice::Only(Provider::Cpu),
                ProviderArg::Cuda => ProviderChoice::Only(Provider::Cuda),
                ProviderArg::Directml => ProviderChoice::Only(Provider::DirectMl),
                ProviderArg::Coreml => ProviderChoice::Only(Provider::CoreMl),
            },
            threads: self.threads.map(usize::from).and_then(NonZeroUsize::new),
            models: self.models.clone(),
            library: None,
        })
    }
}

/// Where settings and own layouts lie: what `EFFICIENTECG_CONFIG` names, else the system's place for them.
fn config_folder() -> Option<std::path::PathBuf> {
    match std::env::var_os("EFFICIENTECG_CONFIG") {
        Some(folder) if !folder.is_empty() => Some(folder.into()),
        _ => directories::ProjectDirs::from("", "", "efficientecg").map(|dirs| dirs.config_dir().to_path_buf()),
    }
}
