//! Three records of each shared data set, read through and compared with their headers' own checksums.

mod formats_support;

use efficientecg::{
    formats,
    recording::{LeadName, Recording, Sex, StandardLead},
};
use formats_support::{recorded, shared};

fn open(set: &str, record: &str) -> Option<Recording> {
    let folder = shared("data")?.join(set);
    let recording = formats::open(&folder.join(record)).unwrap();
    assert_eq!(recording.repairs, []);
    for signal in recorded(&recording) {
        let digest = formats::digest(signal).unwrap().unwrap();
        assert_eq!(digest.checksum_ok, Some(true), "{record} {}", signal.label);
    }
    Some(recording)
}

fn lead_names(recording: &Recording) -> Vec<String> {
    recording.leads.iter().map(|s| s.lead.to_string()).collect()
}

const TWELVE: [&str; 12] = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];

#[test]
fn mitdb() {
    for (name, age, sex, leads, beats) in [
        ("101.hea", Some(75.0), Sex::Female, ["MLII", "V1"], 1865),
        ("114.dat", Some(72.0), Sex::Female, ["MLII", "V5"], 1879),
        ("104.atr", Some(66.0), Sex::Female, ["V2", "V5"], 2229),
    ] {
        let Some(recording) = open("mitdb", name) else { return };
        assert_eq!(lead_names(&recording), leads, "{name}");
        assert_eq!((recording.rate.hz(), recording.length), (360.0, 650_000));
        assert_eq!((recording.patient.age_years, recording.patient.sex), (age, Some(sex)), "{name}");
        let [atr] = recording.annotations.as_slice() else { panic!("{name}: {:?}", recording.annotations.len()) };
        assert_eq!(atr.annotator, "atr");
        assert_eq!(atr.annotations.iter().filter(|a| a.mnemonic.is_beat()).count(), beats, "{name}");
    }
}

#[test]
fn cinc2017() {
    for name in ["A00/A00002.hea", "A03/A03001.hea", "A08/A08001.dat"] {
        let Some(recording) = open("cinc2017", name) else { return };
        assert_eq!(lead_names(&recording), ["ECG"]);
        assert_eq!(recording.rate.hz(), 300.0);
        assert!(recording.leads[0].calibrated);
    }
}

#[test]
fn ptbxl() {
    for (name, hz, length) in [
        ("records500/00001_hr.hea", 500.0, 5000),
        ("records100/00501_lr_2.dat", 100.0, 1000),
        ("records100/01999_lr.hea", 100.0, 1000),
    ] {
        let Some(recording) = open("ptbxl", name) else { return };
        assert_eq!(lead_names(&recording), TWELVE, "{name}");
        assert_eq!((recording.rate.hz(), recording.length), (hz, length));
        assert!(recording.leads.iter().all(|lead| !lead.is_derived()));
    }
}

#[test]
fn ludb() {
    for (name, age, sex) in [("1.hea", 51.0, Sex::Female), ("2.dat", 64.0, Sex::Male), ("1.avf", 51.0, Sex::Female)] {
        let Some(recording) = open("ludb", name) else { return };
        assert_eq!(lead_names(&recording), TWELVE, "{name}");
        assert_eq!((recording.patient.age_years, recording.patient.sex), (Some(age), Some(sex)), "{name}");
        let annotators: Vec<_> = recording.annotations.iter().map(|set| set.annotator.as_str()).collect();
        assert_eq!(annotators, ["avf", "avl", "avr", "i", "ii", "iii", "v1", "v2", "v3", "v4", "v5", "v6"]);
        assert!(recording.annotations.iter().all(|set| set.annotations.iter().any(|a| a.mnemonic.is_beat())));
    }
}

#[test]
fn cinc2011() {
    for name in ["1002603.hea", "1003574.hea", "1004502.hea"] {
        let Some(recording) = open("cinc2011", name) else { return };
        assert_eq!(lead_names(&recording), TWELVE, "{name}");
        let mut values = Vec::new();
        recording.lead(&LeadName::Standard(StandardLead::II)).unwrap().read_millivolts(0, 5000, &mut values).unwrap();
        assert_eq!(values.len(), 5000);
    }
}

#[test]
fn snomed() {
    for (name, age, sex) in [("Q0017.hea", 65.0, Sex::Female), ("Q0022.mat", 53.0, Sex::Female), ("Q0026.hea", 63.0, Sex::Female)]
    {
        let Some(recording) = open("snomed", name) else { return };
        assert_eq!(lead_names(&recording), TWELVE, "{name}");
        assert!(recording.start.is_some());
        assert_eq!((recording.patient.age_years, recording.patient.sex), (Some(age), Some(sex)), "{name}");
    }
}

#[test]
fn folders_list_each_record_once() {
    let Some(data) = shared("data") else { return };
    for (set, at_least) in [("mitdb", 26), ("ptbxl", 1732), ("cinc2017", 7249), ("ludb", 160), ("cinc2011", 798), ("snomed", 19)]
    {
        let found = formats::find_recordings(&data.join(set)).unwrap();
        assert!(found.len() >= at_least, "{set}: {}", found.len());
        // LUDB's names are bare numbers; all other sets' have the same number of digits throughout.
        let number = |f: &formats::Found| f.path.file_stem().and_then(|s| s.to_str()?.parse::<u32>().ok());
        let in_order = |a: &formats::Found, b: &formats::Found| {
            if set == "ludb" { number(a) < number(b) } else { a.path < b.path }
        };
        assert!(found.windows(2).all(|pair| in_order(&pair[0], &pair[1])), "{set} is not sorted");
        assert!(found.iter().all(|f| f.path.extension().is_some_and(|e| e == "hea")));
    }
    let Some(segments) = shared("conformance/wfdb-python/multi-segment") else { return };
    let found = formats::find_recordings(&segments).unwrap();
    let names: Vec<_> = found.iter().map(|f| f.path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["041s", "v102s", "s25047-2704-05-04-10-44", "s25047-2704-05-04-10-44n"]);
    let one = formats::find_recordings(&data.join("ptbxl/records100/00501_lr_2.dat")).unwrap();
    assert_eq!(one[0].path, data.join("ptbxl/records100/00501_lr.hea"));
}

/// Opens and reads through everything; run with `--ignored --nocapture` to see the times.
#[test]
#[ignore = "reads ten thousand records"]
fn every_record_has_its_declared_checksums() {
    let Some(data) = shared("data") else { return };
    for set in ["mitdb", "nstdb", "ptbxl", "cinc2017", "ludb", "cinc2011", "snomed"] {
        let started = std::time::Instant::now();
        let found = formats::find_recordings(&data.join(set)).unwrap();
        let listed = started.elapsed();
        let recordings: Vec<Recording> = found.iter().map(|f| formats::open(&f.path).unwrap()).collect();
        let opened = started.elapsed() - listed;
        let mut wrong = Vec::new();
        for recording in &recordings {
            let bad = recorded(recording)
                .into_iter()
                .filter(|s| formats::digest(s).unwrap().unwrap().checksum_ok == Some(false))
                .count();
            if bad > 0 || !recording.repairs.is_empty() {
                wrong.push((&recording.name, bad, &recording.repairs));
            }
        }
        let with_age = recordings.iter().filter(|r| r.patient.age_years.is_some()).count();
        println!(
            "{set}: {} records, listed in {listed:?}, opened in {opened:?}, with age {with_age}, all in {:?}",
            found.len(),
            started.elapsed()
        );
        assert!(wrong.is_empty(), "{set}: {wrong:?}");
    }
}
