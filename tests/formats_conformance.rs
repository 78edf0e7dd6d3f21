//! Files that other programs wrote, held against what other programs read from them.

mod formats_support;

use chrono::Timelike;
use efficientecg::{
    formats::{self, FormatError},
    recording::{Data, INVALID_SAMPLE, Recording, Signal},
};
use formats_support::{recorded, shared};
use serde_json::Value;
use std::{path::Path, sync::Arc};

/// A variable-layout record begins with a null segment.
#[test]
fn null_segments_are_gaps() {
    let Some(root) = shared("conformance/wfdb-python/multi-segment/s25047") else { return };
    let recording = formats::open(&root.join("s25047-2704-05-04-10-44.hea")).unwrap();
    let gaps: Vec<_> = recording.gaps.iter().map(|gap| (gap.start.0, gap.end.0)).collect();
    assert_eq!(gaps, [(0, 25740)]);
    assert_eq!(recording.length, 543_240);
    assert!(recording.leads.iter().all(|lead| lead.calibrated));
}

fn json(path: &Path) -> serde_json::Map<String, Value> {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The recording's signal with that label; several of one label come in file order.
fn signals_in_file_order<'a>(recording: &'a Recording, names: &[Value]) -> Vec<&'a Arc<Signal>> {
    let mut left = recorded(recording);
    names
        .iter()
        .map(|name| {
            let label = name.as_str().unwrap_or_default();
            let at =
                left.iter().position(|s| s.label == label || label.is_empty()).unwrap_or_else(|| panic!("no signal {label}"));
            left.remove(at)
        })
        .collect()
}

fn digital(signal: &Signal) -> Vec<i32> {
    let Data::Recorded { source, .. } = &signal.data else { panic!("derived") };
    let mut samples = vec![0; source.len() as usize];
    source.read(0, &mut samples).unwrap();
    samples.into_iter().map(|s| if s == INVALID_SAMPLE { source.invalid_code() } else { s }).collect()
}

fn close(ours: f64, theirs: &Value) -> bool {
    match theirs.as_f64() {
        None => ours.is_nan(),
        Some(theirs) => (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1.0),
    }
}

fn compare(record: &str, expected: &Value, recording: &Recording) {
    let names = expected["header"]["sig_name"].as_array().unwrap();
    let signals = signals_in_file_order(recording, names);
    for (index, signal) in signals.iter().enumerate() {
        let context = format!("{record} signal {index} {}", signal.label);
        let theirs = &expected["digital"][index];
        let digest = formats::digest(signal).unwrap().unwrap();
        assert_eq!(digest.samples, theirs["len"], "{context}");
        let samples = digital(signal);
        let list = |v: &Value| v.as_array().unwrap().iter().map(|x| x.as_i64().unwrap() as i32).collect::<Vec<_>>();
        let (first, last) = (list(&theirs["first10"]), list(&theirs["last10"]));
        assert_eq!(samples[..first.len()], first, "{context}");
        assert_eq!(samples[samples.len() - last.len()..], last, "{context}");
        assert_eq!(digest.sum, theirs["sum"], "{context}");
        assert_eq!(digest.sha256, theirs["sha256_i32le"], "{context}");
        let Data::Recorded { scale, source } = &signal.data else { panic!() };
        let physical: Vec<f64> =
            samples.iter().map(|s| if *s == source.invalid_code() { f64::NAN } else { scale.physical(*s) }).collect();
        let theirs = &expected["physical"][index];
        assert_eq!(physical.iter().filter(|v| v.is_nan()).count() as u64, theirs["nan"], "{context}");
        for (ours, theirs) in physical.iter().zip(theirs["first5"].as_array().unwrap()) {
            assert!(close(*ours, theirs), "{context}: {ours} {theirs}");
        }
        for (ours, theirs) in physical.iter().rev().zip(theirs["last5"].as_array().unwrap().iter().rev()) {
            assert!(close(*ours, theirs), "{context}: {ours} {theirs}");
        }
        let declared = expected["header"]["checksum"][index].as_i64();
        assert_eq!(signal.declared_checksum.map(i64::from), declared.map(|d| i64::from(d as i16)), "{context}");
    }
}

/// Multi-segment records: physical values only, the others' at the frame rate (averages where a signal is faster).
fn compare_segments(record: &str, expected: &Value, recording: &Recording) {
    let names = expected["names"].as_array().unwrap();
    for (index, signal) in signals_in_file_order(recording, names).iter().enumerate() {
        let context = format!("{record} {}", signal.label);
        let theirs = &expected["signals"][index];
        let Data::Recorded { scale, .. } = &signal.data else { panic!() };
        assert_eq!(scale.unit, expected["units"][index].as_str().unwrap(), "{context}");
        let frames = expected["sig_len"].as_u64().unwrap();
        let per_frame = signal.len() / frames;
        assert_eq!(signal.len(), frames * per_frame, "{context}");
        let stored = digital(signal);
        let physical: Vec<f64> = stored.iter().map(|s| scale.physical(*s)).collect();
        let values: Vec<f64> = physical.chunks(per_frame as usize).map(|c| c.iter().sum::<f64>() / per_frame as f64).collect();
        // Their averages count invalid samples as values.
        if per_frame == 1 {
            assert_eq!(values.iter().filter(|v| v.is_nan()).count() as u64, theirs["nan"], "{context}");
        }
        // A common scale of differing segments rounds; the others' averages are whole counts.
        let tolerance = if per_frame > 1 { 1.0 / scale.gain.abs() } else { 2e-6 };
        let near = |ours: f64, theirs: &Value| match theirs.as_f64() {
            None => ours.is_nan(),
            Some(theirs) => (ours - theirs).abs() <= tolerance,
        };
        for (ours, theirs) in values.iter().zip(theirs["first5"].as_array().unwrap()) {
            assert!(near(*ours, theirs), "{context}: {ours} {theirs}");
        }
        for (ours, theirs) in values.iter().rev().zip(theirs["last5"].as_array().unwrap().iter().rev()) {
            assert!(near(*ours, theirs), "{context}: {ours} {theirs}");
        }
        if per_frame > 1 {
            continue;
        }
        assert!(near(values.iter().copied().fold(f64::INFINITY, f64::min), &theirs["min"]), "{context}");
        assert!(near(values.iter().copied().fold(f64::NEG_INFINITY, f64::max), &theirs["max"]), "{context}");
    }
}

#[test]
fn wfdb_records() {
    let Some(root) = shared("conformance") else { return };
    let mut read = 0;
    for (record, expected) in json(&root.join("expected/wfdb_records.json")) {
        let path = root.join(format!("{record}.hea"));
        match formats::open(&path) {
            Ok(recording) if expected.get("digital").is_some() => {
                compare(&record, &expected, &recording);
                read += 1;
            }
            Ok(recording) if expected["physical"].get("names").is_some() => {
                compare_segments(&record, &expected["physical"], &recording);
                read += 1;
            }
            Ok(_) => panic!("{record}: opened, but other readers find {}", expected["read_error"]),
            Err(error) if expected.get("digital").is_none() => println!("{error}  [{}]", expected["read_error"]),
            Err(error) => panic!("{error}"),
        }
    }
    assert!(read >= 41, "only {read} records were compared");
}

fn compare_digital(context: &str, signal: &Signal, theirs: &Value) {
    let digest = formats::digest(signal).unwrap().unwrap();
    let samples = digital(signal);
    let list = |v: &Value| v.as_array().unwrap().iter().map(|x| x.as_i64().unwrap() as i32).collect::<Vec<_>>();
    let (first, last) = (list(&theirs["first10"]), list(&theirs["last10"]));
    assert_eq!(digest.samples, theirs["len"], "{context}");
    assert_eq!(samples[..first.len()], first, "{context}");
    assert_eq!(samples[samples.len() - last.len()..], last, "{context}");
    assert_eq!(digest.sum, theirs["sum"], "{context}");
    assert_eq!(digest.sha256, theirs["sha256_i32le"], "{context}");
}

/// Annotations as `pyedflib` gives them: -1 for no duration, onsets from the first data record.
fn compare_annotations(context: &str, path: &Path, offset_s: f64, theirs: &Value) {
    let ours = formats::edf::annotations(path).unwrap();
    assert_eq!(ours.len() as u64, theirs["n"], "{context}");
    for (ours, theirs) in ours.iter().zip(theirs["first10"].as_array().unwrap()) {
        assert!((ours.onset_s - offset_s - theirs[0].as_f64().unwrap()).abs() < 1e-6, "{context}: {ours:?} {theirs}");
        assert_eq!(ours.duration_s.unwrap_or(-1.0), theirs[1].as_f64().unwrap(), "{context}: {ours:?}");
        assert_eq!(ours.text, theirs[2].as_str().unwrap(), "{context}");
    }
}

#[test]
fn edf_files_of_other_programs() {
    let Some(root) = shared("conformance") else { return };
    for (file, expected) in json(&root.join("expected/edf_files.json")) {
        let path = root.join(&file);
        let recording = formats::open(&path).unwrap();
        let signals = recorded(&recording);
        let theirs = &expected["pyedflib"];
        if let Some(expected_signals) = theirs["signals"].as_array() {
            let labels: Vec<Value> = expected_signals.iter().map(|s| s["label"].clone()).collect();
            assert_eq!(signals.len(), labels.len(), "{file}");
            for (ours, theirs) in signals_in_file_order(&recording, &labels).iter().zip(expected_signals) {
                let context = format!("{file} {}", ours.label);
                compare_digital(&context, ours, &theirs["digital"]);
                assert!((ours.rate.hz() - theirs["sample_frequency"].as_f64().unwrap()).abs() < 1e-9, "{context}");
                let Data::Recorded { scale, .. } = &ours.data else { panic!() };
                assert_eq!(scale.unit, theirs["dimension"].as_str().unwrap(), "{context}");
                for limit in ["min", "max"] {
                    let digital = theirs[format!("digital_{limit}")].as_i64().unwrap() as i32;
                    assert!(close(scale.physical(digital), &theirs[format!("physical_{limit}")]), "{context}");
                }
            }
            let offset_s = theirs["starttime_subsecond"].as_f64().unwrap() * 1e-7;
            compare_annotations(&file, &path, offset_s, &theirs["annotations"]);
            // The fraction is taken from the field of its own: pyedflib prints it without its leading digit.
            let start = recording.start.unwrap();
            let seconds = theirs["startdate"].as_str().unwrap().split('.').next().unwrap();
            assert_eq!(start.format("%Y-%m-%d %H:%M:%S").to_string(), seconds, "{file}");
            assert!((f64::from(start.nanosecond()) * 1e-9 - offset_s).abs() < 1e-9, "{file}");
        } else {
            let names = expected["edfio"]["signals"].as_array().unwrap();
            let labels: Vec<Value> = names.iter().map(|s| s[0].clone()).collect();
            for (ours, theirs) in signals_in_file_order(&recording, &labels).iter().zip(names) {
                assert_eq!(ours.rate.hz(), theirs[1].as_f64().unwrap(), "{file}");
            }
        }
    }
}

#[test]
fn edf_patients_and_the_same_recording_in_wfdb() {
    let Some(root) = shared("conformance") else { return };
    let generator = formats::open(&root.join("pyedflib/test_generator.edf")).unwrap();
    assert_eq!(generator.patient.id.as_deref(), Some("abcxyz99"));
    assert_eq!(generator.patient.name.as_deref(), Some("Hans Muller"));
    assert_eq!(generator.patient.born.unwrap().to_string(), "1969-06-30");
    assert_eq!(generator.patient.age_years, Some(41.0));
    assert_eq!(generator.patient.sex.unwrap().letter(), "M");
    let edf = formats::open(&root.join("wfdb-python/test_generator_2.edf")).unwrap();
    let wfdb = formats::open(&root.join("wfdb-python/test_generator_2.hea")).unwrap();
    for signal in recorded(&edf) {
        let same = recorded(&wfdb).into_iter().find(|s| s.label == signal.label).unwrap();
        assert_eq!(digital(signal), digital(same), "{}", signal.label);
        assert_eq!(signal.rate, same.rate);
    }
}

/// The truth of the synthetic files, by construction.
#[test]
fn edf_corner_cases() {
    let Some(root) = shared("conformance/edf-synthetic") else { return };
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(root.join("cases.json")).unwrap()).unwrap();
    for case in &cases {
        let file = case["file"].as_str().unwrap();
        let path = root.join(file);
        let opened = formats::open(&path);
        if file == "zero_signals.edf" {
            assert!(matches!(opened, Err(FormatError::NoSignals { .. })));
            continue;
        }
        let recording = opened.unwrap_or_else(|error| panic!("{error}"));
        let signals = recorded(&recording);
        let repaired: Vec<_> = recording.repairs.iter().map(|r| r.field.as_str()).collect();
        // Two signals of one name are allowed, but whoever reads of "ECG" should know.
        let faulty = case.get("expect").is_some() || file == "duplicate_labels.edf";
        assert_eq!(!repaired.is_empty(), faulty, "{file}: {:?}", recording.repairs);
        if let Some(kind) = case["kind"].as_str() {
            assert_eq!(
                recording.format.name(),
                if kind.starts_with("EDF+") { "edf+".into() } else { kind.to_lowercase() },
                "{file}"
            );
        }
        if let Some(annotations) = case["annotations"].as_array() {
            let ours = formats::edf::annotations(&path).unwrap();
            let ours: Vec<Value> = ours.into_iter().map(|a| serde_json::json!([a.onset_s, a.duration_s, a.text])).collect();
            assert_eq!(&ours, annotations, "{file}");
        }
        let mut lengths: Vec<u64> = signals.iter().map(|s| s.len()).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        match (file, case["samples"].as_array()) {
            ("plus_d_gap.edf", _) => {
                assert_eq!((recording.length, lengths), (3000, vec![3000]));
                let [gap] = recording.gaps.as_slice() else { panic!("{:?}", recording.gaps) };
                assert_eq!((gap.start.0, gap.end.0), (500, 2500));
                let samples = digital(signals[0]);
                assert!(samples[500..2500].iter().all(|s| *s == INVALID_SAMPLE));
                assert!(samples[..500].iter().chain(&samples[2500..]).all(|s| *s != INVALID_SAMPLE));
                assert_eq!(recording.annotations[0].annotations[0].at.0, 2625);
            }
            (_, Some(samples)) => {
                let mut samples: Vec<u64> = samples.iter().map(|s| s.as_u64().unwrap()).collect();
                samples.sort_unstable_by(|a, b| b.cmp(a));
                assert_eq!(lengths, samples, "{file}");
            }
            ("records_unknown.edf", _) => assert_eq!(lengths, [750]),
            ("truncated.edf" | "bad_tal.edf", _) => assert_eq!(lengths, [500]),
            _ => assert!(!lengths.is_empty(), "{file}"),
        }
        match file {
            "inverted_physical.edf" => {
                let Data::Recorded { scale, .. } = &signals[0].data else { panic!() };
                assert!(close(scale.physical(digital(signals[0])[0]), &case["first_physical"]));
            }
            "bad_phys_equal.edf" => assert_eq!(signals.iter().map(|s| s.calibrated).collect::<Vec<_>>(), [false, true]),
            "comma_decimal.edf" => assert!(signals[0].calibrated && repaired.iter().all(|f| f.starts_with("physical m"))),
            "twelve_lead_shuffled.edf" => {
                let order: Vec<_> = case["order"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
                for lead in &recording.leads {
                    let mut values = Vec::new();
                    lead.read_millivolts(0, 1, &mut values).unwrap();
                    let place = order.iter().position(|name| *name == lead.lead.to_string()).unwrap();
                    assert!((values[0] - (place as f32 + 1.0) / 1000.0).abs() < 1e-6, "{}", lead.lead);
                }
                let names: Vec<_> = recording.leads.iter().map(|l| l.lead.to_string()).collect();
                assert_eq!(names, ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]);
            }
            "duplicate_labels.edf" => {
                let names: Vec<_> = recording.leads.iter().map(|l| l.lead.to_string()).collect();
                assert_eq!(names, ["ECG", "ECG (2)"]);
            }
            "date_1985.edf" => {
                assert_eq!(recording.start.unwrap().format("%Y-%m-%dT%H:%M:%S").to_string(), case["startdate"].as_str().unwrap())
            }
            "plus_c_subsecond.edf" => {
                assert_eq!(recording.start.unwrap().format("%S%.3f").to_string(), "10.250");
                assert_eq!(recording.rate.seconds(recording.annotations[0].annotations[0].at), 0.252);
            }
            "bad_tal.edf" => println!("{:?}", recording.repairs),
            _ => {}
        }
    }
    assert!(cases.len() >= 18);
}

#[test]
fn wfdb_annotations() {
    let Some(root) = shared("conformance") else { return };
    for (file, expected) in json(&root.join("expected/wfdb_annotations.json")) {
        let parsed = formats::wfdb::annotation::parse(&std::fs::read(root.join(&file)).unwrap()).unwrap();
        assert!(!parsed.truncated, "{file}");
        assert_eq!(parsed.annotations.len() as u64, expected["n"], "{file}");
        let rows: Vec<Value> = parsed
            .annotations
            .iter()
            .map(|a| {
                // A code without a mnemonic is `nan` there.
                let name = if a.mnemonic.as_str().len() > 2 { "nan" } else { a.mnemonic.as_str() };
                serde_json::json!([a.time, name, a.subtype, a.chan, a.num, a.aux])
            })
            .collect();
        let first = expected["first10"].as_array().unwrap();
        assert_eq!(&rows[..first.len()], first.as_slice(), "{file}");
        let last = expected["last3"].as_array().unwrap();
        assert_eq!(&rows[rows.len() - last.len()..], last.as_slice(), "{file}");
        if let (Some(resolution), Some(fs)) = (parsed.resolution, expected["fs"].as_f64()) {
            assert_eq!(resolution, fs, "{file}");
        }
    }
}
