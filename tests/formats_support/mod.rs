//! Where the shared recordings lie, and how a signal of a recording is found again.
#![allow(dead_code)]

use efficientecg::recording::{Recording, Signal};
use std::{path::PathBuf, sync::Arc};

/// `folder` of the shared data; says that the test is skipped where there is none.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("EFFICIENTECG_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")), PathBuf::from);
    let path = root.join(folder);
    if !path.is_dir() {
        println!("skipped: no {} here; set EFFICIENTECG_DATA", path.display());
        return None;
    }
    Some(path)
}

/// All recorded signals, leads first.
pub fn recorded(recording: &Recording) -> Vec<&Arc<Signal>> {
    recording.leads.iter().chain(&recording.other_signals).filter(|s| !s.is_derived()).collect()
}
