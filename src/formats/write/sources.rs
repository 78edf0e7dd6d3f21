//! Files that are being read and must not be written to.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

/// Files that are never written to, by whatever path or link a target leads to them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sources {
    paths: HashSet<PathBuf>,
    /// Device and number on it: hard links have the same.
    #[cfg(unix)]
    numbers: HashSet<(u64, u64)>,
}

impl Sources {
    /// Every file that the recordings at `paths` (EDF and BDF files, WFDB headers) are stored in, as far as their headers tell.
    pub fn of_recordings<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut all = Self::default();
        for path in paths {
            let format = crate::formats::probe(path).ok().flatten();
            super::new::stored_files(path, format).iter().for_each(|file| all.add(file));
        }
        all
    }

    pub(super) fn of(files: &[PathBuf]) -> Self {
        let mut all = Self::default();
        files.iter().for_each(|file| all.add(file));
        all
    }

    fn add(&mut self, file: &Path) {
        self.paths.extend(file.canonicalize());
        #[cfg(unix)]
        self.numbers.extend(number(file));
    }

    pub(super) fn contains(&self, target: &Path) -> bool {
        #[cfg(unix)]
        if number(target).is_some_and(|number| self.numbers.contains(&number)) {
            return true;
        }
        target.canonicalize().is_ok_and(|target| self.paths.contains(&target))
    }
}

#[cfg(unix)]
fn number(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}
