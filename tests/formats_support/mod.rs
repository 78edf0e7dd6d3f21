//! Where the shared recordings lie, and how a signal of a recording is found again.
#![allow(dead_code)]

use efficientecg::recording::{Data, Recording, Signal};
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

/// All digital samples of a recorded signal, with the reader's own code for invalid ones.
pub fn digital(signal: &Signal) -> Vec<i32> {
    let Data::Recorded { source, .. } = &signal.data else { panic!("{} is derived", signal.label) };
    let mut samples = vec![0; source.len() as usize];
    source.read(0, &mut samples).unwrap();
    samples
}

/// A plain EDF header with its signals' labels and units, at 100 Hz in records of one second, and `records` records of a ramp.
pub fn edf(signals: &[(&str, &str)], records: usize) -> Vec<u8> {
    let count = signals.len();
    let mut text =
        format!("{:<8}{:<80}{:<80}01.02.0304.05.06{:<8}{:<44}{records:<8}{:<8}{count:<4}", 0, "X", "X", 256 * (count + 1), "", 1);
    let mut column = |width: usize, value: &dyn Fn(&(&str, &str)) -> String| {
        for signal in signals {
            let value = value(signal);
            text.push_str(&value);
            text.push_str(&" ".repeat(width - value.chars().count()));
        }
    };
    column(16, &|(label, _)| (*label).to_owned());
    column(80, &|_| String::new());
    column(8, &|(_, unit)| (*unit).to_owned());
    for limit in ["-3276.8", "3276.7", "-32768", "32767"] {
        column(8, &|_| limit.to_owned());
    }
    column(80, &|_| String::new());
    column(8, &|_| "100".to_owned());
    column(32, &|_| String::new());
    // Latin-1, as old recorders write.
    let mut file: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for _ in 0..records {
        for signal in 0..count {
            file.extend((0..100).flat_map(|at| (at * 10 + signal as i16).to_le_bytes()));
        }
    }
    file
}
