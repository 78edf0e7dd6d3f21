//! The benches, with the programs they compare with.

use crate::{
    process::{self, find, say},
    project::Project,
};
use anyhow::{Result, bail};
use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// Names a Python that has the other programs.
const VARIABLE: &str = "EFFICIENTECG_BENCH_PYTHON";

/// Runs `cargo bench`. Where Python or the other programs cannot be had the benches run without them and say so.
pub fn run(project: &Project, arguments: Vec<String>) -> Result<ExitCode> {
    let mut command = project.cargo();
    command.args(["bench", "--package", "efficientecg"]);
    if !arguments.iter().any(|argument| argument == "--bench") {
        command.args(["--bench", "*"]);
    }
    command.args(arguments);
    if std::env::var_os(VARIABLE).is_none() {
        match peers(project) {
            Ok(python) => drop(command.env(VARIABLE, python)),
            Err(error) => say(&format!("the programs to compare with cannot be had: {error:#}")),
        }
    }
    process::run(&mut command)
}

/// A virtual environment under `target` with `benches/peers/requirements.txt` in it.
fn peers(project: &Project) -> Result<PathBuf> {
    let folder = project.target.join("bench-python");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python3" });
    if !python.is_file() {
        let Some(system) = ["python3", "python"].into_iter().find_map(find) else { bail!("there is no Python") };
        succeed(Command::new(system).args(["-m", "venv"]).arg(&folder))?;
    }
    say("setting up the programs to compare with (pip)");
    let requirements = project.root.join("benches/peers/requirements.txt");
    succeed(pip(&python).args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(requirements))?;
    Ok(python)
}

fn pip(python: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-m", "pip"]);
    command
}

fn succeed(command: &mut Command) -> Result<()> {
    match process::run(command)? {
        ExitCode::SUCCESS => Ok(()),
        _ => bail!("{} failed", command.get_program().to_string_lossy()),
    }
}
