//! EfficientECG: cards, engines, and the typed use of both.

mod card;
mod engine;
mod error;
mod library;
mod names;
mod onnxruntime;
mod rten_engine;

pub use card::*;
pub use engine::*;
pub use error::{Cancel, ModelError};
pub use library::{Attempt, FILE_NAME as LIBRARY_FILE_NAME, Search, VARIABLE as LIBRARY_VARIABLE};
pub use onnxruntime::OnnxRuntime;
pub use rten_engine::Rten;
