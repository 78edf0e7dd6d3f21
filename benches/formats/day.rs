//! A day of twelve leads at 500 Hz as EDF+ (one gigabyte): time to open, and memory while it is browsed from end to end.

use super::{ROUNDS, milliseconds, tape};
use efficientecg::{
    formats::{
        self,
        write::{Existing, WfdbFormat, edf_plus, wfdb},
    },
    recording::Recording,
};
use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

const SECONDS: u64 = 86_400;

/// A page of the window.
const PAGE_SECONDS: u64 = 10;

pub fn run(folder: &Path) {
    let recording = tape::recording("day", SECONDS, 12, false);
    let begin = Instant::now();
    let edf = edf_plus(folder, &recording, Existing::Keep).expect("the file is written").path;
    let size = edf.metadata().map_or(0, |file| file.len());
    let speed = size as f64 / 1e6 / begin.elapsed().as_secs_f64();
    println!("\nA day of 12 leads at 500 Hz, EDF+ of {size} bytes (written at {speed:.0} MB/s)");
    let times: Vec<Duration> = (0..ROUNDS).map(|_| time_to_open(&edf)).collect();
    let best = times.iter().min().copied().unwrap_or_default();
    println!("opened in {} ms (best of {ROUNDS}; target 100 ms)", milliseconds(best));
    browse_in_a_process_of_its_own("EDF+", &edf);
    let flac = wfdb(folder, &recording, Some(WfdbFormat::Flac516), Existing::Keep).expect("the record is written").path;
    println!("the same as WFDB with FLAC: opened in {} ms", milliseconds(time_to_open(&flac)));
    browse_in_a_process_of_its_own("FLAC 516", &flac);
}

fn time_to_open(path: &Path) -> Duration {
    let begin = Instant::now();
    formats::open(path).expect("the file opens");
    begin.elapsed()
}

/// Memory is a process's: what this one has used before would count.
fn browse_in_a_process_of_its_own(name: &str, path: &Path) {
    let own = std::env::current_exe().expect("this program");
    let output = Command::new(own).arg("--browse").arg(path).output().expect("it starts again");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    print!("{name}: {}", String::from_utf8_lossy(&output.stdout));
}

/// Reads every page of every lead, from the first to the last and then jumping about, and prints what it took.
pub fn browse_and_print(path: &Path) {
    let recording = formats::open(path).expect("the file opens");
    let pages = SECONDS / PAGE_SECONDS;
    let begin = Instant::now();
    let mut values = Vec::new();
    for page in 0..pages {
        read_page(&recording, page, &mut values);
    }
    let through = begin.elapsed();
    let begin = Instant::now();
    const JUMPS: u64 = 500;
    for jump in 0..JUMPS {
        read_page(&recording, jump.wrapping_mul(0x9e37_79b9_7f4a_7c15) % pages, &mut values);
    }
    let jump = begin.elapsed() / JUMPS as u32;
    let memory =
        peak_memory().map_or_else(|| "not known on this system".to_owned(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6));
    println!(
        "{pages} pages of {PAGE_SECONDS} s read through in {} ms, {} ms a page after a jump; peak memory {memory} (target 150 MB)",
        milliseconds(through),
        milliseconds(jump)
    );
}

fn read_page(recording: &Recording, page: u64, values: &mut Vec<f32>) {
    for lead in &recording.leads {
        values.clear();
        let count = (PAGE_SECONDS * 500) as usize;
        lead.read_millivolts(page * count as u64, count, values).expect("the samples are read");
        assert!(values.iter().all(|value| value.is_finite()));
    }
}

/// Resident memory at its highest, file pages counted in. Linux only.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_ascii_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}
