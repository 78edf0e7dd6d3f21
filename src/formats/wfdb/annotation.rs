//! WFDB annotation files in MIT format. Source: annot(5).

use super::aha;
use crate::recording::{Annotation, Mnemonic};
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

/// Annotations of one record that are read at most: far above any record, low enough that a file made to exhaust memory does not.
pub(super) const MOST_ANNOTATIONS: usize = 1 << 22;

/// Code of a note, `"`.
pub(in crate::formats) const NOTE: u8 = 22;

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
    /// Texts of the notes at time 0 that stand before everything else and declare nothing: they are about the file (the program that wrote it,
    /// mostly), as `wfdb-python` sees it too.
    pub notes: Vec<String>,
    /// The annotations, in the file's order, without the notes that are about the file.
    pub annotations: Vec<StoredAnnotation>,
    /// Codes the file gives a mnemonic of its own.
    pub own_labels: BTreeMap<u8, String>,
    /// The file ends without the end mark: annotations may be lost.
    pub truncated: bool,
}

/// Reads an annotation file, in MIT or AHA format.
///
/// # Errors
/// A sentence that says why the bytes are no annotation file.
pub fn parse(bytes: &[u8]) -> Result<AnnotationFile, String> {
    if aha::looks_like(bytes)
        && let Ok(file) = aha::parse(bytes)
    {
        return Ok(file);
    }
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
                // The upper bits mean nothing, as in the WFDB library.
                let Some(text) = words.bytes(usize::from(interval & 0xff)) else { break };
                let text = text_of(text);
                let last = file.annotations.last_mut().ok_or("a text stands before the first annotation")?;
                if last.code == NOTE
                    && last.time == 0
                    && declaration(&text, &mut in_table, &mut file.resolution, &mut file.own_labels)
                {
                    file.annotations.pop();
                    continue;
                }
                if let Some(last) = file.annotations.last_mut() {
                    last.aux = text;
                }
            }
            // Not an annotation: it only moves the time (WFDB's NOTQRS).
            0 => time = time.saturating_add(i64::from(interval)),
            1..=49 if file.annotations.len() >= MOST_ANNOTATIONS => {
                return Err(format!("more than {MOST_ANNOTATIONS} annotations"));
            }
            1..=49 => {
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
    let leading = file.annotations.iter().take_while(|a| a.code == NOTE && a.time == 0).count();
    file.notes = file.annotations.drain(..leading).map(|note| note.aux).collect();
    for annotation in &mut file.annotations {
        annotation.mnemonic = mnemonic(annotation.code, &file.own_labels);
    }
    Ok(file)
}

pub(super) fn mnemonic(code: u8, own: &BTreeMap<u8, String>) -> Mnemonic {
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
    u8::try_from(found).ok().filter(|code| *code > 0)
}

/// Writes annotations in MIT format, ending with the end mark.
///
/// # Errors
/// A sentence naming the first annotation that has no code, stands out of time order or whose text is longer than 255 bytes.
pub fn encode(annotations: &[Annotation]) -> Result<Vec<u8>, String> {
    let codes: Vec<u8> = annotations
        .iter()
        .map(|a| code_of(&a.mnemonic).ok_or_else(|| format!("`{}` has no code in WFDB's table", a.mnemonic)))
        .collect::<Result<_, _>>()?;
    encode_codes(codes.into_iter().zip(annotations))
}

/// As [`encode`], with each annotation under the code given with it, whatever its mnemonic.
pub(in crate::formats) fn encode_codes<'a>(entries: impl IntoIterator<Item = (u8, &'a Annotation)>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut put = |word: u16| bytes.extend_from_slice(&word.to_le_bytes());
    let mut time = 0u64;
    let (mut chan, mut num) = (0u8, 0i8);
    for (code, annotation) in entries {
        let at = annotation.at.0;
        let mut interval = at.checked_sub(time).ok_or_else(|| format!("the annotation at sample {at} is out of time order"))?;
        time = at;
        while interval > 0x3ff {
            let skip = interval.min(i32::MAX as u64) as u32;
            put(SKIP << 10);
            put((skip >> 16) as u16);
            put(skip as u16);
            interval -= u64::from(skip);
        }
        put(u16::from(code) << 10 | interval as u16);
        if annotation.subtype != 0 {
            put(SUB << 10 | u16::from(annotation.subtype as u8));
        }
        if annotation.chan != chan {
            chan = annotation.chan;
            put(CHN << 10 | u16::from(chan));
        }
        if annotation.num != num {
            num = annotation.num;
            put(NUM << 10 | u16::from(num as u8));
        }
        if !annotation.text.is_empty() {
            let length = u16::try_from(annotation.text.len()).ok().filter(|length| *length <= 255);
            let length = length.ok_or_else(|| format!("the text at sample {at} is longer than 255 bytes"))?;
            put(AUX << 10 | length);
            let mut text = annotation.text.as_bytes().iter().copied();
            while let Some(low) = text.next() {
                put(u16::from_le_bytes([low, text.next().unwrap_or(0)]));
            }
        }
    }
    put(0);
    if aha::begins_alike(&bytes) {
        // A skip by nothing in front: else readers would take it for an AHA file.
        bytes.splice(0..0, [SKIP << 10, 0, 0].into_iter().flat_map(u16::to_le_bytes));
    }
    Ok(bytes)
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
        for code in 1..=49 {
            let name = mnemonic(code, &BTreeMap::new());
            assert_eq!(code_of(&name), Some(code), "{name}");
        }
        assert_eq!(code_of(&Mnemonic("own".into())), None);
    }

    proptest! {
        #[test]
        fn annotations_round_trip(
            entries in prop::collection::vec((0u64..5_000_000_000, 1u8..50, any::<i8>(), any::<u8>(), any::<i8>(), "[ -~é]{0,40}"), 0..40)
        ) {
            // A note at time 0 would be about the file.
            let mut time = 1;
            let written: Vec<Annotation> = entries
                .into_iter()
                .map(|(interval, code, subtype, chan, num, text)| {
                    time += interval;
                    let at = crate::recording::SampleIndex(time);
                    Annotation { at, duration: None, mnemonic: mnemonic(code, &BTreeMap::new()), subtype, chan, num, text }
                })
                .collect();
            let file = parse(&encode(&written).unwrap()).unwrap();
            prop_assert!(!file.truncated);
            prop_assert_eq!(file.annotations.len(), written.len());
            for (read, written) in file.annotations.iter().zip(&written) {
                prop_assert_eq!(read.time as u64, written.at.0);
                prop_assert_eq!(&read.mnemonic, &written.mnemonic);
                prop_assert_eq!((read.subtype, read.chan, read.num), (written.subtype, written.chan, written.num));
                prop_assert_eq!(&read.aux, &written.text);
            }
        }

        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&bytes);
        }
    }
}
