//! WFDB records whole: header, signal files in every format of fixed width and in format 8, annotations, segments.
#![no_main]

use efficientecg_fuzz::{PARTS, open, parts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let files = PARTS.into_iter().map(str::to_owned).zip(parts(data).into_iter().map(Into::into)).collect();
    open("r.hea", files);
});
