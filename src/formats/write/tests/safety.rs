//! Nothing is overwritten unasked, nothing half done stays, a source is never written to.

use super::*;
use crate::recording::SampleError;

/// Fails when its second half is read, as a file does whose disk is pulled out.
#[derive(Debug)]
struct Failing(u64);

impl SampleSource for Failing {
    fn len(&self) -> u64 {
        self.0
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        out.fill(0);
        if start + out.len() as u64 > self.0 / 2 {
            return Err(SampleError::Unreadable { file: "gone.dat".into(), reason: "no such device".into() });
        }
        Ok(())
    }
}

/// Other samples at the second reading than at the first, as of a file that changes.
#[derive(Debug)]
struct Changing(std::sync::atomic::AtomicU32);

impl SampleSource for Changing {
    fn len(&self) -> u64 {
        1000
    }

    fn read(&self, _: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let times = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        out.fill(if times == 0 { 1 } else { 1 << 24 });
        Ok(())
    }
}

#[test]
fn nothing_is_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let written = recording(500.0, 500);
    let edf = edf_plus(folder.path(), &written, Existing::Keep).unwrap().path;
    wfdb(folder.path(), &written, None, Existing::Keep).unwrap();
    let content = || files(folder.path()).iter().map(|name| std::fs::read(folder.path().join(name)).unwrap()).collect::<Vec<_>>();
    let before = content();
    let other = recording(500.0, 600);
    assert_eq!(edf_plus(folder.path(), &other, Existing::Keep), Err(WriteError::Exists { path: edf.clone() }));
    assert!(matches!(wfdb(folder.path(), &other, None, Existing::Keep), Err(WriteError::Exists { .. })));
    assert_eq!(content(), before);
    // One file of the record in the way is enough.
    std::fs::remove_file(folder.path().join("sim_1.hea")).unwrap();
    assert!(matches!(wfdb(folder.path(), &other, None, Existing::Keep), Err(WriteError::Exists { .. })));
    edf_plus(folder.path(), &other, Existing::Replace).unwrap();
    let header = wfdb(folder.path(), &other, None, Existing::Replace).unwrap().path;
    assert_eq!((open(&edf).unwrap().length, open(&header).unwrap().length), (600, 600));
    assert_eq!(files(folder.path()), ["sim_1.atr", "sim_1.dat", "sim_1.edf", "sim_1.hea"], "no temporary file is left");
}

#[test]
fn a_failure_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let good = recording(500.0, 500);
    wfdb(folder.path(), &good, None, Existing::Keep).unwrap();
    edf_plus(folder.path(), &good, Existing::Keep).unwrap();
    let content = || files(folder.path()).iter().map(|name| std::fs::read(folder.path().join(name)).unwrap()).collect::<Vec<_>>();
    let (names, before) = (files(folder.path()), content());
    let sources: [fn() -> Arc<dyn SampleSource>; 2] = [|| Arc::new(Failing(1000)), || Arc::new(Changing(0.into()))];
    for source in sources {
        let bad = || {
            let mut bad = recording(500.0, 1000);
            bad.signals[2].source = source();
            bad
        };
        for format in [None, Some(WfdbFormat::Flac516), Some(WfdbFormat::Packed212)] {
            assert!(wfdb(folder.path(), &bad(), format, Existing::Replace).is_err());
            let empty = tempfile::tempdir().unwrap();
            assert!(wfdb(empty.path(), &bad(), format, Existing::Keep).is_err());
            assert_eq!(files(empty.path()), [""; 0]);
        }
        assert!(edf_plus(folder.path(), &bad(), Existing::Replace).is_err());
    }
    // A folder in the way is seen before anything is written.
    std::fs::remove_file(folder.path().join("sim_1.hea")).unwrap();
    std::fs::create_dir(folder.path().join("sim_1.hea")).unwrap();
    assert!(wfdb(folder.path(), &recording(500.0, 600), None, Existing::Replace).is_err());
    std::fs::remove_dir(folder.path().join("sim_1.hea")).unwrap();
    std::fs::write(folder.path().join("sim_1.hea"), before.last().unwrap()).unwrap();
    assert_eq!((files(folder.path()), content()), (names, before));
}

#[test]
fn a_recording_is_never_written_onto_itself() {
    let folder = tempfile::tempdir().unwrap();
    let header = wfdb(folder.path(), &recording(500.0, 5000), Some(WfdbFormat::Flac516), Existing::Keep).unwrap().path;
    let edf_path = edf_plus(folder.path(), &recording(500.0, 500), Existing::Keep).unwrap().path;
    let before: Vec<Vec<u8>> = files(folder.path()).iter().map(|name| std::fs::read(folder.path().join(name)).unwrap()).collect();
    let record = open(&header).unwrap();
    let file = open(&edf_path).unwrap();
    let is_source = |result: Result<Written, WriteError>| matches!(result, Err(WriteError::IsSource { .. }));
    assert!(is_source(wfdb(folder.path(), &NewRecording::of(&record, "sim_1"), None, Existing::Replace)));
    assert!(is_source(edf(folder.path(), &file, "sim_1", &[], Existing::Replace)));
    assert!(is_source(edf_plus(folder.path(), &NewRecording::of(&file, "sim_1"), Existing::Replace)));
    // Under another name whose signal file is the source's own, by a link too.
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path().join("sim_1.dat"), folder.path().join("linked.dat")).unwrap();
        assert!(is_source(wfdb(folder.path(), &NewRecording::of(&record, "linked"), None, Existing::Replace)));
        std::fs::remove_file(folder.path().join("linked.dat")).unwrap();
        std::fs::hard_link(folder.path().join("sim_1.atr"), folder.path().join("hard.hea")).unwrap();
        assert!(is_source(wfdb(folder.path(), &NewRecording::of(&record, "hard"), None, Existing::Replace)));
        std::fs::remove_file(folder.path().join("hard.hea")).unwrap();
    }
    let after: Vec<Vec<u8>> = files(folder.path()).iter().map(|name| std::fs::read(folder.path().join(name)).unwrap()).collect();
    assert_eq!(after, before);
}

#[test]
fn what_no_format_can_hold_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |change: &dyn Fn(&mut NewRecording)| {
        let mut bad = recording(500.0, 500);
        change(&mut bad);
        for result in [wfdb(folder.path(), &bad, None, Existing::Keep), edf_plus(folder.path(), &bad, Existing::Keep)] {
            assert!(matches!(result, Err(WriteError::Unsuitable { .. })), "{result:?}");
        }
    };
    refused(&|bad| bad.signals[0].scale.gain = 0.0);
    refused(&|bad| bad.name = "../x".into());
    refused(&|bad| bad.signals.clear());
    refused(&|bad| bad.signals[1].name = "a\nb".into());
    refused(&|bad| bad.signals[1].rate = Rate::new(500.0 * std::f64::consts::E).unwrap());
    assert_eq!(files(folder.path()), [""; 0]);
}
