//! The layouts a reader can choose from: those that come with the program and the reader's own.

use super::description::{Columns, Description, LayoutError, LayoutId, Shows, parse};
use std::{io::Read, path::Path, sync::LazyLock};

/// Name of the file with own layouts in the configuration folder.
pub const OWN_FILE: &str = "layouts.toml";
/// Most bytes of it that are read.
const MOST_BYTES: u64 = 256 * 1024;

/// The layouts that come with the program. A test holds that they read without fault.
static STANDARD: LazyLock<Vec<Description>> = LazyLock::new(|| {
    parse(include_str!("../../assets/layouts/standard.toml"), "standard.toml").map(|(good, _)| good).unwrap_or_default()
});

/// Layouts by id, in the order in which they are offered. Never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    layouts: Vec<Description>,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self::standard()
    }
}

impl Catalogue {
    /// Those that come with the program.
    pub fn standard() -> Self {
        let mut layouts = STANDARD.clone();
        if layouts.is_empty() {
            // Cannot happen, as a test holds; one row a lead is better than no page.
            layouts.push(plain());
        }
        Self { layouts }
    }

    /// With those of [`OWN_FILE`] in the configuration folder, and what is wrong with them. No file is no fault.
    pub fn with_own(folder: &Path) -> (Self, Vec<LayoutError>) {
        let mut catalogue = Self::standard();
        let path = folder.join(OWN_FILE);
        let file = path.display().to_string();
        let mut text = String::new();
        let read = std::fs::File::open(&path).and_then(|opened| opened.take(MOST_BYTES + 1).read_to_string(&mut text));
        match read {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (catalogue, Vec::new()),
            Err(error) => return (catalogue, vec![LayoutError::Unreadable { file, reason: error.to_string() }]),
            Ok(bytes) if bytes as u64 > MOST_BYTES => {
                let reason = format!("it is longer than {MOST_BYTES} bytes");
                return (catalogue, vec![LayoutError::Malformed { file, reason }]);
            }
            Ok(_) => {}
        }
        let (own, mut faults) = match parse(&text, &file) {
            Ok(read) => read,
            Err(fault) => return (catalogue, vec![fault]),
        };
        for layout in own {
            if catalogue.get(&layout.id).is_some() {
                let reason = "another layout has this id; choose a different one".to_owned();
                faults.push(LayoutError::Faulty { file: file.clone(), layout: layout.id.to_string(), reason });
            } else {
                catalogue.layouts.push(layout);
            }
        }
        (catalogue, faults)
    }

    /// All, in the order in which they are offered.
    pub fn all(&self) -> &[Description] {
        &self.layouts
    }

    /// The layout of that id.
    pub fn get(&self, id: &LayoutId) -> Option<&Description> {
        self.layouts.iter().find(|layout| layout.id == *id)
    }

    /// The layout of that id; where there is none (any more), the first.
    pub fn get_or_first(&self, id: &LayoutId) -> &Description {
        static PLAIN: LazyLock<Description> = LazyLock::new(plain);
        self.get(id).or(self.layouts.first()).unwrap_or(&PLAIN)
    }
}

/// One row a lead, whatever the leads.
fn plain() -> Description {
    Description {
        id: LayoutId::new("rows"),
        name: "One row a lead".into(),
        columns: Columns::Sequential,
        shows: Shows::Strips,
        rows: Vec::new(),
        rhythm: Vec::new(),
    }
}
