//! From a recording to an [`Analysis`]: the pipeline that the window and the command line share.

mod progress;
mod types;

pub use progress::{Cancelled, Progress};
pub use types::*;
