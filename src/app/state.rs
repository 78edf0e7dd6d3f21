//! What the window knows. Views read it; `update` alone changes it.

use super::{
    arranged::Arranged,
    beside::Beside,
    drawer::Drawer,
    filtering::{Filtering, Hum},
    inbox::Inbox,
    jobs::Opened,
    measuring::Qtc,
    page::{
        geometry::PageScale,
        pyramid::Pyramid,
        scale::{Gain, Speed, Zoom},
    },
    paper::Paper,
    report::Reports,
    review::Desk,
    tabs::Tabs,
    tools::Tools,
    waves::WavesSeen,
    worklist::Worklist,
};
use crate::{
    analysis::{Analysis, Demographics, Evidence, Finding, Progress, WindowFindings},
    layout::{LayoutId, rhythm_lead},
    recording::{LeadName, Recording, SampleIndex, SampleRange},
    words::Words,
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A finding's place: its task and code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingKey {
    /// `rhythm`, `superclass` ...
    pub task: String,
    /// Code within the task.
    pub code: String,
}

impl FindingKey {
    /// The key of a finding.
    pub fn of(finding: &Finding) -> Self {
        Self { task: finding.task.clone(), code: finding.code.clone() }
    }

    /// Whether it names this finding.
    pub fn names(&self, finding: &Finding) -> bool {
        self.task == finding.task && self.code == finding.code
    }
}

/// Something that went wrong, until a reader marks it read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// For marking it.
    pub id: u64,
    /// Names the file and the fault.
    pub text: String,
    /// It is about a file.
    pub of_file: bool,
    /// A reader marked it.
    pub read: bool,
}

/// Where the pointer is on a trace.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    /// The lead.
    pub lead: LeadName,
    /// The time.
    pub at: SampleIndex,
    /// Value there, in millivolts; `None`: no valid sample.
    pub millivolts: Option<f32>,
    /// The lead is calibrated.
    pub calibrated: bool,
}

/// How the page is seen.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Layout.
    pub layout: LayoutId,
    /// Gain, speed, zoom.
    pub scale: PageScale,
    /// First sample on the page.
    pub start: SampleIndex,
}

/// A recording being opened.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Number of the attempt; answers to earlier ones are dropped.
    pub number: u64,
    /// Files that become the worklist when it is open; empty: an entry of the worklist there is. Until then what is open stays.
    pub files: Vec<PathBuf>,
    /// Folders among what was named: they are watched then.
    pub folders: Vec<PathBuf>,
    /// The file.
    pub path: PathBuf,
    /// How far.
    pub progress: Arc<Progress>,
}

/// Evidence of one window of a long recording.
#[derive(Debug, Clone)]
pub enum WindowEvidence {
    /// Asked for.
    Pending(Arc<Progress>),
    /// Here.
    Ready(Vec<Finding>),
    /// Not to be had; the reason.
    Failed(String),
}

/// Everything the window knows.
#[derive(Debug)]
pub struct State {
    /// Counts recordings that were begun to be opened.
    pub generation: u64,
    /// Counts attempts to open.
    pub attempts: u64,
    /// A recording is being opened.
    pub opening: Option<Opening>,
    /// Why the current entry of the worklist is not open: its path and the reason.
    pub not_opened: Option<(PathBuf, String)>,
    /// The open recording.
    pub opened: Option<Arc<Opened>>,
    /// Counts analyses that were begun.
    pub run: u64,
    /// An analysis is running.
    pub analysing: Option<Arc<Progress>>,
    /// The analysis. While a new one runs after a change of age or sex, none.
    pub analysis: Option<Arc<Analysis>>,
    /// Why there is none.
    pub analysis_failure: Option<String>,
    /// Age and sex the reader entered; used where the file has none.
    pub entered: Demographics,
    /// What the reader entered for recordings seen before, by file.
    pub remembered: BTreeMap<PathBuf, Demographics>,
    /// The age field.
    pub age_text: String,
    /// What is wrong with it.
    pub age_error: Option<String>,
    /// Files to go through.
    pub worklist: Worklist,
    /// The path field.
    pub path_text: String,
    /// The path field wants the keyboard.
    pub focus_path: bool,
    /// What went wrong, oldest first.
    pub notices: Vec<Notice>,
    /// Counts notices.
    pub notice_count: u64,
    /// How the page is seen.
    pub view: View,
    /// Size of the page in points.
    pub page_size: [f32; 2],
    /// Pointer on a trace.
    pub cursor: Option<Cursor>,
    /// The chosen finding.
    pub chosen: Option<FindingKey>,
    /// Finding to choose once the first analysis arrives (by code).
    pub choose_when_ready: Option<String>,
    /// Evidence is drawn.
    pub evidence_visible: bool,
    /// Evidence of windows of a long recording, by the window's first sample.
    pub window_evidence: BTreeMap<u64, WindowEvidence>,
    /// The filters the page is seen through.
    pub filtering: Filtering,
    /// Waves on the page.
    pub waves: WavesSeen,
    /// Name of the chosen measurement.
    pub measurement: Option<String>,
    /// The correction of the QT interval that is shown first.
    pub qtc: Qtc,
    /// Extremes of the rhythm lead for the overview.
    pub overview: Option<Arc<Pyramid>>,
    /// Stops the overview's job.
    pub overview_job: Option<Arc<Progress>>,
    /// The tools over the page.
    pub tools: Tools,
    /// Layouts, screen, colours and keys.
    pub paper: Paper,
    /// What a person decides about the recording.
    pub desk: Desk,
    /// The list of shortcuts is shown.
    pub help_open: bool,
    /// The other recordings that are open.
    pub tabs: Tabs,
    /// Errors, warnings and repairs, and which of them were read.
    pub inbox: Inbox,
    /// What is shown below the page.
    pub drawer: Option<Drawer>,
    /// Trends of the open recording, and what it is compared with.
    pub beside: Beside,
    /// The report dialog and what was chosen in it.
    pub reports: Reports,
    /// The page as it was last laid out.
    pub arranged: Arranged,
}

impl Default for State {
    fn default() -> Self {
        Self {
            generation: 0,
            attempts: 0,
            opening: None,
            not_opened: None,
            opened: None,
            run: 0,
            analysing: None,
            analysis: None,
            analysis_failure: None,
            entered: Demographics::default(),
            remembered: BTreeMap::new(),
            age_text: String::new(),
            age_error: None,
            worklist: Worklist::default(),
            path_text: String::new(),
            focus_path: false,
            notices: Vec::new(),
            notice_count: 0,
            view: View {
                layout: LayoutId::default(),
                scale: PageScale { gain: Gain::Mm10, speed: Speed::Mm25, zoom: Zoom::Fit },
                start: SampleIndex(0),
            },
            page_size: [1200.0, 800.0],
            cursor: None,
            chosen: None,
            choose_when_ready: None,
            evidence_visible: true,
            window_evidence: BTreeMap::new(),
            filtering: Filtering::default(),
            waves: WavesSeen::default(),
            measurement: None,
            qtc: Qtc::default(),
            overview: None,
            overview_job: None,
            tools: Tools::default(),
            tabs: Tabs::default(),
            inbox: Inbox::default(),
            drawer: None,
            beside: Beside::default(),
            reports: Reports::default(),
            arranged: Arranged::default(),
            help_open: false,
            paper: Paper::default(),
            desk: Desk::default(),
        }
    }
}

impl State {
    /// The words of the reader's language.
    pub fn words(&self) -> &'static Words {
        self.paper.settings.language.words()
    }

    /// The open recording.
    pub fn recording(&self) -> Option<&Arc<Recording>> {
        self.opened.as_deref().map(|opened| &opened.recording)
    }

    /// Age and sex to analyse with: the file's, else what the reader entered.
    pub fn demographics(&self) -> Demographics {
        let patient = self.recording().map(|recording| &recording.patient);
        Demographics {
            age_years: patient.and_then(|patient| patient.age_years).or(self.entered.age_years),
            sex: patient.and_then(|patient| patient.sex).or(self.entered.sex),
        }
    }

    /// The open recording's leads.
    pub fn lead_names(&self) -> Vec<LeadName> {
        self.recording().map(|r| r.leads.iter().map(|signal| signal.lead.clone()).collect()).unwrap_or_default()
    }

    /// Index of the rhythm lead.
    pub fn rhythm_lead(&self) -> Option<usize> {
        rhythm_lead(&self.lead_names())
    }

    /// Samples on the page, cut to the recording.
    pub fn visible(&self) -> SampleRange {
        let Some(recording) = self.recording() else { return SampleRange::new(0, 0) };
        let start = self.view.start.0;
        let count = recording.rate.samples_in(self.geometry().visible_s());
        SampleRange::new(start, start.saturating_add(count).min(recording.length))
    }

    /// Whether the page shows less than the recording.
    pub fn is_longer_than_page(&self) -> bool {
        self.recording().is_some_and(|recording| recording.duration_s() > self.geometry().visible_s() * 1.001)
    }

    /// The window of a long recording that holds the page's middle.
    pub fn window_in_view(&self) -> Option<&WindowFindings> {
        let windows = &self.analysis.as_ref()?.windows;
        let visible = self.visible();
        let middle = SampleIndex(visible.start.0 + visible.len() / 2);
        windows.iter().find(|window| window.range.contains(middle))
    }

    /// Windows of a long recording that reach into the page.
    pub fn windows_on_page(&self) -> Vec<SampleRange> {
        let visible = self.visible();
        let windows = self.analysis.as_ref().map(|analysis| analysis.windows.as_slice()).unwrap_or_default();
        windows.iter().map(|w| w.range).filter(|r| r.start < visible.end && r.end > visible.start).collect()
    }

    /// The chosen finding of the whole record.
    pub fn chosen_finding(&self) -> Option<&Finding> {
        let key = self.chosen.as_ref().filter(|_| !self.machine_hidden())?;
        self.analysis.as_ref()?.findings.iter().find(|finding| key.names(finding))
    }

    /// The chosen finding where its evidence is known: of the record, or of the windows on the page.
    pub fn explained(&self) -> Vec<&Finding> {
        if let Some(beat) = self.explained_beat() {
            return vec![beat];
        }
        let Some(key) = self.chosen.as_ref().filter(|_| !self.machine_hidden()) else { return Vec::new() };
        if let Some(finding) = self.chosen_finding().filter(|finding| finding.evidence.is_some()) {
            return vec![finding];
        }
        self.windows_on_page()
            .into_iter()
            .filter_map(|window| match self.window_evidence.get(&window.start.0) {
                Some(WindowEvidence::Ready(findings)) => findings.iter().find(|f| key.names(f) && f.evidence.is_some()),
                _ => None,
            })
            .collect()
    }

    /// The evidence to draw, and the one scale of all of it: the largest absolute value.
    pub fn drawn_evidence(&self) -> (Vec<Arc<Evidence>>, f32) {
        if !self.evidence_visible {
            return (Vec::new(), 0.0);
        }
        let mut drawn: Vec<_> = self.explained().into_iter().filter_map(|finding| finding.evidence.clone()).collect();
        drawn.retain(|evidence| evidence.peak() > 0.0);
        let peak = drawn.iter().map(|evidence| evidence.peak()).fold(0.0, f32::max);
        (drawn, peak)
    }

    /// Whether a job runs whose progress is shown.
    pub fn is_busy(&self) -> bool {
        let looking = self.window_evidence.values().any(|window| matches!(window, WindowEvidence::Pending(_)));
        let humming = matches!(self.filtering.hum, Hum::Pending(_));
        let page = looking || humming || self.waves.is_busy() || self.reports.is_busy() || self.desk.is_busy();
        self.opening.is_some() || self.analysing.is_some() || self.worklist.listing.is_some() || page
    }

    /// The file that is open or being opened.
    pub fn current_path(&self) -> Option<&Path> {
        self.opening.as_ref().map(|opening| opening.path.as_path()).or(self.recording().map(|r| r.path.as_path()))
    }
}
