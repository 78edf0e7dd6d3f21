//! From a recording to an [`Analysis`]: the pipeline that the window and the command line share.

mod analyzer;
mod beats;
mod best_leads;
mod classical;
mod delineate;
mod described;
mod error;
mod excerpt;
mod input;
mod judged;
mod noisy_beats;
mod progress;
mod quality;
mod segments;
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
pub use segments::{Segment, SegmentTable, by_segment};
pub use types::*;
