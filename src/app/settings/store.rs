//! The file with the settings: read at the start, written whenever they change, never half.

use super::Settings;
use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::mpsc,
    thread::JoinHandle,
};

/// Name of the file in the configuration folder.
pub const FILE: &str = "settings.toml";
/// Most bytes of it that are read.
const MOST_BYTES: u64 = 256 * 1024;

/// Writes settings off the window's thread, the newest only. What was given last is written before it is gone.
#[derive(Debug)]
pub struct Store {
    sender: Option<mpsc::Sender<Settings>>,
    faults: mpsc::Receiver<String>,
    writer: Option<JoinHandle<()>>,
    last: Settings,
}

impl Store {
    /// Reads the settings in `folder`. A file that is broken is kept beside as `settings.toml.bad` and the defaults are taken; the text
    /// says so for the reader.
    pub fn open(folder: &Path) -> (Self, Option<String>) {
        let path = folder.join(FILE);
        let (settings, notice) = match read(&path) {
            Ok(settings) => (settings.sane(), None),
            Err(reason) => (Settings::default(), Some(put_aside(&path, &reason))),
        };
        let (sender, receiver) = mpsc::channel::<Settings>();
        let (tell, faults) = mpsc::channel();
        let writer = std::thread::Builder::new().name("settings".into()).spawn(move || {
            while let Ok(mut settings) = receiver.recv() {
                while let Ok(newer) = receiver.try_recv() {
                    settings = newer;
                }
                if let Err(reason) = write(&path, &settings) {
                    // Nobody listens any more once the window is closed.
                    let _ = tell.send(format!("The settings were not saved: {} ({reason})", path.display()));
                }
            }
        });
        (Self { sender: Some(sender), faults, writer: writer.ok(), last: settings }, notice)
    }

    /// The settings that were read or last kept.
    pub fn settings(&self) -> &Settings {
        &self.last
    }

    /// Keeps the settings if they changed.
    pub fn keep(&mut self, settings: &Settings) {
        if *settings != self.last {
            self.last = settings.clone();
            if let Some(sender) = &self.sender {
                // Fails only where the thread could not be started; then nothing is kept, as on a full disk.
                let _ = sender.send(settings.clone());
            }
        }
    }

    /// Why settings could not be saved, since it was last asked.
    pub fn fault(&self) -> Option<String> {
        self.faults.try_iter().last()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has nothing left to save.
            let _ = writer.join();
        }
    }
}

fn read(path: &Path) -> Result<Settings, String> {
    let mut text = String::new();
    let opened = match std::fs::File::open(path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Settings::default()),
        Err(error) => return Err(error.to_string()),
    };
    opened.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > MOST_BYTES {
        return Err(format!("it is longer than {MOST_BYTES} bytes"));
    }
    toml::from_str(&text).map_err(|error| error.message().to_owned())
}

/// Keeps a broken file beside, and says so.
fn put_aside(path: &Path, reason: &str) -> String {
    let mut bad = path.as_os_str().to_owned();
    bad.push(".bad");
    let bad = PathBuf::from(bad);
    let kept = match std::fs::rename(path, &bad) {
        Ok(()) => format!("it is kept as {}", bad.display()),
        Err(error) => format!("it could not be put aside ({error})"),
    };
    format!("The settings in {} cannot be read ({reason}): {kept}, and the usual ones are taken.", path.display())
}

/// Writes beside and renames, so that the file is whole at any time.
fn write(path: &Path, settings: &Settings) -> Result<(), String> {
    let text = toml::to_string_pretty(settings).map_err(|error| error.to_string())?;
    let folder = path.parent().ok_or("it has no folder")?;
    let save = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    save().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::page::scale::{Gain, Speed};
    use proptest::prelude::*;

    fn changed() -> Settings {
        Settings {
            language: crate::words::Language::German,
            theme: "dark".into(),
            interface_scale: 1.25,
            layout: "cabrera-6x2".into(),
            gain: Gain::Mm2_5,
            speed: Speed::Mm12_5,
            blind_first: true,
            true_size: true,
            screens: [("2560x1440@1".to_owned(), 4.3)].into(),
            shortcuts: [("G".to_owned(), "Shift G".to_owned())].into(),
        }
    }

    #[test]
    fn what_is_kept_is_there_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = folder.path().join("new").join("folder");
        let (mut store, notice) = Store::open(&inside);
        assert_eq!((store.settings().clone(), notice), (Settings::default(), None));
        store.keep(&changed());
        drop(store);
        let (store, notice) = Store::open(&inside);
        assert_eq!((store.settings().clone(), notice), (changed(), None));
        let left: Vec<_> = std::fs::read_dir(&inside).expect("a folder").collect();
        assert_eq!(left.len(), 1, "no half-written files stay");
    }

    #[test]
    fn a_broken_file_is_kept_aside_and_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        for broken in ["theme = 7\n", "gain = \"11\"\n", "[[[", "\u{0}"] {
            std::fs::write(&path, broken).expect("written");
            let (store, notice) = Store::open(folder.path());
            assert_eq!(store.settings(), &Settings::default());
            assert!(notice.is_some_and(|text| text.contains("settings.toml.bad")), "{broken}");
            assert_eq!(std::fs::read_to_string(folder.path().join("settings.toml.bad")).expect("kept"), broken);
            assert!(!path.exists());
        }
    }

    #[test]
    fn numbers_beyond_reason_are_held_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = "interface_scale = 1e9\nfuture = true\n[screens]\na = -1.0\nb = 3.8\nc = nan\n";
        std::fs::write(folder.path().join(FILE), text).expect("written");
        let (store, notice) = Store::open(folder.path());
        assert_eq!(notice, None);
        assert_eq!(store.settings().interface_scale, super::super::SCALES.1);
        assert_eq!(store.settings().screens.keys().collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("written");
        let (mut store, _) = Store::open(&file);
        store.keep(&changed());
        // The writer ends with its channel; its fault stays in the queue.
        store.sender = None;
        store.writer.take().expect("a writer").join().expect("no panic");
        assert!(store.fault().is_some_and(|text| text.contains("not saved")));
    }

    proptest! {
        #[test]
        fn whatever_stands_in_the_file_nothing_breaks(text in "([a-z_]{0,18} ?= ?[-0-9.\"a-zA-Z\\[\\]]{0,12}\n?){0,4}.{0,20}") {
            if let Ok(settings) = toml::from_str::<Settings>(&text) {
                let sane = settings.sane();
                prop_assert!(sane.interface_scale >= super::super::SCALES.0);
            }
        }
    }
}
