//! Writes the inputs that fuzzing starts from: simulated recordings, and files of the conformance sets where `EFFICIENTECG_DATA` names them.
//!
//! `cargo run --manifest-path fuzz/Cargo.toml --example seeds -- fuzz/corpus`

use efficientecg_fuzz::SEPARATOR;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Longer inputs slow the fuzzer down and find nothing more.
const LONGEST: usize = 6000;

fn main() -> std::io::Result<()> {
    let out = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "corpus".into()));
    let mut seeds = Seeds { out, count: 0 };
    seeds.by_hand()?;
    if let Some(data) = std::env::var_os("EFFICIENTECG_DATA") {
        seeds.of_folder(&PathBuf::from(data).join("conformance"))?;
    }
    println!("{} seeds", seeds.count);
    Ok(())
}

struct Seeds {
    out: PathBuf,
    count: usize,
}

impl Seeds {
    fn put(&mut self, target: &str, content: &[u8]) -> std::io::Result<()> {
        let folder = self.out.join(target);
        fs::create_dir_all(&folder)?;
        self.count += 1;
        fs::write(folder.join(format!("seed-{}", self.count)), content.get(..LONGEST).unwrap_or(content))
    }

    fn record(&mut self, parts: &[&[u8]]) -> std::io::Result<()> {
        self.put("wfdb_record", &parts.join(SEPARATOR))
    }

    fn by_hand(&mut self) -> std::io::Result<()> {
        let bytes: Vec<u8> = (0..240u8).collect();
        let annotations = [1u16 << 10 | 20, 5 << 10 | 9, 61 << 10 | 2, 63 << 10 | 3, 0x6261, 0x63, 59 << 10, 1, 0, 0];
        let annotations: Vec<u8> = annotations.iter().flat_map(|word| word.to_le_bytes()).collect();
        for format in [8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 0] {
            let header = format!(
                "r 3 125.5/360(7) 20 10:20:30 01/02/2003\nr.dat {format}x2:1+4 200(5)/mV 12 0 1 77 0 II\nr.dat {format} 0 12 0 0 0 0 V1\ns.dat 16 100 12 0 0 0 0 RESP\n# Age: 50\n"
            );
            self.put("wfdb_header", header.as_bytes())?;
            self.record(&[header.as_bytes(), &bytes, &bytes, &annotations])?;
        }
        let segments = "r/4 2 360 30\ns 0\ns 10\n~ 10\ns 10\n";
        let segment = "s 2 360 10\nr.dat 16 200/mV 16 0 0 0 0 II\nr.dat 16 300/mV 16 0 0 0 0 V\n";
        self.put("wfdb_header", segments.as_bytes())?;
        self.record(&[segments.as_bytes(), &bytes, &bytes, &annotations, segment.as_bytes()])?;
        self.put("wfdb_annotation", &annotations)?;
        let mut aha = vec![0, b'N', 0, 0, 9, 0, 1, 0, 0, 1, b'a', 0, 0, 0, 0, 0];
        aha.extend([0, b'V', 1, 0, 9, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        self.put("wfdb_annotation", &aha)?;
        let list = b"\0\x01\0\x02\0\x03\0\x04\0+0\x14\x14\0+0.5\x150.1\x14N\x14\0\0\0\0\0\0\0\0";
        let later = b"\0\x01\0\x02\0\x03\0\x04\0+9\x14\x14\0-1\x14a\x14b\x14\0\0\0\0\0\0\0\0\0\0\0";
        self.put("edf_annotations", &[&list[..], &later[1..]].concat())?;
        self.put("edf_annotations", &[&[1], &list[1..], &later[1..], &list[1..]].concat())
    }

    /// Files that other programs wrote.
    fn of_folder(&mut self, folder: &Path) -> std::io::Result<()> {
        let mut entries: Vec<_> = fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                self.of_folder(&path)?;
                continue;
            }
            let content = fs::read(&path)?;
            let extension = path.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
            match extension.as_str() {
                "edf" | "bdf" => self.put("edf", &content)?,
                "hea" => {
                    self.put("wfdb_header", &content)?;
                    let signals = path.with_extension("dat");
                    if let (Ok(signals), Ok(header)) = (fs::read(signals), std::str::from_utf8(&content)) {
                        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                        let header = header.replace(&format!("{stem}.dat"), "r.dat");
                        self.record(&[header.as_bytes(), signals.get(..2000).unwrap_or(&signals)])?;
                    }
                }
                "json" | "txt" | "md" | "out" | "err" | "dat" | "mat" => {}
                _ if content.starts_with(b"fLaC") => self.put("wfdb_flac", &content)?,
                _ => self.put("wfdb_annotation", &content)?,
            }
        }
        Ok(())
    }
}
