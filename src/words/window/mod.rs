//! The words of the window: everything on screen that is not the report's or the review's. A file a part of the window.

mod bars;
mod findings;
mod keys;
mod list;
mod page;
mod panel;

pub use bars::*;
pub use findings::*;
pub use keys::*;
pub use list::*;
pub use page::*;
pub use panel::*;

use super::sections;
use serde::Deserialize;
use std::collections::BTreeMap;

sections! {
    /// The dialog with language, colours, sizes and the screen.
    Looks {
        heading language colours sizes screen measured not_measured no_screen measure forget close
    }
}

/// The window's language file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // Each names its section.
pub struct WindowWords {
    pub looks: Looks,
    pub toolbar: Toolbar,
    pub tools: Tools,
    pub filter: Filter,
    pub tabs: Tabs,
    pub status: Status,
    pub page: Page,
    pub paint: Paint,
    pub legend: Legend,
    pub pinned: Pinned,
    pub superimposed: Superimposed,
    pub calibrate: Calibrate,
    pub side: Side,
    pub blind: Blind,
    pub calipers: Calipers,
    pub measurements: Measurements,
    pub spans: Spans,
    pub median: Median,
    pub units: Units,
    pub electrodes: Electrodes,
    pub findings: Findings,
    pub explain: Explain,
    pub beat: Beat,
    pub rules: Rules,
    pub worklist: Worklist,
    pub drawer: Drawer,
    pub inbox: Inbox,
    pub trends: Trends,
    pub serial: Serial,
    pub choose: Choose,
    pub keyboard: Keyboard,
    pub key_names: KeyNames,
    pub help: Help,
    /// Layouts that come with the program, by id. A layout under another name keeps it.
    pub layouts: BTreeMap<String, String>,
    /// Colours that come with the program, by id.
    pub themes: BTreeMap<String, String>,
    /// Steps of work in the background, by their English name.
    pub stages: BTreeMap<String, String>,
    /// Why a finding is urgent or not, by the English text of the table of urgencies.
    pub urgencies: BTreeMap<String, String>,
    /// What statements are about, by their English name.
    pub groups: BTreeMap<String, String>,
}
