//! `evaluate` against what `bxb` and `rxr` of WFDB 10.7.0 printed on the same annotations, byte for byte.

mod formats_support;

use formats_support::shared;
use serde_json::Value;
use std::{path::Path, process::Command};

/// Standard output and standard error of `evaluate`, which must succeed.
fn evaluate(folder: &Path, test: &str, options: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_efficientecg"))
        .args(["evaluate", "--reference", "atr", "--test", test])
        .args(options)
        .arg(folder)
        .output()
        .expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(0), "{test} {options:?}: {stderr}");
    (stdout, stderr)
}

fn expected(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_case_is_reproduced_byte_for_byte() {
    let Some(folder) = shared("conformance/ec57") else { return };
    let cases: Value = serde_json::from_str(&expected(&folder, "cases.json")).unwrap();
    let cases = cases.as_array().unwrap();
    for case in cases {
        let text = |field: &str| case[field].as_str().unwrap().to_owned();
        let arguments: Vec<&str> = case["args"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
        let options: &[&str] = match arguments[..] {
            ["bxb", "-S", "-"] => &[],
            ["bxb", "-f", "0", "-S", "-"] => &["-f", "0"],
            ["bxb", "-L", "-", "-"] => &["--line"],
            ["rxr", "-S", "-"] => &["--runs=only"],
            _ => panic!("no way to ask for {arguments:?}"),
        };
        assert_eq!(text("reference"), "atr");
        let (stdout, _) = evaluate(&folder, &text("test"), options);
        assert_eq!(stdout, expected(&folder, &text("expected")), "{} {arguments:?}", text("expected"));
    }
    assert_eq!(cases.len(), 32);
}

#[test]
fn every_disagreement_is_named_as_by_bxb() {
    let Some(folder) = shared("conformance/ec57") else { return };
    for test in ["ta", "tb", "tc", "td", "te", "tf", "tg", "th"] {
        let (_, stderr) = evaluate(&folder, test, &["-v"]);
        assert_eq!(stderr, expected(&folder, &format!("208.{test}.bxb_v.err")), "{test}");
    }
}

#[test]
fn runs_follow_beats_and_json_says_the_same() {
    let Some(folder) = shared("conformance/ec57") else { return };
    let (both, _) = evaluate(&folder, "te", &["--runs"]);
    assert_eq!(both, expected(&folder, "208.te.bxb.out") + &expected(&folder, "208.te.rxr.out"));

    let (json, _) = evaluate(&folder, "ta", &["--json", "--runs", "-v"]);
    let document: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(document["label_map"], "aami");
    let record = &document["records"][0];
    assert_eq!(record["record"], "208");
    assert_eq!(record["beats"]["matrix"]["V"]["v"], 773);
    assert_eq!(record["beats"]["qrs_sensitivity"]["hits"], 2416);
    assert_eq!(record["runs"]["ventricular"]["couplet_sensitivity"]["of"], 370);
    assert_eq!(record["runs"]["ventricular"]["sensitivity_matrix"][2][3], 7);
    assert_eq!(record["mismatches"][0]["reference_sample"], 108_307);
    assert_eq!(document["summary"]["gross"]["beats"]["matrix"], record["beats"]["matrix"]);
}

#[test]
fn an_absent_annotator_fails_the_record() {
    let Some(folder) = shared("conformance/ec57") else { return };
    let output = Command::new(env!("CARGO_BIN_EXE_efficientecg"))
        .args(["evaluate", "--test", "nobody", "--json"])
        .arg(&folder)
        .output()
        .expect("the binary starts");
    assert_eq!(output.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(document["records"][0]["error"].as_str().unwrap().contains("208.nobody"), "{document}");
}

/// The truth about the simulated demo recordings is known.
#[test]
fn the_analysis_is_judged_by_its_beats() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_efficientecg")).args(arguments).output().expect("the binary starts")
    };
    let demo = folder.path().join("demo");
    assert!(run(&["demo", "--out", demo.to_str().unwrap()]).status.success());
    let wfdb = demo.join("wfdb");
    let output = run(&["evaluate", "--test", "analysis", "--from", "0", "--json", wfdb.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["summary"]["recordings"], 6);
    assert_eq!(document["summary_without_paced"]["recordings"], 5);
    let beats = &document["summary"]["gross"]["beats"];
    assert!(beats["qrs_sensitivity"]["percent"].as_f64().unwrap() >= 99.0, "{beats}");
    assert!(beats["qrs_predictivity"]["percent"].as_f64().unwrap() >= 99.0, "{beats}");

    // Ten-second recordings have nothing after the learning period.
    let output = run(&["evaluate", "--test", "analysis", wfdb.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--from 0"));
}
