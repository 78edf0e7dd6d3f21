//! Other programs that read the same files.

use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// What another program read.
pub struct Read {
    pub version: String,
    pub best: Duration,
    /// Each signal's sum of digital samples, in file order.
    pub sums: Vec<i64>,
}

#[derive(Deserialize)]
struct Answer {
    version: String,
    best_s: f64,
    sums: Vec<i64>,
}

/// A Python that has them.
pub struct Peers {
    python: PathBuf,
}

impl Peers {
    pub fn find() -> Self {
        Self { python: std::env::var_os("EFFICIENTECG_BENCH_PYTHON").map_or_else(|| "python3".into(), PathBuf::from) }
    }

    /// Reads a file with `peer`, as `physical` values or digital samples, without the time that Python and its modules take to start.
    ///
    /// # Errors
    /// Why there is no answer, in short.
    pub fn read(&self, peer: &str, path: &Path, physical: bool, rounds: usize) -> Result<Read, String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/formats.py");
        let kind = if physical { "physical" } else { "digital" };
        let output = Command::new(&self.python).arg(script).args([peer, kind]).arg(path).arg(rounds.to_string()).output();
        let output = output.map_err(|_| "no Python".to_owned())?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            return Err(text.lines().last().unwrap_or("it failed").to_owned());
        }
        let answer: Answer = serde_json::from_slice(&output.stdout).map_err(|e| e.to_string())?;
        Ok(Read { version: answer.version, best: Duration::from_secs_f64(answer.best_s), sums: answer.sums })
    }
}

/// Time of the WFDB library's own program, where it is installed.
pub fn rdsamp(header: &Path, rounds: usize) -> Option<Duration> {
    let mut best = None;
    for _ in 0..rounds {
        let begin = Instant::now();
        let mut command = Command::new("rdsamp");
        command.current_dir(header.parent()?).arg("-r").arg(header.file_stem()?).stdout(Stdio::null());
        if !command.status().ok()?.success() {
            return None;
        }
        best = best.min(Some(begin.elapsed())).or(Some(begin.elapsed()));
    }
    best
}
