//! WFDB annotation files in MIT format. Source: annot(5).

use crate::recording::Mnemonic;
use std::collections::BTreeMap;

/// Mnemonics of the annotation codes 0-41; codes without one are shown as `[code]`, as WFDB does.
const MNEMONICS: [&str; 42] = [
    " ", "N", "L", "R", "a", "V", "F", "J", "A", "S", "E", "j", "/", "Q", "~", "", "|", "", "s", "T", "*", "D", "\"", "=", "p",
    "B", "^", "t", "+", "u", "?", "!", "[", "]", "e", "n", "@", "x", "f", "(", ")", "r",
];

/// Codes that carry something for the annotation before them.
const SKIP: u16 = 59;
const NUM: u16 = 60;
const SUB: u16 = 61;
const CHN: u16 = 62;
const AUX: u16 = 63;

/// One annotation as stored, its time in the file's own ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAnnotation {
    /// Ticks from the record's start: samples of the frame rate unless the file declares a resolution.
    pub time: i64,
    /// Annotation code.
    pub code: u8,
    /// Mnemonic of the code, from the file's own table where it has one.
    pub mnemonic: Mnemonic,
    /// Subtype.
    pub subtype: i8,
    /// Signal number.
    pub chan: u8,
    /// Number field.
    pub num: i8,
    /// Text, without trailing NULs.
    pub aux: String,
}

/// A parsed annotation file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnnotationFile {
    /// Ticks per second that the file declares (`## time resolution:`); `None`: the record's frame rate.
    pub resolution: Option<f64>,
    /// The annotations, in the file's order; notes that only declare tables or resolutions are left out.
    pub annotations: Vec<StoredAnnotation>,
    /// Codes the file gives a mnemonic of its own.
    pub own_labels: BTreeMap<u8, String>,
    /// The file ends without the end mark: annotations may be lost.
    pub truncated: bool,
}

/// Reads an annotation file.
///
/// # Errors
/// A sentence that says why the bytes are no MIT-format annotation file.
pub fn parse(bytes: &[u8]) -> Result<AnnotationFile, String> {
    let mut words = Words { bytes, at: 0 };
    let mut file = AnnotationFile { truncated: true, ..AnnotationFile::default() };
    let mut time = 0i64;
    let (mut chan, mut num) = (0u8, 0i8);
    let mut in_table = false;
    while let Some(word) = words.next() {
        let (code, interval) = (word >> 10, word & 0x3ff);
        match code {
            0 if interval == 0 => {
                file.truncated = false;
                break;
            }
            SKIP => {
                // Two 16-bit words, the high one first (PDP-11 order).
                let (Some(high), Some(low)) = (words.next(), words.next()) else { break };
                let skip = (u32::from(high) << 16 | u32::from(low)) as i32;
                time = time.saturating_add(i64::from(skip));
            }
            NUM | SUB | CHN => {
                let last = file.annotations.last_mut().ok_or("a modifier stands before the first annotation")?;
                let value = (interval & 0xff) as u8;
                match code {
                    NUM => (num, last.num) = (value as i8, value as i8),
                    CHN => (chan, last.chan) = (value, value),
                    _ => last.subtype = value as i8,
                }
            }
            AUX => {
                let Some(text) = words.bytes(usize::from(interval)) else { break };
                let text = text_of(text);
                let last = file.annotations.last_mut().ok_or("a text stands before the first annotation")?;
                if last.code == 22 && last.time == 0 && (in_table || text.starts_with("## ")) {
                    if declaration(&text, &mut in_table, &mut file.resolution, &mut file.own_labels) {
                        file.annotations.pop();
                        continue;
                    }
                }
                if let Some(last) = file.annotations.last_mut() {
                    last.aux = text;
                }
            }
            1..=49 | 0 => {
                time = time.saturating_add(i64::from(interval));
                file.annotations.push(StoredAnnotation {
                    time,
                    code: code as u8,
                    mnemonic: Mnemonic(String::new()),
                    subtype: 0,
                    chan,
                    num,
                    aux: String::new(),
                });
            }
            _ => return Err(format!("annotation code {code} does not exist")),
        }
    }
    if file.truncated && !bytes.iter().any(|b| *b < 9) {
        return Err("the file is text".into());
    }
    for annotation in &mut file.annotations {
        annotation.mnemonic = mnemonic(annotation.code, &file.own_labels);
    }
    Ok(file)
}

fn mnemonic(code: u8, own: &BTreeMap<u8, String>) -> Mnemonic {
    let usual = MNEMONICS.get(usize::from(code)).copied().unwrap_or("");
    Mnemonic(match own.get(&code) {
        Some(label) => label.clone(),
        None if usual.is_empty() => format!("[{code}]"),
        None => usual.to_owned(),
    })
}

/// The code of a mnemonic in WFDB's own table.
pub(in crate::formats) fn code_of(mnemonic: &Mnemonic) -> Option<u8> {
    let text = mnemonic.as_str();
    if let Some(code) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return code.parse().ok().filter(|code| (1..=49).contains(code));
    }
    let found = MNEMONICS.iter().position(|usual| !usual.is_empty() && *usual == text)?;
    u8::try_from(found).ok()
}

/// Notes at time 0 that declare something of the file itself. Returns whether `text` was one.
fn declaration(text: &str, in_table: &mut bool, resolution: &mut Option<f64>, labels: &mut BTreeMap<u8, String>) -> bool {
    if let Some(value) = text.strip_prefix("## time resolution:") {
        *resolution = value.trim().parse::<f64>().ok().filter(|r| r.is_finite() && *r > 0.0).or(*resolution);
        return true;
    }
    match text.trim() {
        "## annotation type definitions" => *in_table = true,
        "## end of definitions" => *in_table = false,
        entry if *in_table => {
            // `code mnemonic description`.
            let mut fields = entry.split_ascii_whitespace();
            if let (Some(Ok(code)), Some(label)) = (fields.next().map(str::parse::<u8>), fields.next()) {
                labels.insert(code, label.to_owned());
            }
        }
        _ => return false,
    }
    true
}

fn text_of(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    let bytes = bytes.get(..end).unwrap_or_default();
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|b| char::from(*b)).collect(), str::to_owned)
}

/// Little-endian 16-bit words.
struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<u16> {
        let word = self.bytes.get(self.at..self.at + 2)?;
        self.at += 2;
        word.try_into().ok().map(u16::from_le_bytes)
    }

    /// `count` bytes; a pad byte follows an odd count.
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let text = self.bytes.get(self.at..self.at + count)?;
        self.at += count + count % 2;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|w| w.to_le_bytes()).collect()
    }

    #[test]
    fn modifiers_belong_to_the_annotation_before_them() {
        let bytes = words(&[1 << 10 | 5, SUB << 10 | 2, CHN << 10 | 1, NUM << 10 | 9, 5 << 10 | 100, 0]);
        let file = parse(&bytes).unwrap();
        let [first, second] = file.annotations.as_slice() else { panic!() };
        assert_eq!((first.time, first.subtype, first.chan, first.num), (5, 2, 1, 9));
        // Signal and number last until changed, the subtype does not.
        assert_eq!((second.time, second.subtype, second.chan, second.num), (105, 0, 1, 9));
        assert_eq!((first.mnemonic.as_str(), second.mnemonic.as_str()), ("N", "V"));
        assert!(!file.truncated);
    }

    #[test]
    fn skips_add_up_beyond_32_bits() {
        let skip = [SKIP << 10, 0x7fff, 0xffff];
        let file = parse(&words(&[skip.as_slice(), &skip, &skip, &[1 << 10 | 1, 0]].concat())).unwrap();
        assert_eq!(file.annotations[0].time, 3 * i64::from(i32::MAX) + 1);
    }

    #[test]
    fn a_file_declares_its_resolution_and_labels_in_notes() {
        let mut bytes = Vec::new();
        for note in ["## time resolution: 1000", "## annotation type definitions", "42 xx own", "## end of definitions"] {
            bytes.extend(words(&[22 << 10, AUX << 10 | note.len() as u16]));
            bytes.extend(note.as_bytes());
            bytes.extend(std::iter::repeat_n(0, note.len() % 2));
        }
        bytes.extend(words(&[42 << 10 | 7, 43 << 10 | 1, 0]));
        let file = parse(&bytes).unwrap();
        assert_eq!(file.resolution, Some(1000.0));
        let names: Vec<_> = file.annotations.iter().map(|a| a.mnemonic.as_str()).collect();
        assert_eq!(names, ["xx", "[43]"]);
    }

    #[test]
    fn other_files_are_no_annotations() {
        assert!(parse(b"This is a text, not an annotation file").is_err());
        assert!(parse(&words(&[NUM << 10 | 1, 0])).is_err());
        assert!(parse(&words(&[1 << 10 | 5])).unwrap().truncated);
    }

    #[test]
    fn codes_and_mnemonics_are_inverse() {
        for code in 0..=49 {
            let name = mnemonic(code, &BTreeMap::new());
            assert_eq!(code_of(&name), Some(code), "{name}");
        }
        assert_eq!(code_of(&Mnemonic("own".into())), None);
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&bytes);
        }
    }
}
