//! What the commands that write recordings share: names, folders, and what is said of losses.

use super::{BadUsage, Item, message};
use crate::formats::write::{Existing, Loss, Sources, record_name};
use anyhow::{Context, Result, bail};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// The folder that everything goes to, and the names given out in it.
#[derive(Debug)]
pub struct Outgoing {
    /// The folder.
    pub folder: PathBuf,
    /// Files are replaced, but none of these: all that the command reads.
    replace_but: Option<Sources>,
    /// Names in lower case, because some systems do not tell cases apart, and whose they are.
    names: HashMap<String, PathBuf>,
}

impl Outgoing {
    /// Makes the folder if it is absent. `force`: files that are there are replaced, except those of `items`.
    ///
    /// # Errors
    /// [`BadUsage`] for a path that is no folder; when it cannot be made.
    pub fn new(folder: &Path, force: bool, items: &[Item]) -> Result<Self> {
        if folder.exists() && !folder.is_dir() {
            bail!(BadUsage(format!("--out {}: this is no folder", folder.display())));
        }
        std::fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
        let replace_but = force.then(|| Sources::of_recordings(items.iter().map(|item| item.path.as_path())));
        Ok(Self { folder: folder.into(), replace_but, names: HashMap::new() })
    }

    /// What to do with files that are there.
    pub fn existing(&self) -> Existing<'_> {
        self.replace_but.as_ref().map_or(Existing::Keep, Existing::ReplaceBut)
    }

    /// The name under which the recording at `source` is written.
    ///
    /// # Errors
    /// Another recording has it already.
    pub fn name(&mut self, wanted: &str, source: &Path) -> Result<String> {
        let name = record_name(wanted);
        if let Some(other) = self.names.get(&name.to_lowercase()) {
            bail!("would be written as `{name}`, as {} was; write it to another folder", other.display());
        }
        self.names.insert(name.to_lowercase(), source.into());
        Ok(name)
    }
}

/// Says what was written and, one line each, what is not in it.
pub fn tell(written: &Path, losses: &[Loss]) {
    for loss in losses {
        message(&format!("{}: {loss}", written.display()));
    }
    message(&format!("wrote {}", written.display()));
}
