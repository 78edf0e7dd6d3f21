//! EfficientECG: cards, engines, and the typed use of both. Knows no file format of recordings and no window.
//!
//! [`ModelSet::open`] reads the models (in the binary, or of a folder), chooses an engine, and loads, verifies and tests every model;
//! [`RecordModel::infer`] and [`BeatModel::infer`] answer. What a model takes and how its answers are read is all in its [`Card`].

mod beat;
mod card;
mod engine;
mod error;
mod inputs;
mod leads;
mod library;
mod loaded;
mod names;
mod onnxruntime;
mod outputs;
mod record;
mod rten_engine;
mod select;
mod selftest;
mod silence;
mod store;
mod survey;
#[cfg(test)]
mod tests;
mod waves;

pub use beat::{BeatAnswer, BeatFeature, BeatInput, BeatModel, BeatOutput};
pub use card::{
    Activation, Calibration, Card, CardError, ClassSpec, Curve, DataSet, Familiarity, FeatureSpec, InputSpec, Kind, Metric,
    SCHEMA as CARD_SCHEMA, TaskSpec, Training, Window,
};
pub use engine::{
    Assignment, ElementType, Engine, EngineError, EngineInfo, LoadOptions, Port, Provider, ProviderChoice, Session, Tensor,
};
pub use error::{Cancel, ModelError};
pub use library::{Attempt, FILE_NAME as LIBRARY_FILE_NAME, Search, VARIABLE as LIBRARY_VARIABLE};
pub use onnxruntime::OnnxRuntime;
pub use outputs::chosen;
pub use record::{ClassAnswer, Detail, FeatureAnswer, LeadSamples, RecordInput, RecordModel, RecordOutput, TaskAnswer};
pub use rten_engine::Rten;
pub use select::{EngineChoice, InUse, ModelOptions, ModelSet, ProviderReport, providers};
pub use selftest::TOLERANCE as SELF_TEST_TOLERANCE;
pub use silence::silence;
pub use store::{MODELS_VARIABLE, Stored, embedded, in_folder, stored};
pub use survey::{FileState, Installed, SelfTest, Survey, survey};
pub use waves::{LeadProbabilities, WaveModel, WaveProbabilities};
