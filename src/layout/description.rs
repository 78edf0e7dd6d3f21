//! Layouts as they are written down, read and checked.

use crate::recording::LeadName;
use serde::Deserialize;
use std::{collections::BTreeSet, fmt, sync::Arc};

/// Most rows of a layout, rhythm strips not counted.
const MOST_ROWS: usize = 32;
/// Most columns.
const MOST_COLUMNS: usize = 8;
/// Most rhythm strips.
const MOST_STRIPS: usize = 6;
/// Most characters of an id or a name.
const MOST_CHARACTERS: usize = 40;
/// Most layouts in a file.
const MOST_LAYOUTS: usize = 100;

/// What names a layout in settings and on the command line, e.g. `3x4+1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LayoutId(Arc<str>);

impl LayoutId {
    /// The name as written.
    pub fn new(id: &str) -> Self {
        Self(Arc::from(id))
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for LayoutId {
    fn default() -> Self {
        Self::new("3x4+1")
    }
}

impl fmt::Display for LayoutId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the columns of a page show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Columns {
    /// Each the next stretch of time.
    #[default]
    Sequential,
    /// All the same stretch.
    Simultaneous,
}

/// What stands in the frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Shows {
    /// The signal in time.
    #[default]
    #[serde(rename = "strips")]
    Strips,
    /// The median beat of each lead.
    #[serde(rename = "median beats")]
    MedianBeats,
    /// The signal of one lead that the reader steps through.
    #[serde(rename = "one lead")]
    OneLead,
}

/// A lead that a layout asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// Which.
    pub lead: LeadName,
    /// Turned over, as -aVR in the Cabrera order.
    pub inverted: bool,
}

impl Wanted {
    /// `V1`, or `-aVR` for one that is to be turned over.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        match text.strip_prefix(['-', '−']) {
            Some(name) => Self { lead: LeadName::parse(name), inverted: true },
            None => Self { lead: LeadName::parse(text), inverted: false },
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.inverted { "-" } else { "" }, self.lead)
    }
}

/// A layout as it is written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// Names it in settings and on the command line.
    pub id: LayoutId,
    /// What the reader chooses.
    pub name: String,
    /// What the columns show.
    pub columns: Columns,
    /// What stands in the frames.
    pub shows: Shows,
    /// Rows from top to bottom, all of one length; none where one lead is shown.
    pub rows: Vec<Vec<Wanted>>,
    /// Strips over the whole width below.
    pub rhythm: Vec<Wanted>,
}

/// Why a file of layouts cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// The file cannot be read.
    #[error("own layouts are left out: {file} cannot be read ({reason})")]
    Unreadable {
        /// The file.
        file: String,
        /// The system's reason.
        reason: String,
    },
    /// It is no TOML, or has other fields than layouts have.
    #[error(
        "own layouts are left out: {file} is not as it should be ({reason}); the layouts that come with the program are written the same way, see the guide"
    )]
    Malformed {
        /// The file.
        file: String,
        /// Line and fault.
        reason: String,
    },
    /// One layout contradicts itself; the others are used.
    #[error("the layout \"{layout}\" in {file} is left out: {reason}")]
    Faulty {
        /// The file.
        file: String,
        /// Its id.
        layout: String,
        /// What is wrong and what would be right.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    layout: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    name: Option<String>,
    #[serde(default)]
    time: Columns,
    #[serde(default)]
    shows: Shows,
    #[serde(default)]
    rows: Vec<Vec<String>>,
    #[serde(default)]
    rhythm: Vec<String>,
}

/// Reads the layouts of a file, those without fault and the faults of the others. `file` is its name for errors.
pub(super) fn parse(text: &str, file: &str) -> Result<(Vec<Description>, Vec<LayoutError>), LayoutError> {
    let malformed = |reason: String| LayoutError::Malformed { file: file.to_owned(), reason };
    let written: File = toml::from_str(text).map_err(|error| malformed(told(&error, text)))?;
    if written.layout.len() > MOST_LAYOUTS {
        return Err(malformed(format!("{} layouts; at most {MOST_LAYOUTS} are read", written.layout.len())));
    }
    let (mut good, mut faults) = (Vec::new(), Vec::new());
    for layout in written.layout {
        let id = layout.id.clone();
        match checked(layout) {
            Ok(layout) => good.push(layout),
            Err(reason) => faults.push(LayoutError::Faulty { file: file.to_owned(), layout: id, reason }),
        }
    }
    Ok((good, faults))
}

/// One line: where and what.
fn told(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
    let message = error.message().replace('\n', " ");
    line.map_or(message.clone(), |line| format!("line {line}: {message}"))
}

fn checked(written: Written) -> Result<Description, String> {
    let id = written.id.trim();
    let name = written.name.as_deref().map_or(id, str::trim);
    for (what, text) in [("id", id), ("name", name)] {
        if text.is_empty() || text.chars().count() > MOST_CHARACTERS || text.chars().any(char::is_control) {
            return Err(format!("its {what} must have 1 to {MOST_CHARACTERS} characters on one line"));
        }
    }
    let rows: Vec<Vec<Wanted>> = written.rows.iter().map(|row| row.iter().map(|lead| Wanted::parse(lead)).collect()).collect();
    let rhythm: Vec<Wanted> = written.rhythm.iter().map(|lead| Wanted::parse(lead)).collect();
    if written.shows == Shows::OneLead {
        if !rows.is_empty() || !rhythm.is_empty() {
            return Err("a layout that shows one lead has neither rows nor rhythm strips".into());
        }
    } else if rows.is_empty() {
        return Err("it has no rows".into());
    }
    let width = rows.first().map_or(0, Vec::len);
    if rows.len() > MOST_ROWS || width > MOST_COLUMNS || rhythm.len() > MOST_STRIPS {
        return Err(format!("it may have {MOST_ROWS} rows, {MOST_COLUMNS} columns and {MOST_STRIPS} rhythm strips at most"));
    }
    if let Some(row) = rows.iter().position(|row| row.len() != width || row.is_empty()) {
        return Err(format!(
            "row {} has {} leads, the first has {width}; all must have the same number",
            row + 1,
            rows[row].len()
        ));
    }
    if written.shows == Shows::MedianBeats && !rhythm.is_empty() {
        return Err("a layout of median beats has no rhythm strips".into());
    }
    for (what, leads) in [("rows", rows.iter().flatten().collect::<Vec<_>>()), ("rhythm strips", rhythm.iter().collect())] {
        let mut seen = BTreeSet::new();
        for wanted in leads {
            let name = wanted.lead.to_string();
            if name.is_empty() || name.chars().count() > MOST_CHARACTERS {
                return Err(format!("a lead's name in its {what} is empty or longer than {MOST_CHARACTERS} characters"));
            }
            if !seen.insert(name.to_lowercase()) {
                return Err(format!("lead {name} stands twice in its {what}; each may stand once"));
            }
        }
    }
    Ok(Description { id: LayoutId::new(id), name: name.to_owned(), columns: written.time, shows: written.shows, rows, rhythm })
}
