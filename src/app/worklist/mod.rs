//! The recordings to go through: rows, order, filter, and what the machine does with them while nobody waits for it.

pub mod order;
pub mod row;
pub mod screening;
pub mod urgency;
pub mod watch;

pub use order::{Column, Sort};
pub use row::{Facts, QualityWord, ReadStatus, Row, Summary, Work};

use super::{opening::open_entry, state::State, update::Effect};
use crate::{
    analysis::{Analysis, Progress},
    recording::Recording,
};
use screening::Screening;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What can happen to the list.
#[derive(Debug, Clone, PartialEq)]
pub enum ListMessage {
    /// The filter was edited.
    Filter(String),
    /// Put the keyboard into the filter.
    FocusFilter,
    /// A column's heading was pressed.
    Sort(Column),
    /// The pointer came over the rows or left them: rows do not move under it.
    Hold(bool),
    /// Open the next recording nobody looked at.
    NextUnread,
    /// Say how far people are with a row.
    Mark(usize, ReadStatus),
    /// Stop or resume analysing the list.
    ToggleScreening,
    /// Look at a row again that could not be opened or analysed.
    Retry(usize),
    /// Show or hide the list.
    TogglePanel,
}

/// Files to go through.
#[derive(Debug, Default)]
pub struct Worklist {
    rows: Vec<Row>,
    places: HashMap<PathBuf, usize>,
    /// The row that is open or being opened, or was before it was closed or failed.
    pub current: Option<usize>,
    /// Number of the list; answers about an older one are dropped.
    pub generation: u64,
    /// Counts searches of folders; answers to older ones are dropped.
    pub listings: u64,
    /// A folder is being searched.
    pub listing: Option<Arc<Progress>>,
    /// Words a row has to hold to be shown.
    pub filter: String,
    /// The filter wants the keyboard.
    pub focus_filter: bool,
    /// By what the rows are sorted.
    pub sort: Sort,
    /// The panel is hidden though there is a list.
    pub hidden: bool,
    /// The list's analysis in the background.
    pub screening: Screening,
    /// Folders that are watched for new recordings.
    pub folders: Vec<PathBuf>,
    /// Stops the watch.
    pub watching: Option<Arc<Progress>>,
    /// Rows of earlier lists of this session.
    known: HashMap<PathBuf, Row>,
    /// How far reviews are, by absolute path: of recordings that are not in the list too.
    reviews: HashMap<PathBuf, ReadStatus>,
    common: PathBuf,
    shown: Vec<usize>,
    held: bool,
    stale: bool,
    veiled: (bool, usize, u64, usize),
}

impl Worklist {
    /// All rows, in the order they were listed.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Places of the rows that are shown, in their order.
    pub fn shown(&self) -> &[usize] {
        &self.shown
    }

    /// The folder all files lie in.
    pub fn common_folder(&self) -> &Path {
        &self.common
    }

    /// The file of a row.
    pub fn path(&self, index: usize) -> Option<&Path> {
        self.rows.get(index).map(|row| row.path.as_path())
    }

    /// The row of a file.
    pub fn place(&self, path: &Path) -> Option<usize> {
        self.places.get(path).copied()
    }

    /// Whether it is worth its room: two files, or a folder in which more may appear.
    pub fn is_list(&self) -> bool {
        self.rows.len() > 1 || !self.folders.is_empty()
    }

    /// Rows nobody looked at.
    pub fn unread(&self) -> usize {
        self.rows.iter().filter(|row| row.status == ReadStatus::Unread).count()
    }

    /// Rows the machine is done with.
    pub fn finished_rows(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.work, Work::Done(_) | Work::Failed(_))).count()
    }

    /// The pointer is over the rows.
    pub fn is_held(&self) -> bool {
        self.held
    }

    /// Begins a new list. What this session knows of its files is taken over.
    pub fn replace(&mut self, files: Vec<PathBuf>, folders: Vec<PathBuf>) {
        self.stop();
        self.generation += 1;
        let old = std::mem::take(&mut self.rows);
        self.known.extend(old.into_iter().map(|row| (row.path.clone(), row)));
        self.places.clear();
        self.filter.clear();
        self.folders = folders;
        self.screening = Screening::default();
        self.append(files, false);
        self.current = (!self.rows.is_empty()).then_some(0);
        self.resort();
    }

    /// Adds files that are not yet in the list; how many were new.
    pub fn append(&mut self, files: Vec<PathBuf>, appeared: bool) -> usize {
        let before = self.rows.len();
        for path in files {
            if self.places.contains_key(&path) {
                continue;
            }
            let mut row = self.known.remove(&path).unwrap_or_else(|| Row::new(path.clone()));
            // An earlier failure may have been mended meanwhile.
            if matches!(row.work, Work::Failed(_) | Work::Running) {
                row.set_work(Work::Waiting);
            }
            row.appeared = appeared;
            if let Some(status) = self.reviews.get(&absolute(&path)) {
                row.set_status(*status);
            }
            self.places.insert(path, self.rows.len());
            self.rows.push(row);
        }
        if self.rows.len() > before {
            self.common = row::common_folder(self.rows.iter().map(|row| row.path.as_path()));
            self.screening.look_again();
            self.stale = true;
        }
        self.rows.len() - before
    }

    /// Changes a row; rows move to their new places when the pointer is not over them.
    pub fn change(&mut self, index: usize, change: impl FnOnce(&mut Row)) {
        let Some(row) = self.rows.get_mut(index) else { return };
        change(row);
        if self.sort.column != Column::Name || !self.filter.trim().is_empty() {
            self.stale = true;
        }
    }

    /// Takes up how far reviews are; what is later in the list holds.
    pub fn know(&mut self, reviews: impl IntoIterator<Item = (PathBuf, ReadStatus)>) {
        let mut places: HashMap<PathBuf, usize> = HashMap::new();
        for (index, row) in self.rows.iter().enumerate() {
            places.entry(absolute(&row.path)).or_insert(index);
        }
        for (path, status) in reviews {
            let path = absolute(&path);
            if let Some(index) = places.get(&path).copied()
                && self.rows[index].status != status
            {
                self.change(index, |row| row.set_status(status));
            }
            self.reviews.insert(path, status);
        }
    }

    /// Says how far people are with a file; looking at a recording never takes back what was done with it.
    pub fn mark(&mut self, path: &Path, status: ReadStatus) {
        let Some(index) = self.place(path) else { return };
        if status != ReadStatus::Seen || self.rows[index].status == ReadStatus::Unread {
            self.change(index, |row| row.set_status(status));
        }
    }

    /// The shown row so many further down than the current one (negative: up).
    pub fn step(&self, by: isize) -> Option<usize> {
        let current = self.current?;
        let next = match self.shown.iter().position(|index| *index == current) {
            Some(place) => place.checked_add_signed(by)?,
            // The current row is filtered away: the first that is shown, whichever way.
            None => 0,
        };
        self.shown.get(next).copied()
    }

    /// The next shown row after the current one for which `wanted` holds, from the top again after the last.
    fn next_where(&self, wanted: impl Fn(&Row) -> bool) -> Option<usize> {
        let current = self.current.and_then(|current| self.shown.iter().position(|index| *index == current));
        let after = current.map_or(0, |place| place + 1);
        let (before, after) = self.shown.split_at(after.min(self.shown.len()));
        after.iter().chain(before).copied().find(|index| self.rows.get(*index).is_some_and(&wanted))
    }

    /// The next recording nobody looked at.
    pub fn next_unread(&self) -> Option<usize> {
        self.next_where(|row| row.status == ReadStatus::Unread && !matches!(row.work, Work::Failed(_)))
    }

    /// Stops what runs for the list.
    pub fn stop(&mut self) {
        self.screening.cancel();
        if let Some(watching) = self.watching.take() {
            watching.cancel();
        }
    }

    /// Takes up why a file could not be opened.
    pub(super) fn on_failure(&mut self, path: &Path, reason: &str) {
        if let Some(index) = self.place(path) {
            self.change(index, |row| row.set_work(Work::Failed(reason.to_owned())));
        }
    }

    /// Takes up an analysis that was made for the reader.
    pub(super) fn on_analysed(&mut self, path: &Path, analysis: &Analysis) {
        if let Some(index) = self.place(path) {
            self.change(index, |row| row.set_work(Work::Done(Summary::of(analysis))));
        }
    }

    fn resort(&mut self) {
        self.stale = false;
        self.shown = order::order(&self.rows, &self.filter, self.sort);
    }

    /// Puts rows into their places, unless the pointer is over them.
    fn settle(&mut self) {
        // Rows that the list lacks altogether are shown at once.
        if self.stale && (!self.held || (self.filter.trim().is_empty() && self.shown.len() != self.rows.len())) {
            self.resort();
        }
    }

    /// Takes up what an opened recording's header tells, and that it was looked at.
    pub(super) fn on_opened(&mut self, path: &Path, recording: &Recording) {
        if let Some(index) = self.place(path) {
            // A WFDB record can be named by any of its files; it calls itself by its header.
            self.places.entry(recording.path.clone()).or_insert(index);
            self.change(index, |row| {
                row.set_facts(Facts::of(recording));
                if matches!(row.work, Work::Failed(_)) {
                    row.set_work(Work::Waiting);
                }
            });
            self.mark(path, ReadStatus::Seen);
        }
    }
}

/// Applies a message.
pub fn update(state: &mut State, message: ListMessage) -> Vec<Effect> {
    let list = &mut state.worklist;
    match message {
        ListMessage::Filter(text) => {
            list.filter = text;
            list.resort();
        }
        ListMessage::FocusFilter => {
            list.hidden = false;
            list.focus_filter = true;
        }
        ListMessage::Sort(column) => {
            list.sort = list.sort.pressed(column);
            list.resort();
        }
        ListMessage::Hold(held) => list.held = held,
        ListMessage::NextUnread => {
            if let Some(index) = list.next_unread() {
                return open_entry(state, index);
            }
        }
        ListMessage::Mark(index, status) => list.change(index, |row| row.set_status(status)),
        ListMessage::ToggleScreening => list.screening.toggle(),
        ListMessage::Retry(index) => {
            list.change(index, |row| row.set_work(Work::Waiting));
            list.screening.look_again();
            if list.current == Some(index) && state.not_opened.is_some() {
                return open_entry(state, index);
            }
        }
        ListMessage::TogglePanel => list.hidden = !list.hidden,
    }
    Vec::new()
}

/// What is to be done for the list now that something happened: rows into their places, the next background job.
pub fn pump(state: &mut State) -> Vec<Effect> {
    veil(state);
    state.worklist.settle();
    let mut effects: Vec<Effect> = screening::next(state).into_iter().collect();
    effects.extend(watch::begin(state));
    effects
}

/// Hides what the machine says of recordings that are read blind. Rows are gone through only when something about that changed.
fn veil(state: &mut State) {
    let list = &state.worklist;
    let now = (state.paper.settings.blind_first, state.tools.blind.log.len(), list.generation, list.rows.len());
    if list.veiled == now {
        return;
    }
    let hidden: Vec<bool> = list.rows.iter().map(|row| now.0 && !state.was_asked(&row.path)).collect();
    let list = &mut state.worklist;
    list.rows.iter_mut().zip(hidden).for_each(|(row, hidden)| row.set_hidden(hidden));
    (list.veiled, list.stale) = (now, true);
}

/// A path as reviews are known by.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Worklist {
        let mut list = Worklist::default();
        list.replace(names.iter().map(PathBuf::from).collect(), Vec::new());
        list
    }

    #[test]
    fn stepping_follows_what_is_shown() {
        let mut list = list(&["/a", "/b", "/c"]);
        assert_eq!((list.step(1), list.step(-1), list.step(9)), (Some(1), None, None));
        list.sort = Sort { column: Column::Name, reversed: true };
        list.resort();
        assert_eq!((list.step(1), list.step(-1)), (None, Some(1)));
        list.filter = "b".into();
        list.resort();
        assert_eq!(list.step(1), Some(1), "the current row is not shown");
    }

    #[test]
    fn the_next_unread_comes_round_and_skips_what_cannot_be_opened() {
        let mut list = list(&["/a", "/b", "/c", "/d"]);
        list.current = Some(2);
        list.change(3, |row| row.set_work(Work::Failed("broken".into())));
        assert_eq!(list.next_unread(), Some(0));
        list.mark(Path::new("/a"), ReadStatus::Seen);
        assert_eq!(list.next_unread(), Some(1));
        list.mark(Path::new("/b"), ReadStatus::Confirmed);
        list.mark(Path::new("/b"), ReadStatus::Seen);
        assert_eq!(list.rows()[1].status, ReadStatus::Confirmed, "looking again takes nothing back");
        list.mark(Path::new("/c"), ReadStatus::Seen);
        assert_eq!(list.next_unread(), None);
    }

    #[test]
    fn rows_do_not_move_under_the_pointer() {
        let mut list = list(&["/a", "/b"]);
        list.sort = Sort { column: Column::Status, reversed: false };
        list.resort();
        list.held = true;
        list.mark(Path::new("/a"), ReadStatus::Seen);
        list.settle();
        assert_eq!(list.shown(), [0, 1]);
        assert_eq!(list.append(vec!["/c".into(), "/a".into()], true), 1, "each file once");
        list.settle();
        assert_eq!(list.shown(), [1, 2, 0], "what appeared is shown all the same");
        list.held = false;
        list.settle();
        assert_eq!(list.shown(), [1, 2, 0]);
    }

    #[test]
    fn a_session_keeps_what_it_knows() {
        let mut list = list(&["/a", "/b"]);
        list.mark(Path::new("/b"), ReadStatus::Seen);
        list.replace(vec!["/c".into()], Vec::new());
        list.replace(vec!["/b".into(), "/a".into()], Vec::new());
        assert_eq!(list.rows()[0].status, ReadStatus::Seen);
        assert_eq!(list.rows()[1].status, ReadStatus::Unread);
    }
}
