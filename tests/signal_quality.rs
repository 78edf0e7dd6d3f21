//! Signal quality, exchanged electrodes and pacemaker stimuli on real recordings.

mod formats_support;

use efficientecg::{
    formats,
    recording::{LeadName, Rate, SampleIndex},
    signal::{
        beats::detect,
        quality::{NamedLead, acceptability, suspected_reversals},
        spikes::stimuli,
    },
};
use formats_support::shared;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// Every `step`-th record of a folder.
fn records(folder: &Path, step: usize) -> Vec<Record> {
    let mut headers: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "hea"))
        .collect();
    headers.sort();
    headers.iter().step_by(step).map(|header| Record::open(header)).collect()
}

struct Record {
    name: String,
    rate: Rate,
    leads: Vec<(LeadName, Vec<f32>)>,
    peaks: Vec<SampleIndex>,
}

impl Record {
    fn open(header: &Path) -> Self {
        let recording = formats::open(header).unwrap_or_else(|e| panic!("{e}"));
        let leads: Vec<(LeadName, Vec<f32>)> = recording
            .leads
            .iter()
            .map(|signal| {
                let mut lead = Vec::new();
                signal.read_millivolts(0, recording.length as usize, &mut lead).unwrap_or_else(|e| panic!("{e}"));
                (signal.lead.clone(), lead)
            })
            .collect();
        let peaks = detect(&views(&leads), recording.rate).peaks;
        Self { name: recording.name.clone(), rate: recording.rate, leads, peaks }
    }

    fn named(&self) -> Vec<NamedLead<'_>> {
        self.leads.iter().map(|(name, samples)| NamedLead { name, samples }).collect()
    }
}

fn views(leads: &[(LeadName, Vec<f32>)]) -> Vec<&[f32]> {
    leads.iter().map(|l| l.1.as_slice()).collect()
}

#[test]
fn few_false_alarms_on_the_lobachevsky_database() {
    let Some(data) = shared("data") else { return };
    // `Cardiac pacing` of ludb.csv.
    let paced = ["34", "45", "72", "74", "90", "93", "104", "111"];
    let (mut seen, mut found) = (0, Vec::new());
    for record in records(&data.join("ludb"), 1) {
        seen += 1;
        let suspected = suspected_reversals(&record.named(), record.rate, &record.peaks);
        assert!(suspected.is_empty(), "{}: {suspected:?}", record.name);
        let spikes = stimuli(&views(&record.leads), record.rate, &record.peaks);
        if !spikes.is_empty() {
            assert!(paced.contains(&record.name.as_str()), "{}: {spikes:?}", record.name);
            found.push(record.name);
        }
    }
    println!("{seen} records, stimuli in {found:?}");
    assert!(seen > 100 && found.len() >= 4);
}

#[test]
fn no_stimuli_in_the_mit_bih_database_where_nobody_is_paced() {
    let Some(data) = shared("data") else { return };
    for record in records(&data.join("mitdb"), 4) {
        if !["102", "104", "107", "217"].contains(&record.name.as_str()) {
            let spikes = stimuli(&views(&record.leads), record.rate, &record.peaks);
            assert!(spikes.is_empty(), "{}: {} stimuli", record.name, spikes.len());
        }
    }
}

#[test]
fn acceptability_agrees_with_people_on_what_it_was_fitted_to() {
    let Some(data) = shared("data") else { return };
    let folder = data.join("cinc2011");
    let labels = std::fs::read_to_string(folder.join("QUALITY.csv")).expect("labels");
    let labels: HashMap<&str, bool> =
        labels.lines().skip(1).filter_map(|l| l.split_once(',')).map(|(r, q)| (r, q == "acceptable")).collect();
    let (mut right, mut all) = (0, 0);
    for record in records(&folder, 8) {
        let judged = acceptability(&record.named(), record.rate, &record.peaks).expect("ten seconds of twelve leads");
        all += 1;
        right += usize::from(judged.acceptable() == labels[record.name.as_str()]);
    }
    println!("{right} of {all}");
    // Fitted to these records: this checks that Rust and the fit agree, not how good it is.
    assert!(all > 50 && right as f64 > 0.93 * all as f64, "{right} of {all}");
}
