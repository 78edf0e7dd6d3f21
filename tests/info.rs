//! `info` on the conformance sets: the real binary's digests against the expected sums.

mod formats_support;

use formats_support::shared;
use serde_json::Value;
use std::{collections::HashMap, path::Path, process::Command};

fn json(path: &Path) -> serde_json::Map<String, Value> {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// What `info --jsonl` says of the folder, by file.
fn info(folder: &Path) -> HashMap<String, Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_efficientecg")).args(["info", "--jsonl"]).arg(folder).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("panicked"), "{errors}");
    // Headers without their signal file, a layout and a file without signals are there to be refused.
    assert_eq!(output.status.code(), Some(1), "{errors}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let documents = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    documents.map(|document| (document["file"].as_str().unwrap().to_owned(), document)).collect()
}

/// Compares name, length, sum and digest of each signal; several of one name come in file order.
fn assert_signals(context: &str, document: &Value, names: &[Value], digests: &[Value]) {
    let mut left: Vec<&Value> =
        document["signals"].as_array().unwrap_or_else(|| panic!("{context}: {document}")).iter().collect();
    assert_eq!(left.len(), names.len(), "{context}");
    for (name, theirs) in names.iter().zip(digests) {
        let at =
            left.iter().position(|signal| signal["name"] == *name || name == "").unwrap_or_else(|| panic!("{context}: {name}"));
        let ours = left.remove(at);
        for (our_field, their_field) in [("samples", "len"), ("sum", "sum"), ("sha256", "sha256_i32le")] {
            assert_eq!(ours[our_field], theirs[their_field], "{context} {name} {our_field}");
        }
        assert_ne!(ours["checksum_ok"], false, "{context} {name}");
    }
}

#[test]
fn digests_of_the_conformance_sets_are_the_expected_ones() {
    let Some(root) = shared("conformance") else { return };
    let documents = info(&root);
    let document = |file: &str| {
        let path = root.join(file);
        documents.get(path.to_str().unwrap()).unwrap_or_else(|| panic!("nothing was said of {file}"))
    };
    let mut compared = 0;
    for (record, expected) in json(&root.join("expected/wfdb_records.json")) {
        let (Some(names), Some(digests)) = (expected["header"]["sig_name"].as_array(), expected["digital"].as_array()) else {
            continue;
        };
        // Segments are part of their record.
        if documents.contains_key(root.join(format!("{record}.hea")).to_str().unwrap()) {
            assert_signals(&record, document(&format!("{record}.hea")), names, digests);
            compared += 1;
        }
    }
    for (file, expected) in json(&root.join("expected/edf_files.json")) {
        let Some(signals) = expected["pyedflib"]["signals"].as_array() else { continue };
        let names: Vec<Value> = signals.iter().map(|signal| signal["label"].clone()).collect();
        let digests: Vec<Value> = signals.iter().map(|signal| signal["digital"].clone()).collect();
        assert_signals(&file, document(&file), &names, &digests);
        compared += 1;
    }
    assert!(compared >= 23, "only {compared} were compared");
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(root.join("edf-synthetic/cases.json")).unwrap()).unwrap();
    for case in cases {
        let file = case["file"].as_str().unwrap();
        let document = document(&format!("edf-synthetic/{file}"));
        // Only the file without signals is refused.
        assert_eq!(document.get("error").is_some(), file == "zero_signals.edf", "{document}");
        if case["expect"].is_string() && file != "zero_signals.edf" {
            assert!(document["repairs"].as_array().is_some_and(|repairs| !repairs.is_empty()), "{document}");
        }
    }
}
