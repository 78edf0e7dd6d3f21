//! From a recording to an [`Analysis`]: the pipeline that the window and the command line share.

mod analyzer;
mod error;
mod input;
mod measure;
mod progress;
pub mod signals;
mod types;
mod windows;

pub use analyzer::Analyzer;
pub use error::AnalysisError;
pub use progress::{Cancelled, Progress};
pub use types::*;
