//! The QRS detector on real recordings with reference beats.

mod formats_support;

use efficientecg::{
    formats,
    recording::{Annotation, Rate},
    signal::beats::detect,
};
use formats_support::shared;
use std::path::{Path, PathBuf};

/// EC57's match window.
const WINDOW_S: f64 = 0.150;

/// Beats found, missed and invented.
#[derive(Debug, Default, Clone, Copy)]
struct Score {
    found: usize,
    missed: usize,
    invented: usize,
}

impl Score {
    fn sensitivity(self) -> f64 {
        self.found as f64 / (self.found + self.missed).max(1) as f64
    }

    fn positive_predictivity(self) -> f64 {
        self.found as f64 / (self.found + self.invented).max(1) as f64
    }
}

/// Ventricular flutter and fibrillation, in which there are no beats to find.
fn flutter(annotations: &[Annotation]) -> Vec<std::ops::Range<u64>> {
    let mut spans = Vec::new();
    let mut start = None;
    for annotation in annotations {
        match annotation.mnemonic.as_str() {
            "[" => start = Some(annotation.at.0),
            "]" => spans.extend(start.take().map(|s| s..annotation.at.0)),
            _ => {}
        }
    }
    spans
}

fn score(header: &Path) -> Score {
    let recording = formats::open(header).unwrap_or_else(|e| panic!("{e}"));
    let reference = &recording.annotations.iter().find(|set| set.annotator == "atr").expect("reference beats").annotations;
    let excluded = flutter(reference);
    let leads: Vec<Vec<f32>> = recording
        .leads
        .iter()
        .map(|signal| {
            let mut lead = Vec::new();
            signal.read_millivolts(0, recording.length as usize, &mut lead).unwrap_or_else(|e| panic!("{e}"));
            lead
        })
        .collect();
    let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
    let outside = |at: &u64| !excluded.iter().any(|span| span.contains(at));
    let truth: Vec<u64> = reference.iter().filter(|a| a.mnemonic.is_beat()).map(|a| a.at.0).filter(outside).collect();
    let beats: Vec<u64> = detect(&views, recording.rate).peaks.into_iter().map(|p| p.0).filter(outside).collect();
    compare(&truth, &beats, recording.rate)
}

/// Pairs beats in time order, each with one other at most.
fn compare(truth: &[u64], beats: &[u64], rate: Rate) -> Score {
    let window = (WINDOW_S * rate.hz()).round() as u64;
    let (mut score, mut t, mut b) = (Score::default(), 0, 0);
    while t < truth.len() && b < beats.len() {
        if truth[t].abs_diff(beats[b]) <= window {
            score.found += 1;
            t += 1;
            b += 1;
        } else if truth[t] < beats[b] {
            score.missed += 1;
            t += 1;
        } else {
            score.invented += 1;
            b += 1;
        }
    }
    score.missed += truth.len() - t;
    score.invented += beats.len() - b;
    score
}

#[test]
fn beats_of_the_mit_bih_database() {
    let Some(data) = shared("data") else { return };
    let mut headers: Vec<PathBuf> = std::fs::read_dir(data.join("mitdb"))
        .expect("mitdb")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "hea"))
        .collect();
    headers.sort();
    assert!(headers.len() >= 3, "{} records", headers.len());
    let mut total = Score::default();
    for header in &headers {
        let one = score(header);
        println!("{}: {one:?}", header.file_stem().unwrap_or_default().display());
        assert!(one.sensitivity() > 0.985 && one.positive_predictivity() > 0.98, "{}: {one:?}", header.display());
        total.found += one.found;
        total.missed += one.missed;
        total.invented += one.invented;
    }
    println!(
        "{} records, {} beats: sensitivity {:.3} %, positive predictivity {:.3} %",
        headers.len(),
        total.found + total.missed,
        100.0 * total.sensitivity(),
        100.0 * total.positive_predictivity()
    );
    assert!(total.sensitivity() > 0.998 && total.positive_predictivity() > 0.997, "{total:?}");
}
