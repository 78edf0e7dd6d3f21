//! Reports of whole folders: one recording that cannot be read does not stop the rest, nothing is written over unasked.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A folder with copies of a recording.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A recording of ten seconds and one lead, which is quick to analyse, as `name`.
    fn recording(&self, name: &str) -> PathBuf {
        let path = self.path(&format!("{name}.hea"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let short = Path::new(name).file_name().unwrap().to_str().unwrap();
        fs::write(&path, format!("{short} 1 100 1000\n{short}.dat 16 200 16 0 0 0 0 II\n")).unwrap();
        let beat = |sample: i32| if sample % 90 < 4 { 200 - 40 * (sample % 90) } else { sample * 7 % 3 };
        let bytes: Vec<u8> = (0..1000).flat_map(|sample| (beat(sample) as i16).to_le_bytes()).collect();
        fs::write(path.with_extension("dat"), bytes).unwrap();
        path
    }

    fn report(&self, paths: &[PathBuf], out: &Path, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_efficientecg"));
        command.arg("report").args(paths).arg("--out").arg(out).args(["--engine", "rten"]).args(more);
        command.env("SOURCE_DATE_EPOCH", "1700000000").env("EFFICIENTECG_REVIEWS", self.path("absent")).output().unwrap()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn pdfs(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|e| e == "pdf")).count()
}

#[test]
fn a_bad_recording_does_not_stop_the_rest_of_the_folder() {
    let folder = Folder::new();
    for number in 0..12 {
        folder.recording(&format!("in/{number:03}"));
    }
    fs::write(folder.path("in/007.dat"), b"").unwrap();
    let out = folder.path("out");
    let done = folder.report(&[folder.path("in")], &out, &["--threads", "2"]);
    let said = said(&done);
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert_eq!(pdfs(&out), 11, "{said}");
    assert!(said.contains("007.hea") && said.contains("12 recordings, 1 failed"), "{said}");
    // What was written says whose it is, in the folder's order.
    let written: Vec<&str> = said.lines().filter(|line| line.contains("wrote ")).collect();
    assert!(written.is_sorted() && written.len() == pdfs(&out), "{said}");
}

#[test]
fn recordings_are_never_written_over_whatever_they_are_called() {
    let folder = Folder::new();
    let demo = folder.path("demo");
    let made = Command::new(env!("CARGO_BIN_EXE_efficientecg")).arg("demo").arg("--out").arg(&demo).output().unwrap();
    assert!(made.status.success());
    let edf = fs::read(demo.join("edf/demo_normal.edf")).unwrap();
    // A recording that is called as the report of another one would be.
    let (one, other) = (folder.recording("in/one"), folder.path("in/one.pdf"));
    fs::write(&other, &edf).unwrap();
    for paths in [vec![one.clone()], vec![one.clone(), other.clone()], vec![other.clone()]] {
        let done = folder.report(&paths, &folder.path("in"), &["--force"]);
        assert_eq!(done.status.code(), Some(1), "{}", said(&done));
        assert!(said(&done).contains("one.pdf"), "{}", said(&done));
        assert_eq!(fs::read(&other).unwrap(), edf);
    }
}

#[test]
fn reports_never_replace_each_other_silently() {
    let folder = Folder::new();
    // Two recordings of one name, and one whose first page is called as another's second.
    let same = [folder.recording("a/x"), folder.recording("b/x")];
    let out = folder.path("out");
    let done = folder.report(&same, &out, &["--force"]);
    assert_eq!((done.status.code(), pdfs(&out)), (Some(1), 1), "{}", said(&done));
    assert!(said(&done).contains("another folder"), "{}", said(&done));
    let pages = [folder.recording("c/y"), folder.recording("c/y-2")];
    let out = folder.path("pages");
    let done = folder.report(&pages, &out, &["--force", "--format", "png", "--dpi", "40", "--sections", "median"]);
    assert_eq!(done.status.code(), Some(1), "{}", said(&done));
    assert!(said(&done).contains("y-2.png") && said(&done).contains("different folders"), "{}", said(&done));
    // Without `--force` what is there stays.
    let kept = fs::read(folder.path("out/x.pdf")).unwrap();
    assert_eq!(folder.report(&same[..1], &folder.path("out"), &["--language", "de"]).status.code(), Some(1));
    assert_eq!(fs::read(folder.path("out/x.pdf")).unwrap(), kept);
    assert!(folder.report(&same[..1], &folder.path("out"), &["--language", "de", "--force"]).status.success());
    assert_ne!(fs::read(folder.path("out/x.pdf")).unwrap(), kept);
}
