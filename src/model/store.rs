//! Where models come from: the binary itself, or a folder.

use super::{card::Card, error::ModelError};
use std::{
    borrow::Cow,
    env, fs,
    path::{Path, PathBuf},
};

/// The environment variable that names a folder of models.
pub const MODELS_VARIABLE: &str = "EFFICIENTECG_MODELS";

/// Largest graph, card or vector file that is read, in bytes: a model of 1.5 million parameters has 6 MB.
const LARGEST_FILE: u64 = 512 << 20;

/// A card with its graph, not loaded yet.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The card's file, for messages.
    pub file: String,
    /// The card, verified in itself.
    pub card: Card,
    /// The ONNX file.
    pub graph: Cow<'static, [u8]>,
    /// Stored inputs and outputs (JSON), where there are any.
    pub vectors: Option<Cow<'static, str>>,
}

struct Embedded {
    file: &'static str,
    card: &'static str,
    graph: &'static [u8],
    vectors: &'static str,
}

macro_rules! embedded {
    ($name:literal) => {
        Embedded {
            file: concat!($name, ".json"),
            card: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/models/", $name, ".json")),
            graph: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/models/", $name, ".onnx")),
            vectors: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/models/vectors/", $name, ".json")),
        }
    };
}

/// The models compiled into the binary.
static EMBEDDED: [Embedded; 3] =
    [embedded!("efficientecg-record"), embedded!("efficientecg-beat"), embedded!("efficientecg-waves")];

/// Reads every model of `folder`, or of the folder that [`MODELS_VARIABLE`] names, or those in the binary.
///
/// # Errors
/// [`ModelError`] for the first model that cannot be read: a folder is given on purpose, so nothing of it is left out silently.
pub fn stored(folder: Option<&Path>) -> Result<Vec<Stored>, ModelError> {
    match folder_in_use(folder) {
        Some(folder) => in_folder(&folder),
        None => embedded(),
    }
}

/// The models in the binary.
///
/// # Errors
/// [`ModelError::Card`] when an embedded card is wrong (a test holds them right).
pub fn embedded() -> Result<Vec<Stored>, ModelError> {
    EMBEDDED
        .iter()
        .map(|model| {
            Ok(Stored {
                file: model.file.to_owned(),
                card: Card::parse(model.file, model.card)?,
                graph: Cow::Borrowed(model.graph),
                vectors: Some(Cow::Borrowed(model.vectors)),
            })
        })
        .collect()
}

/// Every `NAME.json` of a folder with its `NAME.onnx` and, where there is one, `vectors/NAME.json`.
///
/// # Errors
/// [`ModelError::File`] for what cannot be read or when there is no card, [`ModelError::Card`] for a wrong card.
pub fn in_folder(folder: &Path) -> Result<Vec<Stored>, ModelError> {
    let cards = with_extension(folder, "json")?;
    if cards.is_empty() {
        let reason = "there is no model card (NAME.json beside NAME.onnx) in it".to_owned();
        return Err(ModelError::File { path: folder.display().to_string(), reason });
    }
    cards.iter().map(|path| of_card(path)).collect()
}

/// The folder that is to be used instead of the models in the binary, if any: the given one, else what [`MODELS_VARIABLE`] names.
pub(super) fn folder_in_use(given: Option<&Path>) -> Option<PathBuf> {
    let named = || env::var_os(MODELS_VARIABLE).filter(|v| !v.is_empty()).map(PathBuf::from);
    given.map(Path::to_path_buf).or_else(named)
}

/// Files of a folder by their extension, sorted.
pub(super) fn with_extension(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, ModelError> {
    let fail = |reason: String| ModelError::File { path: folder.display().to_string(), reason };
    let entries = fs::read_dir(folder).map_err(|e| fail(format!("the folder of models cannot be read ({e})")))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == extension) && path.is_file())
        .collect();
    files.sort();
    Ok(files)
}

/// The model whose card is this file.
pub(super) fn of_card(path: &Path) -> Result<Stored, ModelError> {
    let fail = |reason: &str| ModelError::File { path: path.display().to_string(), reason: reason.to_owned() };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(|_| fail("it is not UTF-8 text"));
    let file = path.display().to_string();
    let card = Card::parse(&file, &text(read(path)?)?)?;
    let vectors = match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => Some(folder.join("vectors").join(name)).filter(|path| path.exists()),
        _ => None,
    };
    let vectors = vectors.map(|path| Ok::<_, ModelError>(Cow::Owned(text(read(&path)?)?))).transpose()?;
    Ok(Stored { file, card, graph: Cow::Owned(read(&path.with_extension("onnx"))?), vectors })
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, ModelError> {
    let fail = |reason: String| ModelError::File { path: path.display().to_string(), reason };
    let length = fs::metadata(path).map_err(|e| fail(e.to_string()))?.len();
    if length > LARGEST_FILE {
        return Err(fail(format!("{length} bytes are too many for a model (at most {LARGEST_FILE})")));
    }
    fs::read(path).map_err(|e| fail(e.to_string()))
}
