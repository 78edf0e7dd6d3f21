//! WFDB annotation files in AHA format. Source: annot(5), and ecgmap.h for the codes.
//!
//! Every annotation takes 16 bytes: a zero, the AHA code, the time in samples (high word first, each word little-endian), a serial number, the MIT
//! subtype, the MIT code, and six bytes of text.

use super::annotation::{AnnotationFile, MOST_ANNOTATIONS, StoredAnnotation, mnemonic};
use std::collections::BTreeMap;

/// Bytes of one annotation.
const SIZE: usize = 16;
/// First byte of what stands after the last annotation, up to the end of the file.
const END: u8 = 0xff;

/// MIT code of an AHA code; `None` for letters that are none.
fn mit_code(aha: u8) -> Option<u8> {
    Some(match aha {
        b'N' => 1,
        b'V' => 5,
        b'F' => 6,
        b'E' => 10,
        b'P' => 12,
        b'Q' => 13,
        b'U' => 14,
        b'O' => 22,
        b'[' => 32,
        b']' => 33,
        b'R' => 41,
        _ => return None,
    })
}

/// Whether a file is in AHA format: it begins with a zero, an AHA code and, after the time, the serial number 1. An MIT file may begin with the
/// first two (a `T` at sample 512), but not with all three.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    begins_alike(bytes) && bytes.len() >= SIZE && bytes.get(6..8) == Some(&[1, 0])
}

/// Whether a file begins with a zero and an AHA code, by which alone the WFDB library tells.
pub(super) fn begins_alike(bytes: &[u8]) -> bool {
    matches!(bytes, [0, code, ..] if !matches!(code, b'[' | b']') && mit_code(*code).is_some())
}

/// Reads the annotations.
///
/// # Errors
/// A sentence that says why the bytes are no AHA annotation file.
pub(super) fn parse(bytes: &[u8]) -> Result<AnnotationFile, String> {
    let mut file = AnnotationFile { truncated: true, ..AnnotationFile::default() };
    let mut last = 0;
    let usual = BTreeMap::new();
    for entry in bytes.chunks(SIZE) {
        let [mark, code, a, b, c, d, low, high, subtype, _, aux @ ..] = entry else { break };
        if entry.len() < SIZE && *mark != END {
            break;
        }
        if *mark == END {
            file.truncated = false;
            break;
        }
        // They are numbered from 1, and from 0 again after 65,535.
        let in_order = u16::from_le_bytes([*low, *high]) == (file.annotations.len() + 1) as u16;
        if file.annotations.len() >= MOST_ANNOTATIONS {
            return Err(format!("more than {MOST_ANNOTATIONS} annotations"));
        }
        let time = i64::from(i32::from_le_bytes([*c, *d, *a, *b]));
        let (Some(mit), 0, true) = (mit_code(*code), *mark, in_order && time >= last) else {
            return Err(format!("annotation {} is no AHA annotation", file.annotations.len()));
        };
        last = time;
        // A stretch that cannot be read, which MIT files tell by this subtype.
        let subtype = if *code == b'U' && *subtype == 0 { -1 } else { *subtype as i8 };
        let text: Vec<u8> = aux.iter().copied().take_while(|byte| *byte != 0).collect();
        file.annotations.push(StoredAnnotation {
            time,
            code: mit,
            mnemonic: mnemonic(mit, &usual),
            subtype,
            chan: 0,
            num: 0,
            aux: text.into_iter().map(char::from).collect(),
        });
    }
    // Files that end after a whole annotation are complete too: padding is an older habit.
    file.truncated &= !bytes.len().is_multiple_of(SIZE);
    // A single one might be an MIT file by chance.
    if file.annotations.len() < 2 {
        return Err("one annotation is no AHA file for certain".into());
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::super::annotation::{encode, parse};

    fn entry(number: u8, code: u8, time: u32, subtype: u8, text: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, code];
        bytes.extend(((time >> 16) as u16).to_le_bytes());
        bytes.extend((time as u16).to_le_bytes());
        bytes.extend([number, 0, subtype, 0]);
        bytes.extend(text);
        bytes.resize(16, 0);
        bytes
    }

    #[test]
    fn codes_times_and_texts_are_read() {
        let mut bytes = [
            entry(1, b'N', 77, 0, b""),
            entry(2, b'V', 0x1_0203, 0, b"abcdef"),
            entry(3, b'U', 70_000, 0, b"x"),
            entry(4, b'[', 70_001, 0, b""),
            entry(5, b']', 70_002, 3, b""),
        ]
        .concat();
        bytes.extend([0xff; 40]);
        let file = parse(&bytes).unwrap();
        assert!(!file.truncated);
        let read: Vec<_> = file.annotations.iter().map(|a| (a.time, a.mnemonic.as_str(), a.subtype, a.aux.as_str())).collect();
        assert_eq!(
            read,
            [(77, "N", 0, ""), (0x1_0203, "V", 0, "abcdef"), (70_000, "~", -1, "x"), (70_001, "[", 0, ""), (70_002, "]", 3, "")]
        );
    }

    /// What fuzzing found: a `T` at sample 512 begins with a zero and an N.
    #[test]
    fn an_mit_file_may_begin_alike() {
        let mut bytes = vec![0, b'N'];
        bytes.extend([1, 1 << 2].repeat(15));
        bytes.extend([0, 0]);
        let read = parse(&bytes).unwrap();
        assert_eq!((read.annotations.len(), read.annotations[0].mnemonic.as_str(), read.annotations[0].time), (16, "T", 512));
        // Written, it does not.
        let mut annotation = crate::recording::Annotation {
            at: crate::recording::SampleIndex(512),
            duration: None,
            mnemonic: crate::recording::Mnemonic("T".into()),
            subtype: 0,
            chan: 0,
            num: 0,
            text: String::new(),
        };
        let written = encode(&[annotation.clone()]).unwrap();
        assert!(!super::begins_alike(&written));
        assert_eq!(parse(&written).unwrap().annotations[0].time, 512);
        annotation.at.0 = 511;
        assert_eq!(encode(&[annotation]).unwrap().len(), 4, "nothing else is put in front");
    }

    #[test]
    fn cut_and_foreign_files_are_told() {
        let whole = [entry(1, b'N', 1, 0, b""), entry(2, b'F', 2, 0, b""), entry(3, b'V', 3, 0, b"")].concat();
        assert!(!parse(&whole).unwrap().truncated);
        for length in 33..48 {
            let cut = parse(&whole[..length]).unwrap();
            assert!(cut.truncated && cut.annotations.len() == 2, "{length}");
        }
        let mut foreign = whole;
        foreign[17] = b'z';
        assert!(super::parse(&foreign).is_err());
    }
}
