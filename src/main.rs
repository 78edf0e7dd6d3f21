//! The `efficientecg` binary: the window, or a command.

use clap::Parser;
use efficientecg::commands::{
    self,
    cli::{Cli, Command},
};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Frames hand megabytes of triangles from hand to hand; the system's allocator gives them back and asks for them again every time.
#[cfg(feature = "window")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // SAFETY: nothing has been started yet.
    unsafe { efficientecg::model::silence() };
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_env("EFFICIENTECG_LOG").unwrap_or_else(|_| EnvFilter::new("error")))
        .with_writer(std::io::stderr)
        .init();
    let done = match cli.command {
        Some(Command::Analyze(arguments)) => commands::analyze::run(&arguments),
        Some(Command::Info(arguments)) => commands::info::run(&arguments),
        Some(Command::Export(arguments)) => commands::export::run(&arguments),
        Some(Command::Report(arguments)) => commands::report::run(&arguments),
        Some(Command::Convert(arguments)) => commands::convert::run(&arguments),
        Some(Command::Demo(arguments)) => commands::demo::run(&arguments),
        Some(Command::Evaluate(arguments)) => commands::evaluate::run(&arguments),
        Some(Command::Review(arguments)) => commands::review::run(&arguments),
        Some(Command::Prepare(arguments)) => commands::prepare::run(&arguments),
        Some(Command::Providers(arguments)) => commands::providers::run(&arguments),
        Some(Command::Models(arguments)) => commands::models::run(&arguments),
        None => commands::window::run(&cli.window),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("efficientecg: {error:#}");
            commands::Exit::of(&error).into()
        }
    }
}
