//! `efficientecg report`: recordings as documents.

use super::{
    BadUsage, Exit, Item, analyze,
    cli::{ReportArgs, ReportFormat, SectionArg},
    message,
    outgoing::{self, Outgoing},
    recordings,
    report_reviews::Reviews,
};
use crate::{
    analysis::Analyzer,
    formats::write,
    layout::{Catalogue, LayoutId},
    recording::{LeadName, Recording},
    report::{Dpi, Report, ReportInput, ReportOptions, Template, png, svg},
    words::Language,
};
use anyhow::{Result, bail};
use chrono::NaiveDateTime;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// A recording with its files, ready to be written: ending of the name, content.
type Ready = (Recording, Vec<(String, Vec<u8>)>);

/// What is the same for all recordings.
#[derive(Clone, Copy)]
struct Asked<'a> {
    arguments: &'a ReportArgs,
    options: &'a ReportOptions,
    reviews: &'a Reviews,
    made: NaiveDateTime,
}

/// Runs the command.
///
/// # Errors
/// A layout, language or template that is none, a folder that cannot be made, an unusable engine or model. A recording that fails is named
/// and the rest goes on.
pub fn run(arguments: &ReportArgs) -> Result<Exit> {
    let options = options(arguments)?;
    let reviews = Reviews::open(arguments.reviews.as_deref(), arguments.reader.as_deref())?;
    let made = now();
    let items = recordings(&arguments.paths);
    let mut out = Outgoing::new(&arguments.out, arguments.force, &items)?;
    let mut written = Written::default();
    analyze::each(
        &arguments.engine,
        &items,
        |analyzer: &Analyzer, item: &Item| one(analyzer, item, &Asked { arguments, options: &options, reviews: &reviews, made }),
        |path, ready| {
            let done = ready.and_then(|ready| put(path, ready, &mut out, &mut written));
            if let Err(error) = &done {
                message(&format!("{}: {error:#}", path.display()));
            }
            Ok(done.is_ok())
        },
    )
}

/// Makes the files of one recording.
fn one(analyzer: &Analyzer, item: &Item, asked: &Asked) -> Result<Ready> {
    let Asked { arguments, options, reviews, made } = *asked;
    let (recording, analysis) = analyze::analyzed(analyzer, item.open()?)?;
    let mut own = options.clone();
    own.from = recording.rate.sample_at(arguments.from);
    if let Some(name) = &arguments.lead {
        let wanted = LeadName::parse(name);
        own.lead = recording.leads.iter().position(|signal| signal.lead == wanted).ok_or_else(|| {
            let leads: Vec<String> = recording.leads.iter().map(|signal| signal.lead.to_string()).collect();
            BadUsage(format!("--lead {name}: the recording has {}", leads.join(", ")))
        })?;
    }
    let reviewed = reviews.of(&recording)?;
    let input = ReportInput { recording: &recording, analysis: Some(&analysis), reviewed: &reviewed, made };
    let report = Report::new(&input, &own)?;
    report.left_out.iter().for_each(|sentence| message(&format!("{}: {sentence}", item.path.display())));
    let mut files = Vec::new();
    for format in formats(arguments) {
        files.extend(render(&report, format, arguments.dpi)?);
    }
    Ok((recording, files))
}

/// The formats that were asked for, each once.
fn formats(arguments: &ReportArgs) -> Vec<ReportFormat> {
    let mut formats: Vec<ReportFormat> = Vec::new();
    for format in &arguments.format {
        if !formats.contains(format) {
            formats.push(*format);
        }
    }
    formats
}

fn render(report: &Report, format: ReportFormat, dpi: u16) -> Result<Vec<(String, Vec<u8>)>> {
    let language = report.document.language;
    let numbered =
        |index: usize, ending: &str| if index == 0 { format!(".{ending}") } else { format!("-{}.{ending}", index + 1) };
    let pages = report.document.pages.iter().enumerate();
    Ok(match format {
        ReportFormat::Pdf => vec![(".pdf".to_owned(), report.pdf()?)],
        ReportFormat::Json => vec![(".report.json".to_owned(), report.json()?.into_bytes())],
        ReportFormat::Svg => pages.map(|(index, page)| (numbered(index, "svg"), svg(page, language).into_bytes())).collect(),
        ReportFormat::Png => {
            let dpi = Dpi::new(f32::from(dpi)).unwrap_or(Dpi::SCREEN);
            pages.map(|(index, page)| Ok((numbered(index, "png"), png(page, language, dpi)?))).collect::<Result<_>>()?
        }
    })
}

/// Files of this run by their names in lower case (some systems do not tell cases apart), and whose they are: the second page of `a` is called as
/// the first of `a-2`.
#[derive(Default)]
struct Written(HashMap<String, PathBuf>);

impl Written {
    /// Takes the names for a recording; all or none.
    fn take(&mut self, files: &[(PathBuf, Vec<u8>)], source: &Path) -> Result<()> {
        let name = |file: &Path| file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        for (file, _) in files {
            if let Some(other) = self.0.get(&name(file)) {
                let file = file.display();
                bail!("{file}: this is part of the report of {} already; write them to different folders", other.display());
            }
        }
        self.0.extend(files.iter().map(|(file, _)| (name(file), source.to_path_buf())));
        Ok(())
    }
}

fn put(path: &Path, (recording, files): Ready, out: &mut Outgoing, written: &mut Written) -> Result<()> {
    let name = out.name(&recording.name, path)?;
    let files: Vec<_> =
        files.into_iter().map(|(ending, content)| (out.folder.join(format!("{name}{ending}")), content)).collect();
    // Whatever it is called: a recording is never replaced by a report, not even one that is not read here.
    if let Some((file, _)) = files.iter().find(|(file, _)| crate::formats::probe(file).ok().flatten().is_some()) {
        bail!("{}: this is a recording and is not written over; choose another folder", file.display());
    }
    written.take(&files, path)?;
    write::texts(&files, &recording, out.existing())?;
    files.iter().for_each(|(path, _)| outgoing::tell(path, &[]));
    Ok(())
}

fn options(arguments: &ReportArgs) -> Result<ReportOptions> {
    let (catalogue, faults) = match super::config_folder() {
        Some(folder) => Catalogue::with_own(&folder),
        None => (Catalogue::standard(), Vec::new()),
    };
    faults.iter().for_each(|fault| message(&format!("note: {fault}")));
    let Some(layout) = catalogue.get(&LayoutId::new(&arguments.layout)) else {
        let ids: Vec<&str> = catalogue.all().iter().map(|layout| layout.id.as_str()).collect();
        bail!(BadUsage(format!("--layout {}: there is no such layout; there are {}", arguments.layout, ids.join(", "))));
    };
    let Some(language) = Language::of_code(&arguments.language) else {
        let codes = Language::ALL.map(Language::code).join(", ");
        bail!(BadUsage(format!("--language {}: there is no such language; there are {codes}", arguments.language)));
    };
    let template = match &arguments.template {
        Some(path) => Template::read(path).map_err(|error| BadUsage(error.to_string()))?,
        None => Template::default(),
    };
    Ok(ReportOptions {
        paper: arguments.paper.into(),
        layout: layout.clone(),
        speed: arguments.speed.into(),
        gain: arguments.gain.into(),
        filter: arguments.filter.into(),
        sections: SectionArg::chosen(&arguments.sections),
        evidence: arguments.evidence.clone(),
        language,
        template,
        ..ReportOptions::default()
    })
}

/// The time (UTC), to the second. `SOURCE_DATE_EPOCH` sets it, so that reports can be made again byte by byte.
fn now() -> NaiveDateTime {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse::<i64>().ok());
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
    let at = |seconds| chrono::DateTime::from_timestamp(seconds, 0).map(|at| at.naive_utc());
    set.and_then(at).or_else(|| at(clock())).unwrap_or_default()
}
