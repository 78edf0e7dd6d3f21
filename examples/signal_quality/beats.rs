//! The detector against reference beats, EC57's match window, the whole record.

use super::{headers, load};
use efficientecg::formats;
use std::path::Path;

/// Prints beats found, missed and invented by record and in all.
pub fn table(folder: &Path) {
    println!("record,found,missed,invented,sensitivity,positive_predictivity");
    let mut total = [0usize; 3];
    for header in headers(folder) {
        let record = load(&header);
        let recording = formats::open(&header).unwrap_or_else(|e| panic!("{e}"));
        let Some(reference) = recording.annotations.iter().find(|set| set.annotator == "atr") else { continue };
        // Ventricular flutter holds no beats to find.
        let (mut flutter, mut truth, mut spans) = (None, Vec::new(), Vec::new());
        for annotation in &reference.annotations {
            match annotation.mnemonic.as_str() {
                "[" => flutter = Some(annotation.at.0),
                "]" => spans.extend(flutter.take().map(|s| s..annotation.at.0)),
                _ if annotation.mnemonic.is_beat() && flutter.is_none() => truth.push(annotation.at.0),
                _ => {}
            }
        }
        let beats: Vec<u64> = record.peaks().iter().map(|p| p.0).filter(|at| !spans.iter().any(|s| s.contains(at))).collect();
        let one = compare(&truth, &beats, (0.150 * record.rate.hz()).round() as u64);
        show(&record.name, one);
        total.iter_mut().zip(one).for_each(|(sum, part)| *sum += part);
    }
    show("all", total);
}

fn show(name: &str, [found, missed, invented]: [usize; 3]) {
    let share = |other: usize| 100.0 * found as f64 / (found + other).max(1) as f64;
    println!("{name},{found},{missed},{invented},{:.3},{:.3}", share(missed), share(invented));
}

fn compare(truth: &[u64], beats: &[u64], window: u64) -> [usize; 3] {
    let (mut found, mut t, mut b) = (0, 0, 0);
    while t < truth.len() && b < beats.len() {
        if truth[t].abs_diff(beats[b]) <= window {
            (found, t, b) = (found + 1, t + 1, b + 1);
        } else if truth[t] < beats[b] {
            t += 1;
        } else {
            b += 1;
        }
    }
    [found, truth.len() - found, beats.len() - found]
}
