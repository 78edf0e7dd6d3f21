//! Recordings are what their content says, whatever their files and folders are called.

mod formats_support;

use efficientecg::{
    formats::{self, FormatError},
    recording::{FileFormat, Recording},
};
use formats_support::{digital, edf, recorded};
use std::{fs, path::Path};

const HEADER: &str = "r 2 360 3\nr.dat 16 200/mV 16 0 1 9 0 II\nr.dat 16 200/mV 16 0 4 24 0 V1\n";

/// 1 4, 2 8, 6 12.
fn signals() -> Vec<u8> {
    [1i16, 4, 2, 8, 6, 12].iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// N at sample 1, ended properly.
const BEAT: [u8; 4] = [1, 1 << 2, 0, 0];

fn assert_record(recording: &Recording) {
    let read: Vec<Vec<i32>> = recorded(recording).into_iter().map(|signal| digital(signal)).collect();
    assert_eq!(read, [[1, 2, 6], [4, 8, 12]]);
    assert_eq!(recording.annotations.len(), 1);
    assert_eq!(recording.annotations[0].annotator, "atr");
}

#[test]
fn folders_may_have_any_name_and_be_read_only() {
    let root = tempfile::tempdir().unwrap();
    for name in ["with blanks in it", "Zürich 心电图", "ends.hea", "a#b%c"] {
        let folder = root.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("r.hea"), HEADER).unwrap();
        fs::write(folder.join("r.dat"), signals()).unwrap();
        fs::write(folder.join("r.atr"), BEAT).unwrap();
        fs::write(folder.join("größe 1.edf"), edf(&[("ECG II", "uV")], 2)).unwrap();
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            let mut rights = fs::metadata(&path).unwrap().permissions();
            rights.set_readonly(true);
            fs::set_permissions(&path, rights).unwrap();
        }
        for file in ["r.hea", "r.dat", "r.atr"] {
            assert_record(&formats::open(&folder.join(file)).unwrap());
        }
        let found: Vec<_> = formats::find_recordings(&folder).unwrap().into_iter().map(|f| f.format).collect();
        assert_eq!(found, [FileFormat::Edf, FileFormat::Wfdb], "{name}");
    }
}

#[test]
fn names_in_capitals_are_found() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["R.HEA", "R.DAT", "R.ATR"] {
        let content = match name {
            "R.HEA" => HEADER.as_bytes().to_vec(),
            "R.DAT" => signals(),
            _ => BEAT.to_vec(),
        };
        fs::write(folder.path().join(name), content).unwrap();
    }
    for name in ["R.HEA", "R.DAT", "R.ATR"] {
        let recording = formats::open(&folder.path().join(name)).unwrap();
        assert_record(&recording);
        assert_eq!(recording.name, "R");
        assert_eq!(recording.repairs.len(), 1, "the header's `r.dat` is `R.DAT`: {:?}", recording.repairs);
    }
    assert_eq!(formats::wfdb::stored_annotations(&folder.path().join("R.HEA"), "atr").unwrap().annotations.len(), 1);
    fs::write(folder.path().join("A.EDF"), edf(&[("ECG", "mV")], 1)).unwrap();
    let found = formats::find_recordings(folder.path()).unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    // Which of two is meant would be a guess.
    fs::write(folder.path().join("R.dat"), signals()).unwrap();
    assert!(matches!(formats::open(&folder.path().join("R.HEA")), Err(FormatError::SignalFileAbsent { .. })));
}

#[test]
fn extensions_mean_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let content = edf(&[("ECG I", "uV"), ("ECG II", "uV")], 3);
    for name in ["no_extension", "holter.txt", "holter.dat", "holter.edf.bak", "other.hea", "x.REC"] {
        let path = folder.path().join(name);
        fs::write(&path, &content).unwrap();
        let recording = formats::open(&path).unwrap();
        assert_eq!((recording.format, recording.length), (FileFormat::Edf, 300), "{name}");
    }
    let found = formats::find_recordings(folder.path()).unwrap();
    assert_eq!(found.len(), 6, "{found:?}");
    let header = folder.path().join("header.txt");
    fs::write(&header, HEADER).unwrap();
    fs::write(folder.path().join("r.dat"), signals()).unwrap();
    assert_eq!(formats::open(&header).unwrap().format, FileFormat::Wfdb);
}

#[test]
fn a_recording_in_memory_is_the_same() {
    let files = [("r.hea", HEADER.as_bytes().to_vec()), ("r.dat", signals()), ("r.atr", BEAT.to_vec())];
    let files = std::sync::Arc::new(files.into_iter().map(|(name, content)| (name.to_owned(), content.into())).collect());
    assert_record(&formats::open_in_memory("r.hea", std::sync::Arc::clone(&files)).unwrap());
    assert!(matches!(formats::open_in_memory("x.hea", std::sync::Arc::clone(&files)), Err(FormatError::NotFound { .. })));
    assert!(matches!(formats::open_in_memory("r.dat", files), Err(FormatError::Unrecognised { .. })));
    assert!(formats::open(Path::new("r.hea")).is_err());
}
