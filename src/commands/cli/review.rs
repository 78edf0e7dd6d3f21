//! The arguments of `review`.

use super::ExportTo;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `review`.
#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ReviewCommand,

    /// Folder that reviews are kept in; default: the one named by EFFICIENTECG_REVIEWS, else the system's place for application data.
    #[arg(long, value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,
}

/// The commands of `review`.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// List the reviews: recording, reviewer, state.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show reviews of a recording.
    Show(ShowArgs),
    /// Write reviewed labels as WFDB, EDF+, CSV or JSON, or as a folder to train on.
    Export(ReviewExportArgs),
    /// Take another annotator's labels in as a further reader.
    Import(ImportArgs),
    /// Prove that the audit trail is whole.
    Verify {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a verified copy of all reviews.
    Backup {
        /// File to write; must not exist.
        #[arg(value_name = "FILE")]
        to: PathBuf,
    },
    /// Bring a backup back. What was there is kept beside it.
    Restore {
        /// The backup.
        #[arg(value_name = "FILE")]
        from: PathBuf,
    },
}

/// `review show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// A recording's file, its record name, or the beginning of its identity as `review list` prints it.
    #[arg(value_name = "RECORDING")]
    pub recording: String,

    /// Only this reviewer's (name, initials or identity).
    #[arg(long, value_name = "WHO")]
    pub reviewer: Option<String>,

    /// Print JSON, the review as `review export --to json` writes it.
    #[arg(long)]
    pub json: bool,

    /// Every entry of the audit trail too.
    #[arg(long)]
    pub trail: bool,
}

/// `review export`.
#[derive(Debug, Args)]
pub struct ReviewExportArgs {
    /// Recordings and folders (folders are searched for recordings).
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// What to write.
    #[arg(long, value_enum, value_name = "FORMAT", required_unless_present = "training")]
    pub to: Option<ExportTo>,

    /// Write a folder that `models/training` reads: WFDB records with reviewed beats, and `labels.csv`. Confirmed reviews only.
    #[arg(long, conflicts_with = "to")]
    pub training: bool,

    /// Whose review (name, initials or identity); needed where a recording has several.
    #[arg(long, value_name = "WHO")]
    pub reviewer: Option<String>,

    /// Annotator of the WFDB annotation file.
    #[arg(long, value_name = "NAME", default_value = "review")]
    pub annotator: String,

    /// With --training: unconfirmed reviews too.
    #[arg(long, requires = "training")]
    pub unconfirmed: bool,

    /// Folder to write to; made if absent.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// Overwrite existing files (never those that are read).
    #[arg(long)]
    pub force: bool,
}

/// `review import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The recording.
    #[arg(value_name = "RECORDING")]
    pub recording: PathBuf,

    /// Annotator to take (`atr` ...; `edf` for EDF+ annotations); not needed with a CSV table or where there is only one.
    #[arg(long, value_name = "NAME")]
    pub annotator: Option<String>,

    /// Take the labels from this file, not from the recording: a CSV table, a WFDB annotation file with its header beside it, or an EDF+ file.
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,

    /// Name of the reader; default: the annotator's.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}
