//! Files that are not what they should be: each gets its own error or a listed repair, never a panic.

mod formats_support;

use efficientecg::{
    formats::{self, FormatError},
    recording::{INVALID_SAMPLE, Recording},
};
use formats_support::{digital, edf, shared};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

fn refused(path: &Path) -> FormatError {
    let error = formats::open(path).unwrap_err();
    let text = error.to_string();
    assert!(text.contains(path.file_name().unwrap().to_str().unwrap()), "{text}");
    error
}

/// Reads everything a reader of a recording would read.
fn read_all(recording: &Recording) {
    for signal in recording.leads.iter().chain(&recording.other_signals) {
        let mut values = Vec::new();
        let length = signal.len().min(200_000) as usize;
        let _ = signal.read_millivolts(0, length, &mut values);
        let _ = signal.read_millivolts(signal.len().saturating_sub(5), 10, &mut values);
        let _ = signal.read_millivolts(u64::MAX - 3, 10, &mut values);
    }
}

const HEADER: &str = "r 2 360 10\nr.dat 16 200/mV 16 0 0 0 0 I\nr.dat 16 200/mV 16 0 0 0 0 II\n";

#[test]
fn each_fault_has_its_own_error() {
    let folder = Folder::new();
    assert!(matches!(refused(&folder.file("empty.edf", "")), FormatError::Empty { .. }));
    assert!(matches!(refused(&folder.file("empty.hea", "")), FormatError::Empty { .. }));
    assert!(matches!(refused(&folder.file("note.txt", "Dear colleague,\nplease find")), FormatError::Unrecognised { .. }));
    assert!(
        matches!(refused(&folder.file("scan.pdf", "%PDF-1.4 \u{1}")), FormatError::Unrecognised { looks_like, .. } if looks_like == "a PDF document")
    );
    assert!(matches!(refused(&folder.file("lone.dat", [0u8; 64])), FormatError::Unrecognised { .. }));
    assert!(matches!(refused(&folder.0.path().join("absent.edf")), FormatError::NotFound { .. }));
    assert!(matches!(refused(folder.0.path()), FormatError::Folder { .. }));
    assert!(
        matches!(refused(&folder.file("r.hea", HEADER)), FormatError::SignalFileAbsent { signal_file, .. } if signal_file == "r.dat")
    );
    let segments = folder.file("m.hea", "m/2 1 360 20\na 10\nb 10\n");
    assert!(matches!(formats::open(&segments), Err(FormatError::NotFound { path }) if path.ends_with("a.hea")));
    folder.file("a.hea", "a/1 1 360 10\na 10\n");
    assert!(matches!(refused(&segments), FormatError::Header { field, .. } if field == "segment 0"));
    assert!(matches!(refused(&folder.file("m.hea", "m/1 1 360 20\n../a 10\n")), FormatError::UnsafeFileName { .. }));
    assert!(matches!(refused(&folder.file("n.hea", "n 0 360\n")), FormatError::NoSignals { .. }));
    for name in ["/etc/passwd", "../r.dat", "..", "a/../../x.dat", "C:\\x.dat", "\\\\host\\x"] {
        let path = folder.file("p.hea", format!("p 1 360 10\n{name} 16 200 16 0 0 0 0 I\n"));
        assert!(matches!(refused(&path), FormatError::UnsafeFileName { .. }), "{name}");
    }
    folder.file("f.dat", [0u8; 40]);
    assert!(matches!(refused(&folder.file("f.hea", "f 1 360 10\nf.dat 77 200\n")), FormatError::NotYetRead { .. }));
    let flac = folder.file("f.hea", "f 1 360 10\nf.dat 516 200\n");
    assert!(matches!(formats::open(&flac), Err(FormatError::Damaged { path, .. }) if path.ends_with("f.dat")));
    let split = folder.file("f.hea", "f 3 360 10\nf.dat 16 200\ng.dat 16 200\nf.dat 16 200\n");
    folder.file("g.dat", [0u8; 40]);
    assert!(matches!(refused(&split), FormatError::Header { field, .. } if field == "signal file"));
    folder.file("e.dat", "");
    assert!(
        matches!(formats::open(&folder.file("e.hea", "e 1 360 10\ne.dat 16 200\n")), Err(FormatError::Empty { path }) if path.ends_with("e.dat"))
    );
    folder.file("s.dat", [0u8; 1]);
    assert!(matches!(refused(&folder.file("s.hea", "s 1 360 10\ns.dat 16 200\n")), FormatError::NoSamples { .. }));
    assert!(matches!(
        refused(&folder.file("short.edf", format!("{:<8}{:<244}{:<4}", "0", "", "12"))),
        FormatError::Damaged { .. }
    ));
}

#[test]
fn a_truncated_signal_file_keeps_what_is_there() {
    let folder = Folder::new();
    folder.file("r.dat", [1u8; 4 * 7 + 3]);
    let recording = formats::open(&folder.file("r.hea", HEADER)).unwrap();
    assert_eq!(recording.length, 7);
    assert_eq!(recording.repairs.len(), 1);
    assert_eq!(recording.repairs[0].found, "7 of 10");
    read_all(&recording);
}

#[test]
fn counts_without_samples_behind_them_allocate_nothing() {
    let folder = Folder::new();
    folder.file("r.dat", [1u8; 400]);
    let huge = "18446744073709551615";
    for line in [
        format!("r 2 360 {huge}\nr.dat 16\nr.dat 16\n"),
        format!("r 2 360 10\nr.dat 16+{huge}\nr.dat 16\n"),
        format!("r 2 360 10\nr.dat 16:{huge}\nr.dat 16:{huge}\n"),
        "r 2 1e308 10\nr.dat 16x100000\nr.dat 16x100000\n".to_owned(),
        "r 4000 360 10\n".to_owned() + &"r.dat 16x100000\n".repeat(4000),
    ] {
        // Either there are as many samples as the file has bytes for, or it is refused.
        if let Ok(recording) = formats::open(&folder.file("r.hea", &line)) {
            assert!(recording.length <= 200, "{line:.60}: {}", recording.length);
            read_all(&recording);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_without_waiting_and_link_loops_end() {
    let folder = Folder::new();
    let pipe = folder.0.path().join("pipe.edf");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(matches!(refused(&pipe), FormatError::NotAFile { .. }));
    std::os::unix::fs::symlink(folder.0.path(), folder.0.path().join("loop")).unwrap();
    assert!(matches!(formats::find_recordings(folder.0.path()), Err(FormatError::NoRecordings { .. })));
    folder.file("r.hea", HEADER);
    assert_eq!(formats::find_recordings(folder.0.path()).unwrap().len(), 1);
}

#[test]
fn a_file_that_shrinks_after_opening_is_an_error() {
    let folder = Folder::new();
    let signals = folder.file("r.dat", vec![1u8; 4 * 10_000]);
    let recording = formats::open(&folder.file("r.hea", "r 2 360 10000\nr.dat 16 200\nr.dat 16 200\n")).unwrap();
    std::fs::write(signals, [1u8; 8]).unwrap();
    assert!(recording.leads[0].read_millivolts(9000, 10, &mut Vec::new()).is_err());
}

/// Readers and a program that cuts the file run side by side: every read gives samples or an error, none ends the process.
#[test]
fn a_file_may_shrink_at_any_moment() {
    let folder = Folder::new();
    let whole = vec![1u8; 4 * 50_000];
    let path = folder.file("r.dat", &whole);
    let header = folder.file("r.hea", "r 2 360 50000\nr.dat 16 200\nr.dat 16 200\n");
    let recording = formats::open(&header).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let (mut read, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let file = std::fs::File::options().write(true).open(&path).unwrap();
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                file.set_len(100).unwrap();
                file.set_len(whole.len() as u64).unwrap();
            }
        });
        // Both must be met, or the test has shown nothing.
        let begin = std::time::Instant::now();
        while (read < 20 || refused < 20) && begin.elapsed().as_secs() < 20 {
            match recording.leads[0].read_millivolts(0, 50_000, &mut Vec::new()) {
                Ok(()) => read += 1,
                Err(_) => refused += 1,
            }
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(read >= 20 && refused >= 20, "{read} read, {refused} refused");
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_and_pipes_are_refused_as_signal_files() {
    let folder = Folder::new();
    let (dat, other) = (folder.0.path().join("r.dat"), folder.0.path().join("s.dat"));
    std::os::unix::fs::symlink(&other, &dat).unwrap();
    std::os::unix::fs::symlink(&dat, &other).unwrap();
    let header = folder.file("r.hea", HEADER);
    assert!(matches!(formats::open(&header), Err(FormatError::Unreadable { path, .. }) if path == dat));
    std::fs::remove_file(&dat).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&dat).status().unwrap().success());
    assert!(matches!(formats::open(&header), Err(FormatError::NotAFile { path }) if path == dat));
    std::fs::remove_file(&dat).unwrap();
    std::fs::create_dir(&dat).unwrap();
    assert!(matches!(formats::open(&header), Err(FormatError::Folder { path }) if path == dat));
}

/// Each repair that is promised, with the field it is listed under and a word of what was assumed.
#[test]
fn every_repair_is_listed_with_its_field() {
    let folder = Folder::new();
    let listed = |path: &Path, field: &str, assumed: &str| {
        let recording = formats::open(path).unwrap();
        let found = recording.repairs.iter().any(|r| r.field.contains(field) && r.assumed.contains(assumed));
        assert!(found, "{field}: {:?}", recording.repairs);
        recording
    };
    let put = |at: usize, text: &str| {
        let mut file = edf(&[("ECG I", "uV"), ("RESP", "uV")], 4);
        file[at..at + text.len()].copy_from_slice(text.as_bytes());
        folder.file("x.edf", file)
    };
    listed(&put(184, "999     "), "number of bytes in header", "768");
    for unknown in ["-1      ", "0       ", "many    "] {
        assert_eq!(listed(&put(236, unknown), "number of data records", "4, from the file's size").length, 400);
    }
    assert_eq!(listed(&put(236, "9       "), "number of data records", "truncated").length, 400);
    assert_eq!(listed(&put(236, "3       "), "file size", "left out").length, 300);
    listed(&put(464, "-1,5    "), "physical minimum of ECG I", "-1.5: the comma is a decimal one");
    assert!(!listed(&put(464, "3276.7  "), "physical range of ECG I", "uncalibrated").leads[0].calibrated);
    assert!(!listed(&put(496, "32767   "), "digital range of ECG I", "uncalibrated").leads[0].calibrated);
    listed(&put(168, "31.02.03"), "start date", "unknown");
    let micro = listed(&folder.file("m.edf", edf(&[("ECG I", "\u{b5}V")], 1)), "physical dimension of ECG I", "Latin-1");
    assert!(micro.leads[0].calibrated);
    let mut values = Vec::new();
    micro.leads[0].read_millivolts(1, 1, &mut values).unwrap();
    assert!((values[0] - 0.001).abs() < 1e-6, "10 counts of 0.1 uV are {} mV", values[0]);
    let twice = listed(&folder.file("d.edf", edf(&[("II", "uV"), ("ECG II", "uV")], 1)), "label of signal 1", "II (2)");
    assert_eq!(digital(&twice.leads[1])[0], 1);

    folder.file("r.dat", [1u8; 40]);
    let header = |line: &str| folder.file("r.hea", format!("r 2 360 10\nr.dat 16 200/mV 16 0 0 0 0 I\n{line}\n"));
    let uncalibrated = listed(&header("r.dat 16 0 16 0 0 2570 0 II"), "gain of signal 1", "uncalibrated");
    assert_eq!(uncalibrated.leads.iter().map(|lead| lead.calibrated).collect::<Vec<_>>(), [true, false]);
    listed(&header("r.dat 16"), "gain of signal 1", "uncalibrated");
    listed(&header("r.dat 16 200/mV 16 0 0 77 0 II"), "checksum of II", "damaged or changed");
    // 257 in each of ten samples.
    let sound = formats::open(&header("r.dat 16 200/mV 16 0 0 2570 0 II")).unwrap();
    assert!(sound.repairs.iter().all(|r| r.field != "checksum of II"), "{:?}", sound.repairs);
    listed(&folder.file("r.hea", format!("\u{feff}{HEADER}")), "header text", "passed over");
}

/// Files that are small and ask for much: time and memory stay in proportion.
#[test]
fn greedy_headers_are_quickly_done_with() {
    let folder = Folder::new();
    let begin = std::time::Instant::now();
    let alike = vec![("II", "mV"); 4000];
    let recording = formats::open(&folder.file("alike.edf", edf(&alike, 1))).unwrap();
    assert_eq!(recording.leads.len(), 4000);
    folder.file("r.dat", [1u8; 8000]);
    let lines = "r.dat 16 200/mV 16 0 0 0 0 II\n".repeat(4000);
    assert!(formats::open(&folder.file("r.hea", format!("r 4000 360\n{lines}"))).is_ok());
    let nulls = folder.file("n.hea", format!("n 1 360 {}\n~ 0 200/mV 16 0 0 0 0 II\n", u64::MAX));
    assert!(matches!(formats::open(&nulls), Err(FormatError::NoSamples { .. })));
    let fast = folder.file("n.hea", "n 1 10000000 310000000000000\n~ 0 200/mV 16 0 0 0 0 II\n");
    assert!(matches!(formats::open(&fast), Err(FormatError::Damaged { .. })));
    let lines = "s 1\n".repeat(100_000);
    assert!(matches!(formats::open(&folder.file("s.hea", format!("s/100000 1 360\n{lines}"))), Err(FormatError::Header { .. })));
    let claims = folder.file("s.hea", format!("s/2 1 360\n~ {0}\n~ {0}\n", u64::MAX / 2));
    assert!(matches!(formats::open(&claims), Err(FormatError::Header { .. })));
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}

#[test]
fn signals_without_a_file_are_missing_throughout() {
    let folder = Folder::new();
    folder.file("r.dat", [1u8; 20]);
    let header = "r 2 360 10\nr.dat 16 200/mV 16 0 257 2570 0 II\n~ 0 200/mV 16 0 0 0 0 V1\n";
    let recording = formats::open(&folder.file("r.hea", header)).unwrap();
    assert_eq!(recording.repairs, []);
    assert_eq!(digital(&recording.leads[0]), [257; 10]);
    assert_eq!(digital(&recording.leads[1]), [INVALID_SAMPLE; 10]);
}

/// Gaps of two months at a rate that no recorder has, behind two data records.
#[test]
fn edf_gaps_may_not_span_more_than_is_read() {
    let folder = Folder::new();
    let file = |duration: &str, samples: usize, second: &str| {
        let list = 32;
        let mut text = format!(
            "{:<8}{:<80}{:<80}01.02.0304.05.06{:<8}{:<44}{:<8}{duration:<8}{:<4}",
            0, "X X X X", "Startdate 01-FEB-2003 X X X", 768, "EDF+D", 2, 2
        );
        for (signal, list, width) in [
            ("ECG II", "EDF Annotations", 16),
            ("", "", 80),
            ("uV", "", 8),
            ("-100", "-1", 8),
            ("100", "1", 8),
            ("-2048", "-32768", 8),
            ("2047", "32767", 8),
            ("", "", 80),
        ] {
            text.push_str(&format!("{signal:<width$}{list:<width$}"));
        }
        text.push_str(&format!("{samples:<8}{:<8}{:<64}", list / 2, ""));
        let mut bytes = text.into_bytes();
        for onset in ["+0", second] {
            bytes.extend(vec![1; samples * 2]);
            let mut onset = format!("{onset}\u{14}\u{14}\0").into_bytes();
            onset.resize(list, 0);
            bytes.extend(onset);
        }
        folder.file("g.edf", bytes)
    };
    let recording = formats::open(&file("1", 500, "+86400")).unwrap();
    assert_eq!((recording.length, recording.gaps.len()), (86_401 * 500, 1));
    assert!(matches!(formats::open(&file("0.0001", 900, "+5000000")), Err(FormatError::Damaged { .. })));
    assert!(matches!(formats::open(&file("1e-13", 500, "+5000000")), Err(FormatError::Damaged { .. })));
    // Faster than any recorder: the signal is left out, and nothing is left.
    let none = formats::open(&file("1e-5", 500, "+0.00001")).unwrap();
    assert!(none.leads.is_empty() && !none.repairs.is_empty());
}

/// Two signals of one name in a record of variable layout keep their own samples.
#[test]
fn signals_of_one_name_keep_their_places_in_segments() {
    let folder = Folder::new();
    folder.file("m.hea", "m/2 2 360 2\nl 0\na 2\n");
    folder.file("l.hea", "l 2 360 0\n~ 0 200/mV 16 0 0 0 0 ECG\n~ 0 200/mV 16 0 0 0 0 ECG\n");
    folder.file("a.hea", "a 2 360 2\na.dat 16 200/mV 16 0 1 4 0 ECG\na.dat 16 200/mV 16 0 2 6 0 ECG\n");
    folder.file("a.dat", [1i16, 2, 3, 4].iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>());
    let recording = formats::open(&folder.0.path().join("m.hea")).unwrap();
    let read: Vec<_> = recording.leads.iter().map(|lead| digital(lead)).collect();
    assert_eq!(read, [[1, 3], [2, 4]]);
}

/// What fuzzing found: a null segment without length was a gap without length.
#[test]
fn empty_null_segments_are_no_gaps() {
    let folder = Folder::new();
    folder.file("a.dat", [1u8; 20]);
    folder.file("a.hea", "a 1 360 10\na.dat 16 200/mV 16 0 0 0 0 II\n");
    let header = folder.file("m.hea", "m/5 1 360 24\n~ 0\na 10\n~ 4\n~ 0\na 10\n");
    let recording = formats::open(&header).unwrap();
    let gaps: Vec<_> = recording.gaps.iter().map(|gap| (gap.start.0, gap.end.0)).collect();
    assert_eq!(gaps, [(10, 14)]);
}

#[test]
fn invalid_samples_are_invalid_everywhere() {
    let folder = Folder::new();
    let samples: Vec<u8> = [1i16, -32768, 5].iter().flat_map(|s| s.to_le_bytes()).collect();
    folder.file("r.dat", samples);
    let recording = formats::open(&folder.file("r.hea", "r 1 360 3\nr.dat 16 200 16 0 1 -32762 0 II\n")).unwrap();
    let efficientecg::recording::Data::Recorded { source, .. } = &recording.leads[0].data else { panic!() };
    let mut read = [0; 4];
    source.read(0, &mut read).unwrap();
    assert_eq!(read, [1, INVALID_SAMPLE, 5, INVALID_SAMPLE]);
    let digest = formats::digest(&recording.leads[0]).unwrap().unwrap();
    assert_eq!((digest.sum, digest.checksum_ok, digest.first[1]), (-32762, Some(true), None));
}

/// Real files to be mutated: name, content, and the other files of the record.
fn seeds() -> Vec<(String, Vec<u8>, Vec<PathBuf>)> {
    let read = |path: PathBuf| std::fs::read(path).unwrap();
    // The demo recordings are always there.
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    let signals = vec![demo.join("wfdb/demo_paced.dat"), demo.join("wfdb/demo_paced.atr")];
    let mut seeds = vec![
        ("demo_paced.hea".to_owned(), read(demo.join("wfdb/demo_paced.hea")), signals),
        ("demo_paced.edf".to_owned(), read(demo.join("edf/demo_paced.edf")), Vec::new()),
    ];
    let Some(root) = shared("conformance") else { return seeds };
    for (folder, name) in [
        ("", "flacformats"),
        ("", "binformats"),
        ("", "03700181"),
        ("", "a103l"),
        ("", "mixedsignals"),
        ("multi-segment/041s", "041s"),
    ] {
        let folder = root.join("wfdb-python").join(folder);
        let others = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path());
        let others = others
            .filter(|p| p.file_name().unwrap().to_string_lossy().starts_with(name) && p.extension().is_none_or(|e| e != "hea"));
        seeds.push((format!("{name}.hea"), read(folder.join(format!("{name}.hea"))), others.collect()));
    }
    for name in ["plus_d_gap.edf", "plus_c.edf", "unequal_rates.edf", "plain.bdf", "plus_annotations_only.edf"] {
        seeds.push((name.to_owned(), read(root.join("edf-synthetic").join(name)), Vec::new()));
    }
    seeds
}

proptest! {
    #[test]
    fn random_bytes_never_panic(mut bytes in prop::collection::vec(any::<u8>(), 1..2000), edf in any::<bool>()) {
        let folder = Folder::new();
        if edf {
            for (slot, byte) in bytes.iter_mut().zip(*b"0       ") {
                *slot = byte;
            }
        }
        if let Ok(recording) = formats::open(&folder.file("x.edf", bytes)) {
            read_all(&recording);
        }
    }

    #[test]
    fn mutated_files_never_panic(
        which in any::<prop::sample::Index>(),
        mutations in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), 0x20u8..0x7f, Just(b'9'), Just(b'0')]), 1..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let seeds = seeds();
        let (name, mut content, others) = seeds[which.index(seeds.len())].clone();
        // Headers matter more than samples.
        let reach = content.len().min(1600);
        for (at, byte) in mutations {
            content[at.index(reach)] = byte;
        }
        if let Some(cut) = cut {
            content.truncate(cut.index(content.len()) + 1);
        }
        let folder = Folder::new();
        for other in others {
            #[cfg(unix)]
            std::os::unix::fs::symlink(&other, folder.0.path().join(other.file_name().unwrap())).unwrap();
            #[cfg(not(unix))]
            std::fs::copy(&other, folder.0.path().join(other.file_name().unwrap())).unwrap();
        }
        if let Ok(recording) = formats::open(&folder.file(&name, content)) {
            read_all(&recording);
        }
    }

    #[test]
    fn mutated_flac_files_never_panic(mutations in prop::collection::vec((0usize..1500, any::<u8>()), 1..6)) {
        let Some(root) = shared("conformance/wfdb-python") else { return Ok(()) };
        let folder = Folder::new();
        let mut content = std::fs::read(root.join("flacformats.d1")).unwrap();
        for (at, byte) in mutations {
            let length = content.len();
            content[at % length] = byte;
        }
        folder.file("x.d1", content);
        if let Ok(recording) = formats::open(&folder.file("x.hea", "x 1 200 499\nx.d1 516 200\n")) {
            read_all(&recording);
        }
    }
}
