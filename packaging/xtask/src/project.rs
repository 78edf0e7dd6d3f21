//! Where things are.

use anyhow::{Context, Result};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The repository and its build folder.
pub struct Project {
    pub root: PathBuf,
    pub target: PathBuf,
}

/// How the application is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Release,
}

impl Profile {
    /// Its folder under `target`.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

impl Project {
    /// The repository this program was compiled in, and the build folder it was built into.
    pub fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .context("the repository's root cannot be found")?
            .to_path_buf();
        // This program lies in `<target>/<profile>/`, also where CARGO_TARGET_DIR or a configuration moved the folder.
        let own = env::current_exe().ok().and_then(|path| path.parent()?.parent().map(Path::to_path_buf));
        let target = own.filter(|path| path.join("CACHEDIR.TAG").exists()).unwrap_or_else(|| root.join("target"));
        Ok(Self { root, target })
    }

    /// `cargo`, the one that started this program, in the repository.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// The application's binary.
    pub fn binary(&self, profile: Profile) -> PathBuf {
        self.target.join(profile.folder()).join(format!("efficientecg{}", env::consts::EXE_SUFFIX))
    }
}
