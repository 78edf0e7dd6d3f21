//! What is installed, and whether it is whole. Unlike [`super::ModelSet::open`] it goes on after a fault, to name them all.

use super::{
    card::{Card, CardError},
    engine::{Engine, LoadOptions, ProviderChoice},
    error::ModelError,
    library::Search,
    loaded::Loaded,
    onnxruntime::OnnxRuntime,
    rten_engine::Rten,
    select::{EngineChoice, ModelOptions},
    selftest,
    store::{self, Stored},
};
use serde::Serialize;
use std::path::PathBuf;

/// All installed models.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The folder they lie in; `None`: in the binary.
    pub folder: Option<PathBuf>,
    /// Why another engine than ONNX Runtime computed.
    pub note: Option<String>,
    /// One for each card, and for each graph without a card.
    pub models: Vec<Installed>,
}

/// One model.
#[derive(Debug, Clone, PartialEq)]
pub struct Installed {
    /// File name without its extension.
    pub stem: String,
    /// The card's file; in the binary its name there.
    pub card_file: String,
    /// The graph's file; `None`: in the binary.
    pub graph_file: Option<PathBuf>,
    /// The card; `None` where it is missing or cannot be read.
    pub card: Option<Card>,
    /// Card and graph.
    pub state: FileState,
    /// Whether the engine computes what is stored; `None` where that could not be tried.
    pub self_test: Option<SelfTest>,
    /// What is wrong, and what to do.
    pub fault: Option<String>,
}

/// State of a model's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// The card is well-formed and the graph is the one it describes.
    Ok,
    /// The card cannot be right, or the graph is not the one that it describes.
    Damaged,
    /// There is no card, or no graph.
    Missing,
}

/// Outcome of the self-test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SelfTest {
    /// Every stored case was reproduced to within [`super::SELF_TEST_TOLERANCE`].
    pub passed: bool,
    /// Engine that computed.
    pub engine: String,
    /// Provider it computed on; `None` where it could not be loaded.
    pub provider: Option<String>,
    /// Stored cases; 0: none is stored, and the graph was only run on silence.
    pub cases: usize,
    /// Largest difference of any output; `None` where it did not pass, or nothing is stored.
    pub largest_difference: Option<f32>,
}

impl Installed {
    /// Files and answers are what the card says.
    pub fn usable(&self) -> bool {
        self.state == FileState::Ok && self.self_test.as_ref().is_some_and(|test| test.passed)
    }
}

/// Looks at every installed model: where [`super::stored`] finds them, whether card and graph are whole, and whether the engine asked for
/// reproduces the stored answers. With [`EngineChoice::Auto`] the built-in engine is tried too where ONNX Runtime fails.
///
/// # Errors
/// [`ModelError`] when the folder cannot be read or holds no model, or an engine asked for by name cannot be had.
pub fn survey(options: &ModelOptions) -> Result<Survey, ModelError> {
    let folder = store::folder_in_use(options.models.as_deref());
    let (engines, note) = engines(options)?;
    let load = LoadOptions { provider: options.provider, threads: options.threads };
    let check = |stored: &Stored, graph_file: Option<PathBuf>| check(stored, graph_file, &engines, &load);
    let models = match &folder {
        None => store::embedded()?.iter().map(|stored| check(stored, None)).collect(),
        Some(folder) => {
            let (cards, graphs) = (store::with_extension(folder, "json")?, store::with_extension(folder, "onnx")?);
            let mut models: Vec<Installed> = Vec::new();
            for card in &cards {
                let graph = card.with_extension("onnx");
                models.push(match store::of_card(card) {
                    Ok(stored) => check(&stored, Some(graph)),
                    Err(error) => unread(card.clone(), graph, error),
                });
            }
            for graph in graphs.iter().filter(|graph| !cards.contains(&graph.with_extension("json"))) {
                let reason = "the model has no card (NAME.json beside NAME.onnx), so it is not used".to_owned();
                let error = ModelError::File { path: graph.display().to_string(), reason };
                models.push(unread(graph.with_extension("json"), graph.clone(), error));
            }
            if models.is_empty() {
                let reason = "there is no model (NAME.json beside NAME.onnx) in it".to_owned();
                return Err(ModelError::File { path: folder.display().to_string(), reason });
            }
            models
        }
    };
    Ok(Survey { folder, note, models })
}

/// Engines to try, and why the preferred one is not among them.
type Engines = (Vec<Box<dyn Engine>>, Option<String>);

/// Engines to try, in order, and why ONNX Runtime is not among them.
fn engines(options: &ModelOptions) -> Result<Engines, ModelError> {
    let onnx_runtime = || OnnxRuntime::open(&options.library.clone().unwrap_or_else(Search::standard));
    Ok(match options.engine {
        EngineChoice::OnnxRuntime => (vec![Box::new(onnx_runtime()?)], None),
        EngineChoice::Rten => (vec![Box::new(Rten)], None),
        EngineChoice::Auto => match onnx_runtime() {
            Ok(engine) if options.provider == ProviderChoice::Auto => (vec![Box::new(engine), Box::new(Rten)], None),
            Ok(engine) => (vec![Box::new(engine)], None),
            Err(error) => (vec![Box::new(Rten)], Some(format!("built-in engine, since {error}"))),
        },
    })
}

fn check(stored: &Stored, graph_file: Option<PathBuf>, engines: &[Box<dyn Engine>], load: &LoadOptions) -> Installed {
    let stem = stored.file.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".json").to_owned();
    let mut installed = Installed {
        stem,
        card_file: stored.file.clone(),
        graph_file,
        card: Some(stored.card.clone()),
        state: FileState::Ok,
        self_test: None,
        fault: None,
    };
    // No engine may see a graph that is not the card's.
    if let Err(error) = stored.card.check_bytes(&stored.file, &stored.graph) {
        installed.state = FileState::Damaged;
        installed.fault = Some(error.to_string());
        return installed;
    }
    for engine in engines {
        let info = engine.info();
        let tested = Loaded::load(engine.as_ref(), stored, load).and_then(|loaded| {
            let provider = loaded.session.assignment().provider.to_string();
            Ok((selftest::run_all(&loaded, stored.vectors.as_deref(), &info)?, provider))
        });
        let engine = info.to_string();
        match tested {
            Ok(((cases, difference), provider)) => {
                let largest_difference = (cases > 0).then_some(difference);
                installed.self_test =
                    Some(SelfTest { passed: true, engine, provider: Some(provider), cases, largest_difference });
                return installed;
            }
            Err(error) => {
                let failed = SelfTest { passed: false, engine, provider: None, cases: 0, largest_difference: None };
                installed.self_test.get_or_insert(failed);
                installed.fault.get_or_insert(error.to_string());
            }
        }
    }
    installed
}

/// A model of which card or graph could not be read.
fn unread(card_file: PathBuf, graph_file: PathBuf, error: ModelError) -> Installed {
    let missing = !card_file.is_file() || !graph_file.is_file();
    let text = store::read(&card_file).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let card = text.and_then(|text| Card::parse("", &text).ok());
    let state = match &error {
        ModelError::Card(CardError::Form { .. } | CardError::Field { .. }) => FileState::Damaged,
        _ if missing => FileState::Missing,
        _ => FileState::Damaged,
    };
    let fault = match (&error, graph_file.is_file()) {
        (ModelError::File { .. }, false) => format!("{}: the card's graph is missing", graph_file.display()),
        _ => error.to_string(),
    };
    Installed {
        stem: card_file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
        card_file: card_file.display().to_string(),
        graph_file: Some(graph_file),
        card,
        state,
        self_test: None,
        fault: Some(fault),
    }
}
