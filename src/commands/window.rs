//! `efficientecg [FILES]`: the window.

use super::{Exit, cli::WindowArgs};
use anyhow::Result;

/// Opens the window and returns when it is closed.
///
/// # Errors
/// When there is no display, or an engine asked for by name cannot be used.
#[cfg(feature = "window")]
pub fn run(arguments: &WindowArgs) -> Result<Exit> {
    use crate::app;
    use std::sync::Arc;

    let paths = if arguments.files.is_empty() { vec![demo_folder()?] } else { arguments.files.clone() };
    super::limit_threads(super::threads(arguments.engine.threads), app::background::step_back);
    let backend = Arc::new(backend::Real::new(arguments.engine.options()?)?);
    // A picture that is taken by a script must not depend on what somebody set.
    let settings = if arguments.screenshot.is_some() { None } else { super::config_folder() };
    let reviews = if arguments.screenshot.is_some() { None } else { crate::review::store::data_folder(None) };
    let (show, screenshot) = (arguments.show.clone(), arguments.screenshot.clone());
    let options = app::Options { paths, show, settings, reviews, screenshot };
    // The windowing library's error may not cross threads, which anyhow asks for.
    app::run(backend, options).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(Exit::Done)
}

/// This build has no window.
///
/// # Errors
/// Always.
#[cfg(not(feature = "window"))]
pub fn run(_arguments: &WindowArgs) -> Result<Exit> {
    anyhow::bail!(super::BadUsage("this build has no window; see `efficientecg --help` for the commands".to_owned()))
}

/// The demo recordings: committed beside the sources, installed with the binary, or written to the user's data folder.
#[cfg(feature = "window")]
fn demo_folder() -> Result<std::path::PathBuf> {
    let installed = std::env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.join("../share/efficientecg/demo/wfdb")))
        .filter(|folder| folder.is_dir());
    if let Some(folder) = installed {
        return Ok(folder);
    }
    let dirs = directories::ProjectDirs::from("", "", "efficientecg");
    let data = dirs.map_or_else(|| std::env::temp_dir().join("efficientecg"), |dirs| dirs.data_dir().to_path_buf());
    super::demo::in_folder(&data.join("demo"))
}

/// What the window asks of the layers below.
#[cfg(feature = "window")]
mod backend {
    use crate::{
        analysis::{Analysis, AnalysisError, Analyzer, Demographics, Finding, Progress},
        app::{Backend, Failure, review::files::ExportOrder},
        commands::report_reviews::Reviews,
        commands::review::from_window,
        formats,
        model::{ModelError, ModelOptions, ProviderChoice},
        recording::{Recording, SampleIndex, SampleRange},
        report::Reviewed,
        review::{Review, Reviewer, exchange::Incoming},
        signal::waves::Waves,
    };
    use std::{
        path::{Path, PathBuf},
        sync::{Arc, OnceLock},
    };

    /// Models are loaded on the first use, off the window's thread, so that the traces are on screen at once.
    pub struct Real {
        options: ModelOptions,
        analyzer: OnceLock<Result<Analyzer, ModelError>>,
    }

    impl Real {
        /// With an engine or provider asked for by name, models are loaded now: what cannot be met is an error before a window opens.
        pub fn new(options: ModelOptions) -> Result<Self, ModelError> {
            let strict =
                options.engine != Default::default() || options.provider != ProviderChoice::Auto || options.models.is_some();
            let real = Self { options, analyzer: OnceLock::new() };
            if strict {
                real.analyzer().map_err(Clone::clone)?;
            }
            Ok(real)
        }

        fn analyzer(&self) -> Result<&Analyzer, &ModelError> {
            self.analyzer.get_or_init(|| Analyzer::open(&self.options)).as_ref()
        }
    }

    fn failure(error: AnalysisError) -> Failure {
        match error {
            AnalysisError::Cancelled(_) => Failure::Cancelled,
            other => Failure::new(other),
        }
    }

    impl Backend for Real {
        fn open(&self, path: &Path, progress: &Progress) -> Result<Recording, Failure> {
            progress.report("opening", 0.0)?;
            formats::open(path).map_err(Failure::new)
        }

        fn list(&self, folder: &Path, progress: &Progress) -> Result<Vec<PathBuf>, Failure> {
            progress.report("looking for recordings", 0.0)?;
            let found = formats::find_recordings(folder).map_err(Failure::new)?;
            Ok(found.into_iter().map(|f| f.path).collect())
        }

        fn analyse(
            &self,
            recording: Arc<Recording>,
            demographics: Demographics,
            progress: &Progress,
        ) -> Result<Analysis, Failure> {
            progress.report("loading models", 0.0)?;
            let analyzer = self.analyzer().map_err(Failure::new)?;
            analyzer.analyze(&recording, demographics, progress).map_err(failure)
        }

        fn evidence(
            &self,
            recording: Arc<Recording>,
            demographics: Demographics,
            window: SampleRange,
            progress: &Progress,
        ) -> Result<Vec<Finding>, Failure> {
            let analyzer = self.analyzer().map_err(Failure::new)?;
            analyzer.evidence(&recording, demographics, window, progress).map_err(failure)
        }

        fn waves(&self, recording: Arc<Recording>, window: SampleRange, progress: &Progress) -> Result<Waves, Failure> {
            let analyzer = self.analyzer().map_err(Failure::new)?;
            analyzer.waves(&recording, window, progress).map_err(failure)
        }

        fn beat_evidence(
            &self,
            recording: Arc<Recording>,
            beat: SampleIndex,
            progress: &Progress,
        ) -> Result<Vec<Finding>, Failure> {
            let analyzer = self.analyzer().map_err(Failure::new)?;
            analyzer.beat_evidence(&recording, beat, progress).map_err(failure)
        }

        fn export_review(
            &self,
            review: &Review,
            reviewer: &Reviewer,
            recording: &Recording,
            order: &ExportOrder,
        ) -> Result<Vec<String>, Failure> {
            from_window::export(review, reviewer, recording, order).map_err(|error| Failure::new(format!("{error:#}")))
        }

        fn import_labels(
            &self,
            recording: &Recording,
            file: Option<&Path>,
            annotator: Option<&str>,
        ) -> Result<Incoming, Failure> {
            from_window::labels(recording, file, annotator).map_err(|error| Failure::new(format!("{error:#}")))
        }

        fn reviewed(&self, recording: &Recording, progress: &Progress) -> Result<Reviewed, Failure> {
            progress.check()?;
            let reviews = Reviews::open(None, None).map_err(|error| Failure::new(format!("{error:#}")))?;
            reviews.of(recording).map_err(|error| Failure::new(format!("{error:#}")))
        }
    }
}
