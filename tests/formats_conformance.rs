//! Files that other programs wrote, held against what other programs read from them.

mod formats_support;

use efficientecg::{
    formats::{self, FormatError},
    recording::{Data, INVALID_SAMPLE, Recording, Signal},
};
use formats_support::{recorded, shared};
use serde_json::Value;
use std::{path::Path, sync::Arc};

/// Records of kinds that are not read yet: each must say so. The list only ever gets shorter.
fn not_yet_read(record: &str, header: &Value) -> bool {
    let formats = header["fmt"].as_array();
    header.get("seg_name").is_some() || formats.is_some_and(|f| f.iter().any(|f| f == "8")) || record.contains("EDF")
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

#[test]
fn wfdb_records() {
    let Some(root) = shared("conformance") else { return };
    let (mut read, mut refused) = (0, Vec::new());
    for (record, expected) in json(&root.join("expected/wfdb_records.json")) {
        let path = root.join(format!("{record}.hea"));
        match formats::open(&path) {
            Ok(recording) if expected.get("digital").is_some() => {
                compare(&record, &expected, &recording);
                read += 1;
            }
            Ok(_) => panic!("{record}: opened, but other readers find {}", expected["read_error"]),
            Err(FormatError::NotYetRead { .. }) if not_yet_read(&record, &expected["header"]) => refused.push(record),
            Err(error) if expected.get("digital").is_none() => println!("{error}  [{}]", expected["read_error"]),
            Err(error) => panic!("{error}"),
        }
    }
    println!("{read} read, not yet read: {refused:?}");
    assert!(read >= 15, "only {read} records were compared");
}
