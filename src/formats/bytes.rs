//! Bytes of a file, read by position.
//!
//! Files are read with positional reads, not through a memory map: a file that shrinks or lies on a network folder that goes away gives an
//! error where a map would end the process, and browsing a gigabyte does not count a gigabyte as this process's memory. The operating
//! system's cache serves both alike.

use super::FormatError;
use crate::recording::SampleError;
use std::{
    cell::RefCell,
    collections::VecDeque,
    fs::{File, Metadata, OpenOptions},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

/// Files kept open at a time: records of many segments have more files than a process may open.
const MOST_OPEN: usize = 128;

/// Why a file of this kind is not read, if so.
fn refusal(path: &Path, metadata: &Metadata) -> Option<FormatError> {
    if metadata.is_dir() {
        return Some(FormatError::Folder { path: path.into() });
    }
    if !metadata.is_file() {
        return Some(FormatError::NotAFile { path: path.into() });
    }
    (metadata.len() == 0).then(|| FormatError::Empty { path: path.into() })
}

/// Opens a regular file. Pipes and devices are refused before they are opened, and again afterwards: a pipe that takes the file's place in
/// between is not waited for.
fn open_regular(path: &Path) -> Result<(File, Metadata), FormatError> {
    let failed = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => FormatError::NotFound { path: path.into() },
        _ => FormatError::Unreadable { path: path.into(), reason: error.to_string() },
    };
    let before = std::fs::metadata(path).map_err(failed)?;
    if let Some(refusal) = refusal(path, &before) {
        return Err(refusal);
    }
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    match refusal(path, &metadata) {
        Some(refusal) => Err(refusal),
        None => Ok((file, metadata)),
    }
}

/// The first bytes of a file, at most `count`.
pub(super) fn first_bytes(path: &Path, count: u64) -> Result<Vec<u8>, FormatError> {
    let (file, _) = open_regular(path)?;
    take(path, file, count)
}

/// A whole file of at most `limit` bytes; a larger one is no header or annotation file and is refused before it is read.
pub(super) fn small_file(path: &Path, limit: u64) -> Result<Vec<u8>, FormatError> {
    let (file, metadata) = open_regular(path)?;
    check_size(path, metadata.len(), limit)?;
    take(path, file, limit)
}

/// Refuses a file of more than `limit` bytes.
pub(super) fn check_size(path: &Path, length: u64, limit: u64) -> Result<(), FormatError> {
    if length <= limit {
        return Ok(());
    }
    let problem = format!("{length} bytes are more than the {limit} such a file may have");
    Err(FormatError::Damaged { path: path.into(), problem })
}

fn take(path: &Path, file: File, count: u64) -> Result<Vec<u8>, FormatError> {
    let mut start = Vec::new();
    file.take(count).read_to_end(&mut start).map_err(|e| FormatError::Unreadable { path: path.into(), reason: e.to_string() })?;
    Ok(start)
}

/// The bytes of a file of a recording, on disk or in memory.
#[derive(Debug)]
pub(super) struct FileBytes {
    path: PathBuf,
    length: u64,
    /// Tells opened files apart; from 1.
    number: u64,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Disk(Arc<DiskFile>),
    Memory(Arc<[u8]>),
}

impl FileBytes {
    /// Opens a regular file that is not empty.
    pub(super) fn open(path: &Path) -> Result<Self, FormatError> {
        let (file, metadata) = open_regular(path)?;
        let disk = Arc::new(DiskFile { identity: Identity::of(&metadata), handle: Mutex::default() });
        disk.keep(Arc::new(file));
        Ok(Self::new(path, metadata.len(), Place::Disk(disk)))
    }

    /// A file that is in memory; `path` is what messages call it.
    pub(super) fn memory(path: &Path, bytes: Arc<[u8]>) -> Result<Self, FormatError> {
        if bytes.is_empty() {
            return Err(FormatError::Empty { path: path.into() });
        }
        Ok(Self::new(path, bytes.len() as u64, Place::Memory(bytes)))
    }

    fn new(path: &Path, length: u64, place: Place) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        Self { path: path.into(), length, number: NUMBER.fetch_add(1, Ordering::Relaxed), place }
    }

    /// Length in bytes when it was opened.
    pub(super) fn len(&self) -> u64 {
        self.length
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Fills `out` with the bytes from `start` on.
    ///
    /// # Errors
    /// [`SampleError`] when the file has become shorter, was replaced by another one or cannot be read any more.
    pub(super) fn read_at(&self, start: u64, out: &mut [u8]) -> Result<(), SampleError> {
        match &self.place {
            Place::Memory(bytes) => {
                let from = usize::try_from(start).unwrap_or(usize::MAX);
                let stored = from.checked_add(out.len()).and_then(|end| bytes.get(from..end));
                out.copy_from_slice(stored.ok_or_else(|| self.unreadable(format!("it has {} bytes", bytes.len())))?);
                Ok(())
            }
            Place::Disk(disk) => {
                let file = disk.handle(&self.path).map_err(|e| self.unreadable(e))?;
                read_exact_at(&file, start, out).map_err(|error| match error.kind() {
                    ErrorKind::UnexpectedEof => {
                        let now = file.metadata().map_or(0, |metadata| metadata.len());
                        self.unreadable(format!("it had {} bytes and now has {now}", self.length))
                    }
                    _ => self.unreadable(error.to_string()),
                })
            }
        }
    }

    /// The bytes from `start` on, at most `count` and not more than the file had when it was opened.
    ///
    /// # Errors
    /// As [`FileBytes::read_at`].
    pub(super) fn read(&self, start: u64, count: u64) -> Result<Vec<u8>, SampleError> {
        let count = count.min(self.length.saturating_sub(start));
        let mut bytes = vec![0; usize::try_from(count).map_err(|e| self.unreadable(e.to_string()))?];
        self.read_at(start, &mut bytes)?;
        Ok(bytes)
    }

    /// The whole file, of at most `limit` bytes.
    ///
    /// # Errors
    /// [`FormatError`] when it is larger or cannot be read.
    pub(super) fn whole(&self, limit: u64) -> Result<Vec<u8>, FormatError> {
        check_size(&self.path, self.length, limit)?;
        self.read(0, self.length).map_err(|e| FormatError::Unreadable { path: self.path.clone(), reason: e.to_string() })
    }

    /// Calls `with` with `count` bytes from `start`, in a buffer that the thread keeps. The next signal of the file is mostly wanted over the same
    /// stretch: bytes that lie there already are not read again.
    ///
    /// # Errors
    /// As [`FileBytes::read_at`].
    pub(super) fn with<T>(&self, start: u64, count: usize, with: impl FnOnce(&[u8]) -> T) -> Result<T, SampleError> {
        if let Place::Memory(bytes) = &self.place {
            let from = usize::try_from(start).unwrap_or(usize::MAX);
            let stored = from.checked_add(count).and_then(|end| bytes.get(from..end));
            return stored.map(with).ok_or_else(|| self.unreadable(format!("it has {} bytes", bytes.len())));
        }
        thread_local! {
            static KEPT: RefCell<Kept> = const { RefCell::new(Kept { file: 0, start: 0, count: 0, buffer: Vec::new() }) };
        }
        KEPT.with(|kept| {
            // Only a reader that reads while it is being read to would find it taken; it gets a buffer of its own.
            let mut own = Kept { file: 0, start: 0, count: 0, buffer: Vec::new() };
            let mut kept = kept.try_borrow_mut();
            let kept = kept.as_deref_mut().unwrap_or(&mut own);
            if let Some(bytes) = kept.find(self.number, start, count) {
                return Ok(with(bytes));
            }
            // While it is being filled it is nobody's.
            kept.file = 0;
            if kept.buffer.len() < count {
                kept.buffer.resize(count, 0);
            }
            let bytes = kept.buffer.get_mut(..count).unwrap_or_default();
            self.read_at(start, bytes)?;
            (kept.file, kept.start, kept.count) = (self.number, start, count);
            Ok(with(bytes))
        })
    }

    pub(super) fn unreadable(&self, reason: String) -> SampleError {
        SampleError::Unreadable { file: self.path.display().to_string(), reason }
    }
}

/// Bytes that a thread read last.
struct Kept {
    /// Number of the file; 0 for none.
    file: u64,
    start: u64,
    count: usize,
    buffer: Vec<u8>,
}

impl Kept {
    fn find(&self, file: u64, start: u64, count: usize) -> Option<&[u8]> {
        let from = usize::try_from(start.checked_sub(self.start).filter(|_| self.file == file)?).ok()?;
        self.buffer.get(..self.count)?.get(from..from.checked_add(count)?)
    }
}

/// A file on disk whose handle may be closed in between.
#[derive(Debug)]
struct DiskFile {
    identity: Identity,
    handle: Mutex<Option<Arc<File>>>,
}

/// Files whose handle is open, the one opened first in front.
static OPEN: Mutex<VecDeque<Weak<DiskFile>>> = Mutex::new(VecDeque::new());

impl DiskFile {
    fn handle(self: &Arc<Self>, path: &Path) -> Result<Arc<File>, String> {
        if let Some(file) = self.handle.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            return Ok(Arc::clone(file));
        }
        let (file, metadata) = open_regular(path).map_err(|e| e.to_string())?;
        if Identity::of(&metadata) != self.identity {
            return Err("it was changed, or another file has taken its place".into());
        }
        let file = Arc::new(file);
        self.keep(Arc::clone(&file));
        Ok(file)
    }

    /// Keeps the handle open, and closes the one opened first where there are too many.
    fn keep(self: &Arc<Self>, file: Arc<File>) {
        *self.handle.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.push_back(Arc::downgrade(self));
        if open.len() > MOST_OPEN {
            open.retain(|file| file.strong_count() > 0);
        }
        while open.len() > MOST_OPEN {
            if let Some(oldest) = open.pop_front().and_then(|oldest| oldest.upgrade()) {
                *oldest.handle.lock().unwrap_or_else(PoisonError::into_inner) = None;
            }
        }
    }
}

/// What stays the same when a file is opened again. A number of the disk's own may be given to a new file at once, so that size and time of
/// change count too.
#[derive(Debug, PartialEq, Eq)]
struct Identity {
    #[cfg(unix)]
    node: (u64, u64),
    #[cfg(not(unix))]
    created: Option<std::time::SystemTime>,
    length: u64,
    changed: Option<std::time::SystemTime>,
}

impl Identity {
    fn of(metadata: &Metadata) -> Self {
        Self {
            #[cfg(unix)]
            node: {
                use std::os::unix::fs::MetadataExt;
                (metadata.dev(), metadata.ino())
            },
            #[cfg(not(unix))]
            created: metadata.created().ok(),
            length: metadata.len(),
            changed: metadata.modified().ok(),
        }
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, start: u64, out: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, start)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut start: u64, mut out: &mut [u8]) -> io::Result<()> {
    while !out.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, out, start) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                out = out.get_mut(count..).unwrap_or_default();
                start += count as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_files_than_may_be_open_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let files: Vec<FileBytes> = (0..3 * MOST_OPEN)
            .map(|n| {
                let path = folder.path().join(n.to_string());
                std::fs::write(&path, n.to_string()).unwrap();
                FileBytes::open(&path).unwrap()
            })
            .collect();
        let open = |file: &FileBytes| matches!(&file.place, Place::Disk(disk) if disk.handle.lock().unwrap().is_some());
        assert!(files.iter().filter(|file| open(file)).count() <= MOST_OPEN);
        for (n, file) in files.iter().enumerate() {
            assert_eq!(file.read(0, 99).unwrap(), n.to_string().into_bytes());
        }
        // A closed file that was replaced meanwhile is another file.
        let first = files.iter().find(|file| !open(file)).unwrap();
        std::fs::write(folder.path().join("new"), "0").unwrap();
        std::fs::rename(folder.path().join("new"), first.path()).unwrap();
        assert!(first.read(0, 1).unwrap_err().to_string().contains("another file"));
    }

    #[test]
    fn a_shorter_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, [7; 100]).unwrap();
        let file = FileBytes::open(&path).unwrap();
        assert_eq!(file.with(80, 20, <[u8]>::to_vec).unwrap(), [7; 20]);
        // What another file has at the same place is its own.
        std::fs::write(folder.path().join("y"), [9; 100]).unwrap();
        let other = FileBytes::open(&folder.path().join("y")).unwrap();
        assert_eq!(other.with(85, 5, <[u8]>::to_vec).unwrap(), [9; 5]);
        assert_eq!(file.with(85, 15, <[u8]>::to_vec).unwrap(), [7; 15]);
        File::options().write(true).open(&path).unwrap().set_len(50).unwrap();
        assert!(file.read_at(45, &mut [0; 10]).unwrap_err().to_string().contains("had 100 bytes and now has 50"));
        assert_eq!(file.read(40, 10).unwrap(), [7; 10]);
        let memory = FileBytes::memory(Path::new("m"), vec![1, 2, 3].into()).unwrap();
        assert_eq!(memory.read(1, 9).unwrap(), [2, 3]);
        assert!(memory.read_at(2, &mut [0; 2]).is_err());
    }
}
