//! `efficientecg prepare`: recordings as arrays for training, made by the code that serves the window.
//! The form is described in `models/README.md`.

use super::{Exit, Item, analyze::each, cli::PrepareArgs, message, recordings};
use crate::{
    analysis::{Analyzer, Demographics, Described, Progress},
    recording::{AnnotationSet, Rate, Recording, SampleIndex},
    signal::features,
};
use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fs::OpenOptions,
    io::{BufWriter, Write},
    path::Path,
    sync::Arc,
};

/// A reference annotation belongs to the detected beat within this time, as in EC57.
const MATCH_S: f64 = 0.15;

#[derive(Debug, Serialize)]
struct Entry {
    record: String,
    file: String,
    format: &'static str,
    rate_hz: f64,
    leads: Vec<String>,
    derived: Vec<bool>,
    usable: Vec<bool>,
    samples: usize,
    /// Counted in floats from the start of `signal.f32`.
    offset: Option<u64>,
    calibrated: bool,
    features: BTreeMap<&'static str, Option<f32>>,
    beats: Vec<BeatEntry>,
}

#[derive(Debug, Serialize)]
struct BeatEntry {
    sample: f64,
    features: BTreeMap<&'static str, Option<f32>>,
    label: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When the folder or its files cannot be written, or a path holds no recording.
pub fn run(arguments: &PrepareArgs) -> Result<Exit> {
    let Some(rate) = Rate::new(arguments.rate) else { bail!(super::BadUsage("--rate must be above 0".to_owned())) };
    let band = match arguments.band.as_slice() {
        [low, high] if 0.0 < *low && low < high && *high < rate.hz() / 2.0 => (*low, *high),
        other => bail!(super::BadUsage(format!("--band {other:?} must be two rising frequencies below half of --rate"))),
    };
    let items = recordings(&arguments.paths);
    std::fs::create_dir_all(&arguments.out).with_context(|| format!("{}: cannot be made", arguments.out.display()))?;
    let file = |name: &str| new_file(&arguments.out.join(name));
    let mut index = file("index.jsonl")?;
    let mut signal = if arguments.features_only { None } else { Some(file("signal.f32")?) };
    let mut table = file("features.json")?;
    serde_json::to_writer_pretty(&mut table, &*features::RECORD_FEATURES)?;
    table.flush()?;
    let mut table = file("beat_features.json")?;
    serde_json::to_writer_pretty(&mut table, features::BEAT_FEATURES.as_slice())?;
    table.flush()?;
    let mut offset = 0u64;
    let exit = each(
        &arguments.engine,
        &items,
        |analyzer, item| one(analyzer, item, rate, band, &arguments.annotator),
        |path, result| {
            let (mut entry, samples) = match result {
                Ok(made) => made,
                Err(error) => {
                    message(&format!("{}: {error:#}", path.display()));
                    return Ok(false);
                }
            };
            if let Some(signal) = &mut signal {
                entry.offset = Some(offset);
                offset += samples.len() as u64;
                for value in samples {
                    signal.write_all(&value.to_le_bytes())?;
                }
            }
            serde_json::to_writer(&mut index, &entry)?;
            index.write_all(b"\n")?;
            Ok(true)
        },
    )?;
    index.flush()?;
    if let Some(mut signal) = signal {
        signal.flush()?;
    }
    Ok(exit)
}

fn new_file(path: &Path) -> Result<BufWriter<std::fs::File>> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .with_context(|| format!("{}: cannot be made (existing files are never overwritten)", path.display()))?;
    Ok(BufWriter::new(file))
}

fn one(analyzer: &Analyzer, item: &Item, rate: Rate, band: (f64, f64), annotator: &str) -> Result<(Entry, Vec<f32>)> {
    let recording = item.open()?;
    let demographics = Demographics { age_years: recording.patient.age_years, sex: recording.patient.sex };
    let described = analyzer.describe(&recording, demographics, rate, band, &Progress::new())?;
    let Described { prepared, features: values } = described;
    let mut prepared = Arc::unwrap_or_clone(prepared);
    // What the application would not show to a model is not to be learnt from.
    for lead in prepared.leads.iter_mut().filter(|lead| !lead.usable) {
        lead.samples.fill(f32::NAN);
    }
    let usable: Vec<&[f32]> = prepared.leads.iter().filter(|l| l.usable).map(|l| l.samples.as_slice()).collect();
    let positions = prepared.peak_positions();
    let input = features::Input { leads: &usable, rate, beats: &positions };
    let reference = recording.annotations.iter().find(|set| set.annotator == annotator);
    let labels = match reference {
        Some(set) => labels(&prepared.peaks, set, &recording),
        None => vec![None; positions.len()],
    };
    // Beat features serve the beat classifier only, which is trained where there are reference beats.
    let beats = match reference {
        Some(_) => features::beat_features(&input),
        None => vec![features::BeatFeatures::default(); positions.len()],
    };
    let entry = Entry {
        record: recording.name.clone(),
        file: item.path.display().to_string(),
        format: recording.format.name(),
        rate_hz: rate.hz(),
        leads: prepared.leads.iter().map(|l| l.name.to_string()).collect(),
        derived: prepared.leads.iter().map(|l| l.derived).collect(),
        usable: prepared.leads.iter().map(|l| l.usable).collect(),
        samples: prepared.leads.first().map_or(0, |l| l.samples.len()),
        offset: None,
        calibrated: prepared.leads.iter().all(|l| l.calibrated),
        features: (features::RECORD_FEATURES.iter()).map(|f| (f.name.as_str(), values.get(&f.name).copied().flatten())).collect(),
        beats: positions
            .iter()
            .zip(beats)
            .zip(labels)
            .map(|((sample, values), label)| BeatEntry {
                sample: *sample,
                features: features::BEAT_FEATURES.iter().map(|f| f.name).zip(values.values()).collect(),
                label,
            })
            .collect(),
    };
    Ok((entry, prepared.leads.into_iter().flat_map(|l| l.samples).collect()))
}

/// The reference mnemonic of each detected beat: pairs within [`MATCH_S`], nearest first, each used once.
fn labels(peaks: &[SampleIndex], reference: &AnnotationSet, recording: &Recording) -> Vec<Option<String>> {
    let window = recording.rate.samples_in(MATCH_S);
    let beats: Vec<_> = reference.annotations.iter().filter(|a| a.mnemonic.is_beat()).collect();
    let mut pairs = Vec::new();
    for (peak_index, peak) in peaks.iter().enumerate() {
        let first = beats.partition_point(|b| b.at.0 + window < peak.0);
        for (beat_index, beat) in beats.iter().enumerate().skip(first).take_while(|(_, b)| b.at.0 <= peak.0 + window) {
            pairs.push((peak.0.abs_diff(beat.at.0), peak_index, beat_index));
        }
    }
    pairs.sort_unstable();
    let mut out = vec![None; peaks.len()];
    let mut used = vec![false; beats.len()];
    for (_, peak_index, beat_index) in pairs {
        if let (Some(label), Some(used), Some(beat)) = (out.get_mut(peak_index), used.get_mut(beat_index), beats.get(beat_index))
            && label.is_none()
            && !*used
        {
            *used = true;
            *label = Some(beat.mnemonic.to_string());
        }
    }
    out
}
