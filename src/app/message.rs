//! Everything that can happen in the window. Views emit messages; only `update` acts on them.

use super::{
    drawer::Drawer,
    inbox::InboxMessage,
    jobs::Event,
    measuring::Qtc,
    page::scale::{Gain, Speed},
    paper::PaperMessage,
    review::ReviewMessage,
    state::{Cursor, FindingKey},
    tabs::TabMessage,
    tools::ToolMessage,
    worklist::ListMessage,
};
use crate::{layout::LayoutId, recording::Sex, signal::filter::FilterSettings};
use std::path::PathBuf;

/// One thing that happened.
#[derive(Debug)]
pub enum Message {
    /// Files or folders were dropped, given as arguments or chosen: they become the worklist.
    OpenPaths(Vec<PathBuf>),
    /// Show the system's dialog.
    ShowDialog {
        /// A folder instead of files.
        folder: bool,
    },
    /// The path field was edited.
    PathEdited(String),
    /// Open what stands in the path field.
    OpenTypedPath,
    /// Put the keyboard into the path field.
    FocusPath,
    /// Open an entry of the worklist.
    OpenEntry(usize),
    /// Open the entry so many further down (negative: up).
    Step(isize),
    /// Close the recording.
    Close,
    /// A job ended.
    Job(Event),
    /// Stop opening, listing and analysing.
    Cancel,
    /// Analyse again what was cancelled or failed.
    Analyse,

    /// The page's place in the window has this size (points).
    PageSized([f32; 2]),
    /// Choose a layout.
    SetLayout(LayoutId),
    /// Choose an amplitude scale.
    SetGain(Gain),
    /// The next amplitude scale.
    NextGain,
    /// Choose a paper speed.
    SetSpeed(Speed),
    /// The next paper speed.
    NextSpeed,
    /// Between 25 and 50 mm/s.
    ToggleSpeed,
    /// Scroll by seconds (negative: back).
    ScrollBy(f64),
    /// Scroll by pages less a second.
    ScrollPages(f64),
    /// Scroll so that this second of the recording is in the middle.
    CentreOn(f64),
    /// To the recording's beginning.
    Home,
    /// To the recording's end.
    End,
    /// Change the paper's size by `factor`, keeping what lies at `x` points from the page's left edge.
    ZoomAt {
        /// Above 1 enlarges.
        factor: f32,
        /// Points from the page's left edge; `None`: the traces' middle.
        x: Option<f32>,
    },
    /// Fit ten seconds at 25 mm/s into the window.
    ZoomFit,
    /// See the page through these filters.
    SetFilter(FilterSettings),
    /// Between unfiltered and the last filters.
    ToggleFilter,
    /// Hide or show where waves begin and end.
    ToggleWaves,
    /// Something about paper, screen, colours or keys.
    Paper(PaperMessage),
    /// The pointer is over a trace, or left it.
    PointAt(Option<Cursor>),

    /// Choose a finding, or the chosen one again to clear it.
    ChooseFinding(FindingKey),
    /// Choose the finding so many further down.
    StepFinding(isize),
    /// Hide or show the evidence.
    ToggleEvidence,
    /// Choose a measurement by its published name, or the chosen one again to clear it.
    ChooseMeasurement(String),
    /// Show this correction of the QT interval first.
    SetQtc(Qtc),
    /// Clear the chosen finding and the chosen measurement.
    Escape,
    /// The age field was edited.
    AgeEdited(String),
    /// Use the age in the field.
    AgeEntered,
    /// Put the age in use back into the field.
    AgeRestored,
    /// Use this sex.
    SexEntered(Option<Sex>),

    /// Of the tools over the page.
    Tool(ToolMessage),

    /// Of the review.
    Review(ReviewMessage),
    /// Something happened to the worklist.
    List(ListMessage),
    /// Something happened to the tabs.
    Tab(TabMessage),
    /// Something happened to the messages.
    Inbox(InboxMessage),
    /// Compare the open recording with this file.
    CompareWith(PathBuf),
    /// Show or hide something below the page.
    ToggleDrawer(Drawer),
    /// Show or hide the list of shortcuts.
    ToggleHelp,
}
