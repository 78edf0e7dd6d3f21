//! One row of the worklist: what is known of a recording without having it open.

use super::urgency::{Urgency, UrgencyTable, Worst};
use crate::{
    analysis::{Analysis, Quality},
    app::tools::blind,
    recording::Recording,
    words::{Language, fill, window::Worklist},
};
use std::path::{Path, PathBuf};

/// How far people are with a recording.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadStatus {
    /// Nobody looked.
    #[default]
    Unread,
    /// It was on screen.
    Seen,
    /// Somebody began to review it.
    InReview,
    /// A reader confirmed it.
    Confirmed,
    /// It was changed after it was confirmed.
    Amended,
}

impl ReadStatus {
    /// All, in the order of a recording's life.
    pub const ALL: [Self; 5] = [Self::Unread, Self::Seen, Self::InReview, Self::Confirmed, Self::Amended];

    /// For people.
    pub fn label(self, words: &Worklist) -> &str {
        match self {
            Self::Unread => &words.unread,
            Self::Seen => &words.seen,
            Self::InReview => &words.in_review,
            Self::Confirmed => &words.confirmed,
            Self::Amended => &words.amended,
        }
    }
}

/// What a file's header tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// The patient's name.
    pub patient: Option<String>,
    /// The patient's identification.
    pub patient_id: Option<String>,
    /// Local start time.
    pub start: Option<chrono::NaiveDateTime>,
    /// Length in seconds.
    pub duration_s: f64,
    /// Number of ECG leads.
    pub leads: usize,
    /// The file declares itself simulated.
    pub simulated: bool,
}

impl Facts {
    /// The facts of an opened recording.
    pub fn of(recording: &Recording) -> Self {
        Self {
            patient: recording.patient.name.clone(),
            patient_id: recording.patient.id.clone().filter(|id| !id.trim().is_empty()),
            start: recording.start,
            duration_s: recording.duration_s(),
            leads: recording.leads.len(),
            simulated: recording.simulated,
        }
    }
}

/// How good the signal is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum QualityWord {
    /// Judged not acceptable as a whole, or no lead can be used.
    Poor,
    /// Some leads cannot be used.
    Fair {
        /// Leads that can be used.
        usable: usize,
        /// Leads there are.
        leads: usize,
    },
    /// Nothing against it.
    Good,
}

impl QualityWord {
    /// The word for a quality; `None` where there is no lead.
    pub fn of(quality: &Quality) -> Option<Self> {
        let leads = quality.leads.len();
        let usable = quality.leads.values().filter(|lead| lead.usable).count();
        Some(match (leads, usable) {
            (0, _) => return None,
            (_, 0) => Self::Poor,
            _ if quality.acceptable == Some(false) => Self::Poor,
            _ if usable < leads || !quality.suspected.is_empty() => Self::Fair { usable, leads },
            _ => Self::Good,
        })
    }

    /// For people.
    pub fn label(self, words: &Worklist) -> String {
        match self {
            Self::Poor => words.poor.clone(),
            Self::Fair { usable, leads } if usable == leads => words.check_leads.clone(),
            Self::Fair { usable, leads } => {
                fill(&words.some_leads, &[("usable", &usable.to_string()), ("leads", &leads.to_string())])
            }
            Self::Good => words.good.clone(),
        }
    }
}

/// What is kept of an analysis for the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The most urgent thing; `None`: nothing was answered.
    pub worst: Option<Worst>,
    /// Signal quality; `None`: there are no leads.
    pub quality: Option<QualityWord>,
}

impl Summary {
    /// The summary of an analysis.
    pub fn of(analysis: &Analysis) -> Self {
        Self { worst: Worst::of(analysis, UrgencyTable::standard()), quality: QualityWord::of(&analysis.quality) }
    }

    /// How urgent.
    pub fn urgency(&self) -> Option<Urgency> {
        self.worst.as_ref().map(|worst| worst.urgency)
    }
}

/// How far the machine is with a recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Work {
    /// Its turn has not come.
    #[default]
    Waiting,
    /// Being analysed.
    Running,
    /// Analysed.
    Done(Summary),
    /// It could not be opened or analysed; the reason.
    Failed(String),
}

/// A recording of the worklist.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The file.
    pub path: PathBuf,
    /// How far people are.
    pub status: ReadStatus,
    /// What its header tells; `None`: not read yet.
    pub facts: Option<Facts>,
    /// How far the machine is.
    pub work: Work,
    /// It appeared in a watched folder after the list was made.
    pub appeared: bool,
    /// How often its analysis had to give way to what the reader waited for.
    pub gave_way: u8,
    /// The machine is hidden until it is asked about this recording.
    hidden: bool,
    /// Everything that can be searched, in lower case.
    words: String,
}

impl Row {
    /// A file of which nothing is known yet.
    pub fn new(path: PathBuf) -> Self {
        let mut row = Self {
            path,
            status: ReadStatus::default(),
            facts: None,
            work: Work::default(),
            appeared: false,
            gave_way: 0,
            hidden: false,
            words: String::new(),
        };
        row.index();
        row
    }

    /// The file's name.
    pub fn file_name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    /// The patient as far as the file tells: name, else identification.
    pub fn patient(&self) -> Option<&str> {
        let facts = self.facts.as_ref()?;
        // A simulated recording has nobody's identification.
        let id = facts.patient_id.as_deref().filter(|_| !facts.simulated);
        facts.patient.as_deref().or(id).filter(|text| !text.trim().is_empty())
    }

    /// The summary, where there is one.
    pub fn summary(&self) -> Option<&Summary> {
        match &self.work {
            Work::Done(summary) => Some(summary),
            _ => None,
        }
    }

    /// Sets what the header tells.
    pub fn set_facts(&mut self, facts: Facts) {
        self.facts = Some(facts);
        self.index();
    }

    /// Sets how far the machine is.
    pub fn set_work(&mut self, work: Work) {
        self.work = work;
        self.index();
    }

    /// Sets how far people are.
    pub fn set_status(&mut self, status: ReadStatus) {
        self.status = status;
        self.index();
    }

    /// Hides what the machine says of it, or shows it.
    pub fn set_hidden(&mut self, hidden: bool) {
        if self.hidden != hidden {
            self.hidden = hidden;
            self.index();
        }
    }

    /// What the machine says of it is hidden: it is neither shown nor found nor sorted by. Who stood for a review has seen it.
    pub fn is_hidden(&self) -> bool {
        self.hidden && !blind::is_settled(self.status)
    }

    /// Whether all these words, in lower case, are somewhere in the row.
    pub fn has(&self, words: &[String]) -> bool {
        words.iter().all(|word| self.words.contains(word.as_str()))
    }

    fn index(&mut self) {
        let mut words = vec![self.path.to_string_lossy().into_owned()];
        if let Some(facts) = &self.facts {
            words.extend(facts.patient.clone());
            words.extend(facts.patient_id.clone());
            words.extend(facts.start.map(|start| start.format("%Y-%m-%d %H:%M").to_string()));
        }
        if let Work::Failed(reason) = &self.work {
            words.push(reason.clone());
        }
        // Rows are found by the words of every language: they stay when the reader changes it.
        for language in Language::ALL {
            self.say(language, &mut words);
        }
        self.words = words.join("\n").to_lowercase();
    }

    /// What stands in the row in that language.
    fn say(&self, language: Language, out: &mut Vec<String>) {
        let all = language.words();
        let words = &all.window.worklist;
        out.push(self.status.label(words).to_owned());
        match &self.work {
            Work::Done(summary) => {
                if let Some(worst) = summary.worst.as_ref().filter(|_| !self.is_hidden()) {
                    out.extend([worst.label.clone(), worst.name(all), worst.urgency.label(words).to_owned()]);
                }
                out.extend(summary.quality.map(|quality| quality.label(words)));
            }
            Work::Failed(_) => out.push(words.error_word.clone()),
            Work::Waiting | Work::Running => {}
        }
    }
}

/// The folder all paths lie in, which need not be repeated in each row.
pub fn common_folder<'a>(mut paths: impl Iterator<Item = &'a Path>) -> PathBuf {
    let Some(mut folder) = paths.next().and_then(Path::parent) else { return PathBuf::new() };
    for path in paths {
        while !path.starts_with(folder) {
            let Some(parent) = folder.parent() else { return PathBuf::new() };
            folder = parent;
        }
    }
    folder.to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_folder_is_not_repeated() {
        let common = |paths: &[&str]| common_folder(paths.iter().map(Path::new));
        assert_eq!(common(&["/a/b/1.hea", "/a/b/c/2.hea"]), Path::new("/a/b"));
        assert_eq!(common(&["/a/b/c/2.hea", "/a/b/1.hea", "/a/d/3.hea"]), Path::new("/a"));
        assert_eq!(common(&[]), Path::new(""));
    }

    #[test]
    fn a_row_is_found_by_what_it_shows() {
        let mut row = Row::new("/ecg/one.hea".into());
        let has = |row: &Row, words: &[&str]| row.has(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert!(has(&row, &["one", "unread"]) && !has(&row, &["doe"]));
        row.set_facts(Facts { patient: Some("Doe, Jane".into()), patient_id: Some("P-7".into()), ..Facts::default() });
        row.set_work(Work::Failed("the signal file is absent".into()));
        row.set_status(ReadStatus::Seen);
        assert!(has(&row, &["doe", "p-7", "error", "absent", "seen"]) && !has(&row, &["unread"]));
        assert_eq!(row.patient(), Some("Doe, Jane"));
        row.set_facts(Facts { patient_id: Some("P-7".into()), ..Facts::default() });
        assert_eq!(row.patient(), Some("P-7"));
        row.set_facts(Facts { patient_id: Some("SIMULATED".into()), simulated: true, ..Facts::default() });
        assert_eq!(row.patient(), None, "the file is named alone");
    }
}
