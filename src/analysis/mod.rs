//! From a recording to an [`Analysis`]: the pipeline that the window and the command line share.

mod analyzer;
mod best_leads;
mod classical;
mod delineate;
mod described;
mod error;
mod excerpt;
mod input;
mod judged;
mod progress;
mod quality;
pub mod serial;
pub mod signals;
#[cfg(test)]
mod simulated_tests;
#[cfg(test)]
mod tests;
pub mod trends;
mod types;
mod windows;

pub use analyzer::Analyzer;
pub use described::Described;
pub use error::AnalysisError;
pub use progress::{Cancelled, Progress};
pub use types::*;
