//! WFDB annotation files, MIT and AHA. What was read and can be written is read again alike.
#![no_main]

use efficientecg_fuzz::{
    formats::wfdb::annotation::{encode, parse},
    recording::{Annotation, SampleIndex},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(file) = parse(data) else { return };
    let annotations: Vec<Annotation> = file
        .annotations
        .iter()
        .map(|stored| Annotation {
            at: SampleIndex(stored.time.max(0) as u64),
            duration: None,
            mnemonic: stored.mnemonic.clone(),
            subtype: stored.subtype,
            chan: stored.chan,
            num: stored.num,
            text: stored.aux.clone(),
        })
        .collect();
    // Notes at the very beginning would be about the file. What is out of order, has a label of its own or a text that grew in UTF-8 is refused.
    if annotations.first().is_some_and(|first| first.at.0 == 0) {
        return;
    }
    let Ok(bytes) = encode(&annotations) else { return };
    let again = parse(&bytes).expect("what was written is read");
    assert_eq!(again.annotations.len(), annotations.len());
    for (read, written) in again.annotations.iter().zip(&annotations) {
        assert_eq!((read.time, &read.mnemonic), (written.at.0 as i64, &written.mnemonic));
        assert_eq!((read.subtype, read.chan, read.num), (written.subtype, written.chan, written.num));
        assert_eq!(read.aux, written.text);
    }
});
