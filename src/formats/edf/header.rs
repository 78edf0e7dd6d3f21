//! The header of EDF, EDF+, BDF and BDF+ files. Sources: edfplus.info, "EDF specification" (1992) and "EDF+ specification" (2003).

use crate::{
    formats::{FormatError, bytes::FileBytes},
    recording::{FileFormat, Repair, SampleError},
};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::path::Path;

/// The part of the header before the signals', and the part of each signal.
const PART: usize = 256;

/// A parsed header, held against the file's length.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub format: FileFormat,
    /// EDF+D or BDF+D: records need not follow each other directly.
    pub discontinuous: bool,
    pub patient: String,
    pub recording: String,
    pub start: Option<NaiveDateTime>,
    /// Bytes before the first data record.
    pub bytes: usize,
    /// Whole data records in the file, as far as declared.
    pub records: u64,
    /// Seconds in a data record; 0 only in files that have annotations alone.
    pub record_seconds: f64,
    pub signals: Vec<SignalHeader>,
    /// Bytes of a data record.
    pub record_bytes: usize,
    pub repairs: Vec<Repair>,
}

/// One signal's part of the header.
#[derive(Debug, Clone)]
pub(super) struct SignalHeader {
    pub label: String,
    pub unit: String,
    pub physical: Option<(f64, f64)>,
    pub digital: Option<(f64, f64)>,
    pub prefilter: String,
    pub samples_per_record: usize,
    /// Bytes of a data record before this signal's samples.
    pub offset: usize,
    pub is_annotations: bool,
}

/// Whether the first bytes of a file are those of an EDF or BDF header: the 8-byte version field and a number of signals.
pub(in crate::formats) fn looks_like_header(start: &[u8]) -> bool {
    let version_fits = match start.get(..8) {
        // Some writers fill up with NUL.
        Some([b'0', rest @ ..]) => rest.iter().all(|byte| matches!(byte, b' ' | 0)),
        Some(version) => version == b"\xffBIOSEMI",
        None => false,
    };
    let count = start.get(252..256).map(|field| String::from_utf8_lossy(field).trim_matches([' ', '\0']).to_owned());
    version_fits && count.is_some_and(|count| count.parse::<u32>().is_ok())
}

/// Which of the four formats a header is, from its version and reserved fields.
pub(in crate::formats) fn format_of(start: &[u8]) -> FileFormat {
    let plus = start.get(192..196).is_some_and(|reserved| reserved == b"EDF+" || reserved == b"BDF+");
    match (start.first() == Some(&0xff), plus) {
        (false, false) => FileFormat::Edf,
        (false, true) => FileFormat::EdfPlus,
        (true, false) => FileFormat::Bdf,
        (true, true) => FileFormat::BdfPlus,
    }
}

/// The format's sample width in bytes.
pub(super) fn sample_bytes(format: FileFormat) -> usize {
    match format {
        FileFormat::Bdf | FileFormat::BdfPlus => 3,
        FileFormat::Edf | FileFormat::EdfPlus | FileFormat::Wfdb => 2,
    }
}

/// Names of the identification fields.
const PATIENT: &str = "patient field";
const RECORDING: &str = "recording field";

/// Reads header fields one after another, repairing what can be repaired.
struct Fields<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    at: usize,
    repairs: Vec<Repair>,
}

impl Fields<'_> {
    /// A text; characters outside ASCII, which the specification allows in no field, are listed. Fields that name a person are not quoted.
    fn text(&mut self, width: usize, name: &str) -> String {
        let field = self.bytes.get(self.at..self.at + width).unwrap_or_default();
        self.at += width;
        let (text, read_as) = match std::str::from_utf8(field) {
            Ok(text) => (text.to_owned(), "UTF-8"),
            Err(_) => (field.iter().map(|byte| char::from(*byte)).collect(), "Latin-1"),
        };
        let text = text.trim_matches([' ', '\0']);
        if !field.is_ascii() {
            let found = if name == PATIENT || name == RECORDING { "characters outside ASCII" } else { text };
            self.repairs.push(Repair::new(name, found, format!("read as {read_as}")));
        }
        text.to_owned()
    }

    /// A number; a decimal comma is repaired, anything else is `None`.
    fn number(&mut self, width: usize, name: &str) -> (Option<f64>, String) {
        let text = self.text(width, name);
        let mut value = text.parse::<f64>().ok();
        if value.is_none() && text.contains(',') {
            value = text.replacen(',', ".", 1).parse().ok();
            if let Some(value) = value {
                self.repairs.push(Repair::new(name, text.clone(), format!("{value}: the comma is a decimal one")));
            }
        }
        (value.filter(|v| v.is_finite()), text)
    }

    fn fail(&self, field: &str, found: &str, problem: &str) -> FormatError {
        FormatError::Header { path: self.path.into(), field: field.into(), found: found.into(), problem: problem.into() }
    }
}

/// The header's bytes, as far as the file has them.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn read(file: &FileBytes) -> Result<Vec<u8>, SampleError> {
    let main = file.read(0, PART as u64)?;
    let count = main.get(252..256).map(|field| String::from_utf8_lossy(field).trim_matches([' ', '\0']).parse::<u64>());
    match count {
        Some(Ok(count)) => file.read(0, PART as u64 * (count.min(9999) + 1)),
        _ => Ok(main),
    }
}

/// Reads the header from its bytes. `file_bytes`: the file's length.
///
/// # Errors
/// [`FormatError::Header`] for fields without which nothing can be read, [`FormatError::NoSignals`], [`FormatError::NoSamples`] for a file
/// shorter than one data record, [`FormatError::Damaged`] for one shorter than its header.
pub(super) fn parse(path: &Path, bytes: &[u8], file_bytes: u64) -> Result<Header, FormatError> {
    let damaged = |problem: String| FormatError::Damaged { path: path.into(), problem };
    if bytes.len() < PART {
        return Err(damaged(format!("the file has {} bytes, an EDF header at least 256", bytes.len())));
    }
    let mut fields = Fields { path, bytes, at: 8, repairs: Vec::new() };
    let patient = fields.text(80, PATIENT);
    let recording = fields.text(80, RECORDING);
    let (date, time) = (fields.text(8, "start date"), fields.text(8, "start time"));
    let (_, header_bytes) = fields.number(8, "number of bytes in header");
    let reserved = fields.text(44, "reserved field");
    let (declared_records, records_text) = fields.number(8, "number of data records");
    let (duration, duration_text) = fields.number(8, "duration of a data record");
    let count_text = fields.text(4, "number of signals");
    let count: usize =
        count_text.parse().map_err(|_| fields.fail("number of signals", &count_text, "a whole number is needed"))?;
    if count == 0 {
        return Err(FormatError::NoSignals { path: path.into() });
    }
    let size = PART.saturating_mul(count + 1);
    if size > bytes.len() {
        return Err(damaged(format!("the header of {count} signals takes {size} bytes, the file has {}", bytes.len())));
    }
    if header_bytes.parse() != Ok(size) {
        fields.repairs.push(Repair::new(
            "number of bytes in header",
            header_bytes,
            format!("{size}, from the number of signals"),
        ));
    }
    let format = format_of(bytes);
    let plus = matches!(format, FileFormat::EdfPlus | FileFormat::BdfPlus);
    let mut signals = signal_headers(&mut fields, count)?;
    for signal in signals.iter_mut().filter(|signal| signal.is_annotations && !plus) {
        // Only EDF+ gives the label its meaning.
        signal.is_annotations = false;
        fields.repairs.push(Repair::new(
            "reserved field",
            reserved.clone(),
            format!("plain EDF: {} is an ordinary signal", signal.label),
        ));
    }
    let mut record_bytes = 0usize;
    for signal in &mut signals {
        signal.offset = record_bytes;
        record_bytes = record_bytes.saturating_add(signal.samples_per_record.saturating_mul(sample_bytes(format)));
    }
    if record_bytes == 0 {
        return Err(fields.fail("number of samples in each data record", "0", "no signal has samples"));
    }
    let only_annotations = signals.iter().all(|signal| signal.is_annotations);
    let record_seconds = match duration {
        Some(seconds) if seconds > 0.0 || (seconds == 0.0 && only_annotations) => seconds,
        _ => return Err(fields.fail("duration of a data record", &duration_text, "a number of seconds above zero is needed")),
    };
    let records =
        count_records(&mut fields, declared_records, &records_text, file_bytes.saturating_sub(size as u64), record_bytes as u64)?;
    let start = start(&date, &time, plus.then_some(recording.as_str()), &mut fields.repairs);
    Ok(Header {
        format,
        discontinuous: plus && reserved.get(4..5) == Some("D"),
        patient,
        recording,
        start,
        bytes: size,
        records,
        record_seconds,
        signals,
        record_bytes,
        repairs: fields.repairs,
    })
}

/// Whole data records that the header declares and the file has.
fn count_records(
    fields: &mut Fields<'_>,
    declared: Option<f64>,
    text: &str,
    data_bytes: u64,
    record_bytes: u64,
) -> Result<u64, FormatError> {
    let (whole, rest) = (data_bytes / record_bytes, data_bytes % record_bytes);
    if whole == 0 {
        if data_bytes == 0 {
            return Err(FormatError::NoSamples { path: fields.path.into() });
        }
        return Err(FormatError::Damaged {
            path: fields.path.into(),
            problem: format!("a data record takes {record_bytes} bytes, the file has {data_bytes} after its header"),
        });
    }
    // A recorder that was stopped short leaves -1 or 0.
    let declared = declared.filter(|n| *n > 0.0 && n.fract() == 0.0).map(|n| n as u64);
    Ok(match declared {
        None => {
            let rest = if rest > 0 { format!("; {rest} bytes of a begun record are left out") } else { String::new() };
            fields.repairs.push(Repair::new("number of data records", text, format!("{whole}, from the file's size{rest}")));
            whole
        }
        Some(declared) if declared > whole => {
            let assumed = format!("{whole}: the file is truncated, and {rest} bytes of a begun record are left out");
            fields.repairs.push(Repair::new("number of data records", text, assumed));
            whole
        }
        Some(declared) => {
            let extra = data_bytes - declared * record_bytes;
            if extra > 0 {
                fields.repairs.push(Repair::new("file size", format!("{extra} bytes after the last data record"), "left out"));
            }
            declared
        }
    })
}

/// The signals' part, which holds each field for all signals together.
fn signal_headers(fields: &mut Fields<'_>, count: usize) -> Result<Vec<SignalHeader>, FormatError> {
    let labels: Vec<String> = (0..count).map(|index| fields.text(16, &format!("label of signal {index}"))).collect();
    for label in &labels {
        fields.text(80, &format!("transducer of {label}"));
    }
    let units: Vec<String> = labels.iter().map(|label| fields.text(8, &format!("physical dimension of {label}"))).collect();
    let mut limits = |name: &str| -> Vec<Option<f64>> {
        labels
            .iter()
            .map(|label| {
                let field = format!("{name} of {label}");
                let (value, text) = fields.number(8, &field);
                if value.is_none() {
                    fields.repairs.push(Repair::new(field, text, "unknown: the signal is uncalibrated"));
                }
                value
            })
            .collect()
    };
    let [physical_low, physical_high, digital_low, digital_high] =
        ["physical minimum", "physical maximum", "digital minimum", "digital maximum"].map(&mut limits);
    let prefilters: Vec<String> = labels.iter().map(|label| fields.text(80, &format!("prefilter of {label}"))).collect();
    let mut signals = Vec::new();
    let pair = |low: &[Option<f64>], high: &[Option<f64>], index: usize| Some(((*low.get(index)?)?, (*high.get(index)?)?));
    for (index, ((label, unit), prefilter)) in labels.into_iter().zip(units).zip(prefilters).enumerate() {
        let name = format!("number of samples of {label} in each data record");
        let text = fields.text(8, &name);
        let samples_per_record: usize = text.parse().map_err(|_| fields.fail(&name, &text, "a whole number is needed"))?;
        let is_annotations = matches!(label.as_str(), "EDF Annotations" | "BDF Annotations");
        let mut signal = SignalHeader {
            physical: pair(&physical_low, &physical_high, index),
            digital: pair(&digital_low, &digital_high, index),
            label,
            unit,
            prefilter,
            samples_per_record,
            offset: 0,
            is_annotations,
        };
        if !is_annotations {
            drop_impossible_limits(&mut signal, &mut fields.repairs);
        }
        signals.push(signal);
    }
    Ok(signals)
}

/// Limits from which no scale follows are taken as unknown.
fn drop_impossible_limits(signal: &mut SignalHeader, repairs: &mut Vec<Repair>) {
    let uncalibrated = "unknown: the signal is uncalibrated";
    if let Some((low, high)) = signal.physical.filter(|(low, high)| low == high) {
        repairs.push(Repair::new(format!("physical range of {}", signal.label), format!("{low} to {high}"), uncalibrated));
        signal.physical = None;
    }
    if let Some((low, high)) = signal.digital.filter(|(low, high)| low >= high) {
        repairs.push(Repair::new(format!("digital range of {}", signal.label), format!("{low} to {high}"), uncalibrated));
        signal.digital = None;
    }
}

/// Start of the recording. Two-digit years from 85 on are 1985-1999, others 2000-2084; EDF+ repeats the date with four digits in the
/// recording field, which is taken where it agrees in day and month.
fn start(date: &str, time: &str, plus_recording: Option<&str>, repairs: &mut Vec<Repair>) -> Option<NaiveDateTime> {
    // EDF+ writes an unknown start so, with a placeholder in the main header.
    if plus_recording.is_some_and(|field| field == "Startdate X" || field.starts_with("Startdate X ")) && date == "01.01.85" {
        return None;
    }
    let numbers =
        |text: &str| -> Vec<Option<u32>> { text.split(['.', ':', '-', '/']).map(|part| part.trim().parse().ok()).collect() };
    let time_of_day = match numbers(time).as_slice() {
        [Some(hour), Some(minute), Some(second)] => NaiveTime::from_hms_opt(*hour, *minute, *second),
        _ => None,
    };
    let short_date = match numbers(date).as_slice() {
        [Some(day), Some(month), Some(year @ 0..=99)] => {
            let century = if *year >= 85 { 1900 } else { 2000 };
            NaiveDate::from_ymd_opt(century + i32::try_from(*year).ok()?, *month, *day)
        }
        _ => None,
    };
    let long_date = plus_recording
        .and_then(|field| field.strip_prefix("Startdate "))
        .and_then(|rest| super::patient::day(rest.split(' ').next()?));
    let agreed = long_date.or(short_date);
    if let (Some(long), Some(short)) = (long_date, short_date)
        && long != short
        && super::patient::two_digit_year(long) != super::patient::two_digit_year(short)
    {
        repairs.push(Repair::new("start date", format!("{short} and {long}"), format!("{long}, from the recording field")));
    }
    let start = agreed.zip(time_of_day).map(|(date, time)| NaiveDateTime::new(date, time));
    if start.is_none() {
        repairs.push(Repair::new("start date and time", format!("{date} {time}"), "unknown"));
    }
    start
}
