//! Nothing is sent anywhere: ONNX Runtime, loaded and used, leaves no trace of the reports it would send.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn onnx_runtime_keeps_no_events_to_send() {
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_efficientecg");
    let demo = home.path().join("demo");
    assert!(Command::new(program).args(["demo", "--out"]).arg(&demo).output().unwrap().status.success());
    let mut recordings = Vec::new();
    files(&demo, &mut recordings);
    recordings.retain(|path| path.extension().is_some_and(|extension| extension == "hea"));
    recordings.sort();

    let mut command = Command::new(program);
    command.args(["analyze", "--engine", "onnxruntime"]).arg(&recordings[0]);
    command.env("HOME", home.path()).env_remove("XDG_CACHE_HOME").env_remove("XDG_DATA_HOME");
    // What these tests run under must not be what keeps the library silent.
    for name in ["ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED", "CI", "GITHUB_ACTIONS", "TF_BUILD"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("ORT_DISABLE_TELEMETRY"), "the program silences the library by itself: {said}");
    if output.status.code() == Some(3) {
        eprintln!("skipped: ONNX Runtime is not here ({})", said.trim());
        return;
    }
    assert!(output.status.success(), "{said}");
    let mut found = Vec::new();
    files(home.path(), &mut found);
    let beside: Vec<_> = found.iter().filter(|path| !path.starts_with(&demo)).collect();
    assert!(beside.is_empty(), "{beside:?}");
}
