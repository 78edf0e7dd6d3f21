//! What can go wrong with a store, in words for the reader.

use super::super::Version;
use std::path::PathBuf;

/// Why the store did not do something. Nothing was kept then: what was acknowledged before is untouched.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the review meanwhile.
    #[error(
        "the review was changed elsewhere (another window or machine): this edit was made on version {}, it is at version {} now. Nothing was changed; the review is read again and the edit can be repeated",
        .on.0, .now.0
    )]
    Conflict {
        /// The version that the edit was made on.
        on: Version,
        /// The version there is.
        now: Version,
    },
    /// A newer program wrote the database.
    #[error("{}: the database was written by a newer version of this program (its schema is {found}, this version knows up to {known}); update the program. Nothing was changed", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest one known.
        known: i64,
    },
    /// Not our database.
    #[error("{}: this is no database of reviews ({reason}); move the file away or choose another data folder", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it seems to be.
        reason: String,
    },
    /// No room left.
    #[error("{}: the disk is full; the last edit was not kept, everything before it was. Make room and repeat the edit", .path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// It may not be written.
    #[error("{}: may not be written to ({reason}); give yourself the right to write there or choose another data folder", .path.display())]
    ReadOnly {
        /// File or folder.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// Another program holds it.
    #[error("{}: another program is holding the database for longer than {seconds} s; the edit was not kept. Close the other program or try again", .path.display())]
    Busy {
        /// The file.
        path: PathBuf,
        /// How long was waited.
        seconds: u64,
    },
    /// What is stored does not fit together.
    #[error("{}: the stored reviews are damaged ({problem}); bring back a backup with `efficientecg review restore`", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        problem: String,
    },
    /// The audit trail does not verify.
    #[error(
        "the audit trail is broken at entry {entry}: {problem}. Somebody or something changed what was recorded; compare with a backup"
    )]
    Broken {
        /// Number of the entry.
        entry: u64,
        /// What does not fit.
        problem: String,
    },
    /// It names something the store does not hold.
    #[error("the store has no {0}")]
    Missing(String),
    /// A reviewer who is there already.
    #[error("the reviewer {0} is there already")]
    Exists(String),
    /// Anything else the database says.
    #[error("{}: {reason}", .path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// Its words.
        reason: String,
    },
}
