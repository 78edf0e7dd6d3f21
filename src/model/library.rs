//! Where the ONNX Runtime library is looked for, and whether a file found there can be loaded without harm.

use super::card::hex;
use sha2::{Digest, Sha256};
use std::{
    env,
    ffi::CStr,
    fmt,
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

/// Oldest ONNX Runtime minor version whose interface this application uses (the `api-24` feature of `ort`).
pub const OLDEST_MINOR: u32 = ort::MINOR_VERSION;

/// The environment variable that names the library file, or a folder that holds it.
pub const VARIABLE: &str = "ORT_DYLIB_PATH";

/// File name of the library on this platform.
pub const FILE_NAME: &str = if cfg!(windows) {
    "onnxruntime.dll"
} else if cfg!(target_vendor = "apple") {
    "libonnxruntime.dylib"
} else {
    "libonnxruntime.so"
};

/// Why a library found was not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

/// The places where the library is looked for, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Files, whether they exist or not.
    pub candidates: Vec<PathBuf>,
    /// The candidate was named by [`VARIABLE`].
    pub named_by_variable: bool,
}

impl Search {
    /// The usual places: `ORT_DYLIB_PATH` alone where it is set (who names a library does not want another one), else next to the
    /// binary (and in the folder above for what cargo puts in `deps` or `examples`), `../lib/efficientecg` beside it, and the user's data folder.
    pub fn standard() -> Self {
        if let Some(named) = env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
            return Self { named_by_variable: true, ..Self::file(PathBuf::from(named)) };
        }
        let data = directories::ProjectDirs::from("", "", "efficientecg").map(|dirs| dirs.data_dir().to_path_buf());
        Self::around(env::current_exe().ok().as_deref(), data.as_deref())
    }

    /// One file, or a folder that holds it.
    pub fn file(path: PathBuf) -> Self {
        let path = if path.is_dir() { path.join(FILE_NAME) } else { path };
        Self { candidates: vec![path], named_by_variable: false }
    }

    fn around(binary: Option<&Path>, data: Option<&Path>) -> Self {
        let mut candidates = Vec::new();
        if let Some(folder) = binary.and_then(Path::parent) {
            candidates.push(folder.join(FILE_NAME));
            if folder.file_name().is_some_and(|name| name == "deps" || name == "examples")
                && let Some(above) = folder.parent()
            {
                candidates.push(above.join(FILE_NAME));
            }
            if let Some(prefix) = folder.parent() {
                candidates.push(prefix.join("lib").join("efficientecg").join(FILE_NAME));
            }
        }
        if let Some(data) = data {
            candidates.push(data.join("onnxruntime").join(FILE_NAME));
        }
        Self { candidates, named_by_variable: false }
    }
}

/// A library that can be loaded, held open.
pub(super) struct Probed {
    pub version: String,
    _library: libloading::Library,
}

/// Checks a file and asks it for its version.
///
/// The loader of the system maps a damaged library and the process dies of it, then or later; so the file is looked at first, and
/// nothing is loaded that is not whole.
pub(super) fn probe(path: &Path) -> Result<Probed, String> {
    check_file(path)?;
    check_sum(path)?;
    // SAFETY: loading runs the library's initialisers. It is the file that the user, the set-up or the package put in one of the
    // places documented at `Search::standard`, and it is a whole library of this platform.
    let library = unsafe { libloading::Library::new(path) }.map_err(|e| format!("the system cannot load it ({})", chain(&e)))?;
    // SAFETY: `OrtGetApiBase` has this signature in every release of ONNX Runtime, and what it returns is static.
    let version = unsafe {
        let base = library
            .get::<unsafe extern "C" fn() -> *const ort::sys::OrtApiBase>(b"OrtGetApiBase")
            .map_err(|_| "it is not ONNX Runtime (it has no OrtGetApiBase)".to_owned())?();
        let base = base.as_ref().ok_or("its OrtGetApiBase returns nothing")?;
        let version = (base.GetVersionString)();
        if version.is_null() {
            return Err("it does not tell its version".to_owned());
        }
        let version = CStr::from_ptr(version).to_string_lossy().into_owned();
        check_version(&version)?;
        if (base.GetApi)(ort::sys::ORT_API_VERSION).is_null() {
            return Err(format!("version {version} does not offer interface {}", ort::sys::ORT_API_VERSION));
        }
        version
    };
    Ok(Probed { version, _library: library })
}

fn check_version(version: &str) -> Result<(), String> {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
    match (parts.next().flatten(), parts.next().flatten()) {
        (Some(1), Some(minor)) if minor >= OLDEST_MINOR => Ok(()),
        (Some(1), Some(_)) | (Some(0), _) => Err(format!("version {version} is too old; 1.{OLDEST_MINOR} or newer is needed")),
        _ => Err(format!("version {version} is not a 1.x release; 1.{OLDEST_MINOR} or newer is needed")),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

/// Refuses what is not a whole library of this platform.
pub(super) fn check_file(path: &Path) -> Result<(), String> {
    let mut file = File::open(path).map_err(|e| e.to_string())?;
    let length = file.metadata().map_err(|e| e.to_string())?.len();
    if length == 0 {
        return Err("the file is empty".to_owned());
    }
    let foreign = Err("it is not a library of this platform".to_owned());
    let mut magic = [0; 4];
    if file.read_exact(&mut magic).is_err() {
        return foreign;
    }
    let whole = if cfg!(windows) {
        magic.starts_with(b"MZ")
    } else if cfg!(target_vendor = "apple") {
        [[0xcf, 0xfa, 0xed, 0xfe], [0xca, 0xfe, 0xba, 0xbe]].contains(&magic)
    } else if cfg!(all(target_pointer_width = "64", target_endian = "little")) {
        return if magic == *b"\x7fELF" { check_elf(&mut file, length) } else { foreign };
    } else {
        magic == *b"\x7fELF"
    };
    if whole { Ok(()) } else { foreign }
}

/// Compares the file with the SHA-256 that the set-up or the package recorded beside it, where it did: `libonnxruntime.so.sha256`.
fn check_sum(path: &Path) -> Result<(), String> {
    let mut record = path.as_os_str().to_owned();
    record.push(".sha256");
    let Ok(recorded) = fs::read_to_string(PathBuf::from(record)) else { return Ok(()) };
    let file = File::open(path).map_err(|e| e.to_string())?;
    // SAFETY: the map is read once, here; a library that another program shortens at this very moment would end this one just the
    // same when the system's loader maps it.
    let bytes = unsafe { memmap2::Mmap::map(&file) }.map_err(|e| e.to_string())?;
    let found = hex(&Sha256::digest(&bytes));
    match recorded.split_whitespace().next() {
        Some(expected) if expected.eq_ignore_ascii_case(&found) => Ok(()),
        _ => Err("the file is damaged: its SHA-256 is not the one recorded beside it; `cargo xtask setup` mends it".to_owned()),
    }
}

/// Whether all parts a 64-bit little-endian ELF file announces lie within its length, and its last part is not a hole (as a broken
/// download into a file of the final size leaves behind).
fn check_elf(file: &mut (impl Read + Seek), length: u64) -> Result<(), String> {
    const SHARED: u64 = 3;
    const STRING_TABLE: u64 = 3;
    /// More program headers than any library has.
    const MANY: u64 = 256;
    let foreign = || "it is not a library of this platform".to_owned();
    let truncated = || "the file is damaged or truncated".to_owned();
    let mut bytes = |offset: u64, size: u64| -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(offset)).map_err(|e| e.to_string())?;
        file.by_ref().take(size).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
        if bytes.len() as u64 == size { Ok(bytes) } else { Err(truncated()) }
    };
    let number = |bytes: &[u8], at: usize, size: usize| -> Result<u64, String> {
        let field = bytes.get(at..at + size).ok_or_else(truncated)?;
        Ok(field.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    };
    let head = bytes(0, 64)?;
    if !head.starts_with(b"\x7fELF\x02\x01") || number(&head, 16, 2)? != SHARED {
        return Err(foreign());
    }
    let (programs, program_size, program_count) = (number(&head, 32, 8)?, number(&head, 54, 2)?, number(&head, 56, 2)?);
    let (sections, section_size, section_count) = (number(&head, 40, 8)?, number(&head, 58, 2)?, number(&head, 60, 2)?);
    let fits = |offset: u64, size: u64| offset.checked_add(size).is_some_and(|end| end <= length);
    let whole = fits(programs, program_size * program_count) && fits(sections, section_size * section_count);
    if !whole || program_count == 0 || program_count > MANY {
        return Err(truncated());
    }
    for header in bytes(programs, program_size * program_count)?.chunks(program_size.max(1) as usize) {
        if !fits(number(header, 8, 8)?, number(header, 32, 8)?) {
            return Err(truncated());
        }
    }
    if section_count > 0 {
        // The section headers stand at the very end; one of them is the table of their names.
        let names = bytes(sections.saturating_add(section_size * number(&head, 62, 2)?), section_size)?;
        if number(&names, 4, 4)? != STRING_TABLE {
            return Err(truncated());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn places_in_order() {
        let search = Search::around(Some(Path::new("/opt/e/bin/efficientecg")), Some(Path::new("/home/x/data")));
        let expected = ["/opt/e/bin", "/opt/e/lib/efficientecg", "/home/x/data/onnxruntime"];
        assert_eq!(search.candidates, expected.map(|folder| Path::new(folder).join(FILE_NAME)));
        let test_binary = Search::around(Some(Path::new("/t/debug/deps/x-123")), None);
        assert_eq!(test_binary.candidates[1], Path::new("/t/debug").join(FILE_NAME));
    }

    #[test]
    fn old_versions_are_refused() {
        assert!(check_version("1.24.4").is_ok());
        assert!(check_version("1.31.1").is_ok());
        assert!(check_version("1.23.2").unwrap_err().contains("too old"));
        for strange in ["2.0.0", "", "abc", "1.x"] {
            assert!(check_version(strange).is_err(), "{strange}");
        }
    }

    #[test]
    fn damaged_files_are_never_loaded() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join(FILE_NAME);
        for content in [&b""[..], b"\x7fELF", b"not a library", &[0u8; 4096]] {
            std::fs::write(&path, content)?;
            assert!(probe(&path).is_err());
        }
        assert!(probe(&folder.path().join("missing")).is_err());
        Ok(())
    }

    /// Cuts this test's own binary (a whole ELF file of kind "shared", as position-independent programs are) at many places, and empties
    /// its end.
    #[test]
    #[cfg(all(target_os = "linux", target_pointer_width = "64", target_endian = "little"))]
    fn a_truncated_library_is_seen_as_such() -> std::io::Result<()> {
        let bytes = std::fs::read(env::current_exe()?)?;
        let check = |bytes: &[u8]| check_elf(&mut Cursor::new(bytes), bytes.len() as u64);
        assert_eq!(check(&bytes), Ok(()));
        for cut in [0, 1, 63, 64, 4096, bytes.len() / 2, bytes.len() - 64] {
            assert!(check(&bytes[..cut]).is_err(), "{cut} of {}", bytes.len());
        }
        let mut hole = bytes;
        let middle = hole.len() / 2;
        hole[middle..].fill(0);
        assert!(check(&hole).is_err());
        Ok(())
    }

    #[test]
    fn a_file_is_held_against_the_sum_recorded_beside_it() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join(FILE_NAME);
        fs::write(&path, "abc")?;
        assert_eq!(check_sum(&path), Ok(()), "nothing is recorded");
        let record = folder.path().join(format!("{FILE_NAME}.sha256"));
        fs::write(&record, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  library\n")?;
        assert_eq!(check_sum(&path), Ok(()));
        for (library, sum) in [("abd", None), ("abc", Some("")), ("abc", Some("0000"))] {
            fs::write(&path, library)?;
            if let Some(sum) = sum {
                fs::write(&record, sum)?;
            }
            assert!(check_sum(&path).is_err());
        }
        Ok(())
    }

    /// A library of the system that is whole but something else.
    #[test]
    #[cfg(target_os = "linux")]
    fn another_library_is_not_taken_for_onnx_runtime() {
        let Some(path) = ["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6"]
            .iter()
            .map(Path::new)
            .find(|path| path.exists())
        else {
            println!("skipped: no libm.so.6 in the usual places");
            return;
        };
        assert!(probe(path).err().is_some_and(|reason| reason.contains("not ONNX Runtime")));
    }

    proptest::proptest! {
        #[test]
        fn any_header_is_judged_without_panic(mut bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), length: u64) {
            let _ = check_elf(&mut Cursor::new(&bytes), length);
            for (target, magic) in bytes.iter_mut().zip(*b"\x7fELF\x02\x01") {
                *target = magic;
            }
            if let Some(kind) = bytes.get_mut(16..18) {
                kind.copy_from_slice(&[3, 0]);
            }
            let _ = check_elf(&mut Cursor::new(&bytes), length);
        }
    }
}
