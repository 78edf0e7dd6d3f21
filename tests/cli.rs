//! The real binary on real files: what it prints, its exit codes, and that it never writes where it reads.

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn efficientecg(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_efficientecg")).args(arguments).output().expect("the binary starts")
}

fn documents(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// The demo recordings in a folder that goes away with the value.
fn demo() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("demo folder");
    let written = efficientecg(&["demo", "--out", text(&out)]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    (folder, out)
}

fn schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/analysis-1.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).expect("the schema")).expect("JSON");
    jsonschema::validator_for(&schema).expect("a valid schema")
}

fn assert_valid(validator: &jsonschema::Validator, document: &Value) {
    let faults: Vec<String> = validator.iter_errors(document).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{}: {faults:#?}", document["file"]);
}

/// `data/` and `conformance/`, where this machine has them.
fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("EFFICIENTECG_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from)
        .join("data");
    if !folder.is_dir() {
        eprintln!("skipped: no recordings (set EFFICIENTECG_DATA)");
        return None;
    }
    Some(folder)
}

#[test]
fn demo_recordings_are_analysed_and_the_output_fits_the_schema() {
    let (_keep, out) = demo();
    let analysed = efficientecg(&["analyze", "--jsonl", text(&out)]);
    assert_eq!(analysed.status.code(), Some(0), "{}", String::from_utf8_lossy(&analysed.stderr));
    let documents = documents(&analysed);
    assert_eq!(documents.len(), 12, "six recordings, each as EDF+ and WFDB");
    let validator = schema();
    for document in &documents {
        assert_valid(&validator, document);
        assert_eq!(document["recording"]["simulated"], true);
        assert_eq!(document["recording"]["leads"].as_array().map(Vec::len), Some(12));
        assert_eq!(document["findings"].as_array().map(Vec::len), Some(43), "{}", document["refused"]);
        assert!(document["beats"].as_array().is_some_and(|beats| beats.iter().all(|b| b["label"].is_string())));
        let rhythms = document["findings"].as_array().into_iter().flatten().filter(|f| f["task"] == "rhythm");
        assert_eq!(rhythms.filter(|f| f["present"] == true).count(), 1, "exactly one rhythm is present");
    }
    // The two containers hold the same recording: the answers must not depend on the container.
    for (edf, wfdb) in documents.iter().zip(&documents[6..]) {
        assert_eq!(edf["record"], wfdb["record"]);
        assert_eq!(edf["beats"], wfdb["beats"], "{}", edf["record"]);
        for (a, b) in edf["findings"].as_array().into_iter().flatten().zip(wfdb["findings"].as_array().into_iter().flatten()) {
            let difference = a["probability"].as_f64().unwrap_or(9.0) - b["probability"].as_f64().unwrap_or(-9.0);
            assert!(difference.abs() < 1e-3, "{} {}: {difference}", edf["record"], a["code"]);
        }
    }
}

#[test]
fn the_committed_demo_is_what_the_generator_writes() {
    let (_keep, out) = demo();
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    for folder in ["edf", "wfdb"] {
        let mut names: Vec<_> = fs::read_dir(out.join(folder)).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names.len(), if folder == "edf" { 6 } else { 18 });
        for name in names {
            let (ours, theirs) = (out.join(folder).join(&name), committed.join(folder).join(&name));
            assert!(
                fs::read(ours).unwrap() == fs::read(theirs).unwrap(),
                "{name:?} differs: write it anew with `efficientecg demo`"
            );
        }
    }
}

#[test]
fn engines_agree_on_a_recording() {
    let (_keep, out) = demo();
    let file = out.join("wfdb/demo_bigeminy.hea");
    let with = |engine: &str| efficientecg(&["analyze", "--jsonl", "--engine", engine, text(&file)]);
    let tried: Value = serde_json::from_slice(&efficientecg(&["providers", "--json"]).stdout).expect("JSON");
    let absent = tried["tried"].as_array().is_some_and(|t| t.iter().all(|r| r["library"].is_null()));
    if absent && std::env::var_os("EFFICIENTECG_REQUIRE_ORT").is_none() {
        eprintln!("skipped: ONNX Runtime is not here: {tried}");
        return;
    }
    let ort = with("onnxruntime");
    assert!(ort.status.success(), "{}", String::from_utf8_lossy(&ort.stderr));
    let (ort, rten) = (&documents(&ort)[0], &documents(&with("rten"))[0]);
    assert!(ort["engine"].as_str().is_some_and(|e| e.starts_with("onnxruntime ")));
    assert!(rten["engine"].as_str().is_some_and(|e| e.starts_with("rten ")));
    assert_eq!(ort["beats"].as_array().map(Vec::len), rten["beats"].as_array().map(Vec::len));
    for (a, b) in ort["findings"].as_array().into_iter().flatten().zip(rten["findings"].as_array().into_iter().flatten()) {
        assert!((a["logit"].as_f64().unwrap_or(9.0) - b["logit"].as_f64().unwrap_or(-9.0)).abs() < 1e-3, "{a} {b}");
    }
}

#[test]
fn a_missing_library_is_said_or_an_error_when_asked_for() {
    let (keep, out) = demo();
    let file = out.join("edf/demo_normal.edf");
    let missing = keep.path().join("no such library.so");
    let run = |engine: &str| {
        Command::new(env!("CARGO_BIN_EXE_efficientecg"))
            .args(["analyze", "--jsonl", "--engine", engine, text(&file)])
            .env("ORT_DYLIB_PATH", &missing)
            .output()
            .expect("the binary starts")
    };
    let auto = run("auto");
    assert_eq!(auto.status.code(), Some(0));
    let document = &documents(&auto)[0];
    assert!(document["engine"].as_str().is_some_and(|e| e.starts_with("rten ")), "{document:#}");
    assert!(document["engine_note"].as_str().is_some_and(|note| note.contains("no such library")), "{}", document["engine_note"]);
    let strict = run("onnxruntime");
    assert_eq!(strict.status.code(), Some(3));
    assert!(strict.stdout.is_empty());
    assert!(String::from_utf8_lossy(&strict.stderr).contains("no such library"));
}

#[test]
fn a_provider_that_cannot_be_met_is_an_error() {
    let (_keep, out) = demo();
    let provider = if cfg!(windows) { "coreml" } else { "directml" };
    let run = efficientecg(&["analyze", "--jsonl", "--provider", provider, text(&out.join("edf/demo_normal.edf"))]);
    assert_eq!(run.status.code(), Some(3), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(run.stdout.is_empty());
}

#[test]
fn bad_input_is_named_and_the_rest_goes_on() {
    let (keep, out) = demo();
    let folder = keep.path().join("bad");
    fs::create_dir(&folder).unwrap();
    fs::create_dir(folder.join("empty folder")).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let good = out.join("edf/demo_paced.edf");
    let edf = fs::read(&good).unwrap();
    let bad = [
        write("empty.edf", b""),
        write("text.edf", b"Dear colleague, please find attached nothing at all.\n"),
        write("absent.hea", b"absent 1 250 1000\nabsent.dat 16 200/mV 16 0 0 0 0 II\n"),
        write("zero.hea", b"zero 1 250 0\nzero.dat 16 200/mV 16 0 0 0 0 II\n"),
        write("header only.edf", &edf[..300]),
        folder.join("empty folder"),
        folder.join("no such file.hea"),
    ];
    fs::write(folder.join("zero.dat"), b"").unwrap();
    let mut arguments = vec!["analyze", "--jsonl"];
    arguments.extend(bad.iter().map(|path| text(path)));
    arguments.push(text(&good));
    let run = efficientecg(&arguments);
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let documents = documents(&run);
    assert_eq!(documents.len(), bad.len() + 1);
    let validator = schema();
    for document in &documents {
        assert_valid(&validator, document);
    }
    for (path, fault) in bad.iter().zip(&documents) {
        assert!(fault["file"] == text(path) && fault["error"].is_string(), "{} is not reported in its place", path.display());
        // A header's fault may be its signal file's, of the same stem.
        let name = path.file_stem().unwrap().to_string_lossy();
        assert!(fault["error"].as_str().unwrap().contains(name.as_ref()), "{fault} must name the file");
    }
    assert!(documents.last().is_some_and(|d| d["record"] == "demo_paced" && d["findings"].is_array()));
    assert_eq!(fs::read(&good).unwrap(), edf, "the source is as it was");
    let info = efficientecg(&["info", "--jsonl", text(&bad[0]), text(&good)]);
    assert_eq!(info.status.code(), Some(1));
}

#[test]
fn constant_leads_are_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut header = String::from("flat 12 500 5000\n");
    for lead in ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"] {
        header.push_str(&format!("flat.dat 16 1000/mV 16 0 0 0 0 {lead}\n"));
    }
    fs::write(folder.path().join("flat.hea"), header).unwrap();
    fs::write(folder.path().join("flat.dat"), vec![7u8; 12 * 5000 * 2]).unwrap();
    let run = efficientecg(&["analyze", "--jsonl", text(folder.path())]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let document = &documents(&run)[0];
    assert_eq!(document["findings"].as_array().map(Vec::len), Some(0), "{document:#}");
    assert_eq!(document["beats"].as_array().map(Vec::len), Some(0));
    assert_eq!(document["measurements"]["heart_rate"]["value"], Value::Null);
    let refused: Vec<&str> = document["refused"].as_array().unwrap().iter().filter_map(|r| r["task"].as_str()).collect();
    assert!(refused.contains(&"rhythm") && refused.contains(&"superclass") && refused.contains(&"beats"), "{refused:?}");
}

#[test]
fn few_leads_are_answered_as_far_as_they_go() {
    let (_keep, out) = demo();
    let whole = fs::read_to_string(out.join("wfdb/demo_normal.hea")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::copy(out.join("wfdb/demo_normal.dat"), folder.path().join("demo_normal.dat")).unwrap();
    // A header that names only V1 as an ECG lead: the others become a pressure in mmHg.
    let header: Vec<String> = whole
        .lines()
        .map(|line| {
            let lead = line.ends_with(" V1") || !line.contains("demo_normal.dat");
            if lead { line.to_owned() } else { line.replace("/mV", "/mmHg") }
        })
        .collect();
    fs::write(folder.path().join("demo_normal.hea"), header.join("\n") + "\n").unwrap();
    let run = efficientecg(&["analyze", "--jsonl", text(&folder.path().join("demo_normal.hea"))]);
    let document = &documents(&run)[0];
    assert_eq!(document["recording"]["leads"], serde_json::json!(["V1"]), "{document:#}");
    let tasks: Vec<&str> = document["findings"].as_array().unwrap().iter().filter_map(|f| f["task"].as_str()).collect();
    assert_eq!(tasks, ["rhythm"; 4]);
    assert!(document["refused"].as_array().unwrap().iter().any(|r| r["task"] == "superclass"));
}

#[test]
fn existing_files_are_not_overwritten() {
    let (_keep, out) = demo();
    let again = efficientecg(&["demo", "--out", text(&out)]);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("exists already"));
    assert!(efficientecg(&["demo", "--out", text(&out), "--force"]).status.success());
}

#[test]
fn info_tells_signals_digests_and_annotations() {
    let (_keep, out) = demo();
    for file in ["edf/demo_bigeminy.edf", "wfdb/demo_bigeminy.hea"] {
        let path = out.join(file);
        let info = efficientecg(&["info", "--jsonl", text(&path)]);
        assert!(info.status.success(), "{}", String::from_utf8_lossy(&info.stderr));
        let document = &documents(&info)[0];
        assert_eq!(document["simulated"], true);
        assert_eq!(document["signals"].as_array().map(Vec::len), Some(12));
        assert!(document["signals"][0]["sha256"].as_str().is_some_and(|s| s.len() == 64));
        let annotator = document["annotations"][0]["annotator"].as_str().unwrap().to_owned();
        let listed = efficientecg(&["info", "--jsonl", text(&path), "--annotations", &annotator]);
        let listed = &documents(&listed)[0]["annotations"][0];
        assert_eq!(listed["list"].as_array().map(|l| l.len() as u64), listed["count"].as_u64(), "{file}");
    }
    let unknown = efficientecg(&["info", "--jsonl", text(&out.join("wfdb/demo_af.hea")), "--annotations", "nobody"]);
    assert_eq!(unknown.status.code(), Some(1));
}

#[test]
fn usage_errors_have_their_own_exit_code() {
    assert_eq!(efficientecg(&["analyze"]).status.code(), Some(2));
    assert_eq!(efficientecg(&["analyze", "--engine", "abacus", "x"]).status.code(), Some(2));
    assert_eq!(efficientecg(&["analyze", "--models", "/no/such/folder", "x"]).status.code(), Some(2));
    let help = efficientecg(&["--help"]);
    assert!(help.status.success());
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    for word in ["analyze", "info", "demo", "prepare", "providers", "models", "Exit codes"] {
        assert!(help.contains(word), "--help must name {word}");
    }
}

#[test]
fn prepare_writes_what_the_contract_says() {
    let (keep, out) = demo();
    let arrays = keep.path().join("arrays");
    let run = efficientecg(&["prepare", text(&out.join("wfdb")), "--out", text(&arrays)]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let index = fs::read_to_string(arrays.join("index.jsonl")).unwrap();
    let entries: Vec<Value> = index.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(entries.len(), 6);
    let table: Vec<Value> = serde_json::from_str(&fs::read_to_string(arrays.join("features.json")).unwrap()).unwrap();
    assert!(table.iter().all(|f| f["label"].is_string() && f["min"].as_f64() < f["max"].as_f64()));
    let mut offset = 0;
    for entry in &entries {
        assert_eq!(entry["offset"], offset);
        offset += entry["samples"].as_u64().unwrap() * entry["leads"].as_array().unwrap().len() as u64;
        let labelled = entry["beats"].as_array().unwrap().iter().filter(|b| b["label"].is_string()).count();
        assert!(labelled > 10 && entry["features"]["rr_mean_s"].is_number(), "{}", entry["record"]);
        let features = entry["features"].as_object().unwrap();
        assert!(table.iter().all(|f| features.contains_key(f["name"].as_str().unwrap())) && features.len() == table.len());
        for name in ["qrs", "p_share", "snr_db", "beat_count"] {
            assert!(features[name].is_number(), "{} {name}", entry["record"]);
        }
    }
    assert_eq!(fs::metadata(arrays.join("signal.f32")).unwrap().len(), offset * 4);
    let again = efficientecg(&["prepare", text(&out), "--out", text(&arrays)]);
    assert_eq!(again.status.code(), Some(1), "existing arrays are not overwritten");
    let only = keep.path().join("only");
    let run = efficientecg(&["prepare", text(&out.join("wfdb")), "--features-only", "--out", text(&only)]);
    assert!(run.status.success() && !only.join("signal.f32").exists());
    let first: Value =
        serde_json::from_str(fs::read_to_string(only.join("index.jsonl")).unwrap().lines().next().unwrap()).unwrap();
    assert!(first["offset"].is_null() && first["features"] == entries[0]["features"]);
}

#[test]
fn recordings_of_every_set_are_analysed() {
    let Some(data) = data() else { return };
    let mut files = Vec::new();
    for set in ["mitdb", "cinc2017", "ptbxl", "ludb", "cinc2011", "nstdb", "snomed"] {
        let mut headers: Vec<PathBuf> = Vec::new();
        let mut folders = vec![data.join(set)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok) {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "hea") {
                    headers.push(path);
                }
            }
        }
        headers.sort();
        let step = (headers.len() / 3).max(1);
        // MIT-BIH and the noise set are half an hour each: one of each is enough here.
        let count = if matches!(set, "mitdb" | "nstdb") { 1 } else { 3 };
        files.extend(headers.into_iter().step_by(step).take(count));
    }
    let mut arguments = vec!["analyze", "--jsonl"];
    arguments.extend(files.iter().map(|path| text(path)));
    let run = efficientecg(&arguments);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let documents = documents(&run);
    assert_eq!(documents.len(), files.len());
    let validator = schema();
    for (document, file) in documents.iter().zip(&files) {
        assert_valid(&validator, document);
        assert_eq!(document["file"], text(file));
        let rhythm = |list: &Value| list.as_array().into_iter().flatten().any(|e| e["task"] == "rhythm");
        assert!(rhythm(&document["findings"]) || rhythm(&document["refused"]), "{document:#}");
        if document["recording"]["duration_s"].as_f64().is_some_and(|s| s > 100.0) {
            assert!(document["windows"].as_array().is_some_and(|w| w.len() > 100));
        }
    }
}
