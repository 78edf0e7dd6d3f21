//! The arguments of `report`.

use super::EngineArgs;
use crate::{
    report::{Paper, PaperGain, PaperSpeed, Section},
    signal::filter::FilterSettings,
};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Recordings and folders (folders are searched for recordings).
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Folder to write to; made if absent.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// Files to write, several with commas between.
    #[arg(long, value_enum, value_name = "FORMAT", value_delimiter = ',', default_value = "pdf")]
    pub format: Vec<ReportFormat>,

    /// Which lead stands where: 3x4+1, 12x1, 6x2 ... or the id of an own layout; a wrong one lists them all.
    #[arg(long, value_name = "ID", default_value = "3x4+1")]
    pub layout: String,

    /// Lead for a layout that shows one lead.
    #[arg(long, value_name = "NAME")]
    pub lead: Option<String>,

    /// Sheet.
    #[arg(long, value_enum, default_value_t = PaperArg::A4)]
    pub paper: PaperArg,

    /// Speed of the paper, mm/s.
    #[arg(long, value_enum, value_name = "MM/S", default_value_t = SpeedArg::Mm25)]
    pub speed: SpeedArg,

    /// Amplitude scale, mm/mV.
    #[arg(long, value_enum, value_name = "MM/MV", default_value_t = GainArg::Mm10)]
    pub gain: GainArg,

    /// Filters that the traces are printed through.
    #[arg(long, value_enum, default_value_t = FilterArg::Diagnostic)]
    pub filter: FilterArg,

    /// Where the first page begins (seconds, `m:s` or `h:m:s` from the recording's start).
    #[arg(long, value_name = "TIME", value_parser = super::time, default_value = "0")]
    pub from: f64,

    /// Further pages, several with commas between; `all` for those that a recording has something for.
    #[arg(long, value_enum, value_name = "SECTION", value_delimiter = ',')]
    pub sections: Vec<SectionArg>,

    /// Codes of the findings whose evidence is printed (e.g. `MI,A`); default: those that the model calls present.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub evidence: Vec<String>,

    /// File with the institution's name, logo and texts (TOML, see the guide).
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,

    /// Folder that reviews are kept in; default: the one named by EFFICIENTECG_REVIEWS, else the system's place for application data.
    #[arg(long, value_name = "DIR")]
    pub reviews: Option<PathBuf>,

    /// Whose review is printed (name or initials); needed only where several people have reviewed a recording.
    #[arg(long, value_name = "NAME")]
    pub reader: Option<String>,

    /// Language of the report: en, de.
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub language: String,

    /// Pixels an inch of PNG files.
    #[arg(long, value_name = "N", default_value_t = 150, value_parser = clap::value_parser!(u16).range(30..=1200))]
    pub dpi: u16,

    /// Overwrite existing files (never those that are read).
    #[arg(long)]
    pub force: bool,

    /// Engine, provider and models.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// `report --format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum ReportFormat {
    /// PDF/A.
    Pdf,
    /// A picture of each page.
    Png,
    /// A drawing of each page.
    Svg,
    /// What the report says.
    Json,
}

/// `report --paper`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PaperArg {
    /// 297 by 210 mm.
    A4,
    /// 11 by 8.5 inches.
    Letter,
}

impl From<PaperArg> for Paper {
    fn from(paper: PaperArg) -> Self {
        match paper {
            PaperArg::A4 => Self::A4,
            PaperArg::Letter => Self::Letter,
        }
    }
}

/// `report --speed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SpeedArg {
    /// 25 mm/s.
    #[value(name = "25")]
    Mm25,
    /// 50 mm/s.
    #[value(name = "50")]
    Mm50,
}

impl From<SpeedArg> for PaperSpeed {
    fn from(speed: SpeedArg) -> Self {
        match speed {
            SpeedArg::Mm25 => Self::Mm25,
            SpeedArg::Mm50 => Self::Mm50,
        }
    }
}

/// `report --gain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GainArg {
    /// 5 mm/mV.
    #[value(name = "5")]
    Mm5,
    /// 10 mm/mV.
    #[value(name = "10")]
    Mm10,
    /// 20 mm/mV.
    #[value(name = "20")]
    Mm20,
}

impl From<GainArg> for PaperGain {
    fn from(gain: GainArg) -> Self {
        match gain {
            GainArg::Mm5 => Self::Mm5,
            GainArg::Mm10 => Self::Mm10,
            GainArg::Mm20 => Self::Mm20,
        }
    }
}

/// `report --filter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FilterArg {
    /// As recorded.
    None,
    /// 0.05 to 150 Hz, hum removed where there is some.
    Diagnostic,
    /// 0.5 to 40 Hz, hum removed where there is some: not for diagnosis.
    Monitor,
}

impl From<FilterArg> for FilterSettings {
    fn from(filter: FilterArg) -> Self {
        match filter {
            FilterArg::None => Self::default(),
            FilterArg::Diagnostic => Self::DIAGNOSTIC,
            FilterArg::Monitor => Self::MONITOR,
        }
    }
}

/// `report --sections`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SectionArg {
    /// Where the model looked, for chosen findings.
    Evidence,
    /// Median beats with the places they were measured at.
    Median,
    /// Beat census and examples of each class.
    Beats,
    /// Summary of a long recording.
    Holter,
    /// Who changed what.
    Audit,
    /// All of them.
    All,
}

impl SectionArg {
    /// The sections that were asked for, each once, in the order of the report.
    pub fn chosen(asked: &[Self]) -> Vec<Section> {
        let is_asked = |section: &Section| {
            asked.iter().any(|asked| match asked {
                Self::All => true,
                Self::Evidence => *section == Section::Evidence,
                Self::Median => *section == Section::Median,
                Self::Beats => *section == Section::Beats,
                Self::Holter => *section == Section::Holter,
                Self::Audit => *section == Section::Audit,
            })
        };
        Section::ALL.into_iter().filter(is_asked).collect()
    }
}
