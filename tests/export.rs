//! Recordings and labels that go out: the real binary, and copies of other programs' files.

mod formats_support;

use efficientecg::{
    formats::{
        self,
        write::{self, Existing, NewRecording, WfdbFormat},
    },
    recording::{Annotation, AnnotationSet, FileFormat, MemorySource, Mnemonic, Recording, SampleIndex},
};
use formats_support::{recorded, shared};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

fn efficientecg(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_efficientecg")).args(arguments).output().expect("the binary starts")
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn demo() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("demo");
    assert!(efficientecg(&["demo", "--out", text(&out)]).status.success());
    (folder, out)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    names(folder).into_iter().map(|name| (name.clone(), fs::read(folder.join(&name)).unwrap())).collect()
}

/// Digests of the digital samples by lead, whatever the label's spelling.
fn digests(recording: &Recording) -> Vec<(String, String)> {
    let mut all: Vec<_> = recorded(recording)
        .iter()
        .map(|signal| (signal.lead.to_string(), formats::digest(signal).unwrap().unwrap().sha256))
        .collect();
    all.sort();
    all
}

fn beats(recording: &Recording) -> Vec<(u64, String)> {
    let all = recording.annotations.iter().flat_map(|set| &set.annotations);
    all.filter(|a| a.mnemonic.is_beat()).map(|a| (a.at.0, a.mnemonic.to_string())).collect()
}

#[test]
fn samples_survive_the_way_to_edf_and_back() {
    let (keep, demo) = demo();
    let (edf, back) = (keep.path().join("edf"), keep.path().join("back"));
    let run = efficientecg(&["convert", text(&demo.join("wfdb")), "--to", "edf", "--out", text(&edf)]);
    assert_eq!(code(&run), Some(0), "{}", said(&run));
    let run = efficientecg(&["convert", text(&edf), "--to", "wfdb", "--format", "516", "--out", text(&back)]);
    assert_eq!(code(&run), Some(0), "{}", said(&run));
    assert!(said(&run).contains("annotator: `edf` cannot be a file's extension; written: atr"), "{}", said(&run));
    assert_eq!(names(&back).len(), 6 * 4, "two FLAC files, annotations and header each");
    for name in ["demo_normal", "demo_bigeminy", "demo_paced"] {
        let first = formats::open(&demo.join(format!("wfdb/{name}.hea"))).unwrap();
        let last = formats::open(&back.join(format!("{name}.hea"))).unwrap();
        assert_eq!(digests(&first), digests(&last));
        assert_eq!(beats(&first), beats(&last));
        assert!((first.start, first.simulated) == (last.start, true));
    }
}

#[test]
fn converting_never_touches_what_it_reads_or_what_is_there() {
    let (keep, demo) = demo();
    let wfdb = demo.join("wfdb");
    let before = contents(&wfdb);
    let one = wfdb.join("demo_af.hea");
    let convert = |arguments: &[&str]| efficientecg(&[&["convert", text(&one), "--to", "wfdb", "--out"], arguments].concat());
    let onto_itself = convert(&[text(&wfdb), "--force"]);
    assert_eq!(code(&onto_itself), Some(1));
    assert!(said(&onto_itself).contains("never overwritten"), "{}", said(&onto_itself));
    let exported = efficientecg(&["export", text(&one), "--to", "wfdb", "--engine", "rten", "--out", text(&wfdb), "--force"]);
    assert_eq!(code(&exported), Some(1), "{}", said(&exported));
    assert_eq!(contents(&wfdb), before);
    let out = keep.path().join("out");
    assert_eq!(code(&convert(&[text(&out)])), Some(0));
    let again = convert(&[text(&out)]);
    assert_eq!(code(&again), Some(1));
    assert!(said(&again).contains("exists already"));
    assert_eq!(code(&convert(&[text(&out), "--force"])), Some(0));
    assert_eq!(names(&out), ["demo_af.atr", "demo_af.dat", "demo_af.hea"]);
    // Two recordings of one name: the second is refused, the first stays.
    let both = keep.path().join("both");
    let run = efficientecg(&["convert", text(&demo), "--to", "wfdb", "--out", text(&both)]);
    assert_eq!(code(&run), Some(1));
    assert!(said(&run).contains("12 recordings, 6 failed") && said(&run).contains("to another folder"), "{}", said(&run));
    assert_eq!(names(&both).len(), 18);
}

#[test]
fn usage_errors_have_their_own_exit_code() {
    let (keep, demo) = demo();
    let (one, out) = (demo.join("wfdb/demo_af.hea"), keep.path().join("out"));
    let usage: [&[&str]; 8] = [
        &["convert", text(&one), "--to", "edf"],
        &["convert", text(&one), "--to", "mp3", "--out", text(&out)],
        &["convert", text(&one), "--to", "edf", "--format", "16", "--out", text(&out)],
        &["convert", text(&one), "--to", "wfdb", "--format", "17", "--out", text(&out)],
        &["convert", text(&one), "--to", "wfdb", "--name", "../x", "--out", text(&out)],
        &["convert", text(&demo), "--to", "wfdb", "--name", "x", "--out", text(&out)],
        &["export", text(&one), "--to", "wfdb", "--annotator", "../x", "--out", text(&out)],
        &["export", text(&one), "--to", "wfdb", "--annotator", "hea", "--out", text(&out)],
    ];
    for arguments in usage {
        assert_eq!(code(&efficientecg(arguments)), Some(2), "{arguments:?}");
    }
    assert!(!out.exists() || names(&out).is_empty());
    let file = keep.path().join("file");
    fs::write(&file, "x").unwrap();
    assert_eq!(code(&efficientecg(&["convert", text(&one), "--to", "edf", "--out", text(&file)])), Some(2));
    let provider = if cfg!(windows) { "coreml" } else { "directml" };
    let run = efficientecg(&["export", text(&one), "--to", "csv", "--provider", provider, "--out", text(&out)]);
    assert_eq!(code(&run), Some(3), "{}", said(&run));
    let absent = keep.path().join("absent.hea");
    let run = efficientecg(&["convert", text(&absent), text(&one), "--to", "edf", "--out", text(&out)]);
    assert_eq!((code(&run), names(&out)), (Some(1), vec!["demo_af.edf".to_owned()]), "{}", said(&run));
}

#[test]
fn a_format_too_narrow_is_refused_and_nothing_is_written() {
    let (keep, demo) = demo();
    let mut wide = NewRecording::of(&formats::open(&demo.join("wfdb/demo_af.hea")).unwrap(), "wide");
    wide.signals[1].source = Arc::new(MemorySource(vec![0, 2048, -2047]));
    let wide = write::wfdb(keep.path(), &wide, None, Existing::Keep).unwrap().path;
    let out = keep.path().join("narrow");
    let convert = |format: &str| efficientecg(&["convert", text(&wide), "--to", "wfdb", "--format", format, "--out", text(&out)]);
    let narrow = convert("212");
    assert_eq!(code(&narrow), Some(1), "{}", said(&narrow));
    assert!(said(&narrow).contains("the value 2048 does not fit format 212"), "{}", said(&narrow));
    assert_eq!(names(&out), [""; 0]);
    assert_eq!(code(&convert("16")), Some(0));
}

#[test]
fn no_input_of_the_command_is_replaced_by_another_s_output() {
    let (keep, demo) = demo();
    let folder = |name: &str, records: &[(&str, &str)]| {
        let folder = keep.path().join(name);
        fs::create_dir(&folder).unwrap();
        for (record, name) in records {
            let source = NewRecording::of(&formats::open(&demo.join(format!("wfdb/{record}.hea"))).unwrap(), name);
            write::wfdb(&folder, &source, None, Existing::Keep).unwrap();
        }
        folder
    };
    let refused = |arguments: &[&str], folders: &[&Path], words: &str| {
        let before: Vec<_> = folders.iter().map(|folder| contents(folder)).collect();
        let run = efficientecg(arguments);
        assert_eq!(code(&run), Some(1), "{arguments:?} {}", said(&run));
        assert!(said(&run).contains(words), "{arguments:?} {}", said(&run));
        for (folder, before) in folders.iter().zip(&before) {
            let after = contents(folder);
            assert!(before.iter().all(|(name, content)| after.get(name) == Some(content)), "{arguments:?} {}", said(&run));
        }
    };
    let reading = "is one of the recordings being read";
    let a = folder("a", &[("demo_af", "100")]);
    let b = folder("b", &[("demo_normal", "100")]);
    let one = a.join("100.hea");
    refused(&["convert", text(&one), text(&b), "--to", "wfdb", "--out", text(&b), "--force"], &[&a, &b], reading);
    let export = ["export", text(&one), text(&b), "--engine", "rten", "--to", "wfdb", "--out", text(&b), "--force"];
    refused(&export, &[&a, &b], reading);
    // One folder: a name that has to be changed becomes another's.
    let c = folder("c", &[("demo_af", "rec_a"), ("demo_normal", "x")]);
    fs::rename(c.join("x.hea"), c.join("rec.a.hea")).unwrap();
    refused(&["convert", text(&c), "--to", "wfdb", "--out", text(&c), "--force"], &[&c], reading);
    // A signal file that another record's header names, by a name in other letters.
    let d = folder("d", &[("demo_normal", "y")]);
    let header = fs::read_to_string(d.join("y.hea")).unwrap();
    fs::write(d.join("y.hea"), header.replace("y.dat", "100.DAT")).unwrap();
    fs::rename(d.join("y.dat"), d.join("100.dat")).unwrap();
    refused(&["convert", text(&one), text(&d), "--to", "wfdb", "--out", text(&d), "--force"], &[&a, &d], reading);
    // EDF files onto each other.
    let (e, f) = (keep.path().join("e"), keep.path().join("f"));
    for (folder, record) in [(&e, "demo_af"), (&f, "demo_normal")] {
        fs::create_dir(folder).unwrap();
        fs::copy(demo.join(format!("edf/{record}.edf")), folder.join("1.edf")).unwrap();
    }
    refused(&["convert", text(&e), text(&f), "--to", "edf", "--out", text(&f), "--force"], &[&e, &f], reading);
    // What is only in the way is replaced as asked.
    let run = efficientecg(&["convert", text(&e), "--to", "edf", "--out", text(&f), "--force"]);
    assert_eq!((code(&run), contents(&f)), (Some(0), contents(&e)), "{}", said(&run));
}

#[test]
fn machine_labels_are_exported_in_every_format() {
    let (keep, demo) = demo();
    let one = demo.join("wfdb/demo_bigeminy.hea");
    let export = |to: &str, more: &[&str]| {
        let out = keep.path().join(to);
        let run = efficientecg(&[&["export", text(&one), "--engine", "rten", "--to", to, "--out", text(&out)], more].concat());
        assert_eq!(code(&run), Some(0), "{}", said(&run));
        (out, said(&run))
    };
    let (json, _) = export("json", &[]);
    let document: Value = serde_json::from_slice(&fs::read(json.join("demo_bigeminy.json")).unwrap()).unwrap();
    let schema: Value = serde_json::from_str(include_str!("../docs/schema/analysis-1.schema.json")).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&document));
    let found: Vec<(u64, String)> = document["beats"]
        .as_array()
        .unwrap()
        .iter()
        .map(|beat| (beat["sample"].as_u64().unwrap(), beat["label"].as_str().unwrap().to_owned()))
        .collect();
    assert!(found.iter().any(|(_, label)| label == "V") && found.len() > 10);

    let (wfdb, _) = export("wfdb", &[]);
    let record = formats::open(&wfdb.join("demo_bigeminy.hea")).unwrap();
    let source = formats::open(&one).unwrap();
    assert_eq!(record.annotations[0], source.annotations[0]);
    assert_eq!(record.annotations[1].annotator, "eecg");
    let labels = |set: &AnnotationSet| -> Vec<(u64, String)> {
        set.annotations.iter().filter(|a| a.mnemonic.is_beat()).map(|a| (a.at.0, a.mnemonic.to_string())).collect()
    };
    assert_eq!(labels(&record.annotations[1]), found);
    assert!(record.comments.iter().any(|line| line.contains("machine finding") && line.contains("not for diagnosis")));
    assert_eq!(digests(&record), digests(&source));
    let judged = efficientecg(&["evaluate", "--reference", "atr", "--test", "eecg", "--from", "0", text(&wfdb)]);
    assert_eq!(code(&judged), Some(0), "{}", said(&judged));

    let (edf, warnings) = export("edf", &[]);
    let file = formats::open(&edf.join("demo_bigeminy.edf")).unwrap();
    assert_eq!(labels(&file.annotations[0]), found);
    assert!(file.annotations[0].annotations[0].text.starts_with("machine finding"));
    assert!(warnings.contains("atr are not written"), "{warnings}");

    let (csv, _) = export("csv", &[]);
    assert_eq!(names(&csv), ["demo_bigeminy.beats.csv", "demo_bigeminy.findings.csv"]);
    let table = fs::read_to_string(csv.join("demo_bigeminy.beats.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.split_terminator("\r\n").map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["sample", "time_s", "label", "mnemonic", "probability", "annotator", "uncertain"]);
    assert_eq!(rows[1..].iter().map(|row| (row[0].parse().unwrap(), row[2].to_owned())).collect::<Vec<_>>(), found);
    let findings = fs::read_to_string(csv.join("demo_bigeminy.findings.csv")).unwrap();
    assert_eq!(findings.lines().count(), 1 + document["findings"].as_array().unwrap().len());
}

#[test]
fn an_annotator_s_own_labels_go_out_instead_of_the_machine_s() {
    let (keep, demo) = demo();
    let one = demo.join("wfdb/demo_bigeminy.hea");
    let source = formats::open(&one).unwrap();
    let export = |to: &str, annotator: &str| {
        let out = keep.path().join(format!("{to}_{annotator}"));
        let arguments = ["export", text(&one), "--engine", "rten", "--to", to, "--annotator", annotator, "--out", text(&out)];
        let run = efficientecg(&arguments);
        assert_eq!(code(&run), Some(0), "{}", said(&run));
        (out, said(&run))
    };
    let (out, says) = export("wfdb", "atr");
    assert!(says.contains("not the machine's"), "{says}");
    let record = formats::open(&out.join("demo_bigeminy.hea")).unwrap();
    assert_eq!((&record.annotations, &record.comments), (&source.annotations, &source.comments));
    let (out, _) = export("edf", "atr");
    assert_eq!(beats(&formats::open(&out.join("demo_bigeminy.edf")).unwrap()), beats(&source));
    let (out, _) = export("csv", "atr");
    let table = fs::read_to_string(out.join("demo_bigeminy.beats.csv")).unwrap();
    assert!(table.lines().count() == beats(&source).len() + 1 && table.lines().nth(1).unwrap().ends_with(",,atr,"), "{table}");
    let (out, says) = export("wfdb", "mine");
    assert!(says.contains("written under that name"), "{says}");
    assert!(out.join("demo_bigeminy.mine").is_file());
}

/// A header as its bytes say: labels, samples in a record and how many bytes a sample takes.
fn layout(bytes: &[u8]) -> (usize, Vec<(String, usize)>) {
    let field = |at: usize, width: usize| String::from_utf8_lossy(&bytes[at..at + width]).trim().to_owned();
    let count: usize = field(252, 4).parse().unwrap();
    let width = if bytes[0] == 0xff { 3 } else { 2 };
    let signal = |i: usize| (field(256 + i * 16, 16), field(256 + count * 216 + i * 8, 8).parse::<usize>().unwrap() * width);
    (256 * (count + 1), (0..count).map(signal).collect())
}

/// Ordinary signals' headers without their reserved fields, and the bytes of every record's ordinary signals.
fn ordinary(bytes: &[u8]) -> (Vec<Vec<u8>>, Vec<u8>) {
    let (start, signals) = layout(bytes);
    let plus = bytes[192..].starts_with(b"EDF+") || bytes[192..].starts_with(b"BDF+");
    let is_ordinary = |label: &str| !(plus && label.ends_with("Annotations"));
    let mut headers = vec![Vec::new(); signals.len()];
    let mut at = 256;
    for width in [16, 80, 8, 8, 8, 8, 8, 80, 8, 32] {
        for header in &mut headers {
            header.extend_from_slice(&bytes[at..at + width]);
            at += width;
        }
    }
    let kept = signals.iter().zip(headers).filter(|((label, _), _)| is_ordinary(label)).map(|(_, header)| header).collect();
    let record: usize = signals.iter().map(|(_, bytes)| bytes).sum();
    let mut samples = Vec::new();
    for record in bytes[start..].chunks_exact(record) {
        let mut at = 0;
        for (label, length) in &signals {
            if is_ordinary(label) {
                samples.extend_from_slice(&record[at..at + length]);
            }
            at += length;
        }
    }
    (kept, samples)
}

fn added() -> AnnotationSet {
    let note = |at: u64, mnemonic: &str, text: &str, duration: Option<u64>| Annotation {
        at: SampleIndex(at),
        duration,
        mnemonic: Mnemonic(mnemonic.into()),
        subtype: 0,
        chan: 0,
        num: 0,
        text: text.into(),
    };
    let annotations = vec![note(0, "\"", "ärztliche Notiz", None), note(37, "V", "", None), note(150, "\"", "stretch", Some(25))];
    AnnotationSet { annotator: "eecg".into(), annotations }
}

#[test]
fn edf_and_bdf_files_are_copied_byte_for_byte_with_annotations_added() {
    let Some(folder) = shared("conformance") else { return };
    let mut copied = 0;
    for sub in ["edf-synthetic", "pyedflib", "mne-python", "wfdb-python"] {
        for name in names(&folder.join(sub)) {
            let path = folder.join(sub).join(&name);
            let Ok(recording) = formats::open(&path) else { continue };
            if recording.format == FileFormat::Wfdb || path.extension().is_some_and(|e| e != "edf" && e != "bdf") {
                continue;
            }
            let out = tempfile::tempdir().unwrap();
            let written = write::edf(out.path(), &recording, "copy", &[added()], Existing::Keep).unwrap();
            let copy = formats::open(&written.path).unwrap_or_else(|e| panic!("{name}: {e}"));
            let samples = |recording: &Recording| -> Vec<String> {
                recorded(recording).iter().map(|s| formats::digest(s).unwrap().unwrap().sha256).collect()
            };
            assert_eq!(samples(&copy), samples(&recording), "{name}");
            assert_eq!((copy.start, copy.length, &copy.gaps), (recording.start, recording.length, &recording.gaps), "{name}");
            // Annotations of the same moment may stand in another order than before.
            let list = |sets: &[AnnotationSet]| {
                let all = sets.iter().flat_map(|set| &set.annotations).filter(|a| a.text != "padding");
                let mut all: Vec<_> = all.map(|a| (a.at.0, a.duration, a.mnemonic.to_string(), a.text.clone())).collect();
                all.sort();
                all
            };
            let mut wanted = added();
            wanted.annotations[1].text = "V".into();
            assert_eq!(list(&copy.annotations), list(&[recording.annotations.as_slice(), &[wanted]].concat()), "{name}");
            if written.losses.iter().any(|loss| loss.field == "file") {
                continue;
            }
            copied += 1;
            // A scale that means nothing is kept; counts are set right.
            assert!(copy.repairs.iter().all(|repair| repair.field.starts_with("physical dimension")), "{name}");
            let (source, target) = (fs::read(&path).unwrap(), fs::read(&written.path).unwrap());
            let ((headers, samples), (new_headers, new_samples)) = (ordinary(&source), ordinary(&target));
            assert!(headers == new_headers, "{name}: signal headers");
            assert!(samples.starts_with(&new_samples) && samples.len() - new_samples.len() < 8192, "{name}: samples");
            if source[192..196] == *b"EDF+" || source[192..196] == *b"BDF+" {
                let stored = |path: &Path| formats::edf::annotations(path).unwrap();
                let (before, after) = (stored(&path), stored(&written.path));
                assert!(before.iter().all(|annotation| after.contains(annotation)), "{name}: onsets as they were");
                assert_eq!((&source[8..168], &source[192..236]), (&target[8..168], &target[192..236]), "{name}");
            } else {
                assert!(matches!(&target[192..197], b"EDF+C" | b"BDF+C"), "{name}");
            }
        }
    }
    assert!(copied >= 10, "{copied}");
}

#[test]
fn records_of_other_programs_keep_their_samples() {
    let Some(folder) = shared("conformance/wfdb-python") else { return };
    let multi = names(&folder.join("multi-segment")).into_iter().map(|name| format!("multi-segment/{name}/{name}.hea"));
    let headers: Vec<String> = names(&folder).into_iter().filter(|name| name.ends_with(".hea")).chain(multi).collect();
    let mut converted = 0;
    for name in headers {
        let Ok(recording) = formats::open(&folder.join(&name)) else { continue };
        let out = tempfile::tempdir().unwrap();
        let new = NewRecording::of(&recording, "copy");
        for format in [None, Some(WfdbFormat::Bits24), Some(WfdbFormat::Flac524)] {
            let written = match write::wfdb(out.path(), &new, format, Existing::Replace) {
                Ok(written) => written,
                // Segments on a common scale need 32 bits.
                Err(error) => {
                    assert!(format.is_some() && error.to_string().contains("does not fit"), "{name}: {error}");
                    continue;
                }
            };
            let copy = formats::open(&written.path).unwrap();
            let values = |recording: &Recording| -> Vec<(String, Vec<i32>)> {
                recorded(recording)
                    .iter()
                    .map(|signal| {
                        let efficientecg::recording::Data::Recorded { source, .. } = &signal.data else { panic!("derived") };
                        let mut samples = vec![0; source.len() as usize];
                        source.read(0, &mut samples).unwrap();
                        (signal.label.clone(), samples)
                    })
                    .collect()
            };
            assert!(values(&copy) == values(&recording), "{name} {format:?}");
            assert_eq!((copy.start, copy.rate, copy.length), (recording.start, recording.rate, recording.length), "{name}");
            assert_eq!(copy.annotations, recording.annotations, "{name}");
            for (a, b) in recorded(&copy).iter().zip(recorded(&recording)) {
                assert_eq!(a.calibrated, b.calibrated, "{name} {}", b.label);
                assert!(formats::digest(a).unwrap().unwrap().checksum_ok == Some(true));
            }
            converted += 1;
        }
        match write::edf(out.path(), &recording, "copy", &recording.annotations, Existing::Replace) {
            Ok(written) => {
                let edf = formats::open(&written.path).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(recorded(&edf).len(), recorded(&recording).len(), "{name}");
            }
            Err(error) => assert!(error.to_string().contains("needs more than 24 bits"), "{name}: {error}"),
        }
    }
    assert!(converted >= 20, "{converted}");
}
