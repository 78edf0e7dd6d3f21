//! The domain: what an ECG recording is. No input or output happens here.

mod annotation;
mod caliper;
mod lead;
mod patient;
mod repair;
mod signal;
mod time;

pub use annotation::{Annotation, AnnotationSet, BeatLabel, LabelMap, Mnemonic};
pub use caliper::{Caliper, CaliperKind, CaliperPoint};
pub use lead::{LeadName, StandardLead};
pub use patient::{Patient, Sex};
pub use repair::Repair;
pub use signal::{Data, INVALID_SAMPLE, MemorySource, SampleError, SampleSource, Scale, Signal, Term};
pub use time::{Gap, Rate, SampleIndex, SampleRange};

use std::{path::PathBuf, sync::Arc};

/// The container a recording came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// WFDB: a header (`.hea`) and its signal files.
    Wfdb,
    /// Plain EDF.
    Edf,
    /// EDF+ (continuous or with gaps).
    EdfPlus,
    /// BioSemi's 24-bit variant.
    Bdf,
    /// BDF with EDF+ annotations.
    BdfPlus,
}

impl FileFormat {
    /// Lower-case name as printed by the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wfdb => "wfdb",
            Self::Edf => "edf",
            Self::EdfPlus => "edf+",
            Self::Bdf => "bdf",
            Self::BdfPlus => "bdf+",
        }
    }
}

/// One opened recording. Signals are read lazily through their [`SampleSource`]; opening costs the header.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The file the user named (for WFDB: the header).
    pub path: PathBuf,
    /// Record name without folder and extension.
    pub name: String,
    /// Container.
    pub format: FileFormat,
    /// Local start time, when the file tells one.
    pub start: Option<chrono::NaiveDateTime>,
    /// Rate of the fastest ECG lead; every [`SampleIndex`] of beats, gaps and annotations counts at this rate.
    pub rate: Rate,
    /// Length in samples at `rate`, gaps included.
    pub length: u64,
    /// ECG leads: the standard twelve in their usual order, a modified lead (MLII) after the one it approximates, then other ECG channels in
    /// file order.
    pub leads: Vec<Arc<Signal>>,
    /// Channels that are no ECG (respiration, pressure, ...), in file order.
    pub other_signals: Vec<Arc<Signal>>,
    /// Stretches in which no lead has a sample (EDF+D, null segments), ascending, not overlapping.
    pub gaps: Vec<Gap>,
    /// Whose recording.
    pub patient: Patient,
    /// Annotation files or annotation signals found with it.
    pub annotations: Vec<AnnotationSet>,
    /// What was wrong in the file and what was assumed.
    pub repairs: Vec<Repair>,
    /// Free comment lines of the header.
    pub comments: Vec<String>,
    /// The file declares itself simulated; shown wherever the recording is shown.
    pub simulated: bool,
}

impl Recording {
    /// Duration in seconds, for display.
    pub fn duration_s(&self) -> f64 {
        self.length as f64 / self.rate.hz()
    }

    /// The lead of that name.
    pub fn lead(&self, name: &LeadName) -> Option<&Arc<Signal>> {
        self.leads.iter().find(|s| &s.lead == name)
    }

    /// The whole recording as a range at [`Recording::rate`].
    pub fn full_range(&self) -> SampleRange {
        SampleRange { start: SampleIndex(0), end: SampleIndex(self.length) }
    }
}
