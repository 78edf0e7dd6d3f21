//! WFDB headers.
#![no_main]

use efficientecg_fuzz::formats::wfdb::{header, looks_like_header};
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|data: &[u8]| {
    looks_like_header(data);
    if let Ok(header) = header::parse(Path::new("r.hea"), data) {
        assert!(header.frame_rate.is_finite() && header.frame_rate > 0.0);
        assert!(header.signals.iter().all(|signal| signal.gain != Some(0.0) && signal.baseline.is_finite()));
    }
});
