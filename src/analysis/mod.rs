//! From a recording to an [`Analysis`]: the pipeline that the window and the command line share.

mod error;
mod progress;
pub mod signals;
mod types;

pub use error::AnalysisError;
pub use progress::{Cancelled, Progress};
pub use types::*;
