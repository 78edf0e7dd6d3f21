//! The command line without a window: every command is a function from its arguments to an exit code.

mod batch;
pub mod cli;
pub mod output;
