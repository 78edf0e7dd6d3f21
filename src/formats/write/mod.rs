//! Recordings to files: WFDB (format 16) and EDF+.
//!
//! Files appear whole or not at all, and an existing file is replaced only when the caller says so.

mod atomic;
mod edf;
#[cfg(test)]
mod tests;
mod wfdb;

pub use edf::edf_plus;
pub use wfdb::wfdb;

use crate::recording::{Annotation, Patient, Rate, Scale};
use chrono::NaiveDateTime;
use std::path::PathBuf;

/// A recording to be written. All leads have the same rate and number of samples.
#[derive(Debug, Clone)]
pub struct NewRecording {
    /// Record name: letters, digits, `_` and `-`.
    pub name: String,
    /// Rate of every lead and of the annotations' sample indices.
    pub rate: Rate,
    /// Local start time.
    pub start: Option<NaiveDateTime>,
    /// Whose recording.
    pub patient: Patient,
    /// The leads in file order.
    pub leads: Vec<NewLead>,
    /// Annotations in time order.
    pub annotations: Vec<Annotation>,
    /// Header comments (WFDB only: EDF+ has no place for them).
    pub comments: Vec<String>,
    /// Marks the files as simulated, in a way the readers recognise: a comment line `# SIMULATED` in WFDB, `SIMULATED` in the
    /// recording field of EDF+.
    pub simulated: bool,
}

/// One lead to be written.
#[derive(Debug, Clone)]
pub struct NewLead {
    /// Name, e.g. `aVR` (EDF+ gets `ECG aVR`).
    pub name: String,
    /// Scale of the samples. `millivolts_per_unit` plays no part.
    pub scale: Scale,
    /// Digital samples; `i16::MIN` is WFDB's code for "no valid sample" and cannot be written to EDF+.
    pub samples: Vec<i16>,
}

/// What to do where the file exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Refuse.
    Keep,
    /// Replace it.
    Replace,
}

/// Why a recording could not be written. Nothing was written, or the files of an earlier step remain as they were.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The file is there and may not be replaced.
    #[error("{}: the file exists already; choose another name or allow it to be replaced", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}: cannot be written ({reason})", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// The recording has something the format has no place for.
    #[error("{}: {field} cannot be written: {problem}", .path.display())]
    Unsuitable {
        /// The file.
        path: PathBuf,
        /// The field.
        field: String,
        /// Why, and what would do.
        problem: String,
    },
}

/// What every format needs of a recording.
fn check(recording: &NewRecording, path: &std::path::Path) -> Result<u64, WriteError> {
    let unsuitable =
        |field: &str, problem: &str| WriteError::Unsuitable { path: path.into(), field: field.into(), problem: problem.into() };
    let name_fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if recording.name.is_empty() || !recording.name.chars().all(name_fits) {
        return Err(unsuitable("record name", "only letters, digits, `_` and `-` are allowed"));
    }
    let length = recording.leads.first().map_or(0, |lead| lead.samples.len());
    if length == 0 {
        return Err(unsuitable("leads", "a recording needs at least one lead with samples"));
    }
    for lead in &recording.leads {
        if lead.samples.len() != length {
            return Err(unsuitable(&format!("lead {}", lead.name), "all leads must have the same number of samples"));
        }
        let scale = &lead.scale;
        if !scale.gain.is_finite() || scale.gain == 0.0 || !scale.baseline.is_finite() {
            return Err(unsuitable(&format!("lead {}", lead.name), "gain and baseline must be finite and the gain not 0"));
        }
        if lead.name.trim().is_empty() || lead.name.chars().chain(scale.unit.chars()).any(char::is_control) {
            return Err(unsuitable(&format!("lead {}", lead.name.escape_debug()), "a name without control characters is needed"));
        }
    }
    Ok(length as u64)
}
