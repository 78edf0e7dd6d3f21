//! The arguments of the commands that write recordings and labels.

use super::EngineArgs;
use crate::formats::write::WfdbFormat;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Recordings and folders (folders are searched for recordings).
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// What to write: the recordings with their labels (wfdb, edf) or the labels alone (csv, json).
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub to: ExportTo,

    /// Whose labels: an annotator's of the recording, else the machine's under this name [default: eecg].
    #[arg(long, value_name = "NAME")]
    pub annotator: Option<String>,

    /// Folder to write to; made if absent.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// Overwrite existing files (never those that are read).
    #[arg(long)]
    pub force: bool,

    /// Engine, provider and models.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// `export --to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportTo {
    /// WFDB record with annotation files.
    Wfdb,
    /// EDF+, or BDF+ where samples need it.
    Edf,
    /// A table of beats and one of findings.
    Csv,
    /// What `analyze --json` prints.
    Json,
}

/// `convert`.
#[derive(Debug, Args)]
pub struct ConvertArgs {
    /// Recordings and folders (folders are searched for recordings).
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Format to write.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub to: RecordingFormat,

    /// Folder to write to; made if absent.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// How WFDB stores the samples; default: the smallest of 16, 24 and 32 bits that holds them.
    #[arg(long, value_enum, value_name = "NUMBER")]
    pub format: Option<SignalFormat>,

    /// Name of the record written (one recording only); default: its own.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Overwrite existing files (never those that are read).
    #[arg(long)]
    pub force: bool,
}

/// `convert --to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RecordingFormat {
    /// WFDB.
    Wfdb,
    /// EDF+, or BDF+ where samples need it.
    Edf,
}

/// `convert --format`: WFDB's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SignalFormat {
    /// 16 bits.
    #[value(name = "16")]
    Bits16,
    /// 24 bits.
    #[value(name = "24")]
    Bits24,
    /// 32 bits.
    #[value(name = "32")]
    Bits32,
    /// 12 bits (MIT-BIH).
    #[value(name = "212")]
    Packed212,
    /// 16 bits, compressed with FLAC.
    #[value(name = "516")]
    Flac516,
    /// 24 bits, compressed with FLAC.
    #[value(name = "524")]
    Flac524,
}

impl From<SignalFormat> for WfdbFormat {
    fn from(format: SignalFormat) -> Self {
        match format {
            SignalFormat::Bits16 => Self::Bits16,
            SignalFormat::Bits24 => Self::Bits24,
            SignalFormat::Bits32 => Self::Bits32,
            SignalFormat::Packed212 => Self::Packed212,
            SignalFormat::Flac516 => Self::Flac516,
            SignalFormat::Flac524 => Self::Flac524,
        }
    }
}
