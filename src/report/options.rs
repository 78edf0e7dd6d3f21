//! What a reader chooses about a report.

use super::template::Template;
use crate::{
    layout::{Catalogue, Description, LayoutId},
    recording::SampleIndex,
    signal::filter::FilterSettings,
    words::Language,
};

/// Sheets, printed across.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Paper {
    /// 297 by 210 mm.
    #[default]
    A4,
    /// 11 by 8.5 inches.
    Letter,
}

impl Paper {
    /// Width and height in mm.
    pub fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (297.0, 210.0),
            Self::Letter => (279.4, 215.9),
        }
    }
}

/// Speed of the paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PaperSpeed {
    /// 25 mm/s.
    #[default]
    Mm25,
    /// 50 mm/s.
    Mm50,
}

impl PaperSpeed {
    /// mm/s.
    pub fn mm_per_s(self) -> f32 {
        match self {
            Self::Mm25 => 25.0,
            Self::Mm50 => 50.0,
        }
    }
}

/// Amplitude scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PaperGain {
    /// 5 mm/mV.
    Mm5,
    /// 10 mm/mV.
    #[default]
    Mm10,
    /// 20 mm/mV.
    Mm20,
}

impl PaperGain {
    /// mm/mV.
    pub fn mm_per_mv(self) -> f32 {
        match self {
            Self::Mm5 => 5.0,
            Self::Mm10 => 10.0,
            Self::Mm20 => 20.0,
        }
    }
}

/// Pages beside the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Where the model looked, for chosen findings.
    Evidence,
    /// Median beats with the places they were measured at, and what was measured in each lead.
    Median,
    /// Beat census and examples of each class.
    Beats,
    /// Summary of long recordings.
    Holter,
    /// Who changed what.
    Audit,
}

impl Section {
    /// All, in the order of the report.
    pub const ALL: [Self; 5] = [Self::Evidence, Self::Median, Self::Beats, Self::Holter, Self::Audit];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Median => "median",
            Self::Beats => "beats",
            Self::Holter => "holter",
            Self::Audit => "audit",
        }
    }
}

/// All choices.
#[derive(Debug, Clone)]
pub struct ReportOptions {
    /// The sheet.
    pub paper: Paper,
    /// Which lead stands where.
    pub layout: Description,
    /// The lead that a layout of one lead shows, by its number in the recording.
    pub lead: usize,
    /// Speed.
    pub speed: PaperSpeed,
    /// Amplitude scale.
    pub gain: PaperGain,
    /// Filters the traces are printed through.
    pub filter: FilterSettings,
    /// Where the first page begins.
    pub from: SampleIndex,
    /// Further pages.
    pub sections: Vec<Section>,
    /// Codes of the findings whose evidence is printed; none: those the model called present.
    pub evidence: Vec<String>,
    /// Language.
    pub language: Language,
    /// The institution's name, logo and texts.
    pub template: Template,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self {
            paper: Paper::default(),
            layout: Catalogue::standard().get_or_first(&LayoutId::default()).clone(),
            lead: 0,
            speed: PaperSpeed::default(),
            gain: PaperGain::default(),
            filter: FilterSettings::DIAGNOSTIC,
            from: SampleIndex(0),
            sections: Vec::new(),
            evidence: Vec::new(),
            language: Language::default(),
            template: Template::default(),
        }
    }
}
