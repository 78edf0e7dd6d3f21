//! For those who work on the signal analysis: tables and speeds from real recordings.
//!
//! `cargo run --release --example signal_quality -- features FOLDER > features.csv`: what the record's acceptability is judged by.
//! `... reversals FOLDER`: suspected exchanges of electrodes as recorded and after simulated exchanges.
//! `... spikes FOLDER`: pacemaker stimuli by record.
//! `... beats FOLDER`: beats found, missed and invented against the reference annotations. `... speed`: times of the analyses.

use efficientecg::{
    formats,
    recording::{LeadName, Rate, SampleIndex},
    signal::{beats::detect, quality, spikes::stimuli},
};
mod beats;
mod reversals;
mod speed;

use std::path::{Path, PathBuf};

/// A recording as the analysis takes it.
struct Loaded {
    name: String,
    rate: Rate,
    names: Vec<LeadName>,
    leads: Vec<Vec<f32>>,
}

impl Loaded {
    fn views(&self) -> Vec<&[f32]> {
        self.leads.iter().map(Vec::as_slice).collect()
    }

    fn peaks(&self) -> Vec<SampleIndex> {
        detect(&self.views(), self.rate).peaks
    }
}

fn headers(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "hea"))
        .collect();
    found.sort();
    found
}

fn load(header: &Path) -> Loaded {
    let recording = formats::open(header).unwrap_or_else(|e| panic!("{e}"));
    let read = |signal: &std::sync::Arc<efficientecg::recording::Signal>| {
        let mut lead = Vec::new();
        signal.read_millivolts(0, recording.length as usize, &mut lead).unwrap_or_else(|e| panic!("{e}"));
        lead
    };
    Loaded {
        name: recording.name.clone(),
        rate: recording.rate,
        names: recording.leads.iter().map(|l| l.lead.clone()).collect(),
        leads: recording.leads.iter().map(read).collect(),
    }
}

fn features(folder: &Path) {
    println!("record,{}", quality::FEATURES.join(","));
    for header in headers(folder) {
        let record = load(&header);
        let values = quality::record_features(&record.views(), record.rate, &record.peaks());
        let values: Vec<String> = values.iter().map(|v| format!("{v:.6}")).collect();
        println!("{},{}", record.name, values.join(","));
    }
}

fn spikes(folder: &Path) {
    println!("record,stimuli,beats,first");
    for header in headers(folder) {
        let record = load(&header);
        let peaks = record.peaks();
        let found = stimuli(&record.views(), record.rate, &peaks);
        let first: Vec<String> =
            found.iter().take(5).map(|s| format!("{:.3} {:?} {:.2}", record.rate.seconds(s.at), s.before, s.height_mv)).collect();
        println!("{},{},{},{}", record.name, found.len(), peaks.len(), first.join(";"));
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["features", folder] => features(Path::new(folder)),
        ["reversals", folder] => reversals::table(Path::new(folder)),
        ["spikes", folder] => spikes(Path::new(folder)),
        ["beats", folder] => beats::table(Path::new(folder)),
        ["speed"] => speed::table(),
        _ => {
            eprintln!("signal_quality features|reversals|spikes|beats FOLDER, or signal_quality speed");
            std::process::exit(2);
        }
    }
}
