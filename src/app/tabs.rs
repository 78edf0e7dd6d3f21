//! Several recordings at once. One is the window's [`State`]; the others wait in full, each with its own view, and are swapped in when
//! they are wanted. Signals are read from disk when they are drawn, so that what waits costs little; of the analyses only the latest
//! are kept.

use super::{
    language, opening, review,
    state::State,
    update::{self, Effect},
};
use std::{
    mem,
    path::{Path, PathBuf},
};

/// Analyses kept of recordings that wait. Further ones are made again when their tab is chosen.
pub const KEPT_ANALYSES: usize = 6;

/// What can happen to tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TabMessage {
    /// An empty tab: what is opened next is opened there.
    New,
    /// Open an entry of the worklist in a tab of its own.
    OpenEntry(usize),
    /// Show the tab at this place.
    Show(usize),
    /// Show the tab so many further to the right, from the other end after the last.
    Step(isize),
    /// Close the tab at this place.
    Close(usize),
}

/// A recording that waits.
#[derive(Debug)]
struct Parked {
    state: State,
    /// The larger, the later it was shown.
    used: u64,
}

/// The tabs, from left to right; the shown one's place is empty, for its state is the window's.
#[derive(Debug)]
pub struct Tabs {
    places: Vec<Option<Box<Parked>>>,
    shown: usize,
    used: u64,
}

impl Default for Tabs {
    fn default() -> Self {
        Self { places: vec![None], shown: 0, used: 0 }
    }
}

/// What a tab shows of its recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    /// Name of the recording, or of the file that is being opened.
    pub name: String,
    /// Whose.
    pub patient: Option<String>,
    /// Something runs for it.
    pub busy: bool,
}

impl Tabs {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// There is always at least one.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The place of the one that is shown.
    pub fn shown(&self) -> usize {
        self.shown
    }

    /// The states that wait.
    pub fn waiting(&self) -> impl Iterator<Item = &State> {
        self.places.iter().flatten().map(|parked| &parked.state)
    }

    fn waiting_mut(&mut self) -> impl Iterator<Item = &mut Box<Parked>> {
        self.places.iter_mut().flatten()
    }

    fn place_where(&self, wanted: impl Fn(&State) -> bool) -> Option<usize> {
        self.places.iter().position(|place| place.as_ref().is_some_and(|parked| wanted(&parked.state)))
    }
}

/// Titles from left to right.
pub fn titles(state: &State) -> Vec<Title> {
    state.tabs.places.iter().map(|place| title(place.as_ref().map_or(state, |parked| &parked.state))).collect()
}

fn title(state: &State) -> Title {
    let file = |path: &Path| path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let name = match (state.recording(), path_of(state)) {
        (Some(recording), _) => recording.name.clone(),
        (None, Some(path)) => file(&path),
        (None, None) => language::window().tabs.empty.clone(),
    };
    let patient = state.recording().and_then(|r| r.patient.name.clone().or(r.patient.id.clone()));
    Title { name, patient, busy: state.opening.is_some() || state.analysing.is_some() }
}

/// The file a state is about.
fn path_of(state: &State) -> Option<PathBuf> {
    state.current_path().map(Path::to_path_buf).or_else(|| state.not_opened.as_ref().map(|(path, _)| path.clone()))
}

/// The tab in which this file is, other than the one that is shown.
pub fn place_of(state: &State, path: &Path) -> Option<usize> {
    state.tabs.place_where(|waiting| path_of(waiting).is_some_and(|other| other == path))
}

/// A number no recording of any tab has.
pub fn next_generation(state: &State) -> u64 {
    state.tabs.waiting().map(|waiting| waiting.generation).chain([state.generation]).max().unwrap_or(0) + 1
}

/// Applies a message.
pub fn update(state: &mut State, message: TabMessage) -> Vec<Effect> {
    let count = state.tabs.len();
    match message {
        TabMessage::New => {
            new_tab(state);
            Vec::new()
        }
        TabMessage::OpenEntry(index) => {
            let Some(path) = state.worklist.path(index).map(Path::to_path_buf) else { return Vec::new() };
            if path_of(state).is_some_and(|open| open == path) {
                return Vec::new();
            }
            if place_of(state, &path).is_none() && path_of(state).is_some() {
                new_tab(state);
            }
            opening::open_entry(state, index)
        }
        TabMessage::Show(place) => show(state, place),
        TabMessage::Step(by) => {
            let shown = state.tabs.shown as isize;
            show(state, (shown + by).rem_euclid(count as isize) as usize)
        }
        TabMessage::Close(place) => close(state, place),
    }
}

/// Parks what is shown and begins an empty tab to the right of it that looks like it.
fn new_tab(state: &mut State) {
    review::parked(state);
    let place = state.tabs.shown + 1;
    let mut fresh = opening::fresh(state);
    carry(state, &mut fresh);
    let before = mem::replace(state, fresh);
    park(state, before);
    state.tabs.places.insert(place, None);
    state.tabs.shown = place;
    state.worklist.current = None;
}

/// Puts a state into the shown place, which the caller gives to another.
fn park(state: &mut State, before: State) {
    state.tabs.used += 1;
    let (shown, used) = (state.tabs.shown, state.tabs.used);
    if let Some(place) = state.tabs.places.get_mut(shown) {
        *place = Some(Box::new(Parked { state: before, used }));
    }
    let analysed = |parked: &Parked| parked.state.analysis.is_some();
    while state.tabs.waiting_mut().filter(|parked| analysed(parked)).count() > KEPT_ANALYSES {
        let oldest = state.tabs.waiting_mut().filter(|parked| analysed(parked)).min_by_key(|parked| parked.used);
        if let Some(oldest) = oldest {
            forget(&mut oldest.state);
        }
    }
}

/// Drops what can be made again.
fn forget(state: &mut State) {
    opening::stop_jobs(state);
    state.analysis = None;
    state.analysing = None;
    state.window_evidence.clear();
    state.overview = None;
    state.overview_job = None;
    state.beside.forget();
}

/// Swaps the state at `place` in, without more; whether there is one.
fn swap_in(state: &mut State, place: usize) -> bool {
    let Some(mut next) = state.tabs.places.get_mut(place).and_then(Option::take) else { return false };
    carry(state, &mut next.state);
    let before = mem::replace(state, next.state);
    park(state, before);
    state.tabs.shown = place;
    state.worklist.current = path_of(state).and_then(|path| state.worklist.place(&path));
    true
}

/// Shows the tab at `place`.
pub fn show(state: &mut State, place: usize) -> Vec<Effect> {
    state.cursor = None;
    review::parked(state);
    if !swap_in(state, place) {
        return Vec::new();
    }
    if let Some(path) = path_of(state) {
        state.worklist.mark(&path, super::worklist::ReadStatus::Seen);
    }
    let mut effects = Vec::new();
    let lacks_analysis = state.analysis.is_none() && state.analysing.is_none() && state.analysis_failure.is_none();
    if state.opened.is_some() && lacks_analysis {
        effects.extend(update::analyse(state));
    }
    if state.opened.is_some() && state.overview.is_none() && state.overview_job.is_none() {
        effects.extend(update::overview(state));
    }
    effects.extend(review::shown(state));
    effects.extend(update::ask_for_view(state));
    effects
}

fn close(state: &mut State, place: usize) -> Vec<Effect> {
    let (count, shown) = (state.tabs.len(), state.tabs.shown);
    if place >= count {
        return Vec::new();
    }
    if count == 1 {
        opening::close(state);
        return Vec::new();
    }
    let mut effects = Vec::new();
    if place == shown {
        let neighbour = if place + 1 < count { place + 1 } else { place - 1 };
        effects = show(state, neighbour);
    }
    if let Some(mut parked) = state.tabs.places.get_mut(place).and_then(Option::take) {
        opening::stop_jobs(&mut parked.state);
    }
    state.tabs.places.remove(place);
    if state.tabs.shown > place {
        state.tabs.shown -= 1;
    }
    effects
}

/// Lets `apply` act on the state for which `is_meant` holds: on the shown one, else on one that waits, which is swapped in for it.
/// `None`: there is no such state any more.
pub fn on_the_one<T>(state: &mut State, is_meant: impl Fn(&State) -> bool, apply: impl FnOnce(&mut State) -> T) -> Option<T> {
    if is_meant(state) {
        return Some(apply(state));
    }
    let place = state.tabs.place_where(is_meant)?;
    let shown = state.tabs.shown;
    // Looking into a tab does not make it a recently used one.
    let used: Vec<Option<u64>> = state.tabs.places.iter().map(|p| p.as_ref().map(|parked| parked.used)).collect();
    swap_in(state, place);
    let result = apply(state);
    swap_in(state, shown);
    if let (Some(Some(before)), Some(Some(parked))) = (used.get(place), state.tabs.places.get_mut(place)) {
        parked.used = *before;
    }
    Some(result)
}

/// Swaps what belongs to the window, not to a recording, from one state to the other. Every field is named: a new one has to be put on
/// one side or the other.
pub(super) fn carry(from: &mut State, to: &mut State) {
    let State {
        attempts,
        remembered,
        worklist,
        path_text,
        focus_path,
        notices,
        notice_count,
        page_size,
        choose_when_ready,
        help_open,
        tabs,
        inbox,
        drawer,
        paper,
        tools,
        desk,
        reports,
        // Of the recording:
        generation: _,
        opening: _,
        not_opened: _,
        opened: _,
        run: _,
        analysing: _,
        analysis: _,
        analysis_failure: _,
        entered: _,
        age_text: _,
        age_error: _,
        view: _,
        cursor: _,
        chosen: _,
        evidence_visible: _,
        window_evidence: _,
        filtering: _,
        waves: _,
        measurement: _,
        qtc: _,
        overview: _,
        overview_job: _,
        beside: _,
        arranged: _,
    } = from;
    mem::swap(attempts, &mut to.attempts);
    mem::swap(remembered, &mut to.remembered);
    mem::swap(worklist, &mut to.worklist);
    mem::swap(path_text, &mut to.path_text);
    mem::swap(focus_path, &mut to.focus_path);
    mem::swap(notices, &mut to.notices);
    mem::swap(notice_count, &mut to.notice_count);
    mem::swap(page_size, &mut to.page_size);
    mem::swap(choose_when_ready, &mut to.choose_when_ready);
    mem::swap(help_open, &mut to.help_open);
    mem::swap(tabs, &mut to.tabs);
    mem::swap(inbox, &mut to.inbox);
    mem::swap(drawer, &mut to.drawer);
    mem::swap(paper, &mut to.paper);
    mem::swap(reports, &mut to.reports);
    // What blind readers did is the window's; what was asked of the machine and all other tools are the recording's.
    mem::swap(&mut tools.blind.log, &mut to.tools.blind.log);
    desk.swap_window(&mut to.desk);
}
