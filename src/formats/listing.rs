//! Names of the files in a folder.
//!
//! Annotators have any name, so that a record's annotation files are found by listing its folder. Databases keep thousands of records in one
//! folder: the last listing is kept, so that opening one after the other does not list the folder each time.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

/// A folder's time of change has this granularity at worst (FAT): a listing made sooner after a change may miss a later one.
const SETTLED: Duration = Duration::from_secs(3);

struct Listing {
    folder: PathBuf,
    changed: SystemTime,
    /// Sorted.
    names: Arc<[String]>,
}

static LAST: Mutex<Option<Listing>> = Mutex::new(None);

/// Extensions of the files `stem.extension` among `names`, which are sorted.
pub(super) fn extensions(names: &[String], stem: &str) -> Vec<String> {
    let prefix = format!("{stem}.");
    let first = names.partition_point(|name| name.as_str() < prefix.as_str());
    let with_prefix = names.iter().skip(first).map_while(|name| name.strip_prefix(&prefix));
    with_prefix.filter(|extension| !extension.is_empty() && !extension.contains('.')).map(str::to_owned).collect()
}

/// The name that differs from `wanted` in upper and lower case only; `None` where there is none or more than one.
pub(super) fn in_other_letters(names: &[String], wanted: &str) -> Option<String> {
    let mut same = names.iter().filter(|name| name.eq_ignore_ascii_case(wanted));
    same.next().filter(|_| same.next().is_none()).cloned()
}

/// The names of the files in `folder`, sorted.
pub(super) fn names(folder: &Path) -> io::Result<Arc<[String]>> {
    let changed = std::fs::metadata(folder)?.modified().ok();
    // A panic elsewhere cannot leave a half-made listing: it is replaced as a whole.
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(listing) = last.as_ref().filter(|listing| listing.folder == folder && Some(listing.changed) == changed) {
        return Ok(Arc::clone(&listing.names));
    }
    let mut names: Vec<String> =
        std::fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    let names: Arc<[String]> = names.into();
    let settled = changed.filter(|changed| changed.elapsed().is_ok_and(|age| age > SETTLED));
    *last = settled.map(|changed| Listing { folder: folder.into(), changed, names: Arc::clone(&names) });
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_stems_count_and_new_files_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let touch = |name: &str| std::fs::write(folder.path().join(name), "x").unwrap();
        for name in ["1.hea", "1.atr", "10.atr", "1", "1.", "1.a.b", "a1.atr"] {
            touch(name);
        }
        let found = |stem| extensions(&names(folder.path()).unwrap(), stem);
        assert_eq!(found("1"), ["atr", "hea"]);
        touch("1.qrs");
        assert_eq!(found("1"), ["atr", "hea", "qrs"]);
        touch("A1.atr");
        assert!(names(&folder.path().join("absent")).is_err());
        let names = names(folder.path()).unwrap();
        assert_eq!(in_other_letters(&names, "10.ATR").as_deref(), Some("10.atr"));
        assert_eq!(in_other_letters(&names, "a1.ATR"), None, "two differ from it in letters only");
    }
}
