//! From a recording to an [`Analysis`]: the pipeline that the window and the command line share.

mod types;

pub use types::*;
