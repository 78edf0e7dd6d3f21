//! `efficientecg models` of the real binary: the models in it, a folder of one's own, and what is damaged or missing there.

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn models(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_efficientecg"));
    command.arg("models").args(arguments).env_remove("EFFICIENTECG_MODELS").output().expect("the binary starts")
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A copy of the beat model, as `mine`.
fn folder() -> (tempfile::TempDir, PathBuf) {
    let keep = tempfile::tempdir().expect("a folder");
    let folder = keep.path().to_path_buf();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    fs::create_dir(folder.join("vectors")).unwrap();
    for (source, target) in [
        ("efficientecg-beat.json", "mine.json"),
        ("efficientecg-beat.onnx", "mine.onnx"),
        ("vectors/efficientecg-beat.json", "vectors/mine.json"),
    ] {
        fs::copy(from.join(source), folder.join(target)).unwrap();
    }
    (keep, folder)
}

/// `models --models FOLDER --json`, with the exit code.
fn of(folder: &Path) -> (Option<i32>, Value) {
    let output = models(&["--engine", "rten", "--json", "--models", folder.to_str().unwrap()]);
    (output.status.code(), document(&output))
}

#[test]
fn models_in_the_binary_are_whole_and_reproduce_what_is_stored() {
    let output = models(&["--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let document = document(&output);
    assert_eq!(document["schema"], "efficientecg.models/1");
    assert_eq!((&document["folder"], &document["usable"]), (&Value::Null, &Value::Bool(true)));
    let listed = document["models"].as_array().expect("models");
    let names: Vec<_> = listed.iter().filter_map(|model| model["name"].as_str()).collect();
    assert_eq!(names, ["efficientecg-record", "efficientecg-beat", "efficientecg-waves"]);
    for model in listed {
        assert_eq!((&model["files"], &model["fault"]), (&"ok".into(), &Value::Null));
        let test = &model["self_test"];
        assert!(test["passed"] == true && test["cases"].as_u64() > Some(0), "{test}");
        assert!(test["largest_difference"].as_f64().is_some_and(|difference| difference < 1e-3), "{test}");
        assert!(model["card"]["training"]["sets"].as_array().is_some_and(|sets| sets.iter().all(|s| s["licence"].is_string())));
    }
}

#[test]
fn the_list_tells_what_one_chooses_by_and_a_name_the_whole_card() {
    let list = stdout(&models(&[]));
    for words in [
        "efficientecg-record",
        "in the binary",
        "superclass: NORM",
        "CC BY 4.0",
        "not for",
        "limits",
        "95 %",
        "not for diagnosis",
    ] {
        assert!(list.contains(words), "the list must tell {words}:\n{list}");
    }
    assert!(!list.contains("efficientecg_training evaluate"), "commands are for the whole card");
    let whole = models(&["efficientecg-beat"]);
    let text = stdout(&whole);
    assert_eq!(whole.status.code(), Some(0));
    assert!(text.starts_with("efficientecg-beat ") && !text.contains("efficientecg-record"));
    for words in ["SHA-256", "threshold", "rr_base_ratio", "efficientecg_training"] {
        assert!(text.contains(words), "the whole card must tell {words}:\n{text}");
    }
    let unknown = models(&["nothing"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("efficientecg-waves"), "the error names what there is");
}

#[test]
fn a_folder_of_ones_own_is_listed_with_its_files() {
    let (_keep, folder) = folder();
    let (code, document) = of(&folder);
    assert_eq!(code, Some(0), "{document:#}");
    let model = &document["models"][0];
    assert_eq!(model["graph_file"], folder.join("mine.onnx").to_str().unwrap());
    assert_eq!(document["folder"], folder.to_str().unwrap());
    assert!(model["self_test"]["engine"].as_str().is_some_and(|engine| engine.starts_with("rten ")));
    fs::remove_dir_all(folder.join("vectors")).unwrap();
    let (code, document) = of(&folder);
    assert_eq!(code, Some(0), "stored answers are no duty: {document:#}");
    assert_eq!(document["models"][0]["self_test"]["cases"], 0);
}

#[test]
fn a_tampered_graph_is_damaged_and_never_run() {
    let (_keep, folder) = folder();
    let mut graph = fs::read(folder.join("mine.onnx")).unwrap();
    let middle = graph.len() / 2;
    graph[middle] ^= 1;
    fs::write(folder.join("mine.onnx"), graph).unwrap();
    let (code, document) = of(&folder);
    assert_eq!(code, Some(3));
    let model = &document["models"][0];
    assert_eq!((&model["files"], &model["self_test"], &model["usable"]), (&"damaged".into(), &Value::Null, &false.into()));
    assert!(model["fault"].as_str().is_some_and(|fault| fault.contains("SHA-256")), "{model:#}");
    let text = models(&["--models", folder.to_str().unwrap()]);
    assert_eq!(text.status.code(), Some(3));
    assert!(stdout(&text).contains("DAMAGED"));
}

#[test]
fn other_answers_than_the_stored_ones_are_a_failed_test() {
    let (_keep, folder) = folder();
    let path = folder.join("vectors/mine.json");
    let mut vectors: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let last = vectors["cases"].as_array().unwrap().len() - 1;
    let logit = &mut vectors["cases"][last]["outputs"]["logits"]["data"][0];
    *logit = (logit.as_f64().unwrap() + 0.01).into();
    fs::write(&path, vectors.to_string()).unwrap();
    let (code, document) = of(&folder);
    assert_eq!(code, Some(3));
    let model = &document["models"][0];
    assert_eq!((&model["files"], &model["self_test"]["passed"]), (&"ok".into(), &false.into()));
    assert!(model["fault"].as_str().is_some_and(|fault| fault.contains("self-test")), "{model:#}");
}

#[test]
fn what_is_missing_is_named_and_the_rest_is_checked() {
    let (_keep, folder) = folder();
    for stem in ["a", "b"] {
        fs::copy(folder.join("mine.json"), folder.join(format!("{stem}.json"))).unwrap();
        fs::copy(folder.join("mine.onnx"), folder.join(format!("{stem}.onnx"))).unwrap();
    }
    fs::remove_file(folder.join("a.onnx")).unwrap();
    fs::remove_file(folder.join("b.json")).unwrap();
    fs::write(folder.join("c.json"), "{").unwrap();
    let (code, document) = of(&folder);
    assert_eq!(code, Some(3));
    let found: Vec<_> = document["models"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| {
            (Path::new(m["card_file"].as_str().unwrap()).file_name().unwrap().to_str().unwrap(), m["files"].as_str().unwrap())
        })
        .collect();
    assert_eq!(found, [("a.json", "missing"), ("c.json", "damaged"), ("mine.json", "ok"), ("b.json", "missing")]);
    let fault = |number: usize| document["models"][number]["fault"].as_str().unwrap_or_default().to_owned();
    assert!(fault(0).contains("graph is missing") && fault(3).contains("no card"), "{} {}", fault(0), fault(3));
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(models(&["--models", empty.path().to_str().unwrap()]).status.code(), Some(3));
}

#[test]
fn a_recording_unlike_those_of_the_training_is_refused_in_the_output() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let tiny = project.join("tests/fixtures/tiny");
    fs::copy(tiny.join("tiny.onnx"), folder.path().join("tiny.onnx")).unwrap();
    let mut card: Value = serde_json::from_slice(&fs::read(tiny.join("tiny.json")).unwrap()).unwrap();
    card["familiarity"]["limit"] = 0.01.into();
    fs::write(folder.path().join("tiny.json"), card.to_string()).unwrap();
    let recording = project.join("assets/demo/wfdb/demo_normal.hea");
    let output = Command::new(env!("CARGO_BIN_EXE_efficientecg"))
        .args(["analyze", "--engine", "rten", "--models", folder.path().to_str().unwrap(), recording.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let document = document(&output);
    assert_eq!(document["findings"], serde_json::json!([]));
    let refusal = document["refused"].as_array().unwrap().iter().find(|r| r["task"] == "rhythm").expect("a refusal");
    let reason = refusal["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("unlike the recordings the model was trained on (distance") && reason.ends_with("limit 0.0)"),
        "{reason}"
    );
}
