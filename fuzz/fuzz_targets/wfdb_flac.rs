//! FLAC signal files: the header fits whatever the stream says of itself.
#![no_main]

use efficientecg_fuzz::{Files, open};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some([high, low]) = data.get(20..22).and_then(|bytes| bytes.first_chunk()) else { return };
    let channels = (high >> 1 & 7) + 1;
    let bits = u16::from((high & 1) << 4 | low >> 4) + 1;
    let mut header = format!("r {channels} 500\n");
    for _ in 0..channels {
        header.push_str(&format!("r.dat {} 200 16 0 0 0 0 II\n", 500 + bits));
    }
    open("r.hea", Files::from([("r.hea".to_owned(), header.into_bytes().into()), ("r.dat".to_owned(), data.into())]));
});
