//! Measurements on the Lobachevsky University database, between the boundaries that cardiologists marked in each lead.

mod formats_support;

use efficientecg::{
    formats,
    recording::{Annotation, LeadName, Rate},
    signal::{
        measurements::{MeasureInput, MeasureLead, MeasureOutput, measure},
        waves::{BeatWaves, LeadWaves, Wave, Waves},
    },
};
use formats_support::shared;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Marked waves of one lead: kind and wave.
fn marked(annotations: &[Annotation]) -> Vec<(char, Wave)> {
    annotations
        .windows(3)
        .filter(|w| w[0].mnemonic.as_str() == "(" && w[2].mnemonic.as_str() == ")")
        .filter_map(|w| {
            let kind = w[1].mnemonic.as_str().chars().next()?;
            Some((kind, Wave { onset: w[0].at.0 as f64, peak: w[1].at.0 as f64, offset: w[2].at.0 as f64 }))
        })
        .collect()
}

struct Record {
    names: Vec<LeadName>,
    samples: Vec<Vec<f32>>,
    rate: Rate,
    peaks: Vec<f64>,
    waves: Waves,
    comments: String,
}

/// R peaks are the medians over leads of the peaks marked within 75 ms of each other.
fn read(header: &Path) -> Record {
    let recording = formats::open(header).unwrap_or_else(|e| panic!("{e}"));
    let mut names = Vec::new();
    let mut samples = Vec::new();
    let mut lists = Vec::new();
    for signal in &recording.leads {
        let mut lead = Vec::new();
        signal.read_millivolts(0, recording.length as usize, &mut lead).unwrap_or_else(|e| panic!("{e}"));
        samples.push(lead);
        let annotator = signal.lead.to_string().to_lowercase();
        let set = recording.annotations.iter().find(|s| s.annotator == annotator).expect("marks of every lead");
        lists.push(marked(&set.annotations));
        names.push(signal.lead.clone());
    }
    let hz = recording.rate.hz();
    let mut all: Vec<f64> = lists.iter().flatten().filter(|(kind, _)| *kind == 'N').map(|(_, w)| w.peak).collect();
    all.sort_by(f64::total_cmp);
    let groups = all.chunk_by(|a, b| b - a < 0.075 * hz);
    let peaks: Vec<f64> = groups.filter(|g| g.len() >= 3).map(|g| g[g.len() / 2]).collect();
    let near = |at: f64, reach_s: std::ops::Range<f64>| {
        peaks.iter().position(|p| (reach_s.start * hz..reach_s.end * hz).contains(&(at - p)))
    };
    let leads = lists
        .iter()
        .zip(&names)
        .map(|(list, lead)| {
            let mut beats: Vec<BeatWaves> = (0..peaks.len()).map(|beat| BeatWaves { beat, ..Default::default() }).collect();
            for (k, (kind, wave)) in list.iter().enumerate() {
                // P belongs to the QRS complex marked after it, T to that before it.
                let place = match kind {
                    'N' => near(wave.peak, -0.1..0.1),
                    'p' => list.get(k + 1).filter(|n| n.0 == 'N').and_then(|n| near(n.1.peak, -0.1..0.1)),
                    _ => {
                        k.checked_sub(1).and_then(|k| list.get(k)).filter(|n| n.0 == 'N').and_then(|n| near(n.1.peak, -0.1..0.1))
                    }
                };
                let Some(beat) = place.and_then(|b| beats.get_mut(b)) else { continue };
                match kind {
                    'N' => beat.qrs = Some(*wave),
                    'p' => beat.p = Some(*wave),
                    _ => beat.t = Some(*wave),
                }
            }
            beats.retain(|b| b.qrs.is_some());
            LeadWaves { lead: lead.clone(), beats }
        })
        .collect();
    let waves = Waves { global: Vec::new(), leads };
    Record { names, samples, rate: recording.rate, peaks, waves, comments: recording.comments.join("\n").to_lowercase() }
}

fn measured(record: &Record) -> MeasureOutput {
    let leads: Vec<MeasureLead> =
        record.names.iter().zip(&record.samples).map(|(name, samples)| MeasureLead { name, samples, calibrated: true }).collect();
    measure(&MeasureInput {
        leads: &leads,
        rate: record.rate,
        peaks: &record.peaks,
        used: None,
        waves: &record.waves,
        age_years: Some(50.0),
        sex: None,
    })
}

#[test]
fn axes_and_rhythms_as_cardiologists_saw_them() {
    let Some(folder) = shared("data/ludb") else { return };
    let mut headers: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "hea"))
        .collect();
    headers.sort();
    assert!(headers.len() > 50, "{} records", headers.len());
    let mut axes: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let (mut sinus, mut with_pr) = (0usize, 0usize);
    for header in &headers {
        let record = read(header);
        let measurements = measured(&record).measurements;
        for name in ["heart_rate", "qrs", "qt", "qtc_fridericia"] {
            assert!(measurements.value(name).is_some(), "{}: {name} {:?}", header.display(), measurements.get(name));
        }
        let seen = |words: &str| record.comments.contains(words);
        if seen("atrial fibrillation") || seen("atrial flutter") {
            assert_eq!(measurements.value("pr"), None, "{}", header.display());
        } else {
            sinus += 1;
            with_pr += usize::from(measurements.value("pr").is_some());
        }
        for kind in ["left axis deviation", "horizontal", "normal", "vertical"] {
            if seen(&format!("axis of the heart: {kind}")) {
                axes.entry(kind).or_default().extend(measurements.value("qrs_axis"));
            }
        }
    }
    let mut middle = |kind: &str| {
        let all = axes.get_mut(kind).expect("records of that axis");
        all.sort_by(f64::total_cmp);
        println!("{kind}: {} records, median axis {:.0} degrees", all.len(), all[all.len() / 2]);
        all[all.len() / 2]
    };
    let [left, horizontal, normal, vertical] = ["left axis deviation", "horizontal", "normal", "vertical"].map(&mut middle);
    println!("{sinus} records without fibrillation or flutter, {with_pr} of them with a PR interval");
    assert!(left < 10.0 && (10.0..45.0).contains(&horizontal) && (40.0..70.0).contains(&normal) && vertical > 70.0);
    assert!(with_pr as f64 > 0.93 * sinus as f64);
}
