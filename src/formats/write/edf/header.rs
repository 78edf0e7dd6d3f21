//! The header of EDF+ and BDF+ files.

use super::{Width, limits::Limits, records::Records};
use crate::{
    formats::write::{Loss, NewRecording, NewSignal, WriteError, frames::Frames},
    recording::{LeadName, Patient},
};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use std::path::Path;

/// Version field of BDF files.
pub(super) const BDF_VERSION: &[u8; 8] = b"\xffBIOSEMI";

/// What the header says of a signal.
#[derive(Debug)]
pub(super) struct SignalText {
    pub label: String,
    pub limits: Limits,
}

impl SignalText {
    pub(super) fn new(signal: &NewSignal, limits: Limits, losses: &mut Vec<Loss>) -> Self {
        let whole = label(signal);
        let mut label = ascii(&whole, 16);
        if label.ends_with("Annotations") {
            // Readers of EDF+ would take it for the annotation signal.
            label = ascii(&format!("Signal {label}"), 16);
        }
        if label != whole {
            losses.push(Loss::new("label", format!("`{whole}` is no signal's label of sixteen ASCII characters"), label.clone()));
        }
        Self { label, limits }
    }
}

/// Everything the header is made of, besides the recording.
pub(super) struct HeaderText<'a> {
    pub width: Width,
    pub records: &'a Records,
    pub frames: &'a Frames,
    pub signals: &'a [SignalText],
    pub list_bytes: usize,
}

impl HeaderText<'_> {
    /// The header's bytes.
    ///
    /// # Errors
    /// A number that its field is too narrow for: too many signals or records.
    pub(super) fn bytes(&self, recording: &NewRecording, path: &Path, losses: &mut Vec<Loss>) -> Result<Vec<u8>, WriteError> {
        let count = self.signals.len() + 1;
        let mut fields = Fields { bytes: Vec::with_capacity(256 * (count + 1)), path };
        match self.width {
            Width::Bits16 => fields.put("0", 8)?,
            Width::Bits24 => fields.bytes.extend_from_slice(BDF_VERSION),
        }
        let mut whole = |field: &str, text: String| {
            let short = ascii(&text, 80);
            if short != text {
                // What the field says is not repeated: it names the patient.
                losses.push(Loss::new(field, "it is not 80 characters of ASCII", "as far as it goes, `?` for other characters"));
            }
            short
        };
        let patient = whole("patient", patient_field(&recording.patient));
        fields.put(&patient, 80)?;
        fields.put(&whole("recording field", recording_field(recording)), 80)?;
        // Without a start time the specification's own placeholder stands.
        let unknown = NaiveDate::from_ymd_opt(1985, 1, 1).unwrap_or_default().and_hms_opt(0, 0, 0).unwrap_or_default();
        let start: NaiveDateTime = recording.start.unwrap_or(unknown);
        let date = if (1985..2085).contains(&start.year()) {
            "%d.%m.%y"
        } else {
            let lost = format!("the year {}: EDF's own date field holds 1985 to 2084", start.year());
            losses.push(Loss::new(
                "start date",
                lost,
                "`yy`, and the year in the recording field; not every reader opens such a file",
            ));
            "%d.%m.yy"
        };
        fields.put(&start.format(date).to_string(), 8)?;
        fields.put(&start.format("%H.%M.%S").to_string(), 8)?;
        fields.put(&(256 * (count + 1)).to_string(), 8)?;
        let continuous = self.records.runs.len() == 1;
        fields.put(reserved(self.width, continuous), 44)?;
        fields.put(&self.records.count().to_string(), 8)?;
        fields.put(&self.records.duration, 8)?;
        fields.put(&count.to_string(), 4)?;

        let each = |fields: &mut Fields<'_>, width: usize, text: &dyn Fn(&SignalText) -> String, annotations: &str| {
            self.signals.iter().try_for_each(|signal| fields.put(&text(signal), width))?;
            fields.put(annotations, width)
        };
        each(&mut fields, 16, &|signal| signal.label.clone(), annotations_label(self.width))?;
        each(&mut fields, 80, &|_| String::new(), "")?;
        each(&mut fields, 8, &|signal| signal.limits.unit.clone(), "")?;
        each(&mut fields, 8, &|signal| signal.limits.physical.0.clone(), "-1")?;
        each(&mut fields, 8, &|signal| signal.limits.physical.1.clone(), "1")?;
        let (low, high) = self.width.range();
        each(&mut fields, 8, &|signal| signal.limits.digital.0.to_string(), &low.to_string())?;
        each(&mut fields, 8, &|signal| signal.limits.digital.1.to_string(), &high.to_string())?;
        each(&mut fields, 80, &|_| String::new(), "")?;
        for per_frame in &self.frames.per_frame {
            fields.put(&(per_frame * self.records.frames).to_string(), 8)?;
        }
        fields.put(&(self.list_bytes / self.width.bytes()).to_string(), 8)?;
        each(&mut fields, 32, &|_| String::new(), "")?;
        Ok(fields.bytes)
    }
}

struct Fields<'a> {
    bytes: Vec<u8>,
    path: &'a Path,
}

impl Fields<'_> {
    fn put(&mut self, text: &str, width: usize) -> Result<(), WriteError> {
        let text = ascii(text, text.len());
        if text.len() > width {
            return Err(WriteError::unsuitable(
                self.path,
                format!("`{text}`"),
                format!("the header field holds {width} characters"),
            ));
        }
        self.bytes.extend_from_slice(format!("{text:<width$}").as_bytes());
        Ok(())
    }
}

/// The reserved field, which says what kind of file it is.
pub(super) fn reserved(width: Width, continuous: bool) -> &'static str {
    match (width, continuous) {
        (Width::Bits16, true) => "EDF+C",
        (Width::Bits16, false) => "EDF+D",
        (Width::Bits24, true) => "BDF+C",
        (Width::Bits24, false) => "BDF+D",
    }
}

/// Label of the annotation signal.
pub(super) fn annotations_label(width: Width) -> &'static str {
    match width {
        Width::Bits16 => "EDF Annotations",
        Width::Bits24 => "BDF Annotations",
    }
}

/// At most `length` characters, `?` for what is no printable ASCII.
pub(super) fn ascii(text: &str, length: usize) -> String {
    text.chars().map(|c| if c.is_ascii() && !c.is_ascii_control() { c } else { '?' }).take(length).collect()
}

/// `ECG aVR`: the standard label of EDF+ for a standard lead. An uncalibrated lead says ECG whatever its name, because readers know by that what it
/// is; other names stay as they are.
fn label(signal: &NewSignal) -> String {
    match LeadName::parse(&signal.name) {
        LeadName::Standard(lead) if signal.ecg => format!("ECG {}", lead.name()),
        _ if signal.ecg && !signal.calibrated && !signal.name.to_ascii_uppercase().starts_with("ECG") => {
            format!("ECG {}", signal.name)
        }
        _ => signal.name.clone(),
    }
}

/// `code sex birthdate name`, with X for what is unknown, then the age where there is no date of birth.
fn patient_field(patient: &Patient) -> String {
    let word = |text: &Option<String>| text.as_deref().map_or_else(|| "X".to_owned(), word);
    let mut field = format!(
        "{} {} {} {}",
        word(&patient.id),
        patient.sex.map_or("X", |sex| sex.letter()),
        patient.born.map_or_else(|| "X".to_owned(), day),
        word(&patient.name)
    );
    if let (Some(age), None) = (patient.age_years, patient.born) {
        field.push_str(&format!(" age={age}"));
    }
    field
}

/// `Startdate date administration technician equipment`, then the mark of simulated recordings.
fn recording_field(recording: &NewRecording) -> String {
    let date = recording.start.map_or_else(|| "X".to_owned(), |start| day(start.date()));
    let mark = if recording.simulated { " SIMULATED" } else { "" };
    format!("Startdate {date} X X efficientecg{mark}")
}

/// A subfield: one word, X where there is nothing.
pub(super) fn word(text: &str) -> String {
    let word = text.split_whitespace().collect::<Vec<_>>().join("_");
    if word.is_empty() { "X".to_owned() } else { word }
}

/// `02-MAR-2002`: the month in English and upper case, as the specification and EDFlib demand.
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%d-%b-%Y").to_string().to_uppercase()
}
