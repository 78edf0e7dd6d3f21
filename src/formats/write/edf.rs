//! EDF+ (continuous), with annotations. Source: edfplus.info, "EDF+ specification" (2003).

use super::{Existing, NewLead, NewRecording, WriteError, atomic, check};
use crate::recording::{Annotation, LeadName, Mnemonic, Patient, Rate};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use std::path::{Path, PathBuf};

/// A data record should not be larger (EDF specification).
const LARGEST_RECORD: usize = 61_440;

/// Writes an EDF+C file.
///
/// Samples are stored as they are; the scale is stored as physical limits of eight characters, in the unit (as given, or uV or
/// mV for voltages) that keeps the gain best. Where the length is no whole number of data records, the last one is filled with each lead's last
/// sample and the filling is annotated as `padding`.
///
/// # Errors
/// [`WriteError`]: the file exists and may not be replaced, a lead has invalid samples (EDF has no code for them), a scale does not
/// fit into eight characters.
pub fn edf_plus(path: &Path, recording: &NewRecording, existing: Existing) -> Result<PathBuf, WriteError> {
    let length = check(recording, path)? as usize;
    atomic::refuse_existing([path], existing)?;
    let unsuitable =
        |field: &str, problem: &str| WriteError::Unsuitable { path: path.into(), field: field.into(), problem: problem.into() };
    if let Some(lead) = recording.leads.iter().find(|lead| lead.samples.contains(&i16::MIN)) {
        return Err(unsuitable(&format!("lead {}", lead.name), "EDF has no code for invalid samples (i16::MIN)"));
    }
    let blocks = Blocks::choose(length, recording.rate, recording.leads.len());
    let lists = annotation_lists(recording, &blocks, length);
    let list_bytes = lists.iter().map(Vec::len).max().unwrap_or(0).next_multiple_of(2).max(16);

    let mut file = Vec::new();
    let signals = recording.leads.len() + 1;
    let header_bytes = 256 * (signals + 1);
    let mut put = |text: &str, width: usize| -> Result<(), WriteError> {
        let text: String = text.chars().map(|c| if c.is_ascii() && !c.is_ascii_control() { c } else { '?' }).collect();
        if text.len() > width {
            return Err(unsuitable(&format!("`{text}`"), &format!("the header field holds {width} characters")));
        }
        file.extend_from_slice(format!("{text:<width$}").as_bytes());
        Ok(())
    };
    put("0", 8)?;
    put(&patient_field(&recording.patient), 80)?;
    put(&recording_field(recording), 80)?;
    // Without a start time the specification's own placeholder stands.
    let unknown = NaiveDate::from_ymd_opt(1985, 1, 1).unwrap_or_default().and_hms_opt(0, 0, 0).unwrap_or_default();
    let start: NaiveDateTime = recording.start.unwrap_or(unknown);
    if (1985..2085).contains(&start.year()) {
        put(&start.format("%d.%m.%y").to_string(), 8)?;
    } else {
        put(&start.format("%d.%m.yy").to_string(), 8)?;
    }
    put(&start.format("%H.%M.%S").to_string(), 8)?;
    put(&header_bytes.to_string(), 8)?;
    put("EDF+C", 44)?;
    put(&blocks.count.to_string(), 8)?;
    put(&blocks.duration, 8)?;
    put(&signals.to_string(), 4)?;

    let limits = recording
        .leads
        .iter()
        .map(|lead| {
            Limits::of(lead)
                .ok_or_else(|| unsuitable(&format!("scale of lead {}", lead.name), "its limits do not fit into eight characters"))
        })
        .collect::<Result<Vec<_>, _>>()?;
    for lead in &recording.leads {
        put(&label(&lead.name), 16)?;
    }
    put("EDF Annotations", 16)?;
    for _ in 0..signals {
        put("", 80)?;
    }
    for limit in &limits {
        put(&limit.unit, 8)?;
    }
    put("", 8)?;
    for limit in &limits {
        put(&limit.low, 8)?;
    }
    put("-1", 8)?;
    for limit in &limits {
        put(&limit.high, 8)?;
    }
    put("1", 8)?;
    for limit in ["-32768", "32767"] {
        for _ in 0..signals {
            put(limit, 8)?;
        }
    }
    for _ in 0..signals {
        put("", 80)?;
    }
    for _ in &recording.leads {
        put(&blocks.samples.to_string(), 8)?;
    }
    put(&(list_bytes / 2).to_string(), 8)?;
    for _ in 0..signals {
        put("", 32)?;
    }

    for (block, list) in lists.iter().enumerate() {
        for lead in &recording.leads {
            let last = lead.samples.last().copied().unwrap_or(0);
            for sample in block * blocks.samples..(block + 1) * blocks.samples {
                file.extend_from_slice(&lead.samples.get(sample).copied().unwrap_or(last).to_le_bytes());
            }
        }
        file.extend_from_slice(list);
        file.resize(file.len() + list_bytes - list.len(), 0);
    }
    atomic::write(path, &file, existing)?;
    Ok(path.into())
}

/// How samples are divided into data records.
struct Blocks {
    samples: usize,
    count: usize,
    /// Seconds, as written.
    duration: String,
    seconds: f64,
}

impl Blocks {
    /// Records as near to one second as can be whose duration is exact in eight characters: such that leave no rest, else with the
    /// last one to be filled. Where no duration is exact (the rate is no terminating fraction) it is rounded.
    fn choose(length: usize, rate: Rate, leads: usize) -> Self {
        let exact = |samples: usize| {
            let seconds = samples as f64 / rate.hz();
            let text = decimal(seconds, 8)?;
            (text.parse::<f64>().ok()? * rate.hz() == samples as f64).then_some((text, seconds))
        };
        let most = (LARGEST_RECORD / 2 / leads.max(1)).max(1);
        let distance = |samples: usize| (samples as f64 / rate.hz()).ln().abs();
        let nearest = |divides: &dyn Fn(usize) -> bool| {
            (1..=most)
                .filter(|samples| distance(*samples) < 3.0 && divides(*samples))
                .filter_map(|samples| Some((samples, exact(samples)?)))
                .min_by(|a, b| distance(a.0).total_cmp(&distance(b.0)))
        };
        let chosen = nearest(&|samples| length.is_multiple_of(samples)).or_else(|| nearest(&|_| true));
        let (samples, (duration, seconds)) = chosen.unwrap_or_else(|| {
            let samples = (rate.hz().round() as usize).clamp(1, most);
            let seconds = samples as f64 / rate.hz();
            (samples, (decimal(seconds, 8).unwrap_or_else(|| "1".into()), seconds))
        });
        Self { samples, count: length.div_ceil(samples), duration, seconds }
    }
}

/// The time-stamped annotation lists, one for each data record.
fn annotation_lists(recording: &NewRecording, blocks: &Blocks, length: usize) -> Vec<Vec<u8>> {
    let onset = |seconds: f64| {
        let text = format!("{seconds:+.7}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let mut lists: Vec<Vec<u8>> =
        (0..blocks.count).map(|block| format!("{}\x14\x14\0", onset(block as f64 * blocks.seconds)).into_bytes()).collect();
    let mut add = |at: u64, duration: Option<u64>, texts: &[&str]| {
        let block = usize::try_from(at)
            .unwrap_or(usize::MAX)
            .checked_div(blocks.samples)
            .unwrap_or(0)
            .min(blocks.count.saturating_sub(1));
        let mut entry = onset(at as f64 / recording.rate.hz());
        if let Some(duration) = duration {
            entry.push('\x15');
            entry.push_str(onset(duration as f64 / recording.rate.hz()).trim_start_matches('+'));
        }
        for text in texts {
            entry.push('\x14');
            entry.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
        }
        entry.push_str("\x14\0");
        if let Some(list) = lists.get_mut(block) {
            list.extend_from_slice(entry.as_bytes());
        }
    };
    for annotation in &recording.annotations {
        add(annotation.at.0, annotation.duration, &texts(annotation));
    }
    let stored = blocks.count * blocks.samples;
    if stored > length {
        add(length as u64, Some((stored - length) as u64), &["padding"]);
    }
    lists
}

/// The texts of an annotation: its mnemonic, which a plain note has none of and a rhythm change says by its text, and its text.
fn texts(annotation: &Annotation) -> Vec<&str> {
    let Mnemonic(mnemonic) = &annotation.mnemonic;
    let text = annotation.text.as_str();
    let said_by_text = !text.is_empty() && (mnemonic == "\"" || crate::formats::edf::mnemonic_of(text) == annotation.mnemonic);
    if said_by_text {
        vec![text]
    } else if text.is_empty() {
        vec![mnemonic]
    } else {
        vec![mnemonic, text]
    }
}

/// A lead's physical limits at the digital limits -32768 and 32767.
struct Limits {
    unit: String,
    low: String,
    high: String,
}

impl Limits {
    /// The unit in which eight characters keep the gain best; `None` where the limits cannot be written at all.
    fn of(lead: &NewLead) -> Option<Self> {
        let scale = &lead.scale;
        let own = crate::recording::Scale::voltage_unit(&scale.unit);
        let mut candidates = vec![(scale.unit.as_str(), 1.0)];
        if let Some(millivolts) = own {
            candidates.extend([("mV", millivolts), ("uV", millivolts * 1e3)]);
        }
        let (_, best) = candidates
            .into_iter()
            .filter_map(|(unit, factor)| {
                let physical = |digital: f64| (digital - scale.baseline) / scale.gain * factor;
                let (low, high) = (decimal(physical(-32768.0), 8)?, decimal(physical(32767.0), 8)?);
                let gain = 65535.0 / (high.parse::<f64>().ok()? - low.parse::<f64>().ok()?) * factor;
                let error = (gain / scale.gain - 1.0).abs();
                (error < 1e-3).then(|| (error, Self { unit: unit.into(), low, high }))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(best)
    }
}

/// The number in at most `width` characters, as exactly as they allow; `None` where even its whole part does not fit.
fn decimal(value: f64, width: usize) -> Option<String> {
    (0..=width).rev().find_map(|places| {
        let text = format!("{value:.places$}");
        let text = if places > 0 { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
        (text.len() <= width && value.is_finite()).then_some(if text == "-0" { "0".to_owned() } else { text })
    })
}

/// `ECG aVR`: the standard label of EDF+ for an ECG lead.
fn label(name: &str) -> String {
    match LeadName::parse(name) {
        LeadName::Standard(lead) => format!("ECG {}", lead.name()),
        LeadName::Other(other) if other.to_ascii_uppercase().starts_with("ECG") || other.len() > 12 => other,
        LeadName::Other(other) => format!("ECG {other}"),
    }
}

/// `code sex birthdate name`, with X for what is unknown, then the age where there is no date of birth.
fn patient_field(patient: &Patient) -> String {
    let word = |text: &Option<String>| text.as_deref().map_or_else(|| "X".to_owned(), |t| t.trim().replace(' ', "_"));
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

/// `02-MAR-2002`: the month in English and upper case, as the specification and EDFlib demand.
fn day(date: NaiveDate) -> String {
    date.format("%d-%b-%Y").to_string().to_uppercase()
}
