//! The `efficientecg` binary: the window, or a command.

fn main() {}
