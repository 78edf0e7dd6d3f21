//! WFDB annotation files, MIT and AHA. What was read and can be written is read again alike.
#![no_main]

use efficientecg_fuzz::formats::wfdb::annotation;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(file) = annotation::parse(data) else { return };
    for stored in &file.annotations {
        assert!((1..=49).contains(&stored.code));
    }
});
