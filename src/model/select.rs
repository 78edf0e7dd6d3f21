//! Which engine is used, and why.

use super::{
    beat::BeatModel,
    card::Kind,
    engine::{Engine, EngineError, LoadOptions, Provider, ProviderChoice},
    error::ModelError,
    library::Search,
    onnxruntime::OnnxRuntime,
    record::RecordModel,
    rten_engine::Rten,
    store::{Stored, stored},
    waves::WaveModel,
};
use serde::Serialize;
use std::{fmt, num::NonZeroUsize, path::PathBuf, thread};

/// Which engine to use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// ONNX Runtime where it can be had and passes the self-test, else the built-in engine, with a note that says why.
    #[default]
    Auto,
    /// ONNX Runtime, or an error.
    OnnxRuntime,
    /// The built-in engine.
    Rten,
}

impl fmt::Display for EngineChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::OnnxRuntime => "onnxruntime",
            Self::Rten => "rten",
        })
    }
}

/// What the user asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelOptions {
    /// Engine.
    pub engine: EngineChoice,
    /// Provider.
    pub provider: ProviderChoice,
    /// Threads within one operation; `None`: the engine's own choice.
    pub threads: Option<NonZeroUsize>,
    /// A folder of models instead of those in the binary.
    pub models: Option<PathBuf>,
    /// Where ONNX Runtime is looked for; `None`: the usual places.
    pub library: Option<Search>,
}

/// What is really in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// Name and version, e.g. `onnxruntime 1.31.1`.
    pub engine: String,
    /// What the sessions say.
    pub provider: Provider,
    /// Why it is not the preferred one.
    pub note: Option<String>,
}

/// All models, loaded by one engine.
pub struct ModelSet {
    /// Record models.
    pub records: Vec<RecordModel>,
    /// Beat models.
    pub beats: Vec<BeatModel>,
    /// Wave models.
    pub waves: Vec<WaveModel>,
    /// Engine and provider.
    pub in_use: InUse,
}

impl ModelSet {
    /// Reads the models, chooses the engine, loads and tests every model with it.
    ///
    /// # Errors
    /// [`ModelError`]: a model that cannot be read or does not fit its card; an engine or provider that was asked for by name and
    /// cannot be had.
    pub fn open(options: &ModelOptions) -> Result<Self, ModelError> {
        let models = stored(options.models.as_deref())?;
        // A wrong card is wrong for every engine: say so rather than fall back.
        for model in &models {
            model.card.check_bytes(&model.file, &model.graph)?;
        }
        let load = LoadOptions { provider: options.provider, threads: options.threads };
        let onnx_runtime = || -> Result<Self, ModelError> {
            let engine = OnnxRuntime::open(&options.library.clone().unwrap_or_else(Search::standard))?;
            Self::load(&engine, &models, &load)
        };
        match options.engine {
            EngineChoice::OnnxRuntime => onnx_runtime(),
            EngineChoice::Rten => Self::load(&Rten, &models, &load),
            EngineChoice::Auto => match onnx_runtime() {
                Ok(set) => Ok(set),
                // The built-in engine cannot meet this either; its error would hide the reason.
                Err(error) if matches!(options.provider, ProviderChoice::Only(provider) if provider != Provider::Cpu) => {
                    Err(error)
                }
                Err(error) => {
                    tracing::warn!("{error}; the built-in engine is used instead");
                    let mut set = Self::load(&Rten, &models, &load)?;
                    set.in_use.note = Some(format!("built-in engine, since {error}"));
                    Ok(set)
                }
            },
        }
    }

    fn load(engine: &dyn Engine, models: &[Stored], options: &LoadOptions) -> Result<Self, ModelError> {
        let (mut records, mut beats, mut waves) = (Vec::new(), Vec::new(), Vec::new());
        // Loading is most of the start-up time, and models do not wait for each other.
        let loaded: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = models.iter().map(|model| scope.spawn(|| AnyModel::load(engine, model, options))).collect();
            threads.into_iter().map(thread::ScopedJoinHandle::join).collect()
        });
        for (result, model) in loaded.into_iter().zip(models) {
            let panicked = |_| EngineError::Load {
                engine: engine.info().to_string(),
                graph: model.card.name.clone(),
                reason: "it panicked".to_owned(),
            };
            match result.map_err(panicked)?? {
                AnyModel::Record(model) => records.push(model),
                AnyModel::Beat(model) => beats.push(model),
                AnyModel::Waves(model) => waves.push(model),
            }
        }
        let assignments: Vec<_> = (records.iter().map(RecordModel::assignment))
            .chain(beats.iter().map(BeatModel::assignment))
            .chain(waves.iter().map(WaveModel::assignment))
            .collect();
        // `Provider` orders the processor first: what is named is what all models have in common at least.
        let provider = assignments.iter().map(|a| a.provider).min().unwrap_or(Provider::Cpu);
        let mixed = assignments.iter().any(|a| a.provider != provider);
        let note = mixed.then(|| "not every model runs on the same provider".to_owned());
        Ok(Self { records, beats, waves, in_use: InUse { engine: engine.info().to_string(), provider, note } })
    }
}

enum AnyModel {
    Record(RecordModel),
    Beat(BeatModel),
    Waves(WaveModel),
}

impl AnyModel {
    fn load(engine: &dyn Engine, stored: &Stored, options: &LoadOptions) -> Result<Self, ModelError> {
        Ok(match stored.card.kind {
            Kind::Record => Self::Record(RecordModel::load(engine, stored, options)?),
            Kind::Beat => Self::Beat(BeatModel::load(engine, stored, options)?),
            Kind::Waves => Self::Waves(WaveModel::load(engine, stored, options)?),
        })
    }
}

/// One line of the `providers` report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderReport {
    /// Engine with version; without one where it cannot be loaded.
    pub engine: String,
    /// Provider.
    pub provider: String,
    /// Whether it loads, runs and passes the self-test of every model.
    pub available: bool,
    /// Why not, or what it runs.
    pub detail: String,
    /// The library file.
    pub library: Option<String>,
}

/// Tries every engine and provider on every model: what can really be used here, and why the others cannot.
///
/// # Errors
/// [`ModelError`] when the models themselves cannot be read.
pub fn providers(options: &ModelOptions) -> Result<Vec<ProviderReport>, ModelError> {
    let models = stored(options.models.as_deref())?;
    let mut reports = Vec::new();
    match OnnxRuntime::open(&options.library.clone().unwrap_or_else(Search::standard)) {
        Ok(engine) => {
            for provider in Provider::ALL {
                let library = Some(engine.path().display().to_string());
                reports.push(report(&engine, provider, &models, options.threads, library));
            }
        }
        Err(error) => {
            let detail = if let EngineError::Unavailable { reason, .. } = error { reason } else { error.to_string() };
            reports.push(ProviderReport {
                engine: "onnxruntime".to_owned(),
                provider: "none".to_owned(),
                available: false,
                detail,
                library: None,
            });
        }
    }
    reports.push(report(&Rten, Provider::Cpu, &models, options.threads, None));
    Ok(reports)
}

fn report(
    engine: &dyn Engine,
    provider: Provider,
    models: &[Stored],
    threads: Option<NonZeroUsize>,
    library: Option<String>,
) -> ProviderReport {
    let load = LoadOptions { provider: ProviderChoice::Only(provider), threads };
    let (available, detail) = match ModelSet::load(engine, models, &load) {
        Ok(set) => {
            let cards = (set.records.iter().map(RecordModel::card))
                .chain(set.beats.iter().map(BeatModel::card))
                .chain(set.waves.iter().map(WaveModel::card));
            let names: Vec<_> = cards.map(|card| format!("{} {}", card.name, card.version)).collect();
            (true, format!("runs {}", names.join(", ")))
        }
        Err(ModelError::Engine(EngineError::Provider { reason, .. })) => (false, reason),
        Err(error) => (false, error.to_string()),
    };
    ProviderReport { engine: engine.info().to_string(), provider: provider.to_string(), available, detail, library }
}
