//! `efficientecg demo`: the simulated demo recordings as files.

use super::{Exit, cli::DemoArgs};
use crate::{
    formats::write::{self, Existing, NewRecording, NewSignal},
    recording::{Annotation, AnnotationSet, MemorySource, Mnemonic, Patient, SampleIndex, Scale},
    simulate::{self, Simulated},
};
use anyhow::{Context, Result};
use chrono::{Datelike, NaiveDate};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Runs the command.
///
/// # Errors
/// When a file cannot be written, or exists and `--force` is absent.
pub fn run(arguments: &DemoArgs) -> Result<Exit> {
    let existing = if arguments.force { Existing::Replace } else { Existing::Keep };
    for path in write_all(&arguments.out, existing)? {
        eprintln!("wrote {}", path.display());
    }
    Ok(Exit::Done)
}

/// Writes every demo recording as EDF+ to `folder/edf` and as WFDB to `folder/wfdb`; returns what was written.
///
/// # Errors
/// When a file cannot be written, or exists and may not be replaced.
pub fn write_all(folder: &Path, existing: Existing) -> Result<Vec<PathBuf>> {
    let (edf, wfdb) = (folder.join("edf"), folder.join("wfdb"));
    for folder in [&edf, &wfdb] {
        std::fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    }
    let mut written = Vec::new();
    for simulated in simulate::demo_recordings() {
        let recording = file_form(&simulated);
        written.push(write::edf_plus(&edf, &recording, existing)?.path);
        written.push(write::wfdb(&wfdb, &recording, None, existing)?.path);
    }
    Ok(written)
}

/// The demo recordings for a window that was given no file: those in `folder`, written there first where they are missing.
///
/// # Errors
/// When they cannot be written.
pub fn in_folder(folder: &Path) -> Result<PathBuf> {
    let wfdb = folder.join("wfdb");
    if !simulate::demo_recordings().iter().all(|demo| wfdb.join(format!("{}.hea", demo.name)).is_file()) {
        write_all(folder, Existing::Replace)?;
    }
    Ok(wfdb)
}

/// A simulated recording as it goes to a file, declared as simulated.
fn file_form(simulated: &Simulated) -> NewRecording {
    let start = NaiveDate::from_ymd_opt(2026, 1, 1).and_then(|day| day.and_hms_opt(10, 0, 0));
    let age = simulated.age_years;
    let beats = simulated.beats.iter().map(|beat| annotation(beat.sample, beat.mnemonic.clone(), String::new()));
    let rhythm = annotation(SampleIndex(0), Mnemonic("+".to_owned()), simulated.rhythm.to_owned());
    NewRecording {
        name: simulated.name.clone(),
        rate: simulated.rate,
        start,
        patient: Patient {
            id: Some("SIMULATED".to_owned()),
            name: None,
            age_years: age.map(f32::from),
            sex: simulated.sex,
            // EDF+ has a day of birth only.
            born: start.and_then(|s| NaiveDate::from_ymd_opt(s.year() - i32::from(age?), 1, 1)),
        },
        signals: simulated
            .leads
            .iter()
            .map(|lead| NewSignal {
                name: lead.lead.name().to_owned(),
                ecg: true,
                rate: simulated.rate,
                calibrated: true,
                scale: Scale {
                    gain: simulate::COUNTS_PER_MV,
                    baseline: 0.0,
                    unit: "mV".to_owned(),
                    millivolts_per_unit: Some(1.0),
                },
                source: Arc::new(MemorySource(lead.counts.iter().map(|count| i32::from(*count)).collect())),
            })
            .collect(),
        gaps: Vec::new(),
        annotations: vec![AnnotationSet {
            annotator: "atr".to_owned(),
            annotations: std::iter::once(rhythm).chain(beats).collect(),
        }],
        comments: vec![format!(" {}", simulated.title)],
        simulated: true,
        sources: Vec::new(),
    }
}

fn annotation(at: SampleIndex, mnemonic: Mnemonic, text: String) -> Annotation {
    Annotation { at, duration: None, mnemonic, subtype: 0, chan: 0, num: 0, text }
}
