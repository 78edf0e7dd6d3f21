//! Starting other programs.

use anyhow::{Context, Result, bail};
use std::{
    env,
    io::Read,
    path::PathBuf,
    process::{Child, Command, ExitCode, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Tells the user what is being done.
pub fn say(text: &str) {
    eprintln!("xtask: {text}");
}

/// Runs a program to its end with this one's input and output.
pub fn run(command: &mut Command) -> Result<ExitCode> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("{name} cannot be started"))?;
    Ok(match status.code() {
        Some(0) => ExitCode::SUCCESS,
        Some(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        None => bail!("{name} was ended by a signal"),
    })
}

/// Runs a program and returns what it wrote; kills it after `limit`. Its output must fit the system's pipe (small answers).
pub fn output(command: &mut Command, limit: Duration) -> Result<Output> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = Killed(
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?,
    );
    let begin = Instant::now();
    let status = loop {
        if let Some(status) = child.0.try_wait()? {
            break status;
        }
        if begin.elapsed() > limit {
            bail!("{name} did not end within {} s", limit.as_secs());
        }
        thread::sleep(Duration::from_millis(20));
    };
    let mut result = Output { status, stdout: Vec::new(), stderr: Vec::new() };
    if let Some(stdout) = &mut child.0.stdout {
        stdout.read_to_end(&mut result.stdout)?;
    }
    if let Some(stderr) = &mut child.0.stderr {
        stderr.read_to_end(&mut result.stderr)?;
    }
    Ok(result)
}

/// A child that does not outlive this value.
pub struct Killed(pub Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill, and that is no failure.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program's file on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_ended() {
        if find("sleep").is_none() {
            println!("skipped: no sleep here");
            return;
        }
        let begin = Instant::now();
        assert!(output(Command::new("sleep").arg("30"), Duration::from_millis(100)).is_err());
        assert!(begin.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = output(&mut Command::new("no-such-program-here"), Duration::from_secs(1)).err().map(|e| format!("{e:#}"));
        assert!(error.is_some_and(|e| e.contains("no-such-program-here")));
        assert_eq!(find("no-such-program-here"), None);
    }
}
