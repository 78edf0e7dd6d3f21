//! Files of the same name beside a header.
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

/// Extensions of the files `stem.extension` in `folder`, sorted.
pub(super) fn extensions(folder: &Path, stem: &str) -> io::Result<Vec<String>> {
    let names = names(folder)?;
    let prefix = format!("{stem}.");
    let first = names.partition_point(|name| name.as_str() < prefix.as_str());
    let with_prefix = names.iter().skip(first).map_while(|name| name.strip_prefix(&prefix));
    Ok(with_prefix.filter(|extension| !extension.is_empty() && !extension.contains('.')).map(str::to_owned).collect())
}

fn names(folder: &Path) -> io::Result<Arc<[String]>> {
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
        assert_eq!(extensions(folder.path(), "1").unwrap(), ["atr", "hea"]);
        touch("1.qrs");
        assert_eq!(extensions(folder.path(), "1").unwrap(), ["atr", "hea", "qrs"]);
        assert!(extensions(&folder.path().join("absent"), "1").is_err());
    }
}
