//! EDF, EDF+, BDF and BDF+ files as they come.
#![no_main]

use efficientecg_fuzz::{Files, open};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    open("x.edf", Files::from([("x.edf".to_owned(), data.into())]));
});
