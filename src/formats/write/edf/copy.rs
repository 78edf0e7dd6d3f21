//! EDF and BDF files with annotations added: everything else is copied as it stands.

use super::{
    Width, header,
    lists::{self, Lists},
    texts,
};
use crate::{
    formats::{
        edf::{patient, tal},
        write::{
            Existing, Loss, WriteError, Written,
            atomic::{self, Pending},
            new,
        },
    },
    recording::{AnnotationSet, FileFormat, Recording, Repair},
};
use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

/// The header's part before the signals'.
const MAIN: usize = 256;

/// Widths of a signal's header fields, which stand field by field for all signals: label, transducer, dimension, physical minimum and maximum, digital
/// minimum and maximum, prefiltering, samples in each data record, reserved.
const FIELDS: [usize; 10] = [16, 80, 8, 8, 8, 8, 8, 80, 8, 32];

/// Whether a file with this repair can be copied: the copy sets right what was wrong with the counts, and what is said of a scale or of
/// annotations before the start stays as it is.
pub(super) fn can_keep(repair: &Repair) -> bool {
    let field = repair.field.as_str();
    matches!(field, "number of bytes in header" | "number of data records" | "file size" | "annotations")
        || field.starts_with("physical dimension of ")
}

/// Copies the recording's file to `folder/NAME.edf` or `.bdf` with its own annotations and those of `added`.
pub(super) fn copy(
    folder: &Path,
    recording: &Recording,
    name: &str,
    added: &[AnnotationSet],
    existing: Existing,
) -> Result<Written, WriteError> {
    let (width, plus) = match recording.format {
        FileFormat::Bdf => (Width::Bits24, false),
        FileFormat::BdfPlus => (Width::Bits24, true),
        FileFormat::EdfPlus => (Width::Bits16, true),
        FileFormat::Edf | FileFormat::Wfdb => (Width::Bits16, false),
    };
    let path = folder.join(format!("{name}.{}", width.extension()));
    if name.is_empty() || super::super::record_name(name) != name {
        return Err(WriteError::unsuitable(path, "record name", "only letters, digits, `_` and `-` are allowed"));
    }
    atomic::refuse(&[&path], &new::files_of(recording), existing)?;
    let unreadable = |reason: String| WriteError::Unreadable { path: path.clone(), reason };
    let io = |error: std::io::Error| unreadable(format!("{}: {error}", recording.path.display()));

    let mut file = BufReader::with_capacity(1 << 18, File::open(&recording.path).map_err(io)?);
    let source = Source::read(&mut file, width).map_err(io)?;
    let source = source.ok_or_else(|| unreadable(format!("{}: its header has changed", recording.path.display())))?;
    let (stored, onsets) = source.lists(&mut file, plus).map_err(io)?;
    let mut lists = Lists::with(stored);
    let first = onsets.first().copied().unwrap_or(0.0);
    for annotation in added.iter().flat_map(|set| &set.annotations) {
        let onset = first + recording.rate.seconds(annotation.at);
        let record = onsets.partition_point(|start| *start <= onset).saturating_sub(1);
        let duration = annotation.duration.map(|duration| duration as f64 / recording.rate.hz());
        lists.add(record, onset, duration, &texts::of(annotation));
    }
    let mut losses = Vec::new();
    texts::warn(added, &mut losses);
    let header = source.header(recording, plus, lists.bytes(width), &mut losses);

    let mut pending = Pending::create(&path)?;
    pending.put(&header)?;
    file.seek(SeekFrom::Start(source.header.len() as u64)).map_err(io)?;
    let mut record = vec![0; source.record_bytes()];
    let list_bytes = lists.bytes(width);
    for number in 0..source.records {
        file.read_exact(&mut record).map_err(io)?;
        let mut rest = record.as_slice();
        for signal in &source.signals {
            let (bytes, after) = rest.split_at_checked(signal.bytes).unwrap_or((rest, &[]));
            rest = after;
            if !signal.is_annotations {
                pending.put(bytes)?;
            }
        }
        let list = lists.record(number as usize);
        pending.put(list)?;
        pending.put(&vec![0; list_bytes - list.len()])?;
    }
    atomic::commit(vec![pending.complete()?], existing)?;
    Ok(Written { path, losses })
}

/// A file as it stands.
struct Source {
    header: Vec<u8>,
    signals: Vec<SourceSignal>,
    records: u64,
    width: Width,
}

struct SourceSignal {
    /// In a data record.
    bytes: usize,
    is_annotations: bool,
}

impl Source {
    /// `None` where the header is none; it was when the recording was opened.
    fn read(file: &mut BufReader<File>, width: Width) -> std::io::Result<Option<Self>> {
        let mut header = vec![0; MAIN];
        file.read_exact(&mut header)?;
        let Some(count) = text(&header, 252, 4).parse::<usize>().ok().filter(|count| (1..10_000).contains(count)) else {
            return Ok(None);
        };
        header.resize(MAIN * (count + 1), 0);
        file.read_exact(header.get_mut(MAIN..).unwrap_or_default())?;
        let plus = matches!(header.get(192..196), Some(b"EDF+" | b"BDF+"));
        let before = |field: usize| MAIN + count * FIELDS.iter().take(field).sum::<usize>();
        let signals: Option<Vec<SourceSignal>> = (0..count)
            .map(|signal| {
                let samples: usize = text(&header, before(8) + signal * 8, 8).parse().ok()?;
                let label = text(&header, before(0) + signal * 16, 16);
                let is_annotations = plus && matches!(label.as_str(), "EDF Annotations" | "BDF Annotations");
                Some(SourceSignal { bytes: samples * width.bytes(), is_annotations })
            })
            .collect();
        let Some(signals) = signals else { return Ok(None) };
        let mut source = Self { header, signals, records: 0, width };
        let data = file.get_ref().metadata()?.len().saturating_sub(source.header.len() as u64);
        let whole = data / source.record_bytes().max(1) as u64;
        // As the reader takes it: `10.0` is ten; a recorder that was stopped short leaves -1 or 0.
        let declared = number(&source.header, 236, 8).filter(|declared| *declared > 0.0 && declared.fract() == 0.0);
        source.records = declared.map_or(whole, |declared| whole.min(declared as u64));
        Ok(Some(source))
    }

    fn record_bytes(&self) -> usize {
        self.signals.iter().map(|signal| signal.bytes).sum()
    }

    /// Every record's annotation lists as stored, of all annotation signals one after the other, and its onset in seconds. Plain files get the
    /// time-keeping list that EDF+ demands.
    fn lists(&self, file: &mut BufReader<File>, plus: bool) -> std::io::Result<(Vec<Vec<u8>>, Vec<f64>)> {
        let seconds = number(&self.header, 244, 8).unwrap_or(1.0);
        let mut onsets: Vec<f64> = (0..self.records).map(|record| record as f64 * seconds).collect();
        if !plus {
            let lists = onsets.iter().map(|onset| format!("{}\x14\x14\0", lists::seconds(*onset)).into_bytes()).collect();
            return Ok((lists, onsets));
        }
        file.seek(SeekFrom::Start(self.header.len() as u64))?;
        let mut record = vec![0; self.record_bytes()];
        let mut lists = Vec::with_capacity(onsets.len());
        for onset in &mut onsets {
            file.read_exact(&mut record)?;
            let mut rest = record.as_slice();
            let mut found = Vec::new();
            for signal in &self.signals {
                let (bytes, after) = rest.split_at_checked(signal.bytes).unwrap_or((rest, &[]));
                rest = after;
                if signal.is_annotations {
                    if found.is_empty() {
                        *onset = tal::record_onset(bytes).unwrap_or(*onset);
                    }
                    tal::stored(bytes).for_each(|list| found.extend_from_slice(list));
                }
            }
            lists.push(found);
        }
        Ok((lists, onsets))
    }

    /// The header with one annotation signal, the last, of `list_bytes` a record.
    fn header(&self, recording: &Recording, plus: bool, list_bytes: usize, losses: &mut Vec<Loss>) -> Vec<u8> {
        let kept = |signal: usize| self.signals.get(signal).is_some_and(|signal| !signal.is_annotations);
        let count = 1 + (0..self.signals.len()).filter(|signal| kept(*signal)).count();
        let mut header = self.header.get(..MAIN).unwrap_or_default().to_vec();
        let mut put = |at: usize, width: usize, text: &str| {
            let field = format!("{:<width$}", header::ascii(text, width));
            if let Some(slot) = header.get_mut(at..at + width) {
                slot.copy_from_slice(field.as_bytes());
            }
        };
        if !plus {
            let mut field = |at: usize, name: &str, text: String| {
                if text.len() > 80 {
                    losses.push(Loss::new(name, "in EDF+'s form it is longer than 80 characters", "its beginning"));
                }
                put(at, 80, &text);
            };
            field(8, "patient", patient_field(&text(&self.header, 8, 80)));
            field(88, "recording field", recording_field(&text(&self.header, 88, 80), recording));
            put(192, 44, header::reserved(self.width, true));
        }
        put(184, 8, &(MAIN * (count + 1)).to_string());
        put(236, 8, &self.records.to_string());
        put(252, 4, &count.to_string());
        let (low, high) = self.width.range();
        let samples = (list_bytes / self.width.bytes()).to_string();
        let annotations: [&str; 10] =
            [header::annotations_label(self.width), "", "", "-1", "1", &low.to_string(), &high.to_string(), "", &samples, ""];
        let mut at = MAIN;
        for (width, text) in FIELDS.into_iter().zip(annotations) {
            for signal in 0..self.signals.len() {
                if kept(signal) {
                    header.extend_from_slice(self.header.get(at..at + width).unwrap_or_default());
                }
                at += width;
            }
            header.extend_from_slice(format!("{text:<width$}").as_bytes());
        }
        header
    }
}

fn text(header: &[u8], at: usize, width: usize) -> String {
    String::from_utf8_lossy(header.get(at..at + width).unwrap_or_default()).trim_matches([' ', '\0']).to_owned()
}

/// A number, with a decimal comma too.
fn number(header: &[u8], at: usize, width: usize) -> Option<f64> {
    let text = text(header, at, width);
    let value = text.parse::<f64>().or_else(|_| text.replacen(',', ".", 1).parse());
    value.ok().filter(|value| value.is_finite())
}

/// A plain file's patient field in EDF+'s form; what is not is taken for the name.
fn patient_field(field: &str) -> String {
    if patient::is_structured(field) { field.to_owned() } else { format!("X X X {}", header::word(field)) }
}

/// A plain file's recording field in EDF+'s form: what stands there goes where EDF+ names the equipment.
fn recording_field(field: &str, recording: &Recording) -> String {
    let date = recording.start.map_or_else(|| "X".to_owned(), |start| header::day(start.date()));
    // In a plain file such a field meant nothing; in EDF+ it would count more than the header's own date.
    if field.to_ascii_uppercase().starts_with(&format!("STARTDATE {date}")) {
        return field.to_owned();
    }
    let mark = if recording.simulated { " SIMULATED" } else { "" };
    format!("Startdate {date} X X {}{mark}", header::word(field))
}
