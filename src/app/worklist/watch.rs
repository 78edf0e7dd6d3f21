//! Folders are watched by asking now and then: that works on every file system, network drives included.

use super::screening::ListJob;
use crate::{
    analysis::Progress,
    app::{
        jobs::{Backend, Failure, Job},
        state::State,
        update::Effect,
    },
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

/// Time between two looks.
const EVERY: Duration = Duration::from_millis(1500);
/// The wish to stop is looked at so often.
const STEP: Duration = Duration::from_millis(100);
/// So many looks after which files are listed though no folder's time of change says so: some file systems keep it coarse.
const LIST_ANYWAY: u32 = 40;
/// Folders deeper than this are not watched.
const DEEPEST: usize = 64;
/// At most so many folders are watched.
const MOST_FOLDERS: usize = 20_000;

/// Starts the watch where folders want one.
pub fn begin(state: &mut State) -> Option<Effect> {
    let list = &mut state.worklist;
    if list.folders.is_empty() || list.watching.is_some() {
        return None;
    }
    let progress = Arc::new(Progress::new());
    list.watching = Some(progress.clone());
    let known = list.rows().iter().map(|row| row.path.clone()).collect();
    let job = ListJob::Watch { generation: list.generation, folders: list.folders.clone(), known };
    Some(Effect::Start(Job::List(job), progress))
}

/// Waits until recordings that are not among `known` lie in the folders and have stopped growing.
pub fn wait(
    backend: &dyn Backend,
    folders: &[PathBuf],
    known: Vec<PathBuf>,
    progress: &Progress,
) -> Result<Vec<PathBuf>, Failure> {
    let known: HashSet<PathBuf> = known.into_iter().collect();
    let mut times = Times::of(folders);
    let mut growing: HashMap<PathBuf, u64> = HashMap::new();
    // What appeared before the watch began has to be found too.
    let mut looks = LIST_ANYWAY;
    loop {
        let mut slept = Duration::ZERO;
        while slept < EVERY {
            progress.check()?;
            std::thread::sleep(STEP);
            slept += STEP;
        }
        looks += 1;
        let changed = times.changed(folders);
        if !changed && growing.is_empty() && looks < LIST_ANYWAY {
            continue;
        }
        looks = 0;
        let mut settled = Vec::new();
        let before = std::mem::take(&mut growing);
        for path in folders.iter().filter_map(|folder| backend.list(folder, progress).ok()).flatten() {
            if known.contains(&path) {
                continue;
            }
            let size = std::fs::metadata(&path).map_or(0, |facts| facts.len());
            if before.get(&path) == Some(&size) {
                settled.push(path);
            } else {
                growing.insert(path, size);
            }
        }
        progress.check()?;
        if !settled.is_empty() {
            return Ok(settled);
        }
    }
}

/// When the folders and those below were last changed: a file that appears changes its folder's time.
struct Times(BTreeMap<PathBuf, Option<SystemTime>>);

impl Times {
    fn of(folders: &[PathBuf]) -> Self {
        let mut times = Self(BTreeMap::new());
        for folder in folders {
            times.add(folder, 0);
        }
        times
    }

    /// Folders that are links are not followed.
    fn add(&mut self, folder: &Path, depth: usize) {
        if depth > DEEPEST || self.0.len() >= MOST_FOLDERS || self.0.contains_key(folder) {
            return;
        }
        self.0.insert(folder.to_path_buf(), time(folder));
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for entry in entries.filter_map(Result::ok) {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.add(&entry.path(), depth + 1);
            }
        }
    }

    /// Whether any folder changed since the last question.
    fn changed(&mut self, folders: &[PathBuf]) -> bool {
        let changed = self.0.iter().any(|(folder, before)| time(folder) != *before);
        if changed {
            *self = Self::of(folders);
        }
        changed
    }
}

fn time(folder: &Path) -> Option<SystemTime> {
    std::fs::metadata(folder).and_then(|facts| facts.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_and_a_new_folder_change_the_times() {
        let folder = tempfile::tempdir().expect("a folder");
        let roots = [folder.path().to_path_buf()];
        let mut times = Times::of(&roots);
        assert!(!times.changed(&roots));
        let later = |path: &Path| {
            // Times of change are coarse on some file systems: set one that differs.
            let file = std::fs::File::open(path).expect("the folder");
            let set = file.set_modified(SystemTime::now() + Duration::from_secs(5));
            set.expect("a folder's time");
        };
        let below = folder.path().join("day 2");
        std::fs::create_dir(&below).expect("a folder below");
        later(folder.path());
        assert!(times.changed(&roots));
        assert!(!times.changed(&roots));
        std::fs::write(below.join("new.hea"), "x").expect("a file");
        later(&below);
        assert!(times.changed(&roots), "the new folder is watched too");
    }
}
