//! `efficientecg info`: what is in a recording.

use super::{
    Exit,
    analyze::quiet_pipe,
    cli::InfoArgs,
    message,
    output::{ErrorDocument, Printer, gap_seconds, start_text},
    recordings,
};
use crate::{
    formats::{self, SignalDigest},
    recording::{Data, FileFormat, Recording, Repair, Signal},
};
use anyhow::{Result, bail};
use serde::Serialize;
use std::{io, path::Path};

/// Schema name.
pub const INFO_SCHEMA: &str = "efficientecg.info/1";

#[derive(Debug, Serialize)]
struct Info<'a> {
    schema: &'static str,
    file: String,
    record: &'a str,
    format: &'static str,
    start: Option<String>,
    duration_s: f64,
    rate_hz: f64,
    samples: u64,
    gaps: Vec<[f64; 2]>,
    patient: PatientPart<'a>,
    signals: Vec<SignalPart<'a>>,
    derived_leads: Vec<String>,
    annotations: Vec<AnnotationsPart<'a>>,
    comments: &'a [String],
    simulated: bool,
    repairs: &'a [Repair],
}

#[derive(Debug, Serialize)]
struct PatientPart<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    age: Option<f32>,
    sex: Option<&'static str>,
    born: Option<String>,
}

#[derive(Debug, Serialize)]
struct SignalPart<'a> {
    name: &'a str,
    /// The ECG lead; `null` for other signals.
    lead: Option<String>,
    unit: &'a str,
    rate_hz: f64,
    gain: f64,
    baseline: f64,
    calibrated: bool,
    #[serde(flatten)]
    digest: DigestPart,
}

#[derive(Debug, Serialize)]
struct DigestPart {
    samples: u64,
    sum: i64,
    sha256: String,
    first: Vec<Option<f64>>,
    last: Vec<Option<f64>>,
    checksum_ok: Option<bool>,
}

#[derive(Debug, Serialize)]
struct AnnotationsPart<'a> {
    annotator: &'a str,
    count: usize,
    /// What `sample` of the listed annotations counts in (WFDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    ticks_per_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<Vec<AnnotationPart>>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum AnnotationPart {
    Wfdb { sample: i64, mnemonic: String, subtype: i8, chan: u8, num: i8, aux: String },
    Edf { onset_s: f64, duration_s: Option<f64>, text: String },
}

/// Runs the command.
///
/// # Errors
/// When standard output cannot be written. Recordings that cannot be read get an object with `error`.
pub fn run(arguments: &InfoArgs) -> Result<Exit> {
    let mut printer = Printer::new(io::stdout().lock(), arguments.form.jsonl);
    let mut worked = true;
    for item in recordings(&arguments.paths) {
        let done = item.open().and_then(|recording| print(&mut printer, &recording, arguments.annotations.as_deref()));
        if let Err(error) = done {
            worked = false;
            fail(&mut printer, &item.path, &error)?;
        }
    }
    Ok(Exit::all(worked))
}

fn fail(printer: &mut Printer<io::StdoutLock<'_>>, file: &Path, error: &anyhow::Error) -> Result<()> {
    message(&format!("{}: {error:#}", file.display()));
    quiet_pipe(printer.print(&ErrorDocument::new(INFO_SCHEMA, file, error)))
}

fn print(printer: &mut Printer<io::StdoutLock<'_>>, recording: &Recording, annotator: Option<&str>) -> Result<()> {
    if let Some(name) = annotator
        && !recording.annotations.iter().any(|set| set.annotator == name)
    {
        let known: Vec<&str> = recording.annotations.iter().map(|set| set.annotator.as_str()).collect();
        bail!("{}: no annotations of `{name}`; there are: {}", recording.path.display(), known.join(", "));
    }
    let signals: Vec<&Signal> = recording.leads.iter().chain(&recording.other_signals).map(AsRef::as_ref).collect();
    let digests = formats::digests(&signals)?;
    let mut repairs = recording.repairs.clone();
    // Of long recordings nobody had read the samples before.
    for (signal, digest) in signals.iter().zip(&digests) {
        if let Some(finding) = digest.as_ref().and_then(|digest| formats::wfdb::checksum_mismatch(signal, digest))
            && !repairs.contains(&finding)
        {
            repairs.push(finding);
        }
    }
    let (mut lists, ticks_per_second) = match annotator {
        Some(name) => {
            let (list, ticks) = stored(recording, name)?;
            (Some(list), ticks)
        }
        None => (None, None),
    };
    let patient = &recording.patient;
    let info = Info {
        schema: INFO_SCHEMA,
        file: recording.path.display().to_string(),
        record: &recording.name,
        format: recording.format.name(),
        start: start_text(recording),
        duration_s: recording.duration_s(),
        rate_hz: recording.rate.hz(),
        samples: recording.length,
        gaps: gap_seconds(recording),
        patient: PatientPart {
            id: patient.id.as_deref(),
            name: patient.name.as_deref(),
            age: patient.age_years,
            sex: patient.sex.map(|sex| sex.letter()),
            born: patient.born.map(|day| day.to_string()),
        },
        signals: signals
            .into_iter()
            .zip(digests)
            .filter_map(|(signal, digest)| signal_part(recording, signal, digest?))
            .collect(),
        derived_leads: recording.leads.iter().filter(|s| s.is_derived()).map(|s| s.lead.to_string()).collect(),
        annotations: recording
            .annotations
            .iter()
            .map(|set| AnnotationsPart {
                annotator: &set.annotator,
                count: set.annotations.len(),
                ticks_per_second: ticks_per_second.filter(|_| annotator == Some(set.annotator.as_str())),
                list: if annotator == Some(set.annotator.as_str()) { lists.take() } else { None },
            })
            .collect(),
        comments: &recording.comments,
        simulated: recording.simulated,
        repairs: &repairs,
    };
    quiet_pipe(printer.print(&info))
}

fn signal_part<'a>(recording: &Recording, signal: &'a Signal, digest: SignalDigest) -> Option<SignalPart<'a>> {
    let Data::Recorded { scale, .. } = &signal.data else { return None };
    let is_lead = recording.leads.iter().any(|lead| std::ptr::eq(lead.as_ref(), signal));
    Some(SignalPart {
        name: &signal.label,
        lead: is_lead.then(|| signal.lead.to_string()),
        unit: &scale.unit,
        rate_hz: signal.rate.hz(),
        gain: scale.gain,
        baseline: scale.baseline,
        calibrated: signal.calibrated,
        digest: DigestPart {
            samples: digest.samples,
            sum: digest.sum,
            sha256: digest.sha256,
            first: digest.first,
            last: digest.last,
            checksum_ok: digest.checksum_ok,
        },
    })
}

/// Every annotation of one annotator as stored in its file: WFDB in the file's own ticks, of which so many make a second, EDF+ in seconds.
fn stored(recording: &Recording, annotator: &str) -> Result<(Vec<AnnotationPart>, Option<f64>)> {
    if recording.format == FileFormat::Wfdb {
        let file = formats::wfdb::stored_annotations(&recording.path, annotator)?;
        let frame_rate = formats::wfdb::annotated(&recording.path, &[])?.rate.hz();
        let ticks = file.resolution.unwrap_or(frame_rate);
        let list = file
            .annotations
            .into_iter()
            .map(|a| AnnotationPart::Wfdb {
                sample: a.time,
                mnemonic: a.mnemonic.to_string(),
                subtype: a.subtype,
                chan: a.chan,
                num: a.num,
                aux: a.aux,
            })
            .collect();
        Ok((list, Some(ticks)))
    } else {
        let list = formats::edf::annotations(&recording.path)?.into_iter();
        let list = list.map(|a| AnnotationPart::Edf { onset_s: a.onset_s, duration_s: a.duration_s, text: a.text }).collect();
        Ok((list, None))
    }
}
