//! Obtains ONNX Runtime: the pinned package through pip, the library out of it, verified twice.

use crate::{
    pins::{self, Pin},
    process::{find, output, say},
    project::{Profile, Project},
};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// The environment variable by which the application is told of another library.
pub const VARIABLE: &str = "ORT_DYLIB_PATH";

/// The verified library under `target/onnxruntime/VERSION/`, fetched if it is not there. `None`: it cannot be had, which is said; the
/// application then uses its built-in engine.
pub fn obtain(project: &Project) -> Result<Option<PathBuf>> {
    let folder = project.root.join("packaging").join("onnxruntime");
    let requirements = folder.join("requirements.txt");
    let read = |path: &Path| fs::read_to_string(path).with_context(|| path.display().to_string());
    let version = pins::version(&read(&requirements)?)?;
    let pin = match pins::platform(env::consts::OS, env::consts::ARCH) {
        Some(platform) => pins::library(&read(&folder.join("libraries.txt"))?, platform)?,
        None => None,
    };
    let Some(pin) = pin else {
        say(&format!(
            "there is no ONNX Runtime {version} package for {} on {}; efficientecg will use its built-in engine",
            env::consts::OS,
            env::consts::ARCH
        ));
        return Ok(None);
    };
    let store = project.target.join("onnxruntime").join(&version);
    let library = store.join(pins::file_name(env::consts::OS));
    if verify(&library, &pin).is_ok() {
        record(&library, &pin.sha256)?;
        say(&format!("ONNX Runtime {version} is in place ({})", library.display()));
        return Ok(Some(library));
    }
    say(&format!("obtaining ONNX Runtime {version} from the Python package registry (pip, hash-checked)"));
    match fetch(&pin, &requirements, &store, &library) {
        Ok(()) => {
            record(&library, &pin.sha256)?;
            say(&format!("ONNX Runtime {version} verified and stored as {}", library.display()));
            Ok(Some(library))
        }
        Err(error) => {
            say(&format!("ONNX Runtime {version} cannot be had: {error:#}"));
            say("going on without it: efficientecg will use its built-in engine, and says so");
            Ok(None)
        }
    }
}

/// Puts the library next to the binary of a profile, where the binary looks for it first.
pub fn place(project: &Project, library: &Path, profile: Profile) -> Result<()> {
    let folder = project.target.join(profile.folder());
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let beside = folder.join(library.file_name().context("a library has a name")?);
    let sha256 = sha256(library)?;
    record(&beside, &sha256)?;
    if beside.exists() && self::sha256(&beside)? == sha256 {
        return Ok(());
    }
    // A new name first: a running program keeps the old file.
    let new = beside.with_extension("new");
    let _ = fs::remove_file(&new);
    if fs::hard_link(library, &new).is_err() {
        fs::copy(library, &new).with_context(|| format!("{} cannot be written", new.display()))?;
    }
    fs::rename(&new, &beside).with_context(|| format!("{} cannot be replaced; is efficientecg running?", beside.display()))
}

fn fetch(pin: &Pin, requirements: &Path, store: &Path, library: &Path) -> Result<()> {
    let download = store.join("download");
    let _ = fs::remove_dir_all(&download);
    fs::create_dir_all(&download).with_context(|| download.display().to_string())?;
    let result = fetch_into(pin, requirements, &download, library);
    // What was downloaded is of no further use, whatever came of it.
    let _ = fs::remove_dir_all(&download);
    result
}

fn fetch_into(pin: &Pin, requirements: &Path, download: &Path, library: &Path) -> Result<()> {
    let python = python()?;
    let pip = output(
        Command::new(&python).args(pins::pip_arguments(&pin.platform, &text(requirements)?, &text(download)?)),
        Duration::from_secs(600),
    )?;
    if !pip.status.success() {
        let message = String::from_utf8_lossy(&pip.stderr);
        let line = message.lines().rev().find(|l| l.contains("ERROR") || l.contains("No module")).or(message.lines().last());
        bail!("pip failed: {}", line.unwrap_or("no message").trim());
    }
    let package = fs::read_dir(download)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|e| e == "whl"))
        .context("pip downloaded no package")?;
    let unpacked = download.join("library");
    let script = "import shutil, sys, zipfile\n\
                  with zipfile.ZipFile(sys.argv[1]) as z, z.open(sys.argv[2]) as source, open(sys.argv[3], 'wb') as target:\n    \
                  shutil.copyfileobj(source, target)";
    let unzip = output(
        Command::new(&python).args(["-c", script]).arg(&package).arg(&pin.member).arg(&unpacked),
        Duration::from_secs(120),
    )?;
    if !unzip.status.success() {
        bail!("the package cannot be unpacked: {}", String::from_utf8_lossy(&unzip.stderr).trim());
    }
    verify(&unpacked, pin)?;
    fs::rename(&unpacked, library).with_context(|| format!("{} cannot be written", library.display()))
}

/// A Python that runs: PYTHON if it is set, else the usual names.
fn python() -> Result<OsString> {
    if let Some(named) = env::var_os("PYTHON").filter(|value| !value.is_empty()) {
        return Ok(named);
    }
    let names: &[&str] = if cfg!(windows) { &["python", "py", "python3"] } else { &["python3", "python"] };
    for name in names.iter().filter(|name| find(name).is_some()) {
        // On Windows a name may lead to an advertisement instead of Python.
        if output(Command::new(name).arg("--version"), Duration::from_secs(30)).is_ok_and(|o| o.status.success()) {
            return Ok((*name).into());
        }
    }
    bail!("there is no Python here; install Python 3 with pip (Debian: python3-pip), or set PYTHON to it")
}

fn text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).with_context(|| format!("{} is not UTF-8", path.display()))
}

fn verify(path: &Path, pin: &Pin) -> Result<()> {
    let found = sha256(path)?;
    if found != pin.sha256 {
        bail!("{} has SHA-256 {found}, pinned is {}", path.display(), pin.sha256);
    }
    Ok(())
}

/// Records a library's SHA-256 beside it; the application loads no library that does not agree with such a record.
fn record(library: &Path, sha256: &str) -> Result<()> {
    let name = library.file_name().context("a library has a name")?.to_string_lossy();
    let record = library.with_file_name(format!("{name}.sha256"));
    let line = format!("{sha256}  {name}\n");
    if fs::read_to_string(&record).is_ok_and(|text| text == line) {
        return Ok(());
    }
    fs::write(&record, line).with_context(|| record.display().to_string())
}

fn sha256(path: &Path) -> Result<String> {
    let mut file = fs::File::open(path).with_context(|| path.display().to_string())?;
    let mut digest = Sha256::new();
    io::copy(&mut file, &mut digest)?;
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_library_is_refused() -> Result<()> {
        let path = env::temp_dir().join(format!("xtask-verify-{}", std::process::id()));
        fs::write(&path, b"abc")?;
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned();
        let pin = Pin { platform: String::new(), member: String::new(), sha256 };
        assert!(verify(&path, &pin).is_ok());
        fs::write(&path, b"abd")?;
        assert!(verify(&path, &pin).is_err());
        fs::remove_file(&path)?;
        assert!(verify(&path, &pin).is_err(), "a missing one too");
        Ok(())
    }
}
