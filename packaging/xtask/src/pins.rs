//! The pinned ONNX Runtime: `packaging/onnxruntime/requirements.txt` and `libraries.txt`.

use anyhow::{Context, Result, bail};

/// The library of one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Platform tag of the package.
    pub platform: String,
    /// The library's path inside the package.
    pub member: String,
    /// SHA-256 of the library.
    pub sha256: String,
}

/// The pinned version in a requirements file.
pub fn version(requirements: &str) -> Result<String> {
    let line = requirements.lines().map(str::trim).find(|line| line.starts_with("onnxruntime"));
    let pinned = line.and_then(|line| line.strip_prefix("onnxruntime=="));
    let version =
        pinned.and_then(|rest| rest.split_whitespace().next()).context("requirements.txt pins no onnxruntime==VERSION")?;
    let hashes = requirements.matches("--hash=sha256:").count();
    if hashes == 0 || !version.chars().all(|c| c.is_ascii_digit() || c == '.') {
        bail!("requirements.txt pins `{version}` with {hashes} hashes; it needs a version and the hash of every package");
    }
    Ok(version.to_owned())
}

/// The pinned library of one platform.
pub fn library(list: &str, platform: &str) -> Result<Option<Pin>> {
    for line in list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [tag, member, sha256] = fields[..] else { bail!("libraries.txt: `{line}` is not: platform, file, SHA-256") };
        if sha256.len() != 64 || !sha256.chars().all(|c| c.is_ascii_hexdigit()) {
            bail!("libraries.txt: `{sha256}` is no SHA-256");
        }
        if tag == platform {
            return Ok(Some(Pin { platform: tag.to_owned(), member: member.to_owned(), sha256: sha256.to_ascii_lowercase() }));
        }
    }
    Ok(None)
}

/// The package's platform tag for an operating system and processor; `None`: there is no package.
pub fn platform(os: &str, processor: &str) -> Option<&'static str> {
    match (os, processor) {
        ("linux", "x86_64") => Some("manylinux_2_28_x86_64"),
        ("linux", "aarch64") => Some("manylinux_2_28_aarch64"),
        ("macos", "aarch64") => Some("macosx_14_0_arm64"),
        ("windows", "x86_64") => Some("win_amd64"),
        _ => None,
    }
}

/// Name under which the application looks for the library.
pub fn file_name(os: &str) -> &'static str {
    match os {
        "windows" => "onnxruntime.dll",
        "macos" => "libonnxruntime.dylib",
        _ => "libonnxruntime.so",
    }
}

/// Arguments of pip that fetch the package of a platform, whatever Python runs pip.
pub fn pip_arguments(platform: &str, requirements: &str, into: &str) -> Vec<String> {
    let fixed = "-m pip download --quiet --disable-pip-version-check --no-input --retries 2 --timeout 30 --no-deps --only-binary=:all: \
                 --implementation cp --python-version 311 --abi cp311 --require-hashes";
    let own = ["--platform", platform, "-r", requirements, "-d", into];
    fixed.split_whitespace().chain(own).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUIREMENTS: &str = include_str!("../../onnxruntime/requirements.txt");
    const LIBRARIES: &str = include_str!("../../onnxruntime/libraries.txt");

    #[test]
    fn the_committed_pins_are_whole() -> Result<()> {
        let version = version(REQUIREMENTS)?;
        let mut found = 0;
        for (os, processor) in [("linux", "x86_64"), ("linux", "aarch64"), ("macos", "aarch64"), ("windows", "x86_64")] {
            let tag = platform(os, processor).context("no package")?;
            let pin = library(LIBRARIES, tag)?.context(tag)?;
            assert!(pin.member.contains(&version) || os == "windows", "{pin:?}");
            found += 1;
        }
        assert_eq!(REQUIREMENTS.matches("--hash=sha256:").count(), found, "one package a platform");
        Ok(())
    }

    #[test]
    fn platforms_without_a_package_are_none() -> Result<()> {
        assert_eq!(platform("macos", "x86_64"), None);
        assert_eq!(platform("linux", "riscv64"), None);
        assert_eq!(library(LIBRARIES, "plan9")?, None);
        Ok(())
    }

    #[test]
    fn unpinned_or_broken_lists_are_refused() {
        for text in ["", "onnxruntime>=1.30 --hash=sha256:0", "onnxruntime==1.31.1", "onnxruntime==latest --hash=sha256:0"] {
            assert!(version(text).is_err(), "{text}");
        }
        for text in ["win_amd64 a.dll", "win_amd64 a.dll 1234", "a b c d"] {
            assert!(library(text, "win_amd64").is_err(), "{text}");
        }
    }

    #[test]
    fn pip_is_asked_for_hashes_and_the_platform() {
        let arguments = pip_arguments("win_amd64", "r.txt", "folder with spaces");
        assert_eq!(arguments[..3], ["-m", "pip", "download"]);
        assert!(arguments.contains(&"--require-hashes".to_owned()));
        assert_eq!(arguments[arguments.len() - 6..], ["--platform", "win_amd64", "-r", "r.txt", "-d", "folder with spaces"]);
    }
}
